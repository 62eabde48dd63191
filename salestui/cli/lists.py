"""The plain lists that deals and activities refer to: products, competitors, loss reasons, kinds."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from salestui.cli import completion
from salestui.cli.changes import given, money_minor, needed
from salestui.cli.opening import opened
from salestui.cli.options import AsJson, Currency, NewName, Rename
from salestui.cli.output import money, say, show

app = typer.Typer()
product = typer.Typer(help="List, add and edit products.", no_args_is_help=True)
competitor = typer.Typer(help="List, add and edit competitors.", no_args_is_help=True)
reason = typer.Typer(help="List, add and edit loss reasons.", no_args_is_help=True)
kind = typer.Typer(help="List, add and edit kinds of activity.", no_args_is_help=True)
for group, word in (
    (product, "product"),
    (competitor, "competitor"),
    (reason, "reason"),
    (kind, "kind"),
):
    app.add_typer(group, name=word)

ProductName = Annotated[
    str,
    typer.Argument(
        metavar="PRODUCT", help="The product's name.", autocompletion=completion.products
    ),
]
CompetitorName = Annotated[str, typer.Argument(metavar="COMPETITOR", help="The competitor's name.")]
ReasonName = Annotated[str, typer.Argument(metavar="REASON", help="The loss reason's name.")]
KindName = Annotated[str, typer.Argument(metavar="KIND", help="The kind's name.")]
Series = Annotated[str | None, typer.Option(help="The series it belongs to.")]
Price = Annotated[str | None, typer.Option(help="List price of one.")]
Cost = Annotated[str | None, typer.Option(help="What one costs us.")]
Website = Annotated[str | None, typer.Option(help="Their web site.")]
Notes = Annotated[str | None, typer.Option(help="Notes.")]
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
    _add(ctx, "product", name, **fields, **given(series=series))


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
    _edit(ctx, "product", product_name, **fields, **given(name=name, series=series))


@product.command("delete")
def delete_product(ctx: typer.Context, product_name: ProductName) -> None:
    """Take a product off the list; deals keep it."""
    _delete(ctx, "product", product_name)


@competitor.command("list")
def list_competitors(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the competitors with their products and the deals lost to them."""
    from salestui.queries import setup

    with opened(ctx) as store:
        rows = [
            {"name": c.name, "products": c.products, "web_site": c.website, "lost_to": c.lost_deals}
            for c in store.read(setup.competitors)
        ]
    show(rows, as_json=as_json, empty="No competitors yet. Add one: salestui competitor add NAME")


@competitor.command("add")
def add_competitor(
    ctx: typer.Context, name: NewName, website: Website = None, notes: Notes = None
) -> None:
    """Add a competitor."""
    _add(ctx, "competitor", name, **given(website=website, notes=notes))


@competitor.command("edit")
def edit_competitor(
    ctx: typer.Context,
    competitor_name: CompetitorName,
    name: Rename = None,
    website: Website = None,
    notes: Notes = None,
) -> None:
    """Change a competitor: name, web site, notes."""
    _edit(ctx, "competitor", competitor_name, **given(name=name, website=website, notes=notes))


@competitor.command("product")
def add_competitor_product(
    ctx: typer.Context,
    competitor_name: CompetitorName,
    name: NewName,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="PRODUCT",
            help="Our product that it is sold against.",
            autocompletion=completion.products,
        ),
    ] = None,
) -> None:
    """Add a product of a competitor's."""
    from salestui.queries import names

    with opened(ctx) as store:
        theirs = store.read(names.find, "competitor", competitor_name).id
        ours = store.read(names.find, "product", against).id if against else None
    _add(ctx, "competitor product", name, competitor_id=theirs, **given(product_id=ours))


@competitor.command("delete")
def delete_competitor(ctx: typer.Context, competitor_name: CompetitorName) -> None:
    """Take a competitor off the list; deals keep it."""
    _delete(ctx, "competitor", competitor_name)


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
    _add(ctx, "loss reason", name, **given(position=position))


@reason.command("edit")
def edit_reason(
    ctx: typer.Context, reason_name: ReasonName, name: Rename = None, position: Position = None
) -> None:
    """Rename a loss reason or give it another place."""
    _edit(ctx, "loss reason", reason_name, **given(name=name, position=position))


@reason.command("delete")
def delete_reason(ctx: typer.Context, reason_name: ReasonName) -> None:
    """Take a loss reason off the list; deals keep it."""
    _delete(ctx, "loss reason", reason_name)


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
    _add(ctx, "activity kind", name, **given(position=position))


@kind.command("edit")
def edit_kind(ctx: typer.Context, kind_name: KindName, position: Position = None) -> None:
    """Give a kind of activity another place; its name is kept, since activities carry it."""
    _edit(ctx, "activity kind", kind_name, **given(position=position))


@kind.command("delete")
def delete_kind(ctx: typer.Context, kind_name: KindName) -> None:
    """Take a kind of activity off the list; activities keep it."""
    _delete(ctx, "activity kind", kind_name)


def _add(ctx: typer.Context, what: str, name: str, **fields: Any) -> None:
    with opened(ctx, is_created=True) as store:
        from salestui.usecases.process import add_entry

        say(store.write(add_entry, what=what, name=name, **fields).summary)


def _edit(ctx: typer.Context, what: str, typed: str, **changes: Any) -> None:
    from salestui.queries import names

    needed(changes)
    with opened(ctx) as store:
        found = store.read(names.find, what, typed)
        from salestui.usecases.process import edit_entry

        saved = store.write(
            edit_entry, what=what, entry_id=found.id, expected_version=found.version, **changes
        )
    say(saved.summary)


def _delete(ctx: typer.Context, what: str, typed: str) -> None:
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find, what, typed)
        from salestui.usecases.process import delete_entry

        say(store.write(delete_entry, what=what, entry_id=found.id).summary)


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
