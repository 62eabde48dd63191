"""The products of a deal: a list of lines, each edited in four fields, and their sum as one types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from salestui.errors import Refused
from salestui.queries.choices import Choice
from salestui.queries.deal_card import Deal, Line, load_deal, load_deal_card
from salestui.queries.setup import ProductLine, products
from salestui.screens import typed
from salestui.screens.base import SalesScreen
from salestui.screens.deal_line_rows import discount, line_rows, quantity, shown, sum_words
from salestui.screens.form import Form
from salestui.screens.product_forms import among
from salestui.widgets.fields import TextField
from salestui.widgets.find_field import FindField, Match
from salestui.widgets.footer import QuietFooter
from salestui.widgets.line_list import LineList
from salestui.widgets.short_list import ShortList

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_FRAME, _FIELDS = 7, 13
"""Rows of the frame with sum and message; of the fields with what a search finds."""

_MOVE = Binding.Group("Move", compact=True)


class DealLinesForm(Form["Saved"]):
    """The lines of a deal. Nothing is kept until the form is saved, then all of them at once.

    `lines` are those the deal has, `offered` the products to choose from.
    """

    HELP = """
    Enter takes a line in and goes on to the next. A product without a price of its own takes its
    list price. The deal's amount becomes the sum; without products it stays as it is.
    """

    BINDINGS: ClassVar = [
        Binding("n", "new_line", "New", id="lines.new", tooltip="Add a product"),
        Binding("e", "edit_line", "Edit", id="act.edit",
                tooltip="Edit the line the cursor is on (also enter)"),
        Binding("delete,backspace", "drop_line", "Delete", id="lines.drop", key_display="del",
                tooltip="Take the line out"),
        Binding("J,shift+down", "shift(1)", "Move down", id="lines.down", group=_MOVE,
                tooltip="Move the line down"),
        Binding("K,shift+up", "shift(-1)", "Move up", id="lines.up", group=_MOVE,
                tooltip="Move the line up"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    DealLinesForm {
        & > Vertical { overflow-y: auto; }
        & LineList { height: auto; }
        & Grid { margin: 1 0 0 0; display: none; }
        &.-typing Grid { display: block; }
        & #sum { height: auto; padding: 0 1; margin: 1 0 0 0; text-style: bold; }
    }
    """

    def __init__(self, deal: Deal, lines: Sequence[Line], offered: Sequence[ProductLine]) -> None:
        super().__init__()
        self._deal = deal
        self._version: int | None = deal.version
        self._lines = list(lines)
        self._before = tuple(lines)
        self._prices = {p.id: p.price_minor for p in offered if p.currency == deal.currency}
        choices = {each.id: Choice(each.id, each.name, each.series) for each in offered}
        gone = {each.product_id: Choice(each.product_id, each.product, "no longer sold")
                for each in lines}  # fmt: skip
        self._choices = gone | choices
        self._place: int | None = None

    # What it looks like

    def title_words(self) -> str:
        """Which deal."""
        return f"Products of {self._deal.title}"

    def compose(self) -> ComposeResult:
        """The lines, the fields of one of them, the sum."""
        with Vertical() as frame:
            frame.border_title = Content(self.title_words())
            yield _Lines()
            with Grid():
                yield from self.fields()
            yield Static(id="sum", markup=False)
            yield Static(id="message", markup=False)
        yield QuietFooter()

    def fields(self) -> Iterable[Widget]:
        """The fields of a line."""
        code = self._deal.currency
        search = among(tuple(self._choices.values()))
        yield FindField("product_id", "Product", search, what="product", is_wide=True)
        yield TextField("quantity_milli", "Quantity", parse=quantity, hint="1")
        yield TextField("unit_price_minor", f"Price of one in {code}", hint="list price",
                        parse=typed.money(lambda: code))  # fmt: skip
        yield TextField("discount_bp", "Discount in percent", parse=discount, hint="0")

    def on_mount(self, event: events.Mount | None = None) -> None:
        """Begin with a new line where there is none yet."""
        if event is not None:
            event.prevent_default()  # which field has the cursor first is told here
        self._show()
        if self._lines:
            self.query_one(_Lines).focus()
        else:
            self._begin(0)

    def on_resize(self) -> None:
        """Leave room for the fields and the sum."""
        self._fit()

    def _fit(self) -> None:
        taken = _FRAME + (_FIELDS if self.is_typing else 0)
        self.query_one(_Lines).styles.max_height = max(2, self.size.height - taken)

    def _show(self, place: int = 0) -> None:
        self._fit()
        rows = self.query_one(_Lines)
        rows.show(lambda width: list(line_rows(self._lines, self._prices, width)))
        rows.refresh(layout=True)
        rows.select(str(place))
        self._tell_sum()

    def _tell_sum(self) -> None:
        lines, draft = list(self._lines), self._draft()
        if draft is not None and self._place is not None:
            lines[self._place : self._place + 1] = [draft]
        said = sum_words(lines, self._prices, self._deal)
        self.query_one("#sum", Static).update(Content(said))

    # Typing a line

    @property
    def is_typing(self) -> bool:
        """Whether a line is being typed."""
        return self._place is not None

    def _begin(self, place: int) -> None:
        """Edit the line at a place; the one behind the last is new."""
        self._place = place
        old = self._lines[place] if place < len(self._lines) else None
        self.field("product_id").put(Match(old.product_id, old.product) if old else None)
        texts = {
            "quantity_milli": shown(old.quantity_milli, 3) if old else "",
            "unit_price_minor": typed.shown_money(old.unit_price_minor, old.currency)
            if old
            else "",
            "discount_bp": shown(old.discount_bp, 2) if old and old.discount_bp else "",
        }
        for name, text in texts.items():
            field = self.field(name)
            field.value = field.initial = text
            field.complain(None)
        self.add_class("-typing")
        self._fit()
        self.field("quantity_milli" if old else "product_id").focus()
        self.refresh_bindings()
        self._tell_sum()

    def _end(self, place: int = 0) -> None:
        """Go back to the list."""
        self._place = None
        self.remove_class("-typing")
        self.query_one(_Lines).focus()
        self.refresh_bindings()
        self._show(place)

    def _draft(self) -> Line | None:
        """The line as it is typed so far, if it makes one."""
        if not self.is_typing:
            return None
        try:
            return self._typed_line(self.values_of_fields())
        except Refused:
            return None

    def values_of_fields(self) -> dict[str, Any]:
        """What stands in the fields. Raises `Refused`."""
        return {each.field_name: each.read() for each in self.all_fields()}

    def _typed_line(self, values: dict[str, Any]) -> Line:
        product = self._choices.get(values["product_id"] or "")
        if product is None:
            raise Refused("Choose a product from the list.")
        if values["unit_price_minor"] is None and product.id not in self._prices:
            raise Refused(f"{product.name} has no list price in {self._deal.currency}: type one.")
        place = self._place or 0
        old = self._lines[place] if place < len(self._lines) else None
        is_same = old is not None and old.product_id == product.id
        cost = old.cost_minor if old is not None and is_same else None
        return Line(product=product.name, cost_minor=cost, currency=self._deal.currency, **values)

    def _take(self) -> bool:
        """Take the typed line in; false, and said why, where it is no line yet."""
        try:
            taken = self._typed_line(self.values())
        except Refused as error:
            self.tell(str(error))
            return False
        place = self._place or 0
        self._lines[place : place + 1] = [taken]
        self.tell("")
        return True

    @property
    def _is_blank(self) -> bool:
        """Whether a new line is begun of which nothing is typed yet."""
        return self._place == len(self._lines) and not self.field("product_id").raw

    def on_input_changed(self, event: Input.Changed) -> None:
        """Add up as one types."""
        if self.is_typing:
            self._tell_sum()

    def on_find_field_changed(self, event: FindField.Changed) -> None:
        """Offer the list price of the product that was chosen."""
        chosen = event.field.chosen
        price = self.field("unit_price_minor")
        if chosen is not None:
            listed = self._prices.get(chosen.id)
            price.placeholder = typed.shown_money(listed, self._deal.currency) or "no list price"
        self._tell_sum()

    def _next_or_save(self) -> None:
        """Enter in the last field takes the line in: a new one is followed by the next."""
        if getattr(self.focused, "field_name", "") != "discount_bp":
            self.focus_next()
            return
        is_new = self._place == len(self._lines)
        place = self._place or 0
        if self._take():
            if is_new:
                self._show(place)
                self._begin(len(self._lines))
            else:
                self._end(place)

    # Keys of the list

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of the list are letters while one types."""
        if action in ("new_line", "edit_line", "drop_line", "shift"):
            return not self.is_typing
        return True

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Edit what enter is pressed on."""
        event.stop()
        self.action_edit_line()

    @property
    def _at(self) -> int | None:
        key = self.query_one(_Lines).key
        return None if key is None else int(key)

    def action_new_line(self) -> None:
        """Add a line."""
        self._begin(len(self._lines))

    def action_edit_line(self) -> None:
        """Edit the line the cursor is on."""
        if (place := self._at) is not None:
            self._begin(place)

    def action_drop_line(self) -> None:
        """Take the line out."""
        if (place := self._at) is not None:
            del self._lines[place]
            self._show(max(0, min(place, len(self._lines) - 1)))

    def action_shift(self, by: int) -> None:
        """Move the line."""
        place = self._at
        if place is not None and 0 <= place + by < len(self._lines):
            self._lines.insert(place + by, self._lines.pop(place))
            self._show(place + by)

    # Leaving

    @property
    def has_typed(self) -> bool:
        """Whether anything would be lost by leaving."""
        return tuple(self._lines) != self._before or (self.is_typing and super().has_typed)

    def action_leave(self) -> None:
        """Leave the line that is typed, then the form."""
        if self.is_typing and self._lines:
            self.tell("")
            self._end(min(self._place or 0, len(self._lines) - 1))
        else:
            super().action_leave()

    def action_save(self) -> None:
        """Take in what is typed, and save."""
        if self.is_typing and not self._is_blank and not self._take():
            return
        if tuple(self._lines) == self._before:
            self.dismiss(None)
        else:
            super().action_save()

    async def catch_up(self) -> None:
        """Take over the version of today."""
        deal = await self.desk.read(load_deal, deal_id=self._deal.deal_id)
        if deal is not None:
            self._version = deal.version

    async def submit(self) -> Saved:
        """Write all lines."""
        await self.desk.warm()
        from salestui.usecases import deals

        wanted = [
            deals.Line(
                each.product_id, each.quantity_milli, each.unit_price_minor, each.discount_bp,
                each.cost_minor,
            )
            for each in self._lines
        ]  # fmt: skip
        return await self.desk.write(
            deals.set_lines,
            deal_id=self._deal.deal_id,
            lines=wanted,
            expected_version=self._version,
        )


class _Lines(ShortList):
    BINDINGS: ClassVar = [
        Binding("enter", "open", "Edit", id="list.open", show=False,
                tooltip="Edit the line the cursor is on"),
    ]  # fmt: skip


async def lines_form(screen: SalesScreen, deal: Deal) -> DealLinesForm:
    """The form for the products of a deal."""
    card = await screen.read(load_deal_card, deal_id=deal.deal_id)
    offered = await screen.read(products)
    return DealLinesForm(card.deal if card else deal, card.lines if card else (), offered)
