"""Where everything on the deal board stands: columns, cards and the cursor, as pure geometry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from salestui.queries.board import Board, Card, Column
from salestui.widgets.board_face import CARD_LINES, sum_lines

STEP = CARD_LINES + 1
"""Lines from one card to the next: its own and the rule below it."""

LEAST_WIDTH = 18
"""Cells of a column below which a window of the stages is shown instead of all."""

GOOD_WIDTH = 20
"""Cells of a column in such a window."""


class Box(NamedTuple):
    """A rectangle in cells, its origin the board's upper left corner."""

    x: int
    y: int
    width: int
    height: int


class Cell(NamedTuple):
    """A place on the board: column and card, counted from 0. An empty column has one, row 0."""

    column: int
    row: int


_START = Cell(0, 0)


@dataclass(frozen=True)
class BoardLayout:
    """A board at a size: the cursor, each column's first card in view, the first stage in view.

    Every method that moves something returns a new layout in which the cursor's cell is in view.
    """

    board: Board
    width: int
    height: int
    cursor: Cell = _START
    tops: tuple[int, ...] = ()
    first: int = 0

    @classmethod
    def of(cls, board: Board, width: int, height: int) -> BoardLayout:
        """Lay a board out with the cursor on its first card."""
        start = next((i for i, column in enumerate(board.columns) if column.cards), 0)
        tops = (0,) * len(board.columns)
        return cls(board, width, height, Cell(start, 0), tops)._settled()

    # The lines, from above: overview, names, sums, rule, cards. What lacks room is left out.

    @cached_property
    def sums(self) -> tuple[tuple[str, ...], ...]:
        """The lines of sums of every column, worded for the narrowest in view."""
        widths = [self._content_width(place) for place in range(self.shown)]
        totals = tuple(column.totals for column in self.board.columns)
        return sum_lines(totals, min(widths, default=0) - 1, max(1, self.height // 3))

    @cached_property
    def _bands(self) -> tuple[int, int, int, int]:
        """Lines of overview, names, sums and rule; one card keeps its lines before any of them."""
        spare = max(0, self.height - CARD_LINES)
        names = min(1, spare)
        sums = min(max((len(lines) for lines in self.sums), default=0), spare - names)
        overview = min(1, spare - names - sums)
        return overview, names, sums, min(1, spare - names - sums - overview)

    @cached_property
    def has_overview(self) -> bool:
        """Whether line 0 speaks of the whole pipeline."""
        return self._bands[0] == 1

    @cached_property
    def head(self) -> tuple[int, int, int]:
        """First line of the names, of the sums and of the rule below them."""
        overview, names, sums, _rule = self._bands
        return overview, overview + names, overview + names + sums

    @cached_property
    def body_top(self) -> int:
        """The first line of the cards."""
        return sum(self._bands)

    @property
    def slots(self) -> int:
        """Cards in view at once in a column; the last may lack the rule below it."""
        return max(1, (self.height - self.body_top + 1) // STEP)

    # The columns in view

    @cached_property
    def shown(self) -> int:
        """Number of stages in view."""
        stages = len(self.board.columns)
        if stages * LEAST_WIDTH <= self.width:
            return max(1, stages)
        return max(1, min(stages, self.width // GOOD_WIDTH))

    @property
    def columns(self) -> range:
        """The columns in view."""
        return range(self.first, min(self.first + self.shown, len(self.board.columns)))

    @cached_property
    def _edges(self) -> tuple[int, ...]:
        return tuple(place * self.width // self.shown for place in range(self.shown + 1))

    @cached_property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        return tuple(
            (self._edges[place], self._content_width(place)) for place in range(self.shown)
        )

    def _content_width(self, place: int) -> int:
        """Cells of the column in that place of the view, without the line that parts it."""
        between = 1 if place < self.shown - 1 else 0
        return max(0, self._edges[place + 1] - self._edges[place] - between)

    def span(self, column: int) -> tuple[int, int]:
        """Left edge and width of a column in view."""
        return self._spans[column - self.first]

    def column_at(self, x: int) -> int | None:
        """The column at a horizontal position, the line that parts it from the next included."""
        if not 0 <= x < self.width:
            return None
        for column in self.columns:
            if x < self._edges[column - self.first + 1]:
                return column
        return None

    # The cells

    @property
    def current(self) -> Card | None:
        """The card under the cursor."""
        if not self.board.columns:
            return None
        cards = self.board.columns[self.cursor.column].cards
        return cards[self.cursor.row] if cards else None

    def visible(self) -> Iterator[tuple[Cell, Box]]:
        """Every cell of which at least one line is in view, with its region."""
        for column in self.columns:
            top = self.tops[column]
            for row in range(top, min(self._rows(column), top + self.slots + 1)):
                if box := self.region_of(Cell(column, row)):
                    yield Cell(column, row), box

    def region_of(self, cell: Cell) -> Box | None:
        """The part of a cell that is in view, the rule below the card included."""
        if cell.column not in self.columns or not 0 <= cell.row < self._rows(cell.column):
            return None
        x, width = self.span(cell.column)
        y = self.body_top + (cell.row - self.tops[cell.column]) * STEP
        height = min(STEP, self.height - y)
        if y < self.body_top or height <= 0 or width <= 0:
            return None
        return Box(x, y, width, height)

    def face_of(self, cell: Cell) -> Box | None:
        """The lines of a cell that the cursor marks: all but the rule."""
        box = self.region_of(cell)
        return box and box._replace(height=min(CARD_LINES, box.height))

    def cell_at(self, x: int, y: int) -> Cell | None:
        """The cell whose region holds a point."""
        column = self.column_at(x)
        if column is None or not self.body_top <= y < self.height:
            return None
        left, width = self.span(column)
        row = self.tops[column] + (y - self.body_top) // STEP
        if x >= left + width or row >= self._rows(column):
            return None
        return Cell(column, row)

    def more_line(self, column: int) -> int | None:
        """The line below the last loaded card, where the number of the others stands."""
        stage = self.board.columns[column]
        y = self.body_top + (len(stage.cards) - self.tops[column]) * STEP
        return y if unloaded(stage) and stage.cards and y < self.height else None

    def in_view(self, column: int) -> tuple[int, int]:
        """First and last card wholly in view, counted from 0; last < first in an empty column."""
        top = self.tops[column]
        return top, min(top + self.slots, len(self.board.columns[column].cards)) - 1

    # Moves

    def at(self, column: int, row: int) -> BoardLayout:
        """Put the cursor on the nearest cell there is; at the end, the count of the rest shows."""
        if not self.board.columns:
            return self
        moved = replace(self, cursor=Cell(column, row))._settled()
        column, row = moved.cursor
        if row == moved._rows(column) - 1:
            moved = moved._with_top(column, max(moved.tops[column], moved._last_top(column)))
        return moved

    def down(self, cards: int) -> BoardLayout:
        """Move the cursor down by so many cards, up if negative."""
        return self.at(self.cursor.column, self.cursor.row + cards)

    def page(self, pages: int) -> BoardLayout:
        """Move the cursor by so many screenfuls."""
        return self.down(pages * self.slots)

    def sideways(self, columns: int) -> BoardLayout:
        """Move the cursor to another column, at the same height on the screen."""
        if not self.board.columns:
            return self
        target = max(0, min(self.cursor.column + columns, len(self.tops) - 1))
        height = self.cursor.row - self.tops[self.cursor.column]
        return self.at(target, self.tops[target] + height)

    def scrolled(self, column: int, cards: int) -> BoardLayout:
        """Scroll one column; the cursor gives way where it would leave the view."""
        moved = self._with_top(column, self.tops[column] + cards)
        if column == self.cursor.column:
            first, last = moved.in_view(column)
            row = max(first, min(self.cursor.row, max(first, last)))
            moved = replace(moved, cursor=Cell(column, row))
        return moved._settled()

    def on_deal(self, deal_id: str) -> BoardLayout | None:
        """Put the cursor on a deal, or return `None` where it is not loaded."""
        place = _place_of(self.board, deal_id, self.cursor.column)
        return place and self.at(*place)

    def resized(self, width: int, height: int) -> BoardLayout:
        """The same at another size."""
        return replace(self, width=width, height=height)._settled()

    def followed(self, board: Board) -> BoardLayout:
        """Show a newer board: the cursor stays with its deal, else near where it was."""
        if board.pipeline_id != self.board.pipeline_id or not self.board.columns:
            return BoardLayout.of(board, self.width, self.height)
        was, column = self.current, self.cursor.column
        stages = {stage.stage_id: i for i, stage in enumerate(self.board.columns)}
        tops = tuple(
            self.tops[stages[stage.stage_id]] if stage.stage_id in stages else 0
            for stage in board.columns
        )
        stage_id = self.board.columns[column].stage_id
        near = next((i for i, s in enumerate(board.columns) if s.stage_id == stage_id), column)
        place = _place_of(board, was.deal_id, near) if was else None
        cursor = place or Cell(near, self.cursor.row)
        return replace(self, board=board, cursor=cursor, tops=tops)._settled()

    def _rows(self, column: int) -> int:
        return max(1, len(self.board.columns[column].cards))

    def _last_top(self, column: int) -> int:
        """The furthest a column scrolls: its last card in view, and the count of the rest."""
        stage = self.board.columns[column]
        room = self.height - self.body_top + (-1 if unloaded(stage) else 1)
        return max(0, self._rows(column) - max(1, room // STEP))

    def _with_top(self, column: int, top: int) -> BoardLayout:
        top = max(0, min(top, self._last_top(column)))
        if top == self.tops[column]:
            return self
        return replace(self, tops=(*self.tops[:column], top, *self.tops[column + 1 :]))

    def _settled(self) -> BoardLayout:
        """Clamp the cursor and every top, then scroll so that the cursor's cell is in view."""
        if not self.board.columns:
            return replace(self, cursor=_START, tops=(), first=0)
        column = max(0, min(self.cursor.column, len(self.board.columns) - 1))
        row = max(0, min(self.cursor.row, self._rows(column) - 1))
        tops = [max(0, min(top, self._last_top(i))) for i, top in enumerate(self.tops)]
        if not tops[column] <= row < tops[column] + self.slots:
            # By half a view at once: most keys then repaint two cards, not a column.
            tops[column] = max(0, min(row - self.slots // 2, self._last_top(column)))
        return replace(self, cursor=Cell(column, row), tops=tuple(tops), first=self._first(column))

    def _first(self, column: int) -> int:
        """The first stage in view; the window moves by all its stages but one, so seldom."""
        first, kept = self.first, min(1, self.shown - 1)
        if column >= first + self.shown:
            first = column - kept
        elif column < first:
            first = column - self.shown + 1 + kept
        return max(0, min(first, len(self.board.columns) - self.shown))


def unloaded(column: Column) -> int:
    """Deals of the column that have no card."""
    return max(0, column.count - len(column.cards))


def _place_of(board: Board, deal_id: str, near: int) -> Cell | None:
    """Where a deal's card is; the column `near` is looked through first."""
    order = sorted(range(len(board.columns)), key=lambda column: abs(column - near))
    for column in order:
        for row, card in enumerate(board.columns[column].cards):
            if card.deal_id == deal_id:
                return Cell(column, row)
    return None
