"""The weekly meeting, by keyboard."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from salestui.analytics.wish import Wish
from salestui.errors import StoreUnusable
from salestui.models.vocabulary import ONLY_MANAGERS
from salestui.queries.meetings import last_meeting
from salestui.screens.meeting import MeetingScreen
from salestui.store.store import Store
from salestui.usecases.deals import edit_deal
from salestui.usecases.meetings import Decided, hold_meeting
from salestui.usecases.people import edit_rep
from tests.analytics.book import Life, Move, make_book, on
from tests.analytics.test_forecasting import lives
from tests.analytics.test_hindsight import fill_in
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
    async with driven(store, "funnel", (100, 60)) as it:
        await it.press("M")
        assert "1/11 What the last meeting decided" in it.seen
        for title in (
            "Waterfall of what is due in 2026-Q1", "Win rate", "Losses", "Deviations", "What slipped",
            "Stalled deals", "Accuracy had", "Calls", "Quota", "11/11 What we decide",
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


async def test_a_deal_that_slipped_is_postponed_on_the_spot(store: Store, clock: Clock) -> None:
    """What is listed is what slipped and stays open; the keys for deals work on its rows."""
    ids = [row[0] for row in store.read(lambda r: r.rows(_OPEN))]
    today = store.today()
    for deal_id, title, amount, days in (
        (ids[0], "Pushed a little", 500_00, 10), (ids[1], "Pushed and large", 900_00, 10),
        (ids[2], "Not due yet", 9900_00, 40),
    ):  # fmt: skip
        store.write(
            edit_deal, deal_id=deal_id, title=title, amount_minor=amount,
            expected_close_on=today + timedelta(days=days),
        )  # fmt: skip
    clock.forward(days=2)
    for deal_id in ids[:2]:
        store.write(edit_deal, deal_id=deal_id, expected_close_on=today + timedelta(days=30))
    async with driven(store, "funnel", (100, 40)) as it:
        await it.press("M", *["space"] * 5)
        rows = [line for line in it.seen.splitlines() if "pushed" in line]
        assert ["Pushed and large" in rows[0], "Pushed a little" in rows[1]] == [True, True]
        assert "Not due yet" not in it.seen and len(rows) == 2
        await it.press("p")
        assert "Postpone: Pushed and large" in it.seen
        await it.press("4")
        rows = [line for line in it.seen.splitlines() if " pushed " in line]
        assert len(rows) == 1 and "Pushed a little" in rows[0] and "6/11" in it.seen
        await it.press("enter")
        assert type(it.app.screen).__name__ == "DealScreen" and "Pushed a little" in it.seen
    outcome = store.read(lambda r: r.value("SELECT outcome FROM deal WHERE id = :id", id=ids[1]))
    assert outcome == "postponed"


_OPEN = "SELECT id FROM deal WHERE outcome = 'open' ORDER BY number LIMIT 3"


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


async def test_a_decision_is_edited_deleted_and_taken_back(store: Store, tmp_path: Path) -> None:
    """Undo is of what was last noted, never of what the store was told before the meeting."""
    deal_id = store.read(lambda r: r.value(_OPEN))
    store.write(edit_deal, deal_id=deal_id, title="Told before")
    async with driven(store, "funnel") as it:
        await it.press("M", "D")
        await it.type("Call every stalled client")
        await it.press("ctrl+s", "D")
        await it.type("New price list")
        await it.press("tab", "right", "tab")
        await it.type("2026-04-01")
        await it.press("ctrl+s", "u")
        assert it.said[-1] == "Undone: Noted: New price list"
        await it.press("U", *["space"] * 10)
        rows = [line.split() for line in it.seen.splitlines() if "11/11" in line or "price" in line]
        assert rows[0][1:4] == ["What", "we", "decide"] and rows[1][-1] == "2026-04-01"
        assert " e Edit" in it.seen and "del Delete" in it.seen and "Postpone" not in it.seen
        await it.press("e")
        await it.type(", by phone")
        await it.press("ctrl+s")
        assert "Call every stalled client, by phone" in it.seen
        await it.press("down", "delete")
        assert it.said[-1] == "Deleted: New price list"
        assert "1  Call" in it.seen and "2  New" not in it.seen
        await it.press("u", "u")
        listed = it.seen.split("▌")[0]
        assert "2  New price list" in listed and "by phone" not in listed
        await it.press("W", "ctrl+u")
        await it.type(str(tmp_path / "minutes"))
        await it.press("ctrl+s")
        assert any("with 2 decisions" in said for said in it.said)
        assert "New price list · Jonas · until 2026-04-01" in (tmp_path / "minutes.txt").read_text()
    title = store.read(lambda r: r.value("SELECT title FROM deal WHERE id = :id", id=deal_id))
    assert title == "Told before"


async def test_with_nothing_noted_undo_is_of_the_store(store: Store) -> None:
    deal_id = store.read(lambda r: r.value(_OPEN))
    store.write(edit_deal, deal_id=deal_id, title="Told before")
    async with driven(store, "funnel") as it:
        await it.press("M", "D")
        await it.type("Call every stalled client")
        await it.press("ctrl+s", "u", "escape")
        assert "Leave without keeping" not in it.seen
        await it.press("M", "u")
        assert "Undone: Changed" in it.said[-1]
        await it.press("U")
        assert "Done again: Changed" in it.said[-1]


async def test_a_meeting_that_is_undone_is_the_last_one_no_more(store: Store, clock: Clock) -> None:
    store.write(hold_meeting, as_of_on=store.today(), decisions=[Decided("Call everybody")])
    clock.forward(days=7)
    async with driven(store, "funnel", (100, 40)) as it:
        await it.press("M")
        assert "Call everybody" in it.seen
        await it.press("space", "u")
        assert "Undone: Kept the meeting" in it.said[-1]
        await it.press("left")
        assert "Call everybody" not in it.seen and "No meeting is kept before" in it.seen


async def test_an_old_meeting_is_shown_again_but_not_kept(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    clock.forward(days=14)
    async with driven(store, "funnel", (100, 40)) as it:
        await it.press("A", "ctrl+u")
        await it.type("2026-03-25")
        await it.press("ctrl+s", "M")
        assert "as of 2026-03-25" in it.seen
        await it.press("D")
        assert "This is an earlier day: what is decided is decided today." in it.said[-1]
        await it.press("W", "ctrl+u", "ctrl+s")
        assert "Which files? A meeting of an earlier day is not kept." in " ".join(it.seen.split())
        await it.type(str(tmp_path / "minutes"))
        await it.press("ctrl+s")
        assert it.said[-1] == "Written: minutes.txt, minutes.md, minutes.html."
    made = (tmp_path / "minutes.txt").read_text(encoding="utf-8")
    assert "Sales meeting of 2026-03-25" in made and "What we decide" not in made
    assert store.read(last_meeting, store.today()) is None


async def test_commits_are_adjusted_where_they_are_talked_about(store: Store) -> None:
    ona = store.read(lambda r: r.value("SELECT id FROM rep WHERE name = 'Ona'"))
    store.write(edit_rep, rep_id=ona, role="manager")
    why = "Two of these are still at the demonstration, and the third asks for a price"
    async with driven(store, "forecast") as it:
        await it.press("M", "J", "c", *["space"] * 8)
        assert "2026-Q1 · 9/11" in it.seen and "J Adjust  c Commit  esc Leave" in it.seen
        await it.press("c", *"90000", "ctrl+s")
        assert any("Noted the commit of Ona for 2026-Q1" in said for said in it.said)
        await it.press("down", "J", "tab", *"80000", "tab", "tab")
        await it.type(why)
        await it.press("ctrl+s")
        assert "Adjusted the commit of Ona" in it.said[-1]
        assert f"    {why}" in it.seen, "on a line of its own, where its column has no room"
        await it.press("end", "up", "enter")
        assert it.said[-1] == why
        await it.press("home", "down", "enter")
        assert "What Ona will win in 2026-Q1" in it.seen
        await it.press("escape", "space")
        assert "Quota" in it.seen and "J Adjust" not in it.seen


async def test_only_managers_adjust_and_only_today(store: Store) -> None:
    names = store.read(lambda r: dict(r.rows("SELECT name, id FROM rep")))
    store.write(edit_rep, rep_id=names["Zofia"], role="manager")
    async with driven(store, "forecast") as it:
        await it.press("M", *["space"] * 8, "J")
        assert it.said[-1] == ONLY_MANAGERS
        await it.press("escape", "A", "ctrl+u")
        await it.type("2026-03-11")
        await it.press("ctrl+s", "M", *["space"] * 8, "c")
        assert "This is an earlier day: what is said is said today." in it.said[-1]


async def test_why_a_deal_stands_still_is_read_to_its_end(store: Store) -> None:
    """The title gives way, and where that is not enough the reasons have a line of their own."""
    find = "SELECT id FROM deal WHERE number = :number"
    ids = [store.read(lambda r, n=n: r.value(find, number=n)) for n in (2, 249)]
    store.write(
        edit_deal, deal_id=ids[0], title="Conveyors for the second hall of the new warehouse"
    )
    async with driven(store, "funnel") as it:
        await it.press("M", *["space"] * 6)
        row = next(each for each in it.seen.splitlines() if "Conveyors" in each)
        assert "…  in stage 19 of 14 d, no next step" in row
        store.write(edit_deal, deal_id=ids[1], amount_minor=900_000_00, expected_close_on=on(9))
        await it.press("f5")
        lines = it.seen.splitlines()
        place = next(n for n, each in enumerate(lines) if "Deal 249" in each)
        assert lines[place + 1].strip() == "in stage 35 of 14 d, no next step, 67 d past close"


async def test_the_day_that_is_compared_with_is_never_cut(store: Store) -> None:
    async with driven(store, "funnel") as it:
        await it.press("M")
        assert "since 2026-03-11" in it.seen.splitlines()[0]
        assert "Compared with 2026-03-11." in it.seen


async def test_an_empty_store_has_an_empty_meeting(sqlite_store: Store) -> None:
    make_book(sqlite_store)
    async with driven(sqlite_store, "funnel") as it:
        await it.press("M", *["space"] * 8, "c")
        assert "nothing to commit to" in it.said[-1]
        await it.press("space", "space")
        assert "11/11" in it.seen


async def test_a_store_that_breaks_is_said_of_a_point_that_was_left_too(store: Store) -> None:
    read = store.read

    async with driven(store, "funnel", (100, 40)) as it:
        await it.press("M")

        def broken(query: Any, *values: Any) -> Any:
            """The next point is asked for just as the disk fails."""
            stops = [each for each in values if getattr(each, "__name__", "") == "is_set"]
            if not stops:
                return read(query, *values)
            stops[0].__self__.set()
            raise StoreUnusable("The disk failed while reading.")

        store.read = broken  # type: ignore[method-assign]
        await it.press("space")
        assert "The disk failed" in it.said[-1]


async def test_what_looks_ahead_is_said_before_the_first_point(sqlite_store: Store) -> None:
    fill_in(sqlite_store)
    wish = Wish(only=(("sector", ("trade", "trade")),))
    async with driven(sqlite_store, "funnel", (100, 60)) as it:
        it.app.push_screen(MeetingScreen(wish))
        await it.settle()
        assert "1/11" in it.seen and "looks ahead" in it.seen
        await it.press("space", "space")
        assert "Win rate" in it.seen and "looks ahead" not in it.seen


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_decisions_are_shown_as_they_are(store: Store, name: str) -> None:
    async with driven(store, "funnel", (100, 40)) as it:
        await it.press("M", "D")
        await it.type(name)
        await it.press("ctrl+s", *["space"] * 10)
        assert "─ What we decide" in it.seen and "\x1b" not in it.seen
