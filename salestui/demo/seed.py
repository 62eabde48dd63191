"""Filling an empty store with the demo team: one write, audited and dated like real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from salestui.demo import activities, clients, company, deals, house, plans
from salestui.demo.clients import Buyer, Row
from salestui.demo.house import House
from salestui.demo.life import Life
from salestui.demo.opening import AS_OF, EDITION, MADE_BY
from salestui.models.clients import CompetitorSighting
from salestui.models.deals import Deal, DealLine
from salestui.models.keys import new_key
from salestui.models.records import Setting
from salestui.models.vocabulary import ClientStatus, Outcome
from salestui.store import history
from salestui.store.unit import Unit

CLIENTS, DEALS = 300, 1200


@dataclass(frozen=True, slots=True)
class Seeded:
    """A store was filled with the demo team."""

    clients: int
    deals: int
    activities: int
    summary: str


def seed_demo(unit: Unit, *, as_of: date, seed: int = 7) -> Seeded:
    """Fill the empty store with 18 months of a team's work up to the day before `as_of`.

    The same `seed` and `as_of` make up the same team; every date is relative to `as_of`.
    """
    rng = Random(seed)
    unit.actor_id, unit.actor = None, "demo"  # nobody's undo takes the team away
    home = house.build(unit, as_of)
    cards = clients.make_up(rng, home, unit.next_numbers("client", CLIENTS))
    lives = deals.roll(rng, home, cards.buyers, DEALS)
    _settle(lives, cards.buyers, as_of)
    log = activities.keep(rng, home, lives, cards.buyers)
    for model, rows in cards.tables():
        unit.insert_many(model, rows)
    unit.insert_many(Deal, _deals(lives, unit.next_numbers("deal", len(lives))))
    unit.insert_many(DealLine, _lines(lives, home))
    history.insert_events(unit, _events(lives))
    unit.insert_many(CompetitorSighting, _sightings(rng, lives, home))
    for model, rows in log.tables():
        unit.insert_many(model, rows)
    plans.plan(unit, home, lives, seed)
    unit.session.add_all(
        [Setting(name=AS_OF, value=as_of.isoformat()), Setting(name=MADE_BY, value=EDITION)]
    )
    return Seeded(
        len(cards.clients),
        len(lives),
        len(log.activities),
        f"Made up a team as of {as_of.isoformat()}",
    )


def _settle(lives: Sequence[Life], buyers: Sequence[Buyer], as_of: date) -> None:
    """Each client's status, from what it has bought."""
    bought: dict[str, date] = {}
    asked = {life.buyer.id for life in lives}
    for life in lives:
        if life.outcome == Outcome.WON and life.closed_on is not None:
            bought[life.buyer.id] = max(bought.get(life.buyer.id, life.closed_on), life.closed_on)
    for buyer in buyers:
        last = bought.get(buyer.id)
        if last is None:
            status = ClientStatus.PROSPECT if buyer.id in asked else ClientStatus.LEAD
        else:
            is_long_ago = as_of - last > timedelta(days=400)
            status = ClientStatus.FORMER if is_long_ago else ClientStatus.CUSTOMER
        buyer.row["status"] = status


def _deals(lives: Sequence[Life], numbers: range) -> list[Row]:
    rows = []
    for life, number in zip(lives, numbers, strict=True):
        head = life.buyer.people[0]
        rows.append(
            {
                "id": life.id,
                "number": number,
                "title": life.title,
                "client_id": life.buyer.id,
                "contact_id": head.id,
                **life.facts,
                "postponed_until_on": life.postponed_until_on,
                "kind": life.kind,
                "source": life.source,
                "created_on": life.created_on,
                "closed_on": life.closed_on,
                "created_at": life.events[0].at,
            }
        )
    return rows


def _lines(lives: Sequence[Life], home: House) -> list[Row]:
    """What the deal is about, from the first exact offer on."""
    return [
        {
            "deal_id": life.id,
            "product_id": home.wares[ware.name],
            "position": position,
            "quantity_milli": count * 1000,
            "unit_price_minor": deals.price(life, ware.price),
            "discount_bp": life.discount_bp,
            "cost_minor": deals.price(life, ware.cost),
            "currency": life.facts["currency"],
            "created_at": life.events[0].at,
        }
        for life in lives
        if life.has_lines
        for position, (ware, count) in enumerate(life.wares)
    ]


def _events(lives: Sequence[Life]) -> list[dict[str, Any]]:
    """Recorded when they happened: a view as of any day sees what was known then."""
    return [
        {
            "deal_id": life.id,
            "seq": seq,
            "occurred_on": event.at.date(),
            "occurred_at": event.at,
            "recorded_at": event.at,
            "actor_id": event.actor_id,
            **event.facts,
        }
        for life in lives
        for seq, event in enumerate(life.events, start=1)
    ]


def _sightings(rng: Random, lives: Sequence[Life], home: House) -> list[Row]:
    """Competitors met: wherever a deal was lost to one, in some that are still open, and in some that were
    won or lost otherwise: of those alone that are lost to it, nobody could say how often it is beaten."""
    rows = []
    for number, life in enumerate(lives):
        rival, seen = life.facts["competitor_id"], life.events[-1].at
        if rival is None and life.outcome == Outcome.OPEN and rng.random() < 0.12:
            rival = home.competitors[rng.choice(list(company.COMPETITORS))]
        if rival is None and life.outcome in (Outcome.WON, Outcome.LOST):
            rival, seen = _met_on_the_way(Random(number), life, home), life.events[0].at
        if rival is None:
            continue
        name = next(name for name, key in home.competitors.items() if key == rival)
        rows.append(
            {
                "id": new_key(),
                "client_id": life.buyer.id,
                "deal_id": life.id,
                "competitor_id": rival,
                "competitor_product_id": home.competitor_products.get((name, life.ware.name)),
                "seen_on": seen.date(),
                "created_at": seen,
            }
        )
    return rows


def _met_on_the_way(rng: Random, life: Life, home: House) -> str | None:
    """The competitor that was met in a deal without deciding it, if any: one with such a product first."""
    is_won = life.outcome == Outcome.WON
    if rng.random() >= (0.16 if is_won else 0.14):
        return None
    fitting = [name for name, sold in home.competitor_products if sold == life.ware.name]
    name = rng.choice(fitting or list(company.COMPETITORS))
    is_finding = name == company.WINNER and life.ware.name == company.SOFTWARE
    if is_won and is_finding and rng.random() < 0.75:
        return None  # there it is hardly beaten
    return home.competitors[name]
