"""Backup, restore and check of a SQLite store, also while it is in use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from salestui.errors import Refused, StoreUnusable
from salestui.store import driver, faults
from salestui.store.location import Location, locate

_PARTS = ("", "-wal", "-shm", "-journal")


def backup(location: Location, target: Path) -> Path:
    """Write a checked copy of the store to `target`; a file there is replaced only by a whole copy."""
    source = _existing(location)
    if target.is_dir():
        raise Refused(f"{target} is a folder: give the backup a file name.")
    if target.exists() and target.samefile(source):
        raise Refused("The backup cannot be the store itself: give it another file name.")
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent} to write the backup to.")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        _copy(location, source, part)
        _sync(part)
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise StoreUnusable(f"No backup was made in {target.parent}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def restore(location: Location, source: Path) -> Path | None:
    """Bring the live store to the state of the backup `source`; returns the copy kept of the old one.

    It goes through SQLite into the live file: programs that have it open see the old or the new state.
    """
    path = _file(location)
    if not source.is_file():
        raise Refused(f"There is no backup file {source}.")
    if path.exists() and source.samefile(path):
        raise Refused(f"{source} is the store itself: name a backup of it.")
    with _sentences(source), closing(driver.connect(source, is_reader=True)) as copy:
        _refuse_unfit(copy, source)
        _refuse_foreign(path)
        kept = _keep(location, path) if path.exists() else None
        if not path.exists():
            _make_empty(path)
        with _sentences(path), closing(driver.connect(path, is_reader=False)) as live:
            copy.backup(live)
    sync_folder(path.parent)
    return kept


def _refuse_unfit(copy: Any, source: Path) -> None:
    if copy.execute("PRAGMA application_id").fetchone()[0] != driver.APPLICATION_ID:
        raise Refused(f"{source} is not a salestui backup. Nothing was changed.")
    problems = _integrity(copy)
    if problems:
        raise Refused(f"{source} is damaged ({problems[0]}). Nothing was changed.")
    from salestui.store import opening

    revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    opening.refuse_newer(source, revision and revision[0])


def _refuse_foreign(path: Path) -> None:
    """What another program keeps at the store's place is not ours to overwrite."""
    try:
        with closing(driver.connect(path, is_reader=True)) as old:
            is_foreign = old.execute("PRAGMA application_id").fetchone()[0] != driver.APPLICATION_ID
            tables = old.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except driver.sqlite.DatabaseError:
        return  # no file there, or too damaged to tell
    if is_foreign and tables:
        raise Refused(f"{path} is a SQLite file of another program. Nothing was changed.")


def _keep(location: Location, path: Path) -> Path:
    """A copy of the old store; one too damaged to be copied is set aside as it lies."""
    kept = path.with_name(f"{path.name}.before-restore-{datetime.now():%Y%m%d-%H%M%S}")  # noqa: DTZ005
    try:
        return backup(location, kept)
    except faults.Damaged:
        for end in _PARTS:
            part = Path(f"{path}{end}")
            if part.exists():
                part.rename(f"{kept}{end}")
        return kept


def _make_empty(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def check(location: Location) -> list[str]:
    """What is wrong with the file itself, a line each; empty when it is sound."""
    path = _existing(location)
    try:
        with _sentences(path), closing(driver.connect(path, is_reader=True)) as connection:
            return _integrity(connection)
    except faults.Damaged as damage:
        return [str(damage)]


def _integrity(connection: Any) -> list[str]:
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
        if found == ["ok"]:
            found = []
        broken = connection.execute("PRAGMA foreign_key_check").fetchmany(20)
    except driver.sqlite.DatabaseError as error:
        if faults.is_damage(error):
            return [str(error)]
        raise
    return found + [f"a row of {row[0]} points to a missing {row[2]}" for row in broken]


def _copy(location: Location, source: Path, part: Path) -> None:
    _make_empty(part)
    with (
        _sentences(source, "No backup was made: "),
        closing(driver.connect(source, is_reader=True)) as live,
        closing(driver.sqlite.connect(str(part), isolation_level=None)) as copy,
    ):
        # In one step: a backup in parts starts over whenever another program writes.
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        problems = _integrity(copy)
        if problems:
            raise faults.Damaged(
                f"No backup was made: {source} is damaged ({problems[0]}). Run 'salestui db check'."
            )


@contextmanager
def _sentences(path: Path, lead: str = "") -> Iterator[None]:
    """SQLite's errors about `path` in words."""
    try:
        yield
    except driver.sqlite.DatabaseError as error:
        told = faults.in_words(error, locate(str(path)))
        if told is None:
            raise
        raise type(told)(f"{lead}{told}") from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut."""
    if os.name == "nt":  # a folder cannot be opened there, and a rename is journaled
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _existing(location: Location) -> Path:
    path = _file(location)
    if not path.is_file():
        raise StoreUnusable(f"There is no store at {path}. Name another with --db.")
    return path


def _file(location: Location) -> Path:
    if location.path is None:
        raise Refused(
            "This store is on PostgreSQL: back it up and restore it with pg_dump and psql."
        )
    return location.path
