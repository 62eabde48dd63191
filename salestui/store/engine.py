"""The writer's SQLAlchemy engine: one connection, explicit transactions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from salestui.store import driver
from salestui.store.location import Location


def make_engine(location: Location) -> Engine:
    """SQLite: BEGIN IMMEDIATE, so that a write never fails half-way on a lock; PostgreSQL: a pool."""
    path = location.path
    if path is None:
        return create_engine(location.url, pool_pre_ping=True, pool_size=2)
    engine = create_engine(
        "sqlite://",
        module=driver.sqlite,
        creator=lambda: driver.connect(path, is_reader=False),
        poolclass=StaticPool,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
