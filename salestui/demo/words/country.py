"""What is known of a country: enough to make up believable companies and people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A town with its region and the first digits of its postal codes."""

    city: str
    region: str
    postal: str


@dataclass(frozen=True, slots=True)
class Surname:
    """A family name as a man and as a woman bears it."""

    man: str
    woman: str


@dataclass(frozen=True, slots=True)
class Country:
    """`company` joins an owner's word and a trade ("{owner} {trade}"); `postal` and `vat` are patterns.

    `#` in a pattern is a digit, `*` in `postal` the town's own first digits.
    """

    code: str
    name: str
    domain: str
    dial: str
    postal: str
    vat: str
    registration: str
    street: str
    company: str
    legal_forms: tuple[str, ...]
    places: tuple[Place, ...]
    owners: tuple[str, ...]
    trades: tuple[tuple[str, str], ...]
    """(word in the company's name, line of business in English)"""
    streets: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    surnames: tuple[Surname, ...]


def places(*rows: tuple[str, str, str]) -> tuple[Place, ...]:
    return tuple(Place(*row) for row in rows)


def surnames(*pairs: str) -> tuple[Surname, ...]:
    """From "Petrauskas/Petrauskienė"; one form stands for both."""
    made = []
    for pair in pairs:
        man, _, woman = pair.partition("/")
        made.append(Surname(man, woman or man))
    return tuple(made)


def words(text: str) -> tuple[str, ...]:
    """From a list with commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def trades(text: str) -> tuple[tuple[str, str], ...]:
    """From "logistika=Logistics, baldai=Furniture"."""
    pairs = (word.partition("=") for word in words(text))
    return tuple((local, english) for local, _, english in pairs)
