"""Everything the Funnel screen shows of one scope, each fact read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from salestui.analytics import conversion, funnel, losses, winning
from salestui.analytics.facts import closed, reached
from salestui.analytics.groups import GROUPS, labels
from salestui.analytics.passages import tallies
from salestui.analytics.pipelines import Pipeline, read_pipelines
from salestui.analytics.report import Report
from salestui.analytics.scope import Scope
from salestui.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Overview:
    """The reports of one scope. `is_empty`: the store holds no deal at all."""

    scope: Scope
    pipelines: tuple[Pipeline, ...]
    funnel: Report
    conversion: Report
    win_rate: Report
    losses: Report
    is_empty: bool


def overview(reader: Reader, scope: Scope) -> Overview:
    """The Funnel screen's reports, as of today."""
    pipelines = read_pipelines(reader)
    ended = closed(reader, scope, stage_ids=winning.stages_of(pipelines, scope))
    reasons = labels(reader, GROUPS["reason"])
    cohort = funnel.build(scope, pipelines, reached(reader, scope))
    return Overview(
        scope=scope,
        pipelines=tuple(pipeline for pipeline in pipelines if pipeline.is_live),
        funnel=cohort,
        conversion=conversion.build(scope, pipelines, tallies(reader, scope)),
        win_rate=winning.build(scope, pipelines, ended),
        losses=losses.build(scope, pipelines, ended, lambda fact: reasons(fact.reason_id)),
        is_empty=not cohort.n and not ended and _is_empty(reader),
    )


def _is_empty(reader: Reader) -> bool:
    return reader.row("SELECT 1 FROM deal WHERE deleted_at IS NULL LIMIT 1") is None


@dataclass(frozen=True, slots=True)
class Person:
    """A rep whose deals can be looked at; `team_id` `None` without a team."""

    id: str
    name: str
    team_id: str | None


@dataclass(frozen=True, slots=True)
class People:
    """Whose deals there are to choose from: reps by name, teams by name."""

    reps: tuple[Person, ...]
    teams: Mapping[str, str]

    def members(self, team_id: str) -> tuple[str, ...]:
        """The reps of a team."""
        return tuple(rep.id for rep in self.reps if rep.team_id == team_id)


_PEOPLE = """
SELECT r.id, r.name, r.team_id, t.name FROM rep r
LEFT JOIN team t ON t.id = r.team_id AND t.deleted_at IS NULL
WHERE r.deleted_at IS NULL ORDER BY r.name, r.id
"""


def people(reader: Reader) -> People:
    """The reps and the teams they are in."""
    rows = reader.rows(_PEOPLE)
    teams = {row[2]: row[3] for row in rows if row[3] is not None}
    return People(
        tuple(Person(*row[:3]) for row in rows),
        dict(sorted(teams.items(), key=lambda item: item[1].casefold())),
    )
