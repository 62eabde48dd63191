"""Reps, products, competitors, clients, branches and contacts: records as columns."""

from __future__ import annotations

from typing import Any

from salestui.models.people import Team, Territory
from salestui.models.vocabulary import RepRole
from salestui.text import MAX_MINOR
from salestui.text.fold import name_key, sort_key
from salestui.usecases.facts import LONGEST_INDEXED
from salestui.usecases.imports.book import Book
from salestui.usecases.imports.records import Batch, Made, Ref, Tally, Unfit
from salestui.usecases.imports.referring import MAKERS, Values, found, referred

_MEDIA = {"phone": "phone", "email": "e-mail", "web": "web", "address": "address"}
_PLACE = ("street", "city", "postal_code", "country")
_CLIENT = (
    *_PLACE,
    "status",
    "market",
    "region",
    "line_of_business",
    "sector",
    "ownership_form",
    "legal_form",
    "headcount",
    "founded_year",
    "registration_number",
    "vat_number",
    "source",
    "turnover_currency",
)


def plain(values: Values, *names: str) -> dict[str, Any]:
    """The named values that the record has."""
    return {name: values[name] for name in names if name in values}


def notes(values: Values, *names: str) -> dict[str, str]:
    """Texts that several columns fill, a line each."""
    return {name: "\n".join(values[name]) for name in names if name in values}


def short(values: Values, name: str) -> dict[str, str]:
    """A text that stands in an index, if the record has it."""
    text: str = values.get(name, "")
    if len(text) > LONGEST_INDEXED:
        raise Unfit(name, f"{len(text):,} characters; {LONGEST_INDEXED} is the limit")
    return {name: text} if text else {}


def not_negative(values: Values, name: str) -> int | None:
    """An amount that cannot be below nothing."""
    amount: int | None = values.get(name)
    if amount is not None and not 0 <= amount <= MAX_MINOR:
        raise Unfit(name, "an amount cannot be negative or beyond any money")
    return amount


def _name(values: Values) -> str:
    parts = (values.get("first_name", ""), values.get("last_name", ""))
    name: str = values.get("name") or " ".join(part for part in parts if part)
    if not name:
        raise Unfit("name", "the name is empty")
    return name


def _media(values: Values) -> dict[str, list[str]]:
    return {kind: list(values[name]) for name, kind in _MEDIA.items() if name in values}


def rep(book: Book, batch: Batch, values: Values, tally: Tally) -> Made:
    columns = {"name": _name(values)}
    columns |= plain(values, "email", "login", "role", "started_on", "left_on")
    started, left = columns.get("started_on"), columns.get("left_on")
    if started and left and left < started:
        raise Unfit("left_on", "nobody can leave before starting")
    if "team" in values:
        columns["team_id"] = _team(book, values["team"], values, tally)
    if "manager" in values:
        _set_manager(book, values, columns, tally)
    return Made(columns | _territory(book, values, tally))


def _team(book: Book, name: str, values: Values, tally: Tally) -> str:
    return str(book.lists.entry(Team, name, tally, office=values.get("office", "")).id)


def _territory(book: Book, values: Values, tally: Tally) -> dict[str, str]:
    name = values.get("territory")
    return {"territory_id": book.lists.entry(Territory, name, tally).id} if name else {}


def _set_manager(book: Book, values: Values, columns: dict[str, Any], tally: Tally) -> None:
    """A manager leads a team, called after the manager where the file names none."""
    ref: Ref = values["manager"]
    if ref.by == "name" and name_key(ref.text) == name_key(columns["name"]):
        columns["role"] = RepRole.MANAGER
        columns.setdefault("team_id", _team(book, ref.text, values, tally))
        return
    manager_id = found(book, "rep", ref, "manager")
    if "team_id" not in columns:
        columns["team_id"] = _team(book, ref.text, values, tally)
    if manager_id is None:
        if ref.by == "external_id":
            raise Unfit("manager", f"there is no rep with the id '{ref.text}'")
        made = Made({"name": ref.text, "role": RepRole.MANAGER, "team_id": columns["team_id"]})
        if ref.by == "email":
            made.columns["email"] = ref.text
        manager_id = book.add("rep", made)
        tally.note("manager made from the name alone")
    book.managers.setdefault(manager_id, columns["team_id"])


def product(book: Book, batch: Batch, values: Values, tally: Tally) -> Made:
    columns = {"name": _name(values)} | plain(values, "series", "currency")
    for name in ("price", "cost"):
        if name in values:
            columns[f"{name}_minor"] = not_negative(values, name)
    return Made(columns, {"currency": batch.currency or "EUR"})


def competitor(book: Book, batch: Batch, values: Values, tally: Tally) -> Made:
    return Made({"name": _name(values)} | plain(values, "website") | notes(values, "notes"))


def client(book: Book, batch: Batch, values: Values, tally: Tally) -> Made:
    name = _name(values)
    columns = {"name": name, "sort_key": sort_key(name)} | plain(values, *_CLIENT)
    columns |= notes(values, "notes") | _territory(book, values, tally)
    if "turnover" in values:
        columns["turnover_minor"] = not_negative(values, "turnover")
    if "owner" in values:
        columns["owner_id"] = referred(book, batch, values, "owner", "rep", tally)
    refs: dict[str, Ref] = {}
    parent = values.get("parent")
    if parent is not None and not (parent.by == "name" and name_key(parent.text) == name_key(name)):
        refs["parent_id"] = parent
    reps = [_assistant(book, batch, ref, tally) for ref in values.get("assistant", ())]
    return Made(columns, refs=refs, media=_media(values), rep_ids=reps)


def _assistant(book: Book, batch: Batch, ref: Ref, tally: Tally) -> str:
    return str(referred(book, batch, {"assistant": ref}, "assistant", "rep", tally))


def branch(book: Book, batch: Batch, values: Values, tally: Tally) -> Made:
    client_id = needed_client(book, batch, values, tally)
    columns = {"name": _name(values), "client_id": client_id} | plain(values, *_PLACE)
    return Made(columns, media=_media(values))


def needed_client(book: Book, batch: Batch, values: Values, tally: Tally) -> str:
    """The client that a branch or contact belongs to."""
    client_id = referred(book, batch, values, "client", "client", tally)
    if client_id is None:
        raise Unfit("client", "the client is empty")
    return client_id


def contact(book: Book, batch: Batch, values: Values, tally: Tally) -> Made:
    name = _name(values)
    client_id = needed_client(book, batch, values, tally)
    columns: dict[str, Any] = {"name": name, "sort_key": sort_key(name), "client_id": client_id}
    columns |= plain(values, "job_title", "decision_role", "born_on")
    columns |= notes(values, "notes", "private_notes")
    if "branch" in values:
        branch_id = referred(book, batch, values, "branch", "branch", tally, client_id)
        if branch_id is not None and book.client_of("branch", branch_id) != client_id:
            raise Unfit("branch", "it is a branch of another client")
        columns["branch_id"] = branch_id
    refs = {f"{name}_id": values[name] for name in ("reports_to", "assists") if name in values}
    return Made(columns, refs=refs, media=_media(values))


def person(
    book: Book, batch: Batch, values: Values, ref: Ref, client_id: str | None, tally: Tally
) -> tuple[str, str | None]:
    """The contact that a deal or an activity names, and the client: the one given, or the contact's."""
    if client_id is None:
        contact_id: str | None = found(book, "contact", ref, "contact")
        if contact_id is None:
            reason = f"no client is given, and '{ref.text}' is nobody's contact yet"
            raise Unfit("contact", reason)
        return contact_id, book.client_of("contact", contact_id)
    values = {**values, "contact": ref}
    contact_id = referred(book, batch, values, "contact", "contact", tally, client_id)
    if contact_id is None or book.client_of("contact", contact_id) != client_id:
        raise Unfit("contact", f"'{ref.text}' is a contact of another client")
    return contact_id, client_id


MAKERS.update(
    {
        "rep": rep,
        "product": product,
        "competitor": competitor,
        "client": client,
        "branch": branch,
        "contact": contact,
    }
)
