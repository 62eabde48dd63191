"""Quotas, bonus plans, costs and forecast calls: set, changed, taken back, and never silently lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salestui.errors import Refused
from salestui.queries import plans
from salestui.store.store import Store
from salestui.text import to_micros
from salestui.usecases import bonuses, calls, costs, people, quotas, undo
from salestui.usecases.start import start_team
from tests.conftest import Clock

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
QUARTER: dict[str, Any] = {"first_on": FIRST, "last_on": LAST, "currency_code": "EUR"}


@pytest.fixture
def ids(store: Store) -> dict[str, str]:
    """The rep Ona, the manager Jonas, and the team North."""
    store.write(start_team, rep_name="Ona")
    north = store.write(people.create_team, name="North").id
    jonas = store.write(people.create_rep, name="Jonas", role="manager", team_id=north).id
    return {"Ona": str(store.actor_id), "Jonas": jonas, "North": north}


def test_a_quota_of_each_kind_of_subject(store: Store, ids: dict[str, str]) -> None:
    store.write(quotas.set_quota, rep_id=ids["Ona"], amount_minor=5_000_00, **QUARTER)
    store.write(quotas.set_quota, team_id=ids["North"], amount_minor=9_000_00, **QUARTER)
    store.write(quotas.set_quota, measure="count", deals=7, **QUARTER)
    store.write(quotas.set_quota, measure="margin", amount_minor=4_000_00, **QUARTER)
    found = {(q.whose, q.measure): q.amount_minor or q.deals for q in store.read(plans.quotas)}
    assert found == {
        ("everybody", "count"): 7,
        ("everybody", "margin"): 4_000_00,
        ("North", "revenue"): 9_000_00,
        ("Ona", "revenue"): 5_000_00,
    }


def test_a_quota_changed_keeps_what_it_was_and_can_be_undone(
    store: Store, ids: dict[str, str]
) -> None:
    for amount in (5_000_00, 6_000_00):
        store.write(quotas.set_quota, rep_id=ids["Ona"], amount_minor=amount, **QUARTER)
    (quota,) = store.read(plans.quotas)
    assert (quota.amount_minor, quota.version) == (6_000_00, 2)
    trail = store.read(lambda r: r.rows(
        "SELECT before FROM audit_change WHERE table_name = 'quota' ORDER BY id"))  # fmt: skip
    assert trail[0][0] is None and "500000" in trail[1][0]
    store.write(undo.undo)
    assert [q.amount_minor for q in store.read(plans.quotas)] == [5_000_00]
    store.write(quotas.delete_quota, quota_id=quota.id)
    assert store.read(plans.quotas) == []
    store.write(undo.undo)
    assert [q.amount_minor for q in store.read(plans.quotas)] == [5_000_00]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"measure": "count", "amount_minor": 5}, "a number of deals"),
        ({"deals": 5}, "an amount"),
        ({}, "an amount"),
        ({"amount_minor": 5, "deals": 5}, "nothing else"),
        ({"amount_minor": -1}, "below 0"),
        ({"amount_minor": 1, "measure": "fame"}, "use revenue, margin, count"),
        ({"amount_minor": 1, "rep_id": "nobody"}, "no such rep"),
        ({"amount_minor": 1, "rep_id": "a", "team_id": "b"}, "not both"),
        ({"amount_minor": 1, "last_on": date(2025, 1, 1)}, "before it begins"),
        ({"amount_minor": 2**63}, "too large"),
    ],
)
def test_a_quota_that_makes_no_sense_is_refused(
    store: Store, ids: dict[str, str], given: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        store.write(quotas.set_quota, **(QUARTER | given))
    assert store.read(plans.quotas) == []


def test_a_bonus_plan_with_tiers(store: Store, ids: dict[str, str]) -> None:
    plan = store.write(bonuses.create_plan, name="Field", currency="EUR", span="quarter").id
    store.write(bonuses.set_tier, plan_id=plan, from_bp=10_000, fixed_minor=1_000_00, rate_bp=300)
    store.write(bonuses.set_tier, plan_id=plan, from_bp=8_000, rate_bp=100)
    store.write(bonuses.set_tier, plan_id=plan, from_bp=8_000, rate_bp=200)
    (kept,) = store.read(plans.bonus_plans)
    assert [(t.from_bp, t.fixed_minor, t.rate_bp) for t in kept.tiers] == [
        (8_000, 0, 200), (10_000, 1_000_00, 300),
    ]  # fmt: skip
    with pytest.raises(Refused, match="keeps its currency"):
        store.write(bonuses.edit_plan, plan_id=plan, currency="PLN")
    with pytest.raises(Refused, match="already"):
        store.write(bonuses.create_plan, name="FIELD", currency="EUR")
    with pytest.raises(Refused, match="pays something"):
        store.write(bonuses.set_tier, plan_id=plan, from_bp=1)
    store.write(bonuses.delete_tier, plan_id=plan, from_bp=8_000)
    with pytest.raises(Refused, match="no tier from 80 %"):
        store.write(bonuses.delete_tier, plan_id=plan, from_bp=8_000)
    store.write(bonuses.grant, plan_id=plan, rep_id=ids["Ona"], first_on=FIRST)
    with pytest.raises(Refused, match="still needed by 1 bonus grant"):
        store.write(bonuses.delete_plan, plan_id=plan)
    store.write(undo.undo)
    store.write(bonuses.delete_plan, plan_id=plan)
    assert store.read(plans.bonus_plans) == []


def test_a_plan_by_count_pays_no_percentage(store: Store, ids: dict[str, str]) -> None:
    plan = store.write(bonuses.create_plan, name="Deals", currency="EUR", measure="count").id
    with pytest.raises(Refused, match="percentage of deals is no money"):
        store.write(bonuses.set_tier, plan_id=plan, from_bp=0, rate_bp=50)
    tier = store.write(bonuses.set_tier, plan_id=plan, from_bp=0, per_deal_minor=20_00).id
    with pytest.raises(Refused, match="percentage of deals is no money"):
        store.write(bonuses.edit_tier, tier_id=tier, rate_bp=50)
    other = store.write(bonuses.create_plan, name="Money", currency="EUR").id
    store.write(bonuses.set_tier, plan_id=other, from_bp=0, rate_bp=50)
    with pytest.raises(Refused, match="percentage of deals is no money"):
        store.write(bonuses.edit_plan, plan_id=other, measure="count")


def test_a_tier_begins_at_what_somebody_may_reach(store: Store, ids: dict[str, str]) -> None:
    plan = store.write(bonuses.create_plan, name="Field", currency="EUR").id
    with pytest.raises(Refused, match="at 10,000 % of the quota at most"):
        store.write(bonuses.set_tier, plan_id=plan, from_bp=1_000_000_000, fixed_minor=1)
    saved = store.write(bonuses.set_tier, plan_id=plan, from_bp=1_000_000, fixed_minor=1)
    assert saved.summary == "Set what Field pays from 10,000 %"


def test_a_tier_pays_no_more_than_is_won(store: Store, ids: dict[str, str]) -> None:
    plan = store.write(bonuses.create_plan, name="Field", currency="EUR").id
    tier = store.write(bonuses.set_tier, plan_id=plan, from_bp=0, rate_bp=10_000).id
    for use_case, keys in (
        (bonuses.set_tier, {"plan_id": plan, "from_bp": 5_000}),
        (bonuses.edit_tier, {"tier_id": tier}),
    ):
        with pytest.raises(Refused, match="pays 100 % of what is won at most"):
            store.write(use_case, rate_bp=10_001, **keys)


def test_a_grant_taken_back_leaves_the_plan_before_ended_and_says_so(
    store: Store, ids: dict[str, str]
) -> None:
    old, new = (
        store.write(bonuses.create_plan, name=name, currency="EUR").id for name in ("Old", "New")
    )
    first = store.write(bonuses.grant, plan_id=old, rep_id=ids["Ona"], first_on=FIRST).id
    later = store.write(bonuses.grant, plan_id=new, rep_id=ids["Ona"], first_on=LAST).id
    assert store.write(bonuses.delete_grant, grant_id=later).summary == (
        "Took New back from Ona, who is paid by no plan from 2026-03-31 on: "
        "the plan that ended on 2026-03-30 does not come back"
    )
    assert store.write(bonuses.delete_grant, grant_id=first).summary == (
        "Took Old back from Ona, who is paid by no plan from 2026-01-01 to 2026-03-30"
    )


def test_a_grant_that_replaced_another_whole_says_that_nobody_pays(
    store: Store, ids: dict[str, str]
) -> None:
    for name in ("Old", "New"):
        plan = store.write(bonuses.create_plan, name=name, currency="EUR").id
        key = store.write(bonuses.grant, plan_id=plan, rep_id=ids["Ona"], first_on=FIRST).id
    assert store.write(bonuses.delete_grant, grant_id=key).summary == (
        "Took New back from Ona, who is paid by no plan from 2026-01-01 on"
    )


def test_a_new_grant_ends_the_one_before(store: Store, ids: dict[str, str]) -> None:
    old, new = (
        store.write(bonuses.create_plan, name=name, currency="EUR").id for name in ("Old", "New")
    )
    ona = ids["Ona"]
    store.write(bonuses.grant, plan_id=old, rep_id=ona, first_on=FIRST)
    store.write(bonuses.grant, plan_id=new, rep_id=ona, first_on=date(2026, 3, 1))

    def granted() -> list[tuple[Any, ...]]:
        return [(g.plan, g.first_on, g.last_on) for g in store.read(plans.bonus_grants)]

    assert granted() == [("New", date(2026, 3, 1), None), ("Old", FIRST, date(2026, 2, 28))]
    store.write(bonuses.end_grant, rep_id=ona, last_on=LAST)
    assert granted()[0] == ("New", date(2026, 3, 1), LAST)
    with pytest.raises(Refused, match="another bonus plan from 2026-03-01"):
        store.write(
            bonuses.grant, plan_id=old, rep_id=ona, first_on=date(2026, 2, 1),
            last_on=date(2026, 3, 15),
        )  # fmt: skip
    with pytest.raises(Refused, match="paid by no bonus plan"):
        store.write(bonuses.end_grant, rep_id=ona, last_on=date(2027, 1, 1))


def test_costs_are_kept_apart_by_kind_subject_days_and_currency(
    store: Store, ids: dict[str, str]
) -> None:
    for kind, amount, more in (
        ("salary", 3_000_00, {"rep_id": ids["Ona"]}),
        ("hourly", 30_00, {"rep_id": ids["Ona"]}),
        ("leads", 500_00, {"notes": "Fair"}),
        ("leads", 700_00, {}),
        ("leads", 900_00, {"currency_code": "PLN"}),
    ):
        store.write(costs.set_cost, kind=kind, amount_minor=amount, **(QUARTER | more))  # type: ignore[arg-type]
    found = {
        (c.kind, c.whose, c.currency): (c.amount_minor, c.notes) for c in store.read(plans.costs)
    }
    assert found == {
        ("salary", "Ona", "EUR"): (3_000_00, ""),
        ("hourly", "Ona", "EUR"): (30_00, ""),
        ("leads", "everybody", "EUR"): (700_00, "Fair"),
        ("leads", "everybody", "PLN"): (900_00, ""),
    }
    with pytest.raises(Refused, match="below 0"):
        store.write(costs.set_cost, kind="tools", amount_minor=-1, **QUARTER)
    with pytest.raises(Refused, match="use salary, hourly"):
        store.write(costs.set_cost, kind="fun", amount_minor=1, **QUARTER)
    first = store.read(plans.costs)[0]
    store.write(costs.delete_cost, cost_id=first.id, expected_version=first.version)
    assert len(store.read(plans.costs)) == 3


def test_calls_are_only_added_and_the_newest_counts(
    store: Store, ids: dict[str, str], clock: Any
) -> None:
    about = {"rep_id": ids["Ona"], **QUARTER}
    store.write(calls.record_call, side="rep", commit_minor=5_00, best_minor=9_00, **about)
    clock.forward(hours=1)
    store.write(calls.record_call, side="rep", commit_minor=6_00, **about)
    store.actor_id, store.actor = store.write(people.create_rep, name="Zofia").id, "Zofia"
    with pytest.raises(Refused, match="Only a manager"):
        store.write(calls.record_call, side="manager", commit_minor=4_00, notes="Late", **about)
    store.actor_id, store.actor = ids["Jonas"], "Jonas"
    with pytest.raises(Refused, match="rep's own word"):
        store.write(calls.record_call, side="rep", commit_minor=4_00, **about)
    with pytest.raises(Refused, match="says why"):
        store.write(calls.record_call, side="manager", commit_minor=4_00, **about)
    over = {**about, "first_on": date(2025, 10, 1), "last_on": date(2025, 12, 31)}
    with pytest.raises(Refused, match="over on 2025-12-31: a commit looks ahead"):
        store.write(calls.record_call, side="manager", commit_minor=4_00, notes="Late", **over)
    clock.forward(hours=1)
    store.write(calls.record_call, side="manager", commit_minor=4_00, notes="Late", **about)
    said = [
        (c.side, c.author, c.commit_minor, c.best_minor, c.is_latest)
        for c in store.read(plans.calls)
    ]
    assert said == [
        ("manager", "Jonas", 4_00, None, True),
        ("rep", "Ona", 6_00, None, True),
        ("rep", "Ona", 5_00, 9_00, False),
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Say an amount"),
        ({"commit_minor": 5, "best_minor": 4}, "not below the commit"),
        ({"commit_minor": -5}, "not below 0"),
        ({"commit_minor": 5, "rep_id": None}, "name the rep"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    store: Store, ids: dict[str, str], given: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        store.write(calls.record_call, side="rep", **({"rep_id": ids["Ona"]} | QUARTER | given))


def test_a_quota_and_a_cost_are_edited_in_every_field(store: Store, ids: dict[str, str]) -> None:
    quota = store.write(quotas.set_quota, rep_id=ids["Ona"], amount_minor=5, **QUARTER).id
    store.write(quotas.edit_quota, quota_id=quota, rep_id=None, team_id=ids["North"],
                measure="count", amount_minor=None, deals=3, last_on=date(2026, 6, 30))  # fmt: skip
    (kept,) = store.read(plans.quotas)
    assert (kept.id, kept.whose, kept.measure, kept.deals) == (quota, "North", "count", 3)
    for wrong, said in (
        ({"rep_id": ids["Ona"]}, "not both"),
        ({"measure": "revenue"}, "an amount"),
        ({"last_on": date(2025, 1, 1)}, "before it begins"),
        ({"team_id": "nowhere"}, "no such team"),
    ):
        with pytest.raises(Refused, match=said):
            store.write(quotas.edit_quota, quota_id=quota, **wrong)
    cost = store.write(costs.set_cost, kind="tools", amount_minor=5, **QUARTER).id
    store.write(costs.edit_cost, cost_id=cost, kind="leads", rep_id=ids["Ona"], amount_minor=7)
    (paid,) = store.read(plans.costs)
    assert (paid.id, paid.kind, paid.whose, paid.amount_minor) == (cost, "leads", "Ona", 7)
    store.write(costs.set_cost, kind="tools", amount_minor=5, **QUARTER)
    with pytest.raises(Refused, match="another tools cost of everybody"):
        store.write(costs.edit_cost, cost_id=cost, kind="tools", rep_id=None)
    with pytest.raises(Refused, match="below 0"):
        store.write(costs.edit_cost, cost_id=cost, amount_minor=-1)
    for _ in range(3):
        store.write(undo.undo)
    assert [(c.kind, c.amount_minor) for c in store.read(plans.costs)] == []


def test_a_grant_that_is_edited_ends_the_one_before(store: Store, ids: dict[str, str]) -> None:
    plan = store.write(bonuses.create_plan, name="Field", currency="EUR").id
    first = store.write(bonuses.grant, plan_id=plan, rep_id=ids["Ona"], first_on=FIRST).id
    other = store.write(bonuses.grant, plan_id=plan, rep_id=ids["Jonas"], first_on=LAST).id
    store.write(bonuses.edit_grant, grant_id=other, rep_id=ids["Ona"])
    spans = {(g.rep, g.first_on, g.last_on) for g in store.read(plans.bonus_grants)}
    assert spans == {("Ona", FIRST, date(2026, 3, 30)), ("Ona", LAST, None)}
    store.write(bonuses.delete_grant, grant_id=first)
    assert [g.id for g in store.read(plans.bonus_grants)] == [other]
    with pytest.raises(Refused, match="no such bonus grant"):
        store.write(bonuses.delete_grant, grant_id=first)


def test_a_tier_that_is_edited_stays_one(store: Store, ids: dict[str, str]) -> None:
    plan = store.write(bonuses.create_plan, name="Field", currency="EUR").id
    tier = store.write(bonuses.set_tier, plan_id=plan, from_bp=8_000, rate_bp=100).id
    store.write(bonuses.edit_tier, tier_id=tier, from_bp=9_000, fixed_minor=5)
    with pytest.raises(Refused, match="pays something"):
        store.write(bonuses.edit_tier, tier_id=tier, fixed_minor=0, rate_bp=0)
    (kept,) = store.read(plans.bonus_plans)
    assert [(t.from_bp, t.fixed_minor, t.rate_bp) for t in kept.tiers] == [(9_000, 5, 100)]


def test_calls_are_read_as_they_stood_at_a_moment(
    store: Store, ids: dict[str, str], clock: Clock
) -> None:
    def said(until: int | None) -> list[int | None]:
        return [line.commit_minor for line in store.read(plans.calls, until=until)]

    about = {"side": "rep", "rep_id": ids["Ona"], **QUARTER}
    store.write(calls.record_call, commit_minor=1, **about)
    then = to_micros(clock())
    clock.forward(days=1)
    store.write(calls.record_call, commit_minor=2, **about)
    after = to_micros(clock())
    clock.forward(days=1)
    store.write(undo.undo)
    assert (said(then), said(after), said(None)) == ([1], [2, 1], [1])
