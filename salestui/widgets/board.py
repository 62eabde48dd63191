"""The deal board: one widget that paints every card and knows no store."""

from __future__ import annotations

import sys
from itertools import product
from typing import ClassVar, Self

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from salestui.queries.board import Board, Card
from salestui.widgets.board_layout import BoardLayout
from salestui.widgets.board_lines import BETWEEN, Piece, changes, column_line, whole_line
from salestui.widgets.changed_spans import write_changed_spans_only
from salestui.widgets.painted import Painted

SETTLED_AFTER = 0.08
"""Seconds the cursor rests before `DealHighlighted`: a held key updates no side panel."""

_WHEEL_CARDS = 1
_MOVE = Binding.Group("Move", compact=True)


class BoardMessage(Message):
    """What a board posts."""

    def __init__(self, board: DealBoard) -> None:
        super().__init__()
        self.board = board

    @property
    def control(self) -> DealBoard:
        """The board."""
        return self.board


class DealBoard(Painted, can_focus=True):
    """The deals of a pipeline, a column a stage.

    It changes no deal itself: it posts what is wished, and shows the board it is given.
    """

    PART = "deal-board"

    HELP = """\
Each column is a stage: its name and number of deals, their sum, and "w", the sum weighted by the
stage's probability. Sums of several currencies stand apart. All deals are counted, also those
without a card ("+ 120 more").
A card says client and owner's initials; deal and amount; the next step, its day, and how many days
the deal is in the stage. "!" marks a deal that stands still and says why. "▸" marks the cursor.
Where not all stages fit, "◂ 2" and "3 ▸" count those to the left and right."""

    BINDINGS: ClassVar = [
        Binding(
            "enter", "open", "Open", id="deal.open", tooltip="Open the deal under the cursor"
        ),
        Binding(
            "H,shift+left", "move(-1)", "Back", id="deal.move_previous", group=_MOVE,
            tooltip="Move the deal to the previous stage",
        ),
        Binding(
            "L,shift+right", "move(1)", "On", id="deal.move_next", group=_MOVE,
            tooltip="Move the deal to the next stage",
        ),
        Binding("left,h", "sideways(-1)", "Left", id="board.left", show=False,
                tooltip="Go to the previous stage"),
        Binding("right,l", "sideways(1)", "Right", id="board.right", show=False,
                tooltip="Go to the next stage"),
        Binding("up,k", "down(-1)", "Up", id="board.up", show=False,
                tooltip="Go to the deal above"),
        Binding("down,j", "down(1)", "Down", id="board.down", show=False,
                tooltip="Go to the deal below"),
        Binding("pageup", "page(-1)", "Page up", id="board.page_up", show=False,
                tooltip="Go up by a screenful of deals"),
        Binding("pagedown", "page(1)", "Page down", id="board.page_down", show=False,
                tooltip="Go down by a screenful of deals"),
        Binding("home,g", "first", "First", id="board.first", show=False,
                tooltip="Go to the first deal of the stage"),
        Binding("end,G", "last", "Last", id="board.last", show=False,
                tooltip="Go to the last deal of the stage"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    DealBoard {
        width: 1fr;
        height: 1fr;

        & > .deal-board--overview { color: $text-muted; }
        & > .deal-board--head { text-style: bold; }
        & > .deal-board--head-current { color: $text-accent; text-style: bold underline; }
        & > .deal-board--sum { color: $text-muted; }
        & > .deal-board--rule { color: $foreground 25%; }
        & > .deal-board--title { text-style: bold; }
        & > .deal-board--text { color: $foreground 85%; }
        & > .deal-board--late { color: $text-error; }
        & > .deal-board--stalled { color: $text-warning; text-style: bold; }
        & > .deal-board--hint { color: $text-muted; text-style: italic; }
        & > .deal-board--cursor { background: $block-cursor-blurred-background; }
        &:focus > .deal-board--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:focus:nocolor > .deal-board--cursor, &:focus:ansi > .deal-board--cursor {
            color: $foreground;
            background: $background;
            text-style: reverse;
        }
        &:nocolor > .deal-board--late { color: $foreground; text-style: bold; }
    }
    """

    class DealHighlighted(BoardMessage):
        """The cursor has come to rest on a deal, or on none."""

        def __init__(self, board: DealBoard, card: Card | None) -> None:
            super().__init__(board)
            self.card = card

    class OpenRequested(BoardMessage):
        """The user wishes to see a deal."""

        def __init__(self, board: DealBoard, deal_id: str) -> None:
            super().__init__(board)
            self.deal_id = deal_id

    class MoveRequested(BoardMessage):
        """The user wishes a deal in another stage; `version` is the one on the card."""

        def __init__(self, board: DealBoard, deal_id: str, to_stage_id: str, version: int) -> None:
            super().__init__(board)
            self.deal_id, self.to_stage_id, self.version = deal_id, to_stage_id, version

    def __init__(
        self, board: Board | None = None, *, id: str | None = None, classes: str | None = None
    ) -> None:
        self._painted: dict[tuple[int, int], list[Segment]] = {}
        """What stands in a column's part of a line, until it changes."""
        super().__init__(id=id, classes=classes)
        self._placed = None if board is None else BoardLayout.of(board, 0, 0)
        self._announced: Card | None = None
        self._announcing: Timer | None = None

    @property
    def board(self) -> Board | None:
        """The board shown."""
        return None if self._placed is None else self._placed.board

    @property
    def current(self) -> Card | None:
        """The card under the cursor."""
        return None if self._placed is None else self._placed.current

    @property
    def current_stage_id(self) -> str | None:
        """The stage of the cursor, also where it holds no deal."""
        if self._placed is None or not self._placed.board.columns:
            return None
        return self._placed.board.columns[self._placed.cursor.column].stage_id

    def show(self, board: Board) -> None:
        """Show a board; the cursor stays on its deal or near where it was."""
        if self._placed is None:
            self._place(BoardLayout.of(board, *self.size))
        else:
            self._place(self._placed.followed(board))

    def patch(self, board: Board) -> None:
        """Show a board that differs little: the same as `show`, which repaints what differs."""
        self.show(board)

    def select(self, deal_id: str) -> bool:
        """Put the cursor on a deal; false where it has no card."""
        placed = self._placed and self._placed.on_deal(deal_id)
        if placed is None:
            return False
        self._place(placed)
        return True

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width = self.size.width
        if self._placed is None:
            return Strip.blank(width, self.rich_style)
        if (self._placed.width, self._placed.height) != self.size:
            # The first paint comes before the message of the size: without cards it would be for nothing.
            self._placed = self._placed.resized(*self.size)
            self._painted.clear()
        whole = whole_line(self._placed, y)
        if whole is not None:
            return Strip(self._in_looks(whole), width)
        segments: list[Segment] = []
        between = self._in_looks([BETWEEN])
        for column in self._placed.columns:
            if segments:
                segments += between
            segments += self._column_line(self._placed, column, y)
        return Strip(segments, width)

    def _column_line(self, placed: BoardLayout, column: int, y: int) -> list[Segment]:
        painted = self._painted.get((column, y))
        if painted is None:
            painted = self._in_looks(column_line(placed, column, y, self.has_focus))
            self._painted[column, y] = painted
        return painted

    def _in_looks(self, pieces: list[Piece]) -> list[Segment]:
        looks = self.looks
        return [Segment(text, looks[style]) for text, style in pieces]

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Paint anew; of columns that no region touches, what is painted is kept."""
        if not regions or (placed := self._placed) is None:
            self._painted.clear()
        else:
            for region, column in product(regions, placed.columns):
                left, width = placed.span(column)
                if left < region.right and region.x < left + width:
                    for y in region.line_range:
                        self._painted.pop((column, y), None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def on_mount(self) -> None:
        """Keep a key's output small on this screen."""
        write_changed_spans_only(self.screen)

    def on_resize(self) -> None:
        """Lay out anew."""
        if self._placed is not None:
            self._place(self._placed.resized(*self.size))

    def on_click(self, event: events.Click) -> None:
        """Select what is clicked; open it if it was selected."""
        point = event.get_content_offset(self)
        if self._placed is None or point is None:
            return
        event.stop()
        cell = self._placed.cell_at(*point)
        if cell is not None and cell == self._placed.cursor:
            self.action_open()
        elif cell is not None:
            self._place(self._placed.at(*cell))
        elif (column := self._placed.column_at(point.x)) is not None:
            self._place(self._placed.sideways(column - self._placed.cursor.column))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the column under the pointer down."""
        self._scroll(event, _WHEEL_CARDS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the column under the pointer up."""
        self._scroll(event, -_WHEEL_CARDS)

    def action_down(self, cards: int) -> None:
        """Move the cursor down."""
        if self._placed is not None:
            self._place(self._placed.down(cards))

    def action_page(self, pages: int) -> None:
        """Move the cursor by screenfuls."""
        if self._placed is not None:
            self._place(self._placed.page(pages))

    def action_sideways(self, columns: int) -> None:
        """Move the cursor to another stage."""
        if self._placed is not None:
            self._place(self._placed.sideways(columns))

    def action_first(self) -> None:
        """Move the cursor to the first deal of its stage."""
        if self._placed is not None:
            self._place(self._placed.at(self._placed.cursor.column, 0))

    def action_last(self) -> None:
        """Move the cursor to the last deal of its stage."""
        if self._placed is not None:
            self._place(self._placed.at(self._placed.cursor.column, sys.maxsize))

    def action_open(self) -> None:
        """Ask for the deal under the cursor to be opened."""
        if card := self.current:
            self.post_message(self.OpenRequested(self, card.deal_id))

    def action_move(self, stages: int) -> None:
        """Ask for the deal under the cursor to be moved by so many stages."""
        card = self.current
        if self._placed is None or card is None:
            return
        columns = self._placed.board.columns
        target = self._placed.cursor.column + stages
        if 0 <= target < len(columns):
            to_stage_id = columns[target].stage_id
            self.post_message(self.MoveRequested(self, card.deal_id, to_stage_id, card.version))
        else:
            end = "last stage; w marks the deal won" if stages > 0 else "first stage"
            self.notify(f"This is the {end}.", timeout=3, markup=False)

    def _scroll(self, event: events.MouseScrollDown | events.MouseScrollUp, cards: int) -> None:
        event.stop()
        event.prevent_default()
        point: Offset | None = event.get_content_offset(self)
        if self._placed is None or point is None:
            return
        column = self._placed.column_at(point.x)
        if column is not None:
            self._place(self._placed.scrolled(column, cards))

    def _place(self, placed: BoardLayout) -> None:
        """Take a layout over and repaint what differs from the one before."""
        before, self._placed = self._placed, placed
        boxes = None if before is None else changes(before, placed)
        if boxes is None:
            self.refresh()
        elif boxes:
            self.refresh(*(Region(*box) for box in boxes))
        if placed.current != self._announced:
            self._announce_soon()

    def _announce_soon(self) -> None:
        if self._announcing is not None:
            self._announcing.stop()
        self._announcing = self.set_timer(SETTLED_AFTER, self._announce)

    def _announce(self) -> None:
        self._announced = self.current
        self.post_message(self.DealHighlighted(self, self._announced))
