"""Bonus, chance and pace as formulas: the golden numbers, and laws that hold for any plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.analytics.forecast.groups import part_error, part_range
from salestui.analytics.forecast.settings import MEASURES
from salestui.analytics.plan.distribution import (
    POINTS,
    Distribution,
    amounts,
    deals,
    expectation,
    interval_of,
    together,
)
from salestui.analytics.plan.targets import Target, added, targets, working_days
from salestui.analytics.plan.tiers import Tier, for_deals, next_step, pays
from salestui.queries.plans import QuotaLine

GOLDEN = (Tier(8_000, per_deal=50), Tier(10_000, per_deal=100))
"""Nothing below 80, 50 a unit from 80 to 100, then 1,000 and 100 a unit."""


def golden(won: float) -> float:
    return pays(GOLDEN, 100, won, per_unit=1)


def test_the_bonus_of_the_mean_is_not_the_mean_of_the_bonus() -> None:
    normal = NormalDist(95, 20)
    sample = [normal.inv_cdf((place + 0.5) / POINTS) for place in range(POINTS)]
    assert golden(normal.mean) == 750
    assert expectation(golden, sample) == pytest.approx(1168, abs=1)
    assert expectation(lambda won: won >= 100, sample) == pytest.approx(0.40, abs=0.005)
    low, high = interval_of(golden, sample)
    assert low == 0 and high == pytest.approx(golden(normal.inv_cdf(0.9)), rel=0.01)


def test_a_rate_pays_like_so_much_a_unit() -> None:
    tiers = (Tier(8_000, rate_bp=250), Tier(10_000, fixed=1_000_00, rate_bp=500))
    assert pays(tiers, 100_000_00, 79_999_99, per_unit=0) == 0
    assert pays(tiers, 100_000_00, 90_000_00, per_unit=0) == 250_00
    assert pays(tiers, 100_000_00, 100_000_00, per_unit=0) == 1_500_00
    assert pays(tiers, 100_000_00, 110_000_00, per_unit=0) == 2_000_00
    assert next_step(tiers, 100_000_00, 90_000_00) == 100_000_00
    assert next_step(tiers, 100_000_00, 100_000_00) is None


def test_whole_deals_are_paid_by_the_tier_reached_before_them() -> None:
    assert for_deals(GOLDEN, 100, [79, 2, 18, 2, 1]) == 0 + 0 + 50 + 50 + 100
    assert for_deals(GOLDEN, 100, [500]) == 0, "the deal that reaches a tier is none of it"
    assert for_deals([Tier(0, per_deal=7)], 100, [1, 1]) == 14


@given(st.integers(0, 150))
def test_deals_of_one_unit_are_paid_alike_one_by_one_and_together(count: int) -> None:
    assert for_deals(GOLDEN, 100, [1] * count) == golden(count)


tier_lists = st.lists(
    st.builds(
        Tier, st.integers(0, 20_000), st.integers(0, 10**6), st.integers(0, 2_000),
        st.integers(0, 10_000),
    ),
    max_size=5, unique_by=lambda tier: tier.from_bp,
)  # fmt: skip


@given(tier_lists, st.floats(1, 1e9), st.floats(0, 2e9), st.floats(0, 1e9))
def test_more_won_never_pays_less_and_order_does_not_matter(
    tiers: list[Tier], quota: float, won: float, more: float
) -> None:
    less = pays(tiers, quota, won, per_unit=1e-4)
    assert 0 <= less <= pays(tiers, quota, won + more, per_unit=1e-4) + 1e-6 * less
    assert pays(tiers[::-1], quota, won, per_unit=1e-4) == less


@given(st.floats(0, 1e9), st.floats(1, 1e9), st.floats(0.01, 3))
def test_an_outlook_says_its_own_range_and_chances(won: float, rest: float, width: float) -> None:
    outlook = Distribution(won, rest, rest / (1 + width), rest * (1 + width))
    low, high = outlook.range
    assert outlook.quantile(0.1) == pytest.approx(low, rel=1e-6)
    assert outlook.quantile(0.9) == pytest.approx(high, rel=1e-6)
    assert outlook.chance(won) == 1
    assert outlook.chance(won + rest) == pytest.approx(0.5, abs=0.01) or won > 1e6 * rest
    sample = outlook.points(1000)
    assert sample == sorted(sample) and sample[0] >= won


def test_an_outlook_without_rest_is_what_was_won() -> None:
    over = Distribution(500, 0, 0, 0)
    assert (over.quantile(0.9), over.chance(500), over.chance(501)) == (500, 1, 0)


@given(st.floats(0.05, 25), st.floats(100, 1e9), st.floats(0.1, 3), st.floats(0, 0.3))
def test_the_money_of_a_few_wins_has_the_mean_that_is_forecast(
    wins: float, rest: float, cv2: float, error: float
) -> None:
    """Nothing at all may come: E[X] is the point all the same, and a bonus in proportion that of it."""
    outlook = replace(amounts(rest, wins, cv2, error), won=500)
    none = deals(wins, wins + error * wins**2).chance(1)
    assert outlook.chance(500.01) == pytest.approx(none, abs=0.001)
    low, high = outlook.range
    assert (low == 500) == (none <= 0.9) and low <= high
    for end, share in ((low, 0.1), (high, 0.9)):
        if end > 500:
            assert outlook.chance(end) == pytest.approx(1 - share, abs=1e-4)
    sample = outlook.points()
    assert sample == sorted(sample) and len(sample) == POINTS
    assert expectation(lambda won: won - 500, sample) == pytest.approx(rest, rel=0.02)
    pays_all = (Tier(0, rate_bp=100),)
    likely = expectation(lambda won: pays(pays_all, 1, won, per_unit=0), sample)
    assert likely == pytest.approx((500 + rest) / 100, rel=0.02)


@pytest.mark.parametrize("wins", [0.3, 0.64, 1.2, 2.3, 6.0])
def test_what_the_money_of_a_few_wins_exceeds_is_as_in_a_simulation(wins: float) -> None:
    """Numbers drawn, then amounts: a lognormal squeezed into the range was up to 27 points off."""
    cv2, error, random, trials = 1.2, 0.04, np.random.default_rng(3), 100_000
    counts = random.poisson(random.gamma(1 / error, error * wins, trials))
    square = np.log1p(cv2)
    each = random.lognormal(-np.log(wins) - square / 2, np.sqrt(square), counts.sum())
    sums = np.bincount(np.repeat(np.arange(trials), counts), each, trials)
    outlook = amounts(1.0, wins, cv2, error)
    for target in (0.5, 1, 2, 3):
        assert outlook.chance(target) == pytest.approx((sums >= target).mean(), abs=0.015)
    assert outlook.quantile(0.9) == pytest.approx(np.quantile(sums, 0.9), rel=0.03)


def test_amounts_that_are_all_alike_come_in_steps() -> None:
    alike = amounts(200.0, 2.0, 0.0, 0.0)
    assert alike.chance(100) == pytest.approx(1 - exp(-2))
    assert alike.chance(101) == pytest.approx(1 - 3 * exp(-2))
    assert alike.quantile(0.9) == pytest.approx(400)
    assert amounts(0.0, 0.0, 1.0, 0.04).points(3) == [0, 0, 0]


@given(st.integers(0, 9), st.floats(0.1, 30), st.integers(1, 40))
def test_what_a_number_of_deals_pays_comes_as_often_as_the_number(
    won: int, rest: float, goal: int
) -> None:
    outlook = replace(deals(rest, rest + 0.02 * rest**2), won=won)
    likely = expectation(lambda count: 1000 * (count >= goal), outlook.points())
    assert likely == pytest.approx(1000 * outlook.chance(goal), abs=1)
    assert sum(outlook.points()) / POINTS == pytest.approx(won + rest, abs=0.02 + 0.01 * rest)


@given(st.floats(0.05, 40), st.floats(1.01, 3), st.integers(1, 30))
def test_more_deals_expected_never_make_a_number_of_them_less_likely(
    rest: float, times: float, goal: int
) -> None:
    more = rest * times
    assert deals(rest, rest).chance(goal) <= deals(more, more).chance(goal) + 1e-12


def test_a_deal_that_is_half_expected_comes_four_times_in_ten() -> None:
    """Poisson: 1 - e^-0.5; a lognormal through whole quantiles made it one in six."""
    half = deals(0.5, 0.5)
    assert half.chance(1) == pytest.approx(1 - exp(-0.5))
    assert (half.range, half.quantile(0.6), half.quantile(0.61)) == ((0, 1), 0, 1)
    assert deals(4, 4).chance(3) == pytest.approx(0.762, abs=0.001)


def test_a_part_of_a_deal_is_reached_by_a_whole_one() -> None:
    outlook = replace(deals(2, 2), won=3)
    assert outlook.chance(3.8) == outlook.chance(4) == pytest.approx(1 - exp(-2))
    assert replace(outlook, won=4).chance(3.8) == 1


def test_deals_of_several_currencies_are_added_as_independent() -> None:
    both = together([deals(2, 3), deals(3, 5)])
    assert both == deals(5, 8) and together([]) is None
    assert deals(20_000, 30_000).points(3)[1] == pytest.approx(20_000, abs=1), "as good as normal"


@given(st.lists(st.floats(0.5, 60), min_size=2, max_size=8), st.floats(0, 0.3), st.floats(0, 2))
def test_reps_are_no_surer_than_the_forecast_they_are_parts_of(
    wins: list[float], common: float, cv2: float
) -> None:
    """All of them together are as unsure as each is of what they share, which does not even out."""
    for measure in MEASURES:
        whole, alone = (part_error(measure, common, uneven) for uneven in (0.0, 1.0))
        several = part_error(measure, common, sum(n**2 for n in wins) / sum(wins) ** 2)
        assert common == whole <= several <= alone
        width = {}
        for n, error in ((sum(wins), whole), (sum(wins[:-1]), several)):
            low, high = part_range(n, n, cv2, measure, error, 0.0)
            width[n] = (high - low) / n
        assert measure == "count" or width[sum(wins)] < width[sum(wins[:-1])]


def quota(first: date, last: date, value: int, **more: object) -> QuotaLine:
    fields = {"measure": "revenue", "currency": "EUR", "id": f"{first}{last}"} | more
    is_count = fields["measure"] == "count"
    return QuotaLine(
        id=str(fields["id"]), version=1, rep_id="r", team_id=None, whose="Ona", first_on=first,
        last_on=last, measure=str(fields["measure"]), amount_minor=None if is_count else value,
        deals=value if is_count else None, currency=str(fields["currency"]),
    )  # fmt: skip


JAN, FEB, MAR = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28)), (
    date(2026, 3, 1), date(2026, 3, 31),
)  # fmt: skip
Q1, YEAR = (JAN[0], MAR[1]), (JAN[0], date(2026, 12, 31))


def test_the_quota_of_a_period_is_the_one_set_for_it_or_made_of_what_lies_within() -> None:
    months = [quota(*days, value) for days, value in ((JAN, 1), (FEB, 2), (MAR, 4))]
    assert targets([*months, quota(*Q1, 9)], *Q1) == [Target("revenue", "EUR", 9)]
    assert targets(months, *Q1) == [Target("revenue", "EUR", 7)]
    assert targets(months[:2], *Q1) == [Target("revenue", "EUR", 3, False)]
    (part,) = targets([quota(*YEAR, 261)], *JAN)
    assert part == Target("revenue", "EUR", 22, False)
    assert targets([quota(*JAN, 1)], *FEB) == []


def test_currencies_and_measures_are_never_added() -> None:
    mixed = [quota(*Q1, 5), quota(*Q1, 7, currency="PLN"), quota(*Q1, 3, measure="count")]
    found = targets(mixed, *Q1)
    assert found == [
        Target("count", "", 3), Target("revenue", "EUR", 5), Target("revenue", "PLN", 7),
    ]  # fmt: skip
    assert added([*found, *found])[1:] == [
        Target("revenue", "EUR", 10), Target("revenue", "PLN", 14),
    ]  # fmt: skip


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(-3, 800))
def test_working_days_are_mondays_to_fridays(first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    listed = range(first.toordinal(), last.toordinal() + 1)
    assert working_days(first, last) == sum(date.fromordinal(d).weekday() < 5 for d in listed)
