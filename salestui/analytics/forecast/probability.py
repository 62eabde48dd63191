"""Each open deal's chance to be won: by age and calendar, times what its kind has done before.

A factor (owner, product, source, kind), or the model of stages, is used only if it would have made the
probabilities of past days better; most do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salestui.analytics.events import NEVER, WON, Codes, Flags, Ints, Known
from salestui.analytics.forecast.ageing import fit
from salestui.analytics.forecast.deals import Deals, Floats
from salestui.analytics.forecast.phases import FLAT
from salestui.analytics.forecast.reliability import Reliability, log_loss, reliability
from salestui.analytics.forecast.staged import open_chances, stage_chances, stage_model
from salestui.analytics.forecast.stages import StageModel
from salestui.analytics.forecast.study import Study, Window
from salestui.analytics.forecast.total import HORIZON

FEATURES = ("source", "product", "owner", "kind")
LANDMARK = 60
"""Days within which a past probability is checked."""

STAGE = "stage"
"""Tried and kept like a factor: the way through the stages in place of the age."""

_AGE, _TEMPLATE = "by age", "template"
_EVERY = 14
_ORIGINS = 26
_GAIN = 1e-3
"""How much lower the log loss must be for a factor to be kept; less is chance."""
_LEAST, _MOST = 0.33, 3.0


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Of one feature: by how much each of its values multiplies the odds, for codes -1, 0, 1 .."""

    feature: str
    odds: Floats

    def of(self, codes: Codes) -> Floats:
        """The multiplier of each deal; 1 for a value that had no deal yet."""
        place = np.asarray(codes, np.int64) + 1
        inside = place < len(self.odds)
        found: Floats = np.where(inside, self.odds[np.minimum(place, len(self.odds) - 1)], 1.0)
        return found


@dataclass(frozen=True, slots=True)
class Chances:
    """The open deals of a day: `row` in its `Known`, P(won in the window), P(won in the end).

    `base` is the former before any factor, `odds` what the kept factors made of its odds in all.
    `template` is the stage's own percentage, `amount` the open amount in minor units, of which
    `ratio` is won by those that win.
    """

    row: Ints
    within: Floats
    ultimate: Floats
    base: Floats
    odds: Floats
    template: Floats
    amount: Floats
    ratio: float
    age: Ints
    is_zombie: Flags
    kept: tuple[Multipliers, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One feature on past days: log loss without and with it."""

    feature: str
    without: float
    with_it: float

    @property
    def is_kept(self) -> bool:
        return self.with_it < self.without - _GAIN


@dataclass(frozen=True, slots=True)
class Proof:
    """Past probabilities of winning within `LANDMARK` days, as of a day every fortnight.

    `by_age` scores those without factors, `template` those of the stages; `trials` tell which
    features were tried.
    """

    by_age: Reliability | None
    template: Reliability | None
    trials: tuple[Trial, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        return tuple(trial.feature for trial in self.trials if trial.is_kept)


def chances(study: Study, window: Window, kept: tuple[str, ...] = ()) -> Chances:
    """Price every open deal as of the window's day, with what `prove` has found worth keeping."""
    known, deals = study.deals(window.day)
    view, season = study.view(window.day), study.gate(window.day).season
    open_ones = deals.where(deals.is_open)
    found = multipliers(study, known, deals, tuple(each for each in kept if each != STAGE))
    odds = _odds(found, known, open_ones)
    in_the_end = Window(window.day, window.day + 1, window.day + HORIZON)
    model = stage_model(study, window.day) if STAGE in kept else None
    base, ultimate = (_base(study, open_ones, each, season, model) for each in (window, in_the_end))
    ages = open_ones.ended - open_ones.created
    stage_share = np.array([stage.probability for stage in known.names.stages] or [0]) / 100
    return Chances(
        row=open_ones.row,
        within=with_odds(base, odds),
        ultimate=with_odds(ultimate, odds),
        base=base,
        odds=odds,
        template=stage_share[known.stage[open_ones.row]],
        amount=open_ones.opening,
        ratio=view.ratio,
        age=ages,
        is_zombie=ages > view.oldest_win if view.wins else np.zeros(len(ages), bool),
        kept=found,
    )


def won_in(study: Study, window: Window, odds: Floats, kept: tuple[str, ...]) -> Floats:
    """P(won in another window) of each open deal, with the `odds` and the way that `chances` found."""
    _, deals = study.deals(window.day)
    open_ones, season = deals.where(deals.is_open), study.gate(window.day).season
    by_model = (
        open_chances(study, open_ones, window, season)
        if STAGE in kept
        else study.open_chances(open_ones, window, season)
    )
    return with_odds(by_model, odds)


def _base(
    study: Study, deals: Deals, window: Window, season: int, model: StageModel | None
) -> Floats:
    """By the way through the stages where there is a model and the deal's stage has a day; else by age."""
    by_age = study.open_chances(deals, window, season)
    if model is None:
        return by_age
    by_stage = stage_chances(study, model, window, season)[deals.row]
    return np.where(np.isnan(by_stage), by_age, by_stage)


def multipliers(
    study: Study, known: Known, deals: Deals, features: tuple[str, ...]
) -> tuple[Multipliers, ...]:
    """m_j = (O_j + k) / (E_j + k): wins of each value over those that ages alone explain.

    E_j = sum over its deals of the hazard of their days at risk. k = sum E^2 / max(sum((O - E)^2 - E), 0)
    by the method of moments: the less values differ beyond chance, the closer m is to 1.
    """
    if not features:
        return ()
    hazard = fit(study.risk(deals.day).exposed, FLAT, study.settings.fiscal_start).won
    summed = np.concatenate([[0.0], np.cumsum(hazard)])
    watched = deals.where(deals.ended >= deals.begun)
    last = np.minimum(watched.ended - watched.created + 1, len(hazard))
    first = np.minimum(watched.begun - watched.created, len(hazard))
    expected = summed[last] - summed[first]
    found = []
    for feature in features:
        place = getattr(known, feature)[watched.row].astype(np.int64) + 1
        seen: Floats = np.bincount(place, weights=watched.outcome == WON).astype(np.float64)
        hoped: Floats = np.bincount(place, weights=expected).astype(np.float64)
        found.append(Multipliers(feature, shrunken_ratio(seen, hoped)))
    return tuple(found)


def shrunken_ratio(seen: Floats, hoped: Floats) -> Floats:
    """(O + k) / (E + k) with k = sum E^2 / max(sum((O - E)^2 - E), 0); all 1 if nothing differs."""
    excess = float(((seen - hoped) ** 2 - hoped).sum())
    if excess <= 0.0:
        return np.ones(len(seen))
    prior = float((hoped**2).sum()) / excess
    ratio: Floats = (seen + prior) / np.maximum(hoped + prior, 1e-12)
    return ratio


def _odds(found: tuple[Multipliers, ...], known: Known, deals: Deals) -> Floats:
    """The product of a deal's multipliers, kept within a third and three."""
    odds = np.ones(len(deals))
    for each in found:
        odds *= each.of(getattr(known, each.feature)[deals.row])
    return np.clip(odds, _LEAST, _MOST)


def with_odds(chance: Floats, odds: Floats) -> Floats:
    """The probability whose odds are so many times as high; 0 and 1 stay what they are."""
    return chance * odds / (1.0 - chance + chance * odds)


def prove(
    study: Study,
    day: int,
    *,
    features: tuple[str, ...] = FEATURES,
    origins: int = _ORIGINS,
    within: int = LANDMARK,
) -> Proof:
    """Say probabilities as of a day in every fortnight until `day` - `within`, and score them."""
    closed, view = _won_on(study, day), study.view(day)
    said: list[dict[str, Floats]] = []
    came: list[Flags] = []
    earliest = view.tracked + study.settings.warm_up
    for number in range(origins):
        origin = day - within - _EVERY * number
        if origin < earliest or view.tracked == NEVER:
            break
        window = Window(origin, origin + 1, origin + within)
        made, deals = _said(study, window, features)
        said.append(made)
        came.append((closed[deals] >= window.first) & (closed[deals] <= window.last))
    if not sum(map(len, came)):
        return Proof(None, None, ())
    outcomes = np.concatenate(came)

    def whole(name: str) -> Floats:
        """All that one way has said; with what other ways have said it would be a hundred megabytes."""
        return np.concatenate([each.pop(name) for each in said])

    trials = {name: log_loss(whole(name), outcomes) for name in (STAGE, *features)}
    by_age, template = whole(_AGE), whole(_TEMPLATE)
    without = log_loss(by_age, outcomes)
    return Proof(
        by_age=reliability(by_age, outcomes),
        template=reliability(template, outcomes),
        trials=tuple(Trial(name, without, with_it) for name, with_it in trials.items()),
    )


def _won_on(study: Study, day: int) -> Ints:
    """Of every deal the day it was won, as known at the end of `day`; `NEVER` of others."""
    known, deals = study.deals(day)
    closed = np.full(len(study.events.created), NEVER, np.int64)
    closed[known.deal[deals.row[deals.is_won]]] = deals.closed[deals.is_won]
    return closed


def _said(
    study: Study, window: Window, features: tuple[str, ...]
) -> tuple[dict[str, Floats], Codes]:
    """What each way to price would have said as of one day, and of which deals."""
    priced = chances(study, window, features)
    known = study.ledger.known_on(window.day)
    made = {_AGE: priced.base, _TEMPLATE: priced.template, STAGE: priced.base}
    model = study.stage_model_of(window.day, stage_model)
    if model is not None:
        by_stage = stage_chances(study, model, window, study.gate(window.day).season)[priced.row]
        made[STAGE] = np.where(np.isnan(by_stage), priced.base, by_stage)
    for each in priced.kept:
        odds = np.clip(each.of(getattr(known, each.feature)[priced.row]), _LEAST, _MOST)
        made[each.feature] = with_odds(priced.base, odds)
    return made, known.deal[priced.row]
