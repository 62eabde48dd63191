"""What a forecast needs of one day, summed over the deals: small enough to keep for many days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salestui.analytics.events import UNDATED, Codes, Ints
from salestui.analytics.forecast.ageing import Exposure, exposure, last_end
from salestui.analytics.forecast.deals import Deals, Floats
from salestui.analytics.forecast.phases import age_in_months
from salestui.analytics.forecast.settings import Measure, Settings
from salestui.analytics.forecast.tally import Tally, tally
from salestui.analytics.forecast.trend import Past


@dataclass(frozen=True, slots=True)
class Risk:
    """What the rates of a day are fitted to: `exposed` covers all tracked days, `lately` those of the
    recalibration. A third of a megabyte with three years of deals."""

    exposed: Exposure
    lately: Exposure


@dataclass(frozen=True, slots=True)
class Standing:
    """Open deals by stage and days in it: one element for each pair that there is.

    There are thousands of pairs on each of a thousand days: their numbers are as narrow as they can be.
    `undated_count` and `undated_amount` are by age in days, of deals whose stage has no day; ages as in
    `View`.
    """

    stage: NDArray[np.int16]
    days: Codes
    count: Codes
    amount: Floats
    undated_count: Floats
    undated_amount: Floats


@dataclass(frozen=True, slots=True)
class View:
    """Sums over the deals known at the end of `day`; money in minor units.

    `open_count` and `open_amount` are by age in days, the last one for all that are older than any deal
    that has ended; `standing` is by stage. `arrivals` per day and
    `arrival_amount` are of the last weeks; `ratio` is what was won for each unit of open amount, `tilt`
    the open amount of winners over that of all; `unpaid` wins brought no amount. `oldest_win` is an age
    in days, -1 without one;
    `template` and `by_rate` are the open amounts and counts times the stages' own probabilities and
    times the closed win rate.
    """

    day: int
    tracked: int
    wins: int
    unpaid: int
    losses: int
    standing: Standing
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
    def months(self) -> int:
        """Full months from the first win of these deals on, whatever others were closed before."""
        begun = self.won["count"].begun
        return 0 if begun is None else age_in_months(begun, self.day)

    @property
    def zombies(self) -> int:
        """Open deals that are older than any deal that was ever won."""
        return int(self.open_count[self.oldest_win + 1 :].sum()) if self.wins else 0


def see(
    deals: Deals, before: Tally | None, probabilities: Floats, settings: Settings
) -> tuple[View, Risk]:
    """The sums over `deals` and over those counted `before`, which had all ended weeks ago.

    `probabilities` are those of the stages, as shares.
    """
    day, tracked = deals.day, min(deals.tracked, deals.day + 1)
    sums = tally(deals) if before is None else before + tally(deals)
    in_view = deals.where(deals.is_open)
    # Years without an end would be years of zeros.
    oldest = last_end(sums.exposed) + 1
    ages = np.minimum(in_view.ended - in_view.created, oldest)
    length = int(ages.max(initial=0)) + 1
    # What is open without an amount counts as an average deal.
    amounts = np.where(in_view.is_priced, in_view.opening, sums.mean_opening)
    arrived = deals.created > day - settings.arrival_days
    priced = deals.opening[arrived & deals.is_priced]
    lately = max(weeks_before(day, settings), tracked)
    hopes = probabilities[in_view.stage]
    decided = sums.wins + sums.losses
    win_rate = sums.wins / decided if decided else 0.0
    view = View(
        day=day,
        tracked=deals.tracked,
        wins=sums.wins,
        unpaid=sums.unpaid,
        losses=sums.losses,
        standing=_standing(in_view, amounts, oldest),
        open_count=np.bincount(ages, minlength=length).astype(np.float64),
        open_amount=np.bincount(ages, weights=amounts, minlength=length).astype(np.float64),
        arrivals=float(arrived.sum()) / settings.arrival_days,
        arrival_amount=float(priced.mean()) if len(priced) else sums.mean_opening,
        ratio=sums.ratio,
        tilt=sums.tilt(settings.ratio_wins),
        cv2=sums.cv2,
        oldest_win=sums.oldest_win,
        won={
            "revenue": Past(_until(sums.daily_sum, day - tracked + 1), day),
            "count": Past(_until(sums.daily_count, day - tracked + 1), day),
        },
        template={"revenue": float((hopes * amounts).sum()), "count": float(hopes.sum())},
        by_rate={"revenue": win_rate * float(amounts.sum()), "count": win_rate * len(in_view)},
    )
    return view, Risk(sums.exposed.small(), exposure(deals, lately, day).small())


def _standing(open_ones: Deals, amounts: Floats, oldest: int) -> Standing:
    days = np.where(open_ones.entered == UNDATED, 0, open_ones.day - open_ones.entered)
    is_dated = open_ones.entered != UNDATED
    # One number for each pair; a stage may have been entered on a day to come.
    first = int(days.min(initial=0))
    width = int(days.max(initial=0)) - first + 1
    pair, place = np.unique(
        open_ones.stage[is_dated] * width + days[is_dated] - first, return_inverse=True
    )
    place, rest = place.reshape(-1), open_ones.where(~is_dated)
    ages = np.minimum(rest.ended - rest.created, oldest)
    return Standing(
        stage=(pair // width).astype(np.int16),
        days=(pair % width + first).astype(np.int32),
        count=np.bincount(place, minlength=len(pair)).astype(np.int32),
        amount=_summed(place, amounts[is_dated], len(pair)),
        undated_count=np.bincount(ages).astype(np.float64),
        undated_amount=_summed(ages, amounts[~is_dated]),
    )


def _summed(places: Ints, values: Floats, length: int = 0) -> Floats:
    """The sum at each place; nothing of nothing is a float too."""
    sums: Floats = np.bincount(places, weights=values, minlength=length).astype(np.float64)
    return sums


def weeks_before(day: int, settings: Settings) -> int:
    """The first of the days that recalibration and arrivals look at."""
    return day - max(settings.recalibrate_days, settings.arrival_days) + 1


def _until(daily: Floats, length: int) -> Floats:
    """So many days, nothing on those beyond the last win."""
    return np.concatenate([daily, np.zeros(max(length - len(daily), 0))])[:length]
