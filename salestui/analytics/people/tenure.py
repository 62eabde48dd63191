"""Each rep's wins by month of tenure, as known on a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from salestui.analytics.facts import first_closed
from salestui.analytics.past import known_on
from salestui.analytics.past_people import people_on
from salestui.analytics.people.ramping import LAST, Career
from salestui.analytics.plan.standing import Person, people
from salestui.analytics.plan.targets import targets
from salestui.analytics.scope import Scope
from salestui.models.vocabulary import Measure, Outcome
from salestui.queries.plans import QuotaLine, quotas
from salestui.store.reader import Reader
from salestui.text import from_day, to_day

STAND_IN_DAYS = 60
"""Days after the records began from which a rep's first deal may stand for the first day at work."""

_CLOSED = """
SELECT owner_id, closed_on, outcome, currency, count(*), CAST(coalesce(sum(amount_minor), 0) AS BIGINT)
FROM deal WHERE outcome IN ('won', 'lost') AND deleted_at IS NULL AND closed_on IS NOT NULL
      AND owner_id IS NOT NULL
GROUP BY owner_id, closed_on, outcome, currency
"""
_BEGUN = """
SELECT owner_id, min(created_on) FROM deal
WHERE deleted_at IS NULL AND owner_id IS NOT NULL GROUP BY owner_id
"""


@dataclass(slots=True)
class Result:
    """Deals won and lost in one month of tenure; of rep-months with a revenue quota what was won and set.

    Both by currency, in minor units.
    """

    won: int = 0
    lost: int = 0
    amount: Counter[str] = field(default_factory=Counter)
    quota: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(frozen=True, slots=True)
class Tenures:
    """Careers of the reps whose start is known. `dated`: by a day of hire, `guessed`: by a first deal.

    `results` are by month of tenure, as careers count it.
    """

    careers: tuple[Career, ...]
    dated: int
    guessed: int
    unknown: int
    results: Mapping[int, Result] = field(default_factory=dict)


def read_tenures(reader: Reader, scope: Scope) -> Tenures:
    """Of all reps in the scope, those who left included, until they left."""
    won: dict[str, Counter[int]] = {}
    results: dict[tuple[str, int], Result] = {}
    with known_on(reader, scope.as_of) as then:
        for owner, day, outcome, currency, count, amount in then.rows(_CLOSED):
            month = month_number(from_day(day))
            result = results.setdefault((owner, month), Result())
            if outcome == Outcome.WON:
                won.setdefault(owner, Counter())[month] += count
                result.won += count
                result.amount[currency] += amount
            else:
                result.lost += count
        begun = dict(then.rows(_BEGUN))
        tracked = first_closed(then)
    if tracked is None:
        return Tenures((), 0, 0, 0)
    past = people_on(reader, scope.as_of)
    sellers = [p for p in people(past) if p.id in begun or p.id in won]
    if scope.owner_ids is not None:
        sellers = [person for person in sellers if person.id in scope.owner_ids]
    starts = {p.id: _start(p, begun, tracked) for p in sellers}
    known = [p for p in sellers if starts[p.id] is not None]
    careers = tuple(_careers(known, starts, won, tracked, scope.as_of))
    dated = sum(person.started is not None for person in known)
    return Tenures(
        careers, dated, len(known) - dated, len(sellers) - len(known),
        _by_tenure(careers, results, quotas(past)),
    )  # fmt: skip


def _by_tenure(
    careers: Sequence[Career],
    results: Mapping[tuple[str, int], Result],
    known: Sequence[QuotaLine],
) -> dict[int, Result]:
    own: dict[str | None, list[QuotaLine]] = {}
    for quota in known:
        if quota.measure == Measure.REVENUE:
            own.setdefault(quota.rep_id, []).append(quota)
    found: dict[int, Result] = {}
    for career in careers:
        for place, number in enumerate(career.months):
            month = career.first + place
            whole, one = (
                found.setdefault(number, Result()),
                results.get((career.rep_id, month), Result()),
            )
            whole.won += one.won
            whole.lost += one.lost
            year, of_year = divmod(month, 12)
            first = date(year, of_year + 1, 1)
            last = from_day(to_day(date(year + of_year // 11, (of_year + 1) % 12 + 1, 1)) - 1)
            for target in targets(own.get(career.rep_id, ()), first, last):
                whole.amount[target.currency] += one.amount[target.currency]
                whole.quota[target.currency] += target.value
    return found


def _start(person: Person, begun: Mapping[str, int | None], tracked: int) -> int | None:
    """The first day at work; a first deal stands for it only well after the records began."""
    if person.started is not None:
        return person.started
    first = begun.get(person.id)
    return first if first is not None and first >= tracked + STAND_IN_DAYS else None


def _careers(
    known: Sequence[Person],
    starts: Mapping[str, int | None],
    won: Mapping[str, Counter[int]],
    tracked: int,
    as_of: date,
) -> Iterator[Career]:
    first_month = _first_whole(from_day(tracked))
    end = month_number(as_of + timedelta(days=1))
    for person in known:
        start = starts[person.id]
        assert start is not None
        begin = _first_whole(from_day(start))
        left = end if person.left is None else month_number(from_day(person.left + 1))
        months = range(max(begin, first_month), min(end, left))
        wins = won.get(person.id, Counter())
        yield Career(
            person.id,
            tuple(min(month - begin + 1, LAST) for month in months),
            tuple(wins[month] for month in months),
            months.start,
        )


def month_number(day: date) -> int:
    """Months since January of the year 0."""
    return day.year * 12 + day.month - 1


def _first_whole(day: date) -> int:
    """The first month that is whole from `day` on."""
    return month_number(day) + (day.day > 1)


def tenure_months(person: Person, day: date) -> int:
    """Whole months that the rep has worked before `day`; ramped where the first day is not known."""
    if person.started is None:
        return LAST
    begin = _first_whole(from_day(person.started))
    return max(month_number(day) - begin, 0) if to_day(day) >= person.started else 0
