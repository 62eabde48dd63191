"""Moves: which stages deals went through in order, which they skipped, came back to, or went to late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from salestui.analytics.drill import Behind
from salestui.analytics.events import OUTCOMES, UNDATED, Codes, Flags, Ints, Known
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, TIMES, Group, refuse_by
from salestui.analytics.kept import events_of
from salestui.analytics.measures import ratio
from salestui.analytics.pipeline.slips import titles
from salestui.analytics.pipelines import Pipeline, Stage, read_pipelines, with_stages
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.slices import codes_by, parts, within
from salestui.analytics.stages.steps import Steps, deal_steps, steps_of
from salestui.analytics.stages.unnoted import MANY_LOST
from salestui.store.reader import Reader
from salestui.text import to_day

BY = ("stage", *PEOPLE, "pipeline", *DEALS, *TIMES, "deal")

METHOD = (
    "Deals created in the period, and each stage before the sale that they have reached or passed: a won "
    "deal has passed all. In order: entered before any later one. Late: entered first after a later one. "
    "Skipped: passed and never entered. Back: entered another time, of those entered."
)

_FIGURES = (
    Column("passed", "Passed", "count"),
    Column("in_order", "In order", "count"),
    Column("share_in_order", "Kept", "ratio"),
    Column("skipped", "Skipped", "count"),
    Column("share_skipped", "Skip %", "ratio"),
    Column("late", "Late", "count"),
    Column("returned", "Back", "count"),
    Column("share_returned", "Back rate", "ratio", is_extra=True),
)


def moves(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The moves report, by stage unless said otherwise."""
    refuse_by(by or "stage", BY, "Moves")
    events = events_of(reader)
    day = to_day(scope.as_of)
    known = events.known_on(day)
    steps = steps_of(known, events.stays_on(day))
    chosen = within(known, scope) & _created_in(known, scope)
    pipelines = read_pipelines(reader)
    used = {
        known.names.stages[code].id for code in np.flatnonzero(steps.passed[chosen].any(axis=0))
    }
    stages = with_stages(pipelines, scope.pipeline_id, used)
    codes = {stage.id: code for code, stage in enumerate(known.names.stages)}
    listed = [codes[stage.id] for _, stage in stages if steps.counts[codes[stage.id]]]
    steps = steps.of(chosen, listed)
    names = {codes[stage.id]: (pipeline, stage) for pipeline, stage in stages}
    heads = [names[code] for code in listed]
    told, known = tuple(_unentered(heads, steps)), known.where(chosen)
    if by == "deal":
        return _by_deal(reader, scope, known, steps, heads).warned(told)
    group = GROUPS[by or "stage"]
    if group.key == "stage":
        return _by_stage(scope, known, steps, heads).warned(told)
    return _by_group(
        reader, scope, known, steps, group, codes_by(known, group, known.created)
    ).warned(told)


def _unentered(heads: Sequence[tuple[Pipeline, Stage]], steps: Steps) -> Iterator[str]:
    """Stages that many deals have left behind and none is known to have entered."""
    entered: Flags = np.any(steps.in_order | steps.late, axis=0)
    for (pipeline, stage), count, known in zip(
        heads, steps.skipped.sum(axis=0).tolist(), entered.tolist(), strict=True
    ):
        if count >= MANY_LOST and not known:
            yield (
                f"{pipeline.name}: none of {count:,} deals that passed {stage.name} is known to have entered "
                "it. If that is only because nobody noted who did, how many skipped it is unknown."
            )


def _created_in(known: Known, scope: Scope) -> Flags:
    chosen = np.ones(len(known), bool)
    if scope.period.first is not None:
        chosen &= known.created >= to_day(scope.period.first)
    if scope.period.last is not None:
        chosen &= (known.created <= to_day(scope.period.last)) & (known.created != UNDATED)
    return chosen


def _by_stage(
    scope: Scope, known: Known, steps: Steps, heads: Sequence[tuple[Pipeline, Stage]]
) -> Report:
    is_many = len({pipeline.id for pipeline, _ in heads}) > 1
    counted = [each.sum(axis=0) for each in steps.kinds]
    rows: list[tuple[Cell, ...]] = []
    subjects: list[Behind] = []
    strays = steps.is_stray
    for place, (pipeline, stage) in enumerate(heads):
        lead = [pipeline.name] if is_many else []
        rows.append((*lead, stage.name, *_cells(*(int(each[place]) for each in counted))))
        subjects.append(_behind(known, strays[:, place]))
    leads = [Column("pipeline", "Pipeline", "text")] if is_many else []
    return _report(scope, [*leads, Column("stage", "Stage", "text")], rows, subjects, steps)


def _by_group(
    reader: Reader, scope: Scope, known: Known, steps: Steps, group: Group, codes: Codes | Ints
) -> Report:
    places, labels = parts(reader, known.names, group, codes, scope.as_of)
    counted = [
        np.bincount(places, each.sum(axis=1), len(labels)).astype(np.int64) for each in steps.kinds
    ]
    sizes = counted[0] + counted[1] + counted[2]
    order = sorted(
        np.flatnonzero(sizes).tolist(),
        key=lambda i: (
            not labels[i][0],
            labels[i][0] if group.is_time else "",
            -int(sizes[i]),
            labels[i][1],
        ),
    )
    rows = [(labels[i][1], *_cells(*(int(each[i]) for each in counted))) for i in order]
    strays: Flags = np.any(steps.is_stray, axis=1)
    by_place = np.argsort(places, kind="stable")
    ends = np.searchsorted(places[by_place], np.arange(len(labels) + 1))
    inside = (by_place[ends[i] : ends[i + 1]] for i in order)
    subjects = [_behind(known, own[strays[own]]) for own in inside]
    head = Column(group.key, group.label, "text")
    return _report(scope, [head], rows, subjects, steps)


_OF_DEAL = (
    Column("number", "Deal", "text"),
    Column("title", "Title", "text"),
    Column("rep", "Rep", "text", is_extra=True),
    Column("outcome", "Outcome", "text", is_extra=True),
    Column("strays", "What differs", "text"),
    Column("done", "Done", "count"),
    Column("skipped", "Skipped", "count"),
    Column("late", "Late", "count"),
    Column("returned", "Back", "count"),
    Column("stages_done", "Stages done", "text", is_extra=True),
    Column("stages_skipped", "Stages skipped", "text", is_extra=True),
    Column("stages_late", "Stages late", "text", is_extra=True),
    Column("stages_returned", "Stages back", "text", is_extra=True),
)


def _by_deal(
    reader: Reader,
    scope: Scope,
    known: Known,
    steps: Steps,
    heads: Sequence[tuple[Pipeline, Stage]],
) -> Report:
    """A row for each deal, those first that kept least to the order; the newest first of equal ones."""
    counts = [each.sum(axis=1) for each in (steps.late, steps.skipped, steps.again)]
    there = np.flatnonzero(steps.passed.any(axis=1))
    order = there[np.lexsort((-known.created[there], -sum(counts)[there]))]
    ids = [known.names.deals[code] for code in known.deal[order].tolist()]
    told = titles(reader, ids)
    of_rep, reps = parts(reader, known.names, GROUPS["rep"], known.owner[order], scope.as_of)
    names = [stage.name for _, stage in heads]
    rows: list[tuple[Cell, ...]] = []
    for row, place in enumerate(order.tolist()):
        number, title = told.get(ids[row], (0, ""))
        went = deal_steps(steps, place, names)
        rows.append(
            (
                str(number), title, reps[of_rep[row]][1], OUTCOMES[known.outcome[place]].value,
                went.strays or "in order",
                *map(len, (went.done, went.skipped, went.late, went.again)),
                *map(", ".join, (went.done, went.skipped, went.late, went.again)),
            )
        )  # fmt: skip
    late, skipped, again = (int(each.sum()) for each in counts)
    return Report(
        name="moves",
        title="Moves",
        **asked(scope),
        columns=_OF_DEAL,
        rows=tuple(rows),
        totals={
            "done": int(steps.in_order.sum()) + late,
            "skipped": skipped,
            "late": late,
            "returned": again,
        },
        n=len(rows),
        method=METHOD,
        subjects=tuple(Behind("listed", deal_ids=(deal_id,)) for deal_id in ids),
    )


def _report(
    scope: Scope,
    leads: Sequence[Column],
    rows: Sequence[tuple[Cell, ...]],
    subjects: Sequence[Behind],
    steps: Steps,
) -> Report:
    whole = _cells(*(int(each.sum()) for each in steps.kinds))
    return Report(
        name="moves",
        title="Moves",
        **asked(scope),
        columns=(*leads, *_FIGURES),
        rows=tuple(rows),
        totals=dict(zip((c.key for c in _FIGURES), whole, strict=True)),
        n=int(steps.passed.any(axis=1).sum()),
        method=METHOD,
        subjects=tuple(subjects),
    )


def _cells(in_order: int, late: int, skipped: int, again: int) -> Iterator[Cell]:
    entered = in_order + late
    passed = entered + skipped
    yield from (passed, in_order, ratio(in_order, passed), skipped, ratio(skipped, passed))
    yield from (late, again, ratio(again, entered))


def _behind(known: Known, chosen: Flags | Ints) -> Behind:
    """The deals that did not keep to the order."""
    codes = known.deal[chosen].tolist()
    return Behind("listed", deal_ids=tuple(known.names.deals[code] for code in codes))
