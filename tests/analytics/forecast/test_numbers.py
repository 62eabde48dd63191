"""Values that are printed in the tables of every textbook."""

from __future__ import annotations

import pytest

from salestui.analytics.forecast.numbers import (
    betainc,
    count_quantile,
    f_tail,
    normal_quantile,
    t_quantile,
)


def test_the_incomplete_beta() -> None:
    assert betainc(2, 3, 0.4) == pytest.approx(0.5248, abs=1e-12)  # 6x^2 - 8x^3 + 3x^4
    assert betainc(0.5, 0.5, 0.5) == pytest.approx(0.5, abs=1e-14)
    assert betainc(1, 7, 0.1) == pytest.approx(1 - 0.9**7, abs=1e-14)
    assert (betainc(3, 4, 0.0), betainc(3, 4, 1.0)) == (0.0, 1.0)
    assert betainc(30, 50, 0.3) + betainc(50, 30, 0.7) == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize(
    ("value", "above", "below", "tail"),
    [(4.1028, 2, 10, 0.05), (3.8853, 2, 12, 0.05), (18.5128, 1, 2, 0.05), (5.4095, 3, 5, 0.05)],
)
def test_the_tail_of_f(value: float, above: int, below: int, tail: float) -> None:
    assert f_tail(value, above, below) == pytest.approx(tail, rel=1e-2)


def test_the_tail_of_f_with_two_and_two_degrees_has_a_closed_form() -> None:
    assert f_tail(66.2, 2, 2) == pytest.approx(1 / 67.2, abs=1e-14)
    assert f_tail(0.0, 2, 2) == 1.0


@pytest.mark.parametrize(
    ("probability", "freedom", "quantile"),
    [(0.90, 3, 1.637744), (0.95, 10, 1.812461), (0.975, 1, 12.706205), (0.90, 1e6, 1.281552)],
)
def test_the_quantile_of_t(probability: float, freedom: float, quantile: float) -> None:
    assert t_quantile(probability, freedom) == pytest.approx(quantile, abs=2e-6)
    assert t_quantile(1 - probability, freedom) == pytest.approx(-quantile, abs=2e-6)
    assert t_quantile(0.5, freedom) == 0.0


def test_the_quantile_of_the_normal() -> None:
    assert normal_quantile(0.9) == pytest.approx(1.2815515655)


def test_the_quantiles_of_counts() -> None:
    assert count_quantile(0.9, 0.0, 0.0) == 0
    assert [count_quantile(p, 4.0, 4.0) for p in (0.1, 0.5, 0.9)] == [2, 4, 7]  # Poisson
    # Geometric with mean 1: P(N <= k) = 1 - 2^-(k+1).
    assert [count_quantile(p, 1.0, 2.0) for p in (0.5, 0.75, 0.9, 0.96875)] == [0, 1, 3, 4]
    assert count_quantile(0.9, 20_000.0, 20_000.0) == pytest.approx(20_181, abs=2)
    assert count_quantile(0.9, 2_000.0, 2_000.0) == pytest.approx(2_057, abs=2)
