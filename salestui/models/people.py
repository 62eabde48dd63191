"""Who sells, and where: reps, their teams, the territories."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from salestui.models.base import Day, Kept, link, one_of, word
from salestui.models.vocabulary import RepRole


class Team(Kept, table=True):
    """Reps led by the managers among them; `office` is where they sit."""

    name: str
    office: str = ""


class Territory(Kept, table=True):
    """A slice of the market. Clients lie in one; a rep has one at home, for deals without a client's."""

    name: str
    notes: str = ""


class Rep(Kept, table=True):
    """A person who sells, leads or assists. `login` is the system user that this person works as."""

    __table_args__ = (one_of("role", RepRole),)

    name: str
    email: str = ""
    login: str = ""
    role: RepRole = word(RepRole, RepRole.REP)
    team_id: str | None = link("team", index=True)
    territory_id: str | None = link("territory", index=True)
    started_on: date | None = Field(default=None, sa_type=Day)
    left_on: date | None = Field(default=None, sa_type=Day)
