"""A list painted line by line: one widget for any number of rows, each of any number of lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from salestui.widgets.changed_spans import write_changed_spans_only
from salestui.widgets.painted import Painted


class Piece(NamedTuple):
    """Some text in one style of `STYLES`."""

    text: str
    style: str = "text"


class Line(NamedTuple):
    """A painted line. Neighbours with the same `key` are one row; without a key it is no row."""

    pieces: tuple[Piece, ...] = ()
    key: str | None = None


def line(*pieces: str | tuple[str, str], key: str | None = None) -> Line:
    """A line of texts, each plain or with its style."""
    made = (Piece(part) if isinstance(part, str) else Piece(*part) for part in pieces)
    return Line(tuple(made), key)


Builder = Callable[[int], Sequence[Line]]
"""Makes the lines for a width in cells."""

STYLES = (
    "text",
    "title",
    "muted",
    "head",
    "rule",
    "late",
    "today",
    "good",
    "bad",
    "warn",
    "accent",
    "hint",
    "cursor",
)


class _Row(NamedTuple):
    """A row: its key and its lines, from `start` up to but without `end`."""

    key: str
    start: int
    end: int


def _rows(lines: Sequence[Line]) -> list[_Row]:
    rows: list[_Row] = []
    for number, each in enumerate(lines):
        if each.key is None:
            continue
        if rows and rows[-1].key == each.key and rows[-1].end == number:
            rows[-1] = _Row(each.key, rows[-1].start, number + 1)
        else:
            rows.append(_Row(each.key, number, number + 1))
    return rows


class LineList(Painted, can_focus=True):
    """Lines with a cursor on those that stand for something.

    It is given a builder of lines, called anew when the width changes, and keeps its cursor on the
    same key when the lines change.
    """

    PART = "line-list"

    BINDINGS: ClassVar = [
        Binding("enter", "open", "Open", id="list.open", tooltip="Open what the cursor is on"),
        Binding("up,k", "move(-1)", "Up", id="list.up", show=False, tooltip="Go up"),
        Binding("down,j", "move(1)", "Down", id="list.down", show=False, tooltip="Go down"),
        Binding("pageup", "page(-1)", "Page up", id="list.page_up", show=False,
                tooltip="Go up by a screenful"),
        Binding("pagedown", "page(1)", "Page down", id="list.page_down", show=False,
                tooltip="Go down by a screenful"),
        Binding("home,g", "first", "First", id="list.first", show=False,
                tooltip="Go to the first row"),
        Binding("end,G", "last", "Last", id="list.last", show=False,
                tooltip="Go to the last row"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    LineList {
        width: 1fr;
        height: 1fr;

        & > .line-list--text { color: $foreground 90%; }
        & > .line-list--title { text-style: bold; }
        & > .line-list--muted { color: $text-muted; }
        & > .line-list--head { color: $text-accent; text-style: bold; }
        & > .line-list--rule { color: $foreground 25%; }
        & > .line-list--late { color: $text-error; }
        & > .line-list--today { color: $text-success; }
        & > .line-list--good { color: $text-success; }
        & > .line-list--bad { color: $text-error; }
        & > .line-list--warn { color: $text-warning; text-style: bold; }
        & > .line-list--accent { color: $text-accent; }
        & > .line-list--hint { color: $text-muted; text-style: italic; }
        & > .line-list--cursor { background: $block-cursor-blurred-background; }
        &:focus > .line-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:focus:nocolor > .line-list--cursor, &:focus:ansi > .line-list--cursor {
            text-style: reverse;
        }
    }
    """

    class _About(Message):
        def __init__(self, list: LineList, key: str) -> None:
            super().__init__()
            self.list = list
            self.key = key

        @property
        def control(self) -> LineList:
            """The list."""
            return self.list

    class Opened(_About):
        """The user wishes to see a row."""

    class Highlighted(_About):
        """The cursor has come to a row."""

    class EndReached(_About):
        """The cursor is on the last row: whoever has more may add them."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._build: Builder = lambda _width: ()
        self._lines: Sequence[Line] = ()
        self._built_for = 0
        self._rows: list[_Row] = []
        self._cursor = 0
        self._top = 0

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self._rows[self._cursor].key if self._rows else None

    @property
    def keys(self) -> list[str]:
        """The keys of all rows."""
        return [row.key for row in self._rows]

    @property
    def texts(self) -> list[str]:
        """All lines as plain text."""
        return ["".join(piece.text for piece in each.pieces) for each in self._lines]

    def show(self, build: Builder, *, is_new: bool = False) -> None:
        """Show other lines; the cursor stays on its row, or goes to the first if all `is_new`."""
        self._build = build
        key, place = (None, 0) if is_new else (self.key, self._cursor)
        if is_new:
            self._top = 0
        self._rebuild(key, place)
        self.refresh()

    def select(self, key: str) -> bool:
        """Put the cursor on a row; false where there is none with that key."""
        place = next((n for n, row in enumerate(self._rows) if row.key == key), None)
        if place is None:
            return False
        self._go(place)
        return True

    def show_top(self) -> None:
        """Show the first lines, wherever the cursor is."""
        self._turn_to(0)

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        if self._built_for != self._room:  # the first paint comes before it is told its size
            self._rebuild(self.key, self._cursor)
        styles = self.looks
        width, number = self.size.width, self._top + y
        base = styles["text"]
        if number >= len(self._lines):
            return Strip.blank(width, base)
        row = self._rows[self._cursor] if self._rows else None
        at_cursor = row is not None and row.start <= number < row.end
        mark = " "
        if row is not None and number == row.start:
            mark = "▸" if self.has_focus else "▹"
        fill = styles["cursor"] if at_cursor else base
        segments = [Segment(mark, fill)]
        for text, style in self._lines[number].pieces:
            segments.append(Segment(text, fill if at_cursor else styles[style]))
        return Strip(segments).adjust_cell_length(width, fill)

    def on_mount(self) -> None:
        """Keep a key's output small on this screen."""
        write_changed_spans_only(self.screen)

    def on_resize(self) -> None:
        """Build the lines for the new width, and keep the cursor in view."""
        if self._built_for != self._room:
            self._rebuild(self.key, self._cursor)
        else:
            self._keep_in_view()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Select the row that is clicked; open it if it was selected."""
        point = event.get_content_offset(self)
        if point is None:
            return
        event.stop()
        number = self._top + point.y
        place = next((n for n, r in enumerate(self._rows) if r.start <= number < r.end), None)
        if place is None:
            return
        if place == self._cursor:
            self.action_open()
        else:
            self._go(place)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self._turn_to(self._top + 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self._turn_to(self._top - 3)

    def action_open(self) -> None:
        """Ask for the row under the cursor to be opened."""
        if self.key is not None:
            self.post_message(self.Opened(self, self.key))

    def action_move(self, rows: int) -> None:
        """Move the cursor, or scroll where there are no more rows that way."""
        target = self._cursor + rows
        if rows > 0 and self._rows and self._rows[self._cursor].end > self._top + self.size.height:
            self._turn_to(self._top + rows)
        elif 0 <= target < len(self._rows):
            self._go(target)
        else:
            self._turn_to(self._top + rows)

    def action_page(self, pages: int) -> None:
        """Move by screenfuls."""
        if not self._rows:
            self._turn_to(self._top + pages * self.size.height)
            return
        height, at = max(1, self.size.height - 1), self._rows[self._cursor].start
        if not self._top <= at < self._top + self.size.height:
            at = self._top
        wanted = at + pages * height
        places = range(len(self._rows))
        nearest = min(places, key=lambda n: abs(self._rows[n].start - wanted))
        if (nearest - self._cursor) * pages > 0:
            self._go(nearest)
        else:
            # Between two rows may lie more lines than a screen holds, and they are there to be read.
            self._turn_to(self._top + pages * height)

    def action_first(self) -> None:
        """Go to the first row, and show what stands above it."""
        self._go(0)
        self._turn_to(0)  # last, for the first row may lie further down than a screen holds

    def action_last(self) -> None:
        """Go to the last row."""
        self._turn_to(len(self._lines))
        self._go(len(self._rows) - 1)

    @property
    def _room(self) -> int:
        """Cells beside the cursor."""
        return max(0, self.size.width - 1)

    def _rebuild(self, key: str | None, place: int) -> None:
        self._built_for = self._room
        self._lines = tuple(self._build(self._built_for))
        self._rows = _rows(self._lines)
        found = next((n for n, row in enumerate(self._rows) if row.key == key), None)
        self._cursor = max(0, min(place if found is None else found, len(self._rows) - 1))
        self._keep_in_view()
        if self._rows and self.key != key:
            self.post_message(self.Highlighted(self, self._rows[self._cursor].key))

    def _go(self, place: int) -> None:
        if not self._rows:
            return
        before, self._cursor = self._cursor, max(0, min(place, len(self._rows) - 1))
        top = self._top_in_view(self._top)
        if top != self._top:
            self._top = top
            self.refresh()
        elif before != self._cursor:
            self.refresh(*(self._region(self._rows[n]) for n in (before, self._cursor)))
        if before != self._cursor:
            self.post_message(self.Highlighted(self, self._rows[self._cursor].key))
        if self._cursor == len(self._rows) - 1:
            self.post_message(self.EndReached(self, self._rows[-1].key))

    def _keep_in_view(self) -> None:
        # Where the first row lies further down, what stands above it is read first.
        if self._cursor or self._top:
            self._top = self._top_in_view(self._top)

    def _region(self, row: _Row) -> Region:
        return Region(0, row.start - self._top, self.size.width, row.end - row.start)

    def _top_in_view(self, top: int) -> int:
        """The first line in view so that the cursor's row is seen, with the lines above the first."""
        height = max(1, self.size.height)
        if self._rows:
            row = self._rows[self._cursor]
            start = 0 if self._cursor == 0 and row.end <= height else row.start
            if start < top:
                top = start
            elif row.end > top + height:
                top = min(row.end - height, row.start)
        return max(0, min(top, len(self._lines) - height))

    def _turn_to(self, top: int) -> None:
        top = max(0, min(top, len(self._lines) - self.size.height))
        if top == self._top:
            return
        self._top = top
        visible = [
            n
            for n, row in enumerate(self._rows)
            if row.end > top and row.start < top + self.size.height
        ]
        if visible and self._cursor not in visible:
            self._cursor = visible[0] if self._cursor < visible[0] else visible[-1]
        self.refresh()
