"""The client card: everything about one client, painted by one widget, or by two where there is room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from salestui.queries.activity_log import Dealing
from salestui.queries.client_card import Branch, ClientCard, Person, load_client_card
from salestui.screens.acting import ActingScreen, AtHand, shown
from salestui.screens.base import sales, say
from salestui.screens.client_card_lines import card_lines, timeline
from salestui.widgets.line_list import LineList


class ClientCardScreen(ActingScreen):
    """The card of the client it was turned to; made once for a place and shown again."""

    AUTO_FOCUS = "#card"

    HELP = """Below a person stand those who report to or assist that person. Enter on a deal opens it,
on a person, branch or activity edits it, e on the first line edits the company."""

    BINDINGS: ClassVar = [
        *shown(log="", plan="", edit=""),
        Binding("c", "contact", "Contact", id="contact.new", tooltip="Add a contact"),
        *shown(new_deal="Deal"),
        Binding("b", "branch", "Branch", id="branch.new", show=False, tooltip="Add a branch"),
        Binding("s", "assistants", "Assistants", id="client.assistants", show=False,
                tooltip="Choose the reps who help the owner"),
        Binding("escape,backspace", "back", "Back", id="screen.back", key_display="esc",
                tooltip="Leave the card (also q)"),
        Binding("tab", "other", "Other list", id="screen.other_list", show=False,
                tooltip="Go to the dealings and back, where they stand beside the card"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ClientCardScreen #dealings { display: none; border-left: solid $border; }
    ClientCardScreen.-wide #dealings { display: block; }
    """

    def __init__(self, mode: str) -> None:
        super().__init__()
        self._mode = mode
        self._client_id = ""
        self._card: ClientCard | None = None
        self._wanted_key: str | None = None

    @property
    def MODE(self) -> str:  # type: ignore[override]
        """The place the card was opened from."""
        return self._mode

    def turn_to(self, client_id: str, key: str | None = None) -> None:
        """Show another client from the next time it is shown."""
        self._wanted_key = key
        if client_id != self._client_id:
            self._client_id, self._card = client_id, None
            self._wanted_key = key or "client:"
        self._seen = None

    def compose_body(self) -> Iterable[Widget]:
        """The card and, on a wide terminal, the dealings beside it."""
        with Horizontal():
            yield LineList(id="card")
            yield LineList(id="dealings")

    def title_words(self) -> str:
        """Whose card."""
        return self._card.client.name if self._card else ""

    async def fetch(self) -> None:
        """Read the card."""
        card = await self.read(load_client_card, client_id=self._client_id)
        if card is None:
            say(self.app, "This client is no longer there.", is_problem=True)
            self.action_back()
            return
        self._card = card
        self._show()
        if self._wanted_key:
            self.query_one("#card", LineList).select(self._wanted_key)
            self._wanted_key = None

    def on_resize(self) -> None:
        """Lay out anew: one list or two."""
        self._show()

    def _show(self) -> None:
        card = self._card
        if card is None:
            return
        is_wide = self.size.width >= 140
        self.query_one("#card", LineList).show(
            lambda width: list(card_lines(card, width, with_dealings=not is_wide))
        )
        self.query_one("#dealings", LineList).show(
            lambda width: list(timeline(card, width)) if is_wide else []
        )

    # What the cursor is on

    @property
    def _row(self) -> tuple[str, str]:
        focused = self.focused if isinstance(self.focused, LineList) else None
        key = (focused or self.query_one("#card", LineList)).key or ""
        what, _, row_id = key.partition(":")
        return what, row_id

    def at_hand(self) -> AtHand:
        """The client, and the deal or task under the cursor."""
        what, row_id = self._row
        client_id = self._card.client.client_id if self._card else None
        if what == "deal":
            return AtHand(client_id, row_id)
        dealing = self.dealing_at_hand()
        if dealing is not None:
            words = dealing.subject or dealing.kind
            task = (row_id, dealing.version, words) if dealing.is_open else None
            return AtHand(client_id, dealing.deal_id, task)
        return AtHand(client_id)

    def dealing_at_hand(self) -> Dealing | None:
        """The activity under the cursor."""
        what, row_id = self._row
        if what != "activity" or self._card is None:
            return None
        return next((d for d in self._card.dealings if d.activity_id == row_id), None)

    def _person(self, contact_id: str) -> Person | None:
        people = self._card.people if self._card else ()
        return next((person for person in people if person.contact_id == contact_id), None)

    def _branch(self, branch_id: str) -> Branch | None:
        branches = self._card.branches if self._card else ()
        return next((branch for branch in branches if branch.branch_id == branch_id), None)

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Open the deal; anything else is edited."""
        what, row_id = self._row
        if what == "deal":
            sales(self.app).open_deal(row_id)
        else:
            self.action_edit()

    # Editing

    def action_edit(self) -> None:
        """Edit the company, or the person, branch, deal or activity under the cursor."""
        what, row_id = self._row
        if what == "contact":
            self._edit_contact(self._person(row_id))
        elif what == "branch":
            self._edit_branch(self._branch(row_id))
        elif what in ("deal", "activity"):
            super().action_edit()
        else:
            self._edit_client()

    def action_contact(self) -> None:
        """Add a contact."""
        self._edit_contact(None)

    def action_branch(self) -> None:
        """Add a branch."""
        self._edit_branch(None)

    def action_assistants(self) -> None:
        """Choose the reps who help the owner."""
        self._choose_assistants()

    @work(group="act")
    async def _edit_client(self) -> None:
        from salestui.screens.client_forms import EditClientForm

        if self._card is not None:
            await self.finish(EditClientForm(self._card, (await self.choices()).territories))

    @work(group="act")
    async def _edit_contact(self, person: Person | None) -> None:
        from salestui.screens.client_forms import ContactForm

        if self._card is not None:
            await self.finish(ContactForm(self._card, person, await self.today()))

    @work(group="act")
    async def _edit_branch(self, branch: Branch | None) -> None:
        from salestui.screens.client_forms import BranchForm

        if self._card is not None:
            await self.finish(BranchForm(self._card, branch))

    @work(group="act")
    async def _choose_assistants(self) -> None:
        from salestui.screens.client_forms import AssistantsForm

        if self._card is not None:
            await self.finish(AssistantsForm(self._card, (await self.choices()).reps))

    def action_assign(self) -> None:
        """Give the deal under the cursor, or the client, to another rep."""
        if self._row[0] == "deal":
            super().action_assign()
        else:
            self._assign_client()

    @work(group="act")
    async def _assign_client(self) -> None:
        from salestui.screens.pick import Pick

        if self._card is None:
            return
        client = self._card.client
        reps = (await self.choices()).reps
        rep_id = await self.app.push_screen_wait(
            Pick(f"Assign {client.name} to", reps, client.owner_id, of="team")
        )
        if rep_id is None:
            return
        await self.desk.warm()
        from salestui.usecases.clients import assign_client

        await self.write_and_reload(
            assign_client,
            client_id=client.client_id,
            expected_version=client.version,
            to_rep_id=rep_id,
        )

    # Going about

    def action_other(self) -> None:
        """Go to the other list."""
        lists = [each for each in self.query(LineList) if each.display and each.keys]
        if len(lists) == 2:
            lists[1 if self.focused is lists[0] else 0].focus()

    def action_back(self) -> None:
        """Leave the card."""
        if self.app.screen is self:
            self.app.pop_screen()
