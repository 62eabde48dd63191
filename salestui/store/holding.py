"""What PostgreSQL's writers, who work side by side, hold of each other's rows; SQLite has one at a time.

Who refers to a row holds its key; who takes a row away holds it whole before looking who refers to
it. The second waits for the first to commit, and then reads what that one wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zlib import crc32

from sqlalchemy import func, select
from sqlmodel import Session

from salestui.store.history import chunks

How = dict[str, Any]

KEY: How = {"read": True, "key_share": True}
"""Nobody else takes the row away or moves the stage: for rows that this write refers to."""

COLUMNS: How = {"key_share": True}
"""Nobody else changes the row, while others may refer to it."""

WHOLE: How = {}
"""Nobody else changes the row or refers to it."""

_LISTS = 1_936_682_611
"""The first of the two numbers of our advisory locks, so that other programs' are not ours."""


def is_shared(session: Session) -> bool:
    """Whether other writers may be at work at the same time."""
    return session.get_bind().dialect.name != "sqlite"


def hold(session: Session, table: Any, ids: Iterable[str], how: How) -> None:
    """Hold rows until this write ends, waiting for whoever holds them otherwise."""
    if not is_shared(session):
        return
    for some in chunks(ids):
        rows = select(table.c.id).where(table.c.id.in_(some)).order_by(table.c.id)
        session.execute(rows.with_for_update(**how))


def take_turns(session: Session, name: str) -> None:
    """Let nobody else change the list `name` until this write ends: what it reads of it stays so."""
    if is_shared(session):
        session.execute(select(func.pg_advisory_xact_lock(_LISTS, crc32(name.encode()) - 2**31)))
