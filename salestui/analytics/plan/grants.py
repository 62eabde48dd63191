"""Who is paid by which bonus plan for which days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from salestui.analytics.past_people import people_on
from salestui.analytics.periods import stepped, this
from salestui.analytics.plan.standing import people
from salestui.analytics.plan.subjects import chosen_people
from salestui.analytics.scope import Scope
from salestui.queries.plans import GrantLine, PlanLine, bonus_grants, bonus_plans
from salestui.store.reader import Reader
from salestui.text import Period, listed


def spans_of(period: Period, span: str, as_of: date, most: int | None = None) -> Iterator[Period]:
    """The months, quarters or years in which the period lies, the first `most`; of always, today's."""
    if period.first is None or period.last is None:
        return iter([this(span, period.last or as_of)])
    return islice(_stepping(this(span, period.first), period.last), most)


def _stepping(whole: Period, last: date) -> Iterator[Period]:
    """It and those that follow, up to the one of the last day; the calendar itself has an end."""
    while whole.first is not None and whole.first <= last:
        yield whole
        following = stepped(whole, 1)
        if following == whole:
            return
        whole = following


def granted(grants: Iterable[GrantLine], plan_id: str, period: Period) -> set[str]:
    """Who is paid by the plan: those whose grant stands on the last day of the period."""
    day = period.last or date.max
    return {
        grant.rep_id for grant in grants
        if grant.plan_id == plan_id and grant.first_on <= day
        and (grant.last_on is None or grant.last_on >= day)
    }  # fmt: skip


def plan_changes(reader: Reader, scope: Scope, months: Iterable[Period]) -> Iterator[str]:
    """Which of the months a rep is paid for by no plan, or by two, as one took another's place.

    A plan that ended pays nothing for the span in which it ended, and one that began pays for all of
    its first; plans of one length follow each other without a gap, others may not.
    """
    then = people_on(reader, scope.as_of)
    plans, grants = bonus_plans(then), bonus_grants(then)
    ordered = sorted(months, key=lambda month: month.first or date.min)
    for person in chosen_people(people(then), scope):
        own = [grant for grant in grants if grant.rep_id == person.id]
        yield from _changes(person.name, plans, own, ordered)


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
