"""Plan against actual and bonus on a store: sums, currencies, measures, days, and a forecast beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from salestui.analytics.outlook.forecasting import forecast
from salestui.analytics.plan.bonus import bonus
from salestui.analytics.plan.cost import cost
from salestui.analytics.plan.distribution import POINTS, Distribution, deals
from salestui.analytics.plan.paying import Usual, pay
from salestui.analytics.plan.quota import quota
from salestui.analytics.plan.standing import Standing
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.errors import Refused
from salestui.models.deals import DealLine
from salestui.models.vocabulary import Measure
from salestui.queries.plans import PlanLine, TierLine
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period, parse_period
from salestui.usecases.bonuses import create_plan, end_grant, grant, set_tier
from salestui.usecases.quotas import set_quota
from tests.analytics.book import Book, Life, Move, make_book
from tests.analytics.test_plans import Listening
from tests.conftest import Clock

Q1 = Period(date(2026, 1, 1), date(2026, 3, 31), "2026-Q1")
DAYS: dict[str, Any] = {"first_on": Q1.first, "last_on": Q1.last}
EUR = {"currency_code": "EUR", **DAYS}


def won(day: int, amount: int, **more: Any) -> Life:
    return Life([Move(day - 5), Move(day, "Offer", "won")], amount, **more)


@pytest.fixture
def book(store: Store) -> Book:
    """Ona won 300 + 500 EUR and 70 PLN, Jonas 100 EUR, Zofia nothing; today is 18 March."""
    made = make_book(store)
    made.add(
        won(10, 300_00), won(70, 500_00), won(20, 70_00, currency="PLN"),
        won(30, 100_00, owner="Jonas"), won(5, 40_00, owner=None),
        Life([Move(3), Move(8, "Demo", "lost", "Price")], 999_00),
        Life([Move(60)], 250_00, owner="Zofia"),
    )  # fmt: skip
    return made


def run(store: Store, report: Any, by: str | None = None, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: report(reader, ask(reader, **scope), by))
    return made


def rows(report: Report, *keys: str) -> list[tuple[Any, ...]]:
    return list(zip(*(report.cells(key) for key in keys), strict=True))


def test_a_rep_against_a_quota(book: Book) -> None:
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=1_000_00, **EUR)
    book.store.write(set_quota, rep_id=book["Jonas"], amount_minor=400_00, **EUR)
    report = run(book.store, quota, period=Q1)
    assert rows(report, "rep", "currency", "quota", "won", "gap") == [
        ("Jonas", "EUR", Money(400_00, "EUR"), Money(100_00, "EUR"), Money(300_00, "EUR")),
        ("Ona", "EUR", Money(1_000_00, "EUR"), Money(800_00, "EUR"), Money(200_00, "EUR")),
        ("Ona", "PLN", None, Money(70_00, "PLN"), None),
        ("nobody", "EUR", None, Money(40_00, "EUR"), None),
    ]  # fmt: skip
    # 55 of 64 working days are past on 18 March.
    assert report.cells("due")[0] == Money(round(400_00 * 55 / 64), "EUR")
    assert report.cells("attained")[:2] == (0.25, 0.8)
    assert report.cells("pace")[1] == pytest.approx(0.8 * 64 / 55)
    # Of what was won in euros by those two: neither zlotys nor what nobody owns.
    told = report.totals
    assert (told["quota"], told["won"], told["gap"]) == (
        Money(1_400_00, "EUR"), Money(900_00, "EUR"), Money(500_00, "EUR"),
    )  # fmt: skip
    assert told["attained"] == pytest.approx(900 / 1400) and told["currency"] == "EUR"
    assert any("2 of 2 reps have a quota" in text for text in report.warnings)
    assert report.n == 5
    assert report.period.label == "2026-Q1"


def test_teams_and_everybody_are_the_sum_of_their_reps_unless_set(book: Book) -> None:
    store = book.store
    store.write(set_quota, rep_id=book["Ona"], amount_minor=1_000_00, **EUR)
    store.write(set_quota, rep_id=book["Jonas"], amount_minor=400_00, **EUR)
    store.write(set_quota, team_id=book["South"], amount_minor=200_00, **EUR)
    report = run(store, quota, "team", period=Q1)
    assert rows(report, "team", "basis", "quota", "won")[:2] == [
        ("North", "its reps", Money(1_400_00, "EUR"), Money(900_00, "EUR")),
        ("North", "", None, Money(70_00, "PLN")),
    ]
    assert rows(report, "team", "basis", "quota", "won")[2] == (
        "South", "set", Money(200_00, "EUR"), Money(0, "EUR"),
    )  # fmt: skip
    assert "PLN counts towards no quota" in " ".join(report.warnings)
    whole = run(store, quota, "everybody", period=Q1)
    assert rows(whole, "everybody", "basis", "quota", "won")[:2] == [
        ("everybody", "2 of 3 reps", Money(1_400_00, "EUR"), Money(900_00, "EUR")),
        ("everybody, the others", "", None, Money(40_00, "EUR")),
    ]
    assert "everybody: 2 of 3 reps have a quota" in " ".join(whole.warnings)
    store.write(set_quota, amount_minor=2_000_00, **EUR)
    whole = run(store, quota, "everybody", period=Q1)
    assert whole.cells("quota")[0] == Money(2_000_00, "EUR")
    one = run(store, quota, "everybody", period=Q1, owner="Jonas")
    assert rows(one, "everybody", "quota", "won") == [
        ("Jonas", Money(400_00, "EUR"), Money(100_00, "EUR"))
    ]


def test_the_wins_of_all_are_never_held_against_the_quota_of_some(book: Book) -> None:
    store = book.store
    store.write(set_quota, rep_id=book["Jonas"], amount_minor=400_00, **EUR)
    report = run(store, quota, "team", period=Q1)
    assert rows(report, "team", "basis", "quota", "won", "attained") == [
        ("North", "1 of 2 reps", Money(400_00, "EUR"), Money(100_00, "EUR"), 0.25),
        ("North, the others", "", None, Money(800_00, "EUR"), None),
        ("North", "", None, Money(70_00, "PLN"), None),
    ]
    assert "North: 1 of 2 reps has a quota" in " ".join(report.warnings)
    by_rep = run(store, quota, period=Q1)
    assert (by_rep.totals["won"], by_rep.totals["attained"]) == (Money(100_00, "EUR"), 0.25)


def test_of_too_little_history_nothing_is_projected(book: Book) -> None:
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=1_000_00, **EUR)
    report = run(book.store, quota, period=Q1)
    for key in ("projected", "projected_attainment", "p_attain"):
        assert set(report.cells(key)) == {None}, key
    assert "Too little history to forecast from: 4 wins in " in " ".join(report.warnings)


def test_the_last_row_has_the_companys_own_quota(book: Book) -> None:
    store = book.store
    book.add(*(Life([Move(-60), Move(-50 - day, "Offer", "won")], 100_00) for day in range(4)))
    store.write(set_quota, rep_id=book["Jonas"], amount_minor=400_00, **EUR)
    store.write(set_quota, team_id=book["North"], amount_minor=1_200_00, **EUR)
    store.write(set_quota, team_id=book["South"], amount_minor=300_00, **EUR)
    store.write(set_quota, amount_minor=2_000_00, **EUR)
    for by in ("rep", "team"):
        told = run(store, quota, by, period=Q1).totals
        # What nobody owns was won by the company, too.
        assert (told["quota"], told["won"]) == (Money(2_000_00, "EUR"), Money(940_00, "EUR"))
        assert (told["attained"], told["gap"]) == (0.47, Money(1_060_00, "EUR"))
        assert isinstance(told["projected"], Money) and told["projected"].minor >= 940_00
        assert told["projected_attainment"] == pytest.approx(
            told["projected"].minor / 2_000_00, abs=1e-5
        )
    north = run(store, quota, period=Q1, team="North").totals
    assert (north["quota"], north["attained"]) == (Money(1_200_00, "EUR"), 0.75)


def test_a_sum_says_of_how_many_reps_it_is_and_only_where_some_have_none(book: Book) -> None:
    store = book.store

    def said(by: str) -> tuple[object, list[str]]:
        made = run(store, quota, by, period=Q1)
        return made.totals.get("basis"), [text for text in made.warnings if "a quota; held" in text]

    for name in ("Ona", "Zofia"):
        store.write(set_quota, rep_id=book[name], amount_minor=400_00, **EUR)
    assert said("team") == (
        "2 of 3 reps",
        [
            "North: 1 of 2 reps has a quota; held against the wins of those alone.",
            "All: 2 of 3 reps have a quota; held against the wins of those alone.",
        ],
    )
    store.write(set_quota, rep_id=book["Jonas"], amount_minor=400_00, **EUR)
    assert said("team") == ("its reps", [])


def test_the_part_of_a_longer_quota_is_said_of_the_whole_too(book: Book) -> None:
    book.store.write(set_quota, amount_minor=2_000_00, **EUR)
    made = run(book.store, quota, period=parse_period("2026-01", date(2026, 3, 18)))
    assert made.totals["basis"] == "in part"
    assert any(
        text.startswith("All: the quotas that are set do not cover") for text in made.warnings
    )


def test_who_contributed_how_much_of_what_was_won(book: Book) -> None:
    made = run(book.store, quota, period=Q1)
    assert rows(made, "rep", "currency", "share") == [
        ("Jonas", "EUR", pytest.approx(100 / 940)), ("Ona", "EUR", pytest.approx(800 / 940)),
        ("Ona", "PLN", 1.0), ("nobody", "EUR", pytest.approx(40 / 940)),
    ]  # fmt: skip
    teams = run(book.store, quota, "team", period=Q1)
    assert rows(teams, "team", "currency", "share")[:2] == [
        ("North", "EUR", pytest.approx(900 / 940)), ("North", "PLN", 1.0),
    ]  # fmt: skip


def test_of_a_period_that_is_over_nothing_is_said_of_a_pattern_of_months(book: Book) -> None:
    """Nothing is forecast then, nor from four wins, so nobody has asked the wins."""
    book.store.write(set_quota, amount_minor=2_000_00, **EUR)
    assert "by working days. Pace" in run(book.store, quota, period=Q1).method
    book.add(won(12, 10_00))
    assert "no pattern of months" in run(book.store, quota, period=Q1).method
    over = run(book.store, quota, period=parse_period("2026-01", date(2026, 3, 18)))
    assert "by working days. Pace" in over.method


def add_cost(unit: Any, book: Book) -> None:
    """Leave 300 of the 500 EUR won."""
    deal = next(row[0] for row in unit.session.connection().exec_driver_sql(
        "SELECT id FROM deal WHERE amount_minor = 50000"))  # fmt: skip
    unit.add(
        DealLine(deal_id=deal, product_id=book["Pump"], quantity_milli=2_000,
                 unit_price_minor=250_00, cost_minor=100_00, currency="EUR")
    )  # fmt: skip


def test_a_quota_that_was_entered_later_is_said_to_be(book: Book, clock: Clock) -> None:
    before = book.store.today()
    clock.forward(days=1)
    book.store.write(set_quota, amount_minor=2_000_00, **EUR)
    later = "1 quota was entered after that day and counts all the same: none was known then."
    assert later in run(book.store, quota, period=Q1, as_of=before).warnings
    assert later not in run(book.store, quota, period=Q1).warnings
    other = parse_period("2025-Q1", before)
    assert later not in run(book.store, quota, period=other, as_of=before).warnings


def test_a_quota_of_another_currency_replaces_none(book: Book) -> None:
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=1_000_00, **EUR)
    with pytest.raises(Refused, match="Ona has a quota in EUR for these days"):
        book.store.write(
            set_quota, rep_id=book["Ona"], amount_minor=5_00, **{**EUR, "currency_code": "PLN"}
        )
    assert run(book.store, quota, period=Q1, owner="Ona").cells("quota")[0] == Money(
        1_000_00, "EUR"
    )


def test_a_longer_quota_goes_before_one_that_leaves_days_out(book: Book) -> None:
    """January and February of a quarter's 900 EUR, not February's 50 EUR against both."""
    february = {"first_on": date(2026, 2, 1), "last_on": date(2026, 2, 28)}
    ona = {"rep_id": book["Ona"], "currency_code": "EUR"}
    book.store.write(set_quota, amount_minor=900_00, **{**EUR, "rep_id": book["Ona"]})
    book.store.write(set_quota, amount_minor=50_00, **ona, **february)
    period = parse_period("2026-01-01..2026-02-28", date(2026, 3, 18))
    found = run(book.store, quota, period=period, owner="Ona").cells("quota")[0]
    # 42 of the quarter's 64 working days.
    assert found == Money(round(900_00 * 42 / 64), "EUR")


@pytest.fixture
def past(sqlite_store: Store) -> Book:
    """Ona sells all along in euros; Jonas did so until last October; Zofia sells in zlotys alone."""
    made = make_book(sqlite_store)
    made.add(
        *(won(day, 100_00 + day % 7) for day in range(-200, 70, 3)),
        *(won(day, 100_00, owner="Jonas") for day in range(-200, -90, 5)),
        *(won(day, 50_00, owner="Zofia", currency="PLN") for day in (40, 50)),
        *(Life([Move(60)], 200_00) for _ in range(3)),
    )
    return made


def test_who_had_no_deal_lately_has_no_forecast_rather_than_none_to_come(past: Book) -> None:
    april = parse_period("2026-Q2", date(2026, 3, 18))
    days = {"first_on": april.first, "last_on": april.last, "currency_code": "EUR"}
    for rep in ("Ona", "Jonas"):
        past.store.write(set_quota, rep_id=past[rep], amount_minor=1_000_00, **days)
    days["currency_code"] = "USD"
    past.store.write(set_quota, rep_id=past["Zofia"], amount_minor=1_000_00, **days)
    report = run(past.store, quota, period=april)
    found = dict(rows(report, "rep", "p_attain"))
    assert found["Jonas"] is found["Zofia"] is None and 0 < found["Ona"] < 1
    said = " ".join(report.warnings)
    assert "No forecast for Jonas, of whom no deal in EUR was open in the last 91 days" in said
    assert "No forecast for Zofia: no deal in USD is known" in said


def test_nothing_is_said_of_currencies_that_nobody_asked_about(past: Book) -> None:
    """Zofia's zlotys are neither Ona's wins nor behind her forecast; in a count of deals they are."""
    store = past.store
    store.write(set_quota, rep_id=past["Ona"], amount_minor=5_000_00, **EUR)
    ona = run(store, quota, period=Q1, owner="Ona")
    assert "PLN" not in " ".join(ona.warnings)
    everybody = " ".join(run(store, quota, period=Q1).warnings)
    assert "What was won in PLN counts towards no quota" in everybody
    store.write(set_quota, rep_id=past["Zofia"], measure="count", deals=9, **EUR)
    everybody = " ".join(run(store, quota, period=Q1).warnings)
    assert "towards no quota" not in everybody


def test_a_team_is_forecast_as_its_reps_together(past: Book) -> None:
    """By the forecast's own split it was another figure than in the quotas of the same period."""
    past.store.write(set_quota, team_id=past["North"], amount_minor=5_000_00, **EUR)
    made = run(past.store, quota, "team", period=Q1)
    projected = rows(made, "team", "currency", "projected", "low", "high")
    split = rows(
        run(past.store, forecast, "team", period=Q1), "team", "currency", "forecast", "low", "high"
    )
    assert next(row for row in split if row[:2] == ("North", "EUR")) in projected


def test_by_count_and_by_margin(book: Book) -> None:
    store = book.store
    store.write(set_quota, rep_id=book["Ona"], measure="count", deals=6, **EUR)
    store.write(set_quota, rep_id=book["Ona"], measure="margin", amount_minor=500_00, **EUR)

    store.write(add_cost, book)
    report = run(store, quota, period=Q1, owner="Ona")
    assert rows(report, "measure", "quota", "won", "quota_deals", "won_deals", "attained") == [
        ("count", None, None, 6, 3, 0.5),
        ("margin", Money(500_00, "EUR"), Money(300_00, "EUR"), None, None, 0.6),
        ("revenue", None, Money(800_00, "EUR"), None, None, None),
        ("revenue", None, Money(70_00, "PLN"), None, None, None),
    ]
    assert report.cells("deals")[1] == 1
    assert any("a margin is not forecast" in text for text in report.warnings)


def test_as_of_an_earlier_day_only_what_was_won_then_counts(book: Book) -> None:
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=1_000_00, **EUR)
    then = run(book.store, quota, period=Q1, as_of=date(2026, 1, 31), owner="Ona")
    assert then.cells("won") == (Money(300_00, "EUR"), Money(70_00, "PLN"))
    before = run(book.store, quota, period=Q1, as_of=date(2025, 12, 1), owner="Ona")
    assert before.cells("won") == (Money(0, "EUR"),)
    assert before.cells("due") == (Money(0, "EUR"),) and before.cells("pace") == (None,)
    assert any("has not begun" in text for text in before.warnings)


def test_a_period_that_is_over_has_no_forecast_but_the_truth(book: Book) -> None:
    january = Period(date(2026, 1, 1), date(2026, 1, 31), "2026-01")
    days = {"first_on": january.first, "last_on": january.last}
    book.store.write(
        set_quota, rep_id=book["Ona"], amount_minor=300_00, currency_code="EUR", **days
    )
    report = run(book.store, quota, period=january, owner="Ona")
    assert rows(report, "projected", "attained", "p_attain", "pace")[0] == (
        Money(300_00, "EUR"), 1, 1, 1,
    )  # fmt: skip


def test_without_any_quota_it_says_how_to_set_one(book: Book) -> None:
    report = run(book.store, quota)
    assert report.period.label == "2026-Q1", "this quarter, where no period is set"
    assert "quota set" in report.warnings[0]
    with pytest.raises(Refused, match="by rep, team, everybody"):
        run(book.store, quota, "product")


def test_without_any_quota_nothing_is_due_nor_missing(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(won(10, 300_00), won(20, 100_00, owner="Jonas"))
    totals = run(sqlite_store, quota, period=Q1).totals
    assert totals["won"] == Money(400_00, "EUR")
    assert {totals.get(key) for key in ("quota", "due", "gap", "attained", "pace")} == {None}


TIERS = ((8_000, 0, 100, 0), (10_000, 50_00, 200, 0))


def plan_of(store: Store, book: Book, *reps: str, span: str = "quarter") -> None:
    plan = store.write(create_plan, name="Field", currency="EUR", span=span).id
    for from_bp, fixed, rate, per_deal in TIERS:
        store.write(set_tier, plan_id=plan, from_bp=from_bp, fixed_minor=fixed, rate_bp=rate,
                    per_deal_minor=per_deal)  # fmt: skip
    for rep in reps:
        store.write(grant, plan_id=plan, rep_id=book[rep], first_on=date(2026, 2, 1))


def test_a_bonus_is_earned_step_by_step(book: Book) -> None:
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=900_00, **EUR)
    plan_of(book.store, book, "Ona", "Jonas")
    report = run(book.store, bonus)
    ona = dict(zip((c.key for c in report.columns), report.rows[1], strict=True))
    # 800 of 900 are 80 more than the first tier's 720; 100 are missing to the next.
    assert (ona["rep"], ona["earned"], ona["missing"]) == (
        "Ona", Money(80, "EUR"), Money(100_00, "EUR"),
    )  # fmt: skip
    assert ona["next_tier"] == 1
    # The mean of the year's 800 + 100 + 40 in four deals.
    assert ona["missing_deals"] == round(100 / (940 / 4), 1)
    assert report.rows[0][0] == "Jonas" and set(report.rows[0][1:]) == {None}
    assert "Jonas has no quota by which Field could pay for 2026-Q1." in report.warnings
    assert run(book.store, bonus, owner="Zofia").rows == ()
    none = run(book.store, bonus, period=Period(date(2025, 1, 1), date(2025, 12, 31), "2025"))
    assert none.rows == (), "granted from February on"


def test_a_bonus_by_a_quota_of_other_days_says_so(book: Book) -> None:
    days = {"first_on": date(2026, 1, 1), "last_on": date(2026, 1, 31), "currency_code": "EUR"}
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=100_00, **days)
    plan_of(book.store, book, "Ona")
    report = run(book.store, bonus, period=Q1)
    assert report.cells("attained") == (8.0,), "January's quota, the wins of the quarter"
    assert report.warnings[0].startswith(
        "Ona: the quotas that are set do not cover exactly these days"
    )


def test_whose_plan_ended_within_the_period_is_said(book: Book) -> None:
    for rep in ("Ona", "Jonas"):
        book.store.write(set_quota, rep_id=book[rep], amount_minor=900_00, **EUR)
    plan_of(book.store, book, "Ona", "Jonas")
    book.store.write(end_grant, rep_id=book["Jonas"], last_on=date(2026, 3, 10))
    report = run(book.store, bonus, period=Q1)
    told = (
        "Jonas is paid by no plan for 2026-02 and 2026-03: "
        "Field ended on 2026-03-10 and pays nothing for 2026-Q1."
    )
    assert report.cells("rep") == ("Ona",) and report.warnings[0] == told
    assert told not in run(book.store, bonus, period=Q1, owner="Ona").warnings
    other = book.store.write(create_plan, name="Other", currency="EUR").id
    book.store.write(grant, plan_id=other, rep_id=book["Jonas"], first_on=date(2026, 3, 11))
    assert told not in run(book.store, bonus, period=Q1).warnings, "another one pays for all of it"


def test_months_before_a_plan_of_shorter_spans_are_said_to_be_unpaid(book: Book) -> None:
    book.store.write(set_quota, rep_id=book["Jonas"], amount_minor=900_00, **EUR)
    plan_of(book.store, book, "Jonas")
    monthly = book.store.write(create_plan, name="Monthly", currency="EUR", span="month").id
    book.store.write(grant, plan_id=monthly, rep_id=book["Jonas"], first_on=date(2026, 3, 10))
    report = run(book.store, bonus, period=Q1)
    assert (report.cells("rep"), report.period.label) == (("Jonas",), "2026-03")
    assert (
        "Jonas is paid by no plan for 2026-02: Field ended on 2026-03-09 and pays nothing for 2026-Q1."
    ) in report.warnings


def test_bonuses_in_several_currencies_say_which_row_by_row(book: Book) -> None:
    plan_of(book.store, book, "Ona")
    for rep, currency in (("Ona", "EUR"), ("Jonas", "JPY")):
        book.store.write(
            set_quota, rep_id=book[rep], amount_minor=900_00, **EUR | {"currency_code": currency}
        )
    assert "currency" not in [column.key for column in run(book.store, bonus).columns]
    yen = book.store.write(create_plan, name="Yen", currency="JPY").id
    book.store.write(set_tier, plan_id=yen, from_bp=0, fixed_minor=5)
    book.store.write(grant, plan_id=yen, rep_id=book["Jonas"], first_on=date(2026, 2, 1))
    report = run(book.store, bonus)
    assert rows(report, "rep", "currency", "earned") == [
        ("Jonas", "JPY", Money(5, "JPY")), ("Ona", "EUR", Money(80, "EUR")),
    ]  # fmt: skip


def test_deals_of_a_currency_that_cannot_be_forecast_are_said_to_be_in_no_count(book: Book) -> None:
    book.add(*(won(day, 10_00) for day in range(10, 60, 5)))
    for rep in ("Ona", "Zofia"):
        book.store.write(set_quota, rep_id=book[rep], deals=9, measure=Measure.COUNT, **EUR)
    whole_deals(book.store, book, Measure.COUNT)
    told = "Deals to come in PLN are in no count: too little history."
    assert told in run(book.store, quota, period=Q1).warnings
    assert told in run(book.store, bonus).warnings
    only_euros = run(book.store, quota, period=parse_period("2026-01", date(2026, 3, 18)))
    assert told not in only_euros.warnings, "nothing of January is to come"


def test_months_that_two_plans_pay_for_are_said(book: Book) -> None:
    book.store.write(set_quota, rep_id=book["Jonas"], amount_minor=900_00, **EUR)
    plan_of(book.store, book, "Jonas", span="month")
    longer = book.store.write(create_plan, name="Longer", currency="EUR", span="quarter").id
    book.store.write(grant, plan_id=longer, rep_id=book["Jonas"], first_on=date(2026, 3, 10))
    told = "Jonas is paid more than once for 2026-02: by Field and Longer."
    assert told in run(book.store, bonus, period=Q1).warnings
    assert told in run(book.store, cost, period=Q1).warnings
    march = Period(date(2026, 3, 1), date(2026, 3, 31), "2026-03")
    assert told in run(book.store, bonus, period=march).warnings, "the quarter's row has it"
    assert told not in run(book.store, cost, period=march).warnings, "no quarter lies in a month"


def test_the_months_without_a_quota_are_named(book: Book) -> None:
    march = {"first_on": date(2026, 3, 1), "last_on": date(2026, 3, 31), "currency_code": "EUR"}
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=900_00, **march)
    plan_of(book.store, book, "Ona", span="month")

    def told(last: date) -> str:
        report = run(book.store, bonus, period=Period(date(2026, 2, 1), last, "these months"))
        return next(text for text in report.warnings if "no quota" in text)

    assert told(date(2026, 3, 31)) == "Ona has no quota by which Field could pay for 2026-02."
    assert told(date(2026, 7, 31)) == (
        "Ona has no quota by which Field could pay for 2026-02, 2026-04, 2026-05 and 2 more."
    )


def test_of_a_quarter_to_come_nothing_has_been_earned(book: Book) -> None:
    """Though a plan that pays from nothing on will pay for it."""
    store = book.store
    year = {"first_on": date(2026, 1, 1), "last_on": date(2026, 12, 31), "currency_code": "EUR"}
    store.write(set_quota, rep_id=book["Ona"], amount_minor=900_00, **year)
    plan = store.write(create_plan, name="Base", currency="EUR").id
    store.write(set_tier, plan_id=plan, from_bp=0, fixed_minor=50_00)
    store.write(grant, plan_id=plan, rep_id=book["Ona"], first_on=date(2026, 1, 1))
    half = Period(date(2026, 1, 1), date(2026, 6, 30), "half a year")
    report = run(store, bonus, period=half)
    assert report.cells("earned") == (Money(50_00, "EUR"), Money(0, "EUR"))
    assert run(store, cost, "kind", period=half).totals["cost"] == report.totals["earned"]


def test_a_deal_that_two_plans_pay_for_is_one_deal(book: Book) -> None:
    """Jonas won one of his before he was paid by the month, and Ona's złoty deal counts for nothing."""
    book.add(won(40, 10_00, owner="Jonas"))
    store = book.store
    for rep in ("Ona", "Jonas"):
        store.write(set_quota, rep_id=book[rep], amount_minor=900_00, **EUR)
    plan_of(store, book, "Ona", "Jonas", span="month")
    assert run(store, bonus, period=Q1).n == 2, "since February, of Ona one and of Jonas one"
    longer = store.write(create_plan, name="Longer", currency="EUR", span="quarter").id
    store.write(grant, plan_id=longer, rep_id=book["Jonas"], first_on=date(2026, 3, 10))
    report = run(store, bonus, period=Q1)
    assert rows(report, "rep", "plan", "period", "won") == [
        ("Jonas", "Field", "2026-02", Money(10_00, "EUR")),
        ("Jonas", "Longer", "2026-Q1", Money(110_00, "EUR")),
        ("Ona", "Field", "2026-02", Money(0, "EUR")),
        ("Ona", "Field", "2026-03", Money(500_00, "EUR")),
    ]
    assert report.n == 3


def test_what_was_won_in_another_currency_than_the_plans_is_said_to_count_for_nothing(
    book: Book,
) -> None:
    """Ona won 70 PLN besides; a plan that counts deals counts that one too."""
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=900_00, **EUR)
    book.store.write(set_quota, rep_id=book["Jonas"], amount_minor=900_00, **EUR)
    plan_of(book.store, book, "Ona", "Jonas")
    told = "What Ona won in PLN counts for no bonus: no currency is converted."
    assert told in run(book.store, bonus).warnings
    assert told not in run(book.store, bonus, owner="Jonas").warnings
    book.store.write(set_quota, rep_id=book["Ona"], deals=5, measure=Measure.COUNT, **EUR)
    whole_deals(book.store, book, Measure.COUNT)
    assert told not in run(book.store, bonus).warnings


def test_a_monthly_plan_pays_each_month_of_the_period(book: Book) -> None:
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=900_00, **EUR)
    plan_of(book.store, book, "Ona", span="month")
    report = run(book.store, bonus, period=Q1)
    assert rows(report, "rep", "period") == [("Ona", "2026-02"), ("Ona", "2026-03")]

    def histories_read(reader: Reader) -> int:
        ear = Listening(reader.connection, reader.dialect, reader.now, reader.today, None)
        bonus(ear, ask(reader, period=Q1))
        return sum("ORDER BY deal_id, seq" in sql for sql, _ in ear.asked)

    assert book.store.read(histories_read) == 1, "one for all months"


def test_a_period_that_is_not_the_plans_is_said_to_be_widened(book: Book) -> None:
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=900_00, **EUR)
    plan_of(book.store, book, "Ona")

    def told(first: date | None, last: date | None) -> list[str]:
        report = run(book.store, bonus, period=Period(first, last, "these days"))
        assert report.period.label == "2026-Q1"
        return [text for text in report.warnings if "is shown" in text]

    words = "A bonus is paid by the quarter: 2026-Q1 is shown instead of these days."
    assert told(date(2026, 2, 5), date(2026, 2, 20)) == [words]
    assert told(None, date(2026, 2, 20)) == told(date(2026, 2, 5), None) == [words]
    assert told(Q1.first, Q1.last) == []
    assert run(book.store, bonus).warnings == run(book.store, bonus, period=Q1).warnings
    long = Period(Q1.first, date(2030, 12, 31), "2026..2030")
    assert run(book.store, bonus, period=long).warnings[0] == (
        "A bonus is paid by the quarter: 2026-Q1 to 2028-Q4 is shown instead of 2026..2030."
    )


def test_likely_is_not_what_the_mean_would_pay() -> None:
    tiers = tuple(TierLine(str(bp), "p", bp, fixed, rate, each) for bp, fixed, rate, each in TIERS)
    plan = PlanLine("p", 1, "Field", "revenue", "quarter", "EUR", tiers, 1)
    outlook = Distribution(500_00, 450_00, 250_00, 810_00)
    standing = Standing("r", "Ona", "revenue", "EUR", 1_000_00, "set", 500_00, 3, None, outlook)
    paid = pay(plan, standing, Usual(100_00, 1 / 100_00), ())
    assert paid.earned == 0 and paid.low == 0
    assert paid.likely is not None and paid.high is not None
    mean = pay(
        plan,
        Standing("r", "Ona", "revenue", "EUR", 1_000_00, "set", 950_00, 3, None, None),
        None,
        (),
    )
    assert mean.earned == 150 and mean.likely is None
    assert paid.likely > 10 * mean.earned
    assert paid.high > paid.likely
    assert (paid.missing, paid.missing_deals) == (300_00, 3)
    # Of the next tier, at 800, and not of the quota.
    assert paid.p_next == outlook.chance(800_00) > outlook.chance(1_000_00)


def test_deals_without_an_amount_are_paid_for_too() -> None:
    """Of four deals one has an amount, 200: for 400 to come eight are, and two of 200 are missing."""
    tiers = (TierLine("0", "p", 0, 0, 0, 50_00), TierLine("1", "p", 10_000, 1_00, 0, 0))
    plan = PlanLine("p", 1, "Field", "revenue", "quarter", "EUR", tiers, 1)
    sure = Distribution(0, 400_00, 400_00, 400_00)
    standing = Standing("r", "Ona", "revenue", "EUR", 500_00, "set", 0, 0, None, sure)
    paid = pay(plan, standing, Usual(200_00, 4 / 200_00), ())
    assert paid.likely == pytest.approx(8 * 50_00)
    assert paid.missing_deals == 2.5


def test_what_whole_deals_would_be_paid_is_paid_by_whole_deals() -> None:
    """Tiers that begin within a deal: the deal that reaches one is paid by the one below."""
    tiers = tuple(TierLine(str(bp), "p", bp, 0, 0, each) for bp, each in ((0, 10), (8_000, 100)))
    plan = PlanLine("p", 1, "Field", "count", "quarter", "EUR", tiers, 1)
    outlook = replace(deals(6, 6), won=3)
    standing = Standing("r", "Ona", "count", "", 12, "set", 3, 3, None, outlook)
    paid = pay(plan, standing, None, [1, 1, 1])

    # 80 % of 12 are 9.6: the first ten are paid 10 each, all after them 100.
    def due(count: int) -> int:
        return 10 * min(count, 10) + 100 * max(count - 10, 0)

    assert paid.earned == due(3)
    assert (paid.low, paid.high) == tuple(due(int(each)) for each in outlook.range)
    assert paid.likely == pytest.approx(sum(map(due, map(int, outlook.points()))) / POINTS)


def whole_deals(store: Store, book: Book, measure: Measure = Measure.REVENUE) -> Any:
    plan = store.write(create_plan, name="A deal", currency="EUR", measure=measure).id
    store.write(set_tier, plan_id=plan, from_bp=5_000, per_deal_minor=1_00)
    store.write(set_tier, plan_id=plan, from_bp=10_000, per_deal_minor=10_00)
    store.write(grant, plan_id=plan, rep_id=book["Ona"], first_on=date(2026, 1, 1))
    return plan


def test_so_much_a_deal_is_earned_for_whole_deals(book: Book) -> None:
    """Ona won 300 on day 10, a złoty deal, 500 on day 70; then 20 on the day after, and 30 on the same."""
    store = book.store
    store.write(set_quota, rep_id=book["Ona"], amount_minor=600_00, **EUR)
    whole_deals(store, book)
    # 300 reach the tier at 300, by themselves unpaid; 500 reach that at 600, paid by the one below.
    assert run(store, bonus).cells("earned") == (Money(1_00, "EUR"),)
    book.add(won(71, 20_00), won(71, 30_00))
    report = run(store, bonus)
    assert report.cells("earned") == (Money(21_00, "EUR"),)
    assert report.cells("p_next") == (None,), "there is no higher tier"
    assert run(store, bonus, as_of=date(2026, 3, 13)).cells("earned") == (Money(21_00, "EUR"),)
    assert run(store, bonus, as_of=date(2026, 3, 12)).cells("earned") == (Money(1_00, "EUR"),)
    over = run(store, bonus, period=Q1, as_of=date(2026, 3, 18))
    assert over.cells("low")[0] is None or over.cells("low")[0].minor >= 21_00


def test_deals_are_counted_whole_where_a_tier_begins_within_one(book: Book) -> None:
    store = book.store
    store.write(set_quota, rep_id=book["Ona"], deals=5, measure=Measure.COUNT, **EUR)
    whole_deals(store, book, Measure.COUNT)
    # 50 % of 5 is reached by the third deal: only the fourth and the fifth are paid by it.
    assert run(store, bonus).cells("earned") == (Money(0, "EUR"),)
    book.add(won(71, 20_00), won(72, 30_00), won(73, 30_00))
    assert run(store, bonus).cells("earned") == (Money(12_00, "EUR"),)


def test_a_plan_by_count_shows_deals_where_others_show_amounts(book: Book) -> None:
    store = book.store
    store.write(set_quota, rep_id=book["Ona"], deals=5, measure=Measure.COUNT, **EUR)
    whole_deals(store, book, Measure.COUNT)
    alone = run(store, bonus)
    assert rows(alone, "quota_deals", "won_deals", "attained") == [(5, 3, 0.6)]
    assert not {"quota", "won", "missing"} & {column.key for column in alone.columns}
    store.write(set_quota, rep_id=book["Jonas"], amount_minor=200_00, **EUR)
    plan_of(store, book, "Jonas")
    assert rows(run(store, bonus), "rep", "quota", "won", "quota_deals", "won_deals") == [
        ("Jonas", Money(200_00, "EUR"), Money(100_00, "EUR"), None, None),
        ("Ona", None, None, 5, 3),
    ]
    amounts = run(store, bonus, owner="Jonas")
    assert not {"quota_deals", "won_deals"} & {column.key for column in amounts.columns}


def test_a_plan_by_margin_pays_for_deals_whose_cost_is_known(book: Book) -> None:
    store = book.store
    store.write(set_quota, rep_id=book["Ona"], amount_minor=300_00, measure="margin", **EUR)
    plan = whole_deals(store, book, Measure.MARGIN)
    store.write(set_tier, plan_id=plan, from_bp=0, per_deal_minor=3_00)
    assert run(store, bonus).cells("earned") == (Money(0, "EUR"),)
    store.write(add_cost, book)
    assert run(store, bonus).cells("earned") == (Money(3_00, "EUR"),)
