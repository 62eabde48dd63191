"""How many reps a plan needs: sums of uncertain reps, hires that are still learning, reps who leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, sqrt
from statistics import NormalDist, fmean, variance

SHOCK = 0.05
"""The part of a period's sum that moves for all reps at once: a judgement, not measured."""
LEARNING = (0.25, 0.5, 0.75)
"""What a hire brings in the first, second and third month where no ramp could be measured."""
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one ramped rep and period, in one unit: the mean, and standard deviations.

    `within`: from period to period of one rep. `between`: of what reps truly bring.
    """

    mean: float
    within: float
    between: float


def spread(table: Sequence[Sequence[float]]) -> Spread | None:
    """The spread of sums by rep (a row each) and period; `None` with fewer than two reps of two periods.

    s_w^2 = Σ (x_rp - mean_r)^2 / Σ (periods_r - 1), s_b^2 = max(var(mean_r) - s_w^2 / periods, 0) with
    the mean number of periods. Source: one-way random effects by the method of moments (Searle,
    Casella and McCulloch, Variance Components, 1992, 3.6).
    """
    rows = [row for row in table if row]
    freedom = sum(len(row) - 1 for row in rows)
    if len(rows) < 2 or freedom < 1:
        return None
    means = [fmean(row) for row in rows]
    squares = sum((x - mean) ** 2 for row, mean in zip(rows, means, strict=True) for x in row)
    within = squares / freedom
    cells = sum(map(len, rows))
    between = max(variance(means) - within * len(rows) / cells, 0.0)
    return Spread(sum(map(sum, rows)) / cells, sqrt(within), sqrt(between))


def naive(target: float, made: Spread) -> int:
    """Reps whose mean sum is the target: it is missed every other time."""
    return ceil(target / made.mean) if made.mean > 0 else _MOST


def deviation(reps: float, made: Spread, shock: float = SHOCK) -> float:
    """The standard deviation of what `reps` bring: sqrt(n (s_b^2 + s_w^2) + (c n mean)^2)."""
    chance = reps * (made.between**2 + made.within**2)
    return sqrt(chance + (shock * reps * made.mean) ** 2)


def needed(
    target: float, made: Spread, *, confidence: float = 0.8, shock: float = SHOCK
) -> int | None:
    """The least n with n mean - z sqrt(n (s_b^2 + s_w^2) + (c n mean)^2) >= target.

    z is the normal's `confidence` point; `None` where no number of reps would do.
    """
    z = NormalDist().inv_cdf(confidence)

    def surely(reps: int) -> float:
        return reps * made.mean - z * deviation(reps, made, shock)

    if made.mean <= 0 or z * shock >= 1:
        return None
    low, high = 0, max(naive(target, made), 1)
    while surely(high) < target:
        low, high = high, 2 * high
        if high > _MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if surely(middle) >= target else (middle, high)
    return high if target > 0 else 0


def part(months: int, tenure: int, ramp: Sequence[float] = LEARNING) -> float:
    """What a rep with `tenure` full months before it brings in a period of `months`, as ramped reps.

    Σ over the months of ramp(tenure + i) / months, 1 beyond the ramp's end: a hire of the first day
    who learns by a quarter, a half and three quarters is half a rep in the first quarter.
    """
    learning = [ramp[i] if i < len(ramp) else 1.0 for i in range(tenure, tenure + months)]
    return sum(learning) / months if months else 0.0


def staying(leavers: int, rep_days: float, days: float) -> float:
    """The share of reps still there after `days`: exp(-rate x days), rate = leavers / days at risk."""
    return exp(-leavers / rep_days * days) if rep_days > 0 else 1.0


def is_flat(
    loads: Sequence[float], won: Sequence[float], periods: Sequence[int] | None = None
) -> bool | None:
    """Whether the share won does not fall with how many deals a rep has; `None` with too few to tell.

    Weighted least squares of the share won on the load, both less their mean of the same period,
    weights = load: the slope is not below 0 by more than 1.645 standard errors (5 %, one-sided).
    """
    when = periods if periods is not None else [0] * len(loads)
    points: dict[int, list[tuple[float, float]]] = {}
    for load, k, period in zip(loads, won, when, strict=True):
        if load > 0:
            points.setdefault(period, []).append((load, k / load))
    pairs = [pair for listed in points.values() for pair in _centred(listed)]
    across = sum(load * x * x for load, x, _ in pairs)
    freedom = len(pairs) - len(points) - 1
    if len(pairs) < 8 or freedom < 1 or across <= 0:
        return None
    slope = sum(load * x * y for load, x, y in pairs) / across
    errors = sum(load * (y - slope * x) ** 2 for load, x, y in pairs)
    return slope > -1.645 * sqrt(errors / freedom / across)


def _centred(listed: Sequence[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """(load, load less its mean, share less its mean), the means weighted by the load."""
    total = sum(load for load, _ in listed)
    centre = sum(load * load for load, _ in listed) / total
    level = sum(load * share for load, share in listed) / total
    return [(load, load - centre, share - level) for load, share in listed]
