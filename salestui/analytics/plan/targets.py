"""The quota of a subject for any period, from the quotas that were set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from salestui.models.vocabulary import Measure
from salestui.queries.plans import QuotaLine


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be won: minor units of `currency`, or deals. `is_whole`: the days are covered exactly."""

    measure: str
    currency: str
    value: float
    is_whole: bool = True


def value_of(quota: QuotaLine) -> int:
    """The quota's amount or number of deals."""
    return (quota.deals if quota.measure == Measure.COUNT else quota.amount_minor) or 0


def targets(quotas: Iterable[QuotaLine], first: date, last: date) -> list[Target]:
    """The targets of one subject for `first`..`last`, one for each measure and currency.

    The quotas within these days where they cover all of them, the longest first and none twice; else the
    part of a longer one by working days; else those within them though there are days without.
    """
    kept: dict[tuple[str, str], list[QuotaLine]] = {}
    for quota in quotas:
        currency = "" if quota.measure == Measure.COUNT else quota.currency
        kept.setdefault((quota.measure, currency), []).append(quota)
    return [
        Target(measure, currency, *found)
        for (measure, currency), listed in sorted(kept.items())
        if (found := _resolved(listed, first, last)) is not None
    ]


def _resolved(listed: Sequence[QuotaLine], first: date, last: date) -> tuple[float, bool] | None:
    inside = list(_apart(q for q in listed if first <= q.first_on and q.last_on <= last))
    is_covered = sum((q.last_on - q.first_on).days + 1 for q in inside) == (last - first).days + 1
    around = [q for q in listed if q.first_on <= first and last <= q.last_on]
    if inside and (is_covered or not around):
        return sum(map(value_of, inside)), is_covered
    if not around:
        return None
    quota = min(around, key=lambda q: (q.last_on - q.first_on, q.id))
    part = working_days(first, last) / (working_days(quota.first_on, quota.last_on) or 1)
    return value_of(quota) * part, False


def _apart(quotas: Iterable[QuotaLine]) -> Iterator[QuotaLine]:
    """Quotas that share no day, the longest first."""
    taken: list[QuotaLine] = []
    for quota in sorted(quotas, key=lambda q: (q.first_on - q.last_on, q.first_on, q.id)):
        if all(quota.last_on < other.first_on or other.last_on < quota.first_on for other in taken):
            taken.append(quota)
            yield quota


def added(parts: Iterable[Target]) -> list[Target]:
    """The sums of many subjects' targets, each measure and currency by itself."""
    sums: dict[tuple[str, str], list[Target]] = {}
    for part in parts:
        sums.setdefault((part.measure, part.currency), []).append(part)
    return [
        Target(measure, currency, sum(t.value for t in listed), all(t.is_whole for t in listed))
        for (measure, currency), listed in sorted(sums.items())
    ]


def working_days(first: date, last: date) -> int:
    """Mondays to Fridays from `first` to `last`, both included; 0 if `last` is before `first`."""
    days = (last - first).days + 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return 5 * weeks + sum((first + timedelta(days=i)).weekday() < 5 for i in range(rest))
