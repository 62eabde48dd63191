"""Until when: a day for a deal that rests, and for a task."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from salestui.errors import Conflict, Refused
from salestui.queries.activity_log import load_version
from salestui.queries.deal_card import Deal, load_deal
from salestui.screens.base import sales
from salestui.screens.dialog import Dialog
from salestui.text import day_words, parse_day
from salestui.widgets.footer import QuietFooter
from salestui.widgets.line_list import Line, LineList, line
from salestui.widgets.short_list import ShortList

if TYPE_CHECKING:
    from salestui.screens.desk import Desk
    from salestui.usecases.facts import Saved


class DayDialog(Dialog["Saved"]):
    """Until when: a digit takes a day at once, words are typed. Subclasses write it in `submit`.

    It closes with what that returns; a refusal is said and nothing typed is lost. After a conflict,
    the same again is written over what the other person wrote.
    """

    HINT: ClassVar[str] = "fri, +2w, 2026-10-01"
    HAS_REASON: ClassVar[bool] = False
    """Whether the words after the day are kept."""

    def __init__(self, title: str, today: date) -> None:
        super().__init__()
        self._title, self._today = title, today
        self._is_saving = False

    @property
    def desk(self) -> Desk:
        """The open store."""
        return sales(self.app).desk

    async def submit(self, day: date, reason: str) -> Saved:
        """Write it. Raises `Refused`."""
        raise NotImplementedError

    async def catch_up(self) -> None:
        """After a conflict: take over the version the row has now."""

    def compose(self) -> ComposeResult:
        """Days by digit, and a line to type on."""
        with Vertical() as frame:
            frame.border_title = Content(self._title)
            yield ShortList()
            yield Input(placeholder=self.HINT, select_on_focus=False, compact=True)
            yield Static(id="message")
        yield QuietFooter()

    def on_mount(self) -> None:
        """List the days."""
        lines: list[Line] = []
        for number, (name, day) in enumerate(self._days(), start=1):
            words = day_words(day, self._today)
            lines.append(line((f" {number}  ", "accent"), f"{name}, {words}", key=day.isoformat()))
        words = "or type a day, and why after it" if self.HAS_REASON else "or type a day"
        lines.append(line((f"    {words}", "muted")))
        keys = self.query_one(ShortList)
        keys.show(lambda _width: lines)
        keys.focus()

    def _days(self) -> list[tuple[str, date]]:
        monday = self._today + timedelta(days=7 - self._today.weekday())
        return [
            ("in a day", self._today + timedelta(days=1)),
            ("in two days", self._today + timedelta(days=2)),
            ("next Monday", monday),
            ("in a week", self._today + timedelta(days=7)),
            ("in two weeks", self._today + timedelta(days=14)),
            ("in a month", parse_day("+1m", self._today)),
            ("in three months", parse_day("+3m", self._today)),
        ]

    def on_key(self, event: events.Key) -> None:
        """A digit takes a day; any other sign begins to type one."""
        field = self.query_one(Input)
        if field.has_focus or not event.is_printable or event.character is None:
            return
        event.stop()
        days = self._days()
        if event.character.isdigit() and 0 < int(event.character) <= len(days):
            self._take(days[int(event.character) - 1][1])
            return
        field.focus()
        field.insert_text_at_cursor(event.character)

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Enter takes the day the cursor is on."""
        if event.key:
            self._take(date.fromisoformat(event.key))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the day that was typed, and what follows it as the reason."""
        event.stop()
        try:
            if self.HAS_REASON:
                day, reason = day_and_reason(event.value, self._today)
            else:
                day, reason = parse_day(event.value, self._today), ""
        except Refused as error:
            self._tell(str(error))
        else:
            self._take(day, reason)

    def _tell(self, text: str) -> None:
        self.query_one("#message", Static).update(Content(f"! {text}"))

    def _take(self, day: date, reason: str = "") -> None:
        if not self._is_saving:
            self._save(day, reason)

    @work(group="write")
    async def _save(self, day: date, reason: str) -> None:
        self._is_saving = True
        try:
            done = await self.submit(day, reason)
        except Conflict as error:
            await self.catch_up()
            self._tell(f"{error} Or choose it again to write yours over it.")
        except Refused as error:
            self._tell(str(error))
        else:
            self.dismiss(done)
        finally:
            self._is_saving = False


class PostponeDeal(DayDialog):
    """Let a deal rest until a day."""

    HINT = "+2w waits for the budget"
    HAS_REASON = True

    def __init__(self, deal: Deal, today: date) -> None:
        super().__init__(f"Postpone: {deal.title}", today)
        self._deal, self._version = deal, deal.version

    async def catch_up(self) -> None:
        """Take over the version of today, unless the deal has ended or rests already."""
        deal = await self.desk.read(load_deal, deal_id=self._deal.deal_id)
        if deal is not None and deal.outcome == self._deal.outcome:
            self._version = deal.version

    async def submit(self, day: date, reason: str) -> Saved:
        """Postpone it."""
        await self.desk.warm()
        from salestui.usecases.outcomes import postpone_deal

        return await self.desk.write(
            postpone_deal, deal_id=self._deal.deal_id, expected_version=self._version,
            until_on=day, reason=reason,
        )  # fmt: skip


class PostponeTask(DayDialog):
    """Move a task, given as key, version and what it says, to another day."""

    def __init__(self, task: tuple[str, int, str], today: date) -> None:
        super().__init__(f"Postpone: {task[2]}", today)
        self._task_id, self._version, _words = task

    async def catch_up(self) -> None:
        """Take over the version of today; a task that is no longer open stays refused."""
        version = await self.desk.read(load_version, activity_id=self._task_id)
        self._version = version or self._version

    async def submit(self, day: date, reason: str) -> Saved:
        """Move it."""
        await self.desk.warm()
        from salestui.usecases.activities import postpone_task

        return await self.desk.write(
            postpone_task, activity_id=self._task_id, expected_version=self._version, to_on=day
        )


def day_and_reason(text: str, today: date) -> tuple[date, str]:
    """Reads "fri waits for the budget" as a day and a reason. Raises `Refused` without a day."""
    first, _, rest = text.strip().partition(" ")
    try:
        return parse_day(text, today), ""
    except Refused:
        return parse_day(first, today), rest.strip()
