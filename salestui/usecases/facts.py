"""What use cases return, and how they take typed fields in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import SQLModel

from salestui.errors import Refused
from salestui.models.base import Choice, Kept
from salestui.text import clean, is_currency, minor_digits
from salestui.text.fold import sort_key

LONGEST_INDEXED = 200
"""Characters of a text that an index holds on both engines."""

_LINES = frozenset({"notes", "private_notes", "outcome_notes"})
_OWN = frozenset({"id", "version", "created_at", "deleted_at", "number", "sort_key"})


@dataclass(frozen=True, slots=True)
class Saved:
    """A row was written. `summary` is the sentence for the person who did it."""

    id: str
    summary: str
    version: int = 1
    number: int | None = None


def put(row: Kept, changes: Mapping[str, Any], *, required: tuple[str, ...] = ("name",)) -> None:
    """Set the columns named in `changes`: text is cleaned, words are checked, nothing else is taken."""
    table = type(row).__table__  # type: ignore[attr-defined]
    for name, value in changes.items():
        if name not in table.columns or name in _OWN:
            raise Refused(f"There is no field '{name}' to set.")
        kind = table.columns[name].type
        if isinstance(kind, Choice):
            value = choice(kind.words, value, name)
        elif isinstance(value, str):
            value = clean(value, lines=name in _LINES or name == "notes")
            refuse_long(table.columns[name], value)
        if name.endswith("currency"):
            value = currency(value)
            _refuse_recounting(row, name, value, changes)
        if isinstance(value, int) and abs(value) > _largest(kind):
            raise Refused(f"{value:,} is too large a number for the {name.replace('_', ' ')}.")
        if name in required and not value:
            raise Refused(f"The {name.replace('_', ' ')} is missing.")
        if getattr(row, name) != value:
            setattr(row, name, value)
    if "name" in changes and "sort_key" in table.columns:
        row.sort_key = sort_key(row.name)  # type: ignore[attr-defined]


def _refuse_recounting(row: Kept, name: str, code: str, changes: Mapping[str, Any]) -> None:
    """1,000.00 EUR is not 100,000 JPY: an amount comes anew with a currency of other minor units."""
    if minor_digits(code) == minor_digits(getattr(row, name) or code):
        return
    prefix = name.removesuffix("currency")
    table = type(row).__table__  # type: ignore[attr-defined]
    for column in (each.name for each in table.columns):
        is_its = column.endswith("_minor") and column.startswith(prefix)
        if is_its and getattr(row, column) is not None and column not in changes:
            what = column.removesuffix("_minor").replace("_", " ")
            raise Refused(f"Give the {what} in {code} too: it was in {getattr(row, name)}.")


def refuse_long(column: Any, value: str) -> None:
    """Refuse a text that no index of PostgreSQL holds, for a column that stands in one."""
    if len(value) > LONGEST_INDEXED and column.name in _indexed(column.table):
        raise Refused(
            f"The {column.name.replace('_', ' ')} is {len(value):,} characters long; "
            f"{LONGEST_INDEXED} is the limit."
        )


@lru_cache(maxsize=64)
def _indexed(table: Any) -> frozenset[str]:
    unique = {column.name for column in table.columns if column.unique}
    return frozenset(unique.union(*(index.columns.keys() for index in table.indexes)))


def _largest(kind: Any) -> int:
    """The largest number a column holds on both engines."""
    is_big = isinstance(kind, BigInteger)
    return 2**63 - 1 if is_big else 2**31 - 1


def made(model: type[SQLModel], fields: Mapping[str, Any]) -> Any:
    """A new row of `model` with `fields` put into it."""
    row = model()
    if "name" in model.model_fields and "name" not in fields:
        raise Refused("The name is missing.")
    put(row, fields)  # type: ignore[arg-type]
    return row


def choice(words: type[StrEnum], value: str, name: str) -> StrEnum:
    """The word `value` of a vocabulary."""
    try:
        return words(value)
    except ValueError:
        known = ", ".join(word.value for word in words)
        raise Refused(
            f"'{clean(str(value))}' is no {name.replace('_', ' ')}: use {known}."
        ) from None


def currency(value: str) -> str:
    """A currency code in capitals."""
    code = value.strip().upper()
    if not is_currency(code):
        raise Refused(f"'{clean(value)}' is no currency I know: use a code such as EUR or USD.")
    return code
