"""The lists that a team sets up: its sales cycles, its people, and what deals refer to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, Static

from salestui.screens.base import SalesScreen, say
from salestui.screens.form import Form
from salestui.screens.setup_entries import Entry, SetupList, matching
from salestui.screens.setup_lists import LISTS
from salestui.screens.setup_reference import REFERENCES
from salestui.widgets.line_list import Line, LineList, line
from salestui.widgets.tab_line import TabLine

_MOVE = Binding.Group("Move", compact=True)


class Entries(LineList):
    """The entries of a list; enter edits, as the screen says."""

    BINDINGS: ClassVar = [
        Binding("enter", "open", "Edit", id="list.open", show=False,
                tooltip="Edit what the cursor is on"),
    ]  # fmt: skip


class SetupScreen(SalesScreen):
    """One list at a time; left and right go through them. Everything here can be undone."""

    AUTO_FOCUS = "LineList"

    HELP = """
    What is deleted disappears from the lists to choose from; deals and activities keep it. A stage
    or a pipeline with deals, a team with reps, a territory with clients or reps and a bonus plan that is
    granted are not deleted, nor is a rep: enter the day he or she left. The same as commands: salestui
    pipeline, stage, reference, rep, team, territory, product, competitor, reason, kind, quota, bonus
    and cost.
    """

    BINDINGS: ClassVar = [
        Binding("right,l,tab", "turn(1)", "Next list", id="setup.next",
                tooltip="Show the next list"),
        Binding("left,h,shift+tab", "turn(-1)", "Previous list", id="setup.previous", show=False,
                tooltip="Show the previous list"),
        Binding("n", "new", "New", id="setup.new", tooltip="Add an entry to the list"),
        Binding("S", "new_part('stage')", "New stage", id="setup.new_stage",
                tooltip="Add a stage to the pipeline, below the one the cursor is on"),
        Binding("P", "new_part('product')", "New product", id="setup.new_rival_product",
                tooltip="Add a product to the competitor"),
        Binding("T", "new_part('bonus tier')", "New tier", id="setup.new_tier",
                tooltip="Say what the bonus plan pays from an attainment on"),
        Binding("R", "new_part('bonus grant')", "Grant", id="setup.grant",
                tooltip="Pay a rep by the bonus plan from a day on"),
        Binding("F", "freeze", "Keep as measured", id="setup.freeze",
                tooltip="Keep what the last year measures of the pipeline's stages as its reference"),
        Binding("e", "edit", "Edit", id="act.edit", tooltip="Edit what the cursor is on"),
        Binding("delete,backspace", "delete", "Delete", id="setup.delete", key_display="del",
                tooltip="Delete what the cursor is on; u brings it back"),
        Binding("i", "audit", "Changes", id="act.audit",
                tooltip="Who changed this, when, from what to what"),
        Binding("J,shift+down", "shift(1)", "Move down", id="setup.down", group=_MOVE,
                tooltip="Move what the cursor is on down in its list"),
        Binding("K,shift+up", "shift(-1)", "Move up", id="setup.up", group=_MOVE,
                tooltip="Move what the cursor is on up in its list"),
        Binding("slash", "filter", "Filter", id="screen.filter", show=False,
                tooltip="Show what has the words typed"),
        Binding("escape", "back", "Back", id="screen.back", show=False,
                tooltip="Clear the filter, then go back"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    SetupScreen {
        & > #about { height: 1; color: $text-muted; padding: 0 1; }
        & > LineList { margin: 1 0 0 0; }
    }
    """

    def __init__(self, mode: str = "", at: int = 0) -> None:
        super().__init__()
        self._mode, self._at = mode, at
        self._entries: Sequence[Entry] = ()
        self._typed = ""
        self._wanted: str | None = None
        self._moving = asyncio.Lock()
        self._is_start_offered = False

    @property
    def MODE(self) -> str:  # type: ignore[override]
        """The place it was opened from."""
        return self._mode

    def compose_body(self) -> Iterable[Widget]:
        """The names of the lists and the one that is shown."""
        yield TabLine([each.title for each in LISTS])
        yield Static(id="about", markup=False)
        yield Entries()

    @property
    def list(self) -> SetupList:
        """The list that is shown."""
        return LISTS[self._at]

    @property
    def entry(self) -> Entry | None:
        """What the cursor is on."""
        key = self.query_one(LineList).key
        return next((entry for entry in self._entries if entry.id == key), None)

    def title_words(self) -> str:
        """That this is no place of its own."""
        return "set up" + (f" · “{self._typed}”" if self._typed else "")

    async def fetch(self) -> None:
        """Read the list that is shown."""
        listed = self.list
        self._entries = await self.read(listed.read)
        if listed is self.list:
            self._show()
        if not self._is_start_offered:
            self._is_start_offered = True
            self._offer_start()

    def _show(self) -> None:
        listed = self.list
        self.query_one(TabLine).mark(self._at)
        self.query_one("#about", Static).update(listed.about)
        entries = matching(self._entries, self._typed)

        def build(width: int) -> list[Line]:
            if entries:
                return listed.lines(entries, width)
            return [line((self._nothing(), "hint"))]

        rows = self.query_one(LineList)
        rows.show(build)
        if self._wanted is not None and rows.select(self._wanted):
            self._wanted = None
        self.refresh_bindings()

    def _nothing(self) -> str:
        if self._typed:
            return "Nothing in this list has what you typed; escape shows all."
        return self.list.nothing or f"No {self.list.title.lower()} yet: n adds one."

    @work(group="act")
    async def _offer_start(self) -> None:
        """In an empty store three answers fill these lists; then one goes back to work."""
        from salestui.queries.beginnings import is_empty_store

        if not await self.read(is_empty_store):
            return
        from salestui.screens.start import StartScreen

        if await self.app.push_screen_wait(StartScreen()) is not None:
            self.dismiss()

    # Going about

    def on_tab_line_clicked(self, event: TabLine.Clicked) -> None:
        """Show the list that is clicked."""
        self.show_list(event.place)

    def action_turn(self, by: int) -> None:
        """Show a neighbouring list."""
        self.show_list((self._at + by) % len(LISTS))

    def show_list(self, place: int) -> None:
        """Show the list at that place."""
        self._at = place
        self._entries, self._typed, self._wanted = (), "", None
        self.query(Input).remove()
        rows = self.query_one(LineList)
        rows.show(lambda _width: (), is_new=True)
        rows.focus()
        self.reload()

    def action_back(self) -> None:
        """Clear the filter, then leave."""
        if self._typed or self.query(Input):
            self._typed = ""
            self._end_filter()
            self._show()
        else:
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what the list that is shown can do."""
        if action == "new":
            return not self.list.is_derived
        if action == "freeze":
            return self.list is REFERENCES
        if action == "new_part":
            return parameters[0] in self.list.parts
        if action == "shift":
            return self.list.is_ordered
        if action == "delete":
            return self.list.one != "rep" and not self.list.is_derived
        return True

    # Filter

    def begin_filter(self) -> None:
        """A line to type on above the keys."""
        found = self.query(Input)
        if found:
            found.first().focus()
            return
        field = Input(self._typed, placeholder="part of a name; enter keeps, escape clears",
                      compact=True, classes="find-line")  # fmt: skip
        self.mount(field, before="QuietFooter")
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        event.stop()
        self._typed = event.value.strip()
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter and go back to the list."""
        event.stop()
        self._end_filter()

    def _end_filter(self) -> None:
        self.query_one(LineList).focus()
        self.query(Input).remove()

    # Changing

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Edit what enter is pressed on."""
        event.stop()
        self.action_edit()

    def action_new(self) -> None:
        """Add an entry."""
        self._open(self._new_form)

    def action_new_part(self, what: str) -> None:
        """Add a stage to a pipeline, a product to a competitor, a tier or a grant to a bonus plan."""
        if self.entry is None:
            say(self.app, f"Add a {self.list.one} first: n does.", is_problem=True)
        else:
            self._open(partial(self._new_part_form, what))

    def action_freeze(self) -> None:
        """Keep what is measured of the pipeline that the cursor is on."""
        if self.entry is not None:
            self._open(self._freeze_form)

    def action_edit(self) -> None:
        """Edit what the cursor is on."""
        entry = self.entry
        if entry is None:
            say(self.app, self._nothing(), is_problem=True)
        elif entry.what == "activity kind":
            say(self.app, "A kind keeps its name, for activities carry it: "
                "add another with n, and delete this one.", is_problem=True)  # fmt: skip
        else:
            self._open(self._edit_form)

    @work(group="act")
    async def _open(self, make: Callable[[], Awaitable[Form[Any]]]) -> None:
        saved = await self.app.push_screen_wait(await make())
        if saved is not None:
            say(self.app, saved.summary)
            self._wanted = saved.id
            self.reload()

    async def _new_form(self) -> Form[Any]:
        from salestui.screens.setup_changes import form_for

        return await form_for(self, self.list.one, None)

    async def _new_part_form(self, what: str) -> Form[Any]:
        from salestui.screens.setup_changes import part_form

        entry = self.entry
        assert entry is not None
        place = entry.place + 1 if entry.what == "stage" else None
        return await part_form(self, what, self._whole_of(entry), None, place)

    async def _edit_form(self) -> Form[Any]:
        from salestui.screens.setup_changes import form_for, part_form

        entry = self.entry
        assert entry is not None
        if entry.parent_id is not None:
            return await part_form(self, entry.what, self._whole_of(entry), entry.row)
        return await form_for(self, entry.what, entry.row)

    async def _freeze_form(self) -> Form[Any]:
        from salestui.screens.setup_changes import form_for

        entry = self.entry
        assert entry is not None
        return await form_for(self, "reference", self._whole_of(entry).row)

    def _whole_of(self, entry: Entry) -> Entry:
        """The pipeline or competitor that the entry is, or belongs to."""
        return next(e for e in self._entries if e.id == (entry.parent_id or entry.id))

    def action_delete(self) -> None:
        """Delete what the cursor is on."""
        if (entry := self.entry) is not None:
            self._delete(entry)

    @work(group="write")
    async def _delete(self, entry: Entry) -> None:
        await self.desk.warm()
        from salestui.screens.setup_changes import deletion

        use_case, arguments = deletion(entry)
        await self.write_and_reload(use_case, **arguments)

    def action_audit(self) -> None:
        """Who changed what the cursor is on, and what hangs on it."""
        entry = self.entry
        if entry is None:
            say(self.app, self._nothing(), is_problem=True)
            return
        from salestui.screens.audit import AuditScreen

        self.app.push_screen(AuditScreen(self._mode, (entry.what, entry.id), entry.title))

    def action_shift(self, by: int) -> None:
        """Move what the cursor is on among its like."""
        if (entry := self.entry) is not None:
            self._shift(entry.id, by)

    @work(group="write")
    async def _shift(self, key: str, by: int) -> None:
        await self.desk.warm()
        from salestui.screens.setup_changes import placing

        # One at a time: a second press counts from where the first has brought the entry.
        async with self._moving:
            entry = next((each for each in self._entries if each.id == key), None)
            if entry is None or not 1 <= entry.place + by <= self._last_place(entry):
                return
            use_case, arguments = placing(entry, entry.place + by)
            if await self.write(use_case, **arguments) is not None:
                await self.fetch()

    def _last_place(self, entry: Entry) -> int:
        return max(e.place for e in self._entries if e.parent_id == entry.parent_id)
