"""Quotas of teams and of everybody, bonuses, costs, the reference funnel, calls, meetings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from salestui.models import base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bonus_plan",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("span", sa.String(20), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.CheckConstraint(
            "measure IN ('revenue', 'margin', 'count')", name=op.f("ck_bonus_plan_measure_known")
        ),
        sa.CheckConstraint(
            "span IN ('month', 'quarter', 'year')", name=op.f("ck_bonus_plan_span_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bonus_plan")),
    )
    op.create_table(
        "bonus_tier",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("plan_id", base.Bytewise(), nullable=False),
        sa.Column("from_bp", sa.Integer(), nullable=False),
        sa.Column("fixed_minor", sa.BigInteger(), nullable=False),
        sa.Column("rate_bp", sa.Integer(), nullable=False),
        sa.Column("per_deal_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "from_bp >= 0 AND fixed_minor >= 0 AND rate_bp >= 0 AND per_deal_minor >= 0",
            name=op.f("ck_bonus_tier_nothing_below_zero"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["bonus_plan.id"], name=op.f("fk_bonus_tier_plan_id_bonus_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bonus_tier")),
    )
    with op.batch_alter_table("bonus_tier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bonus_tier_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("held_on", base.Day(), nullable=False),
        sa.Column("as_of_on", base.Day(), nullable=False),
        sa.Column("since_on", base.Day(), nullable=True),
        sa.Column("pipeline_id", base.Bytewise(), nullable=True),
        sa.Column("team_id", base.Bytewise(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipeline.id"], name=op.f("fk_meeting_pipeline_id_pipeline")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_meeting_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_table(
        "reference",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("pipeline_id", base.Bytewise(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_template", sa.Boolean(), nullable=False),
        sa.Column("first_on", base.Day(), nullable=True),
        sa.Column("last_on", base.Day(), nullable=True),
        sa.Column("frozen_on", base.Day(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipeline.id"], name=op.f("fk_reference_pipeline_id_pipeline")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference")),
    )
    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reference_pipeline_id"), ["pipeline_id"], unique=False)

    op.create_table(
        "bonus_grant",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("plan_id", base.Bytewise(), nullable=False),
        sa.Column("rep_id", base.Bytewise(), nullable=False),
        sa.Column("first_on", base.Day(), nullable=False),
        sa.Column("last_on", base.Day(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["bonus_plan.id"], name=op.f("fk_bonus_grant_plan_id_bonus_plan")
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_bonus_grant_rep_id_rep")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bonus_grant")),
    )
    with op.batch_alter_table("bonus_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bonus_grant_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bonus_grant_rep_id"), ["rep_id"], unique=False)

    op.create_table(
        "cost",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("rep_id", base.Bytewise(), nullable=True),
        sa.Column("team_id", base.Bytewise(), nullable=True),
        sa.Column("first_on", base.Day(), nullable=False),
        sa.Column("last_on", base.Day(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('salary', 'hourly', 'leads', 'tools', 'other')",
            name=op.f("ck_cost_kind_known"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_cost_amount_not_negative")),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_cost_rep_id_rep")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_cost_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost")),
    )
    with op.batch_alter_table("cost", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cost_rep_id"), ["rep_id"], unique=False)

    op.create_table(
        "forecast_call",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("rep_id", base.Bytewise(), nullable=True),
        sa.Column("team_id", base.Bytewise(), nullable=True),
        sa.Column("author_id", base.Bytewise(), nullable=True),
        sa.Column("first_on", base.Day(), nullable=False),
        sa.Column("last_on", base.Day(), nullable=False),
        sa.Column("commit_minor", sa.BigInteger(), nullable=True),
        sa.Column("best_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.CheckConstraint("side IN ('rep', 'manager')", name=op.f("ck_forecast_call_side_known")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["rep.id"], name=op.f("fk_forecast_call_author_id_rep")
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_forecast_call_rep_id_rep")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_forecast_call_team_id_team")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_call")),
    )
    with op.batch_alter_table("forecast_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forecast_call_rep_id"), ["rep_id"], unique=False)

    op.create_table(
        "reference_stage",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("reference_id", base.Bytewise(), nullable=False),
        sa.Column("stage_id", base.Bytewise(), nullable=False),
        sa.Column("entered", sa.Integer(), nullable=True),
        sa.Column("forward_bp", sa.Integer(), nullable=False),
        sa.Column("lost_bp", sa.Integer(), nullable=True),
        sa.Column("win_bp", sa.Integer(), nullable=True),
        sa.Column("median_days", sa.Integer(), nullable=True),
        sa.Column("quarter_days", sa.Integer(), nullable=True),
        sa.Column("three_quarter_days", sa.Integer(), nullable=True),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.CheckConstraint(
            "forward_bp BETWEEN 0 AND 10000", name=op.f("ck_reference_stage_forward_share")
        ),
        sa.CheckConstraint(
            "lost_bp IS NULL OR lost_bp BETWEEN 0 AND 10000",
            name=op.f("ck_reference_stage_lost_share"),
        ),
        sa.CheckConstraint(
            "win_bp IS NULL OR win_bp BETWEEN 0 AND 10000",
            name=op.f("ck_reference_stage_win_share"),
        ),
        sa.ForeignKeyConstraint(
            ["reference_id"],
            ["reference.id"],
            name=op.f("fk_reference_stage_reference_id_reference"),
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name=op.f("fk_reference_stage_stage_id_stage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_stage")),
    )
    with op.batch_alter_table("reference_stage", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reference_stage_reference_id"), ["reference_id"], unique=False
        )

    op.create_table(
        "decision",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("meeting_id", base.Bytewise(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", base.Bytewise(), nullable=True),
        sa.Column("due_on", base.Day(), nullable=True),
        sa.Column("deal_id", base.Bytewise(), nullable=True),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_decision_deal_id_deal")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_decision_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["rep.id"], name=op.f("fk_decision_owner_id_rep")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_meeting_id"), ["meeting_id"], unique=False)

    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team_id", base.Bytewise(), nullable=True))
        batch_op.add_column(sa.Column("measure", sa.String(20), nullable=True))
        batch_op.add_column(sa.Column("deals", sa.Integer(), nullable=True))
        batch_op.alter_column("rep_id", existing_type=sa.TEXT(), nullable=True)
        batch_op.alter_column("amount_minor", existing_type=sa.BIGINT(), nullable=True)
    op.execute("UPDATE quota SET measure = 'revenue'")
    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.alter_column("measure", existing_type=sa.String(20), nullable=False)
        batch_op.create_foreign_key(op.f("fk_quota_team_id_team"), "team", ["team_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_quota_measure_known"), "measure IN ('revenue', 'margin', 'count')"
        )
        batch_op.create_check_constraint(
            op.f("ck_quota_one_subject"), "rep_id IS NULL OR team_id IS NULL"
        )
        batch_op.create_check_constraint(
            op.f("ck_quota_one_target"),
            "(measure = 'count' AND deals IS NOT NULL AND amount_minor IS NULL)"
            " OR (measure <> 'count' AND deals IS NULL AND amount_minor IS NOT NULL)",
        )
