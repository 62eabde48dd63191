"""Everything the Forecast screen shows of one scope, from one reading of the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from salestui.analytics.drill import LISTED, Behind
from salestui.analytics.hindsight import hindsight
from salestui.analytics.kept import Kept, events_of, give_back
from salestui.analytics.outlook import (
    accuracy,
    calls,
    deal_chances,
    forecasting,
    leads,
    open_deals,
    pricing,
    trusted,
)
from salestui.analytics.outlook.calls import CallReports
from salestui.analytics.outlook.ground import ground_of, longest_begun
from salestui.analytics.outlook.lead_fates import is_there
from salestui.analytics.outlook.leads import LeadReports
from salestui.analytics.outlook.pricing import Priced
from salestui.analytics.outlook.whatif import Ground
from salestui.analytics.periods import this
from salestui.analytics.plan import quota
from salestui.analytics.report import Report
from salestui.analytics.scope import Scope
from salestui.analytics.wish import Wish, scope_of
from salestui.store.reader import Reader


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
    differing: Report
    calls: CallReports | None
    is_empty: bool


def look(reader: Reader, wish: Wish, kept: Kept) -> ForecastOverview:
    """All that is there without making past forecasts again."""
    with kept.lent():
        found = _look(reader, scope_of(reader, wish))
    reader.release()
    return found


def _look(reader: Reader, scope: Scope) -> ForecastOverview:
    told, _, bears = trusted.unmeasured(reader, scope)
    events = events_of(reader)
    studies = forecasting.studies_in(reader, scope)
    found = pricing.priced_in(reader, scope)
    names = pricing.stage_names(reader)
    has_leads = is_there(events, scope)
    sales = open_deals.build(scope, found, names, pricing.undated_on(events, scope))
    return ForecastOverview(
        scope=scope,
        forecast=told.warned(hindsight(reader, scope)),
        bears=bears,
        leads=leads.reports(reader, scope, events, studies, found) if has_leads else None,
        open=sales if has_leads else replace(sales, warnings=(*sales.warnings, leads.NONE)),
        differing=_differing(reader, scope, found, names),
        calls=calls.reports(reader, called(scope), events) if scope.is_of_all_sold else None,
        is_empty=not len(events.deal),
    )


_MOST = 15
"""Deals listed that template and statistics differ most about."""


def _differing(
    reader: Reader, scope: Scope, found: Sequence[Priced], names: Mapping[str, str]
) -> Report:
    """The first rows of the first currency; none where statistics say nothing."""
    sales = [each.sales for each in found[:1]]
    most = _MOST if all(each.is_known for each in sales) else 0
    made = deal_chances.by_deal(reader, scope, sales, names, most=most)
    told = deal_chances.reliability_words(sales, several=len(found) > 1) if made.rows else ()
    title = "Deals that template and statistics differ most about"
    return replace(made, title=title, warnings=tuple(told))


def deals_of(reader: Reader, wish: Wish, kept: Kept, behind: Behind) -> Report:
    """The open deals of a row of a funnel, one by one, as many as are listed at once."""
    with kept.lent():
        return _deals_of(reader, scope_of(reader, wish), behind)


def _deals_of(reader: Reader, scope: Scope, behind: Behind) -> Report:
    events, studies = events_of(reader), forecasting.studies_in(reader, scope)
    found = pricing.priced_in(reader, scope)
    parts = [each.sales for each in found]
    if is_there(events, scope):
        parts += leads.judged(reader, scope, events, studies, found)
    names = pricing.stage_names(reader)
    made = deal_chances.by_deal(reader, scope, parts, names, among=behind.deal_ids, most=LISTED)
    more = made.n - len(made.rows)
    return made.warned((f"The first {len(made.rows):,} of {made.n:,} deals.",)) if more else made


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
    with kept.lent():
        made = accuracy.measured(reader, scope_of(reader, wish), should_stop=should_stop)
    give_back()
    reader.release()
    return made


def ground(reader: Reader, wish: Wish, kept: Kept, row: int | None = None) -> Ground | None:
    """What stands in a row of the forecast; without one, its longest period that has begun.

    `None` where there is too little history to forecast from, or no win with an amount.
    """
    scope = scope_of(reader, wish)
    with kept.lent():
        studies = forecasting.studies_in(reader, scope)
    periods = forecasting.periods_of(scope)
    if not studies:
        return None
    asked = [(study, period) for study in studies for period in periods]
    if row is not None and row < len(asked):
        study, period = asked[row]
    else:
        study, period = studies[0], longest_begun(scope, periods)
    made = forecasting.forecast_of(study, scope.as_of, period)
    if not made.is_known or not made.is_priced:
        return None
    return ground_of(reader, scope, study, period, made)
