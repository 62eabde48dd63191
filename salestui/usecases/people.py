"""Reps and teams."""

from __future__ import annotations

from datetime import date
from typing import Any

from salestui.errors import Refused
from salestui.models.people import Rep, Team, Territory
from salestui.store.unit import Unit
from salestui.text import clean, fold
from salestui.usecases.facts import Saved, made, put
from salestui.usecases.references import refuse_if_used


def create_team(unit: Unit, /, *, name: str, **fields: Any) -> Saved:
    """A team of reps."""
    unit.take_turns(Team)
    _refuse_twin(unit, Team, name, "team")
    team: Team = made(Team, {"name": name, **fields})
    unit.add(team)
    return Saved(team.id, f"Created team {team.name}", team.version)


def edit_team(
    unit: Unit, /, *, team_id: str, expected_version: int | None = None, **changes: Any
) -> Saved:
    """Rename a team or say where it sits."""
    unit.take_turns(Team)
    team = unit.get_at(Team, team_id, expected_version, "team")
    if "name" in changes:
        _refuse_twin(unit, Team, changes["name"], "team", apart_from=team.id)
    put(team, changes)
    unit.session.flush()
    return Saved(team.id, f"Changed team {team.name}", team.version)


def create_rep(unit: Unit, /, *, name: str, **fields: Any) -> Saved:
    """A person who sells, leads or assists."""
    unit.take_turns(Rep)
    _refuse_twin(unit, Rep, name, "rep")
    rep: Rep = made(Rep, {"name": name, **fields})
    if rep.team_id:
        unit.get(Team, rep.team_id, "team")
    if rep.territory_id:
        unit.get(Territory, rep.territory_id, "territory")
    _check_days(rep)
    unit.add(rep)
    return Saved(rep.id, f"Created rep {rep.name}", rep.version)


def edit_rep(
    unit: Unit, /, *, rep_id: str, expected_version: int | None = None, **changes: Any
) -> Saved:
    """Change a rep: name, role, team, territory, when they started or left."""
    unit.take_turns(Rep)
    rep = unit.get_at(Rep, rep_id, expected_version, "rep")
    if "name" in changes:
        _refuse_twin(unit, Rep, changes["name"], "rep", apart_from=rep.id)
    if changes.get("team_id"):
        unit.get(Team, changes["team_id"], "team")
    if changes.get("territory_id"):
        unit.get(Territory, changes["territory_id"], "territory")
    put(rep, changes)
    _check_days(rep)
    unit.session.flush()
    return Saved(rep.id, f"Changed rep {rep.name}", rep.version)


def working(unit: Unit, rep_id: str, *, on: date | None = None) -> Rep:
    """The rep, who must still be here to be given something, or be here `on` the day of what was done.

    What someone did until leaving, the last day included, is logged like anybody's: a log that is
    caught up with is worth more than one with gaps. Imports bring in history and do not ask.
    """
    rep = unit.get(Rep, rep_id, "rep")
    if on is None and _has_left(rep, unit.today):
        raise Refused(f"{rep.name} left on {rep.left_on}: choose someone else.")
    if on is not None and rep.left_on is not None and rep.left_on < on:
        raise Refused(f"{rep.name} left on {rep.left_on}: it was done before, or by someone else.")
    return rep


def who_takes_over(unit: Unit, rep_id: str | None) -> str | None:
    """Who gets what comes next of a rep's work: the rep, or the actor if that one has left."""
    rep = unit.session.get(Rep, rep_id) if rep_id else None
    return unit.actor_id if rep is not None and _has_left(rep, unit.today) else rep_id


def _has_left(rep: Rep, by: date) -> bool:
    return rep.left_on is not None and rep.left_on <= by


def delete_team(unit: Unit, *, team_id: str) -> Saved:
    """Take away a team that nobody belongs to."""
    team = unit.get(Team, team_id, "team")
    refuse_if_used(unit, team, "team")
    unit.delete(team)
    return Saved(team.id, f"Deleted team {team.name}", team.version)


def _refuse_twin(
    unit: Unit, model: type[Team] | type[Rep], name: str, what: str, *, apart_from: str = ""
) -> None:
    others = (row for row in unit.live(model) if row.id != apart_from)
    if fold(name) and any(fold(row.name) == fold(name) for row in others):
        raise Refused(f"There is a {what} '{clean(name)}' already.")


def _check_days(rep: Rep) -> None:
    if rep.started_on and rep.left_on and rep.left_on < rep.started_on:
        raise Refused(f"{rep.name} cannot have left before starting.")
