"""A line of names, one of them marked: what a screen can show in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from salestui.widgets.painted import Painted


class TabLine(Painted):
    """Names side by side. Where they do not all fit, those around the marked one are seen.

    ‹ and › at the ends tell that there are more.
    """

    PART = "tab-line"

    DEFAULT_CSS = """
    TabLine {
        height: 1;

        & > .tab-line--name { color: $text-muted; }
        & > .tab-line--here { color: $text-accent; text-style: bold reverse; }
    }
    """

    @dataclass
    class Clicked(Message):
        """A name was clicked."""

        place: int

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = tuple(names)
        self._here = 0

    def mark(self, place: int) -> None:
        """Mark a name by its place, from 0."""
        if place != self._here:
            self._here = place
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint the names."""
        name, here = self.looks["name"], self.looks["here"]
        segments = [
            Segment(f" {text} ", here if place == self._here else name)
            for place, text in enumerate(self._names)
        ]
        first = self._first_cell()
        width, ends = self.size.width, self._ends()
        last = ends[-1] if ends else 0
        strip = Strip(segments).crop(first, first + width).adjust_cell_length(width, name)
        if first and width > 1:
            strip = Strip.join([Strip([Segment("‹", name)]), strip.crop(1)])
        if first + width < last:
            strip = Strip.join([strip.crop(0, width - 1), Strip([Segment("›", name)])])
        return strip

    def on_click(self, event: events.Click) -> None:
        """Tell which name is clicked."""
        x = event.x + self._first_cell()
        for place, end in enumerate(self._ends()):
            if x < end:
                event.stop()
                self.post_message(self.Clicked(place))
                return

    def _ends(self) -> list[int]:
        ends, end = [], 0
        for text in self._names:
            end += cell_len(text) + 2
            ends.append(end)
        return ends

    def _first_cell(self) -> int:
        """How many cells are out of sight on the left so that the marked name is seen whole."""
        if not self._names:
            return 0
        ends, width = self._ends(), self.size.width
        # Beside the marked name there is room for the sign that more follow.
        needed = ends[self._here] + (self._here < len(ends) - 1) - width
        # It begins with a whole name: half a name says nothing.
        return next((start for start in (0, *ends) if start >= needed), 0)
