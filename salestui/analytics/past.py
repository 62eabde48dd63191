"""The deals as they were known on an earlier day, rebuilt from their history.

The rebuilt `deal` and `passage` rows lie in a small database in memory, so the very statements that
count today's deals count the past ones: an as-of report cannot mean something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from salestui.models.passage import Step, Way, way
from salestui.models.vocabulary import Outcome
from salestui.store import driver
from salestui.store.location import SQLITE
from salestui.store.reader import Reader
from salestui.text import to_day, to_micros

_DEAL_COLUMNS = (
    "id",
    "number",
    "title",
    "client_id",
    "product_id",
    "kind",
    "source",
    "created_on",
    "pipeline_id",
    "owner_id",
    "amount_minor",
    "currency",
    "expected_close_on",
    "loss_reason_id",
    "competitor_id",
    "stage_id",
    "outcome",
    "is_active",
    "closed_on",
    "stage_since_on",
    "furthest",
    "deleted_at",
)
_PASSAGE_COLUMNS = (
    "deal_id",
    "stage_id",
    "entered_on",
    "left_on",
    "result",
    "owner_id",
    "currency",
    "amount_minor",
    "slot",
)

_DEALS = """
SELECT id, number, title, client_id, product_id, kind, source, created_on
FROM deal
WHERE (deleted_at IS NULL OR deleted_at > :until) AND (created_on IS NULL OR created_on <= :day)
"""

_EVENTS = """
SELECT e.deal_id, e.stage_id, e.outcome, e.is_active, e.occurred_on,
       e.pipeline_id, e.owner_id, e.amount_minor, e.currency, e.expected_close_on,
       e.loss_reason_id, e.competitor_id
FROM deal_event e
WHERE e.kind = 'change' AND e.recorded_at <= :until
      AND (e.occurred_on IS NULL OR e.occurred_on <= :day)
      AND NOT EXISTS (SELECT 1 FROM deal_event v WHERE v.voids_id = e.id AND v.recorded_at <= :until)
ORDER BY e.deal_id, e.seq
"""


_SHARED: ContextVar[tuple[Any, date, Reader] | None] = ContextVar("shared", default=None)
"""The connection that deals were rebuilt from, the day, and the reader of the rebuilt ones."""


@contextmanager
def known_on(reader: Reader, day: date) -> Iterator[Reader]:
    """A reader of the deals as known on `day`: `reader` itself for today.

    Clients, products, reps and their teams are today's; ask `reader` for their names.
    """
    if day >= reader.today:
        yield reader
        return
    shared = _SHARED.get()
    if shared is not None and shared[0] is reader.connection and shared[1] == day:
        yield shared[2]
        return
    with rebuilt(reader, day) as then:
        yield then


@contextmanager
def known_once(reader: Reader, day: date) -> Iterator[None]:
    """Within the block the deals of `day` are rebuilt once, however often `known_on` is asked."""
    with known_on(reader, day) as then:
        mark = _SHARED.set((reader.connection, day, then))
        try:
            yield
        finally:
            _SHARED.reset(mark)


@contextmanager
def rebuilt(reader: Reader, day: date) -> Iterator[Reader]:
    """A reader of the deals rebuilt from what had happened by `day` and was recorded by its end."""
    memory = driver.sqlite.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        _fill(memory, reader, day)
        yield replace(reader, connection=memory, dialect=SQLITE, today=day, statements=0)
    finally:
        memory.close()


def copy_names(reader: Reader, then: Reader) -> None:
    """Let a rebuilt store name stages, clients and reps: by what they are called today."""
    for table in ("stage", "client", "rep"):
        then.connection.execute(f"CREATE TABLE {table} (id PRIMARY KEY, name)")
        rows = reader.rows(f"SELECT id, name FROM {table}")  # noqa: S608 (the names above)
        then.connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)  # noqa: S608


def _fill(memory: Any, reader: Reader, day: date) -> None:
    deals, passages = _rebuild(reader, day)
    for table, columns, rows in (
        ("deal", _DEAL_COLUMNS, deals),
        ("passage", _PASSAGE_COLUMNS, passages),
    ):
        memory.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        memory.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
    memory.execute("CREATE INDEX passage_slot ON passage (slot)")


def _rebuild(reader: Reader, day: date) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    bounds = {"day": to_day(day), "until": end_of(reader, day)}
    kept = {row[0]: row for row in reader.rows(_DEALS, **bounds)}
    positions = dict(reader.rows("SELECT id, position FROM stage"))
    deals: list[tuple[Any, ...]] = []
    passages: list[tuple[Any, ...]] = []
    for deal_id, events in groupby(reader.rows(_EVENTS, **bounds), key=itemgetter(0)):
        if deal_id not in kept:
            continue
        listed = list(events)
        found = way([Step(*event[1:5]) for event in listed], positions)
        deals.append(_deal(kept[deal_id], listed, found))
        passages += _passages(deal_id, listed[-1], found)
    return deals, passages


def end_of(reader: Reader, day: date) -> int:
    """The last microsecond of the day where the reader is; for today, all that is recorded."""
    if day >= reader.today:
        return to_micros(reader.now + timedelta(days=1))
    midnight = datetime.combine(day + timedelta(days=1), time(), reader.now.tzinfo)
    return to_micros(midnight) - 1


def _deal(kept: tuple[Any, ...], events: Sequence[tuple[Any, ...]], found: Way) -> tuple[Any, ...]:
    last = events[-1]
    stage_id, outcome, is_active = last[1:4]
    return (
        *kept,
        *last[5:12],
        stage_id,
        outcome,
        bool(is_active),
        _closed_on(events),
        found.stage_since_on,
        found.furthest,
        None,
    )


def _closed_on(events: Iterable[tuple[Any, ...]]) -> int | None:
    """The day of the change that won or lost the deal, as long as it stands."""
    closed_on, before = None, ""
    for event in events:
        outcome, day = event[2], event[4]
        if outcome not in (Outcome.WON, Outcome.LOST):
            closed_on = None
        elif outcome != before:
            closed_on = day
        before = outcome
    return closed_on


def _passages(deal_id: str, last: tuple[Any, ...], found: Way) -> Iterator[tuple[Any, ...]]:
    owner_id, amount, currency = last[6:9]
    for passage in found.passages:
        yield (
            deal_id,
            passage.stage_id,
            passage.entered_on,
            passage.left_on,
            passage.result,
            owner_id,
            currency,
            amount,
            passage.slot(currency),
        )
