"""The one writer of the deals' dated history. Events are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session

from salestui.models.deals import Deal, DealEvent
from salestui.models.keys import new_keys
from salestui.models.records import AuditEntry
from salestui.models.vocabulary import EntryKind, EventKind
from salestui.store import bulk
from salestui.store.by_ids import ByIds

if TYPE_CHECKING:
    from salestui.store.unit import Unit

FACTS = (
    "pipeline_id",
    "stage_id",
    "owner_id",
    "amount_minor",
    "currency",
    "expected_close_on",
    "forecast_category",
    "outcome",
    "is_active",
    "loss_reason_id",
    "competitor_id",
)
"""What an event states of a deal."""

_events = DealEvent.__table__  # type: ignore[attr-defined]
_CHUNK = 1000

# Made once: a key that moves one deal waits as long for SQLAlchemy to put these together as for SQLite.
_LAST_SEQ = ByIds(
    lambda among: (
        select(_events.c.deal_id, func.max(_events.c.seq))
        .where(among(_events.c.deal_id))
        .group_by(_events.c.deal_id)
    )
)


def chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids in parts small enough for one statement."""
    listed = sorted(ids)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]


def append(unit: Unit) -> None:
    """An event for every deal whose facts this write changed."""
    _state(unit, unit.touched.history)


def _state(unit: Unit, deal_ids: Iterable[str]) -> None:
    """An event that states each deal as it is now."""
    rows: list[dict[str, Any]] = []
    for ids in chunks(deal_ids):
        last = _last_seq(unit, ids)
        for deal_id, deal in _deals(unit, ids).items():
            day = unit.occurred_on.get(deal_id, unit.today)
            rows.append(
                {
                    "deal_id": deal_id,
                    "seq": last.get(deal_id, 0) + 1,
                    "occurred_on": day,
                    "occurred_at": unit.now if day == unit.today else None,
                    **{name: getattr(deal, name) for name in FACTS},
                }
            )
    insert_events(unit, rows)


def _deals(unit: Unit, ids: Sequence[str]) -> dict[str, Deal]:
    """The deals, asked for in one go if not at hand; those that are not there are left out."""
    session, column = unit.session, cast(Any, Deal).id
    here = {each: session.identity_map.get(identity_key(Deal, each)) for each in ids}
    if missing := [deal_id for deal_id, deal in here.items() if deal is None]:
        rows = session.execute(select(Deal).where(column.in_(missing)))
        here |= {deal.id: deal for deal in rows.scalars()}
    return {deal_id: deal for deal_id, deal in here.items() if deal is not None}


def insert_events(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Add events given as the facts after them, `deal_id`, `seq`, `occurred_on` and `occurred_at`.

    Imported ones count as recorded when they occurred, undated ones as recorded now.
    """
    complete = [
        {
            "id": key,
            "entry_id": unit.entry_id,
            "kind": EventKind.CHANGE,
            "voids_id": None,
            "actor_id": unit.actor_id,
            "is_imported": unit.is_import,
            "occurred_at": None,
            **row,
            "recorded_at": row.get("recorded_at") or recorded_at(unit, row["occurred_on"]),
        }
        for key, row in zip(new_keys(len(rows)), rows, strict=True)
    ]
    if complete:
        bulk.insert_rows(unit.session, _events, complete)
        unit.touched.deals.update(row["deal_id"] for row in complete)


def recorded_at(unit: Unit, occurred_on: date | None) -> datetime:
    """Noon UTC is the same calendar day in nearly every time zone."""
    if not unit.is_import or occurred_on is None:
        return unit.now
    return min(unit.now, _noon(occurred_on))


@lru_cache(maxsize=10_000)
def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _last_seq(unit: Unit, ids: Sequence[str]) -> dict[str, int]:
    return {row[0]: row[1] for row in _LAST_SEQ.run(unit.session, ids)}


def last_facts(session: Session, ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """What the history says last of each deal, in the order of `FACTS`; what is voided is not counted."""
    voided = select(_events.c.voids_id).where(
        _events.c.voids_id.is_not(None), _events.c.deal_id.in_(ids)
    )
    query = select(_events.c.deal_id, *(_events.c[name] for name in FACTS)).where(
        _events.c.deal_id.in_(ids),
        _events.c.kind == EventKind.CHANGE,
        _events.c.id.not_in(voided),
    )
    return {row[0]: tuple(row[1:]) for row in session.execute(query.order_by(_events.c.seq))}


def _facts_of(deal: Deal) -> tuple[Any, ...]:
    return tuple(getattr(deal, name) for name in FACTS)


def settle(unit: Unit) -> None:
    """After an undo or redo: an event for every deal that the history would now tell wrongly of.

    So it is when someone else has changed another fact of the deal in between: that event states all.
    """
    for ids in chunks(unit.touched.history):
        said = last_facts(unit.session, ids)
        _state(
            unit,
            [
                deal_id
                for deal_id, deal in _deals(unit, ids).items()
                if deal.deleted_at is None and said.get(deal_id) != _facts_of(deal)
            ],
        )


def _events_of(unit: Unit, entry_id: str) -> list[dict[str, Any]]:
    """The change events of an entry and of its redoings that nothing has voided."""
    entries = AuditEntry.__table__  # type: ignore[attr-defined]
    redone = select(entries.c.id).where(
        entries.c.target_id == entry_id, entries.c.kind == EntryKind.REDO
    )
    voided = select(_events.c.voids_id).where(_events.c.voids_id.is_not(None))
    query = select(_events).where(
        _events.c.kind == EventKind.CHANGE,
        (_events.c.entry_id == entry_id) | _events.c.entry_id.in_(redone),
        _events.c.id.not_in(voided),
    )
    return [dict(row._mapping) for row in unit.session.execute(query.order_by(_events.c.seq))]


def void(unit: Unit, entry_id: str) -> None:
    """Take the events of an entry back: from now on no view counts them."""
    _follow(unit, _events_of(unit, entry_id), kind=EventKind.VOID)


def replay(unit: Unit, entry_id: str) -> None:
    """State the events of an undone entry anew: they happened when they happened, we learn them again.

    Those that no longer lead to what the deal is now are left to `settle`.
    """
    query = select(_events).where(
        _events.c.kind == EventKind.CHANGE, _events.c.entry_id == entry_id
    )
    rows = [dict(row._mapping) for row in unit.session.execute(query.order_by(_events.c.seq))]
    last = {row["deal_id"]: tuple(row[name] for name in FACTS) for row in rows}
    fit = {
        deal_id
        for ids in chunks(last)
        for deal_id, deal in _deals(unit, ids).items()
        if last[deal_id] == _facts_of(deal)
    }
    _follow(unit, [row for row in rows if row["deal_id"] in fit], kind=EventKind.CHANGE)


def _follow(unit: Unit, rows: Sequence[dict[str, Any]], *, kind: EventKind) -> None:
    seqs: dict[str, int] = {}
    for ids in chunks({row["deal_id"] for row in rows}):
        seqs |= _last_seq(unit, ids)
    added = []
    for key, row in zip(new_keys(len(rows)), rows, strict=True):
        seqs[row["deal_id"]] = seq = seqs[row["deal_id"]] + 1
        added.append(
            row
            | {
                "id": key,
                "entry_id": unit.entry_id,
                "kind": kind,
                "voids_id": row["id"] if kind == EventKind.VOID else None,
                "seq": seq,
                "actor_id": unit.actor_id,
                "recorded_at": unit.now,
            }
        )
    if added:
        bulk.insert_rows(unit.session, _events, added)
        unit.touched.deals.update(row["deal_id"] for row in added)
