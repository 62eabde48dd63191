"""The deals that a forecast is made from: one currency, one choice, as they were known on a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from salestui.analytics.events import (
    NEVER,
    NO_AMOUNT,
    OPEN,
    POSTPONED,
    TO_POSTPONED,
    WON,
    Codes,
    Events,
    Flags,
    Ints,
    Known,
)
from salestui.analytics.forecast.ledger import Ledger

Floats = NDArray[np.float64]
Choice = Callable[[Known], Flags]
"""Which of the known deals a forecast is about: of a rep, a team, a product."""


@dataclass(frozen=True, slots=True)
class Deals:
    """Dated deals, one element for each; days since 1970, money in minor units of one currency.

    `tracked` is the first recorded close of the whole store, `NEVER` if there is none: a deal that is
    older has survived until then, and no deal is known that did not. A deal is watched from `begun` =
    max(created, tracked) to `ended`, both included: the day it was won, lost or postponed, or the
    last day known. `opening` is the amount while it was open, their mean where nobody has named one;
    `is_priced` tells where somebody has. `won` is the final amount of what is won, 0 elsewhere.
    """

    day: int
    tracked: int
    row: Ints
    created: Ints
    begun: Ints
    ended: Ints
    closed: Ints
    outcome: Codes
    opening: Floats
    is_priced: Flags
    won: Floats

    def __len__(self) -> int:
        return len(self.row)

    @property
    def is_open(self) -> Flags:
        """Which deals are being worked on."""
        open_ones: Flags = self.outcome == OPEN
        return open_ones

    @property
    def is_won(self) -> Flags:
        """Which deals are won."""
        won: Flags = self.outcome == WON
        return won

    def where(self, chosen: Flags) -> Deals:
        """Only the deals for which `chosen` is true."""
        place = np.flatnonzero(chosen)
        parts = {
            each.name: getattr(self, each.name)[place]
            for each in fields(self)
            if each.name not in ("day", "tracked")
        }
        return Deals(self.day, self.tracked, **parts)


def deals_on(
    events: Events | Ledger, day: int, currency: str, chosen: Choice | None = None
) -> tuple[Known, Deals]:
    """What was known at the end of `day`, and the dated deals in `currency` that are `chosen`."""
    known = events.known_on(day)
    is_dated = known.is_dated
    codes = known.names.currencies
    code = codes.index(currency) if currency in codes else len(codes)
    taken = is_dated & (known.currency == code)
    if chosen is not None:
        taken &= chosen(known)
    closed = known.closed[is_dated]
    tracked = int(closed.min()) if len(closed) else NEVER
    row = np.flatnonzero(taken)
    created, outcome = known.created[row], known.outcome[row]
    ended = np.minimum(known.closed[row], day)
    if (outcome == POSTPONED).any():
        ended = np.minimum(ended, _postponed(events, day, len(known))[row])
    is_priced = known.opening[row] != NO_AMOUNT
    opening = known.opening[row].astype(np.float64)
    opening[~is_priced] = opening[is_priced].mean() if is_priced.any() else 0.0
    is_won = outcome == WON
    return known, Deals(
        day=day,
        tracked=tracked,
        row=row,
        created=created,
        begun=np.maximum(created, min(tracked, day)),
        # What was won before it was created was watched for one day, at age 0.
        ended=np.maximum(ended, created),
        closed=known.closed[row],
        outcome=outcome,
        opening=opening,
        is_priced=is_priced,
        won=np.where(is_won, np.maximum(known.amount[row], 0), 0).astype(np.float64),
    )


def _postponed(events: Events | Ledger, day: int, count: int) -> Ints:
    """For each known deal the day on which it was put off, `NEVER` for others."""
    stays = events.stays_on(day)
    put_off = stays.to == TO_POSTPONED
    days = np.full(count, NEVER, np.int64)
    days[stays.row[put_off]] = stays.left[put_off]
    return days
