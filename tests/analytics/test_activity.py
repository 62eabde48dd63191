"""Activities beside the best third's: by kind, direction, role met, and new or existing clients."""

from __future__ import annotations

from typing import Any

import pytest

from salestui.analytics.people.coaching import coaching
from salestui.analytics.report import Interval, Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.activity import activity
from salestui.store.store import Store
from salestui.usecases.activities import log_activity
from salestui.usecases.people import create_rep
from tests.analytics.book import Book, Life, Move, make_book, on


def run(store: Store, by: str, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: activity(reader, ask(reader, **scope), by))
    return made


def lines(report: Report, *keys: str) -> list[tuple[Any, ...]]:
    return list(zip(*(report.cells(key) for key in keys), strict=True))


@pytest.fixture
def book(store: Store) -> Book:
    """Four reps sell; Ona wins most, and does twenty visits and five calls, the others calls alone."""
    made = make_book(store)
    made.keys["Petras"] = store.write(create_rep, name="Petras").id
    for rank, rep in enumerate(("Ona", "Jonas", "Zofia", "Petras")):
        won = Move(20, "Offer", "won")
        made.add(Life([Move(1), won], 900_00 - 100_00 * rank, owner=rep, client="Łódź Foods"))
    made.add(Life([Move(2), Move(20, "Offer", "won")], 1_00, client="Acme"))
    made.log(
        *({"day": 10, "kind": "visit", "direction": "in"} for _ in range(20)),
        *({"day": 20} for _ in range(5)),
        *({"day": 21, "rep": rep} for rep in ("Jonas", "Zofia", "Petras") for _ in range(25)),
    )
    return made


def test_a_client_is_existing_from_the_day_after_the_first_win(book: Book) -> None:
    # All with Acme: on the days 10 and 20 it had not bought before.
    assert lines(run(book.store, "clients"), "clients", "count", "share") == [
        ("existing", 75, 0.75), ("new", 25, 0.25),
    ]  # fmt: skip
    # As of day 15 nothing was won, nor had the rest been done.
    assert lines(run(book.store, "clients", as_of=on(15)), "clients", "count") == [("new", 20)]


def test_what_is_done_for_a_deal_is_of_what_the_deal_is_of(book: Book) -> None:
    store = book.store
    book.add(Life([Move(30)], 5_00, client="Acme"), Life([Move(15)], 6_00, client="Acme"))
    for amount in (5_00, 6_00):
        deal = store.read(
            lambda reader: reader.value("SELECT id FROM deal WHERE amount_minor = :a", a=amount)  # noqa: B023
        )
        store.write(log_activity, kind="call", deal_id=deal, rep_id=book["Ona"])
    found = dict(lines(run(store, "clients"), "clients", "count"))
    assert found == {"existing": 76, "new": 26}


def test_the_best_third_stands_beside_with_its_range(book: Book) -> None:
    report = run(book.store, "kind")
    assert lines(report, "kind", "share", "best_third") == [("call", 0.8, 0.2), ("visit", 0.2, 0.8)]
    own, best = report.cells("interval")[0], report.cells("best_third_interval")[0]
    assert isinstance(own, Interval) and isinstance(best, Interval)
    assert own.low < 0.8 < own.high and best.low < 0.2 < best.high < own.low
    assert "those 1 of the 4 reps with wins" in report.method
    assert lines(run(book.store, "direction"), "direction", "best_third") == [
        ("out", 0.2),
        ("in", 0.8),
    ]
    # Of one rep's activities too: the best third is of all.
    assert lines(run(book.store, "kind", owner="Jonas"), "kind", "share", "best_third") == [
        ("call", 1, 0.2)
    ]
    assert not any(column.key == "best_third" for column in run(book.store, "rep").columns)


def test_of_three_reps_there_is_no_best_third(store: Store) -> None:
    book = make_book(store)
    book.add(
        *(Life([Move(1), Move(9, "Offer", "won")], owner=rep) for rep in ("Ona", "Jonas", "Zofia"))
    )
    book.log(*({"day": 10} for _ in range(30)))
    assert not any(column.key == "best_third" for column in run(store, "kind").columns)


def test_the_coaching_page_has_direction_and_clients(book: Book) -> None:
    page = book.store.read(lambda reader: coaching(reader, ask(reader, owner="Ona")))
    own = dict(zip(page.cells("measure"), page.cells("own"), strict=True))
    assert (own["We began"], own["They began"], own["With existing clients"]) == (20, 80, 0)
    verdicts = dict(zip(page.cells("measure"), page.cells("verdict"), strict=True))
    assert verdicts["They began"] == "more" and verdicts["With existing clients"] == "less"
