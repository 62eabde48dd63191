"""Which deals a report counts: whose, which pipeline, which days, and as known on which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from salestui.errors import Refused
from salestui.queries.names import find
from salestui.store.reader import Reader
from salestui.text import Period, inert, to_day

ALWAYS = Period(None, None, "all")


@dataclass(frozen=True, slots=True)
class Scope:
    """`owner_ids` `None` means everybody's deals, also those that nobody owns.

    `words` says the filters as a person would: {"owner": "Ona"}.
    """

    as_of: date
    period: Period = ALWAYS
    owner_ids: tuple[str, ...] | None = None
    pipeline_id: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_always(self) -> bool:
        """Whether every day counts, and so also what has no day."""
        return self.period.first is None and self.period.last is None


def ask(
    reader: Reader,
    *,
    period: Period = ALWAYS,
    owner: str | None = None,
    team: str | None = None,
    me: bool = False,
    pipeline: str | None = None,
    as_of: date | None = None,
) -> Scope:
    """The scope that a person asks for in words.

    Raises `Refused` with the candidates where a name fits none or several, and for a day to come.
    """
    if sum((owner is not None, team is not None, me)) > 1:
        raise Refused("Choose one of --owner, --team and --mine.")
    day = as_of or reader.today
    if day > reader.today:
        raise Refused(f"{day.isoformat()} is not here yet: --as-of takes today or an earlier day.")
    words: dict[str, str] = {}
    owner_ids: tuple[str, ...] | None = None
    if me:
        words["owner"], owner_ids = _myself(reader)
    elif owner is not None:
        rep = find(reader, "rep", owner)
        words["owner"], owner_ids = rep.name, (rep.id,)
    elif team is not None:
        found = find(reader, "team", team)
        words["team"], owner_ids = found.name, members(reader, found.id)
    pipeline_id = None
    if pipeline is not None:
        chosen = find(reader, "pipeline", pipeline)
        words["pipeline"], pipeline_id = chosen.name, chosen.id
    return Scope(day, period, owner_ids, pipeline_id, words)


def _myself(reader: Reader) -> tuple[str, tuple[str, ...]]:
    name = reader.value("SELECT name FROM rep WHERE id = :id", id=reader.actor_id or "")
    if name is None:
        raise Refused("It is not known which rep you are: name yourself with --me REP.")
    return name, (str(reader.actor_id),)


def members(reader: Reader, team_id: str) -> tuple[str, ...]:
    """The reps of a team as it is today, those included who have left."""
    rows = reader.rows("SELECT id FROM rep WHERE team_id = :team_id ORDER BY id", team_id=team_id)
    return tuple(row[0] for row in rows)


def conditions(scope: Scope, day: str, *, owner: str = "owner_id") -> tuple[str, dict[str, Any]]:
    """SQL that narrows a WHERE clause to the scope's days and owners, and its parameters.

    `day` and `owner` name columns and come from this package alone; every value is bound.
    """
    parts: list[str] = []
    values: dict[str, Any] = {}
    if scope.period.first is not None:
        parts.append(" AND " + day + " >= :first_day")
        values["first_day"] = to_day(scope.period.first)
    if scope.period.last is not None:
        parts.append(" AND " + day + " <= :last_day")
        values["last_day"] = to_day(scope.period.last)
    if scope.owner_ids is not None:
        named = {f"owner_{i}": owner_id for i, owner_id in enumerate(scope.owner_ids)}
        listed = ", ".join(":" + name for name in named)
        parts.append(" AND " + owner + " IN (" + listed + ")" if listed else " AND 1 = 0")
        values |= named
    return "".join(parts), values


def asked(scope: Scope) -> dict[str, Any]:
    """What every report of the scope says of it."""
    return {"as_of": scope.as_of, "period": scope.period, "filters": dict(scope.words)}


def whose(scope: Scope) -> str:
    """The scope in a few words, for a head line: "Team North · 2017-Q2 · Sales"."""
    person = scope.words.get("owner") or scope.words.get("team") or "Everyone"
    parts = (person, scope.period.label, scope.words.get("pipeline", ""))
    return " · ".join(inert(part) for part in parts if part)
