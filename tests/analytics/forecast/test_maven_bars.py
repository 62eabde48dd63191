"""Golden numbers and bars of accuracy on a real-world-shaped set of 8,800 deals with default settings."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from statistics import fmean
from typing import Any

import numpy as np
import pytest

from salestui.analytics.events import Codes, Events, Known
from salestui.analytics.forecast.ageing import fit, incidence, won_within
from salestui.analytics.forecast.backtest import BLEND, Backtest, backtest
from salestui.analytics.forecast.groups import Part, split
from salestui.analytics.forecast.phases import shifted
from salestui.analytics.forecast.probability import chances, prove
from salestui.analytics.forecast.study import Study
from salestui.analytics.forecast.total import Forecast, forecast_in
from salestui.analytics.forecast.trend import run_rate
from salestui.analytics.history import read_events
from salestui.store.store import Store
from salestui.text import from_day, to_day
from tests.analytics.forecast.past import forecast
from tests.analytics.test_events import cut
from tests.conftest import MAVEN

pytestmark = [
    pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here"),
    pytest.mark.xdist_group("maven_bars"),
]

CLAIMED = date(2017, 7, 31)


def on(month: int, of_month: int, year: int = 2017) -> int:
    return to_day(date(year, month, of_month))


END = on(12, 31)


@pytest.fixture(scope="module")
def store(maven: Store) -> Store:
    return maven


@pytest.fixture(scope="module")
def events(store: Store) -> Events:
    return store.read(read_events)


@pytest.fixture(scope="module")
def study(events: Events) -> Study:
    return Study(events, "USD")


Tests = Callable[..., Backtest]


@pytest.fixture(scope="module")
def tested(events: Events, study: Study) -> Tests:
    made: dict[Any, Backtest] = {}

    def get(horizon: Any, day: int = END, measure: Any = "revenue") -> Backtest:
        if (horizon, day, measure) not in made:
            made[horizon, day, measure] = backtest(
                events, day=day, horizon=horizon, currency="USD", measure=measure, study=study
            )
        return made[horizon, day, measure]

    return get


def next_month(tested: Tests) -> Backtest:
    return tested("month")


def thirty_days(tested: Tests) -> Backtest:
    return tested(30, on(12, 27))


def thirteen_weeks(tested: Tests) -> Backtest:
    return tested(91, on(12, 25))


def rest_of_month(tested: Tests) -> Backtest:
    return tested("rest-of-month")


def ahead(study: Study, day: int, last: int) -> Forecast:
    return forecast_in(study, day, day + 1, last)


# Golden numbers.


def test_incidence_with_and_without_left_truncation(study: Study) -> None:
    view = study.view(END)
    curve = incidence(fit(study.risk(END).exposed, 1, 1, is_binned=False))
    ages = [30, 60, 90, 138]
    assert curve.won[ages].round(4).tolist() == [0.2473, 0.2935, 0.4195, 0.5290]
    assert curve.left[ages].round(4).tolist() == [0.1840, 0.2075, 0.2710, 0.3153]
    assert round(float(curve.is_open[138]), 4) == 0.1556
    assert view.oldest_win == 138


def test_the_open_funnel(study: Study) -> None:
    view = study.view(END)
    assert view.template["revenue"] == pytest.approx(1_946_115_00, abs=100)
    assert view.by_rate["revenue"] == pytest.approx(2_457_943_00, rel=1e-5)
    by_age = fit(study.risk(END).exposed, 1, 1)
    chance = won_within(by_age, END, END + 1, END + 730, np.arange(len(view.open_count)))
    assert chance @ view.open_count == pytest.approx(74, rel=0.1)
    assert chance @ view.open_amount == pytest.approx(174_146_00, rel=0.1)
    priced = chances(study, END)
    assert priced.ultimate.sum() == pytest.approx(70, rel=0.1)
    assert priced.ultimate @ priced.amount == pytest.approx(161_188_00, rel=0.1)
    assert priced.is_zombie.sum() == 1291


def test_the_calendar(study: Study) -> None:
    assert study.gate(on(7, 31)).season == 3
    assert study.gate(on(7, 31)).p == pytest.approx(0.015, abs=5e-4)
    assert {study.gate(on(month, 30)).season for month in (4, 5, 6, 7)} == {1}
    factors = fit(study.risk(on(10, 31)).exposed, 3, 1)
    assert factors.won_factor.tolist() == pytest.approx([0.70, 0.95, 1.36], abs=0.05)
    assert factors.left_factor.tolist() == pytest.approx([1.22, 1.30, 0.53], abs=0.05)


@pytest.mark.parametrize(
    ("day", "last", "value", "low", "high"),
    [
        (on(9, 30), on(10, 31), 767_561, 639_359, 921_470),
        (on(11, 30), on(12, 31), 1_030_587, 877_404, 1_210_514),
        (on(9, 30), on(12, 31), 3_038_642, None, None),
    ],
)
def test_forecasts(
    events: Events, day: int, last: int, value: int, low: int | None, high: int | None
) -> None:
    made = forecast(events, day=day, last=last, currency="USD")
    assert made.value == pytest.approx(value * 100, rel=0.05)
    if low is not None and high is not None:
        assert (made.low, made.high) == pytest.approx((low * 100, high * 100), rel=0.05)


# Bars.


@pytest.mark.parametrize("day", [on(5, 20), on(7, 31), on(10, 10)])
def test_a1_what_came_later_changes_nothing(events: Events, day: int) -> None:
    """Deleted, and scrambled: outcomes, amounts, stages, clients of all that came after the day."""
    random = np.random.default_rng(0)
    later = (events.recorded > day) | (events.day > day)
    scrambled = replace(
        events,
        amount=np.where(later, random.permutation(events.amount), events.amount),
        outcome=np.where(later, random.permutation(events.outcome), events.outcome),
        client=random.permutation(events.client),
    )
    whole = forecast(events, day=day, last=day + 30, currency="USD")
    assert whole == forecast(cut(events, day), day=day, last=day + 30, currency="USD")
    assert whole == forecast(scrambled, day=day, last=day + 30, currency="USD")
    past = backtest(events, day=day, horizon=14, currency="USD", origins=4)
    assert past == backtest(cut(events, day), day=day, horizon=14, currency="USD", origins=4)


def test_a2_next_month(tested: Tests) -> None:
    found = next_month(tested).of()
    assert found.n == 5 and found.mean is not None and found.worst is not None
    assert found.mean >= 0.90 and found.worst >= 0.82


def test_a3_thirty_days(tested: Tests) -> None:
    found = thirty_days(tested).of()
    assert found.n == 18 and found.mean is not None and found.worst is not None
    assert found.mean >= 0.91 and found.worst >= 0.80 and found.good is not None
    assert found.good >= 0.70


def test_a4_thirteen_weeks(tested: Tests) -> None:
    found = thirteen_weeks(tested).of()
    assert found.n == 9 and found.mean is not None and found.worst is not None
    assert found.mean >= 0.92 and found.worst >= 0.86


def test_a5_the_fourth_quarter(study: Study) -> None:
    made = ahead(study, on(9, 30), END)
    assert 1 - abs(made.value - 2_802_496_00) / 2_802_496_00 >= 0.90


def test_a6_the_rest_of_a_month(tested: Tests) -> None:
    made = rest_of_month(tested)
    found = made.of()
    assert found.n == 25 and found.mean is not None and found.mean >= 0.87
    for of_month, bar in ((15, 0.93), (20, 0.95)):
        totals = [
            row.total_accuracy
            for row in made.origins
            if row.method == BLEND and not row.is_cold and from_day(row.day).day == of_month
        ]
        assert len(totals) == 5
        assert fmean(each for each in totals if each is not None) >= bar


def test_the_rest_of_a_quarter(tested: Tests) -> None:
    """Below the months' bar in the worst case: the same quarter is forecast five times."""
    found = tested("rest-of-quarter").of()
    assert found.n == 8 and found.mean is not None and found.worst is not None
    assert found.mean >= 0.89 and found.worst >= 0.80
    assert found.coverage is not None and found.coverage >= 0.75


def test_a7_the_ranges(tested: Tests) -> None:
    inside, widths = [], []
    for made in (each(tested) for each in (next_month, thirty_days, thirteen_weeks, rest_of_month)):
        for row in made.origins:
            if row.method == BLEND and not row.is_cold:
                assert row.low is not None and row.high is not None
                inside.append(row.is_inside)
                widths.append((row.high - row.low) / row.forecast)
    assert len(inside) == 57
    assert 0.75 <= np.mean(inside) <= 1.0 and np.mean(widths) <= 0.50


def test_a8_it_beats_the_plain_methods(tested: Tests) -> None:
    for made in (each(tested) for each in (next_month, thirty_days, thirteen_weeks)):
        own = made.of().mean
        for name in ("template", "closed-rate", "run-rate", "smoothing"):
            other = made.of(name).mean
            assert own is not None and other is not None and own > other, (made.horizon, name)


def _teams(events: Events, store: Store) -> dict[str, Codes]:
    """For each owner's code the codes of the rep, the manager and the region."""
    names = dict(store.read(lambda reader: reader.rows("SELECT id, name FROM rep")))
    with (MAVEN / "sales_teams.csv").open() as file:
        rows = {row["sales_agent"]: row for row in csv.DictReader(file)}
    found: dict[str, Codes] = {"rep": np.arange(len(events.names.owners), dtype=np.int32)}
    for column, name in (("manager", "manager"), ("regional_office", "region")):
        of = [rows[names[key]][column] for key in events.names.owners]
        found[name] = np.unique(of, return_inverse=True)[1].astype(np.int32)
    return found


def test_a9_groups(events: Events, store: Store, study: Study) -> None:
    _, late = study.deals(END)
    teams = _teams(events, store)

    def months(unit: str, measure: Any) -> tuple[list[Part], list[float]]:
        def label(known: Known) -> Codes:
            labelled: Codes = teams[unit][known.owner]
            return labelled

        parts, came = [], []
        for month in range(8, 13):
            first, last = on(month, 1), shifted(on(month, 1), 1) - 1
            made = ahead(study, first - 1, last)
            own = split(study, made, label, measure)
            assert sum(part.value for part in own) == round(made.of(measure).value)
            of = label(study.ledger.known_on(END))[late.row]
            won = late.is_won & (late.closed >= first) & (late.closed <= last)
            worth = np.ones(len(late)) if measure == "count" else late.won
            parts += own
            came += [float(worth[won & (of == part.code)].sum()) for part in own]
        return parts, came

    def mean(unit: str) -> float:
        return fmean(
            1 - abs(part.value - actual) / actual
            for part, actual in zip(*months(unit, "revenue"), strict=True)
        )

    def wape(unit: str, measure: Any) -> float:
        parts, came = months(unit, measure)
        missed = sum(abs(p.value - actual) for p, actual in zip(parts, came, strict=True))
        return missed / sum(came)

    assert mean("region") >= 0.86
    assert mean("manager") >= 0.80
    assert wape("manager", "revenue") <= 0.16
    assert wape("rep", "count") <= 0.26
    assert wape("rep", "revenue") <= 0.36
    parts, came = months("rep", "count")
    inside = [part.low <= actual <= part.high for part, actual in zip(parts, came, strict=True)]
    assert 0.75 <= np.mean(inside) <= 0.95


def test_a10_probabilities(study: Study) -> None:
    found = prove(study, on(12, 17), origins=11).base
    assert found is not None and found.n == 22_899
    assert found.brier <= 0.165 and found.auc >= 0.70 and found.ece <= 0.08


def test_a12_a_cold_start_and_a_rep_claim_nothing(
    events: Events, study: Study, tested: Tests
) -> None:
    early = ahead(study, on(6, 30), on(7, 31))
    assert not early.is_claimed and any("Too little history" in each for each in early.warnings)
    cold = next(each for each in next_month(tested).cold if each.method == BLEND)
    assert cold.n == 3
    assert not backtest(events, day=on(7, 20), horizon=30, currency="USD", study=study).is_claimed
    busy = np.bincount(study.ledger.known_on(END).owner).argsort()[::-1][5]
    one = forecast(
        events, day=on(9, 30), last=on(10, 31), currency="USD",
        chosen=lambda known: known.owner == busy,
    )  # fmt: skip
    assert not one.is_claimed and any("Too few deals" in each for each in one.warnings)
    company = ahead(study, on(9, 30), on(10, 31))
    assert (one.high - one.low) / one.value > 2 * (company.high - company.low) / company.value


def test_a13_what_it_says_by_itself(study: Study) -> None:
    made = ahead(study, END, on(3, 31, 2018))
    assert "1,291 of 1,589 open deals are older than any deal ever won." in made.warnings
    assert made.revenue.top_down == pytest.approx(2_870_000_00, rel=0.05)
    assert made.revenue.bottom_up == pytest.approx(380_000_00, rel=0.05)
    assert made.revenue.disagreement == pytest.approx(7.6, abs=0.2)
    (said,) = (each for each in made.warnings if "disagree 7.6 times" in each)
    for half in (made.revenue.top_down, made.revenue.bottom_up):
        assert f"{round(half / 100):,} USD" in said
    assert made.is_doubtful and not ahead(study, on(9, 30), END).is_doubtful
    assert made.open_template / made.open_statistics > 5
    assert any("percentages promise 11 times" in each for each in made.warnings)


@pytest.mark.parametrize("day", [on(6, 30), on(9, 30), END])
def test_open_deals_bring_no_more_than_they_are_worth(study: Study, day: int) -> None:
    first, brought = day + 1, 0.0
    for _ in range(8):
        last = shifted(first, 3) - 1
        made = forecast_in(study, day, first, last)
        assert made.revenue.of_open <= made.revenue.bottom_up_open
        assert made.revenue.of_open <= made.revenue.value
        brought, first = brought + made.revenue.of_open, last + 1
        worth = made.open_statistics
    assert brought <= worth * (1 + 1e-9)


def test_a16_a_quarter_after_its_slow_first_month(study: Study) -> None:
    actual = 696_932_00 + 1_050_059_00 + 1_235_264_00
    made = forecast_in(study, on(7, 31), on(7, 1), on(9, 30))
    assert 1 - abs(made.revenue.total - actual) / actual >= 0.90
    linear = made.revenue.won_to_date / 31 * 92
    assert 1 - abs(linear - actual) / actual == pytest.approx(0.69, abs=0.01)
    assert run_rate(study.view(on(7, 31)).won["revenue"], 31, 0, 91) == pytest.approx(linear)


def test_every_deal_that_is_open_was_open(study: Study) -> None:
    for month, of_month, count in ((5, 31, 1535), (6, 30, 1686), (7, 31, 2257), (9, 30, 2409)):
        assert study.view(on(month, of_month)).open_count.sum() == count
    assert study.view(on(6, 30)).open_amount.sum() == 4_216_807_00
