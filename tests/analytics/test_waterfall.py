"""The waterfall: it balances between any two days, and every deal is told once."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.analytics.drill import deals_behind
from salestui.analytics.events import UNDATED, Known, Names
from salestui.analytics.past import rebuilt
from salestui.analytics.pipeline.flows import OUTSIDE, flows
from salestui.analytics.pipeline.waterfall import waterfall
from salestui.analytics.rendering.charts import bar
from salestui.analytics.rendering.waterfall_chart import WaterfallChart
from salestui.analytics.report import Column, Money, Report
from salestui.analytics.scope import Scope, ask
from salestui.queries.choices import load_choices
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period, parse_period
from salestui.usecases import deals, outcomes
from tests.analytics.book import STAGES, Life, Move, make_book, on
from tests.analytics.test_laws import FEW, Shelf
from tests.analytics.test_past import _lives
from tests.conftest import Clock
from tests.team import make_team

ENDS = ("won", "lost", "postponed", "moved out", "deleted")


def told(report: Report) -> dict[str, int]:
    """Deals by step, without the days of the first and the last."""
    names = (str(name).split(" 2")[0].lower() for name in report.cells("step"))
    counts = list(report.cells("count"))
    found = dict(zip(names, counts, strict=True))
    return {"before": counts[0], **found, "after": counts[-1]}


def between(first: int, last: int) -> Period:
    return Period(on(first), on(last), "some days")


@pytest.fixture
def shelf(tmp_path: Path, sqlite_template: Path) -> Shelf:
    return Shelf(tmp_path, sqlite_template)


def balances(report: Report) -> None:
    """The sums of each currency, and the numbers of deals, add up to the last row."""
    for column in report.columns:
        if column.kind == "money":
            sums = [cell.minor for cell in report.cells(column.key) if isinstance(cell, Money)]
            assert sum(sums[:-1]) == sums[-1], column.key
    count = told(report)
    came = sum(count[step] for step in ("before", "created", "reopened", "moved in"))
    assert came - sum(count[step] for step in ENDS) == count["after"]
    gone = [set(behind.deal_ids) for behind in report.subjects[6:]]
    assert sum(map(len, gone)) == len(set().union(*gone))


def open_on(reader: Reader, day: date, scope: Scope) -> tuple[int, dict[str, int]]:
    """What was open, told by the store rebuilt for that day."""
    sums: Counter[str] = Counter()
    count = 0
    with rebuilt(reader, day) as then:
        sql = (
            "SELECT currency, coalesce(amount_minor, 0), owner_id FROM deal WHERE outcome = 'open'"
        )
        for currency, amount, owner_id in then.rows(sql):
            if scope.owner_ids is None or owner_id in scope.owner_ids:
                sums[currency] += amount
                count += 1
    return count, dict(+sums)


def sums_of(report: Report, row: int) -> dict[str, int]:
    place = [i for i, column in enumerate(report.columns) if column.kind == "money"]
    cells = [report.rows[row][i] for i in place]
    return {c.currency: c.minor for c in cells if isinstance(c, Money) and c.minor}


def check(reader: Reader, period: Period, **scope: Any) -> Report:
    asked = ask(reader, period=period, **scope)
    report = waterfall(reader, asked)
    assert period.first is not None and period.last is not None
    before = period.first - timedelta(days=1)
    if not report.rows:
        assert report.n == 0 and open_on(reader, before, asked) == (0, {})
        return report
    balances(report)
    for row, day in ((0, before), (-1, period.last)):
        assert (report.cells("count")[row], sums_of(report, row)) == open_on(reader, day, asked)
    return report


@FEW
@given(st.integers(0, 10**6), st.lists(st.integers(0, 76), min_size=2, max_size=2))
def test_it_balances_between_any_two_days(shelf: Shelf, seed: int, days: list[int]) -> None:
    store = shelf.filled(_lives(Random(seed), 25))
    period = between(min(days), max(days))
    whole = store.read(lambda r: check(r, period))
    store.read(lambda r: check(r, period, owner="Ona"))
    if whole.n:
        by_rep = store.read(lambda r: waterfall(r, ask(r, period=period), "rep"))
        assert sum(row[2] for row in by_rep.rows if row[1] == whole.rows[0][0]) == whole.rows[0][1]
        assert by_rep.n == whole.n
    store.close()


@pytest.mark.demo
def test_it_balances_where_deals_change_hands_amounts_and_minds(store: Store, clock: Clock) -> None:
    lists = store.read(load_choices)
    ids = [
        row[0]
        for row in store.read(
            lambda r: r.rows("SELECT id FROM deal WHERE outcome = 'open' ORDER BY id LIMIT 4")
        )
    ]
    made = store.write(
        deals.create_deal,
        title="By mistake",
        pipeline_id=lists.pipelines[0].id,
        stage_id=None,
    )
    before = store.today()
    clock.forward(days=1)
    store.write(outcomes.lose_deal, deal_id=ids[0], loss_reason_id=lists.loss_reasons[0].id)
    store.write(deals.edit_deal, deal_id=ids[1], amount_minor=1)
    store.write(deals.edit_deal, deal_id=ids[2], owner_id=lists.reps[0].id)
    store.write(deals.edit_deal, deal_id=ids[3], owner_id=lists.reps[1].id)
    clock.forward(days=1)
    store.write(outcomes.reopen_deal, deal_id=ids[0])
    store.write(deals.delete_deal, deal_id=made.id)

    def compare(reader: Reader) -> None:
        today = reader.today
        for first, last in (
            (before + timedelta(days=1), today),
            (before - timedelta(days=30), today),
            (before - timedelta(days=200), before - timedelta(days=100)),
        ):
            period = Period(first, last, "some days")
            check(reader, period)
            for rep in lists.reps[:3]:
                check(reader, period, owner=rep.name)
        report = check(reader, Period(today, today, "today"))
        assert told(report)["reopened"] == told(report)["deleted"] == 1

    store.read(compare)


def test_each_deal_is_told_by_what_became_of_it(store: Store) -> None:
    first, second, _ = STAGES
    book = make_book(store)
    book.add(
        Life([Move(0)], 100_00),
        Life([Move(1), Move(12, first, "won")], 200_00),
        Life([Move(2), Move(5, first, "lost"), Move(15, second), Move(18, second, "lost")], 300_00),
        Life([Move(3), Move(4, first, "lost"), Move(16, first)], 400_00),
        Life([Move(11), Move(14, first, "postponed")], 500_00, "PLN"),
        Life([Move(11)], None),
        Life([Move(2), Move(5, first, "lost")], 600_00),
    )
    report = store.read(lambda r: waterfall(r, ask(r, period=between(10, 20))))
    assert told(report) == {
        "before": 2, "open": 3, "created": 2, "reopened": 2, "moved in": 0, "amount up": 0,
        "amount down": 0, "won": 1, "lost": 1, "postponed": 1, "moved out": 0, "deleted": 0,
        "after": 3,
    }  # fmt: skip
    assert report.cells("sum_eur") == tuple(
        Money(sum_ * 100, "EUR") for sum_ in (300, 0, 700, 0, 0, 0, -200, -300, 0, 0, 0, 500)
    )
    assert report.cells("sum_pln")[1] == Money(500_00, "PLN")
    assert report.warnings == (
        "1 deal without amount on one of the two days counted as nothing there.",
    )
    behind = report.subjects[2]
    found = store.read(lambda r: deals_behind(r, ask(r), behind))
    assert [line.amount_minor for line in found.deals] == [400_00, 300_00]
    everything = store.read(lambda r: waterfall(r, ask(r)))
    assert everything.cells("step")[0] == "Open before"
    assert told(everything)["open before"] == 0
    balances(everything)


DEAL = st.tuples(
    st.integers(0, 3), st.integers(0, 1), st.integers(0, 1), st.integers(-1, 9),
    st.one_of(st.just(UNDATED), st.integers(0, 9)), st.booleans(),
)  # fmt: skip
"""Outcome, owner, currency, amount, expected close, and whether it is known."""


@given(st.lists(st.tuples(DEAL, DEAL, st.booleans()), max_size=30), st.integers(0, 9))
def test_what_is_due_balances_and_every_deal_is_told_once(lives: Any, first: int) -> None:
    """Whatever changed between two days, for the deals due from `first` on for three days."""
    before, after = (_known([life[side] for life in lives]) for side in (0, 1))
    opened = np.array([life[2] for life in lives], bool)
    due = (first, first + 2)
    for scoped in (False, True):
        parts = [
            np.where(known.owner == 0, 0, OUTSIDE) if scoped else known.owner.astype(np.int64)
            for known in (before, after)
        ]
        found = flows(before, after, *parts, opened, due)
        for part in {each.part for each in found}:
            own = [each for each in found if each.part == part]
            steps = {each.step: set(each.deals) for each in own}
            sums: Counter[int] = Counter()
            for each in own:
                for code, minor in each.sums.items():
                    sums[code] += minor if each.step != "after" else -minor
            assert not +sums and not -sums
            for step, known, places in (("before", before, parts[0]), ("after", after, parts[1])):
                is_in = known.is_open & (known.expected >= first) & (known.expected <= first + 2)
                is_in &= places == part
                assert steps.get(step, set()) == set(known.deal[is_in].tolist())
            came = [steps.get(step, set()) for step in (
                "before", "created", "reopened", "moved_in", "pulled_in", "slipped_in",
            )]  # fmt: skip
            went = [steps.get(step, set()) for step in (
                "won", "lost", "postponed", "slipped", "pulled_out", "moved_out", "deleted", "after",
            )]  # fmt: skip
            for sides in (came, went):
                assert sum(map(len, sides)) == len(set().union(*sides)), "each is told once"
            assert set().union(*came) == set().union(*went)


def _known(rows: Any) -> Known:
    """The deals of these rows that are known, as on one day; what does not matter is 0."""
    there = np.array([place for place, row in enumerate(rows) if row[5]], np.int64)
    cells = np.array([row[:5] for row in rows], np.int64).reshape(-1, 5)[there]
    outcome, owner, currency, amount, expected = cells.T
    told = {
        "deal": there, "outcome": outcome, "owner": owner, "currency": currency, "amount": amount,
        "opening": amount, "expected": expected,
    }  # fmt: skip
    names = Names(tuple(str(i) for i in range(len(rows))), *[()] * (len(fields(Names)) - 2))
    zeros = np.zeros(len(there), np.int64)
    others = {each.name: zeros for each in fields(Known) if each.name not in ("day", "names")}
    return Known(day=0, names=names, **(others | told))


def test_what_slipped_out_of_a_quarter_and_was_pulled_in(store: Store, clock: Clock) -> None:
    lists = make_team(store).lists
    service = next(p.id for p in lists.pipelines if p.name == "Service")

    def make(name: str, amount: int, close: date | None) -> str:
        return store.write(
            deals.create_deal, title=name, pipeline_id=service, stage_id=None, amount_minor=amount,
            currency="EUR", expected_close_on=close,
        ).id  # fmt: skip

    day, later, sooner = date(2026, 4, 10), date(2026, 8, 1), date(2026, 3, 30)
    stays, slips, undated = make("stays", 1, day), make("slips", 2, day), make("undated", 4, day)
    early, won = make("early", 8, day), make("won", 16, day)
    pulled, given_ = make("pulled", 32, later), make("given", 64, None)
    late = make("late", 128, sooner)
    clock.forward(days=5)
    for deal_id, close in (
        (slips, later), (undated, None), (early, sooner), (pulled, day), (given_, day), (late, day),
    ):  # fmt: skip
        store.write(deals.edit_deal, deal_id=deal_id, expected_close_on=close)
    store.write(deals.edit_deal, deal_id=stays, amount_minor=1001)
    store.write(outcomes.win_deal, deal_id=won)
    make("new", 256, day)
    due = parse_period("2026-Q2", store.today())
    today = store.today()
    period = Period(today - timedelta(days=4), today, "some days")
    report = store.read(lambda r: waterfall(r, ask(r, period=period, pipeline="Service"), due=due))
    found = dict(zip(report.cells("step"), report.cells("sum"), strict=True))
    assert {str(step).split(" 2")[0]: cell.minor for step, cell in found.items()} == {  # type: ignore[union-attr]
        "Open": 1481, "Created": 256, "Reopened": 0, "Moved in": 0, "Pulled in": 96,
        "Slipped in": 128, "Amount up": 1000, "Amount down": 0, "Won": -16, "Lost": 0, "Postponed": 0,
        "Slipped": -6, "Pulled out": -8, "Moved out": 0, "Deleted": 0,
    }  # fmt: skip
    assert list(found.values())[0] == Money(31, "EUR")
    assert report.filters["due"] == "2026-Q2" and "due in 2026-Q2" in report.title
    empty = parse_period("2020", store.today())
    none = store.read(lambda r: waterfall(r, ask(r, period=period), due=empty))
    assert (
        none.n == 0
        and none.rows == ()
        and none.warnings == ("No deal was expected to close in 2020.",)
    )


def test_a_period_that_is_not_over_says_so_and_an_empty_store_has_nothing(store: Store) -> None:
    report = store.read(lambda r: waterfall(r, ask(r, period=between(70, 90))))
    assert report.warnings == ("The period is not over: it is followed up to 2026-03-18.",)
    assert report.n == 0
    report.to_csv()


def drawn(width: int, *sums: int, currency: str = "EUR") -> list[str]:
    columns = (
        Column("step", "Step", "text"),
        Column("count", "Deals", "count"),
        Column("sum", "Sum", "money"),
    )
    rows = tuple((f"Step {i}", 1, Money(sum_, currency)) for i, sum_ in enumerate(sums))
    period = Period(None, None, "all")
    made = Report(
        "waterfall", "Waterfall", date(2026, 3, 18), period, {}, columns, rows, {}, 1, "By hand."
    )
    return ["".join(span.text for span in line) for line in WaterfallChart(made, width).lines()]


def test_the_chart_is_exact_to_an_eighth_of_a_cell() -> None:
    lines = drawn(55, 400_00, 400_00, 0, -100_00, 700_00)
    assert lines[0].split() == ["EUR"]
    assert [line.split()[-1] for line in lines[1:]] == ["400", "+400", "-100", "700"]
    label, figure = len("Step 0"), len("+400")
    room = 55 - label - figure - 2
    bars = [line[label + 1 : label + 1 + room] for line in lines[1:]]
    assert bars[0].rstrip() == bar(round(room * 8 / 2))
    assert bars[1].strip() == bar(round(room * 8 / 2))
    assert bars[2].strip() == bar(round(room * 8 / 8))
    assert bars[3].rstrip() == bar(round(room * 8 * 7 / 8))
    assert len(bars[1]) - len(bars[1].lstrip()) == int(room / 2)
    assert len(bars[2]) - len(bars[2].lstrip()) == int(room * 7 / 8)


@given(
    st.integers(30, 200),
    st.lists(st.integers(0, 10**12), min_size=2, max_size=9),
)
def test_the_chart_keeps_to_its_width(width: int, sums: list[int]) -> None:
    changes = [*sums, -sum(sums[1:])]
    for line in drawn(width, *changes, sum(changes)):
        assert len(line) == width
