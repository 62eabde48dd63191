"""A question with two answers."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


class Confirm(ModalScreen[bool]):
    """Asks before something that cannot be undone. Dismissed with whether it is wished."""

    BINDINGS: ClassVar = [
        Binding("y,enter", "answer(True)", "Yes", id="confirm.yes", tooltip="Yes, do it"),
        Binding("n,escape,q", "answer(False)", "No", id="confirm.no", tooltip="No, go back"),
    ]

    DEFAULT_CSS = """
    Confirm {
        align: center middle;
        & > Vertical {
            width: 56;
            max-width: 96%;
            height: auto;
            padding: 1 2;
            border: round $warning;
            background: $surface;
        }
        & Static { height: auto; }
        & #keys { color: $text-muted; margin: 1 0 0 0; }
    }
    """

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """The question and the keys that answer it."""
        with Vertical():
            yield Static(Content(self._question))
            yield Static(Content("y yes    n no"), id="keys")

    def action_answer(self, is_yes: bool) -> None:
        """Answer."""
        self.dismiss(is_yes)
