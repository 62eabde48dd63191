"""What the demo team plans by: there is some of everything, it is always the same, and it adds up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salestui.analytics.people.coaching import coaching
from salestui.analytics.people.team import team
from salestui.analytics.plan.bonus import bonus
from salestui.analytics.plan.capacity import capacity
from salestui.analytics.plan.cost import cost
from salestui.analytics.plan.quota import quota
from salestui.analytics.scope import ask
from salestui.demo import company
from salestui.demo.seed import seed_demo
from salestui.queries import plans
from salestui.store.store import Store
from salestui.text import parse_period
from tests.conftest import NOON

AS_OF = NOON.date()


@pytest.fixture(scope="module")
def demo(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One seeded store that the tests of this module only read."""
    import shutil

    from salestui.store.opening import open_store

    path = tmp_path_factory.mktemp("demo") / "demo.db"
    shutil.copy(sqlite_template, path)
    store = open_store(str(path), clock=lambda: NOON)
    store.write(seed_demo, as_of=AS_OF)
    yield store
    store.close()


def test_both_engines_hold_the_plans(store: Store) -> None:
    store.write(seed_demo, as_of=AS_OF)
    assert len(store.read(plans.bonus_grants)) == len(company.SELLERS)
    assert len(store.read(plans.calls)) == 3 * len(company.SELLERS) + 2
    assert {line.kind for line in store.read(plans.costs)} == {"salary", "leads", "tools"}


def test_the_same_day_makes_the_same_plans(demo: Store, sqlite_store: Store) -> None:
    sqlite_store.write(seed_demo, as_of=AS_OF)

    def told(store: Store) -> list[Any]:
        calls = [
            (c.whose, c.side, c.commit_minor, c.best_minor, c.said_at)
            for c in store.read(plans.calls)
        ]
        costs = [(c.whose, c.kind, c.first_on, c.amount_minor) for c in store.read(plans.costs)]
        return [sorted(calls, key=str), sorted(costs, key=str)]

    assert told(sqlite_store) == told(demo)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2024, 2, 29), date(2025, 6, 30)])
def test_on_any_day_there_are_calls_and_nothing_is_said_tomorrow(
    sqlite_store: Store, day: date
) -> None:
    sqlite_store.write(seed_demo, as_of=day)
    calls = sqlite_store.read(plans.calls)
    assert len(calls) > 20
    assert all(call.said_at.date() < day for call in calls)
    assert all(
        (call.best_minor or call.commit_minor or 0) >= (call.commit_minor or 0) for call in calls
    )


def test_quotas_add_up_from_teams_to_everybody(demo: Store) -> None:
    quarter = parse_period("this-quarter", AS_OF)
    listed = [q for q in demo.read(plans.quotas, quarter) if q.measure == "revenue"]
    teams = sum(q.amount_minor or 0 for q in listed if q.team_id)
    whole = sum(q.amount_minor or 0 for q in listed if not q.team_id and not q.rep_id)
    reps = sum(q.amount_minor or 0 for q in listed if q.rep_id)
    assert whole == teams < reps


def test_every_report_of_plans_has_something_to_say(demo: Store) -> None:
    for report, by, more in (
        (quota, "rep", {}), (quota, "team", {}), (quota, "everybody", {}), (bonus, None, {}),
        (capacity, None, {}), (cost, "stage", {}), (team, None, {}),
        (coaching, None, {"owner": company.LOSES_AT_PROPOSAL}),
    ):  # fmt: skip
        made = demo.read(lambda r, f=report, b=by, m=more: f(r, ask(r, **m), b))
        assert made.rows, made.name
        assert made.n > 0 and made.method


def test_coaching_finds_the_finding_that_was_put_in(demo: Store) -> None:
    def flagged(rep: str) -> set[Any]:
        page = demo.read(lambda r: coaching(r, ask(r, owner=rep), None))
        return {row[0] for row in page.rows if row[-1] == "gap"}

    assert flagged(company.LOSES_AT_PROPOSAL) == {f"Projects: {company.PROPOSAL} passed"}
