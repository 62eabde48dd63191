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
    UNDATED,
    WON,
    Codes,
    Flags,
    Ints,
    Known,
)
from salestui.analytics.forecast.ledger import Ledger, States

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
    No deal of the store ends, as far as is known by now, older than `longest`: nobody need watch one
    for longer, and what is made of sums does not change if nobody does.
    """

    day: int
    tracked: int
    row: Ints
    created: Ints
    begun: Ints
    ended: Ints
    closed: Ints
    outcome: Codes
    stage: Codes
    entered: Ints
    opening: Floats
    is_priced: Flags
    won: Floats
    longest: int = NEVER

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
        parts = {name: getattr(self, name)[place] for name in _OF_EACH}
        return Deals(self.day, self.tracked, **parts, longest=self.longest)


_OF_EACH = tuple(
    each.name for each in fields(Deals) if each.name not in ("day", "tracked", "longest")
)


def deals_on(
    ledger: Ledger, day: int, currency: str, chosen: Choice | None = None
) -> tuple[Known, Deals]:
    """What was known at the end of `day`, and the dated deals in `currency` that are `chosen`."""
    known = ledger.known_on(day)
    flags = None if chosen is None else chosen(known)
    states = ledger.states_on(day)
    code, tracked = code_of(ledger, currency), first_close(states)
    return known, deals_of(states, day, code, tracked, flags, longest=ledger.longest)


def code_of(ledger: Ledger, currency: str) -> int:
    """The code of a currency; one that no deal has if the store does not know it."""
    codes = ledger.events.names.currencies
    return codes.index(currency) if currency in codes else len(codes)


def first_close(states: States) -> int:
    """The first day on which one of these deals was won or lost, `NEVER` without one."""
    return int(states.closed[states.closed != UNDATED].min(initial=NEVER))


def deals_of(
    states: States,
    day: int,
    currency: int,
    tracked: int,
    chosen: Flags | None = None,
    *,
    longest: int = NEVER,
) -> Deals:
    """The deals of one currency that have a day of creation, or at least of their end if they have ended.

    Many lists of sales have no other day: what was never known to be open counts as created that day.
    """
    begun = np.where(states.created == UNDATED, states.ended, states.created)
    taken = (begun != UNDATED) & (begun != NEVER) & (states.ended != UNDATED)
    taken &= states.currency == currency
    if chosen is not None:
        taken &= chosen
    row = np.flatnonzero(taken)
    created, outcome, opening = begun[row], states.outcome[row], states.opening[row]
    is_priced = opening != NO_AMOUNT
    mean = opening[is_priced].mean() if is_priced.any() else 0.0
    return Deals(
        day=day,
        tracked=tracked,
        row=row,
        created=created,
        begun=np.maximum(created, min(tracked, day)),
        # What was won before it was created was watched for one day, at age 0.
        ended=np.maximum(np.minimum(states.ended[row], day), created),
        closed=states.closed[row],
        outcome=outcome,
        stage=states.stage[row],
        entered=states.entered[row],
        opening=np.where(is_priced, opening, mean).astype(np.float64),
        is_priced=is_priced,
        won=np.where(outcome == WON, np.maximum(states.amount[row], 0), 0).astype(np.float64),
        longest=longest,
    )
