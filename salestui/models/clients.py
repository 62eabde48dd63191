"""Whom we sell to: clients, their branches, their contacts, and the ways to reach them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from salestui.models.base import Bytewise, Day, Kept, link, one_of, word
from salestui.models.vocabulary import ClientStatus, DecisionRole, Market, MediumKind


class Client(Kept, table=True):
    """A company, authority or person. `sort_key` is the folded name, made by the program."""

    __table_args__ = (
        one_of("status", ClientStatus),
        one_of("market", Market),
        Index("ix_client_sort_key", "sort_key", "id"),
    )

    number: int = Field(unique=True)
    name: str
    sort_key: str = Field(sa_type=Bytewise)
    status: ClientStatus = word(ClientStatus, ClientStatus.PROSPECT)
    market: Market = word(Market, Market.B2B)
    owner_id: str | None = link("rep", index=True)
    parent_id: str | None = link("client", index=True)
    territory_id: str | None = link("territory", index=True)
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    line_of_business: str = ""
    sector: str = ""
    ownership_form: str = ""
    legal_form: str = ""
    headcount: int | None = None
    turnover_minor: int | None = Field(default=None, sa_type=BigInteger)
    turnover_currency: str = Field(default="EUR", max_length=3)
    founded_year: int | None = None
    registration_number: str = ""
    vat_number: str = ""
    source: str = ""
    notes: str = ""


class ClientAssistant(Kept, table=True):
    """A rep who helps the owner of a client."""

    __tablename__ = "client_assistant"

    client_id: str = link("client", required=True, index=True)
    rep_id: str = link("rep", required=True)


class Branch(Kept, table=True):
    """A place of a client's other than its seat."""

    client_id: str = link("client", required=True, index=True)
    name: str
    street: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = ""


class Contact(Kept, table=True):
    """A person at a client. `assists_id` is the contact this one is secretary or assistant to."""

    __table_args__ = (one_of("decision_role", DecisionRole),)

    client_id: str = link("client", required=True, index=True)
    branch_id: str | None = link("branch")
    name: str
    sort_key: str = Field(sa_type=Bytewise)
    job_title: str = ""
    decision_role: DecisionRole = word(DecisionRole, DecisionRole.OTHER)
    reports_to_id: str | None = link("contact")
    assists_id: str | None = link("contact")
    born_on: date | None = Field(default=None, sa_type=Day)
    notes: str = ""
    private_notes: str = ""


class Medium(Kept, table=True):
    """A phone, e-mail, web site or address of a client, or of one of its branches or contacts."""

    __table_args__ = (one_of("kind", MediumKind),)

    client_id: str = link("client", required=True, index=True)
    branch_id: str | None = link("branch")
    contact_id: str | None = link("contact", index=True)
    position: int = 0
    kind: MediumKind = word(MediumKind, MediumKind.PHONE)
    label: str = ""
    value: str


class CompetitorSighting(Kept, table=True):
    """A competitor, or one of its products, met at a client or in a deal."""

    __tablename__ = "competitor_sighting"

    client_id: str | None = link("client", index=True)
    deal_id: str | None = link("deal", index=True)
    competitor_id: str = link("competitor", required=True)
    competitor_product_id: str | None = link("competitor_product")
    seen_on: date = Field(sa_type=Day)
    notes: str = ""
