"""The forecast with the accuracy that such forecasts have had, from one reading of the history."""

from __future__ import annotations

from collections.abc import Callable

from salestui.analytics.forecast.backtest import BLEND
from salestui.analytics.kept import read_once
from salestui.analytics.looking_ahead import looking_ahead
from salestui.analytics.outlook import accuracy, beside, forecasting
from salestui.analytics.report import Report
from salestui.analytics.scope import Scope
from salestui.store.reader import Reader


def trusted(
    reader: Reader, scope: Scope, should_stop: Callable[[], bool] | None = None
) -> tuple[Report, Report]:
    """The forecast with what it has had beside it, and that accuracy horizon by horizon, with its n.

    Takes seconds and can be stopped (`Stopped`). Raises `Refused` for a period that is over.
    """
    with read_once():
        told = forecasting.forecast(reader, scope)
        studies = forecasting.studies_in(reader, scope)
    ahead = looking_ahead(reader, scope)
    tests = [
        accuracy.tested(study, scope, horizon, should_stop)
        for study in studies
        for horizon in accuracy.HORIZONS
    ]
    measured = accuracy.build(scope, tests, BLEND, is_claimed=not ahead)
    bears = () if ahead else beside.bearing(scope, studies)
    return beside.beside(told.warned(ahead), scope, measured, bears), measured
