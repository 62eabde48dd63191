"""The money of a few wins: nobody knows how many there will be, nor what each will be worth."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import erfc, exp, log, log1p, sqrt

from salestui.analytics.forecast.numbers import count_masses, normal_quantile

_ENDS = 1e-9
"""Of all cases, those of more wins than are counted."""
_STEPS = 40
_FAR = 6.0
"""Standard deviations of a logarithm beyond which nothing lies that matters."""


@dataclass(frozen=True, slots=True)
class Compound:
    """The sum of N amounts: (probability, mean and standard deviation of its logarithm) for each N > 0."""

    cases: tuple[tuple[float, float, float], ...]

    @property
    def nothing(self) -> float:
        """P(N = 0)."""
        return max(1.0 - sum(chance for chance, _, _ in self.cases), 0.0)

    def tail(self, target: float) -> float:
        """P(sum >= target)."""
        return 1.0 if target <= 0.0 else self._above(log(target))

    def quantile(self, share: float) -> float:
        """The least sum s with P(sum <= s) >= `share`, to six digits."""
        if not self.cases or share <= self.nothing:
            return 0.0
        low = min(mean - _FAR * deviation for _, mean, deviation in self.cases)
        high = max(mean + _FAR * deviation for _, mean, deviation in self.cases)
        for _ in range(_STEPS):
            middle = (low + high) / 2
            if self._above(middle) > 1.0 - share:
                low = middle
            else:
                high = middle
            if high - low < 1e-6:
                break
        return exp(high)

    def points(self, count: int) -> list[float]:
        """`count` values that stand for it, ascending: of each N as many as it is likely.

        Each is the mean of its share of the lognormal, so that the mean of all is that of the sums.
        """
        found = [0.0] * round(self.nothing * count)
        below = self.nothing
        for chance, mean, deviation in self.cases:
            below += chance
            if (own := min(round(below * count), count) - len(found)) > 0:
                found += _slices(mean, deviation, own)
        return sorted(found + found[-1:] * (count - len(found)))

    def _above(self, logarithm: float) -> float:
        total = 0.0
        for chance, mean, deviation in self.cases:
            if deviation > 0.0:
                total += chance * erfc((logarithm - mean) / (deviation * sqrt(2.0))) / 2
            else:
                total += chance * float(mean >= logarithm)
        return total


def _slices(mean: float, deviation: float, count: int) -> list[float]:
    """E[X | X in the k-th of `count` equally likely slices] of a lognormal X, k = 1 … count.

    E[X; X < q_p] = E[X] P(Z < z_p - deviation), Z standard normal.
    """
    whole = exp(mean + deviation**2 / 2)
    ends = [normal_quantile(place / count) for place in range(1, count)]
    shares = [0.0, *(erfc((deviation - end) / sqrt(2.0)) / 2 for end in ends), 1.0]
    return [whole * count * (after - before) for before, after in pairwise(shares)]


def compound(value: float, wins: float, cv2: float, error: float) -> Compound:
    """N negative binomial, mean `wins` and variance wins + error wins^2; amounts with mean value / wins.

    Given N = n the sum is taken as lognormal with the mean n value / wins and the relative variance
    cv2 / n that it has (L. F. Fenton, IRE Transactions on Communications Systems 8, 1960). So the mean
    is `value` and the relative variance (1 + cv2) / wins + error, as of many wins.
    """
    masses = count_masses(wins, wins + error * wins**2) if value > 0.0 and wins > 0.0 else None
    cases = []
    below = 0.0
    for number, chance in enumerate(masses or ()):
        if number and chance > 0.0:
            square = log1p(cv2 / number)
            mean = log(number * value / wins) - square / 2
            cases.append((chance, mean, sqrt(square)))
        below += chance
        if below >= 1.0 - _ENDS:
            break
    return Compound(tuple(cases))
