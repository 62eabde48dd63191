"""What a team plans: quotas, bonus plans and who is paid by them, costs, forecast calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from salestui.models.vocabulary import MANAGING
from salestui.store.reader import Reader
from salestui.text import Period, from_day, from_micros, to_day

EVERYBODY = "everybody"
"""Whose a row is that names no rep and no team."""


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """A quota; `amount_minor` of revenue and margin, `deals` of a count."""

    id: str
    version: int
    rep_id: str | None
    team_id: str | None
    whose: str
    first_on: date
    last_on: date
    measure: str
    amount_minor: int | None
    deals: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class TierLine:
    """What a plan pays from an attainment of `from_bp` on; see `models.plans.BonusTier`."""

    id: str
    plan_id: str
    from_bp: int
    fixed_minor: int
    rate_bp: int
    per_deal_minor: int
    version: int = 1


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A bonus plan with its tiers, lowest first, and how many reps have been granted it."""

    id: str
    version: int
    name: str
    measure: str
    span: str
    currency: str
    tiers: tuple[TierLine, ...]
    granted: int


@dataclass(frozen=True, slots=True)
class GrantLine:
    """The plan that a rep is paid by from `first_on` to `last_on`; `None`: until further notice."""

    id: str
    plan_id: str
    plan: str
    rep_id: str
    rep: str
    first_on: date
    last_on: date | None
    version: int = 1


@dataclass(frozen=True, slots=True)
class CostLine:
    """A cost: of an hour if `kind` is hourly, else of all its days."""

    id: str
    version: int
    kind: str
    rep_id: str | None
    team_id: str | None
    whose: str
    first_on: date
    last_on: date
    amount_minor: int
    currency: str
    notes: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """What somebody said on `said_at` would be won in a period; `is_latest` of its side and subject."""

    id: str
    side: str
    rep_id: str | None
    team_id: str | None
    whose: str
    author: str
    first_on: date
    last_on: date
    commit_minor: int | None
    best_minor: int | None
    currency: str
    notes: str
    said_at: datetime
    is_latest: bool


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A team, or a rep, whom a quota, a cost or a call may be about; `is_there`: has not left."""

    id: str
    name: str
    is_team: bool
    is_there: bool

    @property
    def keys(self) -> tuple[str | None, str | None]:
        """The rep, or the team, whose something is."""
        return (None, self.id) if self.is_team else (self.id, None)


_WHOSE = f"coalesce(r.name, t.name, '{EVERYBODY}')"
_JOINED = "LEFT JOIN rep r ON r.id = x.rep_id LEFT JOIN team t ON t.id = x.team_id"
_WITHIN = "x.deleted_at IS NULL AND x.last_on >= :first AND x.first_on <= :last"
_WITHIN_THEN = (
    "(x.deleted_at IS NULL OR x.deleted_at > :until) AND x.created_at <= :until"
    " AND x.last_on >= :first AND x.first_on <= :last"
)
_END_OF_TIME = 2**62
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)
_ANY_PERIOD = Period(None, None, "all")


def quotas(reader: Reader, period: Period = _ANY_PERIOD) -> list[QuotaLine]:
    """The quotas that touch the period, the latest period first, everybody's before the teams'."""
    rows = reader.rows(
        f"SELECT x.id, x.version, x.rep_id, x.team_id, {_WHOSE}, x.first_on, x.last_on, x.measure,"  # noqa: S608
        f" x.amount_minor, x.deals, x.currency FROM quota x {_JOINED}"
        f" WHERE {_WITHIN}"
        " ORDER BY x.first_on DESC, x.last_on, CASE WHEN x.rep_id IS NOT NULL THEN 2"
        " WHEN x.team_id IS NOT NULL THEN 1 ELSE 0 END, r.name, t.name, x.measure, x.id",
        **_bounds(period),
    )
    return [QuotaLine(*[*r[:5], from_day(r[5]), from_day(r[6]), *r[7:]]) for r in rows]


def bonus_plans(reader: Reader) -> list[PlanLine]:
    """The plans by name."""
    tiers: dict[str, list[TierLine]] = {}
    for row in reader.rows(
        "SELECT id, plan_id, from_bp, fixed_minor, rate_bp, per_deal_minor, version FROM bonus_tier"
        " WHERE deleted_at IS NULL ORDER BY plan_id, from_bp, id"
    ):
        tiers.setdefault(row[1], []).append(TierLine(*row))
    rows = reader.rows(
        "SELECT p.id, p.version, p.name, p.measure, p.span, p.currency,"
        " (SELECT count(DISTINCT g.rep_id) FROM bonus_grant g WHERE g.plan_id = p.id"
        "  AND g.deleted_at IS NULL)"
        " FROM bonus_plan p WHERE p.deleted_at IS NULL ORDER BY p.name, p.id"
    )
    return [PlanLine(*[*row[:6], tuple(tiers.get(row[0], ())), row[6]]) for row in rows]


def bonus_grants(reader: Reader) -> list[GrantLine]:
    """Who is paid by which plan, by name of the rep, the latest first."""
    rows = reader.rows(
        "SELECT g.id, p.id, p.name, r.id, r.name, g.first_on, g.last_on, g.version FROM bonus_grant g"
        " JOIN bonus_plan p ON p.id = g.plan_id JOIN rep r ON r.id = g.rep_id"
        " WHERE g.deleted_at IS NULL AND p.deleted_at IS NULL AND r.deleted_at IS NULL"
        " ORDER BY r.name, r.id, g.first_on DESC, g.id"
    )
    return [GrantLine(*[*r[:5], from_day(r[5]), _date(r[6]), r[7]]) for r in rows]


def costs(reader: Reader, period: Period = _ANY_PERIOD) -> list[CostLine]:
    """The costs that touch the period, the latest first."""
    rows = reader.rows(
        f"SELECT x.id, x.version, x.kind, x.rep_id, x.team_id, {_WHOSE}, x.first_on, x.last_on,"  # noqa: S608
        f" x.amount_minor, x.currency, x.notes FROM cost x {_JOINED}"
        f" WHERE {_WITHIN}"
        " ORDER BY x.first_on DESC, x.kind, r.name, t.name, x.id",
        **_bounds(period),
    )
    return [CostLine(*[*r[:6], from_day(r[6]), from_day(r[7]), *r[8:]]) for r in rows]


def calls(
    reader: Reader, period: Period = _ANY_PERIOD, *, until: int | None = None
) -> list[CallLine]:
    """Everything said about periods that touch this one, the latest first.

    `until`, in microseconds, leaves out what was said later and keeps what was taken back later.
    """
    moment = _END_OF_TIME if until is None else until
    rows = reader.rows(
        f"SELECT x.id, x.side, x.rep_id, x.team_id, {_WHOSE}, coalesce(a.name, ''), x.first_on,"  # noqa: S608
        " x.last_on, x.commit_minor, x.best_minor, x.currency, x.notes, x.created_at"
        f" FROM forecast_call x {_JOINED} LEFT JOIN rep a ON a.id = x.author_id"
        f" WHERE {_WITHIN_THEN} ORDER BY x.created_at DESC, x.id DESC",
        until=moment,
        **_bounds(period),
    )
    return list(_marked(rows))


def _marked(rows: Iterable[tuple[Any, ...]]) -> Iterator[CallLine]:
    """The first of each side, subject, period and currency is the latest: it counts."""
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        about = (*row[1:4], row[6], row[7], row[10])
        first, last, said = from_day(row[6]), from_day(row[7]), from_micros(row[12])
        yield CallLine(*[*row[:6], first, last, *row[8:12], said, about not in seen])
        seen.add(about)


def _bounds(period: Period) -> dict[str, int]:
    return {"first": to_day(period.first or _FIRST), "last": to_day(period.last or _LAST)}


def _date(day: int | None) -> date | None:
    return None if day is None else from_day(day)


def subjects(reader: Reader) -> list[SubjectLine]:
    """The teams by name, then the reps by name, those who left last."""
    rows = reader.rows(
        "SELECT id, name, 1, 0 FROM team WHERE deleted_at IS NULL UNION ALL"
        " SELECT id, name, 0, CASE WHEN left_on IS NULL THEN 0 ELSE 1 END FROM rep"
        " WHERE deleted_at IS NULL ORDER BY 3 DESC, 4, 2, 1"
    )
    return [SubjectLine(row[0], row[1], bool(row[2]), not row[3]) for row in rows]


def may_adjust(reader: Reader) -> bool:
    """Whether who works may: a manager, or where nobody knows who it is."""
    role = reader.value("SELECT role FROM rep WHERE id = :id", id=reader.actor_id or "")
    return role is None or role in MANAGING


def usual_currency(reader: Reader) -> str:
    """The currency of the first pipeline, in which quotas and costs are given unless said otherwise."""
    found: str | None = reader.value(
        "SELECT currency FROM pipeline WHERE deleted_at IS NULL ORDER BY position, id LIMIT 1"
    )
    return found or "EUR"
