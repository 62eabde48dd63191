"""Files with a row for each change of a deal's stage: the rows of a deal made one record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from hashlib import blake2b
from itertools import pairwise
from typing import Any

from salestui.models.vocabulary import Outcome
from salestui.usecases.imports import Record

_CLOSED = (Outcome.WON.value, Outcome.LOST.value)
_OF_ITS_END = ("outcome", "closed_on", "loss_reason", "competitor")
"""What a deal that is opened again has no more."""

_NAMING = ("title", "client", "product")
"""What a deal is called after; by its id where the file of its changes has none of them."""


def folded(records: Iterable[Record], after_sale: Collection[str]) -> list[Record]:
    """One record for each key, in the order of the first of its rows.

    A row says what stage (or outcome) the deal came to on its `entered_on`; what later rows say of
    other fields counts. `after_sale`: names of stages that a won deal goes on to.
    """
    rows: dict[str, list[Record]] = {}
    for record in records:
        rows.setdefault(record.key, []).append(record)
    is_newest_first = _is_newest_first(rows.values())
    return [_one(own[::-1] if is_newest_first else own, after_sale) for own in rows.values()]


def _day(record: Record) -> date | None:
    """The day of the change; `None` where the cell is empty."""
    days: Sequence[date] = record.values.get("entered_on", ())
    return days[0] if days else None


def _is_newest_first(deals: Iterable[Sequence[Record]]) -> bool:
    """Whether the file goes back in time: it decides between the changes of one day."""
    forth = back = 0
    for rows in deals:
        days = [day for day in map(_day, rows) if day is not None]
        forth += sum(before < after for before, after in pairwise(days))
        back += sum(before > after for before, after in pairwise(days))
    return back > forth


def _one(rows: Sequence[Record], after_sale: Collection[str]) -> Record:
    rows = sorted(rows, key=lambda record: _day(record) or date.min)
    values: dict[str, Any] = {}
    steps: list[tuple[str, date]] = []
    for record in rows:
        day = _day(record)
        own = {name: each for name, each in record.values.items() if name != "entered_on"}
        stage, outcome = own.get("stage"), own.get("outcome")
        if outcome in _CLOSED:
            if values.get("outcome") == outcome:
                own["closed_on"] = values.get("closed_on", day)
            elif day is not None:
                own["closed_on"] = day
        elif stage is not None and stage not in after_sale:
            for name in _OF_ITS_END:
                values.pop(name, None)
        values |= own
        if stage is not None and day is not None and stage != (steps[-1][0] if steps else None):
            steps.append((stage, day))
    if steps:
        values["entered_on"] = steps
    if values.keys().isdisjoint(_NAMING):
        values["title"] = " ".join(rows[0].key.split())
    digest = blake2b("".join(record.digest for record in rows).encode(), digest_size=12).hexdigest()
    return rows[-1]._replace(digest=digest, values=values)
