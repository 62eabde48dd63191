"""Where a rep, a team or everybody stands against a quota: target, won, due by now, what is to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from salestui.analytics.facts import closed
from salestui.analytics.past import known_on
from salestui.analytics.past_people import people_on
from salestui.analytics.periods import this
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.plan.distribution import Distribution
from salestui.analytics.plan.targets import working_days
from salestui.analytics.scope import Scope
from salestui.analytics.selling.margin import won_deals
from salestui.analytics.selling.winning import stages_of
from salestui.models.vocabulary import Measure, Outcome
from salestui.queries.plans import QuotaLine, quotas
from salestui.store.reader import Reader
from salestui.text import Period, so_many

if TYPE_CHECKING:
    from salestui.analytics.plan.ahead import Ahead


@dataclass(frozen=True, slots=True)
class Person:
    """A rep: name, role, team, first and last day where known."""

    id: str
    name: str
    role: str
    team_id: str | None
    started: int | None
    left: int | None


@dataclass(slots=True)
class Won:
    """What one rep won in the period to date, by currency: amounts, what is left after cost, deals.

    `costed` counts the deals whose cost is known: margin is of those alone.
    """

    amount: Counter[str] = field(default_factory=Counter)
    deals: Counter[str] = field(default_factory=Counter)
    margin: Counter[str] = field(default_factory=Counter)
    costed: Counter[str] = field(default_factory=Counter)

    def take(self, other: Won) -> None:
        """Add another's wins."""
        for mine, theirs in zip(self._parts(), other._parts(), strict=True):
            mine.update(theirs)

    def _parts(self) -> tuple[Counter[str], ...]:
        return self.amount, self.deals, self.margin, self.costed

    def of(self, measure: str, currency: str) -> int:
        """By a quota's measure; a count is of all currencies together."""
        if measure == Measure.COUNT:
            return self.deals.total()
        return (self.margin if measure == Measure.MARGIN else self.amount)[currency]


@dataclass(frozen=True, slots=True)
class Standing:
    """One subject against one target. `outlook` includes what was won; `due` is the target's part by now.

    `origin` says where the target comes from: "set", "in part" of other quotas, a "sum" of those of its
    reps, or "". `having` of its `reps` are those whose quotas it is made of. `owner_ids` are those whose
    wins count; `None`: everybody's. `uncounted` are currencies whose deals to come are in no `outlook` of a
    count, for want of history.
    """

    id: str
    name: str
    measure: str
    currency: str
    target: float | None
    origin: str
    won: int
    deals: int
    due: float | None
    outlook: Distribution | None
    owner_ids: tuple[str | None, ...] | None = None
    having: int = 0
    reps: int = 0
    uncounted: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether it is the sum of the quotas of some reps while others have none."""
        return self.origin == "sum" and self.having < self.reps

    @property
    def basis(self) -> str:
        """Where the target comes from, in words: a sum is that of "its reps", or of "2 of 6 reps"."""
        if self.origin != "sum":
            return self.origin
        return f"{self.having} of {so_many(self.reps, 'rep')}" if self.is_partial else "its reps"


@dataclass(frozen=True, slots=True)
class Facts:
    """All that standings are made of."""

    period: tuple[date, date]
    people: tuple[Person, ...]
    teams: Mapping[str, str]
    quotas: tuple[QuotaLine, ...]
    won: Mapping[str | None, Won]
    ahead: Mapping[str, Ahead]
    past_share: float
    """Of the period's working days, those until the end of the as-of day."""


def bounded(scope: Scope) -> Scope:
    """The scope with a period that has both ends: the quarter that the as-of day lies in, if none is set."""
    if scope.period.first is not None and scope.period.last is not None:
        return scope
    if scope.is_always:
        return replace(scope, period=this("quarter", scope.as_of))
    first = scope.period.first or this("year", scope.as_of).first
    last = scope.period.last or max(scope.as_of, first or scope.as_of)
    return replace(scope, period=Period(first, last, f"{first}..{last}"))


def days_of(scope: Scope) -> tuple[date, date]:
    """Both ends of the period of a scope that has been `bounded`."""
    assert scope.period.first is not None and scope.period.last is not None
    return scope.period.first, scope.period.last


def read_facts(reader: Reader, scope: Scope, *, with_ahead: bool = True) -> Facts:
    """The facts of a bounded scope, as known on its day; names are today's."""
    first, last = days_of(scope)
    then = people_on(reader, scope.as_of)
    known = tuple(quotas(then, Period(first, last, "")))
    has_margin = any(quota.measure == Measure.MARGIN for quota in known)
    ahead: Mapping[str, Ahead] = {}
    if with_ahead:
        from salestui.analytics.plan.ahead import look_ahead

        ahead = look_ahead(reader, scope, first, last)
    return Facts(
        period=(first, last),
        people=people(then),
        teams=dict(then.rows("SELECT id, name FROM team WHERE deleted_at IS NULL")),
        quotas=known,
        won=won_by_rep(reader, scope, has_margin=has_margin),
        ahead=ahead,
        past_share=linear_share(first, last, scope.as_of),
    )


def linear_share(first: date, last: date, day: date) -> float:
    """Working days from `first` to `day` / those from `first` to `last`."""
    whole = working_days(first, last)
    return working_days(first, min(day, last)) / whole if whole else float(day >= last)


def people(reader: Reader) -> tuple[Person, ...]:
    """All reps by name, those who left too."""
    rows = reader.rows(
        "SELECT id, name, role, team_id, started_on, left_on FROM rep"
        " WHERE deleted_at IS NULL ORDER BY name, id"
    )
    return tuple(Person(*row) for row in rows)


def won_by_rep(reader: Reader, scope: Scope, *, has_margin: bool = False) -> dict[str | None, Won]:
    """What each owner won in the period, by the end of the as-of day; also of owners out of scope."""
    first, last = days_of(scope)
    whole = replace(scope, owner_ids=None, period=Period(first, min(last, scope.as_of), ""))
    found: dict[str | None, Won] = {}
    if scope.as_of < first:
        return found
    with known_on(reader, scope.as_of) as then:
        pipelines = read_pipelines(reader)
        for fact in closed(then, whole, ("owner_id",), stage_ids=stages_of(pipelines, whole)):
            if fact.outcome == Outcome.WON:
                won = found.setdefault(_key(fact.groups[0]), Won())
                won.amount[fact.currency] += fact.amount
                won.deals[fact.currency] += fact.count
    for deal in won_deals(reader, whole, "owner_id") if has_margin else ():
        if deal.cost is not None:
            won = found.setdefault(_key(deal.group), Won())
            won.margin[deal.currency] += deal.amount - deal.cost
            won.costed[deal.currency] += 1
    return found


def _key(value: object) -> str | None:
    return None if value is None else str(value)
