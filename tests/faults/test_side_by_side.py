"""What two people do at the same moment is as if they had done it one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from salestui.interchange.importing import Options, import_files
from salestui.queries.timer import load_timer
from salestui.store.checking import derived_problems
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.usecases import (
    activities,
    clients,
    deals,
    outcomes,
    people,
    process,
    quotas,
    start,
    timer,
    undo,
)
from tests.conftest import Clock
from tests.faults.side_by_side import Act, Pause, side_by_side
from tests.team import Team, make_team

pytestmark = pytest.mark.parametrize("where", ["postgresql"], indirect=True)

pauses = pytest.mark.parametrize("pause", Pause, ids=lambda pause: pause.name.lower())


@dataclass(frozen=True)
class Two:
    """Ona and Jonas in one store, and what is in it."""

    ona: Store
    jonas: Store
    team: Team

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.ona.read(lambda r: r.rows(sql))


@pytest.fixture
def two(where: str, open_at: Callable[..., Store]) -> Two:
    ona = open_at(where)
    team = make_team(ona)
    return Two(ona, open_at(where, me="Jonas"), team)


def _act(use_case: Callable[..., Any], **arguments: Any) -> Act:
    def act(unit: Unit) -> Any:
        return use_case(unit, **arguments)

    return act


def _stage(team: Team, name: str, pipeline: str) -> str:
    key = next(each.id for each in team.lists.pipelines if each.name == pipeline)
    return next(each.id for each in team.lists.stages_of(key) if each.name == name)


def _client_and_deal(team: Team) -> tuple[Act, Act]:
    kova = team.clients[2]
    return _act(clients.delete_client, client_id=kova), _act(deals.create_deal, client_id=kova)


def _client_and_edit(team: Team) -> tuple[Act, Act]:
    kova = team.clients[2]
    edit = _act(deals.edit_deal, deal_id=team.deals[0], client_id=kova)
    return _act(clients.delete_client, client_id=kova), edit


def _client_and_parent(team: Team) -> tuple[Act, Act]:
    kova = team.clients[2]
    edit = _act(clients.edit_client, client_id=team.clients[0], parent_id=kova)
    return _act(clients.delete_client, client_id=kova), edit


def _contact_and_deal(team: Team) -> tuple[Act, Act]:
    clerk = team.contacts[1]
    edit = _act(deals.edit_deal, deal_id=team.deals[0], contact_id=clerk)
    return _act(clients.delete_contact, contact_id=clerk), edit


def _deal_and_activity(team: Team) -> tuple[Act, Act]:
    hoses = team.deals[2]
    log = _act(activities.log_activity, kind="call", deal_id=hoses)
    return _act(deals.delete_deal, deal_id=hoses), log


def _stage_and_move(team: Team) -> tuple[Act, Act]:
    stage = team.stage("Negotiation")
    team.store.write(deals.delete_deal, deal_id=team.deals[3])
    move = _act(deals.move_deal, deal_id=team.deals[0], to_stage_id=stage)
    return _act(process.delete_stage, stage_id=stage), move


def _stage_and_win(team: Team) -> tuple[Act, Act]:
    first = _stage(team, "Delivery", "Service")
    sold = next(s for s in team.lists.stages if s.group == _pipeline(team, "Service"))
    made = team.store.write(deals.create_deal, title="Silo", stage_id=sold.id)
    return _act(process.delete_stage, stage_id=first), _act(outcomes.win_deal, deal_id=made.id)


def _pipeline(team: Team, name: str) -> str:
    return next(each.id for each in team.lists.pipelines if each.name == name)


def _pipeline_and_deal(team: Team) -> tuple[Act, Act]:
    key = _pipeline(team, "Service")
    create = _act(deals.create_deal, title="Silo", pipeline_id=key)
    return _act(process.delete_pipeline, pipeline_id=key), create


def _pipeline_and_stage(team: Team) -> tuple[Act, Act]:
    key = _pipeline(team, "Service")
    add = _act(process.add_stage, pipeline_id=key, name="Trial")
    return _act(process.delete_pipeline, pipeline_id=key), add


def _pipeline_and_move(team: Team) -> tuple[Act, Act]:
    key = _pipeline(team, "Service")
    stage = team.lists.stages_of(key)[1].id
    move = _act(deals.move_deal, deal_id=team.deals[0], to_stage_id=stage)
    return _act(process.delete_pipeline, pipeline_id=key), move


def _made_client_and_deal(team: Team) -> tuple[Act, Act]:
    zeta = team.store.write(clients.create_client, name="Zeta")
    return _act(undo.undo), _act(deals.create_deal, client_id=zeta.id)


def _team_and_rep(team: Team) -> tuple[Act, Act]:
    north = team.store.write(people.create_team, name="North")
    edit = _act(people.edit_rep, rep_id=team.rep("Jonas"), team_id=north.id)
    return _act(people.delete_team, team_id=north.id), edit


def _territory_and_client(team: Team) -> tuple[Act, Act]:
    baltic = team.store.write(process.add_entry, what="territory", name="Baltic").id
    edit = _act(clients.edit_client, client_id=team.clients[0], territory_id=baltic)
    return _act(process.delete_entry, what="territory", entry_id=baltic), edit


_ORPHANS = (
    "SELECT 1 FROM deal d JOIN client c ON c.id = d.client_id"
    " WHERE d.deleted_at IS NULL AND c.deleted_at IS NOT NULL",
    "SELECT 1 FROM client d JOIN client c ON c.id = d.parent_id"
    " WHERE d.deleted_at IS NULL AND c.deleted_at IS NOT NULL",
    "SELECT 1 FROM deal d JOIN contact c ON c.id = d.contact_id"
    " WHERE d.deleted_at IS NULL AND c.deleted_at IS NOT NULL",
    "SELECT 1 FROM deal d JOIN stage s ON s.id = d.stage_id"
    " WHERE d.deleted_at IS NULL AND s.deleted_at IS NOT NULL",
    "SELECT 1 FROM stage s JOIN pipeline p ON p.id = s.pipeline_id"
    " WHERE s.deleted_at IS NULL AND p.deleted_at IS NOT NULL",
    "SELECT 1 FROM activity a JOIN deal d ON d.id = a.deal_id"
    " WHERE a.deleted_at IS NULL AND d.deleted_at IS NOT NULL",
    "SELECT 1 FROM rep r JOIN team t ON t.id = r.team_id"
    " WHERE r.deleted_at IS NULL AND t.deleted_at IS NOT NULL",
    "SELECT 1 FROM client c JOIN territory t ON t.id = c.territory_id"
    " WHERE c.deleted_at IS NULL AND t.deleted_at IS NOT NULL",
)


@pauses
@pytest.mark.parametrize("is_deleted_first", [True, False], ids=["delete-first", "use-first"])
@pytest.mark.parametrize(
    "acts",
    [
        _client_and_deal,
        _client_and_edit,
        _client_and_parent,
        _contact_and_deal,
        _deal_and_activity,
        _stage_and_move,
        _stage_and_win,
        _pipeline_and_deal,
        _pipeline_and_stage,
        _pipeline_and_move,
        _made_client_and_deal,
        _team_and_rep,
        _territory_and_client,
    ],
)
def test_nothing_is_used_that_somebody_deletes_at_that_moment(
    two: Two, acts: Callable[[Team], tuple[Act, Act]], is_deleted_first: bool, pause: Pause
) -> None:
    delete, use = acts(two.team)
    pair = (two.ona, delete), (two.jonas, use)
    first, (store, act) = pair if is_deleted_first else pair[::-1]
    told = side_by_side(first, partial(store.write, act), pause)
    assert [sql for sql in _ORPHANS if two.rows(sql)] == []
    assert "saved" in told
    assert derived_problems(two.ona) == []


_MAPPING = """
entity = "deal"
source = "old"
external_id = ["title"]
[columns]
title = "title"
client = "client"
stage = "stage"
"""


def _file(store: Store, folder: Path, client: str, stage: str) -> Callable[[], Any]:
    """The import of a file with one deal."""
    mapping, file = folder / "map.toml", folder / "deals.csv"
    mapping.write_text(_MAPPING, encoding="utf-8")
    file.write_text(f"title,client,stage\nTanks,{client},{stage}\n", encoding="utf-8")
    return partial(import_files, store, (file,), Options(profile=mapping))


@pauses
def test_a_file_brings_no_deals_to_a_client_that_is_deleted_at_that_moment(
    two: Two, tmp_path: Path, pause: Pause
) -> None:
    delete = _act(clients.delete_client, client_id=two.team.clients[2])
    bring = _file(two.jonas, tmp_path, "ТОВ Коваленко", "Offer")
    told = side_by_side((two.ona, delete), bring, pause)
    assert "has been deleted" in told[1]
    assert [sql for sql in _ORPHANS if two.rows(sql)] == []


def _rename(team: Team) -> Act:
    return _act(people.edit_rep, rep_id=team.rep("Jonas"), name="Rasa")


@pauses
@pytest.mark.parametrize(
    ("table", "acts"),
    [
        ("rep", lambda team: (_act(people.create_rep, name="Rasa"), _rename(team))),
        ("team", lambda _: (_act(people.create_team, name="Rasa"),) * 2),
        ("pipeline", lambda _: (_act(process.create_pipeline, name="Rasa"),) * 2),
        ("competitor", lambda _: (_act(process.add_entry, what="competitor", name="Rasa"),) * 2),
        (
            "stage",
            lambda team: (
                _act(process.add_stage, pipeline_id=_pipeline(team, "Sales"), name="Rasa"),
                _act(process.edit_stage, stage_id=team.stage("Offer"), name="rasa"),
            ),
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_name_is_given_once(
    two: Two, table: str, acts: Callable[[Team], tuple[Act, Act]], pause: Pause
) -> None:
    first, second = acts(two.team)
    told = side_by_side((two.ona, first), partial(two.jonas.write, second), pause)
    assert told[0] == "saved"
    assert "already" in told[1]
    named = f"SELECT name FROM {table} WHERE deleted_at IS NULL AND lower(name) = 'rasa'"
    assert two.rows(named) == [("Rasa",)]


@pauses
def test_two_contacts_do_not_report_to_each_other(two: Two, pause: Pause) -> None:
    boss, clerk = two.team.contacts
    two.ona.write(clients.edit_contact, contact_id=clerk, reports_to_id=None)
    up, down = (
        _act(clients.edit_contact, contact_id=one, reports_to_id=other)
        for one, other in ((boss, clerk), (clerk, boss))
    )
    told = side_by_side((two.ona, up), partial(two.jonas.write, down), pause)
    assert told[0] == "saved"
    assert "not even in a circle" in told[1]


@pauses
def test_a_rep_helps_with_a_client_once(two: Two, pause: Pause) -> None:
    jonas = two.team.rep("Jonas")
    act = _act(clients.set_assistants, client_id=two.team.clients[0], rep_ids=[jonas])
    side_by_side((two.ona, act), partial(two.jonas.write, act), pause)
    assert two.rows("SELECT count(*) FROM client_assistant") == [(1,)]


@pauses
def test_a_period_has_one_quota(two: Two, pause: Pause) -> None:
    def quota(amount: int) -> Act:
        days = {"first_on": date(2026, 1, 1), "last_on": date(2026, 3, 31)}
        jonas = two.team.rep("Jonas")
        return _act(
            quotas.set_quota, rep_id=jonas, amount_minor=amount, currency_code="EUR", **days
        )

    side_by_side((two.ona, quota(1)), partial(two.jonas.write, quota(2)), pause)
    assert two.rows("SELECT amount_minor FROM quota WHERE deleted_at IS NULL") == [(2,)]


@pauses
def test_two_who_start_a_team_start_one(
    where: str, open_at: Callable[..., Store], pause: Pause
) -> None:
    ona, other = open_at(where), open_at(where)
    act = _act(start.start_team, rep_name="Ona")
    assert side_by_side((ona, act), partial(other.write, act), pause) == ("saved", "saved")
    for table in ("rep", "pipeline"):
        assert ona.read(lambda r, t=table: r.value(f"SELECT count(*) FROM {t}")) == 1
    names = "SELECT count(*) - count(DISTINCT name) FROM loss_reason"
    assert ona.read(lambda r: r.value(names)) == 0


def _swap(team: Team) -> Act:
    return _act(process.edit_stage, stage_id=team.stage("Offer"), position=1)


def _undo_swap(team: Team) -> Act:
    team.store.write(_swap(team))
    return _act(undo.undo)


@pauses
@pytest.mark.parametrize("is_swapped_first", [True, False], ids=["swap-first", "deal-first"])
@pytest.mark.parametrize("swap", [_swap, _undo_swap])
@pytest.mark.parametrize("is_new", [True, False], ids=["new", "moved"])
def test_a_deal_knows_the_order_of_stages_that_are_moved_at_that_moment(
    two: Two, swap: Callable[[Team], Act], is_new: bool, is_swapped_first: bool, pause: Pause
) -> None:
    enquiry = two.team.stage("Enquiry")
    deal = (
        _act(deals.create_deal, title="Tanks", stage_id=enquiry)
        if is_new
        else _act(deals.move_deal, deal_id=two.team.deals[3], to_stage_id=enquiry)
    )
    pair = (two.ona, swap(two.team)), (two.jonas, deal)
    first, (store, act) = pair if is_swapped_first else pair[::-1]
    assert side_by_side(first, partial(store.write, act), pause) == ("saved", "saved")
    assert derived_problems(two.ona) == []


@pauses
def test_deals_of_a_file_know_the_order_of_stages_that_are_moved_at_that_moment(
    two: Two, tmp_path: Path, pause: Pause
) -> None:
    swap = _undo_swap(two.team)
    bring = _file(two.jonas, tmp_path, "Acme", "Enquiry")
    assert side_by_side((two.ona, swap), bring, pause) == ("saved", "saved")
    assert derived_problems(two.ona) == []


@pauses
@pytest.mark.parametrize("is_won_first", [True, False], ids=["win-first", "deal-first"])
def test_a_deal_knows_of_a_win_of_its_client_that_is_told_at_that_moment(
    two: Two, clock: Clock, is_won_first: bool, pause: Pause
) -> None:
    clock.forward(days=2)
    day = two.ona.today() - timedelta(days=1)
    win = _act(outcomes.win_deal, deal_id=two.team.deals[0], closed_on=day)
    deal = _act(deals.create_deal, title="Tanks", client_id=two.team.clients[0])
    pair = (two.ona, win), (two.jonas, deal)
    first, (store, act) = pair if is_won_first else pair[::-1]
    assert side_by_side(first, partial(store.write, act), pause) == ("saved", "saved")
    assert derived_problems(two.ona) == []
    assert two.rows("SELECT buyer FROM deal WHERE title = 'Tanks'") == [("existing",)]


@pauses
def test_two_programs_of_one_rep_start_one_timer_and_log_it_once(
    two: Two, where: str, open_at: Callable[..., Store], pause: Pause
) -> None:
    other = open_at(where)
    start_one = _act(timer.start_timer, deal_id=two.team.deals[0])
    told = side_by_side((two.ona, start_one), partial(other.write, start_one), pause)
    assert told == ("saved", "A timer runs already: stop or discard it first.")
    running = two.ona.read(load_timer)
    assert running is not None
    stop = _act(timer.stop_timer, since=running.since, kind="call", subject="Timed")
    told = side_by_side((two.ona, stop), partial(other.write, stop), pause)
    assert told == ("saved", "This timer was stopped or discarded elsewhere meanwhile.")
    assert two.rows("SELECT count(*) FROM activity WHERE subject = 'Timed'") == [(1,)]
    assert two.rows("SELECT name FROM setting") == []
