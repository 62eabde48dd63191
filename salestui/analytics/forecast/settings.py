"""What a forecast takes for granted: every constant that is a judgement and not a formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Measure = Literal["revenue", "count"]
MEASURES: tuple[Measure, Measure] = ("revenue", "count")
ACTIVE_DAYS = 91
"""Days without a deal after which a rep, or any other group, gets no part of a forecast."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Defaults were chosen on several data sets; days unless another unit is named.

    `recalibrate_days` and `recalibrate_prior` (events) correct the hazards by what happened lately;
    `arrival_days` is how far back new deals are counted; from `ratio_wins` wins on they are worth
    what winners were. `windows` past windows, a week apart and starting `warm_up` days after the
    first close or later, judge the two halves of a forecast; `prior_error` is what either is
    trusted with before any (log scale). `range_prior` and `young_range_prior` (log scale; the
    latter while history is shorter than `young_months`) widen a range as `range_weight` windows
    would. Nothing is forecast from fewer than `least_wins` wins, or before `least_days` since the
    first win: a single win on the first day would be one a day. No accuracy is claimed before
    `claim_months` months with `claim_closes` closed deals, and no single figure below `claim_wins`
    expected wins, and no mean of forecasts of fewer than `claim_periods` periods. Halves that differ
    `alarm` times are told. Above `fresh_events` changes of deals the model of stages is fitted once a
    month, and the past windows of many weeks begin on one weekday.
    """

    fiscal_start: int = 1
    recalibrate_days: int = 42
    recalibrate_prior: float = 20.0
    arrival_days: int = 28
    ratio_wins: int = 30
    windows: int = 26
    warm_up: int = 42
    prior_error: float = 0.20
    range_prior: float = 0.15
    young_range_prior: float = 0.25
    young_months: int = 6
    range_weight: float = 3.0
    range_share: float = 0.80
    least_wins: int = 5
    least_days: int = 28
    claim_months: int = 5
    claim_closes: int = 60
    claim_wins: float = 25.0
    claim_periods: int = 2
    alarm: float = 1.5
    fresh_events: int = 50_000
