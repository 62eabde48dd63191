"""The Forecast screen, by keyboard."""

from __future__ import annotations

import re
from datetime import date

import pytest

from salestui.store.store import Store
from salestui.usecases import process
from tests.analytics.book import Life, Move, make_book
from tests.analytics.test_forecasting import lives
from tests.analytics.test_what_if import staged_lives
from tests.screens.driving import driven
from tests.team import HOSTILE


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    make_book(sqlite_store).add(
        *lives(600, first=-150), Life([Move(60), Move(62, "Offer")], 90_000_00, client="Acme")
    )
    return sqlite_store


async def test_it_shows_forecast_open_deals_plan_and_the_accuracy_had(store: Store) -> None:
    async with driven(store, "forecast", (100, 90)) as it:
        for text in (
            "6 forecast", "2026-03", "2026-Q2", "Sales funnel", "Template", "Statistics",
            "template and statistics differ most", "Accuracy had", "last 28 days", "Quota", "Ona",
        ):  # fmt: skip
            assert text in it.seen, text
        assert "Measuring" not in it.seen
        assert "No stage is one of leads" in it.seen and "Lead funnel" not in it.seen


async def test_a_wide_terminal_shows_leads_beside_the_forecast(store: Store) -> None:
    enquiry = store.read(lambda r: r.value("SELECT id FROM stage ORDER BY position LIMIT 1"))
    store.write(process.edit_stage, stage_id=enquiry, kind="lead")
    async with driven(store, "forecast", (200, 90)) as it:
        first = it.seen.splitlines()[1]
        assert "Forecast" in first and "Lead funnel" in first
        for text in ("Wins from leads", "Come by end", "Leads by source", "Sales funnel"):
            assert text in it.seen, text
        assert "No stage is one of leads" not in it.seen


async def test_enter_opens_the_deal_that_differs_most(store: Store) -> None:
    async with driven(store, "forecast", (200, 50)) as it:
        await it.press("tab", "down", "down", "enter")
        assert type(it.app.screen).__name__ == "DealScreen"
        assert "Acme" in it.seen


async def test_enter_on_a_stage_lists_its_deals_with_their_chances(store: Store) -> None:
    async with driven(store, "forecast", (200, 50)) as it:
        await it.press("tab", "down", "enter")
        assert type(it.app.screen).__name__ == "OpenDealsScreen"
        for text in ("Sales funnel · Sales: Offer", "Chance", "none kept", "Brier"):
            assert text in it.seen, text
        await it.press("enter")
        assert type(it.app.screen).__name__ == "DealScreen"
        await it.press("escape", "escape")
        assert type(it.app.screen).__name__ == "ForecastScreen"


async def test_a_deal_that_skipped_a_stage_says_so(store: Store) -> None:
    acme = store.read(lambda r: r.value("SELECT id FROM deal WHERE amount_minor = 9000000"))
    for size in ((80, 24), (200, 50)):
        async with driven(store, "forecast", size) as it:
            it.app.open_deal(acme)  # type: ignore[attr-defined]
            await it.settle()
            assert "Out of order" in it.seen and "skipped Demo" in it.seen


async def test_another_day_another_scope_and_another_period(store: Store) -> None:
    async with driven(store, "forecast", (100, 40)) as it:
        await it.press("A", "backspace")
        await it.type("2026-02-10")
        await it.press("ctrl+s")
        assert "as of 2026-02-10 · Everyone" in it.seen and "2026-02" in it.seen
        await it.press("m")
        assert "as of 2026-02-10 · Ona" in it.seen
        await it.press("f", "backspace")
        await it.type("2026-Q2")
        await it.press("ctrl+s")
        assert "Ona · 2026-Q2" in it.seen and "2026-03" not in it.seen
        await it.press("left", "left")
        assert any("is over: a forecast looks ahead" in said for said in it.said)
        assert "Ona · all" in it.seen


async def test_a_product_s_forecast_is_without_what_is_of_all_deals(store: Store) -> None:
    async with driven(store, "forecast", (100, 90)) as it:
        await it.press("slash")
        await it.type("no product")
        await it.press("enter")
        assert "Everyone · product no product · all" in it.seen and "Sales funnel" in it.seen
        assert "Quota" not in it.seen and "Calls" not in it.seen
        await it.press("c")
        assert any("A commit is of all that a rep sells" in said for said in it.said)


async def test_what_if_moves_the_forecast(store: Store) -> None:
    async with driven(store, "forecast", (100, 40)) as it:
        await it.press("down", "down", "W")
        assert "What if · 2026-Q1" in it.seen and "0.00 EUR" in it.seen
        assert "EUR  (too few deals)" in it.seen, "what it starts from says that it bears no claim"
        await it.press("down", "right", "right")
        assert "110 %" in it.seen
        difference = next(line for line in it.seen.splitlines() if "Difference" in line)
        assert " 0.00 EUR" not in difference
        await it.press("0")
        assert "110 %" not in it.seen and "of all deals: stages have" in it.seen
        await it.press("j", "j", "right")
        assert "2 → 3" in it.seen and "25, 50, 75 %" in it.seen and "assumed" in it.seen
        await it.press("escape", "up", "enter")
        assert "What if · 2026-04" in it.seen
        await it.press("escape", "W")
        assert "What if · 2026-04" in it.seen, "W and Enter are of the row under the cursor"
        await it.press("escape")
        assert "Accuracy had" in it.seen


async def test_what_if_changes_the_conversion_of_a_stage(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*staged_lives(900))
    async with driven(sqlite_store, "forecast", (80, 24)) as it:
        await it.press("W", "right", "right")
        first = it.seen
        assert "of Sales: Enquiry" in first and "→" in first and "110 %" in first
        await it.press("down", "s", "left")
        assert "of Sales: Demo" in it.seen and "and of Sales: Enquiry 110 %" in it.seen
        assert "Forecast as things are" in it.seen and "here).  " in it.seen, (
            "all of it, at 80 columns"
        )
        assert "95 %" in it.seen and "25, 50, 75 %" in it.seen
        await it.press("S")
        assert "of Sales: Enquiry" in it.seen and "and of Sales: Demo 95 %" in it.seen


async def test_an_empty_store_says_what_to_do(sqlite_store: Store) -> None:
    make_book(sqlite_store)
    async with driven(sqlite_store, "forecast") as it:
        assert "There are no deals yet. Press n to add one" in it.seen
        await it.press("W")
        assert any("too little history to reckon with" in said for said in it.said)


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_shown_as_they_are(store: Store, name: str) -> None:
    from salestui.usecases import deals

    deal_id = store.read(
        lambda r: r.value("SELECT id FROM deal ORDER BY amount_minor DESC LIMIT 1")
    )
    store.write(deals.edit_deal, deal_id=deal_id, title=name)
    async with driven(store, "forecast", (200, 50)) as it:
        assert "differ most" in it.seen
        await it.press("tab", "enter", "escape")
        assert "\x1b" not in it.seen


async def test_a_rep_commits_and_a_manager_adjusts(store: Store) -> None:
    from salestui.usecases import people

    ona = store.read(lambda r: r.value("SELECT id FROM rep WHERE name = 'Ona'"))
    store.write(people.edit_rep, rep_id=ona, role="manager")
    async with driven(store, "forecast", (100, 120)) as it:
        assert "Nobody has said anything of this period" in it.seen
        await it.press("c", *"90000", "enter", *"120000", "ctrl+s")
        assert any("Noted the commit of Ona for 2026-Q1" in said for said in it.said)
        assert "90,000" in it.seen and "120,000" in it.seen and "Who said what" in it.seen
        await it.press("J", *"ona", "enter", *"80000", "ctrl+s")
        assert "An adjustment says why" in it.seen
        assert "Commit 90,000.00 EUR" in it.seen
        await it.press(*"Two slip", "ctrl+s")
        assert "80,000" in it.seen and "Two slip" in it.seen
        await it.press("u")
        assert "Two slip" not in it.seen
        await it.press("A", "backspace")
        await it.type("2026-02-10")
        await it.press("ctrl+s")
        assert "Nobody has said anything" in it.seen
        await it.press("c")
        assert any("This is an earlier day" in said for said in it.said)


async def test_the_row_of_the_calls_says_whose_word_and_in_which_currency(store: Store) -> None:
    from salestui.usecases import calls, people

    names = store.read(lambda r: dict(r.rows("SELECT name, id FROM rep")))
    store.write(people.edit_rep, rep_id=names["Ona"], role="manager")
    made = {"first_on": date(2026, 1, 1), "last_on": date(2026, 3, 31), "side": "manager"}
    store.write(
        calls.record_call, rep_id=names["Zofia"], commit_minor=50_000_00, currency_code="PLN",
        notes="She sells abroad", **made,
    )  # fmt: skip
    store.write(
        calls.record_call, commit_minor=90_000_00, currency_code="EUR", notes="All told", **made
    )
    async with driven(store, "forecast", (100, 120)) as it:

        def form() -> tuple[str, str]:
            """Whose word is asked for in the dialog, and in which currency."""
            whose = re.search(r"‹ (.+?) ›", it.seen)
            currency = re.search(r"─Currency─.*\n[^│]*│ +([A-Z]{3})", it.seen)
            return whose[1] if whose else "", currency[1] if currency else ""

        async def point(row: str) -> None:
            """Put the cursor on that row of the calls."""
            for _ in range(60):
                if any(re.match(f"▸ *{row} ", line) for line in it.seen.splitlines()):
                    return
                await it.press("down")
            raise AssertionError(it.seen)

        await point("PLN")
        await it.press("J")
        assert form() == ("Zofia", "PLN")
        await it.press("escape", "c")
        assert "What Ona will win" in it.seen and form()[1] == "EUR"
        await it.press("escape", "enter")
        assert form() == ("Zofia", "PLN")
        await it.press("escape")
        await point("everybody")
        await it.press("J")
        assert form()[0].startswith("everybody")


async def test_on_the_last_day_of_a_quarter_calls_are_of_the_next_one_too(store: Store) -> None:
    async with driven(store, "forecast", (100, 120)) as it:
        assert "2026-Q1 · c commits, J adjusts" in it.seen
        await it.press("A", "backspace")
        await it.type("2025-12-31")
        await it.press("ctrl+s")
        assert "2026-Q1 · c commits, J adjusts" in it.seen and "2025-Q4 ·" not in it.seen


async def test_who_may_not_adjust_is_told_before_typing(store: Store) -> None:
    async with driven(store, "forecast") as it:
        await it.press("J")
        assert any("Only a manager adjusts a forecast" in said for said in it.said)
        assert "Adjust the commit for" not in it.seen
    store.actor_id = None
    async with driven(store, "forecast") as it:
        await it.press("J")
        assert "Adjust the commit for" in it.seen, "nobody knows who it is"


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 50)])
async def test_the_forms_of_calls_fit(store: Store, size: tuple[int, int]) -> None:
    from salestui.usecases import people

    ona = store.read(lambda r: r.value("SELECT id FROM rep WHERE name = 'Ona'"))
    store.write(people.edit_rep, rep_id=ona, role="manager")
    async with driven(store, "forecast", size) as it:
        for key in ("c", "J"):
            await it.press(key)
            for label in ("Commit", "Best case", "Why", "Currency"):
                assert label in it.seen
                await it.press("down")
            await it.press("escape")
