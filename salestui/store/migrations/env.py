"""Runs the migrations on a connection that `store/migrate.py` has opened and will commit."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from salestui.models import base, tables


def _render(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own column types by name into new migrations."""
    if kind != "type":
        return False
    if isinstance(item, base.Choice | AutoString):
        return f"sa.String({getattr(item, 'impl_instance', item).length or ''})"
    for own in (base.UTC, base.Day, base.Bytewise):
        if isinstance(item, own):
            return f"base.{own.__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.schema(),
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=False,
    compare_type=True,
    compare_server_default=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
