"""What a deal consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from salestui.cli.opening import opened
from salestui.cli.options import AsJson
from salestui.cli.output import Money, money, say, show

if TYPE_CHECKING:
    from salestui.queries.deal_card import DealCard
    from salestui.store.store import Store

app = typer.Typer()
deal = typer.Typer(help="Show and set the products of a deal.", no_args_is_help=True)
app.add_typer(deal, name="deal")

DealName = Annotated[
    str, typer.Argument(metavar="DEAL", help="A deal: number, title or beginning of its words.")
]


@deal.command("lines")
def lines(
    ctx: typer.Context,
    name: DealName,
    wanted: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LINE]...",
            help='A product each: "2 Pump @ 1200 -10%"; quantity, price and discount may be left '
            "out. They take the place of those there are.",
        ),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take all products out.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the products of a deal with their sum, or set them."""
    from salestui.errors import Refused

    if wanted and clear:
        raise Refused("Either lines or --clear.")
    with opened(ctx) as store:
        card = _card(store, name)
        if wanted or clear:
            summary = _set(store, card, "\n".join(wanted or ()))
            card = _card(store, str(card.deal.number))
            if not as_json:
                say(summary)
    _tell(card, as_json=as_json)


def _card(store: Store, name: str) -> DealCard:
    from salestui.errors import Refused
    from salestui.queries import names
    from salestui.queries.deal_card import load_deal_card

    found = store.read(names.find_deal, name)
    card = store.read(load_deal_card, deal_id=found.id)
    if card is None:
        raise Refused(f"{found.name} has just been deleted.")
    return card


def _set(store: Store, card: DealCard, typed: str) -> str:
    """Set the lines typed; products that the deal has already may be named though no longer sold."""
    from salestui.queries.choices import Choice, load_choices
    from salestui.screens.typed import product_lines

    sold = store.read(load_choices).products
    kept = [Choice(each.product_id, each.product) for each in card.lines]
    known = {each.id: each for each in (*kept, *sold)}
    rows = product_lines(typed, tuple(known.values()), card.deal.currency)
    from salestui.usecases.deals import Line, set_lines

    saved = store.write(
        set_lines,
        deal_id=card.deal.deal_id,
        lines=[Line(*row) for row in rows],
        expected_version=card.deal.version,
    )
    return saved.summary


def _tell(card: DealCard, *, as_json: bool) -> None:
    from salestui.text import line_minor

    code = card.deal.currency
    rows = []
    for each in card.lines:
        total = line_minor(each.quantity_milli, each.unit_price_minor or 0, each.discount_bp)
        rows.append(
            {
                "product": each.product,
                "quantity": each.quantity_milli / 1000,
                "price": money(each.unit_price_minor, code),
                "discount_percent": each.discount_bp / 100,
                "sum": Money(total, code),
            }
        )
    show(rows, as_json=as_json, empty=f"No products in {card.deal.title}.")
    if not as_json and card.deal.amount_minor is not None:
        from salestui.text import format_money

        say(f"Amount: {format_money(card.deal.amount_minor, code)}")
