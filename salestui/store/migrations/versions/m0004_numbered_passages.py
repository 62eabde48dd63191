"""Passages know the number of their deal, and the indexes of the reports too.

They are derived, and of a deal opened again after a win they say another thing than before: they are
made anew from the history.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from salestui.models import base
from salestui.store.migrate import STALE

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LIVE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    _passages()
    op.drop_index("ix_deal_client", "deal")
    op.create_index(
        "ix_deal_client",
        "deal",
        ["client_id", "outcome", "closed_on", "created_on", "number", "deleted_at"],
    )
    for name, leading in (
        ("ix_deal_reach", ["pipeline_id", "furthest", "outcome", "currency"]),
        ("ix_deal_closed", ["outcome", "stage_id", "loss_reason_id", "currency", "closed_on"]),
    ):
        op.drop_index(name, "deal")
        op.create_index(
            name,
            "deal",
            [*leading, "created_on", "owner_id", "amount_minor", "deleted_at", "number"],
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        )


def _passages() -> None:
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT 1 FROM passage LIMIT 1")):
        bind.info[STALE] = True
    op.drop_table("passage")
    op.create_table(
        "passage",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("deal_id", base.Bytewise(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pipeline_id", base.Bytewise(), nullable=False),
        sa.Column("stage_id", base.Bytewise(), nullable=False),
        sa.Column("entered_on", base.Day(), nullable=True),
        sa.Column("left_on", base.Day(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(20), nullable=False),
        sa.Column("owner_id", base.Bytewise(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("slot", base.Bytewise(), nullable=False),
        sa.CheckConstraint(
            "result IN ('open', 'advanced', 'lost', 'postponed', 'returned')",
            name=op.f("ck_passage_result_known"),
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_passage_deal_id_deal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
    )
    for name, columns in (
        ("ix_passage_deal", ["deal_id"]),
        ("ix_passage_slot", ["slot", "entered_on", "number", "amount_minor"]),
        ("ix_passage_owner", ["owner_id", "slot", "entered_on", "amount_minor", "number"]),
        ("ix_passage_entered", ["entered_on", "slot", "owner_id", "number"]),
        ("ix_passage_left", ["left_on", "stage_id", "result", "currency", "owner_id", "number"]),
    ):
        op.create_index(name, "passage", columns)
