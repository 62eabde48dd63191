"""What the cost of sale is made of, read from the store for one period."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from salestui.analytics.facts import cycles, first_wins
from salestui.analytics.measures import median
from salestui.analytics.past import known_on
from salestui.analytics.past_people import people_on
from salestui.analytics.periods import this, year_before
from salestui.analytics.plan.bonus import Row, read_rows
from salestui.analytics.plan.costing import BONUS, Rates, Spent, Work, hours_spent, part_of, spent
from salestui.analytics.plan.grants import plan_changes, spans_of
from salestui.analytics.plan.quota import in_part
from salestui.analytics.plan.standing import Person, Won, days_of, people, won_by_rep
from salestui.analytics.plan.subjects import chosen_people
from salestui.analytics.scope import Scope, conditions
from salestui.analytics.selling.activity import done_in
from salestui.models.vocabulary import CostKind
from salestui.queries.plans import bonus_grants, costs
from salestui.store.reader import Reader
from salestui.text import Period, to_day

_WORK = """
SELECT rep_id, on_day, stage_id, CAST(coalesce(sum(duration_minutes), 0) AS BIGINT), count(*),
       count(duration_minutes)
FROM {activity} WHERE state = 'done' {conditions} GROUP BY rep_id, on_day, stage_id
ORDER BY rep_id, on_day, stage_id
"""
_CLIENT_WORK = """
SELECT client_id, on_day, CAST(coalesce(sum(duration_minutes), 0) AS BIGINT)
FROM {activity} WHERE state = 'done' AND client_id IS NOT NULL {conditions} GROUP BY client_id, on_day
"""
_NEW_WINS = """
SELECT client_id, closed_on FROM deal
WHERE outcome = 'won' AND deleted_at IS NULL AND client_id IS NOT NULL {conditions}
"""
_DEAL_WORK = """
SELECT deal_id, CAST(sum(duration_minutes) AS BIGINT)
FROM {activity} WHERE state = 'done' AND deal_id IS NOT NULL AND duration_minutes > 0 {conditions}
GROUP BY deal_id
"""
_DEALS = """
SELECT id, number, title, client_id, owner_id, outcome, amount_minor, currency FROM deal
WHERE deleted_at IS NULL AND (id IN ({worked}) OR outcome = 'won' {conditions})
"""


@dataclass(frozen=True, slots=True)
class DealWork:
    """A deal as known on the as-of day, and the minutes logged on it in the period."""

    number: int
    title: str
    client_id: str | None
    owner_id: str | None
    outcome: str
    amount_minor: int | None
    currency: str
    minutes: int


@dataclass(frozen=True)
class CostFacts:
    """Of one period and scope. `won` is by owner and may include others than `people`.

    `new_clients` are those whose first win lies in the period. `new_share` is the part of
    the time with clients that went to those who had not bought before. `unpriced_minutes` have neither
    a rate nor a salary behind them; `twice` names those who have both. `doubts` are of the bonuses.
    """

    people: tuple[Person, ...]
    spent: tuple[Spent, ...]
    doubts: tuple[str, ...]
    work: tuple[Work, ...]
    rates: Rates
    won: Mapping[str | None, Won]
    new_clients: int
    new_share: float | None
    timed: int
    done: int
    unpriced_minutes: int
    twice: tuple[str, ...]

    @cached_property
    def total(self) -> Won:
        """All wins of the scope."""
        whole = Won()
        for won in self.won.values():
            whole.take(won)
        return whole

    @cached_property
    def costs(self) -> Counter[str]:
        """What was spent by currency, in minor units and parts of them."""
        return summed(self.spent)


def summed(listed: Iterable[Spent]) -> Counter[str]:
    """By currency, in the order of their names."""
    found: Counter[str] = Counter()
    for each in sorted(listed, key=lambda each: each.currency):
        found[each.currency] += each.minor  # type: ignore[assignment]
    return found


def read_cost_facts(reader: Reader, scope: Scope) -> CostFacts:
    """What a bounded scope spent and won until the as-of day."""
    cut = _until_as_of(scope)
    first, last = days_of(cut)
    then = people_on(reader, scope.as_of)
    everybody = people(then)
    chosen = chosen_people(everybody, scope)
    lines = costs(then, cut.period) if first <= last else []
    rates = Rates(lines, {person.id: person.team_id for person in everybody})
    rows = done_in(reader, cut).rows(reader, _WORK)
    work = tuple(Work(*row[:4]) for row in rows)
    of_costs = [each for each in spent(lines, first, last) if _is_in(each, scope, chosen)]
    priced = {key for w in work for key in [(w.rep_id, w.day)] if rates.on(*key) is not None}
    salaried = {s.rep_id for s in of_costs if s.kind == CostKind.SALARY}
    won = won_by_rep(reader, cut)
    bonuses, doubts = _bonuses(reader, cut)
    return CostFacts(
        people=tuple(chosen),
        spent=(*of_costs, *hours_spent(work, rates), *bonuses),
        doubts=doubts,
        work=work,
        rates=rates,
        won={key: w for key, w in won.items() if scope.owner_ids is None or key in scope.owner_ids},
        new_clients=_new_clients(reader, cut),
        new_share=_new_share(reader, cut),
        timed=sum(row[5] for row in rows),
        done=sum(row[4] for row in rows),
        unpriced_minutes=sum(
            w.minutes
            for w in work
            if (w.rep_id, w.day) not in priced and not {w.rep_id, None} & salaried
        ),
        twice=tuple(p.name for p in chosen if p.id in {key[0] for key in priced} & salaried),
    )


def _until_as_of(scope: Scope) -> Scope:
    first, last = days_of(scope)
    return replace(scope, period=Period(first, min(last, scope.as_of), scope.period.label))


def read_deal_work(reader: Reader, scope: Scope) -> list[DealWork]:
    """The deals on which a bounded scope logged time, most first; then those it won without any."""
    cut = _until_as_of(scope)
    minutes = dict(done_in(reader, cut).rows(reader, _DEAL_WORK))
    narrow, values = conditions(cut, "closed_on")
    with known_on(reader, scope.as_of) as then:
        sql = _DEALS.replace("{worked}", then.listed("worked")).replace("{conditions}", narrow)
        rows = then.rows(sql, worked=json.dumps(list(minutes)), **values)
    deals = [DealWork(*(*row[1:], minutes.get(row[0], 0))) for row in rows]
    return sorted(deals, key=lambda each: (-each.minutes, each.number))


def _is_in(each: Spent, scope: Scope, chosen: Sequence[Person]) -> bool:
    """A rep's costs in a rep's scope; the team's too in a whole team's; everybody's in none of them."""
    if scope.owner_ids is None:
        return True
    if each.rep_id is not None:
        return each.rep_id in scope.owner_ids
    return scope.is_of_teams and each.team_id in {person.team_id for person in chosen}


def _bonuses(reader: Reader, cut: Scope) -> tuple[list[Spent], tuple[str, ...]]:
    """What was earned by plans, each `_spread` over the days of a scope `_until_as_of`, and doubts of it."""
    first, last = days_of(cut)
    grants = bonus_grants(people_on(reader, cut.as_of))
    if not grants or first > last:
        return [], ()
    # Nobody is paid before the year of the first grant, and a period may begin in antiquity.
    first = max(first, this("year", min(grant.first_on for grant in grants)).first or first)
    own = replace(cut, period=Period(first, last, ""))
    rows, _ = read_rows(reader, own, with_ahead=False)
    doubts = (
        *plan_changes(reader, own, spans_of(own.period, "month", own.as_of)),
        *in_part(row.standing for row in rows if row.standing),
    )
    return [_spread(row, own) for row in rows if row.pay and row.pay.earned], doubts


def _spread(row: Row, cut: Scope) -> Spent:
    """Of what was earned in a month, quarter or year the part of its days, those past, in the period."""
    assert row.pay is not None and row.period.first is not None and row.period.last is not None
    past = row.period.first, min(row.period.last, cut.as_of)
    share = part_of(*past, *days_of(cut))
    return Spent(BONUS, row.rep_id, None, row.plan.currency, row.pay.earned * share)


def _new_clients(reader: Reader, scope: Scope) -> int:
    narrow, values = conditions(scope, "closed_on")
    with known_on(reader, scope.as_of) as then:
        first = first_wins(then)
        wins = then.rows(_NEW_WINS.replace("{conditions}", narrow), **values)
    return len({client for client, day in wins if first[client] == day})


def _new_share(reader: Reader, scope: Scope) -> float | None:
    with known_on(reader, scope.as_of) as then:
        first = first_wins(then)
    new = whole = 0
    for client, day, minutes in done_in(reader, scope).rows(reader, _CLIENT_WORK):
        whole += minutes
        new += minutes if first.get(client, day) >= day else 0
    return new / whole if whole else None


def median_cycle(reader: Reader, scope: Scope) -> int | None:
    """Median days from created to won, of what was won in the year before the as-of day."""
    with known_on(reader, scope.as_of) as then:
        days = cycles(then, replace(scope, period=year_before(scope.as_of)))
    counts: Counter[int] = Counter()
    for _, cycle, count in days:
        counts[max(cycle, 0)] += count
    middle = median(counts)
    return None if middle is None else round(middle)


def days_in_stages(reader: Reader, scope: Scope) -> Counter[str]:
    """Days that deals lay in each stage within the period, whatever became of them."""
    first, last = (to_day(day) for day in days_of(scope))
    last = min(last, to_day(scope.as_of))
    found: Counter[str] = Counter()
    with known_on(reader, scope.as_of) as then:
        rows = then.rows(
            "SELECT stage_id, entered_on, coalesce(left_on, :end), count(*) FROM passage"
            " WHERE entered_on IS NOT NULL AND entered_on <= :last"
            " AND (left_on IS NULL OR left_on >= :first) GROUP BY stage_id, entered_on, left_on",
            first=first, last=last, end=last + 1,
        )  # fmt: skip
    for stage_id, entered, left, count in rows:
        found[stage_id] += count * max(min(left, last + 1) - max(entered, first), 0)
    return found
