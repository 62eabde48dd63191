"""What happened to deals, counted by the database: one statement a fact, each on its covering index.

Currencies are always kept apart: counts may be added over them, amounts never are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salestui.analytics.marks import by_key, marked
from salestui.analytics.scope import Scope
from salestui.store.reader import Reader

Value = str | int | None
"""What deals are grouped by, as the store keeps it."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Deals of one fate. `furthest`: position of the furthest stage; `dated`: those with a day created."""

    pipeline_id: str
    furthest: int
    outcome: str
    currency: str
    group: Value
    count: int
    dated: int
    amount: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Deals won or lost in one stage. `groups` in the order asked for; `priced` of them have an amount."""

    outcome: str
    stage_id: str
    reason_id: str | None
    currency: str
    groups: tuple[Value, ...]
    count: int
    amount: int
    priced: int


_REACHED = """
SELECT {pipeline}, furthest, outcome, currency, {group} count(*), count(created_on),
       CAST(coalesce(sum(amount_minor), 0) AS BIGINT)
FROM deal WHERE deleted_at IS NULL {conditions}
GROUP BY {pipelines} furthest, outcome, currency {by}
"""

_CLOSED = """
SELECT outcome, stage_id, loss_reason_id, currency, {group} count(*),
       CAST(coalesce(sum(amount_minor), 0) AS BIGINT), count(amount_minor)
FROM deal WHERE outcome IN ('won', 'lost') AND deleted_at IS NULL {conditions}
GROUP BY outcome, stage_id, loss_reason_id, currency {by}
"""

_FIRST_WINS = """
SELECT client_id, min(closed_on) FROM deal
WHERE outcome = 'won' AND deleted_at IS NULL AND client_id IS NOT NULL AND closed_on IS NOT NULL
GROUP BY client_id
"""

_FIRST_CLOSED = """
SELECT min(closed_on) FROM deal WHERE outcome IN ('won', 'lost') AND deleted_at IS NULL
"""

_CYCLES = """
SELECT {group} closed_on - created_on, count(*)
FROM deal WHERE outcome = 'won' AND deleted_at IS NULL {conditions}
      AND closed_on >= created_on
GROUP BY {by} closed_on - created_on
"""


def reached(reader: Reader, scope: Scope, column: str | None = None) -> list[Reached]:
    """The deals created in the scope, by the furthest stage they reached and what became of them."""
    narrowed, values = marked(reader, scope, "created_on")
    pipeline, pipelines = "pipeline_id", "pipeline_id,"
    if scope.pipeline_id is not None:
        narrowed += " AND pipeline_id = :pipeline_id"
        values["pipeline_id"] = scope.pipeline_id
        pipeline, pipelines = "CAST(:pipeline_id AS TEXT)", ""  # one comparison less for each deal
    group, by = (f"{column},", f", {column}") if column else ("NULL,", "")
    sql = _of(_REACHED, narrowed).replace("{pipeline}", pipeline).replace("{pipelines}", pipelines)
    sql = sql.replace("{group}", group).replace("{conditions}", narrowed).replace("{by}", by)
    return [Reached(*row) for row in reader.rows(sql, **values)]


def closed(
    reader: Reader, scope: Scope, columns: Sequence[str] = (), *, stage_ids: Sequence[str] = ()
) -> list[Closed]:
    """The deals won and lost in the scope; `stage_ids` are those of the scope's pipeline, if it has one."""
    narrowed, values = marked(reader, scope, "closed_on")
    narrowed += _in_stages(scope, stage_ids, values)
    group = "".join(f"{column}, " for column in columns)
    by = "".join(f", {column}" for column in columns)
    sql = (
        _of(_CLOSED, narrowed)
        .replace("{group}", group)
        .replace("{conditions}", narrowed)
        .replace("{by}", by)
    )
    return [Closed(*(*row[:4], tuple(row[4:-3]), *row[-3:])) for row in reader.rows(sql, **values)]


def first_wins(reader: Reader) -> dict[str, int]:
    """The day of each client's first win, since 1970, whatever deals are asked about."""
    return dict(reader.rows(_FIRST_WINS))


def first_closed(reader: Reader) -> int | None:
    """The day from which closed deals are known, since 1970; `None` where there is none."""
    day: int | None = reader.value(_FIRST_CLOSED)
    return day


def cycles(
    reader: Reader, scope: Scope, column: str | None = None, *, stage_ids: Sequence[str] = ()
) -> list[tuple[Value, int, int]]:
    """(group, days from created to won, how many deals) of the deals won in the scope.

    Those that are dated as won before they were created have no cycle.
    """
    narrowed, values = marked(reader, scope, "closed_on")
    narrowed += _in_stages(scope, stage_ids, values)
    group, by = (f"{column},", f"{column},") if column else ("NULL,", "")
    sql = (
        _of(_CYCLES, narrowed)
        .replace("{group}", group)
        .replace("{conditions}", narrowed)
        .replace("{by}", by)
    )
    return [(row[0], row[1], row[2]) for row in reader.rows(sql, **values)]


def _of(template: str, narrowed: str) -> str:
    """The plus keeps a few deals from the indexes of all that are live: their keys lead to them."""
    return template.replace("deleted_at", "+deleted_at") if by_key(narrowed) else template


def _in_stages(scope: Scope, stage_ids: Sequence[str], values: dict[str, object]) -> str:
    """A deal closes in a stage of its own pipeline, and the index leads from the outcome to the stage."""
    if scope.pipeline_id is None:
        return ""
    named = {f"stage_{i}": stage_id for i, stage_id in enumerate(stage_ids)}
    values |= named
    return (
        " AND stage_id IN (" + ", ".join(":" + name for name in named) + ")"
        if named
        else " AND 1 = 0"
    )
