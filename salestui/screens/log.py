"""The activity log: what was done with whom, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding
from textual.widget import Widget

from salestui import remembered
from salestui.queries.activity_log import (
    PAGE,
    Dealing,
    LogFilter,
    load_log,
    load_log_totals,
)
from salestui.queries.beginnings import Beginnings, load_beginnings
from salestui.screens.acting import ActingScreen, AtHand, shown
from salestui.screens.base import sales, say
from salestui.screens.beginning import beginning_lines
from salestui.screens.log_words import Worded, kept, restored, worded
from salestui.screens.wording import dealing_lines, joined
from salestui.text import cell
from salestui.widgets.line_list import Line, LineList, line

if TYPE_CHECKING:
    from textual.widgets import Input


class LogScreen(ActingScreen):
    """All activities, or those a filter lets through, with their totals."""

    MODE = "log"
    AUTO_FOCUS = "#log"

    HELP = """A box ☐ marks what is still to be done: d marks it done, p postpones it. "→" went out
from us, "←" came in."""

    BINDINGS: ClassVar = [
        *shown(log="", done="", edit=""),
        Binding("slash", "filter", "Find", id="screen.filter",
                tooltip="Find by client, deal, contact or what was said"),
        Binding("f", "filter_form", "Filter", id="screen.filter_form",
                tooltip="By rep, kind, direction, role met, period, open or done"),
        Binding("m", "mine", "Mine or all", id="screen.mine", show=False,
                tooltip="Switch between my activities and everybody's"),
        Binding("delete", "delete", "Delete", id="activity.delete", show=False, key_display="del",
                tooltip="Delete an activity that was logged by mistake"),
    ]  # fmt: skip

    DEFAULT_CSS = "LogScreen #totals { height: 1; background: $panel; }"

    def __init__(self) -> None:
        super().__init__()
        self._filter = LogFilter()
        self._about: Worded | None = None
        self._is_recalled = False
        self._rows: tuple[Dealing, ...] = ()
        self._has_more = False
        self._day: date | None = None
        self._store: Beginnings | None = None

    def compose_body(self) -> Iterable[Widget]:
        """Totals over the list."""
        yield _Totals(id="totals")
        yield LineList(id="log")

    @property
    def lines(self) -> LineList:
        """The list."""
        return self.query_one("#log", LineList)

    def title_words(self) -> str:
        """What the log is narrowed to."""
        text = f"“{self._filter.text}”" if self._filter.text else None
        return joined(self._about.words if self._about else None, text)

    async def fetch(self) -> None:
        """Read the newest, then count all."""
        store = await self.desk.store()
        if not self._is_recalled:
            self._is_recalled = True
            self._filter = restored(remembered.recall(self._memory_name), store.today())
        wanted = self._filter
        # As many as were shown: an edit far down does not throw one back to the top.
        limit = max(PAGE, len(self._rows))
        page = await self.read(load_log, filter=wanted, limit=limit)
        self._rows, self._has_more, self._day = page.rows, page.has_more, store.today()
        is_bare = not (page.rows or wanted.is_set)
        self._store = await self.read(load_beginnings) if is_bare else None
        self._show()
        totals = await self.read(load_log_totals, filter=wanted)
        if wanted == self._filter:
            self.query_one(_Totals).say(totals.words)
        if self._about is None:
            self._about = await self.read(worded, filter=wanted)

    @work(exclusive=True, group="more")
    async def _fetch_more(self) -> None:
        wanted, count = self._filter, len(self._rows)
        if not self._has_more:
            return
        page = await self.read(load_log, filter=wanted, skipped=count)
        if wanted == self._filter and count == len(self._rows):
            self._rows, self._has_more = (*self._rows, *page.rows), page.has_more
            self._show()

    def _show(self, *, is_new: bool = False) -> None:
        rows, day, is_set = self._rows, self._day, self._filter.is_set
        if day is not None:
            begun = self._store
            self.lines.show(
                lambda width: [*log_lines(rows, width, day, is_set), *beginning_lines(begun)],
                is_new=is_new,
            )

    def dealing_at_hand(self) -> Dealing | None:
        """The activity under the cursor."""
        return next((each for each in self._rows if each.activity_id == self.lines.key), None)

    def at_hand(self) -> AtHand:
        """The client, deal and task under the cursor."""
        dealing = self.dealing_at_hand()
        if dealing is None:
            return AtHand()
        words = dealing.subject or dealing.kind
        task = (dealing.activity_id, dealing.version, words) if dealing.is_open else None
        return AtHand(dealing.client_id, dealing.deal_id, task)

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Go to the client, with the cursor on this activity."""
        dealing = self.dealing_at_hand()
        if dealing is not None and dealing.client_id is not None:
            sales(self.app).open_client(dealing.client_id, f"activity:{dealing.activity_id}")
        elif dealing is not None and dealing.deal_id is not None:
            sales(self.app).open_deal(dealing.deal_id)
        else:
            self.action_edit()

    def action_delete(self) -> None:
        """Delete the activity under the cursor."""
        dealing = self.dealing_at_hand()
        if dealing is None:
            say(self.app, "Put the cursor on an activity first.", is_problem=True)
        else:
            self._delete(dealing)

    @work(group="act")
    async def _delete(self, dealing: Dealing) -> None:
        from salestui.screens.confirm import Confirm

        words = joined(dealing.kind, dealing.client, dealing.subject)
        question = f"Delete this activity? {cell(words[:200], 100).rstrip()}"
        if not await self.app.push_screen_wait(Confirm(question)):
            return
        await self.desk.warm()
        from salestui.usecases.activities import delete_activity

        await self.write_and_reload(
            delete_activity, activity_id=dealing.activity_id, expected_version=dealing.version
        )

    def on_line_list_end_reached(self, event: LineList.EndReached) -> None:
        """Show older ones."""
        self._fetch_more()

    # Filters

    def action_mine(self) -> None:
        """Switch between my activities and everybody's."""
        me = None if self._filter.rep_id else self.desk.me
        self._set_filter(replace(self._filter, rep_id=me))

    def begin_filter(self) -> None:
        """A line to type on; escape clears and closes it."""
        from textual.widgets import Input

        found = self.query(Input)
        if found:
            found.first().focus()
            return
        field = Input(self._filter.text, placeholder="client, deal, contact or what was said",
                      compact=True, classes="find-line")  # fmt: skip
        self.mount(field, before="QuietFooter")
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        event.stop()
        self._set_filter(replace(self._filter, text=event.value.strip()))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter and go back to the list."""
        event.stop()
        self._end_filter()

    def key_escape(self) -> None:
        """Clear what was typed as a filter."""
        from textual.widgets import Input

        if self.query(Input) or self._filter.text:
            self._set_filter(replace(self._filter, text=""))
            self._end_filter()

    def _end_filter(self) -> None:
        from textual.widgets import Input

        self.lines.focus()
        self.query(Input).remove()

    def action_filter_form(self) -> None:
        """Choose what is shown."""
        self._filter_form()

    @work(group="act")
    async def _filter_form(self) -> None:
        from salestui.screens.log_filter import LogFilterForm

        about = self._about or Worded()
        form = LogFilterForm(await self.choices(), self._filter, await self.today(), about)
        chosen = await self.app.push_screen_wait(form)
        if chosen is not None:
            self._set_filter(chosen)

    def _set_filter(self, wanted: LogFilter) -> None:
        if wanted == self._filter:
            return
        if kept(wanted) != kept(self._filter):
            self._about = None
            remembered.remember(self._memory_name, kept(wanted))
        self._filter, self._rows = wanted, ()
        self.reload()

    @property
    def _memory_name(self) -> str:
        return f"log of {self.desk.me or 'nobody'} in {self.desk.address}"


class _Totals(LineList, can_focus=False):
    """The totals over the list."""

    def say(self, words: str) -> None:
        """Show them."""
        self.show(lambda width: [line((cell(words, width), "text"))])


def log_lines(rows: Sequence[Dealing], width: int, today: date, is_set: bool) -> Iterator[Line]:
    """The log; what is empty says what to do."""
    if not rows:
        yield line()
        if is_set:
            yield line(("Nothing passes the filter. Press f to change it.", "hint"))
        else:
            yield line(("Nothing was logged yet. Press a after your next call.", "hint"))
    for dealing in rows:
        yield from dealing_lines(dealing, width, today, key=dealing.activity_id)
