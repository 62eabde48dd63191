"""Fields that offer what there is to choose: one of a few, or several of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any, ClassVar, Protocol, TypeVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from salestui.text import cell, fold
from salestui.widgets.fields import TextField, show_problem

_TYPING_SECONDS = 1.2
"""Letters typed on a choice within this time belong to one name."""

T = TypeVar("T")

Option = tuple[Any, str]
"""What is kept, and what is shown."""


class _Entry(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


def entries(of: Iterable[_Entry], nothing: str) -> list[Option]:
    """The options of a list of the store: none of them, in these words, and each by its name."""
    return [(None, nothing), *((each.id, each.name) for each in of)]


class ChoiceField(Widget, can_focus=True):
    """One of a few: left and right go through them, letters find one by its beginning."""

    ALLOW_SELECT = False

    BINDINGS: ClassVar = [
        Binding("left", "step(-1)", "Previous", show=False, tooltip="Choose the previous one"),
        Binding("right,space", "step(1)", "Next", show=False, tooltip="Choose the next one"),
        Binding("enter", "leave", "Go on", show=False, tooltip="Go to the next field"),
    ]

    COMPONENT_CLASSES: ClassVar = {"choice--value", "choice--mark"}

    DEFAULT_CSS = """
    ChoiceField {
        height: 2;
        & > .choice--mark { color: $text-muted; }
        &:focus > .choice--value { text-style: reverse; }
    }
    """

    class Changed(Message):
        """Another one was chosen."""

        def __init__(self, field: ChoiceField) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> ChoiceField:
            """The field."""
            return self.field

    def __init__(
        self,
        field_name: str,
        label: str,
        options: Sequence[Option],
        value: Any = None,
        *,
        is_wide: bool = False,
    ) -> None:
        super().__init__(classes="field")
        self.field_name = field_name
        self._options = list(options)
        self._place = self._place_of(value)
        self.initial = self.raw
        self.border_title = Content(label)
        self.set_class(is_wide, "-wide-field")
        self._typed, self._typed_at = "", 0.0

    @property
    def raw(self) -> Any:
        """What is chosen."""
        return self._options[self._place][0] if self._options else None

    def read(self) -> Any:
        """What is chosen."""
        return self.raw

    def complain(self, text: str | None) -> None:
        """Show what is wrong."""
        show_problem(self, text)

    def offer(self, options: Sequence[Option], value: Any = None) -> None:
        """Offer others, one of them chosen."""
        self._options = list(options)
        self._place = self._place_of(value)
        self.refresh()

    def choose(self, value: Any) -> None:
        """Choose one."""
        self._to(self._place_of(value))

    def render_line(self, y: int) -> Strip:
        """Paint what is chosen between marks that tell of the others."""
        width = self.size.width
        mark = self.get_component_rich_style("choice--mark")
        shown = self.get_component_rich_style("choice--value")
        name = self._options[self._place][1] if self._options else "nothing to choose"
        room = max(1, width - 4)
        text = cell(name, room).rstrip() or " "
        segments = [Segment("‹ ", mark), Segment(text, shown), Segment(" ›", mark)]
        return Strip(segments).adjust_cell_length(width, mark)

    def on_key(self, event: events.Key) -> None:
        """Find an option by its first letters."""
        if not event.is_printable or event.character is None or event.character == " ":
            return
        now = monotonic()
        again = now - self._typed_at < _TYPING_SECONDS
        self._typed = (self._typed if again else "") + fold(event.character)
        self._typed_at = now
        starts = [n for n, (_v, name) in enumerate(self._options) if self._begins(name)]
        if starts:
            event.stop()
            self._to(starts[0])

    def _begins(self, name: str) -> bool:
        return bool(self._typed) and fold(name).startswith(self._typed)

    def on_click(self) -> None:
        """Choose the next one."""
        self.action_step(1)

    def action_step(self, by: int) -> None:
        """Choose a neighbour."""
        if self._options:
            self._to((self._place + by) % len(self._options))

    def action_leave(self) -> None:
        """Go on to the next field."""
        self.post_message(TextField.Left())

    def _place_of(self, value: Any) -> int:
        return next((n for n, option in enumerate(self._options) if option[0] == value), 0)

    def _to(self, place: int) -> None:
        if place != self._place:
            self._place = place
            self.refresh()
            self.post_message(self.Changed(self))


class ManyField(Widget, can_focus=True):
    """Any of some: a digit or the space bar takes one in or out."""

    ALLOW_SELECT = False

    BINDINGS: ClassVar = [
        Binding("left", "step(-1)", "Previous", show=False, tooltip="Go to the previous one"),
        Binding("right", "step(1)", "Next", show=False, tooltip="Go to the next one"),
        Binding("space", "take", "Take", show=False, tooltip="Take in or out"),
        Binding("enter", "leave", "Go on", show=False, tooltip="Go to the next field"),
    ]

    COMPONENT_CLASSES: ClassVar = {"many--option", "many--taken", "many--cursor"}

    DEFAULT_CSS = """
    ManyField {
        height: auto;
        max-height: 5;
        & > .many--taken { text-style: bold; color: $text-success; }
        &:focus > .many--cursor { text-style: reverse; }
    }
    """

    def __init__(
        self, field_name: str, label: str, options: Sequence[Option], value: Sequence[Any] = ()
    ) -> None:
        super().__init__(classes="field -wide-field")
        self.field_name = field_name
        self._options = list(options)
        self._taken = {option for option, _name in options if option in value}
        self._place = 0
        self.initial = self.raw
        self.border_title = Content(label)

    @property
    def raw(self) -> tuple[Any, ...]:
        """What is taken, in the order offered."""
        return tuple(value for value, _name in self._options if value in self._taken)

    def read(self) -> tuple[Any, ...]:
        """What is taken."""
        return self.raw

    def complain(self, text: str | None) -> None:
        """Show what is wrong."""
        show_problem(self, text)

    def offer(self, options: Sequence[Option]) -> None:
        """Offer others; those taken before stay taken if they are among them."""
        self._options, self._place = list(options), 0
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the options need; a grid gives the width of one of its columns only."""
        return max(1, len(self._lines(max(width, container.width - self.gutter.width))))

    def render_line(self, y: int) -> Strip:
        """Paint some options."""
        width = self.size.width
        styles = {
            name: self.get_component_rich_style(f"many--{name}")
            for name in ("option", "taken", "cursor")
        }
        lines = self._lines(width)
        segments = []
        for place in lines[y] if y < len(lines) else ():
            value, _name = self._options[place]
            style = "cursor" if place == self._place else "option"
            if value in self._taken and not (style == "cursor" and self.has_focus):
                style = "taken"
            segments += [
                Segment(self._said(place, width), styles[style]),
                Segment("  ", styles["option"]),
            ]
        if not self._options:
            segments = [Segment("nobody to choose yet", styles["option"])]
        return Strip(segments).adjust_cell_length(width, styles["option"])

    def _said(self, place: int, width: int) -> str:
        value, name = self._options[place]
        mark = "■" if value in self._taken else "□"
        digit = f"{place + 1} " if place < 9 else ""
        return cell(f"{mark} {digit}{name}", max(4, width - 2)).rstrip()

    def _lines(self, width: int) -> list[list[int]]:
        from rich.cells import cell_len

        lines: list[list[int]] = []
        used = width
        for place in range(len(self._options)):
            need = cell_len(self._said(place, width)) + 2
            if used + need > width + 2:
                lines.append([])
                used = 0
            lines[-1].append(place)
            used += need
        return lines

    def on_key(self, event: events.Key) -> None:
        """A digit takes that option in or out."""
        if event.character and event.character in "123456789":
            place = int(event.character) - 1
            if place < len(self._options):
                event.stop()
                self._place = place
                self.action_take()

    def action_step(self, by: int) -> None:
        """Go to a neighbour."""
        if self._options:
            self._place = (self._place + by) % len(self._options)
            self.refresh()

    def action_take(self) -> None:
        """Take in or out."""
        if self._options:
            self._taken ^= {self._options[self._place][0]}
            self.refresh()

    def action_leave(self) -> None:
        """Go on to the next field."""
        self.post_message(TextField.Left())
