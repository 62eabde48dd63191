"""The forecast with the accuracy that such forecasts have had, from one reading of the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from salestui.analytics.forecast.backtest import BLEND
from salestui.analytics.kept import made_once, read_once
from salestui.analytics.outlook import accuracy, forecasting
from salestui.analytics.outlook.undated import left_out
from salestui.analytics.report import Report
from salestui.analytics.scope import Scope
from salestui.store.reader import Reader


def trusted(
    reader: Reader, scope: Scope, should_stop: Callable[[], bool] | None = None
) -> tuple[Report, Report]:
    """The forecast with what it has had beside it, and that accuracy horizon by horizon, with its n.

    Takes seconds and can be stopped (`Stopped`). Raises `Refused` for a period that is over.
    """
    periods = forecasting.periods_of(scope)
    with read_once():
        events = made_once(reader, "events", lambda events: events)
        studies = forecasting.studies_in(reader, scope)
    told = forecasting.build(scope, [(study, period) for study in studies for period in periods])
    told = replace(told, warnings=(*left_out(events, scope), *told.warnings))
    tests = [
        accuracy.tested(study, scope, horizon, should_stop)
        for study in studies
        for horizon in accuracy.HORIZONS
    ]
    measured = accuracy.build(scope, tests, BLEND)
    return accuracy.beside(told, scope, measured), measured
