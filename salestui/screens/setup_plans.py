"""The lists of what a team plans: quotas, bonus plans with tiers and grants, costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salestui.analytics.periods import named
from salestui.models.vocabulary import Measure
from salestui.queries import plans
from salestui.screens.setup_entries import Column, Entry, SetupList
from salestui.store.reader import Reader
from salestui.text import format_money, so_many


def _quotas(reader: Reader) -> list[Entry]:
    return [
        Entry("quota", row, place, (
            named(row.first_on, row.last_on).label, row.whose, _scope_of(row), row.measure,
            _target(row),
        ))
        for place, row in enumerate(plans.quotas(reader), start=1)
    ]  # fmt: skip


def _scope_of(row: plans.QuotaLine | plans.CostLine) -> str:
    return "rep" if row.rep_id else "team" if row.team_id else "company"


def _target(row: plans.QuotaLine) -> str:
    if row.measure == Measure.COUNT:
        return so_many(row.deals or 0, "deal")
    return format_money(row.amount_minor or 0, row.currency)


def _bonus_plans(reader: Reader) -> list[Entry]:
    grants = plans.bonus_grants(reader)
    return [
        entry
        for place, row in enumerate(plans.bonus_plans(reader), start=1)
        for entry in _bonus_plan(row, place, [g for g in grants if g.plan_id == row.id])
    ]


def _bonus_plan(
    row: plans.PlanLine, place: int, grants: Sequence[plans.GrantLine]
) -> Iterator[Entry]:
    yield Entry(
        "bonus plan", row, place, (row.name, f"{row.measure}, each {row.span}, {row.currency}")
    )
    for number, tier in enumerate(row.tiers, start=1):
        cells = (f"  from {tier.from_bp / 100:g} %", _pays(tier, row.currency))
        yield Entry("bonus tier", tier, number, cells, row.id)
    for number, grant in enumerate(grants, start=1):
        end = "" if grant.last_on is None else f" to {grant.last_on.isoformat()}"
        cells = (f"  {grant.rep}", f"from {grant.first_on.isoformat()}{end}")
        yield Entry("bonus grant", grant, number, cells, row.id)


def _pays(tier: plans.TierLine, currency: str) -> str:
    def bare(minor: int) -> str:
        return format_money(minor, currency).removesuffix(f" {currency}")

    parts = []
    if tier.fixed_minor:
        parts.append(f"{bare(tier.fixed_minor)} once")
    if tier.rate_bp:
        parts.append(f"{tier.rate_bp / 100:g} % beyond it")
    if tier.per_deal_minor:
        parts.append(f"{bare(tier.per_deal_minor)} a deal")
    return ", ".join(parts)


def _costs(reader: Reader) -> list[Entry]:
    return [
        Entry("cost", row, place, (
            named(row.first_on, row.last_on).label, row.whose, _scope_of(row), row.kind,
            format_money(row.amount_minor, row.currency), " ".join(row.notes.split()),
        ))
        for place, row in enumerate(plans.costs(reader), start=1)
    ]  # fmt: skip


PLAN_LISTS = (
    SetupList("Quotas", "quota", (
        Column("Period"), Column("Whose"), Column("Of a"), Column("Measure"),
        Column("To be won", is_right=True),
    ), _quotas, about="What is to be won in a period: revenue, margin (revenue less cost), or deals."),
    SetupList("Bonus plans", "bonus plan", (
        Column("Plan, tiers, reps"), Column("Pays"),
    ), _bonus_plans, parts=("bonus tier", "bonus grant"),
        about="What is paid for reaching a quota: T adds a tier, R grants the plan to a rep."),
    SetupList("Costs", "cost", (
        Column("Period"), Column("Whose"), Column("Of a"), Column("Kind"),
        Column("Amount", is_right=True), Column("Notes"),
    ), _costs, about="What selling costs: of the whole period, of an hour where the kind is hourly."),
)  # fmt: skip
