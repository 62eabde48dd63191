"""Where stages are dated, open deals are judged by them, and the whole forecast is the better for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from salestui.analytics.forecast.backtest import backtest
from salestui.analytics.forecast.blend import past_windows
from salestui.analytics.forecast.phases import FLAT
from salestui.analytics.forecast.settings import Settings
from salestui.analytics.forecast.study import Study, Window
from salestui.analytics.forecast.total import forecast_in
from salestui.analytics.history import read_events
from salestui.store.store import Store
from salestui.text import to_day
from tests.analytics.book import make_book
from tests.analytics.test_forecasting import lives


@pytest.mark.demo
def test_stages_tell_more_than_ages(sqlite_store: Store) -> None:
    """Two pipelines of different length: a deal's age says little, its stage much."""
    events, day = sqlite_store.read(read_events), to_day(sqlite_store.today())
    study = Study(events, "EUR")
    found = backtest(events, day=day, horizon=30, currency="EUR", study=study)
    ours, by_age = found.of(), found.of("hazard")
    assert ours.mean is not None and by_age.mean is not None
    assert ours.mean > by_age.mean + 0.3 and ours.mean > 0.7
    made = forecast_in(study, day, day + 1, day + 30)
    assert "stages of open deals" in made.method


def test_one_stage_is_judged_by_age(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(300, first=-100))
    events, day = sqlite_store.read(read_events), to_day(sqlite_store.today())
    study = Study(events, "EUR")
    window = Window(day, day + 1, day + 30)
    parts = study.bottom_up(window, FLAT, "revenue")
    assert parts == study.by_age(window, FLAT, "revenue")
    assert "ages of open deals" in forecast_in(study, day, day + 1, day + 30).method


@pytest.mark.parametrize("measure", ["revenue", "count"])
@pytest.mark.demo
def test_a_long_history_is_fitted_once_a_month(sqlite_store: Store, measure: str) -> None:
    events, day = sqlite_store.read(read_events), to_day(sqlite_store.today())
    fresh = Study(events, "EUR")
    monthly = Study(events, "EUR", settings=replace(Settings(), fresh_events=0))
    window = Window(day, day + 1, day + 30)
    one, other = (s.bottom_up(window, FLAT, measure) for s in (fresh, monthly))  # type: ignore
    assert one.new == other.new and one.open == pytest.approx(other.open, rel=0.2)


@pytest.mark.demo
def test_forecasts_of_a_long_history_are_tried_on_the_same_days(sqlite_store: Store) -> None:
    events, day = sqlite_store.read(read_events), to_day(sqlite_store.today())
    fresh = Study(events, "EUR")
    shared = Study(events, "EUR", settings=replace(Settings(), fresh_events=0))
    month, fortnight = Window(day, day + 1, day + 30), Window(day, day + 1, day + 14)
    for study, weekday in ((fresh, (day - 30) % 7), (shared, 0)):
        past = past_windows(study, month, month.last)
        assert len(past) > 20 and {each.day % 7 for each in past} == {weekday}
        assert day - 36 <= past[0].day <= day - 30 and past[0].length == 30
    # What is won in a fortnight depends on its weekdays.
    assert past_windows(shared, fortnight, day + 14) == past_windows(fresh, fortnight, day + 14)
