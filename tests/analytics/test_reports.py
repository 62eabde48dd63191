"""Each report on a store small enough to count by hand, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from salestui.analytics.pipeline.board import board
from salestui.analytics.report import Beyond, Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.activity import activity
from salestui.analytics.selling.winning import win_rate
from salestui.analytics.stages.conversion import conversion
from salestui.analytics.stages.funnel import funnel
from salestui.analytics.stages.losses import losses
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.text import Period
from tests.analytics.book import Book, Life, Move, make_book, on

# The clock of the tests stands at 18 March 2026, day 76 of the book.
JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31), "2026-01")
ENQUIRY, DEMO, OFFER = "Enquiry", "Demo", "Offer"

LIVES = (
    # Won on day 20 after every stage.
    Life(
        [Move(0), Move(5, DEMO), Move(15, OFFER), Move(20, OFFER, "won")], 1000_00, product="Pump"
    ),
    # Skips Demo, lost at Offer for its price.
    Life(
        [Move(2), Move(10, OFFER), Move(30, OFFER, "lost", "Price", "Rival")],
        400_00,
        owner="Jonas",
        product="Valve",
        client="Acme",
    ),
    # Lost at once, no reason given.
    Life([Move(3), Move(8, ENQUIRY, "lost")], 200_00, owner="Zofia"),
    # Comes back from Demo and is still open.
    Life([Move(4), Move(6, DEMO), Move(9, ENQUIRY)], 300_00),
    # Postponed at Demo, in złoty.
    Life([Move(35), Move(40, DEMO), Move(50, DEMO, "postponed")], 800_00, "PLN", owner=None),
    # Nobody knows when; no amount.
    Life([Move(None)], None, owner="Jonas"),
    # The other pipeline.
    Life([Move(1), Move(7, OFFER), Move(17, OFFER, "won")], 50_00, pipeline="Service"),
)


@pytest.fixture
def book(store: Store) -> Book:
    made = make_book(store)
    made.add(*LIVES)
    return made


def run(book: Book, report: Callable[..., Report], by: str | None = None, **scope: Any) -> Report:
    return book.store.read(lambda reader: report(reader, ask(reader, **scope), by))


def lines(report: Report, *keys: str) -> list[tuple[Any, ...]]:
    return list(zip(*(report.cells(key) for key in keys), strict=True))


def test_the_funnel_counts_who_reached_each_stage(book: Book) -> None:
    report = run(book, funnel, pipeline="Sales", period=JANUARY)
    assert lines(report, "stage", "count", "of_previous", "of_first", "sum") == [
        (ENQUIRY, 4, None, 1, Money(1900_00, "EUR")),
        (DEMO, 3, 3 / 4, 3 / 4, Money(1700_00, "EUR")),
        (OFFER, 2, 2 / 3, 2 / 4, Money(1400_00, "EUR")),
        ("Won", 1, 1 / 2, 1 / 4, Money(1000_00, "EUR")),
    ]
    assert report.totals["won_sum"] == Money(1000_00, "EUR")
    assert report.n == 4
    assert report.warnings == ()


def test_undated_deals_count_only_without_a_period_and_are_named(book: Book) -> None:
    report = run(book, funnel, pipeline="Sales")
    assert report.cells("count") == (6, 4, 2, 1)
    assert report.warnings == ("1 deal without a day created counted, because no period is set.",)
    assert run(book, funnel, pipeline="Sales", period=Period(None, on(400), "..")).n == 5


def test_currencies_stand_beside_each_other_and_are_never_added(book: Book) -> None:
    report = run(book, funnel, pipeline="Sales")
    keys = [column.key for column in report.columns if column.kind == "money"]
    assert keys == ["sum_eur", "sum_pln"]
    assert lines(report, "sum_eur", "sum_pln")[1] == (Money(1700_00, "EUR"), Money(800_00, "PLN"))


def test_without_a_pipeline_each_has_its_own_funnel(book: Book) -> None:
    report = run(book, funnel)
    counted = {row[:2]: row[2] for row in lines(report, "pipeline", "stage", "count")}
    assert counted["Service", "Won"] == 1
    assert counted["Service", DEMO] == 1
    assert counted["Sales", "Won"] == 1


def test_a_won_deal_reached_every_stage_before_the_sale(store: Store) -> None:
    book = make_book(store, after_sale=True)
    book.add(
        Life([Move(0), Move(9, "Delivery", "won")]),
        Life([Move(1), Move(8, DEMO), Move(9, DEMO, "won")]),
        Life([Move(2)]),
    )
    report = run(book, funnel, pipeline="Sales")
    assert lines(report, "stage", "count") == [
        (ENQUIRY, 3), (DEMO, 2), (OFFER, 2), ("Won", 2), ("Delivery", 1),
    ]  # fmt: skip


def test_the_funnel_by_rep_gives_one_for_each(book: Book) -> None:
    report = run(book, funnel, "rep", pipeline="Sales", period=JANUARY)
    counted = lines(report, "rep", "stage", "count")
    assert counted[:4] == [
        ("Ona", ENQUIRY, 2), ("Ona", DEMO, 2), ("Ona", OFFER, 1), ("Ona", "Won", 1),
    ]  # fmt: skip
    assert {row[0] for row in counted} == {"Ona", "Jonas", "Zofia"}


def test_conversion_follows_those_that_entered(book: Book) -> None:
    report = run(book, conversion, pipeline="Sales")
    assert lines(
        report, "stage", "entered", "advanced", "lost", "postponed", "returned", "open"
    ) == [
        (ENQUIRY, 6, 4, 1, 0, 0, 1),
        (DEMO, 3, 1, 0, 1, 1, 0),
        (OFFER, 2, 1, 1, 0, 0, 0),
    ]
    assert report.cells("conversion") == pytest.approx((4 / 5, 1 / 2, 1 / 2))
    assert report.cells("of_entered") == pytest.approx((4 / 6, 1 / 3, 1 / 2))
    assert report.cells("interval")[1] == pytest.approx((0.0945, 0.9055), abs=1e-4)
    # Enquiry: left after 2, 5, 5, 5 and 8 days; the undated one says nothing.
    assert lines(report, "p25_days", "median_days", "p75_days")[0] == (5, 5, 5)


def test_a_stage_that_deals_do_not_leave_has_no_median(store: Store) -> None:
    book = make_book(store)
    book.add(Life([Move(0), Move(3, DEMO)]), Life([Move(10)]), Life([Move(20)]), Life([Move(30)]))
    report = run(book, conversion, pipeline="Sales")
    # One left after 3 days, three are still there, the longest for 66 days.
    assert report.cells("p25_days")[0] == 3
    assert report.cells("median_days")[0] == Beyond(66)
    assert report.warnings == (
        "Enquiry: fewer than half had left after 66 days, the longest seen, so no median is known.",
        "Demo: fewer than half had left after 73 days, the longest seen, so no median is known.",
    )
    assert report.to_json()["rows"][0]["median_days"] is None


def test_what_began_before_the_records_counts_from_their_first_day(store: Store) -> None:
    book = make_book(store)
    book.add(
        Life([Move(-100), Move(0, DEMO), Move(1, DEMO, "lost")]),
        Life([Move(-50), Move(10, DEMO), Move(11, DEMO, "lost")]),
        Life([Move(0), Move(20, DEMO), Move(21, DEMO, "lost")]),
        Life([Move(1), Move(61, DEMO), Move(62, DEMO, "lost")]),
    )
    report = run(book, conversion, pipeline="Sales")
    # Records begin on day 0. On day 20 only the two of January are watched: half of them leave.
    assert report.cells("median_days")[0] == 20
    assert report.warnings == (
        "2 passages began before the first recorded move: time counts from that day on.",
    )


def test_conversion_by_month_of_entry(book: Book) -> None:
    report = run(book, conversion, "month", pipeline="Sales")
    assert lines(report, "month", "stage", "entered") == [
        ("2026-01", ENQUIRY, 4), ("2026-01", DEMO, 2), ("2026-01", OFFER, 2),
        ("2026-02", ENQUIRY, 1), ("2026-02", DEMO, 1),
        ("no date", ENQUIRY, 1),
    ]  # fmt: skip


def test_conversion_by_product_asks_the_deal(book: Book) -> None:
    report = run(book, conversion, "product", pipeline="Sales", period=JANUARY)
    assert ("Pump", OFFER, 1) in lines(report, "product", "stage", "advanced")
    assert ("Valve", OFFER, 0) in lines(report, "product", "stage", "advanced")


def test_the_win_rate_by_count_and_by_amount(book: Book) -> None:
    report = run(book, win_rate, pipeline="Sales")
    assert lines(report, "pipeline", "closed", "won", "lost") == [("Sales", 3, 1, 2)]
    assert report.totals["win_rate"] == pytest.approx(1 / 3)
    assert report.totals["win_rate_of_sum"] == pytest.approx(1000 / 1600)
    assert report.totals["average"] == Money(1000_00, "EUR")
    assert report.totals["median_cycle"] == 20
    everywhere = run(book, win_rate)
    assert lines(everywhere, "pipeline", "closed") == [("Sales", 3), ("Service", 1)]
    assert everywhere.totals["won_sum"] == Money(1050_00, "EUR")
    assert everywhere.totals["median_cycle"] == 18


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("rep", [("Ona", 2, 1.0), ("Jonas", 1, 0.0), ("Zofia", 1, 0.0)]),
        ("team", [("North", 3, 2 / 3), ("South", 1, 0.0)]),
        ("office", [("Vilnius", 3, 2 / 3), ("Łódź", 1, 0.0)]),
        ("product", [("Pump", 1, 1.0), ("Valve", 1, 0.0), ("no product", 2, 0.5)]),
        ("client", [("Acme", 1, 0.0), ("no client", 3, 2 / 3)]),
        ("month", [("2026-01", 4, 0.5)]),
        ("quarter", [("2026-Q1", 4, 0.5)]),
        ("kind", [("new", 4, 0.5)]),
    ],
)
def test_the_win_rate_by(book: Book, by: str, expected: list[tuple[Any, ...]]) -> None:
    report = run(book, win_rate, by)
    assert lines(report, by, "closed", "win_rate") == [
        (name, count, pytest.approx(rate)) for name, count, rate in expected
    ]


def test_the_scope_narrows_to_a_rep_a_team_and_a_period(book: Book) -> None:
    assert run(book, win_rate, owner="jonas").n == 1
    assert run(book, win_rate, team="NORTH").n == 3
    assert run(book, win_rate, me=True).n == 2
    assert run(book, win_rate, owner="Zofia", period=JANUARY).n == 1
    assert run(book, win_rate, period=Period(on(18), None, "..")).n == 2
    assert run(book, conversion, team="South", pipeline="Sales").cells("entered") == (1, 0, 0)


def test_names_that_fit_none_or_several_are_refused_with_the_candidates(book: Book) -> None:
    with pytest.raises(Refused, match="There is no rep 'Petras'.*'Jonas', 'Ona', 'Zofia'"):
        run(book, funnel, owner="Petras")
    with pytest.raises(Refused, match="There is no team"):
        run(book, funnel, team="East")
    with pytest.raises(Refused, match="'S' fits several: 'Sales', 'Service'"):
        run(book, funnel, pipeline="S")
    with pytest.raises(Refused, match="Choose one of"):
        run(book, funnel, owner="Ona", me=True)
    with pytest.raises(Refused, match="not here yet"):
        run(book, funnel, as_of=date(2026, 3, 19))
    with pytest.raises(Refused, match="The win rate cannot be given by 'colour', only by rep"):
        run(book, win_rate, "colour")


def test_losses_by_stage_and_reason(book: Book) -> None:
    report = run(book, losses, pipeline="Sales")
    assert lines(report, "stage", "reason", "count", "share", "sum") == [
        (ENQUIRY, "not said", 1, 0.5, Money(200_00, "EUR")),
        (OFFER, "Price", 1, 0.5, Money(400_00, "EUR")),
    ]
    assert report.totals == {"count": 2, "sum": Money(600_00, "EUR")}


def test_losses_by_rep_competitor_and_reason(book: Book) -> None:
    assert lines(run(book, losses, "rep", pipeline="Sales"), "rep", "stage", "count") == [
        ("Jonas", OFFER, 1), ("Zofia", ENQUIRY, 1),
    ]  # fmt: skip
    by_rival = run(book, losses, "competitor", pipeline="Sales")
    assert lines(by_rival, "competitor", "count") == [("Rival", 1), ("none named", 1)]
    assert lines(run(book, losses, "reason"), "reason", "stage", "count") == [
        ("Price", "Sales: Offer", 1), ("not said", "Sales: Enquiry", 1),
    ]  # fmt: skip


def test_the_board_in_figures(book: Book) -> None:
    report = run(book, board, pipeline="Sales")
    assert lines(report, "stage", "count", "sum", "weighted", "stalled") == [
        (ENQUIRY, 2, Money(300_00, "EUR"), Money(30_00, "EUR"), 2),
        (DEMO, 0, Money(0, "EUR"), Money(0, "EUR"), 0),
        (OFFER, 0, Money(0, "EUR"), Money(0, "EUR"), 0),
    ]
    assert report.totals["stalled"] == 2
    with pytest.raises(Refused, match="on one day"):
        run(book, board, period=JANUARY)


def test_the_board_of_an_earlier_day(book: Book) -> None:
    report = run(book, board, pipeline="Sales", as_of=on(8))
    assert lines(report, "stage", "count", "sum") == [
        (ENQUIRY, 1, Money(400_00, "EUR")),
        (DEMO, 2, Money(1300_00, "EUR")),
        (OFFER, 0, Money(0, "EUR")),
    ]
    assert report.cells("stalled") == (None, None, None)


def test_activity_by_everything(book: Book) -> None:
    book.log(
        {"day": 5, "minutes": 30, "role": "decision maker"},
        {"day": 6, "kind": "visit", "direction": "in", "rep": "Jonas", "minutes": 60},
        {"day": 40, "direction": "none", "role": "user"},
        {"day": 41, "state": "planned"},
    )
    report = run(book, activity)
    assert lines(report, "rep", "count", "out", "in", "none", "minutes") == [
        ("Ona", 2, 1, 0, 1, 30), ("Jonas", 1, 0, 1, 0, 60),
    ]  # fmt: skip
    assert report.totals["minutes"] == 90
    assert lines(run(book, activity, "kind"), "kind", "count") == [("call", 2), ("visit", 1)]
    assert lines(run(book, activity, "week"), "week", "count") == [("2026-W02", 2), ("2026-W07", 1)]
    assert lines(run(book, activity, "role"), "role", "count") == [
        ("decision maker", 1), ("user", 1), ("nobody met", 1),
    ]  # fmt: skip
    assert lines(run(book, activity, "territory"), "territory", "count") == [("Baltic", 3)]
    assert run(book, activity, period=JANUARY).n == 2
    assert run(book, activity, owner="Jonas").n == 1
    assert run(book, activity, "role", pipeline="Sales").n == 0


def test_an_empty_store_gives_empty_reports(store: Store) -> None:
    for report in (funnel, conversion, win_rate, losses, activity, board):
        made = store.read(lambda reader, report=report: report(reader, ask(reader)))
        assert made.rows == ()
        assert made.n == 0
        made.to_json()
