"""The funnel: how many deals reach each stage, what becomes of them, what is won and why it is lost."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding

from salestui import remembered
from salestui.analytics.drill import Behind
from salestui.analytics.groups import Label
from salestui.analytics.report import Report
from salestui.analytics.stages.against import AGAINST
from salestui.analytics.stages.overview import FirstLook, Overview, look
from salestui.analytics.wish import Wish
from salestui.errors import Refused
from salestui.screens.base import say
from salestui.screens.reports import ReportsScreen
from salestui.screens.wording import joined
from salestui.widgets.report_view import Part, ReportView


class FunnelScreen(ReportsScreen):
    """Chart, conversion, win rate and losses of one scope."""

    MODE = "funnel"

    HELP = (
        "The funnel counts the deals created in the period, conversion those that entered a stage "
        "in it, win rate and losses those closed in it. Conversion is advanced of settled ones, and "
        "the range beside it is where the true share lies with 95 % confidence. The median counts "
        "deals still there as long as they have lasted. Compare (c) puts the stages beside the team's "
        "reference, the same months of other quarters where months differ, a template, the period before "
        "or a year before, and says which differ beyond chance and what that costs: by the day a stage "
        "was decided; where all time is shown, of the last four weeks, or beside the same months of the "
        "last whole month."
    )

    BINDINGS: ClassVar = [
        Binding("z", "measure", "Count or sum", id="funnel.measure",
                tooltip="Draw the funnel by count, then by the sum in each currency"),
        Binding("c", "compare", "Compare", id="funnel.compare", show=False,
                tooltip="Beside the reference, the same months of other quarters, the template, the period "
                "before, the year before, no more"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._measure = "count"
        self._view: FirstLook | None = None
        kept = remembered.recall(_AGAINST)
        self._against = kept if kept in AGAINST else ""
        self._beside: Report | None = None

    def title_words(self) -> str:
        """Whose funnel of what."""
        return "" if self._view is None else self.whose_words(dict(self._view.scope.words))

    async def fetch(self) -> None:
        """Read and show what is wished for; where nothing stands yet, the funnel as soon as it is read."""
        wish = await self.recalled()
        is_first = self._view is None
        show = self.from_thread(partial(self._show_first, wish)) if is_first else None
        found = await self.read(look, wish, show)
        if wish == self._wish:
            if self._view is None or found.scope != self._view.scope:
                self._beside = None
            self._view = found
            self.lay_out()
            self._compare()

    def _show_first(self, wish: Wish, found: FirstLook) -> None:
        if self._view is None and wish == self._wish:
            self._view = found
            self.lay_out()

    @work(exclusive=True, group="compare")
    async def _compare(self) -> None:
        """Compare once the rest is painted: it reads a year, and all of the past if that is too little."""
        view, against = self._view, self._against
        if not isinstance(view, Overview) or view.is_empty or not against:
            return
        from salestui.analytics.stages.deviations import deviations

        try:
            found = await self.read(deviations, view.scope, against=against)
        except Refused as error:
            say(self.app, str(error), is_problem=True)
            return
        if view is self._view and against == self._against:
            self._beside = found
            self.lay_out()

    def lay_out(self) -> None:
        """One list, or two."""
        view = self._view
        if view is None:
            return
        left, right = self.views
        drawn = Part(view.funnel, self._measure, self.title_words())
        if not isinstance(view, Overview):
            left.show_parts((drawn,))
            return
        if view.is_empty:
            left.show_parts((), (_NO_DEALS,))
            right.show_parts(())
            return
        beside = self._beside
        compared = () if beside is None else (Part(beside, right=beside.period.label),)
        first = (
            *compared,
            drawn,
            Part(view.conversion, right="by the day of entering"),
        )
        second = (
            Part(view.win_rate, right="by the day of closing"),
            Part(view.losses, right="by the day of closing"),
        )
        if self.has_class("-wide"):
            left.show_parts(first, (_HOW,))
            right.show_parts(second)
        else:
            left.show_parts((*first, *second), (_HOW,))

    def on_report_view_row_opened(self, event: ReportView.RowOpened) -> None:
        """Show the row rep by rep, or its deals where they are one rep's."""
        view = self._view
        if view is None:
            return
        behind: Behind = event.report.subjects[event.row]
        cells = event.report.rows[event.row]
        names = [
            str(cell)
            for cell, column in zip(cells, event.report.columns, strict=True)
            if column.kind == "text" and column.key not in ("source", "verdict")
        ]
        is_beside = event.report is self._beside
        title = joined("Deviations" if is_beside else event.report.title, *names)
        scope = replace(view.scope, period=event.report.period)
        if view.scope.owner_ids is not None and len(view.scope.owner_ids) == 1:
            from salestui.screens.behind import BehindScreen

            self.app.push_screen(BehindScreen(scope, behind, title))
        else:
            from salestui.screens.by_rep import ByRepScreen

            self.app.push_screen(ByRepScreen(scope, behind, title))

    def action_compare(self) -> None:
        """Compare with what comes next, and after the last with nothing."""
        choices = (*AGAINST, "")
        self._against = choices[(choices.index(self._against) + 1) % len(choices)]
        remembered.remember(_AGAINST, self._against)
        self._beside = None
        self.lay_out()
        self._compare()

    def action_measure(self) -> None:
        """Draw by count, then by the sums."""
        if self._view is None:
            return
        keys = ["count"]
        keys += [c.key for c in self._view.funnel.columns if c.kind == "money"]
        place = keys.index(self._measure) if self._measure in keys else -1
        self._measure = keys[(place + 1) % len(keys)]
        self.lay_out()

    def narrow(self, key: str, label: Label) -> None:
        """The funnel is always of one pipeline."""
        known = [] if self._view is None else [each.id for each in self._view.pipelines]
        if key != "pipeline":
            super().narrow(key, label)
        elif label[0] in known:
            self._wish_for(place=known.index(label[0]))

    def action_pipeline(self, by: int) -> None:
        """Show another pipeline."""
        if self._view is not None and len(self._view.pipelines) > 1:
            self._wish_for(place=self._wish.place + by)


_AGAINST = "funnel against"
_NO_DEALS = (
    "There are no deals yet. Press n to add one, or bring yours in with 'salestui import FILES'; "
    "'salestui demo' shows this screen on a made-up team."
)
_HOW = (
    "Enter shows a row by rep, and then the deals. Conv.: advanced of advanced, lost and postponed; lowest: "
    "of all that entered. ? says more."
)
