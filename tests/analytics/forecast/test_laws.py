"""What holds whatever the history: Hypothesis looks for one where it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestui.analytics.forecast.backtest import backtest
from salestui.analytics.forecast.groups import rounded, split
from salestui.analytics.forecast.study import Study
from salestui.analytics.forecast.total import Forecast, forecast_in
from tests.analytics.forecast.past import START, Line, forecast, make_events
from tests.analytics.test_events import cut

LINES = st.lists(
    st.builds(
        lambda created, waited, outcome, amount, owner, late, currency, product: Line(
            created,
            None if outcome == "open" else max(created + waited, 0),
            outcome,
            amount,
            None,
            owner,
            currency,
            late,
            product,
        ),  # fmt: skip
        st.integers(0, 240),
        st.integers(-3, 90),
        st.sampled_from(["won", "won", "lost", "open", "postponed"]),
        st.one_of(st.none(), st.integers(0, 10**12)),
        st.integers(0, 4),
        st.sampled_from([0, 0, 0, 5, 60]),
        st.sampled_from([0, 0, 0, 1]),
        st.integers(0, 2),
    ),
    max_size=80,
)
DAYS = st.integers(0, 330)
few = settings(max_examples=40, deadline=None)


def ahead(lines: list[Line], day: int) -> Forecast:
    return forecast(make_events(lines), day=START + day, last=START + day + 31, currency="EUR")


@few
@given(LINES, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_deals_does_not_matter(lines: list[Line], day: int, random: object) -> None:
    other = list(lines)
    random.shuffle(other)  # type: ignore[attr-defined]
    one, two = ahead(lines, day), ahead(other, day)
    for a, b in ((one.revenue, two.revenue), (one.count, two.count)):
        assert a.value == pytest.approx(b.value, rel=1e-9, abs=1e-6)
        assert (a.low, a.high) == pytest.approx((b.low, b.high), rel=1e-9, abs=1e-6)
    assert (one.wins, one.zombies, one.season) == (two.wins, two.zombies, two.season)


@few
@given(LINES, DAYS)
def test_what_was_recorded_later_changes_nothing(lines: list[Line], day: int) -> None:
    events, today = make_events(lines), START + day
    then = cut(events, today)
    wanted = {"day": today, "last": today + 20, "currency": "EUR"}
    assert forecast(events, **wanted) == forecast(then, **wanted)  # type: ignore[arg-type]
    past = {"day": today, "horizon": 14, "currency": "EUR", "origins": 2}
    assert backtest(events, **past) == backtest(then, **past)  # type: ignore[arg-type]


@few
@given(LINES, DAYS, st.sampled_from(["revenue", "count"]))
def test_group_forecasts_add_up(lines: list[Line], day: int, measure: str) -> None:
    study = Study(make_events(lines), "EUR")
    made = forecast_in(study, START + day, START + day + 1, START + day + 31)
    parts = split(study, made, lambda known: known.owner, measure)  # type: ignore[arg-type]
    if parts:
        whole = made.of(measure).value  # type: ignore[arg-type]
        # Parts are whole minor units: half a one, and what floats lose between amounts that cancel.
        assert abs(sum(part.value for part in parts) - whole) <= 0.51 + 1e-9 * whole
        assert all(part.value >= 0 and 0 <= part.low <= part.high for part in parts)


@few
@given(LINES, DAYS)
def test_every_number_is_one(lines: list[Line], day: int) -> None:
    made = ahead(lines, day)
    for each in (made.revenue, made.count):
        numbers = [each.value, each.low, each.high, each.top_down, each.bottom_up, each.won_to_date]
        assert np.isfinite(numbers).all() and min(numbers) >= 0 and each.low <= each.high


@given(st.lists(st.floats(0, 1e12), max_size=40))
def test_rounded_parts_are_whole_and_add_up(values: list[float]) -> None:
    whole = rounded(np.array(values))
    assert whole.sum() == round(float(np.sum(values)))
    assert (np.abs(whole - np.array(values)) < 1).all()
