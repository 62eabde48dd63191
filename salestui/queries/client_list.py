"""The list of clients and the search in it as one types, a few milliseconds a key at any size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from salestui.queries.matching import parameters, rarest_first, word_ranges
from salestui.store.reader import Reader
from salestui.text.days import from_day

PAGE = 50
_HITS = 200
"""Index hits looked at for a page: a client may be hit by several of its words and contacts."""


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client in the list. `via` is the contact by whose name, phone or e-mail it was found."""

    client_id: str
    version: int
    number: int
    name: str
    city: str
    status: str
    owner: str | None
    open_deals: int
    last_on: date | None
    next_due_on: date | None
    via: str | None


@dataclass(frozen=True, slots=True)
class ClientPage:
    """Clients in order, `has_more` if others follow."""

    rows: tuple[ClientRow, ...]
    has_more: bool


# Open deals are counted by a CASE: as a condition, SQLite without statistics looks up all open deals
# of the store for each client.
_COLUMNS = """
    c.id, c.version, c.number, c.name, c.city, c.status, r.name,
    (SELECT count(CASE WHEN d.outcome = 'open' THEN 1 END) FROM deal d
      WHERE d.client_id = c.id AND d.deleted_at IS NULL),
    (SELECT a.on_day FROM activity a
      WHERE a.client_id = c.id AND a.state = 'done' AND a.deleted_at IS NULL
      ORDER BY a.on_day DESC LIMIT 1),
    (SELECT a.on_day FROM activity a
      WHERE a.client_id = c.id AND a.state = 'planned' AND a.deleted_at IS NULL
      ORDER BY a.on_day LIMIT 1)"""

_ALL = f"""
SELECT {_COLUMNS}, NULL
FROM client c LEFT JOIN rep r ON r.id = c.owner_id
WHERE c.deleted_at IS NULL AND {{conditions}}
ORDER BY c.sort_key, c.id LIMIT :limit OFFSET :skipped
"""  # noqa: S608  (fixed columns)

_FOUND = f"""
WITH hits AS (
    SELECT coalesce(p.client_id, w.subject_id) AS client_id, w.word, w.subject,
           CASE WHEN w.word = :word0 THEN 0 ELSE 1 END AS is_part, p.name AS via
    FROM search_word w
    LEFT JOIN contact p ON p.id = CASE w.subject WHEN 'contact' THEN w.subject_id END
    WHERE w.word >= :word0 AND w.word < :last0 AND w.subject IN ('client', 'contact')
          {{others}}
    ORDER BY w.word, w.subject, w.subject_id LIMIT :hits
), firsts AS (
    SELECT client_id, min(is_part) AS is_part, min(subject) AS subject, min(word) AS word,
           min(via) AS via
    FROM hits GROUP BY client_id
), page AS (
    SELECT f.client_id, f.is_part, f.subject, f.via
    FROM firsts f JOIN client c ON c.id = f.client_id
    WHERE c.deleted_at IS NULL AND {{conditions}}
    ORDER BY f.is_part, f.subject, c.sort_key, c.id LIMIT :limit OFFSET :skipped
)
SELECT {_COLUMNS}, CASE WHEN f.subject = 'contact' THEN f.via END
FROM page f JOIN client c ON c.id = f.client_id LEFT JOIN rep r ON r.id = c.owner_id
ORDER BY f.is_part, f.subject, c.sort_key, c.id
"""  # noqa: S608  (fixed columns)

_OTHER = """AND (EXISTS (SELECT 1 FROM search_word v
        WHERE v.subject_id = coalesce(p.client_id, w.subject_id)
          AND v.word >= :word{n} AND v.word < :last{n})
      OR EXISTS (SELECT 1 FROM contact k JOIN search_word v ON v.subject_id = k.id
        WHERE k.client_id = coalesce(p.client_id, w.subject_id)
          AND v.word >= :word{n} AND v.word < :last{n}))"""


def search_clients(
    reader: Reader,
    *,
    typed: str = "",
    owner_id: str | None = None,
    status: str | None = None,
    territory_id: str | None = None,
    limit: int = PAGE,
    skipped: int = 0,
) -> ClientPage:
    """Clients that every word typed leads to, whole words first; all by name where nothing is typed.

    A word is looked for in name, town, numbers, phones and e-mails, and in the names of contacts.
    "" asks for the clients of no owner, of no territory.
    """
    conditions, values = _conditions(
        {"owner_id": owner_id, "status": status, "territory_id": territory_id}
    )
    values |= {"limit": limit + 1, "skipped": skipped}
    if typed.strip():
        ranges = rarest_first(reader, word_ranges(typed))
        if not ranges:
            return ClientPage((), has_more=False)
        others = " ".join(_OTHER.replace("{n}", str(n)) for n in range(1, len(ranges)))
        sql = _FOUND.replace("{others}", others)
        values |= {**parameters(ranges), "hits": _HITS + 8 * skipped}
    else:
        sql = _ALL
    rows = reader.rows(sql.replace("{conditions}", conditions), **values)
    return ClientPage(tuple(_row(row) for row in rows[:limit]), has_more=len(rows) > limit)


def _conditions(wanted: Mapping[str, str | None]) -> tuple[str, dict[str, Any]]:
    """`wanted`: a value for each column that the list is narrowed by, `None` for any, "" for none."""
    values: dict[str, Any] = {name: each for name, each in wanted.items() if each}
    parts = [f"c.{name} = :{name}" for name in values]
    parts += [f"c.{name} IS NULL" for name, each in wanted.items() if each == ""]
    return " AND ".join(parts) or "1 = 1", values


def _row(row: tuple[Any, ...]) -> ClientRow:
    last_on, due_on = (None if day is None else from_day(day) for day in row[8:10])
    return ClientRow(*[*row[:8], last_on, due_on, row[10]])
