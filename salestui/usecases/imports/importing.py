"""The import itself: which records are new, which have changed, and everything that hangs on them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import PurePath
from typing import Any

from salestui.errors import Refused
from salestui.models.people import Rep
from salestui.models.vocabulary import RepRole
from salestui.store.unit import Unit
from salestui.usecases.imports import activity_rows, deal_rows, rows
from salestui.usecases.imports.book import MODELS, Book
from salestui.usecases.imports.changing import change, fetch
from salestui.usecases.imports.connecting import Later, connect
from salestui.usecases.imports.records import ROW_ID, Batch, Imported, Record, Tally, Unfit
from salestui.usecases.imports.referring import MAKERS
from salestui.usecases.start import start_lists

assert activity_rows and deal_rows and rows  # each puts its makers into MAKERS

_CHUNK = 2000
_ORDER = tuple(MODELS)

Progress = Callable[[str, int], None]


def import_batches(
    unit: Unit, *, batches: Sequence[Batch], progress: Progress | None = None
) -> Imported:
    """Take all records over: what is referred to first, a source's row once however often it comes.

    A record that cannot be used is told through its batch's `problem` and left out; whether the
    rest is kept is the caller's to decide (raise to leave nothing).
    """
    unit.is_import = True
    start_lists(unit)
    book = Book(unit)
    tallies = []
    with _rare_collections():
        for batch in sorted(batches, key=lambda b: _ORDER.index(b.entity)):
            book.source = batch.source
            tally = Tally(batch.name, batch.entity)
            _import(book, batch, tally, progress)
            tallies.append(tally)
    created = sum(tally.created for tally in tallies)
    updated = sum(tally.updated for tally in tallies)
    names = ", ".join(PurePath(batch.name).name for batch in batches)
    return Imported(tuple(tallies), f"Imported {names}: {created} created, {updated} updated")


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage after each chunk only: what an import holds makes every search longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _import(book: Book, batch: Batch, tally: Tally, progress: Progress | None) -> None:
    later: list[Later] = []
    lines: dict[str, int] = {}
    for chunk in _chunks(batch.records):
        _take(book, batch, chunk, tally, lines, later)
        gc.collect(1)
        if progress is not None:
            progress(batch.name, chunk[-1].line)
    connect(book, batch, later)
    _promote(book)


def _chunks(records: Iterator[Record]) -> Iterator[list[Record]]:
    while chunk := list(islice(records, _CHUNK)):
        yield chunk


def _take(
    book: Book,
    batch: Batch,
    chunk: Sequence[Record],
    tally: Tally,
    lines: dict[str, int],
    later: list[Later],
) -> None:
    """Take the records of a chunk. `lines` has the line of each key that the file had before."""
    known = book.known(batch.entity)
    changed = (known[r.key][0] for r in chunk if r.key in known and known[r.key][1] != r.digest)
    held = fetch(book.unit, MODELS[batch.entity], changed)
    for record in chunk:
        row_id, digest = known.get(record.key, (None, ""))
        try:
            if record.key in lines and digest != record.digest:
                raise Unfit(ROW_ID, f"line {lines[record.key]} has the same id, but says otherwise")
            if row_id is not None and digest == record.digest:
                tally.unchanged += 1
                if record.key in lines:
                    tally.note("row that stands in the file more than once")
            else:
                _take_one(book, batch, record, row_id, tally, later)
            lines.setdefault(record.key, record.line)
        except Refused as refusal:
            tally.skipped += 1
            batch.problem(record, getattr(refusal, "path", ""), str(refusal))
    book.flush()
    book.unit.session.flush()
    held.clear()


def _take_one(
    book: Book, batch: Batch, record: Record, row_id: str | None, tally: Tally, later: list[Later]
) -> None:
    entity = batch.entity
    made = MAKERS[entity](book, batch, record.values, tally)
    row_id = row_id or book.same(entity, made, has_own_key=record.has_own_key)
    if row_id is None:
        row_id = book.add(entity, made)
        tally.created += 1
    else:
        book.hold(row_id)
        if change(book.unit, MODELS[entity], row_id, made, tally):
            tally.updated += 1
        else:
            tally.unchanged += 1
    book.link(entity, record.key, row_id, record.digest)
    if made.refs:
        later.append(Later(record, row_id, made.refs))


def _promote(book: Book) -> None:
    """Whom others have as their manager leads their team."""
    managers, book.managers = book.managers, {}
    held: Sequence[Any] = fetch(book.unit, Rep, managers)
    for rep in held:
        if rep.role == RepRole.REP:
            rep.role = RepRole.MANAGER
        if rep.team_id is None:
            rep.team_id = managers[rep.id]
    book.unit.session.flush()
