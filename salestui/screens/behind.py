"""The deals behind a row of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding
from textual.widget import Widget

from salestui.analytics.drill import Behind, DealLine, DealList, deals_behind
from salestui.analytics.scope import Scope, whose
from salestui.screens.acting import ActingScreen, AtHand, shown
from salestui.screens.base import sales, say
from salestui.screens.wording import OUTCOMES, fitted, heading, joined, money
from salestui.text import cell, so_many
from salestui.widgets.line_list import Line, LineList, line

_DAYS = {
    "reached": "created",
    "entered": "entered",
    "decided": "decided",
    "closed": "closed",
    "listed": "created",
}


def as_of_words(screen: ActingScreen) -> str | None:
    """The day that the screens of reports show, if it is an earlier one."""
    day = screen.desk.as_of
    return None if day is None else f"as of {day.isoformat()}"


def open_of_today(screen: ActingScreen, deal_id: str) -> None:
    """Show a deal, which can only be shown as it is, and say so where the list is of an earlier day."""
    sales(screen.app).open_deal(deal_id)
    then = as_of_words(screen)
    if then is not None:
        say(screen.app, f"The deal is shown as it is today; the list it is in is {then}.")


class BehindScreen(ActingScreen):
    """A list of deals, latest first; Enter opens one."""

    MODE = "funnel"
    AUTO_FOCUS = "LineList"

    BINDINGS: ClassVar = [
        *shown(view_client="", log="", edit=""),
        Binding("escape,backspace", "back", "Back", id="behind.back", key_display="esc",
                tooltip="Go back (also q)"),
    ]  # fmt: skip

    def __init__(self, scope: Scope, behind: Behind, title: str) -> None:
        super().__init__()
        self._scope, self._behind, self._title = scope, behind, title
        self._found: DealList | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        yield LineList()

    @property
    def lines(self) -> LineList:
        """The list."""
        return self.query_one(LineList)

    def title_words(self) -> str:
        """Which row, of which scope."""
        return joined(as_of_words(self), self._title, whose(self._scope))

    async def fetch(self) -> None:
        """Read and show them."""
        found = await self.read(deals_behind, self._scope, self._behind)
        self._found = found
        self.lines.show(lambda width: list(self._lines(found, width)))

    def _lines(self, found: DealList, width: int) -> Iterator[Line]:
        count = so_many(found.count, "deal")
        then = as_of_words(self)
        # Day and count say more than the scope, which the title of the screen names too.
        room = max(width - cell_len(joined(then, count)) - 5, 1)
        title = cell(self._title, min(cell_len(self._title), room))
        right = joined(then, whose(self._scope), count)
        is_room = cell_len(title) + cell_len(right) + 5 <= width
        yield heading(title, width, right=right if is_room else joined(then, count))
        yield from deal_lines(found, _DAYS[self._behind.fact], width)

    def _line_at_hand(self) -> DealLine | None:
        deals = self._found.deals if self._found is not None else ()
        return next((deal for deal in deals if deal.deal_id == self.lines.key), None)

    def at_hand(self) -> AtHand:
        """The deal under the cursor."""
        deal = self._line_at_hand()
        return AtHand(deal.client_id, deal.deal_id) if deal is not None else AtHand()

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Show the deal."""
        open_of_today(self, event.key)

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()


def deal_lines(found: DealList, day: str, width: int) -> Iterator[Line]:
    """A line for each deal: day, title and client, stage or outcome, owner, amount."""
    if not found.deals:
        yield line(("No deal stands behind this row.", "hint"))
        return
    is_wide = width >= 100
    sizes = _sizes(width, is_wide=is_wide)
    heads = (day, "deal", "client", "stage", "owner", "amount")
    yield Line(fitted(*((text, size, "muted") for text, size in zip(heads, sizes, strict=True))))
    for deal in found.deals:
        sign, style = OUTCOMES.get(deal.outcome, (deal.outcome, "text"))
        amount = money(deal.amount_minor, deal.currency)
        texts = (
            (deal.on_day.isoformat() if deal.on_day else "no day", "muted"),
            (f"{deal.number} {deal.title}", "text"),
            (deal.client or "no client", "text" if deal.client else "muted"),
            (joined(deal.stage, sign) if is_wide else sign or deal.stage, style),
            (deal.owner or "nobody", "muted"),
            (cell(amount, sizes[-1]).rstrip().rjust(sizes[-1]), "text"),
        )
        parts = [(text, size, kind) for (text, kind), size in zip(texts, sizes, strict=True)]
        yield Line(fitted(*parts), key=deal.deal_id)
    if found.count > len(found.deals):
        yield line((f"The latest {len(found.deals):,} of {found.count:,} deals.", "hint"))


def _sizes(width: int, *, is_wide: bool) -> tuple[int, ...]:
    """Cells of day, deal, client, stage, owner, amount; where it is narrow the owner is left out."""
    amount, stage, owner = (18, 26, 18) if is_wide else (16, 12, 0)
    rest = width - 10 - amount - stage - owner - 6
    deal = max(rest * 3 // 5, 8)
    return 10, deal, max(rest - deal, 6), stage, owner, amount
