"""How a column writes its dates and numbers, found from all of it; and one cell read that way.

Nothing is guessed: where a column could be read in two ways, the person is asked, and where it
is written in two ways, it is refused.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

from salestui.errors import Refused
from salestui.interchange.problems import shown

DateOrder = Literal["iso", "day-first", "month-first"]
DATE_ORDERS: tuple[DateOrder, ...] = ("iso", "day-first", "month-first")
DecimalSign = Literal[".", ","]

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH_NAME = (
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?"
)
_TIME = re.compile(
    r"(?:T|[ ,]+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(?P<half>[AP]\.?M\.?)?"
    r" ?(?:(?P<zulu>Z|UTC|GMT)|(?P<sign>[+-])(?P<zh>[0-9]{2}):?(?P<zm>[0-9]{2})?)?",
    re.IGNORECASE,
)
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.]) ?([0-9]{1,2})\2 ?([0-9]{4}|[0-9]{2})")
_DAY_NAMED = re.compile(rf"([0-9]{{1,2}})[ .-]+{_MONTH_NAME}[ ,-]+([0-9]{{4}})", re.IGNORECASE)
_NAMED_DAY = re.compile(rf"{_MONTH_NAME}[ -]([0-9]{{1,2}})(?:,? |,|-)([0-9]{{4}})", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([ .,'\u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*")
_WHOLE = re.compile(r"([0-9]{1,15})(?:[.,]0{0,2})?")
_MAX_COUNT = 2**31 - 1
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_LONGEST = 60
_PIVOT = 69
"""Two-digit years from here on are of the 20th century, as POSIX has it."""


def date_format(values: Iterable[str], *, column: str) -> DateOrder:
    """Return how `column` orders day and month, from all its values; "iso" if none tells.

    Raises `Refused`, naming the column and the option to give, if it may be read in two ways.
    """
    day_first = month_first = unclear = ""
    for value in values:
        parts = _NUMERIC.fullmatch(_without_time(value.strip()))
        if parts is None:
            continue
        first, second = int(parts[1]), int(parts[3])
        if len(parts[4]) == 2:
            unclear = unclear or value  # 17-03-01 may begin with its year
        elif second > 12 >= first:
            month_first = month_first or value
        elif first > 12 >= second or parts[2] == ".":
            day_first = day_first or value
        elif first <= 12 and first != second:
            unclear = unclear or value
    if day_first and month_first:
        raise Refused(
            f'Column "{shown(column)}" has the day first in "{shown(day_first)}" and the month '
            f'first in "{shown(month_first)}"; mend the file.'
        )
    if day_first or month_first:
        return "day-first" if day_first else "month-first"
    if unclear:
        raise Refused(
            f'Column "{shown(column)}" may have the day or the month first, as in '
            f'"{shown(unclear)}"; say which with --dates day-first or --dates month-first.'
        )
    return "iso"


def decimal_sign(values: Iterable[str], *, column: str) -> DecimalSign | None:
    """Return the sign that starts the decimals in `column`, `None` if it has neither.

    Raises `Refused`, naming the column and the option to give, if it may be read in two ways.
    """
    found: dict[DecimalSign, str] = {}
    unclear = ""
    for value in values:
        sign, is_clear = _decimal_evidence(re.sub(r"[^0-9.,]", "", value).strip(".,"))
        if sign is not None and is_clear:
            found.setdefault(sign, value)
        elif sign is not None:
            unclear = unclear or value
    if len(found) == 2:
        raise Refused(
            f'Column "{shown(column)}" has a decimal point in "{shown(found["."])}" and a '
            f'decimal comma in "{shown(found[","])}"; mend the file.'
        )
    if not found and unclear:
        raise Refused(
            f'Column "{shown(column)}" may have thousands or decimals in "{shown(unclear)}"; '
            "say which sign starts the decimals with --decimal point or --decimal comma."
        )
    return next(iter(found), None)


def _decimal_evidence(digits: str) -> tuple[DecimalSign | None, bool]:
    """Which sign starts the decimals of one number, and whether that is certain."""
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return None, True
    if points and commas:
        return (".", True) if digits.rindex(".") > digits.rindex(",") else (",", True)
    sign: DecimalSign = "." if points else ","
    other: DecimalSign = "," if points else "."
    if points + commas > 1:
        return other, True
    before, after = digits.split(sign)
    is_clear = len(after) != 3 or len(before) > 3 or before.startswith("0")
    return sign, is_clear


@lru_cache(maxsize=8192)
def read_day(value: str, order: DateOrder) -> date:
    """Read a date, or the date of a time stamp. ISO dates and month names do in every order.

    Years of two digits do only where day or month are known to come first. Raises `Refused`.
    """
    return _day(_without_time(value.strip()), order, value)


@lru_cache(maxsize=8192)
def read_instant(value: str, order: DateOrder, zone: tzinfo) -> datetime:
    """Read a time stamp as an instant in UTC; where it names no zone it is of `zone`.

    A date alone is its midnight. Raises `Refused`.
    """
    text = value.strip()
    day = _day(_without_time(text), order, value)
    clock = _TIME.search(text)
    if clock is None:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    hour = int(clock["hour"])
    if clock["half"]:
        if not 1 <= hour <= 12:
            raise Refused("not a time of the day")
        hour = hour % 12 + (12 if clock["half"][0] in "pP" else 0)
    try:
        moment = time(hour, int(clock["minute"]), int(clock["second"] or 0))
        return datetime.combine(day, moment, _zone(clock) or zone).astimezone(UTC)
    except ValueError:
        raise Refused("not a time of the day") from None


def read_whole(value: str) -> int:
    """Read a count: "2822", "2,822", "2 822", "2822.0". Any sign in it can only part thousands."""
    text = value.strip()
    if _GROUPED.fullmatch(text):
        text = re.sub("[ .,'\u00a0\u202f]", "", text)
    elif whole := _WHOLE.fullmatch(text):
        text = whole[1]
    else:
        raise Refused("not a whole number")
    if len(text.lstrip("0")) > 10 or int(text) > _MAX_COUNT:
        raise Refused("too large a number")
    return int(text)


def has_time(value: str) -> bool:
    """Whether a time of the day follows the date."""
    return len(value) <= _LONGEST and _TIME.search(value) is not None


def _zone(clock: re.Match[str]) -> tzinfo | None:
    if clock["zulu"]:
        return UTC
    if clock["sign"] is None:
        return None
    offset = timedelta(hours=int(clock["zh"]), minutes=int(clock["zm"] or 0))
    return timezone(-offset if clock["sign"] == "-" else offset)


def _without_time(text: str) -> str:
    if len(text) > _LONGEST:
        return text
    tail = _TIME.search(text)
    return text[: tail.start()] if tail and tail.end() == len(text) else text


def _day(text: str, order: DateOrder, value: str) -> date:
    if iso := _ISO.fullmatch(text):
        return _calendar(int(iso[1]), int(iso[3]), int(iso[4]))
    if compact := _COMPACT.fullmatch(text):
        return _calendar(int(compact[1]), int(compact[2]), int(compact[3]))
    if named := _DAY_NAMED.fullmatch(text):
        return _calendar(int(named[3]), _month(named[2]), int(named[1]))
    if named := _NAMED_DAY.fullmatch(text):
        return _calendar(int(named[3]), _month(named[1]), int(named[2]))
    numeric = _NUMERIC.fullmatch(text)
    if numeric is None or order == "iso":
        raise Refused("not a date; write it like 2026-10-01")
    first, second, year = int(numeric[1]), int(numeric[3]), int(numeric[4])
    if len(numeric[4]) == 2:
        year += 1900 if year >= _PIVOT else 2000
    day, month = (first, second) if order == "day-first" else (second, first)
    return _calendar(year, month, day)


def _month(name: str) -> int:
    return _MONTHS.index(name.lower()) // 4 + 1


def _calendar(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Refused(f"not a date between {_FIRST_YEAR} and {_LAST_YEAR}")
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused("not a date of the calendar") from None
