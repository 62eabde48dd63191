"""Where the truth is known: bias, coverage and accuracy on simulated teams."""

from __future__ import annotations

from statistics import fmean

import numpy as np
import pytest

from salestui.analytics.forecast.backtest import BLEND, backtest
from salestui.analytics.forecast.phases import month_of, phase_of
from tests.analytics.forecast.past import START, Line, make_events

DAYS, BEFORE, OLDEST = 600, 200, 150


def a_company(
    seed: int, factors: tuple[float, ...] = (1.0,), growth: float = 0.0, jump: float = 1.0
) -> list[Line]:
    """Eight deals a day (more by `growth` at the end), won and lost by chance at every age.

    The calendar multiplies the chance to win by `factors`; from day 450 on all chances by `jump`.
    """
    random, lines = np.random.default_rng(seed), []
    days = np.arange(-BEFORE, DAYS + 1)
    rate = np.array(factors)[phase_of(month_of(days + START), len(factors))]
    rate = rate * np.where(days >= 450, jump, 1.0)
    for created in range(-BEFORE, DAYS):
        ages = np.arange(min(OLDEST, DAYS - created))
        won = 0.012 * rate[created + BEFORE + ages] * np.where(ages < 14, 0.2, 1.0)
        for _ in range(random.poisson(8 * (1 + growth * (created + BEFORE) / DAYS))):
            luck = random.random(len(ages))
            ends = np.flatnonzero(luck < won + 0.015)
            amount = int(random.lognormal(9, 0.9)) * 100
            if not len(ends):
                lines.append(Line(created, None, "open", amount))
            elif created + ends[0] >= 0:
                outcome = "won" if luck[ends[0]] < won[ends[0]] else "lost"
                got = int(amount * random.normal(1.0, 0.1))
                lines.append(Line(created, created + int(ends[0]), outcome, amount, got))
    return lines


@pytest.mark.parametrize(
    "kind", [{}, {"factors": (0.7, 1.0, 1.3)}, {"growth": 1.0}, {"jump": 1.4}], ids=str
)
def test_next_month_is_unbiased_and_its_range_honest(kind: dict[str, object]) -> None:
    rows = []
    for seed in range(4):
        made = backtest(
            make_events(a_company(seed, **kind)),  # type: ignore[arg-type]
            day=START + DAYS - 1, horizon="month", currency="EUR", measure="count", origins=13,
        )  # fmt: skip
        rows += [row for row in made.origins if row.method == BLEND and not row.is_cold]
    assert len(rows) == 4 * 13
    forecast, actual = sum(row.forecast for row in rows), sum(row.actual for row in rows)
    assert abs(forecast / actual - 1) < 0.03
    assert 0.75 <= fmean(bool(row.is_inside) for row in rows) <= 1.0
    reached = fmean(row.accuracy for row in rows if row.accuracy is not None)
    assert reached > fmean(row.ceiling for row in rows if row.ceiling is not None) - 0.05
