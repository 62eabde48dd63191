"""When deals were deleted and came back: their rows say only whether they are deleted today, and since when.

Only who undoes brings a deal back, or deletes one again, so the audit trail of that tells of all others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from salestui.store.reader import Reader
from salestui.text import to_micros

ALWAYS = 2**62
"""An instant that does not come: the end of a deletion that stands."""

Span = tuple[int, int]
"""From its deletion on until it came back, in microseconds since 1970."""

_TRAIL = """
SELECT c.row_id, e.at, c.before, c.after FROM audit_entry e CROSS JOIN audit_change c
WHERE e.kind <> 'do' AND c.entry_id = e.id AND c.table_name = 'deal' AND c.before LIKE :wanted
ORDER BY c.id
"""
_DELETED = "SELECT id, deleted_at FROM deal WHERE id IN ({listed})"


def deletions(reader: Reader) -> Mapping[str, Sequence[Span]]:
    """The deletions, oldest first, of each deal that has come back once or was deleted once more.

    All other deals are as their rows say. Found once a read.
    """
    if deletions not in reader.found:
        reader.found[deletions] = _spans(reader)
    found: Mapping[str, Sequence[Span]] = reader.found[deletions]
    return found


def _spans(reader: Reader) -> Mapping[str, Sequence[Span]]:
    spans: dict[str, list[Span]] = {}
    for deal_id, at, before, after in reader.rows(_TRAIL, wanted='%"deleted_at"%'):
        listed = spans.setdefault(deal_id, [])
        since, until = _instant(before), _instant(after)
        if since is None and until is not None:
            listed.append((at, ALWAYS))  # done again, the row has the day of the first time
        elif since is not None and until is None:
            begun = listed.pop()[0] if listed and listed[-1][1] == ALWAYS else since
            listed.append((begun, at))
    today = _DELETED.replace("{listed}", reader.listed("listed"))
    for deal_id, deleted_at in reader.rows(today, listed=json.dumps(list(spans))):
        stands = any(until == ALWAYS for _, until in spans[deal_id])
        if deleted_at is not None and not stands:
            spans[deal_id].append((deleted_at, ALWAYS))
    return spans


def _instant(fields: str) -> int | None:
    at = json.loads(fields).get("deleted_at")
    return None if at is None else to_micros(datetime.fromisoformat(at))
