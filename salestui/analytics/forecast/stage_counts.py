"""What the stage model is fitted to: exits and deals at risk by stage and whole days in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from salestui.analytics.events import NEVER, STAYING, TO_WON, UNDATED, Names, StageOf, Stays
from salestui.analytics.shrinkage import unseen_rate
from salestui.models.vocabulary import StageKind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

ENDS = 3
"""Won, lost and postponed, which stand after the stages in this order."""

BIN_EXITS, BIN_DAYS = 25, 21
"""Days in a stage are taken together until so many deals have left, or for so many days."""

LONGEST = 1095
"""Days in a stage that are told apart; a stay that lasts longer is watched no further."""


@dataclass(frozen=True, slots=True)
class Counts:
    """`leaving[s, a, k]` deals left stage `s` for `k` after `a` days, of `at_risk[s, a]`.

    `k` is a stage, or one of the ends. The last age stands for all from it on: nothing leaves there, and
    `at_risk` counts each day that a deal was that old. `is_dated[s]` tells whether the days of the stage
    are known.
    """

    leaving: Floats
    at_risk: Floats
    is_dated: Flags

    @property
    def exits(self) -> Ints:
        """How many deals left each stage under observation."""
        total: Ints = self.leaving.sum(axis=(1, 2)).astype(np.int64)
        return total


class AsOf(Protocol):
    """What was known at the end of a day, of which only the day and the stages are asked for here."""

    @property
    def day(self) -> int: ...

    @property
    def names(self) -> Names: ...


def count_stays(known: AsOf, stays: Stays, tracked_from: int, ages: int = 0) -> Counts:
    """s = max(tracked_from - entered, 0), x = max(min(left, today) - entered, 0), R(a) = #{s <= a <= x}.

    At least so many `ages` are told apart. Late entry and censoring as by age; x is not below 0, for a
    source may date a sale before the deal. A stay whose first or last day nobody knows tells nothing.
    """
    stages = len(known.names.stages)
    # In narrow numbers, as there may be half a million stays and this is the most that a forecast holds.
    is_known = (stays.entered != UNDATED) & (stays.left != UNDATED)
    entered = stays.entered[is_known].astype(np.int32)
    late = np.maximum(tracked_from - entered, 0)
    watched = np.minimum(stays.left[is_known], known.day).astype(np.int32)
    watched = np.maximum(watched - entered, 0)
    is_seen = late <= np.minimum(watched, LONGEST)
    stage, to = stays.stage[is_known][is_seen], stays.to[is_known][is_seen]
    has_left = (to != STAYING) & (watched[is_seen] < LONGEST)
    watched, late = np.minimum(watched[is_seen], LONGEST), late[is_seen]

    ages, ways = max(ages, int(watched[has_left].max(initial=0)) + 2), stages + ENDS
    way = np.where(to >= 0, to, stages + TO_WON - to)[has_left]
    gone = (stage[has_left] * ages + watched[has_left]) * ways + way
    leaving = np.bincount(gone, minlength=stages * ages * ways).reshape(stages, ages, ways)

    width = ages + 1
    begun = np.bincount(stage * width + np.minimum(late, ages), minlength=stages * width)
    ended = np.bincount(stage * width + np.minimum(watched + 1, ages), minlength=stages * width)
    at_risk = np.cumsum((begun - ended).reshape(stages, width), axis=1)[:, :ages]
    beyond = np.maximum(watched + 1 - np.maximum(late, ages - 1), 0)
    at_risk[:, -1] = np.bincount(stage, weights=beyond, minlength=stages)
    is_dated = dated_stages(stays, stages)
    return Counts(leaving.astype(np.float64), at_risk.astype(np.float64), is_dated)


def dated_stages(stays: Stays, stages: int) -> Flags:
    """The stages where at least half of the stays have known days, and that some deal has left.

    A list that says only where a deal is now dates no stage, or just one.
    """
    is_known = (stays.entered != UNDATED) & (stays.left != UNDATED)
    everything = np.bincount(stays.stage, minlength=stages)
    dated = np.bincount(stays.stage[is_known], minlength=stages)
    left = np.bincount(stays.stage[is_known & (stays.left != NEVER)], minlength=stages)
    is_dated: Flags = (2 * dated >= everything) & (left > 0)
    return is_dated


def pooled(
    counts: Counts, stages: Sequence[StageOf], stage: int, enough: int
) -> tuple[Floats, Floats]:
    """Exits and deals at risk of a stage; below `enough` exits with its neighbours' added.

    Neighbours are the stages before and after it in its pipeline, one more on each side until there
    are enough. Their moves count by how far they led: past the last stage is won, before the first
    is none. Below 30 exits a stage's own rates are mostly chance.
    """
    leaving, at_risk = counts.leaving[stage].copy(), counts.at_risk[stage].copy()
    near = _same_pipeline(stages, stage)
    place = near.index(stage)
    for distance in range(1, len(near)):
        if leaving.sum() >= enough:
            break
        for beside in (place - distance, place + distance):
            if 0 <= beside < len(near):
                leaving += _shifted(counts.leaving[near[beside]], near, place - beside)
                at_risk += counts.at_risk[near[beside]]
    return leaving, at_risk


def _same_pipeline(stages: Sequence[StageOf], stage: int) -> list[int]:
    """The stages before the sale in the pipeline of `stage`, in order, and itself."""
    own = stages[stage]
    return [
        code
        for code, each in enumerate(stages)
        if code == stage
        or (each.pipeline_id == own.pipeline_id and each.kind != StageKind.AFTER_SALE)
    ]


def _shifted(leaving: Floats, near: Sequence[int], by: int) -> Floats:
    """A neighbour's exits as if they had begun `by` stages further on in the pipeline."""
    count = leaving.shape[1] - ENDS
    moved = np.zeros(leaving.shape)
    moved[:, count:] = leaving[:, count:]
    for place, code in enumerate(near):
        target = place + by
        if target >= len(near):
            moved[:, count] += leaving[:, code]
        elif target >= 0:
            moved[:, near[target]] += leaving[:, code]
    return moved


def binned(leaving: Floats, at_risk: Floats) -> Floats:
    """Hazards by age: in a bin all exits over all days at risk, after the last exit `unseen_rate`.

    `leaving[a, k]`, `at_risk[a]` as in `Counts`; a bin ends with `BIN_EXITS` exits or after `BIN_DAYS`
    days.
    """
    hazard = np.zeros(leaving.shape)
    exits = np.cumsum(leaving.sum(axis=1)).tolist()
    end = bisect_left(exits, exits[-1]) + 1 if exits and exits[-1] else 0
    begins, first = [], 0
    while first < end:
        begins.append(first)
        before = exits[first - 1] if first else 0.0
        full = bisect_left(exits, before + BIN_EXITS) + 1
        first = min(full, first + BIN_DAYS, end)
    if begins:
        days = np.add.reduceat(at_risk[:end], begins)[:, None]
        left = np.add.reduceat(leaving[:end], begins, axis=0)
        rates = np.divide(left, days, out=np.zeros(left.shape), where=days > 0)
        hazard[:end] = np.repeat(rates, np.diff([*begins, end]), axis=0)
        before, after = float(at_risk[:end].sum()), float(at_risk[end:].sum())
        hazard[end:] = leaving.sum(axis=0) * unseen_rate(exits[-1], before, after)
    return hazard
