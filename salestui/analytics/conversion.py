"""Stage conversion: of the deals that entered a stage in the period, what became of them, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.facts import Value
from salestui.analytics.groups import PEOPLE, TIMES, Label, group_of, labels
from salestui.analytics.measures import Curve, kaplan_meier, ratio, wilson
from salestui.analytics.passages import (
    ADVANCED,
    LOST,
    OPEN,
    POSTPONED,
    RETURNED,
    Tally,
    merge,
    tallies,
    tracked_words,
)
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import Pipeline, Stage, chosen, read_pipelines
from salestui.analytics.report import Beyond, Cell, Column, Interval, Report
from salestui.analytics.scope import Scope
from salestui.store.reader import Reader

BY = (*PEOPLE, "product", "client", "kind", "source", *TIMES)

METHOD = (
    "Deals by the first day they entered the stage. Conversion is advanced / (advanced + lost + "
    "postponed) with its 95 % Wilson interval; the lowest it can become, advanced / entered, stands "
    "beside it. Days in the stage by Kaplan-Meier: deals still there count as long as they have lasted."
)

_COUNTS = (
    Column("entered", "Entered", "count"),
    Column("advanced", "Advanced", "count"),
    Column("lost", "Lost", "count"),
    Column("postponed", "Postp.", "count", is_extra=True),
    Column("returned", "Back", "count", is_extra=True),
    Column("open", "Open", "count"),
    Column("conversion", "Conv.", "ratio"),
    Column("interval", "95 %", "interval"),
    Column("of_entered", "Lowest", "ratio", is_extra=True),
    Column("median_days", "Median", "days"),
    Column("p25_days", "25 %", "days", is_extra=True),
    Column("p75_days", "75 %", "days", is_extra=True),
)

Parts = Mapping[tuple[Label, str], Tally]
"""(group, stage) -> what became of those that entered."""

_ALL: Label = ("", "")


def conversion(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The conversion report; `by` a rep, a month … gives each stage once for each."""
    pipelines = read_pipelines(reader)
    if by is None:
        with known_on(reader, scope.as_of) as then:
            return build(scope, pipelines, tallies(then, scope))
    group = group_of(by, BY, "Conversion")
    with known_on(reader, scope.as_of) as then:
        found = tallies(then, scope, group.column_for("entered_on"))
    label = labels(reader, group)
    parts: dict[tuple[Label, str], Tally] = {}
    for (value, stage_id), tally in found.items():
        merge(parts.setdefault((label(value), stage_id), Tally()), tally)
    sizes: Counter[Label] = Counter()
    for (each, _), tally in parts.items():
        sizes[each] += tally.entered
    ordered = sorted(
        sizes,
        key=lambda each: (not each[0], each[0] if group.is_time else "", -sizes[each], each[1]),
    )
    return _report(scope, pipelines, parts, ordered, Column(group.key, group.label, "text"))


def build(
    scope: Scope, pipelines: Sequence[Pipeline], found: Mapping[tuple[Value, str], Tally]
) -> Report:
    """The report from tallies already read."""
    parts = {(_ALL, stage_id): tally for (_, stage_id), tally in found.items()}
    return _report(scope, pipelines, parts, [_ALL], None)


def _report(
    scope: Scope,
    pipelines: Sequence[Pipeline],
    parts: Parts,
    groups: Sequence[Label],
    group: Column | None,
) -> Report:
    entered = {stage_id for (_, stage_id) in parts}
    shown = [
        p
        for p in chosen(pipelines, scope.pipeline_id)
        if p.is_live or any(stage.id in entered for stage in p.stages)
    ]
    stages = [(p, s) for p in shown for s in p.stages if s.is_live or s.id in entered]
    counted = [
        tally for (_, stage_id), tally in parts.items() if stage_id in {s.id for _, s in stages}
    ]
    used = amounts.currencies((c for t in counted for c in +t.entered_amount), shown)
    rows: list[tuple[Cell, ...]] = []
    subjects: list[Behind] = []
    warnings = list(tracked_words(counted))
    for label in groups:
        for pipeline, stage in stages:
            tally = parts.get((label, stage.id))
            if tally is None and group is not None:
                continue
            lead = [label[1]] if group is not None else []
            lead += [pipeline.name] if len(shown) > 1 else []
            curve = _curve(tally or Tally())
            rows.append((*lead, stage.name, *_cells(tally or Tally(), curve, used)))
            subjects.append(Behind("entered", pipeline_id=pipeline.id, stage_id=stage.id))
            if group is None:
                warnings += _slow(stage, curve)
    columns = [group] if group is not None else []
    columns += [Column("pipeline", "Pipeline", "text")] if len(shown) > 1 else []
    columns += [
        Column("stage", "Stage", "text"),
        *_COUNTS,
        *amounts.amount_columns("entered_sum", "Sum entered", used, is_extra=True),
        *amounts.share_columns("conversion_of_sum", "Conv. of sum", used),
    ]
    return Report(
        name="conversion",
        title="Stage conversion",
        as_of=scope.as_of,
        period=scope.period,
        filters=dict(scope.words),
        columns=tuple(columns),
        rows=tuple(rows),
        totals={},
        n=sum(tally.entered for tally in counted),
        method=METHOD,
        warnings=tuple(warnings),
        subjects=tuple(subjects),
    )


def _curve(tally: Tally) -> Curve:
    return kaplan_meier(tally.leaving, tally.staying, tally.entering)


def _cells(tally: Tally, curve: Curve, used: Iterable[str]) -> Iterator[Cell]:
    results, listed = tally.results, tuple(used)
    yield from (
        tally.entered,
        results[ADVANCED],
        results[LOST],
        results[POSTPONED],
        results[RETURNED],
        results[OPEN],
        ratio(results[ADVANCED], tally.settled),
    )
    bounds = wilson(results[ADVANCED], tally.settled)
    yield None if bounds is None else Interval(*bounds)
    yield ratio(results[ADVANCED], tally.entered)
    p25, median, p75 = curve.quartiles
    for days in (median, p25, p75):
        yield days if days is not None or curve.last is None else Beyond(curve.last)
    yield from amounts.amount_cells(tally.entered_amount, listed)
    yield from amounts.share_cells(tally.advanced_amount, tally.settled_amount, listed)


def _slow(stage: Stage, curve: Curve) -> Iterator[str]:
    if curve.last is not None and curve.quartiles[1] is None:
        yield (
            f"{stage.name}: fewer than half had left after {curve.last} days, the longest seen, so "
            "no median is known."
        )
