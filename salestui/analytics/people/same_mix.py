"""One rep beside all others: shrunken to what they share, like with like, flagged only beyond chance.

Shares are counts of counts, values are samples. Pure functions; nobody is ranked by luck, nor by what
there is to sell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance
from typing import Literal

from salestui.analytics.forecast.numbers import betainc
from salestui.analytics.measures import Z95, ratio, wilson
from salestui.analytics.shrinkage import prior_of, shrunken_share
from salestui.analytics.stages.deviation import masses, two_sided


@dataclass(frozen=True, slots=True)
class Beside:
    """One rep's measure. `own` of `n` cases in `interval`; `shrunk` towards all; `p` by chance.

    `everybody` is all reps together, `best` the mean of the shrunken values of the best. `alike` is what
    others do with the same mix of cases, where these are of several kinds, and `is_more` whether the rep
    is above it by the test. `None`: too little to say.
    """

    own: float | None
    n: int
    interval: tuple[float, float] | None
    shrunk: float | None
    everybody: float | None
    best: float | None
    p: float | None
    alike: float | None = None
    is_more: bool = True


Share = tuple[int, int]
"""(of them, cases)."""


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
        is_more=own[0] * cases > passed * own[1],
    )


Samples = Mapping[str, Mapping[str, Sequence[float]]]
"""Rep → kind of case (product, pipeline) → values."""

Middle = Literal["mean", "median"]


def value_beside(
    samples: Samples,
    rep: str,
    best: Collection[str],
    *,
    least: int,
    middle: Middle = "mean",
    scale: Callable[[float], float | None] | None = None,
) -> Beside:
    """A rep's mean or median beside the others', tested with the same mix of kinds on both sides.

    `scale` is what the test is of, such as the logarithm; what it makes `None` of is not tested. An
    estimate is w own + (1 - w) everybody, w = t2 / (t2 + s2 / n), t2 = max(var(means) - mean(s2 / n), 0):
    it lies between the two.
    """
    tested = scale or float
    flat = {key: [v for values in kinds.values() for v in values] for key, kinds in samples.items()}
    own = flat.get(rep, [])
    everything = [v for values in flat.values() for v in values]
    everybody = _middle_of([(v, 1.0) for v in everything], middle)
    # A median is of the order alone, so what spreads it is measured where one long case counts as one.
    between, pooled = _components(
        [list(_scaled(values, tested if middle == "median" else float)) for values in flat.values()]
    )

    def shrunk(values: Sequence[float]) -> float | None:
        found = _middle_of([(v, 1.0) for v in values], middle)
        if found is None or everybody is None:
            return None
        chance = pooled / len(values)
        weight = between / (between + chance) if between + chance > 0 else 0.0
        return weight * found + (1 - weight) * everybody

    known = [each for key in best if (each := shrunk(flat.get(key, []))) is not None]
    others = _others(samples, rep)
    mine = samples.get(rep, {})
    alike = _middle_of(
        [
            (v, len(mine[kind]) / len(others[kind]))
            for kind in _shared(mine, others)
            for v in others[kind]
        ],
        middle,
    )
    gap, p = Spread(samples, tested).gap(rep, least)
    return Beside(
        own=_middle_of([(v, 1.0) for v in own], middle),
        n=len(own),
        interval=_interval(own, middle),
        shrunk=shrunk(own),
        everybody=everybody,
        best=fmean(known) if known else None,
        p=p,
        alike=alike if len({kind for kinds in samples.values() for kind in kinds}) > 1 else None,
        is_more=gap > 0,
    )


def _scaled(values: Iterable[float], scale: Callable[[float], float | None]) -> Iterator[float]:
    return (made for each in values if (made := scale(each)) is not None)


def _others(samples: Samples, rep: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for key, kinds in samples.items():
        for kind, values in kinds.items() if key != rep else ():
            found.setdefault(kind, []).extend(values)
    return found


def _shared(
    mine: Mapping[str, Sequence[float]], others: Mapping[str, Sequence[float]]
) -> list[str]:
    """Kinds that the rep and the others both have."""
    return [kind for kind, values in mine.items() if values and others.get(kind)]


def _middle_of(weighted: Sequence[tuple[float, float]], middle: Middle) -> float | None:
    """The mean, or the value that half of the weight lies below: between two where that is exact."""
    whole = sum(weight for _, weight in weighted)
    if not whole:
        return None
    if middle == "mean":
        return sum(value * weight for value, weight in weighted) / whole
    ordered, below = sorted(weighted), 0.0
    for place, (value, weight) in enumerate(ordered):
        below += weight
        if below > whole / 2 + 1e-9 * whole:
            return value
        if below >= whole / 2 - 1e-9 * whole:
            return (value + ordered[min(place + 1, len(ordered) - 1)][0]) / 2
    return ordered[-1][0]


def _interval(values: Sequence[float], middle: Middle) -> tuple[float, float] | None:
    """Where the mean or the median lies with 95 % confidence.

    The median's is between two of the values: those (n ± z sqrt(n)) / 2 from the least on
    (W. J. Conover, Practical Nonparametric Statistics (1999), 3.2).
    """
    count = len(values)
    if count < 2:
        return None
    half = Z95 * sqrt(count) / 2
    if middle == "median":
        ordered = sorted(values)
        low, high = round(count / 2 - half), round(count / 2 + half)
        return ordered[max(low - 1, 0)], ordered[min(high, count - 1)]
    half = Z95 * sqrt(variance(values) / count)
    mean = fmean(values)
    return max(mean - half, min(0.0, min(values))), mean + half


class Spread:
    """What the test needs to know of all samples: numbers, sums and squares by rep and kind."""

    def __init__(self, samples: Samples, scale: Callable[[float], float | None] = float) -> None:
        self._reps = {
            rep: {kind: _Sums.of(list(_scaled(values, scale))) for kind, values in kinds.items()}
            for rep, kinds in samples.items()
        }
        self._all: dict[str, _Sums] = {}
        for kinds in self._reps.values():
            for kind, sums in kinds.items():
                self._all[kind] = self._all.get(kind, _Sums()).plus(sums)

    def gap(self, rep: str, least: int) -> tuple[float, float | None]:
        """How far the rep's mean is from the others' with the same mix, and the chance of so great a gap.

        D = sum w_s (mean_s - others' mean_s) over the kinds s that both have, w_s = n_s / n;
        var D = s2 / n + s2' sum w_s^2 / N_s, s2 and s2' within kinds. With one kind this is Welch's test
        (Biometrika 34 (1947) 28-35), whose degrees of freedom it has; the weights are those of direct
        standardisation.
        """
        pairs = [
            (mine, self._all[kind].plus(mine, -1)) for kind, mine in self._reps.get(rep, {}).items()
        ]
        pairs = [(mine, others) for mine, others in pairs if mine.n and others.n]
        n, rest = sum(mine.n for mine, _ in pairs), sum(others.n for _, others in pairs)
        free, free_rest = n - len(pairs), rest - len(pairs)
        if min(n, rest) < max(least, 2) or min(free, free_rest) < 1:
            return 0.0, None
        gap = sum(mine.n / n * (mine.mean - others.mean) for mine, others in pairs)
        a = sum(mine.within for mine, _ in pairs) / free / n
        b = sum(others.within for _, others in pairs) / free_rest
        b *= sum((mine.n / n) ** 2 / others.n for mine, others in pairs)
        size = max(abs(sums.mean) for pair in pairs for sums in pair)
        return gap, student(gap if abs(gap) > _ROUNDING * size else 0.0, a, free, b, free_rest)


_ROUNDING = 1e-9
"""What differences of sums may be off by, as a part of what is summed."""


@dataclass(frozen=True, slots=True)
class _Sums:
    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: Sequence[float]) -> _Sums:
        return cls(len(values), sum(values), sum(value * value for value in values))

    def plus(self, other: _Sums, times: int = 1) -> _Sums:
        return _Sums(
            self.n + times * other.n,
            self.total + times * other.total,
            self.squares + times * other.squares,
        )

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def within(self) -> float:
        """The sum of squares about the mean."""
        found = self.squares - self.total * self.mean
        return found if found > _ROUNDING * self.squares else 0.0


def _squares(groups: Iterable[Sequence[float]]) -> float:
    return sum((v - mean) ** 2 for g in groups for mean in (fmean(g),) for v in g)


def _components(groups: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Variance of true means, and pooled variance within."""
    filled = [g for g in groups if g]
    freedom = sum(len(g) - 1 for g in filled)
    pooled = _squares(filled) / freedom if freedom else 0.0
    if len(filled) < 2:
        return 0.0, pooled
    noise = fmean(pooled / len(g) for g in filled)
    return max(variance([fmean(g) for g in filled]) - noise, 0.0), pooled


def student(gap: float, a: float, freedom_a: float, b: float, freedom_b: float) -> float:
    """Two-sided p-value of a difference whose variance is a + b, each known by so many degrees of freedom.

    P(|t| > x) = I_{v / (v + x^2)}(v / 2, 1 / 2), v of Welch and Satterthwaite.
    """
    if a + b <= 0:
        return 1.0 if gap == 0 else 0.0
    square = gap * gap / (a + b)
    freedom = (a + b) ** 2 / (a * a / freedom_a + b * b / freedom_b)
    return betainc(freedom / 2, 0.5, freedom / (freedom + square))
