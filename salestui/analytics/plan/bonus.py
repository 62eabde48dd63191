"""Bonus: what each rep has earned so far, what is likely, and what the next step needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from salestui.analytics.groups import refuse_by
from salestui.analytics.kept import read_once
from salestui.analytics.past_people import entered_later, people_on
from salestui.analytics.periods import named
from salestui.analytics.plan.distribution import POINTS
from salestui.analytics.plan.grants import granted, plan_changes, spans_of
from salestui.analytics.plan.paying import (
    Pay,
    deals_counted,
    pay,
    usual_for,
    whole_minor,
    won_in_order,
    year_means,
)
from salestui.analytics.plan.quota import attainment, cautions, in_part, uncounted
from salestui.analytics.plan.standing import Facts, Standing, Won, read_facts
from salestui.analytics.plan.subjects import chosen_people, standings
from salestui.analytics.plan.tiers import WHOLE
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked, refuse_only
from salestui.models.vocabulary import Measure
from salestui.queries.plans import PlanLine, bonus_grants, bonus_plans
from salestui.store.reader import Reader
from salestui.text import Period, listed

METHOD = (
    "Earned: what the plan pays for what was won until the as-of day; so much a deal for whole deals, in "
    "the order won, each by the tier that had been reached before it (the deal that reaches a tier is paid "
    "by the one below). Likely: the mean of what it "
    f"pays over the whole forecast ({POINTS:,} quantile points), not what the likeliest sum would "
    "pay, with deals to come of the mean amount; low to high holds the bonus 8 times in 10. Next: the next "
    "tier, P next: the chance that it is reached in the period, and what is missing to it, in deals "
    "of the mean amount of a year (the rep's own from 20 wins on, else everybody's). The plan that stands "
    "on the period's last day counts for all of it."
)
_MOST_SPANS = 12
"""Months, quarters or years of a plan that the report shows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A rep's pay by a plan for a period; no standing or pay where there is no quota."""

    rep_id: str
    rep: str
    plan: PlanLine
    period: Period
    standing: Standing | None
    pay: Pay | None


def bonus(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report by rep: of the running month, quarter or year, or of each within a set period."""
    refuse_by(by or "rep", ("rep",), "Bonuses")
    refuse_only(scope, "Bonuses are paid for all that a rep sells")
    with read_once():
        rows, facts = read_rows(reader, scope, most=_MOST_SPANS)
        plans = bonus_plans(people_on(reader, scope.as_of))
        months = {
            month
            for plan in plans
            for each in spans_of(scope.period, plan.span, scope.as_of, _MOST_SPANS)
            for month in spans_of(each, "month", scope.as_of)
        }
        n = deals_counted(
            reader, scope, ((row.rep_id, row.plan, row.period) for row in rows if row.standing)
        )
        told = (
            *_widened(scope, rows),
            *plan_changes(reader, scope, months),
            *_warnings(rows, facts, bool(plans)),
            *entered_later(reader, scope.as_of, "bonus_plan", "quota"),
        )
    return _report(scope, rows, n, told)


def read_rows(
    reader: Reader, scope: Scope, *, with_ahead: bool = True, most: int | None = None
) -> tuple[list[Row], list[Facts]]:
    """The rows of the scope and the facts behind them; without a forecast, what has been earned.

    Of each plan the first `most` months, quarters or years in which the period lies, else all.
    """
    then = people_on(reader, scope.as_of)
    grants = bonus_grants(then)
    means = year_means(reader, scope)
    seen: dict[Period, Facts] = {}
    rows: list[Row] = []
    for plan in bonus_plans(then):
        for period in spans_of(scope.period, plan.span, scope.as_of, most):
            paid_now = granted(grants, plan.id, period)
            if not paid_now:
                continue
            own = replace(scope, period=period)
            if period not in seen:
                seen[period] = read_facts(reader, own, with_ahead=with_ahead)
            deals = won_in_order(reader, own, plan)
            for person in chosen_people(seen[period].people, scope):
                if person.id in paid_now:
                    standing = _standing(plan, seen[period], scope, person.id)
                    usual = usual_for(means, person.id, plan.currency)
                    own_deals = deals.get(person.id, ())
                    paid = None if standing is None else pay(plan, standing, usual, own_deals)
                    if paid and period.first and period.first > scope.as_of:
                        paid = replace(paid, earned=0)
                    rows.append(Row(person.id, person.name, plan, period, standing, paid))
    rows.sort(key=lambda row: (row.rep, row.plan.name, row.period.first or date.min))
    return rows, list(seen.values())


def _standing(plan: PlanLine, facts: Facts, scope: Scope, rep_id: str) -> Standing | None:
    """Against the quota by which the plan pays; `None` where there is none."""
    currency = "" if plan.measure == Measure.COUNT else plan.currency
    own = replace(scope, owner_ids=(rep_id,))
    found = (
        each for each in standings(facts, own, "rep")
        if (each.measure, each.currency) == (plan.measure, currency) and each.target
    )  # fmt: skip
    return next(found, None)


_COLUMNS = (
    Column("quota", "Quota", "money", is_extra=True),
    Column("won", "Won", "money", is_extra=True),
    Column("quota_deals", "Quota n", "count", is_extra=True),
    Column("won_deals", "Won n", "count", is_extra=True),
    Column("attained", "Attained", "ratio"),
    Column("earned", "Earned", "money"),
    Column("likely", "Likely", "money"),
    Column("low", "Low", "money"),
    Column("high", "High", "money"),
    Column("next_tier", "Next", "ratio"),
    Column("p_next", "P next", "ratio"),
    Column("missing", "Missing", "money"),
    Column("missing_deals", "Deals", "count"),
)
_OF_MONEY = frozenset({"quota", "won", "missing"})
_OF_DEALS = frozenset({"quota_deals", "won_deals"})
"""Columns of plans that pay for amounts, or for deals: either only where there are any."""


def _report(scope: Scope, rows: Sequence[Row], n: int, warnings: tuple[str, ...]) -> Report:
    currencies = {row.plan.currency for row in rows}
    has_several = len({(row.period, row.plan.id) for row in rows}) > 1
    columns = [Column("rep", "Rep", "text")]
    if has_several:
        columns += [Column("plan", "Plan", "text"), Column("period", "Period", "text")]
    if len(currencies) > 1:
        columns.append(Column("currency", "Currency", "text"))
    untold: set[str] = set()
    if not any(map(_is_count, rows)):
        untold |= _OF_DEALS
    elif all(map(_is_count, rows)):
        untold |= _OF_MONEY
    columns += (column for column in _COLUMNS if column.key not in untold)
    totals: dict[str, Cell] = {}
    if len(currencies) == 1 and len(rows) > 1:
        currency = next(iter(currencies))
        paid = [row.pay for row in rows if row.pay]
        totals["earned"] = Money(sum(each.earned for each in paid), currency)
        likely = [whole_minor(each.likely) for each in paid if each.likely is not None]
        totals["likely"] = Money(sum(likely), currency) if likely else None
    periods = {row.period for row in rows}
    shown = replace(scope, period=periods.pop()) if len(periods) == 1 else scope
    return Report(
        name="bonus",
        title="Bonus",
        **asked(shown),
        columns=tuple(columns),
        rows=tuple(
            tuple(cells.get(column.key) for column in columns) for cells in map(_cells, rows)
        ),
        totals=totals,
        n=n,
        method=METHOD,
        warnings=warnings,
    )


def _is_count(row: Row) -> bool:
    return row.plan.measure == Measure.COUNT


def _cells(row: Row) -> dict[str, Cell]:
    standing, paid, currency = row.standing, row.pay, row.plan.currency
    cells: dict[str, Cell] = {
        "rep": row.rep, "plan": row.plan.name, "period": row.period.label, "currency": currency,
    }  # fmt: skip
    if standing is None or paid is None:
        return cells
    if _is_count(row):
        cells["quota_deals"] = None if standing.target is None else _deals(standing.target)
        cells["won_deals"] = standing.won
    else:
        cells["quota"] = _money(standing.target, currency)
        cells["won"] = _money(standing.won, currency)
        cells["missing"] = _money(paid.missing, currency)
    return cells | {
        "attained": attainment(standing),
        "earned": _money(paid.earned, currency),
        "likely": _money(paid.likely, currency),
        "low": _money(paid.low, currency),
        "high": _money(paid.high, currency),
        "next_tier": None if paid.next_bp is None else paid.next_bp / WHOLE,
        "p_next": paid.p_next,
        "missing_deals": None if paid.missing_deals is None else _more(paid.missing_deals),
    }


def _more(deals: float) -> float:
    """To a tenth of a deal, never none where something is missing."""
    return max(round(deals, 1), 0.1)


def _deals(value: float) -> float | int:
    return round(value, 1) if value % 1 else int(value)


def _money(minor: float | None, currency: str) -> Money | None:
    return None if minor is None else Money(whole_minor(minor), currency)


def _widened(scope: Scope, rows: Sequence[Row]) -> Iterator[str]:
    """That plans pay for other days than were asked for: whole spans, and not endlessly many."""
    if scope.is_always:
        return
    first, last = scope.period.first, scope.period.last
    for span in dict.fromkeys(row.plan.span for row in rows):
        paid = list(spans_of(scope.period, span, scope.as_of, _MOST_SPANS))
        begin, end = paid[0].first, paid[-1].last
        name = paid[0].label if len(paid) == 1 else f"{paid[0].label} to {paid[-1].label}"
        if (begin, end) != (first, last):
            yield f"A bonus is paid by the {span}: {name} is shown instead of {scope.period.label}."


def _warnings(rows: Sequence[Row], facts: Sequence[Facts], has_plans: bool) -> Iterator[str]:
    if not rows:
        yield (
            "Nobody is paid by a bonus plan in this period: F2 on a screen, the list Bonus plans, R, or "
            "salestui bonus grant PLAN REP."
            if has_plans
            else "There is no bonus plan: F2 on a screen, the list Bonus plans, or "
            "salestui bonus plan NAME."
        )
    yield from in_part([row.standing for row in rows if row.standing is not None])
    lacking: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        if row.standing is None:
            key = row.rep_id, row.rep, row.plan.name
            lacking.setdefault(key, []).append(row.period.label)
    for (_, name, plan), labels in lacking.items():
        yield f"{name} has no quota by which {plan} could pay for {listed(labels)}."
    if any(row.standing and row.standing.outlook is None for row in rows):
        yield "Where there is no forecast, only what has been earned is known."
    yield from _unpaid(rows, facts)
    yield from uncounted(row.standing for row in rows if row.standing is not None)
    told: dict[str, list[str]] = {}
    for each in facts:
        mine = [
            row.standing
            for row in rows
            if row.standing is not None and (row.period.first, row.period.last) == each.period
        ]
        for text in cautions(each, mine):
            told.setdefault(text, []).append(named(*each.period).label)
    for text, labels in told.items():
        yield text if len(labels) == len(facts) else f"{listed(labels)}: {text}"


def _unpaid(rows: Sequence[Row], facts: Sequence[Facts]) -> Iterator[str]:
    """Who won in a currency that no plan of theirs counts; one by count counts deals of every one."""
    won = {each.period: each.won for each in facts}
    sold: dict[str, set[str]] = {}
    paid: dict[str, set[str]] = {}
    for row in rows:
        if row.standing is not None and row.period.first and row.period.last:
            own = won[row.period.first, row.period.last].get(row.rep_id, Won()).amount
            sold.setdefault(row.rep, set()).update(+own)
            is_count = row.plan.measure == Measure.COUNT
            paid.setdefault(row.rep, set()).update(own if is_count else [row.plan.currency])
    for currency in sorted(set().union(*sold.values())):
        names = [name for name, known in sold.items() if currency in known - paid[name]]
        if names:
            yield f"What {listed(names)} won in {currency} counts for no bonus: no currency is converted."
