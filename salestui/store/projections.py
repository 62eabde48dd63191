"""Derived tables and columns, brought up to date inside the write that changed their sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select
from sqlmodel import Session, SQLModel

from salestui.models.activities import Activity
from salestui.models.clients import Client, Contact, Medium
from salestui.models.deals import Deal, DealEvent, DealLine, PassageRow
from salestui.models.keys import new_key
from salestui.models.passage import Step, Way, way
from salestui.models.process import Stage
from salestui.models.records import SearchWord
from salestui.models.vocabulary import ActivityState, EventKind
from salestui.store import bulk
from salestui.store.history import FACTS, chunks
from salestui.text.days import from_day, to_day
from salestui.text.fold import phone_words, search_words

if TYPE_CHECKING:
    from salestui.store.unit import Unit

_deal = Deal.__table__  # type: ignore[attr-defined]
_event = DealEvent.__table__  # type: ignore[attr-defined]
_passage = PassageRow.__table__  # type: ignore[attr-defined]
_line = DealLine.__table__  # type: ignore[attr-defined]
_activity = Activity.__table__  # type: ignore[attr-defined]
_stage = Stage.__table__  # type: ignore[attr-defined]
_word = SearchWord.__table__  # type: ignore[attr-defined]
_client = Client.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_medium = Medium.__table__  # type: ignore[attr-defined]

_HISTORY = frozenset(FACTS)
_NAMED = {Client: "client", Contact: "contact", Deal: "deal"}


class Touched:
    """Whose derived rows a write made stale. `history`: deals that need an event of their own."""

    def __init__(self) -> None:
        self.history: set[str] = set()
        self.deals: set[str] = set()
        self.tasks: set[str] = set()
        self.lines: set[str] = set()
        self.words: set[tuple[str, str]] = set()

    def note(self, row: Any, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        """Note one row that the session flushes."""
        if isinstance(row, Deal):
            if before is None or not _HISTORY.isdisjoint(after):
                self.history.add(row.id)
            if before is None or "deleted_at" in after:
                self.deals.add(row.id)
        old = before or {}
        self._note(type(row), row.id, lambda name: (old.get(name), getattr(row, name)))

    def note_many(self, model: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
        """Note rows inserted in bulk; their events come in bulk too."""
        for row in rows:
            if model is Deal:
                self.deals.add(row["id"])
            self._note(model, row["id"], lambda name, row=row: (row[name],))

    def _note(self, model: type[SQLModel], row_id: str, values: Any) -> None:
        if model is Activity:
            self.tasks.update(filter(None, values("deal_id")))
        elif model is DealLine:
            self.lines.update(filter(None, values("deal_id")))
        elif model is Medium:
            self.words.update(("client", key) for key in values("client_id") if key)
            self.words.update(("contact", key) for key in values("contact_id") if key)
        elif model in _NAMED:
            self.words.add((_NAMED[model], row_id))


def refresh(unit: Unit) -> None:
    """Bring everything derived from what this write touched up to date."""
    touched = unit.touched
    stages = _positions(unit.session) if touched.deals else {}
    for ids in chunks(touched.deals):
        refresh_passages(unit.session, ids, stages)
    for ids in chunks(touched.tasks):
        refresh_tasks(unit.session, ids)
    for ids in chunks(touched.lines):
        refresh_products(unit.session, ids)
    for subject in ("client", "contact", "deal"):
        for ids in chunks(row_id for kind, row_id in touched.words if kind == subject):
            refresh_words(unit.session, subject, ids)


def _positions(session: Session) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(select(_stage.c.id, _stage.c.position))}


def refresh_passages(session: Session, ids: Sequence[str], positions: dict[str, int]) -> None:
    """Passages of the deals, and the deal columns that follow from them."""
    session.execute(delete(_passage).where(_passage.c.deal_id.in_(ids)))
    ways = _ways(session, ids, positions)
    deals = session.execute(
        select(
            _deal.c.id,
            _deal.c.pipeline_id,
            _deal.c.owner_id,
            _deal.c.currency,
            _deal.c.amount_minor,
        ).where(_deal.c.id.in_(ids), _deal.c.deleted_at.is_(None))
    )
    rows = []
    for deal_id, pipeline_id, owner_id, currency, amount in deals:
        for passage in ways[deal_id].passages if deal_id in ways else ():
            entered, left = passage.entered_on, passage.left_on
            is_timed = passage.has_left and entered is not None and left is not None
            rows.append(
                {
                    "id": new_key(),
                    "deal_id": deal_id,
                    "pipeline_id": pipeline_id,
                    "stage_id": passage.stage_id,
                    "entered_on": None if entered is None else from_day(entered),
                    "left_on": None if left is None else from_day(left),
                    "days": max(left - entered, 0) if is_timed else None,  # type: ignore[operator]
                    "result": passage.result,
                    "owner_id": owner_id,
                    "currency": currency,
                    "amount_minor": amount,
                }
            )
    bulk.insert_rows(session, _passage, rows)
    derived = [
        {
            "id": deal_id,
            "furthest": found.furthest,
            "stage_since_on": None
            if found.stage_since_on is None
            else from_day(found.stage_since_on),
        }
        for deal_id, found in ways.items()
    ]
    bulk.update_rows(session, _deal, derived)


def _ways(session: Session, ids: Sequence[str], positions: dict[str, int]) -> dict[str, Way]:
    steps: dict[str, list[tuple[str, Step]]] = {}
    voided: set[str] = set()
    query = select(
        _event.c.deal_id,
        _event.c.id,
        _event.c.kind,
        _event.c.voids_id,
        _event.c.stage_id,
        _event.c.outcome,
        _event.c.is_active,
        _event.c.occurred_on,
    ).where(_event.c.deal_id.in_(ids))
    for row in session.execute(query.order_by(_event.c.deal_id, _event.c.seq)):
        if row.kind == EventKind.VOID:
            voided.add(row.voids_id)
            continue
        day = None if row.occurred_on is None else to_day(row.occurred_on)
        step = Step(row.stage_id, row.outcome, row.is_active, day)
        steps.setdefault(row.deal_id, []).append((row.id, step))
    return {
        deal_id: way([step for event_id, step in listed if event_id not in voided], positions)
        for deal_id, listed in steps.items()
    }


def refresh_tasks(session: Session, ids: Sequence[str]) -> None:
    """Each deal's next step (its earliest task) and the day of its last activity."""
    found = {deal_id: [None, None, None] for deal_id in ids}
    planned = (
        select(_activity.c.deal_id, _activity.c.id, _activity.c.due_on)
        .where(
            _activity.c.deal_id.in_(ids),
            _activity.c.state == ActivityState.PLANNED,
            _activity.c.deleted_at.is_(None),
        )
        .order_by(_activity.c.due_on.is_not(None), _activity.c.due_on.desc(), _activity.c.id.desc())
    )
    for deal_id, task_id, due_on in session.execute(planned):
        found[deal_id][:2] = [task_id, due_on]
    done = (
        select(_activity.c.deal_id, func.max(_activity.c.on_day))
        .where(
            _activity.c.deal_id.in_(ids),
            _activity.c.state == ActivityState.DONE,
            _activity.c.deleted_at.is_(None),
        )
        .group_by(_activity.c.deal_id)
    )
    for deal_id, day in session.execute(done):
        found[deal_id][2] = day
    names = ("next_task_id", "next_due_on", "last_activity_on")
    rows = [
        {"id": deal_id, **dict(zip(names, values, strict=True))}
        for deal_id, values in found.items()
    ]
    bulk.update_rows(session, _deal, rows)


def refresh_products(session: Session, ids: Sequence[str]) -> None:
    """Each deal's main product: that of its line with the largest list value."""
    found: dict[str, str | None] = dict.fromkeys(ids)
    value = func.coalesce(_line.c.unit_price_minor, 0) * _line.c.quantity_milli
    query = (
        select(_line.c.deal_id, _line.c.product_id)
        .where(_line.c.deal_id.in_(ids), _line.c.deleted_at.is_(None))
        .order_by(value, _line.c.position.desc())
    )
    for deal_id, product_id in session.execute(query):
        found[deal_id] = product_id
    rows = [{"id": deal_id, "product_id": product} for deal_id, product in found.items()]
    bulk.update_rows(session, _deal, rows)


def refresh_words(session: Session, subject: str, ids: Sequence[str]) -> None:
    """The words by which clients, contacts or deals are found."""
    session.execute(delete(_word).where(_word.c.subject == subject, _word.c.subject_id.in_(ids)))
    words = {"client": _client_words, "contact": _contact_words, "deal": _deal_words}[subject]
    rows = [
        {"word": word, "subject": subject, "subject_id": row_id}
        for row_id, found in words(session, ids).items()
        for word in found
    ]
    bulk.insert_rows(session, _word, rows)


def _client_words(session: Session, ids: Sequence[str]) -> dict[str, set[str]]:
    columns = (_client.c.name, _client.c.city, _client.c.registration_number, _client.c.vat_number)
    query = select(_client.c.id, _client.c.number, *columns).where(
        _client.c.id.in_(ids), _client.c.deleted_at.is_(None)
    )
    found: dict[str, set[str]] = {}
    for row_id, number, *texts in session.execute(query):
        found[row_id] = {str(number)}.union(*(search_words(text) for text in texts if text))
    _add_media(session, _medium.c.client_id, ids, found)
    return found


def _contact_words(session: Session, ids: Sequence[str]) -> dict[str, set[str]]:
    query = select(_contact.c.id, _contact.c.name).where(
        _contact.c.id.in_(ids), _contact.c.deleted_at.is_(None)
    )
    found = {row_id: set(search_words(name)) for row_id, name in session.execute(query)}
    _add_media(session, _medium.c.contact_id, ids, found)
    return found


def _deal_words(session: Session, ids: Sequence[str]) -> dict[str, set[str]]:
    query = select(_deal.c.id, _deal.c.number, _deal.c.title).where(
        _deal.c.id.in_(ids), _deal.c.deleted_at.is_(None)
    )
    return {row[0]: {str(row[1])} | search_words(row[2]) for row in session.execute(query)}


def _add_media(
    session: Session, owner: Any, ids: Sequence[str], found: dict[str, set[str]]
) -> None:
    query = select(owner, _medium.c.kind, _medium.c.value).where(
        owner.in_(ids), _medium.c.deleted_at.is_(None)
    )
    for row_id, kind, value in session.execute(query):
        if row_id in found:
            found[row_id] |= phone_words(value) if kind == "phone" else search_words(value)
