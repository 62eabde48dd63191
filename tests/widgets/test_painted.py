"""Widgets that paint their own lines: their looks, and the lines that are kept."""

from __future__ import annotations

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from salestui.widgets.painted import Painted
from tests.frames import frame


class Two(Painted):
    """Two lines; `said` is the second."""

    PART = "two"
    DEFAULT_CSS = """
    Two {
        height: 2;
        & > .two--plain { color: $foreground; }
        & > .two--loud { color: $error; }
        &.-framed { border: solid $error; height: 4; }
    }
    """

    said = "second"
    painted = 0

    def render_line(self, y: int) -> Strip:
        self.painted += 1
        return Strip([Segment(("first", self.said)[y], self.looks["plain"])]).adjust_cell_length(
            self.size.width, self.looks["plain"]
        )


class TwoApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Two()

    @property
    def two(self) -> Two:
        return self.query_one(Two)


async def test_only_looks_that_are_painted_are_worked_out() -> None:
    app = TwoApp()
    async with app.run_test(size=(20, 5)):
        assert set(app.two.looks) == {"plain"}


async def test_another_theme_has_other_looks_and_paints_anew() -> None:
    app = TwoApp()
    async with app.run_test(size=(20, 5)) as pilot:
        look, painted = app.two.looks["plain"], app.two.painted
        app.theme = "textual-light"
        await pilot.pause()
        assert app.two.looks["plain"] != look
        assert app.two.painted > painted


async def test_styled_again_the_same_it_paints_nothing() -> None:
    app = TwoApp()
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        painted = app.two.painted
        app.screen.update_node_styles(animate=False)
        await pilot.pause()
        assert app.two.painted == painted


async def test_a_line_is_painted_when_it_changes() -> None:
    app = TwoApp()
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        painted = app.two.painted
        assert frame(app).split() == ["first", "second"]
        assert app.two.painted == painted, "both were kept"
        app.two.said = "other"
        app.two.refresh(Region(0, 1, 20, 1))
        await pilot.pause()
        assert frame(app).split() == ["first", "other"]
        assert app.two.painted == painted + 1
        await pilot.resize_terminal(10, 5)
        assert frame(app).split() == ["first", "other"]


async def test_a_border_is_drawn_around_the_lines() -> None:
    app = TwoApp()
    async with app.run_test(size=(20, 5)) as pilot:
        app.two.add_class("-framed")
        await pilot.pause()
        lines = frame(app).splitlines()
        assert lines[0][0] == "┌" and lines[1].startswith("│first") and lines[3][-1] == "┘"
