"""What one rep is paid for one period, for which deals, and by what mean amount of those to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import repeat
from math import floor

from salestui.analytics.facts import closed
from salestui.analytics.past import known_on
from salestui.analytics.periods import year_before
from salestui.analytics.plan.distribution import (
    expectation,
    interval_of,
)
from salestui.analytics.plan.standing import Standing, days_of
from salestui.analytics.plan.tiers import WHOLE, Tier, for_deals, next_step, pays
from salestui.analytics.scope import Scope, conditions
from salestui.analytics.selling.margin import won_deals
from salestui.models.vocabulary import Measure, Outcome
from salestui.queries.plans import PlanLine
from salestui.store.reader import Reader
from salestui.text import Period, from_day

_OWN_WINS = 20
"""Wins from which a rep's own mean amount says more than everybody's."""


@dataclass(frozen=True, slots=True)
class Pay:
    """A bonus of one rep and period in minor units, what the next tier needs, and its chance.

    `earned` is what is paid out: whole minor units, so that what all are paid is the sum of it.
    """

    earned: int
    likely: float | None
    low: float | None
    high: float | None
    missing: float | None
    missing_deals: float | None
    next_bp: int | None
    p_next: float | None


def whole_minor(minor: float) -> int:
    """The nearest minor unit, half up; what a product of floats is off by decides nothing."""
    return floor(round(minor, 6) + 0.5)


@dataclass(frozen=True, slots=True)
class Usual:
    """What deals are won for: the mean of those with an amount, and how many of all there are for each
    minor unit.
    """

    mean: float
    each: float


def pay(plan: PlanLine, standing: Standing, usual: Usual | None, deals: Sequence[float]) -> Pay:
    """Earned b(won), likely E[b(X)], and the missing sum / mean amount of a deal.

    `deals` are those won, in their order: so much a deal is earned for whole ones. To it comes, of what
    is likely, b(X) - b(won) with as many deals for an amount as there usually are.
    """
    quota = standing.target or 0.0
    tiers = [Tier(t.from_bp, t.fixed_minor, t.rate_bp, t.per_deal_minor) for t in plan.tiers]
    is_count = plan.measure == Measure.COUNT
    per_unit = usual.each if usual is not None and not is_count else 0.0
    earned = pays(tiers, quota, standing.won, per_unit=0) + for_deals(tiers, quota, deals)
    paid = pays(tiers, quota, standing.won, per_unit=per_unit)

    def value(won: float) -> float:
        return earned + pays(tiers, quota, won, per_unit=per_unit) - paid

    @cache
    def counted(won: float) -> float:
        return pays(tiers, quota, won, per_unit=0) + for_deals(tiers, quota, repeat(1, int(won)))

    likely = low = high = None
    if standing.outlook is not None:
        sample = standing.outlook.points()
        paid_for = counted if is_count else value
        likely = expectation(paid_for, sample)
        low, high = interval_of(paid_for, sample)
    step = next_step(tiers, quota, standing.won)
    missing = None if step is None else step - standing.won
    missing_deals = missing
    if missing is not None and not is_count:
        missing_deals = missing / usual.mean if usual is not None else None
    next_bp = None if step is None or not quota else round(step / quota * WHOLE)
    p_next = None
    if step is not None and standing.outlook is not None:
        p_next = standing.outlook.chance(step)
    return Pay(whole_minor(earned), likely, low, high, missing, missing_deals, next_bp, p_next)


_IN_ORDER = """
SELECT id, owner_id, currency, amount_minor FROM deal
WHERE outcome = 'won' AND deleted_at IS NULL AND owner_id IS NOT NULL {conditions}
ORDER BY closed_on, number
"""


def won_in_order(reader: Reader, scope: Scope, plan: PlanLine) -> dict[str, list[float]]:
    """What each rep won in a bounded scope, deal by deal, as the plan measures it; empty for one that
    pays nothing a deal.

    In the order of the days won, within a day in that of the deals' numbers.
    """
    found: dict[str, list[float]] = {}
    first, last = days_of(scope)
    if scope.as_of < first or not any(tier.per_deal_minor for tier in plan.tiers):
        return found
    cut = replace(scope, period=Period(first, min(last, scope.as_of), ""))
    narrow, values = conditions(cut, "closed_on")
    is_margin = plan.measure == Measure.MARGIN
    costs = {d.deal_id: d.cost for d in won_deals(reader, cut, "owner_id")} if is_margin else {}
    with known_on(reader, scope.as_of) as then:
        rows = then.rows(_IN_ORDER.replace("{conditions}", narrow), **values)
    for deal_id, owner, currency, amount in rows:
        if plan.measure == Measure.COUNT:
            found.setdefault(owner, []).append(1)
        elif currency != plan.currency:
            continue
        elif not is_margin:
            found.setdefault(owner, []).append(amount or 0)
        elif (cost := costs.get(deal_id)) is not None:
            found.setdefault(owner, []).append(amount - cost)
    return found


_WINS = """
SELECT id, owner_id, currency, closed_on FROM deal
WHERE outcome = 'won' AND deleted_at IS NULL AND owner_id IS NOT NULL {conditions}
"""


def deals_counted(
    reader: Reader, scope: Scope, paid: Iterable[tuple[str, PlanLine, Period]]
) -> int:
    """How many of the deals won count for a rep, by that plan, in that period; one for two plans once."""
    known: dict[str, list[tuple[PlanLine, Period]]] = {}
    for rep_id, plan, period in paid:
        known.setdefault(rep_id, []).append((plan, period))
    of_all = [each for own in known.values() for each in own]
    first = min((period.first or date.min for _, period in of_all), default=date.max)
    last = min(max((period.last or date.max for _, period in of_all), default=first), scope.as_of)
    if first > last:
        return 0
    cut = replace(scope, period=Period(first, last, ""))
    has_margin = any(plan.measure == Measure.MARGIN for plan, _ in of_all)
    made = won_deals(reader, cut, "owner_id") if has_margin else ()
    costed = {deal.deal_id for deal in made if deal.cost is not None}
    narrow, values = conditions(cut, "closed_on")
    with known_on(reader, scope.as_of) as then:
        wins = then.rows(_WINS.replace("{conditions}", narrow), **values)

    def counts(plan: PlanLine, period: Period, deal_id: str, currency: str, day: date) -> bool:
        is_in = (period.first or date.min) <= day <= (period.last or date.max)
        if not is_in or plan.measure == Measure.COUNT:
            return is_in
        return currency == plan.currency and (plan.measure != Measure.MARGIN or deal_id in costed)

    return sum(
        any(counts(*each, deal_id, currency, from_day(day)) for each in known.get(owner, ()))
        for deal_id, owner, currency, day in wins
    )


Means = Mapping[tuple[str, str], tuple[int, int, int]]
"""(rep or "", currency) to (sum, deals with an amount, all deals) of what was won in the year before."""


def year_means(reader: Reader, scope: Scope) -> Means:
    """Sums and numbers of the wins of the year that ends on the as-of day."""
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    with known_on(reader, scope.as_of) as then:
        facts = closed(then, Scope(scope.as_of, year_before(scope.as_of)), ("owner_id",))
    for fact in facts:
        if fact.outcome == Outcome.WON:
            for key in {str(fact.groups[0] or ""), ""}:
                amount, priced, count = found.get((key, fact.currency), (0, 0, 0))
                more = amount + fact.amount, priced + fact.priced, count + fact.count
                found[key, fact.currency] = more
    return found


def usual_for(means: Means, rep_id: str, currency: str) -> Usual | None:
    """The rep's own from 20 wins on, else everybody's; `None` where no amount is known."""
    own = means.get((rep_id, currency), (0, 0, 0))
    whole = means.get(("", currency), (0, 0, 0))
    amount, priced, count = own if own[1] >= _OWN_WINS else whole
    return Usual(amount / priced, count / amount) if amount > 0 and priced else None
