"""The list painted line by line: its cursor, its scrolling, the mouse, what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from textual.app import App, ComposeResult

from salestui.widgets.line_list import Line, LineList, line
from tests.frames import frame, written_by


class _App(App[None]):
    def __init__(self, build: Callable[[int], Sequence[Line]]) -> None:
        super().__init__()
        self.build = build
        self.told: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        yield LineList()

    def on_mount(self) -> None:
        self.query_one(LineList).show(self.build)
        self.query_one(LineList).focus()

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        self.told.append(("opened", event.key))

    def on_line_list_end_reached(self, event: LineList.EndReached) -> None:
        self.told.append(("end", event.key))

    @property
    def list(self) -> LineList:
        return self.query_one(LineList)


def _numbered(count: int, lines_each: int = 1) -> Callable[[int], list[Line]]:
    def build(width: int) -> list[Line]:
        rows = [line(("Heading", "head"))]
        for number in range(count):
            rows += [line(f"row {number}.{part}", key=str(number)) for part in range(lines_each)]
        return rows

    return build


async def test_the_cursor_stands_on_rows_not_on_headings() -> None:
    app = _App(_numbered(3))
    async with app.run_test(size=(20, 6)) as pilot:
        assert frame(app).splitlines()[:2] == [" Heading", "▸row 0.0"]
        await pilot.press("down", "down", "down")
        assert app.list.key == "2"
        await pilot.press("enter")
        assert ("opened", "2") in app.told


async def test_a_row_of_several_lines_is_one() -> None:
    app = _App(_numbered(4, lines_each=3))
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press("j", "j")
        assert app.list.key == "2"
        assert "row 2.2" in frame(app)


async def test_the_end_is_told_and_the_first_brings_the_heading_back() -> None:
    app = _App(_numbered(30))
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press("G")
        assert app.list.key == "29"
        assert ("end", "29") in app.told
        await pilot.press("g")
        assert "Heading" in frame(app)


@pytest.mark.parametrize("key", ["home", "g"])
async def test_the_first_shows_the_top_however_far_above_its_row_that_is(key: str) -> None:
    page = [line(f"page {number}") for number in range(20)]
    app = _App(lambda width: [*page, *_numbered(30)(width)])
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press("end", key)
        assert frame(app).splitlines()[0].strip() == "page 0"
        assert app.list.key == "0"
        await pilot.press(*["down"] * 16)
        assert "▸row 0.0" in frame(app)


@pytest.mark.parametrize("key", ["pagedown", "end", "down"])
async def test_an_empty_list_takes_every_key(key: str) -> None:
    app = _App(lambda _width: [line(("Nothing.", "hint"))])
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press(key, "enter", "up", "home")
        assert app.list.key is None
        assert app.told == []


async def test_pages_go_by_screenfuls() -> None:
    app = _App(_numbered(40))
    async with app.run_test(size=(20, 11)) as pilot:
        await pilot.press("pagedown", "pagedown")
        assert app.list.key == "20"
        await pilot.press("pageup")
        assert app.list.key == "10"


async def test_the_cursor_stays_on_its_row_when_others_come_and_go() -> None:
    app = _App(_numbered(5))
    async with app.run_test(size=(20, 8)) as pilot:
        await pilot.press("down", "down")
        app.list.show(lambda _width: [line("new", key="9"), line("row 2.0", key="2")])
        await pilot.pause()
        assert app.list.key == "2"
        app.list.show(lambda _width: [line("new", key="9")])
        assert app.list.key == "9"


async def test_lines_are_built_for_the_width() -> None:
    app = _App(lambda width: [line(f"{width} cells", key="a")])
    async with app.run_test(size=(30, 6)) as pilot:
        assert "29 cells" in frame(app)
        await pilot.resize_terminal(50, 6)
        await pilot.pause()
        assert "49 cells" in frame(app)


async def test_a_click_selects_and_a_second_opens() -> None:
    app = _App(_numbered(5))
    async with app.run_test(size=(20, 8)) as pilot:
        await pilot.click(LineList, offset=(3, 3))
        assert app.list.key == "2"
        assert app.told == []
        await pilot.click(LineList, offset=(3, 3))
        assert app.told == [("opened", "2")]
        await pilot.click(LineList, offset=(3, 0))
        assert app.list.key == "2"


async def test_a_cursor_key_writes_little(monkeypatch: pytest.MonkeyPatch) -> None:
    app = _App(_numbered(40))
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause(0.1)  # the first paint is over
        with written_by(app, monkeypatch) as written:
            await pilot.press("down")
            await pilot.pause()
        assert written.sizes
        assert max(written.sizes) < 1024


async def test_markup_and_wide_signs_are_text() -> None:
    app = _App(lambda _width: [line("[/x] [@click=app.quit]漢字[/]", key="a"), line("b", key="b")])
    async with app.run_test(size=(40, 5)) as pilot:
        assert "[/x] [@click=app.quit]漢字[/]" in frame(app)
        await pilot.click(LineList, offset=(10, 0))
        assert app.is_running
