"""Saving over what a colleague has changed: it is said first, and the second time what was typed is kept."""

from __future__ import annotations

from datetime import date

import pytest

from salestui.queries.activity_log import load_log
from salestui.queries.choices import load_choices, load_client_choices
from salestui.queries.deal_card import load_deal, load_deal_card
from salestui.screens.activity_forms import ActivityForm, DoneForm
from salestui.screens.deal_form import EditDealForm, NewDealForm
from salestui.screens.form import Form
from salestui.screens.outcome_forms import WinForm
from salestui.usecases.activities import edit_activity
from salestui.usecases.deals import Line, edit_deal, set_lines
from salestui.usecases.outcomes import win_deal
from salestui.usecases.process import add_entry, delete_entry
from tests.screens.driving import driven
from tests.team import Team


def _outcome(team: Team) -> str:
    deal = team.store.read(load_deal, deal_id=team.deals[0])
    assert deal is not None
    return deal.outcome


async def _saved_twice(team: Team, form: Form[object], meddle: object) -> None:
    assert callable(meddle)
    async with driven(team.store) as run:
        run.app.push_screen(form)
        await run.settle()
        meddle()
        await run.press("ctrl+s")
        assert "changed this" in " ".join(run.seen.split())
        await run.press("ctrl+s")
        assert run.app.screen is not form


@pytest.mark.parametrize("is_done", [True, False])
async def test_an_activity(team: Team, is_done: bool) -> None:
    dealings = team.store.read(load_log).rows
    dealing = next(each for each in dealings if each.is_open)
    key, today = dealing.activity_id, date(2026, 3, 18)
    form: Form[object]
    if is_done:
        form = DoneForm(team.lists, today, task=(key, dealing.version, dealing.subject))
    else:
        about = team.store.read(load_client_choices, client_id=dealing.client_id or "")
        form = ActivityForm(team.lists, today, dealing=dealing, about=about)

    def meddle() -> None:
        team.store.write(edit_activity, activity_id=key, notes="by a colleague")

    await _saved_twice(team, form, meddle)
    after = next(d for d in team.store.read(load_log).rows if d.activity_id == key)
    assert after.notes == "by a colleague"
    assert after.is_open != is_done


async def test_a_deal_won(team: Team) -> None:
    deal = team.store.read(load_deal, deal_id=team.deals[0])
    assert deal is not None

    def meddle() -> None:
        team.store.write(edit_deal, deal_id=deal.deal_id, notes="by a colleague")

    await _saved_twice(team, WinForm(deal, team.today), meddle)
    assert _outcome(team) == "won"


async def test_a_deal_that_a_colleague_has_won_is_not_finished(team: Team) -> None:
    deal = team.store.read(load_deal, deal_id=team.deals[0])
    assert deal is not None
    async with driven(team.store) as run:
        form = WinForm(deal, team.today)
        run.app.push_screen(form)
        await run.settle()
        team.store.write(win_deal, deal_id=deal.deal_id)
        writes = team.store.read(lambda r: r.value("SELECT count(*) FROM audit_entry"))
        await run.press("ctrl+s", "ctrl+s")
        assert run.app.screen is form
    assert team.store.read(lambda r: r.value("SELECT count(*) FROM audit_entry")) == writes


async def test_a_deal_refused_leaves_no_new_client_and_mended_makes_it_once(team: Team) -> None:
    team.store.write(add_entry, what="product", name="Crane", price_minor=1, currency="PLN")
    form = NewDealForm(team.store.read(load_choices), team.today)
    async with driven(team.store, "board", (200, 50)) as run:
        run.app.push_screen(form)
        await run.settle()
        form.field("client_id").focus()
        await run.settle()
        await run.type("Brandnew")
        form.field("lines").focus()
        await run.settle()
        await run.type("Crane")
        await run.press("ctrl+s", "ctrl+s")
        assert "priced in PLN" in run.seen
        assert run.app.screen is form
        count = "SELECT count(*) FROM client WHERE name = 'Brandnew'"
        assert team.store.read(lambda r: r.value(count)) == 0
        form.field("lines").focus()
        await run.settle()
        await run.type(" @ 5")
        await run.press("ctrl+s")
        assert run.app.screen is not form
        assert team.store.read(lambda r: r.value(count)) == 1


async def test_products_refused_are_mended_and_saved(team: Team) -> None:
    team.store.write(add_entry, what="product", name="Crane", price_minor=1, currency="PLN")
    deal = team.store.read(load_deal, deal_id=team.deals[0])
    assert deal is not None
    form = EditDealForm(team.store.read(load_choices), team.today, deal=deal, lines=())
    async with driven(team.store, "board", (200, 50)) as run:
        run.app.push_screen(form)
        await run.settle()
        form.field("title").focus()
        await run.settle()
        await run.press("end", "X")
        form.field("lines").focus()
        await run.settle()
        await run.type("Crane")
        await run.press("ctrl+s")
        assert "priced in PLN" in run.seen
        assert team.store.read(load_deal, deal_id=deal.deal_id) == deal
        form.field("lines").focus()
        await run.settle()
        await run.type(" @ 5")
        await run.press("ctrl+s")
        assert run.app.screen is not form
        after = team.store.read(load_deal, deal_id=deal.deal_id)
        assert after is not None
        assert (after.title, after.amount_minor) == (f"{deal.title}X", 500)
        await run.press("u")
    again = team.store.read(load_deal, deal_id=deal.deal_id)
    assert again is not None
    assert (again.title, again.amount_minor) == (deal.title, deal.amount_minor)


async def test_a_deal_keeps_a_product_that_is_no_longer_sold(team: Team) -> None:
    pump = team.lists.products[0].id
    team.store.write(set_lines, deal_id=team.deals[0], lines=[Line(pump)])
    team.store.write(delete_entry, what="product", entry_id=pump)
    team.store.write(add_entry, what="product", name="Pump", price_minor=1, currency="EUR")
    card = team.store.read(load_deal_card, deal_id=team.deals[0])
    assert card is not None
    form = EditDealForm(team.store.read(load_choices), team.today, deal=card.deal, lines=card.lines)
    async with driven(team.store, "board", (200, 50)) as run:
        run.app.push_screen(form)
        await run.settle()
        form.field("lines").focus()
        await run.settle()
        await run.press("ctrl+home", "delete", "3", "ctrl+s")
        assert run.app.screen is not form
    after = team.store.read(load_deal_card, deal_id=team.deals[0])
    assert after is not None
    assert [(each.product_id, each.quantity_milli) for each in after.lines] == [(pump, 3_000)]
