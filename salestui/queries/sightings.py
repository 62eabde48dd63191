"""Competitors and their products, where they were met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from salestui.store.reader import Reader
from salestui.text.days import from_day


@dataclass(frozen=True, slots=True)
class Sighting:
    """A competitor met at a client or in a deal; `product` is theirs, empty where only they were met."""

    sighting_id: str
    competitor: str
    product: str
    seen_on: date
    notes: str
    client: str
    deal_id: str | None
    deal: str


_SQL = """
SELECT x.id, k.name, coalesce(t.name, ''), x.seen_on, x.notes, coalesce(c.name, ''), d.id,
       coalesce(d.title, '')
FROM competitor_sighting x JOIN competitor k ON k.id = x.competitor_id
LEFT JOIN competitor_product t ON t.id = x.competitor_product_id
LEFT JOIN client c ON c.id = x.client_id AND c.deleted_at IS NULL
LEFT JOIN deal d ON d.id = x.deal_id AND d.deleted_at IS NULL
WHERE x.deleted_at IS NULL {only}
ORDER BY x.seen_on DESC, x.id DESC LIMIT :most
"""

_ONLY = {
    "deal_id": "AND x.deal_id = :deal_id",
    "client_id": "AND x.client_id = :client_id",
    "competitor_id": "AND x.competitor_id = :competitor_id",
}


def load_sightings(
    reader: Reader,
    *,
    deal_id: str | None = None,
    client_id: str | None = None,
    competitor_id: str | None = None,
    most: int = 100,
) -> tuple[Sighting, ...]:
    """Competitors met in a deal, at a client, one of them, or any; the latest first."""
    keys = {"deal_id": deal_id, "client_id": client_id, "competitor_id": competitor_id}
    given = {name: key for name, key in keys.items() if key is not None}
    sql = _SQL.replace("{only}", " ".join(_ONLY[name] for name in given))
    rows = reader.rows(sql, most=most, **given)
    return tuple(Sighting(*[*row[:3], from_day(row[3]), *row[4:]]) for row in rows)
