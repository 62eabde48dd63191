"""How new reps come up to speed: a pooled curve over months of tenure that never falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

LAST = 13
"""The tenure month that stands for all later ones."""
FULL = 0.8
_DRAWS = 400


@dataclass(frozen=True, slots=True)
class Career:
    """One rep: `wins[i]` were won in the complete month of tenure `months[i]` (from 1, `LAST` at most).

    `first` is the first of these months by the calendar, since January of the year 0.
    """

    rep_id: str
    months: tuple[int, ...]
    wins: tuple[int, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """A month of tenure over all reps. `level` is productivity relative to a full one, not falling."""

    number: int
    reps: int
    wins: int
    level: float


def counts(careers: Sequence[Career]) -> tuple[list[int], list[int]]:
    """Rep-months at risk and wins by month of tenure, index 0 for the first month."""
    at_risk, wins = [0] * LAST, [0] * LAST
    for career in careers:
        for number, count in zip(career.months, career.wins, strict=True):
            at_risk[number - 1] += 1
            wins[number - 1] += count
    return at_risk, wins


def curve(careers: Sequence[Career]) -> list[Month]:
    """The months somebody was at risk in, with shrunken, never falling productivity.

    E_m = rep-months x mean wins of a rep-month; rho_m = (O_m + k) / (E_m + k) with
    k = Σ E^2 / max(Σ ((O - E)^2 - E), 1); then the pool adjacent violators with weights E_m + k; then
    divided by the mean of months 7 to 12, or of the last three there are. Source: empirical Bayes by
    the method of moments; Ayer et al., Ann. Math. Stat. 26 (1955) 641-647.
    """
    at_risk, wins = counts(careers)
    there = [i for i in range(LAST) if at_risk[i]]
    total = sum(wins)
    if not there or not total:
        return [Month(i + 1, at_risk[i], wins[i], 0.0) for i in there]
    mean = total / sum(at_risk)
    expected = [at_risk[i] * mean for i in there]
    beyond = sum((wins[i] - e) ** 2 - e for i, e in zip(there, expected, strict=True))
    prior = sum(e * e for e in expected) / max(beyond, 1.0)
    weights = [e + prior for e in expected]
    levels = not_falling(
        [(wins[i] + prior) / w for i, w in zip(there, weights, strict=True)], weights
    )
    settled = [level for i, level in zip(there, levels, strict=True) if 7 <= i + 1 <= 12] or levels[
        -3:
    ]
    full = sum(settled) / len(settled)
    return [
        Month(i + 1, at_risk[i], wins[i], round(level / full, 9))
        for i, level in zip(there, levels, strict=True)
    ]


def not_falling(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest sequence that does not fall, by weighted least squares (pool adjacent violators)."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        blocks.append((value, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (one, heavy, many), (other, light, few) = blocks.pop(-2), blocks.pop()
            pooled = (one * heavy + other * light) / (heavy + light)
            blocks.append((pooled, heavy + light, many + few))
    return [value for value, _, count in blocks for _ in range(count)]


def ramp_month(careers: Sequence[Career]) -> int | None:
    """The first month of tenure with four fifths of full productivity."""
    return next((month.number for month in curve(careers) if month.level >= FULL), None)


def ramp_range(careers: Sequence[Career], seed: int = 1) -> tuple[int, int] | None:
    """Where the ramp month lies 8 times in 10 if other reps of the same kind had come.

    The bootstrap over reps (Efron 1979), 400 draws of a fixed seed: the same store, the same answer.
    """
    random = Random(seed)
    found = sorted(
        month
        for _ in range(_DRAWS)
        if (month := ramp_month(random.choices(careers, k=len(careers)))) is not None
    )
    if not found:
        return None
    return found[len(found) // 10], found[-1 - len(found) // 10]
