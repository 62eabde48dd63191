"""Stalled deals, durations and incidence: counted by hand, on both engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.analytics.drill import deals_behind
from salestui.analytics.measures import kaplan_meier
from salestui.analytics.pipeline.board import board
from salestui.analytics.pipeline.opened import pipeline
from salestui.analytics.pipeline.stalled import stalled
from salestui.analytics.report import Beyond, Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.incidence import incidence
from salestui.analytics.stages.durations import durations
from salestui.analytics.stages.losses import losses
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.text import Period
from salestui.usecases import deals
from tests.analytics.book import STAGES, Book, Life, Move, make_book, on

ENQUIRY, DEMO, OFFER = STAGES


def run(store: Store, report: Callable[..., Report], by: str | None = None, **scope: Any) -> Report:
    return store.read(lambda reader: report(reader, ask(reader, **scope), by))


def lines(report: Report, *keys: str) -> list[tuple[Any, ...]]:
    return list(zip(*(report.cells(key) for key in keys), strict=True))


def won_after(days: int, count: int) -> list[Life]:
    return [Life([Move(0), Move(days, ENQUIRY, "won")]) for _ in range(count)]


@pytest.fixture
def book(store: Store) -> Book:
    # Today is day 76; a stage's limit is 14 days; the longest won deal took 30.
    made = make_book(store)
    made.add(
        *won_after(10, 18),
        *won_after(30, 1),
        Life([Move(20), Move(70, DEMO)], 500_00),  # 56 days old
        Life([Move(46), Move(70, DEMO)], 100_00, owner="Jonas"),  # as old as the longest
        Life([Move(60)], None, owner="Zofia"),  # 16 days in its stage
        Life([Move(None)], 40_00, "PLN"),
        Life([Move(1)], 70_00, pipeline="Service"),
    )
    return made


def test_what_stands_still_and_what_is_too_old(book: Book) -> None:
    report = run(book.store, stalled, pipeline="Sales")
    assert lines(report, "stage", "open", "stalled", "too_old", "either") == [
        (ENQUIRY, 2, 2, 0, 2), (DEMO, 2, 2, 1, 2),
    ]  # fmt: skip
    assert lines(report, "idle", "without_step", "overdue") == [(1, 2, 0), (0, 2, 0)]
    assert report.cells("sum_eur") == (Money(0, "EUR"), Money(600_00, "EUR"))
    assert report.cells("sum_pln") == (Money(40_00, "PLN"), Money(0, "PLN"))
    assert report.warnings == (
        "1 of 4 open deals is older than any deal ever won, which took 30 days: "
        "lose them, or say what has changed.",
        "1 open deal without a day created: of unknown age.",
        "No open deal has a next step, so all count as stalled: nothing is planned here yet.",
    )
    assert report.n == 4
    found = book.store.read(lambda r: deals_behind(r, ask(r), report.subjects[1]))
    assert [deal.amount_minor for deal in found.deals] == [500_00, 100_00]
    assert found.count == 2


def test_on_an_earlier_day_nobody_knows_what_was_planned(book: Book) -> None:
    report = run(book.store, stalled, "rep", pipeline="Sales", as_of=on(72))
    assert lines(report, "rep", "open", "stalled", "without_step", "too_old") == [
        ("Ona", 1, 0, None, 1), ("Jonas", 1, 0, None, 0), ("Zofia", 1, 0, None, 0),
    ]  # fmt: skip
    assert "not kept" in report.warnings[-1]


def test_few_won_deals_say_nothing_of_age(book: Book) -> None:
    everywhere = run(book.store, stalled)
    assert everywhere.cells("stage")[0] == "Sales: Enquiry"
    assert everywhere.totals["too_old"] == 1
    assert "Too few deals were won in 1 pipeline to say which are too old." in everywhere.warnings
    with pytest.raises(Refused, match="on one day"):
        run(book.store, stalled, period=Period(on(0), on(9), ".."))


@pytest.mark.parametrize(("days", "took"), [(0, "0 days"), (1, "1 day")])
def test_where_all_were_won_at_once_what_is_open_is_too_old(
    sqlite_store: Store, days: int, took: str
) -> None:
    make_book(sqlite_store).add(*won_after(days, 20), Life([Move(70)]))
    for by in (None, "rep", "client", "deal"):
        report = run(sqlite_store, stalled, by)
        said = f"1 of 1 open deal is older than any deal ever won, which took {took}:"
        assert any(text.startswith(said) for text in report.warnings), (by, report.warnings)


def test_the_deals_themselves_with_the_reasons(book: Book) -> None:
    report = run(book.store, stalled, "deal", owner="Ona")
    assert lines(report, "number", "age", "why", "sum_eur")[0] == (
        "20", 56, "too old (longest won 30 d), no next step", Money(500_00, "EUR"),
    )  # fmt: skip
    assert [len(behind.deal_ids) for behind in report.subjects] == [1] * len(report.rows)
    late = run(book.store, stalled, "deal", owner="Zofia")
    assert late.cells("why") == ("in stage 16 of 14 d, no next step",)


def test_the_largest_of_each_currency_stands_first(sqlite_store: Store) -> None:
    """Not 900 yen above 7 euros, because a yen has no cents: neither in the list nor behind a row."""
    sums = ((7_00, "EUR"), (900, "JPY"), (5_00, "EUR"), (600, "JPY"), (9_00, "EUR"))
    made = make_book(sqlite_store)
    made.add(*(Life([Move(1)], amount, currency) for amount, currency in sums))
    report = run(sqlite_store, stalled, "deal")
    assert lines(report, "sum_eur", "sum_jpy") == [
        (Money(9_00, "EUR"), None), (Money(7_00, "EUR"), None), (Money(5_00, "EUR"), None),
        (None, Money(900, "JPY")), (None, Money(600, "JPY")),
    ]  # fmt: skip
    for shown in (run(sqlite_store, stalled), run(sqlite_store, pipeline)):
        (behind,) = shown.subjects
        found = sqlite_store.read(lambda r, behind=behind: deals_behind(r, ask(r), behind))
        assert [each.amount_minor for each in found.deals] == [9_00, 7_00, 5_00, 900, 600]


@pytest.mark.demo
def test_stalled_is_what_the_board_calls_so(store: Store) -> None:
    expected = store.read(lambda r: r.value("SELECT min(id) FROM deal WHERE outcome = 'open'"))
    store.write(deals.edit_deal, deal_id=expected, expected_close_on=date(2026, 1, 1))
    for name in ("Projects", "Orders"):
        sales = run(store, stalled, pipeline=name)
        shown = run(store, board, pipeline=name)
        known = dict(lines(shown, "stage", "stalled"))
        for stage, count in lines(sales, "stage", "stalled"):
            assert known[stage] >= count  # the board shows won deals that are being delivered too
            if stage not in ("Delivery", "Installation", "Training"):
                assert known[stage] == count
    assert run(store, stalled, "rep").totals == run(store, stalled).totals
    assert run(store, stalled, "deal").n == run(store, stalled).n


def test_durations_count_those_still_there(store: Store) -> None:
    book = make_book(store)
    book.add(Life([Move(0), Move(3, DEMO)]), Life([Move(10)]), Life([Move(20)]), Life([Move(None)]))
    report = run(store, durations, pipeline="Sales")
    assert lines(report, "stage", "entered", "left", "staying")[0] == (ENQUIRY, 4, 1, 2)
    # One of three left after 3 days, the others are there for 56 and 66.
    assert lines(report, "p25_days", "median_days", "p75_days")[0] == (3, Beyond(66), Beyond(66))
    assert lines(report, "mean_within_90", "mean_of_left")[0] == (None, 3)
    assert report.n == 4
    assert report.warnings[-1] == "1 passage without a known day of entering or leaving: not timed."
    assert run(store, durations, "rep").cells("rep") == ("Ona", "Ona")
    assert run(store, durations, as_of=on(2), pipeline="Sales").cells("left")[0] == 0


def test_losses_say_of_how_many_that_entered(store: Store) -> None:
    book = make_book(store)
    lost = [Move(0), Move(4, ENQUIRY, "lost", "Price")]
    book.add(
        Life(lost),
        Life([Move(0), Move(4, ENQUIRY, "lost")]),
        Life([Move(0), Move(2, DEMO)]),
        *(Life([Move(75)]) for _ in range(4)),  # seen for a day only
    )
    report = run(store, losses, pipeline="Sales")
    # One of seven left for Demo while two were left of three after two days: 2/3 of the rest is lost.
    assert lines(report, "stage", "reason", "count", "of_entered") == [
        (ENQUIRY, "Price", 1, pytest.approx(1 / 3)), (ENQUIRY, "not said", 1, pytest.approx(1 / 3)),
    ]  # fmt: skip
    assert "of_entered" not in [column.key for column in run(store, losses, "rep").columns]


def test_of_entered_each_reason_has_what_was_lost_for_it(store: Store) -> None:
    """Of three that entered Demo in the week one is lost, for Timing; what Price took was there before."""
    week = Period(on(60), on(66), "week")
    book = make_book(store)
    book.add(
        Life([Move(0), Move(30, DEMO), Move(62, DEMO, "lost", "Price")]),
        Life([Move(0), Move(60, DEMO), Move(64, DEMO, "lost", "Timing")]),
        *(Life([Move(0), Move(60, DEMO), Move(64, OFFER)]) for _ in range(2)),
    )
    report = run(store, losses, pipeline="Sales", period=week)
    assert lines(report, "stage", "reason", "count", "of_entered", "entered") == [
        (DEMO, "Price", 1, 0, 3), (DEMO, "Timing", 1, pytest.approx(1 / 3), 3),
    ]  # fmt: skip
    assert report.warnings == ()


def test_every_stage_without_a_share_of_entered_says_why(store: Store) -> None:
    """Into Enquiry nobody came in the week; into Demo two who are still there."""
    week = Period(on(60), on(66), "week")
    book = make_book(store)
    book.add(
        Life([Move(0), Move(62, ENQUIRY, "lost", "Price")]),
        Life([Move(0), Move(20, DEMO), Move(62, DEMO, "lost", "Price")]),
        *(Life([Move(0), Move(60, DEMO)]) for _ in range(2)),
    )
    report = run(store, losses, pipeline="Sales", period=week)
    assert lines(report, "stage", "of_entered", "entered") == [(ENQUIRY, None, 0), (DEMO, None, 2)]
    assert report.warnings == (
        "No share of entered where none entered in the period: Enquiry.",
        "No share of entered where none of those that entered in the period has left on a known day: "
        "Demo (2).",
    )


def test_the_restricted_mean_is_the_area_below_the_curve() -> None:
    curve = kaplan_meier({2: 1, 50: 1}, {120: 2})
    assert curve.mean_within(90) == pytest.approx((2 + 50 + 90 + 90) / 4)
    assert curve.mean_within(1) == 1
    assert kaplan_meier({2: 1, 50: 1}, {}).mean_within(90) == 26
    assert kaplan_meier({2: 1}, {50: 1}).mean_within(90) is None
    assert kaplan_meier({}, {}).mean_within(90) is None


def test_ends_of_each_kind_by_age() -> None:
    # Ten: two won on day 1, one lost on day 2, three seen for two days only, then one more won.
    found = incidence([{1: 2, 5: 1}, {2: 1}], {2: 3, 9: 3})
    assert found.days == (1, 2, 5)
    assert found.shares[0] == pytest.approx((0.2, 0.2, 0.2 + 0.7 / 4))
    assert found.at_last(1) == pytest.approx(0.8 / 8)
    assert (found.by(0, 0), found.by(4, 0)) == (0, pytest.approx(0.2))
    assert incidence([{}, {}], {}).at_last(0) == 0
    late = incidence([{30: 1}], {40: 1}, {20: 2})
    assert late.at_last(0) == pytest.approx(0.5)


@given(st.integers(0, 10**6))
def test_ends_add_up_to_what_has_not_survived(seed: int) -> None:
    random = Random(seed)
    ending = [Counter(random.randint(0, 30) for _ in range(random.randint(0, 9))) for _ in range(3)]
    staying = Counter(random.randint(0, 40) for _ in range(random.randint(0, 9)))
    found = incidence(ending, staying)
    curve = kaplan_meier(sum(ending, Counter()), staying)
    assert found.days == curve.days
    for i, surviving in enumerate(curve.surviving):
        assert sum(shares[i] for shares in found.shares) == pytest.approx(1 - surviving)
    if not staying:
        total = sum(each.total() for each in ending)
        for cause, each in enumerate(ending):
            assert found.at_last(cause) == pytest.approx(each.total() / total if total else 0)
