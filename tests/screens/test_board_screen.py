"""The deal board, by keyboard: moving, losing, winning, postponing, filtering, and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from salestui.queries.board import load_board
from salestui.queries.deal_card import Deal, load_deal
from salestui.usecases.deals import edit_deal
from salestui.usecases.people import create_team, edit_rep
from salestui.usecases.process import add_entry
from tests.screens.driving import driven
from tests.team import Team


def _deal(team: Team, place: int) -> Deal:
    deal = team.store.read(load_deal, deal_id=team.deals[place])
    assert deal is not None
    return deal


async def test_the_board_shows_stages_sums_and_why_deals_stand_still(team: Team) -> None:
    async with driven(team.store) as it:
        assert "Enquiry" in it.seen
        assert "10.0k w 3.0k EUR" in it.seen
        assert "700 w 210 PLN" in it.seen
        assert "! past its close" in it.seen


async def test_l_moves_the_deal_on_and_u_takes_it_back(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("L")
        assert _deal(team, 1).stage == "Offer"
        assert it.app.screen.deals.current.title == "Valves"
        await it.press("u")
        assert _deal(team, 1).stage == "Enquiry"
        assert any("Undone: Moved Valves to Offer" in toast for toast in it.said)
        await it.press("U")
        assert _deal(team, 1).stage == "Offer"


async def test_keys_pressed_quickly_move_as_often_as_pressed(team: Team) -> None:
    async with driven(team.store) as it:
        for _ in range(2):
            await it.pilot.press("L")
        await it.settle()
        assert _deal(team, 1).stage == "Negotiation"


async def test_the_board_patched_by_a_move_is_the_board_in_the_store(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("L", "L", "H")
        assert it.app.screen.deals.board == team.store.read(load_board)


async def test_x_asks_for_a_reason_by_digit_and_a_competitor_by_letter(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("x")
        assert "1  Price" in it.seen
        await it.press("1")
        assert "a  Rival" in it.seen
        await it.press("a")
        deal = _deal(team, 1)
        assert (deal.outcome, deal.loss_reason, deal.competitor) == ("lost", "Price", "Rival")
        assert "Acme: Valves" not in it.seen


async def test_the_competitor_can_be_skipped_and_losing_be_left(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("x", "escape")
        assert _deal(team, 1).outcome == "open"
        await it.press("x", "2", "space")
        deal = _deal(team, 1)
        assert (deal.outcome, deal.competitor) == ("lost", None)


async def test_w_and_two_enters_win_the_deal_as_it_stands(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("w", "enter", "enter")
        deal = _deal(team, 1)
        assert (deal.outcome, deal.amount_minor, deal.closed_on) == ("won", 250_000, team.today)


async def test_p_takes_a_day_by_digit_or_words_with_a_reason(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("p", "5")
        assert _deal(team, 1).postponed_until_on == team.today + timedelta(days=14)
        await it.press("u", "p")
        await it.press("plus")
        await it.type("2w no budget")
        await it.press("enter")
        assert _deal(team, 1).postponed_until_on == team.today + timedelta(days=14)
        task = team.store.read(
            lambda r: r.value(
                "SELECT subject FROM activity WHERE deal_id = :id AND state = 'planned'"
                " ORDER BY id DESC LIMIT 1",
                id=team.deals[1],
            )
        )
        assert task == "Take up again: no budget"


async def test_a_day_that_is_none_is_said_and_nothing_is_lost(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("p")
        await it.press("s")
        await it.type("ome day")
        await it.press("enter")
        assert "is not a day" in it.seen
        assert "some day" in it.seen
        assert _deal(team, 1).outcome == "open"


async def test_a_reason_typed_is_kept_when_the_day_is_refused_and_saved_when_mended(
    team: Team,
) -> None:
    async with driven(team.store) as it:
        await it.press("p", "t")
        await it.type("oday no budget")
        await it.press("enter")
        assert "a day after today" in it.seen
        assert "today no budget" in it.seen
        await it.press("home", *["delete"] * 5)
        await it.type("+2w")
        await it.press("enter")
        assert _deal(team, 1).postponed_until_on == team.today + timedelta(days=14)


async def test_a_reason_typed_is_kept_after_a_conflict_and_written_the_second_time(
    team: Team,
) -> None:
    async with driven(team.store) as it:
        await it.press("p", "plus")
        await it.type("2w no budget")
        team.store.write(edit_deal, deal_id=team.deals[1], notes="changed by a colleague")
        await it.press("enter")
        assert "changed this deal meanwhile" in " ".join(it.seen.split())
        assert "+2w no budget" in it.seen
        assert _deal(team, 1).outcome == "open"
        await it.press("enter")
        deal = _deal(team, 1)
        assert (deal.outcome, deal.notes) == ("postponed", "changed by a colleague")


async def test_o_assigns_by_typing_part_of_the_name(team: Team) -> None:
    north = team.store.write(create_team, name="North").id
    team.store.write(edit_rep, rep_id=team.rep("Jonas"), team_id=north)
    async with driven(team.store) as it:
        await it.press("o")
        assert "Jonas  team North" in it.seen
        await it.type("jon")
        await it.press("enter")
        assert _deal(team, 1).owner == "Jonas"


async def test_a_move_that_is_refused_is_said_and_shows_what_is_so(team: Team) -> None:
    async with driven(team.store) as it:
        team.store.write(edit_deal, deal_id=team.deals[1], notes="changed by a colleague")
        await it.press("L")
        assert any("changed this deal meanwhile" in toast for toast in it.said)
        assert _deal(team, 1).stage == "Enquiry"
        await it.press("L")
        assert _deal(team, 1).stage == "Offer"


async def test_nothing_under_the_cursor_is_said(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("l", "l", "l", "w")
        assert it.said[-1] == "Put the cursor on a deal first."


async def test_n_creates_a_deal_with_a_new_client_where_the_cursor_is(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("l", "n")
        await it.type("Tanks")
        await it.press("enter")
        await it.type("Zeta")
        await it.press("enter", "tab")
        await it.type("12k")
        await it.press("ctrl+s")
        card = it.app.screen.deals.current
        assert (card.title, card.client, card.amount_minor) == ("Tanks", "Zeta", 1_200_000)
        assert card.stage_id == team.stage("Offer")


async def test_e_edits_and_a_conflict_keeps_what_was_typed(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("e")
        await it.type("!")
        team.store.write(edit_deal, deal_id=team.deals[1], source="fair")
        await it.press("ctrl+s")
        assert "changed this deal meanwhile" in " ".join(it.seen.split())
        assert "Valves!" in it.seen
        await it.press("ctrl+s")
        deal = _deal(team, 1)
        assert (deal.title, deal.source) == ("Valves!", "fair")


async def test_what_is_wrong_stands_below_its_field(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("e", "enter", "enter")
        await it.press("s")
        await it.type("oon")
        await it.press("ctrl+s")
        assert '! "soon" is not a day' in it.seen
        assert _deal(team, 1).expected_close_on == team.today - timedelta(days=3)


async def test_escape_asks_only_if_something_was_typed(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("e", "escape")
        assert type(it.app.screen).__name__ == "BoardScreen"
        await it.press("e", "x", "escape")
        assert "Leave without saving" in it.seen
        await it.press("n")
        assert "Valvesx" in it.seen
        await it.press("escape", "y")
        assert type(it.app.screen).__name__ == "BoardScreen"


async def test_slash_filters_as_one_types_and_counts_what_is_hidden(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("slash")
        await it.type("lodz")
        await it.press("enter")
        assert "Silo" in it.seen
        assert "Valves" not in it.seen
        assert "3 hidden" in it.seen
        await it.press("escape")
        assert "Valves" in it.seen


async def test_the_filter_form_is_remembered_by_the_next_run(team: Team) -> None:
    north = team.store.write(add_entry, what="territory", name="North").id
    team.store.write(edit_rep, rep_id=team.rep("Ona"), territory_id=north)
    async with driven(team.store, size=(120, 24)) as it:
        await it.press("f", "m", *["enter"] * 2, *"nort", "ctrl+s")
        assert "mine · North" in it.seen
        assert "Silo" not in it.seen
    async with driven(team.store) as it:
        assert "Silo" not in it.seen
        assert "1 hidden" in it.seen


async def test_brackets_go_through_the_pipelines(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("right_square_bracket")
        assert "Presentation" in it.seen
        await it.press("left_square_bracket")
        assert "Negotiation" in it.seen


async def test_enter_opens_the_deal_and_q_leaves_it(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("enter")
        assert "created · Enquiry" in it.seen
        await it.press("q")
        assert "Negotiation" in it.seen


async def test_v_views_the_client(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("v")
        assert "Rasa Petraitė" in it.seen
        await it.press("backspace")
        assert "Negotiation" in it.seen


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (60, 15)])
async def test_the_board_fits_the_terminal(team: Team, size: tuple[int, int]) -> None:
    async with driven(team.store, size=size) as it:
        lines = it.seen.splitlines()
        assert len(lines) == size[1]
        assert "? Keys" in lines[-1]


async def test_a_terminal_too_small_says_so(team: Team) -> None:
    async with driven(team.store, size=(50, 12)) as it:
        assert "too small" in it.seen
        assert "Enquiry" not in it.seen
        await it.pilot.resize_terminal(80, 24)
        await it.settle()
        assert "▸Acme" in it.seen
