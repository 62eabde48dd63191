"""The keys and what they do, made from the bindings of the screen it is opened on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from salestui.text import cell

_NOT_OURS = frozenset({"app.focus_next", "app.focus_previous", "screen.copy_text"})


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """An action: its keys as they are written, and what it does."""

    keys: str
    does: str


@dataclass(frozen=True, slots=True)
class HelpGroup:
    """What is bound in one place (a widget, the screen, the program), and what it says of itself."""

    title: str
    about: str
    entries: tuple[KeyHelp, ...]


def help_groups(screen: Screen[Any]) -> tuple[HelpGroup, ...]:
    """Collect the active bindings by where they are bound, the focused widget first.

    Keys that Textual gives every screen say what they do in its words, and are left out.
    """
    actions: dict[DOMNode, dict[str, tuple[list[str], str]]] = {}
    for node, binding, _enabled, tooltip in screen.active_bindings.values():
        if binding.system or not binding.description or binding.action in _NOT_OURS:
            continue
        keys, _does = actions.setdefault(node, {}).setdefault(
            binding.action, ([], tooltip or binding.description)
        )
        if (shown := screen.app.get_key_display(binding)) not in keys:
            keys.append(shown)
    groups = [
        HelpGroup(
            _title(node), _flowing(node.HELP), tuple(KeyHelp(" ".join(k), d) for k, d in e.values())
        )
        for node, e in actions.items()
    ]
    return tuple(groups)


def _title(node: DOMNode) -> str:
    if isinstance(node, Screen):
        return "This screen"
    if not isinstance(node, Widget):
        return "Everywhere"
    name = type(node).__name__
    spaced = "".join(f" {char.lower()}" if char.isupper() else char for char in name)
    return spaced.strip().capitalize()


def _flowing(text: str | None) -> str:
    """Paragraphs as single lines, for the terminal to break."""
    paragraphs = (text or "").strip().split("\n\n")
    return "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def help_content(groups: Iterable[HelpGroup], sought: str = "") -> Content:
    """The help as text, or only the actions whose keys or words contain what is `sought`."""
    sought = sought.strip().casefold()
    parts: list[str | tuple[str, str]] = []
    for group in groups:
        entries = [e for e in group.entries if sought in f"{e.keys} {e.does}".casefold()]
        about = "" if sought else group.about
        if not entries and not about:
            continue
        parts.append((f"{group.title}\n", "bold underline"))
        for entry in entries:
            parts += [(f"  {cell(entry.keys, 18)} ", "bold"), f"{entry.does}\n"]
        parts += [f"\n{about}\n\n" if about else "\n"]
    return Content.assemble(*parts) if parts else Content("No key does that.")


class HelpScreen(ModalScreen[None]):
    """The help, scrollable; `/` narrows it down."""

    AUTO_FOCUS = "VerticalScroll"

    BINDINGS: ClassVar = [
        Binding("escape", "back", "Close", id="help.close", tooltip="Leave the search, then the help"),
        Binding("q,question_mark,f1", "dismiss_help", "Close", id="help.quit", show=False,
                tooltip="Close the help"),
        Binding("slash", "search", "Search", id="help.search", tooltip="Search keys and words"),
        Binding("j", "scroll(1)", "Down", id="help.down", show=False, tooltip="Scroll down"),
        Binding("k", "scroll(-1)", "Up", id="help.up", show=False, tooltip="Scroll up"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;

        & > Vertical {
            width: 90%;
            max-width: 100;
            height: 90%;
            padding: 0 1;
            border: round $primary;
            background: $surface;
        }
        Input { display: none; }
        Input.-shown { display: block; }
        VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        #help-keys { height: 1; color: $text-muted; }
    }
    """

    def __init__(self, groups: tuple[HelpGroup, ...]) -> None:
        super().__init__()
        self._groups = groups

    def compose(self) -> ComposeResult:
        """Lay out: what is sought, the keys, how to leave."""
        with Vertical() as frame:
            frame.border_title = "Keys"
            yield Input(placeholder="a key or a word", compact=True, select_on_focus=False)
            with VerticalScroll():
                yield Static(help_content(self._groups), id="help-text", markup=False)
            yield Static("/ search   arrows scroll   escape close", id="help-keys", markup=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the help down to what is typed."""
        self.query_one("#help-text", Static).update(help_content(self._groups, event.value))

    def on_input_submitted(self) -> None:
        """Keep what was found, and scroll again."""
        self.query_one(VerticalScroll).focus()

    def action_search(self) -> None:
        """Open the search line."""
        field = self.query_one(Input)
        field.add_class("-shown")
        field.focus()

    def action_back(self) -> None:
        """Leave the search if it is open, else the help."""
        field = self.query_one(Input)
        if not field.has_class("-shown"):
            self.dismiss()
            return
        field.value = ""
        field.remove_class("-shown")
        self.query_one(VerticalScroll).focus()

    def action_dismiss_help(self) -> None:
        """Close the help."""
        self.dismiss()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
