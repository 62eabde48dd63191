"""Adding a client, a branch, a contact, a deal, an activity or a task from the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from salestui.cli import activities, fields
from salestui.cli.changes import given, money_minor, one_day
from salestui.cli.opening import opened
from salestui.cli.options import (
    ClientName,
    ClientOption,
    NewName,
    OwnerOption,
    PipelineOption,
    TerritoryOption,
)
from salestui.cli.output import say

app = typer.Typer(
    help="Add a client, a branch, a contact, a deal, an activity or a task.", no_args_is_help=True
)


@app.command()
def client(
    ctx: typer.Context,
    name: NewName,
    owner: OwnerOption = None,
    part_of: fields.PartOf = None,
    status: fields.Status = None,
    market: fields.Market = None,
    territory: TerritoryOption = None,
    street: fields.Street = None,
    city: fields.City = None,
    postal_code: fields.PostalCode = None,
    region: fields.Region = None,
    country: fields.Country = None,
    line_of_business: fields.LineOfBusiness = None,
    sector: fields.Sector = None,
    legal_form: fields.LegalForm = None,
    ownership_form: fields.OwnershipForm = None,
    headcount: fields.Headcount = None,
    turnover: fields.Turnover = None,
    turnover_currency: fields.TurnoverCurrency = None,
    founded: fields.Founded = None,
    registration_number: fields.RegistrationNumber = None,
    vat_number: fields.VatNumber = None,
    phone: fields.Phone = None,
    email: fields.Email = None,
    web: fields.Web = None,
    address: fields.Address = None,
    source: fields.Source = None,
    notes: fields.Notes = None,
) -> None:
    """Add a client."""
    typed = ctx.params
    with opened(ctx, is_created=True) as store:
        changes = fields.of_client(store, typed, currency="EUR")
        if owner:
            changes |= fields.referred(store, owner_id=("rep", owner))
        from salestui.usecases.clients import create_client

        saved = store.write(create_client, name=name, media=fields.media(typed), **changes)
    say(f"{saved.summary} (number {saved.number})")


@app.command()
def branch(
    ctx: typer.Context,
    client: ClientName,
    name: NewName,
    street: fields.Street = None,
    city: fields.City = None,
    postal_code: fields.PostalCode = None,
    country: fields.Country = None,
    phone: fields.Phone = None,
    email: fields.Email = None,
) -> None:
    """Add a branch to a client."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find_client, client)
        from salestui.usecases.clients import create_branch

        saved = store.write(
            create_branch,
            client_id=found.id,
            name=name,
            media=fields.media(ctx.params),
            **given(street=street, city=city, postal_code=postal_code, country=country),
        )
    say(f"{saved.summary} to {found.name}")


@app.command()
def contact(
    ctx: typer.Context,
    client: ClientName,
    name: NewName,
    job_title: fields.JobTitle = None,
    role: fields.Role = None,
    reports_to: fields.ReportsTo = None,
    assists: fields.AssistsContact = None,
    branch: fields.AtBranch = None,
    born: fields.Born = None,
    phone: fields.Phone = None,
    email: fields.Email = None,
    web: fields.Web = None,
    address: fields.Address = None,
    notes: fields.Notes = None,
    private_notes: fields.PrivateNotes = None,
) -> None:
    """Add a contact to a client."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find_client, client)
        changes = fields.of_contact(store, found.id, ctx.params)
        from salestui.usecases.clients import create_contact

        saved = store.write(
            create_contact,
            client_id=found.id,
            name=name,
            media=fields.media(ctx.params),
            **changes,
        )
    say(f"{saved.summary} to {found.name}")


@app.command()
def deal(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(help="What is to be sold.")],
    client: ClientOption = None,
    new_client: fields.NewClient = None,
    contact: fields.OfContact = None,
    line: fields.Lines = None,
    amount: fields.Amount = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The pipeline's, unless said otherwise.")
    ] = None,
    pipeline: PipelineOption = None,
    stage: Annotated[
        str | None, typer.Option(metavar="STAGE", help="The first one, unless said otherwise.")
    ] = None,
    owner: OwnerOption = None,
    close: fields.Close = None,
    category: fields.Category = None,
    kind: fields.NewOrRepeat = None,
    source: fields.Source = None,
    notes: fields.Notes = None,
) -> None:
    """Add a deal, with its products."""
    from salestui.queries import names, setup

    fields.refuse_two_clients(ctx.params)
    with opened(ctx) as store:
        client_id = store.read(names.find_client, client).id if client else None
        listed = store.read(setup.pipelines)
        pipeline_id = store.read(names.find, "pipeline", pipeline).id if pipeline else None
        chosen = next((p for p in listed if pipeline_id in (None, p.id)), None)
        stage_id = store.read(names.find_stage, chosen.id, stage).id if stage and chosen else None
        code = (currency or (chosen.currency if chosen else "EUR")).upper()
        owner_id = store.read(names.find, "rep", owner).id if owner else None
        contact_id = None
        if contact:
            contact_id = store.read(names.find_contact, client_id or "", contact).id
        sold = fields.of_lines(store, ctx.params, code)
        from salestui.usecases.deals import create_deal

        saved = store.write(
            create_deal,
            title=title,
            client_id=client_id,
            pipeline_id=chosen.id if chosen else None,
            stage_id=stage_id,
            owner_id=owner_id,
            amount_minor=money_minor(amount, code) if amount else None,
            currency=code,
            **sold,
            **given(
                new_client=new_client,
                contact_id=contact_id,
                expected_close_on=one_day(close, store.today()),
                forecast_category=category,
                kind=kind,
                source=source,
                notes=notes,
            ),
        )
    say(saved.summary)


app.command("activity")(activities.log)
app.command("task")(activities.plan)
