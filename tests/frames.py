"""What a Textual app shows, as text: rows of the screen, golden frames, the bytes of an update."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

GOLDEN = Path(__file__).parent / "golden"


def frame(app: App[Any]) -> str:
    """The screen's rows as a reader sees them, blanks at the ends of lines cut."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


def assert_frame(app: App[Any], name: str) -> None:
    """Compare the screen with `golden/NAME.txt`; UPDATE_FRAMES=1 writes it instead."""
    path, shown = GOLDEN / f"{name}.txt", frame(app)
    if os.environ.get("UPDATE_FRAMES"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


class Written:
    """What a screen would have written to a terminal, update by update."""

    def __init__(self) -> None:
        self.updates: list[str] = []

    def clear(self) -> None:
        self.updates.clear()

    @property
    def sizes(self) -> list[int]:
        """Bytes of each update."""
        return [len(update.encode()) for update in self.updates]


@contextmanager
def written_by(app: App[Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """Record updates of the current screen: a headless app renders none of them to bytes."""
    written = Written()
    display = app._display

    def record(screen: Any, renderable: Any) -> None:
        if hasattr(renderable, "render_segments"):
            written.updates.append(renderable.render_segments(app.console))
        display(screen, renderable)

    with monkeypatch.context() as patch:
        patch.setattr(app, "_display", record)
        yield written
