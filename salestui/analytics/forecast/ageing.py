"""Won and lost by age: competing risks of deals with one dated stage, with or without a calendar.

Ages are days since creation; the day of creation is age 0. Rates are per day at risk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salestui.analytics.events import OPEN, WON, Ints
from salestui.analytics.forecast.deals import Deals, Floats
from salestui.analytics.forecast.phases import YEARLY, month_of, month_start, phase_of
from salestui.analytics.shrinkage import unseen_rate

_EVENTS_PER_BIN = 12
_DAYS_PER_BIN = 28
_ROUNDS = 4
_PRIOR = 25.0

_CELLS = 100_000
"""Ages x days that are worked out together: a megabyte each of what they are worked out by."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Deals at risk, won and left (lost or postponed): counts by month of the year x age in days.

    The last age may stand for all from it on: `at_risk` counts there each day that a deal was that old.
    """

    at_risk: Floats
    won: Floats
    left: Floats

    def __add__(self, other: Exposure) -> Exposure:
        return Exposure(
            padded_sum(self.at_risk, other.at_risk),
            padded_sum(self.won, other.won),
            padded_sum(self.left, other.left),
        )

    def small(self) -> Exposure:
        """The same counts in half the memory."""
        parts = (self.at_risk, self.won, self.left)
        return Exposure(*(part.astype(np.float32) for part in parts))  # type: ignore[arg-type]

    def folded(self, season: int, fiscal_start: int) -> Exposure:
        """The same by phase x age."""
        to = phase_of(np.arange(YEARLY, dtype=np.int64), season, fiscal_start)
        belongs = (to == np.arange(season)[:, None]).astype(np.float64)
        return Exposure(belongs @ self.at_risk, belongs @ self.won, belongs @ self.left)


def padded_sum(one: Floats, other: Floats) -> Floats:
    """The sum along the last axis, whose shorter part counts as nothing beyond its end."""
    longer, shorter = (one, other) if one.shape[-1] >= other.shape[-1] else (other, one)
    total = longer.copy()
    total[..., : shorter.shape[-1]] += shorter
    return total


def exposure(deals: Deals, first: int, last: int) -> Exposure:
    """R(a) = #{s_i <= a <= x_i} and d_k(a) = #{outcome k, x_i = a}, by month of the year.

    s_i = begun - created (left truncation), x_i = ended - created (right censoring), only calendar
    days `first`..`last`, and ages over `deals.longest` as one. Bincounts of where each piece of `_pieces`
    begins and ends, then a running sum over age. Source: Keiding, Statistical inference in the Lexis
    diagram (1990).
    """
    oldest_age = int((deals.ended - deals.created).max()) if len(deals) else -1
    ages = min(oldest_age, deals.longest) + 2
    size = YEARLY * ages
    steps = np.zeros(size)
    for months, youngest, oldest, weight in _pieces(deals, first, last):
        base = months % YEARLY * ages
        steps += np.bincount(base + youngest, weights=weight, minlength=size)
        steps -= np.bincount(base + oldest + 1, weights=weight, minlength=size)
    at_risk = np.cumsum(steps.reshape(YEARLY, ages), axis=1)
    if oldest_age > deals.longest:
        at_risk[:, -1] = _beyond(deals, first, last)
    is_end = (deals.outcome != OPEN) & (deals.ended >= np.maximum(deals.begun, first))
    end = np.flatnonzero(is_end & (deals.ended <= last))
    place = month_of(deals.ended[end]) % YEARLY * ages + deals.ended[end] - deals.created[end]
    is_won = deals.outcome[end] == WON
    won = np.bincount(place[is_won], minlength=size).astype(np.float64)
    left = np.bincount(place[~is_won], minlength=size).astype(np.float64)
    return Exposure(at_risk, won.reshape(YEARLY, ages), left.reshape(YEARLY, ages))


def _pieces(
    deals: Deals, first: int, last: int
) -> Iterator[tuple[Ints, Ints, Ints, Floats | None]]:
    """The days at risk within `first`..`last` cut by calendar months: month, ages, how many deals.

    Each deal's first and last month are pieces of their own. The whole months between are counted
    by day of creation and months since, which is what keeps this linear in the deals however old they
    are, and however long nothing happened between them.
    """
    begin = np.maximum(deals.begun, first)
    end = np.minimum(np.minimum(deals.ended, last), deals.created + deals.longest)
    there = np.flatnonzero(end >= begin)
    if not len(there):
        return
    begin, end, created = begin[there], end[there], deals.created[there]
    first_month, last_month = month_of(begin), month_of(end)
    base = int(first_month.min())
    starts = month_start(np.arange(base, int(last_month.max()) + 2, dtype=np.int64))
    yield last_month, np.maximum(begin, starts[last_month - base]) - created, end - created, None
    longer = np.flatnonzero(last_month > first_month)
    if not len(longer):
        return
    begin, created = begin[longer], created[longer]
    first_month, last_month = first_month[longer], last_month[longer]
    yield first_month, begin - created, starts[first_month - base + 1] - 1 - created, None
    oldest = int(created.min())
    is_there = np.bincount(created - oldest) > 0
    born, row = np.flatnonzero(is_there) + oldest, (np.cumsum(is_there) - 1)[created - oldest]
    since = month_of(born)
    width = int((last_month - since[row]).max()) + 1
    change = np.bincount(row * width + first_month + 1 - since[row], minlength=len(born) * width)
    change = change - np.bincount(
        row * width + last_month - since[row], minlength=len(born) * width
    )
    whole = np.cumsum(change.reshape(-1, width), axis=1)
    cohort, later = np.nonzero(whole)
    month = since[cohort] + later
    starts_on, until = starts[month - base], starts[month - base + 1]
    weight = whole[cohort, later].astype(np.float64)
    yield month, starts_on - born[cohort], until - 1 - born[cohort], weight


def _beyond(deals: Deals, first: int, last: int) -> Floats:
    """The days in `first`..`last` on which deals were older than `deals.longest`, by month of the year."""
    begin = np.maximum(np.maximum(deals.begun, first), deals.created + deals.longest + 1)
    end = np.minimum(deals.ended, last)
    there = end >= begin
    begin, end = begin[there], end[there]
    oldest = int(begin.min(initial=last))
    steps = np.bincount(begin - oldest, minlength=last - oldest + 2)
    steps = steps - np.bincount(end + 1 - oldest, minlength=last - oldest + 2)
    days = np.arange(oldest, last + 1, dtype=np.int64)
    return np.bincount(month_of(days) % YEARLY, np.cumsum(steps)[:-1], YEARLY).astype(np.float64)


def age_bins(ends: Floats) -> Ints:
    """The bin of each age: a bin grows until 12 ends or 28 days; one tail bin after the last end."""
    dated = np.flatnonzero(ends)
    last = int(dated[-1]) if len(dated) else -1
    bins = np.empty(len(ends), np.int64)
    number, begun, seen = 0, 0, 0.0
    for age in range(last + 1):
        bins[age] = number
        seen += float(ends[age])
        if seen >= _EVENTS_PER_BIN or age - begun + 1 >= _DAYS_PER_BIN:
            number, begun, seen = number + 1, age + 1, 0.0
    bins[last + 1 :] = number + (begun <= last)
    return bins


def stretched(rates: Floats, cycle: float) -> Floats:
    """Daily rates by age, the first axis, where each day of age takes `cycle` days; none is lost by it.

    H((j + 1) / c) - H(j / c), with H the sum of the rates before an age. The last age stands for all from
    it on, before and after.
    """
    ages = len(rates)
    if cycle == 1.0 or not ages:
        return rates
    at = np.arange(int(np.ceil(ages * cycle)) + 2) / cycle
    before = np.concatenate([np.zeros((1, *rates.shape[1:])), np.cumsum(rates, axis=0)])
    whole = np.minimum(at.astype(np.int64), ages)
    part = (at - whole).reshape(-1, *[1] * (rates.ndim - 1))
    made: Floats = np.diff(before[whole] + part * rates[np.minimum(whole, ages - 1)], axis=0)
    return made


def age_then(ages: NDArray[np.integer[Any]], cycle: float) -> Ints:
    """The age among `stretched` rates of deals of these ages at the end of a day."""
    then: Ints = np.rint((ages + 1) * cycle).astype(np.int64) - 1
    return then


@dataclass(frozen=True, slots=True)
class Hazard:
    """Rates h_k(a) of being won and of leaving by age, with factors phi_k(p) by phase of the calendar.

    The rate on a day of phase p at age a is h_k(a) phi_k(p); the last age stands for all from it on.
    """

    won: Floats
    left: Floats
    won_factor: Floats
    left_factor: Floats
    fiscal_start: int

    @property
    def season(self) -> int:
        return len(self.won_factor)

    def times(self, won: float, left: float) -> Hazard:
        """The same with all rates multiplied."""
        return Hazard(
            self.won, self.left, self.won_factor * won, self.left_factor * left, self.fiscal_start
        )

    def slower(self, cycle: float) -> Hazard:
        """The same with each deal taking `cycle` times as long; see `stretched`."""
        return replace(self, won=stretched(self.won, cycle), left=stretched(self.left, cycle))

    def expected(self, exposed: Exposure) -> tuple[float, float]:
        """How many of the deals at risk should have been won, and should have left."""
        at_risk = exposed.folded(self.season, self.fiscal_start).at_risk
        place = np.minimum(np.arange(at_risk.shape[1]), len(self.won) - 1)
        won = (self.won_factor * (at_risk * self.won[place]).sum(1)).sum()
        return float(won), float((self.left_factor * (at_risk * self.left[place]).sum(1)).sum())


def fit(exposed: Exposure, season: int, fiscal_start: int, *, is_binned: bool = True) -> Hazard:
    """h = d / sum_p(phi_p R_p) per bin of ages, phi = (O_p + 25) / (E_p + 25); four rounds.

    O_p and E_p are the ends in phase p and those expected there from h alone. A multiplicative model
    by iterated proportional fitting; the 25 ends of prior draw each factor to 1. After the last end the
    rates are those of all ages before it, as far as `unseen_rate` leaves of them.
    """
    by_phase = exposed.folded(season, fiscal_start)
    ends = by_phase.won.sum(0) + by_phase.left.sum(0)
    bins = age_bins(ends) if is_binned else np.arange(len(ends))
    won, won_factor = _rates(by_phase.won, by_phase.at_risk, bins)
    left, left_factor = _rates(by_phase.left, by_phase.at_risk, bins)
    known = last_end(exposed) + 1
    before, after = by_phase.at_risk[:, :known].sum(), by_phase.at_risk[:, known:].sum()
    if known:
        rest = unseen_rate(float(ends.sum()), float(before), float(after))
        won = np.append(won[:known], by_phase.won.sum() * rest)
        left = np.append(left[:known], by_phase.left.sum() * rest)
    return Hazard(won, left, won_factor, left_factor, fiscal_start)


def last_end(exposed: Exposure) -> int:
    """The oldest age at which any deal was won or left; -1 if none was."""
    ages = np.flatnonzero(exposed.won.any(0) | exposed.left.any(0))
    return int(ages[-1]) if len(ages) else -1


def _rates(ended: Floats, at_risk: Floats, bins: Ints) -> tuple[Floats, Floats]:
    """Rates by age and factors by phase of one way to end."""
    factor = np.ones(len(ended))
    per_bin = np.bincount(bins, weights=ended.sum(0))
    risk_of_bin = np.stack([np.bincount(bins, weights=row) for row in at_risk])
    seen = ended.sum(1)
    rate = np.zeros(len(per_bin))
    for _ in range(_ROUNDS if len(factor) > 1 else 1):
        weighted = (factor[:, None] * risk_of_bin).sum(0)
        rate = np.divide(per_bin, weighted, out=np.zeros_like(per_bin), where=weighted > 0)
        if len(factor) > 1:
            factor = (seen + _PRIOR) / ((risk_of_bin * rate).sum(1) + _PRIOR)
    return rate[bins], factor


@dataclass(frozen=True, slots=True)
class Curve:
    """By age a: share won by the end of age a, share left by then, and share still open after it."""

    won: Floats
    left: Floats
    is_open: Floats


def incidence(hazard: Hazard) -> Curve:
    """S(a) = prod_{j<=a} (1 - h_w - h_l), CIF_k(a) = sum_{j<=a} S(j-1) h_k(j), no calendar.

    Source: Aalen and Johansen (1978), the discrete cumulative incidence of competing risks.
    """
    total = np.minimum(hazard.won + hazard.left, 1.0)
    after: Floats = np.cumprod(1.0 - total, dtype=np.float64)
    before = np.concatenate([[1.0], after[:-1]])
    return Curve(np.cumsum(before * hazard.won), np.cumsum(before * hazard.left), after)


def won_within(hazard: Hazard, day: int, first: int, last: int, ages: Ints) -> Floats:
    """P(won in `first`..`last` | open at the end of `day` at age a) for each a of `ages`.

    A negative age -k is a deal to be created k days after `day`; its first day at risk is age 0.
    Along the days, so that the calendar's factor of each applies:
    P += S h_w phi_w, S *= 1 - h_w phi_w - h_l phi_l. Without factors this is
    (CIF_w(a + H) - CIF_w(a)) / S(a).
    """
    chance, known = np.zeros(len(ages)), len(hazard.won)
    days = np.arange(day + 1, last + 1, dtype=np.int64)
    if not len(days):
        return chance
    phases = phase_of(month_of(days), hazard.season, hazard.fiscal_start)
    won_factor, left_factor = hazard.won_factor[phases], hazard.left_factor[phases]
    # Nothing happens before age 0: there the rate is that of the place `known`.
    won_rate, left_rate = np.append(hazard.won, 0.0), np.append(hazard.left, 0.0)
    for begin in range(0, len(ages), max(_CELLS // len(days), 1)):
        some = slice(begin, begin + max(_CELLS // len(days), 1))
        at = ages[some, None] + (days - day)
        is_born = at >= 0
        np.minimum(at, known - 1, out=at)
        at[~is_born] = known
        won = won_rate[at] * won_factor
        total = won + left_rate[at] * left_factor
        # Factors can lift the rates of a few old deals over 1.
        scale = np.maximum(total, 1.0)
        stays = np.ones(at.shape)
        np.cumprod(1.0 - total[:, :-1] / scale[:, :-1], axis=1, out=stays[:, 1:])
        came = (stays * won / scale)[:, max(first - day - 1, 0) :]
        chance[some] = came.cumsum(axis=1)[:, -1]
    return chance
