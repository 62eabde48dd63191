"""The Team screen, by keyboard."""

from __future__ import annotations

import pytest

from salestui.models.people import Rep
from salestui.models.vocabulary import RepRole
from salestui.store.store import Store
from salestui.store.unit import Unit
from tests.analytics.book import make_book
from tests.analytics.test_forecasting import lives
from tests.screens.driving import driven
from tests.team import HOSTILE


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    make_book(sqlite_store).add(*lives(300, first=-100))
    return sqlite_store


def make_manager(store: Store, name: str = "Ona") -> None:
    def change(unit: Unit) -> None:
        rep = next(row for row in unit.live(Rep) if row.name == name)
        rep.role = RepRole.MANAGER

    store.write(change)


async def test_whoever_sells_sees_the_own_page_first(store: Store) -> None:
    async with driven(store, "team", (80, 24)) as it:
        assert "─ Coaching" in it.seen.splitlines()[1] and "Ona" in it.seen.splitlines()[1]
        await it.press(*["down"] * 40)
        assert "─ Team" in it.seen


async def test_enter_shows_another_page_and_escape_the_own(store: Store) -> None:
    async with driven(store, "team", (200, 50)) as it:
        first = it.seen.splitlines()[1]
        assert "─ Team" in first and "─ Coaching" in first and first.rstrip().endswith("Ona")
        await it.press("down", "down", "enter")
        assert it.seen.splitlines()[1].rstrip().endswith("Zofia")
        await it.press("escape")
        assert it.seen.splitlines()[1].rstrip().endswith("Ona")


async def test_a_manager_sees_the_team(store: Store) -> None:
    make_manager(store)
    async with driven(store, "team", (80, 30)) as it:
        assert "─ Team" in it.seen.splitlines()[1]
        assert "Coaching" not in it.seen
        await it.press("P", "A", "backspace")
        await it.type("2026-02-01")
        await it.press("ctrl+s")
        assert "as of 2026-02-01" in it.seen


async def test_a_kind_of_deals_is_chosen(store: Store) -> None:
    async with driven(store, "team", (200, 50)) as it:
        await it.press("slash")
        await it.type("repeat")
        await it.press("enter")
        assert "Everyone · kind repeat" in it.seen and "they are left out" in it.seen
        assert "Coaching" in it.seen and "Bonus" not in it.seen


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_shown_as_they_are(store: Store, name: str) -> None:
    from salestui.usecases.people import edit_rep

    rep_id = store.read(lambda r: r.value("SELECT id FROM rep WHERE name = 'Zofia'"))
    store.write(edit_rep, rep_id=rep_id, name=name)
    async with driven(store, "team", (200, 50)) as it:
        await it.press("end", "enter")
        assert "Coaching" in it.seen and "\x1b" not in it.seen
