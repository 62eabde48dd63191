"""The statistics against published examples, slow definitions and their own laws."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.analytics.measures import kaplan_meier, mean, median, ratio, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe, Statist. Med. 17 (1998) 857-872, table I, method 3 (score).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    successes: int, trials: int, low: float, high: float
) -> None:
    found = wilson(successes, trials)
    assert found == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_holds_the_share_and_mirrors(won: int, lost: int) -> None:
    found = wilson(won, won + lost)
    if found is None:
        assert won + lost == 0
        return
    low, high = found
    assert 0 <= low <= won / (won + lost) <= high <= 1
    mirrored = wilson(lost, won + lost)
    assert mirrored == pytest.approx((1 - high, 1 - low))


def test_a_ratio_of_nothing_is_not_zero() -> None:
    assert ratio(0, 0) is None
    assert ratio(0, 4) == 0


def test_kaplan_meier_gives_the_published_curve() -> None:
    # Remission in weeks under 6-MP, Freireich et al., Blood 21 (1963), as in Kalbfleisch & Prentice.
    leaving = Counter([6, 6, 6, 7, 10, 13, 16, 22, 23])
    staying = Counter([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
    curve = kaplan_meier(leaving, staying)
    assert curve.days == (6, 7, 10, 13, 16, 22, 23)
    assert curve.surviving == pytest.approx(
        (0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448), abs=5e-4
    )
    assert curve.quartiles == (13, 23, None)
    assert (curve.last, curve.left, curve.observed) == (35, 9, 21)


def test_with_nobody_left_the_median_is_unknown() -> None:
    curve = kaplan_meier({}, {5: 3, 9: 1})
    assert curve.quartiles == (None, None, None)
    assert curve.last == 9
    assert kaplan_meier({}, {}).last is None


def test_late_entry_counts_only_from_the_day_it_is_watched() -> None:
    # Two were watched from the start and left after 1 and 4 days; two came to be watched on day 3.
    curve = kaplan_meier({1: 1, 4: 1, 6: 2}, {}, {3: 2})
    # Day 1: 1 of 2. Day 4: 1 of (1 + 2). Day 6: both that are left.
    assert curve.surviving == pytest.approx((1 / 2, 1 / 2 * 2 / 3, 0))
    ignoring = kaplan_meier({1: 1, 4: 1, 6: 2}, {})
    assert ignoring.surviving == pytest.approx((3 / 4, 2 / 4, 0))


_TIMES = st.lists(
    st.tuples(st.integers(0, 30), st.booleans(), st.integers(0, 30)), min_size=1, max_size=40
)
"""(days, has left, days before it was watched)."""


@given(_TIMES, st.randoms(use_true_random=False))
def test_kaplan_meier_is_its_definition_in_any_order(
    people: list[tuple[int, bool, int]], random: object
) -> None:
    people = [(days, left, min(late, days)) for days, left, late in people]
    random.shuffle(people)  # type: ignore[attr-defined]
    leaving = Counter(days for days, left, _ in people if left)
    staying = Counter(days for days, left, _ in people if not left)
    entering = Counter(late for _, _, late in people if late)
    curve = kaplan_meier(leaving, staying, entering)
    share = Fraction(1)
    for day, found in zip(curve.days, curve.surviving, strict=True):
        at_risk = sum(late <= day <= days for days, _, late in people)
        share *= 1 - Fraction(leaving[day], at_risk)
        assert found == pytest.approx(float(share), abs=1e-9)
    assert set(curve.days) == set(leaving)


@given(st.lists(st.integers(0, 50), min_size=1))
def test_without_those_still_there_it_is_the_plain_share(days: list[int]) -> None:
    curve = kaplan_meier(Counter(days), {})
    half = curve.days_until(0.5)
    ranked = sorted(days)
    assert half == ranked[(len(days) - 1) // 2]


@given(st.lists(st.integers(-50, 50), min_size=1))
def test_median_and_mean_of_counts(values: list[int]) -> None:
    from statistics import fmean
    from statistics import median as exact

    assert median(Counter(values)) == exact(values)
    assert mean(Counter(values)) == pytest.approx(fmean(values))


def test_median_of_nothing_is_unknown() -> None:
    assert median({}) is None
    assert mean({}) is None
