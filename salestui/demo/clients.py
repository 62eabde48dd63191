"""The demo team's clients: full cards with branches, people and the ways to reach them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from salestui.demo import company
from salestui.demo.company import Seller
from salestui.demo.house import House
from salestui.demo.words import Country, Place
from salestui.models.clients import Branch, Client, ClientAssistant, Contact, Medium
from salestui.models.keys import new_key
from salestui.models.vocabulary import ClientStatus, DecisionRole, Market, MediumKind
from salestui.text.fold import fold
from salestui.text.transliterate import latin_forms

Row = dict[str, Any]

_JOBS: tuple[tuple[DecisionRole, tuple[str, ...]], ...] = (
    (
        DecisionRole.DECISION_MAKER,
        ("Director", "Owner", "Chief executive", "Chief financial officer"),
    ),
    (DecisionRole.TECHNICAL_DECIDER, ("Warehouse manager", "Head of logistics", "Head of IT")),
    (DecisionRole.USER, ("Shift leader", "Stock keeper", "Dispatcher")),
    (DecisionRole.GATEKEEPER, ("Assistant to the director", "Reception", "Purchasing clerk")),
    (DecisionRole.OTHER, ("Accountant", "Safety officer")),
)
_NOTES = (
    "Prefers to be called before ten.",
    "Pays on time, asks for a reference each time.",
    "Decides together with the owner's family.",
    "Building a second hall next year.",
    "Wants everything in writing.",
)
_PRIVATE = (
    "Keeps bees.",
    "Two daughters, both play basketball.",
    "Sails in summer.",
    "Marathon in May.",
)


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    role: DecisionRole


@dataclass(frozen=True, slots=True)
class Buyer:
    """A client as deals and activities need it: whose it is, where it is and who is there."""

    id: str
    name: str
    city: str
    country: Country
    seller: Seller
    since: date
    people: list[Person]
    row: Row


@dataclass(slots=True)
class Cards:
    """Rows of all clients, by table, and the buyers they stand for."""

    buyers: list[Buyer] = field(default_factory=list)
    clients: list[Row] = field(default_factory=list)
    branches: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    media: list[Row] = field(default_factory=list)
    assistants: list[Row] = field(default_factory=list)

    def tables(self) -> list[tuple[Any, list[Row]]]:
        """In the order in which they may refer to one another."""
        return [
            (Client, self.clients),
            (Branch, self.branches),
            (Contact, self.contacts),
            (Medium, self.media),
            (ClientAssistant, self.assistants),
        ]


def make_up(rng: Random, house: House, numbers: range) -> Cards:
    """One client for each of `numbers`; all exist before the first deal or join on the way."""
    cards = Cards()
    countries = [country for country, count in company.CLIENTS_IN.items() for _ in range(count)]
    rng.shuffle(countries)
    taken: set[str] = set()
    days = sorted(_joined(rng, house) for _ in numbers)
    for number, country, since in zip(numbers, countries, days, strict=True):
        seller = _seller_of(rng, country)
        _add_client(rng, house, cards, number, country, seller, since, taken)
    _join_groups(rng, cards)
    return cards


def _joined(rng: Random, house: House) -> date:
    """Two thirds were clients before the history begins."""
    span = (house.as_of - house.first_on).days
    return house.first_on + timedelta(days=max(-20, rng.randint(-2 * span, span - 5)))


def _seller_of(rng: Random, country: Country) -> Seller:
    able = [seller for seller in company.SELLERS if country in seller.countries]
    return rng.choices(able, [seller.busy for seller in able])[0]


def _add_client(
    rng: Random,
    house: House,
    cards: Cards,
    number: int,
    country: Country,
    seller: Seller,
    since: date,
    taken: set[str],
) -> None:
    name, business = _company_name(rng, country, taken)
    place = rng.choice(country.places)
    site = f"{latin(name)}.example"
    headcount = int(rng.lognormvariate(3.9, 1.0)) + 3
    row: Row = {
        "id": new_key(),
        "number": number,
        "name": name,
        "sort_key": fold(name),
        "status": ClientStatus.PROSPECT,
        "market": Market.B2G if rng.random() < 0.05 else Market.B2B,
        "owner_id": house.reps[seller.name],
        "territory_id": house.territories[country.code],
        **_address(rng, country, place),
        "region": place.region,
        "line_of_business": business,
        "sector": rng.choice(company.SECTORS),
        "ownership_form": rng.choice(("Private", "Private", "Family", "Foreign capital", "Public")),
        "legal_form": rng.choice(country.legal_forms),
        "headcount": headcount,
        "turnover_minor": headcount * rng.randint(60, 240) * 100_000,
        "founded_year": since.year - rng.randint(1, 40),
        "registration_number": digits(rng, country.registration),
        "vat_number": digits(rng, country.vat),
        "source": rng.choice(company.SOURCES),
        "notes": rng.choice(_NOTES) if rng.random() < 0.3 else "",
        "created_at": datetime.combine(since, time(8, rng.randint(0, 59)), UTC),
    }
    cards.clients.append(row)
    branches = _add_branches(rng, cards, row, country)
    people = _add_people(rng, cards, row, country, branches, site)
    _add_media(rng, cards, row, country, site)
    if rng.random() < 0.15:
        helper = rng.choice([s for s in company.SELLERS if s.team == seller.team and s != seller])
        cards.assistants.append(
            {
                "client_id": row["id"],
                "rep_id": house.reps[helper.name],
                "created_at": row["created_at"],
            }
        )
    cards.buyers.append(Buyer(row["id"], name, place.city, country, seller, since, people, row))


def _company_name(rng: Random, country: Country, taken: set[str]) -> tuple[str, str]:
    while True:
        owner, (trade, business) = rng.choice(country.owners), rng.choice(country.trades)
        name = country.company.format(owner=owner, trade=trade)
        if name not in taken:
            taken.add(name)
            return name, business


def _address(rng: Random, country: Country, place: Place) -> Row:
    street = country.street.format(street=rng.choice(country.streets), number=rng.randint(1, 180))
    return {
        "street": street,
        "city": place.city,
        "postal_code": digits(rng, country.postal).replace("*", place.postal),
        "country": country.name,
    }


def _add_branches(rng: Random, cards: Cards, client: Row, country: Country) -> list[str]:
    count = rng.choices((0, 1, 2, 3), (60, 25, 10, 5))[0]
    made = []
    for place in rng.sample(country.places, count):
        if place.city == client["city"]:
            continue
        branch = {
            "id": new_key(),
            "client_id": client["id"],
            "name": f"{place.city} {rng.choice(('warehouse', 'branch', 'depot'))}",
            **_address(rng, country, place),
            "created_at": client["created_at"],
        }
        cards.branches.append(branch)
        made.append(branch["id"])
    return made


def _add_people(
    rng: Random, cards: Cards, client: Row, country: Country, branches: list[str], site: str
) -> list[Person]:
    """The head of the company, then who reports to them; the gatekeeper assists the head."""
    count = rng.choices((1, 2, 3, 4, 5), (8, 30, 34, 20, 8))[0]
    people: list[Person] = []
    for place, (role, jobs) in enumerate(_JOBS[:count]):
        is_woman = rng.random() < 0.45
        surname = rng.choice(country.surnames)
        first = rng.choice(country.women if is_woman else country.men)
        name = f"{first} {surname.woman if is_woman else surname.man}"
        if any(person.name == name for person in people):
            continue
        boss = (
            people[1 if role == DecisionRole.USER and len(people) > 1 else 0].id if people else None
        )
        row: Row = {
            "id": new_key(),
            "client_id": client["id"],
            "branch_id": rng.choice(branches)
            if branches and place and rng.random() < 0.4
            else None,
            "name": name,
            "sort_key": fold(name),
            "job_title": rng.choice(jobs),
            "decision_role": role,
            "reports_to_id": boss,
            "assists_id": people[0].id if role == DecisionRole.GATEKEEPER and people else None,
            "born_on": date(rng.randint(1960, 1998), rng.randint(1, 12), rng.randint(1, 28))
            if rng.random() < 0.3
            else None,
            "private_notes": rng.choice(_PRIVATE) if rng.random() < 0.15 else "",
            "created_at": client["created_at"],
        }
        cards.contacts.append(row)
        people.append(Person(row["id"], name, role))
        _add_medium(cards, client, MediumKind.PHONE, digits(rng, country.dial), row["id"], "mobile")
        if rng.random() < 0.85:
            address = f"{latin(first)}.{latin(surname.woman if is_woman else surname.man)}@{site}"
            _add_medium(cards, client, MediumKind.EMAIL, address, row["id"], "work")
    return people


def _add_media(rng: Random, cards: Cards, client: Row, country: Country, site: str) -> None:
    _add_medium(cards, client, MediumKind.PHONE, digits(rng, country.dial), None, "office")
    _add_medium(cards, client, MediumKind.EMAIL, f"info@{site}", None, "office")
    _add_medium(cards, client, MediumKind.WEB, f"www.{site}", None, "")


def _add_medium(
    cards: Cards, client: Row, kind: MediumKind, value: str, contact_id: str | None, label: str
) -> None:
    cards.media.append(
        {
            "client_id": client["id"],
            "contact_id": contact_id,
            "position": 0 if kind == MediumKind.PHONE else 1 if kind == MediumKind.EMAIL else 2,
            "kind": kind,
            "label": label,
            "value": value,
            "created_at": client["created_at"],
        }
    )


def _join_groups(rng: Random, cards: Cards) -> None:
    """A few clients belong to another one in their country."""
    for buyer in rng.sample(cards.buyers, 12):
        others = [b for b in cards.buyers if b.country is buyer.country and b.since < buyer.since]
        if others and buyer.row.get("parent_id") is None:
            head = rng.choice(others)
            if head.row.get("parent_id") is None:
                buyer.row["parent_id"] = head.id


def digits(rng: Random, pattern: str) -> str:
    """The pattern with each `#` a digit."""
    return "".join(str(rng.randrange(10)) if char == "#" else char for char in pattern)


def latin(name: str) -> str:
    """A name as it stands in an e-mail address."""
    words = fold(name).split() if name.isascii() else name.lower().replace("'", "").split()
    return "-".join(fold(min(latin_forms(word), default=word)) for word in words)
