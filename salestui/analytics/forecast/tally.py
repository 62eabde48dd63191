"""Sums over deals that can be added: those that have ended for good are summed once, not every day.

All are whole numbers, of days, deals, minor units and their squares: their order makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salestui.analytics.events import LOST, NEVER, Ints
from salestui.analytics.forecast.ageing import Exposure, exposure, padded_sum
from salestui.analytics.forecast.deals import Deals, Floats


@dataclass(frozen=True, slots=True)
class Tally:
    """`exposed` to the end of a day; deals won and lost; of deals with an open amount their number
    and sum, all (`priced`, `opening`) and those won (`priced_wins`, `hoped`), and what these were
    won for (`got`); wins without an amount (`unpaid`); what all wins brought, squared and summed; the
    oldest win's age in days, -1 without one; what was won on each day from the first recorded close on, by
    deals and by money."""

    exposed: Exposure
    wins: int
    losses: int
    priced: int
    opening: float
    priced_wins: int
    unpaid: int
    hoped: float
    got: float
    squares: int
    oldest_win: int
    daily_count: Floats
    daily_sum: Floats

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            exposed=self.exposed + other.exposed,
            wins=self.wins + other.wins,
            losses=self.losses + other.losses,
            priced=self.priced + other.priced,
            opening=self.opening + other.opening,
            priced_wins=self.priced_wins + other.priced_wins,
            unpaid=self.unpaid + other.unpaid,
            hoped=self.hoped + other.hoped,
            got=self.got + other.got,
            squares=self.squares + other.squares,
            oldest_win=max(self.oldest_win, other.oldest_win),
            daily_count=padded_sum(self.daily_count, other.daily_count),
            daily_sum=padded_sum(self.daily_sum, other.daily_sum),
        )

    @property
    def cv2(self) -> float:
        """(sd / mean)^2 of won amounts; 0 for fewer than two or if all are nothing."""
        total = float(self.daily_sum.sum())
        if self.wins < 2 or total <= 0.0:
            return 0.0
        mean = total / self.wins
        variance = (self.squares - total * mean) / (self.wins - 1)
        return max(variance, 0.0) / mean**2

    @property
    def ratio(self) -> float:
        """r = sum of won amounts / sum of the same deals' open amounts; 1 where none was named."""
        return self.got / self.hoped if self.hoped > 0.0 else 1.0

    @property
    def mean_opening(self) -> float:
        return self.opening / self.priced if self.priced else 0.0

    def tilt(self, enough: int) -> float:
        """Mean open amount of winners / of all deals, from `enough` wins on; else 1."""
        if self.wins < enough or not self.priced_wins or self.opening <= 0.0:
            return 1.0
        return self.hoped / self.priced_wins / self.mean_opening


def tally(deals: Deals) -> Tally:
    """The sums over `deals` to the end of their day."""
    wins = deals.where(deals.is_won)
    priced = wins.is_priced
    tracked = min(deals.tracked, deals.day + 1)
    return Tally(
        exposed=exposure(deals, tracked, deals.day),
        wins=len(wins),
        losses=int((deals.outcome == LOST).sum()),
        priced=int(deals.is_priced.sum()),
        opening=float(deals.opening[deals.is_priced].sum()),
        priced_wins=int(priced.sum()),
        unpaid=int((wins.won <= 0.0).sum()),
        hoped=float(wins.opening[priced].sum()),
        got=float(wins.won[priced].sum()),
        squares=sum(amount * amount for amount in wins.won.astype(np.int64).tolist()),
        oldest_win=int((wins.ended - wins.created).max(initial=-1)),
        daily_count=_daily(wins.closed, np.ones(len(wins)), deals.tracked),
        daily_sum=_daily(wins.closed, wins.won, deals.tracked),
    )


def _daily(days: Ints, sums: Floats, first: int) -> Floats:
    """Sums by day from `first` on."""
    if first == NEVER:
        return np.zeros(0)
    daily: Floats = np.bincount(days - first, weights=sums).astype(np.float64)
    return daily
