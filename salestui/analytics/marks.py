"""The deals that a scope is narrowed to, found once a read: a mark for each number of a deal.

A covering index that ends with the number then answers for any deals, in the order that it groups by.
Asked row by row whether its deal is one of them, 300,000 passages take ten times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from salestui.analytics.groups import BOUGHT, EXISTING, UNKNOWN
from salestui.analytics.only import Only, narrowing
from salestui.analytics.scope import Scope, conditions
from salestui.store.reader import Reader

_FEW = 1_000
"""Deals up to which their keys lead to them sooner than a whole index is read."""

_IDS = "SELECT id FROM deal WHERE number IN ({numbers})"

Marks = bytes
"""The byte at number - 1 is 1 for a deal that counts."""


def marked(
    reader: Reader,
    scope: Scope,
    day: str,
    *,
    owner: str = "owner_id",
    number: str = "number",
    deal_id: str | None = None,
) -> tuple[str, dict[str, Any]]:
    """As `conditions`, of the deals that `reader` sees; `number` names the column with a deal's number.

    The statement is to be the same on both engines, so the marks are cut as bytes.
    """
    left = _left(reader, scope.only) if scope.only else ()
    if not isinstance(left, Marks):
        return conditions(replace(scope, only=left), day, owner=owner, deal_id=deal_id)
    narrowed, values = conditions(replace(scope, only=()), day, owner=owner)
    narrowed += " AND substr(:marks, " + number + ", 1) = :mark"
    return narrowed, values | {"marks": left, "mark": b"\1"}


def _left(reader: Reader, wished: tuple[Only, ...]) -> Marks | tuple[Only, ...]:
    """The deals that are left, marked; few of them by their keys, as a wish; no wish for all."""
    if wished not in reader.found:
        marks = _all_of([_marks(reader, each) for each in wished])
        reader.found[wished] = _told(reader, marks)
    found: Marks | tuple[Only, ...] = reader.found[wished]
    return found


def _told(reader: Reader, marks: Marks) -> Marks | tuple[Only, ...]:
    if 0 not in marks:
        return ()
    return _by_key(reader, marks) if marks.count(1) <= _FEW else marks


def _marks(reader: Reader, only: Only) -> Marks:
    size = reader.value("SELECT max(number) FROM deal") or 0
    if only.column == BOUGHT:
        return _marks_of_bought(reader, only, size)
    narrowed, values = narrowing((only,), None)
    marks = bytearray(size)
    _set(marks, reader.numbers(f"SELECT number FROM deal WHERE 1 = 1{narrowed}", **values), True)  # noqa: S608
    return bytes(marks)


def _marks_of_bought(reader: Reader, only: Only, size: int) -> Marks:
    """Of those that were new nothing is read: they are all the others."""

    def counts(value: str) -> bool:
        return (value in only.values) != only.is_without

    marks = bytearray((counts("new"),)) * size
    for value, sql in (("existing", EXISTING), ("", UNKNOWN)):
        if counts(value) != counts("new"):
            _set(marks, reader.numbers(sql), counts(value))
    return bytes(marks)


def _set(marks: bytearray, numbers: Sequence[int], mark: bool) -> None:
    for number in numbers:
        marks[number - 1] = mark


def _all_of(marks: Sequence[Marks]) -> Marks:
    size = len(marks[0])
    whole = int.from_bytes(marks[0])
    for each in marks[1:]:
        whole &= int.from_bytes(each)
    return whole.to_bytes(size)


def _by_key(reader: Reader, marks: Marks) -> tuple[Only, ...]:
    numbers = ", ".join(str(place + 1) for place, mark in enumerate(marks) if mark)
    ids = reader.rows(_IDS.replace("{numbers}", numbers)) if numbers else []
    return (Only("deal", "id", frozenset(row[0] for row in ids)),)
