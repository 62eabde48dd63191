"""Which rep, team or product has another win rate than all of them together, beyond chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salestui.analytics.facts import closed
from salestui.analytics.groups import DEALS, PEOPLE, Label, group_of, labels
from salestui.analytics.measures import ratio
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import chosen, read_pipelines
from salestui.analytics.report import Cell, Column, Report, share_interval
from salestui.analytics.scope import Scope, asked
from salestui.analytics.stages.deviation import (
    LEAST_CLOSED,
    MOST_FALSE,
    MOST_FALSE_OF_PEOPLE,
    LikeForLike,
)
from salestui.analytics.stages.win_rates import Rate, win_rates
from salestui.store.reader import Reader

BY = (*PEOPLE, *DEALS)

METHOD = (
    "Deals by the day they were closed: won / (won + lost) beside that of all. Same mix: all deals of the "
    "same pipelines. q: the share of false alarms among those that differ from it at least so much, by exact "
    "binomial tests; one differs below {limit} with 50 closed deals and 5 points. Small samples differ by "
    "luck: nobody is ranked."
)

_COLUMNS = (
    Column("closed", "Closed", "count"),
    Column("won", "Won", "count"),
    Column("share", "Win rate", "ratio"),
    Column("interval", "95 %", "interval"),
    Column("reference", "All", "ratio"),
    Column("same_mix", "Same mix", "ratio"),
    Column("q", "q", "ratio"),
    Column("verdict", "Verdict", "text"),
)


def unlike(reader: Reader, scope: Scope, by: str) -> Report:
    """The win rates of one group, and which of them chance does not explain."""
    group = group_of(by, BY, "Deviations")
    limit = MOST_FALSE_OF_PEOPLE if group.key in PEOPLE else MOST_FALSE
    pipelines = chosen(read_pipelines(reader), scope.pipeline_id)
    stage_ids = tuple(stage.id for each in pipelines for stage in each.stages)
    with known_on(reader, scope.as_of) as then:
        facts = closed(then, scope, (group.column,), stage_ids=stage_ids)
    label = labels(reader, group, scope.as_of)
    rates = win_rates(facts, pipelines, lambda fact: label(fact.groups[0]))
    units = sorted(rates.items(), key=lambda each: (not each[0][0], -each[1].closed, each[0][1]))
    rows = list(_rows(units, limit))
    return Report(
        name="deviations",
        title=f"Win rates by {group.label.lower()}",
        **asked(scope),
        columns=(Column(group.key, group.label, "text"), *_COLUMNS),
        rows=tuple(rows),
        totals={},
        n=sum(rate.closed for _, rate in units),
        method=METHOD.format(limit=f"{100 * limit:.0f} %"),
        warnings=tuple(_words(rows, group.label.lower())),
    )


def _rows(units: Sequence[tuple[Label, Rate]], limit: float) -> Iterator[tuple[Cell, ...]]:
    whole = ratio(sum(rate.won for _, rate in units), sum(rate.closed for _, rate in units))
    for label, rate in units:
        known = rate.beside
        yield (
            label[1],
            rate.closed,
            rate.won,
            known.share,
            share_interval(rate.won, rate.closed),
            whole,
            known.alike,
            known.q,
            _verdict(known, limit),
        )


def _verdict(known: LikeForLike, limit: float) -> str:
    if known.q is None:
        return "too few"
    if not known.is_flagged(limit):
        return "as all"
    return "lower" if (known.share or 0) < (known.alike or 0) else "higher"


def _words(rows: Sequence[tuple[Cell, ...]], what: str) -> Iterator[str]:
    if rows and not any(row[-1] in ("lower", "higher") for row in rows):
        yield f"No {what} differs from all of them beyond chance: the order of the rates is luck."
    small = sum(row[-1] == "too few" for row in rows)
    if small:
        yield f"{small} with fewer than {LEAST_CLOSED} closed deals were not compared."
