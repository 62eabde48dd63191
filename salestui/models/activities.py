"""What was done with clients and what is planned."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from salestui.models.base import UTC, Bytewise, Day, Kept, link, one_of, partial_index, word
from salestui.models.vocabulary import ActivityState, DecisionRole, Direction

_PLANNED = "state = 'planned'"


class Activity(Kept, table=True):
    """A contact made (done) or a task (planned). `stage_id` is the deal's stage at that time.

    `on_day` is the day done, or the day due while planned; `outcome` is what was agreed.
    """

    __table_args__ = (
        one_of("direction", Direction),
        one_of("state", ActivityState),
        CheckConstraint(
            "duration_minutes IS NULL OR duration_minutes >= 0", name="duration_not_negative"
        ),
        Index(
            "ix_activity_log",
            "state",
            "on_day",
            "rep_id",
            "kind",
            "direction",
            "duration_minutes",
            "deleted_at",
        ),
        # The list of clients tells the last and the next day of each from the index alone.
        Index("ix_activity_client", "client_id", "on_day", "state", "deleted_at"),
        Index("ix_activity_deal", "deal_id", "on_day"),
        partial_index(
            "ix_activity_tasks",
            "rep_id",
            "on_day",
            where=_PLANNED,
        ),
    )

    kind: str = Field(sa_type=Bytewise, foreign_key="activity_kind.name")
    direction: Direction = word(Direction, Direction.OUT)
    state: ActivityState = word(ActivityState, ActivityState.DONE)
    subject: str = ""
    notes: str = ""
    outcome: str = ""
    on_day: date | None = Field(default=None, sa_type=Day)
    due_on: date | None = Field(default=None, sa_type=Day)
    done_at: datetime | None = Field(default=None, sa_type=UTC)
    duration_minutes: int | None = None
    client_id: str | None = link("client")
    deal_id: str | None = link("deal")
    stage_id: str | None = link("stage")
    rep_id: str | None = link("rep")
    is_team_task: bool = False
    is_imported: bool = False


class ActivityContact(Kept, table=True):
    """A contact met, with the decision role that contact had at that time."""

    __tablename__ = "activity_contact"
    __table_args__ = (one_of("decision_role", DecisionRole),)

    activity_id: str = link("activity", required=True, index=True)
    contact_id: str = link("contact", required=True, index=True)
    decision_role: DecisionRole = word(DecisionRole, DecisionRole.OTHER)


class ActivityDocument(Kept, table=True):
    """A document that came (in) or went (out) with an activity: its name and where it lies."""

    __tablename__ = "activity_document"
    __table_args__ = (one_of("direction", Direction),)

    activity_id: str = link("activity", required=True, index=True)
    direction: Direction = word(Direction, Direction.OUT)
    name: str
    link: str = ""
