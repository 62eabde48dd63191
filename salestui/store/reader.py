"""Reads: plain SQL on the database's own driver, so that a screen paints before the ORM is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from salestui.errors import StoreUnusable
from salestui.store import driver
from salestui.store.location import POSTGRESQL, SQLITE, Location
from salestui.text.patterns import pattern

_BATCH = 1_000
_FROM_INDEXES = "SET random_page_cost = 1.1; SET parallel_setup_cost = 5000"
"""What a screen reads lies in the indexes made for it and these in memory. At its usual costs, of a disk
that turns, PostgreSQL reads whole tables instead, and calls helpers that take longer to begin than they
save; of ten times as many deals it still calls them."""
_NAME = pattern(r"(?<![:\w]):([a-z_]\w*)")


@lru_cache(maxsize=512)
def _pyformat(sql: str) -> str:
    """The same statement with psycopg's placeholders."""
    return _NAME.sub(r"%(\1)s", sql.replace("%", "%%"))


class Reader:
    """One read transaction. Every value is bound; `:name` is the placeholder on both engines.

    `found` is what was worked out already: the store stays as it is until the end of the read.
    """

    def __init__(
        self, connection: Any, dialect: str, now: datetime, today: date, actor_id: str | None
    ) -> None:
        self.connection = connection
        self.dialect = dialect
        self.now = now
        self.today = today
        self.actor_id = actor_id
        self.statements = 0
        self.found: dict[Any, Any] = {}

    def _run(self, sql: str, parameters: dict[str, Any]) -> Any:
        self.statements += 1
        if self.dialect == POSTGRESQL:
            return self.connection.execute(_pyformat(sql), parameters)
        return self.connection.execute(sql, parameters)

    def rows(self, sql: str, /, **parameters: Any) -> list[tuple[Any, ...]]:
        """All rows as tuples."""
        result: list[tuple[Any, ...]] = self._run(sql, parameters).fetchall()
        return result

    def batches(self, sql: str, /, **parameters: Any) -> Iterator[list[tuple[Any, ...]]]:
        """The rows a thousand at a time, for results that would not fit in memory as tuples."""
        cursor = self._run(sql, parameters)
        while rows := cursor.fetchmany(_BATCH):
            yield rows

    def row(self, sql: str, /, **parameters: Any) -> tuple[Any, ...] | None:
        """The first row."""
        result: tuple[Any, ...] | None = self._run(sql, parameters).fetchone()
        return result

    def value(self, sql: str, /, **parameters: Any) -> Any:
        """The first column of the first row."""
        row = self.row(sql, **parameters)
        return None if row is None else row[0]

    def numbers(self, sql: str, /, **parameters: Any) -> list[int]:
        """The column `number` of the statement, several times faster than as rows."""
        listed = (
            "string_agg(CAST(number AS TEXT), ',')"
            if self.dialect == POSTGRESQL
            else "group_concat(number)"
        )
        import json

        text = self.value(f"SELECT {listed} FROM ({sql}) AS numbered", **parameters)  # noqa: S608
        found: list[int] = json.loads(f"[{text or ''}]")
        return found

    def listed(self, name: str) -> str:
        """SQL for what stands in a JSON list of texts bound by that name: any number of them."""
        if self.dialect == POSTGRESQL:
            return f"SELECT jsonb_array_elements_text(CAST(:{name} AS jsonb))"
        return f"SELECT value FROM json_each(:{name})"  # noqa: S608 (a name of the program)

    def close_found(self) -> None:
        """Close the databases in memory that were found."""
        for each in self.found.values():
            if isinstance(each, Reader):
                each.connection.close()

    def release(self) -> None:
        """Let go of the file's mapped pages: after a read of most of it they count as our memory."""
        if self.dialect == SQLITE:
            size = self.value("PRAGMA mmap_size")
            for limit in (0, size) if size else ():
                self.connection.execute(f"PRAGMA mmap_size={limit:d}")


class ReaderPool:
    """Connections for reading, kept open between reads; a connection serves one thread at a time."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._idle: list[Any] = []
        self._lock = Lock()

    def take(self) -> Any:
        """A connection inside a new read transaction."""
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = _connect(self._location)
        if self._location.dialect != POSTGRESQL:
            connection.execute("BEGIN")
        return connection

    def give_back(self, connection: Any, *, is_sound: bool) -> None:
        """End the read; after an error the connection is not used again."""
        try:
            if connection.in_transaction if hasattr(connection, "in_transaction") else True:
                connection.rollback()
        except Exception:
            is_sound = False
        if is_sound:
            with self._lock:
                self._idle.append(connection)
        else:
            connection.close()

    def interrupt(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


def _connect(location: Location) -> Any:
    if location.path is not None:
        return driver.connect(location.path, is_reader=True)
    import psycopg

    try:
        connection = psycopg.connect(location.conninfo, connect_timeout=5)
    except psycopg.ProgrammingError:
        # Without its cause: what libpq says of an address that it cannot read quotes the password.
        raise StoreUnusable(
            f"The address {location.shown} is none that PostgreSQL understands: check it, and write "
            "signs other than letters and digits in the password as %-codes."
        ) from None
    connection.autocommit = True
    connection.execute(_FROM_INDEXES)
    connection.autocommit = False
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return connection


Query = Callable[..., Any]
