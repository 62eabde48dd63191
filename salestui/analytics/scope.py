"""Which deals a report counts: whose, of what, which days, and as known on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from salestui.analytics.groups import GROUPS, Group, Label
from salestui.analytics.only import Only, find_labels, narrowing, only_of, typed
from salestui.analytics.past_people import people_on
from salestui.errors import Refused
from salestui.queries.names import find, find_stage_anywhere
from salestui.store.reader import Reader
from salestui.text import Period, inert, to_day

ALWAYS = Period(None, None, "all")

_OWNERS = {"owner", *(group.key for group in GROUPS.values() if group.column == "owner_id")}
"""The words of a scope that say whose deals count."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`owner_ids` `None` means everybody's deals, also those that nobody owns.

    `words` says the filters as a person would: {"owner": "Ona", "product": "Pump"}.
    """

    as_of: date
    period: Period = ALWAYS
    owner_ids: tuple[str, ...] | None = None
    pipeline_id: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    only: tuple[Only, ...] = ()
    stage_id: str | None = None
    """The one stage that the funnel, its conversion or its losses are of."""
    months: tuple[Period, ...] | None = None
    """The stretches of the period that count, where not all of it does."""

    @property
    def is_always(self) -> bool:
        """Whether every day counts, and so also what has no day."""
        return self.period.first is None and self.period.last is None

    @property
    def is_of_everything(self) -> bool:
        """Whether deals of all owners, pipelines, products … count."""
        return self.owner_ids is None and self.pipeline_id is None and not self.only

    def of_everything(self) -> Scope:
        """The same of all owners, pipelines, products …"""
        return replace(self, owner_ids=None, pipeline_id=None, only=())

    @property
    def is_of_all_sold(self) -> bool:
        """Whether all counts that its owners sell, as quotas, bonuses and costs are of all."""
        return self.pipeline_id is None and not self.only

    @property
    def is_of_teams(self) -> bool:
        """Whether the owners are all reps of one team or several."""
        return _OWNERS & self.words.keys() == {"team"}


def ask(
    reader: Reader,
    *,
    period: Period = ALWAYS,
    owner: str | None = None,
    team: str | None = None,
    me: bool = False,
    pipeline: str | None = None,
    stage: str | None = None,
    as_of: date | None = None,
    only: Sequence[str] = (),
) -> Scope:
    """The scope that a person asks for in words; `only` in those of `--only`, "product=Pump".

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
        words["team"], owner_ids = found.name, members(people_on(reader, day), found.id)
    pipeline_id = None
    if pipeline is not None:
        chosen = find(reader, "pipeline", pipeline)
        words["pipeline"], pipeline_id = chosen.name, chosen.id
    stage_id = None
    if stage is not None:
        found_pipeline, found_stage = find_stage_anywhere(reader, stage, pipeline_id)
        words |= {"pipeline": found_pipeline.name, "stage": found_stage.name}
        pipeline_id, stage_id = found_pipeline.id, found_stage.id
    scope = Scope(day, period, owner_ids, pipeline_id, words, stage_id=stage_id)
    for key, wanted in typed(only).items():
        labels = [label for each in wanted for label in find_labels(reader, GROUPS[key], each)]
        scope = narrowed(reader, scope, GROUPS[key], labels)
    return scope


def narrowed(reader: Reader, scope: Scope, group: Group, labels: Sequence[Label]) -> Scope:
    """The scope narrowed to the deals that have one of the labels; ("", …) is that of those with none.

    Whose deals and of which pipeline is said as ever, so that quotas and stages follow.
    """
    labels = list(dict.fromkeys(labels))
    word = ", ".join(dict.fromkeys(name for _, name in labels))
    key = "owner" if group.key == "rep" and len(labels) == 1 else group.key
    if key in scope.words:
        raise Refused(f"Choose one of --{key} and --only {group.key}=….")
    words = {**scope.words, key: word}
    found = only_of(reader, group, {key for key, _ in labels}, scope.as_of)
    if group.key == "pipeline" and len(labels) == 1 and not found.is_without:
        return replace(scope, pipeline_id=labels[0][0], words=words)
    if group.column == "owner_id" and not found.is_without:
        mine = found.values if scope.owner_ids is None else found.values & {*scope.owner_ids}
        return replace(scope, owner_ids=tuple(sorted(mine)), words=words)
    return replace(scope, only=(*scope.only, found), words=words)


def refuse_only(scope: Scope, what: str) -> None:
    """Raise `Refused` if the scope is narrowed to a pipeline, product …; `what` says why it cannot be."""
    keys = [each.key for each in scope.only]
    if scope.pipeline_id is not None:
        keys.append("pipeline")
    if keys:
        raise Refused(f"{what}, not by {' and '.join(keys)}.")


def refuse_period(scope: Scope, what: str, instead: str = "") -> None:
    """Raise `Refused` if a period is set for what is so on a day; `instead` says what looks at periods."""
    if not scope.is_always:
        hint = f", {instead}" if instead else ""
        raise Refused(
            f"{what} on one day, not of {inert(scope.period.label)}: --as-of names it{hint}."
        )


def _myself(reader: Reader) -> tuple[str, tuple[str, ...]]:
    name = reader.value("SELECT name FROM rep WHERE id = :id", id=reader.actor_id or "")
    if name is None:
        raise Refused("It is not known which rep you are: name yourself with --me REP.")
    return name, (str(reader.actor_id),)


def members(reader: Reader, team_id: str) -> tuple[str, ...]:
    """The reps of a team, those included who have left."""
    rows = reader.rows("SELECT id FROM rep WHERE team_id = :team_id ORDER BY id", team_id=team_id)
    return tuple(row[0] for row in rows)


def conditions(
    scope: Scope,
    day: str,
    *,
    owner: str = "owner_id",
    deal_id: str | None = None,
    own: Mapping[str, str] | None = None,
) -> tuple[str, dict[str, Any]]:
    """SQL that narrows a WHERE clause to the scope's days, owners and `only`, and its parameters.

    `day`, `owner` and `deal_id` name columns and come from this package alone; every value is bound.
    `deal_id` is that of the deal, where the statement does not read `deal` itself by that name; `own`
    is as in `narrowing`.
    """
    parts: list[str] = []
    values: dict[str, Any] = {}
    if scope.period.first is not None:
        parts.append(" AND " + day + " >= :first_day")
        values["first_day"] = to_day(scope.period.first)
    if scope.period.last is not None:
        parts.append(" AND " + day + " <= :last_day")
        values["last_day"] = to_day(scope.period.last)
    if scope.months is not None:
        spans = (f"{day} BETWEEN :begin_{i} AND :end_{i}" for i in range(len(scope.months)))
        parts.append(" AND (" + (" OR ".join(spans) or "1 = 0") + ")")
        for i, month in enumerate(scope.months):
            assert month.first is not None and month.last is not None
            values |= {f"begin_{i}": to_day(month.first), f"end_{i}": to_day(month.last)}
    if scope.owner_ids is not None:
        named = {f"owner_{i}": owner_id for i, owner_id in enumerate(scope.owner_ids)}
        listed = ", ".join(":" + name for name in named)
        parts.append(" AND " + owner + " IN (" + listed + ")" if listed else " AND 1 = 0")
        values |= named
    narrow, bound = narrowing(scope.only, deal_id, own)
    return "".join(parts) + narrow, values | bound


def asked(scope: Scope) -> dict[str, Any]:
    """What every report of the scope says of it."""
    return {"as_of": scope.as_of, "period": scope.period, "filters": dict(scope.words)}


def whose(scope: Scope) -> str:
    """The scope in a few words, for a head line: "Team North · 2017-Q2 · Sales"."""
    person, pipeline, *others = said(scope.words)
    parts = (person, scope.period.label, pipeline, *others)
    return " · ".join(inert(part) for part in parts if part)


def said(words: Mapping[str, str]) -> tuple[str, ...]:
    """Whose deals, the pipeline or "", and what else they are narrowed to: "product Pump"."""
    people = owners_word(words) or "Everyone"
    others = (f"{key} {word}" for key, word in words.items() if key not in (*_OWNERS, "pipeline"))
    return people, words.get("pipeline", ""), *others


def owners_word(words: Mapping[str, str]) -> str:
    """Whose deals count: a rep's, a team's, several; "" for everybody's."""
    return ", ".join(word for key, word in words.items() if key in _OWNERS)
