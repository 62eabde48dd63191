"""The pipeline: what is open on one day, stage by stage and rep by rep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, Group, Label, group_of
from salestui.analytics.measures import median
from salestui.analytics.past_stages import stages_since
from salestui.analytics.pipeline.stalled import labels_in
from salestui.analytics.pipeline.standstill import Standstill, standing
from salestui.analytics.pipelines import read_pipelines, unweighed
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked, refuse_period
from salestui.store.reader import Reader
from salestui.text import of_so_many, so_many

BY = ("stage", *PEOPLE, "pipeline", *DEALS)

METHOD = (
    "Open deals; deals without amount count as nothing in the sums. Weighted: amount times the "
    "probability of its stage. Age: days since the deal was created, and in its stage: the median."
)


@dataclass(slots=True)
class _Pile:
    """Open deals of one row; amounts by currency, `weighted` in hundredths of a minor unit."""

    amount: Counter[str] = field(default_factory=Counter)
    weighted: Counter[str] = field(default_factory=Counter)
    age: Counter[int] = field(default_factory=Counter)
    stayed: Counter[int] = field(default_factory=Counter)
    too_old: int = 0
    listed: list[Standstill] = field(default_factory=list)

    def add(self, deal: Standstill, probability: int) -> None:
        """Count a deal."""
        self.amount[deal.currency] += deal.amount or 0
        self.weighted[deal.currency] += (deal.amount or 0) * probability
        if deal.age is not None:
            self.age[deal.age] += 1
        if deal.stayed is not None:
            self.stayed[deal.stayed] += 1
        self.too_old += deal.is_outlived
        self.listed.append(deal)


def pipeline(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The pipeline report, by stage and rep unless said otherwise."""
    refuse_period(scope, "The pipeline is what is open")
    groups = (GROUPS["stage"], GROUPS["rep"]) if by is None else (group_of(by, BY, "The pipeline"),)
    found = standing(reader, scope, groups[0].column)
    pipelines = read_pipelines(reader)
    stages = [stage for each in pipelines for stage in each.stages]
    chances = {stage.id: stage.probability for stage in stages}
    label = _label(reader, scope, groups)
    piles: dict[tuple[Label, ...], _Pile] = {}
    total = _Pile()
    for deal in found:
        piles.setdefault(label(deal), _Pile()).add(deal, chances[deal.stage_id])
        total.add(deal, chances[deal.stage_id])
    places = {stage.id: place for place, stage in enumerate(stages)}

    def order(each: tuple[Label, ...]) -> tuple[object, ...]:
        first, last = each[0], each[-1]
        rank = places.get(first[0], 0) if groups[0].key == "stage" else 0
        return (not first[0], rank, not last[0], -len(piles[each].listed), last[1])

    ordered = sorted(piles, key=order)
    used = amounts.currencies((deal.currency for deal in found), ())
    columns = _columns(used)
    return Report(
        name="pipeline",
        title="Pipeline",
        **asked(scope),
        columns=(*(Column(group.key, group.label, "text") for group in groups), *columns),
        rows=tuple((*(part[1] for part in each), *_cells(piles[each], used)) for each in ordered),
        totals=dict(zip((c.key for c in columns), _cells(total, used), strict=True)),
        n=len(found),
        method=METHOD,
        warnings=(
            *_warnings(total),
            *unweighed(pipelines, {deal.stage_id for deal in found}),
            *stages_since(reader, scope.as_of),
        ),
        subjects=tuple(
            Behind("listed", deal_ids=tuple(deal.deal_id for deal in _largest(piles[each].listed)))
            for each in ordered
        ),
    )


def _label(
    reader: Reader, scope: Scope, groups: Sequence[Group]
) -> Callable[[Standstill], tuple[Label, ...]]:
    first = labels_in(reader, scope, groups[0])
    if len(groups) == 1:
        return lambda deal: (first(deal.group),)
    rep = labels_in(reader, scope, groups[1])
    return lambda deal: (first(deal.group), rep(deal.owner_id))


def _largest(found: Sequence[Standstill]) -> list[Standstill]:
    """Of each currency the largest amounts first."""
    return sorted(found, key=lambda each: (each.currency, -(each.amount or 0), each.number))


def _columns(used: Sequence[str]) -> list[Column]:
    return [
        Column("count", "Deals", "count"),
        *amounts.amount_columns("sum", "Sum", used),
        *amounts.amount_columns("weighted", "Weighted", used, is_extra=len(used) > 1),
        Column("median_age", "Age d", "days"),
        Column("median_in_stage", "In stage d", "days", is_extra=True),
        Column("too_old", "Too old", "count", is_extra=True),
    ]


def _cells(pile: _Pile, used: Sequence[str]) -> Iterator[Cell]:
    yield len(pile.listed)
    yield from amounts.amount_cells(pile.amount, used)
    rounded = {currency: (sum_ + 50) // 100 for currency, sum_ in pile.weighted.items()}
    yield from amounts.amount_cells(rounded, used)
    yield from (median(pile.age), median(pile.stayed), pile.too_old)


def _warnings(total: _Pile) -> Iterator[str]:
    if total.too_old:
        yield (
            f"{of_so_many(total.too_old, len(total.listed), 'open deal')} older than any deal ever won: "
            "their weighted sum is hardly worth anything."
        )
    unknown = sum(deal.amount is None for deal in total.listed)
    if unknown:
        yield f"{so_many(unknown, 'open deal has', 'open deals have')} no amount."
