"""Stage conversion: of the deals that entered a stage in the period, what became of them, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.facts import Value
from salestui.analytics.groups import DEALS, PEOPLE, TIMES, Group, Label, group_of, labels
from salestui.analytics.measures import Curve, kaplan_meier, ratio
from salestui.analytics.passages import (
    ADVANCED,
    LOST,
    OPEN,
    POSTPONED,
    RETURNED,
    SETTLED,
    Key,
    Sums,
    Tally,
    sums,
    tallies,
    tracked_words,
)
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import Pipeline, Stage, read_pipelines, with_stages
from salestui.analytics.report import Beyond, Cell, Column, Interval, Report, share_interval
from salestui.analytics.scope import Scope, asked
from salestui.analytics.stages.unnoted import Passed, unnoted_words
from salestui.store.reader import Reader

BY = (*PEOPLE, *DEALS, *TIMES)

METHOD = (
    "Deals by the first day they entered the stage. Advanced: entered a later stage afterwards, which "
    "coming back does not undo, or won; a deal that was opened again after it was won counts by what "
    "became of it then. Conversion is advanced / (advanced + lost + postponed) with its 95 % Wilson "
    "interval; the lowest it can become, advanced / entered, stands beside it. Days in the stage by "
    "Kaplan-Meier: deals still there count as long as they have lasted."
)

_FIGURES = (
    Column("entered", "Entered", "count"),
    Column("advanced", "Advanced", "count"),
    Column("lost", "Lost", "count"),
    Column("postponed", "Postp.", "count", is_extra=True),
    Column("returned", "Back", "count", is_extra=True),
    Column("open", "Open", "count"),
    Column("conversion", "Conv.", "ratio"),
    Column("interval", "95 %", "interval"),
    Column("of_entered", "Lowest", "ratio", is_extra=True),
    Column("median_days", "Median d", "days"),
    Column("p25_days", "25 % d", "days", is_extra=True),
    Column("p75_days", "75 % d", "days", is_extra=True),
)

Part = tuple[Label, str]
"""(group, stage)."""

_ALL: Label = ("", "")


def conversion(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The conversion report; `by` a rep, a month … gives each stage once for each."""
    pipelines = read_pipelines(reader)
    group = None if by is None else group_of(by, BY, "Conversion")
    column = None if group is None else group.column_for("entered_on")
    with known_on(reader, scope.as_of) as then:
        counted = tallies(then, scope, column)
        summed = sums(then, scope, column)
    label = labels(reader, group, scope.as_of) if group is not None else _everybody
    parts: dict[Part, Tally] = {}
    worth: dict[Part, Sums] = {}
    for (value, stage_id), tally in counted.items():
        parts.setdefault((label(value), stage_id), Tally()).add(tally)
    for (value, stage_id), each in summed.items():
        worth.setdefault((label(value), stage_id), Sums()).add(each)
    return _report(scope, pipelines, parts, worth, group)


def build(scope: Scope, pipelines: Sequence[Pipeline], counted: Mapping[Key, Tally]) -> Report:
    """The report from tallies already read, without amounts."""
    parts = {(_ALL, stage_id): tally for (_, stage_id), tally in counted.items()}
    return _report(scope, pipelines, parts, {}, None)


def _everybody(_value: Value) -> Label:
    return _ALL


def _report(
    scope: Scope,
    pipelines: Sequence[Pipeline],
    parts: Mapping[Part, Tally],
    worth: Mapping[Part, Sums],
    group: Group | None,
) -> Report:
    stages = with_stages(pipelines, scope.pipeline_id, {stage_id for (_, stage_id) in parts})
    listed = {stage.id for _, stage in stages}
    counted = [tally for (_, stage_id), tally in parts.items() if stage_id in listed]
    used = _currencies(stages, worth)
    is_many = len({pipeline.id for pipeline, _ in stages}) > 1
    rows: list[tuple[Cell, ...]] = []
    subjects: list[Behind] = []
    warnings = list(tracked_words(counted))
    for label in in_order(parts, group) if group is not None else [_ALL]:
        for pipeline, stage in stages:
            tally = parts.get((label, stage.id), Tally())
            if group is not None and not tally.entered:
                continue
            lead = [label[1]] if group is not None else []
            lead += [pipeline.name] if is_many else []
            curve = curve_of(tally)
            money = _amounts(worth.get((label, stage.id), Sums()), used)
            rows.append((*lead, stage.name, *_cells(tally, curve), *money))
            subjects.append(Behind("entered", pipeline_id=pipeline.id, stage_id=stage.id))
            warnings += slow_words(stage, curve) if group is None else ()
    warnings += _unnoted(stages, parts)
    return Report(
        name="conversion",
        title="Stage conversion",
        **asked(scope),
        columns=tuple(_columns(group, used, is_many=is_many)),
        rows=tuple(rows),
        totals={},
        n=sum(tally.entered for tally in counted),
        method=METHOD,
        warnings=tuple(warnings),
        subjects=tuple(subjects),
    )


def _unnoted(
    stages: Sequence[tuple[Pipeline, Stage]], parts: Mapping[Part, Tally]
) -> Iterator[str]:
    results: dict[str, Counter[str]] = {}
    for (_, stage_id), tally in parts.items():
        results.setdefault(stage_id, Counter()).update(tally.results)
    for pipeline in dict.fromkeys(pipeline for pipeline, _ in stages):
        found = [(stage.name, results.get(stage.id, Counter())) for stage in pipeline.before_sale]
        yield from unnoted_words(
            pipeline.name, [Passed(name, each[ADVANCED], each[LOST]) for name, each in found]
        )


def _currencies(
    stages: Sequence[tuple[Pipeline, Stage]], worth: Mapping[Part, Sums]
) -> tuple[str, ...]:
    """The currencies of these stages' amounts; none where amounts were not read."""
    listed = {stage.id for _, stage in stages}
    seen = (c for (_, key), each in worth.items() if key in listed for c in +each.entered)
    return amounts.currencies(seen, [pipeline for pipeline, _ in stages]) if worth else ()


def _columns(group: Group | None, used: Sequence[str], *, is_many: bool) -> Iterator[Column]:
    if group is not None:
        yield Column(group.key, group.label, "text")
    if is_many:
        yield Column("pipeline", "Pipeline", "text")
    yield Column("stage", "Stage", "text")
    yield from _FIGURES
    yield from amounts.amount_columns("entered_sum", "Sum entered", used, is_extra=True)
    yield from amounts.share_columns("conversion_of_sum", "Conv. of sum", used)


def in_order(parts: Mapping[Part, Tally], group: Group) -> list[Label]:
    """The groups: time in its order, all else by how many entered."""
    sizes: Counter[Label] = Counter()
    for (label, _), tally in parts.items():
        sizes[label] += tally.entered
    return sorted(
        sizes,
        key=lambda each: (
            not each[0],
            each[0] if group.is_time else "",
            -sizes[each],
            each[1],
        ),
    )


def curve_of(tally: Tally) -> Curve:
    """How many are still in the stage after so many days."""
    return kaplan_meier(tally.leaving, tally.staying, tally.entering)


def share_of(results: Mapping[str, int]) -> tuple[float | None, Interval | None]:
    """Of those settled, letter -> count, the share that advanced, and where it lies."""
    settled, advanced = sum(results.get(letter, 0) for letter in SETTLED), results.get(ADVANCED, 0)
    return ratio(advanced, settled), share_interval(advanced, settled)


def quartiles_of(curve: Curve) -> tuple[Cell, ...]:
    """The days after which a quarter, half and three quarters had left, or how long was watched."""
    return tuple(
        days if days is not None or curve.last is None else Beyond(curve.last)
        for days in curve.quartiles
    )


def _cells(tally: Tally, curve: Curve) -> Iterator[Cell]:
    results = tally.results
    yield tally.entered
    for letter in (ADVANCED, LOST, POSTPONED, RETURNED, OPEN):
        yield results[letter]
    yield from share_of(results)
    yield ratio(results[ADVANCED], tally.entered)
    p25, median, p75 = quartiles_of(curve)
    yield from (median, p25, p75)


def _amounts(worth: Sums, used: Sequence[str]) -> Iterator[Cell]:
    yield from amounts.amount_cells(worth.entered, used)
    yield from amounts.share_cells(worth.advanced, worth.settled, used)


def slow_words(stage: Stage, curve: Curve) -> Iterator[str]:
    """What to say where so few have left that no median is known."""
    if curve.last is not None and curve.quartiles[1] is None:
        yield (
            f"{stage.name}: fewer than half had left after {curve.last} days, the longest seen, so "
            "no median is known."
        )
