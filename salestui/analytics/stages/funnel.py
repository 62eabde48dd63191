"""The funnel: of the deals created in the period, those that reached each stage, then won."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.facts import Reached, reached
from salestui.analytics.groups import DEALS, PEOPLE, TIMES, Label, group_of, labels
from salestui.analytics.measures import ratio
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import Pipeline, chosen, read_pipelines
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import so_many

BY = (*PEOPLE, *DEALS, *TIMES)

METHOD = (
    "Deals created in the period that ever reached each stage, then were won; a stage that was "
    "skipped counts as reached, and coming back does not undo it. Sums leave out deals without amount."
)


@dataclass(slots=True)
class _Step:
    """Deals that came as far as one row of the funnel; amounts by currency."""

    count: int = 0
    amount: Counter[str] = field(default_factory=Counter)

    def add(self, fact: Reached) -> None:
        self.count += fact.count
        self.amount[fact.currency] += fact.amount


@dataclass(frozen=True, slots=True)
class _Line:
    """A row: its name, the deals, and how to list them."""

    name: str
    step: _Step
    behind: Behind


def funnel(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The funnel report; `by` a rep, a product … gives one funnel for each."""
    pipelines = read_pipelines(reader)
    if by is None:
        with known_on(reader, scope.as_of) as then:
            return build(scope, pipelines, reached(then, scope))
    group = group_of(by, BY, "The funnel")
    with known_on(reader, scope.as_of) as then:
        facts = reached(then, scope, group.column_for("created_on"))
    label = labels(reader, group, scope.as_of)
    parts: dict[Label, list[Reached]] = {}
    for fact in facts:
        parts.setdefault(label(fact.group), []).append(fact)
    ordered = sorted(parts.items(), key=_by_time if group.is_time else _by_size)
    return _report(scope, pipelines, facts, ordered, Column(group.key, group.label, "text"))


def build(scope: Scope, pipelines: Sequence[Pipeline], facts: Sequence[Reached]) -> Report:
    """The report from facts already read."""
    return _report(scope, pipelines, facts, [(("", ""), facts)], None)


def _report(
    scope: Scope,
    pipelines: Sequence[Pipeline],
    facts: Sequence[Reached],
    parts: Sequence[tuple[Label, Sequence[Reached]]],
    group: Column | None,
) -> Report:
    shown = [
        p
        for p in chosen(pipelines, scope.pipeline_id)
        if p.is_live or any(fact.pipeline_id == p.id for fact in facts)
    ]
    used = amounts.currencies((fact.currency for fact in facts if fact.amount), shown)
    is_many = len(shown) > 1
    rows: list[tuple[Cell, ...]] = []
    subjects: list[Behind] = []
    for (_, name), own in parts:
        for pipeline in shown:
            lines = list(_lines(pipeline, [f for f in own if f.pipeline_id == pipeline.id]))
            if group is not None and not lines[0].step.count:
                continue
            lead = [name] if group is not None else []
            lead += [pipeline.name] if is_many else []
            rows += _rows(lead, lines, used)
            subjects += [line.behind for line in lines]
    columns = [group] if group is not None else []
    columns += [Column("pipeline", "Pipeline", "text")] if is_many else []
    return Report(
        name="funnel",
        title="Funnel",
        **asked(scope),
        columns=(*columns, *_columns(used)),
        rows=tuple(rows),
        totals=_totals(facts, used),
        n=sum(fact.count for fact in facts),
        method=METHOD,
        warnings=tuple(_warnings(facts)),
        subjects=tuple(subjects),
    )


def _columns(used: Sequence[str]) -> list[Column]:
    return [
        Column("stage", "Stage", "text"),
        Column("count", "Deals", "count"),
        Column("of_previous", "Of previous", "ratio"),
        Column("of_first", "Of first", "ratio"),
        *amounts.amount_columns("sum", "Sum", used),
        *amounts.share_columns("sum_of_previous", "Sum of previous", used),
        *amounts.share_columns("sum_of_first", "Sum of first", used),
    ]


def _totals(facts: Sequence[Reached], used: Sequence[str]) -> dict[str, Cell]:
    everyone = _step(facts)
    won = _step(fact for fact in facts if fact.outcome == Outcome.WON)
    return {
        "count": everyone.count,
        **amounts.amount_totals("sum", everyone.amount, used),
        "won": won.count,
        **amounts.amount_totals("won_sum", won.amount, used),
        "of_first": ratio(won.count, everyone.count),
    }


def _lines(pipeline: Pipeline, facts: Sequence[Reached]) -> Iterator[_Line]:
    for name, behind in _behinds(pipeline):
        came = (fact for fact in facts if behind.has_reached(fact.furthest, fact.outcome))
        yield _Line(name, _step(came), behind)


def _behinds(pipeline: Pipeline) -> Iterator[tuple[str, Behind]]:
    whole = Behind("reached", pipeline_id=pipeline.id)
    for place, stage in enumerate(pipeline.before_sale):
        yield stage.name, replace(whole, position=stage.position if place else None)
    won = replace(whole, outcome=Outcome.WON.value)
    yield "Won", won
    for stage in pipeline.after_sale:
        yield stage.name, replace(won, position=stage.position)


def _step(facts: Iterable[Reached]) -> _Step:
    step = _Step()
    for fact in facts:
        step.add(fact)
    return step


def _rows(
    lead: Sequence[str], lines: Sequence[_Line], used: Sequence[str]
) -> Iterator[tuple[Cell, ...]]:
    first = previous = lines[0].step
    for line in lines:
        step = line.step
        is_first = line is lines[0]
        yield (
            *lead,
            line.name,
            step.count,
            None if is_first else ratio(step.count, previous.count),
            ratio(step.count, first.count),
            *amounts.amount_cells(step.amount, used),
            *(
                [None] * len(used)
                if is_first
                else amounts.share_cells(step.amount, previous.amount, used)
            ),
            *amounts.share_cells(step.amount, first.amount, used),
        )
        previous = step


def _warnings(facts: Sequence[Reached]) -> Iterator[str]:
    undated = sum(fact.count - fact.dated for fact in facts)
    if undated:
        yield f"{so_many(undated, 'deal')} without a day created counted, because no period is set."


def _by_time(part: tuple[Label, Sequence[Reached]]) -> tuple[bool, str]:
    return not part[0][0], part[0][0]


def _by_size(part: tuple[Label, Sequence[Reached]]) -> tuple[bool, int, str]:
    return not part[0][0], -sum(fact.count for fact in part[1]), part[0][1]
