"""Undo and redo across the program."""

from __future__ import annotations

from datetime import timedelta

import pytest

from salestui.errors import Conflict, Refused
from salestui.store.store import Store
from salestui.usecases import activities, clients, deals, outcomes, process, undo
from tests.conftest import NOON
from tests.usecases.conftest import Team


def test_an_undone_move_leaves_no_trace_in_the_way(team: Team) -> None:
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[2])
    done = team.store.write(undo.undo)
    assert done.summary == "Undone: Moved Cranes to Negotiation"
    assert team.deal("stage_id", "furthest") == (team.stages[0], 1)
    assert team.passages() == [("Enquiry", "open")]
    kinds = team.store.read(lambda r: r.rows("SELECT kind FROM deal_event ORDER BY seq"))
    assert kinds == [("change",), ("change",), ("void",)]


def test_redo_does_it_again(team: Team) -> None:
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[2])
    team.store.write(undo.undo)
    team.store.write(undo.redo)
    assert team.deal("stage_id") == (team.stages[2],)
    assert team.passages() == [("Enquiry", "advanced"), ("Negotiation", "open")]
    team.store.write(undo.undo)
    assert team.passages() == [("Enquiry", "open")]


def test_everything_can_be_undone_back_to_the_start(team: Team) -> None:
    team.store.write(
        activities.log_activity,
        kind="call",
        deal_id=team.deal_id,
        next_step=activities.NextStep("Send offer", NOON.date() + timedelta(days=2)),
    )
    team.store.write(outcomes.win_deal, deal_id=team.deal_id)
    for _ in range(5):
        team.store.write(undo.undo)
    with pytest.raises(Refused, match="nothing to undo"):
        team.store.write(undo.undo)
    for table in ("client", "deal", "activity", "rep", "stage"):
        live = team.store.read(
            lambda r, t=table: r.value(f"SELECT count(*) FROM {t} WHERE deleted_at IS NULL")
        )
        assert live == 0
    for table in ("passage", "search_word"):
        assert team.store.read(lambda r, t=table: r.value(f"SELECT count(*) FROM {t}")) == 0
    for _ in range(5):
        team.store.write(undo.redo)
    assert team.deal("outcome", "deleted_at") == ("won", None)


def test_what_a_colleague_changed_since_is_not_undone(team: Team, colleague: Store) -> None:
    team.store.write(clients.edit_client, client_id=team.client_id, city="Kaunas")
    colleague.write(clients.edit_client, client_id=team.client_id, city="Vilnius")
    with pytest.raises(Conflict, match="Jonas at 2026-03-18"):
        team.store.write(undo.undo)


def test_a_client_that_others_built_on_is_not_undone(team: Team, colleague: Store) -> None:
    created = team.store.write(clients.create_client, name="New")
    colleague.write(deals.create_deal, client_id=created.id)
    with pytest.raises(Refused, match="1 deal"):
        team.store.write(undo.undo)


def test_undo_takes_back_only_ones_own(team: Team, colleague: Store) -> None:
    team.store.write(clients.edit_client, client_id=team.client_id, city="Kaunas")
    colleague.write(clients.create_client, name="Of Jonas")
    assert team.store.write(undo.undo).summary == "Undone: Changed client Łódź Steel"
    names = team.store.read(lambda r: r.rows("SELECT name FROM client WHERE deleted_at IS NULL"))
    assert ("Of Jonas",) in names


def test_nothing_known_and_nothing_at_all_are_two_things(team: Team, colleague: Store) -> None:
    team.store.write(deals.edit_deal, deal_id=team.deal_id, amount_minor=None)
    colleague.write(deals.edit_deal, deal_id=team.deal_id, amount_minor=0)
    with pytest.raises(Conflict, match="Jonas"):
        team.store.write(undo.undo)
    assert team.deal("amount_minor") == (0,)


def test_a_deal_is_not_done_again_at_a_client_that_a_colleague_has_deleted(
    team: Team, colleague: Store
) -> None:
    zeta = team.store.write(clients.create_client, name="Zeta")
    team.store.write(deals.create_deal, client_id=zeta.id)
    team.store.write(undo.undo)
    colleague.write(clients.delete_client, client_id=zeta.id)
    with pytest.raises(Refused, match="The client that this deal belongs to has been deleted"):
        team.store.write(undo.redo)


def test_a_move_is_not_undone_into_a_stage_that_a_colleague_has_deleted(
    team: Team, colleague: Store
) -> None:
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[1])
    colleague.write(process.delete_stage, stage_id=team.stages[0])
    with pytest.raises(Refused, match="The stage that this deal belongs to has been deleted"):
        team.store.write(undo.undo)
