"""How each deal went through the stages before the sale, from its stays: in order or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from salestui.analytics.events import WON, Codes, Flags, Ints, Known, Stays
from salestui.models.vocabulary import StageKind
from salestui.queries.deal_steps import DealSteps


@dataclass(frozen=True, slots=True)
class Steps:
    """A row for each deal, a column for each stage. `counts`: which stages lie before a sale.

    `passed`: reached, or left behind. Of these each is exactly one of `in_order` (entered before any
    later stage), `late` (entered first after a later one) and `skipped` (never entered). `again`:
    entered another time after another stage.
    """

    counts: Flags
    in_order: Flags
    late: Flags
    skipped: Flags
    again: Flags

    @property
    def passed(self) -> Flags:
        """Reached, or left behind."""
        return self.in_order | self.late | self.skipped

    @property
    def kinds(self) -> tuple[Flags, Flags, Flags, Flags]:
        """In order, late, skipped; and again."""
        return self.in_order, self.late, self.skipped, self.again

    @property
    def is_stray(self) -> Flags:
        """What did not keep to the order."""
        return self.late | self.skipped | self.again

    def of(self, deals: Flags, stages: Sequence[int]) -> Steps:
        """Only these deals and stages."""
        cells = np.ix_(np.flatnonzero(deals), np.array(stages, np.int64))
        return Steps(
            self.counts[np.array(stages, np.int64)],
            self.in_order[cells],
            self.late[cells],
            self.skipped[cells],
            self.again[cells],
        )


def deal_steps(steps: Steps, deal: int, names: Sequence[str]) -> DealSteps:
    """Those of the deal in that row; `names` are those of the columns."""

    def named(flags: Flags) -> tuple[str, ...]:
        return tuple(compress(names, flags.tolist()))

    done = steps.in_order[deal] | steps.late[deal]
    others = (each[deal] for each in (steps.skipped, steps.late, steps.again))
    return DealSteps(named(done), *map(named, others))


def steps_of(known: Known, stays: Stays) -> Steps:
    """The steps of all deals known on a day."""
    stages = known.names.stages
    codes = {pipeline: i for i, pipeline in enumerate(dict.fromkeys(s.pipeline_id for s in stages))}
    pipeline = np.array([codes[stage.pipeline_id] for stage in stages], np.int64)
    counts = np.array([stage.kind != StageKind.AFTER_SALE for stage in stages], bool)
    shape = (len(known), len(stages))
    in_order, late, again = (np.zeros(shape, bool) for _ in range(3))
    # Stages stand in the order of their pipelines and positions, so a later one has a higher code.
    highest = np.full(len(known), -1, np.int64)
    before = np.full(len(known), -1, np.int64)
    for row, stage in _by_turn(stays):
        is_here = (highest[row] >= 0) & (pipeline[np.maximum(highest[row], 0)] == pipeline[stage])
        is_behind = is_here & (stage < highest[row])
        was_in = in_order[row, stage] | late[row, stage]
        again[row, stage] |= was_in & (before[row] != stage)
        in_order[row, stage] |= ~was_in & ~is_behind
        late[row, stage] |= ~was_in & is_behind
        highest[row] = np.where(is_here, np.maximum(highest[row], stage), stage)
        before[row] = stage
    now = pipeline[known.stage] if len(known) else np.zeros(0, np.int64)
    is_own = pipeline[None, :] == now[:, None]
    reached = (np.arange(len(stages))[None, :] < highest[:, None]) | (known.outcome == WON)[:, None]
    skipped = is_own & reached & ~in_order & ~late
    hidden = counts[None, :] & is_own
    return Steps(counts, in_order & hidden, late & hidden, skipped & hidden, again & hidden)


def _by_turn(stays: Stays) -> Iterator[tuple[Ints, Codes]]:
    """The first stays of all deals, then the second ones, and so on: (rows, stages)."""
    if not len(stays.row):
        return
    is_first = np.r_[True, stays.row[1:] != stays.row[:-1]]
    begin = np.maximum.accumulate(np.where(is_first, np.arange(len(is_first)), 0))
    turn = np.arange(len(is_first)) - begin
    for each in range(int(turn.max()) + 1):
        chosen = turn == each
        yield stays.row[chosen], stays.stage[chosen]
