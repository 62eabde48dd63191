"""Capacity and ramp as formulas: the golden numbers, and truth put in that must come out."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.analytics.people.ramping import Career, curve, not_falling, ramp_month, ramp_range
from salestui.analytics.plan.headcount import Spread, is_flat, naive, needed, part, spread, staying

MAVEN = Spread(98_565, 24_135, 53_060)


def test_the_golden_headcounts() -> None:
    assert (naive(4_000_000, MAVEN), needed(4_000_000, MAVEN)) == (41, 45)
    assert (naive(3_600_000, MAVEN), needed(3_600_000, MAVEN)) == (37, 41)
    assert part(3, 0) == 0.5
    assert part(3, 2) == pytest.approx((0.75 + 1 + 1) / 3)
    assert part(12, 40) == 1


@given(st.floats(1, 1e7), st.floats(1, 1e5), st.floats(0, 1e5), st.floats(0, 1e5))
def test_the_headcount_is_the_least_that_does(
    target: float, mean: float, within: float, between: float
) -> None:
    made = Spread(mean, within, between)
    reps = needed(target, made)
    if reps is None:
        return
    assert reps >= naive(target, made)
    z = 0.8416212

    def surely(n: int) -> float:
        return n * mean - z * (n * (within**2 + between**2) + (0.05 * n * mean) ** 2) ** 0.5

    assert surely(reps) >= target * (1 - 1e-6)
    assert reps <= 1 or surely(reps - 1) < target * (1 + 1e-6)


def test_spread_finds_what_reps_truly_differ_by() -> None:
    random = Random(3)
    table = []
    for _ in range(400):
        mean = random.gauss(100, 20)
        table.append([random.gauss(mean, 10) for _ in range(4)])
    made = spread(table)
    assert made is not None
    assert made.mean == pytest.approx(100, abs=3)
    assert made.within == pytest.approx(10, rel=0.05)
    assert made.between == pytest.approx(20, rel=0.1)
    assert spread([[1.0, 2.0]]) is None and spread([[1.0], [2.0]]) is None
    same = spread([[random.gauss(50, 9) for _ in range(4)] for _ in range(300)])
    assert same is not None and same.between < 3


def test_reps_who_leave() -> None:
    assert staying(0, 1000, 90) == 1
    assert staying(1, 365, 365) == pytest.approx(0.3679, abs=1e-4)
    assert staying(1, 0, 365) == 1


def test_whether_more_deals_a_rep_cost_conversion() -> None:
    random = Random(5)
    loads = [random.randint(20, 120) for _ in range(80)]
    flat = [sum(random.random() < 0.4 for _ in range(n)) for n in loads]
    falling = [sum(random.random() < 0.7 - 0.005 * n for _ in range(n)) for n in loads]
    assert is_flat(loads, flat) is True
    assert is_flat(loads, falling) is False
    assert is_flat(loads[:5], flat[:5]) is None
    assert is_flat([10] * 20, [4] * 20) is None


TRUTH = (0.2, 0.4, 0.6, 0.8, *[1.0] * 9)


def careers(count: int, rate: float = 6.0, seed: int = 2) -> list[Career]:
    random = Random(seed)
    made = []
    for number in range(count):
        stays = random.choice((5, 9, 13, 13, 13))
        months = tuple(range(1, stays + 1))
        wins = tuple(
            sum(random.random() < rate * TRUTH[month - 1] / 50 for _ in range(50))
            for month in months
        )
        made.append(Career(str(number), months, wins))
    return made


def test_the_ramp_that_was_put_in_comes_out() -> None:
    reps = careers(60)
    assert ramp_month(reps) == 4
    levels = [month.level for month in curve(reps)]
    assert levels == sorted(levels)
    assert levels[0] == pytest.approx(0.2, abs=0.07)
    low, high = ramp_range(reps) or (0, 0)
    assert low <= 4 <= high <= 6
    assert ramp_range(reps) == (low, high), "the same answer each time"
    assert sum(month.reps for month in curve(reps)) == sum(len(c.months) for c in reps)


def test_no_reps_no_curve() -> None:
    assert curve([]) == [] and ramp_month([]) is None and ramp_range([]) is None
    idle = [Career("a", (1, 2), (0, 0))]
    assert ramp_month(idle) is None


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 50)), max_size=20))
def test_pooling_gives_what_does_not_fall_and_keeps_the_sum(
    pairs: list[tuple[float, float]],
) -> None:
    values, weights = [v for v, _ in pairs], [w for _, w in pairs]
    pooled = not_falling(values, weights)
    assert all(a <= b + 1e-9 for a, b in zip(pooled, pooled[1:], strict=False))
    whole = sum(v * w for v, w in pairs)
    assert sum(p * w for p, w in zip(pooled, weights, strict=True)) == pytest.approx(
        whole, abs=1e-6
    )
