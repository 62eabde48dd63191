"""What the screens of reports share: whose, of which period, as of which day, in one list or two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from salestui import remembered
from salestui.analytics.groups import Label
from salestui.analytics.periods import UNITS, stepped, this
from salestui.analytics.scope import ALWAYS, said
from salestui.analytics.wish import Wish, pipeline_labels, slices, teams_and_reps
from salestui.queries.choices import Choice
from salestui.screens.acting import ActingScreen
from salestui.screens.base import say
from salestui.screens.wording import joined
from salestui.text import Period
from salestui.widgets.report_view import ReportView

_EVERYONE, _ALL, _CLIENT = "everyone", "all", "client"
_PERIODS = (*UNITS, "all")
"""In the order in which their key goes through them."""


class ReportsScreen(ActingScreen):
    """Two lists of reports, side by side where there is room. Subclasses give `fetch` and `lay_out`."""

    AUTO_FOCUS = "#left"

    BINDINGS: ClassVar = [
        Binding("P", "period", "Period", id="report.period",
                tooltip="This month, this quarter, this year, all time, and round again"),
        Binding("A", "as_of", "As of", id="report.as_of",
                tooltip="As it was known at the end of an earlier day, or today again; on 5, 6 and 7 alike"),
        Binding("left,h", "step(-1)", "Earlier", id="report.earlier", key_display="←",
                tooltip="The period before: last month, last quarter …"),
        Binding("right,l", "step(1)", "Later", id="report.later", show=False, key_display="→",
                tooltip="The period after"),
        Binding("slash", "filter", "Whose", id="screen.filter",
                tooltip="A rep, a team or everybody; a pipeline, products, clients, sectors …, or all deals"),
        Binding("right_square_bracket", "pipeline(1)", "Next pipeline", id="report.next_pipeline",
                show=False, key_display="]", tooltip="Show the next pipeline"),
        Binding("left_square_bracket", "pipeline(-1)", "Previous pipeline",
                id="report.previous_pipeline", show=False, key_display="[",
                tooltip="Show the previous pipeline"),
        Binding("f", "filter_form", "Range", id="report.range",
                tooltip="Any period: 2026-03, 2026-Q1, 2026-03-01..2026-05-31"),
        Binding("M", "meeting", "Meeting", id="report.meeting",
                tooltip="Go through the weekly meeting point by point"),
        Binding("m", "mine", "Mine or all", id="report.mine", show=False,
                tooltip="Switch between my deals and everybody's"),
        Binding("tab", "other", "Other list", id="report.other", show=False,
                tooltip="Go to the other list where two stand side by side"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ReportsScreen #right { display: none; border-left: solid $border; }
    ReportsScreen.-wide #right { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._wish = Wish()
        self._unit = "all"
        self._is_recalled = False

    def compose_body(self) -> Iterable[Widget]:
        """One list, or two side by side where there is room."""
        with Horizontal():
            yield ReportView(id="left")
            yield ReportView(id="right")

    def lay_out(self) -> None:
        """Show what was read."""

    @property
    def views(self) -> tuple[ReportView, ReportView]:
        """The left list and the right one."""
        return self.query_one("#left", ReportView), self.query_one("#right", ReportView)

    def back_to_always(self) -> None:
        """Give up a period that the reports cannot be made of."""
        self._unit = "all"
        self._wish_for(period=ALWAYS)

    def whose_words(self, words: dict[str, str]) -> str:
        """Whose, of which period, as of which day."""
        whose, pipeline, *others = said(words)
        day = self._wish.as_of
        then = f"as of {day.isoformat()}" if day is not None else None
        return joined(then, whose, *others, self._wish.period.label, pipeline)

    async def recalled(self) -> Wish:
        """The wish, as of the day that is shown; on the first call with the period of the last time.

        The day is one for all these screens. A month, quarter or year that it lay in goes with it.
        """
        today, day = await self.today(), self.desk.as_of
        before = _period(self._unit, self._wish.as_of or today)
        if not self._is_recalled:
            self._is_recalled = True
            unit = remembered.recall(f"{self.MODE} period")
            self._unit = unit if unit in UNITS else "all"
            self._wish = replace(self._wish, as_of=day, period=_period(self._unit, day or today))
        elif self._wish.as_of != day:
            follows = self._wish.period == before
            period = _period(self._unit, day or today) if follows else self._wish.period
            self._wish = replace(self._wish, as_of=day, period=period)
        return self._wish

    @property
    def is_stale(self) -> bool:
        """Also where another screen of reports has chosen another day."""
        return super().is_stale or self._wish.as_of != self.desk.as_of

    def on_resize(self) -> None:
        """One list or two."""
        self.call_after_refresh(self._rearrange)

    def _rearrange(self) -> None:
        left, right = self.views
        if not self.has_class("-wide") and self.focused is right:
            left.focus()
        self.lay_out()

    # What is shown

    def action_period(self) -> None:
        """Show this month, quarter or year, or all time: the one after that which is shown."""
        self._turn()

    @work(group="act")
    async def _turn(self) -> None:
        unit = _PERIODS[(_PERIODS.index(self._unit) + 1) % len(_PERIODS)]
        self._unit = unit
        remembered.remember(f"{self.MODE} period", unit)
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
            self.desk.as_of = None if chosen >= await self.today() else chosen
            if self.is_stale:
                self.reload()

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

        known = await self.read(teams_and_reps)
        known_parts = ((group.key, label) for group, label in await self.read(slices))
        parts = {
            f"{key}={label[0]}": (key, label) for key, label in (*self._wish.only, *known_parts)
        }
        now = {f"{key}={label[0]}" for key, label in self._wish.only}
        options = [Choice(_EVERYONE, "Everyone")]
        options += [Choice(_ALL, "All deals", "of every product, sector …")] if now else []
        listed = [Choice(each, label[1], key) for each, (key, label) in parts.items()]
        options += listed[: len(now)]  # what counts now comes first, to be seen and taken back
        options += [Choice(p.id, p.name, "team" if p.is_team else "") for p in known]
        options += listed[len(now) :]
        options.append(Choice(_CLIENT, "One client …"))
        chosen = await self.app.push_screen_wait(
            Pick(
                "Whose deals, and of what", options, {self._wish.whose or _EVERYONE, *now}, back=now
            )
        )
        if chosen == _ALL:
            self._wish_for(only=())
        elif chosen == _CLIENT:
            from salestui.screens.client_choice import ClientForm

            client = await self.app.push_screen_wait(ClientForm())
            if client is not None:
                self.narrow("client", client)
        elif chosen in parts:
            self.narrow(*parts[chosen])
        elif chosen is not None:
            self._wish_for(whose=None if chosen == _EVERYONE else chosen)

    def narrow(self, key: str, label: Label) -> None:
        """Narrow the deals to a label of a group, or to another one of it besides; twice undoes it."""
        now = self._wish.only
        others = tuple(each for each in now if (each[0], each[1][0]) != (key, label[0]))
        self._wish_for(only=others if others != now else (*now, (key, label)))

    def action_pipeline(self, by: int) -> None:
        """Show one pipeline after the other, and all together between the last and the first."""
        self._turn_pipeline(by)

    @work(group="act")
    async def _turn_pipeline(self, by: int) -> None:
        known = await self.read(pipeline_labels)
        now = [label for key, label in self._wish.only if key == "pipeline"]
        if not known:
            say(self.app, "There is one pipeline.")
            return
        choices = (None, *known)
        place = choices.index(now[0]) if len(now) == 1 and now[0] in known else 0
        chosen = choices[(place + by) % len(choices)]
        others = tuple(each for each in self._wish.only if each[0] != "pipeline")
        self._wish_for(only=others if chosen is None else (*others, ("pipeline", chosen)))

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

    def action_meeting(self) -> None:
        """Begin the weekly meeting, of whose deals and as of the day that are shown."""
        from salestui.screens.meeting import MeetingScreen

        self.app.push_screen(MeetingScreen(self._wish))

    def action_other(self) -> None:
        """Go to the other list."""
        if self.has_class("-wide"):
            side = "#left" if self.focused is self.query_one("#right") else "#right"
            self.query_one(side).focus()

    def _wish_for(self, **changes: Any) -> None:
        wish = replace(self._wish, **changes)
        if wish != self._wish:
            self._wish = wish
            self.reload()


def _period(unit: str, today: date) -> Period:
    return this(unit, today) if unit in UNITS else ALWAYS
