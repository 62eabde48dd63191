"""The forecast of a period: top down and bottom up weighed by their past errors, with a range."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from salestui.analytics.forecast.blend import BOTH, Method, blend, range_of, spread
from salestui.analytics.forecast.cautions import (
    TOO_FAR,
    cautions,
    halves,
    is_known,
    is_old_enough,
    is_priced,
    is_too_far,
)
from salestui.analytics.forecast.ceiling import ceiling
from salestui.analytics.forecast.phases import FLAT, QUARTERLY
from salestui.analytics.forecast.settings import Measure
from salestui.analytics.forecast.study import Study, Window

HORIZON = 730
"""Days after which an open deal counts as never won."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What will be won in the window: minor units of money, or deals, and what it is made of.

    `value` = weight x top_down + (1 - weight) x (bottom_up_open + bottom_up_new); `low`..`high` holds it
    8 times in 10 if the past is a guide; `ceiling` is the mean accuracy that chance alone would allow;
    `trials` past windows set the weight. `common` is the relative variance of its error beyond chance,
    which all parts of it share. `won_to_date` was won in the period before; it is known.
    """

    won_to_date: float
    top_down: float
    bottom_up_open: float
    bottom_up_new: float
    weight: float
    value: float
    low: float
    high: float
    ceiling: float | None
    trials: int
    common: float

    @property
    def bottom_up(self) -> float:
        return self.bottom_up_open + self.bottom_up_new

    @property
    def of_open(self) -> float:
        """Of `value`, what deals open now will bring: no more than bottom up says of them.

        Where the past carried on expects more than open deals and arrivals explain, that is no reason
        to think more of the open ones; where it expects less, both are less in proportion.
        """
        whole = self.bottom_up
        return self.bottom_up_open * min(self.value / whole, 1.0) if whole > 0.0 else 0.0

    @property
    def total(self) -> float:
        """The whole period: what was won and what is to come."""
        return self.won_to_date + self.value

    @property
    def total_range(self) -> tuple[float, float]:
        return self.won_to_date + self.low, self.won_to_date + self.high

    @property
    def disagreement(self) -> float:
        """max(TD, BU) / min(TD, BU); 1 where both are nothing."""
        most = max(self.top_down, self.bottom_up)
        least = min(self.top_down, self.bottom_up)
        return most / least if least > 0.0 else (inf if most > 0.0 else 1.0)


@dataclass(frozen=True, slots=True)
class Forecast:
    """As of the end of `as_of`, for the days `first`..`last` of the period; days since 1970.

    `n_hat` expected wins and `cv2` of their amounts set the least possible error. `season` is the
    number of calendar phases used, `FLAT` where none is. `open_template` and `open_statistics` are
    what the open deals will bring in the end, by the stages' percentages and by age. `is_known` is
    false where the history is too short to forecast from, `is_priced` where no win has an amount,
    `is_claimed` where no accuracy may be named, `is_point` where only the range means something;
    `is_doubtful` is true where the two halves are so far apart that one must be wrong. `warnings` says
    why.
    """

    as_of: int
    first: int
    last: int
    currency: str
    revenue: Estimate
    count: Estimate
    n_hat: float
    cv2: float
    season: int
    gate_p: float
    months: int
    wins: int
    losses: int
    open_deals: int
    zombies: int
    open_template: float
    open_statistics: float
    is_known: bool
    is_priced: bool
    is_claimed: bool
    is_point: bool
    is_doubtful: bool
    method: str
    warnings: tuple[str, ...]

    @property
    def value(self) -> float:
        """What will still be won in the period, in minor units."""
        return self.revenue.value

    @property
    def low(self) -> float:
        return self.revenue.low

    @property
    def high(self) -> float:
        return self.revenue.high

    def of(self, measure: Measure) -> Estimate:
        """The estimate by money or by deals."""
        return self.revenue if measure == "revenue" else self.count


def forecast_in(study: Study, day: int, first: int, last: int, method: Method = BOTH) -> Forecast:
    """What will be won after `day` until `last`, in a period that began on `first`, or begins then."""
    window = Window(day, max(first, day + 1), last)
    view, gate = study.view(day), study.gate(day)
    made = estimates(study, window, first, method)
    count, revenue, wins = made["count"], made["revenue"], made["count"].value
    is_old = is_old_enough(view, study.settings)
    standing = open_value(study, day)
    is_far = bool(view.wins) and is_too_far(view, last)
    is_point = wins >= study.settings.claim_wins
    # Of a few deals either half may easily be twice the other.
    is_doubtful = is_point and revenue.disagreement > study.settings.alarm
    apart = halves(revenue.top_down, revenue.bottom_up, study.currency) if is_doubtful else ""
    return Forecast(
        as_of=day,
        first=first,
        last=last,
        currency=study.currency,
        revenue=revenue,
        count=count,
        n_hat=wins,
        cv2=view.cv2,
        season=gate.season,
        gate_p=gate.p,
        months=view.months,
        wins=view.wins,
        losses=view.losses,
        open_deals=int(view.open_count.sum()),
        zombies=view.zombies,
        is_known=is_known(view, study.settings),
        is_priced=is_priced(view),
        is_claimed=is_old and not is_far and is_point,
        is_point=is_point,
        is_doubtful=is_doubtful,
        method=_method(gate.season, window, revenue, is_staged=study.is_staged(day)),
        open_template=standing[0],
        open_statistics=standing[1],
        warnings=(
            *((TOO_FAR,) if is_far else ()),
            *cautions(
                view, study.settings, wins, apart, standing, is_narrowed=study.chosen is not None
            ),
        ),
    )


def open_value(study: Study, day: int) -> tuple[float, float]:
    """What is open, in the end: by the stages' own percentages, and by age (`HORIZON` days); minor units."""
    view, season = study.view(day), study.gate(day).season
    return view.template["revenue"], study.bottom_up(
        Window(day, day + 1, day + HORIZON), season, "revenue"
    ).open


def estimates(
    study: Study, window: Window, first: int, method: Method = BOTH
) -> dict[Measure, Estimate]:
    """Deals and money of one window, in a period that began on `first`."""
    view, season = study.view(window.day), study.gate(window.day).season
    made: dict[Measure, Estimate] = {}
    measures: tuple[Measure, Measure] = ("count", "revenue")
    for measure in measures:
        mixed = blend(study, window, season, measure, method)
        wins = made["count"].value if made else mixed.value
        cv2 = view.cv2 if made else 0.0
        around = spread(study, window.day, mixed, wins, cv2)
        low, high = range_of(mixed.value, wins, cv2, around, measure, study.settings)
        made[measure] = Estimate(
            won_to_date=view.won[measure].between(first, window.day),
            top_down=mixed.top_down,
            bottom_up_open=mixed.bottom_up.open,
            bottom_up_new=mixed.bottom_up.new,
            weight=mixed.weight,
            value=mixed.value,
            low=low,
            high=high,
            ceiling=ceiling(wins, cv2),
            trials=len(mixed.errors),
            common=around.common(wins, study.settings),
        )
    return made


def _method(season: int, window: Window, revenue: Estimate, *, is_staged: bool) -> str:
    calendar = {FLAT: "no calendar pattern", QUARTERLY: "months of the quarter"}.get(
        season, "months of the year"
    )
    if season != FLAT:
        top = "level x calendar"
    else:
        top = "last 91 days" if window.length >= 60 else "last 28 days and weekly trend"
    share = round(100 * revenue.weight)
    told_by = "stages" if is_staged else "ages"
    parts = ((share, top), (100 - share, f"{told_by} of open deals and arrivals"))
    mixed = ", ".join(f"{each} % {what}" for each, what in parts if each)
    return f"{mixed}; {calendar}"
