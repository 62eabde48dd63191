"""The pipelines and stages that an import meets, made where they are missing."""

from __future__ import annotations

from salestui.models.process import Pipeline, Stage
from salestui.models.vocabulary import StageKind
from salestui.store.unit import Unit
from salestui.text.fold import name_key
from salestui.usecases.facts import made
from salestui.usecases.imports.records import PipelineToMake, Tally, Unfit
from salestui.usecases.process import add_stage

_FIRST_STAGE = "Open"


class Pipelines:
    """Look-ups of pipelines and their stages, kept up to date by the import itself."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._pipelines: dict[str, Pipeline] = {}
        self._stages: dict[str, list[Stage]] = {}
        self._by_name: dict[tuple[str, str], Stage] = {}
        self._kinds: dict[str, StageKind] = {}
        self._planned: dict[tuple[int, str | None], str] = {}
        unit.take_turns(Pipeline, Stage)
        for pipeline in sorted(unit.referable(Pipeline), key=lambda p: (p.position, p.id)):
            self._pipelines.setdefault(name_key(pipeline.name), pipeline)
            self._read_stages(pipeline.id)
        self._by_id = {pipeline.id: pipeline for pipeline in self._pipelines.values()}

    def find(self, plan: PipelineToMake | None, name: str | None, tally: Tally) -> str:
        """The pipeline called `name`, else the planned one, else the first there is."""
        asked = (id(plan), name)  # a plan is not hashed for each of a hundred thousand deals
        if asked not in self._planned:
            self._planned[asked] = self._found(plan, name, tally)
        return self._planned[asked]

    def _found(self, plan: PipelineToMake | None, name: str | None, tally: Tally) -> str:
        first = next(iter(self._pipelines.values()), None)
        if name is None and plan is None and first is not None:
            name = first.name
        wanted = name or (plan.name if plan is not None else "Sales")
        pipeline = self._pipelines.get(name_key(wanted))
        if pipeline is None:
            pipeline = self._make(wanted, plan, tally)
        if plan is not None and name_key(plan.name) == name_key(wanted):
            self._make_stages(pipeline.id, plan)
        if not self._stages[pipeline.id]:
            self._add(pipeline.id, _FIRST_STAGE)
        return pipeline.id

    def _make(self, name: str, plan: PipelineToMake | None, tally: Tally) -> Pipeline:
        currency = (plan.currency if plan else None) or "EUR"
        position = 1 + max((p.position for p in self._pipelines.values()), default=0)
        pipeline: Pipeline = made(
            Pipeline, {"name": name, "currency": currency, "position": position}
        )
        self.unit.add(pipeline)
        self._pipelines[name_key(name)] = self._by_id[pipeline.id] = pipeline
        self._stages[pipeline.id] = []
        tally.note(f"pipeline '{pipeline.name}' made")
        return pipeline

    def _make_stages(self, pipeline_id: str, plan: PipelineToMake) -> None:
        for stage in plan.stages:
            if (pipeline_id, name_key(stage.name)) not in self._by_name:
                self._add(
                    pipeline_id,
                    stage.name,
                    kind=StageKind(stage.kind),
                    probability=stage.probability,
                    idle_days=stage.idle_days,
                )

    def stage(self, pipeline_id: str, name: str, tally: Tally, path: str = "stage") -> Stage:
        """A stage by name; where there is none, it is made: the last one before the sale."""
        # The name as it stands is asked for first: a file says it a hundred thousand times.
        found = self._by_name.get((pipeline_id, name)) or self._by_name.get(
            (pipeline_id, name_key(name))
        )
        if found is not None:
            self._by_name[pipeline_id, name] = found
            return found
        if not name_key(name):
            raise Unfit(path, "the stage has no name")
        tally.note(f"stage '{name}' made from its name alone: set its place and probability")
        return self._add(pipeline_id, name)

    def _add(self, pipeline_id: str, name: str, **fields: object) -> Stage:
        """A new stage at the end, but a stage of the sale before those that come after it."""
        stages = self._stages[pipeline_id]
        before = [s for s in stages if s.kind != StageKind.AFTER_SALE]
        at_end = fields.get("kind") == StageKind.AFTER_SALE
        position = len(stages if at_end else before) + 1
        add_stage(self.unit, pipeline_id=pipeline_id, name=name, position=position, **fields)
        self._read_stages(pipeline_id)
        return self._by_name[pipeline_id, name_key(name)]

    def _read_stages(self, pipeline_id: str) -> None:
        live = self.unit.referable(Stage, pipeline_id=pipeline_id)
        self._stages[pipeline_id] = sorted(live, key=lambda s: (s.position, s.id))
        for stage in self._stages[pipeline_id]:
            self._by_name.setdefault((pipeline_id, name_key(stage.name)), stage)
            self._kinds[stage.id] = stage.kind

    def first(self, pipeline_id: str) -> Stage:
        """The stage that deals begin in."""
        return self._stages[pipeline_id][0]

    def last(self, pipeline_id: str) -> Stage:
        """The stage that deals are won from."""
        sale = [s for s in self._stages[pipeline_id] if s.kind != StageKind.AFTER_SALE]
        return (sale or self._stages[pipeline_id])[-1]

    @property
    def have_after_sale(self) -> bool:
        """Whether there is any stage after the sale at all."""
        return StageKind.AFTER_SALE in self._kinds.values()

    def is_after_sale(self, stage_id: str) -> bool:
        """Whether only won deals come to the stage."""
        return self._kinds[stage_id] == StageKind.AFTER_SALE

    def currency(self, pipeline_id: str) -> str:
        """What the pipeline's deals are counted in."""
        return self._by_id[pipeline_id].currency
