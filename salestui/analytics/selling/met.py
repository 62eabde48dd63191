"""Which competitors were met in which deals and at which clients, and what became of the deals."""

from __future__ import annotations

from dataclasses import dataclass

from salestui.analytics.facts import Value
from salestui.analytics.past import end_of, known_on
from salestui.analytics.scope import Scope, conditions
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import to_day

_DEALS = """
SELECT id, outcome, competitor_id, client_id, amount_minor, currency, closed_on, {group}
FROM deal WHERE deleted_at IS NULL AND outcome IN ('open', 'won', 'lost') {conditions}
"""

_SIGHTINGS = """
SELECT competitor_id, deal_id, client_id, seen_on FROM competitor_sighting
WHERE (deleted_at IS NULL OR deleted_at > :until) AND seen_on <= :as_of AND created_at <= :until
"""


@dataclass(frozen=True, slots=True)
class Met:
    """A deal, whom it met (in the order of their keys), and who won it against us, if it was lost so.

    `was_early` says of each whether it was noted before the day the deal was closed.
    """

    deal_id: str
    outcome: str
    client_id: str | None
    amount: int
    currency: str
    group: Value
    lost_to: str | None
    rivals: tuple[str, ...]
    was_early: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Encounters:
    """The deals of a scope with their competitors, and the clients at which each was met."""

    deals: tuple[Met, ...]
    clients: dict[str, frozenset[str]]


def encounters(reader: Reader, scope: Scope, column: str | None = None) -> Encounters:
    """Deals closed in the scope's days, and open ones where every day counts, as known on its day."""
    closed, values = conditions(scope, "closed_on")
    if scope.pipeline_id is not None:
        closed += " AND pipeline_id = :pipeline_id"
        values["pipeline_id"] = scope.pipeline_id
    sql = _DEALS.replace("{group}", f"{column} AS part" if column else "NULL")
    with known_on(reader, scope.as_of) as then:
        rows = then.rows(sql.replace("{conditions}", closed), **values)
    seen: dict[str, dict[str, int]] = {}
    clients: dict[str, set[str]] = {}
    bounds = {"as_of": to_day(scope.as_of), "until": end_of(reader, scope.as_of)}
    at = {row[0]: row[3] for row in rows}
    is_all = scope.is_always and scope.is_of_everything
    for rival, deal_id, client_id, seen_on in reader.rows(_SIGHTINGS, **bounds):
        if deal_id in at:
            own = seen.setdefault(deal_id, {})
            own[rival] = min(own.get(rival, seen_on), seen_on)
        place = client_id or at.get(deal_id)
        if place is not None and (is_all or deal_id in at):
            clients.setdefault(rival, set()).add(place)
    deals = tuple(_met(row, seen.get(row[0], {})) for row in rows)
    for deal in deals:
        for rival in deal.rivals if deal.client_id is not None else ():
            clients.setdefault(rival, set()).add(str(deal.client_id))
    return Encounters(deals, {rival: frozenset(places) for rival, places in clients.items()})


def _met(row: tuple[object, ...], seen: dict[str, int]) -> Met:
    deal_id, outcome, named, client_id, amount, currency, closed_on, group = row
    lost_to = str(named) if named is not None and outcome == Outcome.LOST else None
    rivals = sorted({*seen, *([str(named)] if named is not None else [])})
    early = (
        rival in seen and (closed_on is None or seen[rival] < closed_on)  # type: ignore[operator]
        for rival in rivals
    )
    return Met(
        str(deal_id), str(outcome), client_id, amount or 0, str(currency), group, lost_to,  # type: ignore[arg-type]
        tuple(rivals), tuple(early),
    )  # fmt: skip
