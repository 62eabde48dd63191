"""SQLite answers the reports from their indexes alone; what the Funnel screen reads is not even sorted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from salestui.analytics import marks
from salestui.analytics.pipeline.board import board
from salestui.analytics.scope import ask
from salestui.analytics.selling import activity, winning
from salestui.analytics.stages import conversion, decisions, funnel, losses
from salestui.analytics.stages.overview import overview
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period
from tests.analytics.book import STAGES, Life, Move, make_book

YEAR = Period(date(2025, 6, 1), date(2026, 5, 31), "2025-06-01..2026-05-31")

SCOPES: dict[str, dict[str, Any]] = {
    "everything": {},
    "a year": {"period": YEAR},
    "a rep": {"owner": "Ona"},
    "a team": {"team": "North"},
    "a pipeline": {"pipeline": "Sales"},
    "all at once": {"period": YEAR, "team": "North", "pipeline": "Sales"},
}


Plans = list[tuple[str, list[str]]]
"""Of each statement: its text and the lines of its plan."""


class Listening(Reader):
    """Keeps what is asked."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def _run(self, sql: str, parameters: dict[str, Any]) -> Any:
        self.asked.append((sql, parameters))
        return Reader._run(self, sql, parameters)

    def plans(self) -> Plans:
        """The plans of what was asked."""
        return [
            (sql, [row[3] for row in self.connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)])
            for sql, values in list(self.asked)
        ]


@pytest.fixture(params=["without statistics", "analysed"])
def book_store(request: pytest.FixtureRequest, sqlite_store: Store) -> Store:
    random = Random(1)
    book = make_book(sqlite_store)
    lives = []
    for _ in range(400):
        day = random.randint(-300, 60)
        moves = [Move(day)]
        for stage in STAGES[1 : random.randint(1, 3)]:
            day += random.randint(1, 9)
            moves.append(Move(day, stage))
        end = random.choice(("open", "won", "lost"))
        if end != "open":
            moves.append(Move(day + 5, moves[-1].stage, end, "Price" if end == "lost" else None))
        lives.append(Life(moves, random.randint(1, 9999), owner=random.choice(("Ona", "Zofia")),
                          product=random.choice(("Pump", "Valve")), client="Acme",
                          kind=random.choice(("new", "repeat"))))  # fmt: skip
    book.add(*lives)
    book.log(*({"day": random.randint(0, 70)} for _ in range(50)))
    if request.param == "analysed":
        connection = sqlite_store.engine().raw_connection()
        connection.driver_connection.execute("ANALYZE")
        connection.close()
    return sqlite_store


def plans_of(store: Store, report: Callable[..., Any], scope: dict[str, Any], *by: str) -> Plans:
    """The plans of all that a report asks."""

    def query(reader: Reader) -> Plans:
        ear = Listening(reader.connection, reader.dialect, reader.now, reader.today, None)
        report(ear, ask(reader, **scope), *by)
        return ear.plans()

    return store.read(query)


def touching(plans: Plans, *tables: str) -> Plans:
    """Those that read one of the large tables."""
    return [
        (sql, lines)
        for sql, lines in plans
        if any(f" {table} " in f" {line} " for line in lines for table in tables)
    ]


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_the_funnel_screen_reads_indexes_in_their_order(
    book_store: Store, scope: dict[str, Any]
) -> None:
    plans = plans_of(book_store, overview, scope)
    large = touching(plans, "deal", "passage")
    assert len(large) == 4 if "period" in scope else 5  # the fifth: what began before the records
    for sql, lines in large:
        for line in lines:
            # The few that were there before the records began are found by their day, and sorted.
            assert "TEMP B-TREE" not in line or ":tracked_from" in sql, (sql, lines)
            if line.startswith(("SCAN", "SEARCH")) and "CONSTANT ROW" not in line:
                assert "COVERING INDEX" in line, (sql, lines)


NARROWED = {
    "product=Pump": "substr(:marks",
    "kind=repeat": "substr(:marks",
    "clients=new": "buyer =",
    "clients=existing": "buyer =",
}
"""Slices, and how the rows of an index say whether they are of one."""


@pytest.mark.parametrize(("only", "said"), NARROWED.items(), ids=NARROWED)
def test_a_narrowed_funnel_screen_reads_the_same_indexes(
    book_store: Store, only: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its deals are found once; of what is counted, then, none is looked up and nothing is sorted."""
    monkeypatch.setattr(marks, "_FEW", 0)
    for scope in (SCOPES["everything"], SCOPES["all at once"]):
        large = touching(
            plans_of(book_store, overview, {**scope, "only": [only]}), "deal", "passage"
        )
        counting = [(sql, lines) for sql, lines in large if said in sql]
        assert len(counting) >= 3
        for sql, lines in counting:
            assert ":tracked_from" in sql or not any("TEMP B-TREE" in line for line in lines)
            assert all("COVERING INDEX" in line for line in lines if "SCAN" in line), (sql, lines)


def test_the_funnel_screen_asks_at_most_ten_times(book_store: Store) -> None:
    def count(reader: Reader) -> int:
        ask_all = Listening(reader.connection, reader.dialect, reader.now, reader.today, None)
        overview(ask_all, ask(reader))
        return len(ask_all.asked)

    assert book_store.read(count) <= 10


PLAIN = (None, "rep", "team", "office", "week", "month", "quarter", "year")
"""What reports are given by without reading the deals themselves, as by product or source."""

EVERY: list[tuple[Callable[..., Any], str | None]] = [
    *((funnel.funnel, by) for by in PLAIN),
    *((winning.win_rate, by) for by in (*PLAIN, "pipeline")),
    *((losses.losses, by) for by in (*PLAIN, "stage", "reason")),
    *((conversion.conversion, by) for by in PLAIN),
    *((activity.activity, by) for by in (*PLAIN, "kind", "direction")),
    (board, None),
]


@pytest.mark.parametrize(("report", "by"), EVERY, ids=[f"{r.__name__}-{by}" for r, by in EVERY])
def test_reports_read_indexes_alone(
    book_store: Store, report: Callable[..., Any], by: str | None
) -> None:
    scopes = [SCOPES["everything"]] if report is board else [SCOPES["everything"], SCOPES["a year"]]
    for scope in scopes:
        plans = plans_of(book_store, report, scope, *([by] if by else []))
        found = touching(plans, "deal", "d", "passage", "activity")
        assert found
        for sql, lines in found:
            for line in lines:
                if any(f" {name} " in f" {line} " for name in ("deal", "d", "passage", "activity")):
                    assert "COVERING INDEX" in line, (sql, lines)


def test_the_comparison_reads_its_decisions_from_their_index(book_store: Store) -> None:
    for by in (None, "owner_id"):
        plans = plans_of(book_store, decisions.decisions, SCOPES["a year"], *([by] if by else []))
        (_, dated), (_, undated) = plans[-2:]
        assert all("COVERING INDEX ix_passage_left" in line for line in dated), dated
        # Of moves without a day the deal's is asked: it is looked up for them alone.
        assert "COVERING INDEX ix_passage_left (left_on=?)" in undated[0], undated
