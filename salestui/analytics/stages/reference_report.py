"""The reference funnel as a report: what each stage usually does, and where that is known from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from salestui.analytics import amounts
from salestui.analytics.past import known_on
from salestui.analytics.periods import this
from salestui.analytics.pipelines import Pipeline, chosen, read_pipelines
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked, refuse_only
from salestui.analytics.stages.reference import (
    ENOUGH,
    LEAST,
    Figures,
    Funnel,
    kept,
    measured,
    stood_in,
)
from salestui.analytics.stages.same_months import SameMonths, same_months
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.text import Period, so_many

METHOD = (
    "Measured from the 12 months before {}: of the deals for which a stage was "
    "decided then, the share that went on to a later stage or was won, and the share lost; wins of "
    "all that entered it then, open ones counted as long as they have been watched (Aalen-Johansen); "
    f"days by Kaplan-Meier; value: the mean of the winners. Below {ENOUGH} decided deals all that is "
    f"known counts, below {LEAST} the template."
)

_SAME = (
    f" Only the months like those compared count, for stages with {ENOUGH} decided deals in them: which "
    "month of the quarter it is changes what is won, beyond chance."
)

KEPT = (
    "As it was kept: of the decided deals the share that goes on and the share lost, wins of all that "
    "enter, days until half have left, the mean amount of the winners. The newest version counts."
)

_FIGURES = (
    Column("entered", "Entered", "count", is_extra=True),
    Column("decided", "Decided", "count"),
    Column("forward", "Goes on", "ratio"),
    Column("lost", "Lost", "ratio"),
    Column("p25_days", "25 % d", "days", is_extra=True),
    Column("median_days", "Median d", "days"),
    Column("p75_days", "75 % d", "days", is_extra=True),
    Column("win", "Won at last", "ratio"),
)


def reference(
    reader: Reader,
    scope: Scope,
    *,
    number: int | None = None,
    is_measured: bool = False,
    has_same_months: bool = False,
) -> Report:
    """The reference of each pipeline: its newest version, that of `number`, or what is measured.

    Measured beside the scope's period, or the current month: from the 12 months before it.
    With `has_same_months` from the months like those of it. Raises `Refused` where no pipeline
    has a version of that number, and where a version was kept of all months.
    """
    if has_same_months:
        if number is not None:
            raise Refused("A version was kept of all months: leave --version or --same-months out.")
        funnels, alike = _of_same_months(reader, scope)
    else:
        funnels, alike = funnels_of(reader, scope, number=number, is_measured=is_measured), None
    used = sorted({c for each in funnels for own in each.figures.values() for c in own.values})
    is_many = len(funnels) > 1
    rows = [
        tuple(_cells(funnel, figures, name, used, is_many=is_many))
        for funnel in funnels
        for name, figures in _in_order(funnel)
    ]
    return Report(
        name="reference",
        title=f"Reference funnel, {_named(funnels, alike)}",
        **asked(scope),
        columns=tuple(_columns(used, is_many=is_many)),
        rows=tuple(rows),
        totals={},
        n=sum(
            figures.entered or figures.decided or 0
            for each in funnels
            for figures in each.figures.values()
        ),
        method=(_method(scope) if any(each.number is None for each in funnels) else KEPT)
        + (_SAME if isinstance(alike, SameMonths) else ""),
        warnings=(*_words(funnels), *stood_in(funnels, alike)),
    )


def _method(scope: Scope) -> str:
    return METHOD.format("the current month" if scope.is_always else scope.period.label)


def _named(funnels: Sequence[Funnel], alike: SameMonths | str | None) -> str:
    if isinstance(alike, SameMonths):
        return f"measured, {alike.name}"
    return ", ".join(sorted({each.name for each in funnels}))


def funnels_of(
    reader: Reader, scope: Scope, *, number: int | None = None, is_measured: bool = False
) -> list[Funnel]:
    """The references that count for the scope, one for each live pipeline.

    Versions are kept of everybody's deals: of a product, a sector … it is measured now.
    """
    if number is not None:
        refuse_only(replace(scope, pipeline_id=None), "A version is of all that is sold")
    pipelines = _pipelines(reader, scope)
    own = {} if is_measured or scope.only else kept(reader, pipelines, scope.as_of, number=number)
    if number is not None:
        if not own:
            raise Refused(f"There is no version {number} of the reference.")
        return list(own.values())
    missing = [each for each in pipelines if each.id not in own]
    if missing:
        own |= {each.pipeline.id: each for each in _measured(reader, scope, missing)}
    return [own[each.id] for each in pipelines]


def _pipelines(reader: Reader, scope: Scope) -> list[Pipeline]:
    live = [each for each in read_pipelines(reader) if each.is_live and each.before_sale]
    return list(chosen(live, scope.pipeline_id))


def _of_same_months(reader: Reader, scope: Scope) -> tuple[list[Funnel], SameMonths | str]:
    month = _beside(scope)
    with known_on(reader, scope.as_of) as then:
        alike = same_months(then, month, scope.as_of)
        same = alike if isinstance(alike, SameMonths) else None
        return measured(then, scope, _pipelines(reader, scope), _first_of(month), same), alike


def _measured(reader: Reader, scope: Scope, pipelines: Sequence[Pipeline]) -> list[Funnel]:
    """Measured from what is known as of the scope's day, without the period that it stands beside."""
    with known_on(reader, scope.as_of) as then:
        return measured(then, scope, pipelines, _first_of(_beside(scope)))


def _beside(scope: Scope) -> Period:
    """The period that the reference is to be compared with: the scope's, else the current month."""
    return this("month", scope.as_of) if scope.is_always else scope.period


def _first_of(period: Period) -> date:
    """Its first day. Raises `Refused` where it has none, so that no year lies before it."""
    if period.first is None:
        raise Refused("A reference is measured from the year before a period with a first day.")
    return period.first


def _in_order(funnel: Funnel) -> Iterator[tuple[str, Figures]]:
    for stage in funnel.pipeline.before_sale:
        if stage.id in funnel.figures:
            yield stage.name, funnel.figures[stage.id]


def _columns(used: Sequence[str], *, is_many: bool) -> Iterator[Column]:
    if is_many:
        yield Column("pipeline", "Pipeline", "text")
    yield Column("stage", "Stage", "text")
    yield Column("source", "From", "text")
    yield from _FIGURES
    yield from amounts.amount_columns("value", "Value", used)


def _cells(
    funnel: Funnel, figures: Figures, stage: str, used: Sequence[str], *, is_many: bool
) -> Iterator[Cell]:
    if is_many:
        yield funnel.pipeline.name
    yield from (stage, figures.source, figures.entered, figures.decided)
    yield from (figures.forward, figures.lost)
    yield from (figures.quarter_days, figures.median_days, figures.three_quarter_days)
    yield figures.win
    for currency in used:
        minor = figures.values.get(currency)
        yield None if minor is None else Money(minor, currency)


def _words(funnels: Sequence[Funnel]) -> Iterator[str]:
    for label in dict.fromkeys(each.period.label for each in funnels if each.number is None):
        yield (
            f"Measured from {label}. The deviations report measures it from the periods before the one "
            "that it compares."
        )
    for funnel in funnels:
        name = funnel.pipeline.name
        if funnel.number is not None:
            when = f", kept on {funnel.frozen_on}" if funnel.frozen_on else ""
            period = f", measured from {funnel.period.label}" if funnel.period.label else ""
            yield f"{name}: {funnel.name} of the reference{when}{period}."
            continue
        by_hand = sum(figures.source == "template" for figures in funnel.figures.values())
        if by_hand:
            stages = so_many(by_hand, "stage has", "stages have")
            yield (
                f"{name}: {stages} too few decided deals to be measured; the stages' percentages "
                "stand in."
            )
