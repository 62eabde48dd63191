"""The Team screen, by keyboard."""

from __future__ import annotations

from datetime import date

import pytest

from salestui.models.people import Rep
from salestui.models.vocabulary import RepRole
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.usecases.activities import log_activity
from salestui.usecases.costs import set_cost
from salestui.usecases.quotas import set_quota
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


async def test_the_page_begins_with_what_was_found(store: Store) -> None:
    async with driven(store, "team", (80, 24)) as it:
        found = it.seen[it.seen.index("─ Coaching") : it.seen.index("Measure ")]
        assert "Enquiry passed differs, and not for the better" in found
        assert "Below (pgdn, end): the bonus and the team" in found
    async with driven(store, "team", (200, 50)) as it:
        assert "Below (pgdn" not in it.seen, "the team stands beside it"


async def test_enter_shows_another_page_and_escape_the_own(store: Store) -> None:
    async with driven(store, "team", (200, 50)) as it:

        def whose() -> str:
            assert "─ Team" in it.seen.splitlines()[1]
            return next(row for row in it.seen.splitlines() if "─ Coaching" in row).rstrip()

        assert whose().endswith("the year before · Ona")
        await it.press("down", "down", "enter")
        assert whose().endswith("Zofia")
        await it.press("escape")
        assert whose().endswith("Ona")


WISHED = ("Quota", "Attained", "Likely", "P", "Win rate", "95 %", "Cycle d", "call", "visit",
          "Clients", "Stalled", "Per win", "Kept d")  # fmt: skip


def plan(store: Store) -> None:
    """A quota, a cost and activities of two kinds: every column has a figure."""
    keys = store.read(lambda reader: dict(reader.rows("SELECT name, id FROM rep")))
    q1 = {"first_on": date(2026, 1, 1), "last_on": date(2026, 3, 31), "currency_code": "EUR"}
    store.write(set_quota, rep_id=keys["Ona"], amount_minor=1_000_00, **q1)
    store.write(set_cost, kind="salary", rep_id=keys["Ona"], amount_minor=900_00, **q1)
    client = store.read(lambda reader: reader.value("SELECT id FROM client"))
    for kind in ("call", "visit"):
        store.write(log_activity, kind=kind, client_id=client, rep_id=keys["Ona"])


async def test_where_there_is_room_a_row_says_all_of_a_rep(store: Store) -> None:
    plan(store)
    make_manager(store)
    async with driven(store, "team", (200, 50)) as it:
        heads = it.seen.splitlines()[2]
        assert all(each in heads for each in WISHED)
        assert "columns more" not in it.seen.partition("Coaching")[0]


async def test_where_there_is_none_a_key_shows_the_other_columns(store: Store) -> None:
    plan(store)
    make_manager(store)
    async with driven(store, "team", (80, 30)) as it:
        first = it.seen.splitlines()[2]
        assert "columns more: press >" in it.seen and "Quota" not in first
        seen = [first]
        for _ in range(4):
            await it.press("greater_than_sign")
            seen.append(it.seen.splitlines()[2])
            assert all(row.startswith("Rep") for row in (each.lstrip() for each in seen))
        assert seen[seen[1:].index(first) + 1] == first, "round again"
        assert all(any(each in heads for heads in seen) for each in WISHED)
        await it.press("less_than_sign", "end", "enter")
        assert "Coaching" in it.seen, "rows open on every sheet"


async def test_the_page_of_a_rep_is_in_view_when_it_is_asked_for(store: Store) -> None:
    """And the cursor stays on the rep."""
    make_manager(store)
    async with driven(store, "team", (80, 24)) as it:
        await it.press("down")
        assert "▸Ona" in it.seen
        await it.press("enter")
        assert "─ Coaching" in it.seen.splitlines()[1] and "Ona" in it.seen.splitlines()[1]
        await it.press("escape")
        assert "─ Team" in it.seen.splitlines()[1] and "▸Ona" in it.seen


async def test_home_shows_the_page_above_the_team(store: Store) -> None:
    async with driven(store, "team", (80, 15)) as it:
        await it.press("end")
        assert "─ Coaching" not in it.seen
        await it.press("home")
        assert "─ Coaching" in it.seen.splitlines()[1]


async def test_a_manager_sees_the_team(store: Store) -> None:
    make_manager(store)
    async with driven(store, "team", (80, 30)) as it:
        assert "─ Team" in it.seen.splitlines()[1]
        assert "Coaching" not in it.seen
        await it.press("P", "A", "backspace")
        await it.type("2026-02-01")
        await it.press("ctrl+s")
        assert "as of 2026-02-01" in it.seen


async def test_an_earlier_day_says_that_next_steps_are_not_kept(store: Store) -> None:
    make_manager(store)
    async with driven(store, "team", (200, 50)) as it:
        assert "deals without next step are not counted as such" not in it.seen
        await it.press("A", "ctrl+u")
        await it.type("2026-02-01")
        await it.press("ctrl+s")
        assert "deals without next step are not counted as such" in it.seen


async def test_one_day_is_shown_on_all_screens_of_reports(store: Store) -> None:
    """Chosen on one it holds on the others and in the meeting, and `A` with today takes it back."""
    async with driven(store, "funnel", (80, 24)) as it:
        await it.press("P", "P", "A", "ctrl+u")
        await it.type("2025-12-20")
        await it.press("ctrl+s")
        assert "as of 2025-12-20" in it.seen.splitlines()[0] and "2025-Q4" in it.seen
        for key in ("6", "7"):
            await it.press(key)
            assert "as of 2025-12-20" in it.seen.splitlines()[0], key
            assert it.seen.splitlines()[1].count("as of 2025-12-20") <= 1
        await it.press("M")
        assert "as of 2025-12-20" in it.seen.splitlines()[0]
        await it.press("escape", "A", "ctrl+u")
        await it.type("today")
        await it.press("ctrl+s")
        assert "as of" not in it.seen.splitlines()[0]
        for key in ("6", "5"):
            await it.press(key)
            assert "as of" not in it.seen.splitlines()[0], key
        assert "2026-Q1" in it.seen, "the quarter that was chosen as this one goes with the day"


async def test_a_pipeline_is_chosen_on_every_screen_of_reports(store: Store) -> None:
    async with driven(store, "team", (200, 50)) as it:
        for key in ("6", "7"):
            await it.press(key, "slash")
            await it.type("Serv")
            await it.press("enter")
            assert "Everyone · all · Service" in it.seen, key
            await it.press("right_square_bracket")
            assert "Service" not in it.seen.splitlines()[0], key
            await it.press("right_square_bracket")
            assert "Everyone · all · Sales" in it.seen, key
            await it.press("left_square_bracket")
        await it.press("5")
        assert "Everyone · all · Sales" in it.seen
        await it.press("slash")
        await it.type("Serv")
        await it.press("enter")
        assert "Everyone · all · Service" in it.seen
        await it.press("left_square_bracket")
        assert "Everyone · all · Sales" in it.seen


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
