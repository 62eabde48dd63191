"""One rep beside all others: shrunken to what they share, and flagged only beyond chance.

Shares are counts of counts, values are samples. Pure functions; nobody is ranked by luck.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf, log, sqrt
from statistics import fmean, variance

from salestui.analytics.forecast.numbers import betainc
from salestui.analytics.measures import Z95, ratio, wilson
from salestui.analytics.stages.deviation import masses, two_sided


@dataclass(frozen=True, slots=True)
class Beside:
    """One rep's measure. `own` of `n` cases in `interval`; `shrunk` after what all share; `p` by chance.

    `everybody` is all reps together, `best` the mean of the shrunken values of the best. `None`: too
    little to say.
    """

    own: float | None
    n: int
    interval: tuple[float, float] | None
    shrunk: float | None
    everybody: float | None
    best: float | None
    p: float | None


Share = tuple[int, int]
"""(of them, cases)."""


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


def share_beside(
    units: Mapping[str, Share], rep: str, best: Collection[str], *, least: int
) -> Beside:
    """A rep's share beside that of the others; tested from `least` cases on both sides on.

    The test is exact: k of n beta-binomial around the others' share, as well as their N cases know
    it (M = N - 1); all outcomes that are no likelier count.
    """
    own = units.get(rep, (0, 0))
    prior = prior_of(list(units.values()))
    others = [unit for key, unit in units.items() if key != rep]
    passed, cases = sum(k for k, _ in others), sum(n for _, n in others)
    p = None
    if own[1] >= least and cases >= least:
        margin = 0.5 / (cases + 1)
        share = min(max(passed / cases, margin), 1 - margin)
        p = two_sided(own[0], masses(own[1], share, float(cases - 1)))
    known = [shrunken_share(units[key], prior) for key in best if key in units]
    return Beside(
        own=ratio(*own),
        n=own[1],
        interval=wilson(*own),
        shrunk=shrunken_share(own, prior) if own[1] else None,
        everybody=ratio(passed + own[0], cases + own[1]),
        best=fmean(known) if known else None,
        p=p,
    )


def value_beside(
    samples: Mapping[str, Sequence[float]],
    rep: str,
    best: Collection[str],
    *,
    least: int,
    is_skew: bool = True,
) -> Beside:
    """A rep's typical value beside the others'; of logarithms where `is_skew` (amounts, days).

    Welch's test (Biometrika 34 (1947) 28-35) of rep against the rest. Shrunken with
    w = t2 / (t2 + s2 / n), t2 = max(var(means) - mean(s2 / n), 0). Of logarithms, the typical value is
    the geometric mean.
    """
    scale = {
        key: [log(v) for v in values if v > 0] if is_skew else list(values)
        for key, values in samples.items()
    }
    own = scale.get(rep, [])
    rest = [v for key, values in scale.items() if key != rep for v in values]
    everything = [*own, *rest]
    between, pooled, mean = _components(list(scale.values()))

    def back(value: float | None) -> float | None:
        from math import exp

        return value if value is None or not is_skew else exp(value)

    def shrunk(values: Sequence[float]) -> float:
        chance = pooled / len(values) if values else inf
        weight = between / (between + chance) if between + chance > 0 else 0.0
        return weight * fmean(values) + (1 - weight) * mean if values else mean

    known = [shrunk(scale[key]) for key in best if scale.get(key)]
    interval = None
    if len(own) > 1:
        half = Z95 * sqrt(variance(own) / len(own))
        low, high = back(fmean(own) - half), back(fmean(own) + half)
        interval = (low or 0.0, high or 0.0)
    return Beside(
        own=back(fmean(own)) if own else None,
        n=len(own),
        interval=interval,
        shrunk=back(shrunk(own)) if own else None,
        everybody=back(fmean(everything)) if everything else None,
        best=back(fmean(known)) if known else None,
        p=welch(own, rest) if min(len(own), len(rest)) >= max(least, 2) else None,
    )


def _components(groups: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Variance of true means, pooled variance within, and the mean of the means."""
    filled = [g for g in groups if g]
    if not filled:
        return 0.0, 0.0, 0.0
    means = [fmean(g) for g in filled]
    freedom = sum(len(g) - 1 for g in filled)
    squares = sum((v - m) ** 2 for g, m in zip(filled, means, strict=True) for v in g)
    pooled = squares / freedom if freedom else 0.0
    if len(filled) < 2:
        return 0.0, pooled, means[0]
    noise = fmean(pooled / len(g) for g in filled)
    return max(variance(means) - noise, 0.0), pooled, fmean(means)


def welch(one: Sequence[float], other: Sequence[float]) -> float:
    """Two-sided p-value of a difference of means with unequal variances, by Student's t.

    P(|t| > x) = I_{v / (v + x^2)}(v / 2, 1 / 2), v of Welch and Satterthwaite.
    """
    a, b = variance(one) / len(one), variance(other) / len(other)
    if a + b <= 0:
        return 1.0 if fmean(one) == fmean(other) else 0.0
    square = (fmean(one) - fmean(other)) ** 2 / (a + b)
    freedom = (a + b) ** 2 / (a * a / (len(one) - 1) + b * b / (len(other) - 1))
    return betainc(freedom / 2, 0.5, freedom / (freedom + square))
