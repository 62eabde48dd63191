"""Open deals priced one by one: by their stage's percentage, and by what such deals have brought."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from salestui.analytics.events import Events, Flags, Known
from salestui.analytics.forecast.deals import Floats
from salestui.analytics.forecast.probability import chances, prove
from salestui.analytics.forecast.staged import stage_model
from salestui.analytics.forecast.study import Study
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.scope import Scope
from salestui.analytics.slices import within
from salestui.models.vocabulary import StageKind
from salestui.store.reader import Reader
from salestui.text import so_many, to_day


@dataclass(frozen=True, slots=True)
class Priced:
    """Open deals of one currency, one element for each: minor units, and days since creation.

    `is_staged` if they are judged by the stage they are in, as in the forecast, and not by age. `told_by`
    is what tells deals apart besides, as `prove` has found it worth, and `odds` what that makes of each.
    `is_known` is false where no deal was ever closed. `chance` is that of being won in the end; `is_lead`
    tells deals that are in a stage of leads, `is_too_old` those older than any deal ever won.
    """

    currency: str
    is_staged: bool
    told_by: tuple[str, ...]
    deal: tuple[str, ...]
    stage: tuple[str, ...]
    age: tuple[int, ...]
    amount: Floats
    template: Floats
    statistics: Floats
    chance: Floats
    odds: Floats
    is_lead: Flags
    is_too_old: Flags
    is_known: bool

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
            deal=tuple(self.deal[place] for place in places),
            stage=tuple(self.stage[place] for place in places),
            age=tuple(self.age[place] for place in places),
            amount=self.amount[chosen],
            template=self.template[chosen],
            statistics=self.statistics[chosen],
            chance=self.chance[chosen],
            odds=self.odds[chosen],
            is_lead=self.is_lead[chosen],
            is_too_old=self.is_too_old[chosen],
        )


def priced(study: Study, day: int) -> Priced:
    """Every dated open deal of the study, priced both ways."""
    view = study.view(day)
    proof = prove(study, day) if view.wins else None
    told_by = proof.kept if proof is not None else ()
    found = chances(study, day, told_by)
    known, _ = study.deals(day)
    return Priced(
        currency=study.currency,
        is_staged=study.stage_model_of(day, stage_model) is not None,
        told_by=told_by,
        deal=tuple(known.names.deals[code] for code in known.deal[found.row].tolist()),
        stage=tuple(known.names.stages[code].id for code in known.stage[found.row].tolist()),
        age=tuple(found.age.tolist()),
        amount=found.amount,
        template=found.amount * found.template,
        statistics=found.amount * found.ratio * found.ultimate,
        chance=found.ultimate,
        odds=found.odds,
        is_lead=lead_stages(known)[known.stage[found.row]],
        is_too_old=found.is_zombie,
        is_known=bool(view.wins or view.losses),
    )


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


def stage_names(reader: Reader) -> dict[str, str]:
    """What each stage is called, in the order of the pipelines; with its pipeline if there are several."""
    pipelines = read_pipelines(reader)
    several = sum(line.is_live for line in pipelines) > 1
    return {
        stage.id: f"{line.name}: {stage.name}" if several else stage.name
        for line in pipelines
        for stage in line.stages
    }
