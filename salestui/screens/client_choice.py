"""The one client whose deals are shown, found by typing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from salestui.errors import Refused
from salestui.queries.search import find
from salestui.screens.form import Form
from salestui.widgets.find_field import FindField, Match


class ClientForm(Form[tuple[str, str]]):
    """Closes with the key and the name."""

    IS_NARROW = True

    def title_words(self) -> str:
        """What it is for."""
        return "Only deals of"

    def fields(self) -> Iterable[Widget]:
        """One line that searches."""
        yield FindField("client", "Client", self._clients)

    async def _clients(self, text: str) -> Sequence[Match]:
        found = await self.desk.read(find, typed=text, kinds=("client",))
        return [Match(each.id, each.name, each.detail) for each in found]

    async def submit(self) -> tuple[str, str]:
        """The client that was found."""
        chosen = self.query_one(FindField).chosen
        if not isinstance(chosen, Match):
            raise Refused("Type part of a client's name and choose one.")
        return chosen.id, chosen.name
