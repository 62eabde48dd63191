"""The team's lists: names are unique, places are kept, what deals stand on is not taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from salestui.errors import Refused
from salestui.queries import setup
from salestui.usecases import clients, deals, people, process, sightings, undo
from tests.usecases.conftest import Team


def _names(team: Team, query: Callable[..., Any]) -> list[str]:
    return [row.name for row in team.store.read(query)]


def _add(team: Team, what: str, name: str, **fields: Any) -> str:
    return team.store.write(process.add_entry, what=what, name=name, **fields).id


def test_a_kind_of_activity_that_was_deleted_can_be_added_again(team: Team) -> None:
    first = _add(team, "activity kind", "fair")
    team.store.write(process.delete_entry, what="activity kind", entry_id=first)
    assert _add(team, "activity kind", "fair") == first
    assert _names(team, setup.activity_kinds)[-1] == "fair"
    team.store.write(undo.undo)
    assert "fair" not in _names(team, setup.activity_kinds)


@pytest.mark.parametrize("what", ["product", "competitor", "loss reason", "territory"])
def test_a_name_that_another_has_is_refused_also_when_renaming(team: Team, what: str) -> None:
    _add(team, what, "Žalgiris")
    other = _add(team, what, "Other one")
    with pytest.raises(Refused, match="Žalgiris"):
        _add(team, what, "zalgiris")
    with pytest.raises(Refused, match="Žalgiris"):
        team.store.write(process.edit_entry, what=what, entry_id=other, name="ZALGIRIS")
    team.store.write(process.edit_entry, what=what, entry_id=other, name="other ONE")


def test_reps_teams_pipelines_and_stages_cannot_be_named_alike(team: Team) -> None:
    write = team.store.write
    jonas = write(people.create_rep, name="Jonas").id
    write(people.create_team, name="North")
    south = write(people.create_team, name="South").id
    service = write(process.create_pipeline, name="Service").id
    for use_case, key in (
        (people.edit_rep, {"rep_id": jonas, "name": "ona"}),
        (people.edit_team, {"team_id": south, "name": "NORTH"}),
        (process.edit_pipeline, {"pipeline_id": service, "name": "sales"}),
        (process.edit_stage, {"stage_id": team.stages[0], "name": "offer"}),
    ):
        with pytest.raises(Refused, match="already"):
            write(use_case, **key)
    write(process.edit_stage, stage_id=team.stages[0], name="ENQUIRY")


def test_two_competitors_may_sell_products_of_one_name(team: Team) -> None:
    ours = _add(team, "product", "Pump")
    for rival in ("R", "Q"):
        theirs = _add(team, "competitor", rival)
        _add(team, "competitor product", "Pro", competitor_id=theirs, product_id=ours)
        with pytest.raises(Refused, match="already"):
            _add(team, "competitor product", "pro", competitor_id=theirs)
    listed = team.store.read(setup.competitor_products)
    assert [(row.name, row.against) for row in listed] == [("Pro", "Pump")] * 2
    with pytest.raises(Refused, match="no such competitor"):
        _add(team, "competitor product", "X")


def test_an_entry_takes_its_place_and_undo_gives_it_back(team: Team) -> None:
    before = _names(team, setup.loss_reasons)
    third = team.store.read(setup.loss_reasons)[2]
    team.store.write(process.edit_entry, what="loss reason", entry_id=third.id, position=1)
    assert _names(team, setup.loss_reasons) == [before[2], *before[:2], *before[3:]]
    team.store.write(undo.undo)
    assert _names(team, setup.loss_reasons) == before
    team.store.write(process.edit_entry, what="loss reason", entry_id=third.id, position=10**12)
    assert _names(team, setup.loss_reasons)[-1] == before[2]


def test_a_pipeline_takes_its_place(team: Team) -> None:
    service = team.store.write(process.create_pipeline, name="Service").id
    team.store.write(process.edit_pipeline, pipeline_id=service, position=1)
    assert _names(team, setup.pipelines) == ["Service", "Sales"]


def test_a_stage_with_deals_stays_on_its_side_of_the_sale(team: Team) -> None:
    with pytest.raises(Refused, match="Move the 1 deal"):
        team.store.write(process.edit_stage, stage_id=team.stages[0], kind="after-sale")
    team.store.write(process.edit_stage, stage_id=team.stages[0], kind="sale")
    team.store.write(process.edit_stage, stage_id=team.stages[-1], kind="after-sale")


@pytest.mark.parametrize("days", [10**12, 0, -1])
def test_an_idle_limit_is_a_number_of_days(team: Team, days: int) -> None:
    with pytest.raises(Refused):
        team.store.write(process.edit_stage, stage_id=team.stages[0], idle_days=days)


def test_nobody_leaves_before_starting(team: Team) -> None:
    today = team.store.today()
    with pytest.raises(Refused, match="before starting"):
        team.store.write(
            people.create_rep, name="J", started_on=today, left_on=today.replace(year=2000)
        )


def test_a_deal_keeps_a_product_that_is_no_longer_sold(team: Team) -> None:
    pump = _add(team, "product", "Pump", price_minor=1_000, currency="EUR")
    valve = _add(team, "product", "Valve", price_minor=500, currency="EUR")
    set_lines = deals.set_lines
    team.store.write(set_lines, deal_id=team.deal_id, lines=[deals.Line(pump)])
    for product in (pump, valve):
        team.store.write(process.delete_entry, what="product", entry_id=product)
    team.store.write(set_lines, deal_id=team.deal_id, lines=[deals.Line(pump, 3_000)])
    assert team.deal("amount_minor") == (3_000,)
    with pytest.raises(Refused, match="no such product"):
        team.store.write(
            set_lines, deal_id=team.deal_id, lines=[deals.Line(pump), deals.Line(valve)]
        )


@pytest.mark.parametrize("line", [{"quantity_milli": 10**15}, {"unit_price_minor": -1}])
def test_lines_beyond_any_money_are_refused(team: Team, line: dict[str, int]) -> None:
    pump = _add(team, "product", "Pump", price_minor=10**15, currency="EUR")
    with pytest.raises(Refused):
        team.store.write(deals.set_lines, deal_id=team.deal_id, lines=[deals.Line(pump, **line)])
    assert team.deal("amount_minor") == (100_000,)


def test_a_product_met_is_one_of_that_competitor(team: Team) -> None:
    rival, other = (_add(team, "competitor", name) for name in ("R", "Q"))
    theirs = _add(team, "competitor product", "Pro", competitor_id=rival)
    meet = sightings.record_sighting
    with pytest.raises(Refused, match="Pro is no product of Q"):
        team.store.write(
            meet, competitor_id=other, deal_id=team.deal_id, competitor_product_id=theirs
        )
    with pytest.raises(Refused, match="no such client"):
        team.store.write(meet, competitor_id=rival, client_id="nobody")
    team.store.write(meet, competitor_id=rival, deal_id=team.deal_id, competitor_product_id=theirs)


def test_a_territory_is_kept_while_a_client_lies_in_it_or_a_rep_is_at_home_there(
    team: Team,
) -> None:
    write, baltic = team.store.write, _add(team, "territory", "Baltic")
    ona = team.store.read(setup.reps)[0].id
    write(clients.edit_client, client_id=team.client_id, territory_id=baltic)
    write(people.edit_rep, rep_id=ona, territory_id=baltic)
    (row,) = team.store.read(setup.territories)
    assert (row.name, row.clients, row.reps) == ("Baltic", 1, 1)
    for edit, key in ((clients.edit_client, "client_id"), (people.edit_rep, "rep_id")):
        with pytest.raises(Refused, match="still needed by"):
            write(process.delete_entry, what="territory", entry_id=baltic)
        write(edit, **{key: team.client_id if key == "client_id" else ona}, territory_id=None)
    write(process.delete_entry, what="territory", entry_id=baltic)
    for call in (
        lambda: write(clients.create_client, name="Acme", territory_id=baltic),
        lambda: write(clients.edit_client, client_id=team.client_id, territory_id=baltic),
        lambda: write(people.create_rep, name="Jonas", territory_id=baltic),
        lambda: write(people.edit_rep, rep_id=ona, territory_id=baltic),
    ):
        with pytest.raises(Refused, match="no such territory"):
            call()


def test_undo_puts_no_client_back_into_a_territory_that_is_gone(team: Team) -> None:
    write, baltic = team.store.write, _add(team, "territory", "Baltic")
    write(clients.edit_client, client_id=team.client_id, territory_id=baltic)
    write(clients.edit_client, client_id=team.client_id, territory_id=None)
    write(undo.undo)
    assert team.store.read(setup.territories)[0].clients == 1
    write(undo.redo)
    write(process.delete_entry, what="territory", entry_id=baltic)
    write(undo.undo)
    assert [row.name for row in team.store.read(setup.territories)] == ["Baltic"]
    write(undo.undo)
    assert team.store.read(setup.territories)[0].clients == 1
