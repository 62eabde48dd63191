"""The clients: searching, the card, and editing everything there."""

from __future__ import annotations

from salestui.queries.client_card import ClientCard, load_client_card
from salestui.usecases.clients import create_client, edit_client
from salestui.usecases.process import add_entry
from tests.screens.driving import Driven, driven
from tests.team import Team


def _card(team: Team, place: int = 0) -> ClientCard:
    card = team.store.read(load_client_card, client_id=team.clients[place])
    assert card is not None
    return card


async def _open_acme(it: Driven) -> None:
    await it.press("slash")
    await it.type("acme")
    await it.press("enter")


async def test_typing_finds_in_any_script_and_enter_opens_the_first(team: Team) -> None:
    async with driven(team.store, "clients") as it:
        await it.press("slash")
        await it.type("kovalenko")
        assert "ТОВ Коваленко" in it.seen
        assert "Acme" not in it.seen
        await it.press("enter")
        assert "Київ" in it.seen
        await it.press("q", "slash")
        await it.type("60012345")
        assert "Acme" in it.seen
        assert "Коваленко" not in it.seen


async def test_what_is_not_found_says_how_to_create_it(team: Team) -> None:
    async with driven(team.store, "clients") as it:
        await it.press("slash")
        await it.type("nobody")
        assert "No client for “nobody”." in it.seen
        await it.press("down", "N")
        await it.type("Nobody GmbH")
        await it.press("ctrl+s")
        assert "Nobody yet. Press c to add a contact." in it.seen


async def test_the_list_goes_on_at_its_end(team: Team) -> None:
    for number in range(60):
        team.store.write(create_client, name=f"Zeta {number:02}")
    async with driven(team.store, "clients") as it:
        await it.press("G", "G")
        assert "ТОВ Коваленко" in it.seen


async def test_the_card_shows_company_people_deals_and_dealings(team: Team) -> None:
    async with driven(team.store, "clients", size=(120, 50)) as it:
        await _open_acme(it)
        seen = it.seen
        for part in (
            "prospect · B2B · no. 1", "+370 600 12345", "Rasa Petraitė", "decision maker",
            "└ Jonas Clerk", "Open deals (3)", "10,000.00 EUR", "fri 20 Mar: Send the quote",
            "Dealings (3)", "Prices — agreed: Wants a quote",
        ):  # fmt: skip
            assert part in seen, part


async def test_c_adds_a_contact_who_reports_to_another(team: Team) -> None:
    async with driven(team.store, "clients") as it:
        await _open_acme(it)
        await it.press("c")
        await it.type("Zofia")
        await it.press("enter", "enter", "t", "enter")
        await it.type("+48 1, +48 2")
        await it.press("enter", "enter", "enter", "enter", "r", "ctrl+s")
    zofia = next(person for person in _card(team).people if person.name == "Zofia")
    assert zofia.decision_role == "technical decider"
    assert zofia.reports_to_id == team.contacts[0]
    assert [medium.value for medium in zofia.media] == ["+48 1", "+48 2"]


async def test_enter_on_a_person_edits_it(team: Team) -> None:
    async with driven(team.store, "clients") as it:
        await _open_acme(it)
        await it.press("down", "enter")
        await it.type(" jr.")
        await it.press("ctrl+s")
        assert "Rasa Petraitė jr." in it.seen


async def test_e_edits_the_company_and_only_what_was_changed_is_written(team: Team) -> None:
    async with driven(team.store, "clients", size=(100, 50)) as it:
        await _open_acme(it)
        await it.press("e")
        await it.type(" Ltd")
        team.store.write(edit_client, client_id=team.clients[0], city="Kaunas")
        await it.press("ctrl+s")
        assert "changed this client meanwhile" in " ".join(it.seen.split())
        await it.press("ctrl+s")
    assert (_card(team).client.name, _card(team).client.city) == ("Acme Ltd", "Kaunas")


async def test_every_field_of_the_company_can_be_typed(team: Team) -> None:
    async with driven(team.store, "clients", size=(100, 50)) as it:
        await _open_acme(it)
        await it.press("e")
        form = it.app.screen
        typed = {
            "street": "Gedimino 1", "headcount": "120", "turnover_minor": "1.5m",
            "vat_number": "LT100", "founded_year": "1990", "web": "acme.example, acme.lt",
        }  # fmt: skip
        for name, text in typed.items():
            form.field(name).value = text  # type: ignore[attr-defined]
        await it.press("ctrl+s")
    client = _card(team).client
    assert (client.street, client.headcount, client.turnover_minor, client.founded_year) == (
        "Gedimino 1", 120, 150_000_000, 1990,
    )  # fmt: skip
    assert [m.value for m in _card(team).media if m.kind == "web"] == ["acme.example", "acme.lt"]


async def test_what_is_no_number_is_said_at_its_field(team: Team) -> None:
    async with driven(team.store, "clients", size=(100, 50)) as it:
        await _open_acme(it)
        await it.press("e")
        it.app.screen.field("headcount").value = "many"  # type: ignore[attr-defined]
        await it.press("ctrl+s")
        assert "! Write a whole number." in it.seen


async def test_branches_assistants_and_owner(team: Team) -> None:
    async with driven(team.store, "clients") as it:
        await _open_acme(it)
        await it.press("b")
        await it.type("Kaunas works")
        await it.press("ctrl+s", "s", "1", "ctrl+s")
        assert "helped by Jonas" in it.seen
        assert "Kaunas works" in it.seen
        await it.press("o")
        await it.type("jonas")
        await it.press("enter")
    card = _card(team)
    assert (card.client.owner, card.branches[0].name) == ("Jonas", "Kaunas works")


async def test_n_makes_a_deal_for_this_client(team: Team) -> None:
    async with driven(team.store, "clients") as it:
        await _open_acme(it)
        await it.press("n")
        await it.type("Filters")
        await it.press("ctrl+s")
    assert "Filters" in [deal.title for deal in _card(team).deals]


async def test_a_deal_opened_from_the_card_leads_back_to_it(team: Team) -> None:
    async with driven(team.store, "clients") as it:
        await _open_acme(it)
        await it.press("down", "down", "down", "enter")
        assert "History" in it.seen
        await it.press("down", "enter")
        assert "Dealings" in it.seen or "People" in it.seen
        assert "ClientCardScreen" in [type(each).__name__ for each in it.app.screen_stack]
        await it.press("3")
        assert type(it.app.screen).__name__ == "ClientsScreen"


async def test_each_place_keeps_its_own_card(team: Team) -> None:
    async with driven(team.store, "clients") as it:
        await _open_acme(it)
        await it.press("2", "l", "l", "v")
        assert "Łódź Foods" in it.seen
        await it.press("3")
        assert "Rasa Petraitė" in it.seen


async def test_a_client_deleted_meanwhile_is_said(team: Team) -> None:
    from salestui.usecases.clients import delete_client

    async with driven(team.store, "clients") as it:
        await it.press("G")
        team.store.write(delete_client, client_id=team.clients[2])
        await it.press("enter")
        assert "no longer there" in it.said[-1]
        assert "Search clients" in it.seen


async def test_a_client_is_put_into_a_territory_and_found_there(team: Team) -> None:
    for name in ("Baltic", "[/x] Poland"):
        team.store.write(add_entry, what="territory", name=name)
    async with driven(team.store, "clients") as it:
        await it.press("enter", "e", *["enter"] * 3, *"bal", "ctrl+s")
        assert "Territory" in it.seen and "Baltic" in it.seen
        await it.press("q", "f")
        assert "[/x] Poland  territory" in it.seen
        await it.press(*"balt", "enter")
        assert "Acme" in it.seen and "Łódź Foods" not in it.seen
        await it.press("f", *"lead", "enter")
        assert "None of them here." in it.seen
        await it.press("f", *"all", "enter")
        assert "Łódź Foods" in it.seen and "Baltic" not in it.seen
    assert _card(team).client.territory == "Baltic"


async def test_a_status_and_a_territory_are_taken_back_one_by_one(team: Team) -> None:
    baltic = team.store.write(add_entry, what="territory", name="Baltic").id
    team.store.write(edit_client, client_id=team.clients[0], territory_id=baltic)
    async with driven(team.store, "clients", size=(100, 24)) as it:
        await it.press("f")
        assert "All clients  now" in it.seen and "takes it back" not in it.seen
        await it.press(*"balt", "enter", "f", *"prosp", "enter")
        assert "prospect · Baltic" in it.seen
        await it.press("f")
        assert "Baltic  territory  now, enter takes it back" in it.seen
        assert "All clients  now" not in it.seen
        await it.press(*"balt", "enter")
        assert "prospect · " in it.seen and "Baltic" not in it.seen
        await it.press("f", *"prosp", "enter", "f", *"no ter", "enter")
        assert "no territory" in it.seen
        assert "Łódź Foods" in it.seen and "Acme" not in it.seen
