"""What calls are compared with: what was won in a period, and what the open deals due in it say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo

import numpy as np

from salestui.analytics.events import (
    CATEGORIES,
    NO_AMOUNT,
    NOBODY,
    UNDATED,
    WON,
    Events,
    Flags,
    Known,
)
from salestui.analytics.past import end_of
from salestui.analytics.past_people import people_on
from salestui.analytics.plan.standing import Person, people
from salestui.analytics.scope import Scope
from salestui.analytics.slices import within
from salestui.models.vocabulary import CallSide, ForecastCategory
from salestui.queries.plans import CallLine, calls
from salestui.store.reader import Reader
from salestui.text import to_day

Key = tuple[str, str]
"""A rep's key, "" for nobody, and a currency."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """All calls that the scope is about as known by then, the newest first, and its deals that day."""

    calls: tuple[CallLine, ...]
    people: tuple[Person, ...]
    known: Known
    zone: tzinfo | None

    def said_on(self, call: CallLine) -> date:
        """The day on which it was said, where the reader is."""
        return call.said_at.astimezone(self.zone).date()


def read_call_facts(reader: Reader, scope: Scope, events: Events) -> CallFacts:
    """Two statements: the calls of all periods, and the people. Names are today's."""
    everybody = people(people_on(reader, scope.as_of))
    said = calls(reader, until=end_of(reader, scope.as_of))
    known = events.known_on(to_day(scope.as_of))
    mine = tuple(call for call in said if _is_in(call, scope, everybody))
    return CallFacts(mine, everybody, known.where(within(known, scope)), reader.now.tzinfo)


def _is_in(call: CallLine, scope: Scope, everybody: Iterable[Person]) -> bool:
    """Calls about a team count where the scope has all of it, those about everybody where it has all."""
    if scope.owner_ids is None:
        return True
    if call.rep_id is not None:
        return call.rep_id in scope.owner_ids
    members = [p.id for p in everybody if call.team_id and p.team_id == call.team_id]
    return scope.is_of_teams and bool(members) and set(members) <= set(scope.owner_ids)


@dataclass(slots=True)
class Sums:
    """Amounts in minor units by whose and currency: won, and open by category; deals behind them."""

    won: dict[Key, int] = field(default_factory=dict)
    wins: dict[Key, int] = field(default_factory=dict)
    due: dict[str, dict[Key, int]] = field(default_factory=dict)
    due_deals: dict[Key, int] = field(default_factory=dict)

    @property
    def keys(self) -> set[Key]:
        """Whoever has won or has something due, by currency."""
        return {*self.wins, *self.due_deals}


def won_in(known: Known, first: date, last: date) -> Sums:
    """Σ amount of the deals won from `first` to `last`, as far as that was known."""
    closed = (known.closed >= to_day(first)) & (known.closed <= to_day(last))
    chosen = (known.outcome == WON) & closed
    return Sums(won=_summed(known, chosen), wins=_counted(known, chosen))


def standing_in(known: Known, first: date, last: date, as_of: date) -> Sums:
    """The same, and Σ amount by category of the open deals that are due by the end of the period.

    Deals that were due before belong to the period that runs; in one that is over nothing is due.
    """
    sums = won_in(known, first, min(last, as_of))
    since = to_day(first) if first > as_of else UNDATED + 1
    due = known.is_open & (known.expected >= since) & (known.expected <= to_day(last))
    if as_of > last:
        due[:] = False
    for code, category in enumerate(CATEGORIES):
        sums.due[category] = _summed(known, due & (known.category == code))
    # A rep who calls an open deal closed is at least sure of it.
    for key, amount in sums.due.pop(ForecastCategory.CLOSED).items():
        committed = sums.due[ForecastCategory.COMMIT]
        committed[key] = committed.get(key, 0) + amount
    sums.due_deals = _counted(known, due)
    return sums


def undated(known: Known) -> int:
    """Open deals without an expected close: they are in no period."""
    return int((known.is_open & (known.expected == UNDATED)).sum())


def unpriced(known: Known, last: date) -> int:
    """Open deals due by `last` whose amount nobody knows."""
    due = known.is_open & (known.expected != UNDATED) & (known.expected <= to_day(last))
    return int((due & (known.amount == NO_AMOUNT)).sum())


def _summed(known: Known, chosen: Flags) -> dict[Key, int]:
    return _grouped(known, chosen, np.where(known.amount == NO_AMOUNT, 0, known.amount))


def _counted(known: Known, chosen: Flags) -> dict[Key, int]:
    return _grouped(known, chosen, np.ones(len(known), np.int64))


def _grouped(known: Known, chosen: Flags, values: np.ndarray) -> dict[Key, int]:
    pairs = np.stack([known.owner[chosen], known.currency[chosen]], axis=1)
    found, place = np.unique(pairs, axis=0, return_inverse=True)
    sums = np.zeros(len(found), np.int64)
    np.add.at(sums, place.reshape(-1), values[chosen])
    owners, currencies = known.names.owners, known.names.currencies
    return {
        ("" if owner == NOBODY else owners[owner], currencies[currency]): int(value)
        for (owner, currency), value in zip(found.tolist(), sums.tolist(), strict=True)
    }


def of_side(
    said: Iterable[CallLine],
    side: CallSide,
    until: date | None = None,
    facts: CallFacts | None = None,
) -> list[CallLine]:
    """The calls of one side, the newest first; with `facts` only those said by the end of `until`."""
    return [
        call
        for call in said
        if call.side == side and (until is None or facts is None or facts.said_on(call) <= until)
    ]


def newest(said: Iterable[CallLine], what: str) -> CallLine | None:
    """The newest that says a commit (`commit_minor`) or a best case (`best_minor`)."""
    return next((call for call in said if getattr(call, what) is not None), None)


def team_sum(sums: Mapping[Key, int], owner_ids: Iterable[str] | None, currency: str) -> int:
    """The sum over a team, or over everybody and nobody if `owner_ids` is `None`."""
    wanted = None if owner_ids is None else set(owner_ids)
    return sum(
        value
        for (owner, code), value in sums.items()
        if code == currency and (wanted is None or owner in wanted)
    )
