"""Win rate: of the deals closed in the period, the share that was won, by count and by amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.facts import Closed, Value, closed, cycles
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, TIMES, Group, Label, group_of, labels
from salestui.analytics.measures import mean, median, ratio
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import Pipeline, chosen, read_pipelines
from salestui.analytics.report import Cell, Column, Report, share_interval
from salestui.analytics.scope import Scope, asked
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader

BY = (*PEOPLE, "pipeline", *DEALS, *TIMES)

METHOD = (
    "Deals by the day they were closed: won / (won + lost), with the 95 % Wilson interval. The cycle "
    "is from the day created to the day won, of won deals that have both in this order."
)

OVERLAP = "People with overlapping intervals do not differ by more than chance may explain."


@dataclass(slots=True)
class _Score:
    """Closed deals of one group; amounts and counts by currency, days of the won ones."""

    won: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    won_amount: Counter[str] = field(default_factory=Counter)
    priced: Counter[str] = field(default_factory=Counter)
    closed_amount: Counter[str] = field(default_factory=Counter)
    cycle: Counter[int] = field(default_factory=Counter)

    def add(self, fact: Closed) -> None:
        is_won = fact.outcome == Outcome.WON
        (self.won if is_won else self.lost)[fact.currency] += fact.count
        self.closed_amount[fact.currency] += fact.amount
        if is_won:
            self.won_amount[fact.currency] += fact.amount
            self.priced[fact.currency] += fact.priced

    @property
    def closed(self) -> int:
        return self.won.total() + self.lost.total()


def win_rate(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The win rate report, by pipeline unless said otherwise."""
    group = group_of(by or "pipeline", BY, "The win rate")
    pipelines = read_pipelines(reader)
    stage_ids = stages_of(pipelines, scope)
    column = group.column_for("closed_on")
    is_stage = column == "stage_id"
    with known_on(reader, scope.as_of) as then:
        facts = closed(then, scope, () if is_stage else (column,), stage_ids=stage_ids)
        days = cycles(then, scope, column, stage_ids=stage_ids)
    value_of = _stage_of if is_stage else _first_group
    return _report(
        scope, pipelines, facts, group, labels(reader, group, scope.as_of), value_of, days
    )


def build(scope: Scope, pipelines: Sequence[Pipeline], facts: Sequence[Closed]) -> Report:
    """The report by pipeline from facts already read, without the cycles."""
    names = {stage.id: (p.id, p.name) for p in pipelines for stage in p.stages}

    def label(value: Value) -> Label:
        return names.get(str(value), ("", "no pipeline"))

    return _report(scope, pipelines, facts, GROUPS["pipeline"], label, _stage_of, None)


def stages_of(pipelines: Iterable[Pipeline], scope: Scope) -> tuple[str, ...]:
    """The stages that a deal of the scope's pipeline may have been closed in."""
    return tuple(s.id for p in chosen(pipelines, scope.pipeline_id) for s in p.stages)


def _stage_of(fact: Closed) -> Value:
    return fact.stage_id


def _first_group(fact: Closed) -> Value:
    return fact.groups[0]


def _report(
    scope: Scope,
    pipelines: Sequence[Pipeline],
    facts: Sequence[Closed],
    group: Group,
    label: Callable[[Value], Label],
    value_of: Callable[[Closed], Value],
    days: Iterable[tuple[Value, int, int]] | None,
) -> Report:
    scores: dict[Label, _Score] = {}
    total = _Score()
    for fact in facts:
        total.add(fact)
        scores.setdefault(label(value_of(fact)), _Score()).add(fact)
    for value, cycle, count in days or ():
        total.cycle[cycle] += count
        scores.setdefault(label(value), _Score()).cycle[cycle] += count
    seen = (fact.currency for fact in facts if fact.amount)
    used = amounts.currencies(seen, chosen(pipelines, scope.pipeline_id))
    ordered = sorted(scores, key=lambda each: _order(each, scores[each], group))
    columns = _columns(used, has_cycle=days is not None)
    cells = _cells(total, used, has_cycle=days is not None)
    return Report(
        name="win-rate",
        title="Win rate",
        **asked(scope),
        columns=(Column(group.key, group.label, "text"), *columns),
        rows=tuple(
            (each[1], *_cells(scores[each], used, has_cycle=days is not None)) for each in ordered
        ),
        totals=dict(zip((column.key for column in columns), cells, strict=True)),
        n=total.closed,
        method=METHOD,
        warnings=tuple(_warnings(total, group, len(scores))),
        subjects=tuple(_behind(each, scope, group) for each in ordered),
    )


def _behind(label: Label, scope: Scope, group: Group) -> Behind:
    if group.key == "rep":
        return Behind("closed", pipeline_id=scope.pipeline_id).of_owner(label[0] or None)
    pipeline_id = label[0] if group.key == "pipeline" else scope.pipeline_id
    return Behind("closed", pipeline_id=pipeline_id)


def _columns(used: Sequence[str], *, has_cycle: bool) -> list[Column]:
    cycle = [
        Column("median_cycle", "Cycle d", "days"),
        Column("mean_cycle", "Mean d", "days", is_extra=True),
    ]
    return [
        Column("closed", "Closed", "count"),
        Column("won", "Won", "count"),
        Column("lost", "Lost", "count"),
        Column("win_rate", "Win rate", "ratio"),
        Column("interval", "95 %", "interval"),
        *amounts.amount_columns("won_sum", "Won", used),
        *amounts.share_columns("win_rate_of_sum", "Of sum", used, is_extra=True),
        *amounts.amount_columns("average", "Average", used, is_extra=True),
        *(cycle if has_cycle else ()),
    ]


def _cells(score: _Score, used: Sequence[str], *, has_cycle: bool) -> Iterator[Cell]:
    won = score.won.total()
    yield from (score.closed, won, score.lost.total(), ratio(won, score.closed))
    yield share_interval(won, score.closed)
    yield from amounts.amount_cells(score.won_amount, used)
    yield from amounts.share_cells(score.won_amount, score.closed_amount, used)
    yield from amounts.mean_cells(score.won_amount, score.priced, used)
    if has_cycle:
        yield median(score.cycle)
        average = mean(score.cycle)
        yield None if average is None else round(average, 2)


def _order(each: Label, score: _Score, group: Group) -> tuple[object, ...]:
    if group.is_time:
        return (not each[0], each[0])
    return (not each[0], -score.closed, each[1])


def _warnings(total: _Score, group: Group, groups: int) -> Iterator[str]:
    if total.lost and not (total.closed_amount - total.won_amount):
        yield "Lost deals have no amount, so the win rate of the sum says nothing."
    yield from amounts.unpriced_words(total.won, total.priced)
    if group.key in PEOPLE and groups > 1:
        yield OVERLAP
