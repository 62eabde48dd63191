"""What a period will bring, as a distribution: what was won is known, the rest is uncertain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, exp, log
from statistics import NormalDist

from salestui.analytics.forecast.compound import Compound, compound
from salestui.analytics.forecast.numbers import count_masses, count_quantile, count_tail

POINTS = 2000
"""Quantile points that stand for a distribution; a step of one in two thousand."""

_NORMAL = NormalDist()
_TENTH = _NORMAL.inv_cdf(0.9)


@dataclass(frozen=True, slots=True)
class Distribution:
    """A period's sum in minor units or deals: `won` to date, and what is still to come.

    The rest has the point forecast `rest` and lies in `low`..`high` 8 times in 10. Between and beyond
    those two it is taken as lognormal: ln of the rest is normal with mean (ln low + ln high) / 2 and
    standard deviation (ln high - ln low) / (2 z), z = 1.2816 the 90 % point of the standard normal.
    """

    won: float
    rest: float
    low: float
    high: float

    @property
    def expected(self) -> float:
        """The point forecast of the whole period."""
        return self.won + self.rest

    @property
    def range(self) -> tuple[float, float]:
        """Where the whole period lies 8 times in 10."""
        return self.won + max(self.low, 0.0), self.won + max(self.high, 0.0)

    def quantile(self, share: float) -> float:
        """What the period will not exceed with the probability `share`, 0 < share < 1."""
        if self.high <= 0:
            return self.won
        centre, spread = self._shape()
        return self.won + _exp(centre + spread * _NORMAL.inv_cdf(share))

    def chance(self, target: float) -> float:
        """P(period >= target)."""
        needed = target - self.won
        if needed <= 0:
            return 1.0
        if self.high <= 0:
            return 0.0
        centre, spread = self._shape()
        if spread == 0:
            return float(_exp(centre) >= needed)
        return 1 - _NORMAL.cdf((log(needed) - centre) / spread)

    def points(self, count: int = POINTS) -> list[float]:
        """The quantiles at (i + 1/2) / count, i = 0 … count - 1: the midpoint rule over the distribution."""
        return [self.quantile((place + 0.5) / count) for place in range(count)]

    def _shape(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm of the rest."""
        low, top = log(self.low), log(self.high)
        return (low + top) / 2, max(top - low, 0.0) / (2 * _TENTH)


@dataclass(frozen=True, slots=True)
class Amounts(Distribution):
    """The same of the money of a few wins: `low` may be nothing, and nothing at all may come."""

    few: Compound

    def quantile(self, share: float) -> float:
        """What the period will not exceed with the probability `share`, 0 < share < 1."""
        return self.won + self.few.quantile(share)

    def chance(self, target: float) -> float:
        """P(period >= target)."""
        return self.few.tail(target - self.won)

    def points(self, count: int = POINTS) -> list[float]:
        """`count` values that stand for it, ascending, and have its mean."""
        return [self.won + each for each in self.few.points(count)]


@dataclass(frozen=True, slots=True)
class Deals(Distribution):
    """The same of a number of deals: the rest is negative binomial, with mean `rest` and `variance`."""

    variance: float = 0.0

    def quantile(self, share: float) -> float:
        """What the period will not exceed with the probability `share`, 0 < share < 1."""
        return self.won + count_quantile(share, self.rest, self.variance)

    def chance(self, target: float) -> float:
        """P(period >= target)."""
        return count_tail(ceil(round(target - self.won, 6)), self.rest, self.variance)

    def points(self, count: int = POINTS) -> list[float]:
        """The quantiles at (i + 1/2) / count, i = 0 … count - 1."""
        masses = count_masses(self.rest, self.variance)
        if masses is None:
            return super(Deals, self).points(count)
        found: list[float] = []
        below = 0.0
        for deals, mass in enumerate(masses):
            below += mass
            found += [self.won + deals] * (min(round(below * count), count) - len(found))
            if len(found) == count:
                break
        return found + [found[-1]] * (count - len(found)) if found else [self.won] * count


def deals(rest: float, variance: float) -> Deals:
    """So many deals to come, nothing won yet."""
    low, high = (count_quantile(share, rest, variance) for share in (0.1, 0.9))
    return Deals(0, rest, low, high, variance)


def amounts(rest: float, wins: float, cv2: float, error: float) -> Amounts:
    """The money of so many wins to come, nothing won yet; see `compound`."""
    few = compound(rest, wins, cv2, error)
    return Amounts(0, rest, few.quantile(0.1), few.quantile(0.9), few)


def together(parts: Sequence[Distribution]) -> Distribution | None:
    """The deals of independent parts, means and variances added; `None` without any."""
    if len(parts) < 2:
        return parts[0] if parts else None
    known = [part for part in parts if isinstance(part, Deals)]
    return deals(sum(part.rest for part in known), sum(part.variance for part in known))


def _exp(power: float) -> float:
    return exp(min(power, 700.0))


def expectation(value: Callable[[float], float], sample: Sequence[float]) -> float:
    """E[value(X)] = mean of value over the quantile points of X; never value(E[X])."""
    return sum(map(value, sample)) / len(sample)


def interval_of(value: Callable[[float], float], sample: Sequence[float]) -> tuple[float, float]:
    """The 10 % and the 90 % point of value(X), `value` not falling: those of X, valued."""
    last = len(sample) - 1
    return value(sample[round(0.1 * last)]), value(sample[round(0.9 * last)])
