"""Activity: what was done in the period, by whom, how, in which direction and with whom."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from salestui.analytics.groups import (
    DEALS,
    GROUPS,
    PEOPLE,
    TERRITORY,
    TIMES,
    Group,
    Label,
    group_of,
    labels,
)
from salestui.analytics.measures import ratio
from salestui.analytics.only import narrowing
from salestui.analytics.past import known_on
from salestui.analytics.past_activities import Log, activities_on
from salestui.analytics.report import Cell, Column, Interval, Report, share_interval
from salestui.analytics.scope import Scope, asked, conditions
from salestui.analytics.selling.best_third import best_sellers
from salestui.analytics.selling.whom import done_with
from salestui.analytics.stages.deviation import LEAST_DEALS
from salestui.models.vocabulary import Direction
from salestui.queries.territory import territory_of
from salestui.store.reader import Reader
from salestui.text import to_day

_OF_CLIENTS = tuple(key for key in DEALS if GROUPS[key].column == "client_id")
STRUCTURE = ("kind", "direction", "role", "clients")
"""How activities are made up: what the best third's stands beside."""

BY = (*PEOPLE, *STRUCTURE, *_OF_CLIENTS, "territory", "stage", *TIMES)

_OWN = {
    "client_id": "activity.client_id",
    "owner_id": "rep_id",
    TERRITORY: territory_of("activity.", owner="rep_id"),
}
"""What an activity has itself in place of a column of its deal, which it may lack."""

_LEFT_OUT = "Only what belongs to such deals counts: activities of no deal are left out."

METHOD = (
    'Activities done, by the day they were done; tasks still planned do not count. "We" counts '
    'those that we began, "they" those that the client began.'
)
_MORE = {
    "role": " One with several roles counts in each, so the rows add up to more than all.",
    "clients": " Existing: one was won with the client before the deal was created; of no deal, before the "
    "day of the activity.",
    "territory": " Territory: of the client, as it lies today, else where the rep is at home.",
}
"""What is said besides of some groups."""

_SQL = """
SELECT {group} AS part, direction, count(*), CAST(coalesce(sum(duration_minutes), 0) AS BIGINT)
FROM {activity} WHERE state = 'done' {conditions}
GROUP BY part, direction
"""

_ROLES = """
SELECT role, direction, count(*), CAST(coalesce(sum(duration_minutes), 0) AS BIGINT)
FROM (SELECT DISTINCT activity.id, direction, duration_minutes, x.decision_role AS role
      FROM {activity}
      LEFT JOIN activity_contact x ON x.activity_id = activity.id AND {met}
      WHERE activity.state = 'done' {conditions}) AS met
GROUP BY role, direction
"""

_OF_PIPELINE = " AND deal_id IN (SELECT d.id FROM deal d WHERE d.pipeline_id = :pipeline_id)"
_DONE_BY = """ AND on_day <= :as_of
 AND (is_imported OR (activity.created_at <= :until AND (done_at IS NULL OR done_at <= :until)))"""


@dataclass(slots=True)
class _Work:
    """Activities of one row, by direction."""

    count: Counter[str] = field(default_factory=Counter)
    minutes: int = 0

    def add(self, direction: str, count: int, minutes: int) -> None:
        self.count[direction] += count
        self.minutes += minutes


def activity(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The activity report, by rep unless said otherwise."""
    group = group_of(by or "rep", BY, "Activity")
    done = done_in(reader, scope)
    label = labels(reader, group, scope.as_of)
    parts, total = _counted(reader, scope, group, done, label)
    best = _best(reader, scope, group, label) if group.key in STRUCTURE else None
    ordered = sorted(
        parts,
        key=lambda each: (
            not each[0],
            each[0] if group.is_time else "",
            -parts[each].count.total(),
            each[1],
        ),
    )
    return _report(scope, group, [(each, parts[each]) for each in ordered], total, best)


Labels = Callable[[str | int | None], Label]


def _counted(
    reader: Reader,
    scope: Scope,
    group: Group,
    done: Log,
    label: Labels,
) -> tuple[dict[Label, _Work], _Work]:
    """What was done by label, and in all: of roles, one with several counts once in all."""
    parts: dict[Label, _Work] = {}
    total = _Work()
    if group.key == "clients":
        rows: Iterable[tuple[str | None, str, int, int]] = (
            (each.buyer, each.direction, each.number, each.minutes)
            for each in done_with(reader, scope.as_of, done)
        )
    else:
        rows = done.rows(reader, _sql(group))
    for value, direction, count, minutes in rows:
        parts.setdefault(label(value), _Work()).add(direction, count, minutes)
        total.add(direction, count, minutes)
    if group.key == "role":
        total = _Work()
        for _, direction, count, minutes in done.rows(reader, _SQL.replace("{group}", "state")):
            total.add(direction, count, minutes)
    return parts, total


@dataclass(frozen=True, slots=True)
class _Best:
    """What the best third of the reps did, by label and in all, and who they are in words."""

    parts: Mapping[Label, int]
    total: int
    words: str


def _best(reader: Reader, scope: Scope, group: Group, label: Labels) -> _Best | None:
    """`None` where no third can be told, or did too little to have a share of anything."""
    best, count = best_sellers(reader, scope)
    if not best:
        return None
    theirs = replace(scope, owner_ids=tuple(best))
    parts, total = _counted(reader, theirs, group, done_in(reader, theirs), label)
    if total.count.total() < LEAST_DEALS:
        return None
    words = (
        f" Best ⅓: those {len(best)} of the {count} reps with wins who won most in these days, in part by "
        "luck; what they do need not be why."
    )
    return _Best(
        {key: work.count.total() for key, work in parts.items()}, total.count.total(), words
    )


def done_in(reader: Reader, scope: Scope) -> Log:
    """The activities narrowed to the scope, as known on its day; its statements ask for those done."""
    is_past = scope.as_of < reader.today
    own = tuple(each for each in scope.only if each.column in _OWN) if is_past else scope.only
    narrowed, values = conditions(
        replace(scope, only=own), "on_day", owner="rep_id", deal_id="deal_id", own=_OWN
    )
    if is_past:
        of_deals, more = _of_deals_then(reader, scope)
        narrowed += _DONE_BY + of_deals
        values |= {"as_of": to_day(scope.as_of), **more}
    elif scope.pipeline_id is not None:
        narrowed += _OF_PIPELINE
        values["pipeline_id"] = scope.pipeline_id
    return activities_on(reader, scope.as_of).narrowed(narrowed, values)


def _of_deals_then(reader: Reader, scope: Scope) -> tuple[str, dict[str, Any]]:
    """SQL that narrows activities by what their deals were on the scope's day, and its parameters."""
    narrowed, values = narrowing([each for each in scope.only if each.column not in _OWN], None)
    if scope.pipeline_id is not None:
        narrowed += " AND pipeline_id = :pipeline_id"
        values["pipeline_id"] = scope.pipeline_id
    if not narrowed:
        return "", {}
    with known_on(reader, scope.as_of) as then:
        rows = then.rows(f"SELECT id FROM deal WHERE 1 = 1{narrowed}", **values)  # noqa: S608
    listed = reader.listed("deals")
    return f" AND deal_id IN ({listed})", {"deals": json.dumps([row[0] for row in rows])}


def _sql(group: Group) -> str:
    if group.key == "role":
        return _ROLES
    column = group.column_for("on_day")
    return _SQL.replace("{group}", _OWN.get(column, column))


def _report(
    scope: Scope,
    group: Group,
    parts: Sequence[tuple[Label, _Work]],
    total: _Work,
    best: _Best | None,
) -> Report:
    beside = (
        Column("interval", "95 %", "interval", is_extra=True),
        Column("best_third", "Best ⅓", "ratio"),
        Column("best_third_interval", "95 %", "interval", is_extra=True),
    )
    columns = (
        Column("count", "Done", "count"),
        Column("share", "Share", "ratio"),
        *(beside if best is not None else ()),
        Column("out", "We", "count"),
        Column("in", "They", "count"),
        Column("none", "Neither", "count"),
        Column("minutes", "Minutes", "count"),
    )
    totals = zip((c.key for c in columns), _cells(total, total, best and _whole(best)), strict=True)
    return Report(
        name="activity",
        title="Activity",
        **asked(scope),
        columns=(Column(group.key, group.label, "text"), *columns),
        rows=tuple((label[1], *_cells(work, total, best, label)) for label, work in parts),
        totals={key: cell for key, cell in totals if not isinstance(cell, Interval)},
        n=total.count.total(),
        method=METHOD + _MORE.get(group.key, "") + (best.words if best is not None else ""),
        warnings=(_LEFT_OUT,) if any(each.column not in _OWN for each in scope.only) else (),
    )


_ALL: Label = ("", "")


def _whole(best: _Best) -> _Best:
    return replace(best, parts={_ALL: best.total})


def _cells(work: _Work, total: _Work, best: _Best | None, label: Label = _ALL) -> Iterator[Cell]:
    count = work.count.total()
    yield count
    yield ratio(count, total.count.total())
    if best is not None:
        theirs = best.parts.get(label, 0)
        yield share_interval(count, total.count.total())
        yield ratio(theirs, best.total)
        yield share_interval(theirs, best.total)
    for direction in (Direction.OUT, Direction.IN, Direction.NONE):
        yield work.count[direction.value]
    yield work.minutes
