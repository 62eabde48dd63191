"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from salestui.models import base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_kind",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", base.Bytewise(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_kind")),
        sa.UniqueConstraint("name", name=op.f("uq_activity_kind_name")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("request_id", base.Bytewise(), nullable=False),
        sa.Column("at", base.UTC(), nullable=False),
        sa.Column("actor_id", base.Bytewise(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("target_id", base.Bytewise(), nullable=True),
        sa.Column("change_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('do', 'undo', 'redo')", name=op.f("ck_audit_entry_kind_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("request_id", name=op.f("uq_audit_entry_request_id")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_actor", ["actor_id", "id"], unique=False)

    op.create_table(
        "competitor",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitor")),
    )
    op.create_table(
        "counter",
        sa.Column("name", base.Bytewise(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "external_id",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("source", base.Bytewise(), nullable=False),
        sa.Column("table_name", base.Bytewise(), nullable=False),
        sa.Column("key", base.Bytewise(), nullable=False),
        sa.Column("row_id", base.Bytewise(), nullable=False),
        sa.Column("digest", base.Bytewise(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_id")),
    )
    with op.batch_alter_table("external_id", schema=None) as batch_op:
        batch_op.create_index("ix_external_id_row", ["row_id"], unique=False)
        batch_op.create_index("uq_external_id", ["source", "table_name", "key"], unique=True)

    op.create_table(
        "loss_reason",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loss_reason")),
    )
    op.create_table(
        "pipeline",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline")),
    )
    op.create_table(
        "product",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
    )
    op.create_table(
        "search_word",
        sa.Column("word", base.Bytewise(), nullable=False),
        sa.Column("subject", base.Bytewise(), nullable=False),
        sa.Column("subject_id", base.Bytewise(), nullable=False),
        sa.PrimaryKeyConstraint("word", "subject", "subject_id", name=op.f("pk_search_word")),
    )
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.create_index("ix_search_word_subject", ["subject_id", "word"], unique=False)

    op.create_table(
        "setting",
        sa.Column("name", base.Bytewise(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "team",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_table(
        "audit_change",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("entry_id", base.Bytewise(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_id", base.Bytewise(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_change_entry_id_audit_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_change")),
    )
    with op.batch_alter_table("audit_change", schema=None) as batch_op:
        batch_op.create_index("ix_audit_change_entry", ["entry_id"], unique=False)
        batch_op.create_index("ix_audit_change_row", ["row_id"], unique=False)

    op.create_table(
        "competitor_product",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("competitor_id", base.Bytewise(), nullable=False),
        sa.Column("product_id", base.Bytewise(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competitor_id"],
            ["competitor.id"],
            name=op.f("fk_competitor_product_competitor_id_competitor"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_competitor_product_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitor_product")),
    )
    with op.batch_alter_table("competitor_product", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_competitor_product_competitor_id"), ["competitor_id"], unique=False
        )

    op.create_table(
        "rep",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("team_id", base.Bytewise(), nullable=True),
        sa.Column("started_on", base.Day(), nullable=True),
        sa.Column("left_on", base.Day(), nullable=True),
        sa.CheckConstraint(
            "role IN ('rep', 'manager', 'assistant', 'administrator')",
            name=op.f("ck_rep_role_known"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_rep_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rep")),
    )
    with op.batch_alter_table("rep", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rep_team_id"), ["team_id"], unique=False)

    op.create_table(
        "stage",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("pipeline_id", base.Bytewise(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.Column("idle_days", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('lead', 'sale', 'after-sale')", name=op.f("ck_stage_kind_known")
        ),
        sa.CheckConstraint(
            "probability BETWEEN 0 AND 100", name=op.f("ck_stage_probability_percent")
        ),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipeline.id"], name=op.f("fk_stage_pipeline_id_pipeline")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
    )
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_pipeline_id"), ["pipeline_id"], unique=False)

    op.create_table(
        "client",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", base.Bytewise(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("market", sa.String(20), nullable=False),
        sa.Column("owner_id", base.Bytewise(), nullable=True),
        sa.Column("parent_id", base.Bytewise(), nullable=True),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("line_of_business", sa.String(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("ownership_form", sa.String(), nullable=False),
        sa.Column("legal_form", sa.String(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("turnover_minor", sa.BigInteger(), nullable=True),
        sa.Column("turnover_currency", sa.String(3), nullable=False),
        sa.Column("founded_year", sa.Integer(), nullable=True),
        sa.Column("registration_number", sa.String(), nullable=False),
        sa.Column("vat_number", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.CheckConstraint("market IN ('B2B', 'B2C', 'B2G')", name=op.f("ck_client_market_known")),
        sa.CheckConstraint(
            "status IN ('lead', 'prospect', 'customer', 'former')",
            name=op.f("ck_client_status_known"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["rep.id"], name=op.f("fk_client_owner_id_rep")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["client.id"], name=op.f("fk_client_parent_id_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("number", name=op.f("uq_client_number")),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_client_sort_key", ["sort_key", "id"], unique=False)

    op.create_table(
        "quota",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("rep_id", base.Bytewise(), nullable=False),
        sa.Column("first_on", base.Day(), nullable=False),
        sa.Column("last_on", base.Day(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_quota_rep_id_rep")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota")),
    )
    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_rep_id"), ["rep_id"], unique=False)

    op.create_table(
        "branch",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("client_id", base.Bytewise(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_branch_client_id_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
    )
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_branch_client_id"), ["client_id"], unique=False)

    op.create_table(
        "client_assistant",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("client_id", base.Bytewise(), nullable=False),
        sa.Column("rep_id", base.Bytewise(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_assistant_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["rep_id"], ["rep.id"], name=op.f("fk_client_assistant_rep_id_rep")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_assistant")),
    )
    with op.batch_alter_table("client_assistant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_client_assistant_client_id"), ["client_id"], unique=False
        )

    op.create_table(
        "contact",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("client_id", base.Bytewise(), nullable=False),
        sa.Column("branch_id", base.Bytewise(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", base.Bytewise(), nullable=False),
        sa.Column("job_title", sa.String(), nullable=False),
        sa.Column("decision_role", sa.String(20), nullable=False),
        sa.Column("reports_to_id", base.Bytewise(), nullable=True),
        sa.Column("assists_id", base.Bytewise(), nullable=True),
        sa.Column("born_on", base.Day(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("private_notes", sa.String(), nullable=False),
        sa.CheckConstraint(
            "decision_role IN ('decision maker', 'technical decider', 'user', 'gatekeeper', 'other')",
            name=op.f("ck_contact_decision_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["assists_id"], ["contact.id"], name=op.f("fk_contact_assists_id_contact")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_contact_branch_id_branch")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_contact_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["reports_to_id"], ["contact.id"], name=op.f("fk_contact_reports_to_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_client_id"), ["client_id"], unique=False)

    op.create_table(
        "deal",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("client_id", base.Bytewise(), nullable=True),
        sa.Column("contact_id", base.Bytewise(), nullable=True),
        sa.Column("pipeline_id", base.Bytewise(), nullable=False),
        sa.Column("stage_id", base.Bytewise(), nullable=False),
        sa.Column("owner_id", base.Bytewise(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("expected_close_on", base.Day(), nullable=True),
        sa.Column("forecast_category", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("postponed_until_on", base.Day(), nullable=True),
        sa.Column("loss_reason_id", base.Bytewise(), nullable=True),
        sa.Column("competitor_id", base.Bytewise(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("created_on", base.Day(), nullable=True),
        sa.Column("closed_on", base.Day(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("stage_since_on", base.Day(), nullable=True),
        sa.Column("furthest", sa.Integer(), nullable=False),
        sa.Column("next_task_id", base.Bytewise(), nullable=True),
        sa.Column("next_due_on", base.Day(), nullable=True),
        sa.Column("last_activity_on", base.Day(), nullable=True),
        sa.Column("product_id", base.Bytewise(), nullable=True),
        sa.CheckConstraint(
            "forecast_category IN ('pipeline', 'best case', 'commit', 'closed', 'omitted')",
            name=op.f("ck_deal_forecast_category_known"),
        ),
        sa.CheckConstraint("kind IN ('new', 'repeat')", name=op.f("ck_deal_kind_known")),
        sa.CheckConstraint(
            "outcome IN ('open', 'won', 'lost', 'postponed')", name=op.f("ck_deal_outcome_known")
        ),
        sa.CheckConstraint(
            "amount_minor IS NULL OR amount_minor >= 0", name=op.f("ck_deal_amount_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_deal_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["competitor_id"], ["competitor.id"], name=op.f("fk_deal_competitor_id_competitor")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_deal_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(
            ["loss_reason_id"], ["loss_reason.id"], name=op.f("fk_deal_loss_reason_id_loss_reason")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["rep.id"], name=op.f("fk_deal_owner_id_rep")),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipeline.id"], name=op.f("fk_deal_pipeline_id_pipeline")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_deal_product_id_product")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_deal_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal")),
        sa.UniqueConstraint("number", name=op.f("uq_deal_number")),
    )
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deal_board",
            [
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
            ],
            unique=False,
            sqlite_where=sa.text("is_active"),
            postgresql_where=sa.text("is_active"),
        )
        batch_op.create_index("ix_deal_client", ["client_id", "outcome"], unique=False)
        batch_op.create_index(
            "ix_deal_closed",
            [
                "outcome",
                "stage_id",
                "loss_reason_id",
                "currency",
                "closed_on",
                "created_on",
                "owner_id",
                "amount_minor",
                "deleted_at",
            ],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.create_index(
            "ix_deal_owner",
            ["owner_id"],
            unique=False,
            sqlite_where=sa.text("is_active"),
            postgresql_where=sa.text("is_active"),
        )
        batch_op.create_index(
            "ix_deal_reach",
            [
                "pipeline_id",
                "furthest",
                "outcome",
                "currency",
                "created_on",
                "owner_id",
                "amount_minor",
                "deleted_at",
            ],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "medium",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("client_id", base.Bytewise(), nullable=False),
        sa.Column("branch_id", base.Bytewise(), nullable=True),
        sa.Column("contact_id", base.Bytewise(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('phone', 'e-mail', 'web', 'address')", name=op.f("ck_medium_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_medium_branch_id_branch")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_medium_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_medium_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medium")),
    )
    with op.batch_alter_table("medium", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_medium_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_medium_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "activity",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("kind", base.Bytewise(), nullable=False),
        sa.Column("direction", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("on_day", base.Day(), nullable=True),
        sa.Column("due_on", base.Day(), nullable=True),
        sa.Column("done_at", base.UTC(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("client_id", base.Bytewise(), nullable=True),
        sa.Column("deal_id", base.Bytewise(), nullable=True),
        sa.Column("stage_id", base.Bytewise(), nullable=True),
        sa.Column("rep_id", base.Bytewise(), nullable=True),
        sa.Column("is_team_task", sa.Boolean(), nullable=False),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "direction IN ('in', 'out', 'none')", name=op.f("ck_activity_direction_known")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'done', 'cancelled')", name=op.f("ck_activity_state_known")
        ),
        sa.CheckConstraint(
            "duration_minutes IS NULL OR duration_minutes >= 0",
            name=op.f("ck_activity_duration_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_activity_client_id_client")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_activity_deal_id_deal")),
        sa.ForeignKeyConstraint(
            ["kind"], ["activity_kind.name"], name=op.f("fk_activity_kind_activity_kind")
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_activity_rep_id_rep")),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name=op.f("fk_activity_stage_id_stage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(
            "ix_activity_client", ["client_id", "on_day", "state", "deleted_at"], unique=False
        )
        batch_op.create_index("ix_activity_deal", ["deal_id", "on_day"], unique=False)
        batch_op.create_index(
            "ix_activity_log",
            ["state", "on_day", "rep_id", "kind", "direction", "duration_minutes", "deleted_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_activity_tasks",
            ["rep_id", "on_day"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )

    op.create_table(
        "competitor_sighting",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("client_id", base.Bytewise(), nullable=True),
        sa.Column("deal_id", base.Bytewise(), nullable=True),
        sa.Column("competitor_id", base.Bytewise(), nullable=False),
        sa.Column("competitor_product_id", base.Bytewise(), nullable=True),
        sa.Column("seen_on", base.Day(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_competitor_sighting_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["competitor_id"],
            ["competitor.id"],
            name=op.f("fk_competitor_sighting_competitor_id_competitor"),
        ),
        sa.ForeignKeyConstraint(
            ["competitor_product_id"],
            ["competitor_product.id"],
            name=op.f("fk_competitor_sighting_competitor_product_id_competitor_product"),
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deal.id"], name=op.f("fk_competitor_sighting_deal_id_deal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitor_sighting")),
    )
    with op.batch_alter_table("competitor_sighting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_competitor_sighting_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_competitor_sighting_deal_id"), ["deal_id"], unique=False
        )

    op.create_table(
        "deal_event",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("deal_id", base.Bytewise(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", base.Bytewise(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("voids_id", base.Bytewise(), nullable=True),
        sa.Column("occurred_at", base.UTC(), nullable=True),
        sa.Column("occurred_on", base.Day(), nullable=True),
        sa.Column("recorded_at", base.UTC(), nullable=False),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.Column("actor_id", base.Bytewise(), nullable=True),
        sa.Column("pipeline_id", base.Bytewise(), nullable=False),
        sa.Column("stage_id", base.Bytewise(), nullable=False),
        sa.Column("owner_id", base.Bytewise(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("expected_close_on", base.Day(), nullable=True),
        sa.Column("forecast_category", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("loss_reason_id", base.Bytewise(), nullable=True),
        sa.Column("competitor_id", base.Bytewise(), nullable=True),
        sa.CheckConstraint("kind IN ('change', 'void')", name=op.f("ck_deal_event_kind_known")),
        sa.CheckConstraint(
            "outcome IN ('open', 'won', 'lost', 'postponed')",
            name=op.f("ck_deal_event_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_deal_event_deal_id_deal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_event")),
    )
    with op.batch_alter_table("deal_event", schema=None) as batch_op:
        batch_op.create_index("ix_deal_event_deal", ["deal_id", "seq"], unique=False)
        batch_op.create_index("ix_deal_event_entry", ["entry_id"], unique=False)
        batch_op.create_index("ix_deal_event_recorded", ["recorded_at"], unique=False)
        batch_op.create_index(
            "ix_deal_event_voids",
            ["voids_id"],
            unique=False,
            sqlite_where=sa.text("voids_id IS NOT NULL"),
            postgresql_where=sa.text("voids_id IS NOT NULL"),
        )

    op.create_table(
        "deal_line",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("deal_id", base.Bytewise(), nullable=False),
        sa.Column("product_id", base.Bytewise(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quantity_milli", sa.BigInteger(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("discount_bp", sa.Integer(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_deal_line_deal_id_deal")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_deal_line_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_line")),
    )
    with op.batch_alter_table("deal_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_line_deal_id"), ["deal_id"], unique=False)

    op.create_table(
        "passage",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("deal_id", base.Bytewise(), nullable=False),
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
    with op.batch_alter_table("passage", schema=None) as batch_op:
        batch_op.create_index("ix_passage_deal", ["deal_id"], unique=False)
        batch_op.create_index(
            "ix_passage_entered", ["entered_on", "slot", "owner_id"], unique=False
        )
        batch_op.create_index("ix_passage_left", ["left_on"], unique=False)
        batch_op.create_index(
            "ix_passage_owner", ["owner_id", "slot", "entered_on", "amount_minor"], unique=False
        )
        batch_op.create_index(
            "ix_passage_slot", ["slot", "entered_on", "owner_id", "amount_minor"], unique=False
        )

    op.create_table(
        "activity_contact",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("activity_id", base.Bytewise(), nullable=False),
        sa.Column("contact_id", base.Bytewise(), nullable=False),
        sa.Column("decision_role", sa.String(20), nullable=False),
        sa.CheckConstraint(
            "decision_role IN ('decision maker', 'technical decider', 'user', 'gatekeeper', 'other')",
            name=op.f("ck_activity_contact_decision_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_contact_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_activity_contact_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_contact")),
    )
    with op.batch_alter_table("activity_contact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activity_contact_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_activity_contact_contact_id"), ["contact_id"], unique=False
        )

    op.create_table(
        "activity_document",
        sa.Column("id", base.Bytewise(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTC(), nullable=False),
        sa.Column("deleted_at", base.UTC(), nullable=True),
        sa.Column("activity_id", base.Bytewise(), nullable=False),
        sa.Column("direction", sa.String(20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.CheckConstraint(
            "direction IN ('in', 'out', 'none')", name=op.f("ck_activity_document_direction_known")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_document_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_document")),
    )
    with op.batch_alter_table("activity_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activity_document_activity_id"), ["activity_id"], unique=False
        )
