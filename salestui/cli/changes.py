"""What was typed after a command, as the fields that a use case takes."""

from __future__ import annotations

from datetime import date
from typing import Any

from salestui.errors import Refused
from salestui.text import is_currency, parse_day, parse_money


def given(**fields: Any) -> dict[str, Any]:
    """The fields that were given."""
    return {name: value for name, value in fields.items() if value is not None}


def needed(changes: dict[str, Any]) -> dict[str, Any]:
    """The changes, of which there must be one at least."""
    if not changes:
        raise Refused("Nothing to change: name at least one option. --help lists them.")
    return changes


def one_day(typed: str | None, today: date) -> date | None:
    """The day typed, `None` for nothing."""
    return parse_day(typed, today) if typed else None


def money_minor(typed: str, currency: str) -> int:
    """The amount typed, in minor units of the currency."""
    code = currency.strip().upper()
    if not is_currency(code):
        raise Refused(f"'{currency}' is no currency I know: use a code such as EUR or USD.")
    return parse_money(typed, code)
