"""The reference funnel on the set-up screen: kept as measured, set by hand, told, taken back."""

from __future__ import annotations

from salestui.analytics.report import Report
from salestui.analytics.scope import ask
from salestui.analytics.stages.reference_report import reference
from salestui.screens.setup import SetupScreen
from salestui.screens.setup_lists import LISTS
from salestui.store.reader import Reader
from salestui.store.store import Store
from tests.analytics.book import Life, Move, make_book
from tests.screens.driving import Driven, driven
from tests.team import Team

PLACES = {each.title: place for place, each in enumerate(LISTS)}


async def _open(run: Driven) -> SetupScreen:
    await run.press("f2", *["right"] * PLACES["Reference"])
    assert isinstance(run.app.screen, SetupScreen)
    return run.app.screen


def _kept(store: Store, *, number: int | None = None, is_measured: bool = False) -> Report:
    def read(reader: Reader) -> Report:
        scope = ask(reader, pipeline="Sales")
        return reference(reader, scope, number=number, is_measured=is_measured)

    return store.read(read)


async def test_what_is_measured_is_shown_then_kept_and_taken_back(store: Store) -> None:
    book = make_book(store)
    book.add(
        *(Life([Move(-90), Move(-80, "Demo"), Move(-70, "Demo", "won")]) for _ in range(30)),
        *(Life([Move(-90), Move(-80, "Enquiry", "lost")]) for _ in range(10)),
    )
    measured = _kept(store, is_measured=True)
    async with driven(store) as run:
        screen = await _open(run)
        assert "none kept" in run.seen
        await run.press("down", "F")
        assert "Keep the reference of Sales" in run.seen
        assert "Enquiry   75.0 %  25.0 %       75.0 %  40 decided" in run.seen
        await run.press(*"Year plan", "ctrl+s")
        assert run.app.screen is screen
        assert "version 1" in run.seen and "75.0 %" in run.seen
        forward = [c.key for c in measured.columns].index("forward")
        kept = _kept(store, number=1)
        assert kept.rows[0][forward] == measured.rows[0][forward] == 0.75
        await run.press("home", "i")
        assert "Changes of reference Sales" in run.seen
        assert "notes Year plan" in " ".join(run.seen.split())
        await run.press("escape", "u")
        assert "none kept" in run.seen


async def test_a_stage_is_set_by_hand_beside_the_others_as_they_were(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run)
        await run.press("down", "enter")
        assert "Reference of Enquiry of Sales" in run.seen
        await run.press(
            *"62.5%", "enter", *"30", "enter", "enter", *"14", "enter", *"12 000", "ctrl+s"
        )
        assert "template 1" in run.seen
        row = dict(
            zip((c.key for c in _kept(team.store).columns), _kept(team.store).rows[0], strict=True)
        )
        assert (row["forward"], row["lost"], row["median_days"]) == (0.625, 0.3, 14)
        assert "62.5 %  30.0 %" in run.seen and "12.0k EUR" in run.seen
        # The share of all is at most all, and what was typed stays.
        await run.press("e", "down", *"60", "ctrl+s")
        assert "more than all" in " ".join(run.seen.split())
        await run.press("escape", "y", "u")
        assert "none kept" in run.seen


async def test_nothing_is_kept_where_nothing_was_decided(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run)
        await run.press("F", "ctrl+s")
        assert "Too little was decided in Sales" in " ".join(run.seen.split())
        await run.press("escape")
        assert "none kept" in run.seen


async def test_what_other_lists_do_is_not_offered(team: Team) -> None:
    async with driven(team.store) as run:
        screen = await _open(run)
        await run.press("n", "delete")
        assert run.app.screen is screen
        assert "n New" not in run.seen and "F Keep as measured" in run.seen
        await run.press("right", "F")
        assert run.app.screen is screen and "F Keep" not in run.seen
