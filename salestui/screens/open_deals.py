"""The open deals of a row of a funnel, with what each is worth, its chance, and what moves that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding
from textual.widget import Widget

from salestui.analytics.drill import Behind
from salestui.analytics.kept import Kept
from salestui.analytics.outlook.forecast_overview import deals_of
from salestui.analytics.wish import Wish
from salestui.screens.acting import ActingScreen, AtHand
from salestui.screens.behind import as_of_words, open_of_today
from salestui.screens.wording import joined
from salestui.widgets.report_view import Part, ReportView


class OpenDealsScreen(ActingScreen):
    """One report of a line for each deal; Enter opens it."""

    MODE = "forecast"
    AUTO_FOCUS = "ReportView"

    HELP = (
        "The open deals of one row, those first that template and statistics differ most about. Chance is "
        "that of being won in the end, by what became of deals like it; factors are what tells it apart "
        "from others of its stage or age, as far as that would have been right on past days. The notes "
        "below say how good such chances were."
    )

    BINDINGS: ClassVar = [
        Binding("escape,backspace", "back", "Back", id="behind.back", key_display="esc",
                tooltip="Go back (also q)"),
    ]  # fmt: skip

    def __init__(self, wish: Wish, kept: Kept, behind: Behind, title: str) -> None:
        super().__init__()
        self._wish, self._kept, self._behind, self._title = wish, kept, behind, title

    def compose_body(self) -> Iterable[Widget]:
        """The report."""
        yield ReportView()

    def title_words(self) -> str:
        """Which row."""
        return joined(as_of_words(self), self._title)

    async def fetch(self) -> None:
        """Read and show it."""
        found = await self.read(deals_of, self._wish, self._kept, self._behind)
        part = Part(replace(found, title=self._title), right=as_of_words(self) or "")
        self.query_one(ReportView).show_parts([part], (_HOW,))

    def at_hand(self) -> AtHand:
        """The deal under the cursor."""
        row = self.query_one(ReportView).row
        return AtHand() if row is None else AtHand(None, row[0].subjects[row[1]].deal_ids[0])

    def on_report_view_row_opened(self, event: ReportView.RowOpened) -> None:
        """Show the deal."""
        open_of_today(self, event.report.subjects[event.row].deal_ids[0])

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()


_HOW = "Enter opens the deal. > shows the columns for which there is no room."
