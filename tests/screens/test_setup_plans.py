"""Quotas, bonus plans and costs on the set-up screen: added, edited, deleted, told, taken back."""

from __future__ import annotations

from datetime import date

import pytest

from salestui.queries import plans
from salestui.screens.form import Form
from salestui.screens.setup import SetupScreen
from salestui.screens.setup_lists import LISTS
from salestui.usecases import bonuses, costs, people, quotas
from tests.screens.driving import Driven, driven
from tests.team import HOSTILE, Team

PLACES = {each.title: place for place, each in enumerate(LISTS)}
Q1 = {"first_on": date(2026, 1, 1), "last_on": date(2026, 3, 31)}


async def _open(run: Driven, title: str) -> SetupScreen:
    await run.press("f2", *["left"] * (len(LISTS) - PLACES[title]))
    assert isinstance(run.app.screen, SetupScreen)
    return run.app.screen


async def test_a_quota_is_added_edited_deleted_and_taken_back(team: Team) -> None:
    def kept() -> list[tuple[object, ...]]:
        return [
            (q.whose, str(q.first_on), str(q.last_on), q.measure, q.amount_minor, q.deals)
            for q in team.store.read(plans.quotas)
        ]

    async with driven(team.store) as run:
        await _open(run, "Quotas")
        await run.press("n", *"ona", "enter", *"2026-Q2", "enter", "enter", *"90 000", "ctrl+s")
        assert kept() == [("Ona", "2026-04-01", "2026-06-30", "revenue", 90_000_00, None)]
        assert "2026-Q2  Ona    rep   revenue  90,000.00 EUR" in run.seen
        # The same quota becomes one of deals, of another quarter and of everybody.
        await run.press("enter", *"every", "enter", *"2026-07..2026-08", "enter", *"count")
        await run.press("enter", *"7", "enter", "enter")
        assert kept() == [("everybody", "2026-07-01", "2026-08-31", "count", None, 7)]
        assert "7 deals" in run.seen
        await run.press("i")
        assert "Changed the quota of everybody" in run.seen and "90000.00" in run.seen
        await run.press("escape", "delete")
        assert kept() == []
        await run.press("u", "u")
        assert kept()[0][0] == "Ona"


async def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "Quotas")
        await run.press("n", "enter", *"spring", "enter", "enter", *"much", "ctrl+s")
        assert "is not a period" in run.seen and "Something is not right yet" in run.seen
        form = run.app.screen
        assert isinstance(form, Form) and form.field("target").value == "much"
        assert team.store.read(plans.quotas) == []


async def test_a_quota_does_not_take_the_place_of_another_unasked(team: Team) -> None:
    for rep in ("Ona", "Jonas"):
        team.store.write(
            quotas.set_quota, rep_id=team.rep(rep), amount_minor=1, currency_code="EUR", **Q1
        )
    async with driven(team.store) as run:
        await _open(run, "Quotas")
        await run.press("end", "e", *"jonas", "ctrl+s")
        assert "There is another quota of Jonas for these days" in " ".join(run.seen.split())
    assert {q.whose for q in team.store.read(plans.quotas)} == {"Ona", "Jonas"}


async def test_a_colleagues_change_of_a_quota_is_asked_about_first(team: Team) -> None:
    key = team.store.write(
        quotas.set_quota, rep_id=team.rep("Ona"), amount_minor=5_00, currency_code="EUR", **Q1
    ).id
    async with driven(team.store) as run:
        await _open(run, "Quotas")
        await run.press("e", "down", "down", "down", *"7", "tab")
        team.store.write(quotas.edit_quota, quota_id=key, amount_minor=6_00)
        await run.press("ctrl+s")
        assert "changed this quota meanwhile" in " ".join(run.seen.split())
        await run.press("ctrl+s")
    assert [q.amount_minor for q in team.store.read(plans.quotas)] == [7_00]


async def test_a_bonus_plan_gets_tiers_and_is_granted(team: Team) -> None:
    async with driven(team.store) as run:
        screen = await _open(run, "Bonus plans")
        await run.press("n", *"Field", "ctrl+s")
        await run.press("T", *"80", "enter", "enter", *"2.5%", "ctrl+s")
        await run.press("T", *"100", "enter", *"1000", "enter", "enter", *"50", "ctrl+s")
        assert "  from 80 %        2.5 % beyond it" in run.seen
        assert "1,000.00 once, 50.00 a deal" in run.seen
        await run.press("R", *"ona", "enter", *"2026-01-01", "ctrl+s")
        assert screen.entry is not None and screen.entry.what == "bonus grant"
        assert "Ona              from 2026-01-01" in run.seen
        # What is granted is not deleted; a tier and a grant are, and come back.
        await run.press("home", "delete")
        assert any("still needed by 1 bonus grant" in said for said in run.said)
        await run.press("down", "delete")
        assert len(team.store.read(plans.bonus_plans)[0].tiers) == 1
        await run.press("end", "delete")
        assert team.store.read(plans.bonus_grants) == []
        await run.press("u", "u")
        assert len(team.store.read(plans.bonus_plans)[0].tiers) == 2
        assert len(team.store.read(plans.bonus_grants)) == 1


async def test_a_tier_and_a_grant_are_edited(team: Team) -> None:
    plan = team.store.write(bonuses.create_plan, name="Field", currency="EUR").id
    team.store.write(bonuses.set_tier, plan_id=plan, from_bp=80_00, rate_bp=200)
    team.store.write(bonuses.set_tier, plan_id=plan, from_bp=100_00, rate_bp=300)
    team.store.write(bonuses.grant, plan_id=plan, rep_id=team.rep("Ona"), first_on=date(2026, 1, 1))
    async with driven(team.store) as run:
        await _open(run, "Bonus plans")
        await run.press("down", "e", *"100", "ctrl+s")
        assert "has another tier from 100 % on" in " ".join(run.seen.split())
        await run.press(*["backspace"] * 3, *"90", "ctrl+s")
        (kept,) = team.store.read(plans.bonus_plans)
        assert [(t.from_bp, t.rate_bp) for t in kept.tiers] == [(90_00, 200), (100_00, 300)]
        await run.press("end", "e", "down", "down", *"2026-06-30", "ctrl+s")
        assert "from 2026-01-01 to 2026-06-30" in run.seen
        await run.press("e", "down", "down", *["backspace"] * 10, *"2025-01-01", "ctrl+s")
        assert "cannot end before it begins" in " ".join(run.seen.split())
        await run.press("escape", "y", "home", "i")
        assert "Changes of bonus plan Field" in run.seen and "bonus tier" in run.seen


async def test_a_cost_is_added_edited_and_deleted(team: Team) -> None:
    team.store.write(people.create_team, name="North")
    async with driven(team.store) as run:
        await _open(run, "Costs")
        await run.press("n", *"tools", "enter", *"north", "enter", *"2026", "enter")
        await run.press(*"12000", "enter", "enter", *"Licences", "ctrl+s")
        assert "2026    North  team  tools  12,000.00 EUR  Licences" in run.seen
        await run.press("e", *["down"] * 4, *["backspace"] * 3, *"pln", "ctrl+s")
        (cost,) = team.store.read(plans.costs)
        assert (cost.amount_minor, cost.currency, cost.notes) == (12_000_00, "PLN", "Licences")
        await run.press("delete")
        assert team.store.read(plans.costs) == []
        await run.press("u")
        assert len(team.store.read(plans.costs)) == 1


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_and_notes_are_shown_as_they_are(team: Team, name: str) -> None:
    rep = team.store.write(people.create_rep, name=name).id
    team.store.write(quotas.set_quota, rep_id=rep, amount_minor=1, currency_code="EUR", **Q1)
    team.store.write(
        costs.set_cost,
        rep_id=rep,
        kind="other",
        amount_minor=1,
        currency_code="EUR",
        notes=name,
        **Q1,
    )
    async with driven(team.store) as run:
        for title in ("Costs", "Quotas"):
            await _open(run, title)
            await run.press("e")
            assert isinstance(run.app.screen, Form)
            assert "\x1b" not in run.seen
            await run.press("escape", "escape")


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 50)])
@pytest.mark.parametrize("title", ["Quotas", "Bonus plans", "Costs"])
async def test_every_field_of_the_forms_can_be_reached(
    team: Team, title: str, size: tuple[int, int]
) -> None:
    async with driven(team.store, size=size) as run:
        await _open(run, title)
        await run.press("n")
        form = run.app.screen
        assert isinstance(form, Form)
        for field in form.all_fields():
            assert field.has_focus, field.field_name  # type: ignore[attr-defined]
            assert str(field.border_title) in run.seen  # type: ignore[attr-defined]
            await run.press("down")
