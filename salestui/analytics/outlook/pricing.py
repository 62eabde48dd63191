"""Open deals priced one by one: by their stage's percentage, and by what such deals have brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from salestui.analytics.events import UNDATED, Codes, Events, Flags, Ints, Known, Names
from salestui.analytics.forecast.deals import Choice, Floats
from salestui.analytics.forecast.probability import Multipliers, Proof, chances, prove
from salestui.analytics.forecast.staged import stage_model
from salestui.analytics.forecast.stages import TRUSTED_EXITS
from salestui.analytics.forecast.study import Study
from salestui.analytics.kept import made_once
from salestui.analytics.outlook.forecasting import key_of, studies_in
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.scope import Scope
from salestui.analytics.slices import within
from salestui.models.vocabulary import StageKind
from salestui.store.reader import Reader
from salestui.text import format_money, of_so_many, so_many, to_day


@dataclass(frozen=True, slots=True)
class Factor:
    """What tells deals apart besides stage or age: of each deal its code, and what that makes of its odds."""

    feature: str
    code: Codes
    odds: Floats


@dataclass(frozen=True, slots=True)
class Priced:
    """Open deals of one currency, one element for each: minor units, and days since creation.

    All is learned from the whole `study`, so that a deal has the same chance whatever it is listed among;
    `at` are the places of these deals among the open ones there.

    `is_staged` if they are judged by the stage they are in, as in the forecast, and not by age. `factors`
    tell deals apart besides, as `proof` has found them worth, and `odds` is what all of them make of each,
    levelled. `is_known` is false where fewer than `ENOUGH` deals were closed: `wins` and `losses` of them,
    from the day `since` on. `amount` is the mean of all where not `is_priced`. `chance` is that of being
    won in the end, `soon` that within the days that `proof` checks; `stayed` are days in the stage;
    `is_lead` tells deals that are in a stage of leads, `is_too_old` those older than any deal ever won.
    """

    study: Study
    at: Ints
    currency: str
    names: Names
    is_staged: bool
    factors: tuple[Factor, ...]
    proof: Proof | None
    wins: int
    losses: int
    since: int
    deal: tuple[str, ...]
    stage: tuple[str, ...]
    age: tuple[int, ...]
    stayed: Ints
    owner: Codes
    amount: Floats
    is_priced: Flags
    template: Floats
    statistics: Floats
    chance: Floats
    soon: Floats
    odds: Floats
    is_lead: Flags
    is_too_old: Flags
    is_known: bool

    @property
    def told_by(self) -> tuple[str, ...]:
        """What tells deals apart besides stage or age."""
        return tuple(each.feature for each in self.factors)

    @property
    def leads(self) -> Priced:
        """Those in a stage of leads."""
        return self._where(self.is_lead)

    @property
    def sales(self) -> Priced:
        """All others: together they are what is open."""
        return self._where(~self.is_lead)

    def _where(self, chosen: Flags) -> Priced:
        places = np.flatnonzero(chosen).tolist()
        return replace(
            self,
            at=self.at[chosen],
            factors=tuple(
                replace(each, code=each.code[chosen], odds=each.odds[chosen])
                for each in self.factors
            ),
            deal=tuple(self.deal[place] for place in places),
            stage=tuple(self.stage[place] for place in places),
            age=tuple(self.age[place] for place in places),
            stayed=self.stayed[chosen],
            owner=self.owner[chosen],
            amount=self.amount[chosen],
            is_priced=self.is_priced[chosen],
            template=self.template[chosen],
            statistics=self.statistics[chosen],
            chance=self.chance[chosen],
            soon=self.soon[chosen],
            odds=self.odds[chosen],
            is_lead=self.is_lead[chosen],
            is_too_old=self.is_too_old[chosen],
        )


def priced_in(reader: Reader, scope: Scope) -> list[Priced]:
    """The open deals of the scope, currency by currency as its studies are, priced once."""
    whole = {each.currency: each for each in studies_in(reader, scope.of_everything())}
    day = to_day(scope.as_of)

    def mine(known: Known) -> Flags:
        return within(known, scope)

    choice = None if scope.is_of_everything else mine
    return [
        made_once(
            reader,
            ("priced", each.currency, *key_of(scope)),
            lambda _, each=each: priced(whole[each.currency], day, choice),  # type: ignore[misc]
        )
        for each in studies_in(reader, scope)
    ]


def priced(study: Study, day: int, mine: Choice | None = None) -> Priced:
    """Every dated open deal of the study, priced both ways; of `mine` alone, if any are chosen."""
    view = study.view(day)
    proof = prove(study, day, mine=mine) if view.wins else None
    found = chances(study, day, proof.kept if proof is not None else ())
    known, _ = study.deals(day)
    entered = known.entered[found.row]
    whole = Priced(
        study=study,
        at=np.arange(len(found.row)),
        currency=study.currency,
        is_staged=study.stage_model_of(day, stage_model) is not None,
        names=known.names,
        factors=tuple(_factor(each, known, found.row) for each in found.kept),
        proof=proof,
        wins=view.wins,
        losses=view.losses,
        since=view.tracked,
        deal=tuple(known.names.deals[code] for code in known.deal[found.row].tolist()),
        stage=tuple(known.names.stages[code].id for code in known.stage[found.row].tolist()),
        age=tuple(found.age.tolist()),
        stayed=np.where(entered == UNDATED, UNDATED, day - entered),
        owner=known.owner[found.row],
        amount=found.amount,
        is_priced=found.is_priced,
        template=found.amount * found.template,
        statistics=found.amount * found.ratio * found.ultimate,
        chance=found.ultimate,
        soon=found.soon,
        odds=found.odds,
        is_lead=lead_stages(known)[known.stage[found.row]],
        is_too_old=found.is_zombie,
        is_known=view.wins + view.losses >= ENOUGH,
    )
    return whole if mine is None else whole._where(mine(known)[found.row])


def _factor(found: Multipliers, known: Known, row: Ints) -> Factor:
    code = getattr(known, found.feature)[row]
    return Factor(found.feature, code, found.of(code))


def lead_stages(known: Known | Events) -> Flags:
    """Of each stage's code whether it is one of leads; one element more, for none."""
    return np.array([stage.kind == StageKind.LEAD for stage in known.names.stages] + [False])


@dataclass(frozen=True, slots=True)
class Undated:
    """Open deals that nobody knows the age of: those in a stage of leads, and all others."""

    leads: int
    sales: int


def undated_on(events: Events, scope: Scope) -> Undated:
    """Those of the scope."""
    known = events.known_on(to_day(scope.as_of))
    stage = known.stage[known.is_open & ~known.is_dated & within(known, scope)]
    leads = int(lead_stages(known)[stage].sum())
    return Undated(leads, len(stage) - leads)


def undated_words(count: int) -> tuple[str, ...]:
    """That so many are left out, if any are."""
    return (f"{so_many(count, 'open deal')} without a day created left out.",) if count else ()


ENOUGH = TRUSTED_EXITS
"""Deals that must have closed before what others will bring is told by them."""

DOUBTFUL = "Too few deals: wins expected: about {}. Below {} no single figure is to be trusted."

_NONE = "No deal has been closed yet: nothing tells what open ones will bring."
_FEW = "Too few deals closed: {} of the {} that it takes to say what open ones will bring."
_FEW_LEADS = "Too few leads closed to say what open ones will bring."


def unknown_words(found: Sequence[Priced], *, several: bool) -> Iterator[str]:
    """Where too little was closed to say what open deals will bring."""
    for each in found:
        if each.deal and not each.is_known:
            closed = each.wins + each.losses
            few = _FEW.format(closed, ENOUGH) if closed < ENOUGH else _FEW_LEADS
            told = few if closed else _NONE
            yield f"{each.currency}: {told}" if several else told


def assumed_words(found: Sequence[Priced]) -> Iterator[str]:
    """How many open deals have no amount, and which one is taken for theirs."""
    for each in found:
        lacking = np.flatnonzero(~each.is_priced)
        if len(lacking):
            mean = format_money(round(float(each.amount[lacking[0]])), each.currency)
            yield (
                f"{of_so_many(len(lacking), len(each.deal), 'open deal')} without an amount: template and "
                f"statistics take the mean for it, {mean}."
            )


def doubtful_words(found: Sequence[Priced], *, several: bool) -> Iterator[str]:
    """Where so few wins are expected that they bear no claim."""
    for each in found:
        wins, claimed = float(each.chance.sum()), each.study.settings.claim_wins
        if each.deal and each.is_known and wins < claimed:
            told = DOUBTFUL.format(f"{wins:.0f}", f"{claimed:.0f}")
            yield f"{each.currency}: {told}" if several else told


_GAP = 5.0
"""How many times the statistics the template may be before it is worth a sentence."""

_MOST = 99
"""How many times beyond which nobody counts."""


def cautions(found: Sequence[Priced], *, several: bool) -> Iterator[str]:
    """Why to distrust what open deals are said to bring."""
    for each in found:
        head = f"{each.currency}: " if several else ""
        if too_old := int(each.is_too_old.sum()):
            share = of_so_many(too_old, len(each.deal), "open deal")
            yield f"{head}{share} older than any deal ever won."
        template, statistics = float(each.template.sum()), float(each.statistics.sum())
        if statistics > 0 and not template:
            yield f"{head}The stages of these deals have no percentages: the template says nothing."
        if each.is_known and statistics > 0 and template > _GAP * statistics:
            times = template / statistics
            much = f"{times:.0f}" if times < _MOST else f"over {_MOST}"
            yield f"{head}The stages' percentages promise {much} times what such deals have brought."


def such_words(found: Sequence[Priced]) -> str:
    """ "age", or "stage and time in it, and product, which would have told past deals apart better"."""
    first = "stage and time in it" if any(each.is_staged for each in found) else "age"
    kept = ", ".join(dict.fromkeys(name for each in found for name in each.told_by))
    return f"{first}, and {kept}, which would have told past deals apart better" if kept else first


def stage_names(reader: Reader) -> dict[str, str]:
    """What each stage is called, in the order of the pipelines; with its pipeline if there are several."""
    pipelines = read_pipelines(reader)
    several = sum(line.is_live for line in pipelines) > 1
    return {
        stage.id: f"{line.name}: {stage.name}" if several else stage.name
        for line in pipelines
        for stage in line.stages
    }
