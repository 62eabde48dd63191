"""Stores to measure on, written through the program's own bulk path and kept in a cache folder.

Every deal has 6 history events and 10 activities; there are 40 clients for 100 deals.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench.rows import add_clients, add_deals, build
from salestui.store import driver
from salestui.store.opening import open_store
from salestui.store.store import Store

CLIENTS = 40
"""For 100 deals."""

_GENERATOR = "1"
"""Counts up when this module makes other rows."""

_FRESH = timedelta(days=7)
"""How long a store serves: its tasks grow overdue."""

_BATCH = 4_000


@dataclass(frozen=True, slots=True)
class Size:
    """A store to make: how many deals, and how many of them are on the board."""

    deals: int
    open_deals: int

    @property
    def clients(self) -> int:
        return max(200, self.deals * CLIENTS // 100)

    @property
    def name(self) -> str:
        return f"{self.deals}-{self.open_deals}"


SMALL = Size(1_000, 200)
MIDDLE = Size(2_000, 2_000)
BOARD = Size(20_000, 20_000)
LARGE = Size(100_000, 20_000)
SIZES = (SMALL, MIDDLE, BOARD, LARGE)


def ready(cache: Path, size: Size) -> Path:
    """The store of that size; made anew if the cache has none of today's tables, or only an old one."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"{size.name}-{tables_digest()}.db"
    notes = path.with_suffix(".json")
    known = json.loads(notes.read_text()) if path.exists() and notes.exists() else None
    if known is None or date.today() - date.fromisoformat(known["day"]) > _FRESH:
        for old in cache.glob(f"{size.name}-*"):
            old.unlink()
        known = _make(path, size)
    if known["indexes"] != _digest(_indexes()):
        _lay_indexes(path)
        known["indexes"] = _digest(_indexes())
    notes.write_text(json.dumps(known))
    return path


def tables_digest() -> str:
    """Of the tables as they are now, and of the generator."""
    return _digest(_tables())


def _tables() -> list[str]:
    from sqlalchemy.schema import CreateTable

    return [
        str(CreateTable(table).compile(dialect=_dialect())) for table in _metadata().sorted_tables
    ]


def _indexes() -> list[str]:
    """The program's indexes alone: when they change, they are laid anew and the rows are kept."""
    from sqlalchemy.schema import CreateIndex

    return sorted(
        str(CreateIndex(index).compile(dialect=_dialect()))
        for table in _metadata().sorted_tables
        for index in table.indexes
    )


def _metadata() -> Any:
    from salestui.models import tables

    return tables.schema()


def _dialect() -> Any:
    from sqlalchemy.dialects import sqlite

    return sqlite.dialect()


def _digest(statements: list[str]) -> str:
    return hashlib.sha256("\n".join([_GENERATOR, *statements]).encode()).hexdigest()[:10]


def _lay_indexes(path: Path) -> None:
    connection = driver.connect(path, is_reader=False)
    laid = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    for (name,) in connection.execute(laid).fetchall():
        connection.execute(f'DROP INDEX "{name}"')
    for statement in _indexes():
        connection.execute(statement)
    connection.close()


def _make(path: Path, size: Size) -> dict[str, Any]:
    draft = path.with_suffix(".draft")
    started, written = time.perf_counter(), 0
    store = open_store(str(draft))
    try:
        rng, every = Random(size.deals), max(1, size.deals // size.open_deals)
        house = store.write(build)
        clients = [
            key
            for part in _parts(size.clients)
            for key in store.write(add_clients, rng, house, part)
        ]
        for part in _parts(size.deals):
            written += store.write(add_deals, rng, house, clients, part, every)
            say(f"{size.deals:,} deals: {part[-1] + 1:,} written")
    finally:
        store.close()
    draft.rename(path)
    seconds = round(time.perf_counter() - started, 1)
    say(f"{size.deals:,} deals: {written:,} rows in {seconds:.0f} s\n")
    return {
        "rows": written,
        "seconds": seconds,
        "day": date.today().isoformat(),
        "indexes": _digest(_indexes()),
    }


def say(text: str) -> None:
    """Show how far it has come, in one line that is written over."""
    sys.stderr.write(f"\r{text}")
    sys.stderr.flush()


def _parts(count: int) -> Iterator[range]:
    for first in range(0, count, _BATCH):
        yield range(first, min(first + _BATCH, count))


def opened(path: Path) -> Store:
    """The store at `path`, as the program opens it."""
    return open_store(str(path))
