"""The database's errors in one sentence each: what happened and what to do."""

from __future__ import annotations

import os
import shutil

from salestui.errors import Conflict, Refused, StoreUnusable
from salestui.store.driver import BUSY_SECONDS, sqlite
from salestui.store.location import Location

_ROOM = 200_000
"""Bytes free below which a failure is put down to the full disk."""

_READ_ONLY = (
    "{where} or its folder is read-only. Make both writable, or copy the file to where you may "
    "write and name that with --db."
)
_SQLITE = (
    ("disk is full", "Not saved: the disk with {where} is full. Free some space and try again."),
    ("locked", "Another program is writing to {where} for more than {busy} seconds. Try again."),
    ("readonly", _READ_ONLY),
    ("read-only", _READ_ONLY),
    ("unable to open", "{where} cannot be opened. Check that file and folder exist and are yours."),
    (
        "not a database",
        "{where} is not a salestui store. Nothing was changed; name another file with --db, "
        "or restore a backup with 'salestui db restore'.",
    ),
    (
        "malformed",
        "{where} is damaged. Nothing was changed; run 'salestui db check', then restore a backup "
        "with 'salestui db restore'.",
    ),
    ("disk i/o error", "The disk failed while reading or writing {where}. Check it and try again."),
    (
        "no such table",
        "{where} is not a salestui store, or not a whole one. Name another with --db.",
    ),
)

_POSTGRESQL = frozenset(
    {
        "psycopg.OperationalError",  # unreachable, wrong password, shut down, disk full, deadlock
        "psycopg.InsufficientPrivilege",
        "psycopg.ReadOnlySqlTransaction",
        "psycopg.UndefinedTable",
    }
)


class Damaged(StoreUnusable):
    """The file itself is broken, or is no SQLite database."""


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is broken."""
    return any(sign in str(error).lower() for sign in ("malformed", "not a database"))


def _is_read_only(location: Location) -> bool:
    """SQLite cannot open a store with a write-ahead log where it cannot lay files beside it."""
    return (
        location.path is not None
        and location.path.exists()
        and not os.access(location.path.parent, os.W_OK)
    )


def _is_full(location: Location) -> bool:
    """A full disk is an I/O error to SQLite where it was the shared memory that found no room."""
    if location.path is None:
        return False
    try:
        return shutil.disk_usage(location.path.parent).free < _ROOM
    except OSError:
        return False


def is_passing(error: BaseException) -> bool:
    """Whether the same write may well succeed at once: PostgreSQL chose it to end a deadlock."""
    cause = getattr(error, "orig", None) or error
    return type(cause).__name__ in ("DeadlockDetected", "SerializationFailure")


def is_lost(error: BaseException) -> bool:
    """Whether a connection that was open has ended, so that a new one may do."""
    text = str(error)
    return type(error).__name__ in ("AdminShutdown", "OperationalError") and any(
        sign in text
        for sign in ("terminating connection", "closed the connection", "connection is lost")
    )


def in_words(error: BaseException, location: Location) -> Refused | None:
    """A sentence for a database error, or `None` if it is a fault of the program."""
    cause = getattr(error, "orig", None) or error
    text = str(cause)
    if "UNIQUE constraint failed" in text or type(cause).__name__ == "UniqueViolation":
        return Conflict("Someone else has just saved the same. Look again, then repeat.")
    if isinstance(cause, sqlite.DatabaseError):
        if "unable to open" in text and _is_read_only(location):
            text = "read-only"
        if "disk I/O error" in text and _is_full(location):
            text = "disk is full"
        for sign, sentence in _SQLITE:
            if sign in text.lower():
                kind = Damaged if is_damage(cause) else StoreUnusable
                return kind(sentence.format(where=location.shown, busy=BUSY_SECONDS))
    if isinstance(cause, ModuleNotFoundError) and cause.name in ("psycopg", "psycopg2"):
        return StoreUnusable("A store on PostgreSQL needs psycopg: install 'salestui[postgres]'.")
    names = {f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(cause).__mro__}
    if names & _POSTGRESQL:
        first = text.strip().splitlines()[0] if text.strip() else type(cause).__name__
        return StoreUnusable(f"The database {location.shown} cannot be used: {first}")
    return None
