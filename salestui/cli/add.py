"""Adding a client, a contact or a deal from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from salestui.cli import completion
from salestui.cli.changes import given, money_minor, one_day
from salestui.cli.opening import opened
from salestui.cli.options import ClientName, ClientOption, NewName, OwnerOption, TerritoryOption
from salestui.cli.output import say

if TYPE_CHECKING:
    from salestui.store.store import Store

app = typer.Typer(help="Add a client, a contact or a deal.", no_args_is_help=True)

Phone = Annotated[list[str] | None, typer.Option(help="A phone number; may be given again.")]
Email = Annotated[list[str] | None, typer.Option(help="An e-mail address; may be given again.")]
Web = Annotated[list[str] | None, typer.Option(help="A web site; may be given again.")]
Notes = Annotated[str | None, typer.Option(help="Notes.")]


@app.command()
def client(
    ctx: typer.Context,
    name: NewName,
    owner: OwnerOption = None,
    status: Annotated[str | None, typer.Option(help="lead, prospect, customer or former.")] = None,
    market: Annotated[str | None, typer.Option(help="B2B, B2C or B2G.")] = None,
    territory: TerritoryOption = None,
    street: Annotated[str | None, typer.Option(help="Street and house.")] = None,
    city: Annotated[str | None, typer.Option(help="City.")] = None,
    postal_code: Annotated[str | None, typer.Option(help="Postal code.")] = None,
    country: Annotated[str | None, typer.Option(help="Country.")] = None,
    sector: Annotated[str | None, typer.Option(help="Sector.")] = None,
    registration_number: Annotated[str | None, typer.Option(help="Company number.")] = None,
    vat_number: Annotated[str | None, typer.Option(help="VAT number.")] = None,
    phone: Phone = None,
    email: Email = None,
    web: Web = None,
    source: Annotated[str | None, typer.Option(help="Where the client came from.")] = None,
    notes: Notes = None,
) -> None:
    """Add a client."""
    fields = given(
        status=status,
        market=market,
        street=street,
        city=city,
        postal_code=postal_code,
        country=country,
        sector=sector,
        registration_number=registration_number,
        vat_number=vat_number,
        source=source,
        notes=notes,
    )
    with opened(ctx, is_created=True) as store:
        owner_id = _found(store, "rep", owner)
        fields |= given(territory_id=_found(store, "territory", territory))
        from salestui.usecases.clients import create_client

        saved = store.write(
            create_client, name=name, owner_id=owner_id, media=_media(phone, email, web), **fields
        )
    say(f"{saved.summary} (number {saved.number})")


@app.command()
def contact(
    ctx: typer.Context,
    client: ClientName,
    name: NewName,
    job_title: Annotated[str | None, typer.Option("--job", help="Job title.")] = None,
    role: Annotated[
        str | None,
        typer.Option(
            help="Part in buying: decision maker, technical decider, user, gatekeeper, other."
        ),
    ] = None,
    reports_to: Annotated[
        str | None, typer.Option(metavar="CONTACT", help="The contact this one reports to.")
    ] = None,
    phone: Phone = None,
    email: Email = None,
    notes: Notes = None,
) -> None:
    """Add a contact to a client."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find_client, client)
        chief = store.read(names.find_contact, found.id, reports_to).id if reports_to else None
        from salestui.usecases.clients import create_contact

        saved = store.write(
            create_contact,
            client_id=found.id,
            name=name,
            media=_media(phone, email, None),
            **given(job_title=job_title, decision_role=role, reports_to_id=chief, notes=notes),
        )
    say(f"{saved.summary} to {found.name}")


@app.command()
def deal(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(help="What is to be sold.")],
    client: ClientOption = None,
    amount: Annotated[str | None, typer.Option(help="The amount.")] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The pipeline's, unless said otherwise.")
    ] = None,
    pipeline: Annotated[
        str | None,
        typer.Option(
            metavar="PIPELINE",
            help="The first one, unless said otherwise.",
            autocompletion=completion.pipelines,
        ),
    ] = None,
    stage: Annotated[
        str | None, typer.Option(metavar="STAGE", help="The first one, unless said otherwise.")
    ] = None,
    owner: OwnerOption = None,
    close: Annotated[
        str | None, typer.Option(help="Expected close: 2026-10-01, fri, +2w, +1m …")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Where the deal came from.")] = None,
    notes: Notes = None,
) -> None:
    """Add a deal."""
    from salestui.queries import names, setup

    with opened(ctx) as store:
        client_id = store.read(names.find_client, client).id if client else None
        listed = store.read(setup.pipelines)
        pipeline_id = store.read(names.find, "pipeline", pipeline).id if pipeline else None
        chosen = next((p for p in listed if pipeline_id in (None, p.id)), None)
        stage_id = store.read(names.find_stage, chosen.id, stage).id if stage and chosen else None
        code = (currency or (chosen.currency if chosen else "EUR")).upper()
        owner_id = _found(store, "rep", owner)
        from salestui.usecases.deals import create_deal

        saved = store.write(
            create_deal,
            title=title,
            client_id=client_id,
            pipeline_id=chosen.id if chosen else None,
            stage_id=stage_id,
            owner_id=owner_id,
            amount_minor=None if amount is None else money_minor(amount, code),
            currency=code,
            **given(expected_close_on=one_day(close, store.today()), source=source, notes=notes),
        )
    say(saved.summary)


def _found(store: Store, what: str, typed: str | None) -> str | None:
    from salestui.queries import names

    return store.read(names.find, what, typed).id if typed else None


def _media(
    phone: list[str] | None, email: list[str] | None, web: list[str] | None
) -> dict[str, list[str]]:
    return given(**{"phone": phone or None, "e-mail": email or None, "web": web or None})
