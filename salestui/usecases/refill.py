"""Filling an empty store with every row of another one: keys, history and audit as they were there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Table, func, select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import SQLModel

from salestui.errors import Refused
from salestui.models import tables
from salestui.models.records import AuditEntry
from salestui.store import bulk, projections
from salestui.store.unit import Unit
from salestui.text.fold import sort_key

assert tables  # the metadata are complete only once every table is imported

_CHUNK = 2000
_STARTED = frozenset(
    {"rep", "pipeline", "stage", "activity_kind", "loss_reason", "audit_entry", "audit_change"}
)
"""Tables in which the guided start makes rows."""
_STARTING = ("start_team", "undo", "redo")


class Row(NamedTuple):
    """A row of a table and the line of its file that it begins on."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of one table, and what the file they come from is called."""

    table: Table
    path: str
    rows: Callable[[], Iterator[Row]]


def refill(unit: Unit, files: Sequence[TableRows]) -> dict[str, int]:
    """Replace what a new store holds by the rows given, each table after those it refers to.

    Returns how many rows each table has got. The audit trail is the one given; this write gets no
    entry of its own. Raises `Refused` for a store that has been worked in, and for rows that break
    the rules of their table.
    """
    _hold(unit)
    _refuse_used(unit)
    for table in reversed(SQLModel.metadata.sorted_tables):
        unit.session.execute(table.delete())
    counts = {file.table.name: _fill(unit, file) for file in files}
    projections.rebuild(unit.session)
    unit.is_written = True
    return counts


def _hold(unit: Unit) -> None:
    """Let nobody write until this has ended: what they would add after the look would be deleted."""
    if unit.session.get_bind().dialect.name == "sqlite":
        return
    # The names are the program's own.
    listed = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
    unit.session.execute(text(f"LOCK TABLE {listed} IN EXCLUSIVE MODE"))


def _refuse_used(unit: Unit) -> None:
    """A store that somebody has set up or worked in is not taken away."""
    actions: Any = AuditEntry.action
    others = select(func.count()).select_from(AuditEntry).where(actions.not_in(_STARTING))
    is_used = bool(unit.session.execute(others).scalar()) or any(
        unit.session.execute(select(func.count()).select_from(table)).scalar()
        for table in SQLModel.metadata.sorted_tables
        if table.name not in _STARTED
    )
    if is_used:
        raise Refused(
            "This store has been worked in, and an archive goes into an empty store: "
            "name a new file with --db."
        )


def _fill(unit: Unit, file: TableRows) -> int:
    table, rows = file.table, file.rows()
    # Rows may refer to later ones of their own table: those references are set afterwards.
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    referring: list[Row] = []
    count = 0
    while chunk := list(islice(rows, _CHUNK)):
        for row in chunk:
            _settle(table, row.values)
            if own and any(row.values[name] is not None for name in own):
                later = {"id": row.values["id"], **{name: row.values[name] for name in own}}
                referring.append(Row(row.line, later))
                row.values.update(dict.fromkeys(own))
        _write(unit, file, chunk, bulk.insert_rows)
        count += len(chunk)
    for start in range(0, len(referring), _CHUNK):
        _write(unit, file, referring[start : start + _CHUNK], bulk.update_rows)
    return count


def _settle(table: Table, values: dict[str, Any]) -> None:
    """What the program makes of the row itself is made anew."""
    if "sort_key" in table.columns:
        values["sort_key"] = sort_key(values["name"])


def _write(
    unit: Unit, file: TableRows, rows: Sequence[Row], write: Callable[[Any, Any, Any], None]
) -> None:
    """Write rows at once; if the database refuses them, one by one to find the one to blame."""
    if not _is_written(unit, file.table, rows, write):
        for row in rows:
            _is_written(unit, file.table, [row], write, file.path)


def _is_written(
    unit: Unit,
    table: Table,
    rows: Sequence[Row],
    write: Callable[[Any, Any, Any], None],
    path: str = "",
) -> bool:
    try:
        with unit.session.begin_nested():
            write(unit.session, table, [row.values for row in rows])
    except (IntegrityError, DataError) as error:
        if path:
            raise Refused(f"{path}, line {rows[0].line}: {_reason(error)}.") from error
        return False
    return True


_REASONS = {
    "FOREIGN KEY": "it refers to a row that is not there",
    "ForeignKeyViolation": "it refers to a row that is not there",
    "UNIQUE": "another row has the same key",
    "UniqueViolation": "another row has the same key",
    "CHECK": "a value is outside of what its column allows",
    "CheckViolation": "a value is outside of what its column allows",
}


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", error)
    said = f"{type(cause).__name__} {cause}"
    return next((words for sign, words in _REASONS.items() if sign in said), "the row is refused")
