"""What if: four sliders moved by keys, and the forecast they would make."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from salestui.analytics.outlook.forecast_overview import Ground
from salestui.analytics.outlook.whatif import Change, stepped, what_if
from salestui.text import format_money
from salestui.widgets.footer import QuietFooter

_FACTORS = (
    ("conversion", "Won more often"),
    ("size", "Deal size"),
    ("cycle", "Days a deal takes"),
    ("headcount", "Deals that come in"),
)
_HALF = 10
"""Cells of a slider on each side of its middle."""


class WhatIfScreen(ModalScreen[None]):
    """Starts from `ground`; nothing here is kept."""

    BINDINGS: ClassVar = [
        Binding("up,k", "go(-1)", "Up", id="what_if.up", show=False, tooltip="The factor above"),
        Binding("down,j", "go(1)", "Down", id="what_if.down", show=False, tooltip="The factor below"),
        Binding("left,h,minus", "step(-1)", "Less", id="what_if.less", key_display="←",
                tooltip="5 % less"),
        Binding("right,l,plus", "step(1)", "More", id="what_if.more", key_display="→",
                tooltip="5 % more"),
        Binding("0", "reset", "Reset", id="what_if.reset", tooltip="As things are"),
        Binding("escape,q", "leave", "Leave", id="what_if.leave", tooltip="Go back"),
        Binding("f1,question_mark", "app.help", "Keys", id="what_if.help", key_display="?",
                tooltip="Show what the keys do here"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    WhatIfScreen {
        align: center middle;
        & > Vertical {
            width: 70;
            max-width: 96%;
            height: auto;
            margin: 0 0 1 0;
            padding: 0 1;
            border: round $primary;
            background: $background;
        }
        & Static { height: auto; }
    }
    """

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self._ground, self._place, self._change = ground, 0, Change()

    def compose(self) -> ComposeResult:
        """The sliders."""
        with Vertical() as frame:
            frame.border_title = Content(f"What if · {self._ground.period.label}")
            yield Static(id="sliders")
        yield QuietFooter()

    def on_mount(self) -> None:
        """Show them."""
        self._show()

    def action_go(self, by: int) -> None:
        """Choose another factor."""
        self._place = (self._place + by) % len(_FACTORS)
        self._show()

    def action_step(self, by: int) -> None:
        """Change the factor."""
        self._change = stepped(self._change, _FACTORS[self._place][0], by)
        self._show()

    def action_reset(self) -> None:
        """Everything as it is."""
        self._change = Change()
        self._show()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss()

    def _show(self) -> None:
        ground = self._ground
        value = what_if(ground.study, ground.window, ground.value, self._change)
        lines = [self._slider(place) for place in range(len(_FACTORS))]
        before, after = ground.won + ground.value, ground.won + value
        lines += ["", f"Forecast as things are  {self._money(before)}"]
        lines += [f"With these factors      {self._money(after)}"]
        lines += [f"Difference              {self._money(after - before)}", "", _NOTE]
        self.query_one("#sliders", Static).update(Content("\n".join(lines)))

    def _slider(self, place: int) -> str:
        name, label = _FACTORS[place]
        factor = getattr(self._change, name)
        steps = max(min(round((factor - 1) / 0.05), _HALF), -_HALF)
        bar = "".join(
            "●" if i == steps else "│" if i == 0 else "─" for i in range(-_HALF, _HALF + 1)
        )
        mark = "▸" if place == self._place else " "
        return f"{mark} {label:<20} {bar} {100 * factor:>4.0f} %"

    def _money(self, minor: float) -> str:
        return f"{format_money(round(minor), self._ground.study.currency):>22}"


_NOTE = (
    "From tomorrow on, on the deals that are open and those to come. The part carried on from past "
    "wins is scaled alike; nobody has measured such a change here."
)
