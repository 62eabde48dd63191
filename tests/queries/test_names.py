"""What a person types for one row, on both engines."""

from __future__ import annotations

import pytest

from salestui.errors import Refused
from salestui.queries import names
from salestui.usecases.activities import complete_task, plan_task
from salestui.usecases.clients import create_branch
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
