"""A store of millions of deals to read from: one that the program wrote, copied many times by SQL.

Written through the program's own code, 1,000,000 deals would take more than an hour. What decides a
read is kept: rows, indexes, statistics, order of the keys, 6 events and the passages of each deal.
Left out is what the funnel never reads: activities, lines, audit, search words. It is no store to
work in (`db check` would say so), and each copy has the days, owners and amounts of the first.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.stores import Size, ready, say, tables_digest
from salestui.store import driver
from salestui.store.opening import open_store

_COPIED = ("deal", "deal_event", "passage")
_WHOLE = (
    "team", "rep", "pipeline", "stage", "loss_reason", "competitor", "product", "activity_kind",
    "client", "contact",
)  # fmt: skip
_KEYS = {
    "deal": ("id",),
    "deal_event": ("id", "deal_id", "voids_id"),
    "passage": ("id", "deal_id"),
}
_MOST = 16
"""Copies: they differ in the first of the 16 signs that a key's time begins with, which is 0 till 2527."""


def multiplied(cache: Path, size: Size, deals: int) -> Path:
    """A store of so many deals, a multiple of the size's; made if the cache has none of today's tables."""
    times = deals // size.deals
    if times * size.deals != deals or not 1 < times <= _MOST:
        raise SystemExit(f"--deals takes {size.deals:,} times 1 to {_MOST}.")
    path = cache / f"{deals}-copied-{tables_digest()}.db"
    if not path.exists():
        source, started = ready(cache, size), time.perf_counter()
        for old in cache.glob(f"{deals}-copied-*"):
            old.unlink()
        draft = path.with_suffix(".draft")
        open_store(str(draft)).close()
        _fill(draft, source, size.deals, times)
        draft.rename(path)
        seconds = round(time.perf_counter() - started, 1)
        path.with_suffix(".json").write_text(json.dumps({"seconds": seconds}))
        say(f"{deals:,} deals: copied in {seconds:.0f} s, {path.stat().st_size / 1e9:.1f} GB\n")
    return path


def _fill(draft: Path, source: Path, deals: int, times: int) -> None:
    """Rows first, then the indexes over all of them: each is sorted once, on the disk."""
    connection = driver.connect(draft, is_reader=False)
    run = connection.execute
    for pragma in (
        "journal_mode=OFF",
        "synchronous=OFF",
        "foreign_keys=OFF",
        "mmap_size=0",
        "cache_size=-200000",
    ):
        run(f"PRAGMA {pragma}")
    run("ATTACH ? AS source", (str(source),))
    for table in _WHOLE:
        run(f"DELETE FROM {table}")
        run(f"INSERT INTO {table} SELECT * FROM source.{table}")
    laid = list(_laid(connection))
    for name, _ in laid:
        run(f'DROP INDEX "{name}"')
    for table in _COPIED:
        columns = [row[1] for row in run(f"PRAGMA table_info({table})").fetchall()]
        chosen = ", ".join(_chosen(table, column) for column in columns)
        for copy in range(times):
            run(
                f"INSERT INTO {table} SELECT {chosen} FROM source.{table} ORDER BY rowid",
                {"sign": f"{copy:x}", "shift": copy * deals},
            )
            say(f"{table}: copy {copy + 1} of {times}")
    for name, statement in laid:
        say(f"index {name}")
        run(statement)
    connection.close()


def _chosen(table: str, column: str) -> str:
    """A column of a copy; what leads to rows that are left out is empty."""
    if column in _KEYS[table]:
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE :sign || substr({column}, 2) END"
    if column == "number" and table in ("deal", "passage"):
        return "number + :shift"
    return "NULL" if column == "next_task_id" else column


def _laid(connection: Any) -> Iterator[tuple[str, str]]:
    """The indexes of the copied tables, by name."""
    laid = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    for name, table, statement in connection.execute(laid).fetchall():
        if table in _COPIED:
            yield name, statement
