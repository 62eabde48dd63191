"""The weekly meeting: the agenda point by point, with the deals behind it, and the decisions typed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from threading import Event
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding
from textual.widget import Widget

from salestui.analytics import agenda
from salestui.analytics.forecast.backtest import Stopped
from salestui.analytics.kept import Kept
from salestui.analytics.rendering.page import Page, Section
from salestui.analytics.report import Report
from salestui.analytics.scope import Scope, said, whose
from salestui.analytics.wish import Wish, scope_of
from salestui.screens.acting import ActingScreen, AtHand, shown
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
        "The meeting goes through what was decided last time, what changed since then, in all that is "
        "open and in what is due this quarter, where the funnel differs, what slipped and stands still, "
        "what is coming with the accuracy that such forecasts have had, what was committed and adjusted, "
        "and the plan. Enter on a row shows the deals behind it; on a row of one deal the keys for deals "
        "work: p postpones it, e edits it, w and x close it. W writes the minutes and keeps the decisions."
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
        *shown(postpone=""),
    ]  # fmt: skip

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self._of = wish
        self._begun: tuple[Scope, date, Page] | None = None
        self._place = 0
        self._sections: dict[int, Section] = {}
        self._decided: list[Decided] = []
        self._is_kept = True
        self._shown_place = -1
        self._stop = Event()
        self._kept = Kept()

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
        then = None if self._of.as_of is None else f"as of {scope.as_of}"
        return joined(then, f"Meeting, since {since}", whose(scope))

    async def fetch(self) -> None:
        """Read the point that is looked at; those before are read again when they are come back to."""
        place = self._place
        if self._begun is None:
            self._begun = await self.read(_begin, self._of)
        scope, since, _ = self._begun
        if 0 < place < self._count - 1:
            point = agenda.POINTS[place - 1]
            if point.is_slow:
                self._show()
            self._stop.set()
            stop = self._stop = Event()
            try:
                made = await self.read(_build, self._kept, (scope, since), point, stop.is_set)
            except Stopped:
                return  # another point is looked at by now
            self._sections[place] = made
        if place == self._place:
            self._show()

    def on_unmount(self) -> None:
        """Nobody waits any longer."""
        self._stop.set()

    def _section(self, place: int) -> Section:
        if place == 0:
            return agenda.review(None) if self._begun is None else _first(self._begun[2])
        if place == self._count - 1:
            return Section("What we decide", tuple(each.text for each in self._decided))
        return self._sections.get(place) or Section(agenda.POINTS[place - 1].title, (_MEASURING,))

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
        is_new, self._shown_place = self._shown_place != self._place, self._place
        self._view.show_parts(parts, hints if not parts else told, is_new=is_new)

    def at_hand(self) -> AtHand:
        """The deal of the row under the cursor, where the row is of one."""
        deal_id = self._deal_of(self._view.row)
        return AtHand() if deal_id is None else AtHand(deal_id=deal_id)

    def _deal_of(self, row: tuple[Report, int] | None) -> str | None:
        """The one deal that a row of a list of deals is of."""
        if row is None or not row[0].subjects or row[0].columns[0].key != "number":
            return None
        deal_ids = row[0].subjects[row[1]].deal_ids
        return deal_ids[0] if len(deal_ids) == 1 else None

    def action_step(self, by: int) -> None:
        """Go to another point."""
        place = min(max(self._place + by, 0), self._count - 1)
        if place == self._place:
            say(self.app, "This is the first point." if by < 0 else _END)
        else:
            self._place = place
            self.reload()

    def on_report_view_row_opened(self, event: ReportView.RowOpened) -> None:
        """Show the deal of the row, or list those behind it."""
        if self._begun is None:
            return
        deal_id = self._deal_of((event.report, event.row))
        if deal_id is not None:
            from salestui.screens.behind import open_of_today

            open_of_today(self, deal_id)
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
        scope, since, begun = self._begun
        say(self.app, "Putting the minutes together …")
        review = begun.sections[0]
        page = await self.read(_page, self._kept, scope, since, review, self._decided)
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


def _begin(reader: Reader, wish: Wish) -> tuple[Scope, date, Page]:
    """What the meeting is of, since when, and a page that begins with what was decided last time."""
    scope = scope_of(reader, Wish(wish.whose, as_of=wish.as_of, only=wish.only))
    since, last = agenda.since_when(reader, scope.as_of, None)
    return scope, since, agenda.minutes(reader, scope, since, [agenda.review(last)])


def _first(page: Page) -> Section:
    """What was decided last time, after what is to be known of the whole meeting."""
    review = page.sections[0]
    return replace(review, lines=(*page.warnings, *review.lines))


def _build(
    reader: Reader,
    kept: Kept,
    asked: tuple[Scope, date],
    point: agenda.Point,
    should_stop: Callable[[], bool],
) -> Section:
    """A point; what was measured for it stays until anybody writes, for the minutes."""
    with kept.lent():
        return agenda.build(agenda.Asked(reader, *asked, should_stop), point)


def _page(
    reader: Reader,
    kept: Kept,
    scope: Scope,
    since: date,
    review: Section,
    decided: Iterable[Decided],
) -> Page:
    with kept.lent():
        points = agenda.build_all(reader, scope, since)
    told = tuple(
        joined(each.text, f"until {each.due_on}" if each.due_on else None) for each in decided
    )
    return agenda.minutes(reader, scope, since, [review, *points, Section("What we decided", told)])


_MEASURING = "Measuring …"
_HOW = ("Nothing yet. D types in what is decided.", "Space goes on.")
_END = "This is the last point. D types in a decision, W writes the minutes."
