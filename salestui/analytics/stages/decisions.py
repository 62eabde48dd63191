"""When stages were decided and what became of who entered them, counted by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import inf

from salestui.analytics.facts import Value
from salestui.analytics.groups import of_deal
from salestui.analytics.marks import by_key, marked
from salestui.analytics.passages import tracked_from
from salestui.analytics.scope import Scope
from salestui.analytics.selling.incidence import incidence
from salestui.store.reader import Reader
from salestui.text import Period, to_day


@dataclass(frozen=True, slots=True)
class Decision:
    """Deals for which one stage was decided on one day: they had gone on from it, or ended in it."""

    stage_id: str
    has_passed: bool
    is_lost: bool
    day: int
    currency: str
    group: Value
    count: int


_DECISIONS = """
SELECT p.stage_id, p.result, p.left_on, p.currency, {group}, count(*)
FROM passage p {joined}
WHERE p.result IN ('advanced', 'lost', 'postponed') AND p.left_on IS NOT NULL {conditions}
GROUP BY p.stage_id, p.result, p.left_on, p.currency {by}
"""

_UNDATED = """
SELECT p.stage_id, p.result, d.closed_on, p.currency, {group}, count(*)
FROM passage p JOIN deal d ON d.number = p.number
WHERE p.result = 'advanced' AND p.left_on IS NULL AND d.outcome IN ('won', 'lost')
      AND d.closed_on IS NOT NULL {conditions}
GROUP BY p.stage_id, p.result, d.closed_on, p.currency {by}
"""

_FATES = """
WITH known AS {once} (SELECT number, outcome, closed_on, amount_minor FROM deal WHERE deleted_at IS NULL)
SELECT substr(p.slot, 1, 35), d.outcome,
       CASE WHEN d.outcome IN ('won', 'lost') THEN d.closed_on ELSE :today END - p.entered_on,
       CASE WHEN p.entered_on < :begun THEN :begun - p.entered_on ELSE 0 END,
       count(*), CAST(coalesce(sum(d.amount_minor), 0) AS BIGINT), count(d.amount_minor)
FROM passage p JOIN known d ON d.number = p.number
WHERE p.entered_on IS NOT NULL {conditions}
GROUP BY 1, d.outcome, 3, 4
"""
"""Stage and currency as `slot` begins with them, which the index on the day has. To look up the deals of
most passages one by one takes twice as long as to take the four columns of all deals from an index."""


def decisions(reader: Reader, scope: Scope, column: str | None = None) -> list[Decision]:
    """The stages decided in the scope's days; `column` of the deal or the passage groups them.

    A deal that went on nobody knows when had done so by the day it was closed: files often have the
    days of losses and none of moves, and losses alone would be a stage from which nothing goes on.
    """
    named = "p.owner_id" if column == "owner_id" else of_deal(column or "", "d")
    is_of_deal = column not in (None, "owner_id")
    joined = "JOIN deal d ON d.number = p.number" if is_of_deal else ""
    found = []
    for sql, day in (
        (_DECISIONS.replace("{joined}", joined), "p.left_on"),
        (_UNDATED, "d.closed_on"),
    ):
        narrowed, values = marked(
            reader, scope, day, owner="p.owner_id", row="p.", deal_id="p.deal_id"
        )
        sql = sql.replace("{group}", named if column else "NULL").replace("{conditions}", narrowed)
        found += reader.rows(sql.replace("{by}", f", {named}" if column else ""), **values)
    return [
        Decision(stage, result == "advanced", result == "lost", *rest)
        for stage, result, *rest in found
    ]


_BEFORE = """
SELECT 1 FROM passage
WHERE slot >= :slot AND slot < :end AND result IN ('advanced', 'lost', 'postponed')
      AND left_on < :day LIMIT 1
"""
_UNDATED_BEFORE = """
SELECT 1 FROM passage p JOIN deal d ON d.number = p.number
WHERE p.slot >= :slot AND p.slot < :end AND p.result = 'advanced' AND p.left_on IS NULL
      AND d.outcome IN ('won', 'lost') AND d.closed_on < :day LIMIT 1
"""


def has_more(reader: Reader, stage_id: str, before: date) -> bool:
    """Whether a stage was decided for any deal before a day, as `decisions` counts."""
    asked = {"slot": stage_id, "end": f"{stage_id}~", "day": to_day(before)}
    return any(reader.row(sql, **asked) is not None for sql in (_BEFORE, _UNDATED_BEFORE))


@dataclass(slots=True)
class Fates:
    """What became of the deals that entered one stage: days from entering to the end of the deal."""

    won: Counter[int] = field(default_factory=Counter)
    lost: Counter[int] = field(default_factory=Counter)
    staying: Counter[int] = field(default_factory=Counter)
    entering: Counter[int] = field(default_factory=Counter)
    amounts: Counter[str] = field(default_factory=Counter)
    priced: Counter[str] = field(default_factory=Counter)

    @property
    def win(self) -> float | None:
        """The share of those that enter which is won in the end; open ones count as long as seen."""
        if not self.won and not self.lost:
            return None
        return incidence([self.won, self.lost], self.staying, self.entering).at_last(0)

    @property
    def values(self) -> Mapping[str, int]:
        """The mean amount of the winners, by currency, in minor units."""
        return {
            currency: round(self.amounts[currency] / count)
            for currency, count in self.priced.items()
            if count
        }


def fates(reader: Reader, scope: Scope) -> dict[str, Fates]:
    """Of the deals that first entered each stage in the scope's days, by stage."""
    narrowed, values = marked(
        reader, scope, "p.entered_on", owner="p.owner_id", row="p.", deal_id="p.deal_id"
    )
    begun = tracked_from(reader, scope)
    once = "NOT MATERIALIZED" if by_key(narrowed) else "MATERIALIZED"
    rows = reader.rows(
        _FATES.replace("{conditions}", narrowed).replace("{once}", once),
        today=to_day(scope.as_of),
        begun=-(10**6) if begun is None else begun,
        **values,
    )
    found: dict[str, Fates] = {}
    for head, outcome, days, late, count, amount, priced in rows:
        stage_id, currency = head[:32], head[32:]
        each = found.get(stage_id) or found.setdefault(stage_id, Fates())
        if days is None or max(days, 0) < late:
            continue  # Nobody knows when it ended, or it did before anything was watched.
        if outcome == "won":
            each.amounts[currency] += amount
            each.priced[currency] += priced
        ending = {"won": each.won, "lost": each.lost}.get(outcome, each.staying)
        ending[max(days, 0)] += count
        if late:
            each.entering[late] += count
    return found


@dataclass(slots=True)
class Shares:
    """How stages were decided: (passed, lost, all) of one stage, and all by currency."""

    passed: int = 0
    lost: int = 0
    deals: int = 0
    by_currency: Counter[str] = field(default_factory=Counter)

    def add(self, decision: Decision) -> None:
        """Count the deals of one decision."""
        self.passed += decision.count * decision.has_passed
        self.lost += decision.count * decision.is_lost
        self.deals += decision.count
        self.by_currency[decision.currency] += decision.count


def by_stage(found: Iterable[Decision], period: Period | None = None) -> dict[str, Shares]:
    """The decisions of a period, all unless one is given, by stage."""
    first = -inf if period is None or period.first is None else to_day(period.first)
    last = inf if period is None or period.last is None else to_day(period.last)
    shares: defaultdict[str, Shares] = defaultdict(Shares)
    for each in found:
        if first <= each.day <= last:
            shares[each.stage_id].add(each)
    return dict(shares)
