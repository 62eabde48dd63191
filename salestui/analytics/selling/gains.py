"""What is gained: new deals and new clients beside the orders, and new business beside repeat business."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from salestui.analytics import amounts
from salestui.analytics.facts import closed, first_closed, first_wins, reached
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, TIMES, Group, Label, group_of, labels
from salestui.analytics.hindsight import hindsight
from salestui.analytics.measures import ratio
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import chosen, read_pipelines
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked, conditions
from salestui.analytics.selling.winning import stages_of
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import from_day, listed, of_so_many, so_many

BY = (*TIMES, *PEOPLE, "pipeline", *(key for key in DEALS if key not in ("client", "clients")))

METHOD = (
    "Created: deals by the day they came. Won: by the day they were won. New clients: those whose first win "
    "is among them, once each. A deal is new business if its client had bought nothing before the day it was "
    "created, else repeat business; one without client is neither. Per win: of what was created and won in "
    "the same period or group, which are different deals."
)

_WINS = """
SELECT {column}, client_id, closed_on, {buyer} FROM deal
WHERE outcome = 'won' AND deleted_at IS NULL AND client_id IS NOT NULL {conditions}
"""
_EARLY_DAYS = 60
"""Days after the first known close within which the first win of a client says little of it being new."""


@dataclass(slots=True)
class _Gain:
    """Of one row: deals created and won, clients gained; amounts by currency.

    Of clients first won in the `_EARLY_DAYS`: those gained, and deals of theirs that are new business.
    """

    created: int = 0
    won: int = 0
    new: int = 0
    repeat: int = 0
    unpriced: int = 0
    clients: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)
    new_of_early: int = 0
    new_amount: Counter[str] = field(default_factory=Counter)
    repeat_amount: Counter[str] = field(default_factory=Counter)


def gains(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report by month unless said otherwise."""
    group = group_of(by or "month", BY, "What is gained")
    label = labels(reader, group, scope.as_of)
    pipelines = read_pipelines(reader)
    rows: dict[Label, _Gain] = {}
    total = _Gain()

    def both(value: str | int | None) -> tuple[_Gain, _Gain]:
        return total, rows.setdefault(label(value), _Gain())

    with known_on(reader, scope.as_of) as then:
        for came in reached(then, scope, group.column_for("created_on")):
            for gain in both(came.group):
                gain.created += came.count
        columns = (group.column_for("closed_on"), GROUPS["clients"].column)
        for fact in closed(then, scope, columns, stage_ids=stages_of(pipelines, scope)):
            if fact.outcome != Outcome.WON:
                continue
            for gain in both(fact.groups[0]):
                gain.won += fact.count
                gain.unpriced += fact.count - fact.priced
                if fact.groups[1] == "new":
                    gain.new += fact.count
                    gain.new_amount[fact.currency] += fact.amount
                elif fact.groups[1]:
                    gain.repeat += fact.count
                    gain.repeat_amount[fact.currency] += fact.amount
        first, begun = first_wins(then), first_closed(then)
        for value, client_id, day, buyer in _wins(then, scope, group.column_for("closed_on")):
            won_on = first.get(client_id)
            is_early = won_on is not None and begun is not None and won_on < begun + _EARLY_DAYS
            for gain in both(value):
                gain.new_of_early += is_early and buyer == "new"
                if day == won_on:
                    gain.clients.add(client_id)
                    gain.early.update([client_id] if is_early else [])
    used = amounts.currencies(
        [*+total.new_amount, *+total.repeat_amount], chosen(pipelines, scope.pipeline_id)
    )
    ordered = sorted(rows, key=lambda each: _order(each, rows[each], group))
    figures = _columns(used)
    return Report(
        name="gains",
        title="Gains",
        **asked(scope),
        columns=(Column(group.key, group.label, "text"), *figures),
        rows=tuple((each[1], *_cells(rows[each], used)) for each in ordered),
        totals=dict(zip((c.key for c in figures), _cells(total, used), strict=True)),
        n=total.created + total.won,
        method=METHOD,
        warnings=(*_warnings(total, begun), *hindsight(reader, scope, "clients")),
    )


def _wins(
    then: Reader, scope: Scope, column: str
) -> list[tuple[str | int | None, str, int | None, str | None]]:
    """(group, client, day, new or existing) of each win in the scope that has a client."""
    narrow, values = conditions(scope, "closed_on")
    sql = _WINS.replace("{column}", column).replace("{conditions}", narrow)
    return then.rows(sql.replace("{buyer}", GROUPS["clients"].column), **values)


def _order(label: Label, gain: _Gain, group: Group) -> tuple[bool, str, int, str]:
    return not label[0], label[0] if group.is_time else "", -gain.created, label[1]


def _columns(used: Sequence[str]) -> tuple[Column, ...]:
    return (
        Column("created", "Created", "count"),
        Column("new_clients", "New clients", "count"),
        Column("won", "Won", "count"),
        Column("created_per_win", "Created per win", "days"),
        Column("clients_per_win", "New per win", "ratio"),
        Column("new", "New", "count", is_extra=True),
        Column("repeat", "Repeat", "count", is_extra=True),
        Column("share_new", "New business", "ratio"),
        *amounts.amount_columns("new_amount", "New sum", used, is_extra=True),
        *amounts.amount_columns("repeat_amount", "Repeat sum", used, is_extra=True),
    )


def _cells(gain: _Gain, used: Sequence[str]) -> list[Cell]:
    each = ratio(gain.created, gain.won)
    return [
        gain.created,
        len(gain.clients),
        gain.won,
        None if each is None else round(each, 1),
        ratio(len(gain.clients), gain.won),
        gain.new,
        gain.repeat,
        ratio(gain.new, gain.new + gain.repeat),
        *amounts.amount_cells(gain.new_amount, used),
        *amounts.amount_cells(gain.repeat_amount, used),
    ]


def _warnings(total: _Gain, begun: int | None) -> Iterator[str]:
    if begun is not None and (total.early or total.new_of_early):
        parts = [f"{total.new_of_early:,} of {so_many(total.new, 'deal')} of new business"]
        if total.early:
            parts.insert(0, f"{len(total.early):,} of {so_many(len(total.clients), 'new client')}")
        yield (
            f"No deal closed before {from_day(begun).isoformat()} is known. Who was first won within "
            f"{_EARLY_DAYS} days of it may have bought before: {listed(parts)}."
        )
    unknown = total.won - total.new - total.repeat
    if unknown:
        yield (
            f"{of_so_many(unknown, total.won, 'won deal')} without a client: neither new nor repeat "
            "business."
        )
    if total.unpriced:
        lacking = of_so_many(total.unpriced, total.won, "won deal")
        yield f"{lacking} without an amount: the sums are of the others."
