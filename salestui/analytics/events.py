"""The dated history of all deals as arrays, so that any past day can be looked at in milliseconds.

`history.py` reads the store once; `Events.known_on(day)` is then pure: it sees what had happened
by the end of that day and had been recorded by then, and nothing that came later. Every forecast
and every back-test goes through it, which is what keeps them from looking ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from salestui.models.vocabulary import ForecastCategory, Outcome

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]

NEVER = 2**30
"""A day that has not come: an open deal's close."""
UNDATED = -(2**30)
"""A day that nobody knows."""
NOBODY = -1
"""The code of what is empty: no owner, no product, no expected close."""
NO_AMOUNT = -1

OPEN, WON, LOST, POSTPONED = range(4)
OUTCOMES = (Outcome.OPEN, Outcome.WON, Outcome.LOST, Outcome.POSTPONED)
"""In the order of their codes."""
CATEGORIES = tuple(ForecastCategory)
"""In the order of their codes."""


@dataclass(frozen=True, slots=True)
class StageOf:
    """A stage as it is today; stages stand in the order of their pipelines and positions."""

    id: str
    pipeline_id: str
    position: int
    kind: str
    probability: int


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes stand for: `owners[code]` is a rep's key, and so on; `NOBODY` stands for none.

    `territories` are those that clients and reps have today, by the key of the client or rep.
    """

    deals: tuple[str, ...]
    stages: tuple[StageOf, ...]
    owners: tuple[str, ...]
    currencies: tuple[str, ...]
    clients: tuple[str, ...]
    products: tuple[str, ...]
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    reasons: tuple[str, ...]
    competitors: tuple[str, ...]
    territories: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """The deals as they were known at the end of `day`: one element for each deal, days since 1970.

    `own_day` is the day of creation written of the deal, `created` that or else the day of its first
    change; both are `UNDATED` where nobody knows. `closed` is `NEVER` while a deal is not won or lost.
    `amount` is what was last known, `opening` what was last known while the deal was open; both in
    minor units, `NO_AMOUNT` while unknown. `entered` is the day it came into `stage`. Owner, stage,
    expected close and category are those of that day; client, product, kind and source today's.
    """

    day: int
    names: Names
    deal: Codes
    own_day: Ints
    created: Ints
    closed: Ints
    outcome: Codes
    stage: Codes
    entered: Ints
    owner: Codes
    currency: Codes
    amount: Ints
    opening: Ints
    expected: Ints
    category: Codes
    reason: Codes
    competitor: Codes
    client: Codes
    product: Codes
    kind: Codes
    source: Codes

    def __len__(self) -> int:
        return len(self.deal)

    def where(self, chosen: Flags) -> Known:
        """Only the deals for which `chosen` is true."""
        parts = {
            each.name: getattr(self, each.name)[chosen]
            for each in fields(self)
            if each.name not in ("day", "names")
        }
        return Known(self.day, self.names, **parts)

    @property
    def is_open(self) -> Flags:
        """Which deals were being worked on."""
        open_ones: Flags = self.outcome == OPEN
        return open_ones

    @property
    def is_dated(self) -> Flags:
        """Which deals have a known day of creation, and of their end if they have ended."""
        is_ended = (self.outcome == WON) | (self.outcome == LOST)
        dated: Flags = (self.created != UNDATED) & ~(is_ended & (self.closed == UNDATED))
        return dated


@dataclass(frozen=True, slots=True)
class Stays:
    """Every stay of a deal in a stage as known on a day, oldest first for each deal.

    `row` counts in the `Known` of the same day. `left` is `NEVER` while it lasts. `to` is the stage
    that followed, or `TO_WON`, `TO_LOST`, `TO_POSTPONED`, or `STAYING`.
    """

    row: Ints
    stage: Codes
    entered: Ints
    left: Ints
    to: Codes


STAYING, TO_WON, TO_LOST, TO_POSTPONED = -1, -2, -3, -4


OF_EVENT = (
    "deal", "day", "recorded", "voided", "stage", "outcome", "owner", "amount", "currency", "expected",
    "category", "reason", "competitor",
)  # fmt: skip
"""The arrays of `Events` that have one element for each event."""


@dataclass(frozen=True, slots=True)
class Events:
    """All changes of all deals, oldest first within a deal; one element for each.

    `day` is when it was so in the world, `recorded` when it was learned, `voided` when it was taken
    back (`NEVER` if it stands), all as local days since 1970. The arrays of the second half have
    one element for each deal.
    """

    names: Names
    today: int
    deal: Codes
    day: Ints
    recorded: Ints
    voided: Ints
    stage: Codes
    outcome: Codes
    owner: Codes
    amount: Ints
    currency: Codes
    expected: Ints
    category: Codes
    reason: Codes
    competitor: Codes
    created: Ints
    deleted: Ints
    client: Codes
    product: Codes
    kind: Codes
    source: Codes

    def _standing(self, day: int) -> Ints:
        """The places of the events that were known at the end of `day`."""
        is_known = (self.recorded <= day) & (self.day <= day) & (self.voided > day)
        is_known &= ((self.created <= day) & (self.deleted > day))[self.deal]
        return np.flatnonzero(is_known)

    def known_on(self, day: int) -> Known:
        """The deals as known at the end of `day`."""
        place = self._standing(day)
        deal, outcome = self.deal[place], self.outcome[place]
        count = len(place)
        steps = np.arange(count)
        is_first = np.ones(count, bool)
        is_first[1:] = deal[1:] != deal[:-1]
        is_last = np.ones(count, bool)
        is_last[:-1] = is_first[1:]
        last = place[is_last]
        own = self.deal[last]

        def since(values: Codes) -> Ints:
            """For each deal the day from which its last value has stood."""
            is_new = is_first.copy()
            is_new[1:] |= values[1:] != values[:-1]
            begun = np.maximum.accumulate(np.where(is_new, steps, 0)) if count else steps
            days: Ints = self.day[place[begun[is_last]]]
            return days

        was_open = np.maximum.accumulate(np.where(is_first | (outcome == OPEN), steps, 0))
        opening = self.amount[place[was_open[is_last]]] if count else self.amount[:0]
        ended = outcome[is_last]
        is_ended = (ended == WON) | (ended == LOST)
        created = self.created[own]
        begun = self.day[place[is_first]]
        return Known(
            day=day,
            names=self.names,
            deal=own,
            own_day=created,
            created=np.where(created == UNDATED, begun, created),
            closed=np.where(is_ended, since(outcome), NEVER),
            outcome=ended,
            stage=self.stage[last],
            entered=since(self.stage[place]),
            owner=self.owner[last],
            currency=self.currency[last],
            amount=self.amount[last],
            opening=opening,
            expected=self.expected[last],
            category=self.category[last],
            reason=self.reason[last],
            competitor=self.competitor[last],
            client=self.client[own],
            product=self.product[own],
            kind=self.kind[own],
            source=self.source[own],
        )

    def stays_on(self, day: int) -> Stays:
        """The stays in stages as known at the end of `day`; `row` counts in `known_on(day)`."""
        place = self._standing(day).astype(np.int32)
        deal, stage, outcome = self.deal[place], self.stage[place], self.outcome[place]
        is_first = np.ones(len(place), bool)
        is_first[1:] = deal[1:] != deal[:-1]
        # A stay begins with a deal, with another stage, and where a deal that had ended is open again.
        is_new = is_first.copy()
        is_new[1:] |= stage[1:] != stage[:-1]
        is_new[1:] |= (outcome[1:] == OPEN) & (outcome[:-1] != OPEN)
        ends = (outcome != OPEN) & ~is_first
        ends[1:] &= outcome[:-1] == OPEN
        ends |= is_first & (outcome != OPEN)
        # What happens after the sale is no stay of the sale.
        is_new &= (outcome == OPEN) | is_first
        begin = np.flatnonzero(is_new).astype(np.int32)
        breaks = np.append(np.flatnonzero(is_new | ends), -1).astype(np.int32)
        following = breaks[np.searchsorted(breaks[:-1], begin, side="right")]
        following = np.where(ends[begin], begin, following)
        is_followed = (following >= 0) & (deal[following] == deal[begin])
        left = np.where(is_followed, self.day[place[following]], NEVER)
        ended_as = outcome[following]
        exits = np.array([STAYING, TO_WON, TO_LOST, TO_POSTPONED], np.int32)
        to = np.where(ended_as == OPEN, stage[following], exits[ended_as])
        return Stays(
            row=np.cumsum(is_first)[begin] - 1,
            stage=stage[begin],
            entered=self.day[place[begin]],
            left=left.astype(np.int64),
            to=np.where(is_followed, to, STAYING).astype(np.int32),
        )
