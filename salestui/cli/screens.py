"""The screens' commands: they open there on a terminal, elsewhere they print the same as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from salestui.cli import completion, launch
from salestui.cli.opening import choice, opened
from salestui.cli.options import AsCsv, AsJson, TerritoryOption
from salestui.cli.output import say, show
from salestui.errors import Refused

app = typer.Typer()

MOST = 100
Limit = Annotated[
    int | None,
    typer.Option("--limit", min=1, max=100_000, help=f"Rows printed at most; {MOST} by default."),
]


_CLIENTS = (
    "number", "name", "city", "status", "owner", "open_deals", "last_activity", "next_step",
    "found_by",
)  # fmt: skip


@app.command()
def clients(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORDS]...", help="Beginnings of name, town, phone, contact …"),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option(
            metavar="REP", help="One rep's; \"\" for nobody's.", autocompletion=completion.reps
        ),
    ] = None,
    status: Annotated[str | None, typer.Option(help="lead, prospect, customer or former.")] = None,
    territory: TerritoryOption = None,
    limit: Limit = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Open the clients; with words or options, or elsewhere than on a terminal, print those that fit."""
    narrowed = bool(words) or any(each is not None for each in (owner, status, territory))
    if opens(ctx, "clients", wants_table=narrowed or as_json or as_csv or limit is not None):
        return
    from salestui.models.vocabulary import ClientStatus
    from salestui.queries import names
    from salestui.queries.client_list import search_clients

    refuse_unknown("status", status, ClientStatus)
    with opened(ctx) as store:
        page = store.read(
            search_clients,
            typed=" ".join(words or ()),
            owner_id=store.read(names.find, "rep", owner).id if owner else owner,
            status=status,
            territory_id=store.read(names.find, "territory", territory).id
            if territory
            else territory,
            limit=limit or MOST,
        )
    rows = [
        {
            "number": row.number,
            "name": row.name,
            "city": row.city,
            "status": row.status,
            "owner": row.owner,
            "open_deals": row.open_deals,
            "last_activity": row.last_on,
            "next_step": row.next_due_on,
            "found_by": row.via,
        }
        for row in page.rows
    ]
    none = "No such clients." if narrowed else "No clients yet. Add one: salestui add client NAME"
    show(rows, as_json=as_json, as_csv=as_csv, empty=none, columns=_CLIENTS)
    if page.has_more and not (as_json or as_csv):
        say(f"… and more: --limit shows more than the first {limit or MOST:,}.")


@app.command()
def funnel(ctx: typer.Context, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Open the funnel; elsewhere than on a terminal the same as 'report funnel'."""
    if opens(ctx, "funnel", wants_table=as_json or as_csv):
        return
    from typer.main import get_group

    from salestui.cli import report

    command: Any = get_group(report.app).commands["funnel"]
    words = [*(["--json"] if as_json else ()), *(["--csv"] if as_csv else ())]
    with command.make_context("funnel", words, parent=ctx) as below:
        command.invoke(below)


def opens(ctx: typer.Context, screen: str, *, wants_table: bool) -> bool:
    """Open the screen if there is a person to look at it, who does not want a table."""
    if wants_table or not launch.is_terminal():
        return False
    code = launch.open_screen(launch.Wish(screen, choice(ctx).db, choice(ctx).me))
    if code:
        raise typer.Exit(code)
    return True


def refuse_unknown(name: str, typed: str | None, known: Iterable[str]) -> None:
    """Refuse a word that is none of those known."""
    words = tuple(known)
    if typed is not None and typed not in words:
        raise Refused(f"'{typed}' is no {name}: use {', '.join(words[:-1])} or {words[-1]}.")
