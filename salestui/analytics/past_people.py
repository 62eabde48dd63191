"""Reps, teams and what they plan, as they were known on an earlier day: rebuilt from the audit trail.

Their rows lie in a small database in memory, so the very statements that read those of today read the
past ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from salestui.analytics.past import empty_memory, end_of
from salestui.store.location import SQLITE
from salestui.store.reader import Reader
from salestui.text import Period, so_many, to_day, to_micros

_TABLES: Mapping[str, tuple[str, ...]] = {
    "rep": ("name", "role", "team_id", "started_on", "left_on"),
    "team": ("name", "office"),
    "quota": ("rep_id", "team_id", "first_on", "last_on", "measure", "amount_minor", "deals", "currency"),
    "bonus_plan": ("name", "measure", "span", "currency"),
    "bonus_tier": ("plan_id", "from_bp", "fixed_minor", "rate_bp", "per_deal_minor"),
    "bonus_grant": ("plan_id", "rep_id", "first_on", "last_on"),
    "cost": ("kind", "rep_id", "team_id", "first_on", "last_on", "amount_minor", "currency", "notes"),
}  # fmt: skip
_ALL = ("id", "version", "created_at", "deleted_at")
"""What each of them has besides."""

_BEGUN_BY: Mapping[str, str] = {
    "quota": "quota", "bonus_plan": "bonus_plan", "bonus_tier": "bonus_plan",
    "bonus_grant": "bonus_plan", "cost": "cost",
}  # fmt: skip
"""Plans, and the table whose first row begins them: from then on what is entered later is not known."""

_TODAYS = frozenset({"name", "version"})
"""Columns that stay as they are today: a report of any day calls people as they are called."""

_CHANGES = """
SELECT c.row_id, c.before FROM {table} x CROSS JOIN audit_change c CROSS JOIN audit_entry e
WHERE c.row_id = x.id AND e.id = c.entry_id AND c.before IS NOT NULL AND e.at > :until
ORDER BY c.id DESC
"""


def people_on(reader: Reader, day: date) -> Reader:
    """A reader of reps, teams, quotas, bonuses and costs as known at the end of `day`.

    It is `reader` itself for today; else it has those tables alone, and lasts as long as `reader`. What
    was changed or deleted later is as it was. Quotas, bonuses or costs that were entered later count only
    where none at all had been entered by that day: a team that begins with salestui enters the plans of
    months past. Reps and teams count whenever they were entered: imported deals of that day are theirs.
    `entered_later` says how many count so.
    """
    if day >= reader.today:
        return reader
    key = (people_on, day)
    if key not in reader.found:
        memory = empty_memory()
        reader.found[key] = Reader(memory, SQLITE, reader.now, day, reader.actor_id)
        until = end_of(reader, day)
        for table, own in _TABLES.items():
            columns = (*_ALL, *own)
            marks = ", ".join("?" for _ in columns)
            memory.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            memory.executemany(
                f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608 (the names above)
                _known(reader, table, columns, until),
            )
    found: Reader = reader.found[key]
    return found


def _known(
    reader: Reader, table: str, columns: Sequence[str], until: int
) -> Iterator[tuple[Any, ...]]:
    sql = f"SELECT {', '.join(columns)} FROM {table} ORDER BY id"  # noqa: S608 (the names above)
    present = {row[0]: dict(zip(columns, row, strict=True)) for row in reader.rows(sql)}
    then = {key: row for key, row in present.items() if row["created_at"] <= until}
    for row_id, before in reader.rows(_CHANGES.replace("{table}", table), until=until):
        if row_id in then:  # the latest change first: what stood before the earliest remains
            then[row_id] = then[row_id] | stored(json.loads(before), columns)
    rows = list(then.values())
    if table not in _BEGUN_BY or not _has_begun(reader, _BEGUN_BY[table], until):
        rows += (row for key, row in present.items() if key not in then)
    yield from (tuple(row.values()) for row in rows if row["deleted_at"] is None)


def _has_begun(reader: Reader, table: str, until: int) -> bool:
    sql = f"SELECT 1 FROM {table} WHERE created_at <= :until LIMIT 1"  # noqa: S608 (the names above)
    return reader.row(sql, until=until) is not None


def entered_later(
    reader: Reader, day: date, *tables: str, period: Period | None = None
) -> tuple[str, ...]:
    """A sentence for each of the tables of which rows count that were entered after `day`.

    Of those that have days of their own only what shares one with the `period`.
    """
    if day >= reader.today:
        return ()
    return tuple(_later(reader, day, tables, period))


def _later(
    reader: Reader, day: date, tables: Iterable[str], period: Period | None
) -> Iterator[str]:
    until = end_of(reader, day)
    for table in tables:
        sql = f"SELECT count(*) FROM {table} WHERE created_at > :until"  # noqa: S608 (the names above)
        values = {"until": until}
        if period is not None and "last_on" in _TABLES[table]:
            sql += " AND first_on <= :last AND last_on >= :first"
            values["first"] = to_day(period.first or date.min)
            values["last"] = to_day(period.last or date.max)
        count = people_on(reader, day).value(sql, **values)
        if count:
            why = "none was known then" if table in _BEGUN_BY else "imported deals may be theirs"
            yield (
                f"{so_many(count, table.replace('_', ' '))} {'was' if count == 1 else 'were'} entered "
                f"after that day and {'counts' if count == 1 else 'count'} all the same: {why}."
            )


def stored(fields: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """Fields of the audit trail as the columns have them: days and instants as numbers."""
    found = {}
    for name, value in fields.items():
        if name not in columns or name in _TODAYS:
            continue
        if value is not None and (name.endswith("_on") or name == "on_day"):
            value = to_day(date.fromisoformat(value))
        elif value is not None and name.endswith("_at"):
            value = to_micros(datetime.fromisoformat(value))
        found[name] = value
    return found
