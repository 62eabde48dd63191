"""The audit trail: who changed what and when, with the values before and after."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salestui.store.reader import Reader
from salestui.text import decimal_text, from_day, from_micros

Scalar = str | int | bool | None

_BELOW = {
    "client": (
        "SELECT id FROM branch WHERE client_id = :id",
        "SELECT id FROM contact WHERE client_id = :id",
        "SELECT id FROM medium WHERE client_id = :id",
        "SELECT id FROM client_assistant WHERE client_id = :id",
        "SELECT id FROM deal WHERE client_id = :id",
        "SELECT id FROM activity WHERE client_id = :id",
    ),
    "deal": (
        "SELECT id FROM deal_line WHERE deal_id = :id",
        "SELECT id FROM activity WHERE deal_id = :id",
    ),
    "pipeline": ("SELECT id FROM stage WHERE pipeline_id = :id",),
    "competitor": ("SELECT id FROM competitor_product WHERE competitor_id = :id",),
    "bonus plan": (
        "SELECT id FROM bonus_tier WHERE plan_id = :id",
        "SELECT id FROM bonus_grant WHERE plan_id = :id",
    ),
    "reference": (
        "SELECT id FROM reference WHERE pipeline_id = :id",
        "SELECT s.id FROM reference r JOIN reference_stage s ON s.reference_id = r.id"
        " WHERE r.pipeline_id = :id",
    ),
    "reference stage": ("SELECT id FROM reference_stage WHERE stage_id = :id",),
}
"""Rows whose changes belong to the story of something, besides its own."""

_NAMES = {
    "client": "name, ''",
    "contact": "name, ''",
    "branch": "name, ''",
    "deal": "title, currency",
    "activity": "subject, ''",
    "rep": "name, ''",
    "team": "name, ''",
    "territory": "name, ''",
    "pipeline": "name, currency",
    "stage": "name, ''",
    "product": "name, currency",
    "competitor": "name, ''",
    "competitor_product": "name, ''",
    "loss_reason": "name, ''",
    "activity_kind": "name, ''",
    "medium": "value, ''",
    "deal_line": "'', currency",
    "quota": "measure, currency",
    "bonus_plan": "name, currency",
    # A half percent is told too; both engines print zeros after it, but not the same number of them.
    "bonus_tier": "(SELECT p.name FROM bonus_plan p WHERE p.id = plan_id) || ' from '"
    " || rtrim(rtrim(CAST(from_bp / 100.0 AS text), '0'), '.') || ' %',"
    " (SELECT p.currency FROM bonus_plan p WHERE p.id = plan_id)",
    "bonus_grant": "(SELECT p.name FROM bonus_plan p WHERE p.id = plan_id) || ' to '"
    " || (SELECT r.name FROM rep r WHERE r.id = rep_id), ''",
    "cost": "kind, currency",
    "reference": "(SELECT p.name FROM pipeline p WHERE p.id = pipeline_id) || ' '"
    " || CAST(number AS text), ''",
    "reference_stage": "(SELECT s.name FROM stage s WHERE s.id = stage_id), currency",
    "forecast_call": "notes, currency",
    "decision": "text, ''",
}
"""What a row is called, and the currency of its amounts."""
_DATED = frozenset({"quota", "bonus_grant", "cost"})
"""Rows that are called by their days as well."""


_UNTOLD = frozenset({"sort_key"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one row: keys are shown as names, money as an exact decimal, `None` as nothing."""

    field: str
    before: Scalar
    after: Scalar


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that an entry changed; `is_new` if the entry made it."""

    table: str
    row_id: str
    name: str
    is_new: bool
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: who, when, what. `change_count` counts all rows, `rows` are the first of them."""

    id: str
    at: datetime
    actor: str
    action: str
    summary: str
    kind: str
    change_count: int
    rows: tuple[RowChange, ...]


def entries(
    reader: Reader,
    *,
    about: tuple[str, str] | None = None,
    actor_id: str | None = None,
    limit: int = 20,
    rows_each: int = 20,
) -> list[Entry]:
    """The latest entries, newest first.

    `about` ("client", "deal", "bonus plan" …, its id) keeps those that changed it or what belongs to
    it. Of an entry that changed more than `rows_each` rows, as an import does, it tells only those.
    """
    found = reader.rows(_entries_sql(about, actor_id), **_values(about, actor_id, limit))
    changes: dict[str, list[tuple[Any, ...]]] = {}
    for row in found:
        asked = about if row[6] > rows_each else None
        values = {"entry_id": row[0], "many": rows_each} | ({"id": asked[1]} if asked else {})
        changes[row[0]] = reader.rows(_changes_sql(asked), **values)
    told = _Names(reader, [change for listed in changes.values() for change in listed])
    return [
        Entry(
            id=row[0],
            at=from_micros(row[1]),
            actor=row[2],
            action=row[3],
            summary=row[4],
            kind=row[5],
            change_count=row[6],
            rows=tuple(told.row(*change) for change in changes[row[0]]),
        )
        for row in found
    ]


def _entries_sql(about: tuple[str, str] | None, actor_id: str | None) -> str:
    conditions = []
    if actor_id is not None:
        conditions.append("e.actor_id = :actor_id")
    if about is not None:
        conditions.append(
            f"e.id IN (SELECT entry_id FROM audit_change WHERE row_id IN ({_rows_of(about)}))"  # noqa: S608
        )
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return (
        "SELECT e.id, e.at, e.actor, e.action, e.summary, e.kind, e.change_count"  # noqa: S608
        f" FROM audit_entry e{where} ORDER BY e.id DESC LIMIT :many"
    )


def _changes_sql(about: tuple[str, str] | None) -> str:
    # Led by the rows asked about, where there are any: the entry may be an import of thousands.
    which = f"entry_id || '' = :entry_id AND row_id IN ({_rows_of(about)})" if about else None
    return (
        "SELECT table_name, row_id, before, after FROM audit_change"  # noqa: S608
        f" WHERE {which or 'entry_id = :entry_id'} ORDER BY id LIMIT :many"
    )


def _rows_of(about: tuple[str, str]) -> str:
    return " UNION ALL ".join(("SELECT CAST(:id AS text)", *_BELOW.get(about[0], ())))


def _values(about: tuple[str, str] | None, actor_id: str | None, limit: int) -> dict[str, Any]:
    values: dict[str, Any] = {"many": limit}
    if actor_id is not None:
        values["actor_id"] = actor_id
    if about is not None:
        values["id"] = about[1]
    return values


class _Names:
    """Names for the keys that occur in some audited changes, looked up at once."""

    def __init__(self, reader: Reader, changes: Iterable[tuple[Any, ...]]) -> None:
        ids = set()
        for _, row_id, before, after in changes:
            ids.add(row_id)
            for text in (before, after):
                fields = json.loads(text) if text else {}
                ids.update(v for k, v in fields.items() if k.endswith("_id") and v)
        self._known = _looked_up(reader, sorted(ids)) if ids else {}

    def row(self, table: str, row_id: str, before: str | None, after: str) -> RowChange:
        name, currency = self._known.get(row_id, ("", ""))
        old: Mapping[str, Any] = json.loads(before) if before else {}
        new: Mapping[str, Any] = json.loads(after)
        fields = tuple(
            FieldChange(
                field,
                self._plain(field, old.get(field), old, currency),
                self._plain(field, value, new, currency),
            )
            for field, value in new.items()
            if field not in _UNTOLD
        )
        return RowChange(table, row_id, name, before is None, fields)

    def _plain(self, field: str, value: Scalar, fields: Mapping[str, Any], currency: str) -> Scalar:
        if field.endswith("_id") and isinstance(value, str):
            return self._known.get(value, (value, ""))[0] or value
        if field.endswith("_minor") and isinstance(value, int):
            return decimal_text(value, fields.get("currency") or currency or "EUR")
        return value


def _looked_up(reader: Reader, ids: list[str]) -> dict[str, tuple[str, str]]:
    listed = reader.listed("ids")
    parts = " UNION ALL ".join(
        f"SELECT id, {columns}, {_days(table)} FROM {table} WHERE id IN ({listed})"  # noqa: S608
        for table, columns in _NAMES.items()
    )
    return {
        key: (f"{name} {_span(first, last)}" if first else name, currency)
        for key, name, currency, first, last in reader.rows(parts, ids=json.dumps(ids))
    }


def _days(table: str) -> str:
    return (
        "first_on, last_on" if table in _DATED else "CAST(NULL AS INTEGER), CAST(NULL AS INTEGER)"
    )


def _span(first: int, last: int | None) -> str:
    until = "" if last is None else from_day(last).isoformat()
    return f"{from_day(first).isoformat()}..{until}"
