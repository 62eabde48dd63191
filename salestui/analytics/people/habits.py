"""What each rep did and reached in a period, measure by measure: what coaching is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from salestui.analytics.facts import closed
from salestui.analytics.passages import ADVANCED, SETTLED, tallies
from salestui.analytics.past import known_on
from salestui.analytics.people.beside import Beside, Share, share_beside, value_beside
from salestui.analytics.pipelines import chosen, read_pipelines
from salestui.analytics.plan.standing import days_of
from salestui.analytics.scope import Scope, conditions
from salestui.analytics.selling.activity import in_scope
from salestui.analytics.stages.deviation import LEAST_CLOSED
from salestui.models.vocabulary import DecisionRole, Outcome
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
    """One measure over all reps. `kind` is how its values read; `better` which way is a strength."""

    name: str
    kind: Literal["ratio", "days", "count", "money"]
    better: Better
    compare: Compare


@dataclass(frozen=True, slots=True)
class Habits:
    """The measures, what each rep won in `currency`, and who was at work."""

    habits: tuple[Habit, ...]
    won: Mapping[str, int]
    currency: str
    counted: int


_WINS = """
SELECT owner_id, amount_minor, closed_on - created_on FROM deal
WHERE outcome = 'won' AND deleted_at IS NULL AND owner_id IS NOT NULL AND currency = :currency {conditions}
"""
_DONE = """
SELECT rep_id, on_day, kind, count(*) FROM activity
WHERE state = 'done' AND rep_id IS NOT NULL AND on_day IS NOT NULL {conditions}
GROUP BY rep_id, on_day, kind
"""
_MET = """
SELECT activity.rep_id, count(*), CAST(sum(CASE WHEN EXISTS (SELECT 1 FROM activity_contact x
  WHERE x.activity_id = activity.id AND x.deleted_at IS NULL AND x.decision_role = :role)
  THEN 1 ELSE 0 END) AS BIGINT)
FROM activity WHERE state = 'done' AND rep_id IS NOT NULL {conditions} GROUP BY activity.rep_id
"""
_CURRENCY = """
SELECT currency FROM deal WHERE outcome = 'won' AND deleted_at IS NULL
GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
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
        currency = then.value(_CURRENCY) or ""
        facts = closed(then, whole, ("owner_id",), stage_ids=stage_ids)
        entered = tallies(then, whole, "owner_id")
        wins = then.rows(_WINS.replace("{conditions}", narrow), currency=currency, **values)
    rates: dict[str, Share] = {}
    won: Counter[str] = Counter()
    for fact in facts:
        owner = fact.groups[0]
        if owner is None:
            continue
        k, n = rates.get(str(owner), (0, 0))
        is_won = fact.outcome == Outcome.WON
        rates[str(owner)] = k + fact.count * is_won, n + fact.count
        if is_won and fact.currency == currency:
            won[str(owner)] += fact.amount
    habits = [_of_shares("Win rate", "more", rates, LEAST_CLOSED)]
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
    amounts, cycles = _wins(wins)
    habits += [
        _of_values("Won deal", "money", "more", amounts),
        _of_values("Days to win", "days", "less", cycles),
        *_of_activities(reader, whole),
    ]
    return Habits(tuple(habits), won, currency, sum(n for _, n in rates.values()))


def _of_shares(name: str, better: Better, units: Mapping[str, Share], least: int) -> Habit:
    def compare(rep: str, best: Sequence[str]) -> Beside:
        return share_beside(units, rep, best, least=least)

    return Habit(name, "ratio", better, compare)


def _of_values(
    name: str,
    kind: Literal["days", "count", "money"],
    better: Better,
    samples: Mapping[str, Sequence[float]],
    *,
    is_skew: bool = True,
) -> Habit:
    compare = partial(value_beside, samples, least=_LEAST, is_skew=is_skew)
    return Habit(name, kind, better, lambda rep, best: compare(rep, best))


def _wins(rows: Sequence[tuple[str, int | None, int | None]]) -> tuple[dict[str, list[float]], ...]:
    """Amounts and days of the won deals, by owner; a deal won on its first day took one."""
    amounts: dict[str, list[float]] = {}
    cycles: dict[str, list[float]] = {}
    for owner, amount, days in rows:
        if amount:
            amounts.setdefault(owner, []).append(amount)
        if days is not None:
            cycles.setdefault(owner, []).append(max(days, 1))
    return amounts, cycles


def _of_activities(reader: Reader, scope: Scope) -> list[Habit]:
    """Activities a week, the share of each frequent kind, and of those that met a decision maker."""
    narrow, values = in_scope(reader, scope)
    first, last = days_of(scope)
    begin, end = to_day(first), to_day(min(last, scope.as_of))
    done = _Done()
    for rep, day, kind, count in reader.rows(_DONE.replace("{conditions}", narrow), **values):
        done.kinds.setdefault(rep, Counter())[kind] += count
        done.weeks.setdefault(rep, Counter())[(day - begin) // 7] += count
    if not done.kinds:
        return []
    weeks = (end - begin + 1) // 7
    weekly = {
        rep: [float(counts[week]) for week in range(min(counts), weeks)]
        for rep, counts in done.weeks.items()
    }
    everything: Counter[str] = Counter()
    for counts in done.kinds.values():
        everything += counts
    habits = [_of_values("Activities a week", "count", "neither", weekly, is_skew=False)]
    for kind, _ in everything.most_common(_KINDS):
        units = {rep: (counts[kind], counts.total()) for rep, counts in done.kinds.items()}
        habits.append(_of_shares(f"Of them: {kind}", "neither", units, _LEAST))
    met = {
        rep: (int(of_them), int(count))
        for rep, count, of_them in reader.rows(
            _MET.replace("{conditions}", narrow),
            role=DecisionRole.DECISION_MAKER.value, **values,
        )
    }  # fmt: skip
    if any(k for k, _ in met.values()):
        habits.append(_of_shares("Decision maker met", "neither", met, _LEAST))
    return habits
