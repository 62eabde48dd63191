"""The guided start of an empty store."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from salestui import config
from salestui.queries.choices import Choices, load_choices
from salestui.screens.form import Form
from salestui.screens.start import StartScreen, name_of, stages_words
from salestui.store.store import Store
from salestui.text.clean import _UNSAFE_OUT
from salestui.usecases.templates import TEMPLATES
from tests.screens.driving import driven

SIZES = [(60, 15), (80, 24), (200, 50)]


@pytest.fixture
def nameless_store(
    tmp_path: Path, sqlite_template: Path, open_at: Callable[..., Store],
    monkeypatch: pytest.MonkeyPatch,
) -> Store:  # fmt: skip
    """An empty store opened without saying who works: the system user is ona.petraite."""
    monkeypatch.setattr(config, "login", lambda: "ona.petraite")
    path = tmp_path / "empty.db"
    shutil.copy(sqlite_template, path)
    return open_at(str(path), me=None)


def _lists(store: Store) -> Choices:
    return store.read(load_choices)


async def test_it_comes_by_itself_and_one_key_starts(nameless_store: Store) -> None:
    async with driven(nameless_store, "today", (140, 24)) as run:
        assert isinstance(run.app.screen, StartScreen)
        assert "Ona Petraite" in run.seen
        await run.press("ctrl+s")
        assert not isinstance(run.app.screen, StartScreen)
        assert run.said == ["Welcome, Ona Petraite. n makes your first deal, ? shows all keys."]
        lists = _lists(nameless_store)
        assert [pipeline.more for pipeline in lists.pipelines] == ["EUR"]
        assert [stage.name for stage in lists.stages] == [s.name for s in TEMPLATES["short"]]
        assert nameless_store.actor_id == lists.reps[0].id
        assert "Ona Petraite" in run.seen.splitlines()[0]


async def test_answers_are_taken_and_one_is_known_the_next_time(
    nameless_store: Store, open_at: Callable[..., Store]
) -> None:
    async with driven(nameless_store) as run:
        await run.press("ctrl+u")
        await run.type("Rasa Žukaitė")
        await run.press("enter", "ctrl+u")
        await run.type("pln")
        await run.press("enter", "right", "right", "enter")
        lists = _lists(nameless_store)
        assert [rep.name for rep in lists.reps] == ["Rasa Žukaitė"]
        assert [pipeline.more for pipeline in lists.pipelines] == ["PLN"]
        assert [stage.name for stage in lists.stages] == [s.name for s in TEMPLATES["full"]]
        assert nameless_store.actor == "Rasa Žukaitė"
        # The new deal is hers: the store knows who works here.
        await run.press("n")
        await run.type("First deal")
        await run.press("ctrl+s")
        assert "First deal" in run.seen
    again = open_at(str(nameless_store.location.path), me=None)
    assert again.actor == "Rasa Žukaitė"


async def test_whoever_was_named_on_the_command_line_starts_by_that_name(
    sqlite_store: Store, open_at: Callable[..., Store]
) -> None:
    async with driven(sqlite_store) as run:
        assert "You work as Ona." in run.seen
        assert "Your name" not in run.seen
        await run.press("ctrl+s")
        assert sqlite_store.actor_id == _lists(sqlite_store).reps[0].id
    assert open_at(str(sqlite_store.location.path), me="Ona").actor_id == sqlite_store.actor_id


async def test_the_stages_of_each_template_are_seen_before_it_is_chosen(
    sqlite_store: Store,
) -> None:
    async with driven(sqlite_store) as run:
        await run.press("down")
        for template in TEMPLATES:
            words = stages_words(template)
            shown = " ".join(run.seen.replace("│", " ").split())
            assert words in shown, template
            await run.press("right")


async def test_escape_leaves_it_empty_and_other_ways_are_named(sqlite_store: Store) -> None:
    async with driven(sqlite_store, "board") as run:
        assert "salestui demo" in run.seen
        assert "salestui import" in run.seen
        await run.type("XX")
        await run.press("escape")
        assert not isinstance(run.app.screen, StartScreen)
        assert _lists(sqlite_store) == Choices()
    async with driven(sqlite_store, "board") as run:  # and asks again the next time
        assert isinstance(run.app.screen, StartScreen)


async def test_a_board_left_empty_says_which_key_starts(sqlite_store: Store) -> None:
    async with driven(sqlite_store, "board") as run:
        await run.press("escape")
        assert "Nothing is set up yet. Press F2: three answers and you can work." in run.seen
        await run.press("f2")
        assert isinstance(run.app.screen, StartScreen)
        await run.press("escape")
        assert "No pipelines yet: n adds one." in run.seen
        await run.press("q", "f2", "ctrl+s")
        assert "No deals yet. Press n for the first." in run.seen
        assert "Negotiation" in run.seen


async def test_a_deal_in_a_store_left_empty_is_refused_with_the_key_that_starts(
    sqlite_store: Store,
) -> None:
    async with driven(sqlite_store, "board") as run:
        await run.press("escape", "n")
        await run.type("Pumps")
        await run.press("ctrl+s")
        assert "There is no pipeline yet: press F2" in run.seen


@pytest.mark.parametrize("place", ["today", "board", "clients", "log"])
@pytest.mark.parametrize("key", ["a", "n", "plus"])
async def test_in_a_store_left_empty_the_forms_refuse_calmly(
    sqlite_store: Store, place: str, key: str
) -> None:
    async with driven(sqlite_store, place) as run:
        await run.press("escape", key)
        await run.type("Something")
        await run.press("ctrl+s")
        assert isinstance(run.app.screen, Form)
        assert "Something" in run.seen
        assert "!" in run.seen


async def test_what_is_wrong_is_said_and_nothing_is_written(nameless_store: Store) -> None:
    async with driven(nameless_store) as run:
        await run.press("ctrl+u", "down", "ctrl+u")
        await run.type("Taler")
        await run.press("ctrl+s")
        assert isinstance(run.app.screen, StartScreen)
        assert "Your name is missing." in run.seen
        assert "Use a currency code" in run.seen
        assert _lists(nameless_store) == Choices()


async def test_a_team_that_has_begun_is_not_asked(sqlite_store: Store) -> None:
    from salestui.usecases.start import start_team

    sqlite_store.write(start_team, rep_name="Ona")
    async with driven(sqlite_store, "today") as run:
        assert not isinstance(run.app.screen, StartScreen)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "name", ["[/x]", "[@click=app.quit]x[/]", "a\x1b]0;t\x07b", "漢字" * 60, "x" * 10_000]
)
async def test_any_name_may_start(
    tmp_path: Path, sqlite_template: Path, open_at: Callable[..., Store], name: str,
    size: tuple[int, int],
) -> None:  # fmt: skip
    path = tmp_path / "empty.db"
    shutil.copy(sqlite_template, path)
    store = open_at(str(path), me=name)
    async with driven(store, "today", size) as run:
        assert isinstance(run.app.screen, StartScreen)
        assert not _UNSAFE_OUT.search(run.seen.replace("\n", ""))
        assert all(cell_len(row) <= size[0] for row in run.seen.splitlines())
        await run.press("ctrl+s")
        assert not isinstance(run.app.screen, StartScreen)
        assert len(_lists(store).reps) == 1


def test_a_login_suggests_a_name() -> None:
    assert name_of("ona.petraite") == "Ona Petraite"
    assert name_of("o_van-der  Berg") == "O Van Der Berg"
    assert name_of("ЖАННА") == "ЖАННА"
    assert name_of("...") == ""


def test_stages_are_worded_with_what_follows_the_sale() -> None:
    assert (
        stages_words("short") == "Enquiry 10 % → Offer 30 % → Negotiation 60 % → Order 90 % → won"
    )
    assert stages_words("B2C").endswith("Offer 60 % → won, then Delivery → Service")
