"""The fields of forms: a name on a line, what is typed below it, and what is wrong with it below that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, TextArea

from salestui.errors import Refused

Parse = Callable[[str], Any]
"""Makes a value of what was typed; raises `Refused` with what is wrong."""


class Field(Protocol):
    """What a form needs of its fields: `raw` is what was typed, `read` the value it stands for."""

    field_name: str

    @property
    def raw(self) -> Any:
        """What stands in the field; equal to `initial` while nobody touched it."""

    initial: Any

    def read(self) -> Any:
        """The value. Raises `Refused` with what is wrong."""

    def complain(self, text: str | None) -> None:
        """Show what is wrong below the field, or nothing."""


def _text(typed: str) -> str:
    return typed.strip()


class TextField(Input):
    """One line of text that `parse` makes a value of."""

    class Left(Message):
        """The person went on to the next field."""

    def __init__(
        self,
        field_name: str,
        label: str,
        value: str = "",
        *,
        parse: Parse = _text,
        hint: str = "",
        is_wide: bool = False,
    ) -> None:
        # A day or an amount is typed anew, a title is changed at its end.
        is_value = parse is not _text and not is_wide
        super().__init__(value, hint, classes="field", select_on_focus=is_value)
        self.field_name, self.parse, self.initial = field_name, parse, self.value
        self.border_title = Content(label)
        self.set_class(is_wide, "-wide-field")

    @property
    def raw(self) -> str:
        """What is typed."""
        return self.value

    def read(self) -> Any:
        """The value."""
        return self.parse(self.value)

    def complain(self, text: str | None) -> None:
        """Show what is wrong."""
        show_problem(self, text)

    def on_blur(self) -> None:
        """Look at what was typed when it is left; a field left empty is looked at on saving."""
        if self.value != self.initial:
            check(self)


class NotesField(TextArea):
    """Several lines of text."""

    def __init__(self, field_name: str, label: str, value: str = "") -> None:
        super().__init__(value, classes="field -wide-field", tab_behavior="focus")
        self.field_name, self.initial = field_name, value
        self.border_title = Content(label)

    @property
    def raw(self) -> str:
        """What is typed."""
        return self.text

    def read(self) -> str:
        """The text."""
        return self.text.strip()

    def complain(self, text: str | None) -> None:
        """Show what is wrong."""
        show_problem(self, text)


def show_problem(field: Widget, text: str | None) -> None:
    """Put `text` below the field, or take away what stood there."""
    field.set_class(text is not None, "-wrong")
    field.border_subtitle = Content(f"! {text}") if text else Content("")


def check(field: Field) -> bool:
    """Whether the field can be read; if not, it says why."""
    try:
        field.read()
    except Refused as error:
        field.complain(str(error))
        return False
    field.complain(None)
    return True
