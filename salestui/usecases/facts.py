"""What use cases return, and how they take typed fields in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import SQLModel

from salestui.errors import Refused
from salestui.models.base import Choice, Kept
from salestui.text import clean, fold, is_currency

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
        if name.endswith("currency"):
            value = currency(value)
        if name in required and not value:
            raise Refused(f"The {name.replace('_', ' ')} is missing.")
        if getattr(row, name) != value:
            setattr(row, name, value)
    if "name" in changes and "sort_key" in table.columns:
        row.sort_key = fold(row.name)  # type: ignore[attr-defined]


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
