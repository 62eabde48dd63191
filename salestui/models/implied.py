"""What stage percentages imply for the way from stage to stage. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def implied(probabilities: Sequence[int]) -> list[tuple[float, float]]:
    """(share that goes on, share won in the end) of each stage, from its percent won, in order.

    Of those that enter a stage with p₁ % wins, p₁ / p₂ go on to the one with p₂ %; where a later stage
    promises no more than an earlier one, all go on. From the last stage on, going on is winning.
    """
    wins = [percent / 100 for percent in probabilities]
    forward = [min(here / after, 1.0) if after else 0.0 for here, after in pairwise([*wins, 1.0])]
    return list(zip(forward, wins, strict=True))
