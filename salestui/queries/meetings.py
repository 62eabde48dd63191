"""The meetings that were held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from salestui.store.reader import Reader
from salestui.text import from_day, to_day


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """What was decided, by whom and until when it is to be done."""

    text: str
    owner: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class LastMeeting:
    """The meeting before: the state it looked at and what it decided."""

    held_on: date
    as_of_on: date
    decisions: tuple[DecisionLine, ...]


_LAST = """
SELECT id, held_on, as_of_on FROM meeting
WHERE deleted_at IS NULL AND as_of_on < :day
ORDER BY as_of_on DESC, id DESC LIMIT 1
"""

_DECISIONS = """
SELECT d.text, r.name, d.due_on FROM decision d LEFT JOIN rep r ON r.id = d.owner_id
WHERE d.meeting_id = :meeting_id AND d.deleted_at IS NULL ORDER BY d.position, d.id
"""


def last_meeting(reader: Reader, before: date) -> LastMeeting | None:
    """The last meeting that looked at a day before `before`."""
    row = reader.row(_LAST, day=to_day(before))
    if row is None:
        return None
    decisions = tuple(
        DecisionLine(text, owner, None if due is None else from_day(due))
        for text, owner, due in reader.rows(_DECISIONS, meeting_id=row[0])
    )
    return LastMeeting(from_day(row[1]), from_day(row[2]), decisions)
