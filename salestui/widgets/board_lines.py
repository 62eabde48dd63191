"""What stands on each line of the deal board, and what differs between two boards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

from salestui.queries.board import Board, Column
from salestui.text import cell
from salestui.widgets.board_face import CARD_LINES, card_face, head_name, overview
from salestui.widgets.board_layout import STEP, BoardLayout, Box, unloaded
from salestui.widgets.first_steps import NO_DEALS, NO_PIPELINE, NO_STAGES

_EMPTY_COLUMN = ("No deals here.", "Move one in with L", "or press n.")


class Piece(NamedTuple):
    """Text of a line in one style (a name of `STYLES`)."""

    text: str
    style: str


BETWEEN = Piece("│", "rule")
"""What parts two columns."""

STYLES = (
    "text", "overview", "head", "head-current", "sum", "rule", "title",
    "late", "stalled", "cursor", "hint",
)  # fmt: skip


def line(layout: BoardLayout, y: int, focused: bool) -> list[Piece]:
    """The pieces of one line, together exactly as wide as the layout."""
    whole = whole_line(layout, y)
    if whole is not None:
        return whole
    pieces: list[Piece] = []
    for column in layout.columns:
        if pieces:
            pieces.append(BETWEEN)
        pieces += column_line(layout, column, y, focused)
    return pieces


def whole_line(layout: BoardLayout, y: int) -> list[Piece] | None:
    """The pieces of a line that is one over all columns, `None` if it is none such."""
    board = layout.board
    if layout.width <= 0:
        return []
    if not board.columns:
        said = NO_STAGES if board.pipeline_id else NO_PIPELINE
        return [Piece(cell(f" {said}" if y == 0 else "", layout.width), "hint")]
    if y == 0 and layout.has_overview:
        return [Piece(overview(board, layout.first, layout.shown, layout.width), "overview")]
    if y >= layout.body_top and _is_empty(board):
        said = f" {_nothing(board.hidden)}" if y == layout.body_top else ""
        return [Piece(cell(said, layout.width), "hint")]
    return None


def column_line(layout: BoardLayout, column: int, y: int, focused: bool) -> list[Piece]:
    """The pieces of a column's part of a line, without the `BETWEEN` that parts it from the next."""
    if y < layout.body_top:
        pieces = _head(layout, column, y)
    else:
        pieces = _body(layout, column, y, focused)
    return [piece for piece in pieces if piece.text]


def _is_empty(board: Board) -> bool:
    return not any(column.count for column in board.columns)


def _nothing(hidden: int) -> str:
    if not hidden:
        return NO_DEALS
    return f"No deal passes the filter, which hides {hidden:,}. Press / to change it."


def _head(layout: BoardLayout, column: int, y: int) -> list[Piece]:
    _names, sums, rule = layout.head
    stage, width = layout.board.columns[column], layout.span(column)[1]
    if y >= rule:
        return _head_rule(layout, column, width)
    if y >= sums:
        lines = layout.sums[column]
        return [Piece(cell(f" {lines[y - sums]}" if y - sums < len(lines) else "", width), "sum")]
    before, after = "", ""
    if not layout.has_overview:  # its marks have no other place
        if column == layout.first and layout.first:
            before = f"◂{layout.first}"
        if column == layout.columns[-1] and (right := len(layout.board.columns) - column - 1):
            after = f"{right}▸"
    name = head_name(stage, width, before=before, after=after)
    return [Piece(name, "head-current" if column == layout.cursor.column else "head")]


def _head_rule(layout: BoardLayout, column: int, width: int) -> list[Piece]:
    """The line under a head: the stage's probability, and which of its cards are in view."""
    stage = layout.board.columns[column]
    first, last = layout.in_view(column)
    left, right = f" {stage.probability}% ", ""
    if first <= last and (first or last + 1 < stage.count):
        right = f" {first + 1:,}-{last + 1:,} of {stage.count:,} "
    if len(left) + len(right) > width:
        left = ""
    if len(right) > width:
        right = ""
    gap = width - len(left) - len(right)
    return [Piece(left, "sum"), Piece("─" * gap, "rule"), Piece(right, "sum")]


def _body(layout: BoardLayout, column: int, y: int, focused: bool) -> list[Piece]:
    stage, width = layout.board.columns[column], layout.span(column)[1]
    row, part = divmod(y - layout.body_top, STEP)
    row += layout.tops[column]
    at_cursor = layout.cursor == (column, row)
    gutter = " "
    if at_cursor and part == 0:
        gutter = "▸" if focused else "▹"
    if not stage.cards:
        return [_empty(stage, row, part, width, gutter, at_cursor)]
    if row >= len(stage.cards):
        said = f" + {unloaded(stage):,} more" if y == layout.more_line(column) else ""
        return [Piece(cell(said, width), "hint")]
    card = stage.cards[row]
    face = card_face(card, max(0, width - 1), layout.board.today)
    if part == CARD_LINES:
        return _rule(face.stalled, width)
    style = "cursor" if at_cursor else ("title", "text", face.step_style)[part]
    return [Piece(f"{gutter}{face.lines[part]}", style)]


def _empty(stage: Column, row: int, part: int, width: int, gutter: str, at_cursor: bool) -> Piece:
    """A line of an empty column: what to do there, or that its deals are not loaded."""
    if row > 0 or part >= CARD_LINES:
        return Piece(cell("", width), "hint")
    said = _EMPTY_COLUMN[part] if not stage.count else (f"+ {stage.count:,} more", "", "")[part]
    return Piece(cell(f"{gutter}{said}", width), "cursor" if at_cursor else "hint")


def _rule(stalled: str, width: int) -> list[Piece]:
    """The line below a card; why the deal stands still has its place on it."""
    if not stalled or width < 3:
        return [Piece("─" * width, "rule")]
    said = f" {stalled} "
    used = min(width, cell_len(said))
    return [Piece(cell(said, used), "stalled"), Piece("─" * (width - used), "rule")]


def changes(old: BoardLayout, new: BoardLayout) -> list[Box] | None:
    """The regions to repaint after `old` became `new`; `None` is all of it."""
    if _frame(old) != _frame(new) or not new.board.columns:
        return None
    boxes: list[Box] = []
    if old.board is not new.board and new.has_overview and _heads(old) != _heads(new):
        boxes.append(Box(0, 0, new.width, 1))
    for column in new.columns:
        boxes += _head_changes(old, new, column)
        boxes += _body_changes(old, new, column)
    if old.cursor != new.cursor:
        boxes += [box for box in (old.face_of(old.cursor), new.face_of(new.cursor)) if box]
    return [box for box in dict.fromkeys(boxes) if box.height > 0]


def _frame(layout: BoardLayout) -> tuple[object, ...]:
    """What moves everything when it changes."""
    board = layout.board
    stages = tuple((column.stage_id, column.name) for column in board.columns)
    size = layout.width, layout.height, layout.head, layout.body_top
    return size, layout.first, board.today, board.hidden if _is_empty(board) else None, stages


def _heads(layout: BoardLayout) -> tuple[object, ...]:
    return layout.board.hidden, tuple((c.count, c.totals) for c in layout.board.columns)


def _head_changes(old: BoardLayout, new: BoardLayout, column: int) -> Iterator[Box]:
    names, sums, rule = new.head
    x, width = new.span(column)
    before, after = old.board.columns[column], new.board.columns[column]
    was_current, is_current = column == old.cursor.column, column == new.cursor.column
    if before.count != after.count or was_current != is_current:
        yield Box(x, names, width, sums - names)
    if old.sums[column] != new.sums[column]:
        yield Box(x, sums, width, rule - sums)
    if rule < new.body_top and _head_rule(old, column, width) != _head_rule(new, column, width):
        yield Box(x, rule, width, new.body_top - rule)


def _body_changes(old: BoardLayout, new: BoardLayout, column: int) -> Iterator[Box]:
    """Whole cells whose card is another, joined where they touch; all of a scrolled column."""
    x, width = new.span(column)
    before, after = old.board.columns[column], new.board.columns[column]
    if before is after and old.tops[column] == new.tops[column]:
        return
    start = None
    for slot in range(new.slots + 1):
        y = new.body_top + slot * STEP
        same = _shown_at(old, column, slot) == _shown_at(new, column, slot)
        if not same and start is None:
            start = y
        if start is not None and (same or slot == new.slots):
            yield Box(x, start, width, min(y if same else new.height, new.height) - start)
            start = None


def _shown_at(layout: BoardLayout, column: int, slot: int) -> object:
    """What a slot of a column shows: a card, the count of the others, a hint or nothing."""
    stage = layout.board.columns[column]
    row = layout.tops[column] + slot
    if row < len(stage.cards):
        return stage.cards[row]
    return (unloaded(stage), not stage.cards) if row == len(stage.cards) else None
