"""The state of every deal after every event, worked out once, so that a past day costs one look."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from salestui.analytics.events import (
    LOST,
    NEVER,
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

_OF_DEAL = ("client", "product", "kind", "source")
_OF_EVENT = ("stage", "owner", "currency", "amount", "expected", "category", "reason", "competitor")


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
    currency: Codes
    amount: Ints
    opening: Ints


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
    entered: Ints
    states: States

    def _standing(self, day: int) -> Ints:
        return np.flatnonzero((self.since <= day) & (self.until > day))

    def states_on(self, day: int) -> States:
        """Only what forecasts need, of the deals as known at the end of `day`."""
        taken = self._standing(day)
        parts = {each.name: getattr(self.states, each.name)[taken] for each in fields(States)}
        if not len(self.others.deal):
            return States(**parts)
        odd = _states_of(self.others, day)
        order = np.argsort(np.concatenate([parts["deal"], odd.deal]), kind="stable")
        return States(
            **{
                name: np.concatenate([values, getattr(odd, name)])[order]
                for name, values in parts.items()
            }
        )

    def known_on(self, day: int) -> Known:
        """The deals as known at the end of `day`."""
        events, states = self.events, self.states
        state = self._standing(day)
        place = self.place[state]
        deal = events.deal[place]
        parts = {name: getattr(events, name)[place] for name in _OF_EVENT}
        parts |= {name: getattr(events, name)[deal] for name in _OF_DEAL}
        known = Known(
            day=day,
            names=events.names,
            deal=deal,
            created=states.created[state],
            closed=states.closed[state],
            outcome=states.outcome[state],
            entered=self.entered[state],
            opening=states.opening[state],
            **parts,
        )
        return _merged(known, self.others.known_on(day)) if len(self.others.deal) else known


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
    turned = begun(outcome)
    return Ledger(
        events=events,
        others=_only(events, odd[deal]),
        place=taken,
        since=since[taken],
        until=until[taken],
        entered=begun(events.stage)[taken],
        states=States(
            deal=deal[taken],
            created=np.where(created == UNDATED, day[first], created)[taken],
            ended=np.where(outcome != OPEN, turned, NEVER)[taken],
            closed=np.where(is_ended, turned, NEVER)[taken],
            outcome=outcome[taken],
            stage=events.stage[taken],
            currency=events.currency[taken],
            amount=events.amount[taken],
            opening=events.amount[was_open][taken],
        ),
    )


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
