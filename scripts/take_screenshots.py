"""Takes the pictures of the program for its documentation: docs/board.svg and the others.

They are made from the demo team on a fixed day with a stopped clock, so that they change only when
the program does. Run it after changing what they show; a test compares.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot

from salestui.app import SalesApp
from salestui.demo.opening import open_demo
from salestui.queries.names import find_client
from salestui.store.store import Store
from salestui.themes import DARK

FOLDER = Path(__file__).parent.parent / "docs"
AS_OF = date(2026, 3, 18)
REP = "Ieva Jankauskaitė"
CLIENT = "Šiaulių plastikas"

_OWN_FOLDERS = (
    "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME", "LOCALAPPDATA",
)  # fmt: skip

Drive = Callable[[SalesApp, Pilot[None]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the place to begin in, the terminal's size, what to do before it is taken."""

    name: str
    start: str
    size: tuple[int, int]
    drive: Drive | None = None

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.name}.svg"


async def _to_the_offers(_app: SalesApp, pilot: Pilot[None]) -> None:
    await pilot.press("right", "right", "right", "down")


async def _to_the_client(app: SalesApp, _pilot: Pilot[None]) -> None:
    client = await app.desk.read(find_client, CLIENT)
    app.open_client(client.id)


async def _to_the_changes(app: SalesApp, pilot: Pilot[None]) -> None:
    await pilot.press("M")
    await _settle(app, pilot)
    await pilot.press("space")


PICTURES = (
    Picture("board", "board", (120, 32), _to_the_offers),
    Picture("client", "clients", (120, 38), _to_the_client),
    Picture("funnel", "funnel", (120, 34)),
    Picture("forecast", "forecast", (160, 42)),
    Picture("meeting", "funnel", (140, 42), _to_the_changes),
)


def take_all(folder: Path) -> dict[str, str]:
    """The pictures as SVG by name; the demo store is made in `folder`."""
    where = str(folder / "demo.db")
    clock = datetime.combine(AS_OF, time(9), UTC)

    def open_store() -> Store:
        return open_demo(where=where, me=REP, as_of=AS_OF, clock=lambda: clock).store

    # What the user of this machine looked at last is remembered there, and would be pictured.
    with patch.dict(os.environ, dict.fromkeys(_OWN_FOLDERS, str(folder))):
        open_store().close()
        return {picture.name: asyncio.run(_take(picture, open_store)) for picture in PICTURES}


async def _take(picture: Picture, open_store: Callable[[], Store]) -> str:
    app = SalesApp(open_store, picture.start)
    app.theme = DARK.name
    async with app.run_test(size=picture.size) as pilot:
        await _settle(app, pilot)
        if picture.drive is not None:
            await picture.drive(app, pilot)
            await _settle(app, pilot)
        taken = app.export_screenshot(title="salestui")
        await app.desk.close()
    return tidy(taken)


async def _settle(app: SalesApp, pilot: Pilot[Any]) -> None:
    """Wait until all that was begun is done, and what that began."""
    idle = 0
    while idle < 3:
        await pilot.pause()
        busy = [worker for worker in app.workers if not worker.is_finished]
        idle = 0 if busy else idle + 1
        await app.workers.wait_for_complete(busy or None)


_FONT = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_ID = re.compile(r"terminal-\d+-")
_LONG = re.compile(r"\d+\.\d{4,}")
_TEXT = re.compile(
    r'<text (?P<head>class="[^"]*") x="(?P<x>[\d.]+)" (?P<y>y="[^"]*") '
    r'textLength="(?P<length>[\d.]+)" (?P<rest>[^>]*)>(?P<blanks>(?:&#160;)+)'
)
_CELL = 12.2
"""Width of a cell in the picture's units."""


def tidy(svg: str) -> str:
    """The picture without what differs from one to the next, and without fonts from elsewhere.

    Blanks before a text become its place: some viewers leave them out.
    """
    svg = _ID.sub("t-", _FONT.sub("", svg))
    svg = _TEXT.sub(_without_blanks, svg)
    svg = _LONG.sub(lambda number: f"{float(number[0]):.1f}", svg)
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def _without_blanks(text: re.Match[str]) -> str:
    taken = text["blanks"].count(";") * _CELL
    x, length = float(text["x"]) + taken, float(text["length"]) - taken
    return f'<text {text["head"]} x="{x:.1f}" {text["y"]} textLength="{length:.1f}" {text["rest"]}>'


def main() -> None:
    """Write them."""
    os.environ.pop("NO_COLOR", None)
    with tempfile.TemporaryDirectory() as folder:
        for name, svg in take_all(Path(folder)).items():
            path = FOLDER / f"{name}.svg"
            path.write_text(svg, encoding="utf-8", newline="\n")
            sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
