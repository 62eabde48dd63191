"""The forecast of a period: its parts, its warnings, and histories that would break a naive one."""

from __future__ import annotations

import numpy as np
import pytest

from salestui.analytics.forecast.blend import blend
from salestui.analytics.forecast.phases import FLAT, QUARTERLY, month, starts
from salestui.analytics.forecast.settings import MEASURES, Settings
from salestui.analytics.forecast.study import Study, Window
from salestui.analytics.forecast.total import Forecast, forecast_in
from tests.analytics.forecast.past import START, Line, a_team, forecast, make_events
from tests.analytics.forecast.test_simulated import DAYS, a_company


def ahead(lines: list[Line], day: int, days: int = 30, **more: object) -> Forecast:
    return forecast(
        make_events(lines), day=START + day, last=START + day + days, currency="EUR", **more
    )  # type: ignore[arg-type]


def test_the_parts_make_the_whole() -> None:
    made = ahead(a_team(1), 380, first=START + 366)
    for each in (made.revenue, made.count):
        whole = each.weight * each.top_down + (1 - each.weight) * each.bottom_up
        assert each.value == pytest.approx(whole)
        assert each.bottom_up == each.bottom_up_open + each.bottom_up_new
        assert each.low < each.value < each.high
        assert each.total == each.won_to_date + each.value > each.value
    assert made.is_claimed and made.is_point and made.season == FLAT
    assert made.value == made.revenue.value and made.n_hat == made.count.value
    assert made.of("count") is made.count
    assert made.warnings == () or "older" in made.warnings[0]


def test_a_later_period_is_what_both_together_leave_after_the_sooner() -> None:
    events = make_events(a_team(2))
    day = START + 380
    study = Study(events, "EUR")
    for measure in ("revenue", "count"):
        near, far, both = (
            study.bottom_up(window, 1, measure).sum
            for window in (
                Window(day, day + 1, day + 31),
                Window(day, day + 32, day + 62),
                Window(day, day + 1, day + 62),
            )
        )
        assert near + far == pytest.approx(both)
    made = forecast(events, day=day, first=day + 32, last=day + 62, currency="EUR")
    assert made.revenue.won_to_date == 0 and made.value > 0


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "No win with a day is known yet"),
        ([Line(0)], "No win with a day is known yet"),
        ([Line(0, 10, "won")], "Too little history"),
        ([Line(i, i + 20, "lost") for i in range(200)], "No win with a day is known yet"),
        ([Line(i, i + 20, "won") for i in range(200)], "No losses are recorded"),
        ([Line(i, i - 5, "won") for i in range(10, 200)], "No losses are recorded"),
        ([Line(i, i, "won") for i in range(200)], "No losses are recorded"),
        ([Line(i, i + 9, "postponed") for i in range(100)], "No win with a day is known yet"),
        ([Line(i, i + 9, "won", amount=None) for i in range(100)], "No losses"),
        ([Line(i, i + 9, "won", amount=0) for i in range(100)], "No losses"),
    ],
)
def test_odd_histories_make_a_forecast_all_the_same(lines: list[Line], says: str) -> None:
    made = ahead(lines, 230)
    for each in (made.revenue, made.count):
        numbers = [each.value, each.low, each.high, each.top_down, each.bottom_up]
        assert np.isfinite(numbers).all() and min(numbers) >= 0.0
    assert any(says in each for each in made.warnings)


def test_a_steady_stream_of_wins_is_carried_on() -> None:
    made = ahead([Line(i // 3, i // 3 + 20, "won") for i in range(900)], 290, 30)
    assert made.count.value == pytest.approx(90, rel=0.05)
    assert made.value == pytest.approx(90 * 100_00, rel=0.05)


def test_deals_put_off_do_not_come() -> None:
    lines = [Line(i, i + 1 + i * 7 % 40, "won" if i % 2 else "lost") for i in range(290)]
    waiting = [Line(290 - i % 10, None) for i in range(100)]
    off = [Line(290 - i % 10, 295, "postponed") for i in range(100)]
    some, none, put = ahead(lines + waiting, 300), ahead(lines, 300), ahead(lines + off, 300)
    assert some.count.bottom_up_open > 20 + none.count.bottom_up_open
    assert put.count.bottom_up_open <= none.count.bottom_up_open


def test_currencies_are_never_added() -> None:
    lines = a_team(5)
    other = [Line(each.created, each.ended, each.outcome, 10**9, currency=1) for each in lines]
    alone, beside = ahead(lines, 380), ahead(lines + other, 380)
    assert beside.revenue == alone.revenue and beside.count == alone.count
    dollars = forecast(
        make_events(lines + other), day=START + 380, last=START + 400, currency="USD"
    )
    assert dollars.value > 100 * alone.value


def test_few_deals_and_short_histories_claim_nothing_and_range_wider() -> None:
    lines = a_team(3)
    whole = ahead(lines, 380)
    early = ahead(lines, 60)
    assert not early.is_claimed and "Too little history" in early.warnings[0]

    def width(made: Forecast) -> float:
        return (made.high - made.low) / made.value

    assert width(early) > 1.15 * width(whole)
    few = ahead(lines, 380, chosen=lambda known: known.deal % 20 == 0)
    assert not few.is_claimed and not few.is_point and few.n_hat < 25
    assert any("Too few deals" in each for each in few.warnings)
    assert width(few) > 2 * width(whole)
    assert few.count.low == int(few.count.low)


def test_the_better_half_weighs_more() -> None:
    day, settings = START + 380, Settings()
    study = Study(make_events(a_team(7)), "EUR", settings=settings)
    made = blend(study, Window(day, day + 1, day + 30), 1, "count")
    assert 0.1 <= made.weight <= 0.9 and len(made.errors) == 26
    assert made.effective == pytest.approx(26 * 7 / 30)


def test_stale_deals_are_told() -> None:
    lines = [*a_team(1), *[Line(-200, None) for _ in range(40)]]
    made = ahead(lines, 380)
    assert made.zombies >= 40
    assert any("older than any deal ever won" in each for each in made.warnings)


@pytest.mark.parametrize("day", [DAYS - 75, DAYS - 45, DAYS - 31])
def test_where_months_differ_those_of_a_quarter_add_up_to_it(day: int) -> None:
    """In the middle of a quarter, and of the quarter that follows."""
    study, today = Study(make_events(a_company(1, factors=(0.7, 1.0, 1.3))), "EUR"), START + day
    assert study.gate(today).season == QUARTERLY
    begin = month(today + 1) // 3 * 3
    for number in (begin, begin + 3):
        whole = forecast_in(study, today, starts(number), starts(number + 3) - 1)
        ahead = [each for each in range(number, number + 3) if starts(each + 1) - 1 > today]
        months = [forecast_in(study, today, starts(each), starts(each + 1) - 1) for each in ahead]
        for measure in MEASURES:
            parts = sum(each.of(measure).value for each in months)
            assert parts == pytest.approx(whole.of(measure).value, rel=1e-9)
        assert all(0 < each.revenue.low < each.value < each.revenue.high for each in months)
