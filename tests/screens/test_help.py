"""The help: made from the live bindings, grouped, searchable."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll

from salestui.screens.help import HelpGroup, HelpScreen, KeyHelp, help_content, help_groups
from salestui.widgets.board import DealBoard
from tests.frames import assert_frame, frame
from tests.widgets.boards import a_board


class HelpApp(App[None]):
    """A board with a help key."""

    BINDINGS = [
        Binding("question_mark,f1", "help", "Help", tooltip="Show the keys"),
        Binding("n", "new", "New", tooltip="Create a deal [/x]"),
        Binding("f12", "secret", "Secret", system=True),
    ]

    def compose(self) -> ComposeResult:
        yield DealBoard(a_board(2, 2))

    def action_help(self) -> None:
        self.push_screen(HelpScreen(help_groups(self.screen)))


async def test_groups_follow_the_focus_and_join_the_keys_of_an_action() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        groups = help_groups(app.screen)
        assert [group.title for group in groups][0] == "Deal board"
        assert groups[-1].title == "Everywhere"
        board = groups[0]
        assert KeyHelp("← h", "Go to the previous stage") in board.entries
        assert KeyHelp("L shift+→", "Move the deal to the next stage") in board.entries
        assert "weighted" in board.about
        assert KeyHelp("? f1", "Show the keys") in groups[-1].entries
        assert not any("Secret" in entry.does for group in groups for entry in group.entries)
        app.screen.set_focus(None)
        assert "Deal board" not in [group.title for group in help_groups(app.screen)]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (20, 5)])
async def test_frame(width: int, height: int) -> None:
    app = HelpApp()
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert_frame(app, f"help_{width}x{height}")


@pytest.mark.parametrize("key", ["escape", "q", "question_mark", "f1"])
async def test_it_closes_and_gives_the_focus_back(key: str) -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press(key)
        await pilot.pause()
        assert not isinstance(app.screen, HelpScreen)
        assert isinstance(app.focused, DealBoard)


async def test_search_narrows_and_escape_leaves_it_first() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.press("f1", "slash", *"screenful")
        await pilot.pause()
        assert "Go up by a screenful" in frame(app)
        assert "Go to the deal above" not in frame(app)
        await pilot.press("enter")
        assert isinstance(app.focused, VerticalScroll)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        assert "Go to the deal above" in frame(app)
        await pilot.press("slash", *"zzz")
        await pilot.pause()
        assert "No key does that." in frame(app)
        await pilot.press("escape", "escape")
        assert not isinstance(app.screen, HelpScreen)


async def test_it_scrolls_by_keys() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 16)) as pilot:
        await pilot.press("f1")
        scroll = app.screen.query_one(VerticalScroll)
        for key, moved in (("j", 1), ("k", -1), ("down", 1), ("up", -1)):
            before = scroll.scroll_y
            await pilot.press(key)
            await pilot.pause()
            assert scroll.scroll_y - before == moved, key


def test_words_are_text_not_markup() -> None:
    said = help_content([HelpGroup("[/x]", "[@click=app.quit]", (KeyHelp("[b]", "[red]"),))]).plain
    assert said.startswith("[/x]\n")
    assert "[b]" in said
    assert "[red]" in said
    assert "[@click=app.quit]" in said
