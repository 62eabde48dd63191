"""What share of the deals in a stage goes on from it, and the model in which another share does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from salestui.analytics.events import StageOf
from salestui.analytics.forecast.stage_counts import Floats, Ints
from salestui.analytics.forecast.stages import StageModel


def ways_on(stages: Sequence[StageOf], stage: int) -> Ints:
    """The places in `hazard[stage, age]` that lead on: later stages of the pipeline, and won."""
    own = stages[stage]
    later = [
        code
        for code, each in enumerate(stages)
        if each.pipeline_id == own.pipeline_id and each.position > own.position
    ]
    return np.array([*later, len(stages)], np.int64)


def share_on(model: StageModel, stages: Sequence[StageOf], stage: int) -> float | None:
    """Of the deals that enter `stage` and are decided in it, the share that goes on; `None` without any.

    Σ_a S(a) F(a) / Σ_a S(a) (F(a) + L(a)), with F the rate of going on after `a` days, L that of being
    lost or postponed, and S(a) the share still there then.
    """
    hazard, end = model.hazard[stage], len(stages)
    on = hazard[:, ways_on(stages, stage)].sum(axis=1)
    out = hazard[:, end + 1 :].sum(axis=1)
    stays = np.clip(1.0 - hazard.sum(axis=1), 0.0, 1.0)
    there = np.concatenate([[1.0], np.cumprod(stays[:-1])])
    decided = float(there @ (on + out))
    return float(there @ on) / decided if decided > 0 else None


def going_on(hazard: Floats, stages: Sequence[StageOf], stage: int, factor: float) -> Floats:
    """The hazards with the rate of going on from `stage` times `factor`, and losses making room for it.

    As many leave the stage each day as before: what goes on more is lost and postponed less, and at
    an age where nothing more is lost nothing more goes on. Only so is it a share that changes and not the
    days that a deal takes.
    """
    changed, end = hazard.copy(), len(stages)
    own = changed[stage]
    ways = ways_on(stages, stage)
    on, out = own[:, ways].sum(axis=1), own[:, end + 1 :].sum(axis=1)
    shift = np.minimum(on * (factor - 1.0), out)
    own[:, ways] *= _ratio(on + shift, on)[:, None]
    own[:, end + 1 :] *= _ratio(out - shift, out)[:, None]
    own[:, end + 1] += np.where(out > 0, 0.0, -shift)
    return changed


def _ratio(one: Floats, other: Floats) -> Floats:
    return np.divide(one, other, out=np.ones(one.shape), where=other > 0)
