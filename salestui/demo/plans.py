"""What the demo team plans by: quotas of teams and everybody, a bonus plan, costs, and what is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from salestui.demo import company
from salestui.demo.clients import Row
from salestui.demo.house import House, quarter_of, quarters
from salestui.demo.life import Life, working_day
from salestui.models.keys import new_key
from salestui.models.people import Team
from salestui.models.plans import BonusGrant, BonusPlan, BonusTier, Cost, ForecastCall, Quota
from salestui.models.vocabulary import CallSide, CostKind, ForecastCategory, Measure, Outcome
from salestui.store.unit import Unit

_CALLS_BACK = (28, 14, 5)
"""Days before today on which the reps said what they would win."""
_ADJUSTED = ((company.NEWCOMER, 0.7, "Two of these are still at the demonstration"),
             (company.STAR, 1.15, "Always says less than comes"))  # fmt: skip


def plan(unit: Unit, home: House, lives: Sequence[Life], seed: int) -> None:
    """Write all of it. Its own dice leave the rest of the team as it is."""
    rng = Random(f"plans {seed}")
    teams = {team.name: team.id for team in unit.live(Team)}
    unit.insert_many(Quota, list(_quotas(home, teams)))
    unit.insert_many(Cost, list(_costs(rng, home)))
    _grant_bonuses(unit, home)
    unit.insert_many(ForecastCall, list(_calls(rng, home, lives)))


def _period(home: House, first: date) -> Row:
    """A quarter's days, and a day shortly before it on which it was planned."""
    planned = datetime.combine(max(first, home.first_on) - timedelta(days=10), time(9), UTC)
    return {
        "first_on": first,
        "last_on": quarter_of(first + timedelta(days=100)) - timedelta(days=1),
        "currency": "EUR",
        "created_at": min(planned, datetime.combine(home.as_of, time(), UTC)),
    }


def _there(seller: company.Seller, home: House, first: date) -> bool:
    """Whether the seller has started before the quarter's end."""
    start = home.as_of - timedelta(days=seller.started_days_ago)
    return quarter_of(first + timedelta(days=100)) > start


def _quotas(home: House, teams: dict[str, str]) -> Iterator[Row]:
    """A team is to bring 92 % of what its reps are: one may fail. Everybody's is the teams' sum."""
    for first in quarters(home.as_of):
        whole = wins = 0
        for name, team_id in teams.items():
            sellers = [s for s in company.SELLERS if s.team == name and _there(s, home, first)]
            amount = round(sum(s.quarter for s in sellers) * 0.92 / 1_000_000) * 1_000_000
            whole, wins = whole + amount, wins + 7 * len(sellers)
            yield {**_period(home, first), "team_id": team_id, "measure": Measure.REVENUE,
                   "amount_minor": amount}  # fmt: skip
        yield {**_period(home, first), "measure": Measure.REVENUE, "amount_minor": whole}
        yield {**_period(home, first), "measure": Measure.COUNT, "deals": wins}


def _costs(rng: Random, home: House) -> Iterator[Row]:
    """Salaries of the reps, and what fairs, lists and programs cost everybody, quarter by quarter."""
    for first in quarters(home.as_of):
        for seller in company.SELLERS:
            if _there(seller, home, first):
                yield {**_period(home, first), "kind": CostKind.SALARY,
                       "rep_id": home.reps[seller.name],
                       "amount_minor": company.SALARY + seller.quarter // 100}  # fmt: skip
        for kind, amount in ((CostKind.LEADS, company.LEADS), (CostKind.TOOLS, company.TOOLS)):
            spent = round(amount * rng.uniform(0.8, 1.2) / 10_000) * 10_000
            yield {**_period(home, first), "kind": kind, "amount_minor": spent}


def _grant_bonuses(unit: Unit, home: House) -> None:
    plan = {
        "id": new_key(), "name": company.BONUS, "currency": "EUR",
        "created_at": _period(home, quarter_of(home.first_on))["created_at"],
    }  # fmt: skip
    common = {"plan_id": plan["id"], "created_at": plan["created_at"]}
    starts = {
        home.reps[seller.name]: home.as_of - timedelta(days=seller.started_days_ago)
        for seller in company.SELLERS
    }
    unit.insert_many(BonusPlan, [plan])
    unit.insert_many(BonusTier, [{**common, "from_bp": at, **pays} for at, pays in company.TIERS])
    unit.insert_many(
        BonusGrant,
        [
            {**common, "rep_id": rep_id, "first_on": max(start, quarter_of(home.first_on))}
            for rep_id, start in starts.items()
        ],
    )


def _calls(rng: Random, home: House, lives: Sequence[Life]) -> Iterator[Row]:
    """Every rep's word of the running quarter, changed as it goes on, and the managers' over two."""
    first = quarter_of(home.as_of)
    period = _period(home, first)
    last = period["last_on"]
    said: dict[str, int] = {}
    for days in _CALLS_BACK:
        day = working_day(home.as_of - timedelta(days=days))
        day = min(day, home.as_of - timedelta(days=1))
        for seller in company.SELLERS:
            commit, best = _hopes(lives, home.reps[seller.name], first, last)
            said[seller.name] = _thousands(commit * rng.uniform(0.8, 1.1))
            yield {
                **period, "created_at": _morning(day, 8), "side": CallSide.REP,
                "rep_id": home.reps[seller.name], "author_id": home.reps[seller.name],
                "commit_minor": said[seller.name],
                "best_minor": max(_thousands(best * rng.uniform(0.9, 1.1)), said[seller.name]),
            }  # fmt: skip
    day = home.as_of - timedelta(days=1)
    managers = {s.name: home.reps[company.MANAGERS[s.team]] for s in company.SELLERS}
    for name, share, why in _ADJUSTED:
        if name in said:
            yield {
                **period, "created_at": _morning(day, 15), "side": CallSide.MANAGER,
                "rep_id": home.reps[name], "author_id": managers[name],
                "commit_minor": _thousands(said[name] * share), "notes": why,
            }  # fmt: skip


def _hopes(lives: Sequence[Life], rep_id: str, first: date, last: date) -> tuple[float, float]:
    """What was won in EUR, with the deals the rep commits to; and with all that are due."""
    won = sure = hoped = 0.0
    for life in lives:
        facts: dict[str, Any] = life.facts
        amount = facts["amount_minor"] or 0
        if facts["owner_id"] != rep_id or facts["currency"] != "EUR":
            continue
        if life.outcome == Outcome.WON and life.closed_on and first <= life.closed_on:
            won += amount
        elif life.outcome == Outcome.OPEN and (facts["expected_close_on"] or first) <= last:
            is_sure = facts["forecast_category"] == ForecastCategory.COMMIT
            sure += amount if is_sure else 0.15 * amount
            hoped += amount if is_sure else 0.5 * amount
    return won + sure, won + hoped


def _thousands(minor: float) -> int:
    return round(minor / 100_000) * 100_000


def _morning(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)
