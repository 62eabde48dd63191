"""Activities, and whom they met, as they were known on an earlier day.

What was entered or deleted later their rows say themselves. Only what was changed later is rebuilt, from
the audit trail, and put in place of its rows: a past day costs what was written since, not what there is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from salestui.analytics.past import end_of
from salestui.analytics.past_people import stored
from salestui.store.location import POSTGRESQL, SQLITE
from salestui.store.reader import Reader

_COLUMNS = (
    "id", "kind", "direction", "state", "on_day", "done_at", "duration_minutes", "client_id", "deal_id",
    "stage_id", "rep_id", "is_imported", "created_at", "deleted_at",
)  # fmt: skip
"""What reports ask of an activity."""

_CHANGES = """
SELECT c.table_name, c.row_id, c.before FROM audit_entry e CROSS JOIN audit_change c
WHERE e.at > :until AND c.entry_id = e.id AND c.table_name IN ('activity', 'activity_contact')
      AND c.before <> :nothing AND (c.before <> :not_deleted OR e.kind = 'redo')
ORDER BY c.id DESC
"""
_NOTHING, _NOT_DELETED = "{}", '{"deleted_at":null}'
"""Changes that need no rebuilding: of whom an activity met, and a deletion, whose day the row has. One that
is done again keeps the day that it had at first."""

_NOW = """
SELECT {columns} FROM activity WHERE id IN ({listed}) AND (created_at <= :until OR is_imported)
"""
_SOURCE = """(SELECT {columns} FROM activity WHERE id NOT IN ({listed}) UNION ALL {rebuilt}) AS activity"""
_REBUILT = {
    SQLITE: "SELECT {fields} FROM json_each(:rebuilt)",
    POSTGRESQL: "SELECT {columns} FROM"
    " jsonb_populate_recordset(CAST(NULL AS activity), CAST(:rebuilt AS jsonb))",
}
_LISTED = {
    "columns": ", ".join(_COLUMNS),
    "fields": ", ".join(f"json_extract(value, '$.{each}')" for each in _COLUMNS),
}

_NOT_GONE = """ AND (activity.deleted_at IS NULL OR activity.deleted_at > :until)"""
_MET = """(x.deleted_at IS NULL OR x.deleted_at > :until{met})
 AND (x.created_at <= :until OR x.created_at <= activity.created_at)"""
"""Whom an imported activity met was entered with it."""


@dataclass(frozen=True, slots=True)
class Log:
    """The activities known on a day, as SQL to be put into statements.

    `source` follows FROM and is called `activity`; `conditions` follow a WHERE clause; `met` is that of an
    `activity_contact x` that was known then.
    """

    source: str = "activity"
    conditions: str = " AND activity.deleted_at IS NULL"
    met: str = "x.deleted_at IS NULL"
    values: Mapping[str, Any] = field(default_factory=dict)

    def narrowed(self, conditions: str, values: Mapping[str, Any]) -> Log:
        """Those of them that meet further conditions, which begin with AND."""
        return replace(
            self, conditions=self.conditions + conditions, values={**self.values, **values}
        )

    def rows(self, reader: Reader, sql: str, /, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement with `{activity}`, `{conditions}` and, if it asks whom, `{met}`."""
        sql = sql.replace("{activity}", self.source).replace("{met}", self.met)
        sql = sql.replace("{conditions}", self.conditions)
        return reader.rows(sql, **{**self.values, **values})


def activities_on(reader: Reader, day: date) -> Log:
    """The activities, done or planned, as known at the end of `day`; what was entered later is among them.

    It is today's table for today. Found once a read.
    """
    if day >= reader.today:
        return Log()
    key = (activities_on, day)
    if key not in reader.found:
        reader.found[key] = _known(reader, day)
    found: Log = reader.found[key]
    return found


def _known(reader: Reader, day: date) -> Log:
    until = end_of(reader, day)
    changed: dict[str, dict[str, Any]] = {}
    deleted: dict[str, int | None] = {}
    for table, row_id, before in reader.rows(
        _CHANGES, until=until, nothing=_NOTHING, not_deleted=_NOT_DELETED
    ):
        then = stored(json.loads(before), _COLUMNS)
        # The latest change comes first: what stood before the earliest remains.
        if table == "activity":
            changed.setdefault(row_id, {}).update(then)
        elif "deleted_at" in then:
            deleted[row_id] = then["deleted_at"]
    values: dict[str, Any] = {"until": until}
    met = _MET.replace("{met}", f" OR x.id IN ({reader.listed('met')})" if deleted else "")
    if deleted:
        met += f" AND x.id NOT IN ({reader.listed('unmet')})"
        gone = {row_id for row_id, at in deleted.items() if at is not None and at <= until}
        values |= {
            "met": json.dumps(sorted(deleted.keys() - gone)),
            "unmet": json.dumps(sorted(gone)),
        }
    source = "activity"
    if rebuilt := _rebuilt(reader, changed, until):
        source = _fill(reader, _SOURCE.replace("{rebuilt}", _REBUILT[reader.dialect]))
        values["changed"] = json.dumps([row["id"] for row in rebuilt])
        values["rebuilt"] = json.dumps(rebuilt)
    return Log(source, _NOT_GONE, met, values)


def _rebuilt(
    reader: Reader, changed: Mapping[str, dict[str, Any]], until: int
) -> list[dict[str, Any]]:
    """The rows, as they were, of activities that were there then and say something else since."""
    ids = json.dumps([row_id for row_id, then in changed.items() if then])
    rows = reader.rows(_fill(reader, _NOW), changed=ids, until=until) if changed else []
    return [dict(zip(_COLUMNS, row, strict=True)) | changed[row[0]] for row in rows]


def _fill(reader: Reader, sql: str) -> str:
    for name, part in {**_LISTED, "listed": reader.listed("changed")}.items():
        sql = sql.replace(f"{{{name}}}", part)
    return sql
