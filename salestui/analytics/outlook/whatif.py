"""What the forecast would be with another conversion, deal size, cycle or number of sellers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from salestui.analytics.forecast.ageing import Hazard, won_within
from salestui.analytics.forecast.deals import Floats
from salestui.analytics.forecast.onward import going_on, share_on
from salestui.analytics.forecast.staged import brought, stage_model
from salestui.analytics.forecast.stages import StageModel
from salestui.analytics.forecast.study import Parts, Study, Window
from salestui.text import Period

STEP = 0.05
"""What one press of a key changes."""

LEAST, MOST = 0.25, 3.0
"""The least and the most that a factor can be."""

ASSUMED = (
    "From tomorrow on, on the deals that are open and those to come; what is carried on from past wins is "
    "scaled alike. Nobody has measured such a change here. Assumed: of another conversion, that deals leave "
    "a stage as soon as now, and those that do not go on are lost, or, of all deals, that so many times as "
    "many are won; of sellers, that each brings in as many deals as now, and that others take over what "
    "leavers have open."
)
NOTHING = "No deal that is open or comes in will be won in this period, so nothing changes it."
NONE_NEW = "No deal that comes in will be won in this period, so more of them change nothing."

_MONTH = 30.4
_FIRST_STAGES = 365
"""Days whose new deals tell in which stage those to come will begin."""


@dataclass(frozen=True, slots=True)
class Change:
    """Factors on today's ways; 1 leaves things as they are.

    `conversion` multiplies the share of deals that is won in the end, none of them sooner, `size` the
    amounts, `cycle` the days that deals take (all ways to leave a stage become slower above 1), `arrivals`
    the deals that come in for each seller. `stages` multiplies the share of deals that goes on from a
    stage, by its code. `sellers` are so many more, or fewer, than there are.
    """

    conversion: float = 1.0
    size: float = 1.0
    cycle: float = 1.0
    arrivals: float = 1.0
    sellers: int = 0
    stages: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a what-if starts from: the forecast of one period, in minor units of one currency.

    `value` is what is still to come of it. `mix` are the shares of the stages in which new deals begin,
    `born` is P(won in the window) of a deal created on each day from the window's next to its last.
    `stages` are those whose conversion can be changed, with their names; none where stages have no dates.
    `ramp` is what a new seller brings in each of the first months, as a share of a ramped one. `doubt` is
    why the forecast itself is not to be trusted, in two words; "" where it is.
    """

    study: Study
    window: Window
    period: Period
    won: float
    value: float
    mix: Mapping[int, float]
    born: Floats
    sellers: int = 0
    ramp: tuple[float, ...] = ()
    is_ramp_measured: bool = False
    stages: tuple[tuple[int, str], ...] = ()
    doubt: str = ""

    @property
    def season(self) -> int:
        """The calendar that the forecast goes by."""
        return self.study.gate(self.window.day).season

    @property
    def bottom_up(self) -> Parts:
        """What open deals and those to come will bring in the period, as things are."""
        return self.study.bottom_up(self.window, self.season, "revenue")

    @property
    def model(self) -> StageModel | None:
        """The way through the stages as it is, where they have dates."""
        return self.study.stage_model_of(self.window.day, stage_model)


def shares_on(ground: Ground, change: Change, stage: int) -> tuple[float, float]:
    """The share of deals that goes on from one of the ground's stages: as it is, and with the change."""
    model, names = ground.model, ground.study.events.names.stages
    if model is None:
        return 0.0, 0.0
    models = model, _model(ground, model, change)
    now, then = (share_on(each, names, stage) or 0.0 for each in models)
    return now, then


def changed_parts(ground: Ground, change: Change) -> Parts:
    """Bottom up with the change in force from the day after the window's `day` on, in minor units.

    Open deals go their way through the changed stages where stages are dated, else by age, where each day
    of it takes `cycle` days; of either `conversion` times as many are won, each at most once. What
    comes in is what the forecast takes it for, times
    what the change does to the chance of a new deal, and times the sellers who bring it in that day.
    """
    study, window, season = ground.study, ground.window, ground.season
    hazard = study.hazard(window.day, season).slower(change.cycle)
    if ground.model is None:
        by_age = study.chances(window, season, hazard, change.cycle)[0]
        by_age = np.minimum(by_age * change.conversion, 1.0)
        opened = float(by_age @ study.view(window.day).open_sum("revenue"))
        after = _born_by_age(window, hazard)
    else:
        model = _model(ground, ground.model, change)
        sums, after = brought(
            study, window, season, model, mix=ground.mix, hazard=hazard, cycle=change.cycle
        )
        whole = float(study.view(window.day).open_sum("revenue").sum())
        opened = min(sums["revenue"] * change.conversion, max(whole, sums["revenue"]))
    after = np.minimum(after * change.conversion, 1.0)
    before = float(ground.born.sum())
    more = float(after @ sellers_by_day(ground, change)) / before if before > 0 else 1.0
    new = ground.bottom_up.new * more * change.arrivals
    return Parts(opened * change.size, new * change.size)


def newborn(study: Study, window: Window) -> tuple[dict[int, float], Floats]:
    """In which stages new deals begin, by share, and what a `Ground` has as `born`."""
    season = study.gate(window.day).season
    model = study.stage_model_of(window.day, stage_model)
    if model is None:
        return {}, _born_by_age(window, study.hazard(window.day, season))
    mix = first_stages(study, window.day)
    return mix, brought(study, window, season, model, mix=mix)[1]


def _born_by_age(window: Window, hazard: Hazard) -> Floats:
    ages = -np.arange(1, window.last - window.day + 1, dtype=np.int64)
    return won_within(hazard, window.day, window.first, window.last, ages)


def sellers_by_day(ground: Ground, change: Change) -> Floats:
    """What all sellers bring in on each day to come, of what those there are do.

    More of them begin on the next day and come up to speed month by month; fewer are gone by then.
    """
    days = np.arange(ground.window.last - ground.window.day)
    if ground.sellers < 1:
        return np.ones(len(days))
    if change.sellers <= 0:
        return np.full(len(days), max(1.0 + change.sellers / ground.sellers, 0.0))
    levels = np.array([*ground.ramp, 1.0])
    level = levels[np.minimum((days / _MONTH).astype(np.int64), len(levels) - 1)]
    return np.asarray(1.0 + level * change.sellers / ground.sellers)


def first_stages(study: Study, day: int) -> dict[int, float]:
    """The shares of the stages in which the newest deals began: of the last weeks, or of a year."""
    stays = study.events.stays_on(day)
    known, deals = study.deals(day)
    is_mine = np.zeros(len(known), bool)
    is_mine[deals.row] = True
    is_first = np.ones(len(stays.row), bool)
    is_first[1:] = stays.row[1:] != stays.row[:-1]
    is_first &= is_mine[stays.row]
    for days in (study.settings.arrival_days, _FIRST_STAGES):
        new = stays.stage[is_first & (stays.entered > day - days)]
        if len(new):
            codes, counts = np.unique(new, return_counts=True)
            return dict(zip(codes.tolist(), (counts / len(new)).tolist(), strict=True))
    return {}


def _model(ground: Ground, model: StageModel, change: Change) -> StageModel:
    names, hazard = ground.study.events.names.stages, model.hazard
    for stage, factor in change.stages.items():
        hazard = going_on(hazard, names, stage, factor)
    return StageModel(hazard, model.exits, model.is_dated).slower(change.cycle)


def what_if(ground: Ground, change: Change) -> float:
    """The forecast's `value`, scaled as the change scales its bottom-up part.

    The part carried on from past wins knows of no change, so that it is scaled alike. `value` itself
    where there is nothing to scale by.
    """
    before = ground.bottom_up.sum
    return ground.value * changed_parts(ground, change).sum / before if before > 0 else ground.value


def together(changes: Iterable[Change]) -> Change:
    """All of these at once: factors on one thing are multiplied, sellers added."""
    whole = Change()
    for each in changes:
        both = {**whole.stages, **each.stages}
        whole = Change(
            conversion=whole.conversion * each.conversion,
            size=whole.size * each.size,
            cycle=whole.cycle * each.cycle,
            arrivals=whole.arrivals * each.arrivals,
            sellers=whole.sellers + each.sellers,
            stages={
                code: whole.stages.get(code, 1.0) * each.stages.get(code, 1.0) for code in both
            },
        )
    return whole


def learning(ground: Ground) -> str:
    """What new sellers bring in while they learn, and where that is known from."""
    levels = ", ".join(f"{100 * level:.0f}" for level in ground.ramp)
    whence = "as measured here" if ground.is_ramp_measured else "assumed, not measured here"
    return f"New sellers begin tomorrow at {levels} % of the others, month by month ({whence})."


def stepped(change: Change, name: str, by: int) -> Change:
    """The change with one factor `by` steps of 5 % more, from 25 % to 300 %."""
    factors: dict[str, Any] = {name: _stepped(getattr(change, name), by)}
    return replace(change, **factors)


def stage_stepped(change: Change, stage: int, by: int) -> Change:
    """The same of the share that goes on from a stage."""
    factor = _stepped(change.stages.get(stage, 1.0), by)
    others = {code: each for code, each in change.stages.items() if code != stage}
    return replace(change, stages=others if factor == 1.0 else {**others, stage: factor})


def sellers_stepped(ground: Ground, change: Change, by: int) -> Change:
    """So many sellers more or fewer."""
    fewest, most = sellers_between(ground)
    return replace(change, sellers=min(max(change.sellers + by, fewest), most))


def sellers_between(ground: Ground) -> tuple[int, int]:
    """How many fewer and more may be asked about: one is left, to take over what leavers have open."""
    return min(1 - ground.sellers, 0), 2 * ground.sellers


def _stepped(factor: float, by: int) -> float:
    return min(max(round(factor + by * STEP, 2), LEAST), MOST)
