"""Capacity and ramp on a store: who counts, what a plan needs, and what cannot be known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salestui.analytics.people.ramp import ramp
from salestui.analytics.plan.capacity import capacity
from salestui.analytics.plan.targets import Target
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.text import Period
from salestui.usecases.people import create_rep, edit_rep
from salestui.usecases.quotas import set_quota
from tests.analytics.book import START, Book, Life, Move, make_book

NEXT = {"first_on": date(2026, 4, 1), "last_on": date(2026, 6, 30), "currency_code": "EUR"}


def run(store: Store, report: Any, by: str | None = None, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: report(reader, ask(reader, **scope), by))
    return made


def won(day: int, amount: int, owner: str, **more: Any) -> Life:
    return Life([Move(day - 5), Move(day, "Offer", "won")], amount, owner=owner, **more)


@pytest.fixture
def book(store: Store) -> Book:
    """Ona wins 300 EUR each month of 2025, Jonas 100; the records begin in December 2024."""
    made = make_book(store)
    lives = [won(-380, 1_00, "Ona"), won(-380, 1_00, "Jonas")]
    for month in range(12):
        day = (date(2025, month + 1, 15) - START).days
        lives += [won(day, 300_00, "Ona"), won(day + month % 2, 100_00, "Jonas")]
    made.add(*lives, won(-20, 500_00, "Ona", currency="PLN"))
    return made


def test_what_the_reps_there_are_will_bring(book: Book) -> None:
    report = run(book.store, capacity)
    assert report.period.label == "2026-Q2", "the next quarter, where no period is set"
    row = dict(zip((c.key for c in report.columns), report.rows[0], strict=True))
    # 900 and 300 EUR a quarter: two reps bring 1,200.
    assert (row["reps"], row["full"], row["expected"]) == (2, 2, Money(1_200_00, "EUR"))
    assert (row["target"], row["needed"], row["to_hire"]) == (None, None, None)
    assert "No quota is set" in report.warnings[0]
    assert any("without a first day at work" in text for text in report.warnings)


def test_how_many_the_plan_needs(book: Book) -> None:
    book.store.write(set_quota, rep_id=book["Ona"], amount_minor=1_000_00, **NEXT)
    book.store.write(set_quota, rep_id=book["Jonas"], amount_minor=800_00, **NEXT)
    report = run(book.store, capacity)
    assert report.cells("target")[2] == Money(1_800_00, "EUR")
    assert report.cells("naive")[2] == 3
    needed = report.cells("needed")
    assert needed == tuple(sorted(needed)) and needed[2] > 3
    # A hire is half a rep in the first quarter.
    assert report.cells("to_hire")[2] == 2 * (needed[2] - 2)
    book.store.write(set_quota, amount_minor=600_00, **NEXT)
    assert run(book.store, capacity).cells("target")[2] == Money(600_00, "EUR")
    one = run(book.store, capacity, owner="Ona")
    assert one.rows == () and "Too few whole past periods" in one.warnings[0]


def test_hires_and_leavers(book: Book) -> None:
    store = book.store
    store.write(create_rep, name="Petras", started_on=date(2026, 3, 1), role="rep")
    row = run(store, capacity).rows[0]
    # One whole month before April: .5, .75, 1 of the quarter's months.
    assert row[2:4] == (3, 2.8)
    store.write(edit_rep, rep_id=book["Jonas"], left_on=date(2026, 2, 28))
    report = run(store, capacity)
    assert report.rows[0][2] == 2
    assert report.rows[0][3] < 1.75, "as one has left, another may"


def test_any_other_target(book: Book) -> None:
    def asked(reader: Any) -> Report:
        return capacity(reader, ask(reader), None, target=Target("revenue", "EUR", 6_000_00))

    report = book.store.read(asked)
    assert report.cells("naive")[2] == 10
    assert report.cells("of_plan") == (0.8, 0.9, 1.0, 1.1, 1.2)


def test_what_they_bring_on_average_they_reach_every_other_time(book: Book) -> None:
    def chances(target: int) -> Any:
        return book.store.read(
            lambda r: capacity(r, ask(r), None, target=Target("revenue", "EUR", target))
        ).cells("p_attain")

    mean = run(book.store, capacity).cells("expected")[0]
    assert isinstance(mean, Money)
    some, less, evenly, more, most = chances(mean.minor)
    assert evenly == pytest.approx(0.5)
    assert less - evenly == pytest.approx(evenly - more) and some - evenly == pytest.approx(
        evenly - most
    )


def test_too_little_history_is_said(store: Store) -> None:
    make_book(store)
    report = run(store, capacity)
    assert report.rows == ()
    with pytest.raises(Refused, match="all reps together"):
        run(store, capacity, "rep")
    with pytest.raises(Refused, match="on one day, not of x"):
        run(store, ramp, period=Period(START, START, "x"))
    empty = run(store, ramp)
    assert empty.rows == () and "No rep has a first day" in empty.warnings[0]


def test_the_ramp_counts_whole_months_of_tenure_and_leavers_until_they_leave(book: Book) -> None:
    store = book.store
    store.write(edit_rep, rep_id=book["Ona"], started_on=date(2025, 1, 1))
    store.write(edit_rep, rep_id=book["Jonas"], started_on=date(2025, 1, 10))
    store.write(edit_rep, rep_id=book["Jonas"], left_on=date(2025, 7, 20))
    report = run(store, ramp)
    at_risk = dict(zip(report.cells("month"), report.cells("reps"), strict=True))
    # Ona from January to February 2026 (today is in March), Jonas from February to June 2025.
    assert sum(at_risk.values()) == 14 + 5
    assert (at_risk["1"], at_risk["5"], at_risk["6"], at_risk["13+"]) == (2, 2, 1, 2)
    assert report.n == 13 + 5, "one of them in zlotys"
    assert "Fewer than 3 reps" in " ".join(report.warnings)
    assert set(report.cells("ramp")) == {None}, "what cannot be told is not told month by month"
    by_rep = run(store, ramp, "rep")
    assert by_rep.cells("of_expected") == (None, None), "too few wins to tell them apart"
    then = run(store, ramp, as_of=date(2025, 6, 30))
    assert sum(then.cells("reps")) == 6 + 5


def test_a_ramp_is_told_where_three_reps_began(book: Book) -> None:
    book.add(won(-20, 100_00, "Zofia"))
    for rep in ("Ona", "Jonas", "Zofia"):
        book.store.write(edit_rep, rep_id=book[rep], started_on=date(2025, 7, 1))
    report = run(book.store, ramp)
    assert None not in report.cells("ramp") and "Up to speed" in " ".join(report.warnings)


def test_conversion_and_attainment_by_month_of_tenure(store: Store) -> None:
    """Ona begins in January: a deal is won in it, one won and one lost in February, both of 100 EUR."""
    book = make_book(store)
    book.add(
        Life([Move(1), Move(20, "Offer", "won")], 100_00), Life([Move(2), Move(40, "Offer", "won")], 100_00),
        Life([Move(3), Move(41, "Demo", "lost")], 900_00), Life([Move(-1), Move(0, "Demo", "lost")], 1),
    )  # fmt: skip
    store.write(edit_rep, rep_id=book["Ona"], started_on=date(2026, 1, 1))
    none = run(store, ramp)
    assert set(none.cells("attained")) == {None} and "No rep has had a quota" in " ".join(
        none.warnings
    )
    days = {"first_on": date(2026, 1, 1), "last_on": date(2026, 2, 28), "currency_code": "EUR"}
    store.write(set_quota, rep_id=book["Ona"], amount_minor=420_00, **days)
    report = run(store, ramp)
    keys = ("month", "closed", "win_rate")
    assert list(zip(*(report.cells(key) for key in keys), strict=True)) == [
        ("1", 2, 0.5),
        ("2", 2, 0.5),
    ]
    # 22 of the 42 working days lie in January, 20 in February.
    assert report.cells("attained") == (pytest.approx(100 / 220), pytest.approx(100 / 200))
    assert report.cells("interval")[0].low < 0.2  # type: ignore[union-attr]
    store.write(set_quota, rep_id=book["Ona"], amount_minor=1_00, **days | {"first_on": date(2026, 2, 1),
                "currency_code": "PLN", "measure": "margin"})  # fmt: skip
    assert run(store, ramp).cells("attained") == report.cells("attained"), "of revenue alone"


def test_a_first_deal_stands_for_a_first_day_only_well_after_the_records_began(book: Book) -> None:
    book.add(*(won(-150 + 30 * i, 100_00, "Zofia") for i in range(5)))
    report = run(book.store, ramp)
    assert "No rep has a first day" in report.warnings[0]
    assert "stands for their first day: 1." in report.warnings[1]
    assert set(report.cells("reps")) == {1}
