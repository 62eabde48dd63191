"""The statistics behind the reports. Pure functions of counts; days are whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""The standard normal's 97.5 % point."""

_ROUNDING = 1e-12
"""What a product of some thousand factors may be off by."""


def ratio(part: float, whole: float) -> float | None:
    """`part` / `whole`; `None`, not 0, where there is nothing to divide by."""
    return part / whole if whole else None


def wilson(successes: int, trials: int) -> tuple[float, float] | None:
    """The 95 % interval of a share, `None` without trials.

    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with p = successes/trials, n = trials.
    E. B. Wilson, Probable inference, J. Am. Stat. Assoc. 22 (1927) 209-212. Honest with few trials
    and at 0 and 100 %, where the usual p ± z √(p(1-p)/n) is not.
    """
    if not trials:
        return None
    share, square = successes / trials, Z95 * Z95
    centre = share + square / (2 * trials)
    spread = Z95 * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    scale = 1 + square / trials
    low, high = (centre - spread) / scale, (centre + spread) / scale
    return min(max(low, 0.0), share), max(min(high, 1.0), share)


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve: after `days[i]` the share `surviving[i]` has not left. `last`: longest seen."""

    days: tuple[int, ...]
    surviving: tuple[float, ...]
    last: int | None
    left: int
    observed: int

    def days_until(self, share: float) -> int | None:
        """The first day by which `share` has left; `None` if so many never did ("> last")."""
        for day, staying in zip(self.days, self.surviving, strict=True):
            if staying <= 1 - share + _ROUNDING:
                return day
        return None

    @property
    def quartiles(self) -> tuple[int | None, int | None, int | None]:
        """Days until a quarter, a half and three quarters have left."""
        return self.days_until(0.25), self.days_until(0.5), self.days_until(0.75)

    def mean_within(self, span: int) -> float | None:
        """The mean days spent within the first `span`: Σ_{a<span} S(a), the restricted mean.

        `None` where nobody was seen so long and not all have left: it would be a guess. J. O. Irwin,
        J. Hyg. 47 (1949) 188-189; it exists where no median does.
        """
        if self.last is None or (self.last < span - 1 and self.surviving[-1:] != (0.0,)):
            return None
        spent, staying, since = 0.0, 1.0, 0
        for day, following in zip(self.days, self.surviving, strict=True):
            if day >= span:
                break
            spent, staying, since = spent + staying * (day - since), following, day
        return spent + staying * (span - since)


def kaplan_meier(
    leaving: Mapping[int, int],
    staying: Mapping[int, int],
    entering: Mapping[int, int] | None = None,
) -> Curve:
    """The share still there by days since entry, from counts by day.

    `leaving[a]` left after a days; `staying[a]` were still there after a days when last seen.
    `entering[s]` came under observation s days after they entered (a store that imports only what
    was alive on some day), and everybody else at once.
    S(a) = Π_{j<=a} (1 - d_j / R_j) with d_j = leaving[j], R_j = those under observation before and
    still there on day j. E. L. Kaplan and P. Meier, J. Am. Stat. Assoc. 53 (1958) 457-481; late
    entry: P. K. Andersen et al., Statistical Models Based on Counting Processes (1993), III.4.
    Deals still open count as long as they lasted: leaving them out makes stages look too fast.
    """
    late = entering or {}
    observed = sum(leaving.values()) + sum(staying.values())
    at_risk = observed - sum(late.values())
    surviving = 1.0
    days: list[int] = []
    shares: list[float] = []
    for day in sorted({*leaving, *staying, *late}):
        at_risk += late.get(day, 0)
        left = leaving.get(day, 0)
        if left and at_risk > 0:
            surviving *= 1 - min(left, at_risk) / at_risk
            days.append(day)
            shares.append(surviving)
        at_risk -= left + staying.get(day, 0)
    last = max((day for counts in (leaving, staying) for day in counts), default=None)
    return Curve(tuple(days), tuple(shares), last, sum(leaving.values()), observed)


def median(counts: Mapping[int, int]) -> float | None:
    """The middle of values given as value -> count, the mean of the two middle ones if even."""
    total = sum(counts.values())
    if not total:
        return None
    low = _ranked(counts, (total - 1) // 2)
    high = _ranked(counts, total // 2)
    return (low + high) / 2


def mean(counts: Mapping[int, int]) -> float | None:
    """The mean of values given as value -> count."""
    return ratio(sum(value * count for value, count in counts.items()), sum(counts.values()))


def _ranked(counts: Mapping[int, int], rank: int) -> int:
    for value in sorted(counts):
        rank -= counts[value]
        if rank < 0:
            return value
    raise IndexError(rank)
