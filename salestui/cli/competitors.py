"""Competitors, their products, and where they were met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from salestui.cli import completion
from salestui.cli.changes import given, needed
from salestui.cli.entries import add_entry, delete_entry, edit_entry
from salestui.cli.opening import opened
from salestui.cli.options import AsJson, ClientOption, NewName, Rename
from salestui.cli.output import say, show

if TYPE_CHECKING:
    from salestui.queries.names import Found
    from salestui.store.store import Store

app = typer.Typer()
competitor = typer.Typer(
    help="List, add and edit competitors; note where they were met.", no_args_is_help=True
)
app.add_typer(competitor, name="competitor")

CompetitorName = Annotated[str, typer.Argument(metavar="COMPETITOR", help="The competitor's name.")]
TheirProduct = Annotated[str, typer.Argument(metavar="PRODUCT", help="Their product's name.")]
Website = Annotated[str | None, typer.Option(help="Their web site.")]
Notes = Annotated[str | None, typer.Option(help="Notes.")]
Against = Annotated[
    str | None,
    typer.Option(
        metavar="PRODUCT",
        help='Our product that it is sold against; "" for none.',
        autocompletion=completion.products,
    ),
]
DealOption = Annotated[
    str | None,
    typer.Option("--deal", metavar="DEAL", help="The deal: number or beginning of its words."),
]


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
    add_entry(ctx, "competitor", name, **given(website=website, notes=notes))


@competitor.command("edit")
def edit_competitor(
    ctx: typer.Context,
    competitor_name: CompetitorName,
    name: Rename = None,
    website: Website = None,
    notes: Notes = None,
) -> None:
    """Change a competitor: name, web site, notes."""
    changes = given(name=name, website=website, notes=notes)
    edit_entry(ctx, "competitor", competitor_name, **changes)


@competitor.command("delete")
def delete_competitor(ctx: typer.Context, competitor_name: CompetitorName) -> None:
    """Take a competitor off the list; deals keep it."""
    delete_entry(ctx, "competitor", competitor_name)


@competitor.command("product")
def add_product(
    ctx: typer.Context, competitor_name: CompetitorName, name: NewName, against: Against = None
) -> None:
    """Add a product of a competitor's."""
    from salestui.queries import names

    with opened(ctx) as store:
        theirs = store.read(names.find, "competitor", competitor_name).id
        ours = store.read(names.find, "product", against).id if against else None
    add_entry(ctx, "competitor product", name, competitor_id=theirs, **given(product_id=ours))


@competitor.command("edit-product")
def edit_product(
    ctx: typer.Context,
    competitor_name: CompetitorName,
    product: TheirProduct,
    name: Rename = None,
    against: Against = None,
) -> None:
    """Rename a competitor's product, or say which of ours it is sold against."""
    from salestui.queries import names

    changes = needed(given(name=name, product_id=against))
    with opened(ctx) as store:
        if against is not None:
            ours = store.read(names.find, "product", against).id if against else None
            changes["product_id"] = ours
        found = _product(store, competitor_name, product)
        from salestui.usecases import process

        saved = store.write(
            process.edit_entry,
            what="competitor product",
            entry_id=found.id,
            expected_version=found.version,
            **changes,
        )
    say(saved.summary)


@competitor.command("delete-product")
def delete_product(
    ctx: typer.Context, competitor_name: CompetitorName, product: TheirProduct
) -> None:
    """Take a competitor's product off the list; notes of where it was met keep it."""
    with opened(ctx) as store:
        found = _product(store, competitor_name, product)
        from salestui.usecases import process

        saved = store.write(process.delete_entry, what="competitor product", entry_id=found.id)
    say(saved.summary)


@competitor.command("met")
def met(
    ctx: typer.Context,
    competitor_name: CompetitorName,
    client: ClientOption = None,
    deal: DealOption = None,
    product: Annotated[
        str | None, typer.Option(metavar="PRODUCT", help="Their product that was met.")
    ] = None,
    notes: Annotated[str, typer.Option(help="What was learnt.")] = "",
) -> None:
    """Note a competitor, or its product, met at a client or in a deal."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find, "competitor", competitor_name)
        theirs = _product(store, competitor_name, product).id if product else None
        client_id = store.read(names.find_client, client).id if client else None
        deal_id = store.read(names.find_deal, deal).id if deal else None
        from salestui.usecases.sightings import record_sighting

        saved = store.write(
            record_sighting,
            competitor_id=found.id,
            competitor_product_id=theirs,
            client_id=client_id,
            deal_id=deal_id,
            notes=notes,
        )
    say(saved.summary)


@competitor.command("sightings")
def sightings(
    ctx: typer.Context,
    competitor_name: Annotated[
        str | None, typer.Argument(metavar="[COMPETITOR]", help="One; all, unless said otherwise.")
    ] = None,
    client: ClientOption = None,
    deal: DealOption = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Rows printed at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List where competitors were met, the latest first."""
    from salestui.queries import names
    from salestui.queries.sightings import load_sightings

    with opened(ctx) as store:
        key = store.read(names.find, "competitor", competitor_name).id if competitor_name else None
        found = store.read(
            load_sightings,
            competitor_id=key,
            client_id=store.read(names.find_client, client).id if client else None,
            deal_id=store.read(names.find_deal, deal).id if deal else None,
            most=limit,
        )
    rows = [
        {
            "day": each.seen_on,
            "competitor": each.competitor,
            "product": each.product,
            "client": each.client,
            "deal": each.deal,
            "notes": each.notes,
        }
        for each in found
    ]
    show(
        rows,
        as_json=as_json,
        empty="None met. Note one: salestui competitor met COMPETITOR --deal DEAL",
    )


def _product(store: Store, competitor_typed: str, typed: str) -> Found:
    from salestui.queries import names

    theirs = store.read(names.find, "competitor", competitor_typed).id
    return store.read(names.find_competitor_product, theirs, typed)
