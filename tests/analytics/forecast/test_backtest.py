"""Past forecasts, made again: which days, what is compared, and how to stop."""

from __future__ import annotations

from datetime import date

import pytest

from salestui.analytics.forecast.backtest import BLEND, METHODS, Stopped, backtest, windows_before
from salestui.analytics.forecast.scores import Origin, summarise
from salestui.analytics.forecast.settings import Settings
from salestui.analytics.forecast.study import Study
from salestui.text import from_day, to_day
from tests.analytics.forecast.past import START, Line, a_team, forecast, make_events

TODAY = START + 399
"""2 February 2025."""


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(make_events(a_team(1)), "EUR")


def test_months_start_after_month_ends(study: Study) -> None:
    windows = [window for window, _ in windows_before(study, TODAY, "month", 5)]
    assert [from_day(window.day) for window in windows] == [
        date(2024, 8, 31), date(2024, 9, 30), date(2024, 10, 31), date(2024, 11, 30),
        date(2024, 12, 31),
    ]  # fmt: skip
    assert from_day(windows[-1].last) == date(2025, 1, 31)
    # The month that runs is complete only on its last day.
    end = to_day(date(2025, 1, 31))
    assert windows_before(study, end, "month", 1)[0][0].last == end
    assert windows_before(study, end - 1, "month", 1)[0][0].last == to_day(date(2024, 12, 31))


def test_quarters_are_three_months_from_any_month_end(study: Study) -> None:
    (last, first), *_ = windows_before(study, TODAY, "quarter", 26)[::-1]
    assert (from_day(first), from_day(last.last)) == (date(2024, 11, 1), date(2025, 1, 31))


def test_the_rest_of_a_month_knows_its_beginning(study: Study) -> None:
    made = windows_before(study, TODAY, "rest-of-month", 7)
    assert [from_day(window.day).day for window, _ in made] == [20, 25, 5, 10, 15, 20, 25]
    assert all(from_day(first).day == 1 for _, first in made)
    assert len({window.last for window, _ in made}) == 2


def test_the_rest_of_a_quarter_begins_so_many_weeks_before_its_end(study: Study) -> None:
    made = windows_before(study, TODAY, "rest-of-quarter", 7)
    assert [window.length for window, _ in made] == [42, 28, 84, 70, 56, 42, 28]
    assert {(from_day(first), from_day(window.last)) for window, first in made} == {
        (date(2024, 7, 1), date(2024, 9, 30)), (date(2024, 10, 1), date(2024, 12, 31)),
    }  # fmt: skip
    end = to_day(date(2024, 12, 31))
    assert windows_before(study, end, "rest-of-quarter", 1)[0][0].last == end
    assert windows_before(study, end - 1, "rest-of-quarter", 1)[0][0].last == end - 92
    fiscal = Study(study.events, "EUR", settings=Settings(fiscal_start=2))
    assert from_day(windows_before(fiscal, TODAY, "rest-of-quarter", 1)[0][0].last) == date(
        2025, 1, 31
    )
    young = Study(make_events([Line(330, 340, "won")]), "EUR")
    assert windows_before(young, START + 455, "rest-of-quarter", 9)[0][0].day >= START + 340 + 42


def test_days_go_back_by_weeks_and_not_before_the_warm_up(study: Study) -> None:
    made = windows_before(study, TODAY, 20, 500)
    days = [window.day for window, _ in made]
    assert days[-1] == TODAY - 20 and {b - a for a, b in zip(days, days[1:], strict=False)} == {7}
    tracked = study.view(TODAY).tracked
    assert tracked + 42 <= days[0] < tracked + 49
    assert windows_before(Study(make_events([]), "EUR"), TODAY, 20, 9) == []


def test_an_origin_is_the_forecast_of_its_day(study: Study) -> None:
    made = backtest(study.events, day=TODAY, horizon=28, currency="EUR", origins=4)
    assert len(made.origins) == 4 * len(METHODS)
    for row in made.origins:
        if row.method == BLEND:
            alone = forecast(study.events, day=row.day, last=row.last, currency="EUR")
            assert (row.forecast, row.low, row.high) == (alone.value, alone.low, alone.high)
            won = study.view(TODAY).won["revenue"]
            assert row.actual == won.between(row.first, row.last)
    assert made.is_claimed and made.winner in METHODS
    assert made.of("run-rate").coverage is None
    count = backtest(
        study.events, day=TODAY, horizon=28, currency="EUR", measure="count", origins=2
    )
    assert count.origins[0].actual < 200


def test_progress_and_stop(study: Study) -> None:
    seen: list[tuple[int, int]] = []
    backtest(
        study.events, day=TODAY, horizon="month", currency="EUR", origins=3, study=study,
        progress=lambda done, of: seen.append((done, of)),
    )  # fmt: skip
    assert seen == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(Stopped):
        backtest(
            study.events, day=TODAY, horizon="month", currency="EUR", study=study,
            should_stop=lambda: True,
        )  # fmt: skip


@pytest.mark.parametrize("horizon", ["month", "quarter", "rest-of-quarter", 30])
def test_too_little_history_claims_nothing(horizon: str) -> None:
    for lines in ([], [Line(0)], [Line(0, 5, "won")], [Line(i, i + 9, "won") for i in range(60)]):
        made = backtest(make_events(lines), day=TODAY, horizon=horizon, currency="EUR", origins=5)  # type: ignore[arg-type]
        assert not made.is_claimed and made.warnings
        assert made.of().n == 0 or made.of().mean is not None


def test_one_period_foretold_many_times_is_one_outcome(study: Study) -> None:
    for origins, is_claimed in ((4, False), (7, True)):
        made = backtest(
            study.events, day=TODAY, horizon="rest-of-quarter", currency="EUR", origins=origins,
            study=study,
        )  # fmt: skip
        assert (len({row.last for row in made.origins}) > 1) == is_claimed
        assert made.is_claimed == is_claimed
        assert ("one and the same period" in " ".join(made.warnings)) != is_claimed


def test_cold_origins_are_told_apart(study: Study) -> None:
    made = backtest(study.events, day=TODAY, horizon="month", currency="EUR", study=study)
    cold = {row.day for row in made.origins if row.is_cold}
    warm = {row.day for row in made.origins if not row.is_cold}
    assert cold and warm and max(cold) < min(warm)
    assert made.of().n == len(warm)


def test_years_asleep_cost_no_more_than_the_days_that_deals_take() -> None:
    """Twenty years without a deal, and deals left open all that time."""
    asleep = 7_300
    early = [Line(i % 300, i % 300 + 40, "won") for i in range(90)] + [Line(i) for i in range(30)]
    late = [Line(asleep + i, asleep + i + 60, "won") for i in range(90)]
    study = Study(make_events(early + late, today=asleep + 200), "EUR")
    day = START + asleep + 160
    view = study.view(day)
    assert len(view.open_count) == 62 and view.open_count[61] == view.zombies == 30
    assert study.risk(day).exposed.at_risk.shape[1] == len(view.open_count)
    rates = study.hazard(day, 1).won
    assert len(rates) == 62 and 0 < rates[61] < 1e-5, "thirty deals slept for all that time"
    assert not study.ledger.has_dated_stages
    made = backtest(study.events, day=day, horizon=30, currency="EUR", origins=4, study=study)
    assert len({id(study.view(row.day).won["count"].daily.base) for row in made.origins}) == 1
    assert len({id(sums) for sums in study._tallies.values()}) < 30
    assert made.of().n == 4


def test_scores_by_hand() -> None:
    rows = [
        Origin(0, 1, 9, "x", 90.0, 100.0, 50.0, False, 80.0, 99.0, 30.0, 0.9),
        Origin(1, 2, 9, "x", 150.0, 100.0, 0.0, False, 100.0, 200.0, 30.0, 0.8),
        Origin(2, 3, 9, "x", 10.0, 0.0, 0.0, False, 0.0, 20.0, 1.0, 0.1),
        Origin(2, 3, 9, "y", 10.0, 10.0, 0.0, False),
    ]
    assert rows[0].total_accuracy == pytest.approx(1 - 10 / 150)
    assert (rows[2].accuracy, rows[3].is_inside) == (None, None)
    made = summarise(rows, "x")
    assert (made.n, made.mean, made.median, made.worst) == (2, pytest.approx(0.7), 0.7, 0.5)
    assert (made.good, made.ceiling) == (0.5, pytest.approx(0.85))
    # Nothing came of the third: it has no accuracy, but its range held what came.
    assert made.coverage == pytest.approx(2 / 3)
    assert made.wape == pytest.approx(70 / 200)
    assert made.width == pytest.approx((19 / 90 + 100 / 150 + 20 / 10) / 3)
    assert summarise([], "x").mean is None
