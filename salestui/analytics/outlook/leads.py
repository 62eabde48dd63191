"""The lead funnel: what leads are worth, what leads to come will bring, and which sources qualify."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from salestui.analytics.events import Events, read_events
from salestui.analytics.forecast.probability import won_in
from salestui.analytics.forecast.stages import TRUSTED_EXITS
from salestui.analytics.forecast.study import Study, Window
from salestui.analytics.measures import wilson
from salestui.analytics.outlook.forecasting import periods_of, studies_of
from salestui.analytics.outlook.lead_fates import (
    LeadFates,
    Source,
    came_as_lead,
    is_there,
    lead_fates,
)
from salestui.analytics.outlook.open_deals import COLUMNS, by_stage, cautions, such_words
from salestui.analytics.outlook.pricing import (
    Priced,
    priced,
    stage_names,
    undated_on,
    undated_words,
)
from salestui.analytics.people.beside import prior_of, shrunken_share
from salestui.analytics.report import Cell, Column, Interval, Money, Report
from salestui.analytics.scope import Scope, asked
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.text import Period, inert, to_day

BY = ("stage", "period", "source")

METHOD = (
    "Open deals in a stage of leads; those in other stages are the sales funnel, and both together are "
    "what is open. Wins and value in the end, by what such deals have brought: of the same {such}. "
    "Template: amount times the stage's probability."
)
METHOD_AHEAD = (
    "Within each period: what today's open leads will bring, and what leads will that are still to come "
    "until its end, as many a day as in the last weeks, each with the chance that its age then gives and "
    "the value of such a lead. Both stand within open and new of the forecast, before it is weighed with "
    "the past carried on."
)
METHOD_SOURCES = (
    "Deals created in a stage of leads in the year before the as-of day. Sales: reached another stage or "
    "were won. Qualify: the share that does in the end (Aalen-Johansen: those still leads count for "
    "their age). Likely: the same drawn to the share of all, as far as chance alone may explain the "
    "difference (beta-binomial)."
)
NONE = (
    "No stage is one of leads, so every open deal is in the sales funnel; "
    "'salestui stage edit PIPELINE STAGE --kind lead' makes one."
)
_FEW = "Too few leads closed: {} of the {} that it takes to say what open ones will bring."
_UNDECIDED = "Too few leads decided: {} of the {} that it takes to say what share qualifies."
_ALIKE = "Sources differ by no more than chance may explain: likely is the share of all."
_ENOUGH = TRUSTED_EXITS


@dataclass(frozen=True, slots=True)
class LeadReports:
    """By stage, by period ahead, by source."""

    stages: Report
    ahead: Report
    sources: Report


def leads(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The lead funnel by stage, by period, or by source. Raises `Refused` for a period that is over."""
    chosen = by or "stage"
    if chosen not in BY:
        raise Refused(
            f"Leads cannot be given by '{inert(chosen)[:30]}'. They can by {', '.join(BY)}."
        )
    events, day = read_events(reader), to_day(scope.as_of)
    if not is_there(events, scope):
        return _report(scope, "leads", "Lead funnel", _STAGES, (), 0, NONE, ())
    studies = studies_of(events, scope)
    found = [priced(study, day) for study in studies]
    made = reports(reader, scope, events, studies, found)
    return {"stage": made.stages, "period": made.ahead, "source": made.sources}[chosen]


def reports(
    reader: Reader,
    scope: Scope,
    events: Events,
    studies: Sequence[Study],
    found: Sequence[Priced],
) -> LeadReports:
    """All three, of open deals already priced, one of `found` for each study."""
    fates = lead_fates(reader, scope, events)
    few = (_FEW.format(fates.closed, _ENOUGH),) if fates.closed < _ENOUGH else ()
    mine = [each.leads for each in found]
    if few:
        mine = [replace(each, is_known=False) for each in mine]
    rows, totals = by_stage(mine, stage_names(reader), _STAGES)
    n = sum(len(each.deal) for each in mine)
    told = (
        *few,
        *cautions(mine, several=len(mine) > 1),
        *undated_words(undated_on(events, scope).leads),
    )
    stages = _report(
        scope, "leads", "Lead funnel", _led(studies, _STAGES), rows, n,
        METHOD.format(such=such_words(found)), told,
    )  # fmt: skip
    ahead = _report(
        scope, "leads-ahead", "Wins from leads", _led(studies, _AHEAD),
        tuple(_ahead(scope, studies, found, is_told=not few)), n, METHOD_AHEAD, few,
    )  # fmt: skip
    return LeadReports(replace(stages, totals=totals), ahead, _sources(scope, fates))


def _report(
    scope: Scope,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: tuple[tuple[Cell, ...], ...],
    n: int,
    method: str,
    warnings: tuple[str, ...],
) -> Report:
    return Report(
        name=name,
        title=title,
        **asked(scope),
        columns=tuple(columns),
        rows=rows,
        totals={},
        n=n,
        method=method,
        warnings=warnings,
    )


def _led(studies: Sequence[Study], columns: Sequence[Column]) -> tuple[Column, ...]:
    return (*([Column("currency", "Currency", "text")] if len(studies) > 1 else ()), *columns)


_OF_OPEN = {column.key: column for column in COLUMNS}
_STAGES = (
    _OF_OPEN["stage"],
    replace(_OF_OPEN["count"], label="Leads"),
    _OF_OPEN["sum"],
    replace(_OF_OPEN["wins"], is_extra=False),
    replace(_OF_OPEN["statistics"], label="Value"),
    replace(_OF_OPEN["template"], is_extra=True),
    replace(_OF_OPEN["difference"], is_extra=True),
)

_AHEAD = (
    Column("period", "Period", "text"),
    Column("open_wins", "Wins of open", "count"),
    Column("open_value", "Value", "money"),
    Column("to_come", "To come", "count"),
    Column("new_wins", "Wins of them", "count"),
    Column("new_value", "Value", "money"),
)


def _ahead(
    scope: Scope, studies: Sequence[Study], found: Sequence[Priced], *, is_told: bool
) -> Iterator[tuple[Cell, ...]]:
    for study, each in zip(studies, found, strict=True):
        lead = (study.currency,) if len(studies) > 1 else ()
        for period in periods_of(scope):
            cells = _cells(study, each, to_day(scope.as_of), period, is_told=is_told)
            yield (*lead, period.label, *cells)


def _cells(
    study: Study, found: Priced, day: int, period: Period, *, is_told: bool
) -> tuple[Cell, ...]:
    """Wins and value of open leads in the period; leads to come until its end, their wins and value."""
    assert period.first is not None and period.last is not None
    window = Window(day, max(to_day(period.first), day + 1), to_day(period.last))
    rate, amount = arriving(study, day)
    to_come = round(rate * (window.last - day), 1)
    if not is_told:
        return None, None, to_come, None, None
    view = study.view(day)
    chance = won_in(study, window, found.odds, found.told_by)[found.is_lead]
    value = float((chance * found.amount[found.is_lead]).sum()) * view.ratio
    wins = rate * study.chances(window, study.gate(day).season)[1]
    worth = wins * amount * view.tilt * view.ratio
    return (
        round(float(chance.sum()), 1), Money(round(value), study.currency),
        to_come, round(wins, 1), Money(round(worth), study.currency),
    )  # fmt: skip


def arriving(study: Study, day: int) -> tuple[float, float]:
    """Leads that have come a day in the last weeks, and their mean open amount in minor units."""
    known, deals = study.deals(day)
    days = study.settings.arrival_days
    lately = deals.where(
        came_as_lead(study.events, known)[deals.row] & (deals.created > day - days)
    )
    priced_ones = lately.opening[lately.is_priced]
    mean = float(priced_ones.mean()) if len(priced_ones) else study.view(day).arrival_amount
    return len(lately) / days, mean


_SOURCES = (
    Column("source", "Source", "text"),
    Column("leads", "Leads", "count"),
    Column("open", "Still", "count"),
    Column("gone", "Gone", "count"),
    Column("sales", "Sales", "count"),
    Column("qualify", "Qualify", "ratio"),
    Column("interval", "95 %", "interval", is_extra=True),
    Column("likely", "Likely", "ratio"),
    Column("won", "Won", "count", is_extra=True),
)


def _sources(scope: Scope, fates: LeadFates) -> Report:
    is_told = fates.all.decided >= _ENOUGH
    units = [(each.decided * (each.share or 0.0), float(each.decided)) for each in fates.sources]
    prior = prior_of(units)
    rows = []
    for each, unit in zip(fates.sources, units, strict=True):
        likely = shrunken_share(unit, prior) if is_told else None
        rows.append((each.label[1], *_counts(each, is_told=is_told), likely, each.won))
    cells = ("", *_counts(fates.all, is_told=is_told), None, fates.all.won)
    totals = {
        column.key: cell
        for column, cell in zip(_SOURCES, cells, strict=True)
        if column.key not in ("source", "likely")
    }
    told = [] if is_told else [_UNDECIDED.format(fates.all.decided, _ENOUGH)]
    if is_told and len(rows) > 1 and prior[1] == inf:
        told.append(_ALIKE)
    made = _report(
        scope, "lead-sources", "Leads by source", _SOURCES, tuple(rows), fates.all.came,
        METHOD_SOURCES, tuple(told),
    )  # fmt: skip
    return replace(made, totals=totals)


def _counts(each: Source, *, is_told: bool) -> tuple[Cell, ...]:
    share = each.share if is_told else None
    bounds = wilson(each.qualified, each.decided) if is_told else None
    interval = None if bounds is None else Interval(*bounds)
    return each.came, each.still, each.gone, each.qualified, share, interval
