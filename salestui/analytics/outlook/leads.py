"""The lead funnel: what leads are worth, what leads to come will bring, and which sources qualify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from salestui.analytics.events import Events
from salestui.analytics.forecast.probability import won_in
from salestui.analytics.forecast.study import Study, Window
from salestui.analytics.groups import refuse_by
from salestui.analytics.kept import events_of, read_once
from salestui.analytics.outlook.deal_chances import by_deal
from salestui.analytics.outlook.forecasting import periods_of, spanning, studies_in
from salestui.analytics.outlook.lead_fates import (
    LeadFates,
    Source,
    came_as_lead,
    is_there,
    lead_fates,
)
from salestui.analytics.outlook.open_deals import COLUMNS, by_stage
from salestui.analytics.outlook.pricing import (
    DOUBTFUL,
    ENOUGH,
    Priced,
    assumed_words,
    cautions,
    priced_in,
    stage_names,
    such_words,
    undated_on,
    undated_words,
)
from salestui.analytics.past_stages import stages_since
from salestui.analytics.periods import named
from salestui.analytics.report import Cell, Column, Money, Report, share_interval
from salestui.analytics.scope import ALWAYS, Scope, asked, refuse_period
from salestui.analytics.shrinkage import prior_of, shrunken_share
from salestui.store.reader import Reader
from salestui.text import Period, from_day, so_many, to_day

BY = ("stage", "deal", "period", "source")

METHOD = (
    "Open deals in a stage of leads; those in other stages are the sales funnel, and both together are "
    "what is open. Wins and value in the end, by what such deals have brought: of the same {such}. "
    "Template: amount times the stage's probability."
)
METHOD_AHEAD = (
    "Within each period: what today's open leads will bring, and what leads will that come from tomorrow "
    "until its end, those before its beginning too, as many a day as in the last weeks, each with the "
    "chance that its age then gives and the value of such a lead. Both stand within open and new of the "
    "forecast, before it is weighed with the past carried on."
)
METHOD_SOURCES = (
    "Deals created in a stage of leads in the year before the as-of day, or since the first known close "
    "if that is later. Sales: reached another stage or were won. Qualify: the share that does in the end "
    "(Aalen-Johansen: those still leads count for their age). Likely: the same drawn to the share of "
    "all, the last row's, as far as chance alone may explain the difference (beta-binomial)."
)
NONE = (
    "No stage is one of leads, so every open deal is in the sales funnel; "
    "'salestui stage edit PIPELINE STAGE --kind lead' makes one."
)
_FEW = "Too few leads closed: {} of the {} that it takes to say what open ones will bring."
_UNDECIDED = "Too few leads decided: {} of the {} that it takes to say what share qualifies."
_UNDATED = "{} left out: nobody knows the day they came or ended."
_ALIKE = "Sources differ by no more than chance may explain: likely is the share of all."


@dataclass(frozen=True, slots=True)
class LeadReports:
    """By stage, by period ahead, by source."""

    stages: Report
    ahead: Report
    sources: Report


def leads(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The lead funnel by stage, deal by deal, by period, or by source.

    Raises `Refused` for a period that is over where wins ahead are asked for, and for any period where
    they are not: the other two are of a day.
    """
    chosen = by or "stage"
    refuse_by(chosen, BY, "Leads")
    if chosen != "period":
        refuse_period(scope, "Open leads and their sources are so", "--by period looks ahead")
    with read_once():
        events = events_of(reader)
        if not is_there(events, scope):
            return _report(scope, "leads", "Lead funnel", _STAGES, (), 0, NONE, ())
        fates = lead_fates(reader, scope, events)
        if chosen == "source":
            return _sources(scope, fates)
        if chosen == "period":
            periods_of(scope)  # Refuses before anything is priced.
        studies = studies_in(reader, scope)
        ground = _Ground(scope, events, fates, studies, priced_in(reader, scope))
    if chosen == "period":
        return _ahead(ground)
    made = _deals(reader, ground) if chosen == "deal" else _stages(reader, ground)
    return made.warned(stages_since(reader, scope.as_of))


def reports(
    reader: Reader,
    scope: Scope,
    events: Events,
    studies: Sequence[Study],
    found: Sequence[Priced],
) -> LeadReports:
    """All three, of open deals already priced, one of `found` for each study."""
    fates = lead_fates(reader, scope, events)
    ground = _Ground(scope, events, fates, studies, found)
    return LeadReports(_stages(reader, ground), _ahead(ground), _sources(scope, fates))


def judged(
    reader: Reader,
    scope: Scope,
    events: Events,
    studies: Sequence[Study],
    found: Sequence[Priced],
) -> list[Priced]:
    """The open leads of deals already priced, as far as the lead funnel says what they will bring."""
    fates = lead_fates(reader, scope, events)
    return _Ground(scope, events, fates, studies, found).judged()


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the reports of open leads are made from, one of `found` for each study."""

    scope: Scope
    events: Events
    fates: LeadFates
    studies: Sequence[Study]
    found: Sequence[Priced]

    @property
    def n(self) -> int:
        return sum(len(each.leads.deal) for each in self.found)

    def is_told(self, currency: str) -> bool:
        """Whether enough leads of the currency closed to say what others will bring."""
        return self.fates.closed.get(currency, 0) >= ENOUGH

    def judged(self) -> list[Priced]:
        """The leads of each currency, of which nothing is known where too few leads closed."""
        return [
            replace(each.leads, is_known=each.is_known and self.is_told(each.currency))
            for each in self.found
        ]

    def few(self) -> Iterator[str]:
        """For each currency of which too few leads closed, that it is so."""
        for study in self.studies:
            if not self.is_told(study.currency):
                closed = self.fates.closed.get(study.currency, 0)
                yield self.about(study, "", _FEW.format(closed, ENOUGH))

    def doubtful(self, study: Study, wins: Mapping[str, float]) -> Iterator[str]:
        """That so few `wins`, by what they are expected of, bear no claim; nothing where none is made."""
        claimed = study.settings.claim_wins
        few = {label: each for label, each in wins.items() if each < claimed}
        if not few or not self.is_told(study.currency):
            return
        low, high = f"{min(few.values()):.0f}", f"{max(few.values()):.0f}"
        told = DOUBTFUL.format(low if low == high else f"{low} to {high}", f"{claimed:.0f}")
        yield self.about(study, ", ".join(few) if len(few) < len(wins) else "", told)

    def about(self, study: Study, what: str, told: str) -> str:
        """The sentence after what it is about: the currency where there are several, and `what`."""
        currency = study.currency if len(self.studies) > 1 else ""
        head = " ".join(part for part in (currency, what) if part)
        return f"{head}: {told}" if head else told

    def undated(self) -> tuple[str, ...]:
        return undated_words(undated_on(self.events, self.scope).leads)


def _stages(reader: Reader, ground: _Ground) -> Report:
    mine = ground.judged()
    rows, totals, subjects = by_stage(mine, stage_names(reader), _STAGES)
    doubts = [
        text
        for study, each in zip(ground.studies, mine, strict=True)
        if each.deal
        for text in ground.doubtful(study, {"": float(each.chance.sum())})
    ]
    several = len(mine) > 1
    told = (
        *ground.few(),
        *assumed_words(mine),
        *doubts,
        *cautions(mine, several=several),
        *ground.undated(),
    )
    # What is open on a day is of no period.
    made = _report(
        replace(ground.scope, period=ALWAYS), "leads", "Lead funnel", _led(ground.studies, _STAGES),
        rows, ground.n, METHOD.format(such=such_words(ground.found)), told,
    )  # fmt: skip
    return replace(made, totals=totals, subjects=subjects)


def _deals(reader: Reader, ground: _Ground) -> Report:
    listed = by_deal(reader, ground.scope, ground.judged(), stage_names(reader))
    return replace(listed, name="leads", title="Open leads").warned(ground.undated())


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
    Column("open_value", "Value of open", "money"),
    Column("to_come", "Come by end", "count"),
    Column("new_wins", "Wins of them", "count"),
    Column("new_value", "Value of them", "money"),
)


def _ahead(ground: _Ground) -> Report:
    rows: list[tuple[Cell, ...]] = []
    told = list(ground.few())
    for study, each in zip(ground.studies, ground.found, strict=True):
        lead = (study.currency,) if len(ground.studies) > 1 else ()
        wins: dict[str, float] = {}
        for period in periods_of(ground.scope):
            made = _bringing(study, each, to_day(ground.scope.as_of), period)
            is_told = ground.is_told(study.currency)
            rows.append((*lead, period.label, *_cells(made, study.currency, is_told=is_told)))
            wins[period.label] = made.wins
        told.extend(ground.doubtful(study, wins))
    return _report(
        spanning(ground.scope), "leads-ahead", "Wins from leads", _led(ground.studies, _AHEAD),
        tuple(rows), ground.n, METHOD_AHEAD, (*told, *ground.undated()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Bringing:
    """What leads bring in a period: open ones, and those that come until its end; money in minor units.

    `to_come` is `None` where no lead with a day was ever seen to come.
    """

    open_wins: float
    open_value: float
    to_come: float | None
    new_wins: float
    new_value: float

    @property
    def wins(self) -> float:
        return self.open_wins + self.new_wins


def _bringing(study: Study, found: Priced, day: int, period: Period) -> _Bringing:
    assert period.first is not None and period.last is not None
    window = Window(day, max(to_day(period.first), day + 1), to_day(period.last))
    view, coming = study.view(day), arriving(study, day)
    rate, amount = coming or (0.0, 0.0)
    mine = found.leads
    chance = won_in(mine.study, window, mine.odds, mine.at)
    ratio = mine.study.view(day).ratio
    wins = rate * study.chances(window, study.gate(day).season)[1]
    return _Bringing(
        open_wins=float(chance.sum()),
        open_value=float((chance * mine.amount).sum()) * ratio,
        to_come=None if coming is None else rate * (window.last - day),
        new_wins=wins,
        new_value=wins * amount * view.tilt * view.ratio,
    )


def _cells(made: _Bringing, currency: str, *, is_told: bool) -> tuple[Cell, ...]:
    to_come = None if made.to_come is None else round(made.to_come, 1)
    if not is_told:
        return None, None, to_come, None, None
    return (
        round(made.open_wins, 1), Money(round(made.open_value), currency),
        to_come, round(made.new_wins, 1), Money(round(made.new_value), currency),
    )  # fmt: skip


def arriving(study: Study, day: int) -> tuple[float, float] | None:
    """Leads that have come a day in the last weeks, and their mean open amount in minor units.

    `None` where no lead with a day ever came: nobody knows then that none will.
    """
    known, deals = study.deals(day)
    days = study.settings.arrival_days
    came = deals.where(came_as_lead(study.events, known)[deals.row])
    if not len(came):
        return None
    lately = came.where(came.created > day - days)
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
    is_told = fates.all.decided >= ENOUGH
    units = [(each.decided * (each.share or 0.0), float(each.decided)) for each in fates.sources]
    mean, worth = prior_of(units)
    # Drawn to the share in the row of all, which is not quite the mean of those of the sources.
    prior = (mean if fates.all.share is None else fates.all.share, worth)
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
    told = [] if is_told else [_UNDECIDED.format(fates.all.decided, ENOUGH)]
    if is_told and len(rows) > 1 and worth == inf:
        told.append(_ALIKE)
    if fates.undated:
        told.append(_UNDATED.format(so_many(fates.undated, "lead")))
    cohort = replace(scope, period=named(from_day(fates.since), scope.as_of))
    made = _report(
        cohort, "lead-sources", "Leads by source", _SOURCES, tuple(rows), fates.all.came,
        METHOD_SOURCES, tuple(told),
    )  # fmt: skip
    return replace(made, totals=totals)


def _counts(each: Source, *, is_told: bool) -> tuple[Cell, ...]:
    share = each.share if is_told else None
    # Around the share shown, which is not that of those decided; as sure as whole leads make it.
    interval = None if share is None else share_interval(round(share * each.decided), each.decided)
    return each.came, each.still, each.gone, each.qualified, share, interval
