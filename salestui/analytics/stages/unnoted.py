"""Stages whose share nobody knows, since files seldom say which stages a deal went through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from salestui.text import so_many

MANY_LOST = 30
"""Losses, none beside a deal that went on, that are too many to have come so by chance."""


class Passed(NamedTuple):
    """How many deals went on from a stage, and were lost from it."""

    name: str
    passed: int
    lost: int


def unnoted(stages: Sequence[Passed]) -> list[Passed]:
    """Those from which many were lost and none went on, though later ones were passed.

    `stages` are a pipeline's before the sale, in order. Many files name the stage only where a deal is
    open or lost: the share of those that went on from it is then not 0, but unknown.
    """
    found = []
    is_passed = False
    for stage in reversed(stages):
        if is_passed and not stage.passed and stage.lost >= MANY_LOST:
            found.append(stage)
        is_passed = is_passed or stage.passed > 0
    return found[::-1]


def unnoted_words(pipeline: str, stages: Sequence[Passed]) -> Iterator[str]:
    """A sentence on each of them, and on losses that all came from the first stage."""
    for stage in unnoted(stages):
        lost = so_many(stage.lost, "deal was", "deals were")
        yield (
            f"{pipeline}: {lost} lost from {stage.name} and none went on, though later "
            "stages were passed. If that is only because nobody noted who passed it, its share is unknown."
        )
    if not stages:
        return
    first, rest = stages[0], stages[1:]
    is_passed = any(stage.passed for stage in rest)
    if first.lost >= MANY_LOST and is_passed and not any(stage.lost for stage in rest):
        yield (
            f"{pipeline}: all {first.lost:,} losses are from {first.name}. If "
            "that is only because nobody noted the stage, no stage's share is known."
        )
