"""The history and what was worked out from it, kept between reads until anybody writes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import RLock
from typing import Any, TypeVar

from salestui.analytics.events import Events
from salestui.analytics.history import read_events
from salestui.store.reader import Reader

T = TypeVar("T")

_STAMP = "SELECT count(*), max(id) FROM audit_entry"
"""Every write adds an entry and none is ever taken away: another stamp means another store."""


class Kept:
    """One store's events and results made of them. Any write by anybody throws all of it away."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._stamp: tuple[Any, ...] | None = None
        self._events: Events | None = None
        self._made: dict[Hashable, Any] = {}

    def events(self, reader: Reader) -> Events:
        """The events as the store has them now; read again after any write and on another day."""
        with self._lock:
            stamp = (*(reader.row(_STAMP) or ()), reader.today)
            if self._events is None or stamp != self._stamp:
                self._made.clear()
                self._events, self._stamp = read_events(reader), stamp
            return self._events

    def made(self, reader: Reader, key: Hashable, make: Callable[[Events], T]) -> T:
        """What `make` makes of the events, made once for each `key`.

        Whatever it depends on besides the history belongs in the key.
        """
        with self._lock:
            events = self.events(reader)
            if key not in self._made:
                self._made[key] = make(events)
            found: T = self._made[key]
            return found

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Within the block `made_once` looks here first: a report need not read what is kept."""
        mark = _LENT.set(self)
        try:
            yield
        finally:
            _LENT.reset(mark)


_LENT: ContextVar[Kept | None] = ContextVar("lent", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within the block `made_once` reads the history once, or not at all where it is lent already."""
    if _LENT.get() is not None:
        yield
        return
    with Kept().lent():
        yield


def made_once(reader: Reader, key: Hashable, make: Callable[[Events], T]) -> T:
    """What `make` makes of the store's events: kept where they are lent, else read and made now."""
    kept = _LENT.get()
    return make(read_events(reader)) if kept is None else kept.made(reader, key, make)


def events_of(reader: Reader) -> Events:
    """The store's events: those that are kept where they are lent, else read now."""
    return made_once(reader, "events", lambda events: events)


def give_back() -> None:
    """Hand memory that is free to the system: a thread that reckoned with large arrays keeps theirs.

    At 100,000 deals that is some 50 to 80 MB. Only glibc has to be asked, and elsewhere nothing is done.
    """
    import ctypes

    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return
    trim(0)
