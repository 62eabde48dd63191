"""What if: sliders moved by keys, and the forecast they would make."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from salestui.analytics.outlook.whatif import (
    ASSUMED,
    NOTHING,
    STEP,
    Change,
    Ground,
    learning,
    sellers_stepped,
    shares_on,
    stage_stepped,
    stepped,
    what_if,
)
from salestui.analytics.rendering.wording import percent
from salestui.text import cell, format_money, inert
from salestui.widgets.footer import QuietFooter

_FACTORS = (
    ("conversion", "Conversion"),
    ("size", "Deal size"),
    ("cycle", "Days a deal takes"),
    ("sellers", "Sellers"),
    ("arrivals", "Deals each brings in"),
)
_HALF = 10
"""Cells of a slider on each side of its middle."""


class WhatIfScreen(ModalScreen[None]):
    """Starts from `ground`; nothing here is kept."""

    BINDINGS: ClassVar = [
        Binding("up,k", "go(-1)", "Up", id="what_if.up", show=False, tooltip="The factor above"),
        Binding("down,j", "go(1)", "Down", id="what_if.down", show=False, tooltip="The factor below"),
        Binding("left,h,minus", "step(-1)", "Less", id="what_if.less", key_display="←",
                tooltip="5 % less, or one seller"),
        Binding("right,l,plus", "step(1)", "More", id="what_if.more", key_display="→",
                tooltip="5 % more, or one seller"),
        Binding("s,right_square_bracket", "stage(1)", "Stage", id="what_if.stage", key_display="s",
                tooltip="The next stage whose conversion to change; what was changed of others stays"),
        Binding("S,left_square_bracket", "stage(-1)", "Stage before", id="what_if.stage_before",
                show=False, key_display="S", tooltip="The stage before"),
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
        self._stage = 0

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
        name, ground = _FACTORS[self._place][0], self._ground
        if name == "sellers":
            self._change = sellers_stepped(ground, self._change, by)
        elif name == "conversion" and ground.stages:
            self._change = stage_stepped(self._change, ground.stages[self._stage][0], by)
        else:
            self._change = stepped(self._change, name, by)
        self._show()

    def action_stage(self, by: int) -> None:
        """Choose another stage, and the factor that is of one."""
        if self._ground.stages:
            self._stage = (self._stage + by) % len(self._ground.stages)
        self._place = 0
        self._show()

    def action_reset(self) -> None:
        """Everything as it is."""
        self._change = Change()
        self._show()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss()

    def _show(self) -> None:
        ground, change = self._ground, self._change
        before, after = ground.won + ground.value, ground.won + what_if(ground, change)
        sliders = [self._slider(place) for place in range(len(_FACTORS))]
        lines = [sliders[0], *self._of_stages(), *sliders[1:]]
        doubt = f"  ({self._ground.doubt})" if self._ground.doubt else ""
        # On 24 lines there is room for other stages or for a blank, not for both.
        lines += [] if len(lines) > len(_FACTORS) + 1 else [""]
        lines += [f"Forecast as things are  {self._money(before)}{doubt}"]
        lines += [f"With these factors      {self._money(after)}"]
        lines += [
            f"Difference              {self._money(round(after) - round(before))}",
            "",
            self._note(),
        ]
        self.query_one("#sliders", Static).update(Content("\n".join(lines)))

    def _slider(self, place: int) -> str:
        name, label = _FACTORS[place]
        if name == "sellers":
            sellers, more = self._ground.sellers, self._change.sellers
            steps, shown = more, f"{sellers} → {sellers + more}" if more else f"{sellers}"
        else:
            factor = self._factor(name)
            steps, shown = round((factor - 1) / STEP), f"{100 * factor:.0f} %"
        steps = max(min(steps, _HALF), -_HALF)
        bar = "".join(
            "●" if i == steps else "│" if i == 0 else "─" for i in range(-_HALF, _HALF + 1)
        )
        mark = "▸" if place == self._place else " "
        return f"{mark} {label:<20} {bar} {shown:>9}"

    def _factor(self, name: str) -> float:
        if name == "conversion" and self._ground.stages:
            return self._change.stages.get(self._ground.stages[self._stage][0], 1.0)
        return float(getattr(self._change, name))

    def _of_stages(self) -> list[str]:
        """Of which stage the conversion is, from what to what, and which others are changed."""
        ground, change = self._ground, self._change
        if not ground.stages:
            return ["    of all deals: stages have too few dates here"]
        code, name = ground.stages[self._stage]
        now, then = shares_on(ground, change, code)
        goes = f"{percent(now)} go on" if now == then else f"{percent(now)} → {percent(then)} go on"
        lines = [f"    of {cell(inert(name), 30).rstrip()}: {goes} (s: another)"]
        others = [
            f"{inert(label)} {100 * change.stages[other]:.0f} %"
            for other, label in ground.stages
            if other in change.stages and other != code
        ]
        return [*lines, *([cell("    and of " + ", ".join(others), 64).rstrip()] if others else [])]

    def _note(self) -> str:
        return f"{ASSUMED} {learning(self._ground)}" if self._ground.bottom_up.sum else NOTHING

    def _money(self, minor: float) -> str:
        return f"{format_money(round(minor), self._ground.study.currency):>22}"
