"""The import itself: which records are new, which have changed, and everything that hangs on them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import PurePath
from typing import Any

from salestui.errors import Refused
from salestui.models.people import Rep
from salestui.models.vocabulary import RepRole
from salestui.store.unit import Unit
from salestui.usecases.imports import activity_rows, deal_rows, rows
from salestui.usecases.imports.book import MODELS, Book, Known
from salestui.usecases.imports.changing import Changing, fetch
from salestui.usecases.imports.connecting import Later, connect
from salestui.usecases.imports.records import (
    ROW_ID,
    Batch,
    Imported,
    Made,
    Record,
    Tally,
    Unfit,
)
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
    for batch in sorted(batches, key=lambda b: _ORDER.index(b.entity)):
        book.source = batch.source
        tally = Tally(batch.name, batch.entity)
        _import(book, batch, tally, progress)
        tallies.append(tally)
    created = sum(tally.created for tally in tallies)
    updated = sum(tally.updated for tally in tallies)
    names = ", ".join(PurePath(batch.name).name for batch in batches)
    return Imported(tuple(tallies), f"Imported {names}: {created} created, {updated} updated")


def _import(book: Book, batch: Batch, tally: Tally, progress: Progress | None) -> None:
    flow = _Flow(book, batch, tally)
    while chunk := list(islice(batch.records, _CHUNK)):
        flow.take(chunk)
        gc.collect(1)
        if progress is not None:
            progress(batch.name, chunk[-1].line)
    connect(book, batch, flow.later)
    _promote(book)


class _Flow:
    """One file on its way into the store, a chunk of records at a time."""

    def __init__(self, book: Book, batch: Batch, tally: Tally) -> None:
        self.book, self.batch, self.tally = book, batch, tally
        self.later: list[Later] = []
        self._seen: dict[str, tuple[int, str]] = {}
        """(line, digest) of each key that the file has had."""

    def take(self, chunk: Sequence[Record]) -> None:
        """Take the records: new rows first, for what changes may refer to them."""
        book, entity = self.book, self.batch.entity
        known = book.known(entity)
        changes: list[tuple[Record, str, Made]] = []
        for record in chunk:
            try:
                if not self._is_known(record, known):
                    self._take_one(record, known, changes)
            except Refused as refusal:
                self._tell(record, refusal)
        book.flush()
        rows = Changing(book.unit, MODELS[entity], {row_id for _, row_id, _ in changes})
        for record, row_id, made in changes:
            try:
                self._change(record, rows, row_id, made)
            except Refused as refusal:
                self._tell(record, refusal)
        rows.finish()
        book.flush()

    def _tell(self, record: Record, refusal: Refused) -> None:
        """What is refused is the record's problem, not the import's end."""
        self.tally.skipped += 1
        self.batch.problem(record, getattr(refusal, "path", ""), str(refusal))

    def _is_known(self, record: Record, known: Known) -> bool:
        """Whether the record says nothing that it, or its like in this file, has not said before."""
        line, digest = self._seen.get(record.key, (0, ""))
        if line and digest != record.digest:
            raise Unfit(ROW_ID, f"line {line} has the same id, but says otherwise")
        if line:
            self.tally.note("row that stands in the file more than once")
        elif known.get(record.key, ("", ""))[1] == record.digest:
            self._seen[record.key] = (record.line, record.digest)
        else:
            return False
        self.tally.unchanged += 1
        return True

    def _take_one(
        self, record: Record, known: Known, changes: list[tuple[Record, str, Made]]
    ) -> None:
        book, entity = self.book, self.batch.entity
        made = MAKERS[entity](book, self.batch, record.values, self.tally)
        row_id = known.get(record.key, (None, ""))[0]
        row_id = row_id or book.same(entity, made, has_own_key=record.has_own_key)
        if row_id is not None:
            changes.append((record, row_id, made))
        else:
            row_id = book.add(entity, made)
            self.tally.created += 1
            self._done(record, row_id, made)
        self._seen[record.key] = (record.line, record.digest)

    def _change(self, record: Record, rows: Changing, row_id: str, made: Made) -> None:
        if rows.change(row_id, made, self.tally):
            self.tally.updated += 1
        else:
            self.tally.unchanged += 1
        self._done(record, row_id, made)

    def _done(self, record: Record, row_id: str, made: Made) -> None:
        self.book.link(self.batch.entity, record.key, row_id, record.digest)
        if made.refs:
            self.later.append(Later(record, row_id, made.refs))


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
