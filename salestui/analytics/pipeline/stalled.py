"""Stalled deals: open ones that stand still, and those older than any deal that was ever won."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.facts import Value
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, Group, Label, group_of, labels
from salestui.analytics.measures import ratio
from salestui.analytics.past_stages import stages_since
from salestui.analytics.pipeline.standstill import NO_STEPS, Standstill, standing
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked, refuse_period
from salestui.analytics.stages.losses import stage_labels
from salestui.store.reader import Reader
from salestui.text import of_so_many, so_many

BY = ("stage", *PEOPLE, "pipeline", *DEALS, "deal")

METHOD = (
    "Open deals. Stalled: over the stage's idle limit, without next step, or past the expected close. "
    "Too old: older than any deal of the pipeline was when it was won. Either: one of the two or both; "
    "the sum is theirs."
)

_FIGURES = (
    Column("open", "Open", "count"),
    Column("stalled", "Stalled", "count"),
    Column("too_old", "Too old", "count"),
    Column("either", "Either", "count"),
    Column("share", "Share", "ratio"),
)
_REASONS = (
    Column("idle", "Over limit", "count", is_extra=True),
    Column("without_step", "No step", "count", is_extra=True),
    Column("overdue", "Past close", "count", is_extra=True),
)


@dataclass(slots=True)
class _Pile:
    """Open deals of one row; amounts by currency."""

    open: int = 0
    stalled: int = 0
    idle: int = 0
    without_step: int | None = None
    overdue: int = 0
    too_old: int = 0
    amount: Counter[str] = field(default_factory=Counter)
    listed: list[Standstill] = field(default_factory=list)

    def add(self, each: Standstill) -> None:
        """Count a deal."""
        self.open += 1
        self.stalled += each.is_stalled
        self.idle += each.is_idle
        self.overdue += each.overdue_days is not None
        self.too_old += each.is_outlived
        if each.is_without_step is not None:
            self.without_step = (self.without_step or 0) + each.is_without_step
        if each.is_either:
            self.amount[each.currency] += each.amount or 0
            self.listed.append(each)


def stalled(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The stalled report, by stage unless said otherwise; by deal it lists them."""
    refuse_period(scope, "What stands still is so")
    if by == "deal":
        return _by_deal(reader, scope)
    group = group_of(by or "stage", BY, "What stands still")
    found = standing(reader, scope, group.column)
    label = labels_in(reader, scope, group)
    piles: dict[Label, _Pile] = {}
    total = _Pile()
    for each in found:
        total.add(each)
        piles.setdefault(label(each.group), _Pile()).add(each)
    used = amounts.currencies((each.currency for each in found), ())
    columns = (*_FIGURES, *amounts.amount_columns("sum", "Sum", used), *_REASONS)
    ordered = _ordered(reader, group, piles)
    return Report(
        name="stalled",
        title="Stalled deals",
        **asked(scope),
        columns=(Column(group.key, group.label, "text"), *columns),
        rows=tuple((each[1], *_cells(piles[each], used)) for each in ordered),
        totals=dict(zip((c.key for c in columns), _cells(total, used), strict=True)),
        n=total.open,
        method=METHOD,
        warnings=(
            *_warnings(found, is_past=scope.as_of < reader.today),
            *stages_since(reader, scope.as_of),
        ),
        subjects=tuple(
            Behind("listed", deal_ids=tuple(deal.deal_id for deal in _worst(piles[each].listed)))
            for each in ordered
        ),
    )


def labels_in(reader: Reader, scope: Scope, group: Group) -> Callable[[Value], Label]:
    """What a value of the group is called; a stage with its pipeline's name where there are several."""
    if group.key != "stage":
        return labels(reader, group, scope.as_of)
    names = stage_labels(scope, read_pipelines(reader))
    return lambda value: names.get(str(value), ("", group.missing))


def _cells(pile: _Pile, used: Sequence[str]) -> Iterator[Cell]:
    yield from (pile.open, pile.stalled, pile.too_old, len(pile.listed))
    yield ratio(len(pile.listed), pile.open)
    yield from amounts.amount_cells(pile.amount, used)
    yield from (pile.idle, pile.without_step, pile.overdue)


def _ordered(reader: Reader, group: Group, piles: Mapping[Label, _Pile]) -> list[Label]:
    """Stages in their order, all else by how many stand still."""
    listed = [stage.id for pipeline in read_pipelines(reader) for stage in pipeline.stages]
    places = {stage_id: place for place, stage_id in enumerate(listed)}

    def order(each: Label) -> tuple[bool, int, int, str]:
        rank = places.get(each[0], 0) if group.key == "stage" else 0
        return (not each[0], rank, -len(piles[each].listed), each[1])

    return sorted(piles, key=order)


def _worst(found: Sequence[Standstill]) -> list[Standstill]:
    """Of each currency the largest amounts first, then the oldest."""
    return sorted(
        found,
        key=lambda each: (each.currency, -(each.amount or 0), -(each.age or 0), each.number),
    )


def _warnings(found: Sequence[Standstill], *, is_past: bool) -> Iterator[str]:
    too_old = [each for each in found if each.is_outlived]
    if too_old:
        limits = {each.longest_won for each in too_old if each.longest_won is not None}
        longest = f", which took {so_many(limits.pop(), 'day')}" if len(limits) == 1 else ""
        yield (
            f"{of_so_many(len(too_old), len(found), 'open deal')} older than any deal ever won{longest}: "
            "lose them, or say what has changed."
        )
    unknown = {each.pipeline_id for each in found if each.longest_won is None}
    if unknown:
        yield f"Too few deals were won in {so_many(len(unknown), 'pipeline')} to say which are too old."
    undated = sum(each.age is None for each in found)
    if undated:
        yield f"{so_many(undated, 'open deal')} without a day created: of unknown age."
    if len(found) > 1 and all(each.is_without_step for each in found):
        yield "No open deal has a next step, so all count as stalled: nothing is planned here yet."
    if is_past:
        yield NO_STEPS


def _by_deal(reader: Reader, scope: Scope) -> Report:
    found = standing(reader, scope, "id")
    shown = _worst([each for each in found if each.is_either])
    stage, rep = labels_in(reader, scope, GROUPS["stage"]), labels(reader, GROUPS["rep"])
    used = amounts.currencies((each.currency for each in shown), ())
    return Report(
        name="stalled",
        title="Stalled deals",
        **asked(scope),
        columns=(
            Column("number", "Deal", "text"),
            Column("title", "Title", "text"),
            Column("rep", "Rep", "text", is_extra=True),
            Column("stage", "Stage", "text", is_extra=True),
            Column("why", "Why", "text", is_whole=True),
            Column("age", "Age d", "days"),
            *amounts.amount_columns("sum", "Sum", used),
        ),
        rows=tuple(
            (
                str(each.number),
                each.title,
                rep(each.owner_id)[1],
                stage(each.stage_id)[1],
                ", ".join(_reasons(each)),
                each.age,
                *amounts.own_cells(each.amount, each.currency, used),
            )
            for each in shown
        ),
        totals={},
        n=len(found),
        method=METHOD,
        warnings=(
            *_warnings(found, is_past=scope.as_of < reader.today),
            *stages_since(reader, scope.as_of),
        ),
        subjects=tuple(Behind("listed", deal_ids=(each.deal_id,)) for each in shown),
    )


def _reasons(each: Standstill) -> Iterator[str]:
    if each.is_outlived:
        yield f"too old (longest won {each.longest_won} d)"
    if each.is_idle:
        yield f"in stage {each.stayed} of {each.allowed} d"
    if each.is_without_step:
        yield "no next step"
    if each.overdue_days is not None:
        yield f"{each.overdue_days} d past close"
