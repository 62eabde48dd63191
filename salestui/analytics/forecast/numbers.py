"""Tails and quantiles of a few distributions, from the standard library alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from math import ceil, exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

_TINY = 1e-300
_EXACT = 1e-15
_MANY = 10_000.0


def betainc(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for a, b > 0 and 0 <= x <= 1.

    Source: the continued fraction DLMF 8.17.22, evaluated as W. J. Lentz does (Applied Optics 15,
    1976); beyond its mode through the symmetry I_x(a, b) = 1 - I_{1-x}(b, a).
    """
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - betainc(b, a, 1.0 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    numerator, denominator = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    denominator = 1.0 / (denominator or _TINY)
    value = denominator
    for m in range(1, 1000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            denominator = 1.0 / ((1.0 + term * denominator) or _TINY)
            numerator = (1.0 + term / numerator) or _TINY
            step = denominator * numerator
            value *= step
        if abs(step - 1.0) < _EXACT:
            break
    return min(front * value, 1.0)


def f_tail(value: float, above: float, below: float) -> float:
    """P(F > value) for Fisher's F with `above` and `below` degrees of freedom.

    Source: I_{d2 / (d2 + d1 F)}(d2 / 2, d1 / 2) (Abramowitz and Stegun 26.6.2).
    """
    if value <= 0.0:
        return 1.0
    return betainc(below / 2, above / 2, below / (below + above * value))


@lru_cache(maxsize=1024)
def t_quantile(probability: float, freedom: float) -> float:
    """The value that Student's t with `freedom` degrees of freedom exceeds with 1 - `probability`.

    Source: P(|t| > q) = I_{v / (v + q^2)}(v / 2, 1 / 2) (Abramowitz and Stegun 26.7.1), halved until
    it is found to fifteen digits. Kept, as one screen asks a thousand times for a few dozen freedoms.
    """
    if probability == 0.5:
        return 0.0
    if probability < 0.5:
        return -t_quantile(1.0 - probability, freedom)
    tails = 2.0 * (1.0 - probability)
    low, high = 0.0, 1.0
    while betainc(freedom / 2, 0.5, freedom / (freedom + high * high)) > tails:
        low, high = high, 2.0 * high
    while high - low > _EXACT * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if betainc(freedom / 2, 0.5, freedom / (freedom + middle * middle)) > tails:
            low = middle
        else:
            high = middle
    return high


def normal_quantile(probability: float) -> float:
    """The value that a standard normal exceeds with 1 - `probability`."""
    return NormalDist().inv_cdf(probability)


def count_quantile(probability: float, mean: float, variance: float) -> int:
    """The smallest count with P(N <= count) >= `probability`: negative binomial, Poisson at its edge.

    With size r = mean^2 / (variance - mean) the masses are P(0) = (r / (r + mean))^r and
    P(k) = P(k - 1) (k - 1 + r) / k * mean / (r + mean) (Johnson, Kemp and Kotz, Univariate Discrete
    Distributions, 5.1); with variance <= mean they are Poisson's.
    """
    masses = count_masses(mean, variance)
    if masses is None:
        return max(round(mean + normal_quantile(probability) * sqrt(max(variance, mean))), 0)
    count, total = 0, 0.0
    for count, mass in enumerate(masses):
        total += mass
        if total >= probability:
            return count
    return count


def count_tail(count: int, mean: float, variance: float) -> float:
    """P(N >= count) of the same distribution."""
    if count <= 0:
        return 1.0
    masses = count_masses(mean, variance)
    if masses is None:
        return 1.0 - NormalDist(mean, sqrt(max(variance, mean))).cdf(count - 0.5)
    return max(1.0 - sum(islice(masses, count)), 0.0)


def count_masses(mean: float, variance: float) -> Iterator[float] | None:
    """P(0), P(1) … of the same distribution, to beyond its end; `None` where it is as good as normal."""
    if mean <= 0.0:
        return iter((1.0,))
    spread = variance - mean
    size = mean * mean / spread if spread > 1e-9 * mean else 0.0
    none = exp(-size * log1p(mean / size)) if size else exp(-mean)
    # A mean of some thousands leaves no mass at 0 that a float could hold.
    if mean > _MANY or none == 0.0:
        return None
    return _masses(none, mean, size, ceil(100 * (mean + 10.0 * sqrt(variance) + 10.0)))


def _masses(mass: float, mean: float, size: float, most: int) -> Iterator[float]:
    yield mass
    for count in range(1, most):
        mass *= (count - 1 + size) / count * mean / (size + mean) if size else mean / count
        yield mass
