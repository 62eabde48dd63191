"""The deviation test: how often it cries wolf, what it sees, and the formulas on counts by hand."""

from __future__ import annotations

from datetime import date
from math import comb, inf
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.analytics.stages.deviation import (
    LikeForLike,
    Reference,
    Swing,
    benjamini_hochberg,
    compared,
    is_wide,
    masses,
    measured,
    swing,
    two_sided,
    unlike_the_rest,
    usual_range,
)
from salestui.analytics.stages.hints import no_difference, unknown_swings
from salestui.text import Period

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), "2026")
SHARES = (0.3, 0.5, 0.55, 0.4, 0.6)


def drawn(
    random: np.random.Generator, share: float, rho: float, deals: int, periods: int
) -> list[tuple[int, int]]:
    """Past periods whose shares swing by rho."""
    size = 1 / rho - 1 if rho else inf
    around = (
        random.beta(share * size, (1 - share) * size, periods) if rho else np.full(periods, share)
    )
    return [(int(k), deals) for k in random.binomial(deals, around)]


def alarms(rho: float, deals: int, periods: int, stages: int, runs: int = 250) -> float:
    """How many of the shares that do not differ are flagged."""
    random, flagged = np.random.default_rng(deals + periods), 0
    for _ in range(runs):
        cases = []
        for share in SHARES[:stages]:
            *past, (now, _) = drawn(random, share, rho, deals, periods + 1)
            cases.append((now, deals, _reference(past)))
        flagged += sum(verdict.is_flagged for verdict in compared(cases))
    return flagged / runs / stages


def _reference(past: list[tuple[int, int]]) -> Reference:
    found = measured(past)
    assert found is not None
    return found


@pytest.mark.parametrize("rho", [0, 0.01, 0.03])
@pytest.mark.parametrize(("deals", "periods"), [(30, 52), (86, 13), (200, 6)])
@pytest.mark.parametrize("stages", [1, 2, 5])
def test_false_alarms(rho: float, deals: int, periods: int, stages: int) -> None:
    noise = 2 * (0.06 * 0.94 / (250 * stages)) ** 0.5
    assert alarms(rho, deals, periods, stages) <= 0.06 + noise


def test_false_alarms_over_all() -> None:
    rates = [alarms(rho, 86, 13, 5, runs=300) for rho in (0, 0.01, 0.03)]
    assert max(rates) <= 0.06


@pytest.mark.parametrize(
    ("deals", "share", "gap"), [(195, 0.5, 0.10), (150, 0.25, 0.10), (47, 0.5, 0.20)]
)
def test_power_as_the_study_measured_it(deals: int, share: float, gap: float) -> None:
    random = np.random.default_rng(3)
    reference = Reference(share, 100_000, 1000, Swing(0, 0))
    found = [
        compared([(int(random.binomial(deals, share + gap)), deals, reference)])[0]
        for _ in range(600)
    ]
    power = sum(each.is_flagged for each in found) / len(found)
    assert 0.72 < power < 0.88
    assert found[0].visible == pytest.approx(gap, rel=0.12)


def test_the_masses_are_those_of_the_binomial_and_the_beta_binomial() -> None:
    assert masses(4, 0.3, inf) == pytest.approx(
        [comb(4, k) * 0.3**k * 0.7 ** (4 - k) for k in range(5)]
    )
    assert masses(5, 0.5, 2) == pytest.approx([1 / 6] * 6)  # a = b = 1: all alike
    weights = masses(1000, 0.3, 50)
    mean = sum(k * each for k, each in enumerate(weights))
    variance = sum((k - mean) ** 2 * each for k, each in enumerate(weights))
    assert (sum(weights), mean) == pytest.approx((1, 300))
    assert variance == pytest.approx(1000 * 0.21 * (1 + 999 / 51))


def test_the_swing_by_hand() -> None:
    assert swing([(5, 10)] * 3) is None
    assert swing([(0, 10), (10, 10)] * 2) == (1, 1)
    assert swing([(5, 10)] * 8) == (0, 0)
    assert swing([(0, 10)] * 8) == (0, 0)
    # p = .5, X = (4 + 4 + 0 + 0) * 4 / 10 / 3 = 1.0667, n̄ = (40 - 10) / 3 = 10.
    found = swing([(3, 10), (7, 10), (5, 10), (5, 10)])
    assert found is not None and found.seen == pytest.approx(0.0667 / 9, abs=1e-4)


def test_the_tail_counts_all_that_is_no_likelier() -> None:
    weights = masses(10, 0.5, inf)
    assert two_sided(8, weights) == pytest.approx(2 * (45 + 10 + 1) / 1024)
    assert two_sided(5, weights) == pytest.approx(1)
    assert usual_range(weights) == (0.2, 0.8)


def test_q_values_by_hand() -> None:
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.5]) == pytest.approx(
        [0.04, 0.16 / 3, 0.16 / 3, 0.5]
    )
    assert benjamini_hochberg([]) == []


def test_the_words_of_the_study() -> None:
    """35 of 86 against 55 % with a usual range of 46 to 64 %: twice in a hundred."""
    reference = Reference(0.55, 1100, 13, Swing(0.0015, 0.0015))
    verdict = compared([(35, 86, reference)])[0]
    assert verdict.usual == pytest.approx((0.46, 0.64), abs=0.015)
    assert verdict.p == pytest.approx(0.02, abs=0.015)
    assert verdict.is_flagged


def test_without_a_past_nothing_is_flagged() -> None:
    assert measured([]) is None
    assert measured([(0, 0)]) is None
    reference = measured([(50, 100), (52, 100), (48, 100)])
    assert reference is not None and reference.swing is None
    verdict = compared([(2, 50, reference)])[0]
    assert verdict.p < 0.001 and not verdict.is_flagged


@pytest.mark.parametrize(
    ("passed", "deals"), [(19, 19), (57, 100)], ids=["too few deals", "too small a gap"]
)
def test_what_is_too_little_is_not_flagged(passed: int, deals: int) -> None:
    reference = Reference(0.53, inf, inf, Swing(0, 0))
    assert not compared([(passed, deals, reference)])[0].is_flagged


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(1, 60), st.integers(0, 30), st.integers(0, 12)),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_verdicts_are_shares_and_chances(drawn_cases: list[tuple[int, int, int, int]]) -> None:
    cases = []
    for passed, deals, before, periods in drawn_cases:
        past = [(min(before, 30), 30)] * periods
        reference = measured(past) or Reference(0.5, inf, inf, None)
        cases.append((min(passed, deals), deals, reference))
    for verdict in compared(cases):
        assert 0 <= verdict.p <= verdict.q + 1e-12 and verdict.q <= 1
        assert 0 <= verdict.usual[0] <= verdict.usual[1] <= 1
        assert verdict.visible >= 0


def test_what_is_usual_in_a_pipeline_does_not_hang_on_which_others_are_shown() -> None:
    steady = measured([(15, 30), (14, 30), (16, 30), (15, 30), (14, 30), (16, 30)])
    wild = measured([(5, 30), (25, 30), (8, 30), (22, 30), (4, 30), (26, 30)])
    assert steady is not None and wild is not None
    alone = compared([(20, 30, steady)])[0]
    both = compared([(20, 30, steady), (20, 30, wild)], ["orders", "projects"])[0]
    assert (both.usual, both.p) == (alone.usual, alone.p)
    one = compared([(20, 30, steady), (20, 30, wild)])[0]
    assert one.usual[0] < alone.usual[0] and one.p > alone.p


def test_units_are_compared_with_the_whole_and_small_ones_not_at_all() -> None:
    qs = unlike_the_rest([(60, 100), (58, 100), (20, 100), (1, 49)])
    assert qs[3] is None
    assert qs[2] is not None and qs[2] < 0.001
    assert unlike_the_rest([]) == []
    assert unlike_the_rest([(0, 0)]) == [None]
    # Nobody is named for chance: thirty reps of 200 deals each, all alike.
    random = np.random.default_rng(1)
    named = 0
    for _ in range(60):
        units = [(int(random.binomial(200, 0.63)), 200) for _ in range(30)]
        named += any(q is not None and q < 0.10 for q in unlike_the_rest(units))
    assert named / 60 <= 0.15


def case(passed: int, deals: int, reference: Reference, name: str = "Demo") -> Any:
    verdict = compared([(passed, deals, reference)])[0]
    return SimpleNamespace(verdict=verdict, stage=SimpleNamespace(name=name))


def test_five_points_are_enough_whatever_a_float_makes_of_them() -> None:
    assert 0.25 - 0.20 < 0.05
    assert LikeForLike(0.25, 0.20, 0.0).is_flagged(0.05)
    assert LikeForLike(0.20, 0.25, 0.0).is_flagged(0.05)
    assert not LikeForLike(0.25, 0.201, 0.0).is_flagged(0.05)
    assert is_wide(0.75 - 0.80) and not is_wide(0.0499)


def test_what_would_be_visible_is_said_of_what_was_judged() -> None:
    steady, unknown = Reference(0.5, inf, inf, Swing(0, 0)), Reference(0.9, 100, 2, None)
    assert "with 200 deals only gaps over 10 points" in str(no_difference([case(99, 200, steady)]))
    unjudged = case(10, 300, unknown, "Offer")
    assert no_difference([unjudged]) is None, "an 87-point gap lies open"
    assert str(unknown_swings([unjudged], YEAR)).startswith("Fewer than 4 earlier periods")
    both = [case(99, 200, steady), unjudged]
    assert "with 200 deals" in str(no_difference(both))
    assert str(unknown_swings(both, YEAR)).startswith("Offer: fewer than 4 earlier periods")
    assert unknown_swings([case(99, 200, steady)], YEAR) is None


def test_no_gap_is_promised_that_could_not_be() -> None:
    steady, wild = Reference(0.5, inf, inf, Swing(0, 0)), Reference(0.5, 50, 5, Swing(0.5, 0.5))
    assert str(no_difference([case(5, 10, steady)])).startswith(
        "Too few deals to judge a stage: 10"
    )
    assert str(no_difference([case(12, 25, wild)])).endswith("25 deals no gap would be visible.")
