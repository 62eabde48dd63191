"""A deal's history as its source tells it: the days it gives, and no others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from salestui.models.vocabulary import ForecastCategory, Outcome
from salestui.store import history
from salestui.store.unit import Unit
from salestui.usecases.imports.records import Made

Fields = dict[str, Any]
Step = tuple[str, date | None]
"""A stage, and the day it was entered, where the source gives one."""


def events_of(unit: Unit, deal: Fields, made: Made) -> list[Fields]:
    """The events of a new deal; a step that the source gives no day for stays without one."""
    steps = _steps(deal, made)
    base = {name: deal.get(name) for name in history.FACTS} | {"deal_id": deal["id"]}
    before = base | {
        "outcome": Outcome.OPEN,
        "is_active": True,
        "forecast_category": ForecastCategory.PIPELINE,
        "loss_reason_id": None,
        "competitor_id": None,
        "amount_minor": made.opening_amount,
    }
    sale = [step for step in steps if step[0] not in made.after_sale]
    events = [before | {"stage_id": stage, "occurred_on": day} for stage, day in sale]
    if deal["outcome"] == Outcome.OPEN:
        stage, day = sale[-1]
        events[-1] = base | {"stage_id": stage, "occurred_on": day}
    else:
        after = [step for step in steps if step[0] in made.after_sale]
        stage = sale[-1][0] if sale else after.pop(0)[0]
        closed = base | {"stage_id": stage, "occurred_on": deal.get("closed_on")}
        events.append(closed | {"is_active": deal["is_active"] or bool(after)})
        events += [base | {"stage_id": stage, "occurred_on": day} for stage, day in after]
    return _numbered(unit, events)


def _numbered(unit: Unit, events: list[Fields]) -> list[Fields]:
    known_on = None
    for seq in range(len(events), 0, -1):
        event = events[seq - 1]
        known_on = event["occurred_on"] or known_on
        event["seq"] = seq
        # A step without a day of its own was known at the latest with the next dated one.
        event["recorded_at"] = history.recorded_at(unit, known_on)
    return events


def _steps(deal: Fields, made: Made) -> list[Step]:
    """The stages from the first known one to the one the deal is in, or was closed in."""
    steps: list[Step] = list(made.entered)
    created = deal.get("created_on")
    if created is not None and (not made.entered or created < made.entered[0][1]):
        steps.insert(0, (made.first_stage_id, created))
    if not steps or steps[-1][0] != deal["stage_id"]:
        steps.append((deal["stage_id"], None))
    return steps


def steps_to_add(
    made: Made, known: Collection[tuple[str, date | None]], stage_id: str
) -> tuple[list[tuple[str, date]], bool]:
    """The dated stages of a known deal that its history lacks, and whether any came too late.

    The history only grows at its end: what lies before the last day it knows is not put in.
    `stage_id` is where the deal was: to enter that again is nothing new.
    """
    fresh = [step for step in made.entered if step not in known]
    last = max((day for _, day in known if day is not None), default=date.min)
    added: list[tuple[str, date]] = []
    for stage, day in fresh:
        if day >= last and stage != (added[-1][0] if added else stage_id):
            added.append((stage, day))
    return added, len(added) < len(fresh)
