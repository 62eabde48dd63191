"""Sums of the past, carried on."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from salestui.analytics.forecast.ceiling import ceiling
from salestui.analytics.forecast.phases import month_of, phase_of
from salestui.analytics.forecast.trend import (
    Past,
    damped,
    phased_rate,
    run_rate,
    smoothed,
    weekly,
)
from salestui.text import to_day

END = to_day(date(2024, 6, 30))


def test_what_never_changes_is_carried_on_by_all() -> None:
    past = Past(np.full(200, 3.0), END)
    for made in (
        run_rate(past, 91, END + 1, END + 40),
        smoothed(past, END + 1, END + 40),
        damped(past).sum(END + 1, END + 40),
        phased_rate(past).sum(END + 1, END + 40),
    ):
        assert made == pytest.approx(120)
    assert damped(past).sum(END + 10, END + 19) == pytest.approx(30)


def test_nothing_is_carried_on_from_nothing() -> None:
    past = Past(np.zeros(0), END)
    assert run_rate(past, 28, END + 1, END + 9) == 0.0
    assert smoothed(past, END + 1, END + 9) == damped(past).sum(END + 1, END + 9) == 0.0
    assert phased_rate(past).sum(END + 1, END + 9) == 0.0
    assert phased_rate(Past(np.zeros(9), END)).sum(END + 1, END + 9) == 0.0


def test_weeks_end_on_the_day() -> None:
    past = Past(np.arange(16.0), END)
    assert weekly(past).tolist() == [sum(range(2, 9)), sum(range(9, 16))]
    assert past.between(END - 1, END + 5) == 14 + 15
    assert past.between(END - 99, END - 15) == 0
    # level = y1 + .3 (y2 - y1)
    assert smoothed(past, END + 1, END + 7) == pytest.approx(35 + 0.3 * 49)
    # One step of Holt: level = 35 + .3 * 49, trend = .1 * .3 * 49, next week level + .9 trend.
    assert damped(past).sum(END + 1, END + 7) == pytest.approx(49.7 + 0.9 * 1.47)
    two = 49.7 + 0.9 * 1.47 + (49.7 + (0.9 + 0.81) * 1.47) * 3 / 7
    assert damped(past).sum(END + 1, END + 10) == pytest.approx(two)


def test_the_calendar_is_learned() -> None:
    days = np.arange(END - 540, END + 1)
    daily = np.array([0.5, 1.0, 2.0])[phase_of(month_of(days), 3)] * 10
    rate = phased_rate(Past(daily, END))
    assert (rate.factor / rate.factor[1]).tolist() == pytest.approx([0.5, 1, 2], rel=0.1)
    july, september = to_day(date(2024, 7, 1)), to_day(date(2024, 9, 1))
    assert rate.sum(july, july + 30) == pytest.approx(155, rel=0.1)
    assert rate.sum(september, september + 29) == pytest.approx(600, rel=0.05)


def test_the_ceiling_is_that_of_chance() -> None:
    assert ceiling(138, 1.16) == pytest.approx(0.90, abs=0.002)
    assert ceiling(1200, 1.16) == pytest.approx(0.966, abs=0.001)
    assert ceiling(64) == pytest.approx(0.90, abs=0.001)
    assert (ceiling(0), ceiling(0.1, 3.0)) == (None, 0.0)
    random = np.random.default_rng(1)
    sums = random.poisson(100, 20_000)
    assert np.mean(1 - abs(100 - sums) / 100) == pytest.approx(ceiling(100), abs=0.002)
