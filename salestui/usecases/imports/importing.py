"""The import itself: which records are new, which have changed, and everything that hangs on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import PurePath
from typing import Any

from sqlalchemy import select

from salestui.errors import Refused
from salestui.models.activities import Activity, ActivityContact
from salestui.models.base import Kept
from salestui.models.clients import Branch, Client, ClientAssistant, Contact, Medium
from salestui.models.deals import Deal, DealLine
from salestui.models.keys import new_key
from salestui.models.people import Rep
from salestui.models.process import Competitor, Product
from salestui.models.vocabulary import ClientStatus, Outcome
from salestui.store import history
from salestui.store.unit import Unit
from salestui.text import fold
from salestui.usecases.clients import replace_media
from salestui.usecases.facts import put
from salestui.usecases.imports.book import Book
from salestui.usecases.imports.records import Batch, Imported, Record, Ref, Tally
from salestui.usecases.imports.rows import MAKERS, Made
from salestui.usecases.start import start_lists

_CHUNK = 2000
_MODELS: dict[str, type[Kept]] = {
    "rep": Rep,
    "product": Product,
    "competitor": Competitor,
    "client": Client,
    "branch": Branch,
    "contact": Contact,
    "deal": Deal,
    "activity": Activity,
}
_ORDER = tuple(_MODELS)
_BY_NAME = (Rep, Product, Competitor, Client)

Progress = Callable[[str, int], None]


def import_batches(
    unit: Unit, *, batches: Sequence[Batch], progress: Progress | None = None
) -> Imported:
    """Take all records over: what is referred to first, a source's row once however often it comes.

    A record that cannot be used is told through its batch's `problem` and left out; whether the
    rest is kept is the caller's to decide (raise to leave nothing).
    """
    unit.is_import = True
    start_lists(unit)
    books: dict[str, Book] = {}
    tallies = []
    for batch in sorted(batches, key=lambda b: _ORDER.index(b.entity)):
        book = books.setdefault(batch.source, Book(unit, batch.source))
        tally = Tally(batch.name, batch.entity)
        _import(unit, book, batch, tally, progress)
        tallies.append(tally)
    created = sum(tally.created for tally in tallies)
    updated = sum(tally.updated for tally in tallies)
    names = ", ".join(PurePath(batch.name).name for batch in batches)
    return Imported(tuple(tallies), f"Imported {names}: {created} created, {updated} updated")


def _import(unit: Unit, book: Book, batch: Batch, tally: Tally, progress: Progress | None) -> None:
    model = _MODELS[batch.entity]
    later: list[tuple[Record, str, dict[str, Ref]]] = []
    done = 0
    for chunk in _chunks(batch.records):
        _take(unit, book, batch, model, chunk, tally, later)
        done += len(chunk)
        if progress is not None:
            progress(batch.name, done)
    _connect(unit, book, batch, model, later)


def _chunks(records: Iterator[Record]) -> Iterator[list[Record]]:
    while chunk := list(islice(records, _CHUNK)):
        yield chunk


def _take(
    unit: Unit,
    book: Book,
    batch: Batch,
    model: type[Kept],
    chunk: Iterable[Record],
    tally: Tally,
    later: list[tuple[Record, str, dict[str, Ref]]],
) -> None:
    known = book.known(model)
    fresh: list[tuple[Record, Made]] = []
    linked: dict[str, tuple[str, str]] = {}
    for record in chunk:
        row_id, digest = known.get(record.key) or linked.get(record.key) or (None, "")
        if row_id is not None and digest == record.digest:
            tally.unchanged += 1
            continue
        try:
            made = MAKERS[batch.entity](book, batch, record, tally)
            row_id = row_id or _same(book, model, made)
            if row_id is not None:
                refs = _take_refs(made)
                if _change(unit, model, row_id, made):
                    tally.updated += 1
                else:
                    tally.unchanged += 1
            else:
                row_id = made.columns["id"] = new_key()
                refs = _take_refs(made)
                fresh.append((record, made))
                _name(book, model, made)
        except Refused as refusal:
            batch.problem(record.line, "", "", str(refusal))
            continue
        if refs:
            later.append((record, row_id, refs))
        linked[record.key] = (row_id, record.digest)
    _insert(unit, model, [made for _, made in fresh])
    tally.created += len(fresh)
    book.link(model, linked)


def _take_refs(made: Made) -> dict[str, Ref]:
    """References to rows of the same file, which may come later in it."""
    names = [name for name, value in made.columns.items() if isinstance(value, Ref)]
    return {name: made.columns.pop(name) for name in names}


def _same(book: Book, model: type[Kept], made: Made) -> str | None:
    """A row made by hand or named by another file is taken as the one a source means."""
    if model in _BY_NAME:
        return book.find(model, Ref(made.columns["name"]))
    if model is Contact:
        return book.contact(made.columns["client_id"], made.columns["name"])
    return None


def _name(book: Book, model: type[Kept], made: Made) -> None:
    columns = made.columns
    if model in _BY_NAME or model is Branch:
        book.add_name(model, columns["name"], columns["id"])
    elif model is Contact:
        book.add_contact(columns["client_id"], columns["name"], columns["id"])
    elif model is Deal:
        book.add_name(model, columns["title"], columns["id"])


def _insert(unit: Unit, model: type[Kept], rows: Sequence[Made]) -> None:
    """New rows in bulk: all of them with the same columns."""
    if not rows:
        return
    if model in (Client, Deal):
        table = "client" if model is Client else "deal"
        for made, number in zip(rows, unit.next_numbers(table, len(rows)), strict=True):
            made.columns["number"] = number
    unit.insert_many(model, [made.columns for made in rows])
    media, assistants, met, lines, events = [], [], [], [], []
    for made in rows:
        row_id = made.columns["id"]
        owner = {"client_id": row_id, "branch_id": None, "contact_id": None}
        if model is not Client:
            owner |= {
                "client_id": made.columns.get("client_id"),
                f"{model.__tablename__}_id": row_id,
            }
        media += [
            owner | {"kind": kind, "value": value, "position": position}
            for kind, values in made.media.items()
            for position, value in enumerate(values)
        ]
        assistants += [{"client_id": row_id, "rep_id": rep_id} for rep_id in made.rep_ids]
        met += [{"activity_id": row_id, "contact_id": c} for c in made.contact_ids]
        if made.line is not None:
            lines.append({"deal_id": row_id, "position": 0, **made.line})
        if model is Deal:
            events += _events(unit, made)
    unit.insert_many(Medium, media)
    unit.insert_many(ClientAssistant, assistants)
    unit.insert_many(ActivityContact, met)
    unit.insert_many(DealLine, lines)
    history.insert_events(unit, events)
    if model is Deal:
        _make_customers(unit, rows)


def _events(unit: Unit, made: Made) -> list[dict[str, Any]]:
    """The dated facts that the source gives; a step it gives no day for stays without one."""
    columns = made.columns
    is_open = columns["outcome"] == Outcome.OPEN
    steps: list[tuple[str, date | None]] = list(made.entered)
    created = columns["created_on"]
    if created is not None and (not steps or steps[0][1] is None or created < steps[0][1]):
        steps.insert(0, (made.first_stage_id, created))
    if not steps or steps[-1][0] != columns["stage_id"]:
        steps.append((columns["stage_id"], None))
    base = {name: columns.get(name) for name in history.FACTS}
    base |= {"forecast_category": columns.get("forecast_category", "pipeline")}
    before = base | {"outcome": Outcome.OPEN, "is_active": True, "loss_reason_id": None}
    before |= {"competitor_id": None, "amount_minor": made.opening_amount}
    events = [before | {"stage_id": stage, "occurred_on": day} for stage, day in steps]
    if is_open:
        events[-1]["amount_minor"] = columns["amount_minor"]
    else:
        events.append(base | {"occurred_on": columns["closed_on"]})
    known_on = None
    for seq, event in reversed(list(enumerate(events, start=1))):
        known_on = event["occurred_on"] or known_on
        event |= {
            "deal_id": columns["id"],
            "seq": seq,
            # A step without a day of its own was known at the latest with the next dated one.
            "recorded_at": history.recorded_at(unit, known_on),
        }
    return events


def _make_customers(unit: Unit, rows: Sequence[Made]) -> None:
    won = {
        made.columns["client_id"]
        for made in rows
        if made.columns["outcome"] == Outcome.WON and made.columns["client_id"]
    }
    for ids in history.chunks(won):
        clients: Any = Client
        query = select(Client).where(
            clients.id.in_(ids), clients.status.in_([ClientStatus.LEAD, ClientStatus.PROSPECT])
        )
        for client in unit.session.execute(query).scalars():
            client.status = ClientStatus.CUSTOMER
    unit.session.flush()


def _change(unit: Unit, model: type[Kept], row_id: str, made: Made) -> bool:
    """Bring a known row to what its source says now; whether anything was different."""
    row = unit.get(model, row_id, str(model.__tablename__))
    columns = {k: v for k, v in made.columns.items() if k not in ("sort_key", "created_on")}
    if isinstance(row, Deal):
        day = columns.get("closed_on") or (made.entered[-1][1] if made.entered else None)
        if day is not None and day <= unit.today:
            unit.occurred_on[row.id] = day
    put(row, columns, required=())
    is_changed = unit.session.is_modified(row)
    unit.session.flush()
    owner: dict[str, str] = {}
    if model is Client:
        owner = {"client_id": row_id}
    elif model in (Branch, Contact):
        owner = {"client_id": columns["client_id"], f"{model.__tablename__}_id": row_id}
    if owner:
        is_changed = replace_media(unit, made.media, **owner) or is_changed
    return is_changed


def _connect(
    unit: Unit,
    book: Book,
    batch: Batch,
    model: type[Kept],
    later: Iterable[tuple[Record, str, dict[str, Ref]]],
) -> None:
    """Set the references between rows of one file, now that all of them are there."""
    for record, row_id, refs in later:
        row: Any = unit.get(model, row_id, batch.entity)
        for name, ref in refs.items():
            if model is Contact and ref.by == "name":
                found = book.contact(row.client_id, ref.text)
            else:
                found = book.find(model, ref)
            if found is None:
                batch.problem(record.line, name.removesuffix("_id"), ref.text, "there is none such")
            elif found != row_id and fold(ref.text):
                setattr(row, name, found)
    unit.session.flush()
