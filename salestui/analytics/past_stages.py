"""Whether stages were otherwise on an earlier day: reports of that day go by their terms of today."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from salestui.analytics.past import end_of
from salestui.store.reader import Reader
from salestui.text import so_many

_TERMS = ("probability", "idle_days", "kind")
_CHANGES = """
SELECT c.row_id, c.before, s.probability, s.idle_days, s.kind
FROM stage s CROSS JOIN audit_change c CROSS JOIN audit_entry e
WHERE c.row_id = s.id AND e.id = c.entry_id AND c.before IS NOT NULL AND e.at > :until
ORDER BY c.id DESC
"""


def stages_since(reader: Reader, day: date) -> tuple[str, ...]:
    """That stages had another percentage, idle limit or kind at the end of `day`, if any had."""
    if day >= reader.today:
        return ()
    now: dict[str, tuple[Any, ...]] = {}
    then: dict[str, dict[str, Any]] = {}
    for key, before, *terms in reader.rows(_CHANGES, until=end_of(reader, day)):
        now[key] = tuple(terms)
        # The latest change first: what stood before the earliest remains.
        then.setdefault(key, {}).update(json.loads(before))
    count = sum(
        any(then[key].get(term, value) != value for term, value in zip(_TERMS, terms, strict=True))
        for key, terms in now.items()
    )
    if not count:
        return ()
    has = "has" if count == 1 else "have"
    return (
        f"{so_many(count, 'stage')} {has} got another percentage, idle limit or kind since that day: "
        "reckoned is with today's.",
    )
