"""The app: places on number keys, one desk, the keys that work everywhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual import events, work
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.color import Color
from textual.command import Provider
from textual.filter import LineFilter
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import WorkerFailed, get_current_worker

from salestui import crash, remembered, settings
from salestui.errors import Refused
from salestui.screens.base import PLACES, SalesScreen, say
from salestui.screens.desk import Desk
from salestui.screens.places import BUILDERS
from salestui.screens.typing_ahead import Followed, TypingAhead
from salestui.text.clean import inert
from salestui.themes import MEANINGS, THEMES

if TYPE_CHECKING:
    from salestui.store.store import Store


_TIMER_SECONDS = 20
"""The timer is read again with a screen, but no more often than this."""


class NoEscapes(LineFilter):
    """Lets nothing through to the terminal that would drive it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Replace what is not text."""
        return [
            segment
            if segment.control or segment.text.isprintable()
            else Segment(inert(segment.text).replace("\n", " ").replace("\t", " "), segment.style)
            for segment in segments
        ]


def _palette() -> type[Provider]:
    from salestui.screens.palette import SalesProvider

    return SalesProvider


class SalesApp(App[None]):
    """The program on a terminal. `open_store` is called once, in a thread; `start` names a place."""

    TITLE = "salestui"
    CSS_PATH = "salestui.tcss"
    COMMANDS: ClassVar = {_palette}
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_DISPLAY = "ctrl+p"
    PAUSE_GC_ON_SCROLL = True
    HORIZONTAL_BREAKPOINTS = [
        (0, "-tiny"), (60, "-narrow"), (100, "-normal"), (140, "-wide"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (15, "-short"), (30, "-tall")]
    MODES: ClassVar = {**BUILDERS}

    BINDINGS: ClassVar = [
        *(
            Binding(key, f"go('{mode}')", name.capitalize(), id=f"go.{mode}", show=False,
                    tooltip=f"Go to {name}")
            for key, name, mode in PLACES
        ),
        Binding("question_mark,f1", "help", "Keys", id="app.help", key_display="?",
                tooltip="Show what the keys do here"),
        Binding("u", "undo", "Undo", id="app.undo", show=False,
                tooltip="Take back the last change, whatever it was"),
        Binding("U", "redo", "Redo", id="app.redo", show=False,
                tooltip="Do again what was undone"),
        Binding("f2", "setup", "Set up", id="screen.setup", show=False,
                tooltip="Set up the team's lists: pipelines, people, products, reasons"),
        Binding("t", "theme", "Light or dark", id="app.theme", show=False,
                tooltip="Switch between the light and the dark theme"),
        Binding("q", "leave", "Leave", id="app.leave", show=False,
                tooltip="Leave what was opened; from one of the places, quit"),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", show=False, priority=True, system=True,
                tooltip="Quit the program"),
    ]  # fmt: skip

    def __init__(self, open_store: Callable[[], Store], start: str = "today") -> None:
        self.DEFAULT_MODE = start if start in BUILDERS else "today"  # type: ignore[misc]
        super().__init__()
        # The first place is the default screen: as a mode it would style everything twice.
        self._modes.pop(self.DEFAULT_MODE)
        self.desk = Desk(open_store)
        self.parting = ""
        self._is_painted = False
        self._timer_read = -inf
        self._minute: Timer | None = None
        self._ahead = TypingAhead(self, super().on_event)
        for theme in THEMES:
            self.register_theme(theme)
        name = remembered.recall("theme")
        known = {theme.name for theme in THEMES}
        self.set_reactive(App.theme, name if name in known else THEMES[0].name)
        self._is_themed = True
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_keymap(settings.load().keys)

    # The app's own machinery

    _is_themed = False

    def get_css_variables(self) -> dict[str, str]:
        """The theme's; none for the constructor, which asks before it can be told the theme."""
        return super().get_css_variables() if self._is_themed else {}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables for themes that do not know them."""
        return MEANINGS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and ours behind them."""
        return [*super().get_line_filters(), _NO_ESCAPES]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """None of Textual's: its screenshot writes what clients confide for all to read."""
        return ()

    def on_load(self) -> None:
        """Open the store while the first frame is painted."""
        self.desk.start_opening()

    def get_default_screen(self) -> Screen[Any]:
        """The place to start in."""
        return BUILDERS[self.DEFAULT_MODE]()

    def on_mount(self) -> None:
        """Say so if the store cannot be opened."""
        self.add_mode(self.DEFAULT_MODE, BUILDERS[self.DEFAULT_MODE])
        self._watch_opening()

    @work(group="opening")
    async def _watch_opening(self) -> None:
        try:
            await self.desk.store()
        except Refused as error:
            self.parting = inert(str(error))
            self.exit(return_code=2)

    def painted(self) -> None:
        """Data stand on the screen: now there is time for the timer and, once, the imports of writing."""
        if not self.desk.is_open:
            return
        if not self._is_painted:
            self._is_painted = True
            self._settle_in()
        if monotonic() - self._timer_read > _TIMER_SECONDS:
            self.follow_timer()

    @work(group="opening")
    async def _settle_in(self) -> None:
        from salestui.queries.beginnings import is_empty_store

        if await self.desk.read(is_empty_store):
            from salestui.screens.start import StartScreen

            self.push_screen(StartScreen(), lambda _done: self._reload())
        await self.desk.warm()

    def _handle_exception(self, error: Exception) -> None:
        """A refusal nobody caught is said; any other fault ends the program calmly."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, Refused):
            if self.desk.is_open:
                say(self, str(cause), is_problem=True)
            return
        self._return_code = 1
        if self._exception is None:
            self._exception = cause if isinstance(cause, Exception) else error
            self._exception_event.set()
        self._fatal_error()

    def _fatal_error(self) -> None:
        """One calm line instead of Textual's traceback, which would print local variables."""
        fault = self._exception or sys.exc_info()[1]
        if fault is not None and not self.parting:
            self.parting = inert(crash.report(fault))
        self._close_messages_no_wait()

    @work(exclusive=True, group="timer")
    async def follow_timer(self) -> None:
        """Read the timer, which another program of this rep may have stopped, and show it by the minute."""
        from salestui.queries.timer import load_timer

        self._timer_read = monotonic()
        with suppress(Refused):  # what is shown may be old, and what the person does next says why
            self.desk.timer = await self.desk.read(load_timer)
        for screen in self.screen_stack:
            if isinstance(screen, SalesScreen) and screen.is_mounted:
                screen.tell_edges()
        if self._minute is not None:
            self._minute.stop()
            self._minute = None
        timer = self.desk.timer
        if timer is not None:
            now = (await self.desk.store()).now()
            self._minute = self.set_timer(timer.seconds_left(now), self.follow_timer)

    # Typing ahead

    async def on_event(self, event: events.Event) -> None:
        """Let a key in when it is its turn."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._ahead.take(event)
        else:
            await super().on_event(event)

    def on_followed(self, message: Followed) -> None:
        """A key has had its effect."""
        self._ahead.followed(message.key)

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Show a form and wait for what comes of it."""
        self._ahead.shown(get_current_worker())
        return await super().push_screen_wait(screen, mode=mode)

    # Going about

    def action_go(self, mode: str) -> None:
        """Go to a place; pressed again, leave what was opened there."""
        if mode != self.current_mode:
            self.switch_mode(mode)
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_leave(self) -> None:
        """Leave what was opened, or the program."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.run_worker(self.action_quit(), group="quit")

    async def action_quit(self) -> None:
        """Quit; asks first if something typed would be lost."""
        forms = [each for each in self.screen_stack if getattr(each, "has_typed", False)]
        if forms:
            from salestui.screens.confirm import Confirm

            self.push_screen(Confirm("Quit and lose what you typed?"), self._quit_if)
        else:
            await self._quit()

    def _quit_if(self, is_wished: bool | None) -> None:
        if is_wished:
            self.run_worker(self._quit(), group="quit")

    async def _quit(self) -> None:
        await self.desk.close()
        self.exit()

    def open_client(self, client_id: str, key: str | None = None) -> None:
        """Show the card of a client; the screen is made once for each place."""
        from salestui.screens.client_card import ClientCardScreen

        name = f"client-{self.current_mode}"
        if not self.is_screen_installed(name):
            self.install_screen(ClientCardScreen(self.current_mode), name)
        screen = self.get_screen(name, ClientCardScreen)
        screen.turn_to(client_id, key)
        self._bring(screen)

    def open_deal(self, deal_id: str) -> None:
        """Show a deal; the screen is made once for each place."""
        from salestui.screens.deal import DealScreen

        name = f"deal-{self.current_mode}"
        if not self.is_screen_installed(name):
            self.install_screen(DealScreen(self.current_mode), name)
        screen = self.get_screen(name, DealScreen)
        screen.turn_to(deal_id)
        self._bring(screen)

    def _bring(self, screen: SalesScreen) -> None:
        """Put a screen on top: by leaving what covers it, if it is open already."""
        if screen not in self.screen_stack:
            self.push_screen(screen)
            return
        if self.screen is screen:
            screen.reload()
        while self.screen is not screen:
            self.pop_screen()

    # What works everywhere

    def action_command_palette(self) -> None:
        """Ask what is to be done, or who is meant."""
        from textual.command import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            words = "Find an action, a client, a contact or a deal"
            self.push_screen(CommandPalette(placeholder=words, id="--command-palette"))

    def action_help(self) -> None:
        """Show the keys of the screen."""
        from salestui.screens.help import HelpScreen, help_groups

        self.push_screen(HelpScreen(help_groups(self.screen)))

    def action_setup(self) -> None:
        """Set up the team's lists, or leave that."""
        from salestui.screens.setup import SetupScreen

        if isinstance(self.screen, SetupScreen):
            self.pop_screen()
        else:
            self.push_screen(SetupScreen(self.current_mode))

    def action_theme(self) -> None:
        """Switch between light and dark."""
        names = [theme.name for theme in THEMES]
        self.theme = names[0] if self.theme == names[1] else names[1]
        remembered.remember("theme", self.theme)

    def action_undo(self) -> None:
        """Take back the last change, also one whose key was pressed a moment ago."""
        self.screen.call_after_refresh(self._step_back, "undo")

    def action_redo(self) -> None:
        """Do again what was undone."""
        self.screen.call_after_refresh(self._step_back, "redo")

    @work(group="write")
    async def _step_back(self, name: str) -> None:
        await self.desk.warm()
        from salestui.usecases import undo

        try:
            done = await self.desk.write(undo.undo if name == "undo" else undo.redo)
        except Refused as error:
            say(self, str(error), is_problem=True)
        else:
            say(self, f"{done.summary} (of {done.done_at.astimezone():%d.%m. %H:%M})")
        self._reload()

    def _reload(self) -> None:
        if isinstance(self.screen, SalesScreen):
            self.screen.reload()


_NO_ESCAPES = NoEscapes()


def run_app(open_store: Callable[[], Store], start: str = "today") -> int:
    """Run the program until it is left. Returns the exit code: 0 done, 1 a fault, 2 a store unusable."""
    os.umask(0o077)
    app = SalesApp(open_store, start)
    app.run()
    if app.parting:
        sys.stderr.write(f"{app.parting}\n")
    return app.return_code or 0
