"""A row that the store has already is brought to what its source says now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from salestui.errors import Refused
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
_CLOSED = (Outcome.WON, Outcome.LOST)
_MADE_HERE = frozenset({"id", "sort_key"})


def fetch(unit: Unit, model: type[Kept], ids: Iterable[str]) -> list[Kept]:
    """Load rows in one go; while the list is held, getting one of them asks no database."""
    table: Any = model
    return [
        row
        for some in history.chunks(ids)
        for row in unit.session.execute(select(model).where(table.id.in_(some))).scalars()
    ]


class Changing:
    """Known rows of one table, loaded together with what hangs on them, to be changed one by one."""

    def __init__(self, unit: Unit, model: type[Kept], row_ids: Collection[str]) -> None:
        self.unit, self.model = unit, model
        self._rows = {row.id: row for row in fetch(unit, model, row_ids) if not row.deleted_at}
        self._lines: dict[str, list[DealLine]] = {}
        self._ways: dict[str, _Way] = {}
        self._events: list[dict[str, Any]] = []
        self._buyers: set[str | None] = set()
        if model is Deal:
            self._lines = _lines_of(unit, row_ids)
            self._ways = _ways_of(unit, row_ids)

    def change(self, row_id: str, made: Made, tally: Tally) -> bool:
        """Set what the source says, nothing else; whether anything was different."""
        row = self._rows.get(row_id)
        if row is None:
            raise Refused(f"There is no such {self.model.__tablename__}.")
        try:
            return self._change(row, made, tally)
        except Refused:
            self.unit.session.refresh(row)  # nothing of it is kept
            raise

    def _change(self, row: Any, made: Made, tally: Tally) -> bool:
        columns = {k: v for k, v in made.columns.items() if k not in _MADE_HERE}
        if isinstance(row, Deal):
            return self._change_deal(row, columns, made, tally)
        put(row, columns, required=())
        is_changed = self.unit.session.is_modified(row)
        hanging = []
        if made.media:
            hanging.append(replace_media(self.unit, made.media, **_owner(self.model, row)))
        if made.rep_ids:
            hanging.append(_add_assistants(self.unit, row.id, made.rep_ids))
        if made.contact_ids:
            hanging.append(_add_contacts(self.unit, row.id, made.contact_ids))
        if any(hanging):
            self.unit.mark_changed(row)
        return is_changed or any(hanging)

    def finish(self) -> None:
        """Write what was changed."""
        self.unit.session.flush()
        history.insert_events(self.unit, self._events)
        make_customers(self.unit, self._buyers)

    def _change_deal(self, deal: Deal, columns: dict[str, Any], made: Made, tally: Tally) -> bool:
        before = {name: getattr(deal, name) for name in history.FACTS}
        if columns.get("outcome") == Outcome.OPEN and before["outcome"] in _CLOSED:
            columns.setdefault("forecast_category", ForecastCategory.PIPELINE)
        put(deal, columns, required=())
        is_changed = self.unit.session.is_modified(deal)
        if self._change_line(deal, made):
            self.unit.mark_changed(deal)
            is_changed = True
        steps = self._new_steps(deal, before, made, tally)
        self._events += steps
        if deal.outcome == Outcome.WON and before["outcome"] != Outcome.WON:
            self._buyers.add(deal.client_id)
        return is_changed or bool(steps)

    def _change_line(self, deal: Deal, made: Made) -> bool:
        """The line of the product that the source names; several lines were made here and are left."""
        lines = self._lines.get(deal.id, [])
        if made.line is None or len(lines) > 1:
            return False
        if not lines:
            row = {"deal_id": deal.id, "position": 0, **made.line}
            self.unit.insert_many(DealLine, [row])
            return True
        put(lines[0], {k: v for k, v in made.line.items() if v is not None}, required=())
        return self.unit.session.is_modified(lines[0])

    def _new_steps(
        self, deal: Deal, before: dict[str, Any], made: Made, tally: Tally
    ) -> list[dict[str, Any]]:
        """The dated stages that the source tells now; notes on which day the last change was."""
        way = self._ways.get(deal.id, _Way())
        steps, is_late = steps_to_add(made, way.steps, before["stage_id"])
        if is_late:
            tally.note("day of a stage left out: it lies before what the history knows already")
        is_moved = deal.stage_id != before["stage_id"]
        is_settled = deal.outcome != before["outcome"]
        if is_settled or is_moved:
            self.unit.occurred_on[deal.id] = _day_of(deal, steps, is_settled)
        if steps and not is_settled and steps[-1][0] == deal.stage_id and is_moved:
            steps = steps[:-1]  # the change itself is that step
        was = {name: getattr(deal, name) for name in history.FACTS}
        was |= {name: before[name] for name in ("outcome", "is_active", "loss_reason_id")}
        return [
            was | {"deal_id": deal.id, "seq": seq, "stage_id": stage_id, "occurred_on": day}
            for seq, (stage_id, day) in enumerate(steps, start=way.last_seq + 1)
        ]


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


def _day_of(deal: Deal, steps: Sequence[tuple[str, date]], is_settled: bool) -> date | None:
    """The day of the change that the deal shows now, if the source gives one."""
    if is_settled:
        return deal.closed_on
    return next((day for stage_id, day in reversed(steps) if stage_id == deal.stage_id), None)


@dataclass(slots=True)
class _Way:
    """What the history knows of a deal: its last number, and the stages that stand with their days."""

    last_seq: int = 0
    steps: set[tuple[str, date | None]] = field(default_factory=set)


def _ways_of(unit: Unit, deal_ids: Collection[str]) -> dict[str, _Way]:
    ways: dict[str, _Way] = {}
    for ids in history.chunks(deal_ids):
        query = select(_event).where(_event.c.deal_id.in_(ids)).order_by(_event.c.seq)
        events = list(unit.session.execute(query))
        voided = {event.voids_id for event in events}
        for event in events:
            way = ways.setdefault(event.deal_id, _Way())
            way.last_seq = event.seq
            if event.kind == EventKind.CHANGE and event.id not in voided:
                way.steps.add((event.stage_id, event.occurred_on))
    return ways


def _lines_of(unit: Unit, deal_ids: Collection[str]) -> dict[str, list[DealLine]]:
    table: Any = DealLine
    found: dict[str, list[DealLine]] = {}
    for ids in history.chunks(deal_ids):
        query = select(DealLine).where(table.deal_id.in_(ids), table.deleted_at.is_(None))
        for line in unit.session.execute(query).scalars():
            found.setdefault(line.deal_id, []).append(line)
    return found
