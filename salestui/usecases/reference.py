"""The reference funnel: versions of what a pipeline's stages usually do, measured or set by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from salestui.errors import Refused
from salestui.models.implied import implied
from salestui.models.plans import Reference, ReferenceStage
from salestui.models.process import Pipeline, Stage
from salestui.models.vocabulary import StageKind
from salestui.store.unit import Unit
from salestui.text import clean
from salestui.usecases.facts import Saved, made

WHOLE = 10_000
"""All of the deals, in hundredths of a percent."""


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One stage of a version: shares in hundredths of a percent, times in days, money in minor units."""

    stage_id: str
    forward_bp: int
    lost_bp: int | None = None
    win_bp: int | None = None
    entered: int | None = None
    quarter_days: int | None = None
    median_days: int | None = None
    three_quarter_days: int | None = None
    value_minor: int | None = None
    currency: str = ""


def freeze_reference(
    unit: Unit,
    *,
    pipeline_id: str,
    stages: Sequence[StageFigures],
    first_on: date | None,
    last_on: date | None,
    notes: str = "",
) -> Saved:
    """Keep what was measured from `first_on` to `last_on` as the next version, which counts from now."""
    if not stages:
        raise Refused("There is nothing to freeze: the pipeline has no stages before the sale.")
    fields = {"first_on": first_on, "last_on": last_on, "notes": clean(notes, lines=True)}
    return _kept(unit, pipeline_id, stages, is_template=False, **fields)


def set_reference(unit: Unit, /, *, pipeline_id: str, stage_id: str, **changes: Any) -> Saved:
    """Set one stage by hand; the next version, a template, has it beside the others as they were.

    They are those of the newest version, frozen or set; without one, what the stages' percentages imply.
    """
    unit.take_turns(Reference)
    stages = _before_sale(unit, pipeline_id)
    if all(stage.id != stage_id for stage in stages):
        raise Refused("A reference has the stages of its pipeline that stand before the sale.")
    figures = {each.stage_id: each for each in _newest(unit, pipeline_id, stages)}
    if {"forward_bp", "lost_bp", "win_bp"} & changes.keys():
        changes = {"entered": None} | changes  # a share set by hand was measured of no deals
    figures[stage_id] = replace(figures[stage_id], **changes)
    return _kept(unit, pipeline_id, list(figures.values()), is_template=True)


def _kept(
    unit: Unit,
    pipeline_id: str,
    stages: Sequence[StageFigures],
    *,
    is_template: bool,
    **fields: Any,
) -> Saved:
    unit.take_turns(Reference)
    pipeline = unit.get(Pipeline, pipeline_id, "pipeline")
    for each in stages:
        _check(each)
    number = 1 + max((r.number for r in unit.live(Reference, pipeline_id=pipeline_id)), default=0)
    version = unit.add(
        Reference(
            pipeline_id=pipeline_id,
            number=number,
            is_template=is_template,
            frozen_on=unit.today,
            **fields,
        )
    )
    for each in stages:
        row = asdict(each) | {"currency": each.currency or pipeline.currency}
        unit.add(made(ReferenceStage, {"reference_id": version.id, **row}))
    what = "template" if is_template else "reference"
    summary = f"Kept {what} {number} of {pipeline.name}"
    return Saved(version.id, summary, version.version, number)


def _check(each: StageFigures) -> None:
    shares = (each.forward_bp, each.lost_bp or 0, each.win_bp or 0)
    if not all(0 <= share <= WHOLE for share in shares):
        raise Refused("A share lies between 0 and 100 percent.")
    if each.forward_bp + (each.lost_bp or 0) > WHOLE:
        raise Refused(
            "What goes on and what is lost are more than all: together at most 100 percent."
        )
    days = (each.quarter_days, each.median_days, each.three_quarter_days)
    if any(number is not None and number < 0 for number in (*days, each.value_minor)):
        raise Refused("Days and values are not below 0.")


def _before_sale(unit: Unit, pipeline_id: str) -> list[Stage]:
    stages = unit.live(Stage, pipeline_id=pipeline_id)
    listed = sorted(stages, key=lambda stage: (stage.position, stage.id))
    return [stage for stage in listed if stage.kind != StageKind.AFTER_SALE]


def _newest(unit: Unit, pipeline_id: str, stages: Sequence[Stage]) -> list[StageFigures]:
    """The newest version; stages that it does not have as their percentages imply."""
    versions = unit.live(Reference, pipeline_id=pipeline_id)
    newest = max(versions, key=lambda version: version.number, default=None)
    rows = unit.live(ReferenceStage, reference_id=newest.id) if newest is not None else []
    known = {row.stage_id: row for row in rows}
    shares = implied([stage.probability for stage in stages])
    return [
        _figures(known[stage.id])
        if stage.id in known
        else StageFigures(stage.id, round(WHOLE * forward), win_bp=round(WHOLE * win))
        for stage, (forward, win) in zip(stages, shares, strict=True)
    ]


def _figures(row: ReferenceStage) -> StageFigures:
    names = StageFigures.__slots__
    return StageFigures(**{name: getattr(row, name) for name in names})
