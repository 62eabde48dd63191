"""Driving the whole app on a store: keys in, what the person sees and what is kept out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from textual.pilot import Pilot
from textual.screen import ModalScreen

from salestui.app import SalesApp
from salestui.store.store import Store
from tests.frames import frame

_DEADLINE = 20
_IDLE_ROUNDS = 3
"""What ends may begin something after the next paint."""

_WAITING = "act"
"""Workers of this group wait for the form that they have opened."""


@dataclass(frozen=True)
class Driven:
    """An app that runs."""

    app: SalesApp
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys, each when the one before has had its effect."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type into the field that has the focus, as if pasted: any sign at all."""
        field: Any = self.app.focused
        insert = getattr(field, "insert_text_at_cursor", None) or field.insert
        insert(text)
        await self.settle()

    async def settle(self) -> None:
        """Wait until all that was begun is done, or waits for the person."""
        until, idle = monotonic() + _DEADLINE, 0
        while True:
            await self.pilot.pause()
            busy = [each for each in self.app.workers if not each.is_finished]
            if isinstance(self.app.screen, ModalScreen):
                busy = [each for each in busy if each.group != _WAITING]
            idle = 0 if busy else idle + 1
            if idle == _IDLE_ROUNDS:
                return
            assert monotonic() < until, f"never done: {busy}"
            await self.pilot.pause(0.005)

    @property
    def seen(self) -> str:
        """The rows of the screen."""
        return frame(self.app)

    @property
    def said(self) -> list[str]:
        """The toasts so far."""
        return [each.message for each in self.app._notifications]


@asynccontextmanager
async def driven(
    store: Store, start: str = "board", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Driven]:
    """The app on a store."""
    app = SalesApp(lambda: store, start)
    async with app.run_test(size=size, notifications=True) as pilot:
        run = Driven(app, pilot)
        await run.settle()
        yield run
