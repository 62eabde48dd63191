"""The activity log, opened or printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import completion
from salestui.cli.opening import opened
from salestui.cli.options import AsCsv, AsJson, ClientOption, DealOption
from salestui.cli.output import say, show
from salestui.cli.screens import MOST, Limit, opens, refuse_unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from salestui.queries.activity_log import Dealing, LogFilter
    from salestui.queries.names import Found
    from salestui.store.store import Store

app = typer.Typer()

_COLUMNS = (
    "key", "day", "state", "kind", "direction", "minutes", "client", "met", "roles", "deal", "stage",
    "subject", "agreed", "notes", "documents", "rep",
)  # fmt: skip
_TABLE = (
    "key", "day", "kind", "client", "agreed", "subject", "deal", "rep", "met", "minutes",
    "direction", "state",
)  # fmt: skip
"""What a table has, as far as there is room; JSON and CSV have all."""

_FIRST = "Log one: salestui add activity CLIENT"


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
            metavar="PERIOD",
            help="this-week, this-month, 2026-Q1, 2026-03, 2026-W47 … by the day done or due.",
        ),
    ] = None,
    limit: Limit = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Open the activity log, newest first; as a table with its totals."""
    narrowed = (rep, kind, direction, role, state, client, deal, period)
    is_narrowed = bool(words) or any(each is not None for each in narrowed)
    if opens(ctx, "log", wants_table=is_narrowed or as_json or as_csv or limit is not None):
        return
    from salestui.queries.activity_log import load_log, load_log_totals

    is_table = not (as_json or as_csv)
    most = limit or MOST
    with opened(ctx) as store:
        wanted = _filter(store, ctx.params)
        page = store.read(load_log, filter=wanted, limit=most)
        totals = store.read(load_log_totals, filter=wanted) if is_table else None
    none = "No such activities." if is_narrowed else f"No activities yet. {_FIRST}"
    rows = [_row(each) for each in page.rows]
    if is_table:
        rows = [_short(row) for row in rows]
    show(rows, as_json=as_json, as_csv=as_csv, empty=none, columns=_COLUMNS)
    if rows and totals is not None:
        say(totals.words)
        if page.has_more:
            say(f"… and more: --limit shows more than the latest {most:,}.")


def _filter(store: Store, typed: dict[str, Any]) -> LogFilter:
    """What was typed, as the log's own filter."""
    from salestui.models.vocabulary import DecisionRole, Direction
    from salestui.queries import names
    from salestui.queries.activity_log import LogFilter
    from salestui.text import parse_period

    refuse_unknown("role", typed["role"], DecisionRole)
    refuse_unknown("direction", typed["direction"], Direction)
    refuse_unknown("state", typed["state"], ("done", "planned", "all"))

    def found(what: str, finding: Callable[..., Found], *before: str) -> Found | None:
        """The row that the option names, if it was given."""
        return None if typed[what] is None else store.read(finding, *before, typed[what])

    rep, kind = found("rep", names.find, "rep"), found("kind", names.find, "activity kind")
    client, deal = found("client", names.find_client), found("deal", names.find_deal)
    period = typed["period"]
    return LogFilter(
        rep_id=rep.id if rep else None,
        kind=kind.name if kind else None,
        direction=typed["direction"],
        decision_role=typed["role"],
        client_id=client.id if client else None,
        deal_id=deal.id if deal else None,
        state=typed["state"] or "",
        period=None if period is None else parse_period(period, store.today()),
        text=" ".join(typed["words"] or ()),
    )


def _row(each: Dealing) -> dict[str, Any]:
    return {
        "key": each.activity_id,
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


def _short(row: dict[str, Any]) -> dict[str, Any]:
    from salestui.queries.names import SHORT_KEY

    return {name: row[name] for name in _TABLE} | {"key": row["key"][-SHORT_KEY:]}
