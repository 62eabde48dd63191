"""Whom calls are about, in which currency, and what was said of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from salestui.analytics.outlook.call_facts import CallFacts, Sums, newest, of_side
from salestui.analytics.plan.standing import days_of
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope
from salestui.models.vocabulary import CallSide, RepRole
from salestui.queries.plans import EVERYBODY, CallLine
from salestui.text import to_day


@dataclass(frozen=True, slots=True)
class Subject:
    """A rep, a team or everybody in one currency, and what was said of it, the newest first.

    `id` is "" of everybody, and of deals that no rep owns.
    """

    id: str
    name: str
    currency: str
    owner_ids: tuple[str, ...] | None
    said: tuple[CallLine, ...]
    is_rep: bool = True

    @property
    def whose(self) -> tuple[str | None, str | None] | None:
        """The rep or the team that a call would be about, neither of everybody; `None`: nobody can say."""
        if self.is_rep:
            return (self.id, None) if self.id else None
        return None, self.id or None

    def word(self, side: CallSide, what: str) -> Money | None:
        """What one side says, `None` if nothing."""
        call = newest(of_side(self.said, side), what)
        return None if call is None else Money(getattr(call, what), self.currency)


def subjects(scope: Scope, facts: CallFacts, sums: Sums, said: Sequence[CallLine]) -> list[Subject]:
    """Who sells in the period, who has won, has something due, or was spoken of; reps, teams, all."""
    first, last = map(to_day, days_of(scope))
    named = {person.id: person for person in facts.people}
    used = Counter(call.currency for call in said) or Counter(code for _, code in sums.keys)
    usual = used.most_common(1)[0][0] if used else ""
    found: list[Subject] = []
    spoken = {call.rep_id: call.whose for call in said if call.rep_id}
    listed = {key: person.name for key, person in named.items()} | spoken
    for key, name in sorted(listed.items(), key=lambda item: (item[1], item[0])):
        if scope.owner_ids is not None and key not in scope.owner_ids:
            continue
        mine = [call for call in said if call.rep_id == key]
        codes = {c.currency for c in mine} | {code for owner, code in sums.keys if owner == key}
        person = named.get(key)
        if not codes and person is not None and person.role == RepRole.REP and usual:
            is_there = (person.started or first) <= last and (person.left or last) >= first
            codes = {usual} if is_there else set()
        for code in sorted(codes):
            its = tuple(call for call in mine if call.currency == code)
            found.append(Subject(key, name, code, (key,), its))
    if scope.owner_ids is None:
        for code in sorted({code for owner, code in sums.keys if not owner}):
            found.append(Subject("", "nobody", code, ("",), ()))
    whole = {(c.team_id, c.currency): c.whose for c in said if c.rep_id is None}
    for (team, code), name in sorted(whole.items(), key=lambda item: (not item[0][0], item[1])):
        members = tuple(p.id for p in facts.people if team and p.team_id == team)
        its = tuple(c for c in said if c.rep_id is None and (c.team_id, c.currency) == (team, code))
        called = f"{name} (team)" if team else EVERYBODY
        found.append(Subject(team or "", called, code, members or None, its, is_rep=False))
    return found


def lead(rows: Sequence[Subject]) -> tuple[list[Column], bool]:
    """The columns that say whose a row is, and whether there are several currencies."""
    several = len({row.currency for row in rows}) > 1
    more = [Column("currency", "Currency", "text")] if several else []
    return [Column("rep", "Rep", "text"), *more], several


def deals(sums: Sums) -> int:
    """How many deals were won or are due."""
    return sum(sums.wins.values()) + sum(sums.due_deals.values())


def totalled(report: Report, is_rep: Sequence[bool], keys: Sequence[str]) -> Report:
    """With the sums over the reps; a team's or everybody's word is no part of them."""
    totals: dict[str, Cell] = {}
    for key in keys if sum(is_rep) > 1 else ():
        pairs = zip(report.cells(key), is_rep, strict=True)
        amounts = [cell for cell, counts in pairs if counts and isinstance(cell, Money)]
        if amounts:
            totals[key] = Money(sum(each.minor for each in amounts), amounts[0].currency)
    return replace(report, totals=totals)
