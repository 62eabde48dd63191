"""The reports on a real-world-shaped set of 8,800 deals: facts that are known from the files themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salestui.analytics.past import rebuilt
from salestui.analytics.pipeline.board import board
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.winning import win_rate
from salestui.analytics.stages.conversion import conversion
from salestui.analytics.stages.funnel import funnel
from salestui.analytics.stages.overview import look
from salestui.analytics.wish import Wish
from salestui.store.store import Store
from salestui.text import Period
from tests.analytics.test_past import everything
from tests.conftest import MAVEN

pytestmark = pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here")

MONTHS = (
    1134672, 721932, 1025713, 1338466, 696932, 1050059, 1235264, 731980, 938943, 1131573,
)  # fmt: skip
"""Won from March to December 2017, in dollars."""


def run(store: Store, report: Any, by: str | None = None, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: report(reader, ask(reader, **scope), by))
    return made


def test_the_win_rate(maven: Store) -> None:
    totals = run(maven, win_rate).totals
    assert (totals["won"], totals["lost"], totals["closed"]) == (4238, 2473, 6711)
    assert totals["won_sum"] == Money(10_005_534_00, "USD")
    assert totals["win_rate"] == pytest.approx(0.631501, abs=5e-7)
    assert (totals["median_cycle"], totals["mean_cycle"]) == (57, 51.78)
    assert run(maven, win_rate).to_json()["totals"]["win_rate"] == 0.631501


def test_what_was_won_month_by_month(maven: Store) -> None:
    report = run(maven, win_rate, "month")
    assert report.cells("month") == tuple(f"2017-{month:02}" for month in range(3, 13))
    assert report.cells("won_sum") == tuple(Money(sum * 100, "USD") for sum in MONTHS)
    quarter = run(maven, win_rate, period=Period(date(2017, 4, 1), date(2017, 6, 30), "2017-Q2"))
    assert quarter.totals["won_sum"] == Money(sum(MONTHS[1:4]) * 100, "USD")


def test_the_funnel_and_the_conversion(maven: Store) -> None:
    report = run(maven, funnel)
    assert report.cells("stage") == ("Prospecting", "Engaging", "Won")
    assert report.cells("count") == (8800, 8300, 4238)
    assert report.cells("sum")[-1] == Money(10_005_534_00, "USD")
    assert report.warnings == (
        "500 deals without a day created counted, because no period is set.",
    )
    stages = run(maven, conversion)
    assert stages.cells("entered") == (500, 8300)
    assert (stages.cells("advanced"), stages.cells("lost")) == ((0, 4238), (0, 2473))
    assert stages.cells("open") == (500, 1589)
    # 69 days if deals that were engaged before anything was recorded counted from their first day.
    assert stages.cells("median_days") == (None, 60)


def test_the_cohorts_of_march_to_july(maven: Store) -> None:
    report = run(maven, funnel, period=Period(date(2017, 3, 1), date(2017, 7, 31), "spring"))
    assert report.n == 4378
    assert report.totals["won"] == 2127
    assert report.totals["of_first"] == pytest.approx(0.4858, abs=5e-5)


@pytest.mark.parametrize(
    ("day", "deals", "dollars"),
    [
        (date(2017, 5, 31), 1535, None),
        (date(2017, 6, 30), 1686, 4_216_807),
        (date(2017, 7, 31), 2257, 5_499_192),
        (date(2017, 9, 30), 2409, 5_763_490),
        (date(2017, 12, 31), 1589, 3_892_229),
    ],
)
def test_what_was_open_on_a_day(maven: Store, day: date, deals: int, dollars: int | None) -> None:
    report = run(maven, board, as_of=day)
    assert report.totals["count"] == deals
    if dollars is not None:
        assert report.totals["sum"] == Money(dollars * 100, "USD")


def test_rebuilt_for_today_it_is_what_the_store_says(maven: Store) -> None:
    def compare(reader: Any) -> None:
        with rebuilt(reader, reader.today) as then:
            assert everything(then, ask(reader)) == everything(reader, ask(reader))

    maven.read(compare)


def test_the_screen_shows_the_same_figures(maven: Store) -> None:
    view = maven.read(look, Wish())
    assert view.funnel == run(maven, funnel)
    assert view.win_rate.totals["won_sum"] == Money(10_005_534_00, "USD")
    assert view.losses.n == 2473
    for key in ("stage", "entered", "conversion", "interval", "median_days"):
        assert view.conversion.cells(key) == run(maven, conversion).cells(key)
