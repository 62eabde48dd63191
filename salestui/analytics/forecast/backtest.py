"""The accuracy that forecasts have had: made again on past days from what was known then.

Accuracy of one forecast is 1 - |F - A| / A, not floored; WAPE is sum |F - A| / sum A. What was
really won is read as of the last day, everything else as of each origin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from salestui.analytics.events import NEVER, Events
from salestui.analytics.forecast.blend import BOTH, HALVES, Method
from salestui.analytics.forecast.cautions import is_old_enough
from salestui.analytics.forecast.deals import Choice
from salestui.analytics.forecast.phases import QUARTERLY, month, starts
from salestui.analytics.forecast.scores import Origin, Summary, summarise
from salestui.analytics.forecast.settings import Measure, Settings
from salestui.analytics.forecast.study import BASELINES, Study, Window
from salestui.analytics.forecast.total import estimates
from salestui.text import so_many

Horizon = Literal["rest-of-month", "rest-of-quarter", "month", "quarter"] | int
"""The rest of a month from its days 5, 10 .. 25, of a fiscal quarter from 4, 6 .. 12 weeks before its
end; the next month, or three, from month-ends; or so many days, from a day in each week."""

BLEND = "forecast"
"""The method that is used; the others are there to be compared with it."""
METHODS = (BLEND, *HALVES, *BASELINES)

_WEEKS_LEFT = (4, 6, 8, 10, 12)
"""Of a quarter, where its rest is forecast; what is left later is like the rest of a month."""


class Stopped(Exception):
    """The caller has asked to stop."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """Every origin and method, and their summaries: of origins with enough history, and of cold ones.

    `is_claimed` is false where no accuracy may be named: no origin with enough history, or too few
    expected wins. `winner` is the method with the best mean.
    """

    day: int
    horizon: Horizon
    currency: str
    measure: Measure
    origins: tuple[Origin, ...]
    summaries: tuple[Summary, ...]
    cold: tuple[Summary, ...]
    is_claimed: bool
    warnings: tuple[str, ...]

    def of(self, method: str = BLEND) -> Summary:
        """The summary of one method."""
        return next(each for each in self.summaries if each.method == method)

    @property
    def winner(self) -> str | None:
        """The method with the best mean accuracy, if any has one."""
        means = [(each.mean, each.method) for each in self.summaries if each.mean is not None]
        return max(means)[1] if means else None


def backtest(
    events: Events,
    *,
    day: int,
    horizon: Horizon,
    currency: str,
    measure: Measure = "revenue",
    origins: int = 26,
    chosen: Choice | None = None,
    settings: Settings | None = None,
    study: Study | None = None,
    progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Backtest:
    """Forecast again on the last `origins` past days whose windows had ended by `day`.

    `progress(done, of)` is called after each origin; `should_stop()` before each, and `Stopped` is
    raised when it says so. A `study` that is handed in keeps what it has worked out.
    """
    study = study or Study(events, currency, chosen, settings or Settings())
    windows = windows_before(study, day, horizon, origins)
    rows: list[Origin] = []
    for done, (window, first) in enumerate(windows, 1):
        if should_stop is not None and should_stop():
            raise Stopped
        rows.extend(_replay(study, day, window, first, measure))
        if progress is not None:
            progress(done, len(windows))
    warm = [row for row in rows if not row.is_cold]
    told = _warnings(warm, rows, study.settings)
    return Backtest(
        day=day,
        horizon=horizon,
        currency=currency,
        measure=measure,
        origins=tuple(rows),
        summaries=tuple(summarise(warm, method) for method in METHODS),
        cold=tuple(summarise([row for row in rows if row.is_cold], method) for method in METHODS),
        is_claimed=not told,
        warnings=told,
    )


def windows_before(study: Study, day: int, horizon: Horizon, most: int) -> list[tuple[Window, int]]:
    """The last `most` windows that ended by `day`, oldest first, and where their periods began."""
    tracked = study.view(day).tracked
    earliest = tracked + study.settings.warm_up if tracked != NEVER else day
    made: list[tuple[Window, int]] = []
    if isinstance(horizon, int):
        origin = day - horizon
        while origin >= earliest and len(made) < most:
            made.append((Window(origin, origin + 1, origin + horizon), origin + 1))
            origin -= 7
        return made[::-1]
    number = month(day + 1)
    if horizon == "rest-of-quarter":
        number += (study.settings.fiscal_start - 1 - number) % QUARTERLY
    while len(made) < most and starts(number) > earliest:
        made += [each for each in _windows_from(number, horizon) if each[0].last <= day]
        number -= QUARTERLY if horizon == "rest-of-quarter" else 1
    made = [each for each in made if each[0].day >= earliest]
    return made[:most][::-1]


def _windows_from(number: int, horizon: Horizon) -> list[tuple[Window, int]]:
    """The windows of the period that begins with a month, or ends before it; the latest origin first.

    Those of a quarter's rest are whole weeks long: all their past windows then begin on one weekday, and
    share the sums of those days.
    """
    begin = starts(number)
    if horizon == "rest-of-quarter":
        first, last = starts(number - QUARTERLY), begin - 1
        origins = [last - 7 * weeks for weeks in _WEEKS_LEFT]
        return [(Window(each, each + 1, last), first) for each in origins]
    if horizon == "rest-of-month":
        last = starts(number + 1) - 1
        origins = [begin + place - 1 for place in (25, 20, 15, 10, 5)]
        return [(Window(each, each + 1, last), begin) for each in origins]
    last = starts(number + (QUARTERLY if horizon == "quarter" else 1)) - 1
    return [(Window(begin - 1, begin, last), begin)]


def _replay(study: Study, day: int, window: Window, first: int, measure: Measure) -> list[Origin]:
    """All methods as of one origin."""
    known = study.view(day).won[measure]
    is_cold = not is_old_enough(study.view(window.day), study.settings)
    actual = known.between(window.first, window.last)
    before = study.view(window.day).won[measure].between(first, window.day)
    days, common = (window.day, window.first, window.last), (actual, before, is_cold)
    rows = []
    methods: tuple[Method, ...] = (BOTH, *HALVES)
    for method in methods:
        made = estimates(study, window, first, method)
        own, wins = made[measure], made["count"].value
        name = BLEND if method == BOTH else method
        rows.append(Origin(*days, name, own.value, *common, own.low, own.high, wins, own.ceiling))
    for plain in BASELINES:
        rows.append(Origin(*days, plain, study.baseline(plain, window, measure), *common))
    return rows


def _warnings(warm: list[Origin], rows: list[Origin], settings: Settings) -> tuple[str, ...]:
    """Why no accuracy may be named; nothing where one may."""
    if not rows:
        return ("Too little history: no past window of this length can be forecast.",)
    if not warm:
        return (
            "Too little history: every window was forecast from less than "
            f"{settings.claim_months} months or {settings.claim_closes} closed deals.",
        )
    if len({row.last for row in warm}) < settings.claim_periods:
        return ("Too little history: all these forecasts were of one and the same period.",)
    wins = fmean(row.wins for row in warm if row.method == BLEND and row.wins is not None)
    if wins < settings.claim_wins:
        return (
            f"Too few deals: about {so_many(round(wins), 'win')} a window. A mean accuracy says nothing "
            f"below {settings.claim_wins:.0f}; look at the median, WAPE and the range.",
        )
    return ()
