"""One search over clients, contacts and deals, for the palette and for fields that name one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salestui.queries.matching import parameters, rarest_first, word_ranges
from salestui.store.reader import Reader

MOST = 20
LEAST_TYPED = 2
"""Characters before a search of everything starts: one letter finds half the store."""

_HITS = 300


@dataclass(frozen=True, slots=True)
class Found:
    """A client, contact or deal. `client_id` is the client it belongs to, or itself."""

    kind: str
    id: str
    client_id: str | None
    name: str
    detail: str


_SQL = """
WITH hits AS (
    SELECT w.word, w.subject, w.subject_id FROM search_word w
    WHERE w.word >= :word0 AND w.word < :last0 AND w.subject IN ({subjects}) {others}
    ORDER BY w.word, w.subject, w.subject_id LIMIT :hits
), firsts AS (
    SELECT subject, subject_id, min(CASE WHEN word = :word0 THEN 0 ELSE 1 END) AS is_part,
           min(word) AS word
    FROM hits GROUP BY subject, subject_id
)
SELECT f.subject, f.subject_id,
       CASE f.subject WHEN 'client' THEN c.id WHEN 'contact' THEN p.client_id ELSE d.client_id END,
       coalesce(c.name, p.name, d.title),
       CASE f.subject WHEN 'client' THEN c.city WHEN 'contact' THEN coalesce(pc.name, '')
            ELSE coalesce(dc.name, '') END,
       d.outcome
FROM firsts f
LEFT JOIN client c ON f.subject = 'client' AND c.id = f.subject_id AND c.deleted_at IS NULL
LEFT JOIN contact p ON f.subject = 'contact' AND p.id = f.subject_id AND p.deleted_at IS NULL
LEFT JOIN client pc ON pc.id = p.client_id
LEFT JOIN deal d ON f.subject = 'deal' AND d.id = f.subject_id AND d.deleted_at IS NULL
LEFT JOIN client dc ON dc.id = d.client_id
WHERE coalesce(c.id, p.id, d.id) IS NOT NULL
ORDER BY f.is_part, CASE WHEN d.outcome IS NULL OR d.outcome = 'open' THEN 0 ELSE 1 END,
         f.subject, f.word, f.subject_id
LIMIT :limit
"""

_OTHER = """AND EXISTS (SELECT 1 FROM search_word v WHERE v.word >= :word{n} AND v.word < :last{n}
        AND v.subject_id = w.subject_id)"""

_SUBJECTS = ("client", "contact", "deal")


def find(
    reader: Reader, *, typed: str, kinds: Sequence[str] = _SUBJECTS, limit: int = MOST
) -> tuple[Found, ...]:
    """What the words typed lead to, whole words and open deals first."""
    ranges = rarest_first(reader, word_ranges(typed))
    if len(typed.strip()) < LEAST_TYPED or not ranges:
        return ()
    subjects = ", ".join(f"'{kind}'" for kind in _SUBJECTS if kind in kinds)
    others = " ".join(_OTHER.replace("{n}", str(n)) for n in range(1, len(ranges)))
    rows = reader.rows(
        _SQL.replace("{subjects}", subjects).replace("{others}", others),
        hits=_HITS,
        limit=limit,
        **parameters(ranges),
    )
    return tuple(
        Found(kind, row_id, client_id, name, _detail(detail, outcome))
        for kind, row_id, client_id, name, detail, outcome in rows
    )


def _detail(detail: str, outcome: str | None) -> str:
    return detail if outcome in (None, "open") else f"{detail} ({outcome})".strip()
