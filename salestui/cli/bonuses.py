"""Bonus plans, their tiers, and who is paid by which."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from salestui.cli.changes import given, money_minor, needed, one_day
from salestui.cli.opening import opened
from salestui.cli.options import AsJson, Currency, NewName, Rename, RepName
from salestui.cli.output import Money, say, show
from salestui.cli.subjects import currency_of

app = typer.Typer()
bonus = typer.Typer(
    help="Set bonus plans and their tiers, grant them to reps, list them.", no_args_is_help=True
)
app.add_typer(bonus, name="bonus")

PlanName = Annotated[str, typer.Argument(metavar="PLAN", help="The bonus plan's name.")]
MeasureOption = Annotated[str | None, typer.Option(help="revenue, margin or count (deals won).")]
SpanOption = Annotated[
    str | None, typer.Option(help="How often it is reckoned: month, quarter or year.")
]
Attainment = Annotated[
    str, typer.Argument(metavar="PERCENT", help="From this share of the quota on: 80, 100, 112.5.")
]


@bonus.command("plan")
def plan(
    ctx: typer.Context,
    name: NewName,
    measure: MeasureOption = None,
    span: SpanOption = None,
    currency: Currency = None,
) -> None:
    """Add a bonus plan: by revenue each quarter, unless said otherwise."""
    with opened(ctx) as store:
        code = currency_of(store, currency)
        from salestui.usecases.bonuses import create_plan

        fields = given(measure=measure, span=span)
        say(store.write(create_plan, name=name, currency=code, **fields).summary)


@bonus.command("edit")
def edit(
    ctx: typer.Context,
    plan_name: PlanName,
    name: Rename = None,
    measure: MeasureOption = None,
    span: SpanOption = None,
    currency: Currency = None,
) -> None:
    """Change a bonus plan: name, measure, span, currency."""
    from salestui.queries.names import find

    changes = needed(given(name=name, measure=measure, span=span, currency=currency))
    with opened(ctx) as store:
        found = store.read(find, "bonus plan", plan_name)
        from salestui.usecases.bonuses import edit_plan

        say(
            store.write(
                edit_plan, plan_id=found.id, expected_version=found.version, **changes
            ).summary
        )


@bonus.command("delete")
def delete(ctx: typer.Context, plan_name: PlanName) -> None:
    """Delete a bonus plan that nobody has been granted."""
    from salestui.queries.names import find

    with opened(ctx) as store:
        found = store.read(find, "bonus plan", plan_name)
        from salestui.usecases.bonuses import delete_plan

        say(store.write(delete_plan, plan_id=found.id).summary)


@bonus.command("tier")
def tier(
    ctx: typer.Context,
    plan_name: PlanName,
    attainment: Attainment,
    fixed: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Paid once it is reached.")
    ] = None,
    rate: Annotated[
        str | None,
        typer.Option(metavar="PERCENT", help="Paid of what is won from here to the next tier."),
    ] = None,
    per_deal: Annotated[
        str | None,
        typer.Option(metavar="AMOUNT", help="Paid for each whole deal won after it is reached."),
    ] = None,
    is_deleted: Annotated[bool, typer.Option("--delete", help="Take the tier away.")] = False,
) -> None:
    """Set what a plan pays from an attainment on, or change it."""
    from salestui.queries.plans import bonus_plans

    with opened(ctx) as store:
        from salestui.queries.names import find
        from salestui.usecases import bonuses

        found = store.read(find, "bonus plan", plan_name)
        code = next(p.currency for p in store.read(bonus_plans) if p.id == found.id)
        from_bp = _basis_points(attainment)
        if is_deleted:
            saved = store.write(bonuses.delete_tier, plan_id=found.id, from_bp=from_bp)
        else:
            pays: dict[str, Any] = given(
                fixed_minor=None if fixed is None else money_minor(fixed, code),
                rate_bp=None if rate is None else _basis_points(rate),
                per_deal_minor=None if per_deal is None else money_minor(per_deal, code),
            )
            saved = store.write(bonuses.set_tier, plan_id=found.id, from_bp=from_bp, **pays)
    say(saved.summary)


def _basis_points(typed: str) -> int:
    """A percentage in hundredths of a percent."""
    from salestui.text import parse_number

    return parse_number(typed.strip().removesuffix("%"), 2)


@bonus.command("grant")
def grant(
    ctx: typer.Context,
    plan_name: PlanName,
    rep_name: RepName,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First day; today otherwise.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Last day; without end otherwise.")
    ] = None,
) -> None:
    """Pay a rep by a plan from a day on; the plan before ends the day before."""
    from salestui.queries.names import find

    with opened(ctx) as store:
        found = store.read(find, "bonus plan", plan_name).id
        rep = store.read(find, "rep", rep_name).id
        today = store.today()
        from salestui.usecases import bonuses

        saved = store.write(
            bonuses.grant,
            plan_id=found,
            rep_id=rep,
            first_on=one_day(first, today) or today,
            last_on=one_day(last, today),
        )
    say(saved.summary)


@bonus.command("end")
def end(
    ctx: typer.Context,
    rep_name: RepName,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Last day; today otherwise.")
    ] = None,
) -> None:
    """End the plan that a rep is paid by."""
    from salestui.queries.names import find

    with opened(ctx) as store:
        rep = store.read(find, "rep", rep_name).id
        today = store.today()
        from salestui.usecases.bonuses import end_grant

        say(store.write(end_grant, rep_id=rep, last_on=one_day(last, today) or today).summary)


@bonus.command("list")
def list_plans(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the plans, tier by tier."""
    from salestui.queries.plans import bonus_plans

    with opened(ctx) as store:
        plans = store.read(bonus_plans)
    rows = [
        {
            "plan": each.name,
            "measure": each.measure,
            "span": each.span,
            "reps": each.granted,
            "from_percent": None if step is None else step.from_bp / 100,
            "fixed": None if step is None else Money(step.fixed_minor, each.currency),
            "rate_percent": None if step is None else step.rate_bp / 100,
            "per_deal": None if step is None else Money(step.per_deal_minor, each.currency),
        }
        for each in plans
        for step in each.tiers or (None,)
    ]
    show(rows, as_json=as_json, empty="No bonus plans. Add one: salestui bonus plan NAME")


@bonus.command("grants")
def list_grants(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List who is paid by which plan, from when to when."""
    from salestui.queries.plans import bonus_grants

    with opened(ctx) as store:
        rows = [
            {"rep": each.rep, "plan": each.plan, "from": each.first_on, "to": each.last_on}
            for each in store.read(bonus_grants)
        ]
    show(rows, as_json=as_json, empty="No bonus granted. Do so: salestui bonus grant PLAN REP")
