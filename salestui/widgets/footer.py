"""The quiet footer: one painted line of keys, repainted only when the keys it shows change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import ActiveBinding, Binding
from textual.screen import Screen
from textual.strip import Strip

from salestui.widgets.painted import Painted

_HELP_KEYS = ("question_mark", "f1")
_GAP = "  "


class Hint(NamedTuple):
    """What the footer says of an action, or of a group: `keys` are (shown, pressed) pairs."""

    keys: tuple[tuple[str, str], ...]
    label: str
    is_enabled: bool

    @property
    def shown(self) -> str:
        """The keys as they are written."""
        return "/".join(shown for shown, _pressed in self.keys)

    @property
    def width(self) -> int:
        """Cells taken."""
        return cell_len(f"{self.shown} {self.label}")


_CUT = Hint((("…", ""),), "", is_enabled=False)


class QuietFooter(Painted):
    """The keys of the screen, as many as fit; the key of the help has its place on the right."""

    PART = "footer"

    DEFAULT_CSS = """
    QuietFooter {
        dock: bottom;
        height: 1;
        background: $footer-background;

        & > .footer--key { color: $footer-key-foreground; text-style: bold; }
        & > .footer--label { color: $footer-description-foreground; }
        & > .footer--disabled { color: $footer-description-foreground 50%; text-style: dim; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._hints: tuple[Hint, ...] = ()
        self._help: Hint | None = None

    def render_line(self, y: int) -> Strip:
        """Paint the line."""
        looks = self.looks
        segments, x = [], 0
        for start, hint in self._placed():
            key, label = ("key", "label") if hint.is_enabled else ("disabled", "disabled")
            segments.append(Segment(" " * (start - x), looks["label"]))
            segments.append(Segment(hint.shown, looks[key]))
            segments.append(Segment(f" {hint.label}", looks[label]))
            x = start + hint.width
        return Strip(segments).adjust_cell_length(self.size.width, looks["label"])

    def on_mount(self) -> None:
        """Follow the keys of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self._follow(self.screen)

    def on_click(self, event: events.Click) -> None:
        """Press the key that is clicked."""
        for start, hint in self._placed():
            if start <= event.x < start + hint.width and hint.is_enabled:
                event.stop()
                self.app.simulate_key(_pressed_at(hint, event.x - start))

    def _follow(self, screen: Screen[Any]) -> None:
        # Without the terminal's focus the screen has no focused widget for a while.
        if not self.is_attached or screen is not self.screen or not self.app.app_focus:
            return
        active = screen.active_bindings
        hints = tuple(_hints(active.values(), self.app.get_key_display))
        help_hint = next(
            (hint for hint in hints if any(pressed in _HELP_KEYS for _, pressed in hint.keys)), None
        )
        if (hints, help_hint) != (self._hints, self._help):
            self._hints, self._help = hints, help_hint
            self.refresh()

    def _fitting(self) -> list[Hint]:
        """The hints that fit left of the help, and a mark where some do not."""
        room = self.size.width - 1 - (self._help.width + len(_GAP) if self._help else 0)
        hints = [hint for hint in self._hints if hint is not self._help]
        for count in range(len(hints), 0, -1):
            fitting = hints[:count] if count == len(hints) else [*hints[:count], _CUT]
            if sum(hint.width + len(_GAP) for hint in fitting) - len(_GAP) <= room:
                return fitting
        return []

    def _placed(self) -> Iterator[tuple[int, Hint]]:
        x = 1
        for hint in self._fitting():
            yield x, hint
            x += hint.width + len(_GAP)
        if self._help:
            yield max(1, self.size.width - self._help.width - 1), self._help


def _hints(active: Iterable[ActiveBinding], display: Any) -> Iterator[Hint]:
    """One hint an action, one a group of actions, in the order of the bindings."""
    by_action: dict[str, tuple[Binding, bool]] = {}
    for _node, binding, is_enabled, _tooltip in active:
        if binding.show and not binding.system:
            by_action.setdefault(binding.action, (binding, is_enabled))
    for group, members in groupby(by_action.values(), key=lambda member: member[0].group):
        listed = [((display(binding), binding.key), binding, on) for binding, on in members]
        if group is None:
            yield from (Hint((keys,), binding.description, on) for keys, binding, on in listed)
        else:
            keys = tuple(keys for keys, _, _ in listed)
            yield Hint(keys, group.description, any(on for _, _, on in listed))


def _pressed_at(hint: Hint, x: int) -> str:
    """The key of a group that stands at `x`; its label stands for the first."""
    end = 0
    for shown, pressed in hint.keys:
        end += cell_len(shown) + 1
        if x < end:
            return pressed
    return hint.keys[0][1]
