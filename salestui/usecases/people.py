"""Reps, teams and quotas."""

from __future__ import annotations

from datetime import date
from typing import Any

from salestui.errors import Refused
from salestui.models.people import Quota, Rep, Team
from salestui.store.unit import Unit
from salestui.text import fold
from salestui.usecases.facts import Saved, currency, made, put
from salestui.usecases.references import refuse_if_used


def create_team(unit: Unit, /, *, name: str, **fields: Any) -> Saved:
    """A team of reps."""
    if any(fold(team.name) == fold(name) for team in unit.live(Team)):
        raise Refused(f"There is a team '{name}' already.")
    team: Team = made(Team, {"name": name, **fields})
    unit.add(team)
    return Saved(team.id, f"Created team {team.name}", team.version)


def edit_team(
    unit: Unit, /, *, team_id: str, expected_version: int | None = None, **changes: Any
) -> Saved:
    """Rename a team or say where it sits."""
    team = unit.get_at(Team, team_id, expected_version, "team")
    put(team, changes)
    unit.session.flush()
    return Saved(team.id, f"Changed team {team.name}", team.version)


def create_rep(unit: Unit, /, *, name: str, **fields: Any) -> Saved:
    """A person who sells, leads or assists."""
    if any(fold(rep.name) == fold(name) for rep in unit.live(Rep)):
        raise Refused(f"There is a rep '{name}' already.")
    rep: Rep = made(Rep, {"name": name, **fields})
    if rep.team_id:
        unit.get(Team, rep.team_id, "team")
    unit.add(rep)
    return Saved(rep.id, f"Created rep {rep.name}", rep.version)


def edit_rep(
    unit: Unit, /, *, rep_id: str, expected_version: int | None = None, **changes: Any
) -> Saved:
    """Change a rep: name, role, team, when they started or left."""
    rep = unit.get_at(Rep, rep_id, expected_version, "rep")
    if changes.get("team_id"):
        unit.get(Team, changes["team_id"], "team")
    put(rep, changes)
    if rep.started_on and rep.left_on and rep.left_on < rep.started_on:
        raise Refused(f"{rep.name} cannot have left before starting.")
    unit.session.flush()
    return Saved(rep.id, f"Changed rep {rep.name}", rep.version)


def delete_team(unit: Unit, *, team_id: str) -> Saved:
    """Take away a team that nobody belongs to."""
    team = unit.get(Team, team_id, "team")
    refuse_if_used(unit, team, "team")
    unit.delete(team)
    return Saved(team.id, f"Deleted team {team.name}", team.version)


def set_quota(
    unit: Unit, *, rep_id: str, first_on: date, last_on: date, amount_minor: int, currency_code: str
) -> Saved:
    """The revenue a rep is to win in a period; an earlier quota of the same period is replaced."""
    rep = unit.get(Rep, rep_id, "rep")
    if last_on < first_on or amount_minor < 0:
        raise Refused("A quota needs a period that ends after it begins and an amount not below 0.")
    for old in unit.live(Quota, rep_id=rep_id, first_on=first_on, last_on=last_on):
        old.deleted_at = unit.now
    quota = unit.add(
        Quota(
            rep_id=rep_id,
            first_on=first_on,
            last_on=last_on,
            amount_minor=amount_minor,
            currency=currency(currency_code),
        )
    )
    return Saved(quota.id, f"Set the quota of {rep.name}")
