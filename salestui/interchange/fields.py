"""What a mapped file can fill: the fields of each entity, and how their cells are read.

A field that refers to another entity can be followed: in a file of deals `client` is the
client's name and `client.city` that client's city.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from salestui.models.vocabulary import (
    ActivityState,
    ClientStatus,
    DealKind,
    DecisionRole,
    Direction,
    ForecastCategory,
    Market,
    Outcome,
    RepRole,
)


class Kind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    NOTES = "notes"  # text of several lines
    CHOICE = "choice"  # a word of a vocabulary
    REFERENCE = "reference"  # another entity, by name, e-mail or external id
    DAY = "day"
    MOMENT = "moment"  # a day, and the instant if the cell has a time
    MONEY = "money"  # minor units and their currency
    CURRENCY = "currency"
    WHOLE = "whole"  # a whole number
    QUANTITY = "quantity"  # thousandths
    PERCENT = "percent"  # hundredths of a percent
    MINUTES = "minutes"  # a duration


@dataclass(frozen=True, slots=True)
class Field:
    """`many`: several columns may fill it. `words`: what a choice allows. `to`: the entity meant."""

    kind: Kind
    many: bool = False
    words: type[StrEnum] | None = None
    to: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """`needed`: of each of these sets a file must fill at least one field."""

    name: str
    fields: Mapping[str, Field]
    needed: tuple[tuple[str, ...], ...] = field(default=(("name",),))


_TEXT = Field(Kind.TEXT)
_TEXTS = Field(Kind.TEXT, many=True)
_NOTES = Field(Kind.NOTES, many=True)
_DAY = Field(Kind.DAY)
_MONEY = Field(Kind.MONEY)
_CURRENCY = Field(Kind.CURRENCY)
_WHOLE = Field(Kind.WHOLE)


def _one_of(words: type[StrEnum]) -> Field:
    return Field(Kind.CHOICE, words=words)


def _refers(to: str, *, many: bool = False) -> Field:
    return Field(Kind.REFERENCE, to=to, many=many)


_PLACE = {"street": _TEXT, "city": _TEXT, "postal_code": _TEXT, "country": _TEXT}
_MEDIA = {"phone": _TEXTS, "email": _TEXTS, "web": _TEXTS, "address": _TEXTS}

_CLIENT = {
    "name": _TEXT,
    "status": _one_of(ClientStatus),
    "market": _one_of(Market),
    "owner": _refers("rep"),
    "assistant": _refers("rep", many=True),
    "parent": _refers("client"),
    "territory": _TEXT,
    **_PLACE,
    "region": _TEXT,
    **_MEDIA,
    "line_of_business": _TEXT,
    "sector": _TEXT,
    "ownership_form": _TEXT,
    "legal_form": _TEXT,
    "headcount": _WHOLE,
    "turnover": _MONEY,
    "turnover_currency": _CURRENCY,
    "founded_year": _WHOLE,
    "registration_number": _TEXT,
    "vat_number": _TEXT,
    "source": _TEXT,
    "notes": _NOTES,
}
_BRANCH = {"client": _refers("client"), "name": _TEXT, **_PLACE, **_MEDIA}
_CONTACT = {
    "name": _TEXT,
    "first_name": _TEXT,
    "last_name": _TEXT,
    "client": _refers("client"),
    "branch": _refers("branch"),
    "job_title": _TEXT,
    "decision_role": _one_of(DecisionRole),
    "reports_to": _refers("contact"),
    "assists": _refers("contact"),
    **_MEDIA,
    "born_on": _DAY,
    "notes": _NOTES,
    "private_notes": _NOTES,
}
_REP = {
    "name": _TEXT,
    "first_name": _TEXT,
    "last_name": _TEXT,
    "email": _TEXT,
    "login": _TEXT,
    "role": _one_of(RepRole),
    "manager": _refers("rep"),
    "team": _TEXT,
    "office": _TEXT,
    "territory": _TEXT,
    "started_on": _DAY,
    "left_on": _DAY,
}
_PRODUCT = {
    "name": _TEXT,
    "series": _TEXT,
    "price": _MONEY,
    "cost": _MONEY,
    "currency": _CURRENCY,
}
_COMPETITOR = {"name": _TEXT, "website": _TEXT, "notes": _NOTES}
_DEAL = {
    "title": _TEXT,
    "client": _refers("client"),
    "contact": _refers("contact"),
    "owner": _refers("rep"),
    "pipeline": _TEXT,
    "stage": _TEXT,
    "entered_on": Field(Kind.DAY, many=True),
    "outcome": _one_of(Outcome),
    "amount": _MONEY,
    "currency": _CURRENCY,
    "created_on": _DAY,
    "closed_on": _DAY,
    "expected_close_on": _DAY,
    "postponed_until_on": _DAY,
    "forecast_category": _one_of(ForecastCategory),
    "kind": _one_of(DealKind),
    "loss_reason": _TEXT,
    "competitor": _refers("competitor"),
    "product": _refers("product"),
    "quantity": Field(Kind.QUANTITY),
    "unit_price": _MONEY,
    "discount": Field(Kind.PERCENT),
    "source": _TEXT,
    "notes": _NOTES,
}
_ACTIVITY = {
    "kind": _TEXT,
    "direction": _one_of(Direction),
    "state": _one_of(ActivityState),
    "done_on": Field(Kind.MOMENT),
    "due_on": _DAY,
    "duration": Field(Kind.MINUTES),
    "client": _refers("client"),
    "contact": _refers("contact", many=True),
    "deal": _refers("deal"),
    "rep": _refers("rep"),
    "subject": _TEXT,
    "notes": _NOTES,
    "outcome": _NOTES,
}

_PERSON = (("name", "first_name", "last_name"),)
ENTITIES: Mapping[str, Entity] = MappingProxyType(
    {
        entity.name: entity
        for entity in (
            Entity("rep", _REP, _PERSON),
            Entity("product", _PRODUCT),
            Entity("competitor", _COMPETITOR),
            Entity("client", _CLIENT),
            Entity("branch", _BRANCH, (("client",), ("name",))),
            Entity("contact", _CONTACT, (*_PERSON, ("client",))),
            Entity("deal", _DEAL, (("title", "client", "product"),)),
            Entity("activity", _ACTIVITY, (("kind",), ("done_on", "due_on"))),
        )
    }
)
"""The entities a file can hold, in the order they are imported: what is referred to comes first."""


def find_field(entity: str, path: str) -> Field | None:
    """Return the field `path` names in a file of `entity`: "city", or "client.city"."""
    first, dot, rest = path.partition(".")
    found = ENTITIES[entity].fields.get(first)
    if not dot or found is None:
        return found
    if found.kind is not Kind.REFERENCE or found.many:
        return None
    # One step only: a client's owner's e-mail belongs in a file of reps.
    return ENTITIES[found.to].fields.get(rest)


def field_paths(entity: str) -> list[str]:
    """Every path `find_field` knows for `entity`."""
    paths = []
    for name, own in ENTITIES[entity].fields.items():
        paths.append(name)
        if own.kind is Kind.REFERENCE and not own.many:
            paths += [f"{name}.{inner}" for inner in ENTITIES[own.to].fields]
    return paths


def currency_path(path: str) -> str:
    """The field that names the currency of the amount at `path`."""
    prefix, dot, name = path.rpartition(".")
    return prefix + dot + ("turnover_currency" if name == "turnover" else "currency")
