"""What a what-if starts from: one forecast of the scope, its stages, and the sellers there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from salestui.analytics.forecast.onward import share_on
from salestui.analytics.forecast.staged import stage_model
from salestui.analytics.forecast.study import Study, Window
from salestui.analytics.forecast.total import Forecast
from salestui.analytics.outlook import pricing
from salestui.analytics.outlook.whatif import Ground, newborn
from salestui.analytics.people.rep_periods import read_crew
from salestui.analytics.plan.capacity import measured_ramp
from salestui.analytics.plan.headcount import LEARNING
from salestui.analytics.scope import Scope
from salestui.models.vocabulary import StageKind
from salestui.store.reader import Reader
from salestui.text import Period


def longest_begun(scope: Scope, periods: Sequence[Period]) -> Period:
    """The longest of these that has begun by tomorrow; the first if none has."""
    tomorrow = scope.as_of + timedelta(days=1)
    begun = [each for each in periods if each.first is not None and each.first <= tomorrow]
    return max(begun or periods[:1], key=_days)


def ground_of(reader: Reader, scope: Scope, study: Study, period: Period, made: Forecast) -> Ground:
    """The ground of the study's forecast of one period."""
    window = Window(made.as_of, max(made.first, made.as_of + 1), made.last)
    scope = replace(scope, period=period)
    crew, measured = read_crew(reader, scope), measured_ramp(reader, scope)
    return Ground(
        study, window, period, made.revenue.won_to_date, made.revenue.value, *newborn(study, window),
        sellers=len(crew.tenures),
        ramp=tuple(measured or LEARNING),
        is_ramp_measured=measured is not None,
        stages=tuple(_conversions(reader, scope, study, window.day)),
        doubt="doubtful" if made.is_doubtful else "" if made.is_point else "too few deals",
    )  # fmt: skip


def _conversions(reader: Reader, scope: Scope, study: Study, day: int) -> Iterator[tuple[int, str]]:
    """The stages whose conversion can be changed, with their names: those that deals go on from."""
    model, stages = study.stage_model_of(day, stage_model), study.events.names.stages
    if model is None:
        return
    names = pricing.stage_names(reader)
    for code, each in enumerate(stages):
        is_asked = scope.pipeline_id in (None, each.pipeline_id) and each.id in names
        is_asked &= each.kind != StageKind.AFTER_SALE
        if is_asked and share_on(model, stages, code) is not None:
            yield code, names[each.id]


def _days(period: Period) -> int:
    """How long a period with two ends is."""
    return 0 if period.first is None or period.last is None else (period.last - period.first).days
