"""Backup, restore and check of a SQLite store, also while it is in use."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from salestui.errors import Refused, StoreUnusable
from salestui.store import driver
from salestui.store.location import Location


def backup(location: Location, target: Path) -> Path:
    """Write a checked copy of the store to `target`; a file there is replaced only by a whole copy."""
    source = _file(location)
    if target.is_dir():
        raise Refused(f"{target} is a folder: give the backup a file name.")
    if target.exists() and target.samefile(source):
        raise Refused("The backup cannot be the store itself: give it another file name.")
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent} to write the backup to.")
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        _copy(source, part)
        _sync(part)
        part.replace(target)
        _sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return target


def restore(location: Location, source: Path) -> Path:
    """Bring the live store to the state of the backup `source`; returns the copy kept of the old one.

    It goes through SQLite into the live file: programs that have it open see the old or the new state.
    """
    path = _file(location)
    if not source.is_file():
        raise Refused(f"There is no backup file {source}.")
    copy = driver.connect(source, is_reader=True)
    try:
        if copy.execute("PRAGMA application_id").fetchone()[0] != driver.APPLICATION_ID:
            raise Refused(f"{source} is not a salestui backup. Nothing was changed.")
        problems = _integrity(copy)
        if problems:
            raise Refused(f"{source} is damaged ({problems[0]}). Nothing was changed.")
        kept = path.with_name(f"{path.name}.before-restore-{datetime.now():%Y%m%d-%H%M%S}")  # noqa: DTZ005
        if path.exists():
            _keep(location, path, kept)
        else:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        live = driver.connect(path, is_reader=False)
        try:
            copy.backup(live)
        finally:
            live.close()
    except driver.sqlite.DatabaseError as error:
        raise StoreUnusable(
            f"{source} could not be restored: {error}. Nothing was changed."
        ) from error
    finally:
        copy.close()
    return kept


def _keep(location: Location, path: Path, kept: Path) -> None:
    """A copy of the old store; one too damaged to be read is kept as it lies."""
    try:
        backup(location, kept)
    except (StoreUnusable, driver.sqlite.DatabaseError):
        for end in ("", "-wal", "-shm", "-journal"):
            part = Path(f"{path}{end}")
            if part.exists():
                part.rename(f"{kept}{end}")
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def check(location: Location) -> list[str]:
    """What is wrong with the file itself, a line each; empty when it is sound."""
    connection = driver.connect(_file(location), is_reader=True)
    try:
        return _integrity(connection)
    finally:
        connection.close()


def _integrity(connection: Any) -> list[str]:
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
        if found == ["ok"]:
            found = []
        broken = connection.execute("PRAGMA foreign_key_check").fetchmany(20)
    except driver.sqlite.DatabaseError as error:
        return [str(error)]
    return found + [f"a row of {row[0]} points to a missing {row[2]}" for row in broken]


def _copy(source: Path, part: Path) -> None:
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    live = driver.connect(source, is_reader=True)
    copy = driver.sqlite.connect(str(part), isolation_level=None)
    try:
        # In one step: a backup in parts starts over whenever another program writes.
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        problems = _integrity(copy)
        if problems:
            raise StoreUnusable(
                f"No backup was made: {source} is damaged ({problems[0]}). Run 'salestui db check'."
            )
    except driver.sqlite.OperationalError as error:
        raise StoreUnusable(f"No backup was made: {error} ({part.parent}).") from error
    finally:
        copy.close()
        live.close()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there, and a rename is journaled
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _file(location: Location) -> Path:
    if location.path is None:
        raise Refused(
            "This store is on PostgreSQL: back it up and restore it with pg_dump and psql."
        )
    return location.path
