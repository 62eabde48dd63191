"""What each rep did and reached in a period, measure by measure: what coaching is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import Literal

from salestui.analytics.facts import closed
from salestui.analytics.measures import ratio
from salestui.analytics.passages import ADVANCED, SETTLED, tallies
from salestui.analytics.past import known_on
from salestui.analytics.past_activities import Log
from salestui.analytics.people.same_mix import (
    Beside,
    Middle,
    Samples,
    Share,
    Spread,
    share_beside,
    value_beside,
)
from salestui.analytics.pipelines import chosen, read_pipelines
from salestui.analytics.plan.standing import days_of
from salestui.analytics.scope import Scope, conditions
from salestui.analytics.selling.activity import done_in
from salestui.analytics.selling.best_third import amounts_won, main_currency
from salestui.analytics.selling.whom import Done, done_with
from salestui.analytics.stages.deviation import LEAST_CLOSED
from salestui.analytics.stages.win_rates import Rate, owner_of, win_rates
from salestui.models.vocabulary import Buyer, DecisionRole, Direction, Outcome
from salestui.store.reader import Reader
from salestui.text import to_day

_LEAST = 20
"""Cases of a stage, a kind of activity or a value from which a rep is compared at all."""
_KINDS = 4
"""Kinds of activity looked at: those most used."""

Compare = Callable[[str, Sequence[str]], Beside]
Better = Literal["more", "less", "neither"]


@dataclass(frozen=True, slots=True)
class Habit:
    """One measure over all reps. `kind` is how its values read; `better` which way is a strength.

    `chance` is the p of a rep alone, where that takes less than to compare. `qs` has the q of each rep,
    where the measure is corrected over the reps by itself.
    """

    name: str
    kind: Literal["ratio", "days", "count", "money"]
    better: Better
    compare: Compare
    chance: Callable[[str], float | None] | None = None
    qs: Mapping[str, float | None] | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """The measures, what each rep won in `currency`, and how many deals were closed.

    `elsewhere` counts each rep's deals won in other currencies: no amount of theirs is compared.
    """

    habits: tuple[Habit, ...]
    won: Mapping[str, int]
    currency: str
    counted: int
    elsewhere: Mapping[str, int] = field(default_factory=dict)


_WINS = """
SELECT owner_id, pipeline_id, product_id, currency, amount_minor, closed_on - created_on FROM deal
WHERE outcome = 'won' AND deleted_at IS NULL AND owner_id IS NOT NULL {conditions}
"""
_DONE = """
SELECT rep_id, on_day, kind, count(*) FROM {activity}
WHERE state = 'done' AND rep_id IS NOT NULL AND on_day IS NOT NULL {conditions}
GROUP BY rep_id, on_day, kind ORDER BY rep_id, on_day, kind
"""
_MET = """
SELECT activity.rep_id, count(*), CAST(sum(CASE WHEN EXISTS (SELECT 1 FROM activity_contact x
  WHERE x.activity_id = activity.id AND x.decision_role = :role AND {met})
  THEN 1 ELSE 0 END) AS BIGINT)
FROM {activity} WHERE state = 'done' AND rep_id IS NOT NULL {conditions} GROUP BY activity.rep_id
ORDER BY activity.rep_id
"""


@dataclass(slots=True)
class _Done:
    """Activities by rep: by kind, and by week counted from the period's first day."""

    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    weeks: dict[str, Counter[int]] = field(default_factory=dict)


def read_habits(reader: Reader, scope: Scope) -> Habits:
    """The measures of a bounded scope; of all reps, whoever the scope is about."""
    whole = replace(scope, owner_ids=None)
    pipelines = chosen(read_pipelines(reader), scope.pipeline_id)
    stage_ids = tuple(stage.id for each in pipelines for stage in each.stages)
    narrow, values = conditions(whole, "closed_on")
    if scope.pipeline_id is not None:
        narrow += " AND pipeline_id = :pipeline_id"
        values["pipeline_id"] = scope.pipeline_id
    with known_on(reader, scope.as_of) as then:
        currency = main_currency(then)
        facts = closed(then, whole, ("owner_id",), stage_ids=stage_ids)
        entered = tallies(then, whole, "owner_id")
        wins = then.rows(_WINS.replace("{conditions}", narrow), **values)
    elsewhere: Counter[str] = Counter()
    for fact in facts:
        if fact.outcome == Outcome.WON and fact.currency != currency and fact.groups[0]:
            elsewhere[str(fact.groups[0])] += fact.count
    rates = win_rates(facts, pipelines, owner_of)
    habits = [_of_win_rates(rates)]
    used = {key for (owner, key) in entered if owner is not None}
    several = sum(any(stage.id in used for stage in each.stages) for each in pipelines) > 1
    for pipeline in pipelines:
        for stage in pipeline.stages:
            parts = {
                str(owner): (tally.results[ADVANCED], sum(tally.results[r] for r in SETTLED))
                for (owner, key), tally in entered.items()
                if key == stage.id and owner is not None
            }
            if stage.kind != "after-sale" and any(n for _, n in parts.values()):
                name = f"{pipeline.name}: {stage.name}" if several else stage.name
                habits.append(_of_shares(f"{name} passed", "more", parts, _LEAST))
    amounts, cycles = _wins(wins, currency)
    habits += [
        _of_values("Average won deal", "money", "more", amounts, scale=_amount_scale),
        _of_values("Median cycle", "days", "less", cycles, middle="median", scale=_days_scale),
        *_of_activities(reader, whole),
    ]
    counted = sum(fact.count for fact in facts)
    return Habits(tuple(habits), amounts_won(currency, facts), currency, counted, elsewhere)


def _of_win_rates(rates: Mapping[str, Rate]) -> Habit:
    units = {owner: (each.won, each.closed) for owner, each in rates.items() if owner}
    whole = sum(each.won for each in rates.values()), sum(each.closed for each in rates.values())

    def compare(rep: str, best: Sequence[str]) -> Beside:
        made = share_beside(units, rep, best, least=LEAST_CLOSED)
        alike = rates[rep].beside.alike if rep in rates else None
        is_more = alike is None or (made.own or 0) > alike
        return replace(made, p=None, everybody=ratio(*whole), alike=alike, is_more=is_more)

    qs = {owner: each.beside.q for owner, each in rates.items()}
    return Habit("Win rate", "ratio", "more", compare, qs=qs)


def _of_shares(name: str, better: Better, units: Mapping[str, Share], least: int) -> Habit:
    def compare(rep: str, best: Sequence[str]) -> Beside:
        return share_beside(units, rep, best, least=least)

    return Habit(name, "ratio", better, compare)


def _of_values(
    name: str,
    kind: Literal["days", "count", "money"],
    better: Better,
    samples: Samples,
    *,
    middle: Middle = "mean",
    scale: Callable[[float], float | None] | None = None,
) -> Habit:
    def compare(rep: str, best: Sequence[str]) -> Beside:
        return value_beside(samples, rep, best, least=_LEAST, middle=middle, scale=scale)

    spread = Spread(samples, scale or float)
    return Habit(name, kind, better, compare, lambda rep: spread.gap(rep, _LEAST)[1])


def _amount_scale(minor: float) -> float | None:
    return log(minor) if minor > 0 else None


def _days_scale(days: float) -> float:
    """A deal won on its first day took one."""
    return log(max(days, 1))


Win = tuple[str, str, str | None, str, int | None, int | None]


def _wins(rows: Sequence[Win], currency: str) -> tuple[dict[str, dict[str, list[float]]], ...]:
    """Amounts in the currency, and days of all won deals, by owner and kind of deal.

    A kind is a product in a pipeline; those rarely won are one kind of their pipeline. As in the win
    rate, a deal without an amount is in no average, and one won before its creation has no days.
    """
    sold = Counter((row[1], row[2]) for row in rows)
    amounts: dict[str, dict[str, list[float]]] = {}
    cycles: dict[str, dict[str, list[float]]] = {}
    for owner, pipeline, product, of, amount, days in rows:
        is_rare = sold[pipeline, product] < _LEAST
        kind = f"{pipeline} {'' if is_rare else product}"
        if of == currency and amount is not None:
            amounts.setdefault(owner, {}).setdefault(kind, []).append(amount)
        if days is not None and days >= 0:
            cycles.setdefault(owner, {}).setdefault(kind, []).append(days)
    return amounts, cycles


def _of_activities(reader: Reader, scope: Scope) -> list[Habit]:
    """Activities a week, and what share is of each frequent kind, begun by whom, with whom."""
    log = done_in(reader, scope)
    first, last = days_of(scope)
    begin, end = to_day(first), to_day(min(last, scope.as_of))
    done = _Done()
    for rep, day, kind, count in log.rows(reader, _DONE):
        done.kinds.setdefault(rep, Counter())[kind] += count
        done.weeks.setdefault(rep, Counter())[(day - begin) // 7] += count
    if not done.kinds:
        return []
    weeks = (end - begin + 1) // 7
    weekly = {
        rep: {"": [float(counts[week]) for week in range(min(counts), weeks)]}
        for rep, counts in done.weeks.items()
    }
    everything: Counter[str] = Counter()
    for counts in done.kinds.values():
        everything += counts
    habits = [_of_values("Activities a week", "count", "neither", weekly)]
    for kind in sorted(everything, key=lambda kind: (-everything[kind], kind))[:_KINDS]:
        units = {rep: (counts[kind], counts.total()) for rep, counts in done.kinds.items()}
        habits.append(_of_shares(f"Of them: {kind}", "neither", units, _LEAST))
    habits += _of_structure(reader, scope, log)
    met = {
        rep: (int(of_them), int(count))
        for rep, count, of_them in log.rows(reader, _MET, role=DecisionRole.DECISION_MAKER.value)
    }
    if any(k for k, _ in met.values()):
        habits.append(_of_shares("Decision maker met", "neither", met, _LEAST))
    return habits


def _of_structure(reader: Reader, scope: Scope, log: Log) -> Iterator[Habit]:
    """The shares that we and that clients began, and that went to clients who had bought."""
    totals: Counter[str] = Counter()
    known: Counter[str] = Counter()
    found: dict[str, Counter[str]] = {name: Counter() for name in _STRUCTURE}
    for done in done_with(reader, scope.as_of, log):
        rep = done.rep_id
        if rep is None:
            continue
        totals[rep] += done.number
        known[rep] += done.number if done.buyer is not None else 0
        for name, is_of in _STRUCTURE.items():
            found[name][rep] += done.number if is_of(done) else 0
    for name, counts in found.items():
        cases = known if name == _EXISTING else totals
        units = {rep: (counts[rep], cases[rep]) for rep in sorted(totals) if cases[rep]}
        if 0 < counts.total() < cases.total():
            yield _of_shares(name, "neither", units, _LEAST)


_EXISTING = "With existing clients"
_STRUCTURE: Mapping[str, Callable[[Done], bool]] = {
    "We began": lambda done: done.direction == Direction.OUT,
    "They began": lambda done: done.direction == Direction.IN,
    _EXISTING: lambda done: done.buyer == Buyer.EXISTING,
}
