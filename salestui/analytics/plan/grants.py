"""Who is paid by which bonus plan for which days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from salestui.analytics.past_people import people_on
from salestui.analytics.periods import stepped, this
from salestui.analytics.plan.standing import people
from salestui.analytics.plan.subjects import chosen_people
from salestui.analytics.scope import Scope
from salestui.queries.plans import GrantLine, PlanLine, bonus_grants, bonus_plans
from salestui.store.reader import Reader
from salestui.text import Period, listed

_MOST_PERIODS = 12


def spans_of(period: Period, span: str, as_of: date) -> Iterator[Period]:
    """The months, quarters or years in which the period lies, a dozen at most; of always, today's."""
    first, last = period.first, period.last
    if first is None or last is None:
        yield this(span, last or as_of)
        return
    whole = this(span, first)
    for _ in range(_MOST_PERIODS):
        if whole.first is None or whole.first > last:
            return
        yield whole
        whole = stepped(whole, 1)


def granted(grants: Iterable[GrantLine], plan_id: str, period: Period) -> set[str]:
    """Who is paid by the plan: those whose grant stands on the last day of the period."""
    day = period.last or date.max
    return {
        grant.rep_id for grant in grants
        if grant.plan_id == plan_id and grant.first_on <= day
        and (grant.last_on is None or grant.last_on >= day)
    }  # fmt: skip


def plan_changes(reader: Reader, scope: Scope, *, within: bool = False) -> Iterator[str]:
    """Which months a rep is paid for by no plan, or by two, as one took another's place.

    A plan that ended pays nothing for the span in which it ended, and one that began pays for all of
    its first; plans of one length follow each other without a gap, others may not. Told of the spans in
    which the scope's period lies, or of those that lie `within` it.
    """
    then = people_on(reader, scope.as_of)
    plans, grants = bonus_plans(then), bonus_grants(then)
    spans = (
        each
        for plan in plans
        for each in spans_of(scope.period, plan.span, scope.as_of)
        if not within or is_within(each, scope.period)
    )
    whole = {month for each in spans for month in spans_of(each, "month", scope.as_of)}
    months = sorted(whole, key=lambda month: month.first or date.min)
    for person in chosen_people(people(then), scope):
        own = [grant for grant in grants if grant.rep_id == person.id]
        yield from _changes(person.name, plans, own, months)


def is_within(span: Period, period: Period) -> bool:
    """Whether it lies wholly in the period."""
    return (period.first or date.min) <= (span.first or date.min) and (span.last or date.max) <= (
        period.last or date.max
    )


def _changes(
    name: str, plans: Sequence[PlanLine], grants: Sequence[GrantLine], months: Iterable[Period]
) -> Iterator[str]:
    unpaid: dict[str, list[str]] = {}
    twice: dict[str, list[str]] = {}
    for month in months:
        first, last = month.first or date.min, month.last or date.max
        own = [(plan, this(plan.span, first)) for plan in plans]
        paid_by = [plan.name for plan, span in own if granted(grants, plan.id, span)]
        if len(paid_by) > 1:
            twice.setdefault(listed(paid_by), []).append(month.label)
        for plan, span in own:
            for grant in grants:
                until = grant.last_on
                if paid_by or grant.plan_id != plan.id or until is None:
                    continue
                if grant.first_on <= last and until >= first:
                    ended = f"{plan.name} ended on {until.isoformat()} and pays nothing for {span.label}"
                    unpaid.setdefault(ended, []).append(month.label)
    for ended, labels in unpaid.items():
        yield f"{name} is paid by no plan for {listed(labels)}: {ended}."
    for both, labels in twice.items():
        yield f"{name} is paid more than once for {listed(labels)}: by {both}."
