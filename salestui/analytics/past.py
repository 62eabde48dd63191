"""The deals as they were known on an earlier day, rebuilt from their history.

The rebuilt `deal` and `passage` rows lie in a small database in memory, so the very statements that
count today's deals count the past ones: an as-of report cannot mean something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from salestui.store import driver
from salestui.store.location import SQLITE
from salestui.store.reader import Reader
from salestui.text import to_day, to_micros


@contextmanager
def known_on(reader: Reader, day: date) -> Iterator[Reader]:
    """A reader of the deals as known on `day`: `reader` itself for today.

    They are rebuilt once however often they are asked about, and last as long as `reader`. Clients and
    products are today's; ask `reader` for their names, and `people_on` for reps and teams.
    """
    if day >= reader.today:
        yield reader
        return
    key = (known_on, day)
    if key not in reader.found:
        reader.found[key] = _rebuild(reader, day)
    yield reader.found[key]


@contextmanager
def rebuilt(reader: Reader, day: date) -> Iterator[Reader]:
    """A reader of the deals rebuilt anew, of today as well, that lasts as long as the block."""
    then = _rebuild(reader, day)
    try:
        yield then
    finally:
        then.connection.close()


def _rebuild(reader: Reader, day: date) -> Reader:
    """The deals of what had happened by `day` and was recorded by its end."""
    from salestui.analytics.past_rows import fill  # today is asked about more often

    memory = empty_memory()
    try:
        fill(memory, reader, day=to_day(day), until=end_of(reader, day))
    except BaseException:
        memory.close()
        raise
    return Reader(memory, SQLITE, reader.now, day, reader.actor_id)


def empty_memory() -> Any:
    """A database in memory. It never waits for a lock: who holds it may be waiting for our own read."""
    return driver.sqlite.connect(
        ":memory:", timeout=0, uri=True, isolation_level=None, check_same_thread=False
    )


def copy_names(reader: Reader, then: Reader) -> None:
    """Let a rebuilt store, which others may ask too, name stages, clients and reps as of today."""
    if then is reader or copy_names in then.found:
        return
    then.found[copy_names] = True
    then.connection.execute("CREATE TABLE stage (id PRIMARY KEY, name)")
    for table in ("stage", "client", "rep"):
        rows = reader.rows(f"SELECT id, name FROM {table}")  # noqa: S608 (the names above)
        then.connection.executemany(
            f"INSERT INTO {table} (id, name) VALUES (?, ?)"  # noqa: S608
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            rows,
        )


def end_of(reader: Reader, day: date) -> int:
    """The last microsecond of the day where the reader is; for today, all that is recorded."""
    if day >= reader.today:
        return to_micros(reader.now + timedelta(days=1))
    midnight = datetime.combine(day + timedelta(days=1), time(), reader.now.tzinfo)
    return to_micros(midnight) - 1
