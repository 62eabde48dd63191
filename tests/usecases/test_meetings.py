"""Meetings are kept with their decisions, and the next one begins with them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from salestui.errors import Refused
from salestui.queries.meetings import DecisionLine, last_meeting
from salestui.store.store import Store
from salestui.usecases import undo
from salestui.usecases.meetings import Decided, hold_meeting
from tests.conftest import Clock
from tests.team import make_team


def test_the_next_meeting_begins_with_what_the_last_one_decided(store: Store, clock: Clock) -> None:
    team = make_team(store)
    ona = store.read(lambda r: r.value("SELECT id FROM rep WHERE name = 'Ona'"))
    today = store.today()
    saved = store.write(
        hold_meeting,
        as_of_on=today,
        since_on=today - timedelta(days=7),
        decisions=[
            Decided("Call every stalled client", ona, today + timedelta(days=2), team.deals[0]),
            Decided("New price list"),
        ],
    )
    assert saved.summary == "Kept the meeting of 2026-03-18 with 2 decisions"
    clock.forward(days=7)
    last = store.read(last_meeting, store.today())
    assert last is not None and last.as_of_on == today
    assert last.decisions == (
        DecisionLine("Call every stalled client", "Ona", today + timedelta(days=2)),
        DecisionLine("New price list", None, None),
    )
    assert store.read(last_meeting, today) is None
    store.write(undo.undo)
    assert store.read(last_meeting, store.today()) is None


@pytest.mark.parametrize(
    ("days", "back", "text", "said"),
    [
        (1, 7, "x", "is not here yet"),
        (-1, 7, "x", "is kept on the day that it is held"),
        (0, 0, "x", "lies before its own"),
        (0, 7, "\x00 ", "says what is to be done"),
    ],
)
def test_what_makes_no_meeting_is_refused_whole(
    store: Store, days: int, back: int, text: str, said: str
) -> None:
    make_team(store)
    day = store.today() + timedelta(days=days)
    with pytest.raises(Refused, match=said):
        store.write(
            hold_meeting,
            as_of_on=day,
            since_on=day - timedelta(days=back),
            decisions=[Decided("Fine"), Decided(text)],
        )
    assert store.read(lambda r: r.value("SELECT count(*) FROM decision")) == 0
