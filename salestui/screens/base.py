"""What every screen of the program shares: the desk, loading, saying, and the lines at its edges."""

from __future__ import annotations

from asyncio import Event, get_running_loop, wait_for
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, Protocol, TypeVar, cast

from textual import events, work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from salestui.errors import Refused
from salestui.screens.desk import Desk
from salestui.widgets.footer import QuietFooter
from salestui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from salestui.store.reader import Reader
    from salestui.store.unit import Unit

P = ParamSpec("P")
T = TypeVar("T")

PLACES = (
    ("1", "today", "today"),
    ("2", "board", "board"),
    ("3", "clients", "clients"),
    ("4", "log", "log"),
    ("5", "funnel", "funnel"),
    ("6", "forecast", "forecast"),
    ("7", "team", "team"),
)
"""Key, name and mode of the places."""

_QUICK_SECONDS = 0.1
"""A first paint waits so long for its data; a slower store gets an empty frame first."""

_FRESH_SECONDS = 20
"""A screen that is come back to after so long reads again: colleagues may have written."""

_MOST_SAID = 400
"""Characters of a toast: a longer one would cover what it is about."""

_LEAST_WIDTH, _LEAST_HEIGHT = 60, 15
"""A smaller terminal says that it is too small, by the classes -tiny and -flat."""


class Sales(Protocol):
    """What screens need of the app."""

    desk: Desk

    def painted(self) -> None:
        """The first data stand on the screen."""

    def follow_timer(self) -> None:
        """Read the timer again, for it was started, stopped or discarded."""

    def open_client(self, client_id: str, key: str | None = None) -> None:
        """Show the card of a client, with the cursor on one of its rows."""

    def open_deal(self, deal_id: str) -> None:
        """Show a deal."""


def sales(app: App[Any]) -> Sales:
    """The app as its screens know it."""
    return cast(Sales, app)


def say(app: App[Any], text: str, *, is_problem: bool = False) -> None:
    """Tell the person something, whatever signs it holds and however long the names in it are."""
    app.notify(
        text if len(text) <= _MOST_SAID else f"{text[: _MOST_SAID - 100]} … {text[-90:]}",
        severity="warning" if is_problem else "information",
        timeout=8 if is_problem else 4,
        markup=False,
    )


class SalesScreen(Screen[None]):
    """A screen that shows something of the store.

    `MODE` is the place it belongs to. Subclasses give `compose_body`, `fetch`, which reads and
    shows, and may give `begin_filter` for the key `/`.
    """

    MODE: ClassVar[str] = ""

    BINDINGS: ClassVar = [
        Binding("slash", "filter", "Filter", id="screen.filter", show=False,
                tooltip="Filter or search what this screen shows"),
        Binding("f5", "reload", "Read again", id="screen.reload", show=False,
                tooltip="Read from the store again"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    SalesScreen {
        layers: base above;
        & > .too-small { display: none; }
        &.-tiny > .too-small, &.-flat > .too-small { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: tuple[int, float] | None = None
        self._is_resumed = False
        self._has_data = Event()

    @property
    def desk(self) -> Desk:
        """The open store."""
        return sales(self.app).desk

    def compose(self) -> ComposeResult:
        """The lines at the edges and the body between them."""
        yield TopLine(PLACES, self.MODE)
        yield from self.compose_body()
        yield QuietFooter()

    def compose_body(self) -> Iterable[Widget]:
        """The widgets between the edges."""
        return ()

    async def fetch(self) -> None:
        """Read from the store and show it."""

    def title_words(self) -> str:
        """What the top line says of this screen, beside the places."""
        return ""

    @property
    def is_stale(self) -> bool:
        """Whether something was written since this screen read, or long ago."""
        if self._seen is None:
            return True
        writes, at = self._seen
        return writes != self.desk.writes or monotonic() - at > _FRESH_SECONDS

    def mark_fresh(self) -> None:
        """What is shown is what a reload would show."""
        self._seen = (self.desk.writes, monotonic())

    def on_resize(self) -> None:
        """Where nothing fits, say so."""
        width, height = self.app.size
        if (width < _LEAST_WIDTH or height < _LEAST_HEIGHT) and not self.query(TooSmall):
            self.mount(TooSmall(classes="too-small"))

    async def on_mount(self) -> None:
        """Read before the first paint, if that is quick: then it shows the data at once."""
        self.reload()
        with suppress(TimeoutError):
            await wait_for(self._has_data.wait(), _QUICK_SECONDS)

    def _post_register(self, app: App[Any]) -> None:
        """Begin with today's styles and the classes of the terminal's size: later, all is styled anew."""
        super()._post_register(app)
        self._css_update_count = app._css_update_count
        for size, steps in (
            (app.size.width, app.HORIZONTAL_BREAKPOINTS),
            (app.size.height, app.VERTICAL_BREAKPOINTS),
        ):
            own = self._get_breakpoint_classes(size, steps or [])
            self.update_classes({name: name in own for _, name in steps or []}, update=False)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Read when shown, if what is shown is old."""
        if not self._is_resumed:
            self._is_resumed = True
            event.refresh_styles = False  # it has just been styled
        if self.is_stale:
            self.reload()
        else:
            self.tell_edges()

    @work(exclusive=True, group="load")
    async def reload(self) -> None:
        """Read and show; a later call takes the place of an earlier one."""
        self.tell_edges()
        self.mark_fresh()
        try:
            await self.fetch()
        finally:
            self._has_data.set()
        self.tell_edges()
        self.call_after_refresh(sales(self.app).painted)

    def tell_edges(self) -> None:
        """Say in the top line what is shown, the timer, and who works where."""
        right = self.desk.title or "opening the store …"
        self.query_one(TopLine).say(self.title_words(), right, self.desk.timer_words)

    async def read(
        self, query: Callable[Concatenate[Reader, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query in a thread."""
        return await self.desk.read(query, *args, **kwargs)

    def from_thread(self, show: Callable[[T], None]) -> Callable[[T], None]:
        """`show`, to be called by a query before all is read: what it shows is painted meanwhile."""
        loop = get_running_loop()

        def shown(part: T) -> None:
            show(part)
            self.tell_edges()
            self._has_data.set()

        return lambda part: cast(None, loop.call_soon_threadsafe(shown, part))

    async def write(
        self, use_case: Callable[Concatenate[Unit, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Run a use case in a thread. What is refused is said, and `None` comes back.

        The screen is then to show what has changed; `write_and_reload` does so by reading again.
        """
        was_fresh = not self.is_stale
        try:
            done = await self.desk.write(use_case, *args, **kwargs)
        except Refused as error:
            say(self.app, str(error), is_problem=True)
            return None
        if was_fresh:
            self.mark_fresh()
        return done

    async def write_and_reload(
        self, use_case: Callable[Concatenate[Unit, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Run a use case, then read this screen again; also when refused, for then it is old."""
        done = await self.write(use_case, *args, **kwargs)
        if done is not None:
            say(self.app, getattr(done, "summary", "Saved"))
        self.reload()
        return done

    def action_reload(self) -> None:
        """Read again."""
        self.reload()

    def action_filter(self) -> None:
        """Filter what the screen shows."""
        self.begin_filter()

    def begin_filter(self) -> None:
        """Open the filter; a screen that has none says so."""
        say(self.app, "There is nothing to filter here.")


class TooSmall(Widget):
    """What stands on a terminal too small to work in."""

    DEFAULT_CSS = """
    TooSmall {
        layer: above;
        dock: top;
        width: 100%;
        height: 100%;
        content-align: center middle;
        background: $background;
    }
    """

    def render(self) -> str:
        """Say it."""
        return f"The terminal is too small: {_LEAST_WIDTH} × {_LEAST_HEIGHT} at least."
