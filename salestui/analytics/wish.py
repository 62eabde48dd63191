"""What somebody wishes to see on a screen of reports, and what there is to wish for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from salestui.analytics.groups import GROUPS, SLICES, STEPS, Group, Label
from salestui.analytics.only import known_labels
from salestui.analytics.past_people import people_on
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.scope import ALWAYS, Scope, narrowed
from salestui.store.reader import Reader
from salestui.text import Period


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
class Whose:
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


def teams_and_reps(reader: Reader) -> tuple[Whose, ...]:
    """The teams that have reps, then the reps."""
    rows = reader.rows(_PEOPLE)
    teams: dict[str, tuple[str, list[str]]] = {}
    for rep_id, _, team_id, team in rows:
        if team_id is not None:
            teams.setdefault(team_id, (team, []))[1].append(rep_id)
    listed = sorted(teams.items(), key=lambda item: item[1][0].casefold())
    return (
        *(Whose(key, name, tuple(reps), is_team=True) for key, (name, reps) in listed),
        *(Whose(row[0], row[1], (row[0],), is_team=False) for row in rows),
    )


def scope_of(reader: Reader, wish: Wish) -> Scope:
    """The wish as a scope: of all pipelines, unless it names one."""
    words: dict[str, str] = {}
    owner_ids = whose = None
    if wish.whose is not None:
        whose = next(
            (
                each
                for each in teams_and_reps(people_on(reader, wish.as_of or reader.today))
                if each.id == wish.whose
            ),
            None,
        )
    if whose is not None:
        owner_ids = whose.members
        words["team" if whose.is_team else "owner"] = whose.name
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
