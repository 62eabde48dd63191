"""The card of one client, printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from salestui.cli.opening import opened
from salestui.cli.options import AsJson, ClientName
from salestui.cli.output import money, say, say_json, show

if TYPE_CHECKING:
    from salestui.queries.activity_log import Dealing
    from salestui.queries.client_card import Client, ClientCard, ClientDeal, Medium, Person

app = typer.Typer()

LATEST = 10
"""Dealings printed; the log has them all."""


@app.command()
def client(ctx: typer.Context, name: ClientName, as_json: AsJson = False) -> None:
    """Print the card of a client: company, people, deals, latest dealings."""
    from salestui.queries import names
    from salestui.queries.client_card import load_client_card

    with opened(ctx) as store:
        found = store.read(names.find_client, name)
        card = store.read(load_client_card, client_id=found.id)
    if card is None:
        from salestui.errors import Refused

        raise Refused(f"{found.name} has just been deleted.")
    if as_json:
        say_json(_plain(card))
    else:
        _tell(card)


def _plain(card: ClientCard) -> dict[str, Any]:
    """The card as JSON: private notes stay in the program."""
    plain = asdict(card)
    turnover = money(card.client.turnover_minor, card.client.turnover_currency)
    del plain["client"]["turnover_minor"], plain["client"]["turnover_currency"]
    plain["client"]["turnover"] = turnover
    for person in plain["people"]:
        del person["private_notes"]
    for shown, deal in zip(plain["deals"], card.deals, strict=True):
        del shown["amount_minor"], shown["currency"]
        shown["amount"] = money(deal.amount_minor, deal.currency)
    return plain


def _tell(card: ClientCard) -> None:
    say(f"{card.client.name}  (number {card.client.number})")
    for label, value in _facts(card):
        say(f"    {label}: {value}".replace("\n", "\n        "))
    part("People", [_person(person, card.people) for person in card.people])
    open_ones = [deal for deal in card.deals if deal.outcome in ("open", "postponed")]
    closed = [deal for deal in card.deals if deal.outcome not in ("open", "postponed")]
    part("Open deals", [_open(deal) for deal in open_ones])
    part("Closed deals", [_closed(deal) for deal in closed])
    part("Latest dealings", [dealing_row(each) for each in card.dealings[:LATEST]])


def part(title: str, rows: Sequence[dict[str, Any]]) -> None:
    """A table of a card under its title."""
    say()
    say(title)
    show(rows, as_json=False, empty="    none yet")


def _facts(card: ClientCard) -> Iterator[tuple[str, str]]:
    from salestui.text import format_money

    client = card.client
    known = client.turnover_minor
    turnover = "" if known is None else format_money(known, client.turnover_currency)
    listed = {
        "Status": f"{client.status}, {client.market}",
        "Owner": client.owner,
        "Territory": client.territory,
        "Assistants": ", ".join(name for _, name in card.assistants),
        "Part of": client.parent,
        "Address": _address(client),
        "Line of business": client.line_of_business,
        "Sector": client.sector,
        "Form": " ".join(filter(None, (client.legal_form, client.ownership_form))),
        "People employed": client.headcount,
        "Founded": client.founded_year,
        "Turnover": turnover,
        "Company number": client.registration_number,
        "VAT number": client.vat_number,
        "Source": client.source,
        "Competitors met": ", ".join(card.competitors),
        "Branches": ", ".join(branch.name for branch in card.branches),
        "Notes": client.notes,
    }
    yield from ((label, str(value)) for label, value in listed.items() if value)
    yield from ((medium.label or medium.kind, medium.value) for medium in card.media)


def _address(client: Client) -> str:
    town = " ".join(filter(None, (client.postal_code, client.city)))
    return ", ".join(filter(None, (client.street, town, client.region, client.country)))


def _person(person: Person, people: Sequence[Person]) -> dict[str, Any]:
    by_id = {each.contact_id: each.name for each in people}
    return {
        "name": person.name,
        "job": person.job_title,
        "part in buying": person.decision_role,
        "reports to": by_id.get(person.reports_to_id or ""),
        "reach": [_reach(medium) for medium in person.media],
    }


def _reach(medium: Medium) -> str:
    return f"{medium.label} {medium.value}".strip()


def _open(deal: ClientDeal) -> dict[str, Any]:
    return {
        "number": deal.number,
        "deal": deal.title,
        "stage": deal.stage
        if deal.outcome == "open"
        else f"postponed to {deal.postponed_until_on}",
        "amount": money(deal.amount_minor, deal.currency),
        "owner": deal.owner,
        "expected close": deal.expected_close_on,
        "next step": deal.next_step,
        "on": deal.next_due_on,
    }


def _closed(deal: ClientDeal) -> dict[str, Any]:
    why = " to ".join(filter(None, (deal.loss_reason, deal.competitor)))
    return {
        "number": deal.number,
        "deal": deal.title,
        "outcome": deal.outcome,
        "closed on": deal.closed_on,
        "amount": money(deal.amount_minor, deal.currency),
        "owner": deal.owner,
        "why": why,
    }


def dealing_row(dealing: Dealing) -> dict[str, Any]:
    """An activity in short."""
    return {
        "day": dealing.on_day,
        "state": dealing.state,
        "kind": dealing.kind,
        "direction": dealing.direction,
        "met": [person.name for person in dealing.met],
        "deal": dealing.deal,
        "agreed": dealing.outcome or dealing.subject,
        "rep": dealing.rep,
    }
