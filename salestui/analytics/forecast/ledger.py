"""The state of every deal after every event, worked out once, so that a past day costs one look."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from salestui.analytics.events import (
    LOST,
    NEVER,
    OF_EVENT,
    OPEN,
    POSTPONED,
    TO_POSTPONED,
    UNDATED,
    WON,
    Codes,
    Events,
    Flags,
    Ints,
    Known,
)

if TYPE_CHECKING:
    from salestui.analytics.forecast.stages import StageModel

_OF_DEAL = ("client", "product", "kind", "source")
_OF_EVENT = ("stage", "owner", "currency", "amount", "expected", "category", "reason", "competitor")

_BLOCK = 32
"""Days that are looked through together: what stands on one of them is mostly there on all."""


@dataclass(frozen=True, slots=True)
class States:
    """What forecasts need of the deals known on a day, one element for each, in the order of `Known`.

    `ended` is the day since which a deal is won, lost or postponed, `NEVER` while it is open;
    `closed` is `NEVER` for a postponed one too. The rest is as in `Known`.
    """

    deal: Codes
    created: Ints
    ended: Ints
    closed: Ints
    outcome: Codes
    stage: Codes
    entered: Ints
    currency: Codes
    amount: Ints
    opening: Ints


@dataclass(frozen=True, slots=True)
class Ledger:
    """`known_on` as `Events` has it, an order faster.

    A regular deal learns its events in their order and takes none back: after event i it is in a state that
    depends only on the events up to i, and stands from `since[i]` until `until[i]`. Of the state only that
    is kept which the event itself does not say: the days since which the deal has `ended` and was `entered`
    into its stage, and the `opening` event, which told its last open amount. `created` is by deal. The few
    deals with a backdated entry or an undo are in `others`, and looked up as before; none of their events
    ever stands. `settled` are the events that end a deal and were never followed by another, in the order
    of their `since`; `first_close` is the first of their closes until each. All others are `is_passing`;
    `around` has those of the `_BLOCK`s of days that were asked about. `models` are those of the stages, by
    day, which all studies have in common. No deal ends older than `longest` days. `has_dated_stages` is
    false where no two stages were ever entered on a known day.
    """

    events: Events
    others: Events
    since: Codes
    until: Codes
    ended: Codes
    entered: Codes
    opening: Codes
    created: Ints
    is_passing: Flags
    settled: Codes
    settled_since: Codes
    first_close: Ints
    longest: int
    has_dated_stages: bool
    around: dict[int, Codes] = field(default_factory=dict)
    models: dict[int, StageModel | None] = field(default_factory=dict)

    def _standing(self, day: int) -> Ints:
        return np.flatnonzero((self.since <= day) & (self.until > day))

    def first_close_on(self, day: int) -> int:
        """The first close of the settled deals known at the end of `day`; `NEVER` without one."""
        known = int(np.searchsorted(self.settled_since, day, side="right"))
        return int(self.first_close[known - 1]) if known else NEVER

    def settled_in(self, first: int, last: int) -> States:
        """Deals that ended for good, as far as is known today, and were known so in `first`..`last`."""
        begin, end = np.searchsorted(self.settled_since, [first, last + 1])
        return self._take(self.settled[begin:end])

    def unsettled_on(self, day: int, by: int) -> States:
        """What was known at the end of `day`, without what `settled_in` gives for all days until `by`.

        The settled ones come last; no order of deals is kept.
        """
        begin, end = np.searchsorted(self.settled_since, [by + 1, day + 1])
        taken = np.concatenate([self._passing_on(day), self.settled[begin:end]])
        return self._with_others(self._take(taken), day)

    def _passing_on(self, day: int) -> Codes:
        """The passing states that stand on `day`, looked for among those of the days around it."""
        block = day // _BLOCK
        if block not in self.around:
            first, last = block * _BLOCK, block * _BLOCK + _BLOCK - 1
            stands = (self.since <= last) & (self.until > first) & self.is_passing
            self.around[block] = np.flatnonzero(stands).astype(np.int32)
        near = self.around[block]
        return near[(self.since[near] <= day) & (self.until[near] > day)]

    def states_on(self, day: int) -> States:
        """Only what forecasts need, of the deals as known at the end of `day`."""
        return self._with_others(self._take(self._standing(day)), day)

    def _take(self, place: Ints | Codes) -> States:
        """The states after these events."""
        events, deal, outcome = self.events, self.events.deal[place], self.events.outcome[place]
        ended = self.ended[place].astype(np.int64)
        is_closed = (outcome == WON) | (outcome == LOST)
        return States(
            deal=deal,
            created=self.created[deal],
            ended=ended,
            closed=np.where(is_closed, ended, NEVER),
            outcome=outcome,
            stage=events.stage[place],
            entered=self.entered[place].astype(np.int64),
            currency=events.currency[place],
            amount=events.amount[place],
            opening=events.amount[self.opening[place]],
        )

    def _with_others(self, taken: States, day: int) -> States:
        if not len(self.others.deal):
            return taken
        odd = _states_of(self.others, day)
        order = np.argsort(np.concatenate([taken.deal, odd.deal]), kind="stable")
        return States(
            *(
                np.concatenate([getattr(taken, each.name), getattr(odd, each.name)])[order]
                for each in fields(States)
            )
        )

    def known_on(self, day: int) -> Known:
        """The deals as known at the end of `day`."""
        events, place = self.events, self._standing(day)
        states = self._take(place)
        parts = {name: getattr(events, name)[place] for name in _OF_EVENT}
        parts |= {name: getattr(events, name)[states.deal] for name in _OF_DEAL}
        known = Known(
            day=day,
            names=events.names,
            deal=states.deal,
            own_day=events.created[states.deal],
            created=states.created,
            closed=states.closed,
            outcome=states.outcome,
            entered=states.entered,
            opening=states.opening,
            **parts,
        )
        return _merged(known, self.others.known_on(day)) if len(self.others.deal) else known


def make_ledger(events: Events) -> Ledger:
    """Work out the states of all regular deals; linear in the number of events."""
    deal, day, outcome = events.deal, events.day, events.outcome
    count = len(deal)
    steps = np.arange(count, dtype=np.int32)
    is_first = np.ones(count, bool)
    is_first[1:] = deal[1:] != deal[:-1]
    since = np.maximum(np.maximum(day, events.recorded), events.created[deal]).astype(np.int32)
    is_odd = events.voided != NEVER
    is_odd[1:] |= ~is_first[1:] & (since[1:] < since[:-1])
    odd = np.zeros(len(events.created), bool)
    odd[deal[is_odd]] = True
    is_other = odd[deal]
    until = np.full(count, NEVER, np.int32)
    until[:-1] = np.where(is_first[1:], NEVER, since[1:])
    until = np.minimum(until, events.deleted[deal]).astype(np.int32)
    since[is_other] = NEVER

    def latest(is_new: Flags) -> Codes:
        """For each event the place of the last new one; the first of a deal is always new."""
        places: Codes = np.maximum.accumulate(np.where(is_first | is_new, steps, np.int32(0)))
        return places

    def begun(values: Codes) -> Codes:
        """For each event the day since which its value has stood."""
        is_new = np.zeros(count, bool)
        is_new[1:] = values[1:] != values[:-1]
        days: Codes = day[latest(is_new)].astype(np.int32)
        return days

    first = np.flatnonzero(is_first)
    created = events.created.copy()
    created[deal[first]] = np.where(
        created[deal[first]] == UNDATED, day[first], created[deal[first]]
    )
    is_final = (outcome != OPEN) & (until == NEVER) & ~is_other
    ended = np.where(outcome != OPEN, begun(outcome), NEVER).astype(np.int32)
    final = np.flatnonzero(is_final)
    settled = final[np.argsort(since[final], kind="stable")]
    turned, end = ended[settled].astype(np.int64), outcome[settled]
    is_close = ((end == WON) | (end == LOST)) & (turned != UNDATED)
    return Ledger(
        events=events,
        others=_only(events, is_other),
        since=since,
        until=until,
        ended=ended,
        entered=begun(events.stage),
        opening=latest(outcome == OPEN),
        created=created,
        is_passing=~is_final,
        settled=settled.astype(np.int32),
        settled_since=since[settled],
        first_close=np.minimum.accumulate(np.where(is_close, turned, NEVER)),
        longest=_longest(events),
        has_dated_stages=len(np.unique(events.stage[day != UNDATED])) >= 2,
    )


def _longest(events: Events) -> int:
    """The most days from a deal's creation, or first event, to an event that ends it; 0 without one."""
    first = np.full(len(events.created), NEVER)
    np.minimum.at(first, events.deal, np.where(events.day == UNDATED, NEVER, events.day))
    begun = np.where(events.created == UNDATED, first, events.created)
    is_end = (events.outcome != OPEN) & (events.day != UNDATED)
    return int((events.day - begun[events.deal])[is_end].max(initial=0))


def _states_of(events: Events, day: int) -> States:
    """The same from the history itself."""
    known, stays = events.known_on(day), events.stays_on(day)
    ended = known.closed.copy()
    put_off = (stays.to == TO_POSTPONED) & (known.outcome[stays.row] == POSTPONED)
    ended[stays.row[put_off]] = stays.left[put_off]
    parts = {
        each.name: getattr(known, each.name) for each in fields(States) if each.name != "ended"
    }
    return States(ended=ended, **parts)


def _only(events: Events, chosen: Flags) -> Events:
    """The history with some of its events."""
    return replace(events, **{name: getattr(events, name)[chosen] for name in OF_EVENT})


def _merged(one: Known, other: Known) -> Known:
    """Both in the order of their deals."""
    order = np.argsort(np.concatenate([one.deal, other.deal]), kind="stable")
    parts = {
        each.name: np.concatenate([getattr(one, each.name), getattr(other, each.name)])[order]
        for each in fields(one)
        if each.name not in ("day", "names")
    }
    return Known(one.day, one.names, **parts)
