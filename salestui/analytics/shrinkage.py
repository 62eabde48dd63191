"""Shares of units of unequal size, drawn to the share they have in common: as far as chance explains them."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf


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
