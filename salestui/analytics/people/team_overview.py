"""Everything the Team screen shows: the team rep by rep, and one rep's page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from salestui.analytics.groups import PEOPLE
from salestui.analytics.hindsight import hindsight
from salestui.analytics.people.coaching import coaching
from salestui.analytics.people.team import team
from salestui.analytics.plan.bonus import bonus
from salestui.analytics.report import Report
from salestui.analytics.scope import ALWAYS, Scope
from salestui.analytics.wish import Wish, scope_of, teams_and_reps
from salestui.store.reader import Reader


@dataclass(frozen=True, slots=True)
class TeamOverview:
    """The team's report; `reps` are the keys of its rows, "" where one is not known."""

    scope: Scope
    team: Report
    reps: tuple[str, ...]
    own: str | None
    """The rep who works here, if that one sells."""


@dataclass(frozen=True, slots=True)
class RepPage:
    """One rep's page: how the rep sells beside the others, and what that pays, if all deals count."""

    rep_id: str
    name: str
    coaching: Report
    bonus: Report | None


_SELLS = "SELECT 1 FROM rep WHERE id = :id AND role = 'rep' AND deleted_at IS NULL"


def look(reader: Reader, wish: Wish) -> TeamOverview:
    """The team of the wish."""
    scope = scope_of(reader, wish)
    made = team(reader, scope).warned(hindsight(reader, scope))
    # Two live reps never have one name.
    keys = {person.name: person.id for person in teams_and_reps(reader) if not person.is_team}
    own = reader.actor_id
    if own is not None and reader.row(_SELLS, id=own) is None:
        own = None
    return TeamOverview(
        scope, made, tuple(keys.get(str(name), "") for name in made.cells("rep")), own
    )


def page(reader: Reader, wish: Wish, rep_id: str) -> RepPage:
    """The page of a rep, of the wish's day: the bonus of its period, the coaching of the year before.

    Of that year the team's win rates and cycles are too, so both say the same of a rep.
    """
    # Whose deals is said by the rep: an office besides might not be the rep's.
    only = tuple(each for each in wish.only if each[0] not in PEOPLE)
    scope = scope_of(reader, replace(wish, whose=rep_id, only=only))
    name = scope.words.get("owner", "")
    paid = bonus(reader, scope) if scope.is_of_all_sold else None
    return RepPage(rep_id, name, coaching(reader, replace(scope, period=ALWAYS)), paid)
