"""The audit trail of a deal or a client: what belongs to it, and no more of an import than that."""

from __future__ import annotations

from datetime import date

from salestui.queries.deal_card import load_deal
from salestui.queries.trail import entries
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.usecases.bonuses import create_plan, grant, set_tier
from salestui.usecases.clients import create_client
from salestui.usecases.deals import assign_deal, create_deal
from salestui.usecases.facts import Saved
from salestui.usecases.quotas import set_quota
from tests.team import make_team


def test_newest_first_with_names_for_keys(store: Store) -> None:
    team = make_team(store)
    deal = store.read(load_deal, deal_id=team.deals[0])
    assert deal is not None
    store.write(assign_deal, deal_id=deal.deal_id, expected_version=deal.version,
                to_rep_id=team.rep("Jonas"))  # fmt: skip
    found = store.read(entries, about=("deal", deal.deal_id))
    assert [entry.action for entry in found] == ["assign_deal", "log_activity", "create_deal"]
    changes = {c.field: (c.before, c.after) for row in found[0].rows for c in row.fields}
    assert changes["owner_id"] == ("Ona", "Jonas")
    created = {c.field: c.after for c in found[-1].rows[0].fields}
    assert created["amount_minor"] == "10000.00"
    assert created["client_id"] == "Acme"


def test_plans_are_called_by_what_they_are_for(store: Store) -> None:
    team = make_team(store)
    ona, days = team.rep("Ona"), {"first_on": date(2026, 1, 1), "last_on": date(2026, 3, 31)}
    store.write(set_quota, rep_id=ona, amount_minor=1, currency_code="EUR", **days)
    plan = store.write(create_plan, name="Field", currency="EUR").id
    store.write(set_tier, plan_id=plan, from_bp=8_000, fixed_minor=1)
    store.write(grant, plan_id=plan, rep_id=ona, first_on=date(2026, 1, 1))
    named = [entry.rows[0].name for entry in store.read(entries, limit=4)]
    assert named == [
        "Field to Ona 2026-01-01..", "Field from 80 %", "Field", "revenue 2026-01-01..2026-03-31"
    ]  # fmt: skip


def test_a_tier_is_called_by_its_percent_to_the_hundredth(store: Store) -> None:
    plan = store.write(create_plan, name="Field", currency="EUR").id
    for from_bp in (0, 50, 11_200, 11_250, 11_255, 1_000_000):
        store.write(set_tier, plan_id=plan, from_bp=from_bp, fixed_minor=1)
    named = [entry.rows[0].name for entry in store.read(entries, limit=6)]
    assert [name.removeprefix("Field from ") for name in reversed(named)] == [
        "0 %", "0.5 %", "112 %", "112.5 %", "112.55 %", "10000 %"
    ]  # fmt: skip


def test_of_a_great_entry_only_what_it_is_about(store: Store) -> None:
    make_team(store)

    def many(unit: Unit) -> Saved:
        made = [create_client(unit, name=f"Client {n}") for n in range(30)]
        create_deal(unit, title="Of the last", client_id=made[-1].id)
        return made[-1]

    last = store.write(many)
    (entry,) = store.read(entries, about=("client", last.id))
    assert [row.name for row in entry.rows] == ["Client 29", "Of the last"]
    assert entry.change_count == 31
    (whole,) = store.read(entries, about=("client", last.id), rows_each=40)
    assert len(whole.rows) == 31
