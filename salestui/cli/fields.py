"""Fields of clients, contacts, deals and activities as they are typed: adding takes them, and editing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli.changes import money_minor
from salestui.errors import Refused

if TYPE_CHECKING:
    from salestui.queries.deal_card import Line as Sold
    from salestui.store.store import Store
    from salestui.usecases.activities import Document
    from salestui.usecases.deals import Line

Phone = Annotated[list[str] | None, typer.Option(help="A phone number; may be given again.")]
Email = Annotated[list[str] | None, typer.Option(help="An e-mail address; may be given again.")]
Web = Annotated[list[str] | None, typer.Option(help="A web site; may be given again.")]
Address = Annotated[
    list[str] | None, typer.Option(help="One more postal address; may be given again.")
]
Notes = Annotated[str | None, typer.Option(help="Notes.")]
Source = Annotated[str | None, typer.Option(help="Where it came from.")]

PartOf = Annotated[
    str | None, typer.Option(metavar="CLIENT", help='The client it is part of; "" for none.')
]
Status = Annotated[str | None, typer.Option(help="lead, prospect, customer or former.")]
Market = Annotated[str | None, typer.Option(help="B2B, B2C or B2G.")]
Street = Annotated[str | None, typer.Option(help="Street and house.")]
City = Annotated[str | None, typer.Option(help="City.")]
PostalCode = Annotated[str | None, typer.Option(help="Postal code.")]
Region = Annotated[str | None, typer.Option(help="Region.")]
Country = Annotated[str | None, typer.Option(help="Country.")]
LineOfBusiness = Annotated[str | None, typer.Option(help="Line of business.")]
Sector = Annotated[str | None, typer.Option(help="Sector.")]
LegalForm = Annotated[str | None, typer.Option(help="Legal form, such as UAB or GmbH.")]
OwnershipForm = Annotated[str | None, typer.Option(help="Ownership form, such as private.")]
Headcount = Annotated[str | None, typer.Option(metavar="NUMBER", help="People employed.")]
Turnover = Annotated[str | None, typer.Option(help="Turnover of a year.")]
TurnoverCurrency = Annotated[
    str | None, typer.Option(metavar="CODE", help="The currency of the turnover.")
]
Founded = Annotated[str | None, typer.Option(metavar="YEAR", help="Year founded.")]
RegistrationNumber = Annotated[str | None, typer.Option(help="Company number.")]
VatNumber = Annotated[str | None, typer.Option(help="VAT number.")]

JobTitle = Annotated[str | None, typer.Option("--job", help="Job title.")]
Role = Annotated[
    str | None,
    typer.Option(
        help="Part in buying: decision maker, technical decider, user, gatekeeper, other."
    ),
]
ReportsTo = Annotated[
    str | None,
    typer.Option(metavar="CONTACT", help='The contact this one reports to; "" for none.'),
]
AssistsContact = Annotated[
    str | None,
    typer.Option(
        "--assists", metavar="CONTACT", help='The contact this one is assistant to; "" for none.'
    ),
]
AtBranch = Annotated[
    str | None, typer.Option("--branch", metavar="BRANCH", help='The branch; "" for the seat.')
]
PrivateNotes = Annotated[
    str | None, typer.Option(help="Private notes; they are read in the program alone.")
]
Born = Annotated[str | None, typer.Option(metavar="DAY", help='Born on; "" for unknown.')]

Close = Annotated[
    str | None, typer.Option(help='Expected close: 2026-10-01, fri, +2w, +1m …; "" for none.')
]
Amount = Annotated[str | None, typer.Option(help='The amount; "" while unknown.')]
Category = Annotated[
    str | None, typer.Option(help="Forecast category: pipeline, best case, commit or omitted.")
]
NewOrRepeat = Annotated[str | None, typer.Option("--kind", help="new or repeat business.")]
OfContact = Annotated[
    str | None,
    typer.Option("--contact", metavar="CONTACT", help='Whom one talks to there; "" for nobody.'),
]
NewClient = Annotated[
    str | None,
    typer.Option(
        "--new-client", metavar="NAME", help="A client nobody has yet: made with the deal."
    ),
]
Lines = Annotated[
    list[str] | None,
    typer.Option(
        "--line",
        metavar="LINE",
        help='A product: "2 Pump @ 1200 -10%"; quantity, price and discount may be left out. May be '
        "given again; their sum is the amount.",
    ),
]

_CLIENT = (
    "status", "market", "street", "city", "postal_code", "region", "country", "line_of_business",
    "sector", "legal_form", "ownership_form", "registration_number", "vat_number", "source", "notes",
)  # fmt: skip


def of_client(store: Store, typed: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """The fields of a client that were typed, its turnover in `currency` unless another is typed."""
    fields = {name: typed[name] for name in _CLIENT if typed[name] is not None}
    if typed["headcount"] is not None:
        fields["headcount"] = whole(typed["headcount"], "--headcount", 0, 10_000_000)
    if typed["founded"] is not None:
        fields["founded_year"] = whole(typed["founded"], "--founded", 1000, store.today().year)
    if typed["turnover_currency"] is not None:
        fields["turnover_currency"] = currency = typed["turnover_currency"]
    if typed["turnover"] is not None:
        fields["turnover_minor"] = amount(typed["turnover"], currency)
    if typed["part_of"] is not None:
        fields["parent_id"] = _client(store, typed["part_of"])
    return fields | referred(store, territory_id=("territory", typed["territory"]))


def _client(store: Store, typed: str) -> str | None:
    from salestui.queries.names import find_client

    return store.read(find_client, typed).id if typed else None


def refuse_two_clients(typed: Mapping[str, Any]) -> None:
    """Refuse a client that is there together with one that is to be made."""
    if typed["client"] and typed["new_client"]:
        raise Refused("Either --client or --new-client.")


def whole(typed: str, option: str, least: int, most: int) -> int | None:
    """The whole number typed; none for an empty text."""
    digits = typed.strip().replace(" ", "").replace(",", "")
    if not digits:
        return None
    if not digits.isdecimal() or not least <= int(digits[:18]) <= most:
        raise Refused(f"{option}: write a whole number from {least} to {most}.")
    return int(digits)


def amount(typed: str, currency: str) -> int | None:
    """The amount typed, in minor units; none for an empty text."""
    return money_minor(typed, currency) if typed else None


def referred(store: Store, **named: tuple[str, str | None]) -> dict[str, str | None]:
    """Keys of the rows named: `(what, typed)` by column; an empty text means none, `None` no change."""
    from salestui.queries.names import find

    return {
        column: store.read(find, what, typed).id if typed else None
        for column, (what, typed) in named.items()
        if typed is not None
    }


def of_contact(store: Store, client_id: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a contact that were typed; whom it refers to are of the same client."""
    from salestui.queries.names import find_branch, find_contact
    from salestui.text import parse_day

    named = {"role": "decision_role"}
    plain = ("job_title", "role", "notes", "private_notes")
    fields = {named.get(each, each): typed[each] for each in plain if typed[each] is not None}
    if typed["born"] is not None:
        fields["born_on"] = parse_day(typed["born"], store.today()) if typed["born"] else None
    for name, column, finding in (
        ("reports_to", "reports_to_id", find_contact),
        ("assists", "assists_id", find_contact),
        ("branch", "branch_id", find_branch),
    ):
        if typed[name] is not None:
            found = store.read(finding, client_id, typed[name]).id if typed[name] else None
            fields[column] = found
    return fields


def media(typed: Mapping[str, Any]) -> dict[str, list[str]]:
    """Phone numbers and addresses of every kind that were typed, by kind of medium."""
    kinds = {"phone": "phone", "email": "e-mail", "web": "web", "address": "address"}
    return {kind: typed[name] for name, kind in kinds.items() if typed.get(name)}


def papers(typed: Sequence[str]) -> list[Document]:
    """The documents named: 'in:' before those that came."""
    from salestui.usecases.activities import Document

    return [
        Document(name.removeprefix("in:"), "in" if name.startswith("in:") else "out")
        for name in typed
    ]


def of_lines(
    store: Store, typed: Mapping[str, Any], currency: str, had: Sequence[Sold] = ()
) -> dict[str, Any]:
    """The products of a deal, if any were typed with it: they make its amount."""
    if not typed["line"]:
        return {}
    if typed["amount"]:
        raise Refused("Either --amount or --line: products make the amount.")
    return {"lines": lines(store, typed["line"], currency, had)}


def lines(
    store: Store, typed: Sequence[str], currency: str, had: Sequence[Sold] = ()
) -> list[Line]:
    """The products typed, a text each: those that are sold, and those the deal `had` already."""
    from salestui.queries.choices import load_choices
    from salestui.screens.typed import offered, product_lines

    if any(not each.strip() for each in typed):
        raise Refused("A line is empty. 'salestui deal lines DEAL --clear' takes all products out.")
    products = offered(store.read(load_choices).products, had)
    rows = product_lines("\n".join(typed), products, currency)
    from salestui.usecases.deals import Line

    return [Line(*row) for row in rows]
