"""Choosing one of many by typing part of its name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from salestui.queries.choices import Choice
from salestui.screens.wording import joined
from salestui.text import cell, fold
from salestui.widgets.footer import QuietFooter
from salestui.widgets.line_list import Line, LineList, line
from salestui.widgets.short_list import ShortList

_SHOWN = 12


class _Options(ShortList, can_focus=False):
    """Its cursor is moved by the line above it."""


class Pick(ModalScreen[str | None]):
    """A search line over a list. Dismissed with the key chosen; `of` says what the groups are.

    `current` is the key that counts now, or several; `back` are those of them that choosing takes back.
    """

    BINDINGS: ClassVar = [
        Binding("escape", "leave", "Leave", id="pick.leave", tooltip="Leave, nothing changes"),
        Binding("down", "step(1)", "Next", id="pick.next", show=False, tooltip="Go to the next"),
        Binding("up", "step(-1)", "Previous", id="pick.previous", show=False,
                tooltip="Go to the previous"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    Pick {
        align: center middle;
        & > Vertical {
            width: 60;
            max-width: 96%;
            height: auto;
            margin: 0 0 1 0;
            padding: 0 1;
            border: round $primary;
            border-title-style: bold;
            background: $background;
        }
        & LineList { height: auto; max-height: 12; }
    }
    """

    def __init__(
        self,
        title: str,
        options: Sequence[Choice],
        current: str | Collection[str] | None = None,
        of: str = "",
        back: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._title, self._options, self._of, self._back = title, options, of, back
        self._current = {current} if isinstance(current, str) else {*(current or ())}

    def compose(self) -> ComposeResult:
        """The line to type on and what it finds."""
        with Vertical() as frame:
            frame.border_title = Content(self._title)
            yield Input(placeholder="type part of the name, enter takes it", compact=True)
            yield _Options()
        yield QuietFooter()

    def on_mount(self) -> None:
        """Show all."""
        self._narrow("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list down."""
        self._narrow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what the cursor is on."""
        event.stop()
        key = self.query_one(_Options).key
        if key is not None:
            self.dismiss(key)

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Take what is clicked."""
        self.dismiss(event.key)

    def action_step(self, by: int) -> None:
        """Move the cursor."""
        self.query_one(_Options).action_move(by)

    def action_leave(self) -> None:
        """Leave, nothing changes."""
        self.dismiss(None)

    def _narrow(self, typed: str) -> None:
        wanted = fold(typed).split()

        def fits(text: str) -> bool:
            return all(word in fold(text) for word in wanted)

        found = [each for each in self._options if fits(f"{each.name} {each.group}")]
        found.sort(key=lambda each: not fits(each.name))

        def lines(width: int) -> list[Line]:
            return [self._line(each, width) for each in found] or [line(("Nothing fits.", "hint"))]

        shown = self.query_one(_Options)
        shown.show(lines, is_new=True)
        shown.refresh(layout=True)

    def _line(self, option: Choice, width: int) -> Line:
        now = "  now" if option.id in self._current else ""
        now += ", enter takes it back" if option.id in self._back else ""
        group = joined(self._of, option.group, by=" ") if option.group else ""
        name = cell(option.name, max(12, width * 3 // 5)).rstrip()
        return line(
            name,
            (f"  {group}" if group else "", "muted"),
            (now, "hint"),
            key=option.id,
        )
