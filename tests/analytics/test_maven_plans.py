"""Capacity, ramp, quota and coaching on the real-world-shaped set of 8,800 deals: the golden numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from salestui.analytics.people.coaching import lines
from salestui.analytics.people.habits import read_habits
from salestui.analytics.people.ramp import ramp
from salestui.analytics.people.rep_periods import read_crew, read_history
from salestui.analytics.people.team import team
from salestui.analytics.plan.capacity import capacity
from salestui.analytics.plan.headcount import spread
from salestui.analytics.plan.quota import quota
from salestui.analytics.plan.targets import Target
from salestui.analytics.report import Money
from salestui.analytics.scope import ask
from salestui.store.store import Store
from salestui.text import Period
from salestui.usecases.quotas import set_quota
from tests.conftest import MAVEN

pytestmark = pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here")

END = date(2017, 12, 31)
Q1 = Period(date(2018, 1, 1), date(2018, 3, 31), "2018-Q1")
Q3 = Period(date(2017, 7, 1), date(2017, 9, 30), "2017-Q3")


@pytest.fixture(scope="module")
def maven(maven: Store) -> Store:
    for first, last in ((Q3.first, Q3.last), (date(2017, 10, 1), END)):
        maven.write(
            set_quota, first_on=first, last_on=last, currency_code="USD", amount_minor=3_000_000_00
        )
    return maven


def test_what_a_rep_brings_and_how_many_a_plan_needs(maven: Store) -> None:
    def read(reader: Any) -> Any:
        scope = replace(ask(reader, as_of=END), period=Q1)
        return spread(read_history(reader, scope, read_crew(reader, scope), "USD").table)

    made = maven.read(read)
    assert round(made.mean / 100) == 98_565
    assert round(made.within / 100) == 24_135
    assert round(made.between / 100) == 53_060
    for dollars, naive, needed in ((4_000_000, 41, 45), (3_600_000, 37, 41)):
        target = Target("revenue", "USD", 100 * dollars)
        report = maven.read(
            lambda r, t=target: capacity(r, ask(r, as_of=END, period=Q1), None, target=t)
        )
        row = report.rows[2]
        assert report.cells("target")[2] == Money(100 * dollars, "USD")
        assert (report.cells("naive")[2], report.cells("needed")[2]) == (naive, needed), row
    assert report.cells("reps")[0] == 30
    assert any("count as ramped: 30." in text for text in report.warnings)


def test_without_days_of_hire_there_is_no_ramp(maven: Store) -> None:
    report = maven.read(lambda r: ramp(r, ask(r), None))
    assert report.rows == ()
    assert "No rep has a first day at work" in report.warnings[0]


def test_the_pace_of_a_quarter_goes_by_its_months(maven: Store) -> None:
    """On day 31 a quarter looks a third done by days and far less by how its wins have come before."""
    report = maven.read(
        lambda r: quota(
            r,
            ask(r, as_of=date(2017, 10, 31), period=Period(date(2017, 10, 1), END, "q")),
            "everybody",
        )
    )
    assert "by the months of the quarter" in report.method
    due = report.cells("due")[0]
    assert isinstance(due, Money) and due.minor < 0.27 * 3_000_000_00
    won, projected = report.cells("won")[0], report.cells("projected")[0]
    assert won == Money(731_980_00, "USD")
    assert isinstance(projected, Money)
    accuracy = 1 - abs(projected.minor - 2_802_496_00) / 2_802_496_00
    assert accuracy >= 0.85
    reps = maven.read(
        lambda r: quota(
            r, ask(r, as_of=date(2017, 10, 31), period=Period(date(2017, 10, 1), END, "q")), "rep"
        )
    )
    parts = [cell.minor for cell in reps.cells("projected") if isinstance(cell, Money)]
    assert sum(parts) == pytest.approx(projected.minor, rel=1e-6), "the reps' parts add up"


def test_a_quarter_that_is_over_is_what_it_was(maven: Store) -> None:
    report = maven.read(lambda r: quota(r, ask(r, period=Q3), "everybody"))
    assert report.cells("won") == (Money(2_982_255_00, "USD"),)
    assert report.cells("p_attain") == (0.0,)


def test_nobody_is_flagged(maven: Store) -> None:
    """The reps' win rates carry no signal: chance explains their spread."""
    report = maven.read(lambda r: team(r, ask(r, as_of=END), None))
    assert "do not rank by it" in report.warnings[0]
    year = Period(date(2017, 1, 1), END, "2017")
    habits = maven.read(lambda r: read_habits(r, ask(r, as_of=END, period=year)))
    assert len(habits.won) == 30
    flagged = {
        line.habit.name for rep in habits.won for line in lines(habits, rep) if line.is_flagged
    }
    assert "Win rate" not in flagged and not any("passed" in name for name in flagged)
