"""The stage model: how deals go from stage to stage by the days they have been in one.

A semi-Markov process in whole days, with competing risks within each stage. A deal is in a stage or
at one of three ends: won, lost, postponed. Skips and moves back are moves like any other.
Sources: R. A. Howard, Dynamic Probabilistic Systems 2 (1971), ch. 10
(semi-Markov processes); P. K. Andersen et al., Statistical Models Based on Counting Processes
(1993), III.4 (late entry) and IV.4 (several risks).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salestui.analytics.events import UNDATED, Codes, Known, Stays
from salestui.analytics.forecast.ageing import stretched
from salestui.analytics.forecast.stage_counts import (
    AsOf,
    Counts,
    Flags,
    Floats,
    Ints,
    binned,
    count_stays,
    pooled,
)

Whole = NDArray[np.integer[Any]]

ULTIMATE = 730
"""Days after which what is not won counts as never won."""

TRUSTED_EXITS = 30
"""Exits that a stage needs to speak for itself; with fewer it is pooled with its neighbours."""

_CELLS = 20_000
"""Stages x ages of tables that are worked out side by side."""

SAME_DAY = 6
"""Moves that a deal may make on the day it enters a stage."""

RECENT_DAYS, RECENT_PRIOR = 91, 50.0
"""Recalibration looks back so far, and so many expected ends draw it to 1 (5.5)."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """P(won within `days`): `table[s, a]` at the start of a deal's day `a` in stage `s`.

    `entering[h, s]` is that of a deal that enters stage `s` when `h` days are left, that day counted.
    """

    days: int
    table: Floats
    entering: Floats

    def of(self, stage: Whole, age: Whole) -> Floats:
        """P(won within the days after today | open today in `stage`, entered `age` days ago)."""
        place = np.clip(np.asarray(age) + 1, 0, self.table.shape[1] - 1)
        chances: Floats = self.table[np.asarray(stage), place]
        return chances

    def of_new(self, stage: int) -> Floats:
        """P(won within the days | enters `stage` on the u-th of them), for u = 1, 2 … `days`."""
        return self.entering[:0:-1, stage]


class StageModel:
    """Daily hazards of leaving each stage, and what follows from them.

    `hazard[s, a, k]` is the share of the deals that have been `a` days in stage `s` and leave it that
    day for `k`: a stage, or one of the ends won, lost, postponed. `exits[s]` is how many exits stand
    behind stage `s` itself; `is_dated[s]` tells whether its days are known.
    """

    def __init__(self, hazard: Floats, exits: Ints, is_dated: Flags) -> None:
        # Of most stages few ways lead to few others, and a back-test keeps hundreds of models.
        self._shape, self._ways = hazard.shape, np.nonzero(hazard.any(axis=1))
        self._rates = hazard[self._ways[0], :, self._ways[1]]
        self.exits, self.is_dated = exits, is_dated
        self._outlooks: dict[int, Outlook] = {}

    @property
    def hazard(self) -> Floats:
        """`hazard[s, a, k]`, a new array each time."""
        whole = np.zeros(self._shape)
        whole[self._ways[0], :, self._ways[1]] = self._rates
        return whole

    @property
    def is_usable(self) -> bool:
        """Whether deals can be followed from stage to stage: at least two stages have dates."""
        return int(self.is_dated.sum()) >= 2

    @property
    def reason(self) -> str:
        """Why the model cannot be used, in a sentence; empty where it can."""
        if self.is_usable:
            return ""
        known = "Only one stage has dates" if self.is_dated.any() else "No stage has dates"
        return f"{known}: deals are judged by their age, not by their way through the stages."

    def within(self, days: int) -> Outlook:
        """The outlook of so many days, kept once it has been worked out."""
        if days not in self._outlooks:
            foresee([self], days)
        return self._outlooks[days]

    def win_within(self, stage: Codes, age: Ints, days: int) -> Floats:
        """P(won within `days` | open today in `stage`, which it entered `age` days ago): U_h[s, a+1]."""
        return self.within(days).of(stage, age)

    def open_wins(self, known: Known, days: int) -> Floats:
        """P(won within `days`) of each deal; `nan` where it is not open or its stage has no day."""
        can = known.is_open & (known.entered != UNDATED)
        chances = np.full(len(known), np.nan)
        chances[can] = self.win_within(known.stage[can], known.day - known.entered[can], days)
        return chances

    def scaled(self, won: float, lost: float) -> StageModel:
        """The model with the hazards of winning and of losing multiplied."""
        hazard = self.hazard
        stages = len(hazard)
        hazard[:, :, stages] *= won
        hazard[:, :, stages + 1] *= lost
        hazard /= np.maximum(hazard.sum(axis=2, keepdims=True), 1.0)
        return StageModel(hazard, self.exits, self.is_dated)

    def slower(self, cycle: float) -> StageModel:
        """The model with each stage taking `cycle` times as long; see `ageing.stretched`."""
        hazard = stretched(self.hazard.swapaxes(0, 1), cycle).swapaxes(0, 1)
        hazard = hazard / np.maximum(hazard.sum(axis=2, keepdims=True), 1.0)
        return StageModel(hazard, self.exits, self.is_dated)


def foresee(models: Iterable[StageModel], days: int) -> None:
    """Work out `within(days)` of several models of the same stages, which takes less than one by one."""
    new = [each for each in dict.fromkeys(models) if days not in each._outlooks]
    for model, made in zip(new, outlooks([each.hazard for each in new], days), strict=True):
        model._outlooks[days] = made


def fit(known: AsOf, stays: Stays, *, tracked_from: int = UNDATED) -> StageModel:
    """The model of what was known on a day; `tracked_from` is the first day of which exits are known.

    q_{s→k}(a) = exits to k after a days / deals at risk then, in bins of ages. A deal is at risk from
    the day it came under observation (late entry) to the day it left or was last seen (censoring).
    """
    counts = count_stays(known, stays, tracked_from)
    return StageModel(_hazards(counts, known), counts.exits, counts.is_dated)


def _hazards(counts: Counts, known: AsOf) -> Floats:
    hazard = np.zeros(counts.leaving.shape)
    for stage in np.flatnonzero(counts.at_risk.sum(axis=1) > 0):
        hazard[stage] = binned(*pooled(counts, known.names.stages, int(stage), TRUSTED_EXITS))
    return hazard


def outlook(
    hazard: Floats, days: int, won_by_day: Floats | None = None, lost_by_day: Floats | None = None
) -> Outlook:
    """The backward recursion over the days that are left.

    U_h[s, a] = q_{s,won}(a) + Σ_k q_{s→k}(a) U_h[k, 0] + (1 - Σ_k q_{s→k}(a)) U_{h-1}[s, a+1], U_0 = 0.
    `won_by_day`, `lost_by_day`: factors on those hazards for each of the days, the calendar's (5.4).
    """
    if won_by_day is None or lost_by_day is None:
        return outlooks([hazard], days)[0]
    return outlooks([hazard], days, won_by_day[None], lost_by_day[None])[0]


def outlooks(
    hazards: Sequence[Floats],
    days: int,
    won_by_day: Floats | None = None,
    lost_by_day: Floats | None = None,
) -> list[Outlook]:
    """The same of several hazards of the same stages; a row of the factors for each.

    Side by side, as many as are worth it: a day of small tables costs hardly more than a day of one.
    """
    made: list[Outlook] = []
    while len(made) < len(hazards):
        size = max(each[:, :, 0].size for each in hazards[len(made) :])
        some = slice(len(made), len(made) + max(_CELLS // size, 1))
        factors = [each[some] for each in (won_by_day, lost_by_day) if each is not None]
        made += _side_by_side(hazards[some], days, *factors)
    return made


def _side_by_side(
    hazards: Sequence[Floats],
    days: int,
    won_by_day: Floats | None = None,
    lost_by_day: Floats | None = None,
) -> list[Outlook]:
    """Tables with fewer ages go on as their last age does, which is what it means."""
    count, stages, ages = len(hazards), len(hazards[0]), max(each.shape[1] for each in hazards)
    hazard = np.stack([each[:, np.minimum(np.arange(ages), each.shape[1] - 1)] for each in hazards])
    moves = np.ascontiguousarray(hazard[..., :stages])
    won, lost = hazard[..., stages].copy(), hazard[..., stages + 1].copy()
    at_once = np.stack([_at_once(each) for each in moves[:, :, 0]])
    rest = 1.0 - (moves.sum(axis=3) + hazard[..., stages + 2])
    moves = moves.reshape(count, -1, stages)
    staying, day_won = np.clip(rest - won - lost, 0.0, 1.0), won
    table, later = np.zeros(won.shape), np.empty(won.shape)
    entering = np.zeros((days + 1, count, stages))
    for left in range(1, days + 1):
        if won_by_day is not None and lost_by_day is not None:
            now = (slice(None), days - left, None, None)
            day_won = won * won_by_day[now]
            np.subtract(rest, day_won, out=staying)
            staying -= lost * lost_by_day[now]
            np.minimum(np.maximum(staying, 0.0, out=staying), 1.0, out=staying)
        later[..., :-1], later[..., -1] = table[..., 1:], table[..., -1]
        later *= staying
        later += day_won
        entering[left] = np.matmul(at_once, later[..., 0, None])[..., 0]
        np.matmul(moves, entering[left][..., None], out=table.reshape(count, -1, 1))
        table += later
    return [
        Outlook(days, table[place, :, : each.shape[1]], entering[:, place])
        for place, each in enumerate(hazards)
    ]


def _at_once(moves: Floats) -> Floats:
    """I + Q + Q² … + Q⁶: moves on the day of entry itself, at most `SAME_DAY` of them."""
    total = power = np.eye(len(moves))
    for _ in range(SAME_DAY):
        power = power @ moves
        total = total + power
    return np.asarray(total)


def recent_factors(
    model: StageModel, known: AsOf, stays: Stays, *, tracked_from: int = UNDATED
) -> tuple[float, float]:
    """Actual to expected wins and losses of the last `RECENT_DAYS`, each drawn to 1.

    m = (O + κ) / (E + κ) with E = Σ at-risk cells x hazard and κ = `RECENT_PRIOR` (5.5).
    """
    first = max(known.day - RECENT_DAYS + 1, tracked_from)
    hazard = model.hazard
    stages, ages = hazard.shape[:2]
    recent = count_stays(known, stays, first, ages)
    place = np.minimum(np.arange(recent.at_risk.shape[1]), ages - 1)
    factors = []
    for end in (stages, stages + 1):
        seen = recent.leaving[:, :, end].sum()
        expected = (recent.at_risk * hazard[:, place, end]).sum()
        factors.append(float((seen + RECENT_PRIOR) / (expected + RECENT_PRIOR)))
    return factors[0], factors[1]
