"""Opening the demo team's own store: made where missing, made anew when its day is past, never a real one."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from salestui import config
from salestui.errors import Refused
from salestui.store import driver
from salestui.store.location import locate
from salestui.store.opening import open_store
from salestui.store.store import Store
from salestui.text import clean

EDITION = "5"
"""Counts up when this package makes up another team; a demo store of an older edition is made anew."""

AS_OF, MADE_BY = "demo.as_of", "demo.edition"
"""Settings by which a demo store is known."""

_JOURNALS = ("-wal", "-shm", "-journal")
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Demo:
    """The open demo store. `note` is a sentence for the user, or empty."""

    store: Store
    as_of: date
    note: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What a demo store says of itself."""

    as_of: date
    edition: str
    is_changed: bool


def open_demo(
    *,
    where: str | None = None,
    me: str | None = None,
    as_of: date | None = None,
    is_reset: bool = False,
    clock: Clock | None = None,
    before_making: Callable[[], None] = lambda: None,
) -> Demo:
    """Open the demo store, at `where` or in its own place, living on the day `as_of` (default today).

    It is made anew when it is of another day or edition and nobody has changed anything in it, or on
    `is_reset`: that takes seconds, so `before_making` is called first. Refused where `where` is
    anything but a demo store.
    """
    clock = clock or (lambda: datetime.now().astimezone())
    path = _path(where)
    known = _look(path)
    wished = as_of or clock().date()
    note = ""
    is_current = known is not None and known.as_of == wished and known.edition == EDITION
    if known is not None and known.is_changed and not is_reset and not is_current:
        if as_of is not None:
            raise Refused(
                f"You have changed things in the demo store of {known.as_of.isoformat()}: "
                f"add --reset to start it over as of {as_of.isoformat()}."
            )
        wished = max(wished, known.as_of)
        note = (
            f"The demo team is still that of {known.as_of.isoformat()}, with your changes; "
            "'salestui demo --reset' starts it over."
        )
    elif is_reset or not is_current:
        before_making()
        _make(path, wished, _on(clock, wished))
    return Demo(_opened(path, me, _on(clock, wished)), wished, note)


def _opened(path: Path, me: str | None, clock: Clock) -> Store:
    store = open_store(str(path), me=me, clock=clock)
    if me is not None and (store.actor_id is None or store.actor != me):
        store.close()
        raise Refused(f"There is no rep '{clean(me)}' in the demo team: leave --me out.")
    return store


def _on(clock: Clock, day: date) -> Clock:
    """The clock, shifted by whole days to the day the demo lives on."""
    shift = timedelta(days=(day - clock().date()).days)
    return (lambda: clock() + shift) if shift else clock


def _path(where: str | None) -> Path:
    location = locate(where or config.demo_location())
    if location.path is None:
        raise Refused("The demo store is a file of its own: give --db a path, or leave it out.")
    return location.path


def _look(path: Path) -> _Known | None:
    """What a demo store says of itself; `None` where there is no file; any other file is refused.

    It is only read, not opened as a store: a real one named by mistake must not even be migrated.
    """
    if not path.exists():
        return None
    try:
        connection = driver.connect(path, is_reader=True)
        try:
            known = _known(connection)
        finally:
            connection.close()
    except driver.sqlite.Error:
        known = None
    if known is None:
        raise Refused(
            f"{path} is not a demo store, so the demo leaves it alone: "
            "give --db a new file, or leave it out."
        )
    return known


def _known(connection: Any) -> _Known | None:
    said = dict(connection.execute("SELECT name, value FROM setting").fetchall())
    if AS_OF not in said:
        return None
    (writes,) = connection.execute("SELECT count(*) FROM audit_entry").fetchone()
    return _Known(date.fromisoformat(said[AS_OF]), said.get(MADE_BY, ""), writes > 1)


def _make(path: Path, as_of: date, clock: Clock) -> None:
    """Make a whole demo store beside its place, then put it there: nobody ever sees half of one."""
    from salestui.demo.seed import seed_demo

    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        store = open_store(str(draft), clock=clock)
        try:
            store.write(seed_demo, as_of=as_of)
        finally:
            store.close()
        for end in _JOURNALS:
            Path(f"{path}{end}").unlink(missing_ok=True)
        draft.replace(path)
    except PermissionError as error:
        raise Refused(
            f"{path} cannot be replaced: close the program where the demo is open, and try again."
        ) from error
    finally:
        for end in ("", *_JOURNALS):
            Path(f"{draft}{end}").unlink(missing_ok=True)
