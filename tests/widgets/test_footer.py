"""The footer: which keys it shows, that it stays quiet, that it can be clicked."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from salestui.widgets.board import DealBoard
from salestui.widgets.footer import QuietFooter
from tests.frames import frame
from tests.widgets.boards import a_board


class FooterApp(App[None]):
    """A board, a field and the footer."""

    BINDINGS = [
        Binding("n", "note('new')", "New", tooltip="Create a deal"),
        Binding("w", "note('won')", "Won", tooltip="Mark the deal won"),
        Binding("p", "note('postponed')", "Postpone", tooltip="Postpone the deal"),
        Binding("a", "note('logged')", "Log activity", tooltip="Log an activity"),
        Binding("o", "note('assigned')", "Assign", tooltip="Give the deal to another rep"),
        Binding("z", "note('hidden')", "Hidden", show=False, tooltip="Nothing"),
        Binding("question_mark,f1", "note('help')", "Help", tooltip="Show the keys"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []
        self.allowed: bool | None = True

    def compose(self) -> ComposeResult:
        yield DealBoard(a_board(2, 2))
        yield Input()
        yield QuietFooter()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.allowed if parameters == ("won",) else True

    def action_note(self, what: str) -> None:
        self.noted.append(what)


def last_line(app: FooterApp) -> str:
    return frame(app).splitlines()[-1]


async def test_it_shows_the_keys_of_what_has_the_focus() -> None:
    app = FooterApp()
    async with app.run_test(size=(100, 12)) as pilot:
        await pilot.pause()
        assert last_line(app) == (
            " ⏎ Open  H/L Move  n New  w Won  p Postpone  a Log activity  o Assign"
            + "? Help".rjust(30)
        )
        app.query_one(Input).focus()
        await pilot.pause()
        assert last_line(app).strip() == "f1 Help", "letters are typed there"


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (60, " ⏎ Open  H/L Move  n New  w Won  p Postpone  …       ? Help"),
        (20, " ⏎ Open  …   ? Help"),
        (8, " ? Help"),
        (3, " ?"),
    ],
)
async def test_what_does_not_fit_is_marked_and_help_stays(width: int, line: str) -> None:
    app = FooterApp()
    async with app.run_test(size=(width, 12)) as pilot:
        await pilot.pause()
        assert last_line(app) == line


async def test_it_repaints_only_when_its_keys_change(monkeypatch: pytest.MonkeyPatch) -> None:
    app = FooterApp()
    async with app.run_test(size=(100, 12)) as pilot:
        await pilot.pause()
        footer, repaints = app.query_one(QuietFooter), 0

        def count(*_regions: object, **_options: object) -> QuietFooter:
            nonlocal repaints
            repaints += 1
            return footer

        monkeypatch.setattr(footer, "refresh", count)
        for _ in range(20):
            app.screen.refresh_bindings()
            await pilot.pause()
        assert repaints == 0
        app.allowed = None
        app.screen.refresh_bindings()
        await pilot.pause()
        assert repaints == 1
        assert not footer.children


async def test_a_disabled_key_is_dim_and_a_forbidden_one_gone() -> None:
    app = FooterApp()
    async with app.run_test(size=(100, 12)) as pilot:
        app.allowed = None
        app.refresh_bindings()
        await pilot.pause()
        strip = app.screen._compositor.render_strips()[-1]
        colours = {s.text.strip(): s.style.color for s in strip if s.style}
        assert colours["Won"] != colours["New"]
        app.allowed = False
        app.refresh_bindings()
        await pilot.pause()
        assert "Won" not in last_line(app)


async def test_a_click_presses_the_key() -> None:
    app = FooterApp()
    async with app.run_test(size=(100, 12)) as pilot:
        await pilot.pause()
        line = last_line(app)
        await pilot.click(QuietFooter, offset=(line.index("New"), 0))
        await pilot.click(QuietFooter, offset=(line.index("? Help"), 0))
        await pilot.click(QuietFooter, offset=(line.index("Assign") + 15, 0))
        await pilot.pause()
        assert app.noted == ["new", "help"]


async def test_a_click_on_a_group_presses_the_key_under_the_pointer() -> None:
    asked: list[str] = []

    class Noting(FooterApp):
        def on_deal_board_move_requested(self, message: DealBoard.MoveRequested) -> None:
            asked.append(message.to_stage_id)

    app = Noting()
    async with app.run_test(size=(100, 12)) as pilot:
        await pilot.press("right")
        x = last_line(app).index("H/L")
        await pilot.click(QuietFooter, offset=(x, 0))
        await pilot.pause()
        assert asked == ["s0"]
        await pilot.press("left")
        await pilot.click(QuietFooter, offset=(x + 2, 0))
        await pilot.pause()
        assert asked == ["s0", "s1"]
