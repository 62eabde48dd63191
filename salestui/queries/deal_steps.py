"""How one deal went through the stages before the sale: in order or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from salestui.models.vocabulary import Outcome, StageKind
from salestui.store.reader import Reader


@dataclass(frozen=True, slots=True)
class DealSteps:
    """The stages that one deal went through, and those it skipped, entered late or another time, by name."""

    done: tuple[str, ...]
    skipped: tuple[str, ...]
    late: tuple[str, ...]
    again: tuple[str, ...]

    @property
    def strays(self) -> str:
        """ "skipped Demo; late to Enquiry; back to Offer"; "" of one that kept to the order."""
        told = (("skipped", self.skipped), ("late to", self.late), ("back to", self.again))
        return "; ".join(f"{word} {', '.join(names)}" for word, names in told if names)


class StageOn(NamedTuple):
    """A stage of the way; in the order of pipelines and positions."""

    stage_id: str
    name: str
    pipeline_id: str
    kind: str


_STAGES = """
SELECT id, name, pipeline_id, kind FROM stage ORDER BY pipeline_id, position, id
"""
_TURNS = """
SELECT e.stage_id, e.outcome FROM deal_event e
WHERE e.deal_id = :deal_id AND e.kind = 'change'
  AND NOT EXISTS (SELECT 1 FROM deal_event v WHERE v.voids_id = e.id)
ORDER BY e.seq
"""


def load_deal_steps(reader: Reader, *, deal_id: str) -> DealSteps | None:
    """Which stages it went through until today, and which not in order; `None` without such a deal."""
    turns = reader.rows(_TURNS, deal_id=deal_id)
    if not turns:
        return None
    stages = [StageOn(*row) for row in reader.rows(_STAGES)]
    return steps_through(
        [stage_id for stage_id, _ in turns], stages, is_won=turns[-1][1] == Outcome.WON
    )


def steps_through(
    turns: Iterable[str], stages: Sequence[StageOn], *, is_won: bool = False
) -> DealSteps:
    """The steps of a deal that was in these stages, by key, one after the other.

    A stage is done that was entered, late if that was after a later one of its pipeline, again if it had
    been left; skipped if a later one was entered, or the deal won, without it. Of the pipeline that the
    deal is in, before the sale is made.
    """
    places = {stage.stage_id: place for place, stage in enumerate(stages)}
    entered: set[int] = set()
    late: set[int] = set()
    again: set[int] = set()
    highest = before = -1
    for turn in turns:
        place = places[turn]
        is_here = highest >= 0 and stages[highest].pipeline_id == stages[place].pipeline_id
        if place not in entered:
            entered.add(place)
            if is_here and place < highest:
                late.add(place)
        elif before != place:
            again.add(place)
        highest = max(highest, place) if is_here else place
        before = place
    own = [
        place
        for place, stage in enumerate(stages)
        if stage.pipeline_id == stages[before].pipeline_id and stage.kind != StageKind.AFTER_SALE
    ]
    reached = {place for place in own if is_won or place < highest}

    def named(chosen: set[int]) -> tuple[str, ...]:
        return tuple(stages[place].name for place in own if place in chosen)

    return DealSteps(named(entered), named(reached - entered), named(late), named(again))
