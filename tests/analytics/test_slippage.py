"""Slippage and coverage: told by hand, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from salestui.analytics.drill import deals_behind
from salestui.analytics.history import read_events
from salestui.analytics.pipeline.coverage import coverage
from salestui.analytics.pipeline.slippage import slippage
from salestui.analytics.pipeline.slips import dates_on
from salestui.analytics.pipeline.waterfall import waterfall
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.text import Period, parse_period, to_day
from salestui.usecases import deals, outcomes, undo
from salestui.usecases.deals import create_deal
from tests.analytics.book import STAGES, Life, Move, make_book, on
from tests.conftest import Clock
from tests.team import make_team

APRIL = Period(date(2026, 4, 1), date(2026, 4, 30), "2026-04")


def run(store: Store, report: Callable[..., Report], by: str | None = None, **scope: Any) -> Report:
    return store.read(lambda reader: report(reader, ask(reader, **scope), by))


def lines(report: Report, *keys: str) -> list[tuple[Any, ...]]:
    return list(zip(*(report.cells(key) for key in keys), strict=True))


@pytest.fixture
def april(store: Store, clock: Clock) -> Store:
    """In Service: today is 5 May, on 18 March seven deals were due in April or May."""
    team = make_team(store)
    service = next(p.id for p in team.lists.pipelines if p.name == "Service")

    def make(name: str, amount: int, close: date) -> str:
        made = store.write(
            create_deal, title=name, pipeline_id=service, stage_id=None, amount_minor=amount,
            currency="EUR", expected_close_on=close,
        )  # fmt: skip
        return str(made.id)

    day = date(2026, 4, 10)
    won, lost, moved = make("won", 100, day), make("lost", 200, day), make("moved", 400, day)
    make("forgotten", 800, day)
    pulled = make("pulled in", 1600, date(2026, 5, 20))
    back = make("there and back", 3200, day)
    make("later", 6400, date(2026, 5, 20))
    clock.forward(days=5)
    store.write(deals.edit_deal, deal_id=pulled, expected_close_on=date(2026, 4, 20))
    store.write(deals.edit_deal, deal_id=back, expected_close_on=date(2026, 4, 15))
    clock.forward(days=15)  # 7 April
    store.write(deals.edit_deal, deal_id=moved, expected_close_on=date(2026, 5, 10))
    store.write(deals.edit_deal, deal_id=back, expected_close_on=date(2026, 6, 1))
    store.write(undo.undo)
    store.write(outcomes.win_deal, deal_id=won)
    store.write(deals.edit_deal, deal_id=won, amount_minor=90)
    clock.forward(days=20)
    store.write(deals.edit_deal, deal_id=moved, expected_close_on=date(2026, 5, 30))
    store.write(outcomes.lose_deal, deal_id=lost, loss_reason_id=team.lists.loss_reasons[0].id)
    clock.forward(days=8)
    return store


def test_what_became_of_the_deals_that_were_due(april: Store) -> None:
    report = run(april, slippage, period=APRIL, pipeline="Service")
    assert report.totals["due"] == report.n == 6
    keys = ("won", "lost", "moved", "overdue", "not_due", "postponed", "deleted")
    assert [report.totals[key] for key in keys] == [1, 1, 1, 3, 0, 0, 0]
    assert report.totals["sum"] == Money(6300, "EUR")
    assert report.totals["share_won_of_sum"] == pytest.approx(100 / 6300)
    assert report.totals["share_moved_of_sum"] == pytest.approx(400 / 6300)
    # Moved twice (50 days), back once (5 days) and pulled in by 30 days.
    assert report.totals["pushes"] == pytest.approx(3 / 6)
    assert report.totals["slip_days"] == pytest.approx((50 + 5 - 30) / 6, abs=0.01)
    found = april.read(lambda r: deals_behind(r, ask(r), report.subjects[0]))
    assert found.count == 6


def test_the_deals_by_themselves_and_by_pushes(april: Store) -> None:
    report = run(april, slippage, "deal", period=APRIL, pipeline="Service")
    assert lines(report, "title", "fate", "pushes", "slip_days") == [
        ("there and back", "overdue", 1, 5), ("pulled in", "overdue", 0, -30),
        ("forgotten", "overdue", 0, 0), ("moved", "moved", 2, 50), ("lost", "lost", 0, 0),
        ("won", "won", 0, 0),
    ]  # fmt: skip
    assert report.cells("last_close")[3] == date(2026, 5, 30)
    pushed = run(april, slippage, "pushes", period=APRIL, pipeline="Service")
    assert lines(pushed, "pushed", "due", "won") == [("never", 5, 1), ("once", 1, 0)]
    assert lines(run(april, slippage, "week", period=APRIL, pipeline="Service"), "week", "due") == [
        ("2026-W15", 4), ("2026-W16", 1), ("2026-W17", 1),
    ]  # fmt: skip


def test_of_each_currency_the_most_money_comes_first(sqlite_store: Store, clock: Clock) -> None:
    team = make_team(sqlite_store)
    sums = ((7_00, "EUR"), (900, "JPY"), (9_00, "EUR"))
    for amount, currency in sums:
        sqlite_store.write(
            create_deal, title=f"{amount} {currency}", pipeline_id=team.lists.pipelines[0].id,
            stage_id=None, amount_minor=amount, currency=currency,
            expected_close_on=date(2026, 4, 10),
        )  # fmt: skip
    clock.forward(days=48)
    for by in ("deal", "slipped"):
        titles = run(sqlite_store, slippage, by, period=APRIL).cells("title")
        assert [each for each in titles if each.endswith(("EUR", "JPY"))] == [
            "900 EUR", "700 EUR", "900 JPY",
        ]  # fmt: skip


def test_what_slipped_is_still_open_and_the_most_money_comes_first(april: Store) -> None:
    """Not what was won, lost or is not yet due; pushed in the period, or past its expected close."""
    report = run(april, slippage, "slipped", period=APRIL, pipeline="Service")
    keys = ("title", "how", "was", "now", "slip_days", "pushes")
    tenth, twentieth = date(2026, 4, 10), date(2026, 4, 20)
    assert lines(report, *keys) == [
        ("there and back", "past", date(2026, 4, 15), date(2026, 4, 15), 15, 1),
        ("pulled in", "past", twentieth, twentieth, 10, 0),
        ("forgotten", "past", tenth, tenth, 20, 0),
        ("moved", "pushed", tenth, date(2026, 5, 30), 50, 2),
    ]  # fmt: skip
    assert report.totals["sum"] == Money(3200 + 1600 + 800 + 400, "EUR") and report.n == 4
    week = Period(date(2026, 4, 4), date(2026, 4, 8), "a week")
    then = run(april, slippage, "slipped", period=week, pipeline="Service")
    assert lines(then, "title", "how", "slip_days") == [("moved", "pushed", 30)]
    before = run(
        april, slippage, "slipped", period=week, as_of=date(2026, 4, 6), pipeline="Service"
    )
    assert before.n == 0 and "No open deal was pushed" in before.warnings[0]
    assert "followed up to 2026-04-06" in before.warnings[1]


def test_a_day_that_is_taken_away_has_slipped(april: Store, clock: Clock) -> None:
    later = next(
        row[0] for row in april.read(lambda r: r.rows("SELECT id FROM deal WHERE title = 'later'"))
    )
    clock.forward(days=1)
    april.write(deals.edit_deal, deal_id=later, expected_close_on=None)
    today = april.today()
    day = Period(today, today, "today")
    report = run(april, slippage, "slipped", period=day, pipeline="Service")
    first = lines(report, "title", "how", "was", "now")[0]
    assert first == ("later", "taken away", date(2026, 5, 20), None)


def test_a_period_that_runs_knows_what_is_not_due_yet(april: Store) -> None:
    then = run(april, slippage, pipeline="Service", period=APRIL, as_of=date(2026, 4, 12))
    keys = ("won", "lost", "moved", "overdue", "not_due")
    assert [then.totals[key] for key in keys] == [1, 0, 1, 2, 2]
    assert then.warnings == ("The period is not over: it is followed up to 2026-04-12.",)
    assert run(april, slippage).period == parse_period("2026-Q2", date(2026, 5, 5))
    with pytest.raises(Refused, match="a first and a last day"):
        run(april, slippage, period=Period(None, date(2026, 4, 30), ".."))
    with pytest.raises(Refused, match="cannot be given by 'colour', only by pipeline"):
        run(april, slippage, "colour")


def test_nothing_due_is_said(store: Store) -> None:
    report = run(store, slippage, period=APRIL)
    assert report.n == 0 and report.rows == ()
    assert report.warnings[0].startswith("No open deal was expected to close")


@pytest.mark.demo
def test_fates_add_up_whatever_is_asked(store: Store) -> None:
    for words in ("2025-Q4", "2026-02", "2026-Q1"):
        period = parse_period(words, store.today())
        whole = run(store, slippage, period=period)
        keys = ("won", "lost", "moved", "overdue", "not_due", "postponed", "deleted")
        assert sum(whole.totals[key] for key in keys) == whole.n > 0  # type: ignore[misc]
        for by in ("rep", "stage", "product", "month", "pushes"):
            parts = run(store, slippage, by, period=period)
            assert parts.totals == whole.totals
            assert sum(parts.cells("due")) == whole.n
        assert len(run(store, slippage, "deal", period=period).rows) == whole.n


def test_no_date_known_later_is_seen_before(april: Store) -> None:
    events = april.read(read_events)
    early, late = (dates_on(events, to_day(date(2026, 4, day))) for day in (1, 30))
    assert int(early.pushes.sum()) == 1
    assert int(late.pushes.sum()) == 3


def test_coverage_tells_the_yield_of_each_period(store: Store) -> None:
    first = STAGES[0]
    book = make_book(store)
    book.add(
        Life([Move(-60), Move(-1, first, "won")], 50_00),
        Life([Move(-20), Move(5, first, "won")], 100_00),
        Life([Move(-20), Move(40, first, "won")], 300_00),
        Life([Move(-20)], 600_00, owner="Jonas"),
        Life([Move(3), Move(20, first, "won")], 400_00),
        Life([Move(2), Move(12, first, "lost")], 900_00),
    )
    report = run(store, coverage, period=parse_period("2026-02", store.today()))
    assert lines(report, "period", "open", "won") == [
        ("2026-01", Money(1000_00, "EUR"), Money(500_00, "EUR")),
        ("2026-02", Money(900_00, "EUR"), Money(300_00, "EUR")),
    ]
    assert report.cells("yield") == pytest.approx((0.1, 1 / 3))
    assert report.cells("from_open") == pytest.approx((0.2, 1))
    assert report.cells("needed") == pytest.approx((2, 3))
    assert report.totals["needed"] == pytest.approx(2)
    assert report.warnings == ("Only 1 earlier period is known: hardly a rule.",)
    march = run(store, coverage, period=parse_period("2026-03", store.today()))
    assert march.cells("needed")[-1] is None
    assert march.warnings[0].startswith("The period is not over")
    by_rep = run(store, coverage, "rep", period=parse_period("2026-02", store.today()))
    assert lines(by_rep, "rep", "open", "yield") == [
        ("Jonas", Money(600_00, "EUR"), 0), ("Ona", Money(300_00, "EUR"), 1),
    ]  # fmt: skip
    with pytest.raises(Refused, match="a first and a last day"):
        run(store, coverage, period=Period(on(3), None, ".."))


@pytest.mark.demo
def test_coverage_against_the_quota(store: Store) -> None:
    period = parse_period("2026-Q1", store.today())
    report = run(store, coverage, period=period)
    told = dict(zip((c.key for c in report.columns), report.rows[-1], strict=True))
    target, opening = told["target_eur"], told["open_eur"]
    assert isinstance(target, Money) and isinstance(opening, Money)
    assert told["coverage_eur"] == pytest.approx(opening.minor / target.minor, abs=1e-4)
    change = run(store, waterfall, period=period)
    assert change.rows[0][2] == opening
    one = run(store, coverage, period=period, owner="Ieva Jankauskaitė")
    assert one.rows[-1] != report.rows[-1]
    assert store.today() - timedelta(days=1) < date(2026, 4, 1)
