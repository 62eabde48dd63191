"""What a team has set up: its people, its sales cycles, and the lists that deals refer to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from salestui.store.reader import Reader
from salestui.text import from_day


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team, its managers by name, and how many reps work in it."""

    id: str
    name: str
    office: str
    managers: str
    reps: int
    version: int


@dataclass(frozen=True, slots=True)
class TerritoryLine:
    """A territory, how many clients lie in it and how many reps, those gone too, are at home there."""

    id: str
    name: str
    notes: str
    clients: int
    reps: int
    version: int


@dataclass(frozen=True, slots=True)
class RepLine:
    """A rep; `deals` and `clients` count the active ones that are theirs."""

    id: str
    version: int
    name: str
    role: str
    team_id: str | None
    team: str | None
    territory_id: str | None
    territory: str | None
    login: str
    email: str
    started_on: date | None
    left_on: date | None
    deals: int
    clients: int


@dataclass(frozen=True, slots=True)
class PipelineLine:
    """A pipeline with the number of its stages and of its active deals."""

    id: str
    name: str
    currency: str
    stages: int
    deals: int
    version: int


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage; `probability` in percent, `idle_days` `None` without a limit."""

    id: str
    pipeline: str
    position: int
    name: str
    kind: str
    probability: int
    idle_days: int | None
    deals: int
    pipeline_id: str
    version: int


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product with list price and cost in minor units, `None` where not set."""

    id: str
    name: str
    series: str
    price_minor: int | None
    cost_minor: int | None
    currency: str
    version: int


@dataclass(frozen=True, slots=True)
class CompetitorLine:
    """A competitor, its products by name, and how many deals were lost to it."""

    id: str
    name: str
    website: str
    notes: str
    products: str
    lost_deals: int
    version: int


@dataclass(frozen=True, slots=True)
class CompetitorProductLine:
    """A competitor's product; `against` is ours that it is sold against."""

    id: str
    name: str
    competitor_id: str
    product_id: str | None
    against: str | None
    version: int


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A loss reason or an activity kind and how often it is used."""

    id: str
    name: str
    used: int
    version: int


def teams(reader: Reader) -> list[TeamLine]:
    """All teams by name."""
    managers = _joined(reader, "rep", "team_id", "AND role = 'manager'")
    rows = reader.rows(
        "SELECT t.id, t.name, t.office, (SELECT count(*) FROM rep r WHERE r.team_id = t.id"
        " AND r.deleted_at IS NULL AND r.left_on IS NULL), t.version"
        " FROM team t WHERE t.deleted_at IS NULL ORDER BY t.name, t.id"
    )
    return [TeamLine(r[0], r[1], r[2], managers.get(r[0], ""), r[3], r[4]) for r in rows]


def territories(reader: Reader) -> list[TerritoryLine]:
    """All territories by name."""
    rows = reader.rows(
        "SELECT x.id, x.name, x.notes, (SELECT count(*) FROM client c WHERE c.territory_id = x.id"
        " AND c.deleted_at IS NULL), (SELECT count(*) FROM rep r WHERE r.territory_id = x.id"
        " AND r.deleted_at IS NULL), x.version"
        " FROM territory x WHERE x.deleted_at IS NULL ORDER BY x.name, x.id"
    )
    return [TerritoryLine(*row) for row in rows]


def reps(reader: Reader) -> list[RepLine]:
    """All reps by name, those who left too."""
    rows = reader.rows(
        "SELECT r.id, r.version, r.name, r.role, t.id, t.name, x.id, x.name, r.login, r.email,"
        " r.started_on, r.left_on,"
        " (SELECT count(*) FROM deal d WHERE d.owner_id = r.id AND d.is_active AND d.deleted_at IS NULL),"
        " (SELECT count(*) FROM client c WHERE c.owner_id = r.id AND c.deleted_at IS NULL)"
        " FROM rep r LEFT JOIN team t ON t.id = r.team_id LEFT JOIN territory x ON x.id = r.territory_id"
        " WHERE r.deleted_at IS NULL ORDER BY r.name, r.id"
    )
    return [RepLine(*[*r[:10], _date(r[10]), _date(r[11]), *r[12:]]) for r in rows]


def pipelines(reader: Reader) -> list[PipelineLine]:
    """All pipelines in their order."""
    rows = reader.rows(
        "SELECT p.id, p.name, p.currency,"
        " (SELECT count(*) FROM stage s WHERE s.pipeline_id = p.id AND s.deleted_at IS NULL),"
        " (SELECT count(*) FROM deal d WHERE d.pipeline_id = p.id AND d.is_active"
        "  AND d.deleted_at IS NULL), p.version"
        " FROM pipeline p WHERE p.deleted_at IS NULL ORDER BY p.position, p.id"
    )
    return [PipelineLine(*row) for row in rows]


def stages(reader: Reader, *, pipeline_id: str | None = None) -> list[StageLine]:
    """The stages of one pipeline, or of all, in their order."""
    rows = reader.rows(
        "SELECT s.id, p.name, s.position, s.name, s.kind, s.probability, s.idle_days,"
        " (SELECT count(*) FROM deal d WHERE d.pipeline_id = p.id AND d.stage_id = s.id"
        "  AND d.is_active AND d.deleted_at IS NULL), s.pipeline_id, s.version"
        " FROM stage s JOIN pipeline p ON p.id = s.pipeline_id"
        " WHERE s.deleted_at IS NULL AND p.deleted_at IS NULL"
        " AND (p.id = :pipeline_id OR :is_all)"
        " ORDER BY p.position, p.id, s.position, s.id",
        pipeline_id=pipeline_id or "",
        is_all=pipeline_id is None,
    )
    return [StageLine(*row) for row in rows]


def products(reader: Reader) -> list[ProductLine]:
    """All products by name."""
    rows = reader.rows(
        "SELECT id, name, series, price_minor, cost_minor, currency, version FROM product"
        " WHERE deleted_at IS NULL ORDER BY name, id"
    )
    return [ProductLine(*row) for row in rows]


def competitors(reader: Reader) -> list[CompetitorLine]:
    """All competitors by name."""
    theirs = _joined(reader, "competitor_product", "competitor_id")
    rows = reader.rows(
        "SELECT c.id, c.name, c.website, c.notes, (SELECT count(*) FROM deal d"
        " WHERE d.competitor_id = c.id AND d.outcome = 'lost' AND d.deleted_at IS NULL), c.version"
        " FROM competitor c WHERE c.deleted_at IS NULL ORDER BY c.name, c.id"
    )
    return [CompetitorLine(r[0], r[1], r[2], r[3], theirs.get(r[0], ""), r[4], r[5]) for r in rows]


def competitor_products(
    reader: Reader, *, competitor_id: str | None = None
) -> list[CompetitorProductLine]:
    """The products of one competitor, or of all, by name."""
    rows = reader.rows(
        "SELECT x.id, x.name, x.competitor_id, p.id, p.name, x.version"
        " FROM competitor_product x JOIN competitor c ON c.id = x.competitor_id"
        " LEFT JOIN product p ON p.id = x.product_id AND p.deleted_at IS NULL"
        " WHERE x.deleted_at IS NULL AND c.deleted_at IS NULL"
        " AND (c.id = :competitor_id OR :is_all) ORDER BY c.name, c.id, x.name, x.id",
        competitor_id=competitor_id or "",
        is_all=competitor_id is None,
    )
    return [CompetitorProductLine(*row) for row in rows]


def loss_reasons(reader: Reader) -> list[EntryLine]:
    """All loss reasons in their order."""
    rows = reader.rows(
        "SELECT l.id, l.name, (SELECT count(*) FROM deal d WHERE d.loss_reason_id = l.id"
        " AND d.deleted_at IS NULL), l.version"
        " FROM loss_reason l WHERE l.deleted_at IS NULL ORDER BY l.position, l.id"
    )
    return [EntryLine(*row) for row in rows]


def activity_kinds(reader: Reader) -> list[EntryLine]:
    """All kinds of activity in their order."""
    rows = reader.rows(
        "SELECT k.id, k.name, (SELECT count(*) FROM activity a WHERE a.kind = k.name"
        " AND a.deleted_at IS NULL), k.version"
        " FROM activity_kind k WHERE k.deleted_at IS NULL ORDER BY k.position, k.id"
    )
    return [EntryLine(*row) for row in rows]


def version_of(reader: Reader, *, what: str, row_id: str) -> int | None:
    """The version a row has now; `what` is its table in words, such as "loss reason"."""
    table = what.replace(" ", "_")
    if table not in _VERSIONED:
        raise ValueError(f"no list of {what!r}")
    found: int | None = reader.value(
        f"SELECT version FROM {table} WHERE id = :row_id AND deleted_at IS NULL",  # noqa: S608
        row_id=row_id,
    )
    return found


_VERSIONED = frozenset(
    {
        "pipeline", "stage", "rep", "team", "product", "competitor", "competitor_product",
        "loss_reason", "activity_kind", "territory", "quota", "bonus_plan", "bonus_tier", "bonus_grant",
        "cost",
    }
)  # fmt: skip


def _joined(reader: Reader, table: str, key: str, only: str = "") -> dict[str, str]:
    """Names of the rows of a (small) table, joined by comma, by what `key` refers to."""
    found: dict[str, list[str]] = {}
    for owner, name in reader.rows(
        f"SELECT {key}, name FROM {table}"  # noqa: S608
        f" WHERE deleted_at IS NULL AND {key} IS NOT NULL {only} ORDER BY name, id"
    ):
        found.setdefault(owner, []).append(name)
    return {owner: ", ".join(names) for owner, names in found.items()}


def _date(day: int | None) -> date | None:
    return None if day is None else from_day(day)
