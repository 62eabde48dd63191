"""The guided start of an empty store: three answers, and one can work; or the demo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget

from salestui import config
from salestui.screens import typed
from salestui.screens.form import Form, narrow_label
from salestui.usecases.templates import TEMPLATES
from salestui.widgets.fields import ChoiceField, TextField

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_ABOUT = {
    "short": "short: enquiry, offer, negotiation, order",
    "consultative": "consultative: needs, solution, demonstration, offer",
    "full": "full cycle, with delivery and service after the sale",
    "B2B": "B2B, with delivery, installation and training",
    "B2C": "B2C, with delivery and service",
    "tender": "tender (B2G), with periodic inspection",
}


class StartScreen(Form["Saved"]):
    """Asks who works here, in which currency, and how sales go."""

    IS_NARROW = True

    def title_words(self) -> str:
        """A greeting."""
        return "Welcome to salestui"

    def fields(self) -> Iterable[Widget]:
        """Three answers."""
        yield narrow_label(
            "This store is empty. Three answers and you can work; everything can be changed later. "
            "To look around first, leave with escape and q, then run: salestui demo"
        )
        yield TextField("rep_name", "Your name", config.login(), parse=typed.needed("Your name"))
        yield TextField("currency", "Currency you sell in", "EUR", parse=typed.currency)
        options = [(name, _ABOUT.get(name, name)) for name in TEMPLATES]
        yield ChoiceField("template", "How your sales go", options, "short")

    @property
    def has_typed(self) -> bool:
        """Nothing here is worth a question."""
        return False

    async def submit(self) -> Saved:
        """Make the first pipeline, lists and rep."""
        await self.desk.warm()
        from salestui.usecases.start import start_team

        return await self.desk.write(start_team, **self.values())
