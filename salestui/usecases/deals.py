"""A deal is made, changed, moved through its stages, handed on, deleted. How it ends: `outcomes.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from salestui.errors import Refused
from salestui.models.clients import Client, Contact
from salestui.models.deals import Deal, DealLine
from salestui.models.process import Pipeline, Product, Stage
from salestui.models.vocabulary import DealKind, Outcome, StageKind
from salestui.store.unit import Unit
from salestui.text import MAX_MINOR, clean, from_day, line_minor, to_day
from salestui.usecases.clients import create_client
from salestui.usecases.facts import Saved, put
from salestui.usecases.people import working
from salestui.usecases.references import refuse_if_used

MOST_MILLI = 10**12
"""The largest quantity, in thousandths: with a price to match it is still within money."""


@dataclass(frozen=True, slots=True)
class Line:
    """A product in a deal. `quantity_milli` in thousandths, `discount_bp` in hundredths of a percent."""

    product_id: str
    quantity_milli: int = 1000
    unit_price_minor: int | None = None
    discount_bp: int = 0
    cost_minor: int | None = None


def create_deal(
    unit: Unit,
    /,
    *,
    title: str = "",
    client_id: str | None = None,
    new_client: str = "",
    pipeline_id: str | None = None,
    stage_id: str | None = None,
    owner_id: str | None = None,
    amount_minor: int | None = None,
    currency: str | None = None,
    lines: Sequence[Line] = (),
    **fields: Any,
) -> Saved:
    """A new open deal in the first stage (or `stage_id`), owned by the actor unless said otherwise.

    `new_client` is the name of a client that is not there yet: it is created with the deal.
    """
    if new_client:
        client_id = create_client(unit, name=new_client).id
    client = unit.get(Client, client_id, "client") if client_id else None
    pipeline = _pipeline(unit, pipeline_id, stage_id)
    stages = stages_of(unit, pipeline.id)
    stage = next((s for s in stages if s.id == stage_id), stages[0])
    if stage.kind == StageKind.AFTER_SALE:
        raise Refused(f"'{stage.name}' comes after the sale: a new deal starts before it.")
    name = clean(title) or (client.name if client else "")
    if not name:
        raise Refused("A deal needs a title or a client.")
    deal = Deal(
        number=unit.next_numbers("deal")[0],
        title=name,
        client_id=client_id,
        pipeline_id=pipeline.id,
        stage_id=stage.id,
        owner_id=working(unit, owner_id).id if owner_id else unit.actor_id,
        currency=currency or pipeline.currency,
        created_on=unit.today,
        kind=_kind(unit, client_id),
    )
    set_amount(deal, amount_minor)
    put(deal, fields | ({"currency": currency} if currency else {}), required=("title",))
    _check_contact(unit, deal, is_chosen=True)
    unit.add(deal)
    if lines:
        _replace_lines(unit, deal, lines)
    return saved(deal, f"Created deal {deal.number} {deal.title} in {stage.name}")


def edit_deal(
    unit: Unit,
    /,
    *,
    deal_id: str,
    expected_version: int | None = None,
    new_client: str = "",
    lines: Sequence[Line] | None = None,
    **changes: Any,
) -> Saved:
    """Change fields of a deal other than its stage, owner and outcome.

    `new_client` is the name of a client that is created with it; `lines` replace its products,
    and any of them set the amount.
    """
    fixed = {"stage_id", "outcome", "is_active", "closed_on", "created_on", "pipeline_id"}
    if not fixed.isdisjoint(changes):
        raise Refused("Stage and outcome change by moving, winning, losing or postponing.")
    deal = unit.get_at(Deal, deal_id, expected_version, "deal")
    code = changes.get("currency")
    is_recounted = lines is None and code and clean(code).upper() != deal.currency
    if is_recounted and unit.live(DealLine, deal_id=deal.id):
        raise Refused(f"Its products have prices in {deal.currency}: take them out first.")
    if "amount_minor" in changes:
        _check_amount(changes["amount_minor"])
    if new_client:
        changes["client_id"] = create_client(unit, name=new_client).id
    elif changes.get("client_id"):
        unit.get(Client, changes["client_id"], "client")
    if changes.get("owner_id") not in (None, deal.owner_id):
        working(unit, changes["owner_id"])
    put(deal, changes, required=("title",))
    behind = None
    if not changes.keys().isdisjoint({"client_id", "contact_id"}):
        behind = _check_contact(unit, deal, is_chosen="contact_id" in changes)
    if lines is not None:
        _replace_lines(unit, deal, lines)
        unit.raise_version(deal)
    unit.session.flush()
    left = f"; without contact: {behind} is at the client before" if behind else ""
    return saved(deal, f"Changed deal {deal.number} {deal.title}{left}")


def _check_contact(unit: Unit, deal: Deal, *, is_chosen: bool) -> str | None:
    """The contact is the client's: one of the client before goes and is named, a chosen one refused."""
    if deal.contact_id is None:
        return None
    contact = unit.session.get(Contact, deal.contact_id)
    if contact is not None and contact.client_id == deal.client_id:
        return None
    if is_chosen:
        raise Refused(f"{contact.name if contact else 'This'} is a contact of another client.")
    deal.contact_id = None
    return contact.name if contact else None


def move_deal(
    unit: Unit,
    *,
    deal_id: str,
    to_stage_id: str,
    expected_version: int | None = None,
    moved_on: date | None = None,
) -> Saved:
    """Bring a deal into another stage of its pipeline, or of another one."""
    deal = unit.get_at(Deal, deal_id, expected_version, "deal")
    stage = unit.get(Stage, to_stage_id, "stage")
    if not deal.is_active:
        raise Refused(f"{deal.title} is {deal.outcome.value}: reopen it before moving it.")
    is_after = stage.kind == StageKind.AFTER_SALE
    if is_after and deal.outcome != Outcome.WON:
        raise Refused(f"'{stage.name}' comes after the sale: win the deal to bring it there.")
    if not is_after and deal.outcome == Outcome.WON:
        raise Refused(f"{deal.title} is won: reopen it to bring it back to '{stage.name}'.")
    if stage.id == deal.stage_id:
        raise Refused(f"{deal.title} is in '{stage.name}' already.")
    date_change(unit, deal, moved_on)
    deal.stage_id, deal.pipeline_id = stage.id, stage.pipeline_id
    unit.session.flush()
    return saved(deal, f"Moved {deal.title} to {stage.name}")


def assign_deal(
    unit: Unit, *, deal_id: str, to_rep_id: str, expected_version: int | None = None
) -> Saved:
    """Give a deal to another rep."""
    deal = unit.get_at(Deal, deal_id, expected_version, "deal")
    rep = working(unit, to_rep_id)
    deal.owner_id = rep.id
    unit.session.flush()
    return saved(deal, f"Assigned {deal.title} to {rep.name}")


def set_lines(
    unit: Unit, *, deal_id: str, lines: Sequence[Line], expected_version: int | None = None
) -> Saved:
    """Replace the products of a deal; its amount becomes their sum after discount."""
    deal = unit.get_at(Deal, deal_id, expected_version, "deal")
    _replace_lines(unit, deal, lines)
    unit.raise_version(deal)
    return saved(deal, f"Changed the products of {deal.title}")


def delete_deal(unit: Unit, *, deal_id: str, expected_version: int | None = None) -> Saved:
    """Take a deal entered by mistake out of every list and report."""
    deal = unit.get_at(Deal, deal_id, expected_version, "deal")
    refuse_if_used(unit, deal, "deal", apart_from=("deal_line", "competitor_sighting"))
    unit.delete(deal)
    return saved(deal, f"Deleted deal {deal.number} {deal.title}")


def _replace_lines(unit: Unit, deal: Deal, lines: Sequence[Line]) -> None:
    old_lines = unit.live(DealLine, deal_id=deal.id)
    known = {old.product_id for old in old_lines}
    for old in old_lines:
        old.deleted_at = unit.now
    total = 0
    for position, line in enumerate(lines):
        product = _product(unit, line.product_id, known)
        price = line.unit_price_minor if line.unit_price_minor is not None else product.price_minor
        if not 0 < line.quantity_milli <= MOST_MILLI or not 0 <= line.discount_bp <= 10_000:
            raise Refused(
                f"{product.name}: quantity above 0, up to a billion, and discount from 0 to 100 %."
            )
        if price is not None and price < 0:
            raise Refused(f"{product.name}: a price cannot be negative; give a discount instead.")
        if product.currency != deal.currency and line.unit_price_minor is None:
            raise Refused(
                f"{product.name} is priced in {product.currency}: give a {deal.currency} price."
            )
        unit.add(
            DealLine(
                deal_id=deal.id,
                product_id=product.id,
                position=position,
                quantity_milli=line.quantity_milli,
                unit_price_minor=price,
                discount_bp=line.discount_bp,
                cost_minor=line.cost_minor if line.cost_minor is not None else product.cost_minor,
                currency=deal.currency,
            )
        )
        total += line_minor(line.quantity_milli, price or 0, line.discount_bp)
    if lines:
        set_amount(deal, total)
    unit.session.flush()


def _product(unit: Unit, product_id: str, known: Collection[str]) -> Product:
    """A product that is sold, or one of `known`: a deal keeps what was since taken off the list."""
    product = unit.session.get(Product, product_id) if product_id in known else None
    return product or unit.get(Product, product_id, "product")


def _pipeline(unit: Unit, pipeline_id: str | None, stage_id: str | None) -> Pipeline:
    if pipeline_id is None and stage_id is not None:
        pipeline_id = unit.get(Stage, stage_id, "stage").pipeline_id
    if pipeline_id is not None:
        return unit.get(Pipeline, pipeline_id, "pipeline")
    live = sorted(unit.referable(Pipeline), key=lambda p: (p.position, p.id))
    if not live:
        raise Refused("There is no pipeline yet: press F2, or 'salestui pipeline add' makes one.")
    return live[0]


def stages_of(unit: Unit, pipeline_id: str) -> list[Stage]:
    """The stages of a pipeline in their order; one without any is refused."""
    stages = sorted(
        unit.referable(Stage, pipeline_id=pipeline_id), key=lambda s: (s.position, s.id)
    )
    if not stages:
        raise Refused("This pipeline has no stages yet: add one with 'salestui stage add'.")
    return stages


def _kind(unit: Unit, client_id: str | None) -> DealKind:
    """Repeat business, if the client has bought before."""
    if client_id is None:
        return DealKind.NEW
    won = select(func.count()).where(
        Deal.client_id == client_id,  # type: ignore[arg-type]
        Deal.outcome == Outcome.WON,  # type: ignore[arg-type]
        Deal.deleted_at.is_(None),  # type: ignore[union-attr]
    )
    return DealKind.REPEAT if unit.session.execute(won).scalar() else DealKind.NEW


def set_amount(deal: Deal, amount_minor: int | None) -> None:
    """Give a deal its amount in minor units, if it is a possible one."""
    _check_amount(amount_minor)
    deal.amount_minor = amount_minor


def _check_amount(amount_minor: int | None) -> None:
    if amount_minor is not None and not 0 <= amount_minor <= MAX_MINOR:
        raise Refused("A deal's amount cannot be negative or beyond any money.")


def date_change(unit: Unit, deal: Deal, day: date | None) -> None:
    """Note the day a change was so in the world, if it is a possible one other than today."""
    if day is None or day == unit.today:
        return
    if day > unit.today:
        raise Refused(f"{day.isoformat()} is not here yet.")
    earliest = max((d for d in (deal.created_on, deal.stage_since_on) if d), default=from_day(0))
    if to_day(day) < to_day(earliest):
        raise Refused(
            f"{day.isoformat()} is before {earliest.isoformat()}, the deal's last change."
        )
    unit.occurred_on[deal.id] = day


def saved(deal: Deal, summary: str) -> Saved:
    """What a use case says of the deal it has changed."""
    return Saved(deal.id, summary, deal.version, deal.number)
