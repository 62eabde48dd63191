"""How exact a forecast can be at all: what chance alone leaves when every rate is known."""

from __future__ import annotations

from math import pi, sqrt

_MEAN_DEVIATION = sqrt(2 / pi)
"""E|Z| of a standard normal: 0.798."""


def ceiling(expected_wins: float, cv2: float = 0.0) -> float | None:
    """E[1 - |F - A| / A] ~ 1 - 0.798 sqrt((1 + cv2) / n), with n expected wins in the period.

    Var(A) of a compound Poisson sum is n E[x^2] = (n mean)^2 (1 + cv2) / n, and E|Z| = 0.798; `cv2` is 0
    for counts. `None` without expected wins, and never below 0, where the mean says nothing.
    """
    if expected_wins <= 0.0:
        return None
    return max(1.0 - _MEAN_DEVIATION * sqrt((1.0 + cv2) / expected_wins), 0.0)
