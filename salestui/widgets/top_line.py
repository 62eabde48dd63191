"""The line above every screen: the places and who works where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from salestui.text import cell

_ROOMY = 100
_LEAST_RIGHT = 5
"""Cells in which who works where says something."""


class TopLine(Widget):
    """`places` are (key, name, mode); the one in `mode` is marked. `right` says who works where."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar = {
        "top-line--place",
        "top-line--here",
        "top-line--key",
        "top-line--right",
    }

    DEFAULT_CSS = """
    TopLine {
        dock: top;
        height: 1;
        background: $footer-background;

        & > .top-line--key { color: $footer-key-foreground; }
        & > .top-line--place { color: $footer-description-foreground; }
        & > .top-line--here { color: $foreground; text-style: bold reverse; }
        & > .top-line--right { color: $footer-description-foreground; }
    }
    """

    def __init__(self, places: Sequence[tuple[str, str, str]], mode: str) -> None:
        super().__init__()
        self._places = tuple(places)
        self._mode = mode
        self._title = ""
        self._right = ""

    def say(self, title: str, right: str) -> None:
        """Show what the screen is about, and who works where."""
        if (title, right) != (self._title, self._right):
            self._title, self._right = title, right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint the line."""
        width = self.size.width
        place, here, key, muted = (
            self.get_component_rich_style(f"top-line--{name}")
            for name in ("place", "here", "key", "right")
        )
        segments = [Segment(" ", place)]
        used, gap = 1, self._gap
        for pressed, name, mode in self._places:
            if mode == self._mode:
                segments.append(Segment(f" {pressed} {name}{gap}", here))
            else:
                segments += [Segment(f" {pressed}", key), Segment(f" {name}{gap}", place)]
            used += len(pressed) + len(name) + 2 + len(gap)
        room = width - used - 1
        title = f" {self._title}" if self._title else ""
        if room > 0:
            # Where both have no room, who works where is known; what is shown is not.
            most = room - cell_len(title[:room]) - 1
            is_told = most >= _LEAST_RIGHT
            right = cell(self._right, min(cell_len(self._right), most)) if is_told else ""
            left = room - cell_len(right) - 1
            segments += [Segment(f"{cell(title, left)} ", place), Segment(right, muted)]
        return Strip(segments).adjust_cell_length(width, place)

    @property
    def _gap(self) -> str:
        """What follows a name: nothing where it is narrow, for the title needs the room."""
        return " " if self.size.width >= _ROOMY else ""

    def on_click(self, event: events.Click) -> None:
        """Go to the place that is clicked."""
        x = 1
        for pressed, name, _mode in self._places:
            end = x + len(pressed) + len(name) + 2 + len(self._gap)
            if x <= event.x < end:
                event.stop()
                self.app.simulate_key(pressed)
            x = end
