"""Teams and plans of an earlier day: changed later, as they were; entered later, where none was known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from salestui.analytics.past_people import entered_later, people_on
from salestui.analytics.people.team import team
from salestui.analytics.plan.bonus import bonus
from salestui.analytics.plan.cost import cost
from salestui.analytics.plan.quota import quota
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.winning import win_rate
from salestui.analytics.wish import Wish, scope_of
from salestui.models.vocabulary import CostKind, Measure
from salestui.queries.plans import bonus_grants, bonus_plans, quotas
from salestui.store.store import Store
from salestui.text import Period
from salestui.usecases.bonuses import create_plan, end_grant, grant, set_tier
from salestui.usecases.costs import set_cost
from salestui.usecases.people import edit_rep
from salestui.usecases.quotas import delete_quota, set_quota
from salestui.usecases.undo import undo
from tests.analytics.book import Book, Life, Move, make_book
from tests.conftest import Clock

Q1 = Period(date(2026, 1, 1), date(2026, 3, 31), "2026-Q1")
DAYS: dict[str, Any] = {"first_on": Q1.first, "last_on": Q1.last, "currency_code": "EUR"}


@pytest.fixture
def book(store: Store) -> Book:
    """Ona of North won 300 EUR, Zofia of South 100; today is 18 March."""
    made = make_book(store)
    for owner, amount in (("Ona", 300_00), ("Zofia", 100_00)):
        made.add(Life([Move(10), Move(20, "Offer", "won")], amount, owner=owner))
    return made


def run(store: Store, report: Any, by: str | None = None, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: report(reader, ask(reader, **scope), by))
    return made


def targets(store: Store, as_of: date) -> dict[Any, Any]:
    report = run(store, quota, by="rep", period=Q1, as_of=as_of)
    return dict(zip(report.cells("rep"), report.cells("quota"), strict=True))


def test_the_quotas_of_last_week_are_those_known_last_week(book: Book, clock: Clock) -> None:
    store, then = book.store, clock.now.date()
    ona = store.write(set_quota, rep_id=book["Ona"], amount_minor=900_00, **DAYS).id
    clock.forward(days=5)
    store.write(set_quota, rep_id=book["Ona"], amount_minor=500_00, **DAYS)
    store.write(set_quota, rep_id=book["Zofia"], amount_minor=200_00, **DAYS)
    today = clock.now.date()
    assert targets(store, today) == {"Ona": Money(500_00, "EUR"), "Zofia": Money(200_00, "EUR")}
    assert targets(store, then)["Ona"] == Money(900_00, "EUR")
    assert targets(store, then)["Zofia"] is None, "quotas were known then, and none of hers"

    clock.forward(days=1)
    store.write(delete_quota, quota_id=ona)
    assert targets(store, clock.now.date())["Ona"] is None
    assert targets(store, today)["Ona"] == Money(500_00, "EUR")
    assert targets(store, then)["Ona"] == Money(900_00, "EUR")
    store.write(undo)
    assert targets(store, today)["Ona"] == Money(500_00, "EUR")


def test_a_quota_given_anew_does_not_count_twice(book: Book, clock: Clock) -> None:
    store, then = book.store, clock.now.date()
    old = store.write(set_quota, rep_id=book["Ona"], amount_minor=900_00, **DAYS).id
    clock.forward(days=2)
    store.write(delete_quota, quota_id=old)
    store.write(set_quota, rep_id=book["Ona"], amount_minor=500_00, **DAYS)
    known = store.read(lambda reader: quotas(people_on(reader, then)))
    assert [(each.id, each.amount_minor) for each in known] == [(old, 900_00)]


def test_who_was_in_which_team_then(book: Book, clock: Clock) -> None:
    store, then = book.store, clock.now.date()
    clock.forward(days=3)
    store.write(edit_rep, rep_id=book["Ona"], team_id=book["South"])

    def won(as_of: date, **scope: Any) -> int:
        return int(run(store, win_rate, as_of=as_of, **scope).totals["won"])  # type: ignore[arg-type]

    today = clock.now.date()
    for asked in ({"team": "South"}, {"only": ("team=South",)}, {"only": ("office=Łódź",)}):
        assert (won(then, **asked), won(today, **asked)) == (1, 2), asked
    by_team = {row[0]: row[1] for row in run(store, win_rate, by="team", as_of=then).rows}
    assert set(by_team) == {"North", "South"}
    assert {row[0] for row in run(store, win_rate, by="team").rows} == {"South"}
    wish = Wish(whose=book["South"], as_of=then)
    assert store.read(lambda r: scope_of(r, wish)).owner_ids == (book["Zofia"],)
    assert len(store.read(lambda r: scope_of(r, Wish(whose=book["South"]))).owner_ids or ()) == 2


def test_bonuses_and_costs_are_those_of_then(book: Book, clock: Clock) -> None:
    store, then = book.store, clock.now.date()
    store.write(set_quota, rep_id=book["Ona"], amount_minor=100_00, **DAYS)
    plan = store.write(create_plan, name="Field", currency="EUR", measure=Measure.REVENUE).id
    store.write(set_tier, plan_id=plan, from_bp=10_000, fixed_minor=50_00)
    store.write(grant, plan_id=plan, rep_id=book["Ona"], first_on=date(2026, 1, 1))
    spent = {"kind": CostKind.OTHER.value, **DAYS}
    store.write(set_cost, amount_minor=70_00, **spent)
    clock.forward(days=1)
    store.write(set_tier, plan_id=plan, from_bp=10_000, fixed_minor=80_00)
    store.write(set_cost, amount_minor=90_00, **spent)
    store.write(end_grant, rep_id=book["Ona"], last_on=then)

    def earned(as_of: date) -> list[Any]:
        return list(run(store, bonus, period=Q1, as_of=as_of).cells("earned"))

    assert earned(then) == [Money(50_00, "EUR")]
    assert earned(then + timedelta(days=1)) == []
    # 77 of the quarter's 90 days are past on 18 March.
    report = run(store, cost, by="kind", period=Q1, as_of=then)
    costs = dict(zip(report.cells("kind"), report.cells("cost"), strict=True))
    assert costs == {"other": Money(59_89, "EUR"), "bonus": Money(50_00, "EUR")}
    ended = store.read(lambda r: [each.last_on for each in bonus_grants(people_on(r, then))])
    assert ended == [None]


def later(store: Store, day: date, *tables: str) -> tuple[str, ...]:
    return store.read(lambda reader: entered_later(reader, day, *tables))


def test_a_cost_entered_later_is_not_added_to_those_known_then(book: Book, clock: Clock) -> None:
    store, then = book.store, clock.now.date()
    salary = {"kind": CostKind.SALARY.value, "rep_id": book["Ona"]}
    store.write(set_cost, amount_minor=90_00, **salary, **DAYS)
    clock.forward(days=1)
    month = {"first_on": date(2026, 3, 1), "last_on": date(2026, 3, 31), "currency_code": "EUR"}
    store.write(set_cost, amount_minor=5_000_00, **salary, **month)
    report = run(store, cost, by="kind", period=Q1, as_of=then)
    # 77 of the quarter's 90 days are past on 18 March.
    assert report.cells("cost") == (Money(77_00, "EUR"),)
    assert later(store, then, "cost") == ()
    assert not any("entered after" in text for text in report.warnings)


def test_plans_of_a_store_that_began_later_count_and_it_says_so(book: Book, clock: Clock) -> None:
    store, then = book.store, clock.now.date()
    clock.forward(days=1)
    for rep in ("Ona", "Zofia"):
        store.write(set_quota, rep_id=book[rep], amount_minor=900_00, **DAYS)
    plan = store.write(create_plan, name="Field", currency="EUR").id
    store.write(set_tier, plan_id=plan, from_bp=1_000, fixed_minor=50_00)
    store.write(grant, plan_id=plan, rep_id=book["Ona"], first_on=date(2026, 1, 1))
    store.write(set_cost, kind=CostKind.OTHER.value, amount_minor=70_00, **DAYS)
    quotas_said = (
        "2 quotas were entered after that day and count all the same: none was known then."
    )
    paid_said = (
        "1 bonus plan was entered after that day and counts all the same: none was known then."
    )
    costs_said = "1 cost was entered after that day and counts all the same: none was known then."
    assert later(store, then, "quota", "bonus_plan", "cost") == (quotas_said, paid_said, costs_said)
    assert later(store, clock.now.date(), "quota", "bonus_plan", "cost") == ()
    paid = run(store, bonus, period=Q1, as_of=then)
    assert paid.cells("earned") == (Money(50_00, "EUR"),)
    assert {quotas_said, paid_said} <= set(paid.warnings)
    assert {quotas_said, paid_said, costs_said} <= set(run(store, cost, as_of=then).warnings)
    assert {quotas_said, paid_said, costs_said} <= set(run(store, team, as_of=then).warnings)


def test_no_tier_or_grant_is_added_to_a_plan_known_then(book: Book, clock: Clock) -> None:
    store, then = book.store, clock.now.date()
    plan = store.write(create_plan, name="Field", currency="EUR").id
    clock.forward(days=1)
    store.write(set_tier, plan_id=plan, from_bp=1_000, fixed_minor=50_00)
    store.write(grant, plan_id=plan, rep_id=book["Ona"], first_on=date(2026, 1, 1))
    (known,) = store.read(lambda r: bonus_plans(people_on(r, then)))
    assert known.tiers == () and known.granted == 0


def test_people_count_whenever_they_were_entered(book: Book, clock: Clock) -> None:
    """Deals that are imported with their days may be of reps who were entered with them."""
    store, yesterday = book.store, clock.now.date() - timedelta(days=1)
    assert later(store, yesterday, "rep") == (
        "3 reps were entered after that day and count all the same: imported deals may be theirs.",
    )
    assert run(store, team, as_of=yesterday).cells("rep") == ("Jonas", "Ona", "Zofia")


def test_today_is_read_from_the_store_itself(book: Book) -> None:
    assert book.store.read(lambda reader: people_on(reader, reader.today) is reader)
