"""The what-if as a report says of each change what the sliders of the screen say."""

from __future__ import annotations

from typing import Any

import pytest

from salestui.analytics.kept import Kept
from salestui.analytics.outlook.forecast_overview import ground
from salestui.analytics.outlook.what_if_report import Wanted, what_if_report
from salestui.analytics.outlook.whatif import Change, what_if
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.wish import Wish
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.text import parse_period
from tests.analytics.book import STAGES, Life, Move, make_book
from tests.analytics.test_forecasting import lives
from tests.analytics.test_what_if import staged_lives

DAYS = "2026-03-19..2026-04-30"


def report_of(store: Store, wanted: Wanted | None = None, **more: Any) -> Report:
    period = parse_period(DAYS, store.today())
    return store.read(
        lambda reader: what_if_report(reader, ask(reader, period=period), wanted=wanted, **more)
    )


def test_each_change_alone_and_all_of_them_are_what_the_screen_says(store: Store) -> None:
    make_book(store).add(*staged_lives(900))
    wish = Wish(period=parse_period(DAYS, store.today()))
    base = store.read(lambda reader: ground(reader, wish, Kept()))
    assert base is not None
    offer = next(code for code, name in base.stages if name.endswith("Offer"))
    made = report_of(store, Wanted(stages=(("sales: offer", 1.2),), size=1.1, cycle=0.9, sellers=1))
    changes = (
        Change(), Change(stages={offer: 1.2}), Change(size=1.1), Change(cycle=0.9), Change(sellers=1),
        Change(size=1.1, cycle=0.9, sellers=1, stages={offer: 1.2}),
    )  # fmt: skip
    assert made.cells("change") == (
        "as things are", "Sales: Offer", "deal size", "days a deal takes", "sellers",
        "all of these",
    )  # fmt: skip
    assert made.cells("forecast") == tuple(
        Money(round(base.won + what_if(base, each)), "EUR") for each in changes
    )
    as_is = made.cells("forecast")[0]
    for total, more, share in zip(
        made.cells("forecast"), made.cells("difference"), made.cells("share"), strict=True
    ):
        assert isinstance(total, Money) and isinstance(as_is, Money)
        if more is not None:
            assert isinstance(more, Money) and more.minor == total.minor - as_is.minor
            assert share == pytest.approx(more.minor / as_is.minor)
    assert (made.cells("now")[4], made.cells("then")[4]) == ("1", "2"), "Ona owns all deals"


def test_a_tenth_of_everything_is_tried_where_nothing_was_asked_for(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*staged_lives(900))
    made = report_of(sqlite_store)
    assert made.cells("change")[1:5] == (*(f"Sales: {name}" for name in STAGES), "deal size")
    assert all(isinstance(more, Money) and more.minor > 0 for more in made.cells("difference")[1:])
    assert made.n == 900 and any("assumed, not measured" in text for text in made.warnings)


def test_where_stages_have_no_dates_conversion_is_that_of_all_deals(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(300))
    assert report_of(sqlite_store).cells("change")[1] == "conversion of all deals"
    with pytest.raises(Refused, match=r"goes on from Offer is not known here.*--conversion \+10%"):
        report_of(sqlite_store, Wanted(stages=(("Sales: Offer", 1.1),)))


def test_what_is_beyond_the_sliders_is_refused(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(300))
    for wanted, why in (
        (Wanted(size=9.0), "900% of what is now is beyond"),
        (Wanted(cycle=10_000.0), "1,000,000% of what is now is beyond"),
        (Wanted(conversion=0.0), "0% of what is now is beyond"),
        (Wanted(arrivals=-1.0), "-100% of what is now is beyond"),
        (Wanted(stages=(("Sales: Offer", 3.5),)), "350% of what is now is beyond"),
        (Wanted(cycle=0.1), r"10% of what is now.*as \+10% and -10%"),
        (
            Wanted(sellers=-2),
            r"Of 2 sellers -2 is beyond what is reckoned with, -1 to \+4: one at least takes over",
        ),
        (Wanted(stages=(("[b]", 0.1),)), "no stage"),
        (Wanted(stages=(("Nowhere", 1.1),)), "There is no stage 'Nowhere'"),
    ):
        with pytest.raises(Refused, match=why):
            report_of(sqlite_store, wanted)
    with pytest.raises(Refused, match="narrow it by --owner"):
        report_of(sqlite_store, by="rep")


def test_an_empty_store_has_nothing_to_change(sqlite_store: Store) -> None:
    assert report_of(sqlite_store).rows == ()
    with pytest.raises(Refused, match="900% of what is now is beyond"):
        report_of(sqlite_store, Wanted(size=9.0))


def test_where_nothing_is_to_come_nothing_changes_it(sqlite_store: Store) -> None:
    sold = [Life([Move(day), Move(day + 9, "Offer", "won")]) for day in range(-220, -100)]
    make_book(sqlite_store).add(*sold)
    made = report_of(sqlite_store)
    assert any("so nothing changes it" in text for text in made.warnings)
    assert len(set(made.cells("forecast"))) == 1
