"""Forecasts from what was won day by day, without looking at a single open deal.

Each takes `daily`, what was won on each day from the first recorded close to `day` (amounts or
counts), and gives the sum for the days `first`..`last` that follow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salestui.analytics.forecast.deals import Floats
from salestui.analytics.forecast.phases import QUARTERLY, month_of, phase_of

_HALF_LIFE = 182.0
_PRIOR_DAYS = 5.0
_ROUNDS = 20

_WEEKS = 260
"""Weeks that smoothing looks back: what was earlier counts less than a float can tell (0.794^260)."""


@dataclass(frozen=True, slots=True)
class Past:
    """`daily[i]` was won on day `day - len(daily) + 1 + i`."""

    daily: Floats
    day: int

    @property
    def first(self) -> int:
        return self.day - len(self.daily) + 1

    @property
    def begun(self) -> int | None:
        """The first day on which anything was won."""
        won = np.flatnonzero(self.daily)
        return self.first + int(won[0]) if len(won) else None

    def between(self, first: int, last: int) -> float:
        """What was won from `first` to `last`, both included."""
        begin, end = max(first - self.first, 0), max(last - self.first + 1, 0)
        return float(self.daily[begin:end].sum())


def run_rate(past: Past, window: int, first: int, last: int) -> float:
    """The mean day of the last `window` days (fewer if tracked for less), times the days asked."""
    taken = past.daily[-window:]
    return float(taken.sum()) / len(taken) * (last - first + 1) if len(taken) else 0.0


@dataclass(frozen=True, slots=True)
class Rate:
    """A level per day and a factor for each phase of the calendar."""

    level: float
    factor: Floats
    fiscal_start: int

    def sum(self, first: int, last: int) -> float:
        """F = level * sum of the days' factors."""
        return self.level * float(self.weights(first, last).sum())

    def weights(self, first: int, last: int) -> Floats:
        """The factor of each day from `first` to `last`."""
        days = np.arange(first, last + 1, dtype=np.int64)
        weights: Floats = self.factor[phase_of(month_of(days), len(self.factor), self.fiscal_start)]
        return weights


def phased_rate(past: Past, season: int = QUARTERLY, fiscal_start: int = 1) -> Rate:
    """level = sum(w y) / sum(w f), f_p = (O_p + 5 level) / (E_p + 5 level), w = 0.5^(age / 182 days).

    O_p is what was won in phase p, E_p = level * days of phase p, both weighted; the five days of
    prior draw each factor to 1. The two lines are repeated until they agree (twenty times).
    """
    factor = np.ones(season)
    if not len(past.daily):
        return Rate(0.0, factor, fiscal_start)
    days = np.arange(past.first, past.day + 1, dtype=np.int64)
    weight = 0.5 ** ((past.day - days) / _HALF_LIFE)
    phase = phase_of(month_of(days), season, fiscal_start)
    won = np.bincount(phase, weights=weight * past.daily, minlength=season)
    length = np.bincount(phase, weights=weight, minlength=season)
    total = float(won.sum())
    if total <= 0.0:
        return Rate(0.0, factor, fiscal_start)
    level = 0.0
    for _ in range(_ROUNDS):
        level = total / float((length * factor).sum())
        factor = (won + _PRIOR_DAYS * level) / (level * length + _PRIOR_DAYS * level)
    return Rate(total / float((length * factor).sum()), factor, fiscal_start)


def weekly(past: Past) -> Floats:
    """Sums of the last whole weeks, `_WEEKS` at most, the last one ending on `day`."""
    count = min(len(past.daily) // 7, _WEEKS)
    sums: Floats = past.daily[len(past.daily) - 7 * count :].reshape(count, 7).sum(1)
    return sums


def smoothed(past: Past, first: int, last: int, alpha: float = 0.3) -> float:
    """Simple exponential smoothing of weekly sums, times the weeks asked.

    level += alpha (y - level), from the first week on (Brown 1959).
    """
    weeks = weekly(past)
    if not len(weeks):
        return run_rate(past, 7, first, last)
    level = float(weeks[0])
    for value in weeks[1:].tolist():
        level += alpha * (value - level)
    return level * (last - first + 1) / 7


@dataclass(frozen=True, slots=True)
class Trend:
    """A level per week at the end of `day`, and what it gains with each week, `phi` times as much again."""

    level: float
    gain: float
    phi: float
    day: int

    def sum(self, first: int, last: int) -> float:
        """The days asked are whole and parts of weeks ahead; no week is forecast below nothing."""
        total, slope, power = 0.0, 0.0, 1.0
        begin, end = first - self.day - 1, last - self.day
        for week in range(-(-end // 7)):
            power *= self.phi
            slope += power * self.gain
            share = (min(end, 7 * week + 7) - max(begin, 7 * week)) / 7
            total += max(share, 0.0) * max(self.level + slope, 0.0)
        return total


def damped(past: Past, alpha: float = 0.3, beta: float = 0.1, phi: float = 0.9) -> Trend:
    """Holt's linear trend, damped, on weekly sums; the mean day times 7 before there is a week.

    l' = alpha y + (1 - alpha)(l + phi b), b' = beta (l' - l) + (1 - beta) phi b, week k ahead:
    l + (phi + .. + phi^k) b (Gardner and McKenzie 1985).
    """
    weeks = weekly(past).tolist() or [run_rate(past, 7, 1, 7)]
    level, gain = weeks[0], 0.0
    for value in weeks[1:]:
        expected = level + phi * gain
        before, level = level, alpha * value + (1 - alpha) * expected
        gain = beta * (level - before) + (1 - beta) * phi * gain
    return Trend(level, gain, phi, past.day)
