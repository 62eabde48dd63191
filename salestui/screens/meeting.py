"""The weekly meeting: the agenda point by point, with the deals behind it, and the decisions typed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding
from textual.widget import Widget

from salestui.analytics import agenda
from salestui.analytics.rendering.page import Page, Section
from salestui.analytics.scope import Scope, said, whose
from salestui.analytics.stages.overview import Wish, scope_of
from salestui.queries.meetings import LastMeeting
from salestui.screens.acting import ActingScreen
from salestui.screens.base import say
from salestui.screens.wording import joined
from salestui.widgets.report_view import Part, ReportView

if TYPE_CHECKING:
    from salestui.store.reader import Reader
    from salestui.usecases.meetings import Decided


class MeetingScreen(ActingScreen):
    """One point of the agenda at a time. What is decided is kept when the minutes are written."""

    MODE = "funnel"
    AUTO_FOCUS = "ReportView"

    HELP = (
        "The meeting goes through what was decided last time, what changed since then, where the funnel "
        "differs, what slipped and stands still, what is coming, and the plan. Enter on a row lists the "
        "deals behind it, where they can be edited. W writes the minutes and keeps the decisions."
    )

    BINDINGS: ClassVar = [
        Binding("space,right,l", "step(1)", "Next", id="meeting.next", key_display="space",
                tooltip="The next point"),
        Binding("left,h", "step(-1)", "Before", id="meeting.before", key_display="←",
                tooltip="The point before"),
        Binding("D", "decide", "Decision", id="meeting.decide", tooltip="Type in what is decided"),
        Binding("W", "minutes", "Minutes", id="meeting.minutes",
                tooltip="Write the minutes and keep the decisions"),
        Binding("escape,backspace", "back", "Leave", id="meeting.leave", key_display="esc",
                tooltip="Leave the meeting"),
    ]  # fmt: skip

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self._of = wish
        self._begun: tuple[Scope, date, LastMeeting | None] | None = None
        self._place = 0
        self._sections: dict[int, Section] = {}
        self._decided: list[Decided] = []
        self._is_kept = True

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        yield ReportView()

    @property
    def _view(self) -> ReportView:
        return self.query_one(ReportView)

    @property
    def _count(self) -> int:
        """The points, with last time's and today's decisions around them."""
        return len(agenda.POINTS) + 2

    def title_words(self) -> str:
        """Whose meeting, as of which day."""
        if self._begun is None:
            return "Meeting"
        scope, since, _ = self._begun
        return joined(f"Meeting, {since} to {scope.as_of}", whose(scope))

    async def fetch(self) -> None:
        """Read the point that is looked at; those before are read again when they are come back to."""
        place = self._place
        if self._begun is None:
            self._begun = await self.read(_begin, self._of)
        scope, since, _ = self._begun
        if 0 < place < self._count - 1:
            point = agenda.POINTS[place - 1]
            self._sections[place] = await self.read(agenda.build, scope, since, point)
        if place == self._place:
            self._show()

    def _section(self, place: int) -> Section:
        if place == 0:
            return agenda.review(None if self._begun is None else self._begun[2])
        if place == self._count - 1:
            return Section("What we decide", tuple(each.text for each in self._decided))
        return self._sections.get(place) or Section(agenda.POINTS[place - 1].title)

    def _show(self) -> None:
        section = self._section(self._place)
        head = f"{self._place + 1}/{self._count} {section.title}"
        told = section.lines or (() if section.reports else (_HOW[self._place == 0],))
        hints = (head, *told)
        if self._place == self._count - 1:
            hints = (*hints, _END)
        narrowed = () if self._begun is None else said(self._begun[0].words)[2:]
        place = joined(*narrowed, f"{self._place + 1}/{self._count}")
        parts = [Part(report, right=place, is_drawn=True) for report in section.reports]
        self._view.show_parts(parts, hints if not parts else told, is_new=True)

    def action_step(self, by: int) -> None:
        """Go to another point."""
        place = min(max(self._place + by, 0), self._count - 1)
        if place == self._place:
            say(self.app, "This is the first point." if by < 0 else _END)
        else:
            self._place = place
            self.reload()

    def on_report_view_row_opened(self, event: ReportView.RowOpened) -> None:
        """List the deals behind the row."""
        if self._begun is None:
            return
        from salestui.screens.behind import BehindScreen

        cells = zip(event.report.rows[event.row], event.report.columns, strict=True)
        names = [str(cell) for cell, column in cells if column.kind == "text"]
        scope = replace(self._begun[0], period=event.report.period)
        title = joined(event.report.title, *names[:2])
        self.app.push_screen(BehindScreen(scope, event.report.subjects[event.row], title))

    def action_decide(self) -> None:
        """Type a decision."""
        self._decide()

    @work(group="act")
    async def _decide(self) -> None:
        from salestui.screens.decision_form import DecisionForm

        form = DecisionForm((await self.choices()).reps, await self.today())
        decided = await self.app.push_screen_wait(form)
        if decided is not None:
            self._decided.append(decided)
            self._is_kept = False
            say(self.app, f"Noted: {decided.text}")
            if self._place == self._count - 1:
                self._show()

    def action_minutes(self) -> None:
        """Write the minutes."""
        self._minutes()

    @work(group="act")
    async def _minutes(self) -> None:
        from salestui.screens.decision_form import MinutesForm

        if self._begun is None:
            return
        scope, since, last = self._begun
        page = await self.read(_page, scope, since, last, self._decided)
        done = await self.app.push_screen_wait(
            MinutesForm(page, scope, since, tuple(self._decided))
        )
        if done is not None:
            say(self.app, done)
            self.dismiss()

    def action_back(self) -> None:
        """Leave; what was decided and not yet kept is asked about."""
        self._leave()

    @work(group="act")
    async def _leave(self) -> None:
        from salestui.screens.confirm import Confirm

        if self._is_kept or await self.app.push_screen_wait(
            Confirm("Leave without keeping what was decided?")
        ):
            self.dismiss()


def _begin(reader: Reader, wish: Wish) -> tuple[Scope, date, LastMeeting | None]:
    scope = scope_of(reader, Wish(wish.whose, as_of=wish.as_of, only=wish.only))
    since, last = agenda.since_when(reader, scope.as_of, None)
    return scope, since, last


def _page(
    reader: Reader,
    scope: Scope,
    since: date,
    last: LastMeeting | None,
    decided: Iterable[Decided],
) -> Page:
    points = (agenda.build(reader, scope, since, point) for point in agenda.POINTS)
    told = tuple(
        joined(each.text, f"until {each.due_on}" if each.due_on else None) for each in decided
    )
    return agenda.minutes(
        scope, since, [agenda.review(last), *points, Section("What we decided", told)]
    )


_HOW = ("Nothing yet. D types in what is decided.", "Space goes on.")
_END = "This is the last point. D types in a decision, W writes the minutes."
