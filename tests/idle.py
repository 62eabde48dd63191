"""When an app under test has nothing left to do: asked of its event loop, not guessed from the CPU."""

from __future__ import annotations

import asyncio
from typing import Any

import textual.app
import textual.pilot

_SOON = 0.02
"""Seconds: Textual lays out and paints within 1/60 s of what asks for it."""

_ROUNDS = 3
_TIMERS = 12
"""What repeats faster than `_SOON` would never be idle."""


async def wait_for_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until nothing is ready to run and no timer is about to be.

    Textual's own calls a process idle that used no CPU for a few milliseconds: on a machine that
    is busy with other work that is any process that has not had its turn.
    """
    loop: Any = asyncio.get_running_loop()
    until = loop.time() + max_sleep
    await asyncio.sleep(min_sleep)
    quiet = timers = 0
    while quiet < _ROUNDS and loop.time() < until:
        await asyncio.sleep(0)
        quiet = 0 if loop._ready else quiet + 1
        now = loop.time()
        due = [each.when() - now for each in loop._scheduled if not each.cancelled()]
        soon = min(due, default=_SOON)
        if quiet == _ROUNDS and soon < _SOON and timers < _TIMERS:
            await asyncio.sleep(max(soon, 0) + 0.0005)
            quiet, timers = 0, timers + 1


def install() -> None:
    """Let every Pilot wait this way."""
    for module in (textual.app, textual.pilot):
        vars(module)["wait_for_idle"] = wait_for_idle
