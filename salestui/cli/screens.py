"""The screens' commands: they open there on a terminal, elsewhere they print the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import launch
from salestui.cli.opening import choice, opened
from salestui.cli.options import AsJson
from salestui.cli.output import money, say, say_json, show

if TYPE_CHECKING:
    from salestui.queries.board import Column
    from salestui.queries.today import QuietDeal, Task, Today

app = typer.Typer()

Limit = Annotated[
    int, typer.Option("--limit", min=1, max=100_000, help="Rows printed at most, where printed.")
]


@app.command()
def today(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Open what is to be done today: tasks overdue and due, deals that nobody moves."""
    if _opens(ctx, "today", as_json):
        return
    from salestui.queries.today import load_today

    with opened(ctx) as store:
        found = store.read(load_today)
    if as_json:
        say_json(_plain(found))
    else:
        _tell(found)


@app.command()
def board(
    ctx: typer.Context,
    pipeline: Annotated[
        str | None, typer.Option(metavar="PIPELINE", help="The first one, unless said otherwise.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Open the deal board; as a table: each stage with its deals, sums and weighted sums."""
    if pipeline is None and _opens(ctx, "board", as_json):
        return
    from salestui.queries import names
    from salestui.queries.board import load_board

    with opened(ctx) as store:
        chosen = store.read(names.find, "pipeline", pipeline).id if pipeline else None
        found = store.read(load_board, pipeline_id=chosen)
    rows = [row for column in (found.columns if found else ()) for row in _column(column)]
    show(rows, as_json=as_json, empty="No pipeline yet. Set one up: salestui start --rep YOUR-NAME")


@app.command()
def clients(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORDS]...", help="Beginnings of name, town, phone, contact …"),
    ] = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """Open the clients; with words, or elsewhere than on a terminal, print those that fit."""
    if not words and _opens(ctx, "clients", as_json):
        return
    from salestui.queries.client_list import search_clients

    with opened(ctx) as store:
        page = store.read(search_clients, typed=" ".join(words or ()), limit=limit)
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
    show(rows, as_json=as_json, empty="No clients found. Add one: salestui add client NAME")
    if page.has_more and not as_json:
        say(f"… and more: the first {limit} are shown, --limit shows others.")


@app.command()
def log(ctx: typer.Context, limit: Limit = 100, as_json: AsJson = False) -> None:
    """Open the activity log, newest first."""
    if _opens(ctx, "log", as_json):
        return
    from salestui.queries.activity_log import load_log

    with opened(ctx) as store:
        page = store.read(load_log, limit=limit)
    rows = [
        {
            "day": row.on_day,
            "state": row.state,
            "kind": row.kind,
            "direction": row.direction,
            "client": row.client,
            "met": [person.name for person in row.met],
            "deal": row.deal,
            "subject": row.subject,
            "agreed": row.outcome,
            "rep": row.rep,
        }
        for row in page.rows
    ]
    show(rows, as_json=as_json, empty="No activities yet. In the program 'a' logs one.")


@app.command()
def funnel(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Open the funnel; elsewhere than on a terminal the same as 'report funnel'."""
    if _opens(ctx, "funnel", as_json):
        return
    from typer.main import get_group

    from salestui.cli import report

    command: Any = get_group(report.app).commands["funnel"]
    with command.make_context("funnel", ["--json"] if as_json else [], parent=ctx) as below:
        command.invoke(below)


def _opens(ctx: typer.Context, screen: str, as_json: bool) -> bool:
    """Open the screen if there is a person to look at it."""
    if as_json or not launch.is_terminal():
        return False
    code = launch.open_screen(launch.Wish(screen, choice(ctx).db, choice(ctx).me))
    if code:
        raise typer.Exit(code)
    return True


def _column(column: Column) -> list[dict[str, Any]]:
    """A line for each currency: amounts of different ones are never added up."""
    empty = [(None, None, column.count)]
    sums = [
        (money(t.amount_minor, t.currency), money(t.weighted_minor, t.currency), column.count)
        for t in column.totals
    ]
    return [
        {
            "stage": column.name,
            "kind": column.kind,
            "probability": column.probability,
            "deals": count,
            "amount": amount,
            "weighted": weighted,
        }
        for amount, weighted, count in sums or empty
    ]


def _plain(found: Today) -> dict[str, Any]:
    return {
        "day": found.day,
        "rep": found.rep,
        "overdue": [_task(task) for task in found.overdue],
        "due": [_task(task) for task in found.due],
        "deals_without_next_step": [_deal(deal) for deal in found.without_step],
        "deals_past_expected_close": [_deal(deal) for deal in found.past_close],
    }


def _tell(found: Today) -> None:
    say(f"{found.day:%A %Y-%m-%d}" + (f", {found.rep}" if found.rep else ", everybody"))
    parts: tuple[tuple[str, int, list[dict[str, Any]]], ...] = (
        ("Overdue", found.overdue_count, [_task(task) for task in found.overdue]),
        ("Due today", found.due_count, [_task(task) for task in found.due]),
        (
            "Deals without next step",
            found.without_step_count,
            [_deal(deal) for deal in found.without_step],
        ),
        (
            "Deals past their expected close",
            found.past_close_count,
            [_deal(deal) for deal in found.past_close],
        ),
    )
    for title, count, rows in parts:
        if count:
            say()
            say(f"{title}: {count}")
            show(rows, as_json=False, empty="")
    if found.is_empty:
        say("Nothing to do. Plan something: 'a' on a client or a deal logs an activity.")


def _task(task: Task) -> dict[str, Any]:
    return {
        "due": task.due_on,
        "kind": task.kind,
        "subject": task.subject,
        "client": task.client,
        "deal": task.deal,
        "stage": task.stage,
        "rep": "team" if task.is_team_task else task.rep,
    }


def _deal(deal: QuietDeal) -> dict[str, Any]:
    return {
        "number": deal.number,
        "deal": deal.title,
        "client": deal.client,
        "stage": deal.stage,
        "owner": deal.owner,
        "amount": money(deal.amount_minor, deal.currency),
        "days_in_stage": deal.days_in_stage,
        "expected_close": deal.expected_close_on,
    }
