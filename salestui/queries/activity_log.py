"""The activity log: what was done with whom, newest first, and the totals of what the filter shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from salestui.queries.matching import parameters, word_ranges
from salestui.queries.said import saying
from salestui.store.reader import Reader
from salestui.text.clean import clean
from salestui.text.counts import so_many
from salestui.text.days import Period, from_day, to_day

PAGE = 100

_MOST_TYPED = 200
"""Characters of a text that is sought."""


@dataclass(frozen=True, slots=True)
class Met:
    """A contact met, with the decision role at that time."""

    contact_id: str
    name: str
    decision_role: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that came (`in`) or went (`out`)."""

    name: str
    direction: str
    link: str


@dataclass(frozen=True, slots=True)
class Dealing:
    """An activity as the log and the client card show it. `on_day` is the day done, or due."""

    activity_id: str
    version: int
    kind: str
    direction: str
    state: str
    subject: str
    outcome: str
    notes: str
    on_day: date | None
    minutes: int | None
    client_id: str | None
    client: str | None
    deal_id: str | None
    deal: str | None
    stage: str | None
    rep: str | None
    met: tuple[Met, ...]
    papers: tuple[Paper, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == "planned"


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What the log shows; `None` or an empty text leaves nothing out.

    `state`: "" is what is done and what is due by today, else "done", "planned" or "all".
    """

    rep_id: str | None = None
    kind: str | None = None
    direction: str | None = None
    decision_role: str | None = None
    client_id: str | None = None
    deal_id: str | None = None
    state: str = ""
    period: Period | None = None
    text: str = ""

    @property
    def is_set(self) -> bool:
        """Whether it leaves anything out."""
        return self != LogFilter()


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some lines of the log, `has_more` if others follow."""

    rows: tuple[Dealing, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class LogTotals:
    """Of everything the filter shows: activities done and open, minutes, clients, (kind, count)."""

    done: int
    planned: int
    minutes: int
    clients: int
    by_kind: tuple[tuple[str, int], ...]

    @property
    def words(self) -> str:
        """On one line."""
        hours, minutes = divmod(self.minutes, 60)
        spent = f"{hours} h {minutes:02}" if hours else f"{minutes} min"
        parts = (
            f"{self.done:,} done",
            f"{self.planned:,} to be done" if self.planned else "",
            so_many(self.clients, "client"),
            spent if self.minutes else "",
            ", ".join(f"{count:,} {kind}" for kind, count in self.by_kind),
        )
        return " · ".join(part for part in parts if part)


_OF = "SELECT {columns} FROM activity a WHERE {of} AND a.deleted_at IS NULL AND {conditions}"

_DONE = "a.state = 'done'"
_PLANNED = "a.state = 'planned'"
_OF_STATE = {
    "": (_DONE, f"{_PLANNED} AND a.on_day <= :today"),
    "done": (_DONE,),
    "planned": (_PLANNED,),
    "all": (_DONE, _PLANNED),
}
"""What a filter's `state` shows, state by state: each stands in the index of the log by its days."""

_DATED = ("a.on_day IS NOT NULL", "a.on_day IS NULL")
"""What has no day stands last on both engines, which have it in their indexes at either end."""

_FIRST = "SELECT * FROM ({of} ORDER BY a.on_day DESC, a.id DESC LIMIT :most) AS first{n}"
_SHOWN = "{firsts} ORDER BY {day}, 1 DESC LIMIT :limit OFFSET :skipped"

DEALINGS = """
SELECT 0, shown.on_day, a.id, a.version, a.kind, a.direction, a.state, a.subject, a.outcome,
       a.notes, a.duration_minutes, a.client_id, c.name, a.deal_id, d.title, s.name, r.name
FROM shown JOIN activity a ON a.id = shown.id
LEFT JOIN client c ON c.id = a.client_id
LEFT JOIN deal d ON d.id = a.deal_id
LEFT JOIN stage s ON s.id = a.stage_id
LEFT JOIN rep r ON r.id = a.rep_id
UNION ALL
SELECT 1, 0, x.activity_id, 0, p.name, x.decision_role, x.contact_id, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL
FROM shown JOIN activity_contact x ON x.activity_id = shown.id AND x.deleted_at IS NULL
JOIN contact p ON p.id = x.contact_id
UNION ALL
SELECT 2, 0, x.activity_id, 0, x.name, x.direction, x.link, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL
FROM shown JOIN activity_document x ON x.activity_id = shown.id AND x.deleted_at IS NULL
"""
"""The rows that `dealings_of` reads, of the activities in `shown (id, on_day)`."""

_TOTALS = "a.kind, a.state, count(*), CAST(coalesce(sum(a.duration_minutes), 0) AS BIGINT)"

_CLIENTS = "SELECT count(DISTINCT client_id) FROM ({of}) AS listed"
_ALL_CLIENTS = "SELECT count(*) FROM client c WHERE {any}"
"""The same where nothing narrows the log: the index of clients alone tells."""

_TEXT = """(a.client_id IN (SELECT w.subject_id FROM search_word w
    WHERE w.word >= :word{n} AND w.word < :last{n} AND w.subject = 'client')
  OR a.deal_id IN (SELECT w.subject_id FROM search_word w
    WHERE w.word >= :word{n} AND w.word < :last{n} AND w.subject = 'deal')
  OR EXISTS (SELECT 1 FROM activity_contact x JOIN search_word w ON w.subject_id = x.contact_id
    WHERE x.activity_id = a.id AND x.deleted_at IS NULL
      AND w.word >= :word{n} AND w.word < :last{n}))"""


def load_log(
    reader: Reader, *, filter: LogFilter | None = None, limit: int = PAGE, skipped: int = 0
) -> LogPage:
    """A page of the log, newest first; what lies ahead stands above what is done."""
    wanted = filter or LogFilter()
    conditions, values = _conditions(reader, wanted)
    firsts = (
        _FIRST.replace("{n}", str(n)).replace(
            "{of}", _of(state, "a.id, a.on_day", f"{dated} AND {conditions}")
        )
        for n, (state, dated) in enumerate(product(_OF_STATE[wanted.state], _DATED))
    )
    day = "2 DESC NULLS LAST" if reader.dialect == "postgresql" else "2 DESC"
    shown = _SHOWN.replace("{firsts}", " UNION ALL ".join(firsts)).replace("{day}", day)
    rows = reader.rows(
        f"WITH shown AS ({shown}) {DEALINGS}",
        limit=limit + 1,
        skipped=skipped,
        most=limit + 1 + skipped,
        **values,
    )
    dealings = dealings_of(rows)
    return LogPage(dealings[:limit], has_more=len(dealings) > limit)


def load_version(reader: Reader, *, activity_id: str) -> int | None:
    """The version an activity has now; `None` if it is gone."""
    found: int | None = reader.value(
        "SELECT version FROM activity WHERE id = :activity_id AND deleted_at IS NULL",
        activity_id=activity_id,
    )
    return found


def load_place(reader: Reader, *, activity_id: str) -> tuple[bool, str | None]:
    """Whether an activity is still to be done, and the client it is about."""
    row = reader.row("SELECT state, client_id FROM activity WHERE id = :id", id=activity_id)
    return (False, None) if row is None else (row[0] == "planned", row[1])


def load_log_totals(reader: Reader, *, filter: LogFilter | None = None) -> LogTotals:
    """The totals line of the log."""
    wanted = filter or LogFilter()
    conditions, values = _conditions(reader, wanted)
    states = _OF_STATE[wanted.state]
    counted = (f"{_of(state, _TOTALS, conditions)} GROUP BY a.kind, a.state" for state in states)
    rows = reader.rows(" UNION ALL ".join(counted), **values)
    if replace(wanted, state="") == LogFilter():
        found = (_of(state, "1", "a.client_id = c.id") for state in states)
        clients = reader.value(
            _ALL_CLIENTS.replace("{any}", " OR ".join(f"EXISTS ({each})" for each in found)),
            **values,
        )
    else:
        listed = " UNION ALL ".join(_of(state, "a.client_id", conditions) for state in states)
        clients = reader.value(_CLIENTS.replace("{of}", listed), **values)
    kinds: dict[str, int] = {}
    for kind, state, count, _minutes in rows:
        if state == "done":
            kinds[kind] = kinds.get(kind, 0) + count
    return LogTotals(
        done=sum(kinds.values()),
        planned=sum(row[2] for row in rows if row[1] == "planned"),
        minutes=sum(row[3] for row in rows if row[1] == "done"),
        clients=clients or 0,
        by_kind=tuple(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
    )


def _of(state: str, columns: str, conditions: str) -> str:
    """The activities of a state that fulfil the conditions."""
    pieces = {"{columns}": columns, "{of}": state, "{conditions}": conditions}
    sql = _OF
    for name, piece in pieces.items():
        sql = sql.replace(name, piece)
    return sql


def _conditions(reader: Reader, wanted: LogFilter) -> tuple[str, dict[str, Any]]:
    """Fixed pieces of SQL for what the filter asks, and their parameters."""
    found: list[str] = []
    values: dict[str, Any] = {}
    for name in ("rep_id", "kind", "direction", "client_id", "deal_id"):
        if (value := getattr(wanted, name)) is not None:
            found.append(f"a.{name} = :{name}")
            values[name] = value
    if not wanted.state:
        values["today"] = to_day(reader.today)
    if wanted.decision_role is not None:
        found.append(
            "EXISTS (SELECT 1 FROM activity_contact x WHERE x.activity_id = a.id"
            " AND x.deleted_at IS NULL AND x.decision_role = :role)"
        )
        values["role"] = wanted.decision_role
    if wanted.period is not None and wanted.period.first is not None:
        found.append("a.on_day >= :first")
        values["first"] = to_day(wanted.period.first)
    if wanted.period is not None and wanted.period.last is not None:
        found.append("a.on_day <= :last")
        values["last"] = to_day(wanted.period.last)
    # Foreign text: a PostgreSQL takes no NUL, SQLite no pattern of 50,000 bytes.
    if typed := clean(wanted.text[:_MOST_TYPED]):
        ranges = word_ranges(typed)
        named = " AND ".join(_TEXT.replace("{n}", str(n)) for n in range(len(ranges)))
        # Worded so that no index is led through: most of the table has to be read.
        among = [*found, *([] if wanted.state else ["(a.state = 'done' OR a.on_day <= :today)"])]
        said, sought = saying(reader, typed, " AND ".join(among) or "1 = 1", values)
        found.append(f"({named} OR {said})" if named else said)
        values |= parameters(ranges) | sought
    return " AND ".join(found) or "1 = 1", values


def dealings_of(rows: Sequence[tuple[Any, ...]]) -> tuple[Dealing, ...]:
    """Dealings from rows of `DEALINGS`: activities (0), contacts met (1) and documents (2) of them."""
    met: dict[str, list[Met]] = {}
    papers: dict[str, list[Paper]] = {}
    dealings: list[Dealing] = []
    for what, day, activity_id, version, *fields in rows:
        if what == 0:
            kind, direction, state, subject, outcome, notes, minutes, *about = fields
            said = (state, subject, outcome, notes)
            on_day = None if day is None else from_day(day)
            own = [activity_id, version, kind, direction, *said, on_day, minutes, *about, (), ()]
            dealings.append(Dealing(*own))
        elif what == 1:
            met.setdefault(activity_id, []).append(Met(fields[2], fields[0], fields[1]))
        else:
            papers.setdefault(activity_id, []).append(Paper(*fields[:3]))
    dealings.sort(key=lambda each: (each.on_day or date.min, each.activity_id), reverse=True)
    return tuple(
        replace(
            each,
            met=tuple(met.get(each.activity_id, ())),
            papers=tuple(papers.get(each.activity_id, ())),
        )
        if each.activity_id in met or each.activity_id in papers
        else each
        for each in dealings
    )
