"""The weekly meeting: the agenda point by point, with the deals behind it, and the decisions typed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from threading import Event
from typing import TYPE_CHECKING, ClassVar, NamedTuple

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
from salestui.screens.calling import NO_DEALS, call, is_known, is_mine
from salestui.screens.decisions import TITLE, Decisions, listed, told
from salestui.screens.wording import NOT_TODAY, joined
from salestui.widgets.report_view import Part, ReportView

if TYPE_CHECKING:
    from salestui.analytics.outlook.calls import CallReports
    from salestui.store.reader import Reader


class _Begun(NamedTuple):
    """What a meeting is of, since when, and a page that begins with what was decided last time.

    `is_past`: it is shown again, as of an earlier day.
    """

    scope: Scope
    since: date
    page: Page
    is_past: bool


class MeetingScreen(ActingScreen):
    """One point of the agenda at a time. What is decided is kept when the minutes are written."""

    MODE = "funnel"
    AUTO_FOCUS = "ReportView"

    HELP = (
        "The meeting goes through what was decided last time, what changed since then, in all that is "
        "open and in what is due this quarter, where the funnel differs, what slipped and stands still, "
        "what is coming with the accuracy that such forecasts have had, what was committed and adjusted, "
        "and the plan. Enter on a row shows the deals behind it; on a row of one deal the keys for deals "
        "work: p postpones it, e edits it, w and x close it. W writes the minutes and keeps the decisions. "
        "At the calls c is for your own commit, J for a manager's adjustment. "
        "Until then u takes back what was noted, changed or deleted of them; with none noted it undoes the "
        "last change in the store, as everywhere."
    )

    BINDINGS: ClassVar = [
        Binding("space,right,l", "step(1)", "Next", id="meeting.next", key_display="space",
                tooltip="The next point"),
        Binding("left,h", "step(-1)", "Before", id="meeting.before", show=False, key_display="←",
                tooltip="The point before"),
        Binding("D", "decide", "Decide", id="meeting.decide", tooltip="Type in what is decided"),
        Binding("W", "minutes", "Minutes", id="meeting.minutes",
                tooltip="Write the minutes and keep the decisions"),
        Binding("J", "adjust", "Adjust", id="forecast.adjust",
                tooltip="As a manager, put your word over a commit, and say why"),
        Binding("c", "commit", "Commit", id="forecast.commit",
                tooltip="Say what you will win in the period: commit and best case"),
        *shown(postpone="", edit=""),
        Binding("delete", "delete", "Delete", id="meeting.delete", key_display="del",
                tooltip="Delete the decision under the cursor"),
        Binding("escape,backspace", "back", "Leave", id="meeting.leave", key_display="esc",
                tooltip="Leave the meeting"),
        Binding("u", "undo", "Undo", id="app.undo", show=False,
                tooltip="Take back what was last noted here; with nothing noted, the last change"),
        Binding("U", "redo", "Redo", id="app.redo", show=False,
                tooltip="Do again what was undone"),
    ]  # fmt: skip

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self._of = wish
        self._begun: _Begun | None = None
        self._place = 0
        self._sections: dict[int, Section] = {}
        self._decisions = Decisions()
        self._name_of: dict[str, str] = {}
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
    def _is_last(self) -> bool:
        return self._place == self._count - 1

    @property
    def _is_calls(self) -> bool:
        return self._place == agenda.POINTS.index(agenda.CALLS) + 1

    @property
    def _count(self) -> int:
        """The points, with last time's and today's decisions around them."""
        return len(agenda.POINTS) + 2

    def title_words(self) -> str:
        """As of which day, since which, whose meeting: a narrow line cuts the end."""
        if self._begun is None:
            return "Meeting"
        scope, since, *_ = self._begun
        then = None if self._of.as_of is None else f"as of {scope.as_of}"
        return joined(then, f"since {since}", whose(scope), "meeting")

    async def fetch(self) -> None:
        """Read the point that is looked at; those before are read again when they are come back to.

        So is what the meeting begins with: an undo may have taken the last meeting away.
        """
        place = self._place
        self._begun = await self.read(_begin, self._of)
        scope, since, *_ = self._begun
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
            return agenda.review(None) if self._begun is None else _first(self._begun)
        if place == self._count - 1:
            if self._begun is None or not self._decisions.all:
                return Section(TITLE)
            return Section(
                TITLE, (), (listed(self._begun.scope, self._decisions.all, self._name_of),)
            )
        return self._sections.get(place) or Section(agenda.POINTS[place - 1].title, (_MEASURING,))

    def _show(self) -> None:
        section = self._section(self._place)
        is_past = self._begun is not None and self._begun.is_past
        head = f"{self._place + 1}/{self._count} {section.title}"
        how = _HOW_PAST if is_past and self._is_last else _HOW[self._place == 0]
        lines = section.lines or (() if section.reports else (how,))
        if self._is_last:
            lines = (*lines, _END_PAST if is_past else _END)
        narrowed = () if self._begun is None else said(self._begun.scope.words)[2:]
        place = joined(*narrowed, f"{self._place + 1}/{self._count}")
        is_openable = self._is_last or self._is_calls
        parts = [
            Part(
                report,
                right=joined(report.period.label if self._is_calls else None, place),
                is_openable=is_openable,
                is_drawn=True,
            )
            for report in section.reports
        ]
        is_new, self._shown_place = self._shown_place != self._place, self._place
        self._view.show_parts(parts, lines if parts else (head, *lines), is_new=is_new)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys in the footer are those that do something at this point."""
        reports = self._section(self._place).reports
        if action in ("commit", "adjust"):
            return self._is_calls and bool(reports)
        if action not in ("postpone", "edit", "delete"):
            return super().check_action(action, parameters)
        if self._is_last:
            return action != "postpone" and bool(reports)
        return action != "delete" and any(map(_is_of_deals, reports))

    def at_hand(self) -> AtHand:
        """The deal of the row under the cursor, where the row is of one."""
        deal_id = self._deal_of(self._view.row)
        return AtHand() if deal_id is None else AtHand(deal_id=deal_id)

    def _deal_of(self, row: tuple[Report, int] | None) -> str | None:
        """The one deal that a row of a list of deals is of."""
        if row is None or not _is_of_deals(row[0]):
            return None
        deal_ids = row[0].subjects[row[1]].deal_ids
        return deal_ids[0] if len(deal_ids) == 1 else None

    def action_step(self, by: int) -> None:
        """Go to another point."""
        place = min(max(self._place + by, 0), self._count - 1)
        if place == self._place:
            is_past = self._begun is not None and self._begun.is_past
            end = _END_PAST if is_past else _END
            say(self.app, "This is the first point." if by < 0 else end)
        else:
            self._place = place
            self.reload()

    def on_report_view_row_opened(self, event: ReportView.RowOpened) -> None:
        """Show the deal of the row, or list those behind it."""
        if self._begun is None:
            return
        if self._is_last:
            self._decide(event.row)
            return
        if self._is_calls:
            self._open_call(event.report, event.row)
            return
        deal_id = self._deal_of((event.report, event.row))
        if deal_id is not None:
            from salestui.screens.behind import open_of_today

            open_of_today(self, deal_id)
            return
        from salestui.screens.behind import BehindScreen

        cells = zip(event.report.rows[event.row], event.report.columns, strict=True)
        names = [str(cell) for cell, column in cells if column.kind == "text"]
        scope = replace(self._begun.scope, period=event.report.period)
        title = joined(event.report.title, *names[:2])
        self.app.push_screen(BehindScreen(scope, event.report.subjects[event.row], title))

    def _open_call(self, report: Report, row: int) -> None:
        if self._is_by_rep(report):
            self._call(row)
        else:
            say(self.app, str(report.cells("note")[row] or "No note was given."))

    def _is_by_rep(self, report: Report) -> bool:
        return report is self._section(self._place).reports[0]

    def action_commit(self) -> None:
        """Say one's own commit and best case."""
        if is_known(self):
            self._call(self._pointed(), is_own=True)

    def action_adjust(self) -> None:
        """Put a manager's word over a commit: that of the row under the cursor, where it is of one."""
        self._call(self._pointed(), is_own=False)

    def _pointed(self) -> int | None:
        """The row by rep that the cursor is on."""
        at = self._view.row
        return at[1] if at is not None and self._is_by_rep(at[0]) else None

    @work(group="act")
    async def _call(self, row: int | None, *, is_own: bool | None = None) -> None:
        """One's own word or a manager's; unless said which, one's own of one's own row."""
        reports = self._section(self._place).reports
        if self._begun is None or not reports:
            return
        if self._begun.is_past:
            say(self.app, NOT_TODAY.format("said"), is_problem=True)
            return
        scope, since, *_ = self._begun
        shown = await self.read(_calls_of, self._kept, (scope, since))
        if shown is None:
            say(self.app, NO_DEALS, is_problem=True)
            return
        # What a colleague has said meanwhile may have moved the rows.
        is_same = row is not None and shown.calls.rows == reports[0].rows
        about = shown.about[row] if row is not None and is_same else None
        mine = about is not None and is_mine(self, about)
        is_own = mine if is_own is None else is_own
        of = about if mine or not is_own else None
        await call(self, shown, of, is_own=is_own, whose=self._of.whose)

    def action_decide(self) -> None:
        """Type a decision."""
        self._decide()

    def action_edit(self) -> None:
        """Edit the decision under the cursor at the last point, the deal at others."""
        row = self._view.row
        if self._is_last and row is not None:
            self._decide(row[1])
        else:
            super().action_edit()

    @work(group="act")
    async def _decide(self, place: int | None = None) -> None:
        """Type a decision, or the one at `place` anew."""
        from salestui.screens.decision_form import DecisionForm

        if self._begun is not None and self._begun.is_past:
            say(self.app, NOT_TODAY.format("decided"), is_problem=True)
            return
        reps = (await self.choices()).reps
        self._name_of |= {each.id: each.name for each in reps}
        now = None if place is None else self._decisions.all[place]
        decided = await self.app.push_screen_wait(DecisionForm(reps, await self.today(), now))
        if decided is None or decided == now:
            return
        what = f"{'Noted' if now is None else 'Changed'}: {decided.text}"
        self._decisions.put(place, decided, what=what)
        self._tell_decided(what)

    def action_delete(self) -> None:
        """Delete the decision under the cursor."""
        row = self._view.row
        if row is not None:
            what = f"Deleted: {self._decisions.all[row[1]].text}"
            self._decisions.put(row[1], what=what)
            self._tell_decided(what)

    def action_undo(self) -> None:
        """Take back what was last done to the decisions; with nothing done, the last change."""
        # As the app's own: after what a key pressed a moment ago has begun.
        self.call_after_refresh(self._step_back, "undo")

    def action_redo(self) -> None:
        """Do again what was undone."""
        self.call_after_refresh(self._step_back, "redo")

    async def _step_back(self, name: str) -> None:
        is_undo = name == "undo"
        what = self._decisions.undo() if is_undo else self._decisions.redo()
        if what is None:
            await self.run_action(f"app.{name}")
        else:
            self._tell_decided(f"{'Undone' if is_undo else 'Done again'}: {what}")

    def _tell_decided(self, text: str) -> None:
        say(self.app, text)
        if self._is_last:
            self._show()

    def action_minutes(self) -> None:
        """Write the minutes."""
        self._minutes()

    @work(group="act")
    async def _minutes(self) -> None:
        from salestui.screens.decision_form import MinutesForm

        say(self.app, "Putting the minutes together …")
        decided = self._decisions.all
        lines = told(decided, self._name_of)
        begun, page = await self.read(_page, self._kept, self._of, lines)
        form = MinutesForm(page, begun.scope, begun.since, None if begun.is_past else decided)
        done = await self.app.push_screen_wait(form)
        if done is not None:
            say(self.app, done)
            self.dismiss()

    def action_back(self) -> None:
        """Leave; what was decided and not yet kept is asked about."""
        self._leave()

    @work(group="act")
    async def _leave(self) -> None:
        from salestui.screens.confirm import Confirm

        if not self._decisions.all or await self.app.push_screen_wait(
            Confirm("Leave without keeping what was decided?")
        ):
            self.dismiss()


def _begin(reader: Reader, wish: Wish) -> _Begun:
    scope = scope_of(reader, Wish(wish.whose, as_of=wish.as_of, only=wish.only))
    since, last = agenda.since_when(reader, scope.as_of, None)
    page = agenda.minutes(reader, scope, since, [agenda.review(last)])
    return _Begun(scope, since, page, scope.as_of < reader.today)


def _is_of_deals(report: Report) -> bool:
    """Whether each row is of one deal."""
    return bool(report.subjects) and report.columns[0].key == "number"


def _first(begun: _Begun) -> Section:
    """What was decided last time, after what is to be known of the whole meeting."""
    review = begun.page.sections[0]
    compared = f"Compared with {begun.since.isoformat()}."
    return replace(review, lines=(*begun.page.warnings, *review.lines, compared))


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


def _calls_of(reader: Reader, kept: Kept, asked: tuple[Scope, date]) -> CallReports | None:
    """The calls as they stand now; `None` where no deal is known."""
    with kept.lent():
        if not len(kept.events(reader).deal):
            return None
        return agenda.calls_of(agenda.Asked(reader, *asked))


def _page(reader: Reader, kept: Kept, wish: Wish, decided: tuple[str, ...]) -> tuple[_Begun, Page]:
    """The minutes, all of one reading. Of an earlier day nothing is decided: they do not say so."""
    begun = _begin(reader, wish)
    scope, since, page, is_past = begun
    with kept.lent():
        points = agenda.build_all(reader, scope, since)
    last = () if is_past else (Section(TITLE, decided),)
    return begun, agenda.minutes(reader, scope, since, [page.sections[0], *points, *last])


_MEASURING = "Measuring …"
_HOW = ("Nothing yet. D types in what is decided.", "Space goes on.")
_END = "This is the last point. D types in a decision, W writes the minutes."
_HOW_PAST = "This is a meeting of an earlier day, shown again: nothing is decided or kept."
_END_PAST = "This is the last point. W writes the minutes."
