"""What past forecasts are judged by, one by one and together."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median

GOOD = 0.90
"""An accuracy from which a forecast counts as good."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One method's forecast, made at the end of `day` for `first`..`last`, and what came.

    Minor units or deals. `won_before` was won earlier in the period. `low`, `high`, `wins` (expected)
    and `ceiling` are the forecast's own and `None` for plain methods. `is_cold`: the history bore no
    claim yet.
    """

    day: int
    first: int
    last: int
    method: str
    forecast: float
    actual: float
    won_before: float
    is_cold: bool
    low: float | None = None
    high: float | None = None
    wins: float | None = None
    ceiling: float | None = None

    @property
    def accuracy(self) -> float | None:
        """1 - |F - A| / A; `None` if nothing was won."""
        return _accuracy(self.forecast, self.actual)

    @property
    def total_accuracy(self) -> float | None:
        """The same for the whole period, of which `won_before` was known."""
        return _accuracy(self.won_before + self.forecast, self.won_before + self.actual)

    @property
    def is_inside(self) -> bool | None:
        """Whether the range held what came."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.actual <= self.high


def _accuracy(forecast: float, actual: float) -> float | None:
    return 1 - abs(forecast - actual) / actual if actual > 0.0 else None


@dataclass(frozen=True, slots=True)
class Summary:
    """How one method has done over `n` origins with something won; shares are of origins.

    `good` is the share with an accuracy of at least .90, `ceiling` the mean accuracy that chance
    allowed. Of all origins, also those with nothing won: `coverage`, the share whose range held what
    came, `width`, the mean range relative to the forecast, and `wape`.
    """

    method: str
    n: int
    mean: float | None
    median: float | None
    worst: float | None
    good: float | None
    wape: float | None
    coverage: float | None
    width: float | None
    ceiling: float | None


def summarise(rows: list[Origin], method: str) -> Summary:
    """The summary of one method over these origins."""
    own = [row for row in rows if row.method == method]
    scored = [row for row in own if row.accuracy is not None]
    scores = [row.accuracy for row in scored if row.accuracy is not None]
    inside = [row.is_inside for row in own if row.is_inside is not None]
    widths = [
        (row.high - row.low) / row.forecast
        for row in own
        if row.low is not None and row.high is not None and row.forecast > 0.0
    ]
    ceilings = [row.ceiling for row in scored if row.ceiling is not None]
    actual = sum(row.actual for row in own)
    missed = sum(abs(row.forecast - row.actual) for row in own)
    return Summary(
        method=method,
        n=len(scores),
        mean=fmean(scores) if scores else None,
        median=median(scores) if scores else None,
        worst=min(scores, default=None),
        good=fmean(score >= GOOD for score in scores) if scores else None,
        wape=missed / actual if actual > 0.0 else None,
        coverage=fmean(inside) if inside else None,
        width=fmean(widths) if widths else None,
        ceiling=fmean(ceilings) if ceilings else None,
    )
