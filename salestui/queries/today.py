"""A rep's day: what is overdue, what is due, and the deals that nobody is moving."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from salestui.store.reader import Reader
from salestui.text.days import from_day, to_day

MOST = 200
"""Lines of each part that are loaded; the counts are of all."""


class Task(NamedTuple):
    """A planned activity. `rep` is whose it is; a team task belongs to everybody until it is done."""

    activity_id: str
    version: int
    kind: str
    subject: str
    due_on: date
    client_id: str | None
    client: str | None
    deal_id: str | None
    deal: str | None
    stage: str | None
    rep: str | None
    is_team_task: bool


class QuietDeal(NamedTuple):
    """A deal on the board that wants attention. Money in minor units."""

    deal_id: str
    version: int
    number: int
    title: str
    client_id: str | None
    client: str | None
    stage: str
    owner: str | None
    amount_minor: int | None
    currency: str
    days_in_stage: int | None
    expected_close_on: date | None
    has_next_step: bool


class Today(NamedTuple):
    """The lists of a day, each with the number of all its lines. `rep` is `None` for everybody's.

    `coming`: the tasks of the seven days after.
    """

    day: date
    rep: str | None
    overdue: tuple[Task, ...]
    due: tuple[Task, ...]
    without_step: tuple[QuietDeal, ...]
    past_close: tuple[QuietDeal, ...]
    overdue_count: int
    due_count: int
    without_step_count: int
    past_close_count: int
    coming: tuple[Task, ...] = ()
    coming_count: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.overdue_count or self.due_count) and not (
            self.without_step_count or self.past_close_count
        )


_TASKS = """
SELECT a.id, a.version, a.kind, a.subject, a.on_day, a.client_id, c.name, a.deal_id, d.title,
       s.name, r.name, a.is_team_task, count(*) OVER ()
FROM activity a
LEFT JOIN client c ON c.id = a.client_id
LEFT JOIN deal d ON d.id = a.deal_id
LEFT JOIN stage s ON s.id = d.stage_id
LEFT JOIN rep r ON r.id = a.rep_id
WHERE a.state = 'planned' AND a.deleted_at IS NULL AND {when} AND {whose}
ORDER BY a.on_day, a.id LIMIT :most
"""

_DEALS = """
SELECT d.id, d.version, d.number, d.title, d.client_id, c.name, s.name, r.name, d.amount_minor,
       d.currency, d.stage_since_on, d.expected_close_on, d.next_task_id, count(*) OVER ()
FROM deal d
JOIN stage s ON s.id = d.stage_id
LEFT JOIN client c ON c.id = d.client_id
LEFT JOIN rep r ON r.id = d.owner_id
WHERE d.is_active AND d.deleted_at IS NULL AND {what} AND {whose}
ORDER BY {order}, d.id LIMIT :most
"""

_WITHOUT_STEP = ("d.next_task_id IS NULL", "coalesce(d.amount_minor, 0) DESC")
_PAST_CLOSE = ("d.outcome = 'open' AND d.expected_close_on < :today", "d.expected_close_on")


def load_today(
    reader: Reader, *, rep_id: str | None = None, is_everyone: bool = False, most: int = MOST
) -> Today:
    """The day of a rep: oneself by default, everybody's if asked or if nobody knows who one is."""
    whose = None if is_everyone else rep_id or reader.actor_id
    rep = None if whose is None else reader.value("SELECT name FROM rep WHERE id = :id", id=whose)
    overdue, overdue_count = _tasks(reader, "a.on_day < :today", whose, most)
    due, due_count = _tasks(reader, "a.on_day = :today", whose, most)
    coming, coming_count = _tasks(reader, "a.on_day BETWEEN :today + 1 AND :today + 7", whose, most)
    without_step, without_count = _deals(reader, _WITHOUT_STEP, whose, most)
    past_close, past_count = _deals(reader, _PAST_CLOSE, whose, most)
    return Today(
        day=reader.today,
        rep=rep,
        overdue=overdue,
        due=due,
        without_step=without_step,
        past_close=past_close,
        overdue_count=overdue_count,
        due_count=due_count,
        without_step_count=without_count,
        past_close_count=past_count,
        coming=coming,
        coming_count=coming_count,
    )


def _tasks(
    reader: Reader, when: str, rep_id: str | None, most: int
) -> tuple[tuple[Task, ...], int]:
    values: dict[str, Any] = {"today": to_day(reader.today), "most": most}
    whose = "1 = 1"
    if rep_id is not None:
        whose, values["rep_id"] = "(a.rep_id = :rep_id OR a.is_team_task)", rep_id
    rows = reader.rows(_TASKS.replace("{when}", when).replace("{whose}", whose), **values)
    tasks = tuple(Task(*[*row[:4], from_day(row[4]), *row[5:11], bool(row[11])]) for row in rows)
    return tasks, rows[0][12] if rows else 0


def _deals(
    reader: Reader, part: tuple[str, str], rep_id: str | None, most: int
) -> tuple[tuple[QuietDeal, ...], int]:
    what, order = part
    values: dict[str, Any] = {"most": most}
    if ":today" in what:
        values["today"] = to_day(reader.today)
    whose = "1 = 1"
    if rep_id is not None:
        whose, values["rep_id"] = "d.owner_id = :rep_id", rep_id
    sql = _DEALS.replace("{what}", what).replace("{whose}", whose).replace("{order}", order)
    rows = reader.rows(sql, **values)
    return tuple(_deal(row, reader.today) for row in rows), rows[0][13] if rows else 0


def _deal(row: tuple[Any, ...], today: date) -> QuietDeal:
    since, close, task = row[10:13]
    days_in_stage = None if since is None else max(0, to_day(today) - since)
    close_on = None if close is None else from_day(close)
    return QuietDeal(*[*row[:10], days_in_stage, close_on, task is not None])
