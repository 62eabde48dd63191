"""Bringing a store's schema to this program's revision. Imported only when the two differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from salestui.errors import StoreUnusable
from salestui.store.engine import make_engine
from salestui.store.location import Location

STALE = "salestui.passages"
"""In the `info` of the connection, once a migration has left the passages to be made anew."""

_LOCK = 7_262_001  # any number of our own: programs that start together migrate one after another


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def is_known(revision: str) -> bool:
    """Whether this program has the migration `revision`; if not, the store is newer."""
    known = ScriptDirectory.from_config(_config()).walk_revisions()
    return any(script.revision == revision for script in known)


def upgrade(location: Location) -> None:
    """Bring the store to the newest revision in one transaction, or leave it as it was."""
    engine = make_engine(location)
    try:
        with engine.connect() as connection:
            if location.path is not None:
                # A batch migration drops and remakes tables: with foreign keys on, that cascades.
                _raw(connection).execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                if location.path is None:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                command.upgrade(_config(connection), "head")
                if connection.info.pop(STALE, False):
                    _find_passages(connection)
                _check_foreign_keys(connection, location)
            if location.path is not None:
                _raw(connection).execute("PRAGMA foreign_keys=ON")
    finally:
        engine.dispose()


def _find_passages(connection: Connection) -> None:
    """By the rules of this program, which has the schema they need only now."""
    from sqlmodel import Session

    from salestui.models import tables
    from salestui.store import projections

    assert tables
    with Session(connection) as session:
        projections.rebuild_passages(session)
        session.commit()


def _raw(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _check_foreign_keys(connection: Connection, location: Location) -> None:
    if location.path is None:
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise StoreUnusable(
            f"{location.shown} was not migrated: rows of '{broken[0]}' point to nothing. "
            "Nothing was changed; run 'salestui db check'."
        )


def draft(location: Location, message: str) -> None:
    """Write the migration that brings `location` to what the models say (for developers)."""
    engine = make_engine(location)
    with engine.connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
    engine.dispose()
