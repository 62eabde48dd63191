"""How deals went through the stages, counted by the database on the passages' own covering index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from salestui.analytics.facts import Value
from salestui.analytics.groups import BOUGHT, of_deal
from salestui.analytics.marks import marked
from salestui.analytics.scope import Scope
from salestui.store.reader import Reader
from salestui.text import so_many, to_day

ADVANCED, LOST, POSTPONED, RETURNED, OPEN = "a", "l", "p", "r", "o"
SETTLED = (ADVANCED, LOST, POSTPONED)

LATE_FROM = 28
"""Days without any recorded move after the first entry from which a store counts as begun late."""

_KEY, _CURRENCY, _RESULT, _MARK = slice(0, 32), slice(32, 35), slice(35, 36), slice(36, 37)
_HEAD, _NUMBER = slice(36), slice(37, None)
"""What `Passage.slot` is put together from."""

_COUNTS = """
SELECT {group} slot, count(*)
FROM {source} WHERE 1 = 1 {conditions}
GROUP BY {by} slot
"""

_AMOUNTS = """
SELECT {group} slot, CAST(coalesce(sum(amount_minor), 0) AS BIGINT)
FROM {source} WHERE 1 = 1 {conditions}
GROUP BY {by} slot
"""

_LOSING = """
SELECT {group} slot, number
FROM {source} WHERE substr(slot, 36, 2) = 'l+' {conditions}
"""

_REASONS = "SELECT number, loss_reason_id FROM deal WHERE outcome = 'lost' AND deleted_at IS NULL"

_LATE = """
SELECT {group} slot, entered_on, count(*)
FROM {source} WHERE entered_on < :tracked_from {conditions}
GROUP BY {by} slot, entered_on
"""

_TRACKED = "SELECT (SELECT min(entered_on) FROM passage), (SELECT min(left_on) FROM passage)"

_OWN = frozenset({"", "owner_id", "entered_on", BOUGHT})
"""What a passage says itself; all else is asked of its deal."""
_JOINED = """(SELECT p.deal_id, p.number, p.slot, p.entered_on, p.owner_id, p.amount_minor, p.buyer,
             d.created_on, {column} AS part
      FROM passage p JOIN deal d ON d.number = p.number) AS passage_of_deal"""


Key = tuple[Value, str]
"""(group, stage)."""


@dataclass(slots=True)
class Tally:
    """First passages through one stage. `results`: letter -> count; days whole.

    `leaving`: days -> how many left after so many, `losing`: those of them that were lost; `staying`:
    days -> how many have waited so long until now; `entering`: days -> how many were that long in the
    stage when the records begin.
    """

    results: Counter[str] = field(default_factory=Counter)
    leaving: Counter[int] = field(default_factory=Counter)
    losing: Counter[int] = field(default_factory=Counter)
    staying: Counter[int] = field(default_factory=Counter)
    entering: Counter[int] = field(default_factory=Counter)

    @property
    def entered(self) -> int:
        """Deals that entered the stage."""
        return self.results.total()

    @property
    def settled(self) -> int:
        """Those that went on, were lost or were postponed."""
        return sum(self.results[letter] for letter in SETTLED)

    def add(self, other: Tally) -> None:
        """Count another's deals too."""
        self.results += other.results
        self.leaving += other.leaving
        self.losing += other.losing
        self.staying += other.staying
        self.entering += other.entering


@dataclass(slots=True)
class Sums:
    """Amounts of the deals that entered one stage, by currency."""

    entered: Counter[str] = field(default_factory=Counter)
    advanced: Counter[str] = field(default_factory=Counter)
    settled: Counter[str] = field(default_factory=Counter)

    def add(self, other: Sums) -> None:
        """Add another's amounts."""
        self.entered += other.entered
        self.advanced += other.advanced
        self.settled += other.settled


def losing(reader: Reader, scope: Scope) -> dict[Key, Counter[int]]:
    """`Tally.losing` alone, by reason of loss: the reason of the deal, which its passages do not know."""
    # Put together here, as each side has a covering index of its own and a join would have neither.
    sql, values = _put(reader, _LOSING, scope, None, "+entered_on")
    reasons = dict(reader.rows(_REASONS))
    found: dict[Key, Counter[int]] = {}
    for _, slot, number in reader.rows(sql, **values):
        key = (reasons.get(number), slot[_KEY])
        found.setdefault(key, Counter())[int(slot[_NUMBER])] += 1
    return found


def tallies(
    reader: Reader, scope: Scope, column: str | None = None, *, day: str = "entered_on"
) -> dict[Key, Tally]:
    """What became of the deals that first entered each stage in the scope's days, and when.

    `day` "created_on": of those created in the days, whenever they entered it.
    """
    found: dict[Key, Tally] = {}
    today = to_day(scope.as_of)
    last: tuple[Value, str] | None = None
    # A store has ten thousand slots, SQLite's in their order: what several begin with is looked at once.
    for group, slot, count in _by_slot(reader, _COUNTS, scope, column, day):
        if last != (group, slot[_HEAD]):
            last, key = (group, slot[_HEAD]), (group, slot[_KEY])
            result, tally = slot[_RESULT], found.get(key) or Tally()
            found[key] = tally
            leaving, losing, staying = tally.leaving, tally.losing, tally.staying
        tally.results[result] += count
        mark = slot[_MARK]
        if mark == "+":
            days = int(slot[_NUMBER])
            leaving[days] = leaving.get(days, 0) + count
            if result == LOST:
                losing[days] = losing.get(days, 0) + count
        elif mark == "@" and result == OPEN:
            days = today - int(slot[_NUMBER])
            if days < 0:
                days = 0
            staying[days] = staying.get(days, 0) + count
    _note_late(reader, scope, column, day, found)
    return found


def sums(reader: Reader, scope: Scope, column: str | None = None) -> dict[Key, Sums]:
    """The amounts of the same deals."""
    found: dict[Key, Sums] = {}
    for group, slot, amount in _by_slot(reader, _AMOUNTS, scope, column, "entered_on"):
        key = (group, slot[_KEY])
        parts = found.get(key)
        if parts is None:
            parts = found[key] = Sums()
        currency, result = slot[_CURRENCY], slot[_RESULT]
        parts.entered[currency] += amount
        if result == ADVANCED:
            parts.advanced[currency] += amount
        if result in SETTLED:
            parts.settled[currency] += amount
    return found


def _by_slot(
    reader: Reader, template: str, scope: Scope, column: str | None, day: str
) -> list[tuple[Any, ...]]:
    """(group, slot, count or amount); a group comes once for each owner where owners lead."""
    # The plus keeps the databases from the index on the day, which would need a sort.
    sql, values = _put(reader, template, scope, column, f"+{day}")
    return reader.rows(sql, **values)


def _put(
    reader: Reader, template: str, scope: Scope, column: str | None, day: str
) -> tuple[str, dict[str, Any]]:
    """With owners the index that begins with them leads, and the groups follow its order."""
    narrowed, values = marked(reader, scope, day, deal_id="deal_id")
    if scope.stage_id is not None:
        narrowed += " AND slot >= :slot AND slot < :end"
        values |= {"slot": scope.stage_id, "end": f"{scope.stage_id}~"}
    lead = column or ("owner_id" if scope.owner_ids is not None else "")
    source, is_asked = "passage", lead not in _OWN
    if is_asked or day.lstrip("+") not in _OWN:
        source = _JOINED.replace("{column}", of_deal(lead, "d") if is_asked else "NULL")
    if is_asked:
        column = lead = "part"
    sql = template.replace("{group}", f"{column or 'NULL'},")
    sql = sql.replace("{by}", f"{lead}," if lead else "")
    return sql.replace("{source}", source).replace("{conditions}", narrowed), values


def _note_late(
    reader: Reader, scope: Scope, column: str | None, day: str, found: dict[Key, Tally]
) -> None:
    """Note who was in a stage for how long when the records begin."""
    begun = tracked_from(reader, scope)
    if begun is None:
        return
    sql, values = _put(reader, _LATE, scope, column, day)
    for group, slot, entered_on, count in reader.rows(sql, tracked_from=begun, **values):
        # "@" with another result than open: left, but nobody knows when.
        if slot[_MARK] == "+" or slot[_RESULT] == OPEN:
            found[group, slot[_KEY]].entering[begun - entered_on] += count


def tracked_from(reader: Reader, scope: Scope) -> int | None:
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
        passages = so_many(late, "passage")
        yield f"{passages} began before the first recorded move: time counts from that day on."
