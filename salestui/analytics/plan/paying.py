"""What one rep is paid for one period, and by what mean amount deals are reckoned there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from salestui.analytics.facts import closed
from salestui.analytics.measures import ratio
from salestui.analytics.past import known_on
from salestui.analytics.periods import year_before
from salestui.analytics.plan.distribution import expectation, interval_of, points
from salestui.analytics.plan.standing import Standing
from salestui.analytics.plan.tiers import WHOLE, Tier, next_step, pays
from salestui.analytics.scope import Scope
from salestui.models.vocabulary import Measure, Outcome
from salestui.queries.plans import PlanLine
from salestui.store.reader import Reader

_OWN_WINS = 20
"""Wins from which a rep's own mean amount says more than everybody's."""


@dataclass(frozen=True, slots=True)
class Pay:
    """A bonus of one rep and period in minor units, and what the next tier needs."""

    earned: float
    likely: float | None
    low: float | None
    high: float | None
    missing: float | None
    missing_deals: float | None
    next_bp: int | None


def pay(plan: PlanLine, standing: Standing, mean_amount: float | None) -> Pay:
    """Earned b(won), likely E[b(X)], and the missing sum / mean amount of a deal."""
    quota = standing.target or 0.0
    tiers = [Tier(t.from_bp, t.fixed_minor, t.rate_bp, t.per_deal_minor) for t in plan.tiers]
    is_count = plan.measure == Measure.COUNT
    per_unit = 1.0 if is_count else (1 / mean_amount if mean_amount else 0.0)
    value = partial(pays, tiers, quota, per_unit=per_unit)
    likely = low = high = None
    if standing.outlook is not None:
        sample = points(standing.outlook.quantile)
        likely = expectation(value, sample)
        low, high = interval_of(value, sample)
    step = next_step(tiers, quota, standing.won)
    missing = None if step is None else step - standing.won
    deals = missing if is_count or missing is None else missing * per_unit or None
    next_bp = None if step is None or not quota else round(step / quota * WHOLE)
    return Pay(value(standing.won), likely, low, high, missing, deals, next_bp)


Means = Mapping[tuple[str, str], tuple[int, int]]
"""(rep or "", currency) to (sum, number) of what was won in the year before."""


def year_means(reader: Reader, scope: Scope) -> Means:
    """Sums and numbers of the wins of the year that ends on the as-of day."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    with known_on(reader, scope.as_of) as then:
        facts = closed(then, Scope(scope.as_of, year_before(scope.as_of)), ("owner_id",))
    for fact in facts:
        if fact.outcome == Outcome.WON:
            for key in {str(fact.groups[0] or ""), ""}:
                amount, count = found.get((key, fact.currency), (0, 0))
                found[key, fact.currency] = amount + fact.amount, count + fact.count
    return found


def mean_amount(means: Means, rep_id: str, currency: str) -> float | None:
    """The mean of a won deal: the rep's own from 20 wins on, else everybody's."""
    own, all_wins = means.get((rep_id, currency), (0, 0)), means.get(("", currency), (0, 0))
    amount, count = own if own[1] >= _OWN_WINS else all_wins
    return ratio(amount, count) or None
