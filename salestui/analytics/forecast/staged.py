"""Chances by the stage a deal is in and the days it has been there, where stages are dated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from salestui.analytics.events import NEVER, UNDATED, Names
from salestui.analytics.forecast.ageing import Hazard, age_then
from salestui.analytics.forecast.deals import Deals, Floats
from salestui.analytics.forecast.phases import FLAT, month_of, phase_of
from salestui.analytics.forecast.settings import Measure
from salestui.analytics.forecast.stages import (
    Outlook,
    StageModel,
    Whole,
    fit,
    foresee,
    outlooks,
    recent_factors,
)
from salestui.analytics.forecast.study import Study, Window


class _AsOf(NamedTuple):
    day: int
    names: Names


def stage_model(study: Study, day: int) -> StageModel | None:
    """The model of all deals as of `day`, recalibrated; `None` where stages are not dated.

    It is fitted to the whole store even where a forecast is about a part of it: a stage means the
    same to all, and a rep has too few exits from each.
    """
    if not study.ledger.has_dated_stages:
        return None
    known, stays = _AsOf(day, study.events.names), study.events.stays_on(day)
    tracked = study.view(day).tracked
    since = UNDATED if tracked == NEVER else tracked
    model = fit(known, stays, tracked_from=since)
    if not model.is_usable:
        return None
    return model.scaled(*recent_factors(model, known, stays, tracked_from=since))


def open_by_stage(
    study: Study, windows: Sequence[Window], season: int
) -> list[dict[Measure, float] | None]:
    """What the deals open on each window's day will bring in it; `None` where stages are not dated.

    The windows are one, so many days earlier or later. Minor units, and deals. A deal whose stage has
    no day is judged by its age.
    """
    models = [study.stage_model_of(each.day, stage_model) for each in windows]
    can = [(model, each) for model, each in zip(models, windows, strict=True) if model is not None]
    looks = iter(_looks(study, can, season))
    return [
        None if model is None else _brought(study, each, season, next(looks))
        for model, each in zip(models, windows, strict=True)
    ]


def brought(
    study: Study,
    window: Window,
    season: int,
    model: StageModel,
    *,
    mix: Mapping[int, float],
    hazard: Hazard | None = None,
    cycle: float = 1.0,
) -> tuple[dict[Measure, float], Floats]:
    """What open deals will bring in the window by this model, and the chance of one of each day to come.

    The latter is P(won in the window) of a deal created on each day from the window's next to its last,
    in one of the stages of `mix`, which has their shares. `hazard` is by age, of deals whose stage has
    no day; that of the window's day if none is given. Both have been made `cycle` times as slow.
    """
    (look,) = _looks(study, [(model, window)], season)
    ahead, before = window.last - window.day, window.first - 1 - window.day
    by_day = np.zeros(ahead)
    for stage, share in mix.items():
        by_day += share * look.whole.of_new(stage)
        if look.sooner is not None:
            by_day[:before] -= share * look.sooner.of_new(stage)
    return _brought(study, window, season, look, hazard, cycle), by_day


def _brought(
    study: Study,
    window: Window,
    season: int,
    look: Look,
    hazard: Hazard | None = None,
    cycle: float = 1.0,
) -> dict[Measure, float]:
    view, there = study.view(window.day), study.view(window.day).standing
    chance = look(there.stage, age_then(there.days, cycle))
    count, amount = float((chance * there.count).sum()), float((chance * there.amount).sum())
    if len(there.undated_count):
        by_age = study.chances(window, season, hazard, cycle)[0][: len(there.undated_count)]
        count += float((by_age * there.undated_count).sum())
        amount += float((by_age * there.undated_amount).sum())
    return {"count": count, "revenue": amount * view.ratio}


def open_chances(study: Study, mine: Deals, window: Window, season: int) -> Floats:
    """P(won in the window) of each of these open deals: by stage where stages are dated, else by age.

    By stage it is U_{last - day} - U_{first - 1 - day}, with the calendar's factors on each day if it is
    used. A deal whose stage has no day is judged by its age.
    """
    chance = study.open_chances(mine, window, season)
    model = study.stage_model_of(window.day, stage_model)
    if model is not None:
        can = mine.entered != UNDATED
        (look,) = _looks(study, [(model, window)], season)
        chance[can] = look(mine.stage[can], window.day - mine.entered[can])
    return chance


@dataclass(frozen=True, slots=True)
class Look:
    """P(won in a window) of deals in these stages for so many days: by its end, less before it begins."""

    whole: Outlook
    sooner: Outlook | None

    def __call__(self, stage: Whole, age: Whole) -> Floats:
        won = self.whole.of(stage, age)
        if self.sooner is not None:
            won = won - self.sooner.of(stage, age)
        return np.clip(won, 0.0, 1.0)


def _looks(study: Study, asked: Sequence[tuple[StageModel, Window]], season: int) -> Iterator[Look]:
    """U_{last - day} - U_{first - 1 - day}, for windows that are one, so many days earlier or later."""
    if not asked:
        return
    window = asked[0][1]
    wholes = _outlooks(study, asked, window.last - window.day, season)
    before = window.first - 1 - window.day
    befores = _outlooks(study, asked, before, season) if before > 0 else [None] * len(asked)
    yield from map(Look, wholes, befores)


def _outlooks(
    study: Study, asked: Sequence[tuple[StageModel, Window]], ahead: int, season: int
) -> list[Outlook]:
    """Of so many days after the day of each window."""
    if season == FLAT:
        foresee([model for model, _ in asked], ahead)
        return [model.within(ahead) for model, _ in asked]
    won, left = np.empty((len(asked), ahead)), np.empty((len(asked), ahead))
    for place, (_, window) in enumerate(asked):
        hazard = study.hazard(window.day, season)
        days = np.arange(window.day + 1, window.day + ahead + 1, dtype=np.int64)
        phases = phase_of(month_of(days), season, hazard.fiscal_start)
        # The recalibration is in the model already; only the calendar's own shape is taken from ages.
        won[place] = (hazard.won_factor / hazard.won_factor.mean())[phases]
        left[place] = (hazard.left_factor / hazard.left_factor.mean())[phases]
    return outlooks([model.hazard for model, _ in asked], ahead, won, left)
