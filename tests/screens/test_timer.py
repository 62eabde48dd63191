"""The timer by keys: started on what is at hand, told above every screen, stopped into the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len

from salestui.queries.activity_log import load_log
from salestui.queries.timer import load_timer
from salestui.screens.base import SalesScreen
from salestui.screens.timer_form import StopForm
from salestui.store.store import Store
from salestui.text.clean import _UNSAFE_OUT
from salestui.usecases.clients import delete_client, edit_client
from salestui.usecases.deals import create_deal, edit_deal
from salestui.usecases.timer import discard_timer, start_timer
from salestui.widgets.top_line import TopLine
from tests.conftest import Clock
from tests.screens.driving import Driven, driven
from tests.screens.test_log import HOSTILE_RAW
from tests.team import HOSTILE, Team


def _logged(store: Store) -> list[tuple[object, ...]]:
    rows = store.read(load_log).rows
    return [(row.kind, row.client, row.deal, row.minutes, row.subject) for row in rows]


def _top(run: Driven) -> str:
    return run.seen.splitlines()[0]


def _typed(run: Driven, name: str) -> object:
    form = run.app.screen
    assert isinstance(form, StopForm)
    return form.field(name).raw


async def _minute_passes(run: Driven, clock: Clock, **delta: float) -> None:
    clock.forward(**delta)
    run.app.follow_timer()
    await run.settle()


async def test_started_told_stopped_and_logged(team: Team, clock: Clock) -> None:
    async with driven(team.store, "board") as it:
        assert "min ·" not in _top(it)
        await it.press("T")
        assert it.said[-1] == "Timer started: Valves"
        assert " 1 min · Acme · Valves" in _top(it)
        await _minute_passes(it, clock, minutes=11, seconds=20)
        assert " 12 min · Acme · Valves" in _top(it)
        await it.press("4")
        assert " 12 min · Acme · Valves" in _top(it)
        await it.press("T")
        assert "Stop the timer and log what was done" in it.seen
        assert (_typed(it, "deal_id"), _typed(it, "duration_minutes"), _typed(it, "done_on")) == (
            team.deals[1],
            "12",
            "today",
        )
        await it.type("Which valves")
        await it.press("ctrl+s")
        assert it.said[-1] == "Logged call: Acme"
        assert ("call", "Acme", "Valves", 12, "Which valves") in _logged(team.store)
        assert "12 min · Which valves" not in _top(it)
        assert "min · Acme" not in _top(it)
        assert team.store.read(load_timer) is None


@pytest.mark.parametrize(
    ("place", "keys", "about"),
    [
        ("today", ("T",), "Acme · Valves"),
        ("board", ("T",), "Acme · Valves"),
        ("board", ("enter", "T"), "Acme · Valves"),
        ("clients", ("T",), "Acme"),
        ("clients", ("enter", "T"), "Acme"),
        ("log", ("down", "T"), "Acme · Pumps"),
    ],
)
async def test_it_starts_wherever_a_deal_or_client_is_at_hand(
    team: Team, place: str, keys: tuple[str, ...], about: str
) -> None:
    async with driven(team.store, place) as it:
        await it.press(*keys)
        timer = team.store.read(load_timer)
        assert timer is not None
        assert timer.about == about
        assert about in _top(it)


async def test_escape_asks_nothing_and_it_runs_on(team: Team, clock: Clock) -> None:
    before = _logged(team.store)
    async with driven(team.store) as it:
        await it.press("T")
        clock.forward(minutes=5)
        await it.press("T", "escape")
        assert isinstance(it.app.screen, SalesScreen)
        assert " 5 min · Acme · Valves" in _top(it)
        assert _logged(team.store) == before
        clock.forward(minutes=5)
        await it.press("T")
        assert _typed(it, "duration_minutes") == "10"


async def test_the_next_start_shows_it_still(team: Team, clock: Clock, again: Opens) -> None:
    async with driven(team.store) as it:
        await it.press("T", "q")
    clock.forward(minutes=30)
    async with driven(again(team.store), "today") as it:
        assert " 30 min · Acme · Valves" in _top(it)
        await it.press("T")
        assert _typed(it, "duration_minutes") == "30"


Opens = Callable[[Store], Store]


@pytest.fixture
def again(open_at: Callable[..., Store]) -> Opens:
    """Opens the same store anew, as another program would."""
    return lambda store: open_at(str(store.location.path))


async def test_t_on_another_deal_stops_the_first(team: Team) -> None:
    async with driven(team.store) as it:
        await it.press("T", "l", "T")
        assert _typed(it, "deal_id") == team.deals[1]


async def test_it_is_discarded_once_asked(team: Team) -> None:
    before = _logged(team.store)
    async with driven(team.store) as it:
        await it.press("X")
        assert it.said[-1] == "No timer runs."
        await it.press("T", "X")
        assert "Discard the timer and log nothing? 1 min · Acme · Valves" in " ".join(
            it.seen.replace("│", " ").split()
        )
        await it.press("n")
        assert "1 min · Acme" in _top(it)
        await it.press("X", "y")
        assert it.said[-1] == "Timer discarded, nothing logged"
        assert "min · Acme" not in _top(it)
    assert _logged(team.store) == before


async def test_a_forgotten_one_says_so_and_leaves_the_minutes_to_be_typed(
    team: Team, clock: Clock
) -> None:
    async with driven(team.store) as it:
        await it.press("T")
        await _minute_passes(it, clock, hours=14, minutes=20)
        assert " over 12 h · Acme · Valves" in _top(it)
        await it.press("T")
        assert "The timer has run 14 h 20 min, more than 12 hours" in it.seen
        assert _typed(it, "duration_minutes") == ""
        assert _typed(it, "done_on") == "2026-03-18"
        await it.type("90")
        await it.press("ctrl+s")
        assert ("call", "Acme", "Valves", 90, "") in _logged(team.store)


async def test_what_another_program_stopped_is_not_logged_twice_unasked(
    team: Team, again: Opens
) -> None:
    before = _logged(team.store)
    async with driven(team.store) as it:
        await it.press("T", "T")
        again(team.store).write(discard_timer)
        await it.type("Prices again")
        await it.press("ctrl+s")
        assert "The timer was stopped elsewhere meanwhile" in it.seen
        assert _logged(team.store) == before
        await it.press("ctrl+s")
        assert ("call", "Acme", "Valves", 1, "Prices again") in _logged(team.store)


async def test_what_a_command_starts_is_shown_within_the_minute(
    team: Team, again: Opens, clock: Clock
) -> None:
    other = again(team.store)
    async with driven(team.store) as it:
        other.write(start_timer, client_id=team.clients[0])
        it.app._timer_read -= 60  # as if the last look was long ago
        await it.press("f5")
        assert "1 min · Acme" in _top(it)
        other.write(discard_timer)
        await _minute_passes(it, clock, minutes=1)
        assert "min · Acme" not in _top(it)


async def test_the_line_is_painted_once_a_minute(team: Team, clock: Clock) -> None:
    async with driven(team.store) as it:
        await it.press("T")
        painted = 0
        line = it.app.screen.query_one(TopLine)
        refresh = line.refresh

        def counted(*args: object, **more: object) -> object:
            nonlocal painted
            painted += 1
            return refresh(*args, **more)  # type: ignore[arg-type]

        line.refresh = counted  # type: ignore[method-assign, assignment]
        for _ in range(4):
            await _minute_passes(it, clock, seconds=15)
        assert painted == 0
        await _minute_passes(it, clock, seconds=1)
        assert painted == 1
        assert it.app._minute is not None
        assert 58 < it.app._minute._interval < 61


async def test_nothing_ticks_where_none_runs(team: Team) -> None:
    async with driven(team.store) as it:
        assert it.app._minute is None
        await it.press("T", "X", "y")
        assert it.app._minute is None


async def test_it_needs_something_at_hand(team: Team) -> None:
    async with driven(team.store, "log") as it:
        await it.press("slash", *"zzz", "enter", "T")
        assert it.said[-1] == "Put the cursor on a deal or a client first."
        assert team.store.read(load_timer) is None


async def test_what_it_runs_on_may_be_deleted(team: Team) -> None:
    team.store.write(start_timer, client_id=team.clients[2])
    team.store.write(delete_client, client_id=team.clients[2])
    async with driven(team.store) as it:
        assert "1 min · ТОВ Коваленко" in _top(it)
        await it.press("T")
        assert _typed(it, "client_id") == ""
        await it.type("Silo")
        await it.press("ctrl+s")
        assert ("call", None, None, 1, "Silo") in _logged(team.store)


async def test_it_is_logged_on_a_deal_of_no_client(team: Team) -> None:
    bare = team.store.write(create_deal, title="Hoists").id
    team.store.write(start_timer, deal_id=bare)
    async with driven(team.store) as it:
        assert " 1 min · Hoists" in _top(it)
        await it.press("T", "ctrl+s", "ctrl+s")
    assert ("call", None, "Hoists", 1, "") in _logged(team.store)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 50)])
@pytest.mark.parametrize("name", [*HOSTILE, *HOSTILE_RAW])
async def test_the_line_holds_any_name_in_any_width(
    team: Team, name: str, size: tuple[int, int]
) -> None:
    team.store.write(edit_client, client_id=team.clients[0], name=name)
    team.store.write(edit_deal, deal_id=team.deals[1], title=name)
    async with driven(team.store, "board", size) as it:
        await it.press("T")
        top = _top(it)
        assert cell_len(top) <= size[0]
        assert " 1 min · " in top
        assert not _UNSAFE_OUT.search(top)
        assert "2 board" in top
        it.app.clear_notifications()
        await it.press("X")
        assert "Discard the timer" in it.seen
        await it.press("n", "T")
        assert _typed(it, "deal_id") == team.deals[1]


async def test_t_is_in_the_help_and_another_key_may_be_given(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salestui import settings

    own = settings.load()._replace(keys={"timer.turn": "f9"})
    monkeypatch.setattr(settings, "load", lambda: own)
    async with driven(team.store) as it:
        await it.press("T")
        assert team.store.read(load_timer) is None
        await it.press("f9")
        assert team.store.read(load_timer) is not None
        await it.press("question_mark", "slash", *"timer")
        assert "Start a timer on the deal or client" in it.seen
        assert "Discard the timer: nothing is logged" in it.seen
