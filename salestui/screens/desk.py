"""Where a person works: the open store, reached from the event loop without ever blocking it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from datetime import date

    from salestui.queries.timer import Timer
    from salestui.store.reader import Reader
    from salestui.store.store import Store
    from salestui.store.unit import Unit

P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """One store, opened in a thread; reads run beside each other, writes one after another.

    `writes` counts what was written here: a screen that has seen fewer is stale. `timer` is the timer
    as it was last read. `as_of` is the day as of which the screens of reports show everything, `None`
    for today.
    """

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open_store = open_store
        self._opening: asyncio.Task[Store] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()
        self._store: Store | None = None
        self.writes = 0
        self.timer: Timer | None = None
        self.as_of: date | None = None

    @property
    def me(self) -> str | None:
        """The key of the rep who works here, once the store is open and knows one."""
        return None if self._store is None else self._store.actor_id

    @property
    def actor(self) -> str:
        """The name of who works here, or the login of whom the store does not know yet."""
        return "" if self._store is None else self._store.actor

    @property
    def title(self) -> str:
        """Who works on what: "Ona · sales.db"; empty until the store is open."""
        if self._store is None:
            return ""
        location = self._store.location
        where = location.path.name if location.path is not None else location.shown
        return f"{self._store.actor} · {where}"

    @property
    def timer_words(self) -> str:
        """How long the timer runs and on what: "12 min · Acme"; empty where none runs."""
        if self._store is None or self.timer is None:
            return ""
        return self.timer.words(self._store.now())

    @property
    def address(self) -> str:
        """The address of the store, without a password."""
        return "" if self._store is None else self._store.location.shown

    @property
    def is_open(self) -> bool:
        """Whether the store can be read without waiting."""
        return self._store is not None

    def start_opening(self) -> None:
        """Open the store in a thread, if that has not begun."""
        if self._opening is None:
            # At once, not in a task, whose turn would come when the screen has been made.
            opened = asyncio.get_running_loop().run_in_executor(None, self._open_store)
            self._opening = asyncio.create_task(self._open(opened))

    async def _open(self, opened: asyncio.Future[Store]) -> Store:
        self._store = await opened
        return self._store

    async def store(self) -> Store:
        """The open store. Raises what opening it raised."""
        self.start_opening()
        assert self._opening is not None
        return await asyncio.shield(self._opening)

    async def warm(self) -> None:
        """Import what writing needs, in a thread: it takes half a second, once."""
        if self._warming is None:
            self._warming = asyncio.create_task(asyncio.to_thread(_import_writing))
        await asyncio.shield(self._warming)

    async def read(
        self, query: Callable[Concatenate[Reader, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query in a read transaction of its own."""
        store = await self.store()
        return await asyncio.to_thread(store.read, query, *args, **kwargs)

    async def write(
        self, use_case: Callable[Concatenate[Unit, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a use case and commit it. Raises `Refused` with nothing written."""
        store = await self.store()
        await self.warm()
        async with self._writing:
            # A write that has begun is finished, whoever stops waiting for it.
            done = asyncio.ensure_future(asyncio.to_thread(store.write, use_case, *args, **kwargs))
            try:
                return await asyncio.shield(done)
            finally:
                if not done.done():
                    await asyncio.wait([done])
                self.writes += 1

    async def close(self) -> None:
        """Wait for the write under way and close the store."""
        if self._opening is None:
            return
        async with self._writing:
            try:
                store = await self._opening
            except Exception:
                return
            self._store = None
            store.close()


def _import_writing() -> None:
    gc.disable()  # nothing of what the imports make is garbage
    try:
        from salestui.queries import choices, deal_card
        from salestui.usecases import activities, clients, outcomes, people, process, start, undo

        assert all(
            (activities, clients, outcomes, people, process, start, undo, choices, deal_card)
        )
        gc.freeze()
    finally:
        gc.enable()
