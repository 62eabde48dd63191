"""A row of the funnel's reports, rep by rep; from there to the deals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding
from textual.widget import Widget

from salestui.analytics.drill import Behind
from salestui.analytics.scope import Scope, whose
from salestui.analytics.stages.of_stage import by_rep
from salestui.screens.acting import ActingScreen
from salestui.screens.behind import BehindScreen, as_of_words
from salestui.screens.wording import joined
from salestui.widgets.report_view import Part, ReportView


class ByRepScreen(ActingScreen):
    """One report of a line for each rep; Enter lists the deals of one."""

    MODE = "funnel"
    AUTO_FOCUS = "ReportView"

    HELP = (
        "The deals of one row of the funnel by the rep who owns them today, or on the day shown; they "
        "add up to the row. Conversion, its range and the median mean what they mean in the funnel: few "
        "deals make a wide range, and reps whose ranges overlap need not differ."
    )

    BINDINGS: ClassVar = [
        Binding("escape,backspace", "back", "Back", id="behind.back", key_display="esc",
                tooltip="Go back (also q)"),
    ]  # fmt: skip

    def __init__(self, scope: Scope, behind: Behind, title: str) -> None:
        super().__init__()
        self._scope, self._behind, self._title = scope, behind, title

    def compose_body(self) -> Iterable[Widget]:
        """The report."""
        yield ReportView()

    def title_words(self) -> str:
        """Which row, of which scope."""
        return joined(as_of_words(self), self._title, whose(self._scope))

    async def fetch(self) -> None:
        """Read and show it."""
        found = await self.read(by_rep, self._scope, self._behind)
        view = self.query_one(ReportView)
        view.show_parts(
            [
                Part(
                    replace(found, title=self._title),
                    right=joined(as_of_words(self), whose(self._scope)),
                )
            ],
            (_HOW,),
        )

    def on_report_view_row_opened(self, event: ReportView.RowOpened) -> None:
        """List the deals of the rep."""
        name = str(event.report.rows[event.row][0])
        behind = event.report.subjects[event.row]
        self.app.push_screen(BehindScreen(self._scope, behind, joined(self._title, name)))

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()


_HOW = "Enter lists the deals of a rep."
