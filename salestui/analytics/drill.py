"""The deals behind a row of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from salestui.analytics.past import copy_names, known_on
from salestui.analytics.scope import Scope, conditions
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import from_day

LISTED = 500
"""Deals listed at once; their number is always given in full."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What a row counts.

    Deals that reached a position, that entered a stage or were decided in it, that were
    closed, or are listed.
    """

    fact: Literal["reached", "entered", "decided", "closed", "listed"]
    pipeline_id: str | None = None
    position: int | None = None
    stage_id: str | None = None
    outcome: str | None = None
    reason_id: str | None = None
    has_reason: bool = False
    """Whether `reason_id` counts: `None` then means that no reason was given."""
    owner_id: str | None = None
    has_owner: bool = False
    """Whether `owner_id` counts: `None` then means that nobody owns them."""
    deal_ids: tuple[str, ...] = ()
    """The deals of "listed", most important first."""

    def of_owner(self, owner_id: str | None) -> Behind:
        """The part of it that one rep owns, or nobody."""
        return replace(self, owner_id=owner_id, has_owner=True)

    def has_reached(self, furthest: int, outcome: str) -> bool:
        """Whether a row of "reached" counts the deals of that furthest position and outcome."""
        if self.outcome is not None and outcome != self.outcome:
            return False
        is_won = self.outcome is None and outcome == Outcome.WON
        return self.position is None or is_won or furthest >= self.position


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal in a list. `on_day` is the day that counts: created, entered or closed; created if listed."""

    deal_id: str
    number: int
    title: str
    client_id: str | None
    client: str | None
    owner: str | None
    stage: str
    outcome: str
    amount_minor: int | None
    currency: str
    on_day: date | None


@dataclass(frozen=True, slots=True)
class DealList:
    """The first of the deals behind a row, latest first, and how many there are."""

    deals: tuple[DealLine, ...]
    count: int


_SQL = """
SELECT d.id, d.number, d.title, d.client_id, c.name, r.name, s.name, d.outcome, d.amount_minor,
       d.currency, shown.on_day, shown.total
FROM (SELECT id, on_day, count(*) OVER () AS total FROM ({picked}) AS picked
      ORDER BY coalesce(on_day, -1000000) DESC, id DESC LIMIT :limit) AS shown
JOIN deal d ON d.id = shown.id
JOIN stage s ON s.id = d.stage_id
LEFT JOIN client c ON c.id = d.client_id
LEFT JOIN rep r ON r.id = d.owner_id
ORDER BY coalesce(shown.on_day, -1000000) DESC, d.id DESC
"""

_REACHED = "SELECT id, created_on AS on_day FROM deal WHERE deleted_at IS NULL"
_ENTERED = (
    "SELECT deal_id AS id, entered_on AS on_day FROM passage WHERE slot >= :slot AND slot < :end"
)
_DECIDED = (
    "SELECT deal_id AS id, on_day FROM (SELECT p.deal_id, p.owner_id, coalesce(p.left_on,"
    " CASE WHEN p.result = 'advanced' AND d.outcome IN ('won', 'lost') THEN d.closed_on END) AS on_day"
    " FROM passage p JOIN deal d ON d.id = p.deal_id WHERE p.stage_id = :stage_id"
    " AND p.result IN ('advanced', 'lost', 'postponed')) AS decided WHERE on_day IS NOT NULL"
)
_CLOSED = (
    "SELECT id, closed_on AS on_day FROM deal"
    " WHERE outcome IN ('won', 'lost') AND deleted_at IS NULL"
)


def deals_behind(reader: Reader, scope: Scope, behind: Behind, *, limit: int = LISTED) -> DealList:
    """The deals that a row of a report of this scope counts, latest first, as known on its day.

    Those that it lists stand in the order of the list.
    """
    with known_on(reader, scope.as_of) as then:
        copy_names(reader, then)
        if behind.fact == "listed":
            return _listed(then, behind.deal_ids, limit)
        picked, values = _picked(scope, behind)
        if behind.has_owner:
            picked += " AND owner_id = :of" if behind.owner_id else " AND owner_id IS NULL"
            values |= {"of": behind.owner_id} if behind.owner_id else {}
        rows = then.rows(_SQL.replace("{picked}", picked), limit=limit, **values)
    return DealList(tuple(map(_line, rows)), rows[0][11] if rows else 0)


def _listed(reader: Reader, deal_ids: Sequence[str], limit: int) -> DealList:
    first = deal_ids[:limit]
    if not first:
        return DealList((), 0)
    named = {f"deal_{i}": deal_id for i, deal_id in enumerate(first)}
    picked = "SELECT id, created_on AS on_day FROM deal WHERE id IN ({})"
    sql = _SQL.replace("{picked}", picked.format(", ".join(":" + name for name in named)))
    rows = reader.rows(sql, limit=limit, **named)
    lines = {row[0]: _line(row) for row in rows}
    found = (lines.get(deal_id) for deal_id in first)
    return DealList(tuple(line for line in found if line is not None), len(deal_ids))


def _line(row: Sequence[Any]) -> DealLine:
    return DealLine(*(*row[:10], None if row[10] is None else from_day(row[10])))


def _picked(scope: Scope, behind: Behind) -> tuple[str, dict[str, Any]]:
    if behind.fact == "decided":
        narrowed, values = conditions(scope, "on_day", deal_id="deal_id")
        return _DECIDED + narrowed, values | {"stage_id": behind.stage_id}
    if behind.fact == "entered":
        narrowed, values = conditions(scope, "entered_on", deal_id="deal_id")
        values |= {"slot": behind.stage_id, "end": f"{behind.stage_id}~"}
        return _ENTERED + narrowed, values
    day = "created_on" if behind.fact == "reached" else "closed_on"
    narrowed, values = conditions(scope, day)
    sql = (_REACHED if behind.fact == "reached" else _CLOSED) + narrowed
    if behind.position is not None:
        is_sale = behind.outcome is None
        sql += (
            " AND (furthest >= :position OR outcome = 'won')"
            if is_sale
            else (" AND furthest >= :position")
        )
        values["position"] = behind.position
    for name, value in (
        ("pipeline_id", behind.pipeline_id),
        ("stage_id", behind.stage_id),
        ("outcome", behind.outcome),
        ("loss_reason_id", behind.reason_id),
    ):
        if value is not None:
            sql += " AND " + name + " = :" + name
            values[name] = value
    if behind.has_reason and behind.reason_id is None:
        sql += " AND loss_reason_id IS NULL"
    return sql, values
