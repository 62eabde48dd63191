"""What a person types for one row, on both engines."""

from __future__ import annotations

import re

import pytest

from salestui.errors import Refused
from salestui.models.process import Product
from salestui.queries import names
from salestui.store.unit import Unit
from salestui.usecases.activities import complete_task, plan_task
from salestui.usecases.clients import create_branch, create_contact
from tests.team import Team


def test_a_branch_by_the_beginning_of_its_name(team: Team) -> None:
    acme = team.clients[0]
    branch = team.store.write(create_branch, client_id=acme, name="Klaipėda")
    found = team.store.read(names.find_branch, acme, "klaipeda")
    assert (found.id, found.name) == (branch.id, "Klaipėda")
    with pytest.raises(Refused, match="no branch of this client 'Kaunas'"):
        team.store.read(names.find_branch, acme, "Kaunas")
    with pytest.raises(Refused, match="no branch"):
        team.store.read(names.find_branch, team.clients[1], "klaipeda")


def _keys(said: str) -> list[str]:
    return re.findall(r"key (\w+)", said)


def test_of_two_branches_of_one_name_each_can_be_named(team: Team) -> None:
    acme, add = team.clients[0], create_branch
    twins = {team.store.write(add, client_id=acme, name="Depot", city="Vilnius").id for _ in "ab"}
    with pytest.raises(Refused, match="'Depot' .Vilnius, key .*Type its key") as refused:
        team.store.read(names.find_branch, acme, "dep")
    found = {team.store.read(names.find_branch, acme, key).id for key in _keys(str(refused.value))}
    assert found == twins


def test_of_two_contacts_who_share_a_phone_each_can_be_named(team: Team) -> None:
    acme, phone = team.clients[0], {"phone": ["+370 5 1"]}
    for name in ("Ina", "Rita", "Ina"):
        team.store.write(create_contact, client_id=acme, name=name, media=phone)
    for typed in ("ina", "+370 5 1"):
        with pytest.raises(Refused, match="key .* or a phone number") as refused:
            team.store.read(names.find_contact, acme, typed)
        for key in _keys(str(refused.value)):
            assert team.store.read(names.find_contact, acme, key).id.endswith(key)


def test_of_two_products_of_one_name_from_two_offices_each_can_be_named(team: Team) -> None:
    def add_twin(unit: Unit) -> None:
        unit.add(Product(name="Pump", currency="EUR"))

    team.store.write(add_twin)
    with pytest.raises(Refused, match="Type its key") as refused:
        team.store.read(names.find, "product", "pump")
    first, second = _keys(str(refused.value))
    found = [team.store.read(names.find, "product", key).id for key in (first, second)]
    assert len(set(found)) == 2


def test_a_name_counts_before_a_key(team: Team) -> None:
    acme = team.clients[0]
    branch = team.store.write(create_branch, client_id=acme, name="Depot").id
    called = team.store.write(create_branch, client_id=acme, name=branch[-names.SHORT_KEY :]).id
    assert team.store.read(names.find_branch, acme, branch[-names.SHORT_KEY :]).id == called
    assert team.store.read(names.find_branch, acme, branch).id == branch


def test_a_task_by_the_end_of_its_key(team: Team) -> None:
    task = team.store.write(plan_task, subject="Ring", due_on=team.today)
    key = task.id[-names.SHORT_KEY :]
    assert team.store.read(names.find_task, key.upper()).id == task.id
    assert team.store.read(names.find_task, task.id).id == task.id
    team.store.write(complete_task, activity_id=task.id)
    with pytest.raises(Refused, match="no task"):
        team.store.read(names.find_task, key)
    assert team.store.read(names.find_activity, key).id == task.id


@pytest.mark.parametrize("typed", ["", "1", "%", "_" * names.SHORT_KEY, "' OR '1'='1"])
def test_no_key_leads_nowhere(team: Team, typed: str) -> None:
    for finding in (names.find_task, names.find_activity):
        with pytest.raises(Refused, match="show"):
            team.store.read(finding, typed)
