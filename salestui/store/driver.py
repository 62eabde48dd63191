"""The SQLite library, and what may be asked of it.

SQLite 3.7.0 to 3.51.2 can lose commits when two connections write and checkpoint a WAL at once
(fixed in 3.51.3, back-ported to 3.50.7 and 3.44.6): there, the rollback journal is used instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # no wheel for this platform
    import sqlite3 as sqlite

__all__ = ["APPLICATION_ID", "BUSY_SECONDS", "IS_WAL_SOUND", "JOURNAL", "connect", "sqlite"]

# Without an adapter of its own the library asks each None and each truth value for a method that
# they do not have: 1.3 µs a value, half of what a bulk insert takes.
sqlite.register_adapter(type(None), lambda _: None)
sqlite.register_adapter(bool, int)

APPLICATION_ID = 0x5A1E5701
BUSY_SECONDS = 10

_LARGE = 2**28
"""Bytes from which a file is mapped: reports on it take a fifth less time. The pages that were looked at
then count as the program's own memory, on a small store a sixth of all that it has."""

_READ_CACHE_KB = 256
"""What a reader keeps of a file that is not mapped: the system has the rest at hand, and no read takes
longer than with the usual 2 MB. A writer has those: it would have to sync before it may put pages out."""

_version: tuple[int, int, int] = sqlite.sqlite_version_info
IS_WAL_SOUND = (
    _version >= (3, 51, 3) or (3, 50, 7) <= _version < (3, 51, 0) or _version[:2] == (3, 44)
) and not ((3, 44, 0) <= _version < (3, 44, 6))
JOURNAL = "wal" if IS_WAL_SOUND else "truncate"


def connect(path: str | Path, *, is_reader: bool) -> Any:
    """A connection in autocommit mode: the caller begins and ends its transactions itself."""
    connection = sqlite.connect(
        # An existing file only: SQLite would put an empty one where a store has just vanished.
        f"{Path(path).absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        _prepare(connection, is_large=Path(path).stat().st_size >= _LARGE, is_reader=is_reader)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: Any, *, is_large: bool, is_reader: bool) -> None:
    run = connection.execute
    run("PRAGMA synchronous=FULL")
    run("PRAGMA foreign_keys=ON")
    run("PRAGMA secure_delete=ON")
    if is_large:
        run("PRAGMA mmap_size=1073741824")
    elif is_reader:
        run(f"PRAGMA cache_size=-{_READ_CACHE_KB}")
    run("PRAGMA trusted_schema=OFF")
    if is_reader:
        run("PRAGMA query_only=ON")
    elif run("PRAGMA journal_mode").fetchone()[0] != JOURNAL:
        run(f"PRAGMA journal_mode={JOURNAL}")
