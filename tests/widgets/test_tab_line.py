"""The line of names that tells which list is shown."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from salestui.widgets.tab_line import TabLine
from tests.frames import frame

NAMES = ("Pipelines", "Reps", "[/x] 漢字", "Loss reasons")


class Tabs(App[None]):
    """One line of names."""

    def __init__(self) -> None:
        super().__init__()
        self.clicked: list[int] = []

    def compose(self) -> ComposeResult:
        yield TabLine(NAMES)

    def on_tab_line_clicked(self, event: TabLine.Clicked) -> None:
        self.clicked.append(event.place)


@pytest.mark.parametrize("width", [16, 30, 80])
async def test_the_marked_name_is_seen_whole(width: int) -> None:
    app = Tabs()
    async with app.run_test(size=(width, 3)) as pilot:
        for place in (0, 3, 1, 2):
            app.query_one(TabLine).mark(place)
            await pilot.pause()
            assert NAMES[place] in frame(app).splitlines()[0]


async def test_signs_at_the_ends_tell_that_there_are_more() -> None:
    app = Tabs()
    async with app.run_test(size=(30, 3)) as pilot:
        for place, ends in ((0, " ›"), (3, "‹ ")):
            app.query_one(TabLine).mark(place)
            await pilot.pause()
            shown = frame(app).splitlines()[0].ljust(30)
            assert shown[0] == ends[0] and ("›" in shown) == (ends[1] == "›"), shown


async def test_a_click_tells_the_name_also_when_some_are_out_of_sight() -> None:
    app = Tabs()
    async with app.run_test(size=(30, 3)) as pilot:
        await pilot.click(TabLine, offset=(12, 0))
        app.query_one(TabLine).mark(3)
        await pilot.pause()
        await pilot.click(TabLine, offset=(20, 0))
    assert app.clicked == [1, 3]
