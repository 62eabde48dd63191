"""Whom a quota, a cost or a forecast call is about, and for which days."""

from __future__ import annotations

from datetime import date

from salestui.errors import Refused
from salestui.models.people import Rep, Team
from salestui.store.unit import Unit

EVERYBODY = "everybody"


def subject_name(unit: Unit, rep_id: str | None, team_id: str | None) -> str:
    """The rep's or the team's name, or "everybody" where neither is given."""
    if rep_id and team_id:
        raise Refused("Name a rep or a team, not both.")
    if rep_id:
        return unit.get(Rep, rep_id, "rep").name
    if team_id:
        return unit.get(Team, team_id, "team").name
    return EVERYBODY


def refuse_backwards(first_on: date, last_on: date | None, what: str) -> None:
    """Refuse days that end before they begin."""
    if last_on is not None and last_on < first_on:
        raise Refused(f"{what} cannot end before it begins: give the earlier day first.")
