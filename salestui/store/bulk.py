"""Many rows in one go, past the ORM: its parameter handling would cost more than the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.engine import Dialect
from sqlmodel import Session

from salestui.models.base import Choice

Convert = Callable[[Any], Any]


@lru_cache(maxsize=256)
def _plan(
    table: Table, columns: tuple[str, ...], dialect: Dialect, *, is_update: bool
) -> tuple[str, tuple[tuple[str, Convert | None], ...]]:
    """The statement, and (key of the row, conversion) of each of its parameters in order."""
    if is_update:
        values: dict[str, Any] = {n: bindparam(f"new_{n}") for n in columns if n != "id"}
        statement: Any = update(table).where(table.c.id == bindparam("new_id")).values(**values)
    else:
        statement = insert(table).values({name: bindparam(f"new_{name}") for name in columns})
    compiled = statement.compile(dialect=dialect)
    names = [name.removeprefix("new_") for name in compiled.positiontup or ()]
    if not names:  # psycopg's named style: number the places ourselves
        names = [name.removeprefix("new_") for name in compiled.bind_names.values()]
    return str(compiled), tuple((name, _convert(table, name, dialect)) for name in names)


def _convert(table: Table, name: str, dialect: Dialect) -> Convert | None:
    kind = table.c[name].type
    if isinstance(kind, Choice):
        known = {word: word.value for word in kind.words} | {w.value: w.value for w in kind.words}
        return known.__getitem__
    found: Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def make_room(session: Session) -> None:
    """Let SQLite keep the indexes that a bulk write fills in memory, 64 MB at most.

    With its usual 2 MB the pages that random keys hit are written and read again and again.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA cache_size=-65536")


def insert_rows(session: Session, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same keys."""
    _run(session, table, rows, is_update=False)


def update_rows(session: Session, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set the columns that the rows name, each row found by its `id`."""
    _run(session, table, rows, is_update=True)


def _run(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, is_update: bool
) -> None:
    if not rows:
        return
    connection = session.connection()
    sql, places = _plan(table, tuple(rows[0]), connection.dialect, is_update=is_update)
    columns = [_column(rows, name, convert) for name, convert in places]
    parameters = list(zip(*columns, strict=True))
    if connection.dialect.name == "postgresql":
        names = [f"new_{name}" for name, _ in places]
        connection.exec_driver_sql(sql, [dict(zip(names, row, strict=True)) for row in parameters])
    else:
        connection.exec_driver_sql(sql, parameters)


def _column(rows: Sequence[Mapping[str, Any]], name: str, convert: Convert | None) -> Iterable[Any]:
    values = [*map(itemgetter(name), rows)]
    if convert is None:
        return values
    # Columns repeat themselves: each value is converted once.
    known = {value: None if value is None else convert(value) for value in set(values)}
    return map(known.__getitem__, values)
