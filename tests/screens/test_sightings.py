"""Noting a competitor met, at a client or in a deal, and seeing it there."""

from __future__ import annotations

import pytest

from salestui.queries.setup import competitors
from salestui.queries.sightings import load_sightings
from salestui.screens.client_card import ClientCardScreen
from salestui.screens.sighting_form import SightingForm
from salestui.screens.sighting_lines import sighting_lines
from salestui.store.store import Store
from salestui.text import clean
from salestui.usecases import process, sightings
from tests.screens.driving import Driven, driven
from tests.team import HOSTILE, Team


@pytest.fixture
def team(team: Team) -> Team:
    rival = team.lists.competitors[0].id
    team.store.write(process.add_entry, what="competitor product", name="Pro", competitor_id=rival,
                     product_id=team.lists.products[0].id)  # fmt: skip
    return team


async def _card(run: Driven, team: Team, place: int = 0) -> None:
    run.app.open_client(team.clients[place])
    await run.settle()
    assert isinstance(run.app.screen, ClientCardScreen)


async def test_one_is_noted_at_the_client_with_product_and_words(team: Team) -> None:
    async with driven(team.store) as run:
        await _card(run, team)
        await run.press("C")
        assert isinstance(run.app.screen, SightingForm)
        await run.press(*"riv", "enter", "right", "down", "down", *"at the fair", "ctrl+s")
        (noted,) = team.store.read(load_sightings)
        assert (noted.competitor, noted.product, noted.client, noted.deal, noted.notes) == (
            "Rival", "Pro", "Acme", "", "at the fair",
        )  # fmt: skip
        assert "Competitors met (1)" in run.seen
        assert "Rival: Pro" in run.seen
        assert any("Noted Rival" in each for each in run.said)
        await run.press("u")
        assert "Competitors met" not in run.seen


async def test_one_is_noted_in_the_deal(team: Team) -> None:
    async with driven(team.store) as run:
        run.app.open_deal(team.deals[0])
        await run.settle()
        await run.press("C", *"riv", "enter", "ctrl+s")
        (noted,) = team.store.read(load_sightings, deal_id=team.deals[0])
        assert (noted.client, noted.deal, noted.product) == ("Acme", "Pumps", "")
        assert "Competitors met (1)" in run.seen


@pytest.mark.parametrize("name", [*HOSTILE, "\x1b]0;owned\x07Esc\x1b[31m"])
async def test_one_nobody_has_met_before_is_added_with_the_note(team: Team, name: str) -> None:
    async with driven(team.store) as run:
        await _card(run, team, 2)
        await run.press("C")
        await run.type(name)
        await run.press("enter", "down", "down")
        await run.type(name)
        await run.press("ctrl+s")
        assert isinstance(run.app.screen, ClientCardScreen), run.seen
        assert clean(name) in [each.name for each in team.store.read(competitors)]
        (noted,) = team.store.read(load_sightings, client_id=team.clients[2])
        assert (noted.competitor, noted.notes) == (clean(name), clean(name))
        assert "Competitors met (1)" in run.seen and "\x1b" not in run.seen
        await run.press("u")  # one step: competitor and note
        assert [each.name for each in team.store.read(competitors)] == ["Rival"]


async def test_nobody_named_is_refused_and_what_was_typed_stays(team: Team) -> None:
    async with driven(team.store) as run:
        await _card(run, team)
        await run.press("C", "down", "down", "down", *"words", "ctrl+s")
        form = run.app.screen
        assert isinstance(form, SightingForm)
        assert "Who was met?" in run.seen
        assert form.field("notes").raw == "words"


async def test_without_client_or_deal_it_says_so(sqlite_store: Store) -> None:
    sqlite_store.write(process.create_pipeline, name="Sales")
    async with driven(sqlite_store) as run:
        await run.press("C")
        assert any("client or a deal first" in each for each in run.said)


def test_a_card_tells_the_latest_and_how_many_more(team: Team) -> None:
    rival = team.lists.competitors[0].id
    for number in range(11):
        team.store.write(sightings.record_sighting, competitor_id=rival, client_id=team.clients[0],
                         notes=f"{number} [/x]\nand more")  # fmt: skip
    listed = team.store.read(load_sightings)
    for width in (10, 40, 79, 200):
        rows = list(sighting_lines(listed, width))
        texts = ["".join(piece.text for piece in row.pieces) for row in rows]
        assert len(rows) == 11
        assert texts[9].startswith("and 3 more"[:width])
    assert "10 [/x] and more" in texts[1]
