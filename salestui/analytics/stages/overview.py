"""Everything the Funnel screen shows of one scope, each fact read once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from salestui.analytics.facts import closed, reached
from salestui.analytics.groups import GROUPS, SLICES, STEPS, Group, Label, labels
from salestui.analytics.looking_ahead import looking_ahead
from salestui.analytics.only import known_labels
from salestui.analytics.passages import tallies
from salestui.analytics.past import known_on
from salestui.analytics.past_people import people_on
from salestui.analytics.pipelines import Pipeline, read_pipelines
from salestui.analytics.report import Report
from salestui.analytics.scope import ALWAYS, Scope, narrowed
from salestui.analytics.selling import winning
from salestui.analytics.stages import conversion, funnel, losses
from salestui.store.reader import Reader
from salestui.text import Period


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


def overview(
    reader: Reader, scope: Scope, pipelines: tuple[Pipeline, ...] | None = None
) -> Overview:
    """The Funnel screen's reports, as known at the end of the scope's day."""
    if pipelines is None:
        pipelines = read_pipelines(reader)
    reasons = labels(reader, GROUPS["reason"])
    with known_on(reader, scope.as_of) as then:
        ended = closed(then, scope, stage_ids=winning.stages_of(pipelines, scope))
        cohort = funnel.build(scope, pipelines, reached(then, scope))
        passed = tallies(then, scope)
    return Overview(
        scope=scope,
        pipelines=tuple(pipeline for pipeline in pipelines if pipeline.is_live),
        funnel=cohort.warned(looking_ahead(reader, scope)),
        conversion=conversion.build(scope, pipelines, passed),
        win_rate=winning.build(scope, pipelines, ended),
        losses=losses.build(scope, pipelines, ended, lambda fact: reasons(fact.reason_id)),
        is_empty=not cohort.n and not ended and _is_empty(reader),
    )


def _is_empty(reader: Reader) -> bool:
    return reader.row("SELECT 1 FROM deal WHERE deleted_at IS NULL LIMIT 1") is None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wishes to see. `whose` is the key of a rep or a team, `None` everybody's.

    `place` counts the live pipelines, round and round; `as_of` is `None` for today; `only` are labels
    that deals are narrowed to: of one group either, of several groups each.
    """

    whose: str | None = None
    period: Period = ALWAYS
    place: int = 0
    as_of: date | None = None
    only: tuple[tuple[str, Label], ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A rep, or a team with its `members`, whose deals can be looked at."""

    id: str
    name: str
    members: tuple[str, ...]
    is_team: bool


_PEOPLE = """
SELECT r.id, r.name, t.id, t.name FROM rep r
LEFT JOIN team t ON t.id = r.team_id AND t.deleted_at IS NULL
WHERE r.deleted_at IS NULL ORDER BY r.name, r.id
"""


def people(reader: Reader) -> tuple[Person, ...]:
    """The teams that have reps, then the reps."""
    rows = reader.rows(_PEOPLE)
    teams: dict[str, tuple[str, list[str]]] = {}
    for rep_id, _, team_id, team in rows:
        if team_id is not None:
            teams.setdefault(team_id, (team, []))[1].append(rep_id)
    listed = sorted(teams.items(), key=lambda item: item[1][0].casefold())
    return (
        *(Person(key, name, tuple(reps), is_team=True) for key, (name, reps) in listed),
        *(Person(row[0], row[1], (row[0],), is_team=False) for row in rows),
    )


def look(reader: Reader, wish: Wish) -> Overview:
    """The overview that is wished for: of one pipeline, where there are several."""
    pipelines = read_pipelines(reader)
    scope = scope_of(reader, wish)
    live = [pipeline for pipeline in pipelines if pipeline.is_live]
    if len(live) > 1:
        chosen = live[wish.place % len(live)]
        words = {"pipeline": chosen.name, **scope.words}
        scope = replace(scope, pipeline_id=chosen.id, words=words)
    return overview(reader, scope, pipelines)


def scope_of(reader: Reader, wish: Wish) -> Scope:
    """The wish as a scope: of all pipelines, unless it names one."""
    words: dict[str, str] = {}
    owner_ids = person = None
    if wish.whose is not None:
        person = next(
            (
                each
                for each in people(people_on(reader, wish.as_of or reader.today))
                if each.id == wish.whose
            ),
            None,
        )
    if person is not None:
        owner_ids = person.members
        words["team" if person.is_team else "owner"] = person.name
    scope = Scope(wish.as_of or reader.today, wish.period, owner_ids, None, words)
    for key in dict.fromkeys(key for key, _ in wish.only):
        labels = [label for of, label in wish.only if of == key]
        scope = narrowed(reader, scope, GROUPS[key], labels)
    return scope


def slices(reader: Reader) -> tuple[tuple[Group, Label], ...]:
    """What the deals on a screen can be narrowed to, but clients, who are too many to list.

    First the pipelines, where there are several. Reps and teams have keys of their own.
    """
    groups = [GROUPS[key] for key in SLICES if key not in ("rep", "team", "client", *STEPS)]
    known = [(group, known_labels(reader, group)) for group in groups]
    return (
        *((GROUPS["pipeline"], label) for label in pipeline_labels(reader)),
        *(
            (group, label)
            for group, labels in known
            if labels
            for label in (*labels, ("", group.missing))
        ),
    )


def pipeline_labels(reader: Reader) -> tuple[Label, ...]:
    """The live pipelines in their order; none if there is but one."""
    found = tuple((each.id, each.name) for each in read_pipelines(reader) if each.is_live)
    return found if len(found) > 1 else ()
