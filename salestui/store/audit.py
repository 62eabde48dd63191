"""The audit trail: every row that a write changes, before and after, caught at the flush."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, desc, inspect, select
from sqlmodel import Session, SQLModel

from salestui.models.base import UTC as Instant
from salestui.models.base import Day, Kept
from salestui.models.keys import new_keys
from salestui.models.records import AuditChange, AuditEntry
from salestui.store import bulk

_SILENT = frozenset({"version", "created_at"})
_DERIVED = {
    "deal": frozenset(
        {
            "stage_since_on",
            "furthest",
            "next_task_id",
            "next_due_on",
            "last_activity_on",
            "product_id",
            "buyer",
        }
    )
}

Fields = dict[str, Any]
Change = tuple[type[SQLModel], str, Fields | None, Fields]
"""(table, row id, fields before or `None` for a new row, fields after)."""


def pending(session: Session) -> Iterator[tuple[Any, Fields | None, Fields]]:
    """(row, fields before, fields after) of each row people edit that the flush will write."""
    for row in session.new:
        if isinstance(row, Kept):
            yield row, None, {name: getattr(row, name) for name in columns(type(row))}
    for row in session.dirty:
        if not isinstance(row, Kept):
            continue
        before: Fields = {}
        after: Fields = {}
        state = inspect(row)
        for name in columns(type(row)):
            change = state.attrs[name].history
            if change.has_changes() and change.deleted and change.deleted[0] != change.added[0]:
                before[name], after[name] = change.deleted[0], change.added[0]
        if after:
            yield row, before, after


@lru_cache(maxsize=64)
def columns(model: type[SQLModel]) -> tuple[str, ...]:
    """The columns whose changes are kept: neither bookkeeping nor derived."""
    table = model.__table__  # type: ignore[attr-defined]
    left_out = _SILENT | _DERIVED.get(table.name, frozenset()) | {"id"}
    return tuple(column.name for column in table.columns if column.name not in left_out)


class Changes:
    """What one write changed, row by row; several changes of one row count as one."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[type[SQLModel], Fields | None, Fields]] = {}

    def note(
        self, model: type[SQLModel], row_id: str, before: Fields | None, after: Fields
    ) -> None:
        known = self._rows.get(row_id)
        if known is None:
            self._rows[row_id] = (model, before, after)
            return
        _, first, last = known
        merged = None if first is None else {**(before or {}), **first}
        self._rows[row_id] = (model, merged, {**last, **after})

    def rows(self) -> list[Change]:
        """The changes, in the order in which their rows were first touched."""
        return [(model, row_id, old, new) for row_id, (model, old, new) in self._rows.items()]


def write(session: Session, entry_id: str, changes: Iterable[Change]) -> None:
    """Insert the audit rows of `changes`."""
    told = [
        (model, row_id, None, next(_said(model, [after])))
        if before is None
        else (model, row_id, to_json(before), to_json(after))
        for model, row_id, before, after in changes
    ]
    _insert(session, entry_id, told)


def write_new(
    session: Session, entry_id: str, model: type[SQLModel], rows: Sequence[Fields]
) -> None:
    """Insert the audit rows of many new rows of one table."""
    ids = (row["id"] for row in rows)
    texts = _said(model, rows)
    told = [(model, row_id, None, text) for row_id, text in zip(ids, texts, strict=True)]
    _insert(session, entry_id, told)


def _insert(
    session: Session,
    entry_id: str,
    told: Sequence[tuple[type[SQLModel], str, str | None, str]],
) -> None:
    rows = [
        {
            "id": key,
            "entry_id": entry_id,
            "table_name": model.__tablename__,
            "row_id": row_id,
            "before": before,
            "after": after,
        }
        for key, (model, row_id, before, after) in zip(new_keys(len(told)), told, strict=True)
    ]
    bulk.insert_rows(session, AuditChange.__table__, rows)  # type: ignore[attr-defined]


def _said(model: type[SQLModel], rows: Sequence[Fields]) -> Iterator[str]:
    """New rows as `to_json` would have the fields of each that say something."""
    parts: list[list[str]] = []
    for name in columns(model):
        values = [row[name] for row in rows]
        # Columns repeat themselves: each value is put into words once.
        words = {value: _part(name, value) for value in set(values)}
        if any(words.values()):
            parts.append([*map(words.__getitem__, values)])
    return ("{" + ",".join(filter(None, said)) + "}" for said in zip(*parts, strict=True))


def _part(name: str, value: Any) -> str:
    return "" if value is None or value == "" else f'"{name}":{to_json(value)}'


def complete(model: type[Kept], rows: Sequence[Fields], now: datetime) -> list[Fields]:
    """The rows with every column, defaults filled in, as one executemany needs them."""
    table = model.__table__  # type: ignore[attr-defined]
    fields = model.model_fields
    defaults = {
        column.name: None if fields[column.name].is_required() else fields[column.name].default
        for column in table.columns
    }
    defaults |= {"created_at": now, "version": 1}
    return [
        {**defaults, "id": key, **row} for key, row in zip(new_keys(len(rows)), rows, strict=True)
    ]


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def to_json(fields: Any) -> str:
    """Fields, or one value, as compact JSON; days and instants in ISO form, a vocabulary's words as text."""
    return str(fields) if type(fields) is int else _encode(fields)


def from_json(model: type[SQLModel], text: str) -> Fields:
    """The inverse of `to_json`, by the types of the table's columns."""
    table = model.__table__  # type: ignore[attr-defined]
    return {name: _typed(table.columns[name], value) for name, value in json.loads(text).items()}


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Day):
        return date.fromisoformat(value)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    return value


def last_change(session: Session, row_id: str) -> str:
    """Who changed a row last, and when: "Ona at 2026-03-01 14:02"."""
    row = session.execute(
        select(AuditEntry.actor, AuditEntry.at)  # type: ignore[call-overload]
        .join(AuditChange, AuditChange.entry_id == AuditEntry.id)
        .where(AuditChange.row_id == row_id)
        .order_by(desc(AuditEntry.id))
        .limit(1)
    ).first()
    if row is None:
        return "Someone"
    return f"{row[0]} at {row[1].astimezone():%Y-%m-%d %H:%M}"
