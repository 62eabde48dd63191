"""The store: the only place where transactions begin and end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from salestui import config, settings
from salestui.errors import Conflict, Refused
from salestui.models.keys import new_key
from salestui.store import faults
from salestui.store.location import Location
from salestui.store.reader import Reader, ReaderPool
from salestui.text.clean import clean

if TYPE_CHECKING:
    from salestui.store.unit import Unit

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """An open store. `read` and `write` may be called from any thread; open one with `open_store`.

    `me` names the rep who works: by name, or by `login` of the system user. `clock` gives aware
    datetimes; its own zone decides which calendar day it is.
    """

    def __init__(
        self,
        location: Location,
        *,
        me: str | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.location = location
        self.actor_id: str | None = None
        self.actor = clean(me or "") or config.login()
        self._clock = clock or (lambda: datetime.now().astimezone())
        self._pool = ReaderPool(location)
        self._lock = Lock()
        self._engine: Any = None
        # Who says who they are is not taken for the rep with this system user's login.
        self._login = config.login() if me is None else ""
        self._identify()

    @property
    def dialect(self) -> str:
        return self.location.dialect

    def now(self) -> datetime:
        """This instant, in UTC."""
        return self._clock().astimezone(UTC)

    def today(self) -> date:
        """The calendar day where the user is."""
        return self._clock().date()

    def read(
        self,
        query: Callable[Concatenate[Reader, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `query` in a read transaction of its own: all of its statements see one state."""
        try:
            try:
                return self._look(query, *args, **kwargs)
            except Exception as error:
                if not faults.is_lost(error):
                    raise
                self._pool.interrupt()  # the server was restarted: old connections are of no use
                return self._look(query, *args, **kwargs)
        except Exception as error:
            sentence = faults.in_words(error, self.location)
            if sentence is None:
                raise
            raise sentence from error

    def _look(self, query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        connection, is_sound = self._pool.take(), False
        try:
            now = self._clock()  # in its own zone: an as-of view needs to know where the day ends
            reader = Reader(connection, self.dialect, now, now.date(), self.actor_id)
            try:
                result = query(reader, *args, **kwargs)
            finally:
                reader.close_found()
            is_sound = True
            return result
        finally:
            self._pool.give_back(connection, is_sound=is_sound)

    def write(
        self,
        use_case: Callable[Concatenate[Unit, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `use_case` in one transaction with its history and its audit entry, and commit it.

        Raises `Refused` with nothing written; a row that another person changed meanwhile is a
        `Conflict`. When this returns, the write survives a crash and a power cut.
        """
        from salestui.store import unit as units

        with self._lock:
            try:
                unit, result = self._attempt(use_case, *args, **kwargs)
            except units.StaleDataError as error:
                raise Conflict(
                    "Someone else has just changed this. Nothing was saved; look again and repeat."
                ) from error
            except Exception as error:
                sentence = faults.in_words(error, self.location)
                if sentence is None:
                    raise
                raise sentence from error
        if unit.is_written and config.wants_acknowledgements():
            sys.stderr.write(f"ACK {unit.request_id}\n")
            sys.stderr.flush()
        if unit.is_written and unit.kind == "do":
            row_id, summary = getattr(result, "id", ""), getattr(result, "summary", "")
            settings.run_hook(use_case.__name__, row_id=row_id, summary=summary, actor=self.actor)
        if self.actor_id is None:
            # The write stands: the next one asks again, and the next read says what is wrong.
            with suppress(Refused):
                self._identify()
        return result

    def _attempt(self, use_case: Callable[..., T], *args: Any, **kwargs: Any) -> tuple[Unit, T]:
        from salestui.store import unit as units

        for is_last in (False, False, True):
            try:
                with units.open_unit(self, new_key()) as unit:
                    result = use_case(unit, *args, **kwargs)
                    unit.finish(use_case.__name__, getattr(result, "summary", ""))
                return unit, result
            except Exception as error:
                if is_last or not faults.is_passing(error):
                    raise
        raise AssertionError("unreachable")

    def engine(self) -> Any:
        """The SQLAlchemy engine of the writer, made at the first write."""
        if self._engine is None:
            from salestui.store.engine import make_engine

            self._engine = make_engine(self.location)
        return self._engine

    def close(self) -> None:
        """Give all connections back."""
        self._pool.interrupt()
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def identify(self) -> None:
        """Find out anew who works here, after the reps themselves were exchanged."""
        self.actor_id = None
        self._identify()

    def _identify(self) -> None:
        found = self.read(_find_me, name=self.actor, login=self._login)
        if found is not None:
            self.actor_id, self.actor = found


def _find_me(reader: Reader, *, name: str, login: str) -> tuple[str, str] | None:
    row = reader.row(
        "SELECT id, name FROM rep WHERE deleted_at IS NULL"
        " AND (name = :name OR (login = :login AND login <> ''))"
        " ORDER BY CASE WHEN name = :name THEN 0 ELSE 1 END, id LIMIT 1",
        name=name,
        login=login,
    )
    return None if row is None else (row[0], row[1])
