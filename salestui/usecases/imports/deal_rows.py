"""Deals: records as columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from salestui.models.process import LossReason
from salestui.models.vocabulary import ForecastCategory, Outcome
from salestui.text import MAX_MINOR, line_minor
from salestui.usecases.imports.book import Book
from salestui.usecases.imports.records import Batch, Made, Tally, Unfit
from salestui.usecases.imports.referring import MAKERS, Values, referred
from salestui.usecases.imports.rows import not_negative, notes, person, plain, short

_CATEGORY = {Outcome.WON: ForecastCategory.CLOSED, Outcome.LOST: ForecastCategory.OMITTED}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_WHOLE = 10_000
"""A discount of all of it, in hundredths of a percent."""


def deal(book: Book, batch: Batch, values: Values, tally: Tally) -> Made:
    title = values.get("title") or _title(values)
    _check_days(book.unit.today, values)
    _hope(batch, values)
    terms = _terms(values)
    columns = _parties(book, batch, values, tally)
    columns |= plain(values, "title", "created_on", "expected_close_on", "kind")
    columns |= notes(values, "notes") | short(values, "source")
    made = Made(columns, {"title": title})
    _place(book, batch, values, made, tally)
    _stand(book, batch, values, made, tally)
    _price(book, batch, values, made, terms, tally)
    return made


def _hope(batch: Batch, values: Values) -> None:
    """Many programs have one day of closing: of a deal still open it is the day that is hoped for.

    Where days won and lost have a column each, it is that of an end since taken back.
    """
    is_only = batch.fills.get("closed_on") == 1 and "expected_close_on" not in batch.fills
    if is_only and "closed_on" in values and _outcome(values) == Outcome.OPEN:
        values["expected_close_on"] = values["closed_on"]


def _outcome(values: Values) -> Outcome:
    return _OUTCOMES[values.get("outcome", Outcome.OPEN)]


def _title(values: Values) -> str:
    for name in ("product", "client"):
        ref = values.get(name)
        if ref is not None:
            return str(values.get(f"{name}.name") or ref.text)
    raise Unfit("title", "title, client and product are all empty")


def _parties(book: Book, batch: Batch, values: Values, tally: Tally) -> dict[str, Any]:
    """Whose the deal is."""
    columns: dict[str, Any] = {}
    client_id = referred(book, batch, values, "client", "client", tally)
    if "contact" in values:
        columns["contact_id"], client_id = person(
            book, batch, values, values["contact"], client_id, tally
        )
    if client_id is not None:
        columns["client_id"] = client_id
    if "owner" in values:
        columns["owner_id"] = referred(book, batch, values, "owner", "rep", tally)
    if "competitor" in values:
        columns["competitor_id"] = referred(book, batch, values, "competitor", "competitor", tally)
    return columns


def _place(book: Book, batch: Batch, values: Values, made: Made, tally: Tally) -> None:
    """Pipeline and stage. Where the source names no stage, a new deal stands in its last dated one."""
    pipelines = book.pipelines
    pipeline_id = pipelines.find(batch.pipeline, values.get("pipeline"), tally)
    made.entered = [
        (pipelines.stage(pipeline_id, name, tally, "entered_on").id, day)
        for name, day in values.get("entered_on", ())
    ]
    made.entered.sort(key=lambda step: step[1])
    made.first_stage_id = pipelines.first(pipeline_id).id
    outcome = _outcome(values)
    stage_id = made.entered[-1][0] if made.entered else None
    if "stage" in values:
        stage_id = pipelines.stage(pipeline_id, values["stage"], tally).id
    if stage_id is not None:
        made.columns |= {"pipeline_id": pipeline_id, "stage_id": stage_id}
    elif outcome == Outcome.WON:
        stage_id = pipelines.last(pipeline_id).id
        tally.note("won deal without a stage counts as won from the last one before the sale")
    else:
        stage_id = made.first_stage_id
        if outcome != Outcome.OPEN:
            tally.note(
                f"{outcome.value} deal without a stage counts as {outcome.value} in the first"
            )
    made.defaults |= {"pipeline_id": pipeline_id, "stage_id": stage_id}
    if pipelines.have_after_sale:
        ids = {stage_id, *(step[0] for step in made.entered)}
        made.after_sale = frozenset(filter(pipelines.is_after_sale, ids))


def _stand(book: Book, batch: Batch, values: Values, made: Made, tally: Tally) -> None:
    """How the deal stands, as far as the source says such things at all."""
    outcome = _outcome(values)
    stage_id = made.columns.get("stage_id") or made.defaults["stage_id"]
    is_after = stage_id in made.after_sale
    if is_after and outcome != Outcome.WON:
        raise Unfit("stage", "this stage comes after the sale, but the deal is not won")
    is_closed = outcome in (Outcome.WON, Outcome.LOST)
    standing: dict[str, Any] = {
        "outcome": outcome,
        "is_active": outcome == Outcome.OPEN or is_after,
        "closed_on": values.get("closed_on") if is_closed else None,
        "postponed_until_on": values.get("postponed_until_on")
        if outcome == Outcome.POSTPONED
        else None,
        "loss_reason_id": _loss_reason(book, values, tally) if outcome == Outcome.LOST else None,
    }
    category = values.get("forecast_category") or _CATEGORY.get(outcome)
    if category is not None:
        standing["forecast_category"] = category
    made.defaults["forecast_category"] = ForecastCategory.PIPELINE
    if is_closed:
        _check_order(values, made)
        if "closed_on" not in values:
            tally.note(f"{outcome.value} deal without a day it was closed: no period counts it")
    says_outcome = "outcome" in batch.fills
    (made.columns if says_outcome else made.defaults).update(standing)
    made.defaults["created_on"] = made.entered[0][1] if made.entered else None


def _loss_reason(book: Book, values: Values, tally: Tally) -> str | None:
    name = values.get("loss_reason")
    return book.lists.entry(LossReason, name, tally).id if name else None


def _check_days(today: date, values: Values) -> None:
    """What was done is not ahead."""
    days = [("entered_on", day) for _, day in values.get("entered_on", ())]
    if "created_on" in values:
        days.append(("created_on", values["created_on"]))
    if "closed_on" in values and _outcome(values) in _CATEGORY:
        days.append(("closed_on", values["closed_on"]))
    for path, day in days:
        if day > today:
            raise Unfit(path, f"{day.isoformat()} is not here yet")


def _check_order(values: Values, made: Made) -> None:
    """No deal is closed before it began."""
    begun = [day for stage, day in made.entered if stage not in made.after_sale]
    if "created_on" in values:
        begun.append(values["created_on"])
    closed = values.get("closed_on")
    if closed is not None and begun and closed < max(begun):
        raise Unfit("closed_on", f"closed before {max(begun).isoformat()}")


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a deal is about in numbers, checked. Amounts in minor units."""

    amount: int | None
    unit_price: int | None
    quantity: int
    discount: int


def _terms(values: Values) -> _Terms:
    quantity, discount = values.get("quantity", 1000), values.get("discount", 0)
    if quantity <= 0:
        raise Unfit("quantity", "a quantity is above 0")
    if not 0 <= discount <= _WHOLE:
        raise Unfit("discount", "a discount is from 0 to 100 %")
    amount, unit_price = not_negative(values, "amount"), not_negative(values, "unit_price")
    if amount is None and unit_price is not None:
        amount = line_minor(quantity, unit_price, discount)
        if amount > MAX_MINOR:
            raise Unfit("unit_price", "with this quantity it is beyond any money")
    return _Terms(amount, unit_price, quantity, discount)


def _price(
    book: Book, batch: Batch, values: Values, made: Made, terms: _Terms, tally: Tally
) -> None:
    """The deal's amount, and its line if it names a product.

    With `amount_from_list_price` an open or lost deal is worth the list price, and a won one was
    until the source told what it was sold for.
    """
    pipeline_id = made.columns.get("pipeline_id") or made.defaults["pipeline_id"]
    currency = values.get("currency") or batch.currency or book.pipelines.currency(pipeline_id)
    (made.columns if "currency" in values else made.defaults)["currency"] = currency
    product_id = referred(book, batch, values, "product", "product", tally)
    listed = cost = None
    if product_id is not None:
        price, own_cost, listed_in = book.price(product_id)
        listed, cost = (price, own_cost) if listed_in == currency else (None, None)
        made.line = _line(terms, product_id, listed, cost, currency)
    if terms.amount is not None:
        made.columns["amount_minor"] = terms.amount
    made.opening_amount = terms.amount
    if batch.amount_from_list_price and listed is not None:
        made.opening_amount = listed
        if terms.amount is None:
            made.defaults["amount_minor"] = listed
            tally.note("deal without an amount takes its product's list price")


def _line(
    terms: _Terms, product_id: str, listed: int | None, cost: int | None, currency: str
) -> dict[str, Any]:
    price = terms.unit_price
    if price is None:
        is_plain = terms.quantity == 1000 and terms.discount == 0
        price = terms.amount if is_plain and terms.amount is not None else listed
    return {
        "product_id": product_id,
        "quantity_milli": terms.quantity,
        "unit_price_minor": price,
        "discount_bp": terms.discount,
        "cost_minor": cost,
        "currency": currency,
    }


MAKERS["deal"] = deal
