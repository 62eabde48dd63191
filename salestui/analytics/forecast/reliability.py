"""How good probabilities are: scores of what was said against what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salestui.analytics.events import Flags
from salestui.analytics.forecast.deals import Floats

_BINS = 10
_CLIP = 1e-3


@dataclass(frozen=True, slots=True)
class Bin:
    """A tenth of the deals by probability: how many, the mean said, the share that came."""

    n: int
    said: float
    came: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Scores over `n` deals on past days (a deal counts on each); all without units.

    `brier` is the mean squared error (Brier 1950) and `base` that of always saying the share that
    came; `auc` the chance that a won deal was rated above another (Mann-Whitney; 0.5 where one kind
    is missing); `ece` the mean distance of `bins` from the diagonal, weighted by deals.
    """

    n: int
    rate: float
    brier: float
    base: float
    log_loss: float
    auc: float
    ece: float
    bins: tuple[Bin, ...]


def reliability(said: Floats, came: Flags) -> Reliability | None:
    """The scores of the probabilities `said`; `None` without any."""
    if not len(said):
        return None
    rate = float(came.mean())
    bins = _tenths(said, came)
    return Reliability(
        n=len(said),
        rate=rate,
        brier=float(np.mean((said - came) ** 2)),
        base=rate * (1.0 - rate),
        log_loss=log_loss(said, came),
        auc=_auc(said, came),
        ece=sum(each.n * abs(each.said - each.came) for each in bins) / len(said),
        bins=bins,
    )


def log_loss(said: Floats, came: Flags) -> float:
    """Mean of -log of what was said of the outcome; nothing counts as surer than 1 in 1,000."""
    safe = np.clip(said, _CLIP, 1.0 - _CLIP)
    return float(-np.mean(np.where(came, np.log(safe), np.log1p(-safe))))


def _auc(said: Floats, came: Flags) -> float:
    """(sum of the ranks of what came - n1 (n1 + 1) / 2) / (n1 n0), ties ranked by their mean."""
    ones = int(came.sum())
    others = len(came) - ones
    if not ones or not others:
        return 0.5
    _, group, sizes = np.unique(said, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[group]
    return float((ranks[came].sum() - ones * (ones + 1) / 2) / (ones * others))


def _tenths(said: Floats, came: Flags) -> tuple[Bin, ...]:
    """Ten bins of equally many deals, by probability."""
    order = np.argsort(said, kind="stable")
    return tuple(
        Bin(len(part), float(said[part].mean()), float(came[part].mean()))
        for part in np.array_split(order, min(_BINS, len(order)))
    )
