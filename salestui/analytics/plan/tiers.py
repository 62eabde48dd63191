"""What a bonus plan pays for what was won: b(X), a sum over its tiers; and for whole deals one by one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import inf

WHOLE = 10_000
"""A quota in hundredths of a percent of itself."""


@dataclass(frozen=True, slots=True)
class Tier:
    """From `from_bp` of the quota on: `fixed` once, `rate_bp` of what is won there, and `per_deal`.

    `per_deal` is for each deal won after the tier was reached, until the next one is. Shares in hundredths
    of a percent; money in minor units.
    """

    from_bp: int
    fixed: int = 0
    rate_bp: int = 0
    per_deal: int = 0


def thresholds(tiers: Iterable[Tier], quota: float) -> list[float]:
    """Where each tier begins, in the quota's unit: quota x from_bp / 10,000."""
    return [quota * tier.from_bp / WHOLE for tier in tiers]


def pays(tiers: Iterable[Tier], quota: float, won: float, *, per_unit: float) -> float:
    """b(X) in minor units for `won` = X of a `quota`, both in minor units or both in deals.

    b(X) = Σ over tiers i with X >= t_i of fixed_i + (rate_i + per_deal_i x u) x (min(X, t_i+1) - t_i),
    t_i = quota x from_bp_i / 10,000. u is `per_unit`, how many deals one unit of X is: 1 for a count,
    1 / mean won amount for money, where deals to come are not known one by one; 0 leaves `per_deal` to
    `for_deals`. Source: the tiers' terms.
    """
    listed = sorted(tiers, key=lambda tier: tier.from_bp)
    starts = [*thresholds(listed, quota), inf]
    total = 0.0
    for tier, (start, end) in zip(listed, pairwise(starts), strict=True):
        if won < start:
            break
        beyond = min(won, end) - start
        total += tier.fixed + beyond * (tier.rate_bp / WHOLE + tier.per_deal * per_unit)
    return total


def for_deals(tiers: Iterable[Tier], quota: float, won: Iterable[float]) -> float:
    """What `per_deal` comes to in minor units; `won` are the deals in their order, in the quota's unit.

    Whole deals: each is paid by the tier i that had been reached before it, t_i <= Σ before < t_i+1. So the
    deal that reaches a tier is paid by the one below, and the first deal by a tier from 0 % on.
    """
    listed = sorted(tiers, key=lambda tier: tier.from_bp)
    starts = thresholds(listed, quota)
    total = before = 0.0
    for value in won:
        reached = bisect_right(starts, before)
        total += listed[reached - 1].per_deal if reached else 0
        before += value
    return total


def next_step(tiers: Iterable[Tier], quota: float, won: float) -> float | None:
    """Where the next tier above `won` begins, `None` on the highest."""
    return min((start for start in thresholds(tiers, quota) if start > won), default=None)
