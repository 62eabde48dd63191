"""The calendar that deals close by: which months are alike, and whether the difference is real."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from salestui.analytics.events import NEVER, Ints
from salestui.analytics.forecast.deals import Floats
from salestui.analytics.forecast.numbers import f_tail

FLAT, QUARTERLY, YEARLY = 1, 3, 12
"""How many phases a calendar has: none to tell, the months of a quarter, the months of a year."""

_FEW = 1000


def month_of(days: Ints) -> Ints:
    """For days since 1970 their months since January 1970."""
    if len(days) > _FEW:
        # Looking up each day in a table of all between is ten times as fast as numpy's calendar.
        first, last = int(days.min()), int(days.max())
        if last - first < len(days):
            return _months(np.arange(first, last + 1, dtype=np.int64))[days - first]
    return _months(days)


def _months(days: Ints) -> Ints:
    months: Ints = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def month_start(months: Ints) -> Ints:
    """For months since January 1970 their first days since 1970."""
    days: Ints = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days


@lru_cache(maxsize=4096)
def month(day: int) -> int:
    """The month of one day, since January 1970."""
    return int(month_of(np.array([day]))[0])


@lru_cache(maxsize=4096)
def starts(number: int) -> int:
    """The first day of one month since January 1970."""
    return int(month_start(np.array([number]))[0])


def phase_of(months: Ints, season: int, fiscal_start: int = 1) -> Ints:
    """The phase of each month: its place in the fiscal quarter, or in the fiscal year, or 0."""
    phases: Ints = (months - (fiscal_start - 1)) % season
    return phases


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the months differ beyond chance: the season to use, `p` of the last test, full months."""

    season: int
    p: float
    months: int


def full_months(daily: Floats, first: int) -> tuple[Ints, Floats]:
    """The full calendar months of a daily series that begins on day `first`, and their sums."""
    days = first + np.arange(len(daily), dtype=np.int64)
    months = month_of(days)
    if not len(months):
        return months, daily
    begin = int(months[0]) + (starts(int(months[0])) != first)
    end = int(months[-1]) + (starts(int(months[-1]) + 1) == first + len(daily))
    sums: Floats = np.bincount(months - months[0], weights=daily).astype(np.float64)
    shift = int(months[0])
    return np.arange(begin, max(end, begin), dtype=np.int64), sums[
        begin - shift : max(end, begin) - shift
    ]


def is_seen(first: int, day: int, season: int) -> bool:
    """Whether `first`..`day` has a whole month of every phase: without one it has no factor."""
    begun = month(first) + (starts(month(first)) != first)
    return month(day + 1) - begun >= season


def gate(daily_wins: Floats, first: int, fiscal_start: int = 1) -> Gate:
    """Test wins per full month since `first` for a pattern in the quarter, then in the year.

    Quarter: at least 5 full months with 60 wins, and P(F > B / max(1, W)) < .05. Year: at least 24
    months, tested over and above what the quarter explains if it explains anything.
    """
    months, wins = full_months(daily_wins, first)
    count = len(months)
    if count < 5 or wins.sum() < 60:
        return Gate(FLAT, 1.0, count)
    flat = phase_of(months, FLAT)
    quarterly = phase_of(months, QUARTERLY, fiscal_start)
    p = months_differ(wins, flat, quarterly)
    season = QUARTERLY if p < 0.05 else FLAT
    if count >= 24:
        coarse = quarterly if season == QUARTERLY else flat
        yearly = months_differ(wins, coarse, phase_of(months, YEARLY, fiscal_start))
        if yearly < 0.05:
            return Gate(YEARLY, yearly, count)
    return Gate(season, p, count)


def months_differ(wins: Floats, coarse: Ints, fine: Ints) -> float:
    """P of as large a difference between the phases `fine` within the phases `coarse` by chance.

    For counts y of L months: W = sum (y - mu_f)^2 / mu_f / (L - #fine), B = sum (mu_f - mu_c)^2 / mu_c
    / (#fine - #coarse), both about 1 under Poisson; the tail of F at B / max(1, W). Source: analysis
    of variance with Poisson variances as weights, its floor at 1 against a lucky small W.
    """
    groups, parents = len(np.unique(fine)), len(np.unique(coarse))
    if groups <= parents or len(wins) <= groups:
        return 1.0
    of_fine, of_coarse = _means(wins, fine), _means(wins, coarse)
    # A phase in which nothing was ever won has no Poisson variance to divide by: half a win.
    within = float(((wins - of_fine) ** 2 / np.maximum(of_fine, 0.5)).sum()) / (len(wins) - groups)
    between = float(((of_fine - of_coarse) ** 2 / np.maximum(of_coarse, 0.5)).sum())
    ratio = between / (groups - parents) / max(1.0, within)
    return f_tail(ratio, groups - parents, len(wins) - groups)


def _means(values: Floats, labels: Ints) -> Floats:
    """For each value the mean of its group."""
    sums = np.bincount(labels, weights=values)
    sizes = np.bincount(labels)
    means: Floats = (sums / np.maximum(sizes, 1))[labels]
    return means


def shifted(day: int, months: int) -> int:
    """The same day of the month so many months later, the last one where the month is shorter."""
    of = month(day)
    place = day - starts(of)
    return min(starts(of + months) + place, starts(of + months + 1) - 1)


def age_in_months(tracked: int, day: int) -> int:
    """Full months from the first recorded close to the end of `day`."""
    if tracked == NEVER or tracked > day:
        return 0
    count = month(day + 1) - month(tracked)
    return count - (shifted(tracked, count) > day + 1)
