"""One cell as a value of its field's kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from salestui.errors import Refused
from salestui.interchange.fields import Field, Kind, find_field
from salestui.interchange.profiles.schema import Profile
from salestui.interchange.values import (
    DateOrder,
    DecimalSign,
    has_time,
    read_day,
    read_instant,
    read_whole,
)
from salestui.text import clean, is_currency, parse_duration, parse_money, parse_number
from salestui.usecases.imports import Ref

Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class DeferredMoney:
    """An amount whose currency the rest of the row decides."""

    text: str
    unit: int
    decimal: DecimalSign | None


def cell_reader(
    field: Field,
    dates: DateOrder,
    decimal: DecimalSign | None,
    zone: str,
    *,
    by: str = "name",
    unit: int = 1,
    code: str | None = None,
) -> Read:
    """What turns a cell's text into the field's value, `None` if nothing is left of it.

    `code` is the currency of amounts where it is known beforehand. The reader raises `Refused`.
    """
    words = {word.value.casefold(): word.value for word in field.words or ()}
    readers: dict[Kind, Read] = {
        Kind.TEXT: lambda text: clean(text) or None,
        Kind.REFERENCE: lambda text: Ref(name, by) if (name := clean(text)) else None,
        Kind.NOTES: lambda text: clean(text, lines=True) or None,
        Kind.CHOICE: partial(_choice, words),
        Kind.CURRENCY: _currency,
        Kind.DAY: lambda text: _moment(dates, ZoneInfo(zone), text)[0],
        Kind.MOMENT: partial(_moment, dates, ZoneInfo(zone)),
        Kind.MONEY: partial(_money, code, unit, decimal),
        Kind.WHOLE: read_whole,
        Kind.QUANTITY: lambda text: parse_number(text, 3, decimal=decimal),
        Kind.PERCENT: lambda text: parse_number(text.rstrip("% "), 2, decimal=decimal),
        Kind.MINUTES: parse_duration,
    }
    return readers[field.kind]


def read_text(profile: Profile, path: str, text: str, code: str | None) -> tuple[Any, bool]:
    """The value of a text that a profile fills a field with, and whether it joins others there."""
    field = find_field(profile.entity, path)
    assert field is not None, path  # the profile was checked when it was loaded
    read = cell_reader(field, profile.dates or "iso", ".", profile.time_zone, code=code)
    return read(text), field.many


def _choice(words: dict[str, str], text: str) -> str:
    word = words.get(clean(text).casefold())
    if word is None:
        raise Refused(f"none of {', '.join(words.values())}")
    return word


def _currency(text: str) -> str:
    code = clean(text).upper()
    if not is_currency(code):
        raise Refused("no currency; a code such as EUR is one")
    return code


def _moment(dates: DateOrder, zone: ZoneInfo, text: str) -> tuple[Any, Any]:
    """(day in the zone, instant or `None` where the cell has no time)."""
    if not has_time(text):
        return read_day(text, dates), None
    moment = read_instant(text, dates, zone)
    return moment.astimezone(zone).date(), moment


def _money(code: str | None, unit: int, decimal: DecimalSign | None, text: str) -> Any:
    if code is None:
        return DeferredMoney(text, unit, decimal)
    return parse_money(text, code, decimal=decimal, unit=unit)
