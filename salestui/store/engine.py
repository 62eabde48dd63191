"""SQLAlchemy engines: one connection, explicit transactions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from salestui.store import driver
from salestui.store.location import Location


def make_engine(location: Location, *, is_reader: bool = False) -> Engine:
    """SQLite: BEGIN IMMEDIATE, so that a write never fails half-way on a lock; PostgreSQL: a pool.

    A reader's transaction sees one state and cannot write.
    """
    path = location.path
    if path is None:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return create_engine(
            location.url,
            pool_pre_ping=True,
            pool_size=2,
            execution_options=options if is_reader else {},
        )
    engine = create_engine(
        "sqlite://",
        module=driver.sqlite,
        creator=lambda: driver.connect(path, is_reader=is_reader),
        poolclass=StaticPool,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")

    return engine
