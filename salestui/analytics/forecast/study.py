"""Everything that is worked out once for a day and used by many forecasts; it never looks ahead."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import InitVar, dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from salestui.analytics.events import NEVER, Events, Known
from salestui.analytics.forecast import trend
from salestui.analytics.forecast.ageing import Hazard, age_then, fit, won_within
from salestui.analytics.forecast.deals import (
    Choice,
    Deals,
    Floats,
    code_of,
    deals_of,
    deals_on,
    first_close,
)
from salestui.analytics.forecast.ledger import Ledger, make_ledger
from salestui.analytics.forecast.phases import FLAT, QUARTERLY, Gate, gate, is_seen, month, starts
from salestui.analytics.forecast.settings import MEASURES, Measure, Settings
from salestui.analytics.forecast.tally import Tally, tally
from salestui.analytics.forecast.trend import Past, Rate, Trend
from salestui.analytics.forecast.view import Risk, View, see, weeks_before

if TYPE_CHECKING:
    from salestui.analytics.forecast.blend import Trial
    from salestui.analytics.forecast.stages import StageModel

_VIEWS, _RISKS = 1024, 32
"""Days whose sums are kept, some 50 kB each, and what rates are fitted to: that is asked for once."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days `first`..`last` that a forecast is for, both included, and the day it is made."""

    day: int
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def back(self, days: int) -> Window:
        """The same window, so many days earlier."""
        return Window(self.day - days, self.first - days, self.last - days)


@dataclass(frozen=True, slots=True)
class Parts:
    """Bottom up: from deals that are open, and from deals still to be created."""

    open: float
    new: float

    @property
    def sum(self) -> float:
        return self.open + self.new


@dataclass
class Study:
    """Sums, fits and forecasts by day, each worked out at its first use.

    Studies of the same events can be `lent` one ledger.
    """

    events: Events
    currency: str
    chosen: Choice | None = None
    settings: Settings = field(default_factory=Settings)
    lent: InitVar[Ledger | None] = None
    ledger: Ledger = field(init=False)
    _views: OrderedDict[int, View] = field(default_factory=OrderedDict)
    _risks: OrderedDict[int, Risk] = field(default_factory=OrderedDict)
    _tallies: dict[tuple[int, int], Tally] = field(default_factory=dict)
    _top_down: dict[tuple[Window, int, Measure], float] = field(default_factory=dict)
    _rates: dict[tuple[int, int, Measure], Rate] = field(default_factory=dict)
    _trends: dict[tuple[int, Measure], Trend] = field(default_factory=dict)
    _trials: dict[Hashable, list[Trial]] = field(default_factory=dict)
    _gates: dict[int, Gate] = field(default_factory=dict)
    _fits: dict[tuple[int, int], Hazard] = field(default_factory=dict)
    _parts: dict[tuple[Window, int], dict[Measure, Parts]] = field(default_factory=dict)
    _staged: dict[tuple[Window, int], dict[Measure, float] | None] = field(default_factory=dict)
    _pasts: dict[Measure, Floats] = field(default_factory=dict)

    def __post_init__(self, lent: Ledger | None) -> None:
        self.ledger = make_ledger(self.events) if lent is None else lent

    def deals(self, day: int) -> tuple[Known, Deals]:
        """The deals themselves; not kept."""
        return deals_on(self.ledger, day, self.currency, self.chosen)

    def view(self, day: int) -> View:
        if day not in self._views:
            self._see(day)
        self._views.move_to_end(day)
        return self._views[day]

    def risk(self, day: int) -> Risk:
        """What the rates by age are fitted to."""
        if day not in self._risks:
            self._see(day)
        return self._risks[day]

    def _see(self, day: int) -> None:
        stages = [stage.probability for stage in self.events.names.stages]
        shares = np.array(stages, np.float64) / 100
        view, self._risks[day] = see(*self.counted(day), shares, self.settings)
        won = {measure: self._shared(measure, past) for measure, past in view.won.items()}
        self._views[day] = replace(view, won=won)
        if len(self._views) > _VIEWS:
            self._views.popitem(last=False)
        if len(self._risks) > _RISKS:
            self._risks.popitem(last=False)

    def _shared(self, measure: Measure, past: Past) -> Past:
        """The same past, as a part of a longer one where that says the same of its days."""
        longest = self._pasts.get(measure)
        if longest is None or len(past.daily) > len(longest):
            self._pasts[measure] = past.daily
            return past
        head = longest[: len(past.daily)]
        return Past(head, past.day) if np.array_equal(head, past.daily) else past

    def counted(self, day: int) -> tuple[Deals, Tally | None]:
        """The deals of a day, and the sums over those that are left out of it as long settled."""
        if self.chosen is not None:
            return self.deals(day)[1], None
        number = month(weeks_before(day, self.settings))
        states = self.ledger.unsettled_on(day, starts(number) - 1)
        tracked = min(self.ledger.first_close_on(day), first_close(states))
        code = code_of(self.ledger, self.currency)
        deals = deals_of(states, day, code, tracked, longest=self.ledger.longest)
        return deals, self._settled(number, tracked)

    def _settled(self, number: int, tracked: int) -> Tally:
        """The sums over all deals that were known, before this month, to have ended for good."""
        first = month(min(tracked, starts(number)))
        made = [each for each in range(first, number + 1) if (each, tracked) in self._tallies]
        for each in range(max(made, default=first - 1) + 1, number + 1):
            begin = starts(each - 1) if each > first else -NEVER
            last, code = starts(each) - 1, code_of(self.ledger, self.currency)
            states = self.ledger.settled_in(begin, last)
            before = self._tallies.get((each - 1, tracked))
            if before is not None and not len(states.deal):
                self._tallies[each, tracked] = before
                continue
            sums = tally(deals_of(states, last, code, tracked, longest=self.ledger.longest))
            self._tallies[each, tracked] = sums if before is None else before + sums
        return self._tallies[number, tracked]

    def gate(self, day: int) -> Gate:
        """Whether the calendar may be used, as of `day`."""
        if day not in self._gates:
            wins = self.view(day).won["count"]
            self._gates[day] = gate(wins.daily, wins.first, self.settings.fiscal_start)
        return self._gates[day]

    def hazard(self, day: int, season: int) -> Hazard:
        """Rates by age, times m_k = (O + kappa) / (E + kappa) of the last weeks."""
        if (day, season) not in self._fits:
            risk, prior = self.risk(day), self.settings.recalibrate_prior
            fitted = fit(risk.exposed, season, self.settings.fiscal_start)
            won, left = fitted.expected(risk.lately)
            self._fits[day, season] = fitted.times(
                (float(risk.lately.won.sum()) + prior) / (won + prior),
                (float(risk.lately.left.sum()) + prior) / (left + prior),
            )
        return self._fits[day, season]

    def chances(
        self, window: Window, season: int, hazard: Hazard | None = None, cycle: float = 1.0
    ) -> tuple[Floats, float]:
        """P(won in the window) by age in days of an open deal, and its sum over a new one each day.

        Ages are those of `View.open_count`; 0 for one that no open deal has. By another `hazard` than
        that of the window's day if one is given, which has been made `cycle` times as slow.
        """
        there, ahead = self.view(window.day).open_count, window.last - window.day
        ages = np.flatnonzero(there)
        chance = won_within(
            hazard or self.hazard(window.day, season), window.day, window.first, window.last,
            np.concatenate([np.arange(-ahead, 0), age_then(ages, cycle)]),
        )  # fmt: skip
        by_age = np.zeros(len(there))
        by_age[ages] = chance[ahead:]
        return by_age, float(chance[:ahead].sum())

    def open_chances(self, deals: Deals, window: Window, season: int) -> Floats:
        """P(won in the window) of each of these open deals, as of the window's day."""
        by_age, _ = self.chances(window, season)
        each: Floats = by_age[np.minimum(deals.ended - deals.created, len(by_age) - 1)]
        return each

    def bottom_up(self, window: Window, season: int, measure: Measure) -> Parts:
        """Sum over open deals of P(won in the window) x amount, and over the days' arrivals.

        Open deals are judged by the stage they are in where stages are dated, else by their age.
        """
        if (window, season) not in self._staged:
            self.prepare([window], season)
        by_age, by_stage = self.by_age(window, season, measure), self._staged[window, season]
        return by_age if by_stage is None else Parts(by_stage[measure], by_age.new)

    def prepare(self, windows: Iterable[Window], season: int) -> None:
        """Work out beforehand what `bottom_up` needs of windows that are one, so many days earlier or later.

        All together take little more than one of them.
        """
        from salestui.analytics.forecast.staged import open_by_stage

        new = [each for each in windows if (each, season) not in self._staged]
        for window, made in zip(new, open_by_stage(self, new, season), strict=True):
            self._staged[window, season] = made

    def stage_model_of(
        self, day: int, make: Callable[[Study, int], StageModel | None]
    ) -> StageModel | None:
        """The model of stages that `make` has made as of `day`, or of the month's end before it.

        The latter where the history is long: one more month tells it little, and fits take time.
        """
        last = self._fitted_on(day)
        if last not in self.ledger.models:
            self.ledger.models[last] = make(self, last)
        return self.ledger.models[last]

    @property
    def is_long(self) -> bool:
        """Whether the history is so long that what changes little from day to day is not worked out daily."""
        return len(self.events.deal) > self.settings.fresh_events

    def is_staged(self, day: int) -> bool:
        """Whether open deals are judged by their stage as of `day`; known once `bottom_up` was asked."""
        return self.ledger.models.get(self._fitted_on(day)) is not None

    def _fitted_on(self, day: int) -> int:
        return starts(month(day)) - 1 if self.is_long else day

    def by_age(self, window: Window, season: int, measure: Measure) -> Parts:
        """The same by age alone."""
        if (window, season) not in self._parts:
            view = self.view(window.day)
            share, born = self.chances(window, season)
            self._parts[window, season] = {
                each: Parts(
                    float((share * view.open_sum(each)).sum()), born * view.arrival_sum(each)
                )
                for each in MEASURES
            }
        return self._parts[window, season][measure]

    def top_down(self, window: Window, season: int, measure: Measure) -> float:
        """What was won lately, carried on: with the calendar where it is real, else without."""
        key = (window, season, measure)
        if key not in self._top_down:
            self._top_down[key] = self._carried_on(window, season, measure)
        return self._top_down[key]

    def _carried_on(self, window: Window, season: int, measure: Measure) -> float:
        past, first, last = self.view(window.day).won[measure], window.first, window.last
        if season != FLAT and is_seen(past.first, past.day, season):
            return self._phased(window.day, season, measure).sum(first, last)
        if window.length >= 60:
            return trend.run_rate(past, 91, first, last)
        if (window.day, measure) not in self._trends:
            self._trends[window.day, measure] = trend.damped(past)
        going_on = self._trends[window.day, measure].sum(first, last)
        return (trend.run_rate(past, 28, first, last) + going_on) / 2

    def _phased(self, day: int, season: int, measure: Measure) -> Rate:
        key = (day, season, measure)
        if key not in self._rates:
            past = self.view(day).won[measure]
            self._rates[key] = trend.phased_rate(past, season, self.settings.fiscal_start)
        return self._rates[key]

    def trials_of(
        self,
        window: Window,
        season: int,
        measure: Measure,
        until: int,
        make: Callable[[], list[Trial]],
    ) -> list[Trial]:
        """What `make` makes of a window's past ones, of which the last ends with the period's `until`."""
        key = (window, season, measure, until)
        if key not in self._trials:
            self._trials[key] = make()
        return self._trials[key]

    def baseline(self, name: str, window: Window, measure: Measure) -> float:
        """One of the plain methods that a forecast has to beat."""
        view = self.view(window.day)
        past, first, last = view.won[measure], window.first, window.last
        if name == "template":
            return view.template[measure]
        if name == "closed-rate":
            return view.by_rate[measure]
        if name == "run-rate":
            return trend.run_rate(past, 28, first, last)
        if name == "smoothing":
            return trend.smoothed(past, first, last)
        if name == "calendar":
            return self._phased(window.day, QUARTERLY, measure).sum(first, last)
        return self.by_age(window, self.gate(window.day).season, measure).sum


BASELINES = ("hazard", "template", "closed-rate", "run-rate", "smoothing", "calendar")
"""Bottom up by age alone; open x stage probability; open x won / closed; the last 28 days; simple
exponential smoothing; level x month of the quarter."""
