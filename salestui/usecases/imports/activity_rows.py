"""Activities: records as columns."""

from __future__ import annotations

from datetime import date
from typing import Any

from salestui.models.process import ActivityKind
from salestui.models.vocabulary import ActivityState
from salestui.usecases.facts import LONGEST_INDEXED
from salestui.usecases.imports.book import Book
from salestui.usecases.imports.records import Batch, Made, Ref, Tally, Unfit
from salestui.usecases.imports.referring import MAKERS, Values, found, needed, referred
from salestui.usecases.imports.rows import notes, person, plain


def activity(book: Book, batch: Batch, values: Values, tally: Tally) -> Made:
    columns = plain(values, "direction", "subject") | notes(values, "notes", "outcome")
    columns |= _days(book, values) | {"kind": _kind(book, values, tally)}
    if "duration" in values:
        columns["duration_minutes"] = values["duration"]
    people = _parties(book, batch, values, columns, tally)
    if "rep" in values:
        columns["rep_id"] = referred(book, batch, values, "rep", "rep", tally)
    return Made(columns, {"is_imported": True}, contact_ids=people)


def _kind(book: Book, values: Values, tally: Tally) -> str:
    """The kind as its list spells it: activities keep its name."""
    name = values.get("kind", "").casefold()
    if not name:
        raise Unfit("kind", "the kind is empty")
    if len(name) > LONGEST_INDEXED:
        raise Unfit("kind", f"{len(name):,} characters; {LONGEST_INDEXED} is the limit")
    return str(book.lists.entry(ActivityKind, name, tally).name)


def _days(book: Book, values: Values) -> dict[str, Any]:
    """What is done has a day that has been; what lies ahead is a task."""
    done, moment = values.get("done_on", (None, None))
    due, today = values.get("due_on"), book.unit.today
    day: date | None = done or due
    if day is None:
        raise Unfit("done_on", "neither the day done nor the day due is given")
    is_ahead = done is None or done > today
    state = ActivityState(
        values.get("state", ActivityState.PLANNED if is_ahead else ActivityState.DONE)
    )
    if state != ActivityState.DONE:
        return {"state": state, "on_day": due or day, "due_on": due or day, "done_at": None}
    if day > today:
        raise Unfit("done_on" if done else "due_on", f"{day.isoformat()} is not here yet")
    return {"state": state, "on_day": day, "due_on": due, "done_at": moment}


def _parties(
    book: Book, batch: Batch, values: Values, columns: dict[str, Any], tally: Tally
) -> list[str]:
    """Sets client and deal, which tell each other; returns the contacts met."""
    client_id = referred(book, batch, values, "client", "client", tally)
    if "deal" in values:
        columns["deal_id"] = deal_id = _deal(book, values["deal"], client_id)
        theirs = book.client_of("deal", deal_id)
        if client_id is not None and theirs not in (None, client_id):
            raise Unfit("deal", f"'{values['deal'].text}' is a deal of another client")
        client_id = client_id or theirs
    people = []
    for ref in values.get("contact", ()):
        contact_id, client_id = person(book, batch, values, ref, client_id, tally)
        people.append(contact_id)
    if client_id is not None:
        columns["client_id"] = client_id
    return people


def _deal(book: Book, ref: Ref, client_id: str | None) -> str:
    """The deal that an activity names: the client's, if the client has one of that title."""
    own = found(book, "deal", ref, "deal", client_id) if client_id else None
    return own or needed(book, "deal", ref, "deal")


MAKERS["activity"] = activity
