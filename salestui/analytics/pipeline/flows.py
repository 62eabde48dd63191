"""What became of the open deals between two days: every deal that came or went is told once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from salestui.analytics.events import (
    LOST,
    OPEN,
    POSTPONED,
    UNDATED,
    WON,
    Codes,
    Flags,
    Ints,
    Known,
)

STEPS = (
    "before", "created", "reopened", "moved_in", "pulled_in", "slipped_in", "up", "down", "won",
    "lost", "postponed", "slipped", "pulled_out", "moved_out", "deleted", "after",
)  # fmt: skip
"""In the order of the waterfall. The sums of all but the last add up to the last."""

DATED = ("pulled_in", "slipped_in", "slipped", "pulled_out")
"""The steps that there are only where deals count that are due in some days."""

OUTSIDE = -1
"""The part of a deal that the scope does not count."""

_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Flow:
    """The deals of one part and one step, largest first; `sums` by currency, what went negative."""

    part: int
    step: str
    deals: tuple[int, ...] = ()
    sums: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _State:
    """One element for every deal of the store; `part` is `OUTSIDE` and `outcome` -1 if not known."""

    part: Ints
    outcome: Ints
    amount: Ints
    currency: Ints
    expected: Ints
    is_due: Flags

    @property
    def is_known(self) -> Flags:
        known: Flags = self.outcome != _UNKNOWN
        return known

    @property
    def is_open(self) -> Flags:
        """Open, and counted."""
        counted: Flags = (self.outcome == OPEN) & (self.part != OUTSIDE) & self.is_due
        return counted


def flows(
    before: Known,
    after: Known,
    part_before: Ints,
    part_after: Ints,
    opened: Flags,
    due: tuple[int, int] | None = None,
) -> list[Flow]:
    """How the open deals of each part changed from one day to the other.

    Amounts in minor units, those unknown as 0. With a = amount while last open:
    Σ before + Σ created + reopened + moved in ± changed amounts - won - lost - postponed - moved out
    - deleted = Σ after, exactly, for each part and currency. A deal open before is at the end in
    exactly one of won, lost, postponed, moved out, deleted and after; one that came as well.
    `opened`: which deals of the store were open at some time between, so that one that was lost
    before and is lost again counts as reopened and lost.

    With `due`, a first and a last day, open deals count while their expected close lies there, and
    deals come and go by it too: + pulled in (from later, or from no day) + slipped in (from earlier)
    - slipped (to later, or to no day) - pulled out (to earlier). What has ended was due when its expected
    close says so, and if it was due before.
    """
    then, now = _state(before, part_before, due), _state(after, part_after, due)
    is_same = then.part == now.part
    is_ended = now.is_known & (now.outcome != OPEN) & (now.part != OUTSIDE)
    held = then.is_open & is_same & now.is_known & (now.is_due | is_ended)
    redated = then.is_open & is_same & now.is_known & ~held
    was_open_elsewhere = (then.outcome == OPEN) & ~(then.is_open & is_same)
    came = (now.part != OUTSIDE) & now.is_due & ~held
    came &= (now.outcome == OPEN) | ~then.is_known | was_open_elsewhere | opened
    dated = came & was_open_elsewhere & is_same
    counted = held | came
    has_other_currency = held & (then.currency != now.currency)
    grown = np.where(has_other_currency, now.amount, np.maximum(now.amount - then.amount, 0))
    shrunk = np.where(has_other_currency, then.amount, np.maximum(then.amount - now.amount, 0))
    first = due[0] if due is not None else UNDATED
    was_earlier, is_earlier = (_is_before(each.expected, first) for each in (then, now))
    table = (
        ("before", then, then.is_open, then.amount),
        ("created", now, came & ~then.is_known, now.amount),
        ("reopened", now, came & then.is_known & (then.outcome != OPEN), now.amount),
        ("moved_in", now, came & was_open_elsewhere & ~dated, now.amount),
        ("pulled_in", now, dated & ~was_earlier, now.amount),
        ("slipped_in", now, dated & was_earlier, now.amount),
        ("up", now, held & (grown > 0), grown),
        ("down", then, held & (shrunk > 0), -shrunk),
        ("won", now, counted & is_ended & (now.outcome == WON), -now.amount),
        ("lost", now, counted & is_ended & (now.outcome == LOST), -now.amount),
        ("postponed", now, counted & is_ended & (now.outcome == POSTPONED), -now.amount),
        ("slipped", then, redated & ~is_earlier, -then.amount),
        ("pulled_out", then, redated & is_earlier, -then.amount),
        ("moved_out", then, then.is_open & now.is_known & ~is_same, -then.amount),
        ("deleted", then, then.is_open & ~now.is_known, -then.amount),
        ("after", now, now.is_open, now.amount),
    )
    return [flow for step, state, is_in, sums in table for flow in _flows(step, state, is_in, sums)]


def _is_before(expected: Ints, first: int) -> Flags:
    """Whether there is a day, and it is before the first."""
    is_before: Flags = (expected != UNDATED) & (expected < first)
    return is_before


def _state(known: Known, part: Ints, due: tuple[int, int] | None) -> _State:
    count = len(known.names.deals)

    def spread(values: Ints | Codes, missing: int) -> Ints:
        found = np.full(count, missing, np.int64)
        found[known.deal] = values
        return found

    expected = spread(known.expected, UNDATED)
    is_due = np.ones(count, bool)
    if due is not None:
        is_due = (expected != UNDATED) & (expected >= due[0]) & (expected <= due[1])
    return _State(
        spread(part, OUTSIDE),
        spread(known.outcome, _UNKNOWN),
        spread(np.maximum(known.opening, 0), 0),
        spread(known.currency, _UNKNOWN),
        expected,
        is_due,
    )


def _flows(step: str, state: _State, is_in: Flags, sums: Ints) -> Iterator[Flow]:
    deals = np.flatnonzero(is_in)
    deals = deals[np.lexsort((-np.abs(sums[deals]), state.part[deals]))]
    parts, begins = np.unique(state.part[deals], return_index=True)
    for part, own in zip(parts.tolist(), np.split(deals, begins[1:]), strict=False):
        by_currency = {
            code: int(sums[own][state.currency[own] == code].sum())
            for code in np.unique(state.currency[own]).tolist()
        }
        yield Flow(part, step, tuple(own.tolist()), by_currency)
