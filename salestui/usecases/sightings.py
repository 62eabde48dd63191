"""Competitors met at clients and in deals."""

from __future__ import annotations

from salestui.errors import Refused
from salestui.models.clients import Client, CompetitorSighting
from salestui.models.deals import Deal
from salestui.models.process import Competitor, CompetitorProduct
from salestui.store.unit import Unit
from salestui.text import clean
from salestui.usecases.facts import Saved
from salestui.usecases.process import add_entry


def record_sighting(
    unit: Unit,
    *,
    competitor_id: str | None = None,
    new_competitor: str = "",
    client_id: str | None = None,
    deal_id: str | None = None,
    competitor_product_id: str | None = None,
    notes: str = "",
) -> Saved:
    """Note a competitor, or one of its products, met at a client or in a deal.

    `new_competitor` is the name of one that is not on the list yet: it is added.
    """
    if client_id is None and deal_id is None:
        raise Refused("Say at which client or in which deal the competitor was met.")
    if new_competitor:
        competitor_id = add_entry(unit, what="competitor", name=new_competitor).id
    competitor = unit.get(Competitor, competitor_id, "competitor")
    if client_id is not None:
        unit.get(Client, client_id, "client")
    deal = unit.get(Deal, deal_id, "deal") if deal_id else None
    if competitor_product_id is not None:
        theirs = unit.get(CompetitorProduct, competitor_product_id, "competitor product")
        if theirs.competitor_id != competitor.id:
            raise Refused(f"{theirs.name} is no product of {competitor.name}.")
    row = unit.add(
        CompetitorSighting(
            client_id=client_id or (deal.client_id if deal else None),
            deal_id=deal_id,
            competitor_id=competitor.id,
            competitor_product_id=competitor_product_id,
            seen_on=unit.today,
            notes=clean(notes, lines=True),
        )
    )
    return Saved(row.id, f"Noted {competitor.name}")
