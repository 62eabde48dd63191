"""Losses: where deals were lost, why, to whom and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.facts import Closed, Value, closed
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, TIMES, Group, Label, group_of, labels
from salestui.analytics.measures import ratio
from salestui.analytics.passages import Tally, losing, tallies
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import Pipeline, chosen, read_pipelines
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.selling.incidence import incidence
from salestui.analytics.selling.winning import stages_of
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import of_so_many

BY = ("stage", "reason", "competitor", *PEOPLE, *DEALS, *TIMES)

METHOD = (
    "Deals by the day they were lost, in the stage they were lost from. The share is of all deals "
    "lost in the period; what became of those that entered a stage, the conversion report says."
)

_METHOD_RATES = (
    " Of entered: of the deals that entered the stage in the period the share that is lost there the first "
    "time for this reason, those still there counted for as long as they have lasted (Aalen-Johansen); "
    "0 % where those lost had entered it before the period, or had come back to it."
)

Pair = tuple[Label, Label]
"""What the first and the second column of a row say."""


_OF_ENTERED = (
    Column("of_entered", "Of entered", "ratio", is_extra=True),
    Column("entered", "Entered", "count", is_extra=True),
)


@dataclass(slots=True)
class _Loss:
    """Lost deals of one row; amounts by currency."""

    behind: Behind
    count: int = 0
    amount: Counter[str] = field(default_factory=Counter)

    def add(self, fact: Closed) -> None:
        """Count some of them."""
        self.count += fact.count
        self.amount[fact.currency] += fact.amount


@dataclass(frozen=True, slots=True)
class Entrants:
    """Deals that entered a stage, and by reason the share of them that is lost there for it.

    `shares` is `None` where none of them has left the stage on a known day.
    """

    count: int
    shares: Mapping[Value, float] | None


def losses(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The losses by stage and reason; `by` a rep, a competitor … by that and the stage."""
    group = group_of(by or "stage", BY, "Losses")
    pipelines = read_pipelines(reader)
    column = group.column_for("closed_on")
    columns = () if column in ("stage_id", "loss_reason_id") else (column,)
    with known_on(reader, scope.as_of) as then:
        facts = closed(then, scope, columns, stage_ids=stages_of(pipelines, scope))
        rates = _lost_of_entered(then, scope) if group.key == "stage" else None
    reasons = labels(reader, GROUPS["reason"])
    if group.key == "stage":
        return build(scope, pipelines, facts, lambda fact: reasons(fact.reason_id), rates)
    stages = stage_labels(scope, pipelines)
    name = labels(reader, group, scope.as_of)

    def pair(fact: Closed) -> Pair:
        value = fact.groups[0] if columns else fact.reason_id
        return name(value), stages.get(fact.stage_id, ("", "no stage"))

    return _report(scope, pipelines, facts, (group, GROUPS["stage"]), pair)


def _lost_of_entered(then: Reader, scope: Scope) -> dict[str, Entrants]:
    """By stage what is lost there of its entrants, each reason a cause of its own."""
    by_stage: dict[str, dict[Value, Counter[int]]] = {}
    for (reason, stage_id), ages in losing(then, scope).items():
        by_stage.setdefault(stage_id, {})[reason] = ages
    return {
        stage_id: _entrants(tally, by_stage.get(stage_id, {}))
        for (_, stage_id), tally in tallies(then, scope).items()
    }


def _entrants(tally: Tally, lost: Mapping[Value, Counter[int]]) -> Entrants:
    if not tally.leaving:
        return Entrants(tally.entered, None)
    causes = [*lost.values(), tally.leaving - tally.losing]
    ended = incidence(causes, tally.staying, tally.entering)
    return Entrants(tally.entered, {reason: ended.at_last(i) for i, reason in enumerate(lost)})


def build(
    scope: Scope,
    pipelines: Sequence[Pipeline],
    facts: Sequence[Closed],
    reason: Callable[[Closed], Label],
    rates: Mapping[str, Entrants] | None = None,
) -> Report:
    """The report by stage and reason from facts already read, with the rates if there are any."""
    stages = stage_labels(scope, pipelines)

    def pair(fact: Closed) -> Pair:
        return stages.get(fact.stage_id, ("", "no stage")), reason(fact)

    return _report(scope, pipelines, facts, (GROUPS["stage"], GROUPS["reason"]), pair, rates)


def _report(
    scope: Scope,
    pipelines: Sequence[Pipeline],
    facts: Sequence[Closed],
    groups: tuple[Group, Group],
    pair: Callable[[Closed], Pair],
    rates: Mapping[str, Entrants] | None = None,
) -> Report:
    lost = [fact for fact in facts if fact.outcome == Outcome.LOST]
    rows: dict[Pair, _Loss] = {}
    total = _Loss(Behind("closed"))
    for fact in lost:
        total.add(fact)
        rows.setdefault(pair(fact), _Loss(_behind(fact))).add(fact)
    used = amounts.currencies(+total.amount, chosen(pipelines, scope.pipeline_id))
    ordered = _ordered(rows, groups[0], pipelines)
    return Report(
        name="losses",
        title="Losses",
        **asked(scope),
        columns=(
            *(Column(group.key, group.label, "text") for group in groups),
            Column("count", "Lost", "count"),
            Column("share", "Share", "ratio"),
            *amounts.amount_columns("sum", "Sum", used),
            *(() if rates is None else _OF_ENTERED),
        ),
        rows=tuple(
            (
                *(first[1], second[1]),
                *_cells(rows[first, second], total, used),
                *(() if rates is None else _of_entered(rates, rows[first, second].behind)),
            )
            for first, second in ordered
        ),
        totals={"count": total.count, **amounts.amount_totals("sum", total.amount, used)},
        n=total.count,
        method=METHOD + ("" if rates is None else _METHOD_RATES),
        warnings=(
            *_unpriced(lost, total.count),
            *(() if rates is None else _unknown(rates, ordered)),
        ),
        subjects=tuple(rows[each].behind for each in ordered) if groups[0].key == "stage" else (),
    )


def _unpriced(lost: Sequence[Closed], count: int) -> Iterator[str]:
    lacking = count - sum(fact.priced for fact in lost)
    if lacking:
        yield f"{of_so_many(lacking, count, 'lost deal')} without an amount: the sums are of the others."


_NOBODY = Entrants(0, None)


def _unknown(rates: Mapping[str, Entrants], pairs: Sequence[Pair]) -> Iterator[str]:
    """Every stage whose entrants say nothing, and why."""
    stages = [label for label in dict.fromkeys(first for first, _ in pairs) if label[0]]
    none = [name for stage_id, name in stages if not rates.get(stage_id, _NOBODY).count]
    if none:
        yield f"No share of entered where none entered in the period: {', '.join(none)}."
    waiting = [
        f"{name} ({each.count:,})"
        for stage_id, name in stages
        if (each := rates.get(stage_id, _NOBODY)).count and each.shares is None
    ]
    if waiting:
        yield (
            "No share of entered where none of those that entered in the period has left on a known day: "
            f"{', '.join(waiting)}."
        )
    never = [
        name
        for stage_id, name in stages
        if (shares := rates.get(stage_id, _NOBODY).shares) is not None and not any(shares.values())
    ]
    if never:
        yield (
            "Lost there only by deals that had entered before the period, or had come back: "
            f"{', '.join(never)}."
        )


def _of_entered(rates: Mapping[str, Entrants], behind: Behind) -> tuple[Cell, Cell]:
    each = rates.get(behind.stage_id or "", _NOBODY)
    share = None if each.shares is None else each.shares.get(behind.reason_id, 0.0)
    return share, each.count


def _behind(fact: Closed) -> Behind:
    return Behind(
        "closed",
        outcome=Outcome.LOST.value,
        stage_id=fact.stage_id,
        reason_id=fact.reason_id,
        has_reason=True,
    )


def _cells(loss: _Loss, total: _Loss, used: Sequence[str]) -> Iterator[Cell]:
    yield loss.count
    yield ratio(loss.count, total.count)
    yield from amounts.amount_cells(loss.amount, used)


def stage_labels(scope: Scope, pipelines: Sequence[Pipeline]) -> Mapping[str, Label]:
    """Stages by id; where the report is of several pipelines, with the name of theirs."""
    is_many = sum(p.is_live for p in chosen(pipelines, scope.pipeline_id)) > 1
    return {
        stage.id: (stage.id, f"{pipeline.name}: {stage.name}" if is_many else stage.name)
        for pipeline in pipelines
        for stage in pipeline.stages
    }


def _ordered(rows: Mapping[Pair, _Loss], group: Group, pipelines: Sequence[Pipeline]) -> list[Pair]:
    """Stages in their order and time in its own; all else by how many were lost."""
    listed = [stage.id for pipeline in pipelines for stage in pipeline.stages]
    places = {stage_id: place for place, stage_id in enumerate(listed)}
    sizes: Counter[Label] = Counter()
    for (first, _), loss in rows.items():
        sizes[first] += loss.count

    def order(pair: Pair) -> tuple[bool, int, str, int, int, str]:
        first, second = pair
        rank = places.get(first[0], 0) if group.key == "stage" else -sizes[first]
        return (
            not first[0],
            0 if group.is_time else rank,
            first[0] if group.is_time else first[1] + first[0],
            places.get(second[0], 0),
            -rows[pair].count,
            second[1],
        )

    return sorted(rows, key=order)
