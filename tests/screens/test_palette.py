"""The command palette: what can be done here, and who is meant by what one types."""

from __future__ import annotations

import pytest
from textual.command import Command, CommandList, CommandPalette
from textual.content import Content
from textual.widgets import Input

from salestui.screens.client_card import ClientCardScreen
from salestui.screens.deal import DealScreen
from salestui.screens.form import Form
from salestui.screens.setup import SetupScreen
from salestui.store.store import Store
from salestui.text.clean import _UNSAFE_OUT
from salestui.usecases.clients import create_client, create_contact
from salestui.usecases.deals import create_deal
from tests.screens.driving import Driven, driven
from tests.team import HOSTILE, Team


def _offered(run: Driven) -> list[str]:
    """What stands in the list."""
    options = run.app.screen.query_one(CommandList).options
    return [each.hit.text or "" for each in options if isinstance(each, Command)]


async def _ask(run: Driven, typed: str) -> list[str]:
    await run.press("ctrl+p")
    await run.type(typed)
    return _offered(run)


async def test_it_offers_what_can_be_done_here_with_the_keys(team: Team) -> None:
    async with driven(team.store) as run:
        await run.press("ctrl+p")
        offered = _offered(run)
        assert offered[0] == "Open the deal under the cursor"
        assert "Create a deal" in offered
        assert "Go to clients" in offered
        assert "Switch between the light and the dark theme" in offered
        assert "Quit the program" in offered
        assert "Create a deal  n" in run.seen
        assert "Find an action, a client, a contact or a deal" in run.seen
        # Neither how lists are moved in, nor keys of Textual's own, nor the palette itself.
        assert not [
            name
            for name in offered
            if "Go to the deal" in name or "Focus" in name or "palette" in name
        ]
        assert len(offered) == len(set(offered))


@pytest.mark.parametrize(
    ("typed", "screen"), [("set up the team", SetupScreen), ("create a deal", Form)]
)
async def test_choosing_does_it(team: Team, typed: str, screen: type) -> None:
    async with driven(team.store) as run:
        offered = await _ask(run, typed)
        assert typed in offered[0].casefold()
        await run.press("enter")
        assert isinstance(run.app.screen, screen)


async def test_places_theme_and_what_lists_do_are_found_by_words(team: Team) -> None:
    async with driven(team.store) as run:
        assert (await _ask(run, "GO TO CLIE"))[0] == "Go to clients"
        await run.press("enter")
        assert run.app.current_mode == "clients"
        await run.press("2")
        before = run.app.theme
        await _ask(run, "light and the dark")
        await run.press("enter")
        assert run.app.theme != before
        assert "Go to the deal below" in await _ask(run, "deal below")


@pytest.mark.parametrize(
    ("typed", "name", "screen", "says"),
    [
        ("lodz", "Łódź Foods", ClientCardScreen, "Łódź"),
        ("kovalenko", "ТОВ Коваленко", ClientCardScreen, "Київ"),
        ("petraite", "Rasa Petraitė", ClientCardScreen, "Director"),
        ("valves", "Valves", DealScreen, "2,500.00"),
    ],
)
async def test_clients_contacts_and_deals_are_found_and_opened(
    team: Team, typed: str, name: str, screen: type, says: str
) -> None:
    async with driven(team.store, size=(100, 30)) as run:
        assert (await _ask(run, typed))[0] == name
        await run.press("enter")
        assert isinstance(run.app.screen, screen)
        assert name in run.seen
        assert says in run.seen


async def test_a_list_of_the_set_up_is_found_by_its_title(team: Team) -> None:
    async with driven(team.store) as run:
        for typed, title in (("bonus", "Bonus plans"), ("loss reas", "Loss reasons")):
            assert f"Set up: {title}  f2" in (await _ask(run, typed), run.seen)[1]
            await run.press("enter")
            assert isinstance(run.app.screen, SetupScreen)
            assert run.app.screen.list.title == title
        await run.press("escape")
        assert not isinstance(run.app.screen, SetupScreen), "one list after the other is one screen"


async def test_a_contact_is_opened_under_the_cursor(team: Team) -> None:
    async with driven(team.store) as run:
        await _ask(run, "petraite")
        await run.press("enter", "e")
        assert "Rasa Petraitė" in run.seen
        assert isinstance(run.app.screen, Form)


async def test_one_letter_asks_the_store_for_nothing(team: Team) -> None:
    async with driven(team.store) as run:
        assert not {"Rasa Petraitė", "Acme"} & set(await _ask(run, "a"))
        await run.type("c")
        assert "Acme" in _offered(run)


async def test_no_more_than_twenty_of_many(team: Team) -> None:
    for number in range(30):
        team.store.write(create_client, name=f"Zzyx {number}")
    async with driven(team.store) as run:
        assert len(await _ask(run, "zzyx")) == 20


async def test_from_a_form_nothing_is_opened_that_would_take_its_place(team: Team) -> None:
    async with driven(team.store) as run:
        await _ask(run, "acme")
        await run.press("enter", "a")
        form = run.app.screen
        assert isinstance(form, Form)
        await run.type("Half a word")
        assert "Łódź Foods" not in await _ask(run, "lodz")
        await run.press("escape")
        assert run.app.screen is form
        assert "Half a word" in run.seen


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 50)])
async def test_hostile_names_are_found_and_shown_as_they_are(
    team: Team, size: tuple[int, int]
) -> None:
    names = [*HOSTILE, "Long [/b] " + "word " * 2_000, "漢字" * 5_000]
    client_id = ""
    for name in names:
        client_id = team.store.write(create_client, name=f"Mark {name}").id
    team.store.write(create_contact, client_id=client_id, name="Mark [/x] contact")
    team.store.write(create_deal, title="Mark [@click=app.quit]deal[/]", client_id=client_id)
    async with driven(team.store, size=size) as run:
        offered = await _ask(run, "mark")
        # "Mark the deal won" and its like are actions.
        assert {f"Mark {name}".strip() for name in names[:4]} <= set(offered)
        assert "Mark [/x] contact" in offered
        options = run.app.screen.query_one(CommandList).options
        assert all(isinstance(each.prompt, Content) for each in options)
        await run.press(*["down"] * 3)
        assert not _UNSAFE_OUT.search(run.seen.replace("\n", ""))
        await run.press(*["backspace"] * 4)
        await run.type("long")
        await run.press("enter")
        assert isinstance(run.app.screen, ClientCardScreen)


@pytest.mark.parametrize(
    "typed", ["[/x]", "[@click=app.quit]x[/]", "\x1b]0;t\x07", "\0", "漢", "x" * 10_000, "'\"%_\\"]
)
async def test_anything_may_be_typed(team: Team, typed: str) -> None:
    async with driven(team.store) as run:
        await _ask(run, typed)
        assert isinstance(run.app.screen, CommandPalette)
        assert not _UNSAFE_OUT.search(run.seen.replace("\n", ""))
        assert run.app.screen.query_one(Input).value
        await run.press("escape")
        assert not isinstance(run.app.screen, CommandPalette)


async def test_an_empty_store_still_has_its_actions(sqlite_store: Store) -> None:
    async with driven(sqlite_store) as run:
        await run.press("escape")
        assert await _ask(run, "acme") == []
        await run.press("escape", "ctrl+p")
        assert "Create a deal" in _offered(run)
