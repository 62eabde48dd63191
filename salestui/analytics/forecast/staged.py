"""Chances by the stage a deal is in and the days it has been there, where stages are dated."""

from __future__ import annotations

import numpy as np

from salestui.analytics.events import NEVER, UNDATED
from salestui.analytics.forecast.deals import Deals, Floats
from salestui.analytics.forecast.phases import month_of, phase_of
from salestui.analytics.forecast.settings import Measure
from salestui.analytics.forecast.stages import (
    Outlook,
    StageModel,
    Whole,
    fit,
    outlook,
    recent_factors,
)
from salestui.analytics.forecast.study import Study, Window


def stage_model(study: Study, day: int) -> StageModel | None:
    """The model of all deals as of `day`, recalibrated; `None` where stages are not dated.

    It is fitted to the whole store even where a forecast is about a part of it: a stage means the
    same to all, and a rep has too few exits from each.
    """
    if not study.ledger.has_dated_stages:
        return None
    known, stays = study.ledger.known_on(day), study.events.stays_on(day)
    tracked = study.view(day).tracked
    since = UNDATED if tracked == NEVER else tracked
    model = fit(known, stays, tracked_from=since)
    if not model.is_usable:
        return None
    return model.scaled(*recent_factors(model, known, stays, tracked_from=since))


def open_by_stage(study: Study, window: Window, season: int) -> dict[Measure, float] | None:
    """What the deals open on the window's day will bring in it; `None` where stages are not dated.

    Minor units, and deals. A deal whose stage has no day is judged by its age.
    """
    model = study.stage_model_of(window.day, stage_model)
    if model is None:
        return None
    view, there = study.view(window.day), study.view(window.day).standing
    chance = _between(study, model, window, season, there.stage, there.days)
    count, amount = float((chance * there.count).sum()), float((chance * there.amount).sum())
    if len(there.undated_count):
        by_age = study.chances(window, season)[0][: len(there.undated_count)]
        count += float((by_age * there.undated_count).sum())
        amount += float((by_age * there.undated_amount).sum())
    return {"count": count, "revenue": amount * view.ratio}


def open_chances(study: Study, mine: Deals, window: Window, season: int) -> Floats:
    """P(won in the window) of each of these open deals: by stage where stages are dated, else by age."""
    chance = study.open_chances(mine, window, season)
    model = study.stage_model_of(window.day, stage_model)
    if model is not None:
        can = mine.entered != UNDATED
        chance[can] = _between(
            study, model, window, season, mine.stage[can], window.day - mine.entered[can]
        )
    return chance


def _between(
    study: Study, model: StageModel, window: Window, season: int, stage: Whole, age: Whole
) -> Floats:
    """U_{last - day} - U_{first - 1 - day} for deals so many days in these stages."""
    whole = _outlook(study, model, window.day, window.last, season).of(stage, age)
    if window.first > window.day + 1:
        whole = whole - _outlook(study, model, window.day, window.first - 1, season).of(stage, age)
    chances: Floats = np.clip(whole, 0.0, 1.0)
    return chances


def stage_chances(study: Study, model: StageModel, window: Window, season: int) -> Floats:
    """P(won in the window) of each deal known on the window's day; `nan` where its stage has no day.

    U_{last - day} - U_{first - 1 - day}, with the calendar's factors on each day if it is used.
    """
    known = study.ledger.known_on(window.day)
    can = known.is_open & (known.entered != UNDATED)
    chances = np.full(len(known), np.nan)
    chances[can] = _between(
        study, model, window, season, known.stage[can], window.day - known.entered[can]
    )
    return chances


def _outlook(study: Study, model: StageModel, day: int, last: int, season: int) -> Outlook:
    if season == 1:
        return model.within(last - day)
    hazard = study.hazard(day, season)
    days = np.arange(day + 1, last + 1, dtype=np.int64)
    phases = phase_of(month_of(days), season, hazard.fiscal_start)
    # The recalibration is in the model already; only the calendar's own shape is taken from ages.
    won, left = (each / each.mean() for each in (hazard.won_factor, hazard.left_factor))
    return outlook(model.hazard, last - day, won[phases], left[phases])
