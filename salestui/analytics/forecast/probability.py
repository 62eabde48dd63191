"""Each open deal's chance to be won: by stage or age and calendar, as the forecast has it, times what its
kind has done before.

A factor (owner, product, source, kind) is used only if it would have made the probabilities of past days
better than stage or age and the other factors do; most do not. It tells deals apart: what all of them
together are worth stays what the forecast, whose level is tested, says of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from salestui.analytics.events import NEVER, WON, Codes, Flags, Ints, Known
from salestui.analytics.forecast.ageing import fit
from salestui.analytics.forecast.deals import Choice, Deals, Floats
from salestui.analytics.forecast.phases import FLAT
from salestui.analytics.forecast.reliability import Reliability, log_loss, reliability
from salestui.analytics.forecast.staged import open_chances
from salestui.analytics.forecast.study import Study, Window
from salestui.analytics.forecast.total import HORIZON

FEATURES = ("source", "product", "owner", "kind")
LANDMARK = 60
"""Days within which a past probability is checked."""

_BASE, _TEMPLATE, _WORTH = "base", "template", "worth"
_EVERY = 14
_ORIGINS = 26
_GAIN = 1e-3
"""How much lower the log loss must be for a factor to be kept; less is chance."""
_LEAST, _MOST = 0.33, 3.0
_HALVINGS = 50
"""Steps in which the level of odds is found: to a millionth of a millionth."""


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
    """The open deals of a day: `row` in its `Known`, P(won in the end), which is `HORIZON` days away.

    `soon` is P(won within `LANDMARK` days), which is what `prove` checks.

    `odds` is what the kept factors made of its odds in all: the value of all deals in the end is the same
    with them as without.
    `template` is the stage's own percentage, `amount` the open amount in minor units, the mean where not
    `is_priced`, of which `ratio` is won by those that win.
    """

    row: Ints
    ultimate: Floats
    soon: Floats
    odds: Floats
    template: Floats
    amount: Floats
    is_priced: Flags
    ratio: float
    age: Ints
    is_zombie: Flags
    kept: tuple[Multipliers, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One feature on past days: log loss with those kept before it, and with it besides."""

    feature: str
    without: float
    with_it: float

    @property
    def is_kept(self) -> bool:
        return self.with_it < self.without - _GAIN


@dataclass(frozen=True, slots=True)
class Proof:
    """Past probabilities of winning within `LANDMARK` days, as of a day every fortnight.

    `base` scores those without factors, `template` those of the stages' percentages, `told` those with
    the kept factors, levelled as in `chances`; `trials` tell which features were tried, in that order.
    `days` are the past days, the last one first.
    """

    base: Reliability | None
    template: Reliability | None
    told: Reliability | None
    trials: tuple[Trial, ...]
    days: tuple[int, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        return tuple(trial.feature for trial in self.trials if trial.is_kept)


def chances(study: Study, day: int, kept: tuple[str, ...] = ()) -> Chances:
    """Price every open deal as of the day, with what `prove` has found worth keeping."""
    known, deals = study.deals(day)
    view, season = study.view(day), study.gate(day).season
    open_ones = deals.where(deals.is_open)
    found = multipliers(study, known, deals, kept)
    ultimate = open_chances(study, open_ones, Window(day, day + 1, day + HORIZON), season)
    odds = levelled(ultimate, _odds(found, known, open_ones), open_ones.opening)
    ages = open_ones.ended - open_ones.created
    return Chances(
        row=open_ones.row,
        ultimate=with_odds(ultimate, odds),
        soon=with_odds(
            open_chances(study, open_ones, Window(day, day + 1, day + LANDMARK), season), odds
        ),
        odds=odds,
        template=_template(known, open_ones),
        amount=open_ones.opening,
        is_priced=open_ones.is_priced,
        ratio=view.ratio,
        age=ages,
        is_zombie=ages > view.oldest_win if view.wins else np.zeros(len(ages), bool),
        kept=found,
    )


def won_in(study: Study, window: Window, odds: Floats, at: Ints | None = None) -> Floats:
    """P(won in another window) of each open deal, with the `odds` that `chances` found.

    Of those `at` these places among the open deals alone, if they are named; `odds` are theirs.

    F(last) - F(first - 1), F(t) = P(won by t) with its odds multiplied: periods that follow one another
    add up to no more than the chance to be won in the end.
    """
    _, deals = study.deals(window.day)
    open_ones, season = deals.where(deals.is_open), study.gate(window.day).season
    places = slice(None) if at is None else at

    def until(last: int) -> Floats:
        by_then = Window(window.day, window.day + 1, last)
        return with_odds(open_chances(study, open_ones, by_then, season)[places], odds)

    by_last = until(window.last)
    return by_last if window.first == window.day + 1 else by_last - until(window.first - 1)


def levelled(chance: Floats, odds: Floats, worth: Floats) -> Floats:
    """The odds times the one number that leaves the sum of `worth` x chance as it is without them.

    It lies between the least and the most that odds may be, and is found by halving. Without worth each
    deal counts as one.
    """
    if not len(odds) or bool((odds == odds[0]).all()):
        return np.ones(len(odds))
    weights = worth if worth.any() else np.ones(len(worth))
    goal = float(weights @ chance)
    low, high = 1.0 / float(odds.max()), 1.0 / float(odds.min())
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if float(weights @ with_odds(chance, odds * middle)) < goal:
            low = middle
        else:
            high = middle
    found: Floats = odds * low
    return found


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

    def until(age: Ints) -> Floats:
        known = np.minimum(age, len(hazard))
        late: Floats = summed[known] + (age - known) * (hazard[-1] if len(hazard) else 0.0)
        return late

    expected = until(watched.ended - watched.created + 1) - until(watched.begun - watched.created)
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
    return _clipped(
        (each.of(getattr(known, each.feature)[deals.row]) for each in found), len(deals)
    )


def _clipped(factors: Iterable[Floats], count: int) -> Floats:
    """The product of the multipliers of each of so many deals, kept within a third and three."""
    odds = np.ones(count)
    for each in factors:
        odds *= each
    return np.clip(odds, _LEAST, _MOST)


def with_odds(chance: Floats, odds: Floats) -> Floats:
    """The probability whose odds are so many times as high; 0 and 1 stay what they are."""
    return chance * odds / (1.0 - chance + chance * odds)


def prove(
    study: Study,
    day: int,
    *,
    mine: Choice | None = None,
    features: tuple[str, ...] = FEATURES,
    origins: int = _ORIGINS,
    within: int = LANDMARK,
) -> Proof:
    """Say probabilities as of a day in every fortnight until `day` - `within`, and score them.

    What is kept is learned from all deals of the study; the scores are of `mine` among them, if any are
    chosen.
    """
    closed, view = _won_on(study, day), study.view(day)
    said: list[dict[str, Floats]] = []
    came: list[Flags] = []
    own: list[Flags] = []
    days: list[int] = []
    earliest = view.tracked + study.settings.warm_up
    for number in range(origins):
        origin = day - within - _EVERY * number
        if origin < earliest or view.tracked == NEVER:
            break
        window = Window(origin, origin + 1, origin + within)
        made, deals, is_mine = _said(study, window, features, mine)
        said.append(made)
        own.append(is_mine)
        came.append((closed[deals] >= window.first) & (closed[deals] <= window.last))
        days.append(origin)
    if not sum(map(len, came)):
        return Proof(None, None, None, (), ())
    outcomes = np.concatenate(came)

    def whole(name: str) -> Floats:
        return np.concatenate([each[name] for each in said])

    trials = _tried(said, outcomes, features)
    kept = tuple(trial.feature for trial in trials if trial.is_kept)
    scored = np.concatenate(own)

    def score(chance: Floats) -> Reliability | None:
        return reliability(chance[scored], outcomes[scored])

    plain = score(whole(_BASE))
    told = np.concatenate([_levelled_with(each, kept) for each in said]) if kept else None
    return Proof(
        base=plain,
        template=score(whole(_TEMPLATE)),
        told=plain if told is None else score(told),
        trials=trials,
        days=tuple(days),
    )


def _tried(
    said: Sequence[dict[str, Floats]], outcomes: Flags, features: tuple[str, ...]
) -> tuple[Trial, ...]:
    """Each feature in turn, the best by itself first, with those that were kept before it."""

    def with_these(features: tuple[str, ...]) -> float:
        """The log loss with all of these factors, day by day: whole arrays of each would be large."""
        told = [with_odds(each[_BASE], _odds_with(each, features)) for each in said]
        return log_loss(np.concatenate(told), outcomes)

    trials: list[Trial] = []
    kept: tuple[str, ...] = ()
    loss = log_loss(np.concatenate([each[_BASE] for each in said]), outcomes)
    alone = {each: with_these((each,)) for each in features}
    for feature in sorted(features, key=alone.__getitem__):
        with_it = with_these((*kept, feature)) if kept else alone[feature]
        trial = Trial(feature, loss, with_it)
        trials.append(trial)
        if trial.is_kept:
            kept, loss = (*kept, feature), trial.with_it
    return tuple(trials)


def _odds_with(said: dict[str, Floats], features: tuple[str, ...]) -> Floats:
    return _clipped((said[feature] for feature in features), len(said[_BASE]))


def _levelled_with(said: dict[str, Floats], features: tuple[str, ...]) -> Floats:
    return with_odds(said[_BASE], levelled(said[_BASE], _odds_with(said, features), said[_WORTH]))


def _won_on(study: Study, day: int) -> Ints:
    """Of every deal the day it was won, as known at the end of `day`; `NEVER` of others."""
    known, deals = study.deals(day)
    closed = np.full(len(study.events.created), NEVER, np.int64)
    closed[known.deal[deals.row[deals.is_won]]] = deals.closed[deals.is_won]
    return closed


def _said(
    study: Study, window: Window, features: tuple[str, ...], mine: Choice | None
) -> tuple[dict[str, Floats], Codes, Flags]:
    """What stage or age and the stages' percentages would have said as of one day, of which deals, and
    which of these are `mine`.

    Of each feature it is what it would have made of the odds; and what the deals were worth.
    """
    known, deals = study.deals(window.day)
    open_ones, season = deals.where(deals.is_open), study.gate(window.day).season
    made = {
        _BASE: open_chances(study, open_ones, window, season),
        _TEMPLATE: _template(known, open_ones),
        _WORTH: open_ones.opening,
    }
    for each in multipliers(study, known, deals, features):
        made[each.feature] = each.of(getattr(known, each.feature)[open_ones.row])
    chosen = np.ones(len(open_ones), bool) if mine is None else mine(known)[open_ones.row]
    return made, known.deal[open_ones.row], chosen


def _template(known: Known, deals: Deals) -> Floats:
    """The stage's own percentage of each deal, as a share."""
    share = np.array([stage.probability for stage in known.names.stages] or [0]) / 100
    found: Floats = share[known.stage[deals.row]]
    return found
