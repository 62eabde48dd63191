"""Which tables there are where, and what their columns share."""

from __future__ import annotations

import subprocess
import sys

from salestui.models.clients import Client
from salestui.models.deals import Deal
from salestui.models.vocabulary import DealKind, Outcome

_CLOSED = """
import salestui.models.work
from sqlalchemy.orm import configure_mappers
from sqlmodel import SQLModel

configure_mappers()
for table in SQLModel.metadata.sorted_tables:
    for key in table.foreign_keys:
        assert key.column.table.name in SQLModel.metadata.tables
print(*sorted(SQLModel.metadata.tables))
"""


def test_no_table_of_daily_work_refers_to_one_that_is_not_loaded_with_it() -> None:
    """SQLAlchemy asks for the tables that a row may refer to when it writes the row."""
    run = subprocess.run(
        [sys.executable, "-c", _CLOSED], capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    there = set(run.stdout.split())
    assert {"deal", "deal_event", "client", "activity", "stage", "rep", "audit_entry"} <= there
    assert there.isdisjoint(
        {"quota", "cost", "bonus_plan", "meeting", "reference", "forecast_call"}
    )


def test_columns_that_are_alike_share_their_type() -> None:
    deal, client = Deal.__table__.c, Client.__table__.c  # type: ignore[attr-defined]
    assert deal.id.type is client.id.type is deal.client_id.type
    assert deal.title.type is client.name.type
    assert deal.created_at.type is client.deleted_at.type
    assert (deal.outcome.type.words, deal.kind.type.words) == (Outcome, DealKind)
    assert (deal.title.type.length, deal.currency.type.length) == (None, 3)
