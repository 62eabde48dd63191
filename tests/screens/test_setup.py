"""The screen on which a team sets up its lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from salestui.queries import setup
from salestui.queries.plans import bonus_plans
from salestui.screens.form import Form
from salestui.screens.setup import SetupScreen
from salestui.screens.setup_lists import LISTS
from salestui.store.store import Store
from salestui.text import clean
from salestui.usecases import people, process
from tests.screens.driving import Driven, driven
from tests.team import HOSTILE, Team

PLACES = {each.title: place for place, each in enumerate(LISTS)}
SIZES = [(60, 15), (80, 24), (200, 50)]


async def _open(run: Driven, title: str) -> SetupScreen:
    await run.press("f2", *["right"] * PLACES[title])
    assert isinstance(run.app.screen, SetupScreen)
    return run.app.screen


def _names(store: Store, query: Callable[..., Any]) -> list[str]:
    return [row.name for row in store.read(query)]


async def test_f2_opens_and_leaves_it(team: Team) -> None:
    async with driven(team.store) as run:
        for key in ("f2", "escape", "q"):
            await run.press("f2")
            assert isinstance(run.app.screen, SetupScreen)
            await run.press(key)
            assert not isinstance(run.app.screen, SetupScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_every_list_is_shown_and_says_what_to_do(team: Team, size: tuple[int, int]) -> None:
    firsts = [
        "Sales", "none kept", "Jonas", "No teams yet: n adds one.", "No territories yet", "Pump", "Rival",
        "1 Price", "1 call", "No quotas yet: n adds one.", "No bonus plans yet: n adds one.", "No costs yet",
    ]  # fmt: skip
    async with driven(team.store, size=size) as run:
        await run.press("f2")
        for listed, first in zip(LISTS, firsts, strict=True):
            assert listed.title in run.seen
            assert first in run.seen
            assert all(len(row) <= size[0] for row in run.seen.splitlines())
            await run.press("tab")
        assert "Sales" in run.seen
        await run.press("shift+tab")
        assert "No costs yet" in run.seen


def test_what_the_lists_say_fits_on_a_narrow_screen() -> None:
    assert all(len(each.about) <= 78 for each in LISTS)


NEW: list[tuple[str, str, Callable[..., Any]]] = [
    ("Pipelines", "n", setup.pipelines),
    ("Pipelines", "S", setup.stages),
    ("Reps", "n", setup.reps),
    ("Teams", "n", setup.teams),
    ("Territories", "n", setup.territories),
    ("Products", "n", setup.products),
    ("Competitors", "n", setup.competitors),
    ("Competitors", "P", setup.competitor_products),
    ("Loss reasons", "n", setup.loss_reasons),
    ("Activities", "n", setup.activity_kinds),
    ("Bonus plans", "n", bonus_plans),
]


ESCAPES = "\x1b]0;owned\x07Esc [/x]\x1b[31m 漢字"
CASES = [
    *((*new, ESCAPES) for new in NEW),
    *((*NEW[-3], name) for name in (*HOSTILE, "x" * 300)),
]


@pytest.mark.parametrize(("title", "key", "query", "name"), CASES)
async def test_an_entry_is_added_selected_and_taken_back(
    team: Team, title: str, key: str, query: Callable[..., Any], name: str
) -> None:
    before = _names(team.store, query)
    async with driven(team.store) as run:
        screen = await _open(run, title)
        await run.press(key)
        await run.type(name)
        await run.press("ctrl+s")
        assert run.app.screen is screen, run.seen
        added = set(_names(team.store, query)) - set(before)
        assert added == {clean(name)}
        assert screen.entry is not None and screen.entry.name == clean(name)
        assert "\x1b" not in run.seen
        await run.press("u")
        assert _names(team.store, query) == before
        assert any("Undone" in said for said in run.said)


async def test_a_pipeline_starts_with_the_stages_of_a_template(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "Pipelines")
        await run.press("n")
        await run.type("Export")
        await run.press("enter", "backspace", "backspace", "backspace", *"usd", "enter", *"tend")
        assert "Bid handed in" in run.seen
        await run.press("ctrl+s")
        lines = team.store.read(setup.pipelines)
        assert [(row.name, row.currency) for row in lines][-1] == ("Export", "USD")
        stages = team.store.read(setup.stages, pipeline_id=lines[-1].id)
        assert stages[0].name == "Announced"


async def test_a_stage_is_added_below_the_cursor_edited_and_deleted(team: Team) -> None:
    def sales() -> list[tuple[Any, ...]]:
        key = team.lists.pipelines[0].id
        return [
            (s.name, s.kind, s.probability, s.idle_days)
            for s in team.store.read(setup.stages, pipeline_id=key)
        ]

    before = sales()
    async with driven(team.store) as run:
        screen = await _open(run, "Pipelines")
        await run.press("down", "S")
        await run.type("Visit")
        await run.press("enter", *"lead", "enter", "backspace", *"20%", "enter", *"5", "enter")
        assert sales() == [before[0], ("Visit", "lead", 20, 5), *before[1:]]
        await run.press("enter")
        await run.type("s")
        await run.press("down", "down", "down", "backspace", "enter")
        assert sales()[1] == ("Visits", "lead", 20, None)
        await run.press("delete")
        assert sales() == before
        assert screen.entry is not None and screen.entry.name == before[1][0]


async def test_stages_reasons_and_kinds_move_up_and_down(team: Team) -> None:
    async with driven(team.store) as run:
        screen = await _open(run, "Pipelines")
        await run.press("down", "J", "J", "K", "shift+down")
        assert _names(team.store, setup.stages)[:4] == ["Offer", "Negotiation", "Enquiry", "Order"]
        assert screen.entry is not None and screen.entry.name == "Enquiry"
        await run.press("J", "J", "J")  # the last place is the last
        assert _names(team.store, setup.stages)[3] == "Enquiry"
        await run.press("up", "up", "up", "up", "K")
        assert _names(team.store, setup.pipelines) == ["Sales", "Service"]
        await run.press("J")
        assert _names(team.store, setup.pipelines) == ["Service", "Sales"]
        for title, query in (
            ("Loss reasons", setup.loss_reasons),
            ("Activities", setup.activity_kinds),
        ):
            before = _names(team.store, query)
            screen.show_list(PLACES[title])
            await run.settle()
            await run.press("J")
            assert _names(team.store, query)[:2] == [before[1], before[0]]


async def test_a_rep_is_edited_in_all_fields(team: Team) -> None:
    team.store.write(people.create_team, name="North")
    team.store.write(process.add_entry, what="territory", name="Baltic")
    async with driven(team.store) as run:
        await _open(run, "Reps")
        await run.press("enter")
        await run.type(" Jonaitis")
        await run.press("enter", *"man", "enter", *"nor", "enter", *"bal", "enter")
        await run.press(*"jj", "enter")
        await run.type("jonas@acme.example")
        await run.press("enter", *"2024-05-06", "enter", *"today", "enter")
        rep = next(r for r in team.store.read(setup.reps) if r.name == "Jonas Jonaitis")
        assert (rep.role, rep.team, rep.territory) == ("manager", "North", "Baltic")
        assert rep.login == "jj"
        assert rep.email == "jonas@acme.example"
        assert (str(rep.started_on), rep.left_on) == ("2024-05-06", team.today)


async def test_prices_are_read_in_the_currency_chosen(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "Products")
        await run.press("e", *["down"] * 4, *["backspace"] * 3, *"jpy", "ctrl+s")
        (pump,) = team.store.read(setup.products)
        assert (pump.price_minor, pump.currency) == (1200, "JPY")
        await run.press("e", "down", "down", "end", *".5", "ctrl+s")
        assert isinstance(run.app.screen, Form)
        assert "more decimals than JPY has" in run.seen


async def test_a_competitors_product_is_set_against_ours(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "Competitors")
        await run.press("P", *"Pro", "enter", *"pu", "enter", "ctrl+s")
        (theirs,) = team.store.read(setup.competitor_products)
        assert (theirs.name, theirs.against) == ("Pro", "Pump")
        assert "Pump" in run.seen
        await run.press("e", "end", "X", "ctrl+s")
        (theirs,) = team.store.read(setup.competitor_products)
        assert (theirs.name, theirs.against) == ("ProX", "Pump")


async def test_what_is_refused_is_said_and_what_was_typed_stays(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "Loss reasons")
        await run.press("n", *"price", "ctrl+s")
        form = run.app.screen
        assert isinstance(form, Form)
        assert "There is a loss reason 'Price' already." in run.seen
        assert form.field("name").value == "price"
        await run.press("escape", "y")
        assert isinstance(run.app.screen, SetupScreen)


@pytest.mark.parametrize(("title", "downs", "said"), [
    ("Pipelines", 0, "still needed by"),
    ("Pipelines", 1, "still needed by"),
])  # fmt: skip
async def test_what_deals_need_is_not_deleted(
    team: Team, title: str, downs: int, said: str
) -> None:
    async with driven(team.store) as run:
        await _open(run, title)
        await run.press(*["down"] * downs, "delete")
        assert any(said in each for each in run.said)
        assert len(team.store.read(setup.pipelines)) == 2


async def test_a_rep_is_not_deleted(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "Reps")
        assert "Delete" not in run.seen.splitlines()[-1]
        await run.press("delete")
        assert len(team.store.read(setup.reps)) == 2


async def test_a_kind_is_not_renamed(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "Activities")
        await run.press("e")
        assert any("keeps its name" in each for each in run.said)
        assert isinstance(run.app.screen, SetupScreen)


async def test_saving_over_a_colleagues_change_is_asked_first(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "Loss reasons")
        await run.press("e", "end", "X")
        reason = team.store.read(setup.loss_reasons)[0]
        team.store.write(
            process.edit_entry, what="loss reason", entry_id=reason.id, name="Too dear"
        )
        await run.press("ctrl+s")
        assert "changed this loss reason meanwhile" in " ".join(run.seen.split())
        await run.press("ctrl+s")
        assert _names(team.store, setup.loss_reasons)[0] == "PriceX"


async def test_an_entry_in_which_nothing_changed_is_not_written(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "Loss reasons")
        await run.press("e", "ctrl+s")
        assert isinstance(run.app.screen, SetupScreen)
        assert run.said == []


async def test_the_filter_narrows_and_keeps_what_a_row_belongs_to(team: Team) -> None:
    async with driven(team.store) as run:
        screen = await _open(run, "Pipelines")
        await run.press("slash", *"warranty-none")
        assert "Nothing in this list has what you typed" in run.seen
        await run.press(*["backspace"] * 13, *"deliv", "enter")
        keys = screen.query_one("LineList").keys
        names = [entry.name for entry in screen._entries if entry.id in keys]
        assert names == ["Service", "Delivery"]
        await run.press("down", "e")
        assert isinstance(run.app.screen, Form)
        await run.press("escape", "escape")
        assert "Enquiry" in run.seen
        assert isinstance(run.app.screen, SetupScreen)


async def test_a_click_shows_a_list(team: Team) -> None:
    async with driven(team.store) as run:
        await run.press("f2")
        await run.pilot.click("TabLine", offset=(25, 0))
        await run.settle()
        assert "Jonas" in run.seen


async def test_the_board_knows_what_was_set_up(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "Pipelines")
        await run.press("down", "e", "end", "X", "ctrl+s", "escape")
        assert "EnquiryX" in run.seen


async def test_every_key_says_what_it_does(team: Team) -> None:
    async with driven(team.store) as run:
        screen = await _open(run, "Pipelines")
        for _node, binding, _on, tooltip in screen.active_bindings.values():
            assert tooltip or binding.id is None, binding
        await run.press("question_mark")
        assert "Add a stage to the pipeline" in run.seen
