"""What was spent on selling in a period: costs by their days, and hours at their rate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor

from salestui.models.vocabulary import CostKind
from salestui.queries.plans import CostLine
from salestui.text import from_day

BONUS = "bonus"
"""What was earned by a bonus plan, beside the kinds of cost that are set."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Minor units of `currency` for one kind, of a rep, a team or everybody (neither)."""

    kind: str
    rep_id: str | None
    team_id: str | None
    currency: str
    minor: float


@dataclass(frozen=True, slots=True)
class Work:
    """Minutes of logged activity of one rep on one day in one stage (`None`: about no deal)."""

    rep_id: str | None
    day: int
    stage_id: str | None
    minutes: int


def spent(costs: Iterable[CostLine], first: date, last: date) -> Iterator[Spent]:
    """Each cost but the hourly ones, by the share of its calendar days that lie in first..last."""
    for cost in costs:
        share = part_of(cost.first_on, cost.last_on, first, last)
        if cost.kind != CostKind.HOURLY and share:
            yield Spent(
                cost.kind, cost.rep_id, cost.team_id, cost.currency, cost.amount_minor * share
            )


def part_of(first: date, last: date, begin: date, end: date) -> float:
    """The share of the days first..last that lie in begin..end."""
    inside = (min(last, end) - max(first, begin)).days + 1
    return max(inside, 0) / ((last - first).days + 1)


class Rates:
    """The price of an hour: the rep's own, else the team's, else everybody's; of that day."""

    def __init__(self, costs: Iterable[CostLine], team_of: dict[str, str | None]) -> None:
        self._hourly = [cost for cost in costs if cost.kind == CostKind.HOURLY]
        self._team_of = team_of

    def on(self, rep_id: str | None, day: int) -> CostLine | None:
        """The rate that holds; `None` where nobody has set one."""
        when, team = from_day(day), self._team_of.get(rep_id or "")
        best: tuple[int, CostLine] | None = None
        for cost in self._hourly:
            if not cost.first_on <= when <= cost.last_on:
                continue
            if cost.rep_id is not None:
                rank = 3 if cost.rep_id == rep_id else 0
            elif cost.team_id is not None:
                rank = 2 if cost.team_id == team else 0
            else:
                rank = 1
            if rank and (best is None or rank > best[0]):
                best = rank, cost
        return best[1] if best else None


def priced(work: Iterable[Work], rates: Rates) -> Iterator[tuple[Work, str, float]]:
    """(work, currency, minor units) of what has a rate: minutes / 60 x the rate of an hour."""
    known: dict[tuple[str | None, int], CostLine | None] = {}
    for each in work:
        key = each.rep_id, each.day
        if key not in known:
            known[key] = rates.on(*key)
        rate = known[key]
        if rate is not None:
            yield each, rate.currency, each.minutes / 60 * rate.amount_minor


def hours_spent(work: Iterable[Work], rates: Rates) -> list[Spent]:
    """The price of each rep's hours."""
    sums: dict[tuple[str | None, str], float] = {}
    for each, currency, minor in priced(work, rates):
        sums[each.rep_id, currency] = sums.get((each.rep_id, currency), 0.0) + minor
    return [
        Spent(CostKind.HOURLY.value, rep_id, None, currency, minor)
        for (rep_id, currency), minor in sums.items()
    ]


def shared_out(total: float, weights: Sequence[float]) -> list[float]:
    """`total` in proportion to `weights`; nothing where all are 0."""
    whole = sum(weights)
    return [total * weight / whole if whole else 0.0 for weight in weights]


def whole_parts(total: float, weights: Sequence[float]) -> list[int]:
    """What is `shared_out` in whole minor units, which add up to the rounded total (Hamilton)."""
    parts = shared_out(total, weights)
    whole = [floor(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: whole[i] - parts[i])
    for i in order[: round(total) - sum(whole)]:
        whole[i] += 1
    return whole
