"""A forecast split among reps, teams, regions or products, so that the parts add up to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from salestui.analytics.events import Codes, Ints, Known
from salestui.analytics.forecast.compound import compound
from salestui.analytics.forecast.deals import Floats
from salestui.analytics.forecast.numbers import count_quantile, normal_quantile
from salestui.analytics.forecast.settings import ACTIVE_DAYS, Measure
from salestui.analytics.forecast.staged import open_chances
from salestui.analytics.forecast.study import Study, Window
from salestui.analytics.forecast.total import Forecast

Label = Callable[[Known], Codes]
"""The group of each known deal, as a code."""

_COUNT_ERROR, _VALUE_ERROR = 0.15, 0.20
_TAIL = 0.10
_ALL = 1 - 1e-9
"""Of all wins that are expected, those that leave none for anybody else."""


@dataclass(frozen=True, slots=True)
class Part:
    """One group's part of the forecast: minor units or deals, and the range that holds it 8 in 10 times.

    `wins` are the expected wins behind it; `is_point` is false where only the range means something.
    """

    code: int
    value: int
    low: float
    high: float
    wins: float
    is_point: bool


def split(
    study: Study, made: Forecast, label: Label, measure: Measure = "revenue"
) -> tuple[Part, ...]:
    """F_g = F (S_bu + S_eb) / 2 for every group that has been at work in the last 91 days.

    S_bu is its share of what open and new deals should bring, S_eb its share of past wins, shrunk
    to the mean. Parts are whole units and add up to the rounded forecast.
    """
    codes, shares = shares_of(study, made, label, measure)
    total = made.of(measure).value
    wins = shares_of(study, made, label, "count")[1] * made.count.value
    values = rounded(shares * total)
    enough = study.settings.claim_wins
    parts = []
    for code, value, mean, expected in zip(
        codes.tolist(), values.tolist(), (shares * total).tolist(), wins.tolist(), strict=True
    ):
        error = part_error(measure, made.of(measure).common)
        low, high = part_range(mean, expected, made.cv2, measure, error, enough)
        parts.append(Part(code, value, low, high, expected, expected >= enough))
    return tuple(parts)


def joined(parts: Sequence[Part], made: Forecast, measure: Measure) -> tuple[float, float, float]:
    """Several parts as one: their sum, its expected wins, and its relative variance beyond chance.

    All of them together are as sure as the forecast that they are parts of.
    """
    value, wins = sum(part.value for part in parts), sum(part.wins for part in parts)
    weights = [part.wins if measure == "count" else part.value for part in parts]
    uneven = sum(each**2 for each in weights) / (sum(weights) or 1.0) ** 2
    common = made.of(measure).common
    is_all = wins >= made.n_hat * _ALL
    return value, wins, common if is_all else part_error(measure, common, uneven)


def gathered(
    parts: Sequence[Part], groups: Mapping[int, int], made: Forecast, enough: float
) -> tuple[Part, ...]:
    """Parts in money gathered into groups, by the codes of both: teams are what their reps are together."""
    members: dict[int, list[Part]] = {}
    for part in parts:
        members.setdefault(groups[part.code], []).append(part)
    found = []
    for code, own in sorted(members.items()):
        value, wins, error = joined(own, made, "revenue")
        low, high = part_range(value, wins, made.cv2, "revenue", error, enough)
        found.append(Part(code, round(value), low, high, wins, wins >= enough))
    return tuple(found)


def shares_of(study: Study, made: Forecast, label: Label, measure: Measure) -> tuple[Ints, Floats]:
    """The codes of the groups, ascending, and their shares, which add up to 1."""
    known, deals = study.deals(made.as_of)
    codes, group = np.unique(label(known)[deals.row], return_inverse=True)
    size = len(codes)
    if not size:
        return codes.astype(np.int64), np.zeros(0)
    day = made.as_of
    is_active = np.zeros(size, bool)
    is_active[group[deals.is_open | (deals.ended > day - ACTIVE_DAYS)]] = True

    view, window = study.view(day), Window(day, max(made.first, day + 1), made.last)
    _, born = study.chances(window, made.season)
    at, mine = np.flatnonzero(deals.is_open), deals.where(deals.is_open)
    worth = np.ones(len(at)) if measure == "count" else mine.opening * view.ratio
    likely = open_chances(study, mine, window, made.season) * worth
    arrived = np.bincount(group[deals.created > day - ACTIVE_DAYS], minlength=size) / ACTIVE_DAYS
    each = view.arrival_sum(measure) / view.arrivals if view.arrivals else 0.0
    bottom_up = np.bincount(group[at], weights=likely, minlength=size) + arrived * born * each

    wins: Floats = np.bincount(group[deals.is_won], minlength=size).astype(np.float64)
    money: Floats = np.bincount(group, weights=deals.won, minlength=size).astype(np.float64)
    past = shrunken(
        (wins if measure == "count" else money)[is_active],
        wins[is_active],
        0.0 if measure == "count" else view.cv2,
    )
    shares = np.zeros(size)
    shares[is_active] = _mixed(bottom_up[is_active], past)
    return codes.astype(np.int64), shares


def shrunken(won: Floats, wins: Floats, cv2: float) -> Floats:
    """w y + (1 - w) mean(y), w = t2 / (t2 + (1 + cv2) / c), t2 = max(var(c) - mean(c), 0) / mean(c)^2.

    `won` is y, `wins` the counts c, both by group. t2 is how much groups truly differ, by the method
    of moments over Poisson counts; (1 + cv2) / c is what chance does to the sum of c amounts.
    Source: empirical Bayes as in Efron and Morris (1975).
    """
    if not len(wins) or wins.mean() <= 0.0:
        return won
    mean = float(wins.mean())
    spread = float(wins.var(ddof=1)) if len(wins) > 1 else 0.0
    between = max(spread - mean, 0.0) / mean**2
    chance = (1.0 + cv2) / np.maximum(wins, 1e-9)
    weight = between / (between + chance)
    shrunk: Floats = weight * won + (1.0 - weight) * won.mean()
    return shrunk


def _mixed(one: Floats, other: Floats) -> Floats:
    """The mean of both shares; of one where the other is nothing; equal where both are."""
    known = [each / each.sum() for each in (one, other) if each.sum() > 0.0]
    if not known:
        return np.full(len(one), 1.0 / max(len(one), 1))
    mixed: Floats = np.mean(known, axis=0)
    return mixed


def rounded(values: Floats) -> Ints:
    """Whole units that add up to the rounded sum: the largest remainders are rounded up.

    Source: the method of Hamilton; ties go to the first.
    """
    whole = np.floor(values).astype(np.int64)
    missing = round(float(values.sum())) - int(whole.sum())
    order = np.argsort(whole - values, kind="stable")
    whole[order[:missing]] += 1
    return whole


def part_error(measure: Measure, common: float, uneven: float = 1.0) -> float:
    """The relative variance of a part beyond chance: .15^2 of deals, .2^2 of money, or what the whole has.

    No part is known better than the whole: `common` is the error that all parts share. What a group has
    of its own on top is evened out among several, whose squared shares of their sum add up to `uneven`.
    """
    own = (_COUNT_ERROR if measure == "count" else _VALUE_ERROR) ** 2
    return common + max(own - common, 0.0) * uneven


def part_range(
    value: float, wins: float, cv2: float, measure: Measure, error: float, enough: float
) -> tuple[float, float]:
    """The 80 % range of one group, or of several together; n expected `wins`, e2 the `part_error`.

    Deals: negative binomial, variance n + e2 n^2. Money: as the whole is, from `enough` wins on
    [F e^-z, F e^z] with z = 1.2816 sqrt((1 + cv2) / n + e2), below as a `compound` of those deals.
    """
    if measure == "count":
        variance = wins + error * wins**2
        return (
            float(count_quantile(_TAIL, wins, variance)),
            float(count_quantile(1 - _TAIL, wins, variance)),
        )
    if wins < enough:
        few = compound(value, wins, cv2, error)
        return few.quantile(_TAIL), few.quantile(1 - _TAIL)
    z = normal_quantile(1 - _TAIL) * sqrt((1.0 + cv2) / wins + error)
    return value * exp(-z), value * exp(z)
