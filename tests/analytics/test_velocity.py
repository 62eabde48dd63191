"""Velocity: where dates are odd no figure is made up, and the flow of all is not taken for a sum."""

from __future__ import annotations

import pytest

from salestui.analytics.rendering.wording import words
from salestui.analytics.report import Money
from salestui.analytics.scope import ask
from salestui.analytics.selling.velocity import velocity
from salestui.analytics.selling.winning import win_rate
from salestui.store.store import Store
from salestui.text import Period
from tests.analytics.book import Life, Move, make_book, on


@pytest.mark.parametrize("won_on", [10, 3], ids=["on the day created", "before it"])
def test_a_cycle_of_no_days_or_fewer_gives_no_classic_velocity(
    sqlite_store: Store, won_on: int
) -> None:
    won = [Life([Move(10), Move(won_on, "Offer", "won")]) for _ in range(3)]
    make_book(sqlite_store).add(*won, Life([Move(20)]))
    report = sqlite_store.read(lambda r: velocity(r, ask(r)))
    assert report.cells("classic") == report.cells("classic_live") == (None,)
    assert not any("classic form is off" in text for text in report.warnings)


def test_of_deals_none_of_which_has_ended_no_share_is_won_yet(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*(Life([Move(i)]) for i in range(40)))
    report = sqlite_store.read(lambda r: velocity(r, ask(r)))
    assert report.cells("share_won") == (None,)
    assert report.warnings[0] == (
        "Not one of the deals created is closed yet: what share is won, nobody knows."
    )


def test_deals_without_an_amount_count_with_the_mean_of_the_others(store: Store) -> None:
    """Forty wins, half of them of 1,000 EUR and half of nobody knows how much; as many losses."""
    won, lost = ("Offer", "won"), ("Demo", "lost", "Price")
    book = make_book(store)
    book.add(
        *(
            Life([Move(n), Move(n + 9, *end)], 1_000_00 if n % 2 else None)
            for n in range(40)
            for end in (won, lost)
        )
    )
    said = "20 of the 40 deals won in EUR have no amount: they are in no average."
    for made in (velocity, win_rate):
        report = store.read(lambda r, f=made: f(r, ask(r)))
        assert report.cells("average") == (Money(1_000_00, "EUR"),)
        assert said in report.warnings


def test_of_wins_none_of_which_has_an_amount_no_flow_is_known(sqlite_store: Store) -> None:
    book = make_book(sqlite_store)
    book.add(*(Life([Move(n), Move(n + 9, "Offer", "won")], None) for n in range(40)))
    report = sqlite_store.read(lambda r: velocity(r, ask(r)))
    assert report.cells("flow") == report.cells("average") == (None,)
    assert "40 of the 40 deals won in EUR have no amount: no average is known." in report.warnings


def test_the_flow_of_all_is_said_to_be_no_sum(sqlite_store: Store) -> None:
    """Half of the small deals are won and a quarter of the great ones, most of which are open still."""
    lives = []
    for pipeline, share, amount in (("Sales", 2, 10_00), ("Service", 4, 900_00)):
        for number in range(40):
            end = ("Offer", "won") if number % share == 0 else ("Demo", "lost", "Price")
            lives.append(Life([Move(number), Move(number + 5, *end)], amount, pipeline=pipeline))
    lives += [Life([Move(74)], 900_00, pipeline="Service") for _ in range(80)]
    make_book(sqlite_store).add(*lives)
    report = sqlite_store.read(lambda r: velocity(r, ask(r)))
    told = next(text for text in report.warnings if text.startswith("All takes"))
    rows = sum(cell.minor for cell in report.cells("flow"))  # type: ignore[union-attr]
    assert f"add up to {rows / 100:,.2f} EUR" in told
    alone = sqlite_store.read(lambda r: velocity(r, ask(r, pipeline="Sales")))
    assert not any(text.startswith("All takes") for text in alone.warnings)


def test_the_flow_of_a_currency_is_of_the_share_won_of_its_own_deals(sqlite_store: Store) -> None:
    """Of 40 deals in EUR three quarters are won, of 40 in PLN a quarter: together that is a half."""
    won, lost = ("Offer", "won"), ("Demo", "lost", "Price")
    lives = [
        Life([Move(n), Move(n + 9, *(won if (n % 4 == 0) == is_rare else lost))], 100_00, currency)
        for currency, is_rare in (("EUR", False), ("PLN", True))
        for n in range(40)
    ]
    make_book(sqlite_store).add(*lives)
    period = Period(on(0), on(59), "60 days")
    report = sqlite_store.read(lambda r: velocity(r, ask(r, period=period, as_of=on(59))))
    for currency, share in (("EUR", 0.75), ("PLN", 0.25)):
        key = currency.lower()
        assert report.cells(f"share_won_{key}") == (pytest.approx(share),)
        assert report.cells(f"created_per_day_{key}") == (pytest.approx(40 / 60, rel=1e-5),)
        assert report.cells(f"flow_{key}") == (Money(round(40 / 60 * share * 100_00), currency),)
    assert [text for text in report.warnings if "Too few" in text] == [
        "Too few wins to rely on the flow of Sales PLN (10): below 25 a single one moves it much."
    ]


def test_few_deals_in_many_days_are_not_none_a_day(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*(Life([Move(0), Move(9, "Offer", "won")]) for _ in range(6)))
    period = Period(on(59 - 3977), on(59), "eleven years")
    report = sqlite_store.read(lambda r: velocity(r, ask(r, period=period, as_of=on(59))))
    rates = report.cells("created_per_day")
    assert rates == (pytest.approx(6 / 3978, rel=1e-5),)
    assert words(rates[0], report.column("created_per_day")) == "0.0015"
    assert "the flow of Sales (6): below 25" in " ".join(report.warnings)
