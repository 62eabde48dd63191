"""Days and instants: as the store's integers, as people type them, as they are worded.

No function asks for today or for the time: the caller's clock says it.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from salestui.errors import Refused
from salestui.text.clean import inert
from salestui.text.patterns import pattern

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAMED = {"today": 0, "tomorrow": 1, "yesterday": -1}
_STEP = pattern(r"([+-])\s*([0-9]{1,4})\s*([dwmy])")
_ISO = pattern(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DOTTED = pattern(r"([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4})\.?")
_SLASHED = pattern(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199

_NEAR = 60
"""Days ahead that are worded "fri 27 Nov"; further away the year matters."""
_LATE = 99
"""Days overdue that are counted; longer ago the date says more."""

_HOURS = pattern(
    r"(?:([0-9]{1,3})(?:[.,]([0-9]))?\s*h)?\s*(?:([0-9]{1,4})\s*(?:m|min)?)?", re.ASCII
)
_CLOCK = pattern(r"([0-9]{1,2}):([0-5][0-9])")
_LONGEST_MINUTES = 7 * 24 * 60

_MONTH = pattern(r"([0-9]{4})-([0-9]{2})")
_WEEK = pattern(r"([0-9]{4})-?w([0-9]{1,2})")
_QUARTER = pattern(r"([0-9]{4})-?q([1-4])")
_YEAR = pattern(r"[0-9]{4}")
_DAY = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMES = (
    "this-month, last-quarter, last-week, 2017, 2017-03, 2017-Q2, 2017-W09, "
    "2017-03-01..2017-05-31, all"
)


def to_day(day: date) -> int:
    """Return the days since 1970-01-01."""
    return day.toordinal() - _EPOCH_DAY


def from_day(number: int) -> date:
    """Return the date of so many days since 1970-01-01."""
    return date.fromordinal(number + _EPOCH_DAY)


def to_micros(instant: datetime) -> int:
    """Return the microseconds since 1970-01-01 UTC; a naive time is a `ValueError`."""
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return (instant - _EPOCH) // _MICROSECOND


def from_micros(number: int) -> datetime:
    """Return the instant in UTC of so many microseconds since 1970-01-01 UTC."""
    return _EPOCH + timedelta(microseconds=number)


def parse_day(text: str, today: date) -> date:
    """Read a day: 2026-10-01, 1.10.2026, today, tomorrow, fri (the next one), +3d, +2w, +1m.

    Raises `Refused` for what is no day, and for 03/04/2026, which is two.
    """
    typed = " ".join(text.split()).lower()
    if typed in _NAMED:
        return today + timedelta(days=_NAMED[typed])
    if step := _STEP.fullmatch(typed):
        return _stepped(today, int(step[1] + step[2]), step[3], text)
    if len(typed) >= 3:
        for number, name in enumerate(WEEKDAYS):
            if name.startswith(typed):
                return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return _written_day(typed, text)


def _written_day(typed: str, text: str) -> date:
    if iso := _ISO.fullmatch(typed):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]), text)
    if dotted := _DOTTED.fullmatch(typed):
        return _day(int(dotted[3]), int(dotted[2]), int(dotted[1]), text)
    if slashed := _SLASHED.fullmatch(typed):
        first, second, year = int(slashed[1]), int(slashed[2]), int(slashed[3])
        if first <= 12 and second <= 12 and first != second:
            raise Refused(
                f"{_shown(text)} may be two days; write {year}-{first:02}-{second:02} "
                f"or {year}-{second:02}-{first:02}."
            )
        month, day = (first, second) if second > 12 else (second, first)
        return _day(year, month, day, text)
    raise Refused(f"{_shown(text)} is not a day; write fri, +3d, 2026-10-01 or 1.10.2026.")


def _day(year: int, month: int, day: int, text: str) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Refused(f"{_shown(text)} is not a day between {_FIRST_YEAR} and {_LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused(f"{_shown(text)} is not in the calendar.") from None


def _stepped(today: date, count: int, unit: str, text: str) -> date:
    """`today` moved by days, weeks, months or years; a short month ends on its last day."""
    if unit in "dw":
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Refused(f"{_shown(text)} is not a day between {_FIRST_YEAR} and {_LAST_YEAR}.")
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def day_words(day: date, today: date) -> str:
    """Word a due day: "today", "tomorrow", "3 d late", "fri 27 Nov"; far away as YYYY-MM-DD."""
    distance = (day - today).days
    if distance == 0:
        return "today"
    if distance == 1:
        return "tomorrow"
    if -_LATE <= distance < 0:
        return f"{-distance} d late"
    if 0 < distance <= _NEAR:
        return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1]}"
    return day.isoformat()


def parse_duration(text: str) -> int:
    """Read a duration ("15m", "1h30", "1.5h", "1:30", "90") and return whole minutes."""
    typed = text.strip().lower()
    clock = _CLOCK.fullmatch(typed)
    parts = _HOURS.fullmatch(typed)
    if clock:
        minutes = int(clock[1]) * 60 + int(clock[2])
    elif typed and parts and not (parts[2] and parts[3]):
        hours, tenth, rest = (int(part or 0) for part in parts.groups())
        minutes = hours * 60 + tenth * 6 + rest
    else:
        raise Refused(f"{_shown(text)} is not a duration; write 15m, 1h30 or 90.")
    if minutes > _LONGEST_MINUTES:
        raise Refused(f"{_shown(text)} is longer than a week.")
    return minutes


class Period(NamedTuple):
    """Days from `first` to `last`, both included; `None` is open. `label` parses to the same."""

    first: date | None
    last: date | None
    label: str


def parse_period(text: str, today: date) -> Period:
    """Read a period: this-week … last-year, 2017, 2017-03, 2017-Q2, 2017-W09, two joined by "..".

    Weeks are those of ISO 8601: from Monday, the first of a year is that of its first Thursday.
    Raises `Refused` for what is no period or ends before it begins.
    """
    typed = re.sub(r"[\s_]+", "-", text.strip().lower())
    if typed == "all":
        return Period(None, None, "all")
    if ".." in typed:
        return _span(typed, text, today)
    relative, _, unit = typed.partition("-")
    if relative in ("this", "last") and unit == "week":
        year, week, _ = (today - timedelta(days=7 if relative == "last" else 0)).isocalendar()
        return _week(year, week)
    if relative in ("this", "last") and unit in ("month", "quarter", "year"):
        return _around(today, unit, 0 if relative == "this" else -1)
    return _written(typed, text)


def _written(typed: str, text: str) -> Period:
    try:
        if month := _MONTH.fullmatch(typed):
            return _months(int(month[1]), int(month[2]), 1, f"{month[1]}-{month[2]}")
        if week := _WEEK.fullmatch(typed):
            return _week(int(week[1]), int(week[2]))
        if quarter := _QUARTER.fullmatch(typed):
            label = f"{quarter[1]}-Q{quarter[2]}"
            return _months(int(quarter[1]), int(quarter[2]) * 3 - 2, 3, label)
        if _YEAR.fullmatch(typed):
            return _months(int(typed), 1, 12, typed)
        if _DAY.fullmatch(typed):
            day = date.fromisoformat(typed)
            return Period(day, day, typed)
    except ValueError:
        raise Refused(f"{_shown(text)} is not in the calendar.") from None
    raise Refused(f"{_shown(text)} is not a period; write {_NAMES}.")


def _week(year: int, week: int) -> Period:
    monday = date.fromisocalendar(year, week, 1)
    sunday = date.fromordinal(min(monday.toordinal() + 6, date.max.toordinal()))
    return Period(monday, sunday, f"{year:04}-W{week:02}")


def _months(year: int, month: int, count: int, label: str) -> Period:
    last = month + count - 1
    return Period(date(year, month, 1), date(year, last, monthrange(year, last)[1]), label)


def _around(today: date, unit: str, step: int) -> Period:
    """The month, quarter or year `today` lies in, or the one before it (`step` -1)."""
    if unit == "year":
        return _months(today.year + step, 1, 12, f"{today.year + step:04}")
    size = 1 if unit == "month" else 3
    year, slot = divmod(today.year * (12 // size) + (today.month - 1) // size + step, 12 // size)
    label = f"{year:04}-{slot + 1:02}" if size == 1 else f"{year:04}-Q{slot + 1}"
    return _months(year, slot * size + 1, size, label)


def _span(typed: str, text: str, today: date) -> Period:
    """From the beginning of the left period to the end of the right one; either may be open."""
    left, _, right = (part.strip("-") for part in typed.partition(".."))
    first = parse_period(left, today).first if left else None
    last = parse_period(right, today).last if right else None
    if first is None and last is None:
        return Period(None, None, "all")
    if first and last and last < first:
        raise Refused(f"{_shown(text)} ends before it begins.")
    return Period(first, last, f"{first or ''}..{last or ''}")


def _shown(text: str) -> str:
    return f'"{inert(text[:40])}"'


def month_label(text: str, today: date) -> str:
    """The month typed, as YYYY-MM. Raises `Refused` for what is no month."""
    period = parse_period(text, today)
    month = "" if period.first is None else f"{period.first:%Y-%m}"
    if not month or period[:2] != parse_period(month, today)[:2]:
        raise Refused("Write a month such as 2026-10.")
    return month
