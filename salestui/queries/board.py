"""The deal board: one statement gives the totals over all deals and the cards of each column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from salestui.models.vocabulary import Outcome
from salestui.queries.matching import deals_matching
from salestui.queries.territory import territory_of
from salestui.store.location import POSTGRESQL, SQLITE
from salestui.store.reader import Reader
from salestui.text.days import from_day, parse_period, to_day

CARDS_PER_STAGE = 200
"""Cards loaded of each stage; nobody reads on beyond them."""

NO_NEXT_STEP = "no next step"
PAST_CLOSE = "past its close"


class Card(NamedTuple):
    """A deal as the board shows it. Money in minor units, days whole, `None` where nothing is known."""

    deal_id: str
    number: int
    version: int
    title: str
    client_id: str | None
    client: str | None
    owner_id: str | None
    owner: str | None
    stage_id: str
    amount_minor: int | None
    currency: str
    days_in_stage: int | None
    next_step: str | None
    next_due_on: date | None
    expected_close_on: date | None
    stalled: tuple[str, ...]
    """Why the deal stands still: "12 of 7 days", "no next step", "past its close"; empty if it moves."""


class Total(NamedTuple):
    """Sum of one currency over all the deals of a column, loaded or not.

    `deals` is how many they are, those of unknown amount too.
    """

    currency: str
    amount_minor: int
    weighted_minor: int
    deals: int

    @classmethod
    def of(cls, currency: str, amount_minor: int, deals: int, probability: int) -> Total:
        """The sum weighted by a probability in percent, rounded half up."""
        return cls(currency, amount_minor, (amount_minor * probability + 50) // 100, deals)


@dataclass(frozen=True, slots=True)
class Column:
    """A stage: its totals over all deals that pass the filter, and the first of their cards."""

    stage_id: str
    name: str
    kind: str
    probability: int
    idle_days: int | None
    count: int
    totals: tuple[Total, ...]
    cards: tuple[Card, ...]


class Board(NamedTuple):
    """One pipeline's active deals. `hidden` counts the active deals that the filter leaves out."""

    pipeline_id: str
    pipeline: str
    columns: tuple[Column, ...]
    hidden: int
    today: date


class BoardFilter(NamedTuple):
    """Which deals the board shows. Amounts in minor units of `currency`: others are left out then.

    `whose` is "all", "mine" or "team"; `territory_id` is "" for deals without one; `close_month` is
    YYYY-MM; `text` matches as search does.
    """

    whose: str = "all"
    owner_id: str | None = None
    territory_id: str | None = None
    product_id: str | None = None
    kind: str | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    currency: str | None = None
    close_month: str | None = None
    text: str = ""

    @property
    def is_set(self) -> bool:
        """Whether it leaves anything out."""
        return self._replace(currency=None) != BoardFilter()


_OWN = "d.owner_id = :me"
_TEAM = (
    "d.owner_id IN (SELECT r.id FROM rep r WHERE r.id = :me"
    " OR r.team_id = (SELECT mine.team_id FROM rep mine WHERE mine.id = :me))"
)

_NEXT = """
SELECT id FROM (
    SELECT * FROM (
        SELECT d.id, 0 AS place, d.next_due_on AS due FROM deal d
        WHERE d.pipeline_id = s.pipeline_id AND d.stage_id = s.id AND d.is_active
              AND d.deleted_at IS NULL AND d.next_due_on <= :today AND {passes}
        ORDER BY d.next_due_on, d.id LIMIT :limit) AS due
    UNION ALL SELECT * FROM (
        SELECT d.id, 1, 0 FROM deal d
        WHERE d.pipeline_id = s.pipeline_id AND d.stage_id = s.id AND d.is_active
              AND d.deleted_at IS NULL AND d.next_due_on IS NULL AND {passes}
        ORDER BY d.id LIMIT :limit) AS idle
    UNION ALL SELECT * FROM (
        SELECT d.id, 2, d.next_due_on FROM deal d
        WHERE d.pipeline_id = s.pipeline_id AND d.stage_id = s.id AND d.is_active
              AND d.deleted_at IS NULL AND d.next_due_on > :today AND {passes}
        ORDER BY d.next_due_on, d.id LIMIT :limit) AS later
) AS placed ORDER BY place, due, id LIMIT :limit
"""
"""The first deals of the stage `s`: each part stands in the board's index in its order, so that none
but those that are shown are looked at, however many there are."""

_CARDS = {
    SQLITE: f"stage s JOIN deal d ON d.id IN ({_NEXT})",
    POSTGRESQL: f"stage s CROSS JOIN LATERAL ({_NEXT}) AS first JOIN deal d ON d.id = first.id",
}

_TOTALS = """
SELECT 2, 0, d.stage_id, count(*), count(d.amount_minor), d.currency, NULL, NULL, NULL, NULL, NULL,
       CAST(coalesce(sum(d.amount_minor), 0) AS BIGINT), NULL, NULL, NULL, NULL, NULL, NULL
FROM deal d
WHERE d.pipeline_id = (SELECT id FROM shown_pipeline) AND d.is_active AND d.deleted_at IS NULL
      AND {passes} AND d.currency {is} (SELECT currency FROM shown_pipeline)
GROUP BY d.stage_id, d.currency
"""

# The deals in the pipeline's own currency, mostly all, come out of the index in the order of their
# groups; with other currencies among them all would have to be sorted.
_SQL = """
WITH shown_pipeline AS (
    SELECT id, name, currency FROM pipeline WHERE deleted_at IS NULL
    ORDER BY CASE WHEN id = :pipeline_id THEN 0 ELSE 1 END, position, id LIMIT 1
)
SELECT 3 AS what,
       CASE WHEN d.next_due_on <= :today THEN 0 WHEN d.next_due_on IS NULL THEN 1 ELSE 2 END AS place,
       d.id, d.number, d.version, d.title, d.client_id, c.name,
       d.owner_id, r.name, d.stage_id, d.amount_minor, d.currency, d.stage_since_on,
       coalesce(nullif(t.subject, ''), t.kind), d.next_due_on, d.expected_close_on, d.outcome
FROM {cards}
LEFT JOIN client c ON c.id = d.client_id
LEFT JOIN rep r ON r.id = d.owner_id
LEFT JOIN activity t ON t.id = d.next_task_id
WHERE s.pipeline_id = (SELECT id FROM shown_pipeline) AND s.deleted_at IS NULL
UNION ALL {own}
UNION ALL {other}
UNION ALL
SELECT 1, s.position, s.id, s.probability, s.idle_days, s.name, s.kind, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM stage s WHERE s.pipeline_id = (SELECT id FROM shown_pipeline) AND s.deleted_at IS NULL
UNION ALL
SELECT 0, 0, p.id, {all}, NULL, p.name, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM shown_pipeline p
ORDER BY 1, 2, 16, 3
"""

_ALL = """
(SELECT count(*) FROM deal d WHERE d.pipeline_id = p.id AND d.is_active AND d.deleted_at IS NULL)
"""


def load_board(
    reader: Reader,
    *,
    pipeline_id: str | None = None,
    filter: BoardFilter | None = None,
    most: int = CARDS_PER_STAGE,
) -> Board | None:
    """The board of a pipeline, the first one by default; `None` where there is no pipeline yet.

    `most` is how many deals of a stage are loaded.
    """
    conditions, parameters = _conditions(reader, filter or BoardFilter())
    rows = reader.rows(
        _sql(reader.dialect, conditions),
        pipeline_id=pipeline_id or "",
        today=to_day(reader.today),
        limit=most,
        **parameters,
    )
    parts = {what: list(group) for what, group in groupby(rows, key=lambda row: row[0])}
    if 0 not in parts:
        return None
    head, totals = parts[0][0], parts.get(2, [])
    hidden = head[3] - sum(total[3] for total in totals) if conditions else 0
    columns = _columns(parts.get(1, []), totals, parts.get(3, []), reader.today)
    return Board(head[2], head[5], columns, hidden, reader.today)


def _sql(dialect: str, conditions: Sequence[str]) -> str:
    """The statement: its columns say what a row is (3 card, 2 total, 1 stage, 0 the board) and where."""
    pieces = {
        "{cards}": _CARDS[dialect],
        "{own}": _TOTALS.replace("{is}", "="),
        "{other}": _TOTALS.replace("{is}", "<>"),
        "{all}": _ALL if conditions else "0",
        "{passes}": f"({' AND '.join(conditions) or '1 = 1'})",
    }
    sql = _SQL
    for name, piece in pieces.items():
        sql = sql.replace(name, piece)
    return sql


def _conditions(reader: Reader, wanted: BoardFilter) -> tuple[list[str], dict[str, Any]]:
    """Fixed pieces of SQL for what the filter asks, and their parameters."""
    found: list[str] = []
    values: dict[str, Any] = {}
    if wanted.whose in ("mine", "team"):
        found.append(_OWN if wanted.whose == "mine" else _TEAM)
        values["me"] = reader.actor_id or ""
    for name, sql in (
        ("owner_id", "d.owner_id = :owner_id"),
        ("territory_id", f"coalesce({territory_of('d.')}, '') = :territory_id"),
        ("product_id", "d.product_id = :product_id"),
        ("kind", "d.kind = :kind"),
        ("amount_from", "d.amount_minor >= :amount_from"),
        ("amount_to", "d.amount_minor <= :amount_to"),
    ):
        if (value := getattr(wanted, name)) is not None:
            found.append(sql)
            values[name] = value
    if wanted.currency and (wanted.amount_from is not None or wanted.amount_to is not None):
        found.append("d.currency = :currency")
        values["currency"] = wanted.currency
    if wanted.close_month:
        month = parse_period(wanted.close_month, reader.today)
        if month.first is not None and month.last is not None:
            found.append("d.expected_close_on BETWEEN :close_first AND :close_last")
            values |= {"close_first": to_day(month.first), "close_last": to_day(month.last)}
    if wanted.text:
        text, words = deals_matching(wanted.text)
        found.append(text)
        values |= words
    return found, values


def _columns(
    stages: Iterable[tuple[Any, ...]],
    totals: list[tuple[Any, ...]],
    cards: list[tuple[Any, ...]],
    today: date,
) -> tuple[Column, ...]:
    listed = list(stages)
    idle = {row[2]: row[4] for row in listed}
    cards_of: dict[str, list[Card]] = {row[2]: [] for row in listed}
    for row in cards:
        if row[10] in cards_of:
            cards_of[row[10]].append(_card(row, idle[row[10]], today))
    return tuple(
        Column(
            stage_id=row[2],
            name=row[5],
            kind=row[6],
            probability=row[3],
            idle_days=row[4],
            count=sum(total[3] for total in totals if total[2] == row[2]),
            totals=tuple(_totals(totals, row[2], row[3])),
            cards=tuple(cards_of[row[2]]),
        )
        for row in listed
    )


def _totals(totals: list[tuple[Any, ...]], stage_id: str, probability: int) -> Iterator[Total]:
    """The largest sum first; a currency of which no amount is known has no line."""
    own = [row for row in totals if row[2] == stage_id and row[4]]
    for row in sorted(own, key=lambda row: (-row[11], row[5])):
        yield Total.of(row[5], row[11], row[3], probability)


def _card(row: tuple[Any, ...], idle_days: int | None, today: date) -> Card:
    since, due, close = row[13], row[15], row[16]
    days = None if since is None else max(0, to_day(today) - since)
    close_on = None if close is None else from_day(close)
    return Card(
        deal_id=row[2],
        number=row[3],
        version=row[4],
        title=row[5],
        client_id=row[6],
        client=row[7],
        owner_id=row[8],
        owner=row[9],
        stage_id=row[10],
        amount_minor=row[11],
        currency=row[12],
        days_in_stage=days,
        next_step=row[14],
        next_due_on=None if due is None else from_day(due),
        expected_close_on=close_on,
        stalled=stalled(
            days=days,
            idle_days=idle_days,
            has_step=row[14] is not None,
            expected_close_on=close_on if row[17] == Outcome.OPEN else None,
            today=today,
        ),
    )


def stalled(
    *,
    days: int | None,
    idle_days: int | None,
    has_step: bool,
    expected_close_on: date | None,
    today: date,
) -> tuple[str, ...]:
    """Why a deal stands still, in words; empty if it moves."""
    reasons = []
    if days is not None and idle_days is not None and days > idle_days:
        reasons.append(f"{days} of {idle_days} days")
    if not has_step:
        reasons.append(NO_NEXT_STEP)
    if expected_close_on is not None and expected_close_on < today:
        reasons.append(PAST_CLOSE)
    return tuple(reasons)
