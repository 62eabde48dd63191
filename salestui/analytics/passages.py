"""How deals went through the stages, counted by the database on the passages' own covering index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from salestui.analytics.facts import Value
from salestui.analytics.scope import Scope, conditions
from salestui.store.reader import Reader
from salestui.text import to_day

_KEY = 32
"""Characters of a key."""

ADVANCED, LOST, POSTPONED, RETURNED, OPEN = "a", "l", "p", "r", "o"

LATE_FROM = 28
"""Days without any recorded move after the first entry from which a store counts as begun late."""

_SLOTS = """
SELECT {group} slot, count(*), CAST(coalesce(sum(amount_minor), 0) AS BIGINT)
FROM {source} WHERE 1 = 1 {conditions}
GROUP BY {by} slot
"""

_LATE = """
SELECT {group} slot, entered_on, count(*)
FROM {source} WHERE +entered_on < :tracked_from {conditions}
GROUP BY {by} slot, entered_on
"""

_TRACKED = "SELECT (SELECT min(entered_on) FROM passage), (SELECT min(left_on) FROM passage)"

_OF_DEAL = frozenset({"product_id", "client_id", "kind", "source"})
_JOINED = """(SELECT p.slot, p.entered_on, p.owner_id, p.amount_minor, d.{column}
      FROM passage p JOIN deal d ON d.id = p.deal_id) AS passage_of_deal"""


@dataclass(slots=True)
class Tally:
    """First passages through one stage. `results`: letter -> count; days whole; amounts by currency.

    `leaving`: days -> how many left after so many; `staying`: days -> how many have waited so long
    until now; `entering`: days -> how many were that long in the stage when the records begin.
    """

    results: Counter[str] = field(default_factory=Counter)
    leaving: Counter[int] = field(default_factory=Counter)
    staying: Counter[int] = field(default_factory=Counter)
    entering: Counter[int] = field(default_factory=Counter)
    entered_amount: Counter[str] = field(default_factory=Counter)
    advanced_amount: Counter[str] = field(default_factory=Counter)
    settled_amount: Counter[str] = field(default_factory=Counter)

    @property
    def entered(self) -> int:
        """Deals that entered the stage."""
        return self.results.total()

    @property
    def settled(self) -> int:
        """Those that went on, were lost or were postponed."""
        return self.results[ADVANCED] + self.results[LOST] + self.results[POSTPONED]


@dataclass(frozen=True, slots=True)
class _Slot:
    """A slot taken apart: see `Passage.slot`. `days` or, if not known, `entered_on`."""

    stage_id: str
    currency: str
    result: str
    days: int | None
    entered_on: int | None


def _taken_apart(slot: str) -> _Slot:
    mark, number = slot[_KEY + 4 : _KEY + 5], slot[_KEY + 5 :]
    return _Slot(
        slot[:_KEY],
        slot[_KEY : _KEY + 3],
        slot[_KEY + 3],
        int(number) if mark == "+" else None,
        int(number) if mark == "@" else None,
    )


def tallies(
    reader: Reader, scope: Scope, column: str | None = None
) -> dict[tuple[Value, str], Tally]:
    """(group, stage) -> the deals that first entered the stage in the scope's days."""
    # The plus keeps the databases from the index on the day alone, which would need a sort.
    narrowed, values = conditions(scope, "+entered_on")
    found: dict[tuple[Value, str], Tally] = {}
    today = to_day(scope.as_of)
    for group, slot, count, amount in reader.rows(_sql(_SLOTS, scope, column, narrowed), **values):
        part = _taken_apart(slot)
        tally = found.setdefault((group if column else None, part.stage_id), Tally())
        _count(tally, part, count, amount, today)
    tracked = _tracked_from(reader, scope)
    if tracked is not None:
        sql = _sql(_LATE, scope, column, narrowed)
        for group, slot, entered_on, count in reader.rows(sql, tracked_from=tracked, **values):
            part = _taken_apart(slot)
            if _is_timed(part):
                tally = found[(group if column else None, part.stage_id)]
                tally.entering[tracked - entered_on] += count
    return found


def _sql(template: str, scope: Scope, column: str | None, narrowed: str) -> str:
    """With owners the index that begins with them leads, and the groups follow its order."""
    lead = column or ("owner_id" if scope.owner_ids is not None else "NULL")
    by = "" if lead == "NULL" else f"{lead},"
    source = _JOINED.replace("{column}", lead) if lead in _OF_DEAL else "passage"
    sql = template.replace("{group}", f"{lead},").replace("{by}", by)
    return sql.replace("{source}", source).replace("{conditions}", narrowed)


def _count(tally: Tally, part: _Slot, count: int, amount: int, today: int) -> None:
    tally.results[part.result] += count
    tally.entered_amount[part.currency] += amount
    if part.result == ADVANCED:
        tally.advanced_amount[part.currency] += amount
    if part.result in (ADVANCED, LOST, POSTPONED):
        tally.settled_amount[part.currency] += amount
    if part.days is not None:
        tally.leaving[part.days] += count
    elif _is_timed(part) and part.entered_on is not None:
        tally.staying[max(today - part.entered_on, 0)] += count


def _is_timed(part: _Slot) -> bool:
    """Left on a known day, or waiting there since one; "@" with another result left nobody knows when."""
    return part.days is not None or (part.result == OPEN and part.entered_on is not None)


def _tracked_from(reader: Reader, scope: Scope) -> int | None:
    """The day from which moves were recorded, where deals were there long before: an import.

    What had left by then is missing, so those that had not are watched only from that day on.
    """
    first_entry, first_move = reader.row(_TRACKED) or (None, None)
    if first_entry is None or first_move is None or first_move - first_entry <= LATE_FROM:
        return None
    first = scope.period.first
    if first is not None and to_day(first) >= first_move:
        return None
    return int(first_move)


def tracked_words(tallied: Iterable[Tally]) -> Iterator[str]:
    """What a reader must know of late entry."""
    late = sum(tally.entering.total() for tally in tallied)
    if late:
        yield (
            f"{late:,} passages began before the first recorded move; their time counts from that "
            "day on."
        )


def merge(into: Tally, other: Tally) -> None:
    """Add a tally to another."""
    into.results += other.results
    into.leaving += other.leaving
    into.staying += other.staying
    into.entering += other.entering
    into.entered_amount += other.entered_amount
    into.advanced_amount += other.advanced_amount
    into.settled_amount += other.settled_amount
