"""The plain lists that others refer to: products, loss reasons, kinds of activity, territories."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from salestui.cli import completion
from salestui.cli.changes import given, money_minor
from salestui.cli.entries import add_entry, delete_entry, edit_entry
from salestui.cli.opening import opened
from salestui.cli.options import AsJson, Currency, NewName, Rename
from salestui.cli.output import money, show

app = typer.Typer()
product = typer.Typer(help="List, add and edit products.", no_args_is_help=True)
reason = typer.Typer(help="List, add and edit loss reasons.", no_args_is_help=True)
kind = typer.Typer(help="List, add and edit kinds of activity.", no_args_is_help=True)
territory = typer.Typer(help="List, add and edit territories.", no_args_is_help=True)
for group, word in (
    (product, "product"),
    (reason, "reason"),
    (kind, "kind"),
    (territory, "territory"),
):
    app.add_typer(group, name=word)

ProductName = Annotated[
    str,
    typer.Argument(
        metavar="PRODUCT", help="The product's name.", autocompletion=completion.products
    ),
]
ReasonName = Annotated[str, typer.Argument(metavar="REASON", help="The loss reason's name.")]
KindName = Annotated[str, typer.Argument(metavar="KIND", help="The kind's name.")]
TerritoryName = Annotated[
    str,
    typer.Argument(
        metavar="TERRITORY", help="The territory's name.", autocompletion=completion.territories
    ),
]
Series = Annotated[str | None, typer.Option(help="The series it belongs to.")]
Price = Annotated[str | None, typer.Option(help="List price of one.")]
Cost = Annotated[str | None, typer.Option(help="What one costs us.")]
Notes = Annotated[str | None, typer.Option(help="What belongs to it.")]
Position = Annotated[int | None, typer.Option(help="Its place in the list.")]


@product.command("list")
def list_products(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the products with their prices."""
    from salestui.queries import setup

    with opened(ctx) as store:
        rows = [
            {
                "name": p.name,
                "series": p.series,
                "price": money(p.price_minor, p.currency),
                "cost": money(p.cost_minor, p.currency),
            }
            for p in store.read(setup.products)
        ]
    show(rows, as_json=as_json, empty="No products yet. Add one: salestui product add NAME")


@product.command("add")
def add_product(
    ctx: typer.Context,
    name: NewName,
    price: Price = None,
    cost: Cost = None,
    currency: Currency = None,
    series: Series = None,
) -> None:
    """Add a product."""
    fields = _priced(price, cost, currency or "EUR")
    add_entry(ctx, "product", name, **fields, **given(series=series))


@product.command("edit")
def edit_product(
    ctx: typer.Context,
    product_name: ProductName,
    name: Rename = None,
    price: Price = None,
    cost: Cost = None,
    currency: Currency = None,
    series: Series = None,
) -> None:
    """Change a product: name, price, cost, currency, series."""
    if currency is None and (price or cost):
        currency = _currency_of(ctx, product_name)
    fields = _priced(price, cost, currency) if currency else {}
    edit_entry(ctx, "product", product_name, **fields, **given(name=name, series=series))


@product.command("delete")
def delete_product(ctx: typer.Context, product_name: ProductName) -> None:
    """Take a product off the list; deals keep it."""
    delete_entry(ctx, "product", product_name)


@reason.command("list")
def list_reasons(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the reasons for which deals are lost."""
    from salestui.queries import setup

    with opened(ctx) as store:
        rows = [
            {"name": entry.name, "lost_deals": entry.used}
            for entry in store.read(setup.loss_reasons)
        ]
    show(rows, as_json=as_json, empty="No loss reasons yet. Add one: salestui reason add NAME")


@reason.command("add")
def add_reason(ctx: typer.Context, name: NewName, position: Position = None) -> None:
    """Add a loss reason."""
    add_entry(ctx, "loss reason", name, **given(position=position))


@reason.command("edit")
def edit_reason(
    ctx: typer.Context, reason_name: ReasonName, name: Rename = None, position: Position = None
) -> None:
    """Rename a loss reason or give it another place."""
    edit_entry(ctx, "loss reason", reason_name, **given(name=name, position=position))


@reason.command("delete")
def delete_reason(ctx: typer.Context, reason_name: ReasonName) -> None:
    """Take a loss reason off the list; deals keep it."""
    delete_entry(ctx, "loss reason", reason_name)


@kind.command("list")
def list_kinds(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the kinds of activity."""
    from salestui.queries import setup

    with opened(ctx) as store:
        rows = [
            {"name": entry.name, "activities": entry.used}
            for entry in store.read(setup.activity_kinds)
        ]
    show(rows, as_json=as_json, empty="No kinds of activity yet. Add one: salestui kind add NAME")


@kind.command("add")
def add_kind(ctx: typer.Context, name: NewName, position: Position = None) -> None:
    """Add a kind of activity."""
    add_entry(ctx, "activity kind", name, **given(position=position))


@kind.command("edit")
def edit_kind(ctx: typer.Context, kind_name: KindName, position: Position = None) -> None:
    """Give a kind of activity another place; its name is kept, since activities carry it."""
    edit_entry(ctx, "activity kind", kind_name, **given(position=position))


@kind.command("delete")
def delete_kind(ctx: typer.Context, kind_name: KindName) -> None:
    """Take a kind of activity off the list; activities keep it."""
    delete_entry(ctx, "activity kind", kind_name)


@territory.command("list")
def list_territories(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the territories with the clients and reps in them."""
    from salestui.queries import setup

    with opened(ctx) as store:
        rows = [
            {"name": t.name, "clients": t.clients, "reps": t.reps, "notes": t.notes}
            for t in store.read(setup.territories)
        ]
    show(rows, as_json=as_json, empty="No territories yet. Add one: salestui territory add NAME")


@territory.command("add")
def add_territory(ctx: typer.Context, name: NewName, notes: Notes = None) -> None:
    """Add a territory."""
    add_entry(ctx, "territory", name, **given(notes=notes))


@territory.command("edit")
def edit_territory(
    ctx: typer.Context, territory_name: TerritoryName, name: Rename = None, notes: Notes = None
) -> None:
    """Rename a territory or say what belongs to it."""
    edit_entry(ctx, "territory", territory_name, **given(name=name, notes=notes))


@territory.command("delete")
def delete_territory(ctx: typer.Context, territory_name: TerritoryName) -> None:
    """Delete a territory in which no client lies and no rep is at home."""
    delete_entry(ctx, "territory", territory_name)


def _currency_of(ctx: typer.Context, product_name: str) -> str:
    from salestui.queries import names, setup

    with opened(ctx) as store:
        found = store.read(names.find, "product", product_name)
        return next(p.currency for p in store.read(setup.products) if p.id == found.id)


def _priced(price: str | None, cost: str | None, currency: str) -> dict[str, Any]:
    return given(
        currency=currency,
        price_minor=None if price is None else money_minor(price, currency),
        cost_minor=None if cost is None else money_minor(cost, currency),
    )
