"""The app around the screens: what loads when, faults, hostile text, keys that mean one thing, themes."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from textual import events
from textual.binding import Binding

from salestui import config
from salestui.app import SalesApp
from salestui.errors import Refused, StoreUnusable
from salestui.screens.activity_forms import LogForm
from salestui.screens.base import SalesScreen
from salestui.screens.board import BoardScreen
from salestui.screens.client_card import ClientCardScreen
from salestui.screens.clients import ClientsScreen
from salestui.screens.deal import DealScreen
from salestui.screens.log import LogScreen
from salestui.screens.today import TodayScreen
from salestui.store import driver
from salestui.store.store import Store
from salestui.text.clean import _UNSAFE_OUT
from salestui.themes import THEMES
from salestui.usecases.activities import log_activity, plan_task
from salestui.usecases.clients import create_branch, create_client, create_contact
from salestui.usecases.deals import create_deal, edit_deal
from salestui.usecases.process import add_entry
from salestui.widgets.board import DealBoard
from tests.frames import frame
from tests.screens.driving import driven
from tests.team import HOSTILE, Team

PLACES = ("today", "board", "clients", "log")

_PAINT_FIRST = """
import asyncio, sys
from salestui.app import SalesApp
from salestui.store.opening import open_store

loaded = []

def painted(app, whole=SalesApp.painted):
    shown = app.screen.query("DealBoard, LineList")
    assert any(getattr(each, "board", None) or getattr(each, "texts", None) for each in shown)
    loaded.append({name.partition(".")[0] for name in sys.modules} | set(sys.modules))
    whole(app)

SalesApp.painted = painted

async def main():
    app = SalesApp(lambda: open_store(sys.argv[1], me="Ona"), sys.argv[2])
    async with app.run_test() as pilot:
        while not loaded:
            await pilot.pause(0.01)
        await app.desk.warm()

asyncio.run(main())
print(*sorted(loaded[0] & set(sys.argv[3].split())))
assert "sqlmodel" in sys.modules
assert not {"salestui.models.plans", "sqlalchemy.dialects.postgresql"} & set(sys.modules)
"""


_HEAVY = "sqlmodel sqlalchemy alembic pydantic numpy typer"
_LATER = dict.fromkeys(PLACES, _HEAVY) | {
    "today": f"{_HEAVY} salestui.queries.choices salestui.queries.board salestui.models.vocabulary",
    "board": f"{_HEAVY} salestui.queries.choices",
}


@pytest.mark.parametrize("place", PLACES)
def test_data_are_painted_before_what_they_do_not_need_is_imported(team: Team, place: str) -> None:
    path = str(team.store.location.path)
    run = subprocess.run(
        [sys.executable, "-c", _PAINT_FIRST, path, place, _LATER[place]],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr


@pytest.mark.parametrize("place", ["today", "board", "clients"])
async def test_the_very_first_paint_shows_data(
    team: Team, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paints: list[str] = []
    display = SalesApp._display

    def record(app: SalesApp, screen: Any, renderable: Any) -> None:
        paints.append(frame(app))
        display(app, screen, renderable)

    monkeypatch.setattr(SalesApp, "_display", record)
    async with driven(team.store, place, size=(140, 40)):
        assert "Acme" in paints[0]


@pytest.mark.parametrize("place", PLACES)
async def test_a_screen_is_styled_once_and_rightly(team: Team, place: str) -> None:
    """What Textual styles again when a screen is shown, and again for its size, was right at once."""
    async with driven(team.store, place, size=(140, 40)) as it:
        classes, shown = it.app.screen.classes, _colours(it.app)
        assert {"-wide", "-tall"} <= classes
        it.app.screen.update_node_styles(animate=False)
        await it.settle()
        assert _colours(it.app) == shown


@pytest.mark.parametrize("key", "234567")
async def test_so_is_a_place_that_is_gone_to_later(
    team: Team, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven(team.store, "today", size=(140, 40)) as it:
        await it.press("t")
        styled: list[SalesApp] = []
        monkeypatch.setattr(SalesApp, "refresh_css", lambda app, animate=True: styled.append(app))
        await it.press(key)
        shown = _colours(it.app)
        assert not styled, "all screens, all over again"
        it.app.stylesheet.reparse()
        it.app.screen.update_node_styles(animate=False)
        await it.settle()
        assert _colours(it.app) == shown


async def test_a_screen_is_styled_for_its_size_when_that_changes(team: Team) -> None:
    async with driven(team.store, "today", size=(140, 40)) as it:
        await it.pilot.resize_terminal(80, 12)
        await it.settle()
        assert {"-narrow", "-flat"} <= it.app.screen.classes
        assert "too small" in it.seen


def _colours(app: SalesApp) -> list[list[Any]]:
    return [list(strip) for strip in app.screen._compositor.render_strips()]


def test_importing_the_app_loads_no_database() -> None:
    code = (
        "import sys, salestui.app; "
        "print(*sorted({n.partition('.')[0] for n in sys.modules}"
        " & {'sqlite3', 'pysqlite3', 'sqlalchemy', 'sqlmodel', 'psycopg'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr


# Places and leaving


async def test_number_keys_go_about_and_each_place_keeps_its_state(team: Team) -> None:
    async with driven(team.store, "board") as it:
        await it.press("l", "down")
        deal_id = it.app.screen.deals.current.deal_id  # type: ignore[attr-defined]
        for key, name in (("1", "TodayScreen"), ("3", "ClientsScreen"), ("4", "LogScreen")):
            await it.press(key)
            assert type(it.app.screen).__name__ == name
        await it.press("2")
        assert it.app.screen.deals.current.deal_id == deal_id  # type: ignore[attr-defined]


async def test_what_one_screen_writes_another_shows(team: Team) -> None:
    async with driven(team.store, "today") as it:
        await it.press("2", "L", "1")
        assert "Valves (Offer)" in it.seen


async def test_q_quits_at_once_from_a_place(team: Team) -> None:
    async with driven(team.store, "board") as it:
        await it.press("q")
        assert it.app._exit


async def test_quitting_over_typed_text_asks(team: Team) -> None:
    async with driven(team.store, "board") as it:
        await it.press("e", "x", "ctrl+q")
        assert "Quit and lose what you typed?" in it.seen
        await it.press("n")
        assert "Valvesx" in it.seen
        assert not it.app._exit
        await it.press("ctrl+q", "y")
        assert it.app._exit


async def test_what_is_typed_while_a_form_opens_is_the_forms(team: Team) -> None:
    async with driven(team.store, "board") as it:
        before = it.app.screen.query_one(DealBoard).board
        for sign in "aLw e":  # as fast as a terminal sends them: none may move or close a deal
            key = events.Key("space" if sign == " " else sign, sign)
            it.app.post_message(key)
        await it.settle()
        assert isinstance(it.app.screen, LogForm)
        field = it.app.screen.focused
        assert getattr(field, "value", None) == "Lw e"
        await it.press("escape", "y")
        assert it.app.screen.query_one(DealBoard).board == before


def _slow(store: Store, seconds: float) -> None:
    read = store.read

    def slowly(*args: Any, **kwargs: Any) -> Any:
        sleep(seconds)
        return read(*args, **kwargs)

    store.read = slowly  # type: ignore[method-assign]


def _send(app: SalesApp, *keys: str) -> None:
    """As fast as a terminal sends them."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_keys_wait_for_a_form_of_a_slow_store_whatever_was_asked_before(team: Team) -> None:
    async with driven(team.store, "board") as it:
        _slow(team.store, 0.3)
        _send(it.app, "l", "h", "a", "L", "w", "tab", "Z", "shift+tab", "!")
        await it.settle()
        assert isinstance(it.app.screen, LogForm)
        assert getattr(it.app.screen.focused, "value", None) == "Lw!"
        _send(it.app, "escape", "y", "q")
        await it.settle()
        assert it.app._exit


async def test_escape_cancels_a_form_that_is_slow_to_open_at_once(team: Team) -> None:
    async with driven(team.store, "board") as it:
        before = it.app.screen.query_one(DealBoard).board
        _slow(team.store, 1.0)
        _send(it.app, "a", "w", "x", "escape", "4")
        begun = monotonic()
        while not isinstance(it.app.screen, LogScreen):
            await it.pilot.pause(0.01)
        assert monotonic() - begun < 0.9, "escape waited for the store"
        await it.settle()
        assert isinstance(it.app.screen, LogScreen)
        await it.press("2")
        assert it.app.screen.query_one(DealBoard).board == before


async def test_escape_after_an_answer_does_not_take_it_back(team: Team) -> None:
    async with driven(team.store, "board") as it:
        await it.press("x")
        _slow(team.store, 0.2)
        _send(it.app, "1", "enter", "escape")
        await it.settle()
    lost = team.store.read(lambda r: r.value("SELECT count(*) FROM deal WHERE outcome = 'lost'"))
    assert lost == 1


# Starting


async def test_an_empty_store_is_started_with_a_few_answers(sqlite_store: Store) -> None:
    async with driven(sqlite_store, "board") as it:
        assert "Welcome to salestui" in it.seen
        await it.press(*"PLN", "enter", "c", "ctrl+s")
        assert "Demonstration" in it.seen
        assert "Ona · alone" in it.seen
    assert sqlite_store.read(lambda r: r.value("SELECT currency FROM pipeline")) == "PLN"


async def test_an_empty_store_can_be_looked_at_without_starting(sqlite_store: Store) -> None:
    async with driven(sqlite_store, "today") as it:
        await it.press("escape")
        assert "Nothing is due" in it.seen


async def test_a_store_that_cannot_be_opened_ends_it_with_one_sentence() -> None:
    def fail() -> Store:
        raise StoreUnusable("x.db is not a salestui store.\x1b[31m")

    app = SalesApp(fail, "board")
    async with app.run_test() as pilot:
        while not app._exit:
            await pilot.pause(0.01)
    assert app.return_code == 2
    assert "not a salestui store." in app.parting
    assert "\x1b" not in app.parting


# Faults


async def test_a_fault_is_one_calm_line_and_a_private_report(team: Team) -> None:
    app = SalesApp(lambda: team.store, "board")
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            password = "hunter2"  # a local variable that no report may show
            try:
                _divide(len(password))
            except ZeroDivisionError as error:
                app._handle_exception(error)
            await pilot.pause()
    report = config.log_file()
    assert app.return_code == 1
    assert len(app.parting.splitlines()) == 1
    assert "Traceback" not in app.parting
    assert str(report) in app.parting
    text = report.read_text()
    assert "ZeroDivisionError" in text
    assert "hunter2" not in text
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def _divide(number: int) -> float:
    return number / 0


async def test_a_refusal_nobody_caught_is_a_toast(team: Team) -> None:
    async with driven(team.store, "board") as it:
        it.app._handle_exception(Refused("Not so [/x]."))
        await it.settle()
        assert it.said[-1] == "Not so [/x]."
        assert not it.app._exit


async def test_a_toast_about_a_very_long_name_leaves_the_screen_to_be_seen(team: Team) -> None:
    team.store.write(edit_deal, deal_id=team.deals[1], title="x" * 10_000)
    async with driven(team.store, "board") as it:
        await it.press("x", "2", "enter")
        assert "xxx" in it.said[-1]
        assert len(it.said[-1]) <= 400
        assert "1 today 2 board" in it.seen


async def test_a_store_that_fails_while_working_is_said(team: Team) -> None:
    async with driven(team.store, "board") as it:
        team.store.read = _unusable  # type: ignore[method-assign]
        await it.press("f5")
        assert "The disk failed" in it.said[-1]
        assert "Enquiry" in it.seen


def _unusable(*_: object, **__: object) -> object:
    raise StoreUnusable("The disk failed while reading.")


# Hostile text

TYPED = ("Acme [/x] [@click=app.quit]Pay[/]", "a\\[b] [red] =1+1|'cmd'", " ".join(HOSTILE[3:6]))
"""Several to a run: a tour of the screens is long."""

RAW = (
    "\x1b]52;c;aGFjaw==\x07 \x1b[31mred\x9b2J",
    "nul\x00 bell\x07 back\x08 \u202egnirts\u2066 tab\tand\nline",
    "x" * 10_000,
)


def _rename_behind_the_program(store: Store, text: str) -> None:
    """As another program would write it: past every cleaning."""
    assert store.location.path is not None
    connection = driver.connect(store.location.path, is_reader=False)
    for table, column in (
        ("client", "name"), ("client", "notes"), ("client", "city"), ("contact", "name"),
        ("contact", "job_title"), ("deal", "title"), ("deal", "notes"), ("activity", "subject"),
        ("activity", "outcome"), ("stage", "name"), ("rep", "name"), ("loss_reason", "name"),
        ("competitor", "name"), ("pipeline", "name"), ("medium", "value"), ("product", "name"),
        ("activity_document", "name"), ("audit_entry", "summary"), ("audit_entry", "actor"),
    ):  # fmt: skip
        connection.execute(f"UPDATE {table} SET {column} = ?", (text,))
    connection.close()


_TOUR = (
    "1", "down", "down", "a", "escape", "plus", "escape", "2", "enter", "i", "q", "e", "escape",
    "x", "escape", "o", "escape", "p", "escape", "n", "escape", "2", "f", "escape", "w", "escape",
    "3", "slash", "escape", "enter", "down", "down", "e", "escape", "c", "escape", "s", "escape",
    "i", "q", "question_mark", "escape", "3", "4", "d", "escape", "e", "escape", "f", "escape",
)  # fmt: skip


@pytest.mark.parametrize("text", [*TYPED, *RAW])
async def test_hostile_text_is_inert_on_every_screen(team: Team, text: str) -> None:
    _rename_behind_the_program(team.store, text)
    async with driven(team.store, "today") as it:
        for key in _TOUR:
            await it.press(key)
            assert not _UNSAFE_OUT.search(it.seen.replace("\n", "")), key
        assert not it.app._exit


@pytest.mark.parametrize("text", TYPED)
async def test_hostile_names_typed_by_people_are_shown_as_they_are(team: Team, text: str) -> None:
    write = team.store.write
    client_id = write(create_client, name=text, city=text).id
    write(create_contact, client_id=client_id, name=text, job_title=text, notes=text)
    write(create_branch, client_id=client_id, name=text)
    deal_id = write(create_deal, title=text, client_id=client_id).id
    write(
        log_activity, kind="call", client_id=client_id, deal_id=deal_id, subject=text, outcome=text
    )
    write(plan_task, subject=text, due_on=team.today, client_id=client_id, deal_id=deal_id)
    write(add_entry, what="competitor", name=text)
    async with driven(team.store, "log", size=(140, 40)) as it:
        plain = text.encode().decode()
        if plain.isascii():
            assert plain in it.seen
        await it.press(*_TOUR)
        assert not it.app._exit


# Keys

SCREENS: tuple[type[SalesScreen], ...] = (
    TodayScreen, BoardScreen, ClientsScreen, LogScreen, ClientCardScreen, DealScreen,
)  # fmt: skip


def _bindings(screen: type[SalesScreen]) -> dict[str, Binding]:
    """Key → binding, as the screen and the app give them."""
    found: dict[str, Binding] = {}
    for owner in (SalesApp, *reversed(screen.__mro__)):
        for binding in (
            vars(owner).get("BINDINGS", ()) if owner.__module__.startswith("sales") else ()
        ):
            for key in binding.key.split(","):
                found[key] = binding
    return found


def test_one_key_means_one_thing_everywhere() -> None:
    meanings: dict[str, set[str | None]] = {}
    for screen in SCREENS:
        for key, binding in _bindings(screen).items():
            meanings.setdefault(key, set()).add(binding.id)
    # Escape leaves whatever there is to leave: a search, a card.
    several = {key: ids for key, ids in meanings.items() if len(ids) > 1 and key != "escape"}
    assert several == {}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_is_explained(screen: type[SalesScreen]) -> None:
    for key, binding in _bindings(screen).items():
        assert binding.tooltip, key
        assert binding.id, key


@pytest.mark.parametrize("place", PLACES)
async def test_at_most_seven_keys_stand_in_the_footer_at_80_columns(team: Team, place: str) -> None:
    async with driven(team.store, place) as it:
        footer = it.seen.splitlines()[-1]
        assert "? Keys" in footer
        assert "…" not in footer
        shown = {
            binding.group or binding.action
            for _node, binding, _on, _tip in it.app.screen.active_bindings.values()
            if binding.show and not binding.system and binding.action != "help"
        }
        assert len(shown) <= 7


@pytest.mark.parametrize("place", PLACES)
async def test_help_tells_the_keys_of_the_place(team: Team, place: str) -> None:
    async with driven(team.store, place, size=(100, 60)) as it:
        await it.press("question_mark")
        assert "Log an activity and plan the next step" in it.seen
        assert "Focus Next" not in it.seen
        assert "Copy selected text" not in it.seen


# Themes


async def test_t_switches_to_light_and_the_next_run_remembers(team: Team) -> None:
    async with driven(team.store, "board") as it:
        assert it.app.theme == THEMES[0].name
        await it.press("t")
        assert it.app.theme == THEMES[1].name
    assert SalesApp(lambda: team.store).theme == THEMES[1].name


@pytest.mark.parametrize("place", PLACES)
async def test_without_colour_everything_is_still_told(
    team: Team, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven(team.store, place) as it:
        coloured = it.seen
    monkeypatch.setenv("NO_COLOR", "1")
    async with driven(team.store, place) as it:
        assert it.seen == coloured


async def test_no_screenshot_is_offered(team: Team) -> None:
    async with driven(team.store, "board") as it:
        assert list(it.app.get_system_commands(it.app.screen)) == []


def test_the_remembered_file_is_private(team: Team) -> None:
    from salestui import remembered

    remembered.remember("theme", "x")
    path: Path = remembered._file()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("{ damaged")
    assert remembered.recall("theme") is None
