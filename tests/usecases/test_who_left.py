"""Nothing new is given to a rep who left; what they did before stays theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from salestui.errors import Refused
from salestui.usecases import activities, clients, deals, meetings, outcomes, people
from tests.conftest import NOON, Clock
from tests.usecases.conftest import Team

TODAY = NOON.date()
LAST = TODAY - timedelta(days=3)


@pytest.fixture
def jonas(team: Team) -> str:
    """Owns the deal and left three days ago."""
    key = team.store.write(people.create_rep, name="Jonas").id
    team.store.write(deals.assign_deal, deal_id=team.deal_id, to_rep_id=key)
    team.store.write(people.edit_rep, rep_id=key, left_on=LAST)
    return key


@pytest.mark.parametrize(
    ("use_case", "given", "to"),
    [
        (deals.create_deal, {"title": "Silo"}, "owner_id"),
        (deals.assign_deal, {"deal_id": "deal"}, "to_rep_id"),
        (clients.create_client, {"name": "Acme"}, "owner_id"),
        (clients.edit_client, {"client_id": "client"}, "owner_id"),
        (clients.assign_client, {"client_id": "client"}, "to_rep_id"),
        (clients.set_assistants, {"client_id": "client"}, "rep_ids"),
        (activities.plan_task, {"subject": "Ring", "due_on": TODAY}, "rep_id"),
    ],
)
def test_nothing_is_given_to_who_left(
    team: Team, jonas: str, use_case: Callable[..., Any], given: dict[str, Any], to: str
) -> None:
    keys = {"deal": team.deal_id, "client": team.client_id}
    wanted = {name: keys.get(value, value) for name, value in given.items()}
    with pytest.raises(Refused, match=f"Jonas left on {LAST}: choose someone else"):
        team.store.write(use_case, **wanted, **{to: [jonas] if to == "rep_ids" else jonas})


def test_no_decision_is_theirs(team: Team, jonas: str) -> None:
    decisions = [meetings.Decided("Ring them all", owner_id=jonas)]
    with pytest.raises(Refused, match="Jonas left"):
        team.store.write(meetings.hold_meeting, as_of_on=TODAY, decisions=decisions)


def test_what_is_theirs_can_be_changed(team: Team, jonas: str) -> None:
    team.store.write(deals.edit_deal, deal_id=team.deal_id, owner_id=jonas, notes="Ask Ona")
    assert team.deal("notes") == ("Ask Ona",)


def test_what_they_did_before_is_logged_on_its_day(team: Team, jonas: str) -> None:
    log = {"kind": "visit", "deal_id": team.deal_id, "rep_id": jonas}
    with pytest.raises(Refused, match="it was done before, or by someone else"):
        team.store.write(activities.log_activity, **log)
    step = activities.NextStep("Ring", TODAY + timedelta(days=1))
    team.store.write(activities.log_activity, **log, done_on=LAST, next_step=step)
    reps = team.store.read(
        lambda r: r.rows(
            "SELECT a.state, r.name FROM activity a JOIN rep r ON r.id = a.rep_id ORDER BY a.state"
        )
    )
    assert [tuple(row) for row in reps] == [("done", "Jonas"), ("planned", "Ona")]


def test_what_comes_next_is_for_who_is_here(team: Team, jonas: str, clock: Clock) -> None:
    until = TODAY + timedelta(days=7)
    team.store.write(outcomes.postpone_deal, deal_id=team.deal_id, until_on=until)
    task = team.store.read(lambda r: r.row("SELECT id, rep_id FROM activity"))
    assert task is not None
    assert task[1] != jonas
    clock.forward(days=7)
    team.store.write(activities.complete_task, activity_id=task[0])
    assert team.store.read(lambda r: r.value("SELECT rep_id FROM activity")) == task[1]
