"""The forms of what we sell, and of who else sells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from salestui.queries.choices import Choice
from salestui.screens import typed
from salestui.screens.setup_forms import NameForm
from salestui.text import fold
from salestui.widgets.fields import NotesField, TextField
from salestui.widgets.find_field import FindField, Match, Search

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved


class ProductForm(NameForm):
    """A product with its prices."""

    def __init__(self, row: Any = None) -> None:
        super().__init__(row, what="product")

    def fields(self) -> Iterable[Widget]:
        """Name, series, prices."""
        code = self.was("currency", "EUR")
        price = typed.money(lambda: typed.currency(self.field("currency").raw))
        yield from super().fields()
        yield TextField("series", "Series", self.was("series"))
        yield TextField("price_minor", "Price of one", hint="1200, 1 234.50", parse=price,
                        value=typed.shown_money(self.was("price_minor", None), code))  # fmt: skip
        yield TextField("cost_minor", "What one costs us", parse=price,
                        value=typed.shown_money(self.was("cost_minor", None), code))  # fmt: skip
        yield TextField("currency", "Currency", code, parse=typed.currency)

    async def write(self, values: dict[str, Any]) -> Saved:
        """Add or change it; prices are read anew in another currency, which may have other decimals."""
        if "currency" in values:
            values |= {name: self.field(name).read() for name in ("price_minor", "cost_minor")}
        return await super().write(values)


class CompetitorForm(NameForm):
    """A competitor."""

    def __init__(self, row: Any = None) -> None:
        super().__init__(row, what="competitor")

    def fields(self) -> Iterable[Widget]:
        """Name, web site, notes."""
        yield from super().fields()
        yield TextField("website", "Web site", self.was("website"))
        yield NotesField("notes", "Notes", self.was("notes"))


class CompetitorProductForm(NameForm):
    """A product of a competitor's, and ours that it is sold against."""

    def __init__(
        self, row: Any = None, *, competitor: str, competitor_id: str, products: Sequence[Choice]
    ) -> None:
        super().__init__(row, what="competitor product")
        self._competitor, self._competitor_id = competitor, competitor_id
        self._products = products

    def title_words(self) -> str:
        """Whose product."""
        new = f"New product of {self._competitor}"
        return new if self.is_new else f"{self._competitor}: {self._row.name}"

    def fields(self) -> Iterable[Widget]:
        """Name and rival."""
        yield from super().fields()
        key = self.was("product_id", None)
        ours = Match(key, self._row.against or "") if key else None
        yield FindField(
            "product_id", "Sold against our", among(self._products), ours, what="product"
        )

    async def write(self, values: dict[str, Any]) -> Saved:
        """Add or change it."""
        if self.is_new:
            values["competitor_id"] = self._competitor_id
        return await super().write(values)


def among(choices: Sequence[Choice]) -> Search:
    """A search in a list that is at hand: every word typed is found in the name or the group."""

    async def search(text: str) -> list[Match]:
        words = fold(text).split()
        return [
            Match(choice.id, choice.name, choice.group)
            for choice in choices
            if all(word in fold(f"{choice.name} {choice.group}") for word in words)
        ]

    return search
