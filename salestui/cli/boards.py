"""The deal board, opened or printed: its stages, or the deals on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import completion, fields
from salestui.cli.opening import opened
from salestui.cli.options import AsCsv, AsJson, PipelineOption, TerritoryOption
from salestui.cli.output import money, say, show
from salestui.cli.screens import opens, refuse_unknown
from salestui.errors import Refused

if TYPE_CHECKING:
    from salestui.queries.board import Board, BoardFilter, Card, Column
    from salestui.store.store import Store

app = typer.Typer()

_ALL = 100_000
_STAGES = ("stage", "kind", "probability", "deals", "amount", "weighted")
_DEALS = (
    "stage", "number", "deal", "client", "amount", "owner", "days_in_stage", "stands_still",
    "next_step", "due", "expected_close",
)  # fmt: skip


@app.command()
def board(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORDS]...", help="Beginnings of title, client, contact …"),
    ] = None,
    deals: Annotated[bool, typer.Option("--deals", help="Each deal, not each stage.")] = False,
    stalled: Annotated[
        bool, typer.Option("--stalled", help="Only deals that stand still, each.")
    ] = False,
    pipeline: PipelineOption = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only yours.")] = False,
    my_team: Annotated[bool, typer.Option("--my-team", help="Only your team's.")] = False,
    owner: Annotated[
        str | None,
        typer.Option(metavar="REP", help="Only this rep's.", autocompletion=completion.reps),
    ] = None,
    territory: TerritoryOption = None,
    product: Annotated[
        str | None,
        typer.Option(
            metavar="PRODUCT", help="Only of this product.", autocompletion=completion.products
        ),
    ] = None,
    kind: fields.NewOrRepeat = None,
    closing: Annotated[
        str | None, typer.Option(metavar="MONTH", help="Expected to close in it: 2026-10.")
    ] = None,
    amount_from: Annotated[str | None, typer.Option(help="The least amount.")] = None,
    amount_to: Annotated[str | None, typer.Option(help="The largest amount.")] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of these amounts; the pipeline's.")
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Open the deal board; as a table: each stage with its deals, sums and weighted sums."""
    is_asked = any(each is not None and each is not False for each in ctx.params.values())
    if opens(ctx, "board", wants_table=is_asked):
        return
    from salestui.models.vocabulary import DealKind

    if mine + my_team + (owner is not None) > 1:
        raise Refused("Choose one of --mine, --my-team and --owner.")
    if currency is not None and amount_from is None and amount_to is None:
        raise Refused("--currency is that of --amount-from or --amount-to.")
    refuse_unknown("kind", kind, DealKind)
    from salestui.queries import names
    from salestui.queries.board import CARDS_PER_STAGE, load_board

    is_each = deals or stalled
    with opened(ctx) as store:
        chosen = store.read(names.find, "pipeline", pipeline).id if pipeline else None
        found = store.read(
            load_board,
            pipeline_id=chosen,
            filter=_filter(store, ctx.params, chosen),
            most=_ALL if is_each else CARDS_PER_STAGE,
        )
    columns = found.columns if found else ()
    if is_each:
        rows = [_deal(column, card) for column in columns for card in column.cards
                if card.stalled or not stalled]  # fmt: skip
    else:
        rows = [row for column in columns for row in _column(column)]
    none = (
        "No such deals." if found else "No pipeline yet. Set one up: salestui start --rep YOUR-NAME"
    )
    show(
        rows,
        as_json=as_json,
        as_csv=as_csv,
        empty=none,
        columns=_DEALS if is_each else _STAGES,
        money=("amount", "weighted"),
    )
    if found and found.hidden and not (as_json or as_csv):
        say(_hidden(found))


def _hidden(found: Board) -> str:
    from salestui.text import so_many

    return f"{so_many(found.hidden, 'deal')} of {found.pipeline} left out."


def _filter(store: Store, typed: dict[str, Any], pipeline_id: str | None) -> BoardFilter:
    """What was typed, as the board's own filter."""
    from salestui.queries.board import BoardFilter
    from salestui.queries.names import find
    from salestui.queries.setup import pipelines
    from salestui.text import month_label

    named = fields.referred(store, territory_id=("territory", typed["territory"]))
    for name, what, column in (("owner", "rep", "owner_id"), ("product", "product", "product_id")):
        if typed[name] is not None:
            named[column] = store.read(find, what, typed[name]).id
    if typed["territory"] == "":
        named["territory_id"] = ""
    low = high = code = None
    if typed["amount_from"] or typed["amount_to"]:
        own = (each.currency for each in store.read(pipelines) if pipeline_id in (None, each.id))
        code = (typed["currency"] or next(own, "EUR")).upper()
        low, high = (
            fields.amount(each, code) if each else None
            for each in (typed["amount_from"], typed["amount_to"])
        )
    if low is not None and high is not None and low > high:
        raise Refused("The amount begins above its end.")
    return BoardFilter(
        whose="mine" if typed["mine"] else "team" if typed["my_team"] else "all",
        kind=typed["kind"],
        close_month=month_label(typed["closing"], store.today())
        if typed["closing"] is not None
        else None,
        amount_from=low,
        amount_to=high,
        currency=code,
        text=" ".join(typed["words"] or ()),
        **named,
    )


def _column(column: Column) -> list[dict[str, Any]]:
    """A line for each currency with its deals, and one for those of currencies without any amount.

    Amounts of different currencies are never added up, and no deal is counted on two lines.
    """
    rows: list[tuple[Any, Any, int]] = [
        (money(t.amount_minor, t.currency), money(t.weighted_minor, t.currency), t.deals)
        for t in column.totals
    ]
    rest = column.count - sum(count for _, _, count in rows)
    if rest or not rows:
        rows.append((None, None, rest))
    return [
        {
            "stage": column.name,
            "kind": column.kind,
            "probability": column.probability,
            "deals": count,
            "amount": amount,
            "weighted": weighted,
        }
        for amount, weighted, count in rows
    ]


def _deal(column: Column, card: Card) -> dict[str, Any]:
    return {
        "stage": column.name,
        "number": card.number,
        "deal": card.title,
        "client": card.client,
        "amount": money(card.amount_minor, card.currency),
        "owner": card.owner,
        "days_in_stage": card.days_in_stage,
        "stands_still": list(card.stalled),
        "next_step": card.next_step,
        "due": card.next_due_on,
        "expected_close": card.expected_close_on,
    }
