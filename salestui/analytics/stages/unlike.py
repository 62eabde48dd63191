"""Which rep, team or product has another win rate than all of them together, beyond chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salestui.analytics.facts import closed
from salestui.analytics.groups import DEALS, PEOPLE, Label, group_of, labels
from salestui.analytics.measures import ratio, wilson
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import chosen, read_pipelines
from salestui.analytics.report import Cell, Column, Interval, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.stages.deviation import LEAST_CLOSED, LEAST_GAP, MOST_FALSE, unlike_the_rest
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader

BY = (*PEOPLE, *DEALS)

METHOD = (
    "Deals by the day they were closed: won / (won + lost) beside that of all. q: the share of false "
    "alarms among those that differ at least so much, by exact binomial tests; one differs below 10 % "
    "with 50 closed deals and 5 points. Small samples differ by luck: nobody is ranked."
)

_COLUMNS = (
    Column("closed", "Closed", "count"),
    Column("won", "Won", "count"),
    Column("share", "Win rate", "ratio"),
    Column("interval", "95 %", "interval"),
    Column("reference", "All", "ratio"),
    Column("q", "q", "ratio"),
    Column("verdict", "Verdict", "text"),
)

Units = Sequence[tuple[Label, int, int]]
"""(label, won, closed)."""


def unlike(reader: Reader, scope: Scope, by: str) -> Report:
    """The win rates of one group, and which of them chance does not explain."""
    group = group_of(by, BY, "Deviations")
    pipelines = chosen(read_pipelines(reader), scope.pipeline_id)
    stage_ids = tuple(stage.id for each in pipelines for stage in each.stages)
    with known_on(reader, scope.as_of) as then:
        facts = closed(then, scope, (group.column,), stage_ids=stage_ids)
    label = labels(reader, group, scope.as_of)
    counted: dict[Label, list[int]] = {}
    for fact in facts:
        each = counted.setdefault(label(fact.groups[0]), [0, 0])
        each[0] += fact.count * (fact.outcome == Outcome.WON)
        each[1] += fact.count
    units = [(key, won, deals) for key, (won, deals) in counted.items()]
    units.sort(key=lambda unit: (not unit[0][0], -unit[2], unit[0][1]))
    rows = list(_rows(units))
    return Report(
        name="deviations",
        title=f"Win rates by {group.label.lower()}",
        **asked(scope),
        columns=(Column(group.key, group.label, "text"), *_COLUMNS),
        rows=tuple(rows),
        totals={},
        n=sum(deals for _, _, deals in units),
        method=METHOD,
        warnings=tuple(_words(rows, group.label.lower())),
    )


def _rows(units: Units) -> Iterator[tuple[Cell, ...]]:
    whole = ratio(sum(won for _, won, _ in units), sum(deals for _, _, deals in units))
    qs = unlike_the_rest([(won, deals) for _, won, deals in units])
    for (label, won, deals), q in zip(units, qs, strict=True):
        bounds, share = wilson(won, deals), ratio(won, deals)
        gap = share - whole if share is not None and whole is not None else 0.0
        yield (
            label[1],
            deals,
            won,
            share,
            None if bounds is None else Interval(*bounds),
            whole,
            q,
            _verdict(q, gap),
        )


def _verdict(q: float | None, gap: float) -> str:
    if q is None:
        return "too few"
    if q < MOST_FALSE and abs(gap) >= LEAST_GAP:
        return "lower" if gap < 0 else "higher"
    return "as all"


def _words(rows: Sequence[tuple[Cell, ...]], what: str) -> Iterator[str]:
    if rows and not any(row[-1] in ("lower", "higher") for row in rows):
        yield f"No {what} differs from all of them beyond chance: the order of the rates is luck."
    small = sum(row[-1] == "too few" for row in rows)
    if small:
        yield f"{small} with fewer than {LEAST_CLOSED} closed deals were not compared."
