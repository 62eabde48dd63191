"""The sales cycles and the lists that deals and activities refer to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from salestui.errors import Refused
from salestui.models.base import Kept
from salestui.models.deals import Deal
from salestui.models.people import Territory
from salestui.models.process import (
    ActivityKind,
    Competitor,
    CompetitorProduct,
    LossReason,
    Pipeline,
    Product,
    Stage,
)
from salestui.models.vocabulary import StageKind
from salestui.store.unit import Unit
from salestui.text import clean, fold, so_many
from salestui.text.fold import name_key
from salestui.usecases.facts import Saved, made, put
from salestui.usecases.references import refuse_if_used
from salestui.usecases.templates import TEMPLATES, StageTemplate

_LISTS: dict[str, type[Kept]] = {
    "product": Product,
    "competitor": Competitor,
    "competitor product": CompetitorProduct,
    "loss reason": LossReason,
    "activity kind": ActivityKind,
    "territory": Territory,
}
"""The plain lists, by the word that people use for one of their rows."""


def create_pipeline(
    unit: Unit,
    *,
    name: str,
    template: str = "short",
    currency: str = "EUR",
    stages: Sequence[StageTemplate] | None = None,
) -> Saved:
    """A new sales cycle from a ready template, or from `stages`."""
    if stages is None and template not in TEMPLATES:
        raise Refused(f"'{clean(template)}' is no template: use {', '.join(TEMPLATES)}.")
    unit.take_turns(Pipeline)
    _refuse_twin(unit, Pipeline, name, "pipeline")
    position = 1 + max((p.position for p in unit.live(Pipeline)), default=0)
    pipeline: Pipeline = made(Pipeline, {"name": name, "currency": currency, "position": position})
    unit.add(pipeline)
    for number, stage in enumerate(TEMPLATES[template] if stages is None else stages, start=1):
        unit.add(
            Stage(
                pipeline_id=pipeline.id,
                position=number,
                name=clean(stage.name),
                kind=stage.kind,
                probability=stage.probability,
                idle_days=stage.idle_days,
            )
        )
    return Saved(pipeline.id, f"Created pipeline {pipeline.name}", pipeline.version)


def edit_pipeline(
    unit: Unit, /, *, pipeline_id: str, expected_version: int | None = None, **changes: Any
) -> Saved:
    """Rename a pipeline, change its currency or its place in the list: `position` from 1."""
    unit.take_turns(Pipeline)
    pipeline = unit.get_at(Pipeline, pipeline_id, expected_version, "pipeline")
    position = changes.pop("position", None)
    if "name" in changes:
        _refuse_twin(unit, Pipeline, changes["name"], "pipeline", apart_from=pipeline.id)
    put(pipeline, changes)
    _place(unit, pipeline, position)
    unit.session.flush()
    return Saved(pipeline.id, f"Changed pipeline {pipeline.name}", pipeline.version)


def delete_pipeline(unit: Unit, *, pipeline_id: str) -> Saved:
    """Take away a pipeline without deals, and its stages."""
    unit.take_turns(Stage)
    pipeline = unit.get(Pipeline, pipeline_id, "pipeline")
    stages = unit.live(Stage, pipeline_id=pipeline.id)
    unit.hold_whole(stages)
    refuse_if_used(unit, pipeline, "pipeline", apart_from=("stage", "reference"))
    for stage in stages:
        stage.deleted_at = unit.now
    unit.delete(pipeline)
    return Saved(pipeline.id, f"Deleted pipeline {pipeline.name}", pipeline.version)


def add_stage(
    unit: Unit, /, *, pipeline_id: str, name: str, position: int | None = None, **fields: Any
) -> Saved:
    """A new stage at `position` (from 1), or at the end."""
    unit.take_turns(Stage)
    pipeline = unit.get(Pipeline, pipeline_id, "pipeline")
    stages = _ordered(unit, pipeline_id)
    _refuse_same_stage(stages, name, pipeline)
    stage: Stage = made(
        Stage,
        {"pipeline_id": pipeline_id, "name": name, "position": len(stages) + 1, **fields},
    )
    _check(stage)
    unit.add(stage)
    _number(unit, _inserted(stages, stage, len(stages) + 1 if position is None else position))
    return Saved(stage.id, f"Added stage {stage.name} to {pipeline.name}", stage.version)


def edit_stage(
    unit: Unit,
    /,
    *,
    stage_id: str,
    expected_version: int | None = None,
    position: int | None = None,
    **changes: Any,
) -> Saved:
    """Change a stage; `position` (from 1) moves it among its neighbours."""
    unit.take_turns(Stage)
    stage = unit.get_at(Stage, stage_id, expected_version, "stage")
    others = [s for s in _ordered(unit, stage.pipeline_id) if s.id != stage.id]
    if "name" in changes:
        pipeline = unit.get(Pipeline, stage.pipeline_id, "pipeline")
        _refuse_same_stage(others, changes["name"], pipeline)
    was_after = stage.kind == StageKind.AFTER_SALE
    put(stage, changes)
    _check(stage)
    if was_after != (stage.kind == StageKind.AFTER_SALE):
        unit.hold_whole([stage])
        _refuse_deals_in(unit, stage)
    if position is not None:
        _number(unit, _inserted(others, stage, position))
    unit.session.flush()
    return Saved(stage.id, f"Changed stage {stage.name}", stage.version)


def delete_stage(unit: Unit, *, stage_id: str) -> Saved:
    """Take away a stage that no deal is or was closed in."""
    unit.take_turns(Stage)
    stage = unit.get(Stage, stage_id, "stage")
    refuse_if_used(unit, stage, "stage", apart_from=("activity", "reference_stage"))
    unit.delete(stage)
    _number(unit, _ordered(unit, stage.pipeline_id))
    return Saved(stage.id, f"Deleted stage {stage.name}", stage.version)


def add_entry(unit: Unit, /, *, what: str, name: str, **fields: Any) -> Saved:
    """A new product, competitor, competitor product, loss reason, activity kind or territory."""
    model = _model(what)
    unit.take_turns(model)
    if model is CompetitorProduct:
        unit.get(Competitor, fields.get("competitor_id"), "competitor")
    _refuse_twin(unit, model, name, what, competitor_id=fields.get("competitor_id"))
    row = made(model, {"name": name, **fields})
    if "position" in model.model_fields and "position" not in fields:
        row.position = 1 + max((r.position for r in unit.live(model)), default=0)  # type: ignore[attr-defined]
    row = _brought_back(unit, row) or unit.add(row)
    return Saved(row.id, f"Added {what} {row.name}", row.version)


def edit_entry(
    unit: Unit, /, *, what: str, entry_id: str, expected_version: int | None = None, **changes: Any
) -> Saved:
    """Change an entry of one of the plain lists; `position` (from 1) moves it in its list."""
    unit.take_turns(_model(what))
    row: Any = unit.get_at(_model(what), entry_id, expected_version, what)
    if what == "activity kind" and changes.get("name", row.name) != row.name:
        raise Refused("A kind of activity keeps its name: add another and delete this one.")
    position = changes.pop("position", None) if "position" in type(row).model_fields else None
    if "name" in changes:
        its = getattr(row, "competitor_id", None)
        _refuse_twin(unit, type(row), changes["name"], what, competitor_id=its, apart_from=row.id)
    put(row, changes)
    _place(unit, row, position)
    unit.session.flush()
    return Saved(row.id, f"Changed {what} {row.name}", row.version)


def delete_entry(unit: Unit, *, what: str, entry_id: str) -> Saved:
    """Take an entry off its list; what refers to it already keeps it. Only empty territories go."""
    row: Any = unit.get(_model(what), entry_id, what)
    if isinstance(row, Territory):
        refuse_if_used(unit, row, what)
    unit.delete(row)
    return Saved(row.id, f"Deleted {what} {row.name}", row.version)


def _model(what: str) -> type[Kept]:
    if what not in _LISTS:
        raise Refused(f"There is no list of '{clean(what)}': use {', '.join(_LISTS)}.")
    return _LISTS[what]


def _refuse_twin(
    unit: Unit,
    model: type[Kept],
    name: str,
    what: str,
    *,
    competitor_id: str | None = None,
    apart_from: str = "",
) -> None:
    """Refuse a name that another live row has; competitors' products may be named alike."""
    among = {"competitor_id": competitor_id} if model is CompetitorProduct else {}
    rows: list[Any] = [row for row in unit.live(model, **among) if row.id != apart_from]
    twin = next((row for row in rows if fold(row.name) == fold(name)), None)
    if twin is not None and fold(name):
        raise Refused(f"There is a {what} '{twin.name}' already.")


def _refuse_same_stage(stages: Sequence[Stage], name: str, pipeline: Pipeline) -> None:
    if any(name_key(stage.name) == name_key(clean(name)) for stage in stages):
        raise Refused(f"{pipeline.name} has a stage '{clean(name)}' already.")


def _refuse_deals_in(unit: Unit, stage: Stage) -> None:
    """Won deals stand after the sale and open ones before it: a stage with deals cannot change sides."""
    count = len(unit.live(Deal, stage_id=stage.id, is_active=True))
    if count:
        raise Refused(
            f"Move the {so_many(count, 'deal')} out of '{stage.name}' before changing its kind."
        )


def _brought_back(unit: Unit, row: Any) -> Any:
    """The deleted kind of activity of that name, live again: activities keep the name, so it is one."""
    if not isinstance(row, ActivityKind):
        return None
    named = select(ActivityKind).filter_by(name=row.name)
    old = unit.session.execute(named).scalar_one_or_none()
    if old is not None:
        old.deleted_at, old.position = None, row.position
        unit.session.flush()
    return old


def _place(unit: Unit, row: Any, position: int | None) -> None:
    """Give a row its place in its list, counted from 1, and number the list anew."""
    if position is None:
        return
    live: list[Any] = unit.live(type(row))
    listed = sorted((r for r in live if r.id != row.id), key=lambda r: (r.position, r.id))
    for number, each in enumerate(_inserted(listed, row, position), start=1):
        each.position = number


def _inserted(rows: Sequence[Any], row: Any, position: int) -> list[Any]:
    place = max(0, min(position - 1, len(rows)))
    return [*rows[:place], row, *rows[place:]]


def _ordered(unit: Unit, pipeline_id: str) -> list[Stage]:
    return sorted(unit.live(Stage, pipeline_id=pipeline_id), key=lambda s: (s.position, s.id))


def _number(unit: Unit, stages: Sequence[Stage]) -> None:
    """Number the stages in their order."""
    for position, stage in enumerate(stages, start=1):
        stage.position = position
    unit.session.flush()


def _check(stage: Stage) -> None:
    if not 0 <= stage.probability <= 100:
        raise Refused("A probability lies between 0 and 100 percent.")
    if stage.idle_days is not None and stage.idle_days < 1:
        raise Refused("An idle limit is at least one day, or none.")
