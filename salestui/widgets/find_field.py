"""A field that names one of many: it searches as one types and shows what it found below."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from salestui.errors import Refused
from salestui.text import fold
from salestui.widgets.fields import TextField
from salestui.widgets.line_list import Line, LineList, line
from salestui.widgets.short_list import ShortList

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Match:
    """One of many: what is kept, its name and something to tell it from its namesakes."""

    id: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class New:
    """A name that nobody has yet: it is to be created."""

    name: str


Search = Callable[[str], Awaitable[Sequence[Match]]]

_NEW = "new"


class _Matches(ShortList, can_focus=False):
    DEFAULT_CSS = "_Matches { height: auto; background: $panel; }"


class FindField(Vertical):
    """Names one of many. With `may_be_new` a name that is not found stands for a new one."""

    BINDINGS: ClassVar = [
        Binding("down", "step(1)", "Next", show=False, tooltip="Go to the next match"),
        Binding("up", "step(-1)", "Previous", show=False, tooltip="Go to the previous match"),
    ]

    DEFAULT_CSS = """
    FindField { height: auto; }
    FindField _Matches { display: none; }
    FindField.-open _Matches { display: block; }
    """

    class Changed(Message):
        """Another one was chosen, or none."""

        def __init__(self, field: FindField) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> FindField:
            """The field."""
            return self.field

    def __init__(
        self,
        field_name: str,
        label: str,
        search: Search,
        value: Match | None = None,
        *,
        may_be_new: bool = False,
        is_wide: bool = False,
        what: str = "client",
    ) -> None:
        super().__init__()
        self.field_name, self._label, self._search = field_name, label, search
        self._chosen: Match | None = value
        self._matches: Sequence[Match] = ()
        self._may_be_new, self._what = may_be_new, what
        self.initial: Any = value.id if value else ""
        self.set_class(is_wide, "-wide-field")
        self._input = TextField(
            f"{field_name}-typed", label, value.name if value else "", hint="type to search"
        )
        self._input.parse = self._parsed

    def compose(self) -> ComposeResult:
        """The line to type on and the matches below it."""
        yield self._input
        yield _Matches()

    @property
    def raw(self) -> Any:
        """The key of what is chosen, or what is typed."""
        if self._chosen is not None and self._input.value == self._chosen.name:
            return self._chosen.id
        return self._input.value.strip()

    @property
    def chosen(self) -> Match | None:
        """What is chosen."""
        return self._chosen if self.raw and self._chosen and self.raw == self._chosen.id else None

    def put(self, value: Match | None) -> None:
        """Begin anew with another one, or none, as what stood here before anybody typed."""
        self._chosen, self.initial = value, value.id if value else ""
        self._input.value = self._input.initial = value.name if value else ""
        self._input.complain(None)

    def read(self) -> str | New | None:
        """The key of what is chosen, a new name, or nothing."""
        value: str | New | None = self._parsed(self._input.value)
        return value

    def _parsed(self, typed: str) -> str | New | None:
        if not typed.strip():
            return None
        if self._chosen is not None and typed == self._chosen.name:
            return self._chosen.id
        namesake = next((m for m in self._matches if fold(m.name) == fold(typed)), None)
        if namesake is not None:
            return namesake.id
        if self._may_be_new:
            return New(typed.strip())
        raise Refused(f"Choose a {self._what} from the list.")

    def complain(self, text: str | None) -> None:
        """Show what is wrong."""
        self._input.complain(text)

    def focus(self, scroll_visible: bool = True) -> FindField:
        """Focus the line to type on."""
        self._input.focus(scroll_visible)
        return self

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what is typed."""
        event.stop()
        if self._chosen is None or event.value != self._chosen.name:
            if self._chosen is not None:
                self._chosen = None
                self.post_message(self.Changed(self))
            self._look_for(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the match under the cursor."""
        if self.has_class("-open"):
            event.stop()
            self._take()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Close the list; a sole match is taken."""
        if self.has_class("-open") and len(self._matches) == 1 and not self._may_be_new:
            self._take()
        self.remove_class("-open")

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Take what is clicked."""
        event.stop()
        self._take()

    def action_step(self, by: int) -> None:
        """Go through the matches."""
        if self.has_class("-open"):
            self.query_one(_Matches).action_move(by)
        else:
            self.screen.focus_next() if by > 0 else self.screen.focus_previous()

    def _take(self) -> None:
        key = self.query_one(_Matches).key
        found = next((match for match in self._matches if match.id == key), None)
        self.remove_class("-open")
        if found is not None:
            self._chosen = found
            self._input.value = found.name
            self._input.cursor_position = len(found.name)
            self._input.complain(None)
            self.post_message(self.Changed(self))
        self.post_message(TextField.Left())

    @work(exclusive=True, group="find")
    async def _look_for(self, typed: str) -> None:
        matches = await self._search(typed) if typed.strip() else ()
        if typed != self._input.value:
            return
        self._matches = matches[:SHOWN]
        shown = self.query_one(_Matches)
        shown.show(lambda width: self._lines(typed), is_new=True)
        shown.refresh(layout=True)
        self.set_class(bool(typed.strip()) and self._input.has_focus, "-open")

    def _lines(self, typed: str) -> list[Line]:
        lines = [
            line((match.name, "title"), (f"  {match.detail}", "muted"), key=match.id)
            for match in self._matches
        ]
        if self._may_be_new:
            new = line((f"+ New {self._what}: ", "accent"), typed.strip(), key=_NEW)
            is_known = any(match.name == typed.strip() for match in self._matches)
            lines += [] if is_known else [new]
        elif not lines:
            lines.append(line(("Nothing found.", "hint")))
        return lines
