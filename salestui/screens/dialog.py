"""A frame over the screen with a list in which a key chooses at once."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding
from textual.screen import ModalScreen

R = TypeVar("R")


class Dialog(ModalScreen[R | None], Generic[R]):
    """A frame with a list in which keys choose at once."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > Vertical {
            width: 64;
            max-width: 96%;
            height: auto;
            max-height: 90%;
            margin: 0 0 1 0;
            padding: 0 1;
            border: round $primary;
            border-title-style: bold;
            background: $background;
        }
        & LineList { height: auto; max-height: 16; }
        & Static { height: auto; color: $text-muted; }
        & #message { color: $text-error; }
    }
    """

    BINDINGS: ClassVar = [
        Binding("escape", "leave", "Leave", id="dialog.leave", tooltip="Leave, nothing changes"),
    ]

    def action_leave(self) -> None:
        """Leave, nothing changes."""
        self.dismiss(None)
