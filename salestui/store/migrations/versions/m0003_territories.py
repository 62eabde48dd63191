"""Territories, of clients and of reps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from salestui.models import base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "territory",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory")),
    )
    # Not in a batch, which would copy every client on SQLite: there a column may come with its key.
    is_inline = op.get_bind().dialect.name == "sqlite"
    for table in ("client", "rep"):
        name = f"fk_{table}_territory_id_territory"
        op.add_column(
            table,
            sa.Column(
                "territory_id",
                base.Bytewise(),
                sa.ForeignKey("territory.id", name=op.f(name)),
                nullable=True,
            ),
            inline_references=is_inline,
        )
        op.create_index(op.f(f"ix_{table}_territory_id"), table, ["territory_id"], unique=False)
