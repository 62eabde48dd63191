"""Sales meetings: what was looked at and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from salestui.errors import Refused
from salestui.models.deals import Deal
from salestui.models.people import Team
from salestui.models.plans import Decision, Meeting
from salestui.models.process import Pipeline
from salestui.store.unit import Unit
from salestui.text import clean, so_many
from salestui.usecases.facts import Saved
from salestui.usecases.people import working


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: what, and if it was said by whom, until when, about which deal."""

    text: str
    owner_id: str | None = None
    due_on: date | None = None
    deal_id: str | None = None


def hold_meeting(
    unit: Unit,
    *,
    as_of_on: date,
    since_on: date | None = None,
    pipeline_id: str | None = None,
    team_id: str | None = None,
    decisions: Sequence[Decided] = (),
    notes: str = "",
) -> Saved:
    """Keep a meeting with its decisions. It looked at the state of `as_of_on`, since `since_on`.

    That is today: one that is kept is where the next begins, which an old one shown again must not move.
    """
    if as_of_on > unit.today:
        raise Refused(f"{as_of_on.isoformat()} is not here yet: a meeting looks at what was.")
    if as_of_on < unit.today:
        raise Refused(
            f"{as_of_on.isoformat()} is an earlier day: a meeting is kept on the day that it is held."
        )
    if since_on is not None and since_on >= as_of_on:
        raise Refused("A meeting looks back: the day it compares with lies before its own.")
    if pipeline_id is not None:
        unit.get(Pipeline, pipeline_id, "pipeline")
    if team_id is not None:
        unit.get(Team, team_id, "team")
    meeting = unit.add(
        Meeting(
            held_on=unit.today,
            as_of_on=as_of_on,
            since_on=since_on,
            pipeline_id=pipeline_id,
            team_id=team_id,
            notes=clean(notes, lines=True),
        )
    )
    for position, decided in enumerate(decisions):
        _decide(unit, meeting.id, position, decided)
    count = so_many(len(decisions), "decision")
    return Saved(meeting.id, f"Kept the meeting of {unit.today.isoformat()} with {count}")


def _decide(unit: Unit, meeting_id: str, position: int, decided: Decided) -> None:
    text = clean(decided.text)
    if not text:
        raise Refused("A decision says what is to be done.")
    if decided.owner_id is not None:
        working(unit, decided.owner_id)
    if decided.deal_id is not None:
        unit.get(Deal, decided.deal_id, "deal")
    unit.add(
        Decision(
            meeting_id=meeting_id,
            position=position,
            text=text,
            owner_id=decided.owner_id,
            due_on=decided.due_on,
            deal_id=decided.deal_id,
        )
    )
