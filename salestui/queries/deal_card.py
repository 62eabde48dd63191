"""One deal with all that is known of it, and its dated history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from salestui.queries.activity_log import DEALINGS, Dealing, dealings_of
from salestui.queries.board import stalled
from salestui.queries.sightings import Sighting, load_sightings
from salestui.store.reader import Reader
from salestui.text.days import from_day, to_day

MOST_DEALINGS = 100


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal's fields with the names they refer to. Money in minor units."""

    deal_id: str
    version: int
    number: int
    title: str
    client_id: str | None
    client: str | None
    contact_id: str | None
    contact: str | None
    pipeline_id: str
    pipeline: str
    stage_id: str
    stage: str
    owner_id: str | None
    owner: str | None
    amount_minor: int | None
    currency: str
    forecast_category: str
    outcome: str
    is_active: bool
    kind: str
    source: str
    notes: str
    loss_reason: str | None
    competitor: str | None
    probability: int
    idle_days: int | None
    has_next_step: bool
    expected_close_on: date | None
    postponed_until_on: date | None
    created_on: date | None
    closed_on: date | None
    stage_since_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A product of the deal. `quantity_milli` in thousandths, `discount_bp` in hundredths of a percent."""

    product_id: str
    product: str
    quantity_milli: int
    unit_price_minor: int | None
    discount_bp: int
    cost_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Event:
    """What was known of the deal from `occurred_on` on; `None` if its source gives no date."""

    occurred_on: date | None
    recorded_on: date
    is_imported: bool
    actor: str | None
    stage: str
    outcome: str
    owner: str | None
    amount_minor: int | None
    currency: str
    expected_close_on: date | None
    forecast_category: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class DealCard:
    """The deal, its products, its history oldest first, and what was done and is planned for it.

    `sightings` are the competitors met in it, the latest first.
    """

    deal: Deal
    lines: tuple[Line, ...]
    events: tuple[Event, ...]
    dealings: tuple[Dealing, ...]
    sightings: tuple[Sighting, ...]
    stalled: tuple[str, ...]
    today: date


_DEAL = """
SELECT d.id, d.version, d.number, d.title, d.client_id, c.name, d.contact_id, k.name,
       d.pipeline_id, p.name, d.stage_id, s.name, d.owner_id, r.name, d.amount_minor, d.currency,
       d.forecast_category, d.outcome, d.is_active, d.kind, d.source, d.notes, l.name, x.name,
       s.probability, s.idle_days, d.next_task_id, d.expected_close_on, d.postponed_until_on,
       d.created_on, d.closed_on, d.stage_since_on
FROM deal d JOIN stage s ON s.id = d.stage_id JOIN pipeline p ON p.id = d.pipeline_id
LEFT JOIN client c ON c.id = d.client_id
LEFT JOIN contact k ON k.id = d.contact_id
LEFT JOIN rep r ON r.id = d.owner_id
LEFT JOIN loss_reason l ON l.id = d.loss_reason_id
LEFT JOIN competitor x ON x.id = d.competitor_id
WHERE d.id = :deal_id AND d.deleted_at IS NULL
"""

_LINES = """
SELECT l.product_id, p.name, l.quantity_milli, l.unit_price_minor, l.discount_bp, l.cost_minor,
       l.currency
FROM deal_line l JOIN product p ON p.id = l.product_id
WHERE l.deal_id = :deal_id AND l.deleted_at IS NULL ORDER BY l.position, l.id
"""

_EVENTS = """
SELECT e.occurred_on, e.recorded_at, e.is_imported, a.name, s.name, e.outcome, r.name,
       e.amount_minor, e.currency, e.expected_close_on, e.forecast_category, e.is_active
FROM deal_event e LEFT JOIN stage s ON s.id = e.stage_id
LEFT JOIN rep r ON r.id = e.owner_id LEFT JOIN rep a ON a.id = e.actor_id
WHERE e.deal_id = :deal_id AND e.kind = 'change'
  AND NOT EXISTS (SELECT 1 FROM deal_event v WHERE v.voids_id = e.id)
ORDER BY e.seq
"""

_DEALINGS = f"""
WITH shown AS (
    SELECT a.id, a.on_day FROM activity a
    WHERE a.deal_id = :deal_id AND a.state <> 'cancelled' AND a.deleted_at IS NULL
    ORDER BY a.on_day DESC, a.id DESC LIMIT :most
) {DEALINGS}
"""  # noqa: S608  (fixed text)


def load_deal(reader: Reader, *, deal_id: str) -> Deal | None:
    """The fields of a deal, or `None` if there is no such deal (any more)."""
    row = reader.row(_DEAL, deal_id=deal_id)
    if row is None:
        return None
    days = (None if day is None else from_day(day) for day in row[27:])
    return Deal(*[*row[:18], bool(row[18]), *row[19:26], row[26] is not None, *days])


def load_deal_card(reader: Reader, *, deal_id: str) -> DealCard | None:
    """All about a deal."""
    deal = load_deal(reader, deal_id=deal_id)
    if deal is None:
        return None
    since = deal.stage_since_on
    return DealCard(
        deal=deal,
        lines=tuple(Line(*row) for row in reader.rows(_LINES, deal_id=deal_id)),
        events=tuple(_event(row) for row in reader.rows(_EVENTS, deal_id=deal_id)),
        dealings=dealings_of(reader.rows(_DEALINGS, deal_id=deal_id, most=MOST_DEALINGS)),
        sightings=load_sightings(reader, deal_id=deal_id),
        stalled=stalled(
            days=None if since is None else max(0, to_day(reader.today) - to_day(since)),
            idle_days=deal.idle_days,
            has_step=deal.has_next_step,
            expected_close_on=deal.expected_close_on if deal.outcome == "open" else None,
            today=reader.today,
        )
        if deal.is_active
        else (),
        today=reader.today,
    )


def _event(row: tuple[Any, ...]) -> Event:
    occurred, recorded, imported, actor, stage, *facts = row
    outcome, owner, amount, currency, close, category, active = facts
    return Event(
        None if occurred is None else from_day(occurred),
        from_day(recorded // 86_400_000_000),
        bool(imported),
        actor,
        stage or "",
        outcome,
        owner,
        amount,
        currency,
        None if close is None else from_day(close),
        category,
        bool(active),
    )
