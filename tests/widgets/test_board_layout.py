"""The board's geometry and words, without a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from salestui.queries.board import Board, Card, Total
from salestui.text import inert
from salestui.widgets.board_face import card_face, overview, sum_lines
from salestui.widgets.board_layout import BoardLayout, Cell
from salestui.widgets.board_lines import Piece, changes, line
from salestui.widgets.first_steps import NO_DEALS
from tests.widgets.boards import HOSTILE, TODAY, a_board, a_card, a_column, believable, moved

texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))


@st.composite
def cards(draw: st.DrawFn, number: int, stage: int) -> Card:
    return a_card(
        number,
        stage,
        title=draw(texts),
        client=draw(st.none() | texts),
        owner=draw(st.none() | texts),
        next_step=draw(st.none() | texts),
        amount_minor=draw(st.none() | st.integers(-(10**15), 10**15)),
        currency=draw(st.sampled_from(("EUR", "JPY", "PLN"))),
        stalled=draw(st.sampled_from(((), ("no next step",), ("12 of 7 days", "past its close")))),
    )


@st.composite
def boards(draw: st.DrawFn) -> Board:
    columns, number = [], 1
    for stage in range(draw(st.integers(0, 9))):
        size = draw(st.sampled_from((0, 1, 2, 7, 40)))
        first = draw(cards(number, stage))
        held = tuple(first._replace(deal_id=f"{number + i:032x}") for i in range(size))
        more = draw(st.sampled_from((0, 0, 4_120)))
        column = a_column(stage, held, count=size + more)
        columns.append(replace(column, name=draw(texts)))
        number += size
    return Board("p1", draw(texts), tuple(columns), draw(st.sampled_from((0, 12))), TODAY)


sizes = st.tuples(st.integers(1, 230), st.integers(1, 70))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("down"), st.integers(-45, 45)),
        st.tuples(st.just("sideways"), st.integers(-9, 9)),
        st.tuples(st.just("page"), st.integers(-2, 2)),
        st.tuples(st.just("scrolled"), st.integers(0, 8), st.integers(-5, 5)),
        st.tuples(st.just("resized"), st.integers(1, 230), st.integers(1, 70)),
    ),
    max_size=8,
)


def walked(layout: BoardLayout, path: list[tuple[object, ...]]) -> BoardLayout:
    for name, *args in path:
        if name == "scrolled" and args[0] >= len(layout.board.columns):  # type: ignore[operator]
            continue
        layout = getattr(layout, str(name))(*args)
    return layout


@given(boards(), sizes, steps)
@settings(max_examples=80, deadline=None)
def test_the_cursors_card_is_always_in_view(
    board: Board, size: tuple[int, int], path: list[tuple[object, ...]]
) -> None:
    layout = walked(BoardLayout.of(board, *size), path)
    if not board.columns:
        assert layout.current is None
        return
    box = layout.face_of(layout.cursor)
    assert box is not None
    assert box.height == min(3, layout.height)
    assert layout.cursor.column in layout.columns
    held = board.columns[layout.cursor.column].cards
    assert layout.current == (held[layout.cursor.row] if held else None)


@given(boards(), sizes, steps)
@settings(max_examples=40, deadline=None)
def test_cell_at_is_the_inverse_of_region_of(
    board: Board, size: tuple[int, int], path: list[tuple[object, ...]]
) -> None:
    layout = walked(BoardLayout.of(board, *size), path)
    owners: dict[tuple[int, int], Cell] = {}
    for cell, box in layout.visible():
        for x in range(box.x, box.x + box.width):
            for y in range(box.y, box.y + box.height):
                assert (x, y) not in owners, "two cells overlap"
                owners[x, y] = cell
    for x in range(-1, layout.width + 1):
        for y in range(-1, layout.height + 1):
            assert layout.cell_at(x, y) == owners.get((x, y))


@given(boards(), sizes, steps, st.booleans())
@settings(max_examples=80, deadline=None)
def test_every_line_is_exactly_as_wide_as_the_board(
    board: Board, size: tuple[int, int], path: list[tuple[object, ...]], focused: bool
) -> None:
    layout = walked(BoardLayout.of(board, *size), path)
    for y in range(layout.height):
        said = "".join(piece.text for piece in line(layout, y, focused))
        assert cell_len(said) == layout.width
        assert inert(said) == said
        assert "\n" not in said and "\t" not in said


@given(boards(), boards(), sizes, steps, steps)
@settings(max_examples=80, deadline=None)
def test_repainting_the_changes_gives_the_new_board(
    before: Board,
    other: Board,
    size: tuple[int, int],
    path: list[tuple[object, ...]],
    further: list[tuple[object, ...]],
) -> None:
    old = walked(BoardLayout.of(before, *size), path)
    swapped = tuple(other.columns[i] if i < len(other.columns) else column
                    for i, column in enumerate(before.columns))  # fmt: skip
    patched = before._replace(columns=swapped if further else before.columns)
    new = walked(old.followed(patched), [s for s in further if s[0] != "resized"])
    boxes = changes(old, new)
    if boxes is None:
        return
    painted, wanted = grid(old), grid(new)
    for box in boxes:
        for y in range(box.y, box.y + box.height):
            painted[y][box.x : box.x + box.width] = wanted[y][box.x : box.x + box.width]
    assert painted == wanted


def grid(layout: BoardLayout) -> list[list[tuple[str, str]]]:
    """Every cell of the board: the character that begins there and its style."""
    rows = []
    for y in range(layout.height):
        row: list[tuple[str, str]] = []
        for text, style in line(layout, y, True):
            for char in text:
                width = cell_len(char)
                if width:
                    row += [(char, style)] + [("", style)] * (width - 1)
                elif row:
                    row[-1] = (row[-1][0] + char, style)
        rows.append(row)
    return rows


def test_a_cursor_key_repaints_two_cards_and_two_names() -> None:
    layout = BoardLayout.of(a_board(9, 9, 9, 9, 9, 9, 9), 160, 48)
    down = changes(layout, layout.down(1))
    assert down is not None
    assert [box.height for box in down] == [3, 3]
    right = changes(layout, layout.sideways(1))
    assert right is not None
    assert sorted(box.height for box in right) == [1, 1, 3, 3]


def test_a_move_repaints_only_the_two_columns_and_the_totals_above() -> None:
    board = a_board(3, 3, 3, 3, 3, 3, 3)
    layout = BoardLayout.of(board, 160, 48).sideways(2)
    card = layout.current
    assert card is not None
    new = layout.followed(moved(board, card.deal_id, "s3"))
    assert new.cursor == Cell(3, 0), "the cursor follows the deal"
    boxes = changes(layout, new)
    assert boxes is not None
    columns = {new.column_at(box.x) for box in boxes if box.y > 0}
    assert columns == {2, 3}


def test_seven_stages_show_whole_when_wide_and_in_a_window_that_follows_when_narrow() -> None:
    board = a_board(*[2] * 7)
    assert BoardLayout.of(board, 200, 50).columns == range(7)
    assert BoardLayout.of(board, 126, 50).columns == range(7)
    narrow = BoardLayout.of(board, 80, 24)
    assert narrow.columns == range(4)
    assert narrow.sideways(3).columns == range(4)
    assert narrow.sideways(4).columns == range(3, 7)
    assert narrow.sideways(6).columns == range(3, 7)
    assert narrow.sideways(6).sideways(-3).columns == range(3, 7)
    assert narrow.sideways(6).sideways(-4).columns == range(4)
    assert BoardLayout.of(board, 20, 5).columns == range(1)


def test_the_column_scrolls_by_half_a_view_so_that_most_keys_repaint_two_cards() -> None:
    layout = BoardLayout.of(a_board(200), 160, 48)
    scrolls = 0
    for _ in range(100):
        before, layout = layout, layout.down(1)
        scrolls += before.tops != layout.tops
    assert scrolls <= 100 / (layout.slots // 2)


def test_the_count_of_cards_not_loaded_is_in_view_with_the_last_card() -> None:
    board = a_board(30)
    board = board._replace(columns=(a_column(0, board.columns[0].cards, count=4_150),))
    for height in range(9, 40):
        layout = BoardLayout.of(board, 40, height).down(99)
        assert layout.cursor.row == 29
        y = layout.more_line(0)
        assert y is not None, height
        assert "".join(p.text for p in line(layout, y, True)).strip() == "+ 4,120 more"


def test_a_gone_deal_leaves_the_cursor_where_it_was() -> None:
    board = a_board(0, 5)
    layout = BoardLayout.of(board, 80, 24).down(2)
    left = tuple(c for c in board.columns[1].cards if c != layout.current)
    after = layout.followed(board._replace(columns=(board.columns[0], a_column(1, left))))
    assert after.cursor == Cell(1, 2)
    emptied = after.followed(board._replace(columns=(board.columns[0], a_column(1, ()))))
    assert emptied.cursor == Cell(1, 0)
    assert emptied.current is None


def test_another_pipeline_starts_at_its_first_card() -> None:
    layout = BoardLayout.of(a_board(4, 4), 80, 24).sideways(1).down(2)
    other = a_board(0, 0, 3)._replace(pipeline_id="p2")
    assert layout.followed(other).cursor == Cell(2, 0)


def test_the_card_says_what_stands_still_in_words() -> None:
    card = a_card(1, stalled=("12 of 7 days", "no next step"), next_step=None, next_due_on=None)
    face = card_face(card, 24, TODAY)
    assert face.lines[2].split("  ")[0] == "! no next step"
    assert face.stalled == "! 12 of 7 days"
    two = card_face(a_card(1, stalled=("12 of 7 days", "past its close")), 20, TODAY)
    assert two.stalled == "! 12 of 7 days +1"
    wide = card_face(a_card(1, stalled=("12 of 7 days", "past its close")), 40, TODAY)
    assert wide.stalled == "! 12 of 7 days, past its close"


def test_an_amount_is_never_cut() -> None:
    for width in range(12, 30):
        worth = card_face(a_card(1, amount_minor=123_456_789_00), width, TODAY).lines[1]
        assert worth.endswith("123.5M EUR")


def test_long_names_are_cut_before_they_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []

    def recording(text: str) -> int:
        measured.append(len(text))
        return cell_len(text)

    monkeypatch.setattr("salestui.widgets.board_face.cell_len", recording)
    name = "株" * 10_000
    card = a_card(1, title=name, client=name, owner=name, next_step=name, stalled=(name, name))
    column = replace(a_column(0, (card,)), name=name)
    board = Board("p1", name, (column,) * 9, 0, TODAY)
    layout = BoardLayout.of(board, 80, 24)
    for y in range(24):
        line(layout, y, True)
    assert max(measured) < 1_000


def test_every_currency_has_its_own_sums() -> None:
    totals = ((Total("EUR", 1_000_000_00, 250_000_00, 2), Total("PLN", 5_000_00, 500_00, 1)), ())
    assert sum_lines(totals, 26, 4) == (("1.0M · w 250.0k EUR", "5.0k · w 500 PLN"), ())
    assert sum_lines(totals, 12, 4)[0] == ("1.0M EUR", "w 250.0k", "5.0k PLN", "w 500")
    assert sum_lines(totals, 12, 3)[0] == ("1.0M EUR", "w 250.0k", "+ 1 currencies")
    assert sum_lines(totals, 12, 1)[0] == ("2 currencies",)


def test_the_line_above_gives_the_totals_of_the_stages_out_of_view() -> None:
    board = a_board(1, 1, 1, 1, 1, 1, 1)
    said = overview(board, 2, 3, 160)
    assert said.startswith("◂ 2 Lead 1: 1.0k EUR · Qualified 1: 2.0k EUR")
    assert said.endswith("Contract 1: 6.0k EUR · Delivery 1: 7.0k EUR 2 ▸")
    assert overview(board, 2, 3, 30).split() == ["◂", "2", "2", "▸"]
    whole = overview(believable(), 0, 7, 160)
    assert "EUR +" in whole
    assert "PLN" in whole


def test_an_empty_board_says_what_to_do() -> None:
    layout = BoardLayout.of(a_board(0, 0, 0), 80, 24)
    said = ["".join(p.text for p in line(layout, y, True)).strip() for y in range(24)]
    assert NO_DEALS in said
    hidden = BoardLayout.of(a_board(0, 0, 0, hidden=12), 80, 24)
    said = ["".join(p.text for p in line(hidden, y, True)).strip() for y in range(24)]
    assert "No deal passes the filter, which hides 12. Press / to change it." in said
    none = BoardLayout.of(a_board(), 80, 24)
    assert line(none, 0, True) == [
        Piece(f"{' This pipeline has no stages yet. Press F2, then S for the first.':<80}", "hint")
    ]
