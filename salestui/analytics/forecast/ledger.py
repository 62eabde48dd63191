"""The state of every deal after every event, worked out once, so that a past day costs one look."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from salestui.analytics.events import (
    LOST,
    NEVER,
    OPEN,
    UNDATED,
    WON,
    Codes,
    Events,
    Flags,
    Ints,
    Known,
    Stays,
)

_OF_DEAL = ("client", "product", "kind", "source")
_OF_EVENT = ("stage", "owner", "currency", "amount", "expected", "category", "reason", "competitor")


@dataclass(frozen=True, slots=True)
class Ledger:
    """`known_on` as `Events` has it, an order faster.

    A regular deal learns its events in their order and takes none back: after event i it is in a
    state that depends only on the events up to i, and stands from `since[i]` until `until[i]`. The
    few deals with a backdated entry or an undo are in `others`, and looked up as before.
    """

    events: Events
    others: Events
    place: Ints
    since: Ints
    until: Ints
    created: Ints
    closed: Ints
    entered: Ints
    opening: Ints

    def known_on(self, day: int) -> Known:
        """The deals as known at the end of `day`."""
        events = self.events
        state = np.flatnonzero((self.since <= day) & (self.until > day))
        place = self.place[state]
        deal = events.deal[place]
        parts = {name: getattr(events, name)[place] for name in _OF_EVENT}
        parts |= {name: getattr(events, name)[deal] for name in _OF_DEAL}
        known = Known(
            day=day,
            names=events.names,
            deal=deal,
            created=self.created[state],
            closed=self.closed[state],
            outcome=events.outcome[place],
            entered=self.entered[state],
            opening=self.opening[state],
            **parts,
        )
        return _merged(known, self.others.known_on(day)) if len(self.others.deal) else known

    def stays_on(self, day: int) -> Stays:
        """The stays in stages as known at the end of `day`."""
        return self.events.stays_on(day)


def make_ledger(events: Events) -> Ledger:
    """Work out the states of all regular deals; linear in the number of events."""
    deal, day, outcome = events.deal, events.day, events.outcome
    count = len(deal)
    steps = np.arange(count)
    is_first = np.ones(count, bool)
    is_first[1:] = deal[1:] != deal[:-1]
    since = np.maximum(np.maximum(day, events.recorded), events.created[deal])
    is_odd = events.voided != NEVER
    is_odd[1:] |= ~is_first[1:] & (since[1:] < since[:-1])
    odd = np.zeros(len(events.created), bool)
    odd[deal[is_odd]] = True
    taken = np.flatnonzero(~odd[deal])
    until = np.full(count, NEVER, np.int64)
    until[:-1] = np.where(is_first[1:], NEVER, since[1:])
    until = np.minimum(until, events.deleted[deal])

    def begun(values: Codes) -> Ints:
        """For each event the day since which its value has stood."""
        is_new = is_first.copy()
        is_new[1:] |= values[1:] != values[:-1]
        days: Ints = day[np.maximum.accumulate(np.where(is_new, steps, 0))] if count else day
        return days

    first = np.maximum.accumulate(np.where(is_first, steps, 0)) if count else steps
    was_open = np.maximum.accumulate(np.where(is_first | (outcome == OPEN), steps, 0))
    created = events.created[deal]
    is_ended = (outcome == WON) | (outcome == LOST)
    return Ledger(
        events=events,
        others=_only(events, odd[deal]),
        place=taken,
        since=since[taken],
        until=until[taken],
        created=np.where(created == UNDATED, day[first], created)[taken],
        closed=np.where(is_ended, begun(outcome), NEVER)[taken],
        entered=begun(events.stage)[taken],
        opening=events.amount[was_open][taken],
    )


def _only(events: Events, chosen: Flags) -> Events:
    """The history with some of its events."""
    changed = {
        each.name: getattr(events, each.name)[chosen]
        for each in fields(events)
        if each.name in {"deal", "day", "recorded", "voided", "outcome", *_OF_EVENT}
    }
    return replace(events, **changed)


def _merged(one: Known, other: Known) -> Known:
    """Both in the order of their deals."""
    order = np.argsort(np.concatenate([one.deal, other.deal]), kind="stable")
    parts = {
        each.name: np.concatenate([getattr(one, each.name), getattr(other, each.name)])[order]
        for each in fields(one)
        if each.name not in ("day", "names")
    }
    return Known(one.day, one.names, **parts)
