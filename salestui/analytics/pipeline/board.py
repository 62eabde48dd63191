"""The board in figures: what lies in each stage on one day, its weighted sum, and what stands still."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from salestui.analytics import amounts
from salestui.analytics.groups import refuse_by
from salestui.analytics.past import known_on
from salestui.analytics.past_stages import stages_since
from salestui.analytics.pipelines import (
    Pipeline,
    Stage,
    chosen,
    read_pipelines,
    unweighed,
    with_stages,
)
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked, conditions, refuse_period
from salestui.store.reader import Reader
from salestui.text import to_day

METHOD = (
    "Deals on the board that day: open ones, and won ones on their way through after-sale stages. "
    "Weighted: the sum times the stage's probability. Stalled: over the stage's idle limit, without "
    "next step, or past the expected close."
)
_NOT_KNOWN = "What stood still on an earlier day is not known: past next steps are not kept."

_SQL = """
SELECT d.stage_id, d.currency, count(*), CAST(coalesce(sum(d.amount_minor), 0) AS BIGINT), {stalled}
FROM deal d {joined}
WHERE d.pipeline_id IN ({pipelines}) AND d.stage_id IN ({stages})
      AND d.is_active AND d.deleted_at IS NULL {conditions}
GROUP BY d.stage_id, d.currency
"""

_STALLED = """sum(CASE WHEN d.next_task_id IS NULL OR :today - d.stage_since_on > s.idle_days
      OR (d.outcome = 'open' AND d.expected_close_on < :today) THEN 1 ELSE 0 END)"""


@dataclass(slots=True)
class _Pile:
    """The deals of a stage; amounts by currency."""

    count: int = 0
    amount: Counter[str] = field(default_factory=Counter)
    stalled: int | None = None

    def add(self, currency: str, count: int, amount: int, stalled: int | None) -> None:
        self.count += count
        self.amount[currency] += amount
        if stalled is not None:
            self.stalled = (self.stalled or 0) + stalled

    def take(self, other: _Pile) -> None:
        """Add another pile's deals."""
        self.count += other.count
        self.amount += other.amount
        if other.stalled is not None:
            self.stalled = (self.stalled or 0) + other.stalled


def board(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The board report, stage by stage."""
    refuse_by(by or "stage", ("stage",), "The board")
    refuse_period(scope, "The board is what lies there")
    pipelines = read_pipelines(reader)
    is_past = scope.as_of < reader.today
    with known_on(reader, scope.as_of) as then:
        piles = _piles(then, scope, chosen(pipelines, scope.pipeline_id), is_past=is_past)
    made = _report(scope, pipelines, piles, is_past=is_past)
    return made.warned(stages_since(reader, scope.as_of))


def _piles(
    reader: Reader, scope: Scope, pipelines: Sequence[Pipeline], *, is_past: bool
) -> dict[str, _Pile]:
    narrowed, values = conditions(scope, "created_on", owner="d.owner_id", deal_id="d.id")
    cycles = {f"pipeline_{i}": pipeline.id for i, pipeline in enumerate(pipelines)}
    stages = (stage for pipeline in pipelines for stage in pipeline.stages)
    steps = {f"stage_{i}": stage.id for i, stage in enumerate(stages)}
    if not steps:
        return {}
    values |= cycles | steps
    if not is_past:
        values["today"] = to_day(reader.today)
    sql = _SQL.replace("{stalled}", "NULL" if is_past else _STALLED)
    sql = sql.replace("{pipelines}", ", ".join(":" + name for name in cycles))
    sql = sql.replace("{stages}", ", ".join(":" + name for name in steps))
    sql = sql.replace("{joined}", "" if is_past else "JOIN stage s ON s.id = d.stage_id")
    piles: dict[str, _Pile] = {}
    for stage_id, *rest in reader.rows(sql.replace("{conditions}", narrowed), **values):
        piles.setdefault(stage_id, _Pile(stalled=None if is_past else 0)).add(*rest)
    return piles


def _report(
    scope: Scope, pipelines: Sequence[Pipeline], piles: Mapping[str, _Pile], *, is_past: bool
) -> Report:
    stages = with_stages(pipelines, scope.pipeline_id, piles)
    is_many = len({pipeline.id for pipeline, _ in stages}) > 1
    seen = (currency for pile in piles.values() for currency in +pile.amount)
    used = amounts.currencies(seen, [pipeline for pipeline, _ in stages])
    nothing = None if is_past else 0
    total, weighted_total = _Pile(stalled=nothing), Counter[str]()
    rows: list[tuple[Cell, ...]] = []
    for pipeline, stage in stages:
        pile = piles.get(stage.id) or _Pile(stalled=nothing)
        weighted = _weighted(pile, stage)
        weighted_total += weighted
        total.take(pile)
        lead = [pipeline.name] if is_many else []
        rows.append((*lead, stage.name, pile.count, *_money(pile, weighted, used), pile.stalled))
    figures = _figures(used)
    cells = (total.count, *_money(total, weighted_total, used), total.stalled)
    return Report(
        name="board",
        title="Board",
        **asked(scope),
        columns=(
            *([Column("pipeline", "Pipeline", "text")] if is_many else []),
            Column("stage", "Stage", "text"),
            *figures,
        ),
        rows=tuple(rows),
        totals=dict(zip((column.key for column in figures), cells, strict=True)),
        n=total.count,
        method=METHOD,
        warnings=(*((_NOT_KNOWN,) if is_past else ()), *unweighed(pipelines, piles)),
    )


def _figures(used: Sequence[str]) -> tuple[Column, ...]:
    return (
        Column("count", "Deals", "count"),
        *amounts.amount_columns("sum", "Sum", used),
        *amounts.amount_columns("weighted", "Weighted", used, is_extra=len(used) > 1),
        Column("stalled", "Stalled", "count"),
    )


def _money(pile: _Pile, weighted: Mapping[str, int], used: tuple[str, ...]) -> list[Cell]:
    return [*amounts.amount_cells(pile.amount, used), *amounts.amount_cells(weighted, used)]


def _weighted(pile: _Pile, stage: Stage) -> Counter[str]:
    """Rounded stage by stage, as the board's column heads are."""
    return Counter({c: (a * stage.probability + 50) // 100 for c, a in pile.amount.items()})
