"""The line above every screen: what gives way where not all has room."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from salestui.widgets.top_line import TopLine
from tests.frames import frame

PLACES = (("1", "today", "today"), ("2", "board", "board"))
TAKEN = 19
"""Cells of the places, with the blank before them."""


class _OneLine(App[None]):
    def compose(self) -> ComposeResult:
        yield TopLine(PLACES, "board")


async def _shown(title: str, right: str, width: int) -> str:
    app = _OneLine()
    async with app.run_test(size=(width, 3)) as pilot:
        app.query_one(TopLine).say(title, right)
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
