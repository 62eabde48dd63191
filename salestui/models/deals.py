"""Deals and their append-only dated history.

`deal` is the present, `deal_event` what was known when, `passage` and the columns marked
*derived* follow from these and are kept by `store/history.py` and `store/projections.py`.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from salestui.models.base import UTC, Bytewise, Day, Kept, Row, link, one_of, partial_index, word
from salestui.models.vocabulary import (
    DealKind,
    EventKind,
    ForecastCategory,
    Outcome,
    PassageResult,
)

_ACTIVE = "is_active"
_LIVE = "deleted_at IS NULL"


class Deal(Kept, table=True):
    """One possible sale. `amount_minor` in minor units of `currency`, `None` while unknown.

    `stage_id` stays where the deal was won or lost. `is_active`: still on the board, that is open,
    or won and on its way through after-sale stages. Derived: `stage_since_on`, `furthest`
    (position of the furthest stage reached), `next_task_id`, `next_due_on`, `last_activity_on`,
    `product_id` (of its largest line), `buyer` (a word of `Buyer`, `models/buyer.py`).
    """

    __table_args__ = (
        one_of("outcome", Outcome),
        one_of("forecast_category", ForecastCategory),
        one_of("kind", DealKind),
        CheckConstraint("amount_minor IS NULL OR amount_minor >= 0", name="amount_not_negative"),
        partial_index(
            "ix_deal_board",
            "pipeline_id",
            "stage_id",
            "next_due_on",
            "id",
            "owner_id",
            "currency",
            "amount_minor",
            "outcome",
            "stage_since_on",
            "expected_close_on",
            "next_task_id",
            "is_active",
            "deleted_at",
            where=_ACTIVE,
        ),
        # What the reports count, in the order they group by and with all they filter by: they read
        # the index alone and sort nothing (tests/analytics/test_plans.py). Each column more makes
        # them slower; by product, client or source they had better read the table. What they are
        # narrowed to they know by the number of the deal (analytics/marks.py).
        partial_index(
            "ix_deal_reach",
            "pipeline_id",
            "furthest",
            "outcome",
            "currency",
            "created_on",
            "owner_id",
            "amount_minor",
            "deleted_at",
            "number",
            "buyer",
            where=_LIVE,
        ),
        partial_index(
            "ix_deal_closed",
            "outcome",
            "stage_id",
            "loss_reason_id",
            "currency",
            "closed_on",
            "created_on",
            "owner_id",
            "amount_minor",
            "deleted_at",
            "number",
            "buyer",
            where=_LIVE,
        ),
        # With all that tells whether a client had bought before a deal (store/derived.py).
        Index(
            "ix_deal_client",
            "client_id",
            "outcome",
            "closed_on",
            "created_on",
            "number",
            "deleted_at",
        ),
        partial_index("ix_deal_owner", "owner_id", where=_ACTIVE),
    )

    number: int = Field(unique=True)
    title: str
    client_id: str | None = link("client")
    contact_id: str | None = link("contact")
    pipeline_id: str = link("pipeline", required=True)
    stage_id: str = link("stage", required=True)
    owner_id: str | None = link("rep")
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(max_length=3)
    expected_close_on: date | None = Field(default=None, sa_type=Day)
    forecast_category: ForecastCategory = word(ForecastCategory, ForecastCategory.PIPELINE)
    outcome: Outcome = word(Outcome, Outcome.OPEN)
    postponed_until_on: date | None = Field(default=None, sa_type=Day)
    loss_reason_id: str | None = link("loss_reason")
    competitor_id: str | None = link("competitor")
    kind: DealKind = word(DealKind, DealKind.NEW)
    source: str = ""
    notes: str = ""
    created_on: date | None = Field(default=None, sa_type=Day)
    closed_on: date | None = Field(default=None, sa_type=Day)
    is_active: bool = True
    stage_since_on: date | None = Field(default=None, sa_type=Day)
    furthest: int = 0
    next_task_id: str | None = Field(default=None, sa_type=Bytewise)
    next_due_on: date | None = Field(default=None, sa_type=Day)
    last_activity_on: date | None = Field(default=None, sa_type=Day)
    product_id: str | None = link("product")
    buyer: str | None = Field(default=None, sa_type=Bytewise)


class DealLine(Kept, table=True):
    """A product in a deal. `quantity_milli` in thousandths, `discount_bp` in hundredths of a percent."""

    __tablename__ = "deal_line"

    deal_id: str = link("deal", required=True, index=True)
    product_id: str = link("product", required=True)
    position: int = 0
    quantity_milli: int = Field(default=1000, sa_type=BigInteger)
    unit_price_minor: int | None = Field(default=None, sa_type=BigInteger)
    discount_bp: int = 0
    cost_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(max_length=3)


class DealEvent(Row, table=True):
    """The facts of a deal after one change. Rows are only ever added.

    `occurred_at`/`occurred_on`: when it was so in the world (`None`: the source gives no date);
    `recorded_at`: when we learned it. A void event takes `voids_id` back from `recorded_at` on.
    """

    __tablename__ = "deal_event"
    __table_args__ = (
        one_of("kind", EventKind),
        one_of("outcome", Outcome),
        Index("ix_deal_event_deal", "deal_id", "seq"),
        Index("ix_deal_event_entry", "entry_id"),
        partial_index(
            "ix_deal_event_voids",
            "voids_id",
            where="voids_id IS NOT NULL",
        ),
        Index("ix_deal_event_recorded", "recorded_at"),
    )

    deal_id: str = link("deal", required=True)
    seq: int = Field(sa_type=BigInteger)
    entry_id: str = Field(sa_type=Bytewise)
    kind: EventKind = word(EventKind, EventKind.CHANGE)
    voids_id: str | None = Field(default=None, sa_type=Bytewise)
    occurred_at: datetime | None = Field(default=None, sa_type=UTC)
    occurred_on: date | None = Field(default=None, sa_type=Day)
    recorded_at: datetime = Field(sa_type=UTC)
    is_imported: bool = False
    actor_id: str | None = Field(default=None, sa_type=Bytewise)
    pipeline_id: str = Field(sa_type=Bytewise)
    stage_id: str = Field(sa_type=Bytewise)
    owner_id: str | None = Field(default=None, sa_type=Bytewise)
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(max_length=3)
    expected_close_on: date | None = Field(default=None, sa_type=Day)
    forecast_category: ForecastCategory = word(ForecastCategory, ForecastCategory.PIPELINE)
    outcome: Outcome = word(Outcome, Outcome.OPEN)
    is_active: bool = True
    loss_reason_id: str | None = Field(default=None, sa_type=Bytewise)
    competitor_id: str | None = Field(default=None, sa_type=Bytewise)


class PassageRow(Row, table=True):
    """Derived: a deal's first passage through a stage (`models/passage.py`).

    `days` is `left_on - entered_on`, `None` while the deal is still there or a date is unknown.
    Number, owner, currency, amount and buyer are the deal's of today. `slot` is what conversion and time
    in stage are counted by, in one word (`Passage.slot` makes it, `analytics/passages.py` reads it).
    """

    __tablename__ = "passage"
    __table_args__ = (
        one_of("result", PassageResult),
        Index("ix_passage_deal", "deal_id"),
        # Grouping 300,000 rows by one column takes a third of the time that four columns take.
        Index("ix_passage_slot", "slot", "entered_on", "number", "amount_minor", "buyer"),
        Index(
            "ix_passage_owner",
            "owner_id",
            "slot",
            "entered_on",
            "amount_minor",
            "number",
            "buyer",
        ),
        Index("ix_passage_entered", "entered_on", "slot", "owner_id", "number", "buyer"),
        Index(
            "ix_passage_left",
            "left_on",
            "stage_id",
            "result",
            "currency",
            "owner_id",
            "number",
            "buyer",
        ),
    )

    deal_id: str = link("deal", required=True)
    number: int
    pipeline_id: str = Field(sa_type=Bytewise)
    stage_id: str = Field(sa_type=Bytewise)
    entered_on: date | None = Field(default=None, sa_type=Day)
    left_on: date | None = Field(default=None, sa_type=Day)
    days: int | None = None
    result: PassageResult = word(PassageResult, PassageResult.OPEN)
    owner_id: str | None = Field(default=None, sa_type=Bytewise)
    currency: str = Field(max_length=3)
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    slot: str = Field(sa_type=Bytewise)
    buyer: str | None = Field(default=None, sa_type=Bytewise)
