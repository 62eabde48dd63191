"""What ramped reps won in whole past periods, how many deals each had to work, and who is there now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from salestui.analytics.past import known_on
from salestui.analytics.past_people import people_on
from salestui.analytics.people.tenure import tenure_months
from salestui.analytics.periods import stepped
from salestui.analytics.plan.headcount import is_flat, staying
from salestui.analytics.plan.standing import Person, days_of, people
from salestui.analytics.scope import Scope, conditions
from salestui.models.vocabulary import RepRole
from salestui.store.reader import Reader
from salestui.text import Period, from_day, to_day

_PERIODS = 8
"""Whole periods looked back at."""
_LEARNING_DAYS = 90
"""Days at work before a period from which a rep counts as ramped in it."""

_WON = """
SELECT owner_id, closed_on, sum(amount_minor) FROM deal
WHERE outcome = 'won' AND deleted_at IS NULL AND currency = :currency AND owner_id IS NOT NULL
      {conditions} GROUP BY owner_id, closed_on
"""
_CAME = """
SELECT owner_id, created_on, count(*), sum(CASE WHEN outcome = 'won' THEN 1 ELSE 0 END) FROM deal
WHERE deleted_at IS NULL AND owner_id IS NOT NULL {conditions} GROUP BY owner_id, created_on
"""
_ACTIVE = """
SELECT owner_id, min(coalesce(created_on, closed_on)), max(coalesce(closed_on, created_on)) FROM deal
WHERE deleted_at IS NULL AND owner_id IS NOT NULL GROUP BY owner_id
"""
_TRACKED = """
SELECT min(closed_on) FROM deal WHERE outcome IN ('won', 'lost') AND deleted_at IS NULL
"""
_CURRENCIES = """
SELECT currency, count(*), min(closed_on) FROM deal
WHERE outcome = 'won' AND deleted_at IS NULL AND closed_on IS NOT NULL
GROUP BY currency ORDER BY count(*) DESC, currency
"""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who sells on the as-of day. `tenures`: whole months at work before the period, rep by rep.

    `currencies`: wins of everybody and the day of the first, since 1970, most wins first.
    `staying` is the share of them who will be there in its middle; `seen` counts all who ever sold.
    """

    sellers: tuple[Person, ...]
    first_seen: Mapping[str, int]
    tracked: int | None
    currencies: Mapping[str, tuple[int, int]]
    tenures: tuple[int, ...]
    staying: float
    leavers: int
    rep_days: float
    undated: int

    @property
    def seen(self) -> int:
        return len(self.sellers)


@dataclass(frozen=True, slots=True)
class History:
    """`table` has a row for each rep with the sums of its ramped periods, in minor units.

    `leads` is how many deals came in a period on average, `flat` whether the share won does not fall
    with a rep's load, `reps_for_leads` how many reps with a load that was borne work what comes.
    """

    table: tuple[tuple[float, ...], ...]
    cells: int
    leads: float
    flat: bool | None
    reps_for_leads: int | None


def read_crew(reader: Reader, scope: Scope) -> Crew:
    """Everybody who has owned a deal or is a rep by role, in the scope."""
    first, last = days_of(scope)
    with known_on(reader, scope.as_of) as then:
        active = {row[0]: row[1] for row in then.rows(_ACTIVE) if row[1] is not None}
        tracked = then.value(_TRACKED)
        currencies = {row[0]: (row[1], row[2]) for row in then.rows(_CURRENCIES)}
    day = to_day(scope.as_of)
    sellers = tuple(
        person for person in people(people_on(reader, scope.as_of))
        if (scope.owner_ids is None or person.id in scope.owner_ids)
        and (person.id in active or (person.role == RepRole.REP and person.started is not None))
    )  # fmt: skip
    now = [p for p in sellers if p.left is None or p.left > day]
    leavers = sum(
        p.left is not None and tracked is not None and tracked <= p.left <= day for p in sellers
    )
    begin = tracked if tracked is not None else day
    days = [
        min(p.left if p.left is not None else day, day) - max(p.started or begin, begin)
        for p in sellers
    ]
    rep_days = float(sum(max(each, 0) for each in days))
    middle = (to_day(first) + to_day(last)) / 2 - day
    return Crew(
        sellers=sellers,
        first_seen=active,
        tracked=tracked,
        currencies=currencies,
        tenures=tuple(tenure_months(person, first) for person in now),
        staying=staying(leavers, rep_days, max(middle, 0.0)),
        leavers=leavers,
        rep_days=rep_days,
        undated=sum(person.started is None for person in now),
    )


def whole_periods(scope: Scope, tracked: int | None) -> list[Period]:
    """Periods of the scope's length that were over on its day and began after the first recorded close."""
    found: list[Period] = []
    period = scope.period
    while tracked is not None and len(found) < _PERIODS:
        period = stepped(period, -1)
        assert period.first is not None and period.last is not None
        if to_day(period.first) < tracked or period == stepped(period, -1):
            break
        if period.last <= scope.as_of:
            found.append(period)
    return found


def read_history(reader: Reader, scope: Scope, crew: Crew, currency: str) -> History:
    """What the crew's reps won in each whole past period in which they were ramped."""
    periods = whole_periods(scope, crew.tracked)
    if not periods:
        return History((), 0, 0.0, None, None)
    oldest, latest = periods[-1].first, periods[0].last
    span = replace(scope, period=Period(oldest, latest, ""))
    with known_on(reader, scope.as_of) as then:
        narrowed, values = conditions(span, "closed_on")
        won = then.rows(_WON.replace("{conditions}", narrowed), currency=currency, **values)
        narrowed, values = conditions(span, "created_on")
        came = then.rows(_CAME.replace("{conditions}", narrowed), **values)
    sums: Counter[tuple[str, int]] = Counter()
    for owner, day, amount in won:
        sums[owner, _place(periods, day)] += amount or 0
    table = tuple(
        tuple(
            float(sums[p.id, i]) for i, period in enumerate(periods) if _is_ramped(p, crew, period)
        )
        for p in crew.sellers
    )
    table = tuple(row for row in table if row)
    loads: Counter[tuple[str, int]] = Counter()
    wins: Counter[tuple[str, int]] = Counter()
    for owner, day, count, of_them in came:
        loads[owner, _place(periods, day)] += count
        wins[owner, _place(periods, day)] += of_them
    return _with_leads(table, periods, loads, wins)


def _with_leads(
    table: tuple[tuple[float, ...], ...],
    periods: Sequence[Period],
    loads: Counter[tuple[str, int]],
    wins: Counter[tuple[str, int]],
) -> History:
    """The load test leaves out the latest period, whose deals have not all been decided."""
    keys = [key for key in loads if key[1] > 0]
    flat = is_flat([loads[k] for k in keys], [wins[k] for k in keys], [k[1] for k in keys])
    leads = loads.total() / len(periods)
    borne = sorted(loads[key] for key in keys)
    usual_most = borne[min(len(borne) - 1, int(0.9 * len(borne)))] if borne else 0
    enough = ceil(leads / usual_most) if usual_most else None
    return History(table, sum(map(len, table)), leads, flat, enough)


def _place(periods: Sequence[Period], day: int) -> int:
    when = from_day(day)
    return next(i for i, p in enumerate(periods) if p.first is not None and p.first <= when)


def _is_ramped(person: Person, crew: Crew, period: Period) -> bool:
    """At work all through the period and for 90 days before; without a first day, from a first deal on."""
    first, last = (to_day(day or date.min) for day in (period.first, period.last))
    if person.left is not None and person.left < last:
        return False
    if person.started is not None:
        return person.started + _LEARNING_DAYS <= first
    return crew.first_seen.get(person.id, last) < last
