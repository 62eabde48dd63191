"""Shares of units of unequal size, drawn to the share they have in common as far as chance explains them;
and rates where nothing was seen."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

_PRIOR_ENDS = 0.5
"""Ends that the usual rate counts for where none was seen: Jeffreys' half an event."""


def prior_of(units: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The mean share and how many cases it is worth: M = p (1 - p) / t2 - 1, infinite where t2 = 0.

    t2 = max((Σ n (x - p)^2 - (R - 1) p (1 - p)) / (N - Σ n^2 / N), 0) is the variance of true shares of
    R units with N cases in all. Source: method of moments for the beta-binomial (J. C. Kleinman, J. Am.
    Stat. Assoc. 68 (1973) 46-54).
    """
    listed = [(k, n) for k, n in units if n]
    total = sum(n for _, n in listed)
    mean = sum(k for k, _ in listed) / total if total else 0.5
    spread = mean * (1 - mean)
    scale = total - sum(n * n for _, n in listed) / total if total else 0.0
    if len(listed) < 2 or spread <= 0 or scale <= 0:
        return mean, inf
    seen = sum(n * (k / n - mean) ** 2 for k, n in listed)
    true = max((seen - (len(listed) - 1) * spread) / scale, 0.0)
    return mean, max(spread / true - 1, 0.0) if true > 0 else inf


def shrunken_share(unit: tuple[float, float], prior: tuple[float, float]) -> float:
    """(k + M p) / (n + M): the posterior mean; p itself where nothing tells units apart."""
    mean, worth = prior
    return (
        mean
        if worth == inf
        else (unit[0] + worth * mean) / (unit[1] + worth)
        if unit[1] + worth
        else mean
    )


def unseen_rate(ends: float, before: float, after: float) -> float:
    """Ends per day at risk for each of so many, on the `after` days at risk that followed the last one.

    k / (k b + d R) with d = `ends` on the b = `before` days until then, R = `after`, k = `_PRIOR_ENDS`: the
    usual 1 / b where nobody was watched for longer, next to 0 where many were. Nil would say that what has
    not been seen cannot be. Times d it is the posterior mean of a Poisson rate with no event in R, whose
    gamma prior has the mean d / b and the shape k.
    """
    watched = _PRIOR_ENDS * before + ends * after
    return _PRIOR_ENDS / watched if watched > 0 else 0.0
