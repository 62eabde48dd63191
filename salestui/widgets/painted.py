"""A widget that paints its own lines, in styles that its CSS gives to parts of it."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual._styles_cache import StylesCache
from textual.dom import DOMNode
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Looks(dict[str, Style]):
    """The styles of a widget's parts by name, each worked out when it is first painted.

    Textual's component classes work out every style of every widget whenever it is mounted, focused
    or resized, which takes longer than to paint it, for styles few of which are seen.
    """

    def __init__(self, widget: Painted) -> None:
        super().__init__()
        self._widget = widget

    def __missing__(self, part: str) -> Style:
        node = DOMNode(classes=f"{self._widget.PART}--{part}")
        node._attach(self._widget)
        self._widget.app.stylesheet.apply(node)
        style = self[part] = node.rich_style
        return style


class _Lines(StylesCache):
    """The lines of a widget as it has painted them, each until it changes.

    Textual's own cache lays padding, borders and effects around every line that has changed, also where
    there are none. Here is no outline and no hatch.
    """

    def render_widget(self, widget: Widget, crop: Region) -> list[Strip]:
        """The lines in the region."""
        width, height = widget.outer_size
        if widget.size != (width, height) or widget.opacity != 1 or widget.styles.tint.a:
            return super().render_widget(widget, crop)
        if width != self._width:
            self.clear()
            self._width = width
        filters, background = widget.get_line_filters(), widget.background_colors[1]
        lines = []
        for y in crop.line_range:
            line = None if y in self._dirty_lines else self._cache.get(y)
            if line is None:
                painted = widget.render_line(y)
                segments = [*painted]
                for each in filters:
                    segments = each.apply(segments, background)
                line = self._cache[y] = Strip(segments, painted.cell_length)
            lines.append(line)
        self._dirty_lines.difference_update(crop.line_range)
        left, right = crop.column_span
        return lines if (left, right) == (0, width) else [line.crop(left, right) for line in lines]


class Painted(Widget):
    """A widget with `looks`: a part "late" of `PART` "list" is styled as `& > .list--late` says."""

    PART: ClassVar = ""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.looks = Looks(self)
        self._styles_cache = _Lines()

    def notify_style_update(self) -> None:
        """Paint anew where theme, focus or CSS have changed a look that was painted."""
        super().notify_style_update()
        before = dict(self.looks)
        self.looks.clear()
        if any(self.looks[part] != style for part, style in before.items()):
            self.refresh()
