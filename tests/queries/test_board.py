"""The board's one statement: columns, totals, order, filters, and the same board after a move."""

from __future__ import annotations

import pytest

from salestui.models.vocabulary import Outcome
from salestui.queries.board import Board, BoardFilter, Total, _sql, load_board
from salestui.queries.board_moves import moved
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.usecases.clients import edit_client
from salestui.usecases.deals import create_deal, move_deal
from salestui.usecases.outcomes import lose_deal, win_deal
from salestui.usecases.people import edit_rep
from salestui.usecases.process import add_entry
from tests.conftest import Clock
from tests.team import Team


def _board(team: Team, wanted: BoardFilter | None = None) -> Board:
    board = team.store.read(load_board, filter=wanted)
    assert board is not None
    return board


def _titles(board: Board) -> dict[str, list[str]]:
    return {column.name: [card.title for card in column.cards] for column in board.columns}


def test_one_statement_gives_the_whole_board(team: Team) -> None:
    counts: list[int] = []

    def counted(reader: Reader) -> Board | None:
        board = load_board(reader)
        counts.append(reader.statements)
        return board

    assert team.store.read(counted) is not None
    assert counts == [1]


def test_only_the_cards_that_are_shown_are_looked_at(team: Team) -> None:
    """A stage's first cards stand in the board's index in their order, however many deals follow."""
    if team.store.dialect != "sqlite":
        pytest.skip("the plan of SQLite")

    def plan(reader: Reader) -> list[str]:
        values = {"pipeline_id": "", "today": 0, "limit": 1}
        return [row[3] for row in reader.rows(f"EXPLAIN QUERY PLAN {_sql('sqlite', [])}", **values)]

    steps = team.store.read(plan)
    index = "COVERING INDEX ix_deal_board (pipeline_id=? AND stage_id=? AND next_due_on"
    assert sum(index in step for step in steps) == 3
    assert not [step for step in steps if step == "SCAN d"]
    assert steps.count("USE TEMP B-TREE FOR GROUP BY") == 1, "of deals in other currencies alone"


def test_a_store_without_a_pipeline_has_no_board(store: Store) -> None:
    assert store.read(load_board) is None


def test_deals_stand_in_their_stages_in_the_order_of_their_next_steps(team: Team) -> None:
    assert _titles(_board(team)) == {
        "Enquiry": ["Valves"],
        "Offer": ["Hoses", "Złoty deal", "Pumps"],  # without a step before one in the future
        "Negotiation": ["Silo"],
        "Order": [],
    }


def test_currencies_are_never_added_up(team: Team) -> None:
    offer = _board(team).columns[1]
    assert offer.count == 3
    assert offer.totals == (Total("EUR", 1_000_000, 300_000, 2), Total("PLN", 70_000, 21_000, 1))


def test_a_deal_says_why_it_stands_still(team: Team, clock: Clock) -> None:
    clock.forward(days=8)
    cards = {card.title: card for column in _board(team).columns for card in column.cards}
    assert cards["Hoses"].stalled == ("8 of 7 days", "no next step")
    assert cards["Valves"].stalled == ("8 of 3 days", "past its close")
    assert cards["Silo"].stalled == ("no next step",)
    assert cards["Pumps"].next_step == "Send the quote"


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (BoardFilter(whose="mine"), {"Pumps", "Valves", "Hoses", "Złoty deal"}),
        (BoardFilter(whose="team"), {"Pumps", "Valves", "Hoses", "Złoty deal"}),
        (BoardFilter(amount_from=300_000, currency="EUR"), {"Pumps", "Silo"}),
        (BoardFilter(amount_to=300_000, currency="EUR"), {"Valves"}),
        (BoardFilter(close_month="2026-04"), {"Pumps"}),
        (BoardFilter(text="lodz"), {"Silo", "Złoty deal"}),
        (BoardFilter(text="acme pump"), {"Pumps"}),
        (BoardFilter(text="!?"), set()),
        (BoardFilter(kind="repeat"), set()),
    ],
)
def test_what_a_filter_hides_is_counted(team: Team, wanted: BoardFilter, shown: set[str]) -> None:
    board = _board(team, wanted)
    assert {title for titles in _titles(board).values() for title in titles} == shown
    assert board.hidden == 5 - len(shown)
    assert sum(column.count for column in board.columns) == len(shown)


def test_a_deal_lies_in_its_clients_territory_else_in_its_owners(team: Team) -> None:
    write = team.store.write
    north, south = (write(add_entry, what="territory", name=n).id for n in ("North", "South"))
    write(edit_client, client_id=team.clients[0], territory_id=north)
    write(edit_rep, rep_id=team.rep("Ona"), territory_id=south)
    for key, shown in (
        (north, {"Pumps", "Valves", "Hoses"}),
        (south, {"Złoty deal"}),  # Ona's, at a client without a territory
        ("", {"Silo"}),
    ):
        board = _board(team, BoardFilter(territory_id=key))
        assert {card.title for column in board.columns for card in column.cards} == shown
        assert board.hidden == 5 - len(shown)


def test_lost_deals_leave_the_board_and_won_ones_without_after_sale_too(team: Team) -> None:
    team.store.write(lose_deal, deal_id=team.deals[0], loss_reason_id=team.reason("Price"))
    team.store.write(win_deal, deal_id=team.deals[1])
    titles = _titles(_board(team))
    assert titles["Enquiry"] == []
    assert titles["Offer"] == ["Hoses", "Złoty deal"]
    assert Outcome.WON in team.store.read(
        lambda r: r.row("SELECT outcome FROM deal WHERE id = :id", id=team.deals[1])
    )


def test_another_pipeline_can_be_shown(team: Team) -> None:
    service = team.lists.pipelines[1]
    board = team.store.read(load_board, pipeline_id=service.id)
    assert board is not None
    assert (board.pipeline, len(board.columns)) == ("Service", 7)


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("to", ["Enquiry", "Negotiation", "Order"])
def test_the_patched_board_is_what_a_reload_shows(team: Team, place: int, to: str) -> None:
    before = _board(team)
    card = next(
        card for column in before.columns for card in column.cards
        if card.deal_id == team.deals[place]
    )  # fmt: skip
    if card.stage_id == team.stage(to):
        pytest.skip("the deal is there already")
    saved = team.store.write(
        move_deal, deal_id=card.deal_id, to_stage_id=team.stage(to), expected_version=card.version
    )
    assert moved(before, card, team.stage(to), saved.version) == _board(team)


@pytest.mark.parametrize("amounts", [(None, None), (None, 5_00), (5_00, None), (0, None)])
def test_deals_of_unknown_amount_go_along_in_their_currencys_count(
    team: Team, amounts: tuple[int | None, int | None]
) -> None:
    made = [
        team.store.write(create_deal, title="New", amount_minor=minor, currency="USD")
        for minor in amounts
    ]
    for to in ("Negotiation", "Offer"):
        for deal in made:
            before = _board(team)
            (card,) = (c for each in before.columns for c in each.cards if c.deal_id == deal.id)
            saved = team.store.write(
                move_deal,
                deal_id=deal.id,
                to_stage_id=team.stage(to),
                expected_version=card.version,
            )
            assert moved(before, card, team.stage(to), saved.version) == _board(team)


def test_a_move_to_a_stage_of_another_board_changes_nothing(team: Team) -> None:
    before = _board(team)
    card = before.columns[0].cards[0]
    assert moved(before, card, "elsewhere", 2) is before
    assert moved(before, card._replace(number=99), before.columns[1].stage_id, 2) is before
