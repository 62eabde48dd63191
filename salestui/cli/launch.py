"""Opening a screen: recognised without the command parser, whose import takes as long as a frame."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from salestui.store.store import Store

SCREENS = ("today", "board", "clients", "log", "funnel")


class Wish(NamedTuple):
    """The screen to open, the store (`--db`) and the rep who works (`--me`)."""

    screen: str = "today"
    db: str | None = None
    me: str | None = None


def wished(arguments: Sequence[str]) -> Wish | None:
    """The screen that the arguments ask for, if they ask for nothing else and there is a terminal."""
    options: dict[str, str] = {}
    screens: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if name in ("--db", "--me"):
            if not equals and not rest:
                return None
            options[name] = value if equals else rest.pop(0)
        elif word in SCREENS:
            screens.append(word)
        else:
            return None
    if len(screens) > 1 or not is_terminal():
        return None
    return Wish(screens[0] if screens else "today", options.get("--db"), options.get("--me"))


def is_terminal() -> bool:
    """Whether a person sits in front of it: screens read keys and draw."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def open_screen(wish: Wish) -> int:
    """Run the app on the wished screen and store; returns its exit code."""
    return run(lambda: _open(wish), wish.screen)


def run(open_store: Callable[[], Store], screen: str) -> int:
    """Run the app on a store that it opens itself while it paints; returns its exit code."""
    import gc

    gc.disable()  # nothing of what the imports make is garbage
    from salestui.app import run_app

    gc.freeze()
    gc.enable()
    return run_app(open_store, screen)


def _open(wish: Wish) -> Store:
    from salestui.cli.opening import Choice, open_chosen

    return open_chosen(Choice(wish.db, wish.me), is_created=True)
