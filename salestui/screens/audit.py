"""Who changed something, when, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding
from textual.widget import Widget

from salestui.queries.choices import load_client_choices
from salestui.queries.deal_card import load_deal
from salestui.queries.trail import Entry, entries
from salestui.screens.audit_lines import trail_lines
from salestui.screens.base import SalesScreen
from salestui.store.reader import Reader
from salestui.widgets.line_list import LineList

_PAGE = 30


class AuditScreen(SalesScreen):
    """The changes of one thing with all that belongs to it, newest first.

    `about` is ("deal", "client", "quota" …, its key); `mode` the place it was opened from; `called`
    what it is called, which is looked up for a deal or a client.
    """

    AUTO_FOCUS = "LineList"

    HELP = """
    What belongs to a client is told with it: its contacts, deals and activities; with a deal its
    product lines and activities. u takes your own last change back.
    """

    BINDINGS: ClassVar = [
        Binding("escape,backspace", "back", "Back", id="audit.back", key_display="esc",
                tooltip="Go back (also q)"),
    ]  # fmt: skip

    def __init__(self, mode: str, about: tuple[str, str], called: str = "") -> None:
        super().__init__()
        self._mode, self._about = mode, about
        self._called, self._is_called = called, bool(called)
        self._entries: Sequence[Entry] = ()
        self._has_more = False

    @property
    def MODE(self) -> str:  # type: ignore[override]
        """The place it was opened from."""
        return self._mode

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        yield _Trail()

    def title_words(self) -> str:
        """That this is no place of its own."""
        return "changes"

    async def fetch(self) -> None:
        """Read the newest changes, and as many as were shown already."""
        if not self._is_called:
            self._called = await self.read(_name_of, about=self._about)
        await self._read(max(_PAGE, len(self._entries)))

    def on_line_list_end_reached(self, event: LineList.EndReached) -> None:
        """Read older ones."""
        if self._has_more:
            self._read_older()

    @work(exclusive=True, group="load")
    async def _read_older(self) -> None:
        await self._read(len(self._entries) + _PAGE)

    async def _read(self, count: int) -> None:
        found = await self.read(entries, about=self._about, limit=count + 1)
        name, shown = self._called, found[:count]
        self._entries, self._has_more = shown, len(found) > count
        self.query_one(_Trail).show(lambda width: list(trail_lines(name, shown, width)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """All but filtering: it is the story of one thing."""
        return action != "filter"

    def action_back(self) -> None:
        """Go back."""
        if self.app.screen is self:
            self.app.pop_screen()


class _Trail(LineList):
    """A list to read, in which nothing opens."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """All but opening."""
        return action != "open"


def _name_of(reader: Reader, *, about: tuple[str, str]) -> str:
    """What the deal or client is called; of one that is gone, that it was one."""
    kind, key = about
    if kind == "deal":
        deal = load_deal(reader, deal_id=key)
        return deal.title if deal else "a deal"
    client = load_client_choices(reader, client_id=key)
    return client.client if client else "a client"
