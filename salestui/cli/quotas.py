"""Quotas of reps, teams and the company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli.changes import money_minor
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
    from salestui.queries.plans import QuotaLine

app = typer.Typer()
quota = typer.Typer(help="Set, list and delete quotas.", no_args_is_help=True)
app.add_typer(quota, name="quota")

MeasureOption = Annotated[
    str, typer.Option(help="What counts: revenue, margin (revenue less cost) or count (deals won).")
]


@quota.command("set")
def set_quota(
    ctx: typer.Context,
    period: PeriodArgument,
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="The amount, or the number of deals.")
    ],
    owner: OfRep = None,
    team: OfTeam = None,
    everybody: OfEverybody = False,
    measure: MeasureOption = "revenue",
    currency: Currency = None,
) -> None:
    """Set the quota of a rep, a team or everybody for a period, or change it."""
    with opened(ctx) as store:
        whose = subject(store, owner, team, everybody)
        first, last, label = whole_period(store, period)
        code = currency_of(store, currency)
        if measure == "count" and currency is not None:
            from salestui.errors import Refused

            raise Refused("A quota of count is of deals in any currency: leave --currency out.")
        from salestui.usecases.quotas import set_quota as write

        saved = store.write(
            write,
            **whose.keys,
            first_on=first,
            last_on=last,
            measure=measure,
            currency_code=code,
            **_target(target, measure, code),
        )
    say(f"{saved.summary} for {label}")


def _target(typed: str, measure: str, currency: str) -> dict[str, Any]:
    from salestui.errors import Refused

    if measure != "count":
        return {"amount_minor": money_minor(typed, currency)}
    digits = "".join(typed.split())
    if not digits.isascii() or not digits.isdigit():
        raise Refused("A quota of count is a whole number of deals.")
    return {"deals": int(digits)}


@quota.command("list")
def list_quotas(ctx: typer.Context, period: InPeriod = None, as_json: AsJson = False) -> None:
    """List the quotas, the latest period first."""
    from salestui.queries.plans import quotas

    with opened(ctx) as store:
        rows = [
            {
                "of": line.whose,
                "from": line.first_on,
                "to": line.last_on,
                "measure": line.measure,
                "amount": money(line.amount_minor, line.currency),
                "deals": line.deals,
            }
            for line in store.read(quotas, any_period(store, period))
        ]
    show(rows, as_json=as_json, empty="No quotas. Set one: salestui quota set PERIOD TARGET")


@quota.command("delete")
def delete_quota(
    ctx: typer.Context,
    period: PeriodArgument,
    owner: OfRep = None,
    team: OfTeam = None,
    everybody: OfEverybody = False,
    measure: MeasureOption = "revenue",
) -> None:
    """Delete the quota that a rep, a team or everybody has for exactly this period."""
    from salestui.errors import Refused
    from salestui.queries.plans import quotas
    from salestui.text import Period

    with opened(ctx) as store:
        whose = subject(store, owner, team, everybody)
        first, last, label = whole_period(store, period)

        def is_meant(line: QuotaLine) -> bool:
            days = (line.first_on, line.last_on) == (first, last)
            return days and whose.is_of(line) and line.measure == measure

        known = filter(is_meant, store.read(quotas, Period(first, last, label)))
        found = next(known, None)
        if found is None:
            raise Refused(f"There is no such quota of {measure} for {label}. See: quota list")
        from salestui.usecases.quotas import delete_quota as write

        say(store.write(write, quota_id=found.id, expected_version=found.version).summary)
