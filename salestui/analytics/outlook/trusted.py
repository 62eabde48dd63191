"""The forecast, and beside each what such forecasts have had of the best that chance allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import repeat

from salestui.analytics.forecast.backtest import BLEND, Horizon
from salestui.analytics.forecast.blend import BOTH
from salestui.analytics.hindsight import hindsight
from salestui.analytics.kept import events_of, read_once
from salestui.analytics.outlook import accuracy, forecasting
from salestui.analytics.outlook.accuracy import HORIZONS, METHODS, is_luck, lucky
from salestui.analytics.periods import this
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope
from salestui.store.reader import Reader
from salestui.text import Period, so_many

QUICK = 40_000
"""Changes of deals up to which a command measures accuracy itself: it takes a second or two."""

_SAID = (
    " Had: the mean accuracy, in percent, of what such forecasts said on past days was to come / the best "
    "that chance alone would have allowed; – where none may be named."
)
_MEASURED_BY = (
    " With {} it takes more than a moment to measure the accuracy that such forecasts have had: "
    "'salestui forecast --backtest' does."
)


def forecast(reader: Reader, scope: Scope, by: str | None = None, method: str = BOTH) -> Report:
    """The forecast with the accuracy had where a moment is enough to measure it, else how to.

    Raises `Refused` as `forecasting.forecast` does.
    """
    with read_once():
        if by is not None:
            return forecasting.forecast(reader, scope, by, method)
        told, made, bears = unmeasured(reader, scope, method)
        if not told.rows:
            return told
        changes = len(events_of(reader).deal)
        if changes > QUICK:
            more = _MEASURED_BY.format(so_many(changes, "change of deals", "changes of deals"))
            return replace(told, method=told.method + more)
        wanted = {
            (each.currency, horizon)
            for (period, each), is_bearing in zip(made, bears, strict=bool(bears))
            if is_bearing and (horizon := _horizon_of(period, scope.as_of)) is not None
        }
        measured = accuracy.measured(reader, scope, wanted=wanted)
        return beside(told, scope, measured, bears, method)


def trusted(
    reader: Reader, scope: Scope, should_stop: Callable[[], bool] | None = None
) -> tuple[Report, Report]:
    """The forecast with what it has had beside it, and that accuracy horizon by horizon, with its n.

    Takes seconds and can be stopped (`Stopped`). Raises `Refused` for a period that is over.
    """
    with read_once():
        told, _, bears = unmeasured(reader, scope)
        measured = accuracy.measured(reader, scope, BLEND, should_stop=should_stop)
    return beside(told, scope, measured, bears), measured


def unmeasured(
    reader: Reader, scope: Scope, method: str = BOTH
) -> tuple[Report, forecasting.Made, tuple[bool, ...]]:
    """The forecast before such are made again, those in its rows, and of which an accuracy may be named.

    The last row by row; empty where hindsight tells, so that nothing may be claimed.
    """
    told, made = forecasting.forecast_with(reader, scope, method=method)
    return told, made, () if hindsight(reader, scope) else tuple(f.is_claimed for _, f in made)


def beside(
    told: Report, scope: Scope, measured: Report, bears: Sequence[bool], method: str = BOTH
) -> Report:
    """The forecast with what such forecasts have had: in words, and as a share of one.

    Such are those of the rest of a period, or of a whole one on the day before it. Where no mean may be
    named, of this forecast or of those, the best that chance allows is of this one. A mean above the best
    is said to be luck. `bears` are as `unmeasured` says, none where nothing may be claimed.
    """
    lead = 1 if told.columns[0].key == "currency" else 0
    name = METHODS[BLEND if method == BOTH else method]
    had = {
        row[: lead + 1]: (mean, best)
        for row, way, mean, best in zip(
            measured.rows,
            *(measured.cells(key) for key in ("method", "mean", "ceiling")),
            strict=True,
        )
        if way == name and isinstance(mean, float) and isinstance(best, float)
    }
    horizons = {
        period.label: HORIZONS[horizon]
        for period in forecasting.periods_of(scope)
        if (horizon := _horizon_of(period, scope.as_of)) is not None
    }
    keys = [column.key for column in told.columns]
    place, doubt = keys.index("ceiling"), keys.index("doubt")
    rows: list[tuple[Cell, ...]] = []
    luck: list[str] = []
    for row, is_bearing in zip(told.rows, bears or repeat(False), strict=False):
        found = had.get((*row[:lead], horizons.get(str(row[lead])))) if is_bearing else None
        words = _words(found, row[place]) + str(row[doubt] or "")
        rows.append((*row[:place], words, found and found[0], *row[place:]))
        if found and is_luck(*found):
            luck.append(lucky(" ".join(map(str, row[: lead + 1])), *found))
    columns = [
        replace(column, is_extra=column.is_extra or column.key in ("wins", "doubt"))
        for column in told.columns
    ]
    return replace(
        told,
        columns=(*columns[:place], *_HAD, *columns[place:]),
        rows=tuple(rows),
        method=told.method + _SAID,
        warnings=(*told.warnings, *luck),
    )


_HAD = (Column("had", "Had %", "text"), Column("accuracy", "Accuracy had", "ratio", is_extra=True))


def _words(had: tuple[float, float] | None, best: Cell) -> str:
    """ "93/96", "83 luck" where it is above what chance allows, "–/96" where there is none."""
    if had is None:
        return f"–/{100 * best:.0f}" if isinstance(best, float) and best > _LEAST else "–"
    return f"{100 * had[0]:.0f}" + (" luck" if is_luck(*had) else f"/{100 * had[1]:.0f}")


_LEAST = 0.005
"""A best of less is none."""


def _horizon_of(period: Period, as_of: date) -> Horizon | None:
    """What the period is as a horizon, if it is a month or a quarter that is next or has begun.

    What is left of a quarter in its last month is what is left of that month.
    """
    now = this("month", as_of + timedelta(days=1))
    if period.last is not None and this("month", period.last) == now:
        period = now
    if period.first is None:
        return None
    kinds: tuple[tuple[str, Horizon, Horizon], ...] = (
        ("month", "rest-of-month", "month"),
        ("quarter", "rest-of-quarter", "quarter"),
    )
    for unit, rest, whole in kinds:
        whole_one = this(unit, period.first)
        if (period.first, period.last) == (whole_one.first, whole_one.last):
            if period.first <= as_of:
                return rest
            return whole if period.first == as_of + timedelta(days=1) else None
    return None
