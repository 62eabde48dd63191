"""The team rep by rep, and the page that a rep and the manager both see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.binding import Binding

from salestui.analytics.people.team_overview import RepPage, TeamOverview, look, page
from salestui.analytics.wish import Wish
from salestui.errors import Refused
from salestui.screens.base import say
from salestui.screens.reports import ReportsScreen
from salestui.text import inert
from salestui.widgets.report_view import Part, ReportView


class TeamScreen(ReportsScreen):
    """One row for each rep. Whoever sells sees the own page first; Enter shows another's."""

    MODE = "team"

    HELP = (
        "The team of this quarter, or of the period that is chosen. Enter on a rep shows the rep's page: "
        "each way of selling in the year before beside everybody and the best third, with what is strength, "
        "gap or chance, and the bonus. Everybody sees the same page about themselves."
    )

    BINDINGS: ClassVar = [
        Binding("escape,backspace", "own", "My page", id="team.own", show=False,
                tooltip="Back to one's own page, or to none"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    TeamScreen.-wide Horizontal { layout: vertical; }
    TeamScreen.-wide #right { border-left: none; border-top: solid $border; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._view: TeamOverview | None = None
        self._page: RepPage | None = None
        self._chosen: str | None = None

    def title_words(self) -> str:
        """Whose team, of which period."""
        return "" if self._view is None else self.whose_words(dict(self._view.scope.words))

    async def fetch(self) -> None:
        """Read and show; the page follows."""
        wish = await self.recalled()
        found = await self.read(look, wish)
        if wish == self._wish:
            self._view = found
            self.lay_out()
            self._turn_to(wish, self._chosen or found.own, is_asked=False)

    @work(exclusive=True, group="page")
    async def _turn_to(self, wish: Wish, rep_id: str | None, *, is_asked: bool = True) -> None:
        if rep_id is None:
            self._page = None
        else:
            try:
                self._page = await self.read(page, wish, rep_id)
            except Refused as refusal:
                say(self.app, str(refusal), is_problem=True)
                self._page = None
        if wish == self._wish:
            self.lay_out()
            if is_asked:
                self._show_page(rep_id)

    def lay_out(self) -> None:
        """One list, the page above the team, or two: a row of the team takes the whole width."""
        view = self._view
        if view is None or not self.is_mounted:
            return
        left, right = self.views
        team = Part(view.team, right=self.title_words(), is_openable=True)
        pages = tuple(self._pages())
        if self.has_class("-wide"):
            left.show_parts((team,), (_HOW,))
            right.show_parts(pages, () if pages else (_NO_PAGE,))
        else:
            left.show_parts((*pages, team), (_HOW,))

    def _show_page(self, rep_id: str | None) -> None:
        """Leave the cursor on the rep and turn to the page, which stands above the team."""
        left, _ = self.views
        if self._view is not None and rep_id in self._view.reps:
            place = 0 if self.has_class("-wide") else len(tuple(self._pages()))
            left.select(f"{place}:{self._view.reps.index(rep_id)}")
            if place:
                left.show_top()

    def _pages(self) -> Iterator[Part]:
        if self._page is not None:
            right = f"{self._page.coaching.period.label} · {self._page.name}"
            # The findings are what the page is read for: they stand before the figures.
            found = tuple(inert(text) for text in self._page.coaching.warnings)
            below = () if self.has_class("-wide") else (_BELOW,)
            page = replace(self._page.coaching, warnings=())
            yield Part(page, right=right, lead=(*found, *below))
            if self._page.bonus is not None:
                yield Part(self._page.bonus, right=self._page.name)

    def on_report_view_row_opened(self, event: ReportView.RowOpened) -> None:
        """Show the page of the rep."""
        if self._view is not None and event.report is self._view.team:
            self._chosen = self._view.reps[event.row] or None
            self._turn_to(self._wish, self._chosen or self._view.own)

    def action_own(self) -> None:
        """Back to one's own page."""
        if self._view is not None:
            self._chosen = None
            self._turn_to(self._wish, self._view.own)


_BELOW = "Below (pgdn, end): the bonus and the team, where Enter shows another's page."
_HOW = "Enter on a rep shows that rep's page, esc one's own again. ? says more."
_NO_PAGE = "Enter on a rep shows the page that the rep sees too."
