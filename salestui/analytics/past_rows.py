"""The rows of deals and passages as they were known on an earlier day, put into a database in memory.

Deals of which nothing has been learned since are copied as they are; only of the others is the way
through the stages found again, from their events.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from salestui.analytics.past_deletions import deletions
from salestui.models.passage import Step, Way, way
from salestui.models.vocabulary import Outcome
from salestui.store import driver
from salestui.store.location import SQLITE
from salestui.store.reader import Reader

Row = tuple[Any, ...]

_LASTING = ("id", "number", "title", "client_id", "product_id", "kind", "source", "created_on")
"""What no event says of a deal: it is today's, whichever day is asked about."""
_DEAL = (
    *_LASTING,
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
_PASSAGE = (
    "deal_id",
    "number",
    "stage_id",
    "entered_on",
    "left_on",
    "result",
    "owner_id",
    "currency",
    "amount_minor",
    "slot",
)
_TABLES = {"deal": ("id", _DEAL), "passage": ("deal_id", _PASSAGE)}
"""Name → the key of the deal, the columns."""

_VIEW = """
CREATE VIEW {table} AS SELECT *,
CASE WHEN number IN (SELECT number FROM known_deal WHERE client_id IS NULL OR created_on IS NULL) THEN NULL
     WHEN number IN (SELECT later.number FROM
            (SELECT client_id, min(closed_on) AS first_on FROM known_deal
             WHERE client_id > '' AND outcome = 'won' GROUP BY client_id) AS bought
            CROSS JOIN known_deal later
            WHERE bought.client_id = later.client_id AND bought.first_on < later.created_on)
     THEN 'existing' ELSE 'new' END AS buyer
FROM known_{table}
"""
"""The rows with `buyer` as it was then (`models/buyer.py`): worked out where it is asked for, once for all
of them, because most of what is asked of the past has no use for it."""

_CHANGED = """
SELECT deal_id FROM deal_event
WHERE recorded_at > :until OR occurred_on > :day OR voids_id IS NOT NULL
UNION SELECT id FROM deal WHERE deleted_at IS NOT NULL OR created_on > :day
UNION {returned}
"""
"""Deals that may not be today as they were known then; one with anything taken back, or that was deleted
and came back, is among them."""

_NOT_DELETED = """
(d.deleted_at IS NULL OR d.deleted_at > :until OR d.id IN ({returned})) AND d.id NOT IN ({gone})
"""
"""Rows tell it of all deals but those that were deleted and came back (`past_deletions.py`)."""

_EVENTS = f"""
SELECT {", ".join(f"d.{name}" for name in _LASTING)},
       e.stage_id, e.outcome, e.is_active, e.occurred_on,
       e.pipeline_id, e.owner_id, e.amount_minor, e.currency, e.expected_close_on,
       e.loss_reason_id, e.competitor_id
FROM ({_CHANGED}) c CROSS JOIN deal d CROSS JOIN deal_event e
WHERE d.id = c.deal_id AND e.deal_id = d.id
      AND {_NOT_DELETED}
      AND (d.created_on IS NULL OR d.created_on <= :day)
      AND e.kind = 'change' AND e.recorded_at <= :until
      AND (e.occurred_on IS NULL OR e.occurred_on <= :day)
      AND NOT EXISTS (SELECT 1 FROM deal_event v WHERE v.voids_id = e.id AND v.recorded_at <= :until)
ORDER BY e.deal_id, e.seq
"""  # noqa: S608 (constants of this module)
_AT = len(_LASTING)
"""Where an event's own columns begin."""

_STATE = "SELECT count(*), max(id) FROM {}audit_entry"
"""Every write adds an entry: two connections that find the same see the same store."""


def fill(memory: Any, reader: Reader, *, day: int, until: int) -> None:
    """Make `deal` and `passage`, to be read, in an empty database: what had happened by `day` and was
    recorded by `until`, a day since 1970 and an instant in microseconds. Clients and reps have today's
    territory."""
    bounds = {"day": day, "until": until, **_deleted(reader, until)}
    for table, (_, columns) in _TABLES.items():
        memory.execute(f"CREATE TABLE known_{table} ({', '.join(columns)})")
        memory.execute(_VIEW.replace("{table}", table))
    for table in ("client", "rep"):
        memory.execute(f"CREATE TABLE {table} (id PRIMARY KEY, name, territory_id)")
        placed = f"SELECT id, NULL, territory_id FROM {table} WHERE territory_id IS NOT NULL"  # noqa: S608
        _insert(memory, table, reader.rows(placed))
    memory.execute("CREATE TEMP TABLE changed (id PRIMARY KEY) WITHOUT ROWID")
    changed = reader.rows(_with_lists(reader, _CHANGED), **bounds)
    _insert(memory, "changed", changed)
    if not _copied_whole(memory, reader):
        _copy(memory, reader, {row[0] for row in changed})
    for deals, passages in _found_again(reader, bounds):
        _insert(memory, "known_deal", deals)
        _insert(memory, "known_passage", passages)
    memory.execute("DROP TABLE changed")
    memory.execute("CREATE INDEX passage_slot ON known_passage (slot)")


def _copied_whole(memory: Any, reader: Reader) -> bool:
    """Let SQLite copy from file to memory, ten times faster than row by row.

    False, and nothing copied, where there is no file, it shows another state than `reader` sees, or a
    writer keeps it locked.
    """
    path = reader.row("PRAGMA database_list") if reader.dialect == SQLITE else None
    if path is None or not path[2]:
        return False
    try:
        memory.execute("ATTACH ? AS store", (f"{Path(path[2]).as_uri()}?mode=ro",))
        memory.execute("BEGIN")
        is_same = memory.execute(_STATE.format("store.")).fetchone() == reader.row(
            _STATE.format("")
        )
        for table, (key, columns) in _TABLES.items() if is_same else ():
            memory.execute(
                f"INSERT INTO known_{table} SELECT {', '.join(columns)} FROM store.{table}"  # noqa: S608
                f" WHERE {key} NOT IN (SELECT id FROM changed)"
            )
        memory.execute("COMMIT")
    except driver.sqlite.OperationalError:
        if memory.in_transaction:
            memory.execute("ROLLBACK")
        return False
    finally:
        with suppress(driver.sqlite.OperationalError):
            memory.execute("DETACH store")
    return bool(is_same)


def _copy(memory: Any, reader: Reader, changed: set[str]) -> None:
    for table, (_, columns) in _TABLES.items():
        place = 0
        for batch in reader.batches(f"SELECT {', '.join(columns)} FROM {table}"):  # noqa: S608
            _insert(memory, f"known_{table}", [row for row in batch if row[place] not in changed])


def _insert(memory: Any, table: str, rows: Sequence[Row]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        memory.execute("BEGIN")
        memory.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
        memory.execute("COMMIT")


def _deleted(reader: Reader, until: int) -> dict[str, str]:
    spans = deletions(reader)
    gone = [key for key, each in spans.items() if any(a <= until < b for a, b in each)]
    return {"returned": json.dumps(list(spans)), "gone": json.dumps(gone)}


def _with_lists(reader: Reader, sql: str) -> str:
    for name in ("returned", "gone"):
        sql = sql.replace(f"{{{name}}}", reader.listed(name))
    return sql


def _found_again(reader: Reader, bounds: dict[str, Any]) -> Iterator[tuple[list[Row], list[Row]]]:
    """The rows of the deals that have changed, a thousand deals at a time."""
    positions = dict(reader.rows("SELECT id, position FROM stage"))
    batches = reader.batches(_with_lists(reader, _EVENTS), **bounds)
    of_deals = groupby(chain.from_iterable(batches), key=itemgetter(0))
    while True:
        deals: list[Row] = []
        passages: list[Row] = []
        for _, events in islice(of_deals, 1_000):
            listed = list(events)
            found = way([Step(*event[_AT : _AT + 4]) for event in listed], positions)
            deals.append(_deal(listed, found))
            passages += _passages(listed[-1], found)
        if not deals:
            return
        yield deals, passages


def _deal(events: Sequence[Row], found: Way) -> Row:
    last = events[-1]
    stage_id, outcome, is_active = last[_AT : _AT + 3]
    return (
        *last[:_AT],
        *last[_AT + 4 :],
        stage_id,
        outcome,
        bool(is_active),
        _closed_on(events),
        found.stage_since_on,
        found.furthest,
        None,
    )


def _closed_on(events: Iterable[Row]) -> int | None:
    """The day of the change that won or lost the deal, as long as it stands."""
    closed_on, before = None, ""
    for event in events:
        outcome, day = event[_AT + 1], event[_AT + 3]
        if outcome not in (Outcome.WON, Outcome.LOST):
            closed_on = None
        elif outcome != before:
            closed_on = day
        before = outcome
    return closed_on


def _passages(last: Row, found: Way) -> Iterator[Row]:
    deal_id, number = last[:2]
    owner_id, amount, currency = last[_AT + 5 : _AT + 8]
    for passage in found.passages:
        yield (
            deal_id,
            number,
            passage.stage_id,
            passage.entered_on,
            passage.left_on,
            passage.result,
            owner_id,
            currency,
            amount,
            passage.slot(currency),
        )
