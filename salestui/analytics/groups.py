"""What a report can be given by and narrowed to: rep, product, month … A column, folded and named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from salestui.analytics.past_people import people_on
from salestui.errors import Refused
from salestui.models.vocabulary import DealKind
from salestui.queries.territory import territory_of
from salestui.store.reader import Reader
from salestui.text import from_day, inert

Label = tuple[str, str]
"""(what it is one by, what it is called): two clients of one name stay two."""


@dataclass(frozen=True, slots=True)
class Group:
    """`column` of the table counted. `names` reads value -> label; `bucket` words a day.

    Groups of time have no column of their own: each report goes by another day. `column` may be an
    expression over the columns of a deal; `values` are all that it can have, where that is settled.
    `empty` reads labels that nothing need have: a team before its first rep. If `is_whole`, whatever the
    column says has a label, and only what says nothing has none.
    """

    key: str
    label: str
    column: str
    missing: str
    names: Callable[[Reader], Mapping[str, Label]] | None = None
    bucket: Callable[[int], str] | None = None
    values: tuple[str, ...] = ()
    empty: Callable[[Reader], Mapping[str, Label]] | None = None
    is_whole: bool = False

    @property
    def is_time(self) -> bool:
        """Whether its values follow one another."""
        return self.bucket is not None

    def column_for(self, day: str) -> str:
        """The column to count by, where the report goes by the column `day`."""
        return day if self.is_time else self.column


def _named(sql: str) -> Callable[[Reader], Mapping[str, Label]]:
    return lambda reader: {row[0]: (row[1], row[2]) for row in reader.rows(sql)}


def _month(day: int) -> str:
    return from_day(day).isoformat()[:7]


def _quarter(day: int) -> str:
    when = from_day(day)
    return f"{when.year}-Q{(when.month + 2) // 3}"


def _week(day: int) -> str:
    year, week, _ = from_day(day).isocalendar()
    return f"{year}-W{week:02}"


def _year(day: int) -> str:
    return str(from_day(day).year)


BOUGHT = "buyer"
"""Whether the client of a deal had bought before the deal was created; empty where nobody knows. Deals
and passages have it both."""

TERRITORY = territory_of("")
"""Where a deal lies as clients and reps lie today."""

SIZES = (
    (10, "under 10"),
    (50, "10-49"),
    (250, "50-249"),
    (1000, "250-999"),
)
"""People employed below which a client is of a size; the first three as in the EU's recommendation
2003/361/EC on small and medium enterprises."""
_MOST = "1000 and more"
_CASES = " ".join(f"WHEN headcount < {below} THEN '{size}'" for below, size in SIZES)
_SIZED = f"""SELECT id, size, size FROM (
    SELECT id, CASE {_CASES} ELSE '{_MOST}' END AS size FROM client WHERE headcount IS NOT NULL
) AS sized"""  # noqa: S608 (constants of this module)
_OWNERS = "SELECT id, id, name FROM rep"
_TEAMS = "SELECT r.id, t.id, t.name FROM rep r JOIN team t ON t.id = r.team_id"
_OFFICES = "SELECT r.id, t.office, t.office FROM rep r JOIN team t ON t.id = r.team_id WHERE t.office <> ''"
_ALL_TEAMS = "SELECT id, id, name FROM team WHERE deleted_at IS NULL"
_ALL_OFFICES = "SELECT id, office, office FROM team WHERE deleted_at IS NULL AND office <> ''"
_LISTED = (
    Group("rep", "Rep", "owner_id", "nobody", _named(_OWNERS)),
    Group("team", "Team", "owner_id", "no team", _named(_TEAMS), empty=_named(_ALL_TEAMS)),
    Group(
        "office", "Office", "owner_id", "no office", _named(_OFFICES), empty=_named(_ALL_OFFICES)
    ),
    Group(
        "pipeline",
        "Pipeline",
        "stage_id",
        "no pipeline",
        _named("SELECT s.id, p.id, p.name FROM stage s JOIN pipeline p ON p.id = s.pipeline_id"),
    ),
    Group("stage", "Stage", "stage_id", "no stage", _named("SELECT id, id, name FROM stage")),
    Group(
        "product",
        "Product",
        "product_id",
        "no product",
        _named("SELECT id, id, name FROM product"),
        is_whole=True,
    ),
    Group(
        "client",
        "Client",
        "client_id",
        "no client",
        _named("SELECT id, id, name FROM client"),
        is_whole=True,
    ),
    Group(
        "territory",
        "Territory",
        TERRITORY,
        "no territory",
        _named("SELECT id, id, name FROM territory WHERE deleted_at IS NULL"),
    ),
    Group(
        "sector",
        "Sector",
        "client_id",
        "not said",
        _named("SELECT id, sector, sector FROM client WHERE sector <> ''"),
    ),
    Group(
        "size",
        "Client size",
        "client_id",
        "not said",
        _named(_SIZED),
        values=(*(size for _, size in SIZES), _MOST),
    ),
    Group("clients", "Clients", BOUGHT, "not known", values=("new", "existing"), is_whole=True),
    Group("kind", "Kind", "kind", "not said", values=tuple(DealKind)),
    Group("source", "Source", "source", "not said"),
    Group(
        "reason",
        "Reason",
        "loss_reason_id",
        "not said",
        _named("SELECT id, id, name FROM loss_reason"),
        is_whole=True,
    ),
    Group(
        "competitor",
        "Competitor",
        "competitor_id",
        "none named",
        _named("SELECT id, id, name FROM competitor"),
        is_whole=True,
    ),
    Group("direction", "Direction", "direction", "not said"),
    Group("role", "Role met", "role", "nobody met"),
    Group("week", "Week", "", "no date", bucket=_week),
    Group("month", "Month", "", "no date", bucket=_month),
    Group("quarter", "Quarter", "", "no date", bucket=_quarter),
    Group("year", "Year", "", "no date", bucket=_year),
)
GROUPS: Mapping[str, Group] = {group.key: group for group in _LISTED}

TIMES = ("week", "month", "quarter", "year")
PEOPLE = ("rep", "team", "office")
STEPS = ("pipeline", "stage")
ENDS = ("reason", "competitor")
_OF_ACTIVITIES = ("direction", "role")
SLICES = tuple(key for key in GROUPS if key not in (*TIMES, *_OF_ACTIVITIES))
"""What deals can be narrowed to."""
DEALS = tuple(key for key in SLICES if key not in (*PEOPLE, *STEPS, *ENDS))
"""What is known of any deal besides its owner, way and end: product, sector, kind …"""

OF_CLIENT = ("client", "territory", "sector", "size", "clients")
"""What hangs on the client of a deal, which is today's: no event says who it was before."""


def of_deal(column: str, alias: str) -> str:
    """The column of a group where deals are joined under an alias to rows with columns of their own."""
    return territory_of(f"{alias}.") if column == TERRITORY else f"{alias}.{column}"


def refuse_by(by: str, allowed: Iterable[str], what: str) -> None:
    """Raise `Refused`, naming what is allowed, if `what` cannot be given `by` that."""
    known = tuple(allowed)
    if by not in known:
        raise Refused(f"{what} cannot be given by '{inert(by)[:30]}', only by {', '.join(known)}.")


def group_of(key: str, allowed: Iterable[str], report: str) -> Group:
    """The group of that key, or `Refused` with those the report knows."""
    refuse_by(key, allowed, report)
    return GROUPS[key]


def seen_by(reader: Reader, group: Group, day: date | None) -> Reader:
    """Whom to ask for the names of a group on that day, today where it is `None`."""
    return people_on(reader, day) if day is not None and group.key in PEOPLE else reader


def labels(
    reader: Reader, group: Group, day: date | None = None
) -> Callable[[str | int | None], Label]:
    """What a value of the group's column belongs to, in teams and offices as known on `day`.

    What has none is `("", group.missing)`.
    """
    names = group.names(seen_by(reader, group, day)) if group.names is not None else None

    def label(value: str | int | None) -> Label:
        if isinstance(value, int) and group.bucket is not None:
            word = group.bucket(value)
            return word, word
        if names is not None:
            return names.get(str(value), ("", group.missing))
        return (str(value), str(value)) if value else ("", group.missing)

    return label
