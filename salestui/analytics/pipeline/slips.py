"""How often and how far the expected close of each deal was pushed out, and what became of deals due."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from salestui.analytics.events import (
    LOST,
    OPEN,
    POSTPONED,
    UNDATED,
    WON,
    Events,
    Flags,
    Ints,
    Known,
)
from salestui.store.reader import Reader

FATES = ("won", "lost", "postponed", "moved", "overdue", "not_due", "deleted")
"""What a deal that was due has become: exactly one of these."""


@dataclass(frozen=True, slots=True)
class Dates:
    """For every deal of the store, as known on a day: its first and last expected close, and pushes.

    `first` and `last` are `UNDATED` where there was none. A push is a change to a later day.
    """

    first: Ints
    last: Ints
    pushes: Ints

    @property
    def slip(self) -> Ints:
        """Days from the first to the last expected close; less than 0 where it was pulled in."""
        slipped: Ints = np.where(self.first == UNDATED, 0, self.last - self.first)
        return slipped


def titles(reader: Reader, deal_ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Number and title of each of these deals."""
    sql = f"SELECT id, number, title FROM deal WHERE id IN ({reader.listed('ids')})"  # noqa: S608
    rows = reader.rows(sql, ids=json.dumps(list(deal_ids)))
    return {deal_id: (number, title) for deal_id, number, title in rows}


def dates_on(events: Events, day: int) -> Dates:
    """The expected closes of all deals as known at the end of `day`."""
    stands = (events.recorded <= day) & (events.day <= day) & (events.voided > day)
    place = np.flatnonzero(stands & (events.expected != UNDATED))
    deal, expected = events.deal[place], events.expected[place]
    count = len(events.names.deals)
    first, last = np.full(count, UNDATED, np.int64), np.full(count, UNDATED, np.int64)
    first[deal[::-1]] = expected[::-1]
    last[deal] = expected
    is_push = (deal[1:] == deal[:-1]) & (expected[1:] > expected[:-1])
    pushes: Ints = np.bincount(deal[1:][is_push], minlength=count).astype(np.int64)
    return Dates(first, last, pushes)


def due(known: Known, first: int, last: int) -> Flags:
    """Which open deals were expected to close from `first` to `last`."""
    chosen: Flags = known.is_open & (known.expected >= first) & (known.expected <= last)
    return chosen


def became(due_ones: Known, after: Known, last: int) -> Ints:
    """The place in `FATES` of each deal that was due by `last`, as known at the end of `after.day`.

    Moved: its expected close lies after `last`, or was taken away. Overdue: it lies on `after.day` or
    before. Not due: between the two, while the period is not over.
    """
    count = len(after.names.deals)
    outcome, expected = np.full(count, -1, np.int64), np.full(count, UNDATED, np.int64)
    outcome[after.deal], expected[after.deal] = after.outcome, after.expected
    outcome, expected = outcome[due_ones.deal], expected[due_ones.deal]
    is_moved = (expected > last) | (expected == UNDATED)
    fate: Ints = np.select(
        [
            outcome == WON,
            outcome == LOST,
            outcome == POSTPONED,
            (outcome == OPEN) & is_moved,
            (outcome == OPEN) & (expected <= after.day),
            outcome == OPEN,
        ],
        range(6),
        6,
    )
    return fate
