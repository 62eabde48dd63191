"""Two forecasts weighed by the errors that each has had, and the range that those errors allow."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Literal

from salestui.analytics.forecast.compound import compound
from salestui.analytics.forecast.numbers import count_quantile, normal_quantile, t_quantile
from salestui.analytics.forecast.phases import FLAT, QUARTERLY, month, starts
from salestui.analytics.forecast.settings import Measure, Settings
from salestui.analytics.forecast.study import Parts, Study, Window

_MANY_WEEKS = 28
"""Days of a window in which it matters little on which weekday it begins."""

Method = Literal["both", "past", "deals"]
"""The two halves weighed by their errors; what was won before carried on; open and new deals."""

BOTH: Method = "both"
HALVES: dict[Method, float] = {"past": 1.0, "deals": 0.0}
"""What of the past is in a forecast of one half alone."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A window that has passed: both forecasts as of its own day, and what was won in it."""

    top_down: float
    bottom_up: float
    actual: float


@dataclass(frozen=True, slots=True)
class Blend:
    """F = w TD + (1 - w) BU, with the past windows that set w; `effective` of them are independent."""

    top_down: float
    bottom_up: Parts
    weight: float
    value: float
    errors: tuple[float, ...]
    effective: float


def quarter_of(window: Window, fiscal_start: int) -> Window:
    """The rest of the fiscal quarter of a month, or of a month's rest; any other window itself."""
    number = month(window.last)
    is_whole = starts(number + 1) - 1 == window.last
    if not is_whole or window.first != max(starts(number), window.day + 1):
        return window
    begin = number - (number - fiscal_start + 1) % QUARTERLY
    first = max(starts(begin), window.day + 1)
    return Window(window.day, first, starts(begin + QUARTERLY) - 1)


def past_windows(study: Study, window: Window, until: int) -> list[Window]:
    """The same window on past days, a week apart, the latest first: so early that `until` had passed.

    Where the history is long, windows of many weeks all begin on one weekday: the days that one
    forecast is tried on are then those of the next one, and their sums are kept.
    """
    settings, since = study.settings, until - window.day
    if study.is_long and window.length >= _MANY_WEEKS:
        since += (window.day - since) % 7
    earliest = study.view(window.day).tracked + settings.warm_up
    made = (window.back(since + 7 * number) for number in range(settings.windows))
    return [past for past in made if past.day >= earliest]


def trials(
    study: Study, window: Window, season: int, measure: Measure, whole: Window | None = None
) -> list[Trial]:
    """The same window on past days, a week apart, from `warm_up` days of tracking on.

    The last that ends on its day; or, of a month, the last whose quarter, its `whole`, does.
    """
    until = (whole or window).last

    def make() -> list[Trial]:
        won = study.view(window.day).won[measure]
        windows = past_windows(study, window, until)
        study.prepare(windows, season)
        return [
            Trial(
                study.top_down(past, season, measure),
                study.bottom_up(past, season, measure).sum,
                won.between(past.first, past.last),
            )
            for past in windows
        ]

    return study.trials_of(window, season, measure, until, make)


def blend(
    study: Study, window: Window, season: int, measure: Measure, method: Method = BOTH
) -> Blend:
    """Weigh the two halves: v_m = (ov sum log(F/A)^2 + h^2) / (ov N + 1), ov = 7 / max(H, 7).

    w = clip(v_BU^2 / (v_TD^2 + v_BU^2), .1, .9). Windows a week apart overlap: ov is the share of each
    that is new, so N of them count as ov N. Of one half alone w is 1 or 0, and the errors are its own.
    With a calendar pattern a month has the w of the rest of its quarter: both halves of months add up
    then, and so do they. Without one, months and quarters carry on different stretches of the past.
    """
    settings = study.settings
    whole = window if season == FLAT else quarter_of(window, settings.fiscal_start)
    top = study.top_down(window, season, measure)
    bottom = study.bottom_up(window, season, measure)
    past = trials(study, window, season, measure, whole)
    share = 7 / max(window.length, 7)
    floor = _half_a_win(study, window.day, measure)
    weight = HALVES.get(method)
    if weight is None:
        of_whole = past if whole == window else trials(study, whole, season, measure)
        weight = _weighed(study, of_whole, whole, floor)
    errors = tuple(
        _error(weight * each.top_down + (1 - weight) * each.bottom_up, each.actual, floor)
        for each in past
    )
    value = weight * top + (1 - weight) * bottom.sum
    return Blend(top, bottom, weight, value, errors, share * len(past))


def _weighed(study: Study, past: list[Trial], window: Window, floor: float) -> float:
    """The weight of the past by the errors that both halves have had."""
    share = 7 / max(window.length, 7)
    of_past = [_error(each.top_down, each.actual, floor) for each in past]
    of_deals = [_error(each.bottom_up, each.actual, floor) for each in past]
    return _weight(
        _variance(of_past, share, study.settings), _variance(of_deals, share, study.settings)
    )


def _half_a_win(study: Study, day: int, measure: Measure) -> float:
    """The least that a window is compared by: a logarithm of nothing has no value."""
    view = study.view(day)
    if measure == "count" or not view.wins:
        return 0.5
    return max(0.5 * float(view.won["revenue"].daily.sum()) / view.wins, 1.0)


def _error(forecast: float, actual: float, floor: float) -> float:
    return log(max(forecast, floor) / max(actual, floor))


def _variance(errors: list[float], share: float, settings: Settings) -> float:
    squares = share * sum(error * error for error in errors) + settings.prior_error**2
    return squares / (share * len(errors) + 1)


def _weight(top_down: float, bottom_up: float) -> float:
    return min(max(bottom_up**2 / (top_down**2 + bottom_up**2), 0.1), 0.9)


@dataclass(frozen=True, slots=True)
class Spread:
    """Relative variances of a forecast: of chance alone, and of the method on top; its freedom."""

    chance: float
    method: float
    freedom: float

    @property
    def variance(self) -> float:
        return self.chance + self.method

    def common(self, wins: float, settings: Settings) -> float:
        """The relative variance that all parts of the forecast share: what its range has beyond chance."""
        if wins < settings.claim_wins:
            return self.method
        upper = 0.5 + settings.range_share / 2
        wider = t_quantile(upper, self.freedom) / normal_quantile(upper)
        return wider**2 * self.variance - self.chance


def spread(study: Study, day: int, made: Blend, wins: float, cv2: float) -> Spread:
    """s0 = (1 + cv2) / n is chance alone, m2 = (3 p^2 + ov sum max(e^2 - s0, 0)) / (3 + ov N) came on top.

    e are the past errors on the log scale, p what is believed before any, at least what a rate is off by
    that is known from so many wins; freedom = 3 + ov N.
    """
    settings, view = study.settings, study.view(day)
    chance = (1 + cv2) / max(wins, 0.5)
    is_young = view.months < settings.young_months
    prior = settings.young_range_prior if is_young else settings.range_prior
    prior = max(prior, 1 / sqrt(max(view.wins, 1)))
    freedom = settings.range_weight + made.effective
    share = made.effective / len(made.errors) if made.errors else 0.0
    excess = share * sum(max(error * error - chance, 0.0) for error in made.errors)
    return Spread(chance, (settings.range_weight * prior**2 + excess) / freedom, freedom)


def range_of(
    value: float, wins: float, cv2: float, around: Spread, measure: Measure, settings: Settings
) -> tuple[float, float]:
    """[F e^-z, F e^z] with z = t_{.90, freedom} sqrt(s0 + m2), which holds `range_share`.

    Below `claim_wins` wins a logarithm of a sum that may well be nothing misleads: then quantiles of
    a negative binomial with variance n + m2 n^2 for deals, and for money of a `compound` of them.
    """
    upper = 0.5 + settings.range_share / 2
    if wins >= settings.claim_wins:
        z = t_quantile(upper, around.freedom) * sqrt(around.variance)
        return value * exp(-z), value * exp(z)
    if measure == "revenue":
        few = compound(value, wins, cv2, around.method)
        return few.quantile(1 - upper), few.quantile(upper)
    variance = wins + around.method * wins * wins
    return (
        float(count_quantile(1 - upper, wins, variance)),
        float(count_quantile(upper, wins, variance)),
    )
