"""The timer: kept in the store until its minutes stand in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from salestui.errors import Refused
from salestui.queries.timer import Timer, load_timer
from salestui.store.opening import open_store
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.usecases import clients, deals, undo
from salestui.usecases.timer import discard_timer, start_timer, stop_timer
from tests.conftest import Clock
from tests.usecases.conftest import Team


def _running(store: Store) -> Timer:
    timer = store.read(load_timer)
    assert timer is not None
    return timer


def _logged(team: Team) -> list[tuple[object, ...]]:
    return team.store.read(
        lambda r: r.rows(
            "SELECT a.kind, a.duration_minutes, a.client_id, a.deal_id, s.name FROM activity a"
            " JOIN rep s ON s.id = a.rep_id WHERE a.deleted_at IS NULL"
        )
    )


def test_started_on_a_deal_and_stopped_into_the_log(team: Team, clock: Clock) -> None:
    saved = team.store.write(start_timer, deal_id=team.deal_id)
    assert saved.summary == "Timer started: Cranes"
    clock.forward(minutes=11, seconds=1)
    timer = _running(team.store)
    assert timer.words(clock.now) == "12 min · Łódź Steel · Cranes"
    team.store.write(
        stop_timer,
        since=timer.since,
        kind="call",
        client_id=timer.client_id,
        deal_id=timer.deal_id,
        duration_minutes=timer.minutes(clock.now),
    )
    assert _logged(team) == [("call", 12, team.client_id, team.deal_id, "Ona")]
    assert team.store.read(load_timer) is None
    assert team.store.read(lambda r: r.rows("SELECT name FROM setting")) == []


def test_started_on_a_client(team: Team, clock: Clock) -> None:
    team.store.write(start_timer, client_id=team.client_id)
    timer = _running(team.store)
    assert (timer.client, timer.deal, timer.since) == ("Łódź Steel", None, clock.now)


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(0, 1), (60, 1), (61, 2), (12 * 3600, 720), (12 * 3600 + 1, None), (-3600, 1)],
)
def test_whole_minutes_rounded_up_unless_it_was_forgotten(
    seconds: int, minutes: int | None, clock: Clock
) -> None:
    timer = Timer(clock.now, None, "Acme", None, None)
    assert timer.minutes(clock.now + timedelta(seconds=seconds)) == minutes


def test_it_is_told_by_the_minute(clock: Clock) -> None:
    timer = Timer(clock.now, None, "Acme", None, None)
    now = clock.now + timedelta(minutes=3, seconds=12)
    later = now + timedelta(seconds=timer.seconds_left(now))
    assert timer.words(now) == "4 min · Acme"
    assert timer.words(later) == "5 min · Acme"
    assert timer.words(now + timedelta(hours=14)) == "over 12 h · Acme"
    assert timer.lasted(now + timedelta(hours=14)) == "14 h 4 min"


def test_one_at_a_time(team: Team) -> None:
    team.store.write(start_timer, deal_id=team.deal_id)
    with pytest.raises(Refused, match="A timer runs already: stop or discard it first"):
        team.store.write(start_timer, client_id=team.client_id)
    assert _running(team.store).deal == "Cranes"


def test_each_rep_has_one(team: Team, colleague: Store) -> None:
    team.store.write(start_timer, deal_id=team.deal_id)
    assert colleague.read(load_timer) is None
    colleague.write(start_timer, client_id=team.client_id)
    colleague.write(discard_timer)
    assert _running(team.store).deal == "Cranes"


def test_it_outlives_the_program(team: Team) -> None:
    team.store.write(start_timer, deal_id=team.deal_id)
    place = team.store.location
    again = open_store(place.url if place.path is None else str(place.path), me="Ona")
    assert _running(again) == _running(team.store)
    again.close()


def test_it_is_no_history(team: Team) -> None:
    """Nothing in the audit trail, nothing to undo: an undo takes the last change to the data back."""
    count = "SELECT count(*) FROM audit_entry"
    before = team.store.read(lambda r: r.value(count))
    team.store.write(start_timer, deal_id=team.deal_id)
    assert team.store.read(lambda r: r.value(count)) == before
    assert "Cranes" in team.store.write(undo.undo).summary
    assert team.store.read(load_timer) is not None


def test_what_was_logged_is_undone_as_any_activity(team: Team) -> None:
    team.store.write(start_timer, deal_id=team.deal_id)
    since = _running(team.store).since
    team.store.write(stop_timer, since=since, kind="call", deal_id=team.deal_id)
    assert team.store.write(undo.undo).summary == "Undone: Logged call: Łódź Steel"
    assert _logged(team) == []


def test_what_is_refused_leaves_it_running(team: Team) -> None:
    team.store.write(start_timer, deal_id=team.deal_id)
    since = _running(team.store).since
    with pytest.raises(Refused, match="is no kind of activity"):
        team.store.write(stop_timer, since=since, kind="dance", deal_id=team.deal_id)
    assert _running(team.store).since == since


def test_the_same_minutes_are_not_logged_twice(team: Team, clock: Clock) -> None:
    team.store.write(start_timer, deal_id=team.deal_id)
    since = _running(team.store).since
    team.store.write(stop_timer, since=since, kind="call", deal_id=team.deal_id)
    clock.forward(minutes=1)
    team.store.write(start_timer, deal_id=team.deal_id)
    with pytest.raises(Refused, match="stopped or discarded elsewhere"):
        team.store.write(stop_timer, since=since, kind="call", deal_id=team.deal_id)
    assert len(_logged(team)) == 1


def test_discarded_nothing_is_logged(team: Team) -> None:
    team.store.write(start_timer, deal_id=team.deal_id)
    team.store.write(discard_timer)
    assert team.store.read(load_timer) is None
    assert _logged(team) == []
    with pytest.raises(Refused, match="No timer runs"):
        team.store.write(discard_timer)


def test_what_it_runs_on_may_be_renamed_and_deleted(team: Team) -> None:
    bare = team.store.write(clients.create_client, name="Acme")
    team.store.write(start_timer, client_id=bare.id)
    team.store.write(clients.edit_client, client_id=bare.id, name="Acme & Sons")
    assert _running(team.store).about == "Acme & Sons"
    team.store.write(clients.delete_client, client_id=bare.id)
    timer = _running(team.store)
    assert (timer.client_id, timer.deal_id, timer.about) == (None, None, "Acme & Sons")


def test_a_deal_of_no_client_has_one_too(team: Team) -> None:
    deal = team.store.write(deals.create_deal, title="Hoists")
    team.store.write(start_timer, deal_id=deal.id)
    timer = _running(team.store)
    assert (timer.client_id, timer.deal_id, timer.about) == (None, deal.id, "Hoists")


def test_it_needs_something_to_run_on_and_a_rep(team: Team, store: Store) -> None:
    with pytest.raises(Refused, match="There is no such client"):
        team.store.write(start_timer)
    place = store.location
    nobody = open_store(place.url if place.path is None else str(place.path), me="Nobody")
    assert nobody.read(load_timer) is None
    with pytest.raises(Refused, match="name yourself with --me"):
        nobody.write(start_timer, deal_id=team.deal_id)
    nobody.close()


def test_it_is_read_in_one_statement(team: Team) -> None:
    team.store.write(start_timer, deal_id=team.deal_id)
    counts: list[int] = []
    team.store.read(lambda r: (load_timer(r), counts.append(r.statements)))
    assert counts == [1]


def test_one_that_nobody_can_read_is_none_and_can_be_discarded(team: Team) -> None:
    team.store.write(start_timer, deal_id=team.deal_id)
    for value in ("soon", "9" * 40):
        team.store.write(_spoil, value=value)
        assert team.store.read(load_timer) is None
    team.store.write(discard_timer)
    team.store.write(start_timer, deal_id=team.deal_id)
    assert _running(team.store).deal == "Cranes"


def _spoil(unit: Unit, *, value: str) -> None:
    spoil = text("UPDATE setting SET value = :value WHERE name NOT LIKE '%.on'")
    unit.session.execute(spoil, {"value": value})
