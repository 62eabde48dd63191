"""What a forecast needs of one day, summed over the deals: small enough to keep for many days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salestui.analytics.events import LOST, NEVER, Ints
from salestui.analytics.forecast.ageing import Exposure, exposure
from salestui.analytics.forecast.ceiling import relative_variance
from salestui.analytics.forecast.deals import Deals, Floats
from salestui.analytics.forecast.settings import Measure, Settings
from salestui.analytics.forecast.trend import Past


@dataclass(frozen=True, slots=True)
class View:
    """Sums over the deals known at the end of `day`; money in minor units.

    `exposed` covers all tracked days, `lately` those of the recalibration. `open_count` and
    `open_amount` are by age in days. `arrivals` per day and `arrival_amount` are of the last weeks;
    `ratio` is what was won for each unit of open amount, `tilt` the open amount of winners over that of
    all. `oldest_win` is an age in days, -1 without one; `template` and `by_rate` are the open
    amounts and counts times the stages' own probabilities and times the closed win rate.
    """

    day: int
    tracked: int
    wins: int
    losses: int
    exposed: Exposure
    lately: Exposure
    open_count: Floats
    open_amount: Floats
    arrivals: float
    arrival_amount: float
    ratio: float
    tilt: float
    cv2: float
    oldest_win: int
    won: dict[Measure, Past]
    template: dict[Measure, float]
    by_rate: dict[Measure, float]

    def open_sum(self, measure: Measure) -> Floats:
        """What is open by age: amounts as they would be won, or deals."""
        return self.open_count if measure == "count" else self.open_amount * self.ratio

    def arrival_sum(self, measure: Measure) -> float:
        """What comes in on a day: amounts as they would be won, or deals."""
        each = 1.0 if measure == "count" else self.arrival_amount * self.tilt * self.ratio
        return self.arrivals * each

    @property
    def zombies(self) -> int:
        """Open deals that are older than any deal that was ever won."""
        return int(self.open_count[self.oldest_win + 1 :].sum()) if self.wins else 0


def see(deals: Deals, probabilities: Floats, settings: Settings) -> View:
    """The sums over `deals`; `probabilities` are those of the stages, as shares."""
    day, wins = deals.day, deals.where(deals.is_won)
    losses = int((deals.outcome == LOST).sum())
    in_view = deals.where(deals.is_open)
    ages = in_view.ended - in_view.created
    length = int(ages.max()) + 1 if len(ages) else 1
    arrived = deals.created > day - settings.arrival_days
    tracked = min(deals.tracked, day + 1)
    lately = max(day - settings.recalibrate_days + 1, tracked)
    decided = len(wins) + losses
    hopes = probabilities[in_view.stage]
    win_rate = len(wins) / decided if decided else 0.0
    return View(
        day=day,
        tracked=deals.tracked,
        wins=len(wins),
        losses=losses,
        exposed=_small(exposure(deals, tracked, day)),
        lately=_small(exposure(deals, lately, day)),
        open_count=np.bincount(ages, minlength=length).astype(np.float64),
        open_amount=_sums(ages, in_view.opening, length),
        arrivals=float(arrived.sum()) / settings.arrival_days,
        arrival_amount=_mean(deals.opening[arrived & deals.is_priced], _mean(deals.opening, 0.0)),
        ratio=_ratio(wins),
        tilt=_tilt(deals, wins, settings.ratio_wins),
        cv2=relative_variance(wins.won),
        oldest_win=int((wins.ended - wins.created).max()) if len(wins) else -1,
        won={
            "revenue": Past(_daily(wins.closed, wins.won, tracked, day), day),
            "count": Past(_daily(wins.closed, np.ones(len(wins)), tracked, day), day),
        },
        template={"revenue": float(hopes @ in_view.opening), "count": float(hopes.sum())},
        by_rate={
            "revenue": win_rate * float(in_view.opening.sum()),
            "count": win_rate * len(in_view),
        },
    )


def _small(exposed: Exposure) -> Exposure:
    """The same counts in half the memory."""
    return Exposure(
        *(getattr(exposed, part).astype(np.float32) for part in ("at_risk", "won", "left"))
    )


def _daily(days: Ints, sums: Floats, first: int, last: int) -> Floats:
    """Sums by day from `first` to `last`."""
    if first == NEVER or first > last:
        return np.zeros(0)
    return _sums(days - first, sums, last - first + 1)


def _sums(places: Ints, values: Floats, length: int) -> Floats:
    """The sums of `values` by place."""
    sums: Floats = np.bincount(places, weights=values, minlength=length).astype(np.float64)
    return sums


def _mean(values: Floats, otherwise: float) -> float:
    return float(values.mean()) if len(values) else otherwise


def _ratio(wins: Deals) -> float:
    """r = sum of won amounts / sum of the same deals' open amounts; 1 where none was named before."""
    hoped = float(wins.opening[wins.is_priced].sum())
    return float(wins.won[wins.is_priced].sum()) / hoped if hoped > 0.0 else 1.0


def _tilt(deals: Deals, wins: Deals, enough: int) -> float:
    """Mean open amount of winners / of all deals, from `enough` wins on; else 1."""
    of_all = _mean(deals.opening[deals.is_priced], 0.0)
    if len(wins) < enough or of_all <= 0.0:
        return 1.0
    return _mean(wins.opening[wins.is_priced], of_all) / of_all
