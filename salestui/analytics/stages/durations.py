"""Durations: how long deals stay in each stage, those counted that are still there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salestui.analytics.drill import Behind
from salestui.analytics.groups import DEALS, PEOPLE, TIMES, Group, Label, group_of, labels
from salestui.analytics.measures import Curve, kaplan_meier, mean
from salestui.analytics.passages import Tally, tallies, tracked_words
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import read_pipelines, with_stages
from salestui.analytics.report import Beyond, Cell, Column, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.stages.conversion import in_order, slow_words
from salestui.store.reader import Reader
from salestui.text import so_many

BY = (*PEOPLE, *DEALS, *TIMES)

SPAN = 90
"""Days over which the restricted mean is taken."""

METHOD = (
    "Days from first entering a stage to leaving it, by Kaplan-Meier: deals still there count for as "
    "long as they have lasted, those that came before the records from their first day on. Within 90 d: "
    "the mean of the days spent there in the first 90. Mean of those that left: beside it because it is "
    "often quoted; it is too low while slow deals are still there."
)

_FIGURES = (
    Column("entered", "Entered", "count"),
    Column("left", "Left", "count"),
    Column("staying", "There", "count"),
    Column("p25_days", "25 % d", "days"),
    Column("median_days", "Median d", "days"),
    Column("p75_days", "75 % d", "days"),
    Column("mean_within_90", "Within 90 d", "days", is_extra=True),
    Column("mean_of_left", "Left: mean", "days", is_extra=True),
)

_ALL: Label = ("", "")


def durations(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The durations report, stage by stage; `by` a rep, a month … gives each stage once for each."""
    group = None if by is None else group_of(by, BY, "Durations")
    column = None if group is None else group.column_for("entered_on")
    pipelines = read_pipelines(reader)
    with known_on(reader, scope.as_of) as then:
        counted = tallies(then, scope, column)
    label = labels(reader, group, scope.as_of) if group is not None else None
    parts: dict[tuple[Label, str], Tally] = {}
    for (value, stage_id), tally in counted.items():
        key = (label(value) if label is not None else _ALL, stage_id)
        parts.setdefault(key, Tally()).add(tally)
    stages = with_stages(pipelines, scope.pipeline_id, {stage_id for _, stage_id in parts})
    listed = {stage.id for _, stage in stages}
    is_many = len({pipeline.id for pipeline, _ in stages}) > 1
    rows: list[tuple[Cell, ...]] = []
    subjects: list[Behind] = []
    shown = [tally for (_, stage_id), tally in parts.items() if stage_id in listed]
    warnings = list(tracked_words(shown))
    for each in in_order(parts, group) if group is not None else [_ALL]:
        for pipeline, stage in stages:
            tally = parts.get((each, stage.id), Tally())
            if group is not None and not tally.entered:
                continue
            curve = kaplan_meier(tally.leaving, tally.staying, tally.entering)
            lead = [each[1]] if group is not None else []
            lead += [pipeline.name] if is_many else []
            rows.append((*lead, stage.name, *_cells(tally, curve)))
            subjects.append(Behind("entered", pipeline_id=pipeline.id, stage_id=stage.id))
            warnings += slow_words(stage, curve) if group is None else ()
    undated = sum(tally.entered - _timed(tally) for tally in shown)
    if undated:
        passages = so_many(undated, "passage")
        warnings.append(f"{passages} without a known day of entering or leaving: not timed.")
    return Report(
        name="durations",
        title="Durations",
        **asked(scope),
        columns=tuple(_columns(group, is_many=is_many)),
        rows=tuple(rows),
        totals={},
        n=sum(_timed(tally) for tally in shown),
        method=METHOD,
        warnings=tuple(warnings),
        subjects=tuple(subjects),
    )


def _timed(tally: Tally) -> int:
    return tally.leaving.total() + tally.staying.total()


def _columns(group: Group | None, *, is_many: bool) -> Sequence[Column]:
    leads = [Column(group.key, group.label, "text")] if group is not None else []
    leads += [Column("pipeline", "Pipeline", "text")] if is_many else []
    return [*leads, Column("stage", "Stage", "text"), *_FIGURES]


def _cells(tally: Tally, curve: Curve) -> Iterator[Cell]:
    yield tally.entered
    yield tally.leaving.total()
    yield tally.staying.total()
    for days in curve.quartiles:
        yield days if days is not None or curve.last is None else Beyond(curve.last)
    restricted = curve.mean_within(SPAN)
    yield None if restricted is None else round(restricted, 2)
    average = mean(tally.leaving)
    yield None if average is None else round(average, 2)
