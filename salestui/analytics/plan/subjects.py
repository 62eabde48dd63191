"""Standings of reps, teams and everybody: each against its own quota, or the sum of its reps'.

A sum is held against the wins of those whose quotas it is of, never against anybody else's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from salestui.analytics.plan.distribution import Distribution, together
from salestui.analytics.plan.standing import Facts, Person, Standing, Won
from salestui.analytics.plan.targets import Target, added, targets
from salestui.analytics.scope import Scope, owners_word
from salestui.models.vocabulary import Measure, RepRole
from salestui.queries.plans import EVERYBODY, QuotaLine

BY = ("rep", "team", "everybody")
_ORDER: Sequence[str] = (Measure.REVENUE, Measure.MARGIN, Measure.COUNT)
_SET, _SUM, _PART = "set", "sum", "in part"


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


def whole(facts: Facts, scope: Scope, rows: Sequence[Standing]) -> Standing | None:
    """What several subjects come to, against one target; `None` where nothing can be added.

    It is the quota of all of them together where there is one, against all that they won; else the sum of
    theirs, against the wins of those it is of.
    """
    if len({row.id for row in rows}) < 2:
        return None
    known = {(row.measure, row.currency) for row in rows if row.target is not None}
    of_all = targets(_of_all(facts, scope), *facts.period)
    if of_all:
        target = min(
            of_all, key=lambda t: ((t.measure, t.currency) not in known, _ORDER.index(t.measure))
        )
        if sum(each.measure == target.measure for each in of_all) > 1:
            return None
        owner_ids = scope.owner_ids
        origin = _SET if target.is_whole else _PART
        return _standing(facts, "", "All", owner_ids, target, origin)
    keys = known or {(row.measure, row.currency) for row in rows}
    if len(keys) != 1:
        return None
    counted = [row for row in rows if row.target is not None or not known]
    owners = tuple({owner for row in counted for owner in row.owner_ids or ()})
    target = Target(*next(iter(keys)), sum(row.target or 0 for row in counted))
    made = replace(
        _standing(facts, "", "All", owners, target, _SUM if known else ""),
        having=sum(row.having for row in counted),
        reps=sum({row.id: row.reps for row in sorted(rows, key=lambda row: row.reps)}.values()),
    )
    # What nobody owns has no forecast: then the sum has none either.
    is_whole = all(row.outlook for row in counted if None in (row.owner_ids or ()))
    return made if is_whole else replace(made, outlook=None)


def _of_all(facts: Facts, scope: Scope) -> list[QuotaLine]:
    """The quotas of the company, or of the one team that the scope is of."""
    if scope.owner_ids is None:
        return [quota for quota in facts.quotas if quota.rep_id is None and quota.team_id is None]
    teams = {person.team_id for person in chosen_people(facts.people, scope)}
    if not scope.is_of_teams or len(teams) != 1:
        return []
    return [quota for quota in facts.quotas if quota.team_id in teams - {None}]


def _won(facts: Facts, owner_ids: Collection[str | None] | None) -> Won:
    won = Won()
    for owner, part in facts.won.items():
        if owner_ids is None or owner in owner_ids:
            won.take(part)
    return won


def _rows(
    facts: Facts,
    subject_id: str,
    name: str,
    own: Iterable[QuotaLine],
    owner_ids: Collection[str | None] | None,
) -> Iterator[Standing]:
    """A row for each measure and currency that has a target, or else for each currency won.

    A target that is the sum of some reps' is held against what these won; what the others won has a row
    of its own.
    """
    won = _won(facts, owner_ids)
    found = {
        (t.measure, t.currency): (t, _SET if t.is_whole else _PART)
        for t in targets(own, *facts.period)
    }
    for target, origin in found.values():
        made = _standing(facts, subject_id, name, owner_ids, target, origin)
        yield replace(made, having=made.reps)
    summed = {key: of for key, of in _of_members(facts, owner_ids).items() if key not in found}
    for parts in summed.values():
        yield _of_the_sum(facts, subject_id, name, parts, owner_ids)
    for currency in sorted(won.amount):
        key = (Measure.REVENUE, currency)
        if key not in found and won.deals[currency]:
            yield from _of_the_others(
                facts, subject_id, name, currency, owner_ids, summed.get(key, ())
            )


def _of_the_sum(
    facts: Facts,
    subject_id: str,
    name: str,
    parts: Mapping[str, Target],
    owner_ids: Collection[str | None] | None,
) -> Standing:
    """The reps who have a target against the sum of theirs."""
    target = added(parts.values())[0]
    made = _standing(facts, subject_id, name, tuple(parts), target, _SUM)
    return replace(made, having=len(parts), reps=_count(facts, owner_ids, parts))


def _of_the_others(
    facts: Facts,
    subject_id: str,
    name: str,
    currency: str,
    owner_ids: Collection[str | None] | None,
    counted: Collection[str],
) -> Iterator[Standing]:
    """What those won who are not `counted` against a sum, if anything; of all, where nobody is."""
    if counted:
        everyone = facts.won if owner_ids is None else owner_ids
        owner_ids = [key for key in everyone if key not in counted]
        name = f"{name}, the others"
    if _won(facts, owner_ids).deals[currency]:
        made = _standing(
            facts, subject_id, name, owner_ids, Target(Measure.REVENUE, currency, 0), ""
        )
        yield replace(made, reps=0) if counted else made


def _of_members(
    facts: Facts, owner_ids: Collection[str | None] | None
) -> dict[tuple[str, str], dict[str, Target]]:
    """By measure and currency: the reps who have a target, and theirs."""
    found: dict[tuple[str, str], dict[str, Target]] = {}
    for person in facts.people:
        if owner_ids is None or person.id in owner_ids:
            quotas = (quota for quota in facts.quotas if quota.rep_id == person.id)
            for target in targets(quotas, *facts.period):
                found.setdefault((target.measure, target.currency), {})[person.id] = target
    return found


def _count(
    facts: Facts, owner_ids: Collection[str | None] | None, besides: Collection[str] = ()
) -> int:
    """How many reps of these sold or could sell in the period, and those `besides`."""
    return sum(_is_there(p, facts, owner_ids) or p.id in besides for p in facts.people)


def _is_there(person: Person, facts: Facts, owner_ids: Collection[str | None] | None) -> bool:
    """Whether a rep of these sold or could sell in the period."""
    is_one = owner_ids is None or person.id in owner_ids
    return is_one and (person.id in facts.won or _sells(person, facts))


def _standing(
    facts: Facts,
    subject_id: str,
    name: str,
    owner_ids: Collection[str | None] | None,
    target: Target,
    origin: str,
) -> Standing:
    won = _won(facts, owner_ids)
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
        target=target.value if origin else None,
        origin=origin,
        won=sum_won,
        deals=deals,
        due=target.value * share if origin else None,
        outlook=_outlook(facts, target, owner_ids, sum_won),
        owner_ids=None if owner_ids is None else tuple(owner_ids),
        reps=_count(facts, owner_ids),
        uncounted=_uncounted(facts) if target.measure == Measure.COUNT else (),
    )


def _uncounted(facts: Facts) -> tuple[str, ...]:
    """Currencies that are not forecast while others are."""
    lacking = {c for c, each in facts.ahead.items() if each.forecast and not each.forecast.is_known}
    return () if len(lacking) == len(facts.ahead) else tuple(sorted(lacking))


def _outlook(
    facts: Facts, target: Target, owner_ids: Collection[str | None] | None, won: int
) -> Distribution | None:
    """What was won and what is forecast; a count is of all currencies, a margin has no forecast."""
    if target.measure == Measure.MARGIN:
        return None
    owners = None if owner_ids is None else [key for key in owner_ids if key is not None]
    if target.measure == Measure.COUNT:
        parts = (ahead.outlook("count", owners) for ahead in facts.ahead.values())
        rest = together([part for part in parts if part is not None])
    else:
        known = facts.ahead.get(target.currency)
        rest = None if known is None else known.outlook("revenue", owners)
    return rest and replace(rest, won=won)
