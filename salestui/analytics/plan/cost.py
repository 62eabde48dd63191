"""Cost of sale: what a win costs, by period, rep, stage, deal and kind; and a new client's share of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from salestui.analytics import amounts
from salestui.analytics.groups import GROUPS, labels, refuse_by
from salestui.analytics.measures import ratio
from salestui.analytics.past_people import entered_later
from salestui.analytics.pipelines import chosen, read_pipelines
from salestui.analytics.plan.cost_facts import (
    CostFacts,
    days_in_stages,
    median_cycle,
    read_cost_facts,
    read_deal_work,
)
from salestui.analytics.plan.costing import whole_parts
from salestui.analytics.plan.standing import Won, bounded, days_of
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked, refuse_only
from salestui.queries.plans import EVERYBODY
from salestui.store.reader import Reader
from salestui.text import Period

METHOD = (
    "Costs that are set, by the part of their days in the period; hours in the activity log, typed or "
    "timed, x the rate of an hour; bonuses earned, spread over the days past of the month, quarter or year "
    "that they are paid for. Per win: cost / all deals won, of every currency. "
)
_SHIFTED = (
    "Of revenue: cost / revenue of the same currency. Shifted: the costs of as many days as are past of "
    "the period, so many days earlier as the median win takes, against the same wins. New client: "
    "one whose first win lies in the period; its cost is the part of all costs that the time with clients "
    "who had not bought before has of the time with clients."
)
_STAGED = "By stage: all costs by the hours spent on deals in it, lost ones included."
_OF_REPS = (
    "Of revenue: cost / revenue of the same currency. By rep: the rep's own costs; those of teams and "
    "everybody stand below."
)
_OF_DEALS = (
    "By deal: all costs by the hours logged on deals in the period, whatever became of them; deals won in it "
    "without any are listed and bear none. Of amount: cost / the deal's amount in the same currency."
)
_NO_HOURS = " No hours were logged on deals in the period, so no deal's cost is known."
BY = ("period", "kind", "rep", "stage", "deal")


def cost(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report of the period and of its costs shifted; or by kind, rep, stage or deal."""
    form = by or "period"
    refuse_by(form, BY, "The cost")
    refuse_only(scope, "Costs are of all that is sold")
    scope = bounded(scope)
    facts = read_cost_facts(reader, scope)
    columns, rows, method = {
        "period": _by_period, "kind": _by_kind, "rep": _by_rep, "stage": _by_stage,
        "deal": _by_deal,
    }[form](reader, scope, facts)  # fmt: skip
    used = {row[1] for row in rows if row[1]}
    several = len(used) > 1
    total = next(((minor, code) for code, minor in facts.costs.items() if used == {code}), None)
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
        totals={"cost": _money(*total)} if form in ("kind", "rep", "deal") and total else {},
        n=len({row[0] for row in rows}) if form == "deal" else facts.total.deals.total(),
        method=(METHOD + method).rstrip(),
        warnings=(
            *_warnings(facts),
            *(_left_out(facts) if any(column.key == "of_revenue" for column in columns) else ()),
            *entered_later(reader, scope.as_of, "cost", "bonus_plan", "quota", period=scope.period),
        ),
    )


Rows = list[tuple[Cell, ...]]
Made = tuple[list[Column], Rows, str]
"""Columns without the currency, rows that begin with name and currency, and words for the method.

What has costs in several currencies has a row for each: costs and what is divided by wins stand in all of
them, hours, wins and revenue once, in the first.
"""


def _money(minor: float | None, currency: str) -> Money | None:
    return None if minor is None else Money(round(minor), currency)


def _by_currency(costs: Mapping[str, float]) -> Iterator[tuple[str, float | None, bool]]:
    """Currency, cost, and whether it is the first; one without either where there is no cost."""
    for place, currency in enumerate(costs or [""]):
        yield currency, costs.get(currency), place == 0


def _once(cells: Sequence[Cell], *, is_first: bool) -> Sequence[Cell]:
    return cells if is_first else [None] * len(cells)


def _per(minor: float | None, whole: float) -> float | None:
    return None if minor is None else ratio(minor, whole)


def _by_period(reader: Reader, scope: Scope, facts: CostFacts) -> Made:
    """The period's costs against its wins; and those of a median cycle before its days to date."""
    used = _revenue_in(reader, facts)
    columns = [
        Column("basis", "Costs of", "text"), Column("cost", "Cost", "money"),
        Column("hours", "Hours", "days"), Column("won", "Won", "count"),
        *_revenue_columns(used), Column("per_win", "Per win", "money"),
        Column("of_revenue", "Of revenue", "ratio"), Column("new_clients", "New clients", "count"),
        Column("per_new_client", "Per new client", "money"),
    ]  # fmt: skip
    rows = list(_period_rows(scope.period.label, facts, facts, used))
    lag = median_cycle(reader, scope)
    first, last = days_of(scope)
    last = min(last, scope.as_of)
    if lag and first <= last:
        shift = timedelta(days=lag)
        earlier = replace(scope, period=Period(first - shift, last - shift, f"{lag} d earlier"))
        rows += _period_rows(f"{lag} d earlier", read_cost_facts(reader, earlier), facts, used)
    return columns, rows, _SHIFTED


def _revenue_columns(used: Sequence[str]) -> list[Column]:
    return amounts.amount_columns("revenue", "Revenue", used, is_extra=len(used) > 1)


def _revenue_in(reader: Reader, facts: CostFacts) -> tuple[str, ...]:
    return amounts.currencies(facts.total.amount, read_pipelines(reader))


def _period_rows(
    name: str, spent: CostFacts, won: CostFacts, used: Sequence[str]
) -> Iterator[tuple[Cell, ...]]:
    hours = round(sum(w.minutes for w in spent.work) / 60, 1)
    deals, revenue, new = won.total.deals.total(), won.total.amount, won.new_clients
    share = spent.new_share
    for currency, total, is_first in _by_currency(spent.costs):
        per_new = None if share is None or total is None else ratio(total * share, new)
        yield (
            name, currency, _money(total, currency),
            *_once([hours, deals, *amounts.amount_cells(revenue, used)], is_first=is_first),
            _money(_per(total, deals), currency), _per(total, revenue[currency]),
            *_once([new], is_first=is_first), _money(per_new, currency),
        )  # fmt: skip


Key = TypeVar("Key")
Whose = tuple[str | None, str | None]
"""A rep, or a team, or neither: everybody."""


def _whole(
    sums: Mapping[tuple[Key, str], float], totals: Mapping[str, float]
) -> dict[tuple[Key, str], int]:
    """Sums of something and a currency in whole minor units that add up to the currency's total."""
    found: dict[tuple[Key, str], int] = {}
    for currency, total in totals.items():
        keys = [key for key in sums if key[1] == currency]
        parts = whole_parts(total, [sums[key] for key in keys])
        found.update(zip(keys, parts, strict=True))
    return found


def _by_kind(reader: Reader, scope: Scope, facts: CostFacts) -> Made:
    sums: Counter[tuple[str, str]] = Counter()
    for each in facts.spent:
        sums[each.kind, each.currency] += each.minor  # type: ignore[assignment]
    shown = _whole(sums, facts.costs)
    rows: Rows = [
        (kind, currency, _money(shown[kind, currency], currency),
         ratio(minor, facts.costs[currency]),
         _money(ratio(minor, facts.total.deals.total()), currency))
        for (kind, currency), minor in sorted(sums.items(), key=lambda each: (each[0][1], -each[1]))
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
    used = _revenue_in(reader, facts)
    known = {person.id for person in facts.people}
    sums: Counter[tuple[Whose, str]] = Counter()
    for each in facts.spent:
        whose: Whose = (each.rep_id, None) if each.rep_id in known else (None, each.team_id)
        sums[whose, each.currency] += each.minor  # type: ignore[assignment]
    own: dict[Whose, dict[str, int]] = {}
    for (key, currency), minor in _whole(sums, facts.costs).items():
        own.setdefault(key, {})[currency] = minor
    rows: Rows = []
    for person in facts.people:
        won, costs = facts.won.get(person.id, Won()), own.pop((person.id, None), {})
        if costs or won.deals:
            rows += _rep_rows(person.name, costs, minutes[person.id], won, used)
    for _, team_id in sorted(own, key=lambda key: (key[1] is None, key[1] or "")):
        name = teams.get(team_id, EVERYBODY) if team_id else EVERYBODY
        rows += (
            (name, currency, None, _money(total, currency), None, *([None] * len(used)), None, None)
            for currency, total in own[None, team_id].items()
        )
    columns = [
        Column("rep", "Rep", "text"), Column("hours", "Hours", "days"),
        Column("cost", "Cost", "money"), Column("won", "Won", "count"),
        *_revenue_columns(used), Column("per_win", "Per win", "money"),
        Column("of_revenue", "Of revenue", "ratio"),
    ]  # fmt: skip
    return columns, rows, _OF_REPS


def _rep_rows(
    name: str, costs: Mapping[str, float], minutes: int, won: Won, used: Sequence[str]
) -> Iterator[tuple[Cell, ...]]:
    deals = won.deals.total()
    for currency, total, is_first in _by_currency(costs):
        yield (
            name, currency, *_once([round(minutes / 60, 1)], is_first=is_first),
            _money(total, currency),
            *_once([deals, *amounts.amount_cells(won.amount, used)], is_first=is_first),
            _money(_per(total, deals), currency), _per(total, won.amount[currency]),
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
    wins = facts.total.deals.total()
    for place, (currency, total) in enumerate(facts.costs.items()):
        parts = whole_parts(total, [weights[key] for _, key in stages])
        rows += (
            (name, currency, *_once([round(minutes[key] / 60, 1)], is_first=place == 0),
             ratio(weights[key], weights.total()), _money(part, currency),
             _money(ratio(part, wins), currency))
            for (name, key), part in zip(stages, parts, strict=True)
        )  # fmt: skip
    columns = [
        Column("stage", "Stage", "text"), Column("hours", "Hours", "days"),
        Column("share", "Share", "ratio"), Column("cost", "Cost", "money"),
        Column("per_win", "Per win", "money"),
    ]  # fmt: skip
    return columns, rows, _STAGED.replace("hours", word, 1)


def _by_deal(reader: Reader, scope: Scope, facts: CostFacts) -> Made:
    """Each deal's part of all costs, whoever owns it; nothing where no hours were logged on any."""
    deals = read_deal_work(reader, scope)
    minutes = [deal.minutes for deal in deals]
    parts = {
        currency: whole_parts(total, minutes) if any(minutes) else []
        for currency, total in facts.costs.items()
    }
    client, rep = labels(reader, GROUPS["client"]), labels(reader, GROUPS["rep"])
    rows: Rows = []
    for place, deal in enumerate(deals):
        own = {currency: found[place] for currency, found in parts.items() if deal.minutes}
        for currency, part, is_first in _by_currency(own):
            is_same = (
                currency == deal.currency and part is not None and deal.amount_minor is not None
            )
            rows.append(
                (str(deal.number), currency, deal.title, client(deal.client_id)[1],
                 rep(deal.owner_id)[1], deal.outcome,
                 *_once([round(deal.minutes / 60, 1), ratio(deal.minutes, sum(minutes))],
                        is_first=is_first),
                 _money(part, currency),
                 _per(part, deal.amount_minor or 0) if is_same else None)
            )  # fmt: skip
    columns = [
        Column("number", "Deal", "text"), Column("title", "Title", "text"),
        Column("client", "Client", "text", is_extra=True),
        Column("rep", "Rep", "text", is_extra=True), Column("outcome", "Outcome", "text"),
        Column("hours", "Hours", "days"), Column("share", "Share", "ratio"),
        Column("cost", "Cost", "money"), Column("of_amount", "Of amount", "ratio"),
    ]  # fmt: skip
    return columns, rows, _OF_DEALS if any(minutes) else _OF_DEALS + _NO_HOURS


def _left_out(facts: CostFacts) -> Iterator[str]:
    others = sorted(c for c in +facts.total.amount if c not in facts.costs)
    if facts.spent and others:
        yield (
            f"What was won in {', '.join(others)} is among the deals won, and in no revenue that a cost "
            "is divided by: no currency is converted."
        )


def _warnings(facts: CostFacts) -> Iterator[str]:
    if not facts.spent:
        yield "No cost is set for this period: salestui cost set KIND PERIOD AMOUNT --everybody."
    if facts.done and facts.timed < facts.done / 2:
        yield f"Only {facts.timed:,} of {facts.done:,} activities say how long they took: hours are too few."
    if facts.unpriced_minutes:
        yield f"{facts.unpriced_minutes / 60:,.1f} hours without a rate (cost set hourly) cost nothing."
    if facts.twice:
        yield f"A salary and a rate of an hour both count for {', '.join(facts.twice)}."
    yield from facts.doubts
    if not facts.total.deals.total():
        yield "Nothing was won in the period, so a win has no cost."
