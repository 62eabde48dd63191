"""A sales team whose truth is known: what estimates and intervals are measured against.

Days count from `book.START`. Stages go by `book.STAGES`, ends as in `events`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salestui.analytics.events import (
    CATEGORIES,
    NEVER,
    NOBODY,
    OUTCOMES,
    UNDATED,
    Events,
    Names,
    StageOf,
)
from salestui.text import to_day
from tests.analytics.book import STAGES, START, Life, Move

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COUNT = len(STAGES)
WON, LOST, POSTPONED = COUNT, COUNT + 1, COUNT + 2
"""Where a deal may go, beside the stages 0, 1, 2."""

OWNERS = ("Ona", "Jonas", "Zofia")
BASE = to_day(START)


def leaving(ways: Mapping[int, tuple[float, float, float]], ages: int = 150) -> Floats:
    """P(leave after `a` days for `k`), from `k` -> (share, mean days, shape of a gamma)."""
    table = np.zeros((ages, COUNT + 3))
    age = np.arange(ages) + 0.5
    for way, (share, mean, shape) in ways.items():
        density = age ** (shape - 1) * np.exp(-age * shape / mean)
        density[-1] = 0
        table[:, way] = share * density / density.sum()
    return table


def hazards(tables: Sequence[Floats]) -> Floats:
    """q_{s→k}(a) = P(leave after a for k) / P(still there before day a)."""
    joint = np.stack(tables)
    gone = np.cumsum(joint.sum(axis=2), axis=1)
    there = np.concatenate((np.ones((len(joint), 1)), 1 - gone[:, :-1]), axis=1)
    return joint / np.maximum(there, 1e-12)[:, :, None]


def usual(forward: float = 0.55) -> tuple[Floats, ...]:
    """Skips, moves back, postponing, same-day moves, and one deal in ten that never ends."""
    rest = 0.9 - forward
    return (
        leaving({1: (forward - 0.05, 9, 1.6), 2: (0.05, 6, 1), LOST: (rest, 16, 1.2)}),
        leaving({2: (forward - 0.03, 14, 2), 0: (0.05, 8, 1.5), WON: (0.03, 20, 2),
                 LOST: (rest - 0.08, 22, 1.4), POSTPONED: (0.03, 25, 1)}),
        leaving({WON: (forward - 0.04, 12, 2.2), 1: (0.04, 7, 1), LOST: (rest, 18, 1.3)}),
    )  # fmt: skip


@dataclass(frozen=True)
class World:
    """The truth. `arrivals` a day, `growth` of them a day, `seasons` on them by month of the year.

    `phases` multiply the hazard of winning by the month of the quarter. From `changes_on` on the
    hazards are those of `changed`.
    """

    tables: tuple[Floats, ...] = usual()
    arrivals: float = 5.0
    growth: float = 0.0
    seasons: tuple[float, ...] = (1.0,) * 12
    phases: tuple[float, ...] = (1.0,) * 3
    changes_on: int | None = None
    changed: tuple[Floats, ...] = ()
    mean_amount: float = 1000_00.0
    spread: float = 0.8
    currencies: tuple[str, ...] = ("EUR",)

    def arriving(self, day: int, begun: int) -> float:
        """Deals expected to be created that day."""
        return self.arrivals * (1 + self.growth * (day - begun)) * self.seasons[_month(day)]

    def hazard(self, day: int) -> Floats:
        """The daily hazards in force."""
        is_new = self.changes_on is not None and day >= self.changes_on
        found = hazards(self.changed if is_new else self.tables)
        found[:, :, WON] *= self.phases[_month(day) % 3]
        return found / np.maximum(found.sum(axis=2, keepdims=True), 1.0)


def _month(day: int) -> int:
    """The month of the year, from 0."""
    return int((np.datetime64(START, "D") + day).astype("datetime64[M]").astype(int) % 12)


@dataclass(frozen=True)
class Past:
    """What happened: one element a change, oldest first within a deal; `created` one a deal."""

    deal: Ints
    day: Ints
    stage: Ints
    outcome: Ints
    created: Ints
    amount: Ints
    owner: Ints
    currency: Ints
    currencies: tuple[str, ...]
    last: int

    def won_between(self, first: int, last: int) -> int:
        """Deals won from `first` to `last`, both included."""
        return int(((self.outcome == 1) & (self.day >= first) & (self.day <= last)).sum())


def simulate(world: World, first: int, last: int, seed: int = 1) -> Past:
    """Day by day from `first` to `last`: deals arrive, and those that are open draw what they do."""
    random = np.random.default_rng(seed)
    days = range(first, last + 1)
    arrived = np.array([random.poisson(world.arriving(day, first)) for day in days])
    created = np.repeat(np.arange(first, last + 1), arrived)
    count = len(created)
    stage, since = np.zeros(count, np.int64), created.copy()
    is_open = np.ones(count, bool)
    changes = [(np.arange(count), created, stage.copy(), np.zeros(count, np.int64))]
    hazard, in_force = world.hazard(first), (-1, False)
    for day in days:
        state = (_month(day), world.changes_on is not None and day >= world.changes_on)
        if state != in_force:
            hazard, in_force = np.cumsum(world.hazard(day), axis=2), state
        active = np.flatnonzero(is_open[: np.searchsorted(created, day, side="right")])
        for _ in range(6):
            age = np.minimum(day - since[active], hazard.shape[1] - 1)
            drawn = random.random(len(active))
            way = (drawn[:, None] >= hazard[stage[active], age]).sum(axis=1)
            moved, way = active[way < COUNT + 3], way[way < COUNT + 3]
            if not len(moved):
                break
            is_move = way < COUNT
            stage[moved[is_move]] = way[is_move]
            since[moved[is_move]] = day
            is_open[moved[~is_move]] = False
            outcome = np.where(is_move, 0, way - COUNT + 1)
            changes.append((moved, np.full(len(moved), day), stage[moved], outcome))
            active = moved[is_move]
    deal, day_of, stage_of, outcome_of = (
        np.concatenate(each) for each in zip(*changes, strict=True)
    )
    order = np.argsort(deal, kind="stable")
    sigma = np.sqrt(np.log1p(world.spread**2))
    amounts = world.mean_amount * np.exp(sigma * random.standard_normal(count) - sigma**2 / 2)
    return Past(
        deal[order], day_of[order], stage_of[order], outcome_of[order], created,
        amounts.astype(np.int64), random.integers(0, len(OWNERS), count),
        random.integers(0, len(world.currencies), count), world.currencies, last,
    )  # fmt: skip


def events_of(past: Past) -> Events:
    """The same as the arrays that are read from a store."""
    count, changes = len(past.created), len(past.deal)
    stages = tuple(StageOf(f"s{i}", "p", i, "sale", 20 * i + 10) for i in range(COUNT))
    names = Names(
        deals=tuple(f"d{i:06}" for i in range(count)), stages=stages, owners=OWNERS,
        currencies=past.currencies, clients=(), products=(), kinds=("new",), sources=("",),
        reasons=(), competitors=(),
    )  # fmt: skip
    nobody = np.full(changes, NOBODY, np.int32)
    none = np.full(count, NOBODY, np.int32)
    deal = past.deal.astype(np.int32)
    return Events(
        names=names, today=BASE + past.last, deal=deal, day=BASE + past.day,
        recorded=BASE + past.day, voided=np.full(changes, NEVER, np.int64),
        stage=past.stage.astype(np.int32), outcome=past.outcome.astype(np.int32),
        owner=past.owner[deal].astype(np.int32), amount=past.amount[deal],
        currency=past.currency[deal].astype(np.int32),
        expected=np.full(changes, UNDATED, np.int64),
        category=np.full(changes, CATEGORIES.index("pipeline"), np.int32),
        reason=nobody, competitor=nobody, created=BASE + past.created,
        deleted=np.full(count, NEVER, np.int64), client=none, product=none,
        kind=none * 0, source=none * 0,
    )  # fmt: skip


def lives_of(past: Past) -> list[Life]:
    """The same as lives that `book.add` writes into a store in bulk."""
    ends = np.searchsorted(past.deal, np.arange(len(past.created)), side="right")
    lives, begin = [], 0
    for deal, end in enumerate(ends):
        moves = [
            Move(
                int(past.day[i]), STAGES[past.stage[i]], str(OUTCOMES[past.outcome[i]].value),
                "Price" if past.outcome[i] == 2 else None,
            )
            for i in range(begin, end)
        ]  # fmt: skip
        lives.append(
            Life(moves, int(past.amount[deal]), past.currencies[past.currency[deal]],
                 owner=OWNERS[past.owner[deal]])
        )  # fmt: skip
        begin = end
    return lives


def true_wins(tables: Sequence[Floats], days: int) -> Floats:
    """W_s(h) = P(won within h days, the first counted | enters stage s), by the renewal equation.

    W_s(h) = Σ_{a<h} (P(leave after a, won) + Σ_k P(leave after a for k) W_k(h - a)): another way than
    the recursion of the program, which goes by what is left.
    """
    joint = np.stack(tables)
    ages = joint.shape[1]
    wins = np.zeros((days + 1, COUNT))
    for left in range(1, days + 1):
        reach = min(left, ages)
        direct = joint[:, :reach, WON].sum(axis=1)
        past = wins[left - np.arange(1, reach)] if reach > 1 else np.zeros((0, COUNT))
        later = np.einsum("sak,ak->s", joint[:, 1:reach, :COUNT], past)
        at_once = np.eye(COUNT) - joint[:, 0, :COUNT]
        wins[left] = np.linalg.solve(at_once, direct + later)
    return wins
