"""Cost of sale: what a win costs, by period, rep, stage and kind; and a new client's share of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from salestui.analytics.groups import refuse_by
from salestui.analytics.measures import ratio
from salestui.analytics.pipelines import chosen, read_pipelines
from salestui.analytics.plan.cost_facts import (
    CostFacts,
    days_in_stages,
    median_cycle,
    read_cost_facts,
)
from salestui.analytics.plan.costing import shared_out
from salestui.analytics.plan.standing import Won, bounded, days_of
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked, refuse_only
from salestui.queries.plans import EVERYBODY
from salestui.store.reader import Reader
from salestui.text import Period

METHOD = (
    "Costs that are set, by the part of their days in the period; hours in the activity log, typed or "
    "timed, x the rate of an hour; bonuses earned in whole spans. Per win: cost / deals won. "
)
_SHIFTED = (
    "Shifted: the costs of so many days earlier as the median win takes, against the same wins. New client: "
    "one whose first win lies in the period; its cost is the part of all costs that the time with clients "
    "who had not bought before has of the time with clients."
)
_STAGED = "By stage: all costs by the hours spent on deals in it, lost ones included."
BY = ("period", "kind", "rep", "stage")


def cost(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report of the period and of its costs shifted; or by kind, rep or stage."""
    form = by or "period"
    refuse_by(form, BY, "The cost")
    refuse_only(scope, "Costs are of all that is sold")
    scope = bounded(scope)
    facts = read_cost_facts(reader, scope)
    columns, rows, method = {
        "period": _by_period, "kind": _by_kind, "rep": _by_rep, "stage": _by_stage,
    }[form](reader, scope, facts)  # fmt: skip
    several = len(facts.currencies) > 1
    return Report(
        name="cost",
        title="Cost of sale",
        **asked(scope),
        columns=(
            columns[0],
            *([Column("currency", "Currency", "text")] if several else []),
            *columns[1:],
        ),
        rows=tuple((row[0], *row[1 if several else 2 :]) for row in rows),
        totals=_total(rows, columns) if form in ("kind", "rep") and not several else {},
        n=facts.total.deals.total(),
        method=METHOD + method,
        warnings=tuple(_warnings(facts)),
    )


Rows = list[tuple[Cell, ...]]
Made = tuple[list[Column], Rows, str]
"""Columns without the currency, rows that begin with name and currency, and words for the method."""


def _money(minor: float | None, currency: str) -> Money | None:
    return None if minor is None else Money(round(minor), currency)


def _sum(facts: CostFacts, currency: str) -> float | None:
    """What was spent in the currency; `None` where no cost is in it."""
    listed = [each.minor for each in facts.spent if each.currency == currency]
    return sum(listed) if listed else None


def _per(minor: float | None, whole: float) -> float | None:
    return None if minor is None else ratio(minor, whole)


def _by_period(reader: Reader, scope: Scope, facts: CostFacts) -> Made:
    """The period's costs against its wins; and those of a median cycle earlier."""
    columns = [
        Column("basis", "Costs of", "text"), Column("cost", "Cost", "money"),
        Column("hours", "Hours", "days"), Column("won", "Won", "count"),
        Column("revenue", "Revenue", "money"), Column("per_win", "Per win", "money"),
        Column("of_revenue", "Of revenue", "ratio"), Column("new_clients", "New clients", "count"),
        Column("per_new_client", "Per new client", "money"),
    ]  # fmt: skip
    rows = list(_period_rows(scope.period.label, facts, facts))
    lag = median_cycle(reader, scope)
    if lag:
        first, last = days_of(scope)
        shift = timedelta(days=lag)
        earlier = replace(scope, period=Period(first - shift, last - shift, f"{lag} d earlier"))
        rows += _period_rows(f"{lag} d earlier", read_cost_facts(reader, earlier), facts)
    return columns, rows, _SHIFTED


def _period_rows(name: str, spent: CostFacts, won: CostFacts) -> Iterator[tuple[Cell, ...]]:
    hours = round(sum(w.minutes for w in spent.work) / 60, 1)
    for currency in won.currencies:
        total = _sum(spent, currency)
        deals, revenue = won.total.deals[currency], won.total.amount[currency]
        new = won.new_clients[currency]
        share = spent.new_share
        per_new = None if share is None or total is None else ratio(total * share, new)
        yield (
            name, currency, _money(total, currency), hours, deals, Money(revenue, currency),
            _money(_per(total, deals), currency), _per(total, revenue), new,
            _money(per_new, currency),
        )  # fmt: skip


def _by_kind(reader: Reader, scope: Scope, facts: CostFacts) -> Made:
    sums: Counter[tuple[str, str]] = Counter()
    for each in facts.spent:
        sums[each.kind, each.currency] += each.minor  # type: ignore[assignment]
    rows: Rows = [
        (kind, currency, _money(minor, currency), ratio(minor, _sum(facts, currency) or 0),
         _money(ratio(minor, facts.total.deals[currency]), currency))
        for (kind, currency), minor in sorted(sums.items(), key=lambda each: -each[1])
    ]  # fmt: skip
    columns = [
        Column("kind", "Kind", "text"), Column("cost", "Cost", "money"),
        Column("share", "Share", "ratio"), Column("per_win", "Per win", "money"),
    ]  # fmt: skip
    return columns, rows, ""


def _by_rep(reader: Reader, scope: Scope, facts: CostFacts) -> Made:
    """Each rep's own costs and wins; what was spent for a team or everybody stands by itself."""
    minutes: Counter[str | None] = Counter()
    for work in facts.work:
        minutes[work.rep_id] += work.minutes
    teams = dict(reader.rows("SELECT id, name FROM team"))
    rows: Rows = []
    for currency in facts.currencies:
        own: Counter[tuple[str | None, str | None]] = Counter()
        for each in facts.spent:
            if each.currency == currency:
                own[each.rep_id, each.team_id] += each.minor  # type: ignore[assignment]
        for person in facts.people:
            won = facts.won.get(person.id, Won())
            total = own.pop((person.id, None), None)
            if total is not None or won.deals[currency]:
                rows.append(_rep_row(person.name, currency, total, minutes[person.id], won))
        for (_, team_id), total in sorted(
            own.items(), key=lambda each: (each[0][1] is None, each[0])
        ):
            name = teams.get(team_id, EVERYBODY) if team_id else EVERYBODY
            rows.append((name, currency, None, _money(total, currency), None, None, None, None))
    columns = [
        Column("rep", "Rep", "text"), Column("hours", "Hours", "days"),
        Column("cost", "Cost", "money"), Column("won", "Won", "count"),
        Column("revenue", "Revenue", "money"), Column("per_win", "Per win", "money"),
        Column("of_revenue", "Of revenue", "ratio"),
    ]  # fmt: skip
    return columns, rows, "By rep: the rep's own costs; those of teams and everybody stand below."


def _rep_row(
    name: str, currency: str, total: float | None, minutes: int, won: Won
) -> tuple[Cell, ...]:
    deals, revenue = won.deals[currency], won.amount[currency]
    spent = None if total is None else ratio(total, deals)
    share = None if total is None else ratio(total, revenue)
    return (
        name, currency, round(minutes / 60, 1), _money(total, currency), deals,
        Money(revenue, currency), _money(spent, currency), share,
    )  # fmt: skip


def _by_stage(reader: Reader, scope: Scope, facts: CostFacts) -> Made:
    minutes: Counter[str] = Counter()
    for work in facts.work:
        if work.stage_id is not None:
            minutes[work.stage_id] += work.minutes
    weights = minutes if minutes.total() else days_in_stages(reader, scope)
    word = "hours" if minutes.total() else "days in stage, for no hours were logged"
    stages = [
        (f"{pipeline.name}: {stage.name}", stage.id)
        for pipeline in chosen(read_pipelines(reader), None)
        for stage in pipeline.stages
        if weights[stage.id]
    ]
    rows: Rows = []
    for currency in facts.currencies:
        wins, total = facts.total.deals[currency], _sum(facts, currency)
        parts = shared_out(total or 0.0, [weights[key] for _, key in stages])
        rows += (
            (name, currency, round(minutes[key] / 60, 1), ratio(weights[key], weights.total()),
             _money(part, currency), _money(ratio(part, wins), currency))
            for (name, key), part in zip(stages, parts, strict=True)
            if total is not None
        )  # fmt: skip
    columns = [
        Column("stage", "Stage", "text"), Column("hours", "Hours", "days"),
        Column("share", "Share", "ratio"), Column("cost", "Cost", "money"),
        Column("per_win", "Per win", "money"),
    ]  # fmt: skip
    return columns, rows, _STAGED.replace("hours", word, 1)


def _total(rows: Rows, columns: Iterable[Column]) -> dict[str, Cell]:
    place = next(i for i, column in enumerate(columns) if column.key == "cost")
    costs = [cell for row in rows if isinstance(cell := row[place + 1], Money)]
    if not costs:
        return {}
    return {"cost": Money(sum(each.minor for each in costs), costs[0].currency)}


def _warnings(facts: CostFacts) -> Iterator[str]:
    if not facts.spent:
        yield "No cost is set for this period: salestui cost set KIND PERIOD AMOUNT --everybody."
    if facts.done and facts.timed < facts.done / 2:
        yield f"Only {facts.timed:,} of {facts.done:,} activities say how long they took: hours are too few."
    if facts.unpriced_minutes:
        yield f"{facts.unpriced_minutes / 60:,.1f} hours without a rate (cost set hourly) cost nothing."
    if facts.twice:
        yield f"A salary and a rate of an hour both count for {', '.join(facts.twice)}."
    if not facts.total.deals.total():
        yield "Nothing was won in the period, so a win has no cost."
