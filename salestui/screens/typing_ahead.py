"""Keys one after another: each is let in when the one before it has had its effect.

A key is handled by the widget that has the focus when it comes. Of what is typed fast, the rest
would reach the screen that a form is about to cover, where the same letters move and close deals.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, NamedTuple
from weakref import WeakSet

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import Worker

_LOOK_SECONDS = 0.01
"""How often it is looked whether a form has come that keys wait for."""

_PATIENCE_SECONDS = 1.0
"""After so long a key is let in, though its forerunner's effect or the screen's paint was not told."""

AT_ONCE = frozenset({"ctrl+q"})


class Followed(Message):
    """Goes the way of a key behind it: when it comes to the app, the key has had its effect."""

    def __init__(self, key: events.Key) -> None:
        super().__init__()
        self.key = key


class _UnderWay(NamedTuple):
    key: events.Key
    target: MessagePump
    screen: Screen[Any]
    since: float


class TypingAhead:
    """The keys that wait. `let_in` handles one; workers of the group "act" open forms."""

    def __init__(self, app: App[Any], let_in: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app, self._let_in = app, let_in
        self._waiting: deque[events.Key] = deque()
        self._under_way: _UnderWay | None = None
        self._ready: Screen[Any] | None = None
        self._asked: tuple[Screen[Any], float] | None = None
        self._is_looking = False
        self._shown: WeakSet[Worker[Any]] = WeakSet()

    async def take(self, key: events.Key) -> None:
        """Let a key in, now or in its turn; escape cancels a form that is still opening."""
        if key.key in AT_ONCE or not self._app.screen_stack:
            await self._let_in(key)
        else:
            self._waiting.append(key)
            await self.go_on()

    async def go_on(self) -> None:
        """Let the next key in, if it is its turn."""
        if not self._app.screen_stack:
            return
        self._escape()
        if not self._waiting:
            return
        if not self._is_its_turn():
            self._look_again()
            return
        key, app = self._waiting.popleft(), self._app
        target = app.focused or app.screen
        self._under_way = _UnderWay(key, target, app.screen, monotonic())
        await self._let_in(key)
        if not target.post_message(Followed(key)):
            self._under_way = None

    def followed(self, key: events.Key) -> None:
        """A key has had its effect; also what it has put off until the app's next turn comes first."""
        if self._under_way is not None and self._under_way.key is key:
            self._under_way = None
        self._app.call_later(self.go_on)

    def shown(self, worker: Worker[Any]) -> None:
        """A worker has opened its form: escape is the form's from here, and cancels no write."""
        self._shown.add(worker)

    def _escape(self) -> None:
        """Cancel what is opening, and what was typed for it, where escape was typed after it."""
        opening = self._opening()
        if opening and any(key.key == "escape" for key in self._waiting):
            while self._waiting.popleft().key != "escape":
                pass
            for worker in opening:
                worker.cancel()

    def _is_its_turn(self) -> bool:
        way = self._under_way
        is_past = (
            way is None
            or way.screen is not self._app.screen
            or not way.target.is_running
            or monotonic() - way.since > _PATIENCE_SECONDS
        )
        return is_past and not self._acting() and self._is_ready(self._app.screen)

    def _acting(self) -> list[Worker[Any]]:
        return [
            each
            for each in self._app.workers
            if each.group == "act" and each.node is self._app.screen and not each.is_finished
        ]

    def _opening(self) -> list[Worker[Any]]:
        return [each for each in self._acting() if each not in self._shown]

    def _is_ready(self, screen: Screen[Any]) -> bool:
        """Whether a screen that has come up has its widgets, and the first of them the focus."""
        if screen is self._ready:
            return True
        if self._asked is None or self._asked[0] is not screen:
            self._asked = (screen, monotonic())
            screen.call_after_refresh(self._app.call_later, self._is_up, screen)
        elif monotonic() - self._asked[1] > _PATIENCE_SECONDS:
            self._ready = screen
        return screen is self._ready

    async def _is_up(self, screen: Screen[Any]) -> None:
        self._ready, self._asked = screen, None
        await self.go_on()

    def _look_again(self) -> None:
        if not self._is_looking:
            self._is_looking = True
            self._app.run_worker(self._look(), group="early")

    async def _look(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(_LOOK_SECONDS)
                self._app.call_later(self.go_on)
        finally:
            self._is_looking = False
