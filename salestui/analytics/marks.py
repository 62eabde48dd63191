"""The deals that a scope is narrowed to, found once a read: a mark for each number of a deal.

A covering index that ends with the number then answers for any deals, in the order that it groups by.
Asked row by row whether its deal is one of them, 300,000 passages take ten times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from salestui.analytics.groups import BOUGHT
from salestui.analytics.only import Only, narrowing
from salestui.analytics.scope import Scope, conditions
from salestui.store.location import POSTGRESQL, SQLITE
from salestui.store.reader import Reader

_FEW = 500
"""Deals up to which their keys lead to them sooner than a whole index is read."""

_IDS = "SELECT id FROM deal WHERE number IN ({numbers})"

_OTHER = "SELECT 1 FROM deal WHERE (1 = 1{narrowed}) IS NOT TRUE LIMIT 1"
"""Whether any is left out: where none is, as where nothing is said of any, no numbers need be read."""

_COUNTS = {
    SQLITE: " AND substr(:marks, {number}, 1) = X'01'",
    POSTGRESQL: " AND get_byte(:marks, {number} - 1) > 0",
}
"""Of a comparison for more PostgreSQL expects a third of the rows, and counts them as they come; of one
for what is equal a two-hundredth, which it would sort."""

Marks = bytes
"""The byte at number - 1 is 1 for a deal that counts."""

Keys = tuple[str, ...]


def marked(
    reader: Reader,
    scope: Scope,
    day: str,
    *,
    owner: str = "owner_id",
    row: str = "",
    deal_id: str = "id",
) -> tuple[str, dict[str, Any]]:
    """As `conditions`, of the deals that `reader` sees; `deal_id` names a column.

    The rows, of which `row` is the alias with a dot or "", have number and buyer of their deal.
    """
    own = tuple(each for each in scope.only if each.column == BOUGHT)
    narrowed, values = conditions(
        replace(scope, only=own), day, owner=owner, own={BOUGHT: row + BOUGHT}
    )
    found = tuple(each for each in scope.only if each.column != BOUGHT)
    left = _left(reader, found) if found else None
    if isinstance(left, Marks):
        narrowed += _COUNTS[reader.dialect].replace("{number}", f"{row}number")
        return narrowed, values | {"marks": left}
    if left is None:
        return narrowed, values
    keys = {f"left_{place}": key for place, key in enumerate(left)}
    listed = ", ".join(":" + name for name in keys)
    return narrowed + (f" AND {deal_id} IN ({listed})" if keys else " AND 1 = 0"), values | keys


def by_key(narrowed: str) -> bool:
    """Whether these conditions of `marked` lead to the deals by their keys."""
    return " IN (:left_0" in narrowed


def _left(reader: Reader, wished: tuple[Only, ...]) -> Marks | Keys | None:
    """The deals that are left, marked; few of them by their keys; `None` where all are."""
    if wished not in reader.found:
        reader.found[wished] = _told(reader, _all_of([_marks(reader, each) for each in wished]))
    found: Marks | Keys | None = reader.found[wished]
    return found


def _told(reader: Reader, marks: Marks) -> Marks | Keys | None:
    if 0 not in marks:
        return None
    if marks.count(1) > _FEW:
        return marks
    numbers = ", ".join(str(place) for place, mark in enumerate(marks, 1) if mark)
    rows = reader.rows(_IDS.replace("{numbers}", numbers)) if numbers else []
    return tuple(row[0] for row in rows)


def _marks(reader: Reader, only: Only) -> Marks:
    size = reader.value("SELECT max(number) FROM deal") or 0
    narrowed, values = narrowing((only,), None)
    if reader.row(_OTHER.replace("{narrowed}", narrowed), **values) is None:
        return b"\1" * size
    marks = bytearray(size)
    for number in reader.numbers(f"SELECT number FROM deal WHERE 1 = 1{narrowed}", **values):  # noqa: S608
        marks[number - 1] = 1
    return bytes(marks)


def _all_of(marks: Sequence[Marks]) -> Marks:
    size = len(marks[0])
    whole = int.from_bytes(marks[0])
    for each in marks[1:]:
        whole &= int.from_bytes(each)
    return whole.to_bytes(size)
