"""Logging what was done and planning what comes next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from salestui.errors import Refused
from salestui.usecases import activities, clients, deals
from tests.conftest import NOON, Clock
from tests.usecases.conftest import Team

TODAY = NOON.date()


def test_a_call_is_logged_with_its_next_step(team: Team) -> None:
    ona = team.store.write(
        clients.create_contact,
        client_id=team.client_id,
        name="Jan Kowalski",
        decision_role="decision maker",
    )
    team.store.write(
        activities.log_activity,
        kind="call",
        direction="in",
        deal_id=team.deal_id,
        contact_ids=[ona.id],
        duration_minutes=15,
        outcome="wants a quote",
        next_step=activities.NextStep("Send quote", TODAY + timedelta(days=2), kind="e-mail"),
    )
    task = team.store.read(
        lambda r: r.row(
            "SELECT a.subject, a.due_on, d.last_activity_on FROM deal d"
            " JOIN activity a ON a.id = d.next_task_id"
        )
    )
    day = (TODAY - date(1970, 1, 1)).days
    assert task == ("Send quote", day + 2, day)


def test_the_role_met_is_the_role_of_that_time(team: Team) -> None:
    jan = team.store.write(
        clients.create_contact, client_id=team.client_id, name="Jan", decision_role="user"
    )
    team.store.write(
        activities.log_activity, kind="visit", client_id=team.client_id, contact_ids=[jan.id]
    )
    team.store.write(clients.edit_contact, contact_id=jan.id, decision_role="decision maker")
    assert (
        team.store.read(lambda r: r.value("SELECT decision_role FROM activity_contact")) == "user"
    )


def test_the_stage_of_that_time_is_kept(team: Team) -> None:
    team.store.write(activities.log_activity, kind="call", deal_id=team.deal_id)
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[3])
    assert team.store.read(lambda r: r.value("SELECT stage_id FROM activity")) == team.stages[0]


def test_a_done_task_makes_way_for_the_next(team: Team, clock: Clock) -> None:
    first = team.store.write(
        activities.plan_task, subject="Call", due_on=TODAY, deal_id=team.deal_id
    )
    clock.forward(days=1)
    team.store.write(
        activities.complete_task,
        activity_id=first.id,
        next_step=activities.NextStep("Visit", TODAY + timedelta(days=7), kind="visit"),
    )
    rows = team.store.read(lambda r: r.rows("SELECT kind, state, on_day FROM activity ORDER BY id"))
    day = (TODAY - date(1970, 1, 1)).days
    assert rows == [("call", "done", day + 1), ("visit", "planned", day + 7)]
    assert team.deal("next_due_on") == (day + 7,)


def _documents(team: Team) -> list[tuple[str, ...]]:
    return team.store.read(
        lambda r: [
            tuple(row)
            for row in r.rows(
                "SELECT direction, name, link FROM activity_document WHERE deleted_at IS NULL"
                " ORDER BY name, direction"
            )
        ]
    )


def test_documents_come_and_go_afterwards(team: Team) -> None:
    paper = activities.Document
    call = team.store.write(
        activities.log_activity, kind="call", client_id=team.client_id,
        documents=[paper("Prices.pdf", link="/srv/prices.pdf"), paper("RFQ.pdf", "in")],
    ).id  # fmt: skip

    def change(*wanted: activities.Document) -> None:
        team.store.write(activities.edit_activity, activity_id=call, documents=wanted)

    change(paper("Prices.pdf"), paper("RFQ.pdf"))
    assert _documents(team) == [("out", "Prices.pdf", "/srv/prices.pdf"), ("out", "RFQ.pdf", "")]
    team.store.write(activities.edit_activity, activity_id=call, subject="Prices")
    assert len(_documents(team)) == 2
    with pytest.raises(Refused, match="no name"):
        change(paper(" "))
    change()
    assert _documents(team) == []


def test_a_day_ahead_is_planned_not_logged(team: Team) -> None:
    with pytest.raises(Refused, match="plan it"):
        team.store.write(
            activities.log_activity,
            kind="call",
            client_id=team.client_id,
            done_on=TODAY + timedelta(days=1),
        )


def test_an_unknown_kind_is_refused_with_those_there_are(team: Team) -> None:
    with pytest.raises(Refused, match=r"use call, demonstration"):
        team.store.write(activities.log_activity, kind="fax", client_id=team.client_id)
