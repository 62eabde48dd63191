"""Deviations on the Maven deals, where neither reps nor products nor weeks differ beyond chance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from salestui.analytics.forecast.stages import fit
from salestui.analytics.history import read_events
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.stages.deviations import deviations
from salestui.analytics.stages.reference_report import reference
from salestui.store.store import Store
from salestui.text import parse_period
from tests.conftest import MAVEN

pytestmark = pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here")


def run(store: Store, by: str | None = None, **scope: Any) -> Report:
    return store.read(lambda reader: deviations(reader, ask(reader, **scope), by))


@pytest.mark.parametrize("by", ["rep", "team", "office", "product"])
def test_no_rep_manager_region_or_product_is_named(maven: Store, by: str) -> None:
    report = run(maven, by)
    assert set(report.cells("verdict")) <= {"as all", "too few"}
    assert "differs from all of them beyond chance" in report.warnings[0]
    if by == "rep":
        assert len(report.rows) == 30
        assert min(report.cells("q")) == pytest.approx(0.345, abs=5e-4)  # type: ignore[type-var]


def test_no_four_weeks_are_called_unusual(maven: Store) -> None:
    first = date(2017, 7, 23)
    for number in range(6):
        report = run(maven, as_of=first + timedelta(days=28 * (number + 1) - 1))
        assert set(report.cells("verdict")) <= {"usual", None}


def test_september_is_usual_for_the_last_month_of_a_quarter(maven: Store) -> None:
    september = parse_period("2017-09", date(2017, 9, 30))

    def engaging(against: str) -> tuple[Any, ...]:
        report = maven.read(
            lambda reader: deviations(
                reader, ask(reader, period=september, as_of=date(2017, 12, 31)), against=against
            )
        )
        return tuple(report.cells(key)[1] for key in ("source", "reference", "share"))

    # Of what is closed 49, 55 and 81 % is won in the three months of a quarter.
    share, near = pytest.approx(503 / 635), 5e-4
    assert engaging("reference") == ("12 months", pytest.approx(0.621, abs=near), share)
    assert engaging("same-months") == ("same months", pytest.approx(0.825, abs=near), share)


@pytest.mark.parametrize("day", [date(2017, 12, 31), date(2018, 1, 1)])
def test_a_day_more_does_not_mix_january_into_december(maven: Store, day: date) -> None:
    report = maven.read(
        lambda reader: deviations(reader, ask(reader, as_of=day), against="same-months")
    )
    assert report.title.endswith("month 3 of other quarters") and report.period.label == "2017-12"
    assert report.cells("decided")[1] == 651
    assert report.cells("reference")[1] == pytest.approx(0.814, abs=5e-4)


def test_the_reference_of_engaging_deals(maven: Store) -> None:
    report = maven.read(lambda reader: reference(reader, ask(reader)))
    row = dict(zip((column.key for column in report.columns), report.rows[1], strict=True))
    assert (row["stage"], row["decided"], row["median_days"]) == ("Engaging", 6711, 60)
    assert row["forward"] == pytest.approx(0.631501, abs=5e-7)
    assert row["value"] == Money(2360_91, "USD")
    # Not the .63 of what was closed: those that never close count too.
    assert row["win"] == pytest.approx(0.529, abs=0.01)


def test_one_dated_stage_is_said_to_be_no_way_through_stages(maven: Store) -> None:
    events = maven.read(read_events)
    model = fit(events.known_on(events.today), events.stays_on(events.today))
    assert not model.is_usable
    assert model.reason.startswith("Only one stage has dates")
