"""The Funnel screen, by keyboard."""

from __future__ import annotations

import re

import pytest

from salestui.analytics.drill import Behind
from salestui.analytics.scope import ask
from salestui.screens.behind import BehindScreen
from salestui.store.store import Store
from tests.analytics.book import Life, Move, make_book
from tests.screens.driving import driven
from tests.team import HOSTILE

DEMO, OFFER = "Demo", "Offer"


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    book = make_book(sqlite_store)
    book.add(
        Life([Move(0), Move(5, DEMO), Move(15, OFFER), Move(20, OFFER, "won")], 1000_00),
        Life([Move(2), Move(10, OFFER), Move(30, OFFER, "lost", "Price")], 400_00, owner="Jonas"),
        Life([Move(3), Move(8, "Enquiry", "lost")], 200_00, owner="Zofia", client="Acme",
             product="Pump"),
        Life([Move(60), Move(65, DEMO)], 300_00),
        Life([Move(1), Move(7, OFFER), Move(17, OFFER, "won")], 50_00, pipeline="Service"),
    )  # fmt: skip
    return sqlite_store


async def test_it_shows_chart_conversion_win_rate_and_losses(store: Store) -> None:
    async with driven(store, "funnel", (80, 40)) as it:
        for text in (
            "Everyone · all · Sales", "Enquiry", "█", "of prev.", "Stage conversion", "Median d",
            "Win rate", "33.3 %", "Losses", "Price",
        ):  # fmt: skip
            assert text in it.seen, text


async def test_a_wide_terminal_shows_two_lists(store: Store) -> None:
    async with driven(store, "funnel", (200, 50)) as it:
        first = it.seen.splitlines()[1]
        assert "Funnel" in first and "Win rate" in first
        await it.press("tab")
        assert it.app.focused is it.app.screen.query_one("#right")
        await it.pilot.resize_terminal(80, 40)
        await it.settle()
        assert "Win rate" in it.seen and "Losses" in it.seen
        assert it.app.focused is it.app.screen.query_one("#left")


async def test_enter_shows_a_row_by_rep_then_the_deals_and_opens_one(store: Store) -> None:
    async with driven(store, "funnel") as it:
        await it.press("down", "down", "enter")
        assert "Funnel · Offer" in it.seen
        rows = [" ".join(line.lstrip("▸ ").split()[:8]) for line in it.seen.splitlines()]
        assert "Jonas 1 50.0 % 400.00 1 0.0 %" in rows and "All 2 100.0 % 1,400.00 1 50.0 %" in rows
        await it.press("down", "enter")
        assert "Funnel · Offer · Ona" in it.seen
        assert "1 deal" in it.seen and "✓ won" in it.seen and "✗ lost" not in it.seen
        await it.press("enter")
        assert type(it.app.screen).__name__ == "DealScreen"
        await it.press("q", "escape")
        assert "▸Ona" in it.seen  # where the cursor was
        await it.press("escape")
        assert "▸Offer" in it.seen and "Stage conversion" in it.seen
        await it.press("m", "enter")  # one rep's already: straight to the deals
        assert "Funnel · Offer" in it.seen and "1 deal" in it.seen
        await it.press("escape")
        assert "Stage conversion" in it.seen
        await it.press("q")
        assert not it.app.is_running or it.app._exit


async def test_a_long_name_leaves_room_for_the_count(store: Store) -> None:
    scope = store.read(ask)
    async with driven(store, "funnel", (80, 24)) as it:
        for name in (
            "Deviations · Sales · Proposed solution · Małgorzata Wiśniewska",
            "Demo " * 30,
        ):
            it.app.push_screen(BehindScreen(scope, Behind("closed", outcome="won"), name))
            await it.settle()
            assert " 2 deals" in it.seen.splitlines()[1]
            await it.press("escape")


async def test_the_client_of_a_deal_is_one_key_away(store: Store) -> None:
    async with driven(store, "funnel", (80, 50)) as it:
        await it.press("end", "enter")
        assert "Losses · Offer · Price" in it.seen and "Jonas" in it.seen
        await it.press("escape", "up", "enter", "enter")
        assert "Acme" in it.seen
        await it.press("v")
        assert type(it.app.screen).__name__ == "ClientCardScreen"


async def test_periods_by_keys(store: Store) -> None:
    async with driven(store, "funnel") as it:
        await it.press("P")
        assert "Everyone · 2026-03 · Sales" in it.seen
        await it.press("left", "left")
        assert "2026-01" in it.seen
        await it.press("right")
        assert "2026-02" in it.seen
        await it.press("P")
        assert "Everyone · 2026-Q1 · Sales" in it.seen
        await it.press("P", "left")
        assert "2025" in it.seen and "Nothing in this period." in it.seen
        await it.press("P")
        assert "Everyone · all" in it.seen
        await it.press("left")
        assert any("All time has nothing before it" in said for said in it.said)


async def test_as_it_was_known_on_an_earlier_day(store: Store) -> None:
    async with driven(store, "funnel", (80, 40)) as it:
        await it.press("A", "backspace")
        await it.type("2026-01-18")
        await it.press("ctrl+s")
        assert "as of 2026-01-18 · Everyone · all · Sales" in it.seen
        rows = [line.split() for line in it.seen.splitlines()]
        assert next(row for row in rows if row[:1] == ["Won"])[-1:] != ["33.3"]
        assert not any(row[:2] == ["Won", "1"] for row in rows)
        await it.press("down", "down", "enter")
        assert "Funnel · Offer" in it.seen and "as of 2026-01-18 · Everyone" in it.seen
        await it.press("enter")
        assert "Funnel · Offer · Jonas" in it.seen and "as of 2026-01-18" in it.seen
        assert "1 deal" in it.seen
        assert "✓ won" not in it.seen and "✗ lost" not in it.seen
        await it.press("enter")
        assert any("as it is today; the list it is in is as of 2026-01-18" in t for t in it.said)
        await it.press("escape", "escape", "escape", "A", "backspace")
        await it.type("today")
        await it.press("ctrl+s")
        assert "as of" not in it.seen.splitlines()[0] and "33.3 %" in it.seen
        await it.press("A", "backspace")
        await it.type("tomorrow")
        await it.press("ctrl+s")
        assert "is not here yet" in it.seen


async def test_any_range_is_typed(store: Store) -> None:
    async with driven(store, "funnel") as it:
        await it.press("f", "backspace")
        await it.type("2026-01-01..2026-01-02")
        await it.press("ctrl+s")
        assert "Everyone · 2026-01-01..2026-01-02 · Sales" in it.seen
        await it.press("f", "backspace")
        await it.type("whenever")
        await it.press("ctrl+s")
        assert "is not a period" in it.seen


async def test_whose_deals(store: Store) -> None:
    async with driven(store, "funnel") as it:
        await it.press("m")
        assert "Ona · all" in it.seen
        await it.press("m", "slash")
        assert "Everyone  now" in it.seen
        await it.type("south")
        await it.press("enter")
        assert "South · all" in it.seen
        await it.press("slash")
        await it.type("every")
        await it.press("enter")
        assert "Everyone · all" in it.seen


async def test_of_what_is_chosen_where_whose_is(store: Store) -> None:
    async with driven(store, "funnel") as it:
        await it.press("slash")
        await it.type("pump")
        await it.press("enter")
        assert "Everyone · product Pump · all · Sales" in it.seen
        assert "3 lost" not in it.seen and "100 %" in it.seen
        await it.press("enter", "enter")
        assert "1 deal" in it.seen and "product Pump" in it.seen
        await it.press("escape", "escape", "slash")
        await it.type("one client")
        await it.press("enter")
        await it.type("acm")
        await it.press("enter", "ctrl+s")
        assert "product Pump · client Acme" in it.seen
        await it.press("M", "space")
        assert "Waterfall" in it.seen and "product Pump · client Acme · 2/11" in it.seen
        await it.press("escape", "slash")
        await it.type("pump")
        await it.press("enter")
        assert "Everyone · client Acme · all" in it.seen
        await it.press("slash")
        await it.type("all deals")
        await it.press("enter")
        assert "Everyone · all · Sales" in it.seen and "Acme" not in it.seen


async def test_of_two_chosen_of_one_kind_either_counts(store: Store) -> None:
    async with driven(store, "funnel", size=(110, 30)) as it:

        async def choose(typed: str) -> None:
            await it.press("slash")
            await it.type(typed)
            await it.press("enter")

        await choose("pump")
        await choose("no product")
        assert "Everyone · product Pump, no product · all · Sales" in it.seen
        assert re.search(r"▸Enquiry █+ +4 +100 %", it.seen)
        await it.press("slash")
        assert "Pump  product  now, enter takes it back" in it.seen
        assert it.seen.index("takes it back") < it.seen.index("Zofia")
        await it.press("escape")
        await choose("pump")
        assert "Everyone · product no product · all · Sales" in it.seen
        for client in ("acm", "łódź"):
            await choose("one client")
            await it.type(client)
            await it.press("enter", "ctrl+s")
        assert "client Acme, Łódź Foods" in it.seen
        await choose("acme")  # a client is in the list only where it is one of those chosen
        assert "client Łódź Foods" in it.seen and "Acme" not in it.seen


async def test_z_draws_the_sums_and_brackets_change_the_pipeline(store: Store) -> None:
    async with driven(store, "funnel") as it:
        await it.press("z")
        chart = it.seen.splitlines()
        assert chart[2].split()[0] == "EUR"
        assert "1.9k" in chart[3]
        await it.press("z", "right_square_bracket")
        assert "Service" in it.seen
        assert it.seen.splitlines()[2].split()[0] == "deals"


async def test_the_period_is_remembered(store: Store) -> None:
    async with driven(store, "funnel") as it:
        await it.press("P", "P", "P")
    async with driven(store, "funnel") as it:
        assert "Everyone · 2026 · Sales" in it.seen


async def test_an_empty_store_says_what_to_do(sqlite_store: Store) -> None:
    make_book(sqlite_store)
    async with driven(sqlite_store, "funnel") as it:
        assert "There are no deals yet. Press n to add one" in it.seen
        assert "salestui import FILES" in " ".join(it.seen.split())


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_shown_as_they_are(sqlite_store: Store, name: str) -> None:
    from salestui.models.process import LossReason, Stage
    from salestui.store.unit import Unit

    book = make_book(sqlite_store)
    book.add(Life([Move(0), Move(5, DEMO), Move(9, DEMO, "lost", "Price")]), Life([Move(1)]))

    def rename(unit: Unit) -> None:
        unit.get(Stage, book[DEMO], "stage").name = name
        unit.get(LossReason, book["Price"], "reason").name = name

    sqlite_store.write(rename)
    async with driven(sqlite_store, "funnel", (100, 40)) as it:
        assert it.seen.count(name[:5]) >= 3
        await it.press("down", "enter", "enter", "escape", "escape")


@pytest.mark.parametrize("size", [(20, 5), (60, 15), (80, 24), (140, 30), (300, 80)])
async def test_any_size_is_drawn(store: Store, size: tuple[int, int]) -> None:
    async with driven(store, "funnel", size) as it:
        await it.press("z", "down", "enter", "enter", "escape", "escape")
        assert max(map(len, it.seen.splitlines())) <= size[0]


async def test_c_compares_with_the_reference_and_further(sqlite_store: Store) -> None:
    book = make_book(sqlite_store)
    book.add(
        *(
            Life(
                [Move(day - 4), Move(day, DEMO)]
                if i < (3 if day < 31 else 1)
                else [Move(day - 4), Move(day, "Enquiry", "lost", "Price")]
            )
            for day in range(-330, 59)
            for i in range(4)
        )
    )
    async with driven(sqlite_store, "funnel", (80, 60)) as it:
        assert "Deviations" not in it.seen
        await it.press("f", "backspace")
        await it.type("2026-02")
        await it.press("ctrl+s", "c")
        assert "Deviations from the measured reference" in it.seen
        row = next(line for line in it.seen.splitlines() if "lower" in line)
        assert row.split()[:1] == ["▸Enquiry"] and "112       28  25.0 %  75.0 %" in row
        assert "Enquiry → Demo differs: 28 of 112 (25 %)" in it.seen
        await it.press("down", "home", "enter", "enter")
        assert "112 deals" in it.seen
        await it.press("escape", "escape", "c")
        assert "The months of a quarter do not differ in wins beyond chance" in it.seen
        await it.press("c")
        assert "Deviations from the template" in it.seen
        await it.press("c")
        assert "Deviations from the period before" in it.seen
        await it.press("c")
        assert "Deviations from the same period last year" in it.seen
        await it.press("c")
        assert "Deviations" not in it.seen
        await it.press("c")
    async with driven(sqlite_store, "funnel", (200, 50)) as it:
        assert "Deviations from the measured reference" in it.seen  # remembered
