"""Let a screen write only the cells that changed.

Textual's partial update rewrites each changed line from its widget's left edge up to the changed
region (Textualize/textual#5625), which for one wide widget makes a cursor key cost kilobytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import ChopsUpdate
from textual.screen import Screen
from textual.strip import Strip


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
                written.append(f"\x1b[{y + 1};{left + 1}H")
                if (left, right) == (x, end):
                    written.append(strip.render(console))
                else:
                    written.extend(_between(strip, left - x, right - x, console))
        return "".join(written)


def _between(strip: Strip, first: int, last: int, console: Console) -> Iterator[str]:
    """The sequences of what stands in these cells; a strip cropped for it would be dear to make."""
    colors = console._color_system or ColorSystem.TRUECOLOR
    x = 0
    for segment in strip:
        start, x = x, x + segment.cell_length
        if x <= first:
            continue
        if start >= last:
            return
        if x > last:
            segment = segment.split_cells(last - start)[0]
        if start < first:
            segment = segment.split_cells(first - start)[1]
        text, style, _control = segment
        yield text if style is None else strip.render_style(style, text, colors)


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
