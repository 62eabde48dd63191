"""What selling costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from salestui.cli.changes import given, money_minor
from salestui.cli.opening import opened
from salestui.cli.options import AsJson, Currency
from salestui.cli.output import money, say, show
from salestui.cli.subjects import (
    InPeriod,
    OfEverybody,
    OfRep,
    OfTeam,
    PeriodArgument,
    any_period,
    currency_of,
    subject,
    whole_period,
)

if TYPE_CHECKING:
    from salestui.queries.plans import CostLine

app = typer.Typer()
cost = typer.Typer(help="Set, list and delete what selling costs.", no_args_is_help=True)
app.add_typer(cost, name="cost")

KindArgument = Annotated[
    str,
    typer.Argument(
        metavar="KIND",
        help="salary, leads, tools or other: the sum of the period; hourly: the rate of an hour.",
    ),
]


@cost.command("set")
def set_cost(
    ctx: typer.Context,
    kind: KindArgument,
    period: PeriodArgument,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="What it costs.")],
    owner: OfRep = None,
    team: OfTeam = None,
    everybody: OfEverybody = False,
    currency: Currency = None,
    notes: Annotated[str | None, typer.Option(help="Notes.")] = None,
) -> None:
    """Set what a rep, a team or everybody costs in a period, or change it."""
    with opened(ctx) as store:
        whose = subject(store, owner, team, everybody)
        first, last, label = whole_period(store, period)
        code = currency_of(store, currency)
        from salestui.usecases.costs import set_cost as write

        saved = store.write(
            write,
            **whose.keys,
            kind=kind,
            first_on=first,
            last_on=last,
            amount_minor=money_minor(amount, code),
            currency_code=code,
            **given(notes=notes),
        )
    say(f"{saved.summary} for {label}")


@cost.command("list")
def list_costs(ctx: typer.Context, period: InPeriod = None, as_json: AsJson = False) -> None:
    """List the costs, the latest period first."""
    from salestui.queries.plans import costs

    with opened(ctx) as store:
        rows = [
            {
                "kind": line.kind,
                "of": line.whose,
                "from": line.first_on,
                "to": line.last_on,
                "amount": money(line.amount_minor, line.currency),
                "notes": line.notes,
            }
            for line in store.read(costs, any_period(store, period))
        ]
    show(rows, as_json=as_json, empty="No costs. Set one: salestui cost set KIND PERIOD AMOUNT")


@cost.command("delete")
def delete_cost(
    ctx: typer.Context,
    kind: KindArgument,
    period: PeriodArgument,
    owner: OfRep = None,
    team: OfTeam = None,
    everybody: OfEverybody = False,
    currency: Currency = None,
) -> None:
    """Delete the cost that a rep, a team or everybody has for exactly this period."""
    from salestui.errors import Refused
    from salestui.queries.plans import costs
    from salestui.text import Period

    with opened(ctx) as store:
        whose = subject(store, owner, team, everybody)
        first, last, label = whole_period(store, period)

        def is_meant(line: CostLine) -> bool:
            days = (line.first_on, line.last_on) == (first, last)
            is_in = currency is None or line.currency == currency.strip().upper()
            return days and whose.is_of(line) and line.kind == kind and is_in

        found = list(filter(is_meant, store.read(costs, Period(first, last, label))))
        if not found:
            raise Refused(f"There is no such {kind} cost for {label}. See: cost list")
        if len(found) > 1:
            raise Refused("There is one in each of several currencies: add --currency CODE.")
        from salestui.usecases.costs import delete_cost as write

        say(store.write(write, cost_id=found[0].id, expected_version=found[0].version).summary)
