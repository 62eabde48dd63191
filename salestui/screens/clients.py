"""The clients: found as one types, by name, town, number, phone, e-mail or the name of a contact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import ClassVar

from textual import work
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input

from salestui.models.vocabulary import ClientStatus
from salestui.queries.beginnings import Beginnings, load_beginnings
from salestui.queries.choices import Choice
from salestui.queries.client_list import PAGE, ClientPage, ClientRow, search_clients
from salestui.screens.acting import ActingScreen, AtHand, shown
from salestui.screens.base import sales, say
from salestui.screens.beginning import FROM_FILES
from salestui.screens.wording import due_style, fitted, joined
from salestui.text import cell, day_words
from salestui.widgets.first_steps import NO_PIPELINE
from salestui.widgets.line_list import Line, LineList, Piece, line

_ALL = "all"


class ClientsScreen(ActingScreen):
    """A search line over a list: type, and enter opens the first."""

    MODE = "clients"
    AUTO_FOCUS = "LineList"

    HELP = """Names are found in any script, without case or accents; Cyrillic and Greek also by their
Latin spelling. In the search enter opens the first client found, down and escape go to the list."""

    BINDINGS: ClassVar = [
        Binding("slash", "filter", "Search", id="screen.filter", tooltip="Type to search"),
        Binding("N", "new_client", "New client", id="client.new", tooltip="Create a client"),
        *shown(log="", new_deal="New deal", edit=""),
        Binding("m", "mine", "Mine or all", id="screen.mine", show=False,
                tooltip="Switch between my clients and all"),
        Binding("f", "narrow", "Status or territory", id="screen.filter_form", show=False,
                tooltip="Show the clients of a status, of a territory or of none, or all"),
        Binding("down,escape", "to_list", "To the list", id="clients.list", key_display="↓",
                tooltip="Go from the search to the list"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ClientsScreen Input {
        border: none;
        height: 1;
        padding: 0 1;
        margin: 0 0 1 0;
        background: $panel;
    }
    ClientsScreen Input:focus { border: none; background: $panel; background-tint: $foreground 0%; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ClientRow, ...] = ()
        self._has_more = False
        self._typed = ""
        self._shown_typed = ""
        self._owner_id: str | None = None
        self._status: Choice | None = None
        self._territory: Choice | None = None
        self._day: date | None = None
        self._store: Beginnings | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The search and what it finds."""
        yield Input(placeholder="Search clients: name, town, number, phone, e-mail, contact",
                    select_on_focus=False)  # fmt: skip
        yield LineList()

    @property
    def clients(self) -> LineList:
        """The list."""
        return self.query_one(LineList)

    def title_words(self) -> str:
        """What the list is narrowed to."""
        mine = "mine" if self._owner_id else None
        count = f"{len(self._rows)}{'+' if self._has_more else ''}" if self._rows else None
        narrowed = (each.name for each in (self._status, self._territory) if each is not None)
        return joined(mine, *narrowed, count)

    async def _page(self, typed: str, *, skipped: int = 0, limit: int = PAGE) -> ClientPage:
        status, territory = self._status, self._territory
        return await self.read(
            search_clients,
            typed=typed,
            owner_id=self._owner_id,
            status=None if status is None else status.id,
            territory_id=None if territory is None else territory.id,
            limit=limit,
            skipped=skipped,
        )

    async def fetch(self) -> None:
        """Search for what is typed."""
        typed = self._typed
        store = await self.desk.store()
        page = await self._page(typed)
        self._day = store.today()
        self._rows, self._has_more = page.rows, page.has_more
        self._store = None if page.rows else await self.read(load_beginnings)
        self._show(is_new=typed != self._shown_typed)
        self._shown_typed = typed

    @work(exclusive=True, group="more")
    async def _fetch_more(self) -> None:
        if not self._has_more:
            return
        typed, count = self._typed, len(self._rows)
        page = await self._page(typed, skipped=count, limit=2 * PAGE)
        if typed == self._typed and count == len(self._rows):
            self._rows, self._has_more = (*self._rows, *page.rows), page.has_more
            self._show(is_new=False)
            self.tell_edges()

    def _show(self, *, is_new: bool) -> None:
        rows, day = self._rows, self._day
        if day is not None:
            self.clients.show(
                lambda width: list(client_lines(rows, width, day, self._typed, self._store)),
                is_new=is_new,
            )

    @property
    def _row(self) -> ClientRow | None:
        return next((row for row in self._rows if row.client_id == self.clients.key), None)

    def at_hand(self) -> AtHand:
        """The client under the cursor."""
        return AtHand(self.clients.key)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as one types."""
        event.stop()
        self._typed = event.value
        self.reload()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the first that was found."""
        event.stop()
        if self._typed == self._shown_typed and self.clients.key is not None:
            self.clients.focus()
            sales(self.app).open_client(self.clients.key)

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Open the card."""
        sales(self.app).open_client(event.key)

    def on_line_list_end_reached(self, event: LineList.EndReached) -> None:
        """Show more."""
        self._fetch_more()

    def begin_filter(self) -> None:
        """Type a new search."""
        field = self.query_one(Input)
        field.value = ""
        field.focus()

    def action_to_list(self) -> None:
        """Go from the search to the list."""
        self.clients.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The list is gone to from the search only."""
        return not (action == "to_list" and self.focused is self.clients)

    def action_mine(self) -> None:
        """Switch between my clients and all."""
        me = self.desk.me
        if me is None:
            say(self.app, "Nobody knows who you are: start with --me NAME.", is_problem=True)
            return
        self._owner_id = None if self._owner_id else me
        self.reload()

    def action_narrow(self) -> None:
        """Choose a status or a territory."""
        self._narrow()

    @work(group="act")
    async def _narrow(self) -> None:
        from salestui.screens.pick import Pick

        listed = (await self.choices()).territories
        territories = [Choice(each.id, each.name, "territory") for each in listed]
        territories += [Choice("", "no territory")] if territories else []
        statuses = [Choice(each.value, each.value, "status") for each in ClientStatus]
        now = {each.id for each in (self._status, self._territory) if each is not None}
        options = [Choice(_ALL, "All clients"), *statuses, *territories]
        chosen = await self.app.push_screen_wait(
            Pick("Which clients", options, now or _ALL, back=now)
        )

        def after(known: Sequence[Choice], current: Choice | None) -> Choice | None:
            found = next((each for each in known if each.id == chosen), None)
            if found is None:
                return None if chosen == _ALL else current
            return None if chosen in now else found

        self._status = after(statuses, self._status)
        self._territory = after(territories, self._territory)
        self.reload()

    def action_edit(self) -> None:
        """Edit the client."""
        self._edit()

    @work(group="act")
    async def _edit(self) -> None:
        from salestui.queries.client_card import load_client_card
        from salestui.screens.client_forms import EditClientForm

        client_id = self.clients.key
        card = await self.read(load_client_card, client_id=client_id) if client_id else None
        if card is not None:
            await self.finish(EditClientForm(card, (await self.choices()).territories))

    def action_new_client(self) -> None:
        """Create a client."""
        self._new_client()

    @work(group="act")
    async def _new_client(self) -> None:
        from salestui.screens.client_forms import NewClientForm

        saved = await self.finish(NewClientForm((await self.choices()).territories))
        if saved is not None:
            sales(self.app).open_client(saved.id)


def client_lines(
    rows: Sequence[ClientRow], width: int, today: date, typed: str, store: Beginnings | None = None
) -> Iterator[Line]:
    """The list, a client a line; what is empty says what to do."""
    if not rows:
        yield line()
        if typed.strip():
            yield line((f"No client for “{cell(typed, 40).rstrip()}”.", "text"))
            yield line(("Press ↓, then N to create one.", "hint"))
        elif store is not None and store.has_client:
            yield line(("None of them here. Press m for all or mine, f for others.", "hint"))
        else:
            yield line(("No clients yet. Press N for the first.", "hint"))
            yield line((FROM_FILES, "hint"))
            if store is not None and not store.has_pipeline:
                yield line((NO_PIPELINE, "hint"))
        return
    city = 16 if width >= 76 else 0
    owner = 18 if width >= 110 else 0
    last = 12 if width >= 100 else 0
    taken = sum(part + 1 for part in (city, owner, last) if part)
    name = max(16, min(60, (width - taken - 10 - 8) * 3 // 5))
    rest = max(0, width - taken - name - 1 - 11 - 8)
    yield Line(
        fitted(
            ("Client", name, "muted"), ("Town", city, "muted"), ("Status", 10, "muted"),
            ("Owner", owner, "muted"), ("Deals", 7, "muted"), ("Last", last, "muted"),
            ("Next", rest, "muted"),
        )
    )  # fmt: skip
    for row in rows:
        due = row.next_due_on
        following = joined(
            None if due is None else day_words(due, today), f"via {row.via}" if row.via else None
        )
        yield Line(
            (
                *fitted(
                    (row.name, name, "title"),
                    (row.city, city, "text"),
                    (row.status, 10, "muted"),
                    (row.owner or "", owner, "muted"),
                    (f"{row.open_deals:>4}" if row.open_deals else "", 7, "text"),
                    (row.last_on.isoformat() if row.last_on else "", last, "muted"),
                ),
                Piece(cell(following, rest), due_style(due, today)),
            ),
            row.client_id,
        )
