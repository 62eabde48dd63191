"""What people say will be won: a rep's commit and best case, a manager's adjustment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
    Subject,
    any_period,
    currency_of,
    subject,
    whole_period,
)

if TYPE_CHECKING:
    from salestui.store.store import Store

app = typer.Typer()
commit = typer.Typer(
    help="Say what will be won: a rep's commit and best case, a manager's adjustment.",
    no_args_is_help=True,
)
app.add_typer(commit, name="commit")

Amount = Annotated[
    str, typer.Argument(metavar="AMOUNT", help="What will be won in the period for sure.")
]
Best = Annotated[
    str | None, typer.Option("--best", metavar="AMOUNT", help="What may be won at best.")
]
Note = Annotated[str, typer.Option("--note", help="Why.")]


@commit.command("add")
def add(
    ctx: typer.Context,
    period: PeriodArgument,
    amount: Amount,
    best: Best = None,
    currency: Currency = None,
    note: Note = "",
) -> None:
    """Say what you will win in a period; what you said before stays in the history."""
    from salestui.errors import Refused

    with opened(ctx) as store:
        if store.actor_id is None:
            raise Refused("It is not known which rep you are: name yourself with --me REP.")
        _record(store, "rep", Subject(store.actor_id, None), period, amount, best, currency, note)


@commit.command("adjust")
def adjust(
    ctx: typer.Context,
    period: PeriodArgument,
    amount: Amount,
    owner: OfRep = None,
    team: OfTeam = None,
    everybody: OfEverybody = False,
    best: Best = None,
    currency: Currency = None,
    note: Note = "",
) -> None:
    """Put a manager's word over that of a rep, a team or everybody, and say why."""
    with opened(ctx) as store:
        whose = subject(store, owner, team, everybody)
        _record(store, "manager", whose, period, amount, best, currency, note)


@commit.command("list")
def list_calls(
    ctx: typer.Context,
    period: InPeriod = None,
    latest: Annotated[bool, typer.Option("--latest", help="Only what counts now.")] = False,
    as_json: AsJson = False,
) -> None:
    """List who said what and when, the latest first."""
    from salestui.queries.plans import calls

    with opened(ctx) as store:
        rows = [
            {
                "said": line.said_at,
                "side": line.side,
                "of": line.whose,
                "by": line.author,
                "from": line.first_on,
                "to": line.last_on,
                "commit": money(line.commit_minor, line.currency),
                "best_case": money(line.best_minor, line.currency),
                "note": line.notes,
                "counts": line.is_latest,
            }
            for line in store.read(calls, any_period(store, period))
            if line.is_latest or not latest
        ]
    show(rows, as_json=as_json, empty="Nobody has said anything: salestui commit add PERIOD AMOUNT")


def _record(
    store: Store,
    side: str,
    whose: Subject,
    period: str,
    amount: str,
    best: str | None,
    currency: str | None,
    note: str,
) -> None:
    first, last, label = whole_period(store, period)
    code = currency_of(store, currency)
    from salestui.usecases.calls import record_call

    saved = store.write(
        record_call,
        side=side,
        **whose.keys,
        first_on=first,
        last_on=last,
        commit_minor=money_minor(amount, code),
        best_minor=None if best is None else money_minor(best, code),
        currency_code=code,
        notes=note,
    )
    say(f"{saved.summary} for {label}")
