"""New rows of an import, many at once, with all that belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update

from salestui.models.activities import Activity, ActivityContact
from salestui.models.base import Kept
from salestui.models.clients import Client, ClientAssistant, CompetitorSighting, Contact, Medium
from salestui.models.deals import Deal, DealEvent
from salestui.models.vocabulary import (
    ActivityState,
    ClientStatus,
    DecisionRole,
    EventKind,
    Outcome,
)
from salestui.store import history
from salestui.store.new_deals import insert_deals
from salestui.store.unit import Unit
from salestui.usecases.imports.records import Made
from salestui.usecases.imports.way import events_of

_event = DealEvent.__table__  # type: ignore[attr-defined]
_deal = Deal.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]

Fields = dict[str, Any]


def insert_rows(unit: Unit, model: type[Kept], rows: Sequence[Made]) -> None:
    """Insert the rows of one table. What they refer to is in the store already."""
    table = str(model.__tablename__)
    columns = [made.defaults | made.columns for made in rows]
    if model in (Client, Deal):
        for row, number in zip(columns, unit.next_numbers(table, len(rows)), strict=True):
            row["number"] = number
    if model is Deal:
        _insert_deals(unit, columns, rows)
    else:
        if model is Activity:
            _set_stages(unit, columns)
        unit.insert_many(model, columns)
    unit.insert_many(Medium, [row for made in rows for row in _media(table, made)])
    unit.insert_many(
        ClientAssistant,
        [
            {"client_id": made.columns["id"], "rep_id": rep_id}
            for made in rows
            for rep_id in dict.fromkeys(made.rep_ids)
        ],
    )
    meet(unit, [(made.columns["id"], contact) for made in rows for contact in made.contact_ids])


def _media(table: str, made: Made) -> Iterable[Fields]:
    owner: Fields = {"client_id": made.columns["id"], "branch_id": None, "contact_id": None}
    if table != "client":
        owner |= {
            "client_id": made.columns.get("client_id"),
            f"{table}_id": made.columns["id"],
        }
    for kind, values in made.media.items():
        for position, value in enumerate(dict.fromkeys(values)):
            yield owner | {"kind": kind, "value": value, "position": position}


def _insert_deals(unit: Unit, columns: Sequence[Fields], rows: Sequence[Made]) -> None:
    events: list[Fields] = []
    for row, made in zip(columns, rows, strict=True):
        events += events_of(unit, row, made)
    lines = [
        {"deal_id": row["id"], "position": 0, **made.line}
        for row, made in zip(columns, rows, strict=True)
        if made.line is not None
    ]
    insert_deals(unit, columns, events, lines)
    unit.insert_many(CompetitorSighting, [row for deal in columns for row in _sighting(unit, deal)])
    make_customers(
        unit, {row.get("client_id") for row in columns if row.get("outcome") == Outcome.WON}
    )


def _sighting(unit: Unit, deal: Fields) -> Iterable[Fields]:
    """The competitor met in a deal, if the day is known that it was there by.

    Like the deal's imported events it counts as recorded on that day.
    """
    day = deal.get("closed_on") or deal.get("created_on")
    if deal.get("competitor_id") and day is not None:
        yield {
            "client_id": deal.get("client_id"),
            "deal_id": deal["id"],
            "competitor_id": deal["competitor_id"],
            "seen_on": day,
            "created_at": history.recorded_at(unit, day),
        }


def make_customers(unit: Unit, client_ids: Iterable[str | None]) -> None:
    """Who has bought is a customer."""
    clients: Any = Client
    bought = ClientStatus.CUSTOMER
    unit.session.flush()
    for ids in history.chunks(filter(None, client_ids)):
        query = select(clients.id, clients.status).where(
            clients.id.in_(ids), clients.status.in_([ClientStatus.LEAD, ClientStatus.PROSPECT])
        )
        found = unit.session.execute(query).all()
        for client_id, status in found:
            unit.changes.note(Client, client_id, {"status": status}, {"status": bought})
        # In one statement: there may be thousands, and the ORM would send one for each.
        unit.session.execute(
            update(Client)
            .where(clients.id.in_([row[0] for row in found]))
            .values(status=bought, version=clients.version + 1)
            .execution_options(synchronize_session="fetch")
        )


def meet(unit: Unit, pairs: Sequence[tuple[str, str]]) -> None:
    """Contacts met: (activity, contact), in the role that the contact has in the store."""
    roles: dict[str, DecisionRole] = {}
    for ids in history.chunks({contact_id for _, contact_id in pairs}):
        query = select(_contact.c.id, _contact.c.decision_role).where(_contact.c.id.in_(ids))
        roles |= {row[0]: row[1] for row in unit.session.execute(query)}
    unit.insert_many(
        ActivityContact,
        [
            {"activity_id": activity, "contact_id": contact, "decision_role": roles[contact]}
            for activity, contact in dict.fromkeys(pairs)
        ],
    )


def _set_stages(unit: Unit, activities: Sequence[Fields]) -> None:
    """The stage that each activity's deal was in on its day, where the history knows it."""
    for ids in history.chunks({row["deal_id"] for row in activities if row.get("deal_id")}):
        dated = _dated_stages(unit, ids)
        query = select(_deal.c.id, _deal.c.stage_id).where(_deal.c.id.in_(ids))
        now = {row[0]: row[1] for row in unit.session.execute(query)}
        for row in activities:
            deal_id = row.get("deal_id")
            if deal_id is None or deal_id not in now:
                continue
            if row["state"] == ActivityState.PLANNED:
                row["stage_id"] = now[deal_id]
            else:
                row["stage_id"] = _stage_on(row["on_day"], dated.get(deal_id, ()))


def _dated_stages(unit: Unit, ids: Sequence[str]) -> dict[str, list[tuple[date, str]]]:
    voided = select(_event.c.voids_id).where(
        _event.c.voids_id.is_not(None), _event.c.deal_id.in_(ids)
    )
    query = (
        select(_event.c.deal_id, _event.c.occurred_on, _event.c.stage_id)
        .where(
            _event.c.deal_id.in_(ids),
            _event.c.kind == EventKind.CHANGE,
            _event.c.occurred_on.is_not(None),
            _event.c.id.not_in(voided),
        )
        .order_by(_event.c.deal_id, _event.c.seq)
    )
    found: dict[str, list[tuple[date, str]]] = {}
    for deal_id, day, stage_id in unit.session.execute(query):
        found.setdefault(deal_id, []).append((day, stage_id))
    return found


def _stage_on(day: date, dated: Iterable[tuple[date, str]]) -> str | None:
    before = [stage_id for since, stage_id in dated if since <= day]
    return before[-1] if before else None
