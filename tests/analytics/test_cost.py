"""Cost of sale on a store: days, hours, rates, bonuses, and what a win, a stage and a new client cost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salestui.analytics.plan.bonus import bonus
from salestui.analytics.plan.cost import cost
from salestui.analytics.plan.costing import Rates, Work, priced, shared_out, spent, whole_parts
from salestui.analytics.rendering.tables import printed
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.errors import Refused
from salestui.models.activities import Activity
from salestui.models.deals import Deal
from salestui.queries.plans import CostLine
from salestui.store.store import Store
from salestui.text import Period, inert, to_day
from salestui.usecases.bonuses import create_plan, grant, set_tier
from salestui.usecases.costs import set_cost
from salestui.usecases.quotas import set_quota
from tests.analytics.book import Book, Life, Move, make_book, on
from tests.analytics.test_surfaces import HOSTILE, text

JAN = Period(date(2026, 1, 1), date(2026, 1, 31), "2026-01")
Q1 = {"first_on": date(2026, 1, 1), "last_on": date(2026, 3, 31), "currency_code": "EUR"}
MONTH = {"first_on": JAN.first, "last_on": JAN.last, "currency_code": "EUR"}


def run(store: Store, by: str | None = None, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: cost(reader, ask(reader, **scope), by))
    return made


def rows(report: Report, *keys: str) -> list[tuple[Any, ...]]:
    return list(zip(*(report.cells(key) for key in keys), strict=True))


@pytest.fixture
def book(store: Store) -> Book:
    """In January Ona won 600 and 400 EUR of Acme and lost one, Jonas 200 of Łódź Foods, who bought before.

    Ona worked 6 hours in Enquiry and 3 in Offer, all with Acme, before Acme bought; Jonas 1 with Łódź.
    """
    made = make_book(store)
    made.add(
        Life([Move(2), Move(20, "Offer", "won")], 600_00, client="Acme"),
        Life([Move(10), Move(25, "Offer", "won")], 400_00, client="Acme"),
        Life([Move(3), Move(9, "Demo", "lost", "Price")], 500_00, client="Acme"),
        Life([Move(5), Move(15, "Offer", "won")], 200_00, owner="Jonas", client="Łódź Foods"),
        Life([Move(-70), Move(-60, "Offer", "won")], 100_00, owner="Jonas", client="Łódź Foods"),
    )
    store.write(_work, made)
    return made


def _work(unit: Any, book: Book) -> None:
    for rep, client, stage, day, minutes in (
        ("Ona", "Acme", "Enquiry", 4, 360),
        ("Ona", "Acme", "Offer", 18, 180),
        ("Jonas", "Łódź Foods", "Offer", 12, 60),
        ("Jonas", "Łódź Foods", None, 12, None),
        ("Jonas", "Łódź Foods", "Offer", 50, 600),
    ):
        unit.add(
            Activity(
                kind="call", on_day=on(day), is_imported=True, duration_minutes=minutes,
                rep_id=book[rep], client_id=book[client], stage_id=book[stage] if stage else None,
            )
        )  # fmt: skip


@pytest.fixture
def priced_book(book: Book) -> Book:
    """310 EUR of leads in January, 900 of salary for Ona in the quarter, 20 an hour, 30 for Jonas."""
    write = book.store.write
    write(set_cost, kind="leads", amount_minor=310_00, **MONTH)
    write(set_cost, kind="salary", rep_id=book["Ona"], amount_minor=900_00, **Q1)
    write(set_cost, kind="hourly", amount_minor=20_00, **Q1)
    write(set_cost, kind="hourly", rep_id=book["Jonas"], amount_minor=30_00, **Q1)
    return book


def test_what_a_win_costs(priced_book: Book) -> None:
    report = run(priced_book.store, period=JAN)
    # 310 + 900 x 31/90 + 9 h x 20 + 1 h x 30 = 830.
    assert rows(report, "basis", "cost", "hours", "won", "per_win")[0] == (
        "2026-01", Money(830_00, "EUR"), 10, 3, Money(276_67, "EUR"),
    )  # fmt: skip
    assert report.cells("of_revenue")[0] == pytest.approx(830 / 1200)
    # Acme alone is new in January, and 9 of 10 hours were spent on it.
    assert (report.cells("new_clients")[0], report.cells("per_new_client")[0]) == (
        1, Money(747_00, "EUR"),
    )  # fmt: skip


def test_costs_are_shifted_by_a_median_cycle(priced_book: Book) -> None:
    # The median of 18, 15, 10 and 10 days is 12.5, which rounds to the even 12.
    report = run(priced_book.store, period=JAN)
    assert report.cells("basis")[1] == "12 d earlier"
    leads_and_salary = 310 * 19 / 31 + 900 * 19 / 90
    assert report.cells("cost")[1] == Money(round(100 * (leads_and_salary + 180 + 30)), "EUR")
    assert report.cells("won")[1] == 3, "the same wins"


def test_of_a_running_period_only_the_days_past_are_shifted(book: Book) -> None:
    """The costs of a whole quarter against the wins of a part of it would make a win look dear."""
    store = book.store
    store.write(set_cost, kind="leads", amount_minor=365_00, first_on=date(2025, 1, 1),
                last_on=date(2025, 12, 31), currency_code="EUR")  # fmt: skip
    store.write(set_cost, kind="leads", amount_minor=365_00, first_on=date(2026, 1, 1),
                last_on=date(2026, 12, 31), currency_code="EUR")  # fmt: skip
    quarter, until = Period(date(2026, 1, 1), date(2026, 3, 31), "2026-Q1"), date(2026, 1, 27)
    to_date = Period(date(2026, 1, 1), until, "to date")
    running = run(store, period=quarter, as_of=until)
    # 27 days at 1 EUR, of this year and of 12 days earlier.
    assert rows(running, "cost", "hours", "won") == [
        (Money(27_00, "EUR"), 10, 3), (Money(27_00, "EUR"), 7, 3),
    ]  # fmt: skip
    assert running.rows[1] == run(store, period=to_date, as_of=until).rows[1]
    begun = run(store, period=quarter, as_of=date(2025, 12, 31))
    assert len(begun.rows) == 1, "no day of it is past"


def test_by_kind_and_by_rep(priced_book: Book) -> None:
    kinds = run(priced_book.store, "kind", period=JAN)
    assert rows(kinds, "kind", "cost") == [
        ("leads", Money(310_00, "EUR")), ("salary", Money(310_00, "EUR")),
        ("hourly", Money(210_00, "EUR")),
    ]  # fmt: skip
    assert kinds.totals["cost"] == Money(830_00, "EUR")
    reps = run(priced_book.store, "rep", period=JAN)
    assert rows(reps, "rep", "hours", "cost", "won", "per_win") == [
        ("Jonas", 1, Money(30_00, "EUR"), 1, Money(30_00, "EUR")),
        ("Ona", 9, Money(490_00, "EUR"), 2, Money(245_00, "EUR")),
        ("everybody", None, Money(310_00, "EUR"), None, None),
    ]
    assert reps.totals["cost"] == Money(830_00, "EUR")
    own = run(priced_book.store, "rep", period=JAN, owner="Ona")
    assert own.cells("rep") == ("Ona",), "what everybody costs is not hers"


def test_by_stage_all_hours_count_and_wins_bear_them(priced_book: Book) -> None:
    report = run(priced_book.store, "stage", period=JAN)
    assert rows(report, "stage", "hours", "cost") == [
        ("Sales: Enquiry", 6, Money(498_00, "EUR")), ("Sales: Offer", 4, Money(332_00, "EUR")),
    ]  # fmt: skip
    assert report.cells("per_win") == (Money(166_00, "EUR"), Money(110_67, "EUR"))


def _call(unit: Any, book: Book, stage: str) -> None:
    unit.add(
        Activity(
            kind="call", on_day=on(5), is_imported=True, duration_minutes=20,
            rep_id=book["Ona"], stage_id=book[stage],
        )
    )  # fmt: skip


@pytest.mark.parametrize("by", ["kind", "rep", "stage"])
def test_parts_add_up_to_the_cent(store: Store, by: str) -> None:
    """Of three costs of 100.00 a third of their days each, of three stages a third of the hours."""
    book, third = make_book(store), {"first_on": JAN.first, "last_on": date(2026, 4, 3)}
    for kind, rep in (("salary", "Ona"), ("leads", "Jonas"), ("tools", "Zofia")):
        store.write(set_cost, kind=kind, rep_id=book[rep], amount_minor=100_00, currency_code="EUR",
                    **third)  # fmt: skip
    for stage in ("Enquiry", "Demo", "Offer"):
        store.write(_call, book, stage)
    parts = [money.minor for money in run(store, by, period=JAN).cells("cost")]
    assert sorted(parts) == [33_33, 33_33, 33_34]
    assert run(store, period=JAN).cells("cost")[0] == Money(100_00, "EUR")


def test_without_hours_stages_are_weighed_by_days(store: Store) -> None:
    book = make_book(store)
    book.add(Life([Move(0), Move(10, "Offer"), Move(30, "Offer", "won")], 100_00))
    store.write(set_cost, kind="leads", amount_minor=300_00, **MONTH)
    report = run(store, "stage", period=JAN)
    assert rows(report, "stage", "cost") == [
        ("Sales: Enquiry", Money(100_00, "EUR")), ("Sales: Offer", Money(200_00, "EUR")),
    ]  # fmt: skip
    assert "days in stage, for no hours were logged" in report.method


def _log(unit: Any, book: Book, done: list[tuple[int, str, int, int]]) -> None:
    keys = {deal.number: deal.id for deal in unit.live(Deal)}
    for number, rep, day, minutes in done:
        unit.add(
            Activity(
                kind="call", on_day=on(day), is_imported=True, duration_minutes=minutes,
                rep_id=book[rep], deal_id=keys[number], stage_id=book["Offer"],
            )
        )  # fmt: skip


@pytest.fixture
def timed_deals(store: Store) -> Book:
    """Of January: 30 minutes on a lost deal, 20 on a won, 10 on an open one; another is won without any."""
    made = make_book(store)
    made.add(
        Life([Move(2), Move(20, "Offer", "won")], 100_00, client="Acme"),
        Life([Move(3), Move(9, "Demo", "lost", "Price")], 500_00, owner="Jonas"),
        Life([Move(4)], 20_00, currency="PLN"),
        Life([Move(5), Move(25, "Offer", "won")], 300_00),
        Life([Move(5), Move(45, "Offer", "won")], 300_00),
    )
    done = [(2, "Ona", 8, 30), (1, "Ona", 12, 15), (1, "Jonas", 14, 5), (3, "Ona", 28, 10)]
    store.write(_log, made, [*done, (5, "Ona", 40, 60)])
    return made


def test_by_deal_all_costs_are_shared_out_to_the_cent(timed_deals: Book) -> None:
    store = timed_deals.store
    store.write(set_cost, kind="leads", amount_minor=100_00, **MONTH)
    report = run(store, "deal", period=JAN)
    assert rows(report, "number", "rep", "outcome", "hours", "share", "cost", "of_amount") == [
        ("2", "Jonas", "lost", 0.5, 1 / 2, Money(50_00, "EUR"), pytest.approx(0.1)),
        ("1", "Ona", "won", 0.3, 1 / 3, Money(33_33, "EUR"), pytest.approx(0.3333)),
        ("3", "Ona", "open", 0.2, 1 / 6, Money(16_67, "EUR"), None),
        ("4", "Ona", "won", 0, 0, None, None),
    ]
    assert report.cells("client") == ("no client", "Acme", "no client", "no client")
    assert (report.totals["cost"], report.n) == (Money(100_00, "EUR"), 4)
    store.write(set_cost, kind="tools", amount_minor=1, **(MONTH | {"currency_code": "PLN"}))
    both = run(store, "deal", period=JAN)
    assert rows(both, "number", "currency", "hours", "cost")[:3] == [
        ("2", "EUR", 0.5, Money(50_00, "EUR")), ("2", "PLN", None, Money(1, "PLN")),
        ("1", "EUR", 0.3, Money(33_33, "EUR")),
    ]  # fmt: skip
    assert len(both.rows) == 7 and both.totals == {}


def test_by_deal_is_as_known_on_the_day_and_of_whose_hours_are_asked_about(
    timed_deals: Book,
) -> None:
    store = timed_deals.store
    store.write(set_cost, kind="leads", rep_id=timed_deals["Jonas"], amount_minor=100_00, **MONTH)
    jonas = run(store, "deal", period=JAN, owner="Jonas")
    assert rows(jonas, "number", "rep", "cost") == [("1", "Ona", Money(100_00, "EUR"))]
    then = run(store, "deal", period=JAN, as_of=date(2026, 1, 16))
    assert rows(then, "number", "outcome", "hours") == [("2", "lost", 0.5), ("1", "open", 0.3)]


def test_without_hours_no_deal_has_a_cost(timed_deals: Book) -> None:
    store = timed_deals.store
    march = Period(date(2026, 3, 1), date(2026, 3, 31), "2026-03")
    report = run(store, "deal", period=march)
    assert report.rows == () and "No hours were logged on deals" in report.method
    store.write(set_cost, kind="leads", rep_id=timed_deals["Zofia"], amount_minor=1_00, **MONTH)
    timed_deals.add(Life([Move(2), Move(20, "Offer", "won")], 100_00, owner="Zofia"))
    zofia = run(store, "deal", period=JAN, owner="Zofia")
    assert rows(zofia, "hours", "share", "cost") == [(0, None, None)] and zofia.totals == {}


def _rename(unit: Any, title: str) -> None:
    unit.live(Deal, number=2)[0].title = title


@pytest.mark.parametrize("title", HOSTILE)
def test_the_title_of_a_deal_is_text(timed_deals: Book, title: str) -> None:
    store = timed_deals.store
    store.write(_rename, title)
    report = run(store, "deal", period=JAN)
    shown = text(printed(report, 120), 120)
    assert inert(title) in shown and "\x1b" not in shown and "\x07" not in shown
    assert "\n2,=" not in report.to_csv()


def test_a_bonus_earned_is_a_cost(priced_book: Book) -> None:
    store = priced_book.store
    plan = store.write(create_plan, name="Field", currency="EUR", span="month").id
    store.write(set_tier, plan_id=plan, from_bp=10_000, fixed_minor=50_00)
    store.write(grant, plan_id=plan, rep_id=priced_book["Ona"], first_on=JAN.first)
    store.write(set_quota, rep_id=priced_book["Ona"], amount_minor=900_00, **MONTH)
    kinds = run(store, "kind", period=JAN)
    assert ("bonus", Money(50_00, "EUR")) in rows(kinds, "kind", "cost")


@pytest.fixture
def won_monthly(store: Store) -> Book:
    """Ona won a deal in each month from January 2025 to February 2026, each of which attains her quota."""
    made = make_book(store)
    days = ((date(2025 + n // 12, n % 12 + 1, 15) - date(2026, 1, 1)).days for n in range(14))
    made.add(*(Life([Move(day - 10), Move(day, "Offer", "won")], 100_00) for day in days))
    for year in (2025, 2026):
        whole = {"first_on": date(year, 1, 1), "last_on": date(year, 12, 31)}
        store.write(set_quota, rep_id=made["Ona"], amount_minor=12_00, currency_code="EUR", **whole)
    return made


def _pay(book: Book, span: str) -> None:
    """92 EUR for each span in which a quota is attained."""
    write, first = book.store.write, date(2025, 1, 1)
    plan = write(create_plan, name="Field", currency="EUR", span=span).id
    write(set_tier, plan_id=plan, from_bp=10_000, fixed_minor=92_00)
    write(grant, plan_id=plan, rep_id=book["Ona"], first_on=first)


def test_the_bonuses_of_all_months_are_costs_however_many_there_are(won_monthly: Book) -> None:
    _pay(won_monthly, "month")
    store = won_monthly.store
    fourteen = Period(date(2025, 1, 1), date(2026, 2, 28), "14 months")
    assert run(store, "kind", period=fourteen).totals["cost"] == Money(14 * 92_00, "EUR")
    ever = Period(date(1, 1, 1), date(9999, 12, 31), "ever")
    assert run(store, "kind", period=ever).totals["cost"] == Money(14 * 92_00, "EUR")


def test_a_bonus_is_spread_over_the_days_past_of_its_quarter(won_monthly: Book) -> None:
    _pay(won_monthly, "quarter")

    def spent(first: date, last: date) -> list[Any]:
        return list(run(won_monthly.store, period=Period(first, last, "these days")).cells("cost"))

    # July to December have 92 days a quarter, and a win takes 10 days: the row of the days before has
    # bonuses as the period's own has.
    assert spent(date(2025, 10, 1), date(2025, 12, 31)) == [Money(92_00, "EUR")] * 2
    assert spent(date(2025, 10, 1), date(2025, 10, 31)) == [Money(31_00, "EUR")] * 2
    assert spent(date(2025, 10, 26), date(2025, 11, 4)) == [Money(10_00, "EUR")] * 2
    # Of the quarter that runs 77 days are past, and the bonus is theirs.
    assert spent(date(2026, 1, 1), date(2026, 3, 31))[0] == Money(92_00, "EUR")
    assert spent(date(2026, 2, 1), date(2026, 2, 28))[0] == Money(round(92_00 * 28 / 77), "EUR")


def test_what_is_paid_is_the_sum_of_what_each_is_paid(priced_book: Book) -> None:
    """1 % of 1,000.50 EUR beyond nothing is 10.005, and of 200.50 it is 2.005: paid are 10.01 and 2.01."""
    store = priced_book.store
    priced_book.add(
        *(
            Life([Move(20), Move(26, "Offer", "won")], 50, owner=owner, client="Acme")
            for owner in ("Ona", "Jonas")
        )
    )
    plan = store.write(create_plan, name="Field", currency="EUR", span="month").id
    store.write(set_tier, plan_id=plan, from_bp=0, rate_bp=100)
    for rep in ("Ona", "Jonas"):
        store.write(grant, plan_id=plan, rep_id=priced_book[rep], first_on=JAN.first)
        store.write(set_quota, rep_id=priced_book[rep], amount_minor=900_00, **MONTH)
    paid: Report = store.read(lambda reader: bonus(reader, ask(reader, period=JAN)))
    assert paid.cells("earned") == (Money(2_01, "EUR"), Money(10_01, "EUR"))
    assert paid.totals["earned"] == Money(12_02, "EUR")
    kinds = run(store, "kind", period=JAN)
    assert ("bonus", Money(12_02, "EUR")) in rows(kinds, "kind", "cost")


def test_currencies_have_rows_of_their_own(priced_book: Book) -> None:
    store = priced_book.store
    store.write(set_cost, kind="tools", amount_minor=90_00, **(MONTH | {"currency_code": "PLN"}))
    report = run(store, period=JAN)
    # Hours and wins stand once; each cost is divided by all wins.
    assert rows(report, "currency", "cost", "hours", "won", "per_win")[:2] == [
        ("EUR", Money(830_00, "EUR"), 10, 3, Money(276_67, "EUR")),
        ("PLN", Money(90_00, "PLN"), None, None, Money(30_00, "PLN")),
    ]  # fmt: skip
    assert run(store, "kind", period=JAN).totals == {}


def test_kinds_of_each_currency_stand_by_themselves_the_largest_first(priced_book: Book) -> None:
    """Not 90,000 yen of leads above 310 euros of them, because a yen has no cents."""
    store = priced_book.store
    for kind, amount in (("tools", 20_000), ("leads", 90_000)):
        store.write(set_cost, kind=kind, amount_minor=amount, **(MONTH | {"currency_code": "JPY"}))
    report = run(store, "kind", period=JAN)
    assert rows(report, "kind", "currency", "cost") == [
        ("leads", "EUR", Money(310_00, "EUR")), ("salary", "EUR", Money(310_00, "EUR")),
        ("hourly", "EUR", Money(210_00, "EUR")),
        ("leads", "JPY", Money(90_000, "JPY")), ("tools", "JPY", Money(20_000, "JPY")),
    ]  # fmt: skip


def test_a_win_in_another_currency_is_a_win(priced_book: Book) -> None:
    """The salary that won 2 deals in EUR won the third in PLN: 830 EUR for 4 wins, Ona's 490 for 3."""
    priced_book.add(Life([Move(8), Move(22, "Offer", "won")], 70_00, currency="PLN"))
    store = priced_book.store
    report = run(store, period=JAN)
    assert rows(report, "cost", "hours", "won", "revenue_eur", "revenue_pln", "per_win")[0] == (
        Money(830_00, "EUR"), 10, 4, Money(1_200_00, "EUR"), Money(70_00, "PLN"), Money(207_50, "EUR"),
    )  # fmt: skip
    assert report.cells("of_revenue")[0] == pytest.approx(830 / 1200)
    assert len(report.rows) == 2 and any("won in PLN" in text for text in report.warnings)
    reps = run(store, "rep", period=JAN)
    assert rows(reps, "rep", "hours", "won", "per_win") == [
        ("Jonas", 1, 1, Money(30_00, "EUR")), ("Ona", 9, 3, Money(163_33, "EUR")),
        ("everybody", None, None, None),
    ]  # fmt: skip
    assert run(store, "kind", period=JAN).cells("per_win")[0] == Money(77_50, "EUR")
    assert run(store, "stage", period=JAN).cells("per_win")[0] == Money(124_50, "EUR")


def test_a_client_won_in_two_currencies_on_one_day_is_one_new_client(store: Store) -> None:
    book = make_book(store)
    for currency in ("EUR", "PLN"):
        book.add(Life([Move(2), Move(20, "Offer", "won")], 1_00, currency=currency, client="Acme"))
    store.write(set_cost, kind="leads", amount_minor=310_00, **MONTH)
    assert run(store, period=JAN).cells("new_clients")[0] == 1


def test_what_is_missing_is_said(book: Book) -> None:
    report = run(book.store, period=JAN)
    assert "No cost is set" in report.warnings[0]
    assert any("10.0 hours without a rate" in text for text in report.warnings)
    with pytest.raises(Refused, match="by period, kind, rep, stage"):
        run(book.store, "weather")
    with pytest.raises(Refused, match="not by pipeline"):
        run(book.store, pipeline="Sales")
    empty = run(book.store, period=Period(date(2024, 1, 1), date(2024, 1, 31), "2024-01"))
    assert any("Nothing was won" in text for text in empty.warnings)


def line(kind: str, first: date, last: date, amount: int, **of: str) -> CostLine:
    return CostLine(
        f"{kind}{amount}",
        1,
        kind,
        of.get("rep"),
        of.get("team"),
        "",
        first,
        last,
        amount,
        "EUR",
        "",
    )


def test_a_cost_counts_by_its_days_and_a_rate_by_who_it_is_for() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    (half,) = spent([line("salary", *year, 36_500)], date(2026, 1, 1), date(2026, 1, 31))
    assert half.minor == pytest.approx(3_100)
    assert not list(spent([line("leads", *year, 1)], date(2025, 1, 1), date(2025, 1, 31)))
    rates = Rates(
        [line("hourly", *year, 10), line("hourly", *year, 20, team="t"), line("hourly", *year, 30, rep="a")],
        {"a": "t", "b": "t", "c": None},
    )  # fmt: skip
    day = to_day(year[0])
    work = [Work(rep, day, None, 60) for rep in ("a", "b", "c", None)]
    assert [minor for _, _, minor in priced(work, rates)] == [30, 20, 10, 10]
    assert rates.on("a", day - 1) is None
    assert whole_parts(10.4, [1, 1, 1]) == [4, 3, 3] and whole_parts(2.0, [0, 5]) == [0, 2]
    assert shared_out(10, [1, 3]) == [2.5, 7.5] and shared_out(10, [0, 0]) == [0, 0]
