"""The line above every screen: the places, the timer that runs, and who works where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip

from salestui.text import cell
from salestui.widgets.painted import Painted

_ROOMY = 100
_LEAST_RIGHT = 5
"""Cells in which who works where says something."""


class TopLine(Painted):
    """`places` are (key, name, mode); the one in `mode` is marked. `right` says who works where.

    While a timer runs where it is narrow, the other places are shown by their keys alone.
    """

    PART = "top-line"

    DEFAULT_CSS = """
    TopLine {
        dock: top;
        height: 1;
        background: $footer-background;

        & > .top-line--key { color: $footer-key-foreground; }
        & > .top-line--place { color: $footer-description-foreground; }
        & > .top-line--here { color: $foreground; text-style: bold reverse; }
        & > .top-line--right { color: $footer-description-foreground; }
        & > .top-line--timer { color: $foreground; text-style: bold; }
    }
    """

    def __init__(self, places: Sequence[tuple[str, str, str]], mode: str) -> None:
        super().__init__()
        self._places = tuple(places)
        self._mode = mode
        self._title = ""
        self._right = ""
        self._timer = ""

    def say(self, title: str, right: str, timer: str = "") -> None:
        """Show what the screen is about, who works where, and the timer; an empty one is none."""
        if (title, right, timer) != (self._title, self._right, self._timer):
            self._title, self._right, self._timer = title, right, timer
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint the line."""
        width = self.size.width
        looks = self.looks
        place, here, key = looks["place"], looks["here"], looks["key"]
        segments, used = [Segment(" ", place)], 1
        for pressed, name, is_here, end in self._placed():
            if is_here:
                segments.append(Segment(f" {pressed}{name}", here))
            else:
                segments += [Segment(f" {pressed}", key), Segment(name, place)]
            used = end
        room = width - used - 1
        title = f" {self._title}" if self._title else ""
        timer = ""
        if self._timer and room > 0:
            most = max(room // 2, room - cell_len(title[:room]) - 2)
            timer = cell(self._timer, min(cell_len(self._timer), most)).rstrip()
            room -= cell_len(timer) + 1
        if room > 0:
            # Where both have no room, who works where is known; what is shown is not.
            most = room - cell_len(title[:room]) - 1
            is_told = most >= _LEAST_RIGHT
            right = cell(self._right, min(cell_len(self._right), most)) if is_told else ""
            left = room - cell_len(right) - 1
            segments.append(Segment(f"{cell(title, left)} ", place))
            segments += [Segment(timer, looks["timer"]), Segment(" ", place)] if timer else []
            segments.append(Segment(right, looks["right"]))
        return Strip(segments).adjust_cell_length(width, place)

    def _placed(self) -> Iterator[tuple[str, str, bool, int]]:
        """Each place: its key, what stands behind it, whether one is there, the cell where it ends."""
        is_roomy, end = self.size.width >= _ROOMY, 1
        for pressed, name, mode in self._places:
            is_here = mode == self._mode
            if self._timer and not is_roomy and not is_here:
                shown = ""
            else:  # nothing follows a name where it is narrow, for the title needs the room
                shown = f" {name} " if is_roomy else f" {name}"
            end += len(pressed) + len(shown) + 1
            yield pressed, shown, is_here, end

    def on_click(self, event: events.Click) -> None:
        """Go to the place that is clicked."""
        for pressed, _name, _is_here, end in self._placed():
            if 1 <= event.x < end:
                event.stop()
                self.app.simulate_key(pressed)
                return
