"""The dated history of all deals as arrays, so that any past day can be looked at in milliseconds.

`read_events` reads the store once; `Events.known_on(day)` is then pure: it sees what had happened
by the end of that day and had been recorded by then, and nothing that came later. Every forecast
and every back-test goes through it, which is what keeps them from looking ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salestui.models.vocabulary import ForecastCategory, Outcome
from salestui.store.reader import Reader
from salestui.text import to_day

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]

NEVER = 2**30
"""A day that has not come: an open deal's close."""
UNDATED = -(2**30)
"""A day that nobody knows."""
NOBODY = -1
"""The code of what is empty: no owner, no product, no expected close."""
NO_AMOUNT = -1

OPEN, WON, LOST, POSTPONED = range(4)
OUTCOMES = (Outcome.OPEN, Outcome.WON, Outcome.LOST, Outcome.POSTPONED)
"""In the order of their codes."""
CATEGORIES = tuple(ForecastCategory)
"""In the order of their codes."""

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


@dataclass(frozen=True, slots=True)
class StageOf:
    """A stage as it is today; stages stand in the order of their pipelines and positions."""

    id: str
    pipeline_id: str
    position: int
    kind: str
    probability: int


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes stand for: `owners[code]` is a rep's key, and so on; `NOBODY` stands for none.

    `territories` are those that clients and reps have today, by the key of the client or rep.
    """

    deals: tuple[str, ...]
    stages: tuple[StageOf, ...]
    owners: tuple[str, ...]
    currencies: tuple[str, ...]
    clients: tuple[str, ...]
    products: tuple[str, ...]
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    reasons: tuple[str, ...]
    competitors: tuple[str, ...]
    territories: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """The deals as they were known at the end of `day`: one element for each deal, days since 1970.

    `own_day` is the day of creation written of the deal, `created` that or else the day of its first
    change; both are `UNDATED` where nobody knows. `closed` is `NEVER` while a deal is not won or lost.
    `amount` is what was last known, `opening` what was last known while the deal was open; both in
    minor units, `NO_AMOUNT` while unknown. `entered` is the day it came into `stage`. Owner, stage,
    expected close and category are those of that day; client, product, kind and source today's.
    """

    day: int
    names: Names
    deal: Codes
    own_day: Ints
    created: Ints
    closed: Ints
    outcome: Codes
    stage: Codes
    entered: Ints
    owner: Codes
    currency: Codes
    amount: Ints
    opening: Ints
    expected: Ints
    category: Codes
    reason: Codes
    competitor: Codes
    client: Codes
    product: Codes
    kind: Codes
    source: Codes

    def __len__(self) -> int:
        return len(self.deal)

    def where(self, chosen: Flags) -> Known:
        """Only the deals for which `chosen` is true."""
        parts = {
            each.name: getattr(self, each.name)[chosen]
            for each in fields(self)
            if each.name not in ("day", "names")
        }
        return Known(self.day, self.names, **parts)

    @property
    def is_open(self) -> Flags:
        """Which deals were being worked on."""
        open_ones: Flags = self.outcome == OPEN
        return open_ones

    @property
    def is_dated(self) -> Flags:
        """Which deals have a known day of creation, and of their end if they have ended."""
        is_ended = (self.outcome == WON) | (self.outcome == LOST)
        dated: Flags = (self.created != UNDATED) & ~(is_ended & (self.closed == UNDATED))
        return dated


@dataclass(frozen=True, slots=True)
class Stays:
    """Every stay of a deal in a stage as known on a day, oldest first for each deal.

    `row` counts in the `Known` of the same day. `left` is `NEVER` while it lasts. `to` is the stage
    that followed, or `TO_WON`, `TO_LOST`, `TO_POSTPONED`, or `STAYING`.
    """

    row: Ints
    stage: Codes
    entered: Ints
    left: Ints
    to: Codes


STAYING, TO_WON, TO_LOST, TO_POSTPONED = -1, -2, -3, -4


@dataclass(frozen=True, slots=True)
class Events:
    """All changes of all deals, oldest first within a deal; one element for each.

    `day` is when it was so in the world, `recorded` when it was learned, `voided` when it was taken
    back (`NEVER` if it stands), all as local days since 1970. The arrays of the second half have
    one element for each deal.
    """

    names: Names
    today: int
    deal: Codes
    day: Ints
    recorded: Ints
    voided: Ints
    stage: Codes
    outcome: Codes
    owner: Codes
    amount: Ints
    currency: Codes
    expected: Ints
    category: Codes
    reason: Codes
    competitor: Codes
    created: Ints
    deleted: Ints
    client: Codes
    product: Codes
    kind: Codes
    source: Codes

    def _standing(self, day: int) -> Ints:
        """The places of the events that were known at the end of `day`."""
        is_known = (self.recorded <= day) & (self.day <= day) & (self.voided > day)
        is_known &= ((self.created <= day) & (self.deleted > day))[self.deal]
        return np.flatnonzero(is_known)

    def known_on(self, day: int) -> Known:
        """The deals as known at the end of `day`."""
        place = self._standing(day)
        deal, outcome = self.deal[place], self.outcome[place]
        count = len(place)
        steps = np.arange(count)
        is_first = np.ones(count, bool)
        is_first[1:] = deal[1:] != deal[:-1]
        is_last = np.ones(count, bool)
        is_last[:-1] = is_first[1:]
        last = place[is_last]
        own = self.deal[last]

        def since(values: Codes) -> Ints:
            """For each deal the day from which its last value has stood."""
            is_new = is_first.copy()
            is_new[1:] |= values[1:] != values[:-1]
            begun = np.maximum.accumulate(np.where(is_new, steps, 0)) if count else steps
            days: Ints = self.day[place[begun[is_last]]]
            return days

        was_open = np.maximum.accumulate(np.where(is_first | (outcome == OPEN), steps, 0))
        opening = self.amount[place[was_open[is_last]]] if count else self.amount[:0]
        ended = outcome[is_last]
        is_ended = (ended == WON) | (ended == LOST)
        created = self.created[own]
        begun = self.day[place[is_first]]
        return Known(
            day=day,
            names=self.names,
            deal=own,
            own_day=created,
            created=np.where(created == UNDATED, begun, created),
            closed=np.where(is_ended, since(outcome), NEVER),
            outcome=ended,
            stage=self.stage[last],
            entered=since(self.stage[place]),
            owner=self.owner[last],
            currency=self.currency[last],
            amount=self.amount[last],
            opening=opening,
            expected=self.expected[last],
            category=self.category[last],
            reason=self.reason[last],
            competitor=self.competitor[last],
            client=self.client[own],
            product=self.product[own],
            kind=self.kind[own],
            source=self.source[own],
        )

    def stays_on(self, day: int) -> Stays:
        """The stays in stages as known at the end of `day`; `row` counts in `known_on(day)`."""
        place = self._standing(day)
        deal, stage, outcome = self.deal[place], self.stage[place], self.outcome[place]
        count = len(place)
        is_first = np.ones(count, bool)
        is_first[1:] = deal[1:] != deal[:-1]
        row = np.cumsum(is_first) - 1
        # A stay begins with a deal, with another stage, and where a deal that had ended is open again.
        is_new = is_first.copy()
        is_new[1:] |= stage[1:] != stage[:-1]
        is_new[1:] |= (outcome[1:] == OPEN) & (outcome[:-1] != OPEN)
        ends = (outcome != OPEN) & ~is_first
        ends[1:] &= outcome[:-1] == OPEN
        ends |= is_first & (outcome != OPEN)
        # What happens after the sale is no stay of the sale.
        is_new &= (outcome == OPEN) | is_first
        begin = np.flatnonzero(is_new)
        breaks = np.flatnonzero(is_new | ends)
        after = np.searchsorted(breaks, begin, side="right")
        at_once = ends[begin]
        following = np.where(after < len(breaks), breaks[np.minimum(after, len(breaks) - 1)], -1)
        following = np.where(at_once, begin, following)
        is_followed = (following >= 0) & (deal[following] == deal[begin])
        left = np.where(is_followed, self.day[place[following]], NEVER)
        to = np.full(len(begin), STAYING, np.int32)
        ended_as = outcome[following]
        exits = np.array([STAYING, TO_WON, TO_LOST, TO_POSTPONED], np.int32)
        to = np.where(
            is_followed, np.where(ended_as == OPEN, stage[following], exits[ended_as]), to
        )
        return Stays(
            row=row[begin],
            stage=stage[begin],
            entered=self.day[place[begin]],
            left=left.astype(np.int64),
            to=to.astype(np.int32),
        )


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
    return Events(
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
