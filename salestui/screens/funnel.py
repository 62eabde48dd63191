"""The funnel: how many deals reach each stage, what becomes of them, what is won and why it is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual import work
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from salestui import remembered
from salestui.analytics.drill import Behind
from salestui.analytics.overview import Overview, Wish, look, people
from salestui.analytics.periods import UNITS, stepped, this
from salestui.analytics.scope import ALWAYS
from salestui.queries.choices import Choice
from salestui.screens.acting import ActingScreen
from salestui.screens.base import say
from salestui.screens.wording import joined
from salestui.text import Period
from salestui.widgets.report_view import Part, ReportView

_EVERYONE = "everyone"
_PERIODS = (*UNITS, "all")
"""In the order in which their key goes through them."""


class FunnelScreen(ActingScreen):
    """Chart, conversion, win rate and losses of one scope."""

    MODE = "funnel"
    AUTO_FOCUS = "#left"

    HELP = (
        "The funnel counts the deals created in the period, conversion those that entered a stage "
        "in it, win rate and losses those closed in it. Conversion is advanced of settled ones, and "
        "the range beside it is where the true share lies with 95 % confidence. The median counts "
        "deals still there as long as they have lasted."
    )

    BINDINGS: ClassVar = [
        Binding("P", "period", "Period", id="funnel.period",
                tooltip="This month, this quarter, this year, all time, and round again"),
        Binding("A", "as_of", "As of", id="funnel.as_of",
                tooltip="As it was known at the end of an earlier day, or today again"),
        Binding("left,h", "step(-1)", "Earlier", id="funnel.earlier", key_display="←",
                tooltip="The period before: last month, last quarter …"),
        Binding("right,l", "step(1)", "Later", id="funnel.later", show=False, key_display="→",
                tooltip="The period after"),
        Binding("z", "measure", "Count or sum", id="funnel.measure",
                tooltip="Draw the funnel by count, then by the sum in each currency"),
        Binding("slash", "filter", "Whose", id="screen.filter",
                tooltip="Choose a rep, a team or everybody"),
        Binding("f", "filter_form", "Range", id="funnel.range",
                tooltip="Any period: 2026-03, 2026-Q1, 2026-03-01..2026-05-31"),
        Binding("m", "mine", "Mine or all", id="funnel.mine", show=False,
                tooltip="Switch between my deals and everybody's"),
        Binding("right_square_bracket", "pipeline(1)", "Next pipeline", id="funnel.next_pipeline",
                show=False, key_display="]", tooltip="Show the next pipeline"),
        Binding("left_square_bracket", "pipeline(-1)", "Previous pipeline",
                id="funnel.previous_pipeline", show=False, key_display="[",
                tooltip="Show the previous pipeline"),
        Binding("tab", "other", "Other list", id="funnel.other", show=False,
                tooltip="Go to the other list where two stand side by side"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    FunnelScreen #right { display: none; border-left: solid $border; }
    FunnelScreen.-wide #right { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._wish = Wish()
        self._measure = "count"
        self._view: Overview | None = None
        self._is_recalled = False
        self._unit = "all"

    def compose_body(self) -> Iterable[Widget]:
        """One list, or two side by side where there is room."""
        with Horizontal():
            yield ReportView(id="left")
            yield ReportView(id="right")

    def title_words(self) -> str:
        """Whose funnel of what."""
        if self._view is None:
            return ""
        words = self._view.scope.words
        whose = words.get("owner") or words.get("team") or "Everyone"
        day = self._wish.as_of
        then = f"as of {day.isoformat()}" if day is not None else None
        return joined(then, whose, self._wish.period.label, words.get("pipeline"))

    async def fetch(self) -> None:
        """Read and show what is wished for."""
        today = (await self.desk.store()).today()
        if not self._is_recalled:
            self._is_recalled = True
            unit = remembered.recall("funnel period")
            self._unit = unit if unit in UNITS else "all"
            self._wish = replace(self._wish, period=_period(self._unit, today))
        wish = self._wish
        found = await self.read(look, wish)
        if wish == self._wish:
            self._view = found
            self._show()

    def on_resize(self) -> None:
        """One list or two."""
        self.call_after_refresh(self._rearrange)

    def _rearrange(self) -> None:
        if not self.has_class("-wide") and self.focused is self.query_one("#right"):
            self.query_one("#left").focus()
        self._show()

    def _show(self, *, is_new: bool = False) -> None:
        view = self._view
        if view is None:
            return
        left, right = self.query_one("#left", ReportView), self.query_one("#right", ReportView)
        if view.is_empty:
            left.show_parts((), (_NO_DEALS,))
            right.show_parts(())
            return
        first = (
            Part(view.funnel, self._measure, self.title_words()),
            Part(view.conversion, right="by the day of entering"),
        )
        second = (
            Part(view.win_rate, right="by the day of closing"),
            Part(view.losses, right="by the day of closing"),
        )
        if self.has_class("-wide"):
            left.show_parts(first, (_HOW,), is_new=is_new)
            right.show_parts(second, is_new=is_new)
        else:
            left.show_parts((*first, *second), (_HOW,), is_new=is_new)

    def on_report_view_row_opened(self, event: ReportView.RowOpened) -> None:
        """List the deals behind the row."""
        view = self._view
        if view is None:
            return
        behind: Behind = event.report.subjects[event.row]
        cells = event.report.rows[event.row]
        names = [
            str(cell)
            for cell, column in zip(cells, event.report.columns, strict=True)
            if column.kind == "text"
        ]
        from salestui.screens.behind import BehindScreen

        title = joined(event.report.title, *names)
        self.app.push_screen(BehindScreen(view.scope, behind, title))

    # What is shown

    def action_period(self) -> None:
        """Show this month, quarter or year, or all time: the one after that which is shown."""
        self._turn()

    @work(group="act")
    async def _turn(self) -> None:
        unit = _PERIODS[(_PERIODS.index(self._unit) + 1) % len(_PERIODS)]
        self._unit = unit
        remembered.remember("funnel period", unit)
        self._wish_for(period=_period(unit, self._wish.as_of or await self.today()))

    def action_as_of(self) -> None:
        """Choose the day as of which everything is shown."""
        self._choose_day()

    @work(group="act")
    async def _choose_day(self) -> None:
        from salestui.screens.as_of import AsOfForm

        form = AsOfForm(self._wish.as_of, await self.today())
        chosen = await self.app.push_screen_wait(form)
        if chosen is not None:
            day = None if chosen >= await self.today() else chosen
            self._wish_for(as_of=day)

    def action_step(self, by: int) -> None:
        """Show the period before or after."""
        period = stepped(self._wish.period, by)
        if period == self._wish.period:
            say(
                self.app,
                "All time has nothing before it: press P for a month, a quarter or a year.",
            )
        else:
            self._wish_for(period=period)

    def action_measure(self) -> None:
        """Draw by count, then by the sums."""
        if self._view is None:
            return
        keys = ["count"]
        keys += [c.key for c in self._view.funnel.columns if c.kind == "money"]
        place = keys.index(self._measure) if self._measure in keys else -1
        self._measure = keys[(place + 1) % len(keys)]
        self._show()

    def action_pipeline(self, by: int) -> None:
        """Show another pipeline."""
        if self._view is not None and len(self._view.pipelines) > 1:
            self._wish_for(place=self._wish.place + by)

    def action_mine(self) -> None:
        """Switch between my deals and everybody's."""
        if self.desk.me is None:
            say(
                self.app, "It is not known which rep you are: start with --me REP.", is_problem=True
            )
        else:
            self._wish_for(whose=None if self._wish.whose == self.desk.me else self.desk.me)

    def begin_filter(self) -> None:
        """Choose whose deals."""
        self._choose_whose()

    @work(group="act")
    async def _choose_whose(self) -> None:
        from salestui.screens.pick import Pick

        known = await self.read(people)
        options = [Choice(_EVERYONE, "Everyone")]
        options += [Choice(p.id, p.name, "team" if p.is_team else "") for p in known]
        chosen = await self.app.push_screen_wait(
            Pick("Whose funnel", options, self._wish.whose or _EVERYONE)
        )
        if chosen is not None:
            self._wish_for(whose=None if chosen == _EVERYONE else chosen)

    def action_filter_form(self) -> None:
        """Type any period."""
        self._choose_period()

    @work(group="act")
    async def _choose_period(self) -> None:
        from salestui.screens.funnel_range import RangeForm

        form = RangeForm(self._wish.period, await self.today())
        chosen = await self.app.push_screen_wait(form)
        if chosen is not None:
            self._wish_for(period=chosen)

    def action_other(self) -> None:
        """Go to the other list."""
        if self.has_class("-wide"):
            side = "#left" if self.focused is self.query_one("#right") else "#right"
            self.query_one(side).focus()

    def _wish_for(self, **changes: str | Period | date | int | None) -> None:
        wish = replace(self._wish, **changes)  # type: ignore[arg-type]
        if wish != self._wish:
            self._wish = wish
            self.reload()


def _period(unit: str, today: date) -> Period:
    return this(unit, today) if unit in UNITS else ALWAYS


_NO_DEALS = (
    "There are no deals yet. Press n to add one, or bring yours in with 'salestui import FILES'; "
    "'salestui demo' shows this screen on a made-up team."
)
_HOW = (
    "Enter lists the deals behind a row. Conv.: advanced of advanced, lost and postponed; lowest: "
    "of all that entered. ? says more."
)
