"""New deals and clients beside the orders, new business beside repeat business, on a store."""

from __future__ import annotations

from typing import Any

import pytest

from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.gains import gains
from salestui.analytics.selling.winning import win_rate
from salestui.store.store import Store
from salestui.text import parse_period
from tests.analytics.book import START, Life, Move, make_book, on


def told(store: Store, by: str | None = None, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: gains(reader, ask(reader, **scope), by))
    return made


def sold(
    created: int, closed: int, client: str | None, amount: int | None = 100_00, **more: Any
) -> Life:
    return Life([Move(created), Move(closed, "Offer", "won")], amount, client=client, **more)


@pytest.fixture
def book(store: Store) -> Store:
    """Acme buys in January, and again what came in February; Lodz Foods in February; a deal has no client."""
    made = make_book(store)
    made.add(
        sold(0, 10, "Acme"), sold(32, 40, "Acme", 300_00), sold(33, 50, "Łódź Foods", owner="Jonas"),
        sold(35, 41, None), sold(36, 42, "Acme", None),
        Life([Move(5), Move(20, "Demo", "lost", "Price")], 50_00, client="Acme"), Life([Move(34)]),
    )  # fmt: skip
    return store


def test_what_was_gained_month_by_month_and_its_ratio_to_orders(book: Store) -> None:
    report = told(book)
    keys = (
        "month",
        "created",
        "new_clients",
        "won",
        "created_per_win",
        "clients_per_win",
        "share_new",
    )
    assert list(zip(*(report.cells(key) for key in keys), strict=True)) == [
        ("2026-01", 2, 1, 1, 2.0, 1.0, 1.0),
        ("2026-02", 5, 1, 4, 1.2, 0.25, pytest.approx(1 / 3)),
    ]
    assert report.cells("repeat") == (0, 2)
    assert report.cells("new_amount") == (Money(100_00, "EUR"), Money(100_00, "EUR"))
    assert report.totals["repeat_amount"] == Money(300_00, "EUR")
    assert (report.totals["new_clients"], report.totals["created_per_win"]) == (2, 1.4)
    assert report.warnings[1:] == (
        "1 of 5 won deals is without a client: neither new nor repeat business.",
        "1 of 5 won deals is without an amount: the sums are of the others.",
    )


def test_who_is_new_at_the_begin_of_what_is_known_may_be_an_old_client(store: Store) -> None:
    """Acme bought soon after the records began in September, and again in November; Łódź Foods in January."""
    make_book(store).add(
        Life([Move(-99), Move(-97, "Demo", "lost", "Price")], 50_00),
        sold(-100, -90, "Acme"), sold(-92, -60, "Acme"), sold(10, 20, "Łódź Foods", 300_00),
    )  # fmt: skip

    def said(**scope: Any) -> tuple[str, ...]:
        return told(store, **scope).warnings

    begun = (
        "No deal closed before 2025-09-26 is known. Who was first won within 60 days of it may have bought "
        "before: "
    )
    assert said() == (f"{begun}1 of 2 new clients and 2 of 3 deals of new business.",)
    november = parse_period("2025-11", START)
    assert said(period=november) == (f"{begun}1 of 1 deal of new business.",)
    assert said(period=parse_period("2026-Q1", START)) == (), "by then it was known who had bought"


def test_new_business_is_that_of_new_clients_in_every_report(book: Store) -> None:
    by_client = book.read(lambda reader: win_rate(reader, ask(reader), "clients"))
    known = dict(zip(by_client.cells("clients"), by_client.cells("won"), strict=True))
    totals = told(book, "rep").totals
    assert (totals["new"], totals["repeat"]) == (known["new"], known["existing"])


def test_by_rep_a_client_is_gained_by_whoever_made_the_first_sale(book: Store) -> None:
    report = told(book, "rep")
    assert dict(zip(report.cells("rep"), report.cells("new_clients"), strict=True)) == {
        "Ona": 1,
        "Jonas": 1,
    }


def test_as_of_an_earlier_day_what_came_later_is_not_known(book: Store) -> None:
    january = told(book, as_of=on(25))
    assert january.cells("month") == ("2026-01",) and january.totals["won"] == 1
    nothing = told(book, as_of=on(-40))
    assert nothing.rows == () and nothing.totals["created_per_win"] is None
