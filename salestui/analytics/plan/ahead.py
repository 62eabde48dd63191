"""What a period will still bring, and how much of it should have come by now: of everybody and each rep.

Reads the whole history, and numpy with it: import this where it is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from salestui.analytics.events import NOBODY
from salestui.analytics.forecast.groups import Part, joined, part_range, split
from salestui.analytics.forecast.phases import FLAT, is_seen
from salestui.analytics.forecast.settings import MEASURES, Measure
from salestui.analytics.forecast.study import Study
from salestui.analytics.forecast.total import Forecast, forecast_in
from salestui.analytics.forecast.trend import phased_rate
from salestui.analytics.outlook.forecasting import refuse_too_far, studies_in
from salestui.analytics.plan.distribution import Distribution, amounts, deals
from salestui.analytics.scope import Scope
from salestui.store.reader import Reader
from salestui.text import to_day


@dataclass(frozen=True, slots=True)
class Ahead:
    """Of one period and currency: the whole forecast, that of each rep, and the shape of its days.

    `due` is the share of the period's wins that the calendar puts before the end of the as-of day,
    `None` where the calendar has no pattern beyond chance. `forecast` is `None` for a period that is
    over, and `reps` empty where nothing can be split. From `enough` wins on money is taken as lognormal.
    """

    forecast: Forecast | None
    reps: Mapping[tuple[Measure, str], Part]
    due: float | None
    enough: float

    def outlook(self, measure: Measure, owner_ids: Collection[str] | None) -> Distribution | None:
        """The outlook of these reps together, of everybody for `None`; `won` in it is 0.

        Reps are parts of one forecast: they share its error, and all of them together are as sure as it is.
        `None` where there is too little history to forecast from, no win with an amount for money, or
        none of these reps had a deal lately: what they will win nobody knows.
        """
        whole = self.forecast
        if whole is None:
            return _OVER
        if not whole.is_known or (measure == "revenue" and not whole.is_priced):
            return None
        if owner_ids is None:
            value, wins, error = whole.of(measure).value, whole.n_hat, whole.of(measure).common
        else:
            parts = [self.reps[measure, key] for key in owner_ids if (measure, key) in self.reps]
            value, wins, error = joined(parts, whole, measure)
            if not parts or wins <= 0.0 < whole.n_hat:
                return None
        if measure == "count":
            return deals(wins, wins + error * wins**2)
        if wins < self.enough:
            return amounts(value, wins, whole.cv2, error)
        return Distribution(
            0, value, *part_range(value, wins, whole.cv2, measure, error, self.enough)
        )


_OVER = Distribution(0, 0, 0, 0)


def look_ahead(reader: Reader, scope: Scope, first: date, last: date) -> dict[str, Ahead]:
    """By currency: what the days after the as-of day will bring until `last`.

    The whole store counts whoever is asked about: a rep's share is a share of everybody's forecast.
    Raises `Refused` for what is too far ahead.
    """
    refuse_too_far(scope.period.label or str(last.year), last, scope.as_of)
    whole = replace(scope, owner_ids=None)
    return dict(_all_ahead(studies_in(reader, whole), whole, first, last))


def _all_ahead(
    studies: Iterable[Study], scope: Scope, first: date, last: date
) -> Iterator[tuple[str, Ahead]]:
    day, begin, end = to_day(scope.as_of), to_day(first), to_day(last)
    for study in studies:
        if day >= end:
            yield study.currency, Ahead(None, {}, 1.0, 0.0)
            continue
        made = forecast_in(study, day, begin, end)
        reps = _by_rep(study, made)
        due = due_share(study, day, begin, end)
        yield study.currency, Ahead(made, reps, due, study.settings.claim_wins)


def due_share(study: Study, day: int, first: int, last: int) -> float | None:
    """Σ f over first..day / Σ f over first..last, f the phase factors; `None` where the gate is shut.

    Source: phased run rate, `forecast.trend.phased_rate`; gate, `forecast.phases.gate`.
    """
    season = study.gate(day).season
    past = study.view(day).won["revenue"]
    start = study.settings.fiscal_start
    if season == FLAT or not is_seen(past.first, past.day, season):
        return None
    weights = phased_rate(past, season, start).weights(first, last)
    done = max(min(day, last) - first + 1, 0)
    whole = float(weights.sum())
    return float(weights[:done].sum()) / whole if whole > 0 else None


def _by_rep(study: Study, made: Forecast) -> dict[tuple[Measure, str], Part]:
    """Each rep's part of the forecast; what nobody owns has no rep."""
    owners = study.events.names.owners
    return {
        (measure, owners[part.code]): part
        for measure in MEASURES
        for part in split(study, made, lambda known: known.owner, measure)
        if part.code != NOBODY
    }
