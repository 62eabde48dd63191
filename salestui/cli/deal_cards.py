"""The card of one deal, printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from salestui.cli.cards import LATEST, dealing_row, part
from salestui.cli.output import Money, money, say, say_json

if TYPE_CHECKING:
    from salestui.queries.deal_card import DealCard, Event, Line
    from salestui.queries.deal_steps import DealSteps


def tell(card: DealCard, steps: DealSteps | None, *, as_json: bool) -> None:
    """What the deal is, its products, its history oldest first, its latest dealings."""
    if as_json:
        say_json(_plain(card) | {"steps": None if steps is None else asdict(steps)})
        return
    say(f"{card.deal.title}  (number {card.deal.number})")
    for label, value in _facts(card, steps):
        say(f"    {label}: {value}".replace("\n", "\n        "))
    if card.lines:
        part("Products", [line_row(each) for each in card.lines])
    part("History", [_event(each) for each in card.events])
    part("Latest dealings", [dealing_row(each) for each in card.dealings[:LATEST]])


def line_row(line: Line) -> dict[str, Any]:
    """A product of the deal with its price and sum."""
    from salestui.text import line_minor

    total = line_minor(line.quantity_milli, line.unit_price_minor or 0, line.discount_bp)
    return {
        "product": line.product,
        "quantity": line.quantity_milli / 1000,
        "price": money(line.unit_price_minor, line.currency),
        "discount_percent": line.discount_bp / 100,
        "sum": Money(total, line.currency),
    }


def _plain(card: DealCard) -> dict[str, Any]:
    deal = asdict(card.deal)
    del deal["amount_minor"], deal["currency"]
    deal["amount"] = money(card.deal.amount_minor, card.deal.currency)
    return {
        "deal": deal,
        "stalled": card.stalled,
        "lines": [line_row(each) for each in card.lines],
        "history": [_event(each) for each in card.events],
        "dealings": [asdict(each) for each in card.dealings],
        "competitors_met": [asdict(each) for each in card.sightings],
    }


def _facts(card: DealCard, steps: DealSteps | None) -> Iterator[tuple[str, str]]:
    from salestui.text import format_money

    deal = card.deal
    since = f" since {deal.stage_since_on.isoformat()}" if deal.stage_since_on else ""
    known = deal.amount_minor is not None
    listed = {
        "Client": deal.client,
        "Contact": deal.contact,
        "Stage": f"{deal.stage}{since} ({deal.pipeline}, {deal.probability} %)",
        "Out of order": steps.strays if steps is not None else "",
        "Outcome": _outcome(card),
        "Stands still": ", ".join(card.stalled) if deal.outcome == "open" else "",
        "Amount": format_money(deal.amount_minor or 0, deal.currency) if known else "unknown",
        "Owner": deal.owner,
        "Expected close": deal.expected_close_on if deal.outcome == "open" else None,
        "Forecast category": deal.forecast_category,
        "Kind": f"{deal.kind} business",
        "Created": deal.created_on,
        "Source": deal.source,
        "Competitors met": ", ".join(dict.fromkeys(each.competitor for each in card.sightings)),
        "Notes": deal.notes,
    }
    yield from ((label, str(value)) for label, value in listed.items() if value)


def _outcome(card: DealCard) -> str:
    deal = card.deal
    if deal.outcome == "postponed":
        return f"postponed until {deal.postponed_until_on}"
    closed = f"{deal.outcome} on {deal.closed_on}" if deal.closed_on else deal.outcome
    why = " to ".join(filter(None, (deal.loss_reason, deal.competitor)))
    return f"{closed}: {why}" if why else closed


def _event(event: Event) -> dict[str, Any]:
    return {
        "day": event.occurred_on,
        "recorded": event.recorded_on,
        "by": "import" if event.is_imported else event.actor,
        "stage": event.stage,
        "outcome": event.outcome,
        "owner": event.owner,
        "amount": money(event.amount_minor, event.currency),
        "expected_close": event.expected_close_on,
        "category": event.forecast_category,
    }
