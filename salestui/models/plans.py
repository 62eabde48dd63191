"""What a team plans and measures itself by: quotas, bonuses, costs, the reference funnel, meetings."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field

from salestui.models.base import Day, Kept, link, one_of, word
from salestui.models.vocabulary import CallSide, CostKind, Measure, Span


class Quota(Kept, table=True):
    """What is to be won from `first_on` to `last_on`, both included, by a rep, a team or everybody.

    `amount_minor` in `currency` for revenue and margin, `deals` for a count.
    """

    __table_args__ = (
        one_of("measure", Measure),
        CheckConstraint("rep_id IS NULL OR team_id IS NULL", name="one_subject"),
        CheckConstraint(
            "(measure = 'count' AND deals IS NOT NULL AND amount_minor IS NULL)"
            " OR (measure <> 'count' AND deals IS NULL AND amount_minor IS NOT NULL)",
            name="one_target",
        ),
    )

    rep_id: str | None = link("rep", index=True)
    team_id: str | None = link("team")
    first_on: date = Field(sa_type=Day)
    last_on: date = Field(sa_type=Day)
    measure: Measure = word(Measure, Measure.REVENUE)
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    deals: int | None = None
    currency: str = Field(max_length=3)


class BonusPlan(Kept, table=True):
    """What reps are paid for attaining a quota of `measure`, reckoned once each `span`."""

    __tablename__ = "bonus_plan"
    __table_args__ = (one_of("measure", Measure), one_of("span", Span))

    name: str
    measure: Measure = word(Measure, Measure.REVENUE)
    span: Span = word(Span, Span.QUARTER)
    currency: str = Field(max_length=3)


class BonusTier(Kept, table=True):
    """One step of a plan: from an attainment of `from_bp` (hundredths of a percent of the quota) on.

    `fixed_minor` is paid once it is reached; `rate_bp` is paid of what is won beyond it and below
    the next tier, in hundredths of a percent, and `per_deal_minor` for each deal won after it is
    reached, until the next one is.
    """

    __tablename__ = "bonus_tier"
    __table_args__ = (
        CheckConstraint(
            "from_bp >= 0 AND fixed_minor >= 0 AND rate_bp >= 0 AND per_deal_minor >= 0",
            name="nothing_below_zero",
        ),
    )

    plan_id: str = link("bonus_plan", required=True, index=True)
    from_bp: int
    fixed_minor: int = Field(default=0, sa_type=BigInteger)
    rate_bp: int = 0
    per_deal_minor: int = Field(default=0, sa_type=BigInteger)


class BonusGrant(Kept, table=True):
    """The plan a rep is paid by, from `first_on` on, until `last_on` if it has ended."""

    __tablename__ = "bonus_grant"

    plan_id: str = link("bonus_plan", required=True, index=True)
    rep_id: str = link("rep", required=True, index=True)
    first_on: date = Field(sa_type=Day)
    last_on: date | None = Field(default=None, sa_type=Day)


class Cost(Kept, table=True):
    """What selling costs from `first_on` to `last_on`: of one rep, of a team, or of everybody.

    A rate (`hourly`) is per hour of activity; all others are the sum of the whole stretch.
    """

    __table_args__ = (
        one_of("kind", CostKind),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
    )

    kind: CostKind = word(CostKind, CostKind.OTHER)
    rep_id: str | None = link("rep", index=True)
    team_id: str | None = link("team")
    first_on: date = Field(sa_type=Day)
    last_on: date = Field(sa_type=Day)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    notes: str = ""


class Reference(Kept, table=True):
    """A version of a pipeline's reference funnel, frozen on `frozen_on`; the newest one counts.

    `is_template`: set by hand; otherwise measured from what entered from `first_on` to `last_on`.
    """

    pipeline_id: str = link("pipeline", required=True, index=True)
    number: int
    is_template: bool = False
    first_on: date | None = Field(default=None, sa_type=Day)
    last_on: date | None = Field(default=None, sa_type=Day)
    frozen_on: date = Field(sa_type=Day)
    notes: str = ""


class ReferenceStage(Kept, table=True):
    """One stage of a reference funnel. Shares in hundredths of a percent, times in days.

    `entered` is how many decided deals stand behind `forward_bp`, `None` in a template; `win_bp` the
    share of those that entered and were won in the end; `value_minor` the mean amount of the winners.
    """

    __tablename__ = "reference_stage"
    __table_args__ = (
        CheckConstraint("forward_bp BETWEEN 0 AND 10000", name="forward_share"),
        CheckConstraint("lost_bp IS NULL OR lost_bp BETWEEN 0 AND 10000", name="lost_share"),
        CheckConstraint("win_bp IS NULL OR win_bp BETWEEN 0 AND 10000", name="win_share"),
    )

    reference_id: str = link("reference", required=True, index=True)
    stage_id: str = link("stage", required=True)
    entered: int | None = None
    forward_bp: int
    lost_bp: int | None = None
    win_bp: int | None = None
    median_days: int | None = None
    quarter_days: int | None = None
    three_quarter_days: int | None = None
    value_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(max_length=3)


class ForecastCall(Kept, table=True):
    """What a person says will be won in a period: the rep's own word, or the manager's adjustment.

    Rows are only ever added; of those of one side the newest counts. `rep_id` is whose deals are
    meant, of a team or everybody where it is empty.
    """

    __tablename__ = "forecast_call"
    __table_args__ = (one_of("side", CallSide),)

    side: CallSide = word(CallSide, CallSide.REP)
    rep_id: str | None = link("rep", index=True)
    team_id: str | None = link("team")
    author_id: str | None = link("rep")
    first_on: date = Field(sa_type=Day)
    last_on: date = Field(sa_type=Day)
    commit_minor: int | None = Field(default=None, sa_type=BigInteger)
    best_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(max_length=3)
    notes: str = ""


class Meeting(Kept, table=True):
    """A sales meeting: what was looked at as of `as_of_on`, compared with `since_on`."""

    held_on: date = Field(sa_type=Day)
    as_of_on: date = Field(sa_type=Day)
    since_on: date | None = Field(default=None, sa_type=Day)
    pipeline_id: str | None = link("pipeline")
    team_id: str | None = link("team")
    notes: str = ""


class Decision(Kept, table=True):
    """What a meeting decided: what, by whom, until when, about which deal."""

    meeting_id: str = link("meeting", required=True, index=True)
    position: int = 0
    text: str
    owner_id: str | None = link("rep")
    due_on: date | None = Field(default=None, sa_type=Day)
    deal_id: str | None = link("deal")
