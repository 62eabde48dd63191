"""References between rows of one file, set once all of them are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from salestui.store.history import chunks
from salestui.usecases.imports.book import MODELS, Book
from salestui.usecases.imports.changing import fetch
from salestui.usecases.imports.records import Batch, Record, Ref, Unfit
from salestui.usecases.imports.referring import REFERS_TO, needed


@dataclass(frozen=True, slots=True)
class Later:
    """A row of this import and the columns of it that wait for other rows."""

    record: Record
    row_id: str
    refs: Mapping[str, Ref]


def connect(book: Book, batch: Batch, later: Sequence[Later]) -> None:
    """Set what waits. What cannot be is told as a problem; the row itself stays."""
    if not later:
        return
    book.flush()
    model = MODELS[batch.entity]
    above = {name: _above(book, batch.entity, name) for name in _names(later)}
    by_id = {item.row_id: item for item in later}
    for ids in chunks(by_id):
        held: list[Any] = fetch(book.unit, model, ids)
        rows = {row.id: row for row in held}
        for row_id in ids:
            item = by_id[row_id]
            for name, ref in item.refs.items():
                path = name.removesuffix("_id")
                try:
                    found = _found(book, rows[row_id], path, ref, above[name])
                except Unfit as unfit:
                    batch.problem(item.record, unfit.path, str(unfit))
                else:
                    setattr(rows[row_id], name, found)
                    above[name][row_id] = found
        book.unit.session.flush()


def _names(later: Sequence[Later]) -> set[str]:
    return {name for item in later for name in item.refs}


def _above(book: Book, entity: str, name: str) -> dict[str, str]:
    """Who stands above whom already."""
    table = MODELS[entity].__table__  # type: ignore[attr-defined]
    query = select(table.c.id, table.c[name]).where(table.c[name].is_not(None))
    return {row[0]: row[1] for row in book.unit.session.execute(query)}


def _found(book: Book, row: Any, path: str, ref: Ref, above: Mapping[str, str]) -> str:
    entity = REFERS_TO[path]
    client_id = row.client_id if entity == "contact" else None
    found = needed(book, entity, ref, path, client_id if ref.by == "name" else None)
    if client_id is not None and book.client_of(entity, found) != client_id:
        raise Unfit(path, f"'{ref.text}' is a contact of another client")
    at: str | None = found
    seen: set[str] = set()
    while at is not None and at not in seen:
        if at == row.id:
            what = "refers to itself" if found == row.id else "comes back to itself in a circle"
            raise Unfit(path, f"it {what}")
        seen.add(at)
        at = above.get(at)
    return found
