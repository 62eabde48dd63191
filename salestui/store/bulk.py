"""Many rows in one go, past the ORM: its parameter handling would cost more than the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Table,
    and_,
    bindparam,
    column,
    func,
    insert,
    literal_column,
    not_,
    select,
    update,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from salestui.models.base import Choice
from salestui.store import driver

Convert = Callable[[Any], Any]

_MOST_PLACES = 400
"""Values that several rows of one statement have; SQLite allowed 999 before 3.32."""

_MANY = 100
"""Rows from which a statement of its own, made for just these, is worth it."""


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
    """Let SQLite keep the indexes that a bulk write fills in memory, 88 MB at most.

    With its usual 2 MB the pages that random keys hit are written and read again and again.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA cache_size=-90112")


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same keys."""
    if len(rows) < _MANY:
        _run(session, table, rows, is_update=False)
        return
    with _checked_after(session.connection(), table):
        _run(session, table, rows, is_update=False)


def _checks(table: Table) -> list[Any]:
    return [each.sqltext for each in table.constraints if isinstance(each, CheckConstraint)]


@contextmanager
def _checked_after(connection: Connection, table: Table) -> Iterator[None]:
    """Let SQLite check the constraints of all rows that are inserted inside at once, at the end.

    With each row it puts every list of words that a constraint names into a table of its own: a
    fifth of the time that the insert takes.
    """
    said = _checks(table)
    if not said or connection.dialect.name != "sqlite":
        yield
        return
    rows: Any = column("rowid")
    last = connection.execute(select(func.max(rows)).select_from(table)).scalar() or 0
    connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")
    kept = and_(*(literal_column(f"({text})") for text in said))
    broken = select(rows).select_from(table).where(rows > last, not_(kept)).limit(1)
    if connection.execute(broken).first() is not None:
        fault = driver.sqlite.IntegrityError(f"CHECK constraint failed: {table.name}")
        raise IntegrityError(str(broken), None, fault)


def update_rows(session: Session, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set the columns that the rows name, each row found by its `id`."""
    _run(session, table, rows, is_update=True)


def _run(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, is_update: bool
) -> None:
    if not rows:
        return
    connection = session.connection()
    columns = {name: [*map(itemgetter(name), rows)] for name in rows[0]}
    if not is_update and len(rows) >= _MANY:
        # What no row says need not be bound: of a deal it is half of the columns.
        columns = {name: values for name, values in columns.items() if _says(values)}
    sql, places = _plan(table, tuple(columns), connection.dialect, is_update=is_update)
    parameters = list(
        zip(*(_converted(columns[name], convert) for name, convert in places), strict=True)
    )
    if connection.dialect.name == "postgresql":
        names = [f"new_{name}" for name, _ in places]
        connection.exec_driver_sql(sql, [dict(zip(names, row, strict=True)) for row in parameters])
    elif is_update or len(rows) < _MANY or _checks(table):
        connection.exec_driver_sql(sql, parameters)
    else:
        _run_together(connection, sql, parameters)


def _run_together(connection: Connection, sql: str, parameters: Sequence[tuple[Any, ...]]) -> None:
    """Insert several rows a statement: of a narrow table, where a statement costs as much as a row."""
    head, _, places = sql.rpartition(" VALUES ")
    size = _MOST_PLACES // len(parameters[0])
    whole = len(parameters) // size * size
    several = f"{head} VALUES {', '.join([places] * size)}"
    flat = [tuple(chain(*parameters[at : at + size])) for at in range(0, whole, size)]
    for statement, rows in ((several, flat), (sql, parameters[whole:])):
        if rows:
            connection.exec_driver_sql(statement, rows)


def _says(values: Sequence[Any]) -> bool:
    return values[0] is not None or any(value is not None for value in values)


def _converted(values: Sequence[Any], convert: Convert | None) -> Iterable[Any]:
    if convert is None:
        return values
    # Columns repeat themselves: each value is converted once.
    known = {value: None if value is None else convert(value) for value in set(values)}
    return map(known.__getitem__, values)
