"""Everything the Forecast screen shows of one scope, from one reading of the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from salestui.analytics.forecast.study import Study
from salestui.analytics.kept import Kept, give_back
from salestui.analytics.looking_ahead import looking_ahead
from salestui.analytics.outlook import (
    accuracy,
    beside,
    calls,
    forecasting,
    leads,
    open_deals,
    pricing,
)
from salestui.analytics.outlook.calls import CallReports
from salestui.analytics.outlook.ground import ground_of, longest_begun
from salestui.analytics.outlook.lead_fates import is_there
from salestui.analytics.outlook.leads import LeadReports
from salestui.analytics.outlook.open_deals import Differing
from salestui.analytics.outlook.undated import left_out
from salestui.analytics.outlook.whatif import Ground
from salestui.analytics.periods import this
from salestui.analytics.plan import quota
from salestui.analytics.report import Report
from salestui.analytics.scope import Scope
from salestui.analytics.wish import Wish, scope_of
from salestui.store.reader import Reader
from salestui.text import to_day


@dataclass(frozen=True, slots=True)
class ForecastOverview:
    """The reports of one scope; `is_empty` if no deal is known.

    `bears`: of which forecasts, row by row, an accuracy may be named. `leads` where a stage is one of
    leads. `calls` are of all that a rep sells: `None` where deals are narrowed to a product, a sector …
    """

    scope: Scope
    forecast: Report
    bears: tuple[bool, ...]
    leads: LeadReports | None
    open: Report
    differing: Differing
    calls: CallReports | None
    is_empty: bool


def look(reader: Reader, wish: Wish, kept: Kept) -> ForecastOverview:
    """All that is there without making past forecasts again."""
    scope = scope_of(reader, wish)
    studies = _studies(reader, scope, kept)
    events, day = kept.events(reader), to_day(scope.as_of)
    periods = forecasting.periods_of(scope)
    found = [
        kept.made(
            reader,
            ("priced", study.currency, *forecasting.key_of(scope)),
            lambda _, study=study: pricing.priced(study, day),  # type: ignore[misc]
        )
        for study in studies
    ]
    names = pricing.stage_names(reader)
    has_leads = is_there(events, scope)
    sales = open_deals.build(scope, found, names, pricing.undated_on(events, scope))
    ahead = looking_ahead(reader, scope)
    forecast = forecasting.build(scope, [(s, p) for s in studies for p in periods])
    return ForecastOverview(
        scope=scope,
        forecast=forecast.warned((*ahead, *left_out(events, scope))),
        bears=() if ahead else beside.bearing(scope, studies),
        leads=leads.reports(reader, scope, events, studies, found) if has_leads else None,
        open=sales if has_leads else replace(sales, warnings=(*sales.warnings, leads.NONE)),
        differing=open_deals.differing(reader, scope, found, names),
        calls=calls.reports(reader, called(scope), events) if scope.is_of_all_sold else None,
        is_empty=not len(events.deal),
    )


def called(scope: Scope) -> Scope:
    """The scope of the calls: where no period is set they are of the quarter that is next forecast.

    On the last day of a quarter that is the one which begins tomorrow.
    """
    if not scope.is_always:
        return scope
    return replace(scope, period=this("quarter", scope.as_of + timedelta(days=1)))


def plan(reader: Reader, wish: Wish, kept: Kept) -> Report:
    """The plan against what was won and what is likely, by rep."""
    with kept.lent():
        return quota.quota(reader, scope_of(reader, wish))


def measure(
    reader: Reader, wish: Wish, kept: Kept, should_stop: Callable[[], bool] | None = None
) -> Report:
    """The accuracy that the forecasts have had; this takes seconds and can be stopped (`Stopped`)."""
    scope = scope_of(reader, wish)
    tests = [
        accuracy.tested(study, scope, horizon, should_stop)
        for study in _studies(reader, scope, kept)
        for horizon in accuracy.HORIZONS
    ]
    give_back()
    return accuracy.build(scope, tests, is_claimed=not looking_ahead(reader, scope))


def ground(reader: Reader, wish: Wish, kept: Kept, row: int | None = None) -> Ground | None:
    """What stands in a row of the forecast; without one, its longest period that has begun."""
    scope = scope_of(reader, wish)
    asked = [
        (study, period)
        for study in _studies(reader, scope, kept)
        for period in forecasting.periods_of(scope)
    ]
    if not asked:
        return None
    if row is not None and row < len(asked):
        return ground_of(reader, scope, *asked[row])
    study = asked[0][0]
    mine = [period for each, period in asked if each is study]
    return ground_of(reader, scope, study, longest_begun(scope, mine))


def _studies(reader: Reader, scope: Scope, kept: Kept) -> list[Study]:
    with kept.lent():
        return forecasting.studies_in(reader, scope)
