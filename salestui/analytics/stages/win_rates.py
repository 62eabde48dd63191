"""What is won of what is closed, beside all in the same pipelines: one test wherever it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from salestui.analytics.facts import Closed
from salestui.analytics.pipelines import Pipeline
from salestui.analytics.stages.deviation import LikeForLike, beside_the_whole
from salestui.models.vocabulary import Outcome

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Rate:
    """Deals won of those closed, and what they are beside all."""

    won: int
    closed: int
    beside: LikeForLike


def win_rates(
    facts: Iterable[Closed], pipelines: Iterable[Pipeline], key: Callable[[Closed], Key]
) -> dict[Key, Rate]:
    """The win rate of each rep, product …, as `key` tells them apart, corrected over all of them."""
    places = {stage.id: pipeline.id for pipeline in pipelines for stage in pipeline.stages}
    units: dict[Key, dict[str, tuple[int, int]]] = {}
    for fact in facts:
        strata = units.setdefault(key(fact), {})
        place = places.get(fact.stage_id, "")
        won, deals = strata.get(place, (0, 0))
        strata[place] = won + fact.count * (fact.outcome == Outcome.WON), deals + fact.count
    known = beside_the_whole(list(units.values()))
    return {
        each: Rate(sum(k for k, _ in strata.values()), sum(n for _, n in strata.values()), beside)
        for (each, strata), beside in zip(units.items(), known, strict=True)
    }


def owner_of(fact: Closed) -> str:
    """The owner, where facts are by owner; nobody is ""."""
    return str(fact.groups[0] or "")
