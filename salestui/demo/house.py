"""The demo team's house: reps, pipelines, products and lists, made by the same use cases as real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from salestui import config
from salestui.demo import company
from salestui.demo.company import Seller, Ware
from salestui.models.process import LossReason, Stage
from salestui.models.vocabulary import RepRole
from salestui.store.unit import Unit
from salestui.usecases import people, process, quotas, start
from salestui.usecases.templates import LOSS_REASONS

MONTHS = 18
DAYS = 548
"""How far back the history goes: 18 months."""


@dataclass(frozen=True, slots=True)
class House:
    """Ids by name. `stages` has the stage ids of a pipeline in order; `first_on` begins the history."""

    as_of: date
    first_on: date
    reps: dict[str, str]
    territories: dict[str, str]
    """By the country's code."""
    pipelines: dict[str, str]
    stages: dict[str, list[str]]
    wares: dict[str, str]
    competitors: dict[str, str]
    competitor_products: dict[tuple[str, str], str]
    """(competitor, our product) to the competitor's product."""
    reasons: dict[str, str]


def build(unit: Unit, as_of: date) -> House:
    """Set the team up as it was before its first deal."""
    first_on = as_of - timedelta(days=DAYS)
    now, today = unit.now, unit.today
    unit.now = datetime.combine(first_on - timedelta(days=30), time(8), UTC)
    unit.today = unit.now.date()
    try:
        start.start_lists(unit)
        pipelines = {
            name: process.create_pipeline(
                unit, name=name, stages=[step.template for step in steps]
            ).id
            for name, steps in company.PIPELINES.items()
        }
        wares = {ware.name: _add_ware(unit, ware) for ware in company.WARES}
        territories = _add_territories(unit)
        competitors, rivals = _add_competitors(unit, wares)
        return House(
            as_of=as_of,
            first_on=first_on,
            reps=_add_people(unit, as_of, territories),
            territories=territories,
            pipelines=pipelines,
            stages={name: _stages(unit, key) for name, key in pipelines.items()},
            wares=wares,
            competitors=competitors,
            competitor_products=rivals,
            reasons=_reasons(unit),
        )
    finally:
        unit.now, unit.today = now, today


def _add_ware(unit: Unit, ware: Ware) -> str:
    return process.add_entry(
        unit,
        what="product",
        name=ware.name,
        series=ware.series,
        price_minor=ware.price,
        cost_minor=ware.cost,
        currency="EUR",
    ).id


def _add_competitors(
    unit: Unit, wares: dict[str, str]
) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    found: dict[str, str] = {}
    products: dict[tuple[str, str], str] = {}
    for name, rivals in company.COMPETITORS.items():
        web = "".join(char for char in name.lower() if char.isalpha())
        found[name] = process.add_entry(
            unit, what="competitor", name=name, website=f"www.{web}.example"
        ).id
        for product, ours in rivals:
            products[name, ours] = process.add_entry(
                unit,
                what="competitor product",
                name=product,
                competitor_id=found[name],
                product_id=wares[ours],
            ).id
    return found, products


def _add_territories(unit: Unit) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, countries in company.TERRITORIES.items():
        made = process.add_entry(
            unit, what="territory", name=name, notes=", ".join(each.name for each in countries)
        )
        found |= dict.fromkeys((each.code for each in countries), made.id)
    return found


def _add_people(unit: Unit, as_of: date, territories: dict[str, str]) -> dict[str, str]:
    teams = {
        name: people.create_team(unit, name=name, office=office).id
        for name, office in company.OFFICES.items()
    }
    found: dict[str, str] = {}
    for team, name in company.MANAGERS.items():
        found[name] = people.create_rep(
            unit,
            name=name,
            role=RepRole.MANAGER.value,
            team_id=teams[team],
            started_on=as_of - timedelta(days=2200),
        ).id
    for seller in company.SELLERS:
        found[seller.name] = people.create_rep(
            unit,
            territory_id=territories[seller.countries[0].code],
            **_fields(seller, teams, as_of),
        ).id
        _set_quotas(unit, seller, found[seller.name], as_of)
    return found


def _fields(seller: Seller, teams: dict[str, str], as_of: date) -> dict[str, Any]:
    return {
        "name": seller.name,
        "login": config.login() if seller.name == company.ME else "",
        "team_id": teams[seller.team],
        "started_on": as_of - timedelta(days=seller.started_days_ago),
    }


def _set_quotas(unit: Unit, seller: Seller, rep_id: str, as_of: date) -> None:
    """Of each quarter in which the seller is there."""
    for quarter in quarters(as_of):
        following = quarter_of(quarter + timedelta(days=100))
        if following > as_of - timedelta(days=seller.started_days_ago):
            quotas.set_quota(
                unit,
                rep_id=rep_id,
                first_on=quarter,
                last_on=following - timedelta(days=1),
                amount_minor=seller.quarter,
                currency_code="EUR",
            )


def quarters(as_of: date) -> list[date]:
    """The first days of the quarters that the history touches, and of the next one."""
    found = [quarter_of(as_of - timedelta(days=DAYS))]
    while found[-1] < quarter_of(as_of + timedelta(days=92)):
        found.append(quarter_of(found[-1] + timedelta(days=100)))
    return found


def quarter_of(day: date) -> date:
    """The first day of the quarter that `day` lies in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _stages(unit: Unit, pipeline_id: str) -> list[str]:
    return [
        s.id for s in sorted(unit.live(Stage, pipeline_id=pipeline_id), key=lambda s: s.position)
    ]


def _reasons(unit: Unit) -> dict[str, str]:
    found = {row.name: row.id for row in unit.live(LossReason)}
    return {name: found[name] for name in LOSS_REASONS}
