"""What the deals open before a period brought in it, and how much had to be open for what was won."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salestui.analytics.events import WON, Flags, Ints, Known
from salestui.analytics.measures import ratio

OUTSIDE = -1


@dataclass(frozen=True, slots=True)
class Yield:
    """One period, part and currency, in minor units.

    `opening`: open before the period. `opening_won`: what of it was won in it, at the amounts it had
    before. `revenue`: all that was won in the period, at final amounts; `revenue_opening`: what of
    that comes from deals that were open before.
    """

    opening: int = 0
    opening_won: int = 0
    revenue: int = 0
    revenue_opening: int = 0

    @property
    def share(self) -> float | None:
        """The yield: the share of the opening value that was won in the period."""
        return ratio(self.opening_won, self.opening)

    @property
    def from_opening(self) -> float | None:
        """The share of the revenue that comes from deals open before the period."""
        return ratio(self.revenue_opening, self.revenue)

    @property
    def needed(self) -> float | None:
        """Opening value needed for one unit of revenue: share from the opening pipeline / yield."""
        if not self.share or self.from_opening is None:
            return None
        return self.from_opening / self.share

    def __add__(self, other: Yield) -> Yield:
        return Yield(
            self.opening + other.opening,
            self.opening_won + other.opening_won,
            self.revenue + other.revenue,
            self.revenue_opening + other.revenue_opening,
        )


def yields(
    before: Known, after: Known, part_before: Ints, part_after: Ints
) -> dict[tuple[int, int], Yield]:
    """By (part, currency) the yield between the ends of two days; parts `OUTSIDE` do not count.

    Won in the period: closed after `before.day`, and known as won at the end of `after.day`.
    """
    count = len(after.names.deals)
    won = (after.outcome == WON) & (after.closed > before.day)
    is_won = np.zeros(count, bool)
    is_won[after.deal[won]] = True
    was_open = np.zeros(count, bool)
    was_open[before.deal[before.is_open]] = True
    opened = before.is_open & (part_before != OUTSIDE)
    counted = won & (part_after != OUTSIDE)
    value, final = np.maximum(before.amount, 0), np.maximum(after.amount, 0)
    sums = (
        _sums(part_before, before, value, opened),
        _sums(part_before, before, value, opened & is_won[before.deal]),
        _sums(part_after, after, final, counted),
        _sums(part_after, after, final, counted & was_open[after.deal]),
    )
    keys = {key for each in sums for key in each}
    return {key: Yield(*(each.get(key, 0) for each in sums)) for key in sorted(keys)}


def _sums(part: Ints, known: Known, values: Ints, chosen: Flags) -> dict[tuple[int, int], int]:
    width = len(known.names.currencies) + 1
    codes = part[chosen] * width + known.currency[chosen]
    found, place = np.unique(codes, return_inverse=True)
    sums = np.zeros(len(found), np.int64)
    np.add.at(sums, place.reshape(-1), values[chosen])
    return {
        divmod(code, width): each for code, each in zip(found.tolist(), sums.tolist(), strict=True)
    }
