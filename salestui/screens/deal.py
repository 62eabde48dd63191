"""One deal: its fields, products, dealings and dated history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import ClassVar

from textual.binding import Binding
from textual.widget import Widget

from salestui.queries.activity_log import Dealing
from salestui.queries.deal_card import DealCard, Event, load_deal_card
from salestui.queries.deal_card import Line as DealLine
from salestui.queries.deal_steps import load_deal_steps
from salestui.screens.acting import ActingScreen, AtHand, shown
from salestui.screens.base import sales, say
from salestui.screens.sighting_lines import sighting_lines
from salestui.screens.wording import (
    OUTCOMES,
    dealing_lines,
    fitted,
    heading,
    joined,
    labelled,
    money,
    text_lines,
)
from salestui.store.reader import Reader
from salestui.text import cell, format_money
from salestui.widgets.line_list import Line, LineList, Piece, line


class DealScreen(ActingScreen):
    """The deal it was turned to; made once for a place and shown again."""

    AUTO_FOCUS = "LineList"

    BINDINGS: ClassVar = [
        *shown(log="", win="", lose="", edit="", plan=""),
        Binding("escape,backspace", "back", "Back", id="screen.back", key_display="esc",
                tooltip="Leave the deal (also q)"),
    ]  # fmt: skip

    def __init__(self, mode: str) -> None:
        super().__init__()
        self._mode = mode
        self._deal_id = ""
        self._card: DealCard | None = None
        self._strays = ""

    @property
    def MODE(self) -> str:  # type: ignore[override]
        """The place the deal was opened from."""
        return self._mode

    def turn_to(self, deal_id: str) -> None:
        """Show another deal from the next time it is shown."""
        if deal_id != self._deal_id:
            self._deal_id, self._card, self._strays = deal_id, None, ""
        self._seen = None

    def compose_body(self) -> Iterable[Widget]:
        """One list of everything."""
        yield LineList()

    def title_words(self) -> str:
        """Which deal."""
        return joined(f"deal {self._card.deal.number}", self._card.deal.title) if self._card else ""

    async def fetch(self) -> None:
        """Read the deal."""
        card = await self.read(load_deal_card, deal_id=self._deal_id)
        if card is None:
            say(self.app, "This deal is no longer there.", is_problem=True)
            self.action_back()
            return
        is_new = self._card is None
        self._card = card
        self._lay_out(is_new=is_new)
        strays = await self.read(_strays, deal_id=card.deal.deal_id)
        if self._card is card and strays != self._strays:
            self._strays = strays
            self._lay_out()

    def _lay_out(self, *, is_new: bool = False) -> None:
        card, strays = self._card, self._strays
        if card is not None:
            self.query_one(LineList).show(
                lambda width: list(deal_card_lines(card, width, strays)), is_new=is_new
            )

    @property
    def _row(self) -> tuple[str, str]:
        what, _, row_id = (self.query_one(LineList).key or "").partition(":")
        return what, row_id

    def at_hand(self) -> AtHand:
        """The deal, and the task under the cursor."""
        if self._card is None:
            return AtHand()
        deal = self._card.deal
        dealing = self.dealing_at_hand()
        task = None
        if dealing is not None and dealing.is_open:
            words = dealing.subject or dealing.kind
            task = (dealing.activity_id, dealing.version, words)
        return AtHand(deal.client_id, deal.deal_id, task)

    def dealing_at_hand(self) -> Dealing | None:
        """The activity under the cursor."""
        what, row_id = self._row
        if what != "activity" or self._card is None:
            return None
        return next((d for d in self._card.dealings if d.activity_id == row_id), None)

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Go to the client; anything else is edited."""
        what, row_id = self._row
        if what == "client" and row_id:
            sales(self.app).open_client(row_id)
        else:
            self.action_edit()

    def action_back(self) -> None:
        """Leave the deal."""
        if self.app.screen is self:
            self.app.pop_screen()


def _strays(reader: Reader, *, deal_id: str) -> str:
    """What of its stages the deal skipped or went back to."""
    steps = load_deal_steps(reader, deal_id=deal_id)
    return "" if steps is None else steps.strays


def deal_card_lines(card: DealCard, width: int, strays: str = "") -> Iterator[Line]:
    """Everything about a deal; `strays` is what of its stages it did not go through in order."""
    yield from _head(card, width, strays)
    yield from _products(card.lines, width)
    yield from sighting_lines(card.sightings, width, with_deal=False)
    yield heading(f"Dealings ({len(card.dealings)})", width)
    if not card.dealings:
        yield line(("Nothing yet. Press a to log what was done, + to plan.", "hint"))
    for dealing in card.dealings:
        key = f"activity:{dealing.activity_id}"
        yield from dealing_lines(dealing, width, card.today, key=key, with_client=False)
    yield line()
    yield heading("History", width)
    before: Event | None = None
    for event in card.events:
        yield _event(event, before, width)
        before = event


def _head(card: DealCard, width: int, strays: str) -> Iterator[Line]:
    deal = card.deal
    word, style = OUTCOMES.get(deal.outcome, ("", "text"))
    amount = money(deal.amount_minor, deal.currency)
    room = max(10, width - len(amount) - len(word) - 4)
    yield Line(
        (
            *fitted((deal.title, room, "title"), (word, len(word), style)),
            Piece(amount, "accent"),
        ),
        "deal:",
    )
    client = f"client:{deal.client_id or ''}"
    shown = deal.client or "none"
    yield Line((Piece(cell("Client", 14), "muted"), Piece(cell(shown, max(0, width - 14)))), client)
    if card.stalled:
        said = cell(f"! {', '.join(card.stalled)}", max(0, width - 14))
        yield line((cell("Stands still", 14), "muted"), (said, "warn"))
    if strays:
        said = cell(strays, max(0, width - 14))
        yield line((cell("Out of order", 14), "muted"), (said, "text"))
    since = deal.stage_since_on
    days = "" if since is None else f"{(card.today - since).days} d"
    closed = joined(
        _day(deal.closed_on), deal.loss_reason, deal.competitor and f"to {deal.competitor}"
    )
    yield from labelled(
        [
            ("Stage", joined(deal.stage, f"{deal.probability}%", days)),
            ("Pipeline", deal.pipeline),
            ("Owner", deal.owner or "nobody"),
            ("Expected", _day(deal.expected_close_on) if deal.outcome == "open" else ""),
            ("Forecast", deal.forecast_category if deal.outcome == "open" else ""),
            ("Closed", closed),
            ("Rests until", _day(deal.postponed_until_on)),
            ("Contact", deal.contact or ""),
            ("Kind", f"{deal.kind} business"),
            ("Created", _day(deal.created_on)),
            ("Source", deal.source),
        ],
        width,
    )
    if deal.notes:
        yield from text_lines("Notes", deal.notes, width)
    yield line()


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _products(lines: tuple[DealLine, ...], width: int) -> Iterator[Line]:
    if not lines:
        return
    yield heading(f"Products ({len(lines)})", width)
    for each in lines:
        count = f"{each.quantity_milli / 1000:g} ×"
        price = (
            ""
            if each.unit_price_minor is None
            else format_money(each.unit_price_minor, each.currency)
        )
        off = f"-{each.discount_bp / 100:g} %" if each.discount_bp else ""
        name = max(10, width - 10 - 20 - 9 - 3)
        yield Line(
            fitted(
                (count.rjust(10), 10, "muted"),
                (each.product, name, "text"),
                (price.rjust(20), 20, "text"),
                (off, 8, "muted"),
            )
        )
    yield line()


def _event(event: Event, before: Event | None, width: int) -> Line:
    """What was so from a day on that was not so before."""
    day = _day(event.occurred_on) or "no date"
    late = event.occurred_on is not None and event.recorded_on > event.occurred_on
    how = "imported" if event.is_imported else ("entered later" if late else "")
    changed: list[str | None] = []
    if before is None or before.outcome != event.outcome:
        changed.append(event.outcome if before or event.outcome != "open" else "created")
    if before is None or before.stage != event.stage:
        changed.append(event.stage)
    if before is None or before.amount_minor != event.amount_minor:
        changed.append(money(event.amount_minor, event.currency))
    if before is None or before.owner != event.owner:
        changed.append(f"owner {event.owner or 'nobody'}")
    if event.expected_close_on and (
        before is None or before.expected_close_on != event.expected_close_on
    ):
        changed.append(f"close {_day(event.expected_close_on)}")
    if before is not None and before.forecast_category != event.forecast_category:
        changed.append(f"forecast {event.forecast_category}")
    if before is not None and before.is_active and not event.is_active and event.outcome == "won":
        changed.append("finished")
    rest = max(0, width - 12 - 20 - 2)
    said = joined(*changed, f"({how})" if how else None) or "another detail"
    return Line(
        (
            *fitted((day, 12, "muted"), (event.actor or "", 18, "muted")),
            Piece(cell(said, rest), "text"),
        )
    )
