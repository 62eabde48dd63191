"""The activity log, opened or printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import completion
from salestui.cli.opening import opened
from salestui.cli.options import AsCsv, AsJson, ClientOption, DealOption
from salestui.cli.output import say, show
from salestui.cli.screens import Limit, opens, refuse_unknown

if TYPE_CHECKING:
    from salestui.queries.activity_log import Dealing, LogFilter
    from salestui.store.store import Store

app = typer.Typer()

_LIMIT = 100
_TABLE = (
    "key", "day", "state", "kind", "direction", "minutes", "client", "met", "deal", "subject",
    "agreed", "rep",
)  # fmt: skip
"""What a table has room for; JSON and CSV have all."""


@app.command()
def log(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORDS]...", help="What was said, or of whom."),
    ] = None,
    rep: Annotated[
        str | None, typer.Option(metavar="REP", help="One rep.", autocompletion=completion.reps)
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="One kind.", autocompletion=completion.kinds),
    ] = None,
    direction: Annotated[str | None, typer.Option(help="out, in or none.")] = None,
    role: Annotated[
        str | None, typer.Option(help="The decision role of somebody who was met.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(help="done, planned or all; else what is done and what is due by today."),
    ] = None,
    client: ClientOption = None,
    deal: DealOption = None,
    period: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD", help="this-week, 2026-Q1, 2026-03 … by the day done or due."
        ),
    ] = None,
    limit: Limit = _LIMIT,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Open the activity log, newest first; as a table with its totals."""
    narrowed = (words, rep, kind, direction, role, state, client, deal, period)
    if opens(ctx, "log", wants_table=any((*narrowed, as_json, as_csv))):
        return
    from salestui.queries.activity_log import load_log, load_log_totals

    with opened(ctx) as store:
        wanted = _filter(store, ctx.params)
        page = store.read(load_log, filter=wanted, limit=limit)
        totals = store.read(load_log_totals, filter=wanted)
    none = (
        "No such activities."
        if any(narrowed)
        else "No activities yet. In the program 'a' logs one."
    )
    rows = [_row(each) for each in page.rows]
    if not (as_json or as_csv):
        rows = [{name: row[name] for name in _TABLE} for row in rows]
    show(rows, as_json=as_json, as_csv=as_csv, empty=none)
    if page.rows and not (as_json or as_csv):
        say(totals.words)
        if page.has_more:
            say(f"… and more: the latest {limit:,} are shown, --limit shows others.")


def _filter(store: Store, typed: dict[str, Any]) -> LogFilter:
    """What was typed, as the log's own filter."""
    from salestui.models.vocabulary import DecisionRole, Direction
    from salestui.queries import names
    from salestui.queries.activity_log import LogFilter
    from salestui.text import parse_period

    refuse_unknown("role", typed["role"], DecisionRole)
    refuse_unknown("direction", typed["direction"], Direction)
    refuse_unknown("state", typed["state"], ("done", "planned", "all"))
    return LogFilter(
        rep_id=store.read(names.find, "rep", typed["rep"]).id if typed["rep"] else None,
        kind=store.read(names.find, "activity kind", typed["kind"]).name if typed["kind"] else None,
        direction=typed["direction"],
        decision_role=typed["role"],
        client_id=store.read(names.find_client, typed["client"]).id if typed["client"] else None,
        deal_id=store.read(names.find_deal, typed["deal"]).id if typed["deal"] else None,
        state=typed["state"] or "",
        period=parse_period(typed["period"], store.today()) if typed["period"] else None,
        text=" ".join(typed["words"] or ()),
    )


def _row(each: Dealing) -> dict[str, Any]:
    from salestui.queries.names import SHORT_KEY

    return {
        "key": each.activity_id[-SHORT_KEY:],
        "day": each.on_day,
        "state": each.state,
        "kind": each.kind,
        "direction": each.direction,
        "minutes": each.minutes,
        "client": each.client,
        "met": [person.name for person in each.met],
        "roles": [person.decision_role for person in each.met],
        "deal": each.deal,
        "stage": each.stage,
        "subject": each.subject,
        "agreed": each.outcome,
        "notes": each.notes,
        "documents": [f"{paper.direction}: {paper.name}" for paper in each.papers],
        "rep": each.rep,
    }
