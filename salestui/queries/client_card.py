"""The client card: everything about one client in four statements, the same at any size of store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from salestui.queries.activity_log import DEALINGS, Dealing, dealings_of
from salestui.queries.sightings import Sighting
from salestui.store.reader import Reader
from salestui.text.days import from_day

MOST_DEALINGS = 200
MOST_CLOSED = 100


@dataclass(frozen=True, slots=True)
class Client:
    """A client's own fields. Turnover in minor units, `None` where unknown."""

    client_id: str
    version: int
    number: int
    name: str
    status: str
    market: str
    owner_id: str | None
    owner: str | None
    parent_id: str | None
    parent: str | None
    territory_id: str | None
    territory: str | None
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    line_of_business: str
    sector: str
    ownership_form: str
    legal_form: str
    headcount: int | None
    turnover_minor: int | None
    turnover_currency: str
    founded_year: int | None
    registration_number: str
    vat_number: str
    source: str
    notes: str


@dataclass(frozen=True, slots=True)
class Medium:
    """A phone, e-mail, web site or address."""

    kind: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A place of the client's other than its seat."""

    branch_id: str
    version: int
    name: str
    street: str
    city: str
    postal_code: str
    country: str
    media: tuple[Medium, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A contact; `reports_to_id` and `assists_id` are contacts of the same client."""

    contact_id: str
    version: int
    name: str
    job_title: str
    decision_role: str
    reports_to_id: str | None
    assists_id: str | None
    branch_id: str | None
    born_on: date | None
    notes: str
    private_notes: str
    media: tuple[Medium, ...]


@dataclass(frozen=True, slots=True)
class ClientDeal:
    """A deal of the client; open ones come first."""

    deal_id: str
    version: int
    number: int
    title: str
    stage: str
    outcome: str
    is_active: bool
    amount_minor: int | None
    currency: str
    owner: str | None
    expected_close_on: date | None
    closed_on: date | None
    postponed_until_on: date | None
    next_step: str | None
    next_due_on: date | None
    loss_reason: str | None
    competitor: str | None


@dataclass(frozen=True, slots=True)
class ClientCard:
    """All of it. `assistants` are (rep id, name); `has_more` if older dealings are in the log only.

    `competitors` are the names of those met, `sightings` where and when, the latest first.
    """

    client: Client
    media: tuple[Medium, ...]
    branches: tuple[Branch, ...]
    assistants: tuple[tuple[str, str], ...]
    competitors: tuple[str, ...]
    sightings: tuple[Sighting, ...]
    people: tuple[Person, ...]
    deals: tuple[ClientDeal, ...]
    dealings: tuple[Dealing, ...]
    has_more: bool
    today: date


_CLIENT = """
SELECT c.id, c.version, c.number, c.name, c.status, c.market, c.owner_id, r.name, c.parent_id,
       p.name, c.territory_id, x.name, c.street, c.city, c.region, c.postal_code, c.country,
       c.line_of_business, c.sector, c.ownership_form, c.legal_form, c.headcount,
       c.turnover_minor, c.turnover_currency, c.founded_year, c.registration_number, c.vat_number,
       c.source, c.notes
FROM client c LEFT JOIN rep r ON r.id = c.owner_id LEFT JOIN client p ON p.id = c.parent_id
LEFT JOIN territory x ON x.id = c.territory_id
WHERE c.id = :client_id AND c.deleted_at IS NULL
"""

_AROUND = """
SELECT 0 AS what, p.name AS name, p.id, p.version, p.job_title, p.decision_role, p.reports_to_id,
       p.assists_id, p.branch_id, p.born_on, p.notes, p.private_notes
FROM contact p WHERE p.client_id = :client_id AND p.deleted_at IS NULL
UNION ALL
SELECT 1, m.value, m.contact_id, m.position, m.kind, m.label, m.branch_id, NULL, NULL, NULL, NULL,
       NULL
FROM medium m WHERE m.client_id = :client_id AND m.deleted_at IS NULL
UNION ALL
SELECT 2, b.name, b.id, b.version, b.street, b.city, b.postal_code, b.country, NULL, NULL, NULL,
       NULL
FROM branch b WHERE b.client_id = :client_id AND b.deleted_at IS NULL
UNION ALL
SELECT 3, r.name, r.id, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM client_assistant x JOIN rep r ON r.id = x.rep_id
WHERE x.client_id = :client_id AND x.deleted_at IS NULL
UNION ALL
SELECT 4, k.name, x.id, x.version, coalesce(t.name, ''), coalesce(d.title, ''), d.id, NULL, NULL,
       x.seen_on, x.notes, NULL
FROM competitor_sighting x JOIN competitor k ON k.id = x.competitor_id
LEFT JOIN competitor_product t ON t.id = x.competitor_product_id
LEFT JOIN deal d ON d.id = x.deal_id AND d.deleted_at IS NULL
WHERE x.client_id = :client_id AND x.deleted_at IS NULL
"""

_DEALS = """
SELECT d.id, d.version, d.number, d.title, s.name, d.outcome, d.is_active, d.amount_minor,
       d.currency, r.name, d.expected_close_on, d.closed_on, d.postponed_until_on,
       coalesce(nullif(t.subject, ''), t.kind), d.next_due_on, l.name, k.name
FROM deal d JOIN stage s ON s.id = d.stage_id
LEFT JOIN rep r ON r.id = d.owner_id
LEFT JOIN activity t ON t.id = d.next_task_id
LEFT JOIN loss_reason l ON l.id = d.loss_reason_id
LEFT JOIN competitor k ON k.id = d.competitor_id
WHERE d.client_id = :client_id AND d.deleted_at IS NULL
ORDER BY CASE d.outcome WHEN 'open' THEN 0 WHEN 'postponed' THEN 1 ELSE 2 END,
         coalesce(d.closed_on, d.created_on, 0) DESC, d.id DESC LIMIT :most
"""

_DEALINGS = f"""
WITH shown AS (
    SELECT a.id, a.on_day FROM activity a
    WHERE a.client_id = :client_id AND a.state <> 'cancelled' AND a.deleted_at IS NULL
    ORDER BY a.on_day DESC, a.id DESC LIMIT :most
) {DEALINGS}
"""  # noqa: S608  (fixed text)


def load_client_card(reader: Reader, *, client_id: str) -> ClientCard | None:
    """The card of a client, or `None` if there is no such client (any more)."""
    row = reader.row(_CLIENT, client_id=client_id)
    if row is None:
        return None
    parts: dict[int, list[tuple[Any, ...]]] = {what: [] for what in range(5)}
    for what, *fields in reader.rows(_AROUND, client_id=client_id):
        parts[what].append(tuple(fields))
    media = sorted(parts[1], key=lambda fields: (fields[2], fields[0]))
    deals = reader.rows(_DEALS, client_id=client_id, most=MOST_CLOSED)
    dealings = dealings_of(reader.rows(_DEALINGS, client_id=client_id, most=MOST_DEALINGS + 1))
    return ClientCard(
        client=Client(*row),
        media=_media(media, contact_id=None, branch_id=None),
        branches=tuple(_branch(fields, media) for fields in sorted(parts[2])),
        assistants=tuple(sorted((fields[1], fields[0]) for fields in parts[3])),
        competitors=tuple(sorted({fields[0] for fields in parts[4]})),
        sightings=_sightings(parts[4], row[3]),
        people=tuple(_person(fields, media) for fields in sorted(parts[0], key=lambda f: f[1])),
        deals=tuple(_deal(fields) for fields in deals),
        dealings=dealings[:MOST_DEALINGS],
        has_more=len(dealings) > MOST_DEALINGS,
        today=reader.today,
    )


def _media(
    rows: list[tuple[Any, ...]], *, contact_id: str | None, branch_id: str | None
) -> tuple[Medium, ...]:
    return tuple(
        Medium(kind=fields[3], value=fields[0], label=fields[4])
        for fields in rows
        if fields[1] == contact_id and fields[5] == branch_id
    )


def _branch(fields: tuple[Any, ...], media: list[tuple[Any, ...]]) -> Branch:
    name, branch_id, version, street, city, postal_code, country, *_ = fields
    own = _media(media, contact_id=None, branch_id=branch_id)
    return Branch(branch_id, version, name, street, city, postal_code, country, own)


def _person(fields: tuple[Any, ...], media: list[tuple[Any, ...]]) -> Person:
    name, contact_id, version, title, role, boss, assists, branch, born, notes, private = fields
    own = [row for row in media if row[1] == contact_id]
    return Person(
        contact_id,
        version,
        name,
        title,
        role,
        boss,
        assists,
        branch,
        None if born is None else from_day(born),
        notes,
        private,
        tuple(Medium(kind=row[3], value=row[0], label=row[4]) for row in own),
    )


def _sightings(rows: list[tuple[Any, ...]], client: str) -> tuple[Sighting, ...]:
    listed = [
        Sighting(sighting_id, name, product, from_day(seen), notes, client, deal_id, deal)
        for name, sighting_id, _version, product, deal, deal_id, _, _, seen, notes, _ in rows
    ]
    return tuple(sorted(listed, key=lambda s: (s.seen_on, s.sighting_id), reverse=True))


def _deal(row: tuple[Any, ...]) -> ClientDeal:
    days = [_day(number) for number in row[10:13]]
    step, due, reason, competitor = row[13:]
    return ClientDeal(
        *[*row[:6], bool(row[6]), *row[7:10], *days, step, _day(due), reason, competitor]
    )


def _day(number: int | None) -> date | None:
    return None if number is None else from_day(number)
