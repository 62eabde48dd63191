"""What is derived, as it should be: computed from history, activities, lines and names, never written here.

`projections.py` writes it inside the write that changed a source, `checking.py` compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import case, func, null, select
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session

from salestui.models.activities import Activity
from salestui.models.buyer import buyer
from salestui.models.clients import Client, Contact, Medium
from salestui.models.deals import Deal, DealEvent, DealLine
from salestui.models.passage import Passage, Step, Way, way
from salestui.models.process import Stage
from salestui.models.vocabulary import ActivityState, Buyer, EventKind, Outcome
from salestui.store.by_ids import ByIds
from salestui.store.history import chunks
from salestui.text.days import from_day, to_day
from salestui.text.fold import phone_words, search_words

_deal = Deal.__table__  # type: ignore[attr-defined]
_event = DealEvent.__table__  # type: ignore[attr-defined]
_line = DealLine.__table__  # type: ignore[attr-defined]
_activity = Activity.__table__  # type: ignore[attr-defined]
_stage = Stage.__table__  # type: ignore[attr-defined]
_client = Client.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_medium = Medium.__table__  # type: ignore[attr-defined]

Fields = dict[str, Any]

_SHARED = ("number", "pipeline_id", "owner_id", "currency", "amount_minor", "buyer")
"""What passages repeat of their deal."""


def _wrong_buyers(of_clients: Any) -> Any:
    """`models/buyer.py` in SQL: (deal, word) of the clients' deals that keep another word."""
    first = (
        select(_deal.c.client_id, func.min(_deal.c.closed_on).label("on"))
        .where(
            of_clients,
            _deal.c.outcome == Outcome.WON,
            _deal.c.deleted_at.is_(None),
            _deal.c.closed_on.is_not(None),
        )
        .group_by(_deal.c.client_id)
        .subquery()
    )
    word = case(
        (_deal.c.created_on.is_(None), null()),
        (first.c.on < _deal.c.created_on, Buyer.EXISTING.value),
        else_=Buyer.NEW.value,
    )
    return (
        select(_deal.c.id, word.label("buyer"))
        .outerjoin(first, first.c.client_id == _deal.c.client_id)
        .where(of_clients, word.is_distinct_from(_deal.c.buyer))
    )


# Made once, as `history.py` says why.
_POSITIONS = select(_stage.c.id, _stage.c.position)
_DEALS = ByIds(
    lambda among: select(*(_deal.c[name] for name in ("id", *_SHARED))).where(
        among(_deal.c.id), _deal.c.deleted_at.is_(None)
    )
)
_FIRST_WINS = ByIds(
    lambda among: (
        select(_deal.c.client_id, func.min(_deal.c.closed_on))
        .where(
            among(_deal.c.client_id),
            _deal.c.outcome == Outcome.WON,
            _deal.c.deleted_at.is_(None),
            _deal.c.closed_on.is_not(None),
        )
        .group_by(_deal.c.client_id)
    )
)
_BOUGHT = ByIds(
    lambda among: select(_deal.c.id, _deal.c.client_id, _deal.c.created_on).where(among(_deal.c.id))
)
_WRONG_BUYERS = ByIds(lambda among: _wrong_buyers(among(_deal.c.client_id)))
_NOBODY_BUYS = ByIds(
    lambda among: select(_deal.c.id, null()).where(
        among(_deal.c.id), _deal.c.client_id.is_(None), _deal.c.buyer.is_not(None)
    )
)
_STEPS = ByIds(
    lambda among: (
        select(
            _event.c.deal_id,
            _event.c.id,
            _event.c.kind,
            _event.c.voids_id,
            _event.c.stage_id,
            _event.c.outcome,
            _event.c.is_active,
            _event.c.occurred_on,
        )
        .where(among(_event.c.deal_id))
        .order_by(_event.c.deal_id, _event.c.seq)
    )
)


def positions(session: Session) -> dict[str, int]:
    """The place of every stage of every pipeline, which orders the passages."""
    return {row[0]: row[1] for row in session.execute(_POSITIONS)}


def passages(
    session: Session, ids: Sequence[str], places: Mapping[str, int]
) -> tuple[list[Fields], list[Fields]]:
    """Rows of `passage` (without `id`) and the columns of `deal` that follow from the deals' history."""
    ways = _ways(session, ids, places)
    deals = _at_hand(session, ids) or _DEALS.run(session, ids)
    rows = [
        _passage({"deal_id": deal_id, **dict(zip(_SHARED, shared, strict=True))}, passage)
        for deal_id, *shared in deals
        for passage in (ways[deal_id].passages if deal_id in ways else ())
    ]
    return rows, [{"id": deal_id, **_of_way(found)} for deal_id, found in ways.items()]


def _at_hand(session: Session, ids: Sequence[str]) -> list[tuple[Any, ...]]:
    """What passages repeat of the deals, if this write has all of these already and changed them."""
    here = [session.identity_map.get(identity_key(Deal, each)) for each in ids]
    if not all(here):
        return []
    return [
        (deal.id, *(getattr(deal, name) for name in _SHARED))
        for deal in here
        if deal is not None and deal.deleted_at is None
    ]


def of_new_deals(
    deals: Sequence[Fields],
    events: Sequence[Fields],
    lines: Sequence[Fields],
    places: Mapping[str, int],
) -> list[Fields]:
    """Rows of `passage` (without `id`) of deals that the store has not seen yet.

    `events` are all they have, oldest first. The derived columns are set in `deals` themselves.
    """
    steps: dict[str, list[Step]] = {}
    for event in events:
        day = event["occurred_on"]
        step = Step(
            event["stage_id"],
            event["outcome"],
            event["is_active"],
            None if day is None else to_day(day),
        )
        steps.setdefault(event["deal_id"], []).append(step)
    sold = _main_products(lines)
    rows = []
    for deal in deals:
        found = way(steps.get(deal["id"], []), places)
        deal.update(_of_way(found), product_id=sold.get(deal["id"]))
        shared = {name: deal.get(name) for name in _SHARED} | {"deal_id": deal["id"]}
        rows += [_passage(shared, passage) for passage in found.passages]
    return rows


def _passage(shared: Fields, passage: Passage) -> Fields:
    return {
        **shared,
        "slot": passage.slot(shared["currency"]),
        "stage_id": passage.stage_id,
        "entered_on": _date(passage.entered_on),
        "left_on": _date(passage.left_on),
        "days": passage.days,
        "result": passage.result,
    }


def _of_way(found: Way) -> Fields:
    return {"furthest": found.furthest, "stage_since_on": _date(found.stage_since_on)}


def _main_products(lines: Sequence[Fields]) -> dict[str, str]:
    """The product of each deal's line with the largest list value, as `products` finds it."""

    def size(line: Fields) -> tuple[int, int]:
        quantity = line.get("quantity_milli", 1000)
        return (line.get("unit_price_minor") or 0) * quantity, -line.get("position", 0)

    return {line["deal_id"]: line["product_id"] for line in sorted(lines, key=size)}


def _date(day: int | None) -> Any:
    return None if day is None else from_day(day)


def _ways(session: Session, ids: Sequence[str], places: Mapping[str, int]) -> dict[str, Way]:
    steps: dict[str, list[tuple[str, Step]]] = {}
    voided: set[str] = set()
    for row in _STEPS.run(session, ids):
        if row.kind == EventKind.VOID:
            voided.add(row.voids_id)
            continue
        day = None if row.occurred_on is None else to_day(row.occurred_on)
        step = Step(row.stage_id, row.outcome, row.is_active, day)
        steps.setdefault(row.deal_id, []).append((row.id, step))
    return {
        deal_id: way([step for event_id, step in listed if event_id not in voided], places)
        for deal_id, listed in steps.items()
    }


def buyers(session: Session, ids: Sequence[str]) -> list[Fields]:
    """Whether each deal's client had bought before."""
    deals = _BOUGHT.run(session, ids).all()
    first = first_wins(session, {deal.client_id for deal in deals})
    return [
        {
            "id": deal.id,
            "buyer": buyer(deal.client_id, deal.created_on, first.get(deal.client_id or "")),
        }
        for deal in deals
    ]


def wrong_buyers(session: Session, ids: Iterable[str], client_ids: Iterable[str]) -> list[Fields]:
    """The same of all deals of the clients, and of those of `ids` that have none, where it is kept wrong.

    Found by the database, for most deals of an import are right; oldest first, as they lie there.
    """
    asked = [(_NOBODY_BUYS, some) for some in chunks(ids)]
    asked += [(_WRONG_BUYERS, some) for some in chunks(client_ids)]
    found = [row for statement, some in asked for row in statement.run(session, some)]
    return [{"id": deal_id, "buyer": now} for deal_id, now in sorted(found, key=itemgetter(0))]


def first_wins(session: Session, client_ids: Iterable[str | None]) -> dict[str, date]:
    """The earliest day on which a deal was won with each client, as `analytics/past_rows.py` says in SQL."""
    return {
        row[0]: row[1]
        for ids in chunks(filter(None, client_ids))
        for row in _FIRST_WINS.run(session, ids)
    }


def set_buyers(session: Session, deals: Sequence[Fields], known: dict[str, date | None]) -> None:
    """Set the column in deals that the store has not seen yet, as far as is `known` so early.

    `known` are the first wins of clients, kept from one call to the next. A win that comes later in
    the same write may tell otherwise: its end brings the column up to date.
    """
    clients = {client_id for deal in deals if (client_id := deal.get("client_id"))}
    asked = clients - known.keys()
    known.update(dict.fromkeys(asked))
    known.update(first_wins(session, asked))
    for deal in deals:
        client_id, won_on = deal.get("client_id"), deal.get("closed_on")
        if client_id and won_on and deal.get("outcome") == Outcome.WON:
            known[client_id] = min(won_on, known[client_id] or won_on)
    for deal in deals:
        client_id = deal.get("client_id")
        deal["buyer"] = buyer(client_id, deal.get("created_on"), known.get(client_id or ""))


def tasks(session: Session, ids: Sequence[str]) -> list[Fields]:
    """Each deal's next step (its earliest task) and the day of its last activity."""
    found: dict[str, list[Any]] = {deal_id: [None, None, None] for deal_id in ids}
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
    return [
        {"id": deal_id, **dict(zip(names, values, strict=True))}
        for deal_id, values in found.items()
    ]


def products(session: Session, ids: Sequence[str]) -> list[Fields]:
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
    return [{"id": deal_id, "product_id": product} for deal_id, product in found.items()]


def words(session: Session, subject: str, ids: Sequence[str]) -> dict[str, set[str]]:
    """The words by which live clients, contacts or deals are found."""
    read = {"client": _client_words, "contact": _contact_words, "deal": _deal_words}[subject]
    return read(session, ids)


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
    return {row[0]: deal_words(row[1], row[2]) for row in session.execute(query)}


def deal_words(number: int, title: str) -> set[str]:
    """The words by which a deal is found."""
    return {str(number)} | _title_words(title)


_title_words = lru_cache(maxsize=4096)(search_words)  # many deals are called after their product


def _add_media(
    session: Session, owner: Any, ids: Sequence[str], found: dict[str, set[str]]
) -> None:
    query = select(owner, _medium.c.kind, _medium.c.value).where(
        owner.in_(ids), _medium.c.deleted_at.is_(None)
    )
    for row_id, kind, value in session.execute(query):
        if row_id in found:
            found[row_id] |= phone_words(value) if kind == "phone" else search_words(value)
