"""A row that the store has already is brought to what its source says now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from salestui.models.activities import ActivityContact
from salestui.models.base import Kept
from salestui.models.clients import Client, ClientAssistant
from salestui.models.deals import Deal, DealEvent, DealLine
from salestui.models.vocabulary import EventKind, ForecastCategory, Outcome
from salestui.store import history
from salestui.store.unit import Unit
from salestui.usecases.clients import replace_media
from salestui.usecases.facts import put
from salestui.usecases.imports.inserting import make_customers, meet
from salestui.usecases.imports.records import Made, Tally
from salestui.usecases.imports.way import steps_to_add

_event = DealEvent.__table__  # type: ignore[attr-defined]
_MADE_HERE = frozenset({"id", "sort_key"})


def fetch(unit: Unit, model: type[Kept], ids: Iterable[str]) -> list[Kept]:
    """Load rows in one go; while the list is held, getting one of them asks no database."""
    table: Any = model
    return [
        row
        for some in history.chunks(ids)
        for row in unit.session.execute(select(model).where(table.id.in_(some))).scalars()
    ]


def change(unit: Unit, model: type[Kept], row_id: str, made: Made, tally: Tally) -> bool:
    """Set what the source says, nothing else; whether anything was different."""
    row = unit.get(model, row_id, str(model.__tablename__))
    columns = {k: v for k, v in made.columns.items() if k not in _MADE_HERE}
    if isinstance(row, Deal):
        return _change_deal(unit, row, columns, made, tally)
    put(row, columns, required=())
    is_changed = unit.session.is_modified(row)
    if made.media and replace_media(unit, made.media, **_owner(model, row)):
        unit.raise_version(row)
        is_changed = True
    if made.rep_ids:
        is_changed = _add_assistants(unit, row_id, made.rep_ids) or is_changed
    if made.contact_ids:
        is_changed = _add_contacts(unit, row_id, made.contact_ids) or is_changed
    return is_changed


def _owner(model: type[Kept], row: Any) -> dict[str, str]:
    if model is Client:
        return {"client_id": row.id}
    return {"client_id": row.client_id, f"{model.__tablename__}_id": row.id}


def _add_assistants(unit: Unit, client_id: str, rep_ids: Sequence[str]) -> bool:
    known = {row.rep_id for row in unit.live(ClientAssistant, client_id=client_id)}
    fresh = [rep_id for rep_id in dict.fromkeys(rep_ids) if rep_id not in known]
    unit.insert_many(ClientAssistant, [{"client_id": client_id, "rep_id": i} for i in fresh])
    return bool(fresh)


def _add_contacts(unit: Unit, activity_id: str, contact_ids: Sequence[str]) -> bool:
    known = {row.contact_id for row in unit.live(ActivityContact, activity_id=activity_id)}
    fresh = [contact_id for contact_id in contact_ids if contact_id not in known]
    meet(unit, [(activity_id, contact_id) for contact_id in fresh])
    return bool(fresh)


def _change_deal(unit: Unit, deal: Deal, columns: dict[str, Any], made: Made, tally: Tally) -> bool:
    before = {name: getattr(deal, name) for name in history.FACTS}
    is_reopened = columns.get("outcome") == Outcome.OPEN and before["outcome"] in (
        Outcome.WON,
        Outcome.LOST,
    )
    if is_reopened:
        columns.setdefault("forecast_category", ForecastCategory.PIPELINE)
    put(deal, columns, required=())
    is_changed = unit.session.is_modified(deal)
    is_changed = _change_line(unit, deal, made) or is_changed
    unit.session.flush()
    is_changed = _tell_way(unit, deal, before, made, tally) or is_changed
    if deal.outcome == Outcome.WON and before["outcome"] != Outcome.WON:
        make_customers(unit, [deal.client_id])
    return is_changed


def _change_line(unit: Unit, deal: Deal, made: Made) -> bool:
    """The line of the product that the source names; several lines were made here and are left."""
    if made.line is None:
        return False
    lines = unit.live(DealLine, deal_id=deal.id)
    if len(lines) > 1:
        return False
    if not lines:
        unit.insert_many(DealLine, [{"deal_id": deal.id, "position": 0, **made.line}])
        return True
    said = {name: value for name, value in made.line.items() if value is not None}
    put(lines[0], said, required=())
    return unit.session.is_modified(lines[0])


def _tell_way(unit: Unit, deal: Deal, before: dict[str, Any], made: Made, tally: Tally) -> bool:
    """Add the dated stages that the source tells now, and say on which day the last change was."""
    last_seq, known = _known_steps(unit, deal.id)
    steps, is_late = steps_to_add(made, known, before["stage_id"])
    if is_late:
        tally.note("day of a stage left out: it lies before what the history knows already")
    is_moved = deal.stage_id != before["stage_id"]
    is_settled = deal.outcome != before["outcome"]
    if is_settled or is_moved:
        unit.occurred_on[deal.id] = _day_of(deal, steps, is_settled)
    if steps and not is_settled and steps[-1][0] == deal.stage_id and is_moved:
        steps = steps[:-1]  # the change itself is that step
    was = {name: getattr(deal, name) for name in history.FACTS}
    was |= {name: before[name] for name in ("outcome", "is_active", "loss_reason_id")}
    history.insert_events(
        unit,
        [
            was | {"deal_id": deal.id, "seq": seq, "stage_id": stage_id, "occurred_on": day}
            for seq, (stage_id, day) in enumerate(steps, start=last_seq + 1)
        ],
    )
    return bool(steps)


def _day_of(deal: Deal, steps: Sequence[tuple[str, date]], is_settled: bool) -> date | None:
    """The day of the change that the deal shows now, if the source gives one."""
    if is_settled:
        return deal.closed_on
    return next((day for stage_id, day in reversed(steps) if stage_id == deal.stage_id), None)


def _known_steps(unit: Unit, deal_id: str) -> tuple[int, set[tuple[str, date | None]]]:
    """(last number, stages with their days) of a deal's history, without what was taken back."""
    query = select(_event).where(_event.c.deal_id == deal_id).order_by(_event.c.seq)
    events = list(unit.session.execute(query))
    voided = {event.voids_id for event in events}
    known = {
        (event.stage_id, event.occurred_on)
        for event in events
        if event.kind == EventKind.CHANGE and event.id not in voided
    }
    return (events[-1].seq if events else 0), known
