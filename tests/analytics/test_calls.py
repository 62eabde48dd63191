"""Calls beside what was won and what deals say, as of any day; on both engines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salestui.analytics.outlook.call_history import LEAST, accuracy
from salestui.analytics.outlook.calls import calls
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.errors import Refused
from salestui.models.plans import ForecastCall
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period, clean
from salestui.usecases import deals, people, undo
from salestui.usecases.calls import record_call
from tests.analytics.book import Book, Life, Move, make_book
from tests.conftest import Clock
from tests.team import HOSTILE

Q1: dict[str, Any] = {"first_on": date(2026, 1, 1), "last_on": date(2026, 3, 31)}
EUR = {"currency_code": "EUR", **Q1}


def won(day: int, amount: int, **more: Any) -> Life:
    return Life([Move(day - 5), Move(day, "Offer", "won")], amount, **more)


@pytest.fixture
def book(store: Store, clock: Clock) -> Book:
    """Ona leads and won 800 EUR and 70 PLN of the quarter, Jonas 100; today is 18 March 2026."""
    made = make_book(store)
    made.add(
        won(10, 300_00), won(70, 500_00), won(20, 70_00, currency="PLN"),
        won(30, 100_00, owner="Jonas"), won(5, 40_00, owner=None),
        Life([Move(60)], 250_00), Life([Move(60)], 90_00), Life([Move(61)], None, owner="Zofia"),
    )  # fmt: skip
    store.write(people.edit_rep, rep_id=made["Ona"], role="manager")
    return made


def run(store: Store, by: str | None = None, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: calls(reader, ask(reader, **scope), by))
    return made


def rows(report: Report, *keys: str) -> list[tuple[Any, ...]]:
    return list(zip(*(report.cells(key) for key in keys), strict=True))


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def say(book: Book, who: str, commit: int, best: int | None = None, **more: Any) -> None:
    about = {"rep_id": book[who], **EUR} | more
    book.store.write(record_call, side=more.pop("side", "rep"), commit_minor=commit,
                     best_minor=best, **{k: v for k, v in about.items() if k != "side"})  # fmt: skip


def test_a_commit_stands_beside_what_was_won_and_the_adjustment(book: Book) -> None:
    say(book, "Ona", 900_00, 1_200_00)
    say(book, "Ona", 800_00, side="manager", notes="One of them slips")
    report = run(book.store)
    assert report.period.label == "2026-Q1"
    keys = ("rep", "currency", "won", "commit", "adjusted", "best", "counts")
    assert rows(report, *keys)[1:4] == [
        ("Ona", "EUR", eur(800_00), eur(900_00), eur(800_00), eur(1_200_00), eur(800_00)),
        ("Ona", "PLN", Money(70_00, "PLN"), None, None, None, None),
        ("Zofia", "EUR", eur(0), None, None, None, None),
    ]
    assert rows(report, "rep", "won")[4] == ("nobody", eur(40_00))
    assert "No commit of Jonas, Zofia." in report.warnings


def test_the_newest_counts_and_what_was_said_earlier_is_seen_on_its_day(
    book: Book, clock: Clock
) -> None:
    clock.forward(days=-10)
    say(book, "Ona", 500_00)
    say(book, "Ona", 450_00, side="manager", notes="Careful")
    clock.forward(days=10)
    say(book, "Ona", 900_00)
    report = run(book.store, owner="Ona")
    assert rows(report, "commit", "adjusted")[0] == (eur(900_00), eur(450_00))
    assert "Ona's commit is newer than the adjustment over it." in report.warnings
    then = run(book.store, owner="Ona", as_of=date(2026, 3, 9))
    assert rows(then, "won", "commit") == [
        (eur(300_00), eur(500_00)), (Money(70_00, "PLN"), None),
    ]  # fmt: skip
    earlier = run(book.store, "call", as_of=date(2026, 3, 1))
    assert earlier.rows == () and "Nobody has said anything" in earlier.warnings[0]


def test_the_history_is_the_newest_first_and_hostile_notes_stay_text(book: Book) -> None:
    for note in HOSTILE:
        say(book, "Ona", 1_00, side="manager", notes=note)
    report = run(book.store, "call")
    assert report.cells("note") == tuple(map(clean, reversed(HOSTILE)))
    assert set(report.cells("side")) == {"manager"} and report.n == len(HOSTILE)
    assert '"=1+1' not in report.to_csv() and "'=1+1" in report.to_csv()


def test_what_was_undone_is_gone_from_then_on(book: Book, clock: Clock) -> None:
    say(book, "Ona", 900_00)
    clock.forward(days=1)
    book.store.write(undo.undo)
    assert run(book.store, "call").n == 0
    assert run(book.store, "call", as_of=date(2026, 3, 18)).n == 1


def test_open_deals_by_category_add_up_to_what_is_due(book: Book) -> None:
    def edit(amount: int, category: str, day: date | None) -> None:
        key = book.store.read(
            lambda r: r.value("SELECT id FROM deal WHERE amount_minor = :a", a=amount)
        )
        book.store.write(
            deals.edit_deal, deal_id=key, forecast_category=category, expected_close_on=day
        )

    edit(250_00, "commit", date(2026, 3, 30))
    edit(90_00, "best case", date(2026, 2, 1))  # overdue, and so of this quarter
    report = run(book.store, "category", owner="Ona")
    keys = ("won", "commit", "best_case", "pipeline", "with_commit", "with_best_case", "due")
    assert rows(report, *keys)[0] == (
        eur(800_00), eur(250_00), eur(90_00), eur(0), eur(1_050_00), eur(1_140_00), 2,
    )  # fmt: skip
    assert rows(run(book.store, owner="Ona"), "backed")[0] == (eur(1_050_00),)
    edit(250_00, "omitted", date(2026, 3, 30))
    edit(90_00, "pipeline", None)
    left = run(book.store, "category", owner="Ona")
    assert rows(left, "commit", "pipeline", "omitted", "due")[0] == (
        eur(0), eur(0), eur(250_00), 1,
    )  # fmt: skip
    assert "1 open deals have no expected close and are in no period." in left.warnings


def test_teams_and_everybody_have_rows_of_their_own(book: Book) -> None:
    say(book, "Ona", 900_00)
    for subject in ({"team_id": book["North"]}, {}):
        say(book, "Ona", 950_00, side="manager", notes="All told", **({"rep_id": None} | subject))
    assert rows(run(book.store), "rep", "won", "adjusted")[-2:] == [
        ("North (team)", eur(900_00), eur(950_00)), ("everybody", eur(940_00), eur(950_00)),
    ]  # fmt: skip
    assert run(book.store, team="North").cells("rep")[-1] == "North (team)"
    assert "North (team)" not in run(book.store, team="South").cells("rep")
    assert "everybody" not in run(book.store, owner="Ona").cells("rep")


def commits(book: Book, quarters: int, commit: int, days_before_end: int) -> None:
    """The same commit of Ona's for each of the past quarters, and twice as much on the last day."""
    from datetime import UTC, datetime, time, timedelta

    from salestui.analytics.periods import stepped

    period = Period(Q1["first_on"], Q1["last_on"], "2026-Q1")
    listed = []
    for back in range(1, quarters + 1):
        past = stepped(period, -back)
        for amount, days in ((commit, days_before_end), (2 * commit, 0)):
            said = datetime.combine(past.last - timedelta(days=days), time(9), UTC)
            listed.append({
                "side": "rep", "rep_id": book["Ona"], "author_id": book["Ona"], "currency": "EUR",
                "first_on": past.first, "last_on": past.last, "commit_minor": amount,
                "created_at": said,
            })  # fmt: skip
    book.store.write(lambda unit: unit.insert_many(ForecastCall, listed))


def test_past_commits_beside_what_came_at_the_same_point_of_the_period(book: Book) -> None:
    book.add(won(-20, 100_00), won(-110, 50_00))
    commits(book, 2, 80_00, days_before_end=13)  # as 18 March is before 31 March
    report = run(book.store, "period")
    keys = ("rep", "period", "commit", "won", "accuracy", "wins", "last", "last_accuracy")
    assert rows(report, *keys) == [
        ("Ona", "2025-Q4", eur(80_00), eur(100_00), 0.8, 1, eur(160_00), pytest.approx(0.4)),
        ("Ona", "2025-Q3", eur(80_00), eur(50_00), 0.4, 1, eur(160_00), pytest.approx(-1.2)),
    ]
    assert any("Too few" in text for text in report.warnings)
    assert rows(run(book.store), "had", "periods")[1] == (None, 2)


def test_a_commit_said_later_than_now_is_not_held_against_now(book: Book) -> None:
    book.add(won(-20, 100_00))
    commits(book, 1, 80_00, days_before_end=5)
    assert rows(run(book.store, "period"), "commit", "last") == [(None, eur(160_00))]


def test_enough_past_periods_give_the_accuracy_had(book: Book) -> None:
    book.add(*(won(-20 - 91 * back, 100_00) for back in range(LEAST)))
    commits(book, LEAST, 80_00, days_before_end=20)
    report = run(book.store, owner="Ona")
    assert rows(report, "had", "periods")[0] == (pytest.approx(0.8), LEAST)


def test_accuracy() -> None:
    assert accuracy(80, 100) == pytest.approx(0.8)
    assert accuracy(300, 100) == pytest.approx(-1)
    assert accuracy(5, 0) is None and accuracy(None, 5) is None


def test_an_unknown_group_is_refused(book: Book) -> None:
    with pytest.raises(Refused, match="only by rep, category, call, period"):
        run(book.store, "weather")


def test_the_forecast_screen_asks_two_statements_more(book: Book) -> None:
    from salestui.analytics.history import read_events
    from salestui.analytics.outlook.calls import reports

    def count(reader: Reader) -> int:
        events, before = read_events(reader), reader.statements
        reports(reader, ask(reader), events)
        return reader.statements - before

    assert book.store.read(count) == 2
