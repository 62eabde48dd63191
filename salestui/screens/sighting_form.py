"""Noting a competitor that was met, or one of its products."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget

from salestui.errors import Refused
from salestui.queries.choices import Choice, load_choices, load_client_choices
from salestui.queries.deal_card import load_deal
from salestui.queries.setup import CompetitorProductLine, competitor_products
from salestui.screens.base import SalesScreen, say
from salestui.screens.form import Form
from salestui.screens.product_forms import among
from salestui.screens.wording import joined
from salestui.widgets.choice_fields import ChoiceField, Option
from salestui.widgets.fields import NotesField
from salestui.widgets.find_field import FindField, New

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_NO_DEAL: Option = (None, "no deal in particular")
_NO_PRODUCT: Option = (None, "no product in particular")


class SightingForm(Form["Saved"]):
    """A competitor met at `where`; one that nobody has met before is added to the list with it."""

    IS_NARROW = True

    def __init__(
        self,
        where: str,
        *,
        client_id: str | None,
        deals: Sequence[Option],
        deal_id: str | None,
        competitors: Sequence[Choice],
        products: Sequence[CompetitorProductLine],
    ) -> None:
        super().__init__()
        self._where, self._client_id = where, client_id
        self._deals, self._deal_id = deals, deal_id
        self._competitors, self._products = competitors, products

    def title_words(self) -> str:
        """Where."""
        return f"Competitor met: {self._where}"

    def fields(self) -> Iterable[Widget]:
        """Who, with what, in which deal."""
        yield FindField("competitor_id", "Competitor", among(self._competitors), may_be_new=True,
                        what="competitor")  # fmt: skip
        yield ChoiceField("competitor_product_id", "Their product", [_NO_PRODUCT])
        yield ChoiceField("deal_id", "In the deal", self._deals, self._deal_id)
        yield NotesField("notes", "Note")

    def on_find_field_changed(self, event: FindField.Changed) -> None:
        """Offer the products of the competitor that was chosen."""
        chosen = event.field.chosen
        theirs = [
            (each.id, joined(each.name, each.against and f"against {each.against}"))
            for each in self._products
            if chosen is not None and each.competitor_id == chosen.id
        ]
        self.field("competitor_product_id").offer([_NO_PRODUCT, *theirs])

    async def submit(self) -> Saved:
        """Note it."""
        await self.desk.warm()
        from salestui.usecases.sightings import record_sighting

        values = self.values()
        who = values.pop("competitor_id")
        if who is None:
            self.field("competitor_id").focus()
            raise Refused("Who was met? Type part of the name.")
        new = who.name if isinstance(who, New) else ""
        return await self.desk.write(
            record_sighting,
            competitor_id=None if new else who,
            new_competitor=new,
            client_id=self._client_id,
            **values,
        )


async def sighting_form(
    screen: SalesScreen, *, client_id: str | None, deal_id: str | None
) -> SightingForm | None:
    """The form for the client or deal at hand; says so where there is none."""
    deal = await screen.read(load_deal, deal_id=deal_id) if deal_id else None
    client_id = client_id or (deal.client_id if deal else None)
    about = await screen.read(load_client_choices, client_id=client_id) if client_id else None
    if deal is None and about is None:
        say(screen.app, "Put the cursor on a client or a deal first.", is_problem=True)
        return None
    deals: list[Option] = [_NO_DEAL] if about else []
    deals += [(each.id, each.name) for each in about.deals] if about else []
    if deal is not None and all(key != deal.deal_id for key, _name in deals):
        deals.append((deal.deal_id, deal.title))
    lists = await screen.read(load_choices)
    return SightingForm(
        about.client if about else (deal.title if deal else ""),
        client_id=client_id,
        deals=deals,
        deal_id=deal.deal_id if deal else None,
        competitors=lists.competitors,
        products=await screen.read(competitor_products),
    )
