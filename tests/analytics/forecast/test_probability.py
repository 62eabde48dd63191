"""Probabilities of single deals, their factors, and how they are scored; groups and their shares."""

from __future__ import annotations

import numpy as np
import pytest

from salestui.analytics.forecast.groups import part_range, rounded, shares_of, shrunken, split
from salestui.analytics.forecast.probability import (
    chances,
    levelled,
    multipliers,
    prove,
    shrunken_ratio,
    with_odds,
    won_in,
)
from salestui.analytics.forecast.reliability import log_loss, reliability
from salestui.analytics.forecast.staged import open_chances
from salestui.analytics.forecast.study import Study, Window
from salestui.analytics.forecast.total import forecast_in
from tests.analytics.forecast.past import START, Line, a_team, make_events

DAY = START + 380


def sellers(better: float, seed: int = 2) -> list[Line]:
    """Deals of two owners, of whom the second wins so many times as often."""
    random, lines = np.random.default_rng(seed), []
    for number in range(3000):
        created = int(random.integers(0, 400))
        owner = number % 2
        chance = 0.25 * (better if owner else 1.0)
        outcome = "won" if random.random() < chance else "lost"
        lines.append(Line(created, created + int(random.geometric(0.04)), outcome, owner=owner))
    return lines


def test_prices_add_up_to_the_forecast_from_below() -> None:
    study, window = Study(make_events(a_team(1)), "EUR"), Window(DAY, DAY + 1, DAY + 30)
    made = chances(study, DAY)
    within = won_in(study, window, made.odds)
    parts = study.bottom_up(window, study.gate(DAY).season, "revenue")
    assert within @ made.amount * made.ratio == pytest.approx(parts.open)
    assert (within <= made.ultimate + 1e-12).all() and (made.ultimate <= 1).all()
    assert (within[made.is_zombie] < 0.01).all() and made.is_zombie.any()
    assert set(made.template.tolist()) == {0.5}


def test_a_factor_is_kept_where_it_helps_and_nowhere_else() -> None:
    real = prove(Study(make_events(sellers(2.4)), "EUR"), START + 399)
    assert real.kept == ("owner",)
    assert real.told is not None and real.base is not None
    assert real.told.brier < real.base.brier and real.told.n == real.base.n
    assert real.days == tuple(START + 339 - 14 * number for number in range(21))
    alike = prove(Study(make_events(sellers(1.0)), "EUR"), START + 399)
    assert alike.kept == () and alike.told == alike.base
    study = Study(make_events(sellers(2.4)), "EUR")
    known, deals = study.deals(DAY)
    (owner,) = multipliers(study, known, deals, ("owner",))
    worse, better = owner.of(np.array([0, 1]))
    assert 1.7 < better / worse < 2.6
    assert owner.of(np.array([-1, 99])).tolist() == [1.0, 1.0]
    with_it, month = chances(study, DAY, ("owner",)), Window(DAY, DAY + 1, DAY + 30)
    whose = known.owner[with_it.row]
    within, base = (won_in(study, month, odds) for odds in (with_it.odds, np.ones(len(whose))))
    assert (within > base)[(whose == 1) & (base > 0)].all()


def test_factors_tell_deals_apart_and_leave_their_sum() -> None:
    study = Study(make_events(sellers(2.4)), "EUR")
    plain, apart = (chances(study, DAY, kept) for kept in ((), ("owner",)))
    assert apart.ultimate @ apart.amount == pytest.approx(plain.ultimate @ plain.amount)
    assert (plain.odds == 1).all() and len(set(apart.odds.tolist())) == 2
    months = [Window(DAY, DAY + 1 + 30 * month, DAY + 30 + 30 * month) for month in range(25)]
    within = sum(won_in(study, each, apart.odds) for each in months)
    assert (within <= apart.ultimate + 1e-9).all()
    _, deals = study.deals(DAY)
    base = open_chances(study, deals.where(deals.is_open), months[0], study.gate(DAY).season)
    first = won_in(study, months[0], apart.odds)
    assert first.tolist() == with_odds(base, apart.odds).tolist()
    assert levelled(np.zeros(0), np.zeros(0), np.zeros(0)).tolist() == []
    chance, odds = np.array([0.2, 0.5, 0.0]), np.array([3.0, 0.5, 1.0])
    for worth in (np.array([5.0, 1.0, 9.0]), np.zeros(3)):
        weights = worth if worth.any() else np.ones(3)
        found = with_odds(chance, levelled(chance, odds, worth))
        assert weights @ found == pytest.approx(weights @ chance)


def test_multipliers_shrink_to_one() -> None:
    assert shrunken_ratio(np.array([10.0, 10.0]), np.array([10.0, 10.0])).tolist() == [1, 1]
    ratio = shrunken_ratio(np.array([400.0, 100.0, 3.0]), np.array([250.0, 250.0, 1.0]))
    assert 1.4 < ratio[0] < 1.6 and 0.4 < ratio[1] < 0.6 and 1.0 < ratio[2] < 1.6
    assert with_odds(np.array([0.0, 0.5, 1.0]), np.full(3, 3.0)).tolist() == [0.0, 0.75, 1.0]


def test_nothing_to_prove_on_a_short_history() -> None:
    for lines in ([], [Line(0)], [Line(0, 3, "won")]):
        found = prove(Study(make_events(lines), "EUR"), START + 50)
        assert found.base is None and found.kept == ()
    assert len(chances(Study(make_events([]), "EUR"), DAY).row) == 0


def test_scores() -> None:
    said, came = np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])
    made = reliability(said, came)
    assert made is not None and (made.n, made.rate, made.base) == (4, 0.5, 0.25)
    assert made.brier == pytest.approx((0.01 + 0.16 + 0.65**2 + 0.04) / 4)
    assert made.auc == pytest.approx(0.75)
    assert made.ece == pytest.approx((0.1 + 0.4 + 0.65 + 0.2) / 4)
    assert log_loss(np.array([0.5, 0.0]), np.array([True, False])) == pytest.approx(
        (np.log(2) - np.log(0.999)) / 2
    )
    tied = reliability(np.array([0.5, 0.5]), np.array([True, False]))
    assert tied is not None and tied.auc == 0.5
    sure = reliability(np.array([0.5]), np.array([True]))
    assert sure is not None and sure.auc == 0.5
    assert reliability(np.zeros(0), np.zeros(0, bool)) is None


def test_true_probabilities_are_found_reliable() -> None:
    random = np.random.default_rng(3)
    said = random.random(50_000)
    made = reliability(said, random.random(50_000) < said)
    assert made is not None and made.ece < 0.01 and made.brier == pytest.approx(1 / 6, abs=0.005)


def test_groups_share_by_what_they_have_and_what_they_did() -> None:
    study = Study(make_events(sellers(2.0)), "EUR")
    made = forecast_in(study, DAY, DAY + 1, DAY + 30)
    one, two = split(study, made, lambda known: known.owner)
    assert one.value + two.value == round(made.value)
    assert 1.1 < two.value / one.value < 2.0
    assert one.low < one.value < one.high and one.wins + two.wins == pytest.approx(made.count.value)


def test_who_has_left_gets_nothing() -> None:
    gone = [Line(i, i + 10, "won", owner=3) for i in range(100)]
    here = [Line(i, i + 10, "won", owner=1) for i in range(370)]
    study = Study(make_events(gone + here), "EUR")
    made = forecast_in(study, DAY - 20, DAY - 19, DAY)
    codes, shares = shares_of(study, made, lambda known: known.owner, "count")
    assert dict(zip(codes.tolist(), shares.tolist(), strict=True)) == {1: 1.0, 3: 0.0}


def test_shrinking_groups() -> None:
    alike = shrunken(np.array([100.0, 104.0, 96.0]), np.array([100.0, 104.0, 96.0]), 0.0)
    assert alike.tolist() == pytest.approx([100.0] * 3)
    apart = shrunken(np.array([100.0, 1000.0]), np.array([100.0, 1000.0]), 0.0)
    assert 100 < apart[0] < 120 and 985 < apart[1] < 1000
    assert shrunken(np.zeros(2), np.zeros(2), 1.0).tolist() == [0, 0]


def test_parts_and_ranges() -> None:
    assert rounded(np.array([1.5, 1.5, 1.0])).tolist() == [2, 1, 1]
    assert rounded(np.array([0.2, 0.2])).tolist() == [0, 0]
    assert part_range(0.0, 0.0, 1.0, "revenue", 0.04, 25) == (0.0, 0.0)
    assert part_range(0.0, 0.0, 0.0, "count", 0.02, 25) == (0.0, 0.0)
    low, high = part_range(1000.0, 1.0, 1.0, "revenue", 0.04, 25)
    assert low == 0.0 and high > 1000
    low, high = part_range(10_000.0, 100.0, 1.0, "revenue", 0.04, 25)
    assert 6000 < low < 8000 and 12_500 < high < 14_000
