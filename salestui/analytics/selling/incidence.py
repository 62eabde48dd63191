"""How many end in each way by a given age, where some have not ended yet. Pure functions of counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Incidence:
    """After `days[i]` the share `shares[cause][i]` has ended by that cause; both may be empty."""

    days: tuple[int, ...]
    shares: tuple[tuple[float, ...], ...]

    def by(self, day: int, cause: int) -> float:
        """The share that has ended by this cause `day` days after its start."""
        found = 0.0
        for each, share in zip(self.days, self.shares[cause], strict=True):
            if each > day:
                break
            found = share
        return found

    def at_last(self, cause: int) -> float:
        """The share that ends by this cause at any age at which an end was seen."""
        return self.shares[cause][-1] if self.days else 0.0


def incidence(
    ending: Sequence[Mapping[int, int]],
    staying: Mapping[int, int],
    entering: Mapping[int, int] | None = None,
) -> Incidence:
    """The share that ends by each cause, by age in days, from counts by age.

    `ending[k][a]` ended by cause k at age a; `staying[a]` had not ended at age a when last seen;
    `entering[s]` came under observation at age s, everybody else at once.
    CIF_k(a) = Σ_{j<=a} S(j-1) d_k(j) / R(j), S(j) = Π_{i<=j} (1 - Σ_k d_k(i) / R(i)), with R(j) those
    under observation and not ended at age j. O. O. Aalen and S. Johansen, Scand. J. Stat. 5 (1978)
    141-150. What was seen of those that ended already is not divided by all (too low while many are
    open) nor by those that ended (too high while many are open).
    """
    late = entering or {}
    totals = sum(sum(counts.values()) for counts in ending) + sum(staying.values())
    at_risk, surviving = totals - sum(late.values()), 1.0
    shares = [0.0] * len(ending)
    days: list[int] = []
    found: list[list[float]] = [[] for _ in ending]
    ages = sorted({*staying, *late, *(age for counts in ending for age in counts)})
    for age in ages:
        at_risk += late.get(age, 0)
        ended = [counts.get(age, 0) for counts in ending]
        if any(ended) and at_risk > 0:
            for cause, number in enumerate(ended):
                shares[cause] += surviving * number / at_risk
                found[cause].append(shares[cause])
            days.append(age)
            surviving *= max(1 - sum(ended) / at_risk, 0.0)
        at_risk -= sum(ended) + staying.get(age, 0)
    return Incidence(tuple(days), tuple(map(tuple, found)))
