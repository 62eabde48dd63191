"""Standings of reps, teams and everybody: each against its own quota, or the sum of its reps'."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from salestui.analytics.plan.distribution import Distribution, together
from salestui.analytics.plan.standing import Facts, Person, Standing, Won
from salestui.analytics.plan.targets import Target, added, targets
from salestui.analytics.scope import Scope, owners_word
from salestui.models.vocabulary import Measure, RepRole
from salestui.queries.plans import EVERYBODY, QuotaLine

BY = ("rep", "team", "everybody")
_SET, _SUM, _PART = "set", "its reps", "in part"


def standings(facts: Facts, scope: Scope, by: str) -> list[Standing]:
    """The rows by rep, by team, or one of everybody; only those the scope is about."""
    if by == "rep":
        return list(_of_reps(facts, scope))
    if by == "team":
        return list(_of_teams(facts, scope))
    owner_ids = scope.owner_ids
    own = [q for q in facts.quotas if q.rep_id is None and q.team_id is None]
    name = owners_word(scope.words) or EVERYBODY
    if owner_ids is not None:
        own = []
    return list(_rows(facts, "", name, own, owner_ids))


def _of_reps(facts: Facts, scope: Scope) -> Iterator[Standing]:
    for person in chosen_people(facts.people, scope):
        own = [quota for quota in facts.quotas if quota.rep_id == person.id]
        if own or person.id in facts.won or _sells(person, facts):
            yield from _rows(facts, person.id, person.name, own, (person.id,))
    if scope.owner_ids is None and None in facts.won:
        yield from _rows(facts, "", "nobody", [], (None,))


def _of_teams(facts: Facts, scope: Scope) -> Iterator[Standing]:
    members: dict[str | None, list[str]] = {}
    for person in chosen_people(facts.people, scope):
        members.setdefault(person.team_id, []).append(person.id)
    for team_id in sorted(members, key=lambda key: (key is None, facts.teams.get(key or "", ""))):
        is_whole = scope.owner_ids is None or scope.is_of_teams
        own = [q for q in facts.quotas if is_whole and team_id and q.team_id == team_id]
        name = facts.teams.get(team_id or "", "no team")
        yield from _rows(facts, team_id or "", name, own, tuple(members[team_id]))


def chosen_people(people: Iterable[Person], scope: Scope) -> list[Person]:
    """Those the scope is about."""
    return [p for p in people if scope.owner_ids is None or p.id in scope.owner_ids]


def _sells(person: Person, facts: Facts) -> bool:
    """A rep who was there on a day of the period."""
    from salestui.text import to_day

    first, last = map(to_day, facts.period)
    is_there = (person.started or first) <= last and (person.left is None or person.left >= first)
    return person.role == RepRole.REP and is_there


def _rows(
    facts: Facts,
    subject_id: str,
    name: str,
    own: Iterable[QuotaLine],
    owner_ids: Collection[str | None] | None,
) -> Iterator[Standing]:
    """A row for each measure and currency that has a target, or else for each currency won."""
    won = Won()
    for owner, part in facts.won.items():
        if owner_ids is None or owner in owner_ids:
            won.take(part)
    found = {
        (t.measure, t.currency): (t, _SET if t.is_whole else _PART)
        for t in targets(own, *facts.period)
    }
    for target in added(_of_members(facts, owner_ids)):
        found.setdefault((target.measure, target.currency), (target, _SUM))
    for target, basis in found.values():
        yield _standing(facts, subject_id, name, won, owner_ids, target, basis)
    for currency in sorted(won.amount):
        if (Measure.REVENUE, currency) not in found and won.deals[currency]:
            yield _standing(
                facts, subject_id, name, won, owner_ids, Target(Measure.REVENUE, currency, 0), ""
            )


def _of_members(facts: Facts, owner_ids: Collection[str | None] | None) -> Iterator[Target]:
    for person in facts.people:
        if owner_ids is None or person.id in owner_ids:
            quotas = (quota for quota in facts.quotas if quota.rep_id == person.id)
            yield from targets(quotas, *facts.period)


def _standing(
    facts: Facts,
    subject_id: str,
    name: str,
    won: Won,
    owner_ids: Collection[str | None] | None,
    target: Target,
    basis: str,
) -> Standing:
    sum_won = won.of(target.measure, target.currency)
    deals = won.deals.total() if not target.currency else won.deals[target.currency]
    if target.measure == Measure.MARGIN:
        deals = won.costed[target.currency]
    ahead = facts.ahead.get(target.currency or next(iter(facts.ahead), ""))
    share = facts.past_share if ahead is None or ahead.due is None else ahead.due
    return Standing(
        id=subject_id,
        name=name,
        measure=target.measure,
        currency=target.currency,
        target=target.value if basis else None,
        basis=basis,
        won=sum_won,
        deals=deals,
        due=target.value * share if basis else None,
        outlook=_outlook(facts, target, owner_ids, sum_won),
    )


def _outlook(
    facts: Facts, target: Target, owner_ids: Collection[str | None] | None, won: int
) -> Distribution | None:
    """What was won and what is forecast; a count is of all currencies, a margin has no forecast."""
    if target.measure == Measure.MARGIN:
        return None
    owners = None if owner_ids is None else [key for key in owner_ids if key is not None]
    if target.measure == Measure.COUNT:
        parts = [ahead.outlook("count", owners) for ahead in facts.ahead.values()]
    else:
        known = facts.ahead.get(target.currency)
        parts = [known.outlook("revenue", owners)] if known is not None else []
    rest = together([part for part in parts if part is not None])
    return rest and Distribution(won, rest.rest, rest.low, rest.high)
