"""The board on a screen: keys, mouse, messages, frames, bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyte
import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message

from salestui.queries.board import Board
from salestui.widgets import board as board_module
from salestui.widgets.board import SETTLED_AFTER, DealBoard
from salestui.widgets.board_layout import BoardLayout
from salestui.widgets.board_lines import Piece
from tests.frames import assert_frame, frame, written_by
from tests.widgets.boards import HOSTILE, TODAY, a_board, a_card, a_column, believable, moved


class BoardApp(App[None]):
    """Nothing but a board, and what it posted."""

    def __init__(self, board: Board | None) -> None:
        super().__init__()
        self.given = board
        self.posted: list[Message] = []

    def compose(self) -> ComposeResult:
        yield DealBoard(self.given)

    @property
    def deals(self) -> DealBoard:
        return self.query_one(DealBoard)

    def on_deal_board_deal_highlighted(self, message: DealBoard.DealHighlighted) -> None:
        self.posted.append(message)

    def on_deal_board_open_requested(self, message: DealBoard.OpenRequested) -> None:
        self.posted.append(message)

    def on_deal_board_move_requested(self, message: DealBoard.MoveRequested) -> None:
        self.posted.append(message)

    def of_kind(self, kind: type[Any]) -> list[Any]:
        return [message for message in self.posted if isinstance(message, kind)]


def number(board: DealBoard) -> int | None:
    return board.current.number if board.current else None


@pytest.mark.parametrize(("width", "height"), [(80, 24), (200, 50), (20, 5)])
async def test_frame(width: int, height: int) -> None:
    app = BoardApp(believable())
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.press("down", "right")
        await pilot.pause()
        assert_frame(app, f"board_{width}x{height}")


async def test_the_window_follows_the_cursor_and_counts_what_lies_beside_it() -> None:
    app = BoardApp(believable())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("l", "l", "l", "end")
        await pilot.pause()
        assert "+ 4,120 more" in frame(app)
        await pilot.press("l", "l")
        await pilot.pause()
        assert_frame(app, "board_80x24_right")


async def test_the_empty_board_says_what_to_do() -> None:
    app = BoardApp(a_board(0, 0, 0, 0))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "right", "enter", "L")
        assert "No deals yet. Press n for the first." in frame(app)
        assert app.deals.current is None
        assert app.deals.current_stage_id == "s1"
        assert not app.of_kind(DealBoard.OpenRequested)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 2), (20, 5), (30, 6), (60, 15)])
async def test_small_terminals_and_every_key(width: int, height: int) -> None:
    app = BoardApp(believable())
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.press(
            *"jjlhkGg", "pagedown", "pageup", "end", "right", "right", "L", "H", "enter"
        )
        await pilot.resize_terminal(80, 24)
        await pilot.resize_terminal(width, height)
        await pilot.pause()
        assert app.deals.current is not None


async def test_the_keys_move_the_cursor() -> None:
    app = BoardApp(a_board(30, 2, 0, 5))
    async with app.run_test(size=(100, 30)) as pilot:
        seen = []
        for key in ("down", "j", "k", "up", "end", "home", "G", "g", "pagedown", "pageup"):
            await pilot.press(key)
            seen.append(number(app.deals))
        slots = seen[-2]
        assert seen[:8] == [2, 3, 2, 1, 30, 1, 30, 1]
        assert slots == 1 + 6  # six cards of four lines in thirty
        assert seen[-1] == 1
        await pilot.press("right")
        assert number(app.deals) == 31
        await pilot.press("l")
        assert (number(app.deals), app.deals.current_stage_id) == (None, "s2")
        await pilot.press("l", "h", "left", "left", "left")
        assert number(app.deals) == 1


@pytest.mark.parametrize(
    ("key", "stage"), [("L", "s2"), ("shift+right", "s2"), ("H", "s0"), ("shift+left", "s0")]
)
async def test_a_move_is_asked_for_and_not_made(key: str, stage: str) -> None:
    app = BoardApp(a_board(2, 2, 2))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right", "down", key)
        (wish,) = app.of_kind(DealBoard.MoveRequested)
        card = app.deals.current
        assert card is not None
        assert (wish.deal_id, wish.to_stage_id, wish.version) == (card.deal_id, stage, 1)
        assert wish.control is app.deals
        assert card.stage_id == "s1", "the board shows what is, not what is wished"


async def test_at_the_last_stage_the_board_says_so() -> None:
    app = BoardApp(a_board(1, 1))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("right", "L")
        await pilot.pause()
        assert not app.of_kind(DealBoard.MoveRequested)
        assert [toast.message for toast in app._notifications] == [
            "This is the last stage; w marks the deal won."
        ]


async def test_enter_asks_to_open() -> None:
    app = BoardApp(a_board(3))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "enter")
        (wish,) = app.of_kind(DealBoard.OpenRequested)
        assert wish.deal_id == f"{2:032x}"


async def test_the_highlight_is_told_once_when_the_cursor_rests() -> None:
    app = BoardApp(a_board(9, 9))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(SETTLED_AFTER * 2)
        app.posted.clear()
        await pilot.press("down", "down", "down", "right")
        await pilot.pause(SETTLED_AFTER * 3)
        told = app.of_kind(DealBoard.DealHighlighted)
        assert [message.card.number for message in told] == [13]
        await pilot.press("down", "up")
        await pilot.pause(SETTLED_AFTER * 3)
        assert len(app.of_kind(DealBoard.DealHighlighted)) <= 2


async def test_a_changed_card_under_the_cursor_is_told_too() -> None:
    app = BoardApp(a_board(2))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(SETTLED_AFTER * 2)
        edited = a_card(1, title="Renamed", version=2)
        app.deals.patch(a_board(2)._replace(columns=(a_column(0, (edited, a_card(2))),)))
        await pilot.pause(SETTLED_AFTER * 3)
        assert app.of_kind(DealBoard.DealHighlighted)[-1].card == edited


async def test_click_selects_then_opens() -> None:
    app = BoardApp(a_board(3, 3))
    async with app.run_test(size=(80, 24)) as pilot:
        box = next(b for c, b in app.deals._placed.visible() if c == (1, 2))  # type: ignore[union-attr]
        await pilot.click(DealBoard, offset=(box.x + 3, box.y + 1))
        assert number(app.deals) == 6
        assert not app.of_kind(DealBoard.OpenRequested)
        await pilot.click(DealBoard, offset=(box.x + 5, box.y + 2))
        (wish,) = app.of_kind(DealBoard.OpenRequested)
        assert wish.deal_id == f"{6:032x}"
        await pilot.click(DealBoard, offset=(3, 1))
        assert app.deals.current_stage_id == "s0", "a click beside the cards goes to the column"


async def test_the_wheel_scrolls_the_column_under_the_pointer() -> None:
    app = BoardApp(a_board(40, 40))
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(3):
            await pilot._post_mouse_events([_wheel_down()], DealBoard, (60, 12))
        assert "4-8 of 40" in frame(app)
        assert "1-5 of 40" in frame(app), "the other column stays"
        assert number(app.deals) == 1


def _wheel_down() -> Any:
    from textual.events import MouseScrollDown

    return MouseScrollDown


async def test_a_new_board_keeps_the_cursor_on_its_deal() -> None:
    board = a_board(5, 5)
    app = BoardApp(board)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down")
        assert number(app.deals) == 3
        app.deals.show(moved(board, f"{3:032x}", "s1"))
        assert number(app.deals) == 3
        assert app.deals.current_stage_id == "s1"
        assert app.deals.select(f"{5:032x}")
        assert number(app.deals) == 5
        assert not app.deals.select("f" * 32)
        assert number(app.deals) == 5


async def test_a_board_that_comes_late_is_shown() -> None:
    app = BoardApp(None)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "L", "enter")
        assert app.deals.current is None
        app.deals.show(a_board(2))
        await pilot.pause()
        assert "Client 1 " in frame(app)
        assert "Deal 1 " in frame(app)


async def test_a_patch_repaints_two_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    board = a_board(3, 3, 3, 3, 3, 3, 3)
    app = BoardApp(board)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        regions: list[Region] = []
        monkeypatch.setattr(app.deals, "refresh", lambda *given: regions.extend(given))
        app.deals.patch(moved(board, f"{1:032x}", "s1"))
        assert regions
        assert {region.x for region in regions if region.y} == {0, 160 // 7}
        regions.clear()
        app.deals.patch((app.deals.board or board)._replace())
        assert not regions, "an equal board repaints nothing"


async def test_a_move_words_the_two_columns_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    app = BoardApp(a_board(3, 3, 3, 3, 3, 3, 3))
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        worded: set[int] = set()
        whole = board_module.column_line

        def note(layout: BoardLayout, column: int, y: int, focused: bool) -> list[Piece]:
            worded.add(column)
            return whole(layout, column, y, focused)

        monkeypatch.setattr(board_module, "column_line", note)
        app.deals.patch(moved(app.deals.board or a_board(), f"{1:032x}", "s1"))
        await pilot.pause()
        assert worded == {0, 1}


async def test_a_cursor_key_writes_less_than_a_kilobyte(monkeypatch: pytest.MonkeyPatch) -> None:
    app = BoardApp(a_board(*[40] * 7, stalled=("12 of 7 days",)))
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        with written_by(app, monkeypatch) as written:
            for key in ("down", "down", "up", *["right"] * 6, "left", "down"):
                await pilot.press(key)
                await pilot.pause()
            assert len(written.sizes) == 11
            assert max(written.sizes) <= 1024


async def test_what_is_written_is_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replayed on a terminal, the partial updates leave the same screen as painting it anew."""
    board = believable()
    app = BoardApp(board)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        terminal = pyte.Screen(160, 48)
        stream = pyte.Stream(terminal)
        for y, row in enumerate(frame(app).splitlines()):
            stream.feed(f"\x1b[{y + 1};1H{row}")
        with written_by(app, monkeypatch) as written:
            await pilot.press(
                "down", "right", "right", "end", "home", *["right"] * 4, "down", "left"
            )
            app.deals.patch(moved(board, f"{1:032x}", "s3"))
            await pilot.press("pagedown", "pageup")
            await pilot.pause()
        for update in written.updates:
            stream.feed(update)
        shown = [row.rstrip() for row in terminal.display]
        assert shown == [row.rstrip() for row in _as_pyte_shows(frame(app))]


def _as_pyte_shows(text: str) -> list[str]:
    terminal = pyte.Screen(160, 48)
    pyte.Stream(terminal).feed(text.rstrip("\n").replace("\n", "\r\n"))
    return list(terminal.display)


async def test_hostile_names_are_inert_text() -> None:
    cards = tuple(
        a_card(i, title=text, client=HOSTILE[-i], owner=text, next_step=text, stalled=(text,))
        for i, text in enumerate(HOSTILE, 1)
    )
    column = replace(a_column(0, cards), name=HOSTILE[1])
    board = Board("p1", HOSTILE[0], (column, replace(a_column(1, ()), name=HOSTILE[2])), 0, TODAY)
    app = BoardApp(board)
    async with app.run_test(size=(100, 60)) as pilot:
        await pilot.press("down", "end", "right", "left")
        await pilot.click(DealBoard, offset=(4, 8))
        await pilot.pause()
        text = frame(app)
        assert "[/x]" in text
        assert "[@click=app.quit]" in text
        assert all(char == "\n" or char.isprintable() for char in text)
        strips = app.screen._compositor.render_strips()
        assert not any(segment.style and segment.style.meta for s in strips for segment in s)
        assert all(strip.cell_length == 100 for strip in strips)


@pytest.mark.parametrize("no_color", [False, True])
async def test_focus_and_state_are_told_without_colour(
    no_color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    app = BoardApp(a_board(2, stalled=("12 of 7 days",)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "▸Client 1" in frame(app)
        assert "! 12 of 7 days" in frame(app)
        style = app.deals.looks["cursor"]
        assert bool(style.reverse) is no_color
        app.screen.set_focus(None)
        await pilot.pause()
        assert "▹Client 1" in frame(app)


async def test_a_theme_changes_the_colours_and_nothing_else() -> None:
    app = BoardApp(believable())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        dark, text = app.deals.looks["stalled"], frame(app)
        for theme in ("textual-light", "ansi-dark"):
            app.theme = theme
            await pilot.pause()
            assert app.deals.looks["stalled"] != dark
            assert frame(app) == text


def test_every_binding_has_an_id_a_label_and_a_tooltip() -> None:
    for binding in DealBoard.BINDINGS:
        assert isinstance(binding, Binding)
        assert binding.id
        assert binding.tooltip
        assert 0 < len(binding.description) <= 10
