"""Hazards by age against counting by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from salestui.analytics.events import NEVER
from salestui.analytics.forecast.ageing import (
    Hazard,
    age_bins,
    age_then,
    exposure,
    fit,
    incidence,
    won_within,
)
from salestui.analytics.forecast.deals import Deals, deals_on
from salestui.analytics.forecast.ledger import make_ledger
from salestui.analytics.forecast.phases import YEARLY, month_of, phase_of
from salestui.analytics.shrinkage import unseen_rate
from tests.analytics.forecast.past import START, Line, a_team, make_events


def deals(lines: list[Line], day: int) -> Deals:
    return deals_on(make_ledger(make_events(lines)), START + day, "EUR")[1]


@pytest.mark.parametrize("seed", range(3))
def test_each_day_at_risk_is_counted_once_in_its_month_at_its_age(seed: int) -> None:
    seen = deals(a_team(seed, 120), 300)
    first, last = START + 40, START + 290
    made = exposure(seen, first, last)
    by_hand = np.zeros((YEARLY, 400))
    for created, begun, ended in zip(seen.created, seen.begun, seen.ended, strict=True):
        for day in range(max(begun, first), min(ended, last) + 1):
            by_hand[month_of(np.array([day]))[0] % YEARLY, day - created] += 1
    # Ages at which no deal has ever ended are not told apart.
    ages = seen.longest + 1
    assert np.array_equal(made.at_risk[:, :ages], by_hand[:, :ages])
    assert made.at_risk.shape == (YEARLY, ages + 1)
    assert (
        np.array_equal(made.at_risk[:, ages], by_hand[:, ages:].sum(1)) and by_hand[:, ages:].any()
    )
    whole = exposure(replace(seen, longest=NEVER), first, last).at_risk
    assert np.array_equal(whole, by_hand[:, : whole.shape[1]]) and whole.sum() == by_hand.sum()
    assert made.won.sum() == ((seen.is_won) & (seen.ended >= first) & (seen.ended <= last)).sum()
    folded = made.folded(3, 1)
    assert folded.at_risk.sum() == by_hand.sum()
    assert np.array_equal(folded.at_risk[0, :ages], by_hand[[0, 3, 6, 9], :ages].sum(0))


def test_an_old_deal_is_watched_from_the_first_recorded_close() -> None:
    seen = deals([Line(0, 50, "won"), Line(0, 90, "lost"), Line(60)], 100)
    assert (seen.tracked - START, (seen.begun - START).tolist()) == (50, [50, 50, 60])
    made = exposure(seen, START, START + 100)
    assert made.at_risk.sum(0)[[0, 40, 41, 49, 50, 51, 90, 91]].tolist() == [1, 1, 0, 0, 2, 1, 1, 0]


def test_a_deal_won_before_it_was_created_is_won_at_age_0() -> None:
    seen = deals([Line(5, 2, "won"), Line(1, 4, "postponed"), Line(0, 1, "lost")], 9)
    made = exposure(seen, START, START + 9)
    assert made.won.sum(0).tolist() == [1, 0, 0, 0, 0]
    assert made.left.sum(0).tolist() == [0, 1, 0, 1, 0]


def test_bins_grow_until_twelve_ends_or_four_weeks() -> None:
    ends = np.zeros(100)
    ends[[0, 1, 40]] = [12, 5, 1]
    bins = age_bins(ends)
    assert (
        bins[0] == 0
        and set(bins[1:29]) == {1}
        and set(bins[29:41]) == {2}
        and set(bins[41:]) == {3}
    )
    assert age_bins(np.zeros(3)).tolist() == [0, 0, 0]


def test_incidence_is_the_product_limit() -> None:
    hazard = Hazard(np.array([0.1, 0.2]), np.array([0.3, 0.0]), np.ones(1), np.ones(1), 1)
    curve = incidence(hazard)
    assert curve.won.tolist() == pytest.approx([0.1, 0.1 + 0.6 * 0.2])
    assert curve.left.tolist() == pytest.approx([0.3, 0.3])
    assert curve.is_open.tolist() == pytest.approx([0.6, 0.48])
    assert (curve.won + curve.left + curve.is_open).tolist() == pytest.approx([1, 1])


def test_a_chance_is_the_incidence_that_is_left() -> None:
    seen = deals(a_team(1), 380)
    hazard = fit(exposure(seen, seen.tracked, seen.day), 1, 1)
    curve = incidence(hazard)
    chance = won_within(hazard, 0, 1, 30, np.arange(-30, 61))
    for age in (0, 7, 30):
        left = (curve.won[age + 30] - curve.won[age]) / curve.is_open[age]
        assert chance[30 + age] == pytest.approx(left)
    # Created on the last day: only its first day counts. On the day before: two.
    assert chance[0] == pytest.approx(curve.won[0]) and chance[1] == pytest.approx(curve.won[1])
    later = won_within(hazard, 0, 11, 30, np.arange(-30, 61))
    sooner = won_within(hazard, 0, 1, 10, np.arange(-10, 61))
    assert (later + np.concatenate([np.zeros(20), sooner])).tolist() == pytest.approx(
        chance.tolist()
    )


def test_the_calendar_is_found_and_used() -> None:
    random, lines = np.random.default_rng(4), []
    share = np.array([0.02, 0.04, 0.08])
    for created in range(700):
        for _ in range(6):
            day = created
            while day < 800:
                day += 1
                if random.random() < share[phase_of(month_of(np.array([START + day])), 3)[0]]:
                    break
            lines.append(Line(created, day if day < 800 else None, "won" if day < 800 else "open"))
    seen = deals(lines, 790)
    hazard = fit(exposure(seen, seen.tracked, seen.day), 3, 1)
    ratio = hazard.won_factor / hazard.won_factor[1]
    assert ratio.tolist() == pytest.approx([0.5, 1.0, 2.0], rel=0.1)
    # From 1 February 2024 a month of factor 1, from 1 March one of factor 2.
    slow = won_within(hazard, START + 30, START + 31, START + 50, np.arange(6))
    fast = won_within(hazard, START + 59, START + 60, START + 79, np.arange(6))
    assert (fast / slow).tolist() == pytest.approx([1.45] * 6, abs=0.1)


def test_each_age_has_the_chance_that_it_has_alone() -> None:
    """Also of so many ages and days that not all are worked out together."""
    hazard = Hazard(
        *np.random.default_rng(2).uniform(0, 0.6, (2, 300)), np.array([0.5, 1, 1.5]), np.ones(3), 1
    )
    ages = np.arange(-400, 700)
    whole = won_within(hazard, START, START + 9, START + 400, ages)
    for age in (-400, -392, -1, 0, 250, 298, 299, 699):
        alone, stays = 0.0, 1.0
        for ahead in range(1, 401):
            if age + ahead < 0:
                continue
            at = min(age + ahead, 299)
            phase = phase_of(month_of(np.array([START + ahead])), 3)[0]
            won, left = hazard.won[at] * hazard.won_factor[phase], hazard.left[at]
            over = max(won + left, 1.0)
            alone += stays * won / over * (ahead >= 9)
            stays *= 1 - (won + left) / over
        assert whole[age + 400] == pytest.approx(alone, rel=1e-12, abs=1e-300)


def test_a_deal_older_than_any_that_ended_is_not_dead_where_few_were_watched_so_long() -> None:
    """Forty deals took 10 to 29 days; one more is 40 days old, or three hundred of them are 400."""
    ended = [Line(i * 5, i * 5 + 10 + i % 20, "won" if i % 2 else "lost") for i in range(40)]
    few = deals([*ended, Line(170)], 210)
    many = deals([*ended, *(Line(0) for _ in range(300))], 400)
    chances = [
        won_within(fit(exposure(each, each.tracked, each.day), 1, 1), 0, 1, 60, np.array([age]))[0]
        for each, age in ((few, 40), (many, 400))
    ]
    assert chances[0] > 0.3 and 0 < chances[1] < 0.001


def test_the_rates_after_the_last_end_by_hand() -> None:
    """3 ends in 60 days at risk, then 140 days without: 0.5 / (0.5 x 60 + 3 x 140) of each end."""
    assert unseen_rate(3, 60, 140) == pytest.approx(0.5 / 450)
    assert unseen_rate(3, 60, 0) == pytest.approx(1 / 60) and unseen_rate(0, 0, 0) == 0


@pytest.mark.parametrize("cycle", [0.5, 0.8, 1.1, 1.5, 3.0])
def test_a_longer_cycle_brings_the_same_later(cycle: float) -> None:
    seen = deals(a_team(1), 380)
    hazard = fit(exposure(seen, seen.tracked, seen.day), 1, 1)
    slower = hazard.slower(cycle)
    for days in (20, 60, 90):
        now = won_within(hazard, 0, 1, days, np.array([-1, 10, 40]))
        then = won_within(
            slower, 0, 1, round(days * cycle), np.array([-1, *age_then(np.array([10, 40]), cycle)])
        )
        assert then == pytest.approx(now, abs=0.01)
    # A rate summed over all ages is what it was, and the last age goes on.
    ages = len(hazard.won) - 1
    whole = slower.won[: round(ages * cycle * 10) // 10]
    assert whole.sum() == pytest.approx(hazard.won[:ages].sum(), rel=0.02)
    assert slower.won[-1] == pytest.approx(hazard.won[-1] / cycle)


def test_rates_over_one_are_held_there() -> None:
    hazard = Hazard(np.array([0.9]), np.array([0.3]), np.array([2.0]), np.ones(1), 1)
    assert won_within(hazard, 0, 1, 1, np.arange(-2, 1)).tolist() == pytest.approx(
        [0, 1.8 / 2.1, 1.8 / 2.1]
    )
