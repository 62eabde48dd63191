"""The line above every screen: what gives way where not all has room."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from salestui.widgets.top_line import TopLine
from tests.frames import frame

PLACES = (("1", "today", "today"), ("2", "board", "board"))
TAKEN = 19
"""Cells of the places, with the blank before them."""


class _OneLine(App[None]):
    def compose(self) -> ComposeResult:
        yield TopLine(PLACES, "board")


async def _shown(title: str, right: str, width: int, timer: str = "") -> str:
    app = _OneLine()
    async with app.run_test(size=(width, 3)) as pilot:
        app.query_one(TopLine).say(title, right, timer)
        await pilot.pause()
        return frame(app).splitlines()[0]


async def test_both_are_shown_where_they_have_room() -> None:
    row = await _shown("Projects", "Ona · sales.db", 60)
    assert "2 board Projects  " in row
    assert row.rstrip().endswith(" Ona · sales.db")


async def test_a_title_is_whole_before_a_long_name_is() -> None:
    row = await _shown("Projects · mine · Baltics", "Ieva Jankauskaitė · demo.db and more", 56)
    assert " Projects · mine · Baltics Ieva Ja" in row
    row = await _shown("Projects" * 100, "Ieva Jankauskaitė · demo.db and more", 56)
    assert "Ieva" not in row


@pytest.mark.parametrize("width", range(15, 90))
async def test_a_blank_parts_them_at_any_width(width: int) -> None:
    row = await _shown("x" * 10_000, "漢" * 40, width)
    assert "x漢" not in row
    assert "…漢" not in row


async def test_a_timer_stands_between_them_and_takes_the_names_of_other_places() -> None:
    row = await _shown("Projects", "Ona · sales.db", 60, "12 min · Acme")
    assert row.startswith("  1 2 board Projects ")
    assert row.rstrip().endswith(" 12 min · Acme Ona · sales.db")
    row = await _shown("Projects", "Ona · sales.db", 120, "12 min · Acme")
    assert row.startswith("  1 today  2 board  Projects ")


async def test_where_not_all_has_room_the_timer_is_told_before_who_works_where() -> None:
    row = await _shown("Projects", "Ona · sales.db", 40, "12 min · Acme Holding")
    assert row.rstrip() == "  1 2 board Projects 12 min · Acme Ho…"
    row = await _shown("Projects of all the Baltics", "Ona", 40, "12 min · Acme Holding")
    assert row.rstrip() == "  1 2 board Projects o… 12 min · Acme…"


@pytest.mark.parametrize("width", range(15, 130))
async def test_no_timer_is_wider_than_the_line(width: int) -> None:
    for name in ("漢" * 80, "x" * 80):
        row = await _shown("x" * 10_000, "Ona" * 40, width, f"12 min · {name}")
        assert cell_len(row) <= width
        assert "2 board" in row
        if width >= 40:
            assert " 12 min · " in row


async def test_a_click_meets_the_place_that_is_shown_there() -> None:
    pressed: list[str] = []
    app = _OneLine()
    app.simulate_key = pressed.append  # type: ignore[method-assign]
    async with app.run_test(size=(60, 3)) as pilot:
        line = app.query_one(TopLine)
        for timer in ("", "12 min · Acme"):
            line.say("Projects", "Ona", timer)
            await pilot.pause()
            row = frame(app).splitlines()[0]
            for key in "12":
                await pilot.click(TopLine, offset=(row.index(key), 0))
            await pilot.click(TopLine, offset=(row.index("Projects"), 0))
    assert pressed == ["1", "2", "1", "2"]
