"""Opening a store: finding it, creating it, checking that this program may use it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from salestui import config
from salestui.errors import StoreUnusable
from salestui.store import driver, faults
from salestui.store.location import Location, locate
from salestui.store.reader import Reader, ReaderPool
from salestui.store.store import Store

T = TypeVar("T")

REVISION = "0005"
"""The schema this program works with: the newest of `store/migrations/versions`."""

_HEADER = b"SQLite format 3\0"


def open_store(
    where: str,
    *,
    me: str | None = None,
    clock: Callable[[], datetime] | None = None,
    is_created: bool = True,
) -> Store:
    """Open the store at `where`, creating it (unless `is_created` is off) and migrating it if needed.

    Raises `StoreUnusable` with one sentence; the data are then untouched.
    """
    location = locate(where)
    with _in_words(location):
        if location.path is not None:
            _prepare_file(location, location.path, is_created=is_created)
        revision = _revision(location)
        if revision is None and not is_created:
            raise StoreUnusable(_none(location.shown))
        if revision != REVISION:
            _migrate(location, revision)
        return Store(location, me=me, clock=clock)


def peek(where: str, query: Callable[[Reader], T]) -> T:
    """Run one query on a store as it is: nothing is created or migrated."""
    location = locate(where)
    with _in_words(location):
        if location.path is not None:
            _prepare_file(location, location.path, is_created=False)
        if _revision(location) != REVISION:
            raise StoreUnusable(f"{location.shown} has another schema than this program.")
        with closing(Store(location)) as store:
            return store.read(query)


@contextmanager
def _in_words(location: Location) -> Iterator[None]:
    try:
        yield
    except StoreUnusable:
        raise
    except Exception as error:
        sentence = faults.in_words(error, location)
        if sentence is not None:
            raise sentence from error
        if isinstance(error, OSError):
            raise StoreUnusable(f"{location.shown} cannot be opened: {error.strerror}.") from error
        raise


def _none(shown: str) -> str:
    return (
        f"There is no store at {shown} yet. Name another with --db, "
        "or set one up: salestui start --rep YOUR-NAME."
    )


def _prepare_file(location: Location, path: Path, *, is_created: bool) -> None:
    if not path.exists():
        if not is_created:
            raise StoreUnusable(_none(location.shown))
        _create_file(location, path)
        return
    if path.is_dir():
        raise StoreUnusable(f"{path} is a folder, not a store. Name a file with --db.")
    with path.open("rb") as file:
        start = file.read(len(_HEADER))
    if start != _HEADER:
        what = "is empty" if not start else "is not a salestui store"
        raise StoreUnusable(
            f"{path} {what}. Nothing was changed; name another file with --db, "
            "or restore a backup with 'salestui db restore'."
        )


def _create_file(location: Location, path: Path) -> None:
    """Make the whole store beside its place and link it in: nobody ever sees half of one."""
    if not path.parent.exists():
        config.make_private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        connection = driver.connect(draft, is_reader=False)
        connection.execute(f"PRAGMA application_id={driver.APPLICATION_ID}")
        connection.close()
        from salestui.store import migrate

        migrate.upgrade(Location(location.dialect, draft, f"sqlite:///{draft}"))
        _place(draft, path)
    finally:
        for leftover in (draft, *(Path(f"{draft}{end}") for end in ("-wal", "-shm", "-journal"))):
            leftover.unlink(missing_ok=True)


def _place(draft: Path, path: Path) -> None:
    """Give the draft its name unless another program was first."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:
        if not path.exists():
            draft.rename(path)


def _revision(location: Location) -> str | None:
    pool = ReaderPool(location)
    connection = pool.take()
    try:
        reader = Reader(connection, location.dialect, *_never())
        if location.path is not None and reader.value("PRAGMA application_id") not in (
            driver.APPLICATION_ID,
        ):
            raise StoreUnusable(
                f"{location.shown} is a SQLite file of another program. Nothing was changed; "
                "name another file with --db."
            )
        tables = "sqlite_master WHERE name" if location.path else "pg_tables WHERE tablename"
        if not reader.value(f"SELECT count(*) FROM {tables} = 'alembic_version'"):  # noqa: S608
            return None
        revision: str | None = reader.value("SELECT version_num FROM alembic_version")
        return revision
    finally:
        pool.give_back(connection, is_sound=False)


def _never() -> tuple[datetime, date, None]:
    now = datetime.now().astimezone()
    return now, now.date(), None


def refuse_newer(where: object, revision: str | None) -> None:
    """Refuse a schema that this program has no migration for."""
    if revision is None or revision == REVISION:
        return
    from salestui.store import migrate

    if not migrate.is_known(revision):
        raise StoreUnusable(
            f"{where} was made by a newer salestui (schema {revision}, this program knows "
            f"{REVISION}). Install the newer program; nothing was changed."
        )


def _migrate(location: Location, revision: str | None) -> None:
    from salestui.store import migrate

    refuse_newer(location.shown, revision)
    if location.path is not None and revision is not None:
        from salestui.store.backup import backup

        backup(location, location.path.with_name(f"{location.path.name}.before-{REVISION}"))
    migrate.upgrade(location)
