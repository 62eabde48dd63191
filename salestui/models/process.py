"""The sales cycles a team defines, and the lists its deals refer to."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field

from salestui.models.base import Bytewise, Kept, link, one_of, word
from salestui.models.vocabulary import StageKind


class Pipeline(Kept, table=True):
    """A sales cycle. `currency` is what new deals are counted in."""

    position: int = 0
    name: str
    currency: str = Field(default="EUR", max_length=3)


class Stage(Kept, table=True):
    """One step of a pipeline. `probability` in percent; over `idle_days` a deal counts as stalled."""

    __table_args__ = (
        one_of("kind", StageKind),
        CheckConstraint("probability BETWEEN 0 AND 100", name="probability_percent"),
    )

    pipeline_id: str = link("pipeline", required=True, index=True)
    position: int
    name: str
    kind: StageKind = word(StageKind, StageKind.SALE)
    probability: int = 0
    idle_days: int | None = None


class Product(Kept, table=True):
    """What we sell. Prices in minor units, before discount."""

    name: str
    series: str = ""
    price_minor: int | None = Field(default=None, sa_type=BigInteger)
    cost_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(default="EUR", max_length=3)


class Competitor(Kept, table=True):
    name: str
    website: str = ""
    notes: str = ""


class CompetitorProduct(Kept, table=True):
    """A competitor's product; `product_id` is ours that it is sold against."""

    __tablename__ = "competitor_product"

    competitor_id: str = link("competitor", required=True, index=True)
    product_id: str | None = link("product")
    name: str


class LossReason(Kept, table=True):
    __tablename__ = "loss_reason"

    position: int = 0
    name: str


class ActivityKind(Kept, table=True):
    """A kind of activity; `name` is what activities keep."""

    __tablename__ = "activity_kind"

    position: int = 0
    name: str = Field(sa_type=Bytewise, unique=True)
