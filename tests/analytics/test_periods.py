"""Going through time by the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from salestui.analytics.periods import named, stepped
from salestui.text import parse_period

TODAY = date(2027, 1, 5)


@pytest.mark.parametrize(
    ("typed", "by", "label"),
    [
        ("last-week", 1, "2027-W01"),
        ("2026-W01", -1, "2025-W52"),
        ("2026-W53", 2, "2027-W02"),
        ("2026-Q4", 1, "2027-Q1"),
        ("2026-11-10..2026-11-16", 1, "2026-11-17..2026-11-23"),
        ("all", 1, "all"),
    ],
)
def test_the_next_and_the_one_before(typed: str, by: int, label: str) -> None:
    assert stepped(parse_period(typed, TODAY), by).label == label


def test_a_stretch_of_the_calendar_goes_by_its_name() -> None:
    assert named(date(2026, 11, 16), date(2026, 11, 22)).label == "2026-W47"
    assert named(date(2026, 11, 17), date(2026, 11, 23)).label == "2026-11-17..2026-11-23"
