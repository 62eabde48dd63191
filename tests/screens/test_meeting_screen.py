"""The weekly meeting, by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui.queries.meetings import last_meeting
from salestui.store.store import Store
from tests.analytics.book import Life, Move, make_book
from tests.analytics.test_forecasting import lives
from tests.conftest import Clock
from tests.screens.driving import driven
from tests.team import HOSTILE


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    make_book(sqlite_store).add(
        *lives(300), Life([Move(60), Move(70, "Offer")], 900_00, client="Acme")
    )
    return sqlite_store


async def test_it_goes_through_the_agenda(store: Store) -> None:
    async with driven(store, "funnel", (100, 40)) as it:
        await it.press("M")
        assert "1/10 What the last meeting decided" in it.seen
        for title in (
            "Waterfall", "Win rate", "Losses", "Deviations", "Slippage", "Stalled deals", "Forecast",
            "Quota", "10/10 What we decide",
        ):  # fmt: skip
            await it.press("space")
            assert title in it.seen, title
        await it.press("space")
        assert any("This is the last point" in said for said in it.said)
        await it.press("left")
        assert "Quota" in it.seen
        await it.press("escape")
        assert "Stage conversion" in it.seen


async def test_the_deals_behind_a_row_can_be_edited(store: Store) -> None:
    async with driven(store, "forecast", (100, 40)) as it:
        await it.press("M", "space", "down", "enter")
        assert "Waterfall · Created" in it.seen
        await it.press("escape", "space")
        assert "Win rate" in it.seen


async def test_decisions_and_minutes(store: Store, tmp_path: Path, clock: Clock) -> None:
    async with driven(store, "funnel", (100, 40)) as it:
        await it.press("M", "D")
        await it.type("Call every stalled client")
        await it.press("ctrl+s")
        assert any("Noted: Call every" in said for said in it.said)
        await it.press("escape")
        assert "Leave without keeping what was decided?" in it.seen
        (tmp_path / "minutes.html").write_text("an older page", encoding="utf-8")
        await it.press("n", "W", "ctrl+u")
        await it.type(str(tmp_path / "minutes"))
        await it.press("ctrl+s")
        assert "Already there" in " ".join(it.seen.split())
        assert not (tmp_path / "minutes.txt").exists()
        (tmp_path / "minutes.html").unlink()
        await it.press("ctrl+s")
        assert any("1 decision. Written: minutes.txt" in said for said in it.said)
        assert "Stage conversion" in it.seen
    for end in ("txt", "md", "html"):
        path = tmp_path / f"minutes.{end}"
        assert "Call every stalled client" in path.read_text(encoding="utf-8")
        assert path.stat().st_mode & 0o777 == 0o600
    clock.forward(days=7)
    last = store.read(last_meeting, store.today())
    assert last is not None and [each.text for each in last.decisions] == [
        "Call every stalled client"
    ]
    async with driven(store, "funnel", (100, 40)) as it:
        await it.press("M")
        assert "Call every stalled client" in it.seen


async def test_an_empty_store_has_an_empty_meeting(sqlite_store: Store) -> None:
    make_book(sqlite_store)
    async with driven(sqlite_store, "funnel") as it:
        await it.press("M", *["space"] * 9)
        assert "10/10" in it.seen


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_decisions_are_shown_as_they_are(store: Store, name: str) -> None:
    async with driven(store, "funnel", (100, 40)) as it:
        await it.press("M", "D")
        await it.type(name)
        await it.press("ctrl+s", *["space"] * 9)
        assert "10/10 What we decide" in it.seen and "\x1b" not in it.seen
