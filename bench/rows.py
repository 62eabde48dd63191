"""The rows of a store to measure on: a house, its clients, and deals with their history.

Every deal has 6 history events and 10 activities. The use cases here run in the program's own unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

EVENTS, ACTIVITIES = 6, 10
_DAYS = 1095
_MORNING = 8


@dataclass(frozen=True, slots=True)
class House:
    pipeline_id: str
    stages: list[str]
    reps: list[str]
    reasons: list[str]
    products: list[str]


def build(unit: Any) -> House:
    """Seven stages, 50 reps in five teams, the usual lists; I am the first rep."""
    from salestui import config
    from salestui.models.process import LossReason, Stage
    from salestui.usecases import people, process, start

    start.start_lists(unit)
    pipeline = process.create_pipeline(unit, name="Sales", template="consultative")
    process.add_stage(unit, pipeline_id=pipeline.id, name="Qualified", position=2, probability=20)
    teams = [people.create_team(unit, name=f"Team {n}").id for n in range(5)]
    reps = [
        people.create_rep(
            unit,
            name=f"Rep {n:02}",
            team_id=teams[n % 5],
            login=config.login() if n == 0 else "",
        ).id
        for n in range(50)
    ]
    products = [
        process.add_entry(
            unit, what="product", name=f"Product {n}", price_minor=(n + 1) * 50_000, currency="EUR"
        ).id
        for n in range(8)
    ]
    stages = sorted(unit.live(Stage, pipeline_id=pipeline.id), key=lambda stage: stage.position)
    reasons = [row.id for row in unit.live(LossReason)]
    return House(pipeline.id, [stage.id for stage in stages], reps, reasons, products)


def add_clients(unit: Any, rng: Random, house: House, part: range) -> list[str]:
    """Clients of six countries with two contacts and three ways to reach them each."""
    from salestui.demo import clients as cards
    from salestui.demo.company import CLIENTS_IN
    from salestui.models.clients import Client, Contact, Medium
    from salestui.models.keys import new_key
    from salestui.text import fold

    countries = list(CLIENTS_IN)
    rows: dict[str, list[dict[str, Any]]] = {"client": [], "contact": [], "medium": []}
    for number, place in zip(unit.next_numbers("client", len(part)), part, strict=True):
        country = rng.choice(countries)
        trade = rng.choice(country.trades)[0]
        name = country.company.format(owner=rng.choice(country.owners), trade=trade)
        name = f"{name} {rng.choice(country.surnames).man} {place % 97}"
        town, key = rng.choice(country.places), new_key()
        rows["client"].append(
            {
                "id": key,
                "number": number,
                "name": name,
                "sort_key": fold(name),
                "owner_id": rng.choice(house.reps),
                "city": town.city,
                "country": country.name,
                "vat_number": cards.digits(rng, country.vat),
                "registration_number": cards.digits(rng, country.registration),
            }
        )
        for names in (country.men, country.women):
            person = f"{rng.choice(names)} {rng.choice(country.surnames).man}"
            contact = {"id": new_key(), "client_id": key, "name": person, "sort_key": fold(person)}
            rows["contact"].append(contact)
        phone, mail = cards.digits(rng, country.dial), f"info@{cards.latin(name)}.example"
        for kind, value, owner in (
            ("phone", phone, None),
            ("e-mail", mail, None),
            ("phone", cards.digits(rng, country.dial), contact["id"]),
        ):
            rows["medium"].append(
                {"client_id": key, "kind": kind, "value": value, "contact_id": owner}
            )
    unit.insert_many(Client, rows["client"])
    unit.insert_many(Contact, rows["contact"])
    unit.insert_many(Medium, rows["medium"])
    return [row["id"] for row in rows["client"]]


def add_deals(
    unit: Any, rng: Random, house: House, clients: list[str], part: range, every: int
) -> int:
    """Deals spread over three years, with their events and activities; returns the rows written."""
    from salestui.models.activities import Activity
    from salestui.models.deals import Deal, DealLine
    from salestui.store import history

    deals: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    activities: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for number, place in zip(unit.next_numbers("deal", len(part)), part, strict=True):
        is_open = place % every == 0
        life = _life(rng, house, unit.today, is_open=is_open)
        deal = _deal(rng, number, rng.choice(clients), life)
        deals.append(deal)
        lines.append(_line(rng, house, deal))
        events += [{"deal_id": deal["id"], **event} for event in life]
        activities += _activities(rng, deal, life, unit.today)
    unit.insert_many(Deal, deals)
    unit.insert_many(DealLine, lines)
    history.insert_events(unit, events)
    unit.insert_many(Activity, activities)
    return len(deals) + len(lines) + len(events) + len(activities)


def _life(rng: Random, house: House, today: date, *, is_open: bool) -> list[dict[str, Any]]:
    """Six dated events: created, moves and changes, and the end unless it is still open."""
    created = today - timedelta(days=rng.randint(5, _DAYS))
    span = min((today - created).days, 20 + int(rng.expovariate(1 / 60)))
    days = sorted(created + timedelta(days=rng.randint(0, span)) for _ in range(EVENTS - 1))
    moves = rng.randint(0, EVENTS - 1 if is_open else EVENTS - 2)
    reached = 0
    facts: dict[str, Any] = {
        "pipeline_id": house.pipeline_id,
        "stage_id": house.stages[0],
        "owner_id": rng.choice(house.reps),
        "amount_minor": int(rng.lognormvariate(9, 1)) * 100,
        "currency": "EUR",
        "expected_close_on": created + timedelta(days=60),
        "forecast_category": "pipeline",
        "outcome": "open",
        "is_active": True,
        "loss_reason_id": None,
        "competitor_id": None,
    }
    life = [_event(rng, created, facts)]
    for step, day in enumerate(days, start=1):
        if step == EVENTS - 1 and not is_open:
            is_won = rng.random() < 0.45
            facts = facts | {
                "outcome": "won" if is_won else "lost",
                "forecast_category": "closed" if is_won else "omitted",
                "is_active": False,
                "loss_reason_id": None if is_won else rng.choice(house.reasons),
            }
        elif step <= moves:
            reached = min(reached + rng.choice((1, 1, 2)), len(house.stages) - 1)
            facts = facts | {"stage_id": house.stages[reached]}
        elif step % 2:
            facts = facts | {"amount_minor": int(facts["amount_minor"] * rng.uniform(0.8, 1.2))}
        else:
            facts = facts | {"expected_close_on": day + timedelta(days=rng.randint(10, 90))}
        life.append(_event(rng, day, facts))
    return life


def _event(rng: Random, day: date, facts: dict[str, Any]) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, _MORNING, tzinfo=UTC)
    return {"occurred_on": day, "occurred_at": at, "recorded_at": at, "seq": 0, **facts}


def _deal(rng: Random, number: int, client_id: str, life: list[dict[str, Any]]) -> dict[str, Any]:
    from salestui.models.keys import new_key

    for seq, event in enumerate(life, start=1):
        event["seq"] = seq
    last = life[-1]
    dates = ("occurred_on", "occurred_at", "recorded_at", "seq")
    return {
        "id": new_key(),
        "number": number,
        "title": f"Deal {number} for {rng.choice(('racking', 'trucks', 'software', 'service'))}",
        "client_id": client_id,
        **{name: value for name, value in last.items() if name not in dates},
        "created_on": life[0]["occurred_on"],
        "created_at": life[0]["occurred_at"],
        "closed_on": None if last["outcome"] == "open" else last["occurred_on"],
    }


def _line(rng: Random, house: House, deal: dict[str, Any]) -> dict[str, Any]:
    return {
        "deal_id": deal["id"],
        "product_id": rng.choice(house.products),
        "unit_price_minor": deal["amount_minor"],
        "currency": "EUR",
    }


def _activities(
    rng: Random, deal: dict[str, Any], life: list[dict[str, Any]], today: date
) -> list[dict[str, Any]]:
    """Ten in the deal's life; of an open deal the last one is its next step."""
    first, last = life[0]["occurred_on"], life[-1]["occurred_on"]
    span = (last - first).days
    rows = []
    for place in range(ACTIVITIES):
        is_task = deal["outcome"] == "open" and place == ACTIVITIES - 1
        day = today + timedelta(days=rng.randint(-5, 30)) if is_task else None
        day = day or first + timedelta(days=rng.randint(0, span))
        at = datetime(day.year, day.month, day.day, _MORNING, tzinfo=UTC)
        stage = next(event for event in reversed(life) if is_task or event["occurred_on"] <= day)
        rows.append(
            {
                "kind": rng.choice(("call", "meeting", "visit", "e-mail")),
                "direction": rng.choice(("in", "out")),
                "state": "planned" if is_task else "done",
                "subject": "Follow-up",
                "outcome": "" if is_task else "Agreed to go on",
                "on_day": day,
                "due_on": day if is_task else None,
                "done_at": None if is_task else at,
                "duration_minutes": rng.randint(5, 90),
                "client_id": deal["client_id"],
                "deal_id": deal["id"],
                "stage_id": stage["stage_id"],
                "rep_id": deal["owner_id"],
            }
        )
    return rows
