"""Today: what is overdue, what is due, and the deals that nobody is moving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from salestui.queries.beginnings import Beginnings, load_beginnings
from salestui.queries.today import QuietDeal, Task, Today, load_today
from salestui.screens.acting import ActingScreen, AtHand, shown
from salestui.screens.base import sales
from salestui.screens.beginning import beginning_lines
from salestui.screens.wording import due_style, fitted, heading, joined, money
from salestui.text import cell, day_words
from salestui.text.days import WEEKDAYS
from salestui.widgets.line_list import Line, LineList, Piece, line


class TodayScreen(ActingScreen):
    """The first screen of the day."""

    MODE = "today"
    AUTO_FOCUS = "#tasks"

    HELP = "Tasks of the team, which nobody has taken yet, are on everybody's list."

    BINDINGS: ClassVar = [
        *shown(done="", postpone="Postpone", plan="", log=""),
        Binding("m", "everyone", "Mine or all", id="screen.mine",
                tooltip="Switch between my day and everybody's"),
        Binding("slash", "filter", "Whose", id="screen.filter", show=False,
                tooltip="Choose whose day to show"),
        Binding("tab", "other", "Other list", id="screen.other_list", show=False,
                tooltip="Go to the other list where two stand side by side"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    TodayScreen #deals { display: none; border-left: solid $border; }
    TodayScreen.-wide #deals { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._today: Today | None = None
        self._store: Beginnings | None = None
        self._is_everyone = False
        self._rep_id: str | None = None

    def compose_body(self) -> Iterable[Widget]:
        """One list, or two side by side where there is room."""
        with Horizontal():
            yield LineList(id="tasks")
            yield LineList(id="deals")

    def title_words(self) -> str:
        """Whose day."""
        if self._today is None:
            return ""
        day = self._today.day
        weekday = WEEKDAYS[day.weekday()][:3]
        whose = self._today.rep if self._rep_id else None
        if self._is_everyone or self._today.rep is None:
            whose = "everybody"
        return joined(f"{weekday} {day.isoformat()}", whose)

    async def fetch(self) -> None:
        """Read the day."""
        self._today = await self.read(
            load_today, rep_id=self._rep_id, is_everyone=self._is_everyone
        )
        is_bare = self._today.is_empty and not self._today.coming
        self._store = await self.read(load_beginnings) if is_bare else None
        self._show()

    def on_resize(self) -> None:
        """Lay out anew: one list or two."""
        self._show()

    def _show(self) -> None:
        today = self._today
        if today is None:
            return
        is_wide = self.size.width >= 140
        self.query_one("#tasks", LineList).show(
            lambda width: [
                *today_lines(today, width, tasks=True, deals=not is_wide),
                *beginning_lines(self._store),
            ]
        )
        self.query_one("#deals", LineList).show(
            lambda width: list(today_lines(today, width, tasks=False, deals=is_wide))
        )

    @property
    def _key(self) -> str | None:
        focused = self.focused
        if isinstance(focused, LineList):
            return focused.key
        return self.query_one("#tasks", LineList).key

    def at_hand(self) -> AtHand:
        """The task or deal under the cursor."""
        what, _, key = (self._key or "").partition(":")
        today = self._today
        if today is None:
            return AtHand()
        if what == "task":
            for task in (*today.overdue, *today.due, *today.coming):
                if task.activity_id == key:
                    words = task.subject or task.kind
                    return AtHand(task.client_id, task.deal_id, (key, task.version, words))
        for deal in (*today.without_step, *today.past_close):
            if deal.deal_id == key:
                return AtHand(deal.client_id, deal.deal_id)
        return AtHand()

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Go to the deal, or to the client of a task without one."""
        hand = self.at_hand()
        if hand.deal_id is not None:
            sales(self.app).open_deal(hand.deal_id)
        elif hand.client_id is not None:
            sales(self.app).open_client(hand.client_id)

    def action_everyone(self) -> None:
        """Switch between my day and everybody's."""
        self._is_everyone, self._rep_id = not self._is_everyone, None
        self.reload()

    def action_other(self) -> None:
        """Go to the other list."""
        lists = [each for each in self.query(LineList) if each.display and each.keys]
        if len(lists) == 2:
            lists[1 if self.focused is lists[0] else 0].focus()

    def begin_filter(self) -> None:
        """Choose whose day."""
        self._choose_rep()

    @work(group="act")
    async def _choose_rep(self) -> None:
        from salestui.screens.pick import Pick

        reps = (await self.choices()).reps
        rep_id: Any = await self.app.push_screen_wait(
            Pick("Whose day", reps, self._rep_id, of="team")
        )
        if rep_id is not None:
            self._rep_id, self._is_everyone = rep_id, False
            self.reload()


def today_lines(today: Today, width: int, *, tasks: bool, deals: bool) -> Iterator[Line]:
    """The lists of a day."""
    if today.is_empty and tasks and not today.coming:
        yield line()
        yield line(("Nothing is due and no deal stands still.", "good"))
        yield line()
        yield line(
            ("Press a to log what you did, + to plan, n for a new deal, 2 for the board.", "hint")
        )
        return
    if tasks:
        yield from _task_section("Overdue", today.overdue, today.overdue_count, today, width)
        yield from _task_section("Due today", today.due, today.due_count, today, width)
        if not today.overdue and not today.due:
            yield heading("Due today", width)
            yield line((cell("Nothing is due. Press + to plan a next step.", width), "hint"))
            yield line()
        if not deals:
            yield from _task_section(
                "Next seven days", today.coming, today.coming_count, today, width
            )
    if deals:
        yield from _deal_section(
            "Deals without a next step", today.without_step, today.without_step_count, width,
            "without",
        )  # fmt: skip
        yield from _deal_section(
            "Deals past their expected close", today.past_close, today.past_close_count, width,
            "past",
        )  # fmt: skip
        if tasks:
            yield from _task_section(
                "Next seven days", today.coming, today.coming_count, today, width
            )


def _task_section(
    title: str, tasks: Sequence[Task], count: int, today: Today, width: int
) -> Iterator[Line]:
    if not tasks:
        return
    yield heading(f"{title} ({count:,})", width)
    for task in tasks:
        yield _task(task, today, width)
    yield from _rest(count - len(tasks), width)
    yield line()


def _task(task: Task, today: Today, width: int) -> Line:
    who = 0 if today.rep else 12
    day, kind = 11, 13
    client = min(28, max(12, width // 4))
    rest = max(0, width - day - kind - client - 3 - (who + 1 if who else 0))
    about = joined(task.subject, task.deal and f"{task.deal} ({task.stage})")
    whose = "the team" if task.is_team_task else task.rep or ""
    return Line(
        (
            *fitted(
                (day_words(task.due_on, today.day), day, due_style(task.due_on, today.day)),
                (task.kind, kind, "text"),
                (task.client or "", client, "title"),
                (whose, who, "muted"),
            ),
            Piece(cell(about, rest), "text"),
        ),
        f"task:{task.activity_id}",
    )


def _deal_section(
    title: str, deals: Sequence[QuietDeal], count: int, width: int, part: str
) -> Iterator[Line]:
    if not deals:
        return
    yield heading(f"{title} ({count:,})", width)
    for deal in deals:
        yield _deal(deal, width, part)
    yield from _rest(count - len(deals), width)
    yield line()


def _deal(deal: QuietDeal, width: int, part: str) -> Line:
    late = deal.expected_close_on.isoformat() if deal.expected_close_on and part == "past" else ""
    waits = "" if deal.days_in_stage is None else f"{deal.days_in_stage} d here"
    amount = 18 if width >= 76 else 0
    client, stage = min(28, max(12, width // 4)), 14
    rest = max(0, width - 11 - client - stage - amount - 4 - (1 if amount else 0))
    shown = money(deal.amount_minor, deal.currency)
    return Line(
        (
            *fitted(
                (late or waits, 11, "late" if late else "muted"),
                (deal.client or "no client", client, "title"),
                (deal.title, rest, "text"),
                (deal.stage, stage, "muted"),
                (shown.rjust(amount), amount, "text"),
            ),
        ),
        f"{part}:{deal.deal_id}",
    )


def _rest(count: int, width: int) -> Iterator[Line]:
    if count > 0:
        yield line((cell(f"and {count:,} more", width), "hint"))
