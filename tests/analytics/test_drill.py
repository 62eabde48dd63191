"""Behind every row stand exactly the deals that it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from salestui.analytics.drill import deals_behind
from salestui.analytics.periods import stepped, this
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.winning import OVERLAP, win_rate
from salestui.analytics.stages.deviations import deviations
from salestui.analytics.stages.of_stage import by_rep, conversion_stage, funnel_stage, losses_stage
from salestui.analytics.stages.overview import FirstLook, Overview, look, overview
from salestui.analytics.wish import Wish, teams_and_reps
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period, parse_period
from tests.analytics.book import Book, Life, Move, make_book
from tests.analytics.test_reports import LIVES

COUNTED = {
    "funnel": "count",
    "conversion": "entered",
    "win-rate": "closed",
    "losses": "count",
    "deviations": "decided",
}
Q1 = Period(date(2026, 1, 1), date(2026, 3, 18), "2026-01-01..2026-03-18")

SCOPES: dict[str, dict[str, Any]] = {
    "everything": {},
    "a period": {"period": parse_period("2026-01", date(2026, 1, 1))},
    "a rep": {"owner": "Jonas"},
    "a team and a pipeline": {"team": "North", "pipeline": "Sales"},
    "what has no product": {"only": ["product=none"]},
}


@pytest.fixture
def book(store: Store) -> Book:
    made = make_book(store, after_sale=True)
    made.add(*LIVES, Life([Move(3), Move(20, "Delivery", "won")], 70_00))
    return made


@pytest.mark.parametrize("wanted", SCOPES.values(), ids=SCOPES)
def test_each_row_opens_on_the_deals_it_counts(book: Book, wanted: dict[str, Any]) -> None:
    scope = book.store.read(ask, **wanted)
    view: Overview = book.store.read(overview, scope)
    reports: list[Report] = [view.funnel, view.conversion, view.win_rate, view.losses]
    seen = 0
    for report in reports:
        assert len(report.subjects) == len(report.rows)
        for behind, count in zip(report.subjects, report.cells(COUNTED[report.name]), strict=True):
            found = book.store.read(deals_behind, scope, behind)
            assert found.count == len(found.deals) == count, (report.name, behind)
            seen += found.count
    assert seen > 5


@pytest.mark.parametrize("wanted", SCOPES.values(), ids=SCOPES)
def test_each_row_by_rep_adds_up_and_opens_on_their_deals(
    book: Book, wanted: dict[str, Any]
) -> None:
    scope = book.store.read(ask, **wanted)
    view: Overview = book.store.read(overview, scope)
    compared = book.store.read(deviations, replace(scope, period=Q1))
    reports: list[Report] = [view.funnel, view.conversion, view.win_rate, view.losses, compared]
    seen = 0
    for report in reports:
        own = replace(scope, period=report.period)
        counts = report.cells(COUNTED[report.name])
        shared = {column.key for column in report.columns} - {"share"}
        for place, (behind, count) in enumerate(zip(report.subjects, counts, strict=True)):
            reps = book.store.read(by_rep, own, behind)
            key = COUNTED[report.name]
            if report is compared and len(reps.rows) > 1:
                assert OVERLAP in reps.warnings
            assert sum(reps.cells(key)) == reps.totals[key] == count, (report.name, behind)
            for cell in shared & set(reps.totals):  # conversion, its range, the median, the sum …
                assert reps.totals[cell] == report.cells(cell)[place], (report.name, cell)
            for own_behind, deals in zip(reps.subjects, reps.cells(key), strict=True):
                found = book.store.read(deals_behind, own, own_behind)
                assert found.count == deals
                seen += found.count
    assert seen > 5


def test_a_stage_by_rep_says_what_became_of_its_deals(book: Book) -> None:
    book.add(Life([Move(2), Move(6, "Demo"), Move(20, "Demo", "lost", "Price")], 30_00, owner=None))
    scope = book.store.read(ask, pipeline="Sales", stage="demo")
    shown = book.store.read(funnel_stage, scope)
    assert shown.filters == {"pipeline": "Sales", "stage": "Demo"}
    assert shown.rows[-1][0] == "nobody"  # and last, whatever its size
    nobody = dict(zip((column.key for column in shown.columns), shown.rows[-1], strict=True))
    assert (nobody["count"], nobody["lost"], nobody["postponed"]) == (2, 1, 1)
    assert (nobody["conversion"], nobody["median_days"]) == (0, 10)
    assert nobody["sum_pln"] == Money(800_00, "PLN")
    months = book.store.read(conversion_stage, scope, "month")
    assert months.cells("month") == tuple(sorted(months.cells("month")))
    assert sum(months.cells("entered")) == months.totals["entered"]
    reasons = book.store.read(losses_stage, scope, "reason")
    assert dict(zip(reasons.cells("reason"), reasons.cells("count"), strict=True))["Price"] == 1
    with pytest.raises(Refused, match="cannot be given by 'stage'"):
        book.store.read(funnel_stage, scope, "stage")


def test_the_list_is_cut_but_counted_whole_and_latest_first(book: Book) -> None:
    scope = book.store.read(ask)
    view = book.store.read(overview, scope)
    found = book.store.read(deals_behind, scope, view.funnel.subjects[0], limit=3)
    assert (len(found.deals), found.count) == (3, 7)
    days = [deal.on_day for deal in found.deals]
    assert days == sorted(days, key=lambda day: day or date.min, reverse=True)
    deal = next(d for d in book.store.read(deals_behind, scope, view.losses.subjects[1]).deals)
    assert (deal.client, deal.owner, deal.stage, deal.outcome) == ("Acme", "Jonas", "Offer", "lost")


def test_a_wish_chooses_pipeline_team_and_rep(book: Book) -> None:
    first = book.store.read(look, Wish())
    assert first.scope.words == {"pipeline": "Sales"}
    assert first.funnel.n == 7
    assert book.store.read(look, Wish(place=1)).scope.words == {"pipeline": "Service"}
    assert book.store.read(look, Wish(place=-2)).scope.words == {"pipeline": "Sales"}
    known = book.store.read(teams_and_reps)
    assert [(p.name, p.is_team) for p in known] == [
        ("North", True), ("South", True), ("Jonas", False), ("Ona", False), ("Zofia", False),
    ]  # fmt: skip
    north = book.store.read(look, Wish(whose=known[0].id))
    assert north.scope.words["team"] == "North"
    assert north.funnel.n == 5
    assert book.store.read(look, Wish(whose=known[4].id)).funnel.n == 1


def test_an_empty_store_says_so(store: Store) -> None:
    assert store.read(look, Wish()).is_empty
    book = make_book(store)
    assert store.read(look, Wish()).is_empty
    book.add(Life([Move(0)]))
    assert not store.read(look, Wish(period=Period(date(2000, 1, 1), None, "2000.."))).is_empty


@pytest.mark.parametrize(
    ("typed", "by", "label"),
    [
        ("2026-03", -1, "2026-02"),
        ("2026-01", -1, "2025-12"),
        ("2026-03", 10, "2027-01"),
        ("2026-Q1", 1, "2026-Q2"),
        ("2026-Q1", -1, "2025-Q4"),
        ("2026", -2, "2024"),
        ("2026-03-01..2026-03-10", 1, "2026-03-11..2026-03-20"),
        ("2026-03-01..2026-03-10", -1, "2026-02-19..2026-02-28"),
        ("2026-01-01..2026-03-31", 1, "2026-Q2"),
        ("all", 1, "all"),
        ("2026-03-01..", -1, "2026-03-01.."),
    ],
)
def test_stepping_through_time(typed: str, by: int, label: str) -> None:
    assert stepped(parse_period(typed, date(2026, 3, 18)), by).label == label


def test_the_calendar_ends_somewhere() -> None:
    first = Period(date(1, 1, 1), date(1, 1, 10), "long ago")
    assert stepped(first, -1) == first
    assert this("quarter", date(2026, 3, 18)).label == "2026-Q1"


def test_several_rows_of_one_past_day_open_in_one_read(book: Book) -> None:
    """The deals of that day are rebuilt once, and what names them is put beside them once."""

    def open_all(reader: Reader) -> list[tuple[str | None, ...]]:
        scope = ask(reader, as_of=date(2026, 2, 10))
        made = win_rate(reader, scope, "rep")
        lists = [deals_behind(reader, scope, behind) for behind in made.subjects]
        return [(each.client, each.owner, each.stage) for listed in lists for each in listed.deals]

    apart = [book.store.read(open_all) for _ in range(2)]
    assert apart[0] == apart[1] and len(apart[0]) > 2
    assert {owner for _, owner, _ in apart[0]} >= {"Ona", "Jonas"}


def test_what_is_counted_of_a_past_day_stays_when_its_deals_were_listed(book: Book) -> None:
    def asked(reader: Reader) -> tuple[Report, Report]:
        scope = ask(reader, as_of=date(2026, 2, 10))
        before = win_rate(reader, scope, "territory")
        deals_behind(reader, scope, before.subjects[0])
        return before, win_rate(reader, scope, "territory")

    before, after = book.store.read(asked)
    assert before == after and before.n


def test_the_funnel_is_shown_before_the_rest_is_read(book: Book) -> None:
    seen: list[FirstLook] = []
    whole = book.store.read(look, Wish(), seen.append)
    assert [(each.scope, each.funnel, each.pipelines) for each in seen] == [
        (whole.scope, whole.funnel, whole.pipelines)
    ]


def test_where_there_is_nothing_nothing_is_shown_before(store: Store) -> None:
    make_book(store)
    seen: list[FirstLook] = []
    assert store.read(look, Wish(), seen.append).is_empty
    assert not seen
