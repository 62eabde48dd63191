"""The calendar, and the gate that it has to pass."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from salestui.analytics.events import NEVER
from salestui.analytics.forecast.phases import (
    FLAT,
    QUARTERLY,
    YEARLY,
    age_in_months,
    full_months,
    gate,
    is_seen,
    month_of,
    month_start,
    months_differ,
    phase_of,
    shifted,
)
from salestui.text import from_day, to_day


def day(year: int, month: int, of_month: int) -> int:
    return to_day(date(year, month, of_month))


def test_months_are_those_of_the_calendar() -> None:
    days = np.arange(day(1999, 12, 1), day(2005, 3, 1), dtype=np.int64)
    for each in (days, days[::7], days[:10]):
        months = month_of(each)
        dates = [from_day(number) for number in each.tolist()]
        assert months.tolist() == [12 * (d.year - 1970) + d.month - 1 for d in dates]
        assert [from_day(n).day for n in month_start(months).tolist()] == [1] * len(each)


def test_phases_follow_the_fiscal_year() -> None:
    months = np.arange(12, dtype=np.int64)
    assert phase_of(months, QUARTERLY).tolist() == [0, 1, 2] * 4
    assert phase_of(months, QUARTERLY, fiscal_start=2).tolist() == [2, 0, 1] * 4
    assert phase_of(months, YEARLY, fiscal_start=4).tolist() == [9, 10, 11, *range(9)]
    assert phase_of(months, FLAT, fiscal_start=5).tolist() == [0] * 12


def test_only_full_months_count() -> None:
    daily = np.ones(day(2024, 6, 1) - day(2024, 1, 5))
    months, sums = full_months(daily, day(2024, 1, 5))
    assert (len(months), sums.tolist()) == (4, [29, 31, 30, 31])
    assert len(full_months(daily[:20], day(2024, 1, 5))[0]) == 0
    assert len(full_months(daily[:0], day(2024, 1, 5))[0]) == 0
    assert not is_seen(day(2024, 1, 5), day(2024, 3, 31), QUARTERLY)
    assert is_seen(day(2024, 1, 5), day(2024, 4, 30), QUARTERLY)


def test_the_days_of_a_month_may_not_all_have_a_counterpart() -> None:
    assert from_day(shifted(day(2024, 3, 31), -1)) == date(2024, 2, 29)
    assert from_day(shifted(day(2024, 1, 31), 13)) == date(2025, 2, 28)
    assert age_in_months(day(2017, 3, 1), day(2017, 7, 31)) == 5
    assert age_in_months(day(2017, 3, 1), day(2017, 7, 30)) == 4
    assert age_in_months(day(2017, 3, 15), day(2017, 7, 13)) == 3
    assert age_in_months(day(2017, 3, 15), day(2017, 7, 14)) == 4
    assert age_in_months(NEVER, day(2017, 7, 14)) == 0


def wins(means: list[float], months: int, seed: int) -> np.ndarray:
    """Daily wins from 1 January 2022, each month with the next of these means."""
    random, parts = np.random.default_rng(seed), []
    for number in range(months):
        first = shifted(day(2022, 1, 1), number)
        length = shifted(first, 1) - first
        parts.append(random.poisson(means[number % len(means)] / length, length))
    return np.concatenate(parts).astype(float)


def test_the_gate_opens_for_a_pattern_and_hardly_ever_without() -> None:
    start = day(2022, 1, 1)
    assert gate(wins([70, 100, 130], 9, 1), start).season == QUARTERLY
    assert gate(wins([70, 100, 130], 4, 1), start).season == FLAT
    assert gate(wins([3, 3, 5], 6, 1), start).season == FLAT
    opened = [gate(wins([100], 9, seed), start).season != FLAT for seed in range(300)]
    assert np.mean(opened) <= 0.05
    yearly = [60, 60, 60, 60, 60, 60, 140, 140, 140, 140, 140, 140]
    assert gate(wins(yearly, 23, 1), start).season == FLAT
    assert gate(wins(yearly, 24, 1), start).season == YEARLY
    assert gate(wins([70, 100, 130], 30, 1), start).season == QUARTERLY


def test_the_gate_by_hand() -> None:
    y = np.array([531.0, 285, 438, 531, 308])
    fine = np.array([2, 0, 1, 2, 0])
    assert months_differ(y, np.zeros(5, np.int64), fine) == pytest.approx(0.0149, abs=1e-4)
    assert months_differ(y, fine, fine) == 1.0
    assert months_differ(np.zeros(6), np.zeros(6, np.int64), np.array([0, 1, 2] * 2)) == 1.0
