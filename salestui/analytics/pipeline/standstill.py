"""Which open deals stand still, and which are older than any deal was that was ever won."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from salestui.analytics.facts import Value
from salestui.analytics.past import known_on
from salestui.analytics.scope import Scope, conditions
from salestui.store.reader import Reader
from salestui.text import to_day

LEAST_WON = 19
"""Won deals from which on the longest of them says something: the next one lasts longer than all n
before it with probability 1 / (n + 1), so at 19 in one case out of twenty."""

NO_STEPS = "What was planned on an earlier day is not kept: deals without next step are not counted as such."
"""What is to be said wherever deals that stand still are counted as of an earlier day."""

_OPEN = """
SELECT id, number, title, {group}, owner_id, pipeline_id, stage_id, created_on, stage_since_on,
       expected_close_on, {step}, amount_minor, currency
FROM deal WHERE outcome = 'open' AND deleted_at IS NULL {conditions}
ORDER BY number
"""

_LONGEST = """
SELECT pipeline_id, count(*), max(closed_on - created_on) FROM deal
WHERE outcome = 'won' AND deleted_at IS NULL AND closed_on IS NOT NULL AND created_on IS NOT NULL
GROUP BY pipeline_id
"""


@dataclass(frozen=True, slots=True)
class Standstill:
    """An open deal and how long it has been there, in days; `None` where that is not known.

    `stayed` are the days in its stage, `allowed` the most that the stage allows, `overdue_days` those
    since the expected close; `is_without_step` is `None` on an earlier day.
    """

    deal_id: str
    number: int
    title: str
    group: Value
    owner_id: str | None
    pipeline_id: str
    stage_id: str
    amount: int | None
    currency: str
    age: int | None
    stayed: int | None
    allowed: int | None
    overdue_days: int | None
    is_without_step: bool | None
    longest_won: int | None

    @property
    def is_idle(self) -> bool:
        """Whether it is over the stage's limit."""
        return self.stayed is not None and self.allowed is not None and self.stayed > self.allowed

    @property
    def is_stalled(self) -> bool:
        """What the board calls stalled, as far as it is known."""
        return self.is_idle or self.overdue_days is not None or bool(self.is_without_step)

    @property
    def is_outlived(self) -> bool:
        """Whether no deal of its pipeline was ever won at this age or later."""
        known = self.age is not None and self.longest_won is not None
        return known and self.age > self.longest_won  # type: ignore[operator]

    @property
    def is_either(self) -> bool:
        """Stalled, too old, or both."""
        return self.is_stalled or self.is_outlived


def standing(reader: Reader, scope: Scope, column: str) -> list[Standstill]:
    """The open deals of the scope's owners and pipeline, as known on its day."""
    narrowed, values = conditions(scope, "created_on")
    if scope.pipeline_id is not None:
        narrowed += " AND pipeline_id = :pipeline_id"
        values["pipeline_id"] = scope.pipeline_id
    is_past = scope.as_of < reader.today
    sql = _OPEN.replace("{group}", f"{column} AS part").replace("{conditions}", narrowed)
    sql = sql.replace("{step}", "NULL" if is_past else "next_task_id")
    allowed = dict(reader.rows("SELECT id, idle_days FROM stage"))
    today = to_day(scope.as_of)
    with known_on(reader, scope.as_of) as then:
        longest = longest_won(then)
        rows = then.rows(sql, **values)
    return [_standstill(row, today, allowed, longest, is_past=is_past) for row in rows]


def longest_won(reader: Reader) -> dict[str, int]:
    """By pipeline the days from created to won of the deal that took longest, if enough were won."""
    return {row[0]: row[2] for row in reader.rows(_LONGEST) if row[1] >= LEAST_WON}


def _standstill(
    row: tuple[Any, ...],
    today: int,
    allowed: Mapping[str, int | None],
    longest: Mapping[str, int],
    *,
    is_past: bool,
) -> Standstill:
    deal_id, number, title, group, owner_id, pipeline_id, stage_id = row[:7]
    created_on, since, expected, step, amount, currency = row[7:]
    return Standstill(
        deal_id, number, title, group, owner_id, pipeline_id, stage_id, amount, currency,
        age=None if created_on is None else today - created_on,
        stayed=None if since is None else today - since,
        allowed=allowed.get(stage_id),
        overdue_days=today - expected if expected is not None and expected < today else None,
        is_without_step=None if is_past else step is None,
        longest_won=longest.get(pipeline_id),
    )  # fmt: skip
