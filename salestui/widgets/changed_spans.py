"""Let a screen write only the cells that changed.

Textual's partial update rewrites each changed line from its widget's left edge up to the changed
region (Textualize/textual#5625), which for one wide widget makes a cursor key cost kilobytes.
"""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate
from textual.screen import Screen


class ChangedSpans(ChopsUpdate):
    """A partial update that starts each line at the changed span, not left of it."""

    def render_segments(self, console: Console) -> str:
        """Render to terminal sequences."""
        written: list[str] = []
        for y, first, last in self.spans:
            for (x, strip), end in zip(self.chops[y].items(), self.chop_ends[y], strict=False):
                left, right = max(x, first), min(end, last)
                if strip is None or left >= right:
                    continue
                written.append(Control.move_to(left, y).segment.text)
                written.append(strip.crop(left - x, right - x).render(console))
        return "".join(written)


def write_changed_spans_only(screen: Screen[Any]) -> None:
    """Make this screen's partial updates narrow; a second call changes nothing."""
    compositor = screen._compositor
    if "render_partial_update" in vars(compositor):
        return
    whole_lines = compositor.render_partial_update

    def narrow() -> ChangedSpans | None:
        update = whole_lines()
        if update is None:
            return None
        return ChangedSpans(update.chops, update.spans, update.chop_ends)

    compositor.render_partial_update = narrow  # type: ignore[method-assign]
