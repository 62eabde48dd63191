"""What became of deals that came as leads, read from the history: qualified, gone, or still a lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from salestui.analytics.events import (
    LOST,
    NEVER,
    TO_WON,
    UNDATED,
    WON,
    Codes,
    Events,
    Flags,
    Ints,
    Known,
)
from salestui.analytics.groups import GROUPS, Label
from salestui.analytics.outlook.pricing import lead_stages
from salestui.analytics.scope import Scope
from salestui.analytics.selling.incidence import incidence
from salestui.analytics.slices import parts, within
from salestui.store.reader import Reader
from salestui.text import to_day

COHORT = 365
"""Days back in which a lead came that conversion is measured on: older ones tell of other times."""


@dataclass(frozen=True, slots=True)
class Source:
    """Leads of one source: how many came, and of them qualified, went, are leads still, were won.

    `share` is the share that qualifies in the end (Aalen-Johansen: those still leads count for their
    age); `None` while none is decided.
    """

    label: Label
    came: int
    qualified: int
    gone: int
    still: int
    won: int
    share: float | None

    @property
    def decided(self) -> int:
        return self.qualified + self.gone


@dataclass(frozen=True, slots=True)
class LeadFates:
    """Leads that came from the day `since` on, within `COHORT` days, by source, and all together.

    `undated` could belong there and are left out: nobody knows when they came or ended. `closed` are
    dated ones of the whole store ever won or lost, by currency: what is known of one tells nothing of
    another.
    """

    sources: tuple[Source, ...]
    all: Source
    since: int
    undated: int
    closed: Mapping[str, int]


def came_as_lead(events: Events, known: Known) -> Flags:
    """Which of the known deals began in a stage of leads."""
    first: Codes = events.stage[np.searchsorted(events.deal, known.deal)]
    came: Flags = lead_stages(events)[first]
    return came


def lead_fates(reader: Reader, scope: Scope, events: Events) -> LeadFates:
    """Those of the scope, as known at the end of its day; most leads first, those of no source last."""
    day = to_day(scope.as_of)
    known = events.known_on(day)
    came = came_as_lead(events, known)
    is_mine = within(known, scope) & came
    is_closed = (known.outcome == WON) | (known.outcome == LOST)
    age, fate = _fates(events, known)
    # Before the first close that is known, only leads that outlived it are.
    tracked = int(known.closed[known.is_dated].min(initial=day + 1))
    since = max(day - COHORT + 1, min(tracked, day))
    is_lately, is_timed = known.created >= since, known.is_dated & (fate != _UNTIMED)
    is_undated = ~is_timed & (is_lately | (known.created == UNDATED))
    row = np.flatnonzero(is_mine & is_timed & is_lately)
    # Chances are learned from all leads, whichever are asked about.
    closed = known.currency[came & is_closed & known.is_dated]
    codes, counts = np.unique(closed, return_counts=True)
    place, found = parts(reader, events.names, GROUPS["source"], known.source[row], scope.as_of)
    fates = (age[row], fate[row], known.outcome[row] == WON)
    listed = [
        _source(label, *(each[place == number] for each in fates))
        for number, label in enumerate(found)
    ]
    return LeadFates(
        sources=tuple(sorted(listed, key=lambda each: (not each.label[0], -each.came, each.label))),
        all=_source(("", "All"), *fates),
        since=since,
        undated=int((is_mine & is_undated).sum()),
        closed={
            events.names.currencies[code]: count
            for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
        },
    )


_STILL, _QUALIFIED, _GONE, _UNTIMED = 0, 1, 2, -1


def _fates(events: Events, known: Known) -> tuple[Ints, Ints]:
    """For each deal the days it was a lead, and what became of it; `_UNTIMED` where nobody knows when.

    It qualifies on the day it enters the first stage that is none of leads, or is won from one.
    """
    stays, lead = events.stays_on(known.day), lead_stages(events)
    is_sale = ~lead[stays.stage]
    is_end = is_sale | (stays.to == TO_WON)
    qualified = np.full(len(known), NEVER)
    np.minimum.at(
        qualified, stays.row[is_end], np.where(is_sale, stays.entered, stays.left)[is_end]
    )
    ended = np.full(len(known), UNDATED)
    np.maximum.at(ended, stays.row, np.where(stays.left == NEVER, UNDATED, stays.left))
    fate = np.where(qualified < NEVER, _QUALIFIED, np.where(known.is_open, _STILL, _GONE))
    until = np.choose(fate, (np.full(len(known), known.day), qualified, ended))
    fate = np.where((until == UNDATED) | (known.created == UNDATED), _UNTIMED, fate)
    return np.maximum(until - known.created, 0), fate


def _source(label: Label, age: Ints, fate: Ints, is_won: Flags) -> Source:
    counted = [Counter(age[fate == each].tolist()) for each in (_STILL, _QUALIFIED, _GONE)]
    still, qualified, gone = counted
    curve = incidence([qualified, gone], still)
    return Source(
        label=label,
        came=len(age),
        qualified=qualified.total(),
        gone=gone.total(),
        still=still.total(),
        won=int(is_won.sum()),
        share=curve.at_last(0) if curve.days else None,
    )


def is_there(events: Events, scope: Scope) -> bool:
    """Whether any stage of the scope's pipelines is one of leads."""
    named: Sequence[str] = [
        stage.pipeline_id
        for stage, is_lead in zip(events.names.stages, lead_stages(events), strict=False)
        if is_lead
    ]
    return bool(named) if scope.pipeline_id is None else scope.pipeline_id in named
