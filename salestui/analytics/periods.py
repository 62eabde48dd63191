"""Going through time: this month, the one before, and any stretch earlier or later by its own length."""

from __future__ import annotations

from datetime import date, timedelta

from salestui.text import Period, parse_period

UNITS = ("month", "quarter", "year")
_NAMED = ("week", *UNITS)


def this(unit: str, today: date) -> Period:
    """The week, month, quarter or year that `today` lies in."""
    return parse_period(f"this-{unit}", today)


def year_before(day: date) -> Period:
    """The year that ends on `day`."""
    return Period(day - timedelta(days=364), day, "the year before")


def stepped(period: Period, by: int) -> Period:
    """The period so many of its own lengths later (`by` > 0) or earlier; an open one stays as it is.

    Weeks, months, quarters and years go by the calendar, other stretches by their days. At the ends of
    the calendar it stays where it is.
    """
    if period.first is None or period.last is None or not by:
        return period
    try:
        unit = _unit(period)
        if unit is not None:
            beside = period.last + timedelta(days=1) if by > 0 else period.first - timedelta(days=1)
            following = this(unit, beside)
        else:
            days = (period.last - period.first).days + 1
            shift = timedelta(days=days if by > 0 else -days)
            first, last = period.first + shift, period.last + shift
            following = Period(first, last, f"{first}..{last}")
    except (OverflowError, ValueError):
        return period
    return stepped(following, by - 1 if by > 0 else by + 1)


def named(first: date, last: date) -> Period:
    """The stretch by the name of the calendar, 2026-Q3, where it has one."""
    period = Period(first, last, f"{first}..{last}")
    unit = _unit(period)
    return period if unit is None else this(unit, first)


def to_next(period: Period) -> str:
    """ "month-to-month": from a period to the next one of its kind, in a word."""
    unit = _unit(period) or "period"
    if period.first is not None and period.last is not None:
        unit = "week" if (period.last - period.first).days == 6 else unit
    return f"{unit}-to-{unit}"


def _unit(period: Period) -> str | None:
    """What kind of period of the calendar it is."""
    if period.first is None:
        return None
    for unit in _NAMED:
        whole = this(unit, period.first)
        if (whole.first, whole.last) == (period.first, period.last):
            return unit
    return None
