"""Deals and their passages know whether the client had bought before, and the indexes of the reports too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from salestui.models import base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LIVE = sa.text("deleted_at IS NULL")
_INDEXES = (
    ("ix_deal_reach", "deal", ["pipeline_id", "furthest", "outcome", "currency", "created_on",
     "owner_id", "amount_minor", "deleted_at", "number"]),
    ("ix_deal_closed", "deal", ["outcome", "stage_id", "loss_reason_id", "currency", "closed_on",
     "created_on", "owner_id", "amount_minor", "deleted_at", "number"]),
    ("ix_passage_slot", "passage", ["slot", "entered_on", "number", "amount_minor"]),
    ("ix_passage_owner", "passage", ["owner_id", "slot", "entered_on", "amount_minor", "number"]),
    ("ix_passage_entered", "passage", ["entered_on", "slot", "owner_id", "number"]),
    ("ix_passage_left", "passage", ["left_on", "stage_id", "result", "currency", "owner_id",
     "number"]),
)  # fmt: skip

_BUYERS = """
UPDATE deal SET buyer = CASE WHEN number IN (
    SELECT later.number FROM
      (SELECT client_id, min(closed_on) AS first_on FROM deal
       WHERE client_id IS NOT NULL AND outcome = 'won' AND deleted_at IS NULL
       GROUP BY client_id) AS bought
      JOIN deal later ON bought.client_id = later.client_id AND bought.first_on < later.created_on
) THEN 'existing' ELSE 'new' END
WHERE client_id IS NOT NULL AND created_on IS NOT NULL
"""
_OF_PASSAGES = """
UPDATE passage SET buyer = (SELECT deal.buyer FROM deal WHERE deal.number = passage.number)
"""


def upgrade() -> None:
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
    for table in ("deal", "passage"):
        op.add_column(table, sa.Column("buyer", base.Bytewise(), nullable=True))
    op.execute(_BUYERS)
    op.execute(_OF_PASSAGES)
    for name, table, columns in _INDEXES:
        where = _LIVE if table == "deal" else None
        op.create_index(
            name, table, [*columns, "buyer"], sqlite_where=where, postgresql_where=where
        )
