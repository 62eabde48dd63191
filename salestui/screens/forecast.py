"""The forecast: what will be won, how sure that is, what is open behind it, and the plan beside it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import ClassVar

from textual import work
from textual.binding import Binding

from salestui.analytics.forecast.backtest import Stopped
from salestui.analytics.kept import Kept
from salestui.analytics.outlook.call_subjects import Subject
from salestui.analytics.outlook.forecast_overview import (
    ForecastOverview,
    ground,
    look,
    measure,
    plan,
)
from salestui.analytics.outlook.trusted import beside
from salestui.analytics.report import Report
from salestui.analytics.wish import Wish
from salestui.errors import Refused
from salestui.screens.base import say
from salestui.screens.calling import NO_DEALS, call, is_known, is_mine
from salestui.screens.reports import ReportsScreen
from salestui.screens.wording import NOT_TODAY, joined
from salestui.widgets.report_view import Part, ReportView


class ForecastScreen(ReportsScreen):
    """Forecast, open deals and accuracy of one scope. Accuracy is measured after the rest is shown."""

    MODE = "forecast"

    HELP = (
        "The forecast is what was won of the period, what open deals will add, and the rest: deals not yet "
        "created, and what they all do not explain. Low to high holds the truth 8 times in 10. Accuracy "
        "had: the same forecast made again on past days from what was known then; at best is what chance "
        "alone would allow. Both stand in percent beside each forecast, as 93/96, where a mean may be "
        "named; ? is a forecast to doubt. Deals in a stage of leads are the lead funnel, all other open "
        "ones the sales funnel. Calls are what people say: c for your own commit, J to adjust one as a "
        "manager; nothing said is ever written over. Had: the accuracy of a rep's commits at this point "
        "of past periods."
    )

    BINDINGS: ClassVar = [
        Binding("W", "what_if", "What if", id="forecast.what_if",
                tooltip="Try another conversion of a stage, deal size, cycle or number of sellers"),
        Binding("c", "commit", "Commit", id="forecast.commit",
                tooltip="Say what you will win in the period: commit and best case"),
        Binding("J", "adjust", "Adjust", id="forecast.adjust",
                tooltip="As a manager, put your word over a commit, and say why"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._kept = Kept()
        self._view: ForecastOverview | None = None
        self._told: Report | None = None
        self._accuracy: Report | None = None
        self._quota: Report | None = None
        self._measured: Wish | None = None
        self._stop = Event()

    def title_words(self) -> str:
        """Whose forecast, as of which day."""
        return "" if self._view is None else self.whose_words(dict(self._view.scope.words))

    async def fetch(self) -> None:
        """Read and show; the accuracy follows."""
        wish = await self.recalled()
        try:
            found = await self.read(look, wish, self._kept)
        except Refused as refusal:
            say(self.app, str(refusal), is_problem=True)
            self.back_to_always()
            return
        if wish != self._wish:
            return
        if self._measured != wish:
            self._accuracy = self._quota = None
        self._view = found
        self.lay_out()
        self._measure(wish)

    @work(exclusive=True, group="measure")
    async def _measure(self, wish: Wish) -> None:
        """Reckon what takes longer, and show each as it comes."""
        self._stop.set()
        stop = self._stop = Event()
        try:
            if self._view is not None and self._view.scope.is_of_all_sold:
                self._quota = await self.read(plan, wish, self._kept)
                self.lay_out()
            self._accuracy = await self.read(measure, wish, self._kept, stop.is_set)
        except Refused as refusal:
            say(self.app, str(refusal), is_problem=True)
            return
        except Stopped:
            return  # another scope is wished for by now
        self._measured = wish
        self.lay_out()

    def on_unmount(self) -> None:
        """Nobody waits any longer."""
        self._stop.set()

    def lay_out(self) -> None:
        """One list, or two."""
        view = self._view
        if view is None or not self.is_mounted:
            return
        left, right = self.views
        if view.is_empty:
            left.show_parts((), (_NO_DEALS,))
            right.show_parts(())
            return
        first = tuple(self._first(view))
        leads = view.leads
        second = (
            *(map(Part, (leads.stages, leads.ahead, leads.sources)) if leads is not None else ()),
            Part(view.open, right="Enter lists a stage's deals"),
            Part(view.differing, right="Enter opens the deal"),
        )
        calls = view.calls
        said = (
            ()
            if calls is None
            else (
                Part(calls.past),
                Part(calls.history, right="Enter shows the note", is_openable=True),
            )
        )
        hints = (_HOW,) if self._accuracy is not None else (_MEASURING, _HOW)
        if self.has_class("-wide"):
            left.show_parts(first, hints)
            right.show_parts((*second, *said))
        else:
            left.show_parts((*first, *second, *said), hints)

    def _first(self, view: ForecastOverview) -> Iterator[Part]:
        self._told = view.forecast
        if self._accuracy is not None:
            self._told = beside(view.forecast, view.scope, self._accuracy, view.bears)
        yield Part(self._told, right=self.title_words(), is_openable=True)
        calls = view.calls
        if calls is not None:
            keys = f"{calls.scope.period.label} · c commits, J adjusts"
            yield Part(calls.calls, right=keys, is_openable=True)
            yield Part(calls.categories)
        if self._accuracy is not None:
            yield Part(self._accuracy)
        if self._quota is not None:
            yield Part(self._quota)

    def on_report_view_row_opened(self, event: ReportView.RowOpened) -> None:
        """Show the deal of a row, the deals of a stage, or try other ways in a period."""
        if self._view is None:
            return
        calls = self._view.calls
        if event.report is self._view.differing:
            from salestui.screens.behind import open_of_today

            open_of_today(self, event.report.subjects[event.row].deal_ids[0])
        elif event.report.subjects:
            self._list(event.report, event.row)
        elif event.report is self._told:
            self._try(event.row)
        elif calls is not None and event.report is calls.calls:
            about = calls.about[event.row]
            self._call(is_own=is_mine(self, about), about=about)
        elif calls is not None and event.report is calls.history:
            said = calls.said[event.row]
            say(self.app, said.notes or "No note was given.")

    def _list(self, report: Report, row: int) -> None:
        from salestui.screens.open_deals import OpenDealsScreen

        named = zip(report.rows[row], report.columns, strict=True)
        title = joined(report.title, *(str(cell) for cell, each in named if each.kind == "text"))
        behind = report.subjects[row]
        self.app.push_screen(OpenDealsScreen(self._wish, self._kept, behind, title))

    def action_commit(self) -> None:
        """Say one's own commit and best case."""
        if is_known(self):
            about = self._pointed()
            is_own = about is not None and is_mine(self, about)
            self._call(is_own=True, about=about if is_own else None)

    def action_adjust(self) -> None:
        """Put a manager's word over a commit: that of the row under the cursor, where it is of one."""
        self._call(is_own=False, about=self._pointed())

    def _pointed(self) -> Subject | None:
        """Whom the row under the cursor is about, if it is one of the calls."""
        at, calls = self.views[0].row, None if self._view is None else self._view.calls
        return calls.about[at[1]] if at is not None and calls and at[0] is calls.calls else None

    @work(group="act")
    async def _call(self, *, is_own: bool, about: Subject | None) -> None:
        if self._view is None:
            said = "The forecast is still being read: press the key again when it is there."
            say(self.app, said, is_problem=True)
            return
        if self._view.is_empty:
            say(self.app, NO_DEALS, is_problem=True)
            return
        if self._wish.as_of is not None:
            say(self.app, NOT_TODAY.format("said"), is_problem=True)
            return
        if self._view.calls is None:
            said = "A commit is of all that a rep sells: choose all deals with / first."
            say(self.app, said, is_problem=True)
            return
        await call(self, self._view.calls, about, is_own=is_own, whose=self._wish.whose)

    def action_what_if(self) -> None:
        """Try other ways in the period under the cursor, else in the longest that has begun."""
        at = self.views[0].row
        self._try(at[1] if at is not None and at[0] is self._told else None)

    @work(group="act")
    async def _try(self, row: int | None = None) -> None:
        from salestui.screens.what_if import WhatIfScreen

        found = await self.read(ground, self._wish, self._kept, row)
        if found is None:
            say(self.app, "There is too little history to reckon with yet.", is_problem=True)
        else:
            await self.app.push_screen_wait(WhatIfScreen(found))


_NO_DEALS = (
    "There are no deals yet. Press n to add one, or bring yours in with 'salestui import FILES'; "
    "'salestui demo' shows this screen on a made-up team."
)
_MEASURING = "Measuring the accuracy that such forecasts have had …"
_HOW = "Enter or W tries other ways in a period, A another day, f any period to come. ? says more."
