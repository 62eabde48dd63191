"""What is to be done today, opened or printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import completion
from salestui.cli.opening import opened
from salestui.cli.options import AsCsv, AsJson
from salestui.cli.output import money, refuse_both, say, say_csv, say_json, show
from salestui.cli.screens import opens
from salestui.errors import Refused

if TYPE_CHECKING:
    from salestui.queries.today import QuietDeal, Task, Today

app = typer.Typer()

_ALL = 100_000


@app.command()
def today(
    ctx: typer.Context,
    rep: Annotated[
        str | None,
        typer.Option(metavar="REP", help="Whose day; yours.", autocompletion=completion.reps),
    ] = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="Everybody's day.")] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Open what is to be done today: tasks overdue, due and coming, deals that nobody moves."""
    if opens(ctx, "today", wants_table=rep is not None or everybody or as_json or as_csv):
        return
    refuse_both(as_json=as_json, as_csv=as_csv)
    if rep is not None and everybody:
        raise Refused("Choose one of --rep and --everybody.")
    from salestui.queries import names
    from salestui.queries.today import load_today

    with opened(ctx) as store:
        whose = store.read(names.find, "rep", rep).id if rep is not None else None
        found = store.read(load_today, rep_id=whose, is_everyone=everybody, most=_ALL)
    if as_json:
        say_json(_plain(found))
    elif as_csv:
        say_csv(_flat(found), ("list", *_COLUMNS), ("amount",))
    else:
        _tell(found)


_COLUMNS = (
    "key", "due", "kind", "subject", "client", "deal", "stage", "rep", "number", "owner", "amount",
    "days_in_stage", "expected_close",
)  # fmt: skip


def _parts(found: Today) -> tuple[tuple[str, list[dict[str, Any]]], ...]:
    """Each list of the day with its rows."""
    return (
        ("overdue", [_task(task) for task in found.overdue]),
        ("due", [_task(task) for task in found.due]),
        ("coming", [_task(task) for task in found.coming]),
        ("deals_without_next_step", [_deal(deal) for deal in found.without_step]),
        ("deals_past_expected_close", [_deal(deal) for deal in found.past_close]),
    )


_TITLES = ("Overdue", "Due today", "Next seven days", "Deals without next step",
           "Deals past their expected close")  # fmt: skip


def _plain(found: Today) -> dict[str, Any]:
    return {"day": found.day, "rep": found.rep, **dict(_parts(found))}


def _flat(found: Today) -> Iterator[dict[str, Any]]:
    """All lists in one table: what only the other kind of row has is not there."""
    for name, rows in _parts(found):
        for row in rows:
            yield {"list": name.replace("_", " "), **row}


def _tell(found: Today) -> None:
    say(f"{found.day:%A %Y-%m-%d}" + (f", {found.rep}" if found.rep else ", everybody"))
    if found.is_empty:
        say("Nothing to do. Plan something: salestui add task, or 'a' in the program.")
    for title, (_, rows) in zip(_TITLES, _parts(found), strict=True):
        if rows:
            say()
            say(f"{title}: {len(rows):,}")
            show([_short(row) for row in rows], as_json=False, empty="")


def _task(task: Task) -> dict[str, Any]:
    return {
        "key": task.activity_id,
        "due": task.due_on,
        "kind": task.kind,
        "subject": task.subject,
        "client": task.client,
        "deal": task.deal,
        "stage": task.stage,
        "rep": "team" if task.is_team_task else task.rep,
    }


def _short(row: dict[str, Any]) -> dict[str, Any]:
    from salestui.queries.names import SHORT_KEY

    return row | {"key": row["key"][-SHORT_KEY:]} if "key" in row else row


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
