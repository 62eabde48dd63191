"""What a record refers to: found by name, e-mail or id, else made of what the record says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salestui.errors import Refused
from salestui.usecases.imports.book import Book
from salestui.usecases.imports.records import Batch, Made, Ref, Tally, Unfit

Values = dict[str, Any]
Maker = Callable[[Book, Batch, Values, Tally], Made]

MAKERS: dict[str, Maker] = {}
"""How a record of each entity becomes columns; the modules of the entities put theirs in."""

_HOW = {"name": "called", "email": "with the e-mail", "external_id": "with the id"}
_NAMES = ("name", "first_name", "last_name")


def referred(
    book: Book,
    batch: Batch,
    values: Values,
    path: str,
    entity: str,
    tally: Tally,
    client_id: str | None = None,
) -> str | None:
    """The id of the row that the field `path` means, made where it is missing; `None` for no cell."""
    ref = values.get(path)
    if ref is None:
        return None
    row_id = found(book, entity, ref, path, client_id)
    if row_id is None:
        row_id = _made(book, batch, values, path, entity, tally, client_id)
    return row_id


def found(book: Book, entity: str, ref: Ref, path: str, client_id: str | None = None) -> str | None:
    """The id of the row that `ref` means, if it is in the store."""
    try:
        return book.find(entity, ref, client_id)
    except Refused as refusal:
        raise Unfit(path, str(refusal)) from None


def needed(book: Book, entity: str, ref: Ref, path: str, client_id: str | None = None) -> str:
    """The id of the row that `ref` means, which must be in the store."""
    row_id = found(book, entity, ref, path, client_id)
    if row_id is None:
        at = " at this client" if client_id else ""
        raise Unfit(path, f"there is no {entity} {_HOW[ref.by]} '{ref.text}'{at}")
    return row_id


def _made(
    book: Book,
    batch: Batch,
    values: Values,
    path: str,
    entity: str,
    tally: Tally,
    client_id: str | None,
) -> str:
    ref: Ref = values[path]
    start = f"{path}."
    inner = {p.removeprefix(start): v for p, v in values.items() if p.startswith(start)}
    if ref.by == "email" and entity == "rep":
        inner = {"name": ref.text, **inner, "email": ref.text}
    elif ref.by == "email":
        inner["email"] = [ref.text, *inner.get("email", ())]
    elif ref.by == "name":
        inner["name"] = ref.text
    if not any(inner.get(name) for name in _NAMES):
        raise Unfit(path, f"there is no {entity} {_HOW[ref.by]} '{ref.text}'")
    if client_id is not None:
        inner["client"] = Ref(client_id, "id")
    try:
        made = MAKERS[entity](book, batch, inner, tally)
        _settle(book, made)
    except Unfit as unfit:
        raise Unfit(start + unfit.path if unfit.path else path, str(unfit)) from None
    row_id = book.same(entity, made, has_own_key=True) if ref.by == "external_id" else None
    row_id = row_id or book.add(entity, made)
    if ref.by == "external_id":
        book.link(entity, ref.text, row_id, "")
    is_bare = set(inner) <= {"name", "client", "email"}
    tally.note(f"{entity} made {'from the name alone' if is_bare else 'from what the file says'}")
    return row_id


def _settle(book: Book, made: Made) -> None:
    """Set what the new row refers to: it is no row of a file, so it has none to wait for."""
    for name, ref in made.refs.items():
        path = name.removesuffix("_id")
        made.columns[name] = needed(book, REFERS_TO[path], ref, path)


REFERS_TO = {"parent": "client", "reports_to": "contact", "assists": "contact"}
"""The fields that refer to rows of their own table, which may come later in the same file."""
