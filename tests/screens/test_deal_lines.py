"""The products of a deal, set in a form over the board or the deal."""

from __future__ import annotations

from typing import Any

import pytest

from salestui.queries.deal_card import DealCard, load_deal_card
from salestui.screens.board import BoardScreen
from salestui.screens.confirm import Confirm
from salestui.screens.deal_lines import DealLinesForm
from salestui.usecases import deals, process
from tests.screens.driving import Driven, driven
from tests.team import HOSTILE, Team


def _card(team: Team, place: int = 0) -> DealCard:
    card = team.store.read(load_deal_card, deal_id=team.deals[place])
    assert card is not None
    return card


def _lines(team: Team, place: int = 0) -> list[tuple[Any, ...]]:
    return [
        (each.product, each.quantity_milli, each.unit_price_minor, each.discount_bp)
        for each in _card(team, place).lines
    ]


def _product(team: Team, name: str, price: int | None = None, currency: str = "EUR") -> str:
    return team.store.write(
        process.add_entry, what="product", name=name, price_minor=price, currency=currency
    ).id


async def _open(run: Driven, team: Team, place: int = 0) -> DealLinesForm:
    screen = run.app.screen
    assert isinstance(screen, BoardScreen)
    assert screen.deals.select(team.deals[place])
    await run.press("P")
    assert isinstance(run.app.screen, DealLinesForm)
    return run.app.screen


async def test_products_are_added_one_after_the_other_and_summed_as_one_types(team: Team) -> None:
    _product(team, "Hose", 999)
    async with driven(team.store) as run:
        await _open(run, team)
        assert "Without products the deal stays at 10,000.00 EUR" in run.seen
        await run.press(*"pu", "enter")
        assert "Sum of 1: 1,200.00 EUR" in run.seen
        await run.press("2", "enter")
        assert "Sum of 1: 2,400.00 EUR" in run.seen
        await run.press(*"1100")
        assert "Sum of 1: 2,200.00 EUR" in run.seen
        await run.press("enter", *"10")
        assert "Sum of 1: 1,980.00 EUR" in run.seen
        await run.press("enter", *"ho", "enter", "enter", "enter", "enter")
        assert "Sum of 2: 1,989.99 EUR" in run.seen
        await run.press("ctrl+s")
        assert isinstance(run.app.screen, BoardScreen)
        assert _lines(team) == [("Pump", 2000, 110_000, 1000), ("Hose", 1000, 999, 0)]
        assert _card(team).deal.amount_minor == 198_999
        await run.press("u")
        assert _lines(team) == []
        assert _card(team).deal.amount_minor == 1_000_000


async def test_lines_are_edited_moved_and_taken_out(team: Team) -> None:
    pump, hose = team.lists.products[0].id, _product(team, "Hose", 999)
    team.store.write(deals.set_lines, deal_id=team.deals[0],
                     lines=[deals.Line(pump, 2000, 110_000, 1250, 70_000), deals.Line(hose)])  # fmt: skip
    async with driven(team.store) as run:
        await _open(run, team)
        await run.press("J")
        await run.press("e", "backspace", "3", "ctrl+s")
        assert _lines(team) == [("Hose", 1000, 999, 0), ("Pump", 3000, 110_000, 1250)]
        assert _card(team).lines[1].cost_minor == 70_000
        await run.press("P", "delete", "ctrl+s")
        assert _lines(team) == [("Pump", 3000, 110_000, 1250)]
        await run.press("P", "delete")
        assert "the deal stays at 2,887.50 EUR" in run.seen
        await run.press("ctrl+s")
        assert _lines(team) == []
        assert _card(team).deal.amount_minor == 288_750


async def test_it_opens_from_the_deal_and_shows_there(team: Team) -> None:
    async with driven(team.store) as run:
        run.app.open_deal(team.deals[0])
        await run.settle()
        await run.press("P", *"pump", "enter", "ctrl+s")
        assert "Products (1)" in run.seen
        assert "1,200.00 EUR" in run.seen


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["0", "enter"], "A quantity is above 0."),
        (["x", "enter"], "is not a number"),
        (["enter", "-", "5", "enter"], "cannot be negative"),
        (["enter", "enter", *"101", "enter"], "From 0 to 100 percent."),
    ],
)
async def test_what_makes_no_line_is_said_and_kept(team: Team, keys: list[str], said: str) -> None:
    async with driven(team.store) as run:
        form = await _open(run, team)
        await run.press(*"pump", "enter", *keys, "ctrl+s")
        assert run.app.screen is form
        assert said in run.seen
        assert form.field("product_id").chosen.name == "Pump"
        assert _lines(team) == []


async def test_a_product_of_another_currency_needs_a_price(team: Team) -> None:
    _product(team, "Silo", 5_000, "PLN")
    async with driven(team.store) as run:
        await _open(run, team)
        await run.press(*"silo", "enter", "ctrl+s")
        assert "Silo has no list price in EUR: type one." in run.seen
        await run.press("down", *"12.5", "ctrl+s")
        assert _lines(team) == [("Silo", 1000, 1250, 0)]


async def test_more_than_any_money_is_refused_and_nothing_lost(team: Team) -> None:
    async with driven(team.store) as run:
        form = await _open(run, team)
        await run.press(*"pump", "enter")
        await run.type("999999999")
        await run.press("enter")
        await run.type("9999999999999")
        await run.press("ctrl+s")
        assert run.app.screen is form
        assert "beyond any money" in run.seen
        assert _card(team).deal.amount_minor == 1_000_000


async def test_leaving_asks_before_it_loses_anything(team: Team) -> None:
    async with driven(team.store) as run:
        form = await _open(run, team)
        await run.press("escape")
        assert isinstance(run.app.screen, BoardScreen)
        form = await _open(run, team)
        await run.press(*"pump", "enter", "escape")
        assert isinstance(run.app.screen, Confirm)
        await run.press("n", "down", "down", "enter", "escape")
        assert run.app.screen is form  # the new line is left, the one taken in is listed
        assert "Sum of 1" in run.seen
        await run.press("escape", "y")
        assert isinstance(run.app.screen, BoardScreen)
        assert _lines(team) == []


async def test_a_line_with_a_product_no_longer_sold_can_be_kept(team: Team) -> None:
    pump = team.lists.products[0].id
    team.store.write(deals.set_lines, deal_id=team.deals[0], lines=[deals.Line(pump)])
    team.store.write(process.delete_entry, what="product", entry_id=pump)
    async with driven(team.store) as run:
        await _open(run, team)
        await run.press("enter", "backspace", "4", "ctrl+s")
        assert _lines(team) == [("Pump", 4000, 120_000, 0)]


async def test_a_conflict_is_told_and_saving_again_writes(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, team)
        team.store.write(deals.edit_deal, deal_id=team.deals[0], notes="meanwhile")
        await run.press(*"pump", "enter", "ctrl+s")
        assert "changed this deal meanwhile" in " ".join(run.seen.split())
        await run.press("ctrl+s")
        assert _lines(team) == [("Pump", 1000, 120_000, 0)]


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 50)])
async def test_hostile_products_fit_any_terminal(team: Team, size: tuple[int, int]) -> None:
    keys = [_product(team, name, 100) for name in (*HOSTILE, "y" * 300)]
    lines = [deals.Line(key, 1500, 10**9, 1) for key in keys] * 3
    team.store.write(deals.set_lines, deal_id=team.deals[0], lines=lines)
    async with driven(team.store, size=size) as run:
        await _open(run, team)
        assert "Sum of 24" in run.seen
        assert "[/x]" in run.seen
        await run.press("end", "e")
        assert "Quantity" in run.seen
        await run.press("up", "ctrl+u", *"[/x")
        assert "Acme [/x]" in run.seen


async def test_without_a_deal_under_the_cursor_it_says_so(team: Team) -> None:
    async with driven(team.store, "clients") as run:
        await run.press("P")
        assert any("on a deal first" in each for each in run.said)
