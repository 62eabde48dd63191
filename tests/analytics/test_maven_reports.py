"""The reports of change, time and standstill on a set of 8,800 deals whose figures are known."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from salestui.analytics.pipeline.coverage import coverage
from salestui.analytics.pipeline.stalled import stalled
from salestui.analytics.pipeline.waterfall import waterfall
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.fates import fates
from salestui.analytics.selling.velocity import velocity
from salestui.analytics.stages.durations import durations
from salestui.store.store import Store
from salestui.text import Period, parse_period
from tests.conftest import MAVEN, NOON

pytestmark = [
    pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here"),
    pytest.mark.xdist_group("maven_reports"),
]

END = date(2017, 12, 31)


def run(store: Store, report: Any, by: str | None = None, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: report(reader, ask(reader, **scope), by))
    return made


def period(words: str) -> Period:
    return parse_period(words, NOON.date())


@pytest.mark.parametrize(
    ("when", "before", "created", "won", "lost", "after"),
    [
        (
            "2017-07", (1686, 4_216_807), (1198, 2_859_600), (308, -704_286), (319, -872_929),
            (2257, 5_499_192),
        ),
        (
            "2017-Q4", (2409, 5_763_490), (1165, 2_805_485), (1196, -2_798_547), (789, -1_878_199),
            (1589, 3_892_229),
        ),
    ],
)  # fmt: skip
def test_the_waterfall(
    maven: Store,
    when: str,
    before: tuple[int, int],
    created: tuple[int, int],
    won: tuple[int, int],
    lost: tuple[int, int],
    after: tuple[int, int],
) -> None:
    report = run(maven, waterfall, period=period(when))
    nothing = (0, 0)
    expected = [
        before, created, nothing, nothing, nothing, nothing, won, lost, nothing, nothing, nothing,
        after,
    ]  # fmt: skip
    assert report.cells("count") == tuple(count for count, _ in expected)
    assert report.cells("sum") == tuple(Money(100 * sum_, "USD") for _, sum_ in expected)


def test_the_waterfall_balances_between_any_two_days(maven: Store) -> None:
    random = Random(8)
    before: tuple[object, ...] = ()
    days = sorted(random.sample(range(1, 460), 6))
    for start, end in pairwise(date(2016, 10, 1) + timedelta(days=day) for day in days):
        report = run(maven, waterfall, period=Period(start + timedelta(days=1), end, "some days"))
        sums = [cell.minor for cell in report.cells("sum") if isinstance(cell, Money)]
        assert sum(sums[:-1]) == sums[-1]
        assert not before or report.rows[0] == before
        before = report.rows[-1]


def test_what_is_too_old_comes_out_by_itself(maven: Store) -> None:
    report = run(maven, stalled, as_of=END)
    assert report.warnings[0].startswith(
        "1,291 of 1,589 open deals are older than any deal ever won, which took 138 days"
    )
    assert (report.totals["open"], report.totals["too_old"]) == (1589, 1291)
    by_rep = run(maven, stalled, "rep", as_of=END)
    assert sum(by_rep.cells("too_old")) == 1291
    assert len(run(maven, stalled, "deal", as_of=END).rows) == 1291


def test_days_until_a_deal_is_closed(maven: Store) -> None:
    report = run(maven, durations)
    row = dict(zip((column.key for column in report.columns), report.rows[1], strict=True))
    assert (row["stage"], row["median_days"], row["mean_of_left"]) == ("Engaging", 60, 47.99)


def test_the_share_won_and_lost_by_age(maven: Store) -> None:
    by_currency = maven.read(lambda reader: fates(reader, ask(reader, as_of=END)))
    found = by_currency[None]["USD"].incidence()
    won = [found.by(day, 0) for day in (30, 60, 90, 138)]
    assert won == pytest.approx([0.2473, 0.2935, 0.4195, 0.5290], abs=5e-5)
    lost = [found.by(day, 1) for day in (30, 60, 90, 138)]
    assert lost == pytest.approx([0.1840, 0.2075, 0.2710, 0.3153], abs=5e-5)
    assert 1 - found.at_last(0) - found.at_last(1) == pytest.approx(0.1556, abs=1e-4)


def test_the_flow_of_spring_and_the_classic_velocity_of_the_last_quarter(maven: Store) -> None:
    spring = Period(date(2017, 3, 1), date(2017, 7, 31), "spring")
    flow = run(maven, velocity, period=spring, as_of=END).totals
    assert (flow["created"], flow["created_per_day"]) == (4378, 28.6144)
    assert flow["share_won"] == pytest.approx(0.4858, abs=5e-5)
    assert flow["average"] == Money(2360_81, "USD")
    # 28.61 x .4858 x 2,361 is 32,818 with the factors rounded.
    assert flow["flow"] == Money(32_819_90, "USD")
    classic = run(maven, velocity, period=period("2017-Q4"), as_of=END).totals
    assert classic["open"] == 1589
    assert [dollars(classic[key]) for key in ("classic", "classic_live", "actual")] == [
        45_266, 8_204, 30_462,
    ]  # fmt: skip
    months = Period(date(2017, 4, 1), date(2017, 9, 30), "summer")
    assert dollars(run(maven, velocity, period=months).totals["actual"]) == 33_160


def dollars(cell: object) -> int:
    assert isinstance(cell, Money)
    return round(cell.minor / 100)


def test_what_the_opening_pipeline_yields(maven: Store) -> None:
    report = run(maven, coverage, period=period("2017-Q4"))
    rows = {
        row[0]: dict(zip((c.key for c in report.columns), row, strict=True)) for row in report.rows
    }
    assert [rows[q]["yield"] for q in ("2017-Q3", "2017-Q4")] == pytest.approx(
        [0.344, 0.216], abs=6e-4
    )
    assert [rows[q]["from_open"] for q in ("2017-Q3", "2017-Q4")] == pytest.approx(
        [0.483, 0.447], abs=5e-4
    )
    # 2.07 is .447 / .216 of the rounded shares.
    assert [rows[q]["needed"] for q in ("2017-Q3", "2017-Q4")] == pytest.approx(
        [1.40, 2.07], abs=0.01
    )
    assert rows["2017-Q3"]["open"] == Money(4_216_807_00, "USD")
    ahead = run(maven, coverage, period=period("2018-Q1"), as_of=date(2017, 12, 31))
    assert ahead.cells("yield")[-1] is ahead.cells("from_open")[-1] is None, "it has not begun"
    assert ahead.warnings[0].startswith("The period has not begun by 2017-12-31")
    months = run(maven, coverage, period=period("2017-09"))
    assert list(months.cells("yield"))[-3:] == pytest.approx([0.04, 0.17, 0.18], abs=0.005)
