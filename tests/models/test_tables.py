"""Which tables there are where."""

from __future__ import annotations

import subprocess
import sys

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
