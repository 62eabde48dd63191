"""The team report on a store: each rep's plan, pace, load and upkeep, and no ranking by luck."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salestui.analytics.people.coaching import coaching
from salestui.analytics.people.team import team
from salestui.analytics.people.team_overview import look
from salestui.analytics.pipeline.stalled import stalled
from salestui.analytics.pipeline.standstill import NO_STEPS
from salestui.analytics.rendering.tables import fitted
from salestui.analytics.report import Interval, Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.stages.unlike import unlike
from salestui.analytics.wish import Wish
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.text import Period, parse_period
from salestui.usecases.activities import log_activity
from salestui.usecases.costs import set_cost
from salestui.usecases.people import edit_rep
from salestui.usecases.quotas import set_quota
from tests.analytics.book import Book, Life, Move, make_book

Q1: dict[str, Any] = {
    "first_on": date(2026, 1, 1), "last_on": date(2026, 3, 31), "currency_code": "EUR",
}  # fmt: skip


def run(store: Store, by: str | None = None, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: team(reader, ask(reader, **scope), by))
    return made


def row_of(report: Report, rep: str) -> dict[str, Any]:
    row = next(row for row in report.rows if row[0] == rep)
    return dict(zip((column.key for column in report.columns), row, strict=True))


def won(day: int, amount: int, **more: Any) -> Life:
    return Life([Move(day - 10), Move(day, "Offer", "won")], amount, **more)


@pytest.fixture
def book(store: Store) -> Book:
    """Ona won two deals of 400 EUR and lost one, Jonas won 200 EUR and zlotys; today is 18 March."""
    made = make_book(store)
    made.add(
        won(20, 400_00), won(40, 400_00), Life([Move(3), Move(9, "Demo", "lost", "Price")], 500_00),
        won(-40, 900_00), won(30, 200_00, owner="Jonas"), won(31, 50_00, owner="Jonas", currency="PLN"),
        Life([Move(70)], 300_00, client="Acme"), Life([Move(10)], 100_00, client="Acme"),
    )  # fmt: skip
    made.log({"day": 5}, {"day": 6, "kind": "visit"}, {"day": 7, "rep": "Jonas"}, {"day": -30})
    store.write(set_quota, rep_id=made["Ona"], amount_minor=1_000_00, **Q1)
    store.write(set_cost, kind="salary", rep_id=made["Ona"], amount_minor=900_00, **Q1)
    return made


def test_one_row_for_each_rep(book: Book) -> None:
    report = run(book.store)
    assert report.cells("rep") == ("Jonas", "Ona", "Zofia")
    ona = row_of(report, "Ona")
    assert (ona["quota"], ona["won"]) == (Money(1_000_00, "EUR"), Money(800_00, "EUR"))
    assert (ona["attained"], ona["share_of_won"]) == (0.8, 0.8)
    # Three of four deals closed in the year before.
    assert (ona["win_rate"], ona["median_cycle"]) == (0.75, 10)
    assert isinstance(ona["interval"], Interval) and ona["interval"].low < 0.4
    assert (ona["activities"], ona["done_call"], ona["done_visit"]) == (2, 1, 1)
    assert (ona["clients"], ona["open"], ona["stalled"]) == (1, 2, 2)
    # 77 of the quarter's 90 days of 900 EUR, for two wins.
    assert ona["per_win"] == Money(round(900_00 * 77 / 90 / 2), "EUR")
    zofia = row_of(report, "Zofia")
    assert (zofia["win_rate"], zofia["median_cycle"], zofia["clients"]) == (None, None, 0)
    # Of the one who has a quota; Jonas, who has none, won besides.
    assert (report.totals["quota"], report.totals["attained"]) == (Money(1_000_00, "EUR"), 0.8)
    assert any("1 of 2 reps has a quota" in text for text in report.warnings)
    assert report.totals["activities"] == 3 and report.totals["stalled"] == 2
    assert "Jonas also won in PLN, which is not in the sum." in report.warnings
    assert not any("do not rank" in text for text in report.warnings), "too few deals to say"


def test_amounts_of_several_currencies_say_which_row_by_row(book: Book) -> None:
    assert "currency" not in [column.key for column in run(book.store).columns], "all are of euros"
    book.add(won(32, 700_00, owner="Zofia", currency="PLN"))
    report = run(book.store)
    assert [column.key for column in report.columns][:2] == ["rep", "currency"]
    assert report.cells("currency") == ("EUR", "EUR", "PLN")
    assert report.cells("won")[2] == Money(700_00, "PLN")
    # Of 750 zlotys that were won, Jonas' 50 too.
    assert row_of(report, "Zofia")["share_of_won"] == pytest.approx(700 / 750)
    assert report.totals["currency"] == "EUR", "the sum is of the quota's currency"
    assert "currency" in [column.key for column in fitted(report, 80).columns]
    assert report.to_csv().startswith("rep,currency,")


def test_who_won_in_several_currencies_is_shown_in_that_of_most_deals(book: Book) -> None:
    book.add(*(won(30 + day, 10_00, owner="Zofia") for day in range(2)))
    book.add(won(33, 90_000_00, owner="Zofia", currency="PLN"))
    assert row_of(run(book.store), "Zofia")["won"] == Money(20_00, "EUR"), (
        "two deals, and one of zlotys"
    )
    book.add(won(34, 90_000_00, owner="Zofia", currency="PLN"))
    assert row_of(run(book.store), "Zofia")["won"] == Money(20_00, "EUR"), (
        "most others won in euros"
    )
    book.add(won(35, 1_00, owner="Zofia", currency="PLN"))
    report = run(book.store)
    assert row_of(report, "Zofia")["won"] == Money(180_001_00, "PLN")
    assert any("Zofia also won in EUR" in text for text in report.warnings)


def test_costs_of_several_currencies_say_which(book: Book) -> None:
    store = book.store
    assert "cost_currency" not in [column.key for column in run(store).columns]
    zlotys = {**Q1, "currency_code": "PLN"}
    store.write(set_cost, kind="salary", rep_id=book["Jonas"], amount_minor=4_000_00, **zlotys)
    report = run(store)
    assert report.cells("cost_currency") == ("PLN", "EUR", "")
    assert "currency" not in [column.key for column in report.columns], "what was won is of euros"


def test_a_quota_taken_in_part_is_said_to_be(book: Book) -> None:
    month = parse_period("2026-02", book.store.today())
    assert any(
        text.startswith("Ona: the quotas that are set do not cover exactly these days")
        for text in run(book.store, period=month).warnings
    )
    assert not any("taken in part" in text for text in run(book.store).warnings)


def test_a_win_costs_what_all_wins_of_the_rep_do(book: Book) -> None:
    book.add(won(41, 70_00, currency="PLN"))
    assert row_of(run(book.store), "Ona")["per_win"] == Money(round(900_00 * 77 / 90 / 3), "EUR")


def test_an_earlier_day_says_that_next_steps_are_not_kept(book: Book) -> None:
    def said(report: Any, **scope: Any) -> bool:
        made = book.store.read(lambda reader: report(reader, ask(reader, **scope), None))
        return NO_STEPS in made.warnings

    assert not said(team)
    assert said(team, as_of=date(2026, 3, 17)) and said(stalled, as_of=date(2026, 3, 17))
    wish = Wish(as_of=date(2026, 3, 17))
    assert NO_STEPS in book.store.read(lambda reader: look(reader, wish)).team.warnings


def test_who_keeps_the_data_current(book: Book, clock: Any) -> None:
    store = book.store
    assert row_of(run(store), "Zofia")["kept_days"] is None
    store.actor_id = book["Zofia"]
    store.write(log_activity, kind="call", client_id=book["Acme"], rep_id=book["Zofia"])
    clock.forward(days=3)
    assert row_of(run(store), "Zofia")["kept_days"] == 3
    assert row_of(run(store, as_of=date(2026, 3, 1)), "Zofia")["kept_days"] is None


def test_filters_days_and_who_has_left(book: Book) -> None:
    store = book.store
    assert run(store, team="South").cells("rep") == ("Zofia",)
    then = row_of(run(store, as_of=date(2026, 1, 31)), "Ona")
    assert (then["won"], then["activities"]) == (Money(400_00, "EUR"), 2)
    store.write(edit_rep, rep_id=book["Zofia"], left_on=date(2025, 12, 1))
    assert "Zofia" not in run(store).cells("rep")
    q4 = Period(date(2025, 10, 1), date(2025, 12, 31), "2025-Q4")
    assert "Zofia" in run(store, period=q4).cells("rep")
    with pytest.raises(Refused, match="cannot be given by 'product', only by rep"):
        run(store, "product")


def test_a_win_rate_is_called_different_only_beyond_chance(store: Store) -> None:
    book = make_book(store)
    lives = []
    for rep, share in (("Ona", 9), ("Jonas", 9), ("Zofia", 3)):
        for number in range(60):
            end = ("Offer", "won") if number % 20 < share else ("Demo", "lost", "Price")
            lives.append(Life([Move(number - 30), Move(number - 20, *end)], 100_00, owner=rep))
    book.add(*lives)
    told = run(store).warnings[0]
    assert "Zofia (15 %, with the same mix 35 %)" in told and "Ona" not in told
    equal = run(store, team="North").warnings[0]
    assert "do not rank by it" in equal


def test_a_mix_of_pipelines_is_no_win_rate_and_the_page_says_the_same(store: Store) -> None:
    """Ona has the hard pipeline, Jonas the easy one, and each wins there what all do; Zofia far fewer."""
    book = make_book(store)
    lives = []
    for rep, hard, easy, off in (("Ona", 80, 20, 0), ("Jonas", 20, 80, 0), ("Zofia", 30, 30, 8)):
        for pipeline, count, share in (("Sales", hard, 4), ("Service", easy, 12)):
            for number in range(count):
                is_won = number % 20 < share - off
                end = ("Offer", "won") if is_won else ("Demo", "lost", "Price")
                moves = [Move(number % 60 - 30), Move(number % 60 - 20, *end)]
                lives.append(Life(moves, 100_00, owner=rep, pipeline=pipeline))
    book.add(*lives)
    # A test of all pipelines together would name Ona (28 %) and Jonas (52 %).
    told = run(store).warnings[0]
    assert "Zofia (13 %, with the same mix" in told and "Ona" not in told and "Jonas" not in told
    for rep in ("Ona", "Jonas", "Zofia"):
        page = store.read(lambda reader: coaching(reader, ask(reader, owner=rep)))  # noqa: B023
        assert page.cells("verdict")[0] == ("gap" if rep == "Zofia" else "as all")
    by_rep = store.read(lambda reader: unlike(reader, ask(reader), "rep"))
    found = dict(zip(by_rep.cells("rep"), by_rep.cells("verdict"), strict=True))
    assert found == {"Zofia": "lower", "Ona": "as all", "Jonas": "as all"}
