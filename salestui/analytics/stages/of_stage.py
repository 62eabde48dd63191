"""One row of the funnel's reports by rep, product, month …: whose deals it counts, and their fate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.facts import closed, reached
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, TIMES, Group, Label, group_of, labels
from salestui.analytics.measures import ratio
from salestui.analytics.passages import (
    ADVANCED,
    LOST,
    OPEN,
    POSTPONED,
    Tally,
    sums,
    tallies,
    tracked_words,
)
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import Pipeline, Stage, read_pipelines
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.selling.winning import OVERLAP, win_rate
from salestui.analytics.stages.conversion import curve_of, quartiles_of, share_of
from salestui.analytics.stages.deviations import decided_by_rep
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader

BY = (*PEOPLE, *DEALS, *TIMES)

_CONVERSION = (
    "Conversion is advanced / (advanced + lost + postponed) with its 95 % Wilson interval, days in the "
    "stage by Kaplan-Meier: deals still there count as long as they have lasted."
)
METHOD_REACHED = (
    "Deals created in the period that ever reached the stage, a skipped one counting as reached, and "
    f"what became of them: they advanced to a later stage or were won, or ended here. {_CONVERSION}"
)
METHOD_ENTERED = f"Deals by the first day they entered the stage. {_CONVERSION}"
METHOD_LOST = "Deals by the day they were lost, in the stage they were lost from."
METHOD_WON = "Deals created in the period that were won, and reached the stage if one is named."

_FATE = (
    Column("lost", "Lost", "count"),
    Column("conversion", "Conv.", "ratio"),
    Column("interval", "95 %", "interval"),
    Column("median_days", "Median d", "days"),
    Column("advanced", "Advanced", "count", is_extra=True),
    Column("postponed", "Postp.", "count", is_extra=True),
    Column("open", "Open", "count", is_extra=True),
    Column("p25_days", "25 % d", "days", is_extra=True),
    Column("p75_days", "75 % d", "days", is_extra=True),
)


@dataclass(slots=True)
class _Row:
    """The deals of one rep, one month …; `results`: letter -> count, amounts by currency."""

    count: int = 0
    results: Counter[str] = field(default_factory=Counter)
    amount: Counter[str] = field(default_factory=Counter)
    tally: Tally = field(default_factory=Tally)

    def add(self, other: _Row) -> None:
        """Count another's deals too."""
        self.count += other.count
        self.results += other.results
        self.amount += other.amount
        self.tally.add(other.tally)


Rows = dict[Label, _Row]


def by_rep(reader: Reader, scope: Scope, behind: Behind) -> Report:
    """What a row of the funnel, its conversion, win rate, losses or deviations counts, rep by rep.

    Its own rows list their deals; they add up to the row, deals that nobody owns included.
    """
    if behind.fact == "reached":
        return _reached(reader, scope, behind, GROUPS["rep"])
    if behind.fact == "decided":
        return decided_by_rep(reader, scope, behind)
    if behind.fact == "closed" and behind.outcome is None:
        return win_rate(reader, replace(scope, pipeline_id=behind.pipeline_id), "rep")
    made = _entered if behind.fact == "entered" else _lost
    return made(reader, scope, behind, GROUPS["rep"])


def funnel_stage(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The scope's stage in the funnel, by rep unless said otherwise."""
    group = group_of(by or "rep", BY, "A stage of the funnel")
    pipeline, stage = _stage(reader, scope)
    is_first = stage in pipeline.before_sale[:1]
    is_after = stage in pipeline.after_sale
    behind = Behind(
        "reached",
        pipeline_id=pipeline.id,
        position=None if is_first else stage.position,
        outcome=Outcome.WON.value if is_after else None,
    )
    return _reached(reader, scope, behind, group)


def conversion_stage(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The conversion of the scope's stage, by rep unless said otherwise."""
    group = group_of(by or "rep", BY, "The conversion of a stage")
    return _entered(reader, scope, Behind("entered", stage_id=scope.stage_id), group)


def losses_stage(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """What was lost from the scope's stage, by rep unless said otherwise."""
    group = group_of(by or "rep", ("reason", "competitor", *BY), "The losses of a stage")
    behind = Behind("closed", outcome=Outcome.LOST.value, stage_id=scope.stage_id)
    return _lost(reader, scope, behind, group)


def _stage(reader: Reader, scope: Scope) -> tuple[Pipeline, Stage]:
    return next(
        (pipeline, stage)
        for pipeline in read_pipelines(reader)
        for stage in pipeline.stages
        if stage.id == scope.stage_id
    )


def _reached(reader: Reader, scope: Scope, behind: Behind, group: Group) -> Report:
    """A row of the funnel. What was won is won: it has no conversion."""
    own = replace(scope, pipeline_id=behind.pipeline_id)
    pipeline = next(p for p in read_pipelines(reader) if p.id == behind.pipeline_id)
    first = next(iter(pipeline.before_sale), None)
    here = behind.position if behind.position is not None or first is None else first.position
    stage = next((each for each in pipeline.stages if each.position == here), None)
    is_stage = stage is not None and behind.outcome is None
    column = group.column_for("created_on")
    with known_on(reader, scope.as_of) as then:
        facts = reached(then, own, column)
        stayed = {}
        if stage is not None and is_stage:
            stayed = tallies(then, replace(own, stage_id=stage.id), column, day="created_on")
    label = labels(reader, group, scope.as_of)
    rows: Rows = {}
    for fact in facts:
        if behind.has_reached(fact.furthest, fact.outcome):
            row = rows.setdefault(label(fact.group), _Row())
            row.count += fact.count
            row.amount[fact.currency] += fact.amount
            is_past = here is not None and fact.furthest > here
            row.results[_fate(fact.outcome, is_past=is_past)] += fact.count
    for (value, _), tally in stayed.items():
        rows.setdefault(label(value), _Row()).tally.add(tally)
    method = METHOD_REACHED if is_stage else METHOD_WON
    return _report("funnel", "Funnel", method, own, rows, group, behind, has_fate=is_stage)


def _fate(outcome: str, *, is_past: bool) -> str:
    if is_past or outcome == Outcome.WON:
        return ADVANCED
    return {"lost": LOST, "postponed": POSTPONED}.get(outcome, OPEN)


def _entered(reader: Reader, scope: Scope, behind: Behind, group: Group) -> Report:
    """A row of the conversion."""
    own = replace(scope, stage_id=behind.stage_id)
    column = group.column_for("entered_on")
    with known_on(reader, scope.as_of) as then:
        counted, summed = tallies(then, own, column), sums(then, own, column)
    label = labels(reader, group, scope.as_of)
    rows: Rows = {}
    for (value, _), tally in counted.items():
        rows.setdefault(label(value), _Row()).add(_Row(tally.entered, tally.results, tally=tally))
    for (value, _), each in summed.items():
        rows.setdefault(label(value), _Row()).amount += each.entered
    title = "Stage conversion"
    return _report("conversion", title, METHOD_ENTERED, own, rows, group, behind, has_fate=True)


def _lost(reader: Reader, scope: Scope, behind: Behind, group: Group) -> Report:
    """A row of the losses, or all that was lost from a stage."""
    column = group.column_for("closed_on")
    is_reason = column == "loss_reason_id"
    with known_on(reader, scope.as_of) as then:
        facts = closed(then, replace(scope, pipeline_id=None), () if is_reason else (column,))
    label = labels(reader, group, scope.as_of)
    rows: Rows = {}
    for fact in facts:
        if (fact.outcome, fact.stage_id) != (behind.outcome, behind.stage_id) or (
            behind.has_reason and fact.reason_id != behind.reason_id
        ):
            continue
        row = rows.setdefault(label(fact.reason_id if is_reason else fact.groups[0]), _Row())
        row.count += fact.count
        row.amount[fact.currency] += fact.amount
    return _report("losses", "Losses", METHOD_LOST, scope, rows, group, behind, has_fate=False)


def _report(
    name: str,
    title: str,
    method: str,
    scope: Scope,
    rows: Mapping[Label, _Row],
    group: Group,
    behind: Behind,
    *,
    has_fate: bool,
) -> Report:
    whole = _Row()
    for row in rows.values():
        whole.add(row)
    used = tuple(sorted(currency for currency, amount in whole.amount.items() if amount))
    ordered = _ordered({label: row for label, row in rows.items() if row.count}, group)
    columns = list(_columns(name, used, has_fate=has_fate))
    cells = [tuple(_cells(rows[each], whole, used, has_fate=has_fate)) for each in ordered]
    total = _cells(whole, whole, used, has_fate=has_fate)
    return Report(
        name=name,
        title=title,
        **asked(scope),
        columns=(Column(group.key, group.label, "text"), *columns),
        rows=tuple((each[1], *own) for each, own in zip(ordered, cells, strict=True)),
        totals=dict(zip((column.key for column in columns), total, strict=True)),
        n=whole.count,
        method=method,
        warnings=(
            *tracked_words([whole.tally]),
            *((OVERLAP,) if has_fate and group.key in PEOPLE and len(ordered) > 1 else ()),
        ),
        subjects=tuple(behind.of_owner(each[0] or None) for each in ordered)
        if group.key == "rep"
        else (),
    )


def _ordered(rows: Mapping[Label, _Row], group: Group) -> list[Label]:
    """Time in its order, all else by size; what belongs to nobody stands last."""
    place = group.is_time
    return sorted(
        rows,
        key=lambda each: (not each[0], each[0] if place else "", -rows[each].count, each[1]),
    )


def _columns(name: str, used: Sequence[str], *, has_fate: bool) -> Iterator[Column]:
    if name == "conversion":
        yield Column("entered", "Entered", "count")
    else:
        yield Column("count", "Lost" if name == "losses" else "Deals", "count")
    yield Column("share", "Share", "ratio", is_extra=has_fate)
    yield from amounts.amount_columns("sum", "Sum", used)
    yield from _FATE if has_fate else ()


def _cells(row: _Row, whole: _Row, used: Iterable[str], *, has_fate: bool) -> Iterator[Cell]:
    yield row.count
    yield ratio(row.count, whole.count)
    yield from amounts.amount_cells(row.amount, used)
    if has_fate:
        share, interval = share_of(row.results)
        p25, median, p75 = quartiles_of(curve_of(row.tally))
        yield from (row.results[LOST], share, interval, median)
        yield from (row.results[ADVANCED], row.results[POSTPONED], row.results[OPEN], p25, p75)
