"""Records as rows of the tables: references resolved, what belongs to a row beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from salestui.errors import Refused
from salestui.models.clients import Branch, Client, Contact
from salestui.models.people import Rep, Team
from salestui.models.process import ActivityKind, Competitor, LossReason, Product
from salestui.models.vocabulary import ActivityState, Outcome
from salestui.text import fold, is_currency
from salestui.usecases.imports.book import Book
from salestui.usecases.imports.records import Batch, Record, Ref, Tally

Values = Mapping[str, Any]
_MEDIA = {"phone": "phone", "email": "e-mail", "web": "web", "address": "address"}


@dataclass(slots=True)
class Made:
    """The columns a record fills, and what belongs to the row: media, people, line, stages."""

    columns: dict[str, Any]
    media: dict[str, list[str]] = field(default_factory=dict)
    rep_ids: list[str] = field(default_factory=list)
    contact_ids: list[str] = field(default_factory=list)
    line: dict[str, Any] | None = None
    entered: list[tuple[str, date]] = field(default_factory=list)
    opening_amount: int | None = None
    first_stage_id: str = ""


Maker = Callable[[Book, Batch, Record, Tally], Made]


def _plain(values: Values, *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _media(values: Values) -> dict[str, list[str]]:
    found = {}
    for name, kind in _MEDIA.items():
        if name in values:
            given = values[name]
            found[kind] = [given] if isinstance(given, str) else list(given)
    return found


def _name(values: Values) -> str:
    parts = (values.get("first_name", ""), values.get("last_name", ""))
    name: str = values.get("name") or " ".join(part for part in parts if part)
    if not name:
        raise Refused("the name is empty")
    return name


def _notes(values: Values, *names: str) -> dict[str, str]:
    return {
        name: "\n".join(given) if isinstance(given, list) else given
        for name in names
        if (given := values.get(name)) is not None
    }


def _nested(values: Values, prefix: str) -> dict[str, Any]:
    """What the row says of the client it names: "client.city" and the like."""
    start = f"{prefix}."
    return {path.removeprefix(start): v for path, v in values.items() if path.startswith(start)}


def _currency(code: str) -> str:
    if not is_currency(code):
        raise Refused(f"'{code}' is no currency")
    return code


def rep(book: Book, batch: Batch, record: Record, tally: Tally) -> Made:
    values = record.values
    columns = {"name": _name(values)} | _plain(
        values, "email", "login", "role", "started_on", "left_on"
    )
    office = values.get("office", "")
    if "team" in values:
        columns["team_id"] = book.made(Team, Ref(values["team"]), tally, "team", office=office)
    elif "manager" in values:
        columns["team_id"] = book.team_of(values["manager"].text, office, tally)
    return Made(columns)


def product(book: Book, batch: Batch, record: Record, tally: Tally) -> Made:
    values = record.values
    columns = {"name": _name(values)} | _plain(values, "series")
    for name in ("price", "cost"):
        if name in values:
            columns[f"{name}_minor"] = values[name]
    code = values.get("currency") or batch.currency
    if code:
        columns["currency"] = _currency(code)
    return Made(columns)


def competitor(book: Book, batch: Batch, record: Record, tally: Tally) -> Made:
    values = record.values
    return Made({"name": _name(values)} | _plain(values, "website") | _notes(values, "notes"))


_CLIENT = (
    "status",
    "market",
    "street",
    "city",
    "postal_code",
    "country",
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
)


def client_columns(book: Book, values: Values, tally: Tally) -> dict[str, Any]:
    """The columns of a client that values name."""
    columns = _plain(values, *_CLIENT) | _notes(values, "notes")
    if "turnover" in values:
        columns["turnover_minor"] = values["turnover"]
    if "turnover_currency" in values:
        columns["turnover_currency"] = _currency(values["turnover_currency"])
    if "owner" in values:
        columns["owner_id"] = book.made(Rep, values["owner"], tally, "rep")
    return columns


def client(book: Book, batch: Batch, record: Record, tally: Tally) -> Made:
    values = record.values
    name = _name(values)
    columns = {"name": name, "sort_key": fold(name)} | client_columns(book, values, tally)
    if "parent" in values and fold(values["parent"].text) != fold(name):
        columns["parent_id"] = values["parent"]  # found after all clients are in
    reps = [book.made(Rep, ref, tally, "rep") for ref in values.get("assistant", ())]
    return Made(columns, media=_media(values), rep_ids=reps)


def _client_id(book: Book, values: Values, tally: Tally) -> str | None:
    ref = values.get("client")
    if ref is None:
        return None
    if book.find(Client, ref) is not None:
        return book.find(Client, ref)
    fields = client_columns(book, _nested(values, "client"), tally)
    return book.made(Client, ref, tally, "client", **fields)


def branch(book: Book, batch: Batch, record: Record, tally: Tally) -> Made:
    values = record.values
    columns = {"name": _name(values), "client_id": _client_id(book, values, tally)} | _plain(
        values, "street", "city", "postal_code", "country"
    )
    return Made(columns, media=_media(values))


def contact(book: Book, batch: Batch, record: Record, tally: Tally) -> Made:
    values = record.values
    name = _name(values)
    client_id = _client_id(book, values, tally)
    if client_id is None:
        raise Refused("the client is empty")
    columns = {"name": name, "sort_key": fold(name), "client_id": client_id}
    columns |= _plain(values, "job_title", "decision_role", "born_on")
    columns |= _notes(values, "notes", "private_notes")
    if "branch" in values:
        columns["branch_id"] = book.made(
            Branch, values["branch"], tally, "branch", client_id=client_id
        )
    for name in ("reports_to", "assists"):
        if name in values:
            columns[f"{name}_id"] = values[name]  # found after all contacts are in
    return Made(columns, media=_media(values))


def _contact_id(book: Book, client_id: str | None, ref: Ref) -> str:
    if ref.by == "external_id":
        return book.needed(Contact, ref, "contact")
    found = book.contact(client_id, ref.text) if client_id else None
    if found is None:
        raise Refused(f"there is no contact '{ref.text}' at this client")
    return found


def deal(book: Book, batch: Batch, record: Record, tally: Tally) -> Made:
    values = record.values
    client_id = _client_id(book, values, tally)
    pipeline_id = book.pipeline(batch.pipeline, values.get("pipeline"), tally)
    entered = sorted(
        ((book.stage(pipeline_id, name, tally), day) for name, day in values.get("entered_on", ())),
        key=lambda pair: pair[1],
    )
    outcome = Outcome(values.get("outcome", Outcome.OPEN))
    if "stage" in values:
        stage_id = book.stage(pipeline_id, values["stage"], tally)
    else:
        stage_id = entered[-1][0] if entered else book.first_stage(pipeline_id, tally)
    product_id = (
        book.made(Product, values["product"], tally, "product") if "product" in values else None
    )
    columns = _plain(values, "expected_close_on", "forecast_category", "kind", "source")
    columns |= _notes(values, "notes")
    columns |= {
        "client_id": client_id,
        "pipeline_id": pipeline_id,
        "stage_id": stage_id,
        "outcome": outcome,
        "is_active": outcome == Outcome.OPEN,
        "created_on": values.get("created_on") or (entered[0][1] if entered else None),
        "closed_on": values.get("closed_on") if outcome in (Outcome.WON, Outcome.LOST) else None,
        "postponed_until_on": values.get("postponed_until_on"),
        "currency": _currency(values.get("currency") or batch.currency or "EUR"),
        "title": values.get("title") or _title(values),
    }
    _check_days(columns, entered)
    if "owner" in values:
        columns["owner_id"] = book.made(Rep, values["owner"], tally, "rep")
    if "contact" in values:
        columns["contact_id"] = _contact_id(book, client_id, values["contact"])
    if "loss_reason" in values and outcome == Outcome.LOST:
        columns["loss_reason_id"] = book.made(
            LossReason, Ref(values["loss_reason"]), tally, "loss reason"
        )
    if "competitor" in values:
        columns["competitor_id"] = book.made(Competitor, values["competitor"], tally, "competitor")
    first = book.first_stage(pipeline_id, tally)
    row = Made(columns, entered=entered, first_stage_id=first)
    _price(book, batch, values, row, product_id, tally)
    return row


def _title(values: Values) -> str:
    for name in ("product", "client"):
        if name in values:
            return str(values[name].text)
    raise Refused("title, client and product are all empty")


def _check_days(columns: Values, entered: list[tuple[str, date]]) -> None:
    closed, created = columns["closed_on"], columns["created_on"]
    latest = max([day for _, day in entered] + ([created] if created else []), default=None)
    if closed is not None and latest is not None and closed < latest:
        raise Refused(f"closed on {closed.isoformat()}, before {latest.isoformat()}")


def _price(
    book: Book, batch: Batch, values: Values, row: Made, product_id: str | None, tally: Tally
) -> None:
    """The deal's amount, and its line if it names a product.

    With `amount_from_list_price` an open or lost deal is worth the list price, and a won one was
    until the source told what it was sold for.
    """
    amount = values.get("amount")
    listed = None
    if product_id is not None:
        price, currency = book.price(product_id)
        listed = price if currency == row.columns["currency"] else None
    if batch.amount_from_list_price and listed is not None:
        row.opening_amount = listed
        if amount is None:
            amount = listed
            tally.note("deal without an amount takes its product's list price")
    row.columns["amount_minor"] = amount
    if row.opening_amount is None:
        row.opening_amount = amount
    if product_id is not None:
        quantity = values.get("quantity", 1000)
        price = values.get("unit_price", amount if quantity == 1000 else listed)
        row.line = {
            "product_id": product_id,
            "quantity_milli": quantity,
            "unit_price_minor": price,
            "discount_bp": values.get("discount", 0),
            "currency": row.columns["currency"],
        }


def activity(book: Book, batch: Batch, record: Record, tally: Tally) -> Made:
    from salestui.models.deals import Deal

    values = record.values
    if not values.get("kind"):
        raise Refused("the kind is empty")
    kind = values["kind"].casefold()
    book.made(ActivityKind, Ref(kind), tally, "kind of activity")
    day, moment = values.get("done_on", (None, None))
    due = values.get("due_on")
    state = ActivityState(
        values.get("state", ActivityState.DONE if day is not None else ActivityState.PLANNED)
    )
    if day is None and due is None:
        raise Refused("neither the day done nor the day due is given")
    client_id = _client_id(book, values, tally)
    columns = _plain(values, "direction", "subject") | _notes(values, "notes", "outcome")
    columns |= {
        "kind": kind,
        "state": state,
        "on_day": day if state == ActivityState.DONE and day else due or day,
        "due_on": due,
        "done_at": moment,
        "client_id": client_id,
        "duration_minutes": values.get("duration"),
        "is_imported": True,
    }
    if "deal" in values:
        columns["deal_id"] = book.needed(Deal, values["deal"], "deal")
    if "rep" in values:
        columns["rep_id"] = book.made(Rep, values["rep"], tally, "rep")
    people = [_contact_id(book, client_id, ref) for ref in values.get("contact", ())]
    return Made(columns, contact_ids=people)


MAKERS: dict[str, Maker] = {
    "rep": rep,
    "product": product,
    "competitor": competitor,
    "client": client,
    "branch": branch,
    "contact": contact,
    "deal": deal,
    "activity": activity,
}
