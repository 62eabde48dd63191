"""Who sells: reps, their teams, their quotas."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger
from sqlmodel import Field

from salestui.models.base import Day, Kept, link, one_of, word
from salestui.models.vocabulary import RepRole


class Team(Kept, table=True):
    """Reps led by the managers among them; `office` is where they sit."""

    name: str
    office: str = ""


class Rep(Kept, table=True):
    """A person who sells, leads or assists. `login` is the system user that this person works as."""

    __table_args__ = (one_of("role", RepRole),)

    name: str
    email: str = ""
    login: str = ""
    role: RepRole = word(RepRole, RepRole.REP)
    team_id: str | None = link("team", index=True)
    started_on: date | None = Field(default=None, sa_type=Day)
    left_on: date | None = Field(default=None, sa_type=Day)


class Quota(Kept, table=True):
    """Revenue a rep is to win from `first_on` to `last_on`, both included."""

    rep_id: str = link("rep", required=True, index=True)
    first_on: date = Field(sa_type=Day)
    last_on: date = Field(sa_type=Day)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
