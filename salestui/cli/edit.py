"""Changing fields of a client, a branch, a contact, a deal or an activity from the command line."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from salestui.cli import completion, fields
from salestui.cli.changes import given, needed
from salestui.cli.opening import opened
from salestui.cli.options import (
    ActivityKey,
    BranchName,
    ClientName,
    ClientOption,
    ContactName,
    DealName,
    Rename,
    TerritoryOption,
)
from salestui.cli.output import say
from salestui.errors import Refused

app = typer.Typer(
    help="Change fields of a client, a branch, a contact, a deal or an activity. An empty text takes a "
    "value away.",
    no_args_is_help=True,
)


@app.command()
def client(
    ctx: typer.Context,
    client: ClientName,
    name: Rename = None,
    owner: Annotated[
        str | None,
        typer.Option(
            metavar="REP",
            help='The rep it belongs to; "" for nobody.',
            autocompletion=completion.reps,
        ),
    ] = None,
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
    """Change a client. Phones, addresses and sites take the place of those there are."""
    from salestui.queries import names
    from salestui.queries.client_card import load_client_card

    with opened(ctx) as store:
        found = store.read(names.find_client, client)
        card = store.read(load_client_card, client_id=found.id)
        if card is None:
            raise Refused(f"{found.name} has just been deleted.")
        changes: dict[str, Any] = {} if name is None else {"name": name}
        changes |= fields.of_client(store, ctx.params, currency=card.client.turnover_currency)
        changes |= fields.referred(store, owner_id=("rep", owner))
        media = fields.media(ctx.params)
        needed(changes | media)
        from salestui.usecases.clients import edit_client

        saved = store.write(
            edit_client,
            client_id=found.id,
            expected_version=found.version,
            media=media,
            **changes,
        )
    say(saved.summary)


@app.command()
def assistants(
    ctx: typer.Context,
    client: ClientName,
    rep: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REP]...", help="Those who help; nobody.", autocompletion=completion.reps
        ),
    ] = None,
) -> None:
    """Say which reps help the owner of a client: they take the place of those who did."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find_client, client)
        helpers = [store.read(names.find, "rep", each).id for each in rep or ()]
        from salestui.usecases.clients import set_assistants

        saved = store.write(set_assistants, client_id=found.id, rep_ids=helpers)
    say(saved.summary)


@app.command()
def branch(
    ctx: typer.Context,
    client: ClientName,
    branch: BranchName,
    name: Rename = None,
    street: fields.Street = None,
    city: fields.City = None,
    postal_code: fields.PostalCode = None,
    country: fields.Country = None,
    phone: fields.Phone = None,
    email: fields.Email = None,
) -> None:
    """Change a branch of a client. Phones and e-mail addresses take the place of those there are."""
    from salestui.queries import names

    with opened(ctx) as store:
        at = store.read(names.find_client, client)
        found = store.read(names.find_branch, at.id, branch)
        changes = given(
            name=name, street=street, city=city, postal_code=postal_code, country=country
        )
        media = fields.media(ctx.params)
        needed(changes | media)
        from salestui.usecases.clients import edit_branch

        saved = store.write(
            edit_branch,
            branch_id=found.id,
            expected_version=found.version,
            media=media,
            **changes,
        )
    say(saved.summary)


@app.command()
def contact(
    ctx: typer.Context,
    client: ClientName,
    contact: ContactName,
    name: Rename = None,
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
    """Change a contact. Phones, addresses and sites take the place of those there are."""
    from salestui.queries import names

    with opened(ctx) as store:
        at = store.read(names.find_client, client)
        found = store.read(names.find_contact, at.id, contact)
        changes: dict[str, Any] = {} if name is None else {"name": name}
        changes |= fields.of_contact(store, at.id, ctx.params)
        media = fields.media(ctx.params)
        needed(changes | media)
        from salestui.usecases.clients import edit_contact

        saved = store.write(
            edit_contact,
            contact_id=found.id,
            expected_version=found.version,
            media=media,
            **changes,
        )
    say(saved.summary)


@app.command()
def deal(
    ctx: typer.Context,
    deal: DealName,
    title: Annotated[str | None, typer.Option(help="What is to be sold.")] = None,
    client: ClientOption = None,
    new_client: fields.NewClient = None,
    contact: fields.OfContact = None,
    line: fields.Lines = None,
    amount: fields.Amount = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The currency of the amount.")
    ] = None,
    close: fields.Close = None,
    category: fields.Category = None,
    kind: fields.NewOrRepeat = None,
    source: fields.Source = None,
    notes: fields.Notes = None,
) -> None:
    """Change a deal. Its stage, owner and outcome change by 'salestui deal'.

    Lines take the place of those there are; with another client the contact changes too.
    """
    from salestui.queries import names
    from salestui.queries.deal_card import load_deal_card
    from salestui.text import parse_day

    fields.refuse_two_clients(ctx.params)
    with opened(ctx) as store:
        found = store.read(names.find_deal, deal)
        card = store.read(load_deal_card, deal_id=found.id)
        if card is None:
            raise Refused(f"{found.name} has just been deleted.")
        known = card.deal
        texts = {
            "new_client": new_client,
            "title": title,
            "currency": currency,
            "forecast_category": category,
            "kind": kind,
            "source": source,
            "notes": notes,
        }
        changes: dict[str, Any] = {key: text for key, text in texts.items() if text is not None}
        if client is not None:
            changes["client_id"] = store.read(names.find_client, client).id if client else None
        if contact is not None:
            changes["contact_id"] = _contact(
                store, changes.get("client_id", known.client_id), contact
            )
        if amount is not None:
            changes["amount_minor"] = fields.amount(amount, currency or known.currency)
        if close is not None:
            changes["expected_close_on"] = parse_day(close, store.today()) if close else None
        changes |= fields.of_lines(store, ctx.params, currency or known.currency, card.lines)
        needed(changes)
        from salestui.usecases.deals import edit_deal

        saved = store.write(edit_deal, deal_id=found.id, expected_version=known.version, **changes)
    say(saved.summary)


@app.command()
def activity(
    ctx: typer.Context,
    key: ActivityKey,
    kind: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="Its kind.", autocompletion=completion.kinds),
    ] = None,
    direction: Annotated[str | None, typer.Option(help="out, in or none.")] = None,
    about: Annotated[str | None, typer.Option(help="What it is about.")] = None,
    agreed: Annotated[str | None, typer.Option(help="What was agreed.")] = None,
    notes: fields.Notes = None,
    minutes: Annotated[
        str | None, typer.Option(metavar="MINUTES", help='15, 1h30; "" for unknown.')
    ] = None,
    day: Annotated[
        str | None, typer.Option(metavar="DAY", help="The day it was done, or a task is due.")
    ] = None,
    met: Annotated[
        list[str] | None,
        typer.Option(metavar="CONTACT", help="Who was there, all of them; may be given again."),
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="The documents, all of them: one that went out, 'in:NAME' for one that came; "
            '"" for none. May be given again.',
        ),
    ] = None,
) -> None:
    """Change what an activity or a task says."""
    from salestui.queries import names
    from salestui.queries.activity_log import load_place
    from salestui.text import parse_day, parse_duration

    with opened(ctx) as store:
        found = store.read(names.find_activity, key)
        is_open, client_id = store.read(load_place, activity_id=found.id)
        changes = given(direction=direction, subject=about, outcome=agreed, notes=notes)
        if kind is not None:
            changes["kind"] = store.read(names.find, "activity kind", kind).name
        if minutes is not None:
            changes["duration_minutes"] = parse_duration(minutes) if minutes else None
        if day is not None:
            changes["due_on" if is_open else "on_day"] = parse_day(day, store.today())
        if met is not None:
            people = (_contact(store, client_id, each) for each in met)
            changes["contact_ids"] = [each for each in people if each is not None]
        if document is not None:
            changes["documents"] = fields.papers([each for each in document if each])
        needed(changes)
        from salestui.usecases.activities import edit_activity

        saved = store.write(
            edit_activity, activity_id=found.id, expected_version=found.version, **changes
        )
    say(saved.summary)


def _contact(store: Any, client_id: str | None, typed: str) -> str | None:
    from salestui.queries.names import find_contact

    if not typed:
        return None
    if client_id is None:
        raise Refused("There is no client whose contact it could be: name one first.")
    found: str = store.read(find_contact, client_id, typed).id
    return found
