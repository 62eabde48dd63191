"""The dated history of all deals, read from the store once, in two passes over its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from salestui.analytics.events import (
    CATEGORIES,
    NEVER,
    NO_AMOUNT,
    NOBODY,
    OF_EVENT,
    OUTCOMES,
    UNDATED,
    Codes,
    Events,
    Ints,
    Names,
    StageOf,
)
from salestui.analytics.past_deletions import ALWAYS, Span, deletions
from salestui.store.reader import Reader
from salestui.text import to_day

_DAY = 86_400_000_000

_BITS = 2**32

_EVENTS = f"""
SELECT stage_id || '|' || outcome || '|' || currency || '|' || forecast_category || '|'
           || coalesce(loss_reason_id, '') || '|' || coalesce(competitor_id, ''),
       owner_id,
       cast(coalesce(occurred_on, {UNDATED}) - {UNDATED} AS bigint) * {_BITS}
           + (recorded_at + :offset) / {_DAY},
       coalesce(amount_minor, {NO_AMOUNT}), coalesce(expected_close_on, {UNDATED})
FROM deal_event WHERE kind = 'change' ORDER BY deal_id, seq
"""  # noqa: S608 (constants of this module)
"""Few columns, for each costs as much as all the rest of a row: what has few values comes as one word."""

_VOIDED = f"""
SELECT e.deal_id, (v.at + :offset) / {_DAY},
       (SELECT count(*) FROM deal_event b
        WHERE b.deal_id = e.deal_id AND b.seq < e.seq AND b.kind = 'change')
FROM (SELECT voids_id, min(recorded_at) AS at FROM deal_event
      WHERE voids_id IS NOT NULL GROUP BY voids_id) v
JOIN deal_event e ON e.id = v.voids_id
WHERE e.kind = 'change'
"""  # noqa: S608

_DEALS = f"""
SELECT d.id, coalesce(d.created_on, {UNDATED}),
       coalesce((d.deleted_at + :offset) / {_DAY}, {NEVER}),
       d.client_id, d.product_id, d.kind, d.source,
       (SELECT count(*) FROM deal_event e WHERE e.deal_id = d.id AND e.kind = 'change')
FROM deal d ORDER BY d.id
"""  # noqa: S608

_STAGES = """
SELECT s.id, s.pipeline_id, s.position, s.kind, s.probability FROM stage s
JOIN pipeline p ON p.id = s.pipeline_id ORDER BY p.position, p.id, s.position, s.id
"""


_TERRITORIES = """
SELECT id, territory_id FROM client WHERE territory_id IS NOT NULL
UNION ALL SELECT id, territory_id FROM rep WHERE territory_id IS NOT NULL
"""


class _Coding(dict[Any, int]):
    """Gives each new value the next code."""

    def __init__(self, known: Iterable[Any] = ()) -> None:
        super().__init__((value, code) for code, value in enumerate(known))
        self[None] = NOBODY

    def __missing__(self, value: Any) -> int:
        code = self[value] = len(self) - 1
        return code

    def of(self, values: Sequence[Any]) -> Codes:
        return np.fromiter(map(self.__getitem__, values), np.int32, len(values))

    def names(self) -> tuple[Any, ...]:
        return tuple(value for value, code in self.items() if code != NOBODY)


def read_events(reader: Reader) -> Events:
    """The whole history of the store; at 100,000 deals with 600,000 events it takes a second or two."""
    offset = _offset(reader)
    stages = tuple(StageOf(*row) for row in reader.rows(_STAGES))
    deals, of_deal, counts, named = _read_deals(reader, offset)
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    words, owners = _Coding(), _Coding()
    word, owner = np.empty(total, np.int32), np.empty(total, np.int32)
    day, recorded, amount, expected = (np.empty(total, np.int64) for _ in range(4))
    done = 0
    for batch in reader.batches(_EVENTS, offset=offset):
        here = slice(done, done + len(batch))
        columns = list(zip(*batch, strict=True))
        word[here], owner[here] = words.of(columns[0]), owners.of(columns[1])
        both = np.array(columns[2], np.int64)
        day[here], recorded[here] = both // _BITS + UNDATED, both % _BITS
        amount[here], expected[here] = columns[3], columns[4]
        done += len(batch)
    codings = {
        "stage": _Coding(stage.id for stage in stages), "outcome": _Coding(OUTCOMES),
        "currency": _Coding(), "category": _Coding(CATEGORIES), "reason": _Coding(),
        "competitor": _Coding(),
    }  # fmt: skip
    parts = _split(words.names(), codings)
    of_event: dict[str, Any] = {name: codes[word] for name, codes in parts.items()}
    voided = np.full(total, NEVER, np.int64)
    begins = dict(zip(deals, (ends - counts).tolist(), strict=True)) if total else {}
    for deal_id, taken_back, place in reader.rows(_VOIDED, offset=offset):
        voided[begins[deal_id] + place] = taken_back
    spans = deletions(reader)
    territories = dict(reader.rows(_TERRITORIES))
    reader.release()
    names = Names(
        deals=deals,
        stages=stages,
        owners=owners.names(),
        currencies=codings["currency"].names(),
        reasons=codings["reason"].names(),
        competitors=codings["competitor"].names(),
        territories=territories,
        **named,
    )
    events = Events(
        names=names,
        today=to_day(reader.today),
        deal=np.repeat(np.arange(len(counts), dtype=np.int32), counts),
        day=day,
        recorded=recorded,
        voided=voided,
        owner=owner,
        amount=amount,
        expected=expected,
        **of_event,
        **of_deal,
    )
    return _without_gaps(events, spans, offset) if spans else events


def _without_gaps(events: Events, spans: Mapping[str, Sequence[Span]], offset: int) -> Events:
    """Each event of a deal that was deleted for some days twice: taken back then, learned again after."""
    deleted = events.deleted.copy()
    gaps: dict[int, list[tuple[int, int]]] = {}
    for code, key in enumerate(events.names.deals):
        for gone, back in spans.get(key, ()):
            if back == ALWAYS:
                deleted[code] = (gone + offset) // _DAY
            else:
                gaps.setdefault(code, []).append(((gone + offset) // _DAY, (back + offset) // _DAY))
    place = np.arange(len(events.deal))
    recorded, voided = events.recorded.copy(), events.voided.copy()
    for nth in range(max(map(len, gaps.values()), default=0)):
        gone_on, back_on = np.full((2, len(deleted)), UNDATED, np.int64)
        for code, listed in gaps.items():
            if nth < len(listed):
                gone_on[code], back_on[code] = listed[nth]
        deal = events.deal[place]
        back_then = back_on[deal]
        is_before = recorded < back_then
        again = np.flatnonzero(is_before & (voided > back_then))
        later = place[again], back_then[again], voided[again]
        voided = np.where(is_before, np.minimum(voided, gone_on[deal]), voided)
        place, recorded, voided = (
            np.insert(each, again + 1, more)
            for each, more in zip((place, recorded, voided), later, strict=True)
        )
    of_event = {name: getattr(events, name)[place] for name in OF_EVENT}
    learned = {"recorded": recorded, "voided": voided, "deleted": deleted}
    return replace(events, **of_event | learned)


def _read_deals(
    reader: Reader, offset: int
) -> tuple[tuple[str, ...], dict[str, Any], Ints, dict[str, tuple[str, ...]]]:
    """Keys of all deals in their order, arrays of them, their numbers of events, the names of codes."""
    keys: list[str] = []
    numbers: list[Ints] = []
    codings = {name: _Coding() for name in ("client", "product", "kind", "source")}
    codes: dict[str, list[Codes]] = {name: [] for name in codings}
    for batch in reader.batches(_DEALS, offset=offset):
        columns = list(zip(*batch, strict=True))
        keys += columns[0]
        numbers.append(np.array([columns[1], columns[2], columns[7]], np.int64))
        for (name, coding), values in zip(codings.items(), columns[3:7], strict=True):
            codes[name].append(coding.of(values))
    created, deleted, counts = (
        np.concatenate(numbers, axis=1) if numbers else np.empty((3, 0), np.int64)
    )
    of_deal: dict[str, Any] = {"created": created, "deleted": deleted} | {
        name: np.concatenate(each) if each else np.empty(0, np.int32)
        for name, each in codes.items()
    }
    named = {f"{name}s": coding.names() for name, coding in codings.items()}
    return tuple(keys), of_deal, counts, named


def _split(words: Sequence[str], codings: dict[str, _Coding]) -> dict[str, Codes]:
    """For each word of `_EVENTS` the codes of its parts; what is empty is `NOBODY`."""
    listed = [[part or None for part in word.split("|")] for word in words]
    columns = zip(*listed, strict=True) if listed else [()] * len(codings)
    return {
        name: coding.of(values)
        for (name, coding), values in zip(codings.items(), columns, strict=True)
    }


def _offset(reader: Reader) -> int:
    """Microseconds from UTC to the reader's own time."""
    offset = reader.now.utcoffset()
    return 0 if offset is None else round(offset.total_seconds() * 1_000_000)
