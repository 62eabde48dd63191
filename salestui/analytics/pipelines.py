"""The team's sales cycles as the reports need them: their stages in order, before and after the sale."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from salestui.models.vocabulary import StageKind
from salestui.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage; `is_live` is off for one that was deleted but that deals have been through."""

    id: str
    pipeline_id: str
    name: str
    position: int
    kind: str
    probability: int
    is_live: bool


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A sales cycle with its stages in order."""

    id: str
    name: str
    currency: str
    stages: tuple[Stage, ...]
    is_live: bool

    @property
    def before_sale(self) -> tuple[Stage, ...]:
        """The live stages that lead to a won deal."""
        return tuple(s for s in self.stages if s.is_live and s.kind != StageKind.AFTER_SALE)

    @property
    def is_weighed(self) -> bool:
        """Whether anybody has given its stages percentages; zero everywhere is what nobody means."""
        return any(stage.probability for stage in self.before_sale)

    @property
    def after_sale(self) -> tuple[Stage, ...]:
        """The live stages that a won deal goes on through."""
        return tuple(s for s in self.stages if s.is_live and s.kind == StageKind.AFTER_SALE)


_SQL = """
SELECT p.id, p.name, p.currency, p.deleted_at, s.id, s.name, s.position, s.kind, s.probability,
       s.deleted_at
FROM pipeline p LEFT JOIN stage s ON s.pipeline_id = p.id
ORDER BY p.position, p.id, s.position, s.id
"""


def read_pipelines(reader: Reader) -> tuple[Pipeline, ...]:
    """All pipelines in order, deleted ones included."""
    found: dict[str, tuple[tuple[Any, ...], list[Stage]]] = {}
    for row in reader.rows(_SQL):
        _, stages = found.setdefault(row[0], (row, []))
        if row[4] is not None:
            stages.append(Stage(*(row[4], row[0], *row[5:9], row[9] is None)))
    return tuple(
        Pipeline(row[0], row[1], row[2], tuple(stages), is_live=row[3] is None)
        for row, stages in found.values()
    )


def chosen(pipelines: Iterable[Pipeline], pipeline_id: str | None) -> tuple[Pipeline, ...]:
    """The pipeline of that id, or all of them."""
    return tuple(p for p in pipelines if pipeline_id in (None, p.id))


UNWEIGHED = (
    "{}: no stage has a percentage, so nothing is weighted: "
    "salestui stage edit PIPELINE STAGE --probability PERCENT."
)


def unweighed(pipelines: Iterable[Pipeline], used: Container[str]) -> Iterator[str]:
    """A sentence on each pipeline with `used` stages and no percentages: its weighted sums say nothing."""
    for pipeline in pipelines:
        if not pipeline.is_weighed and any(stage.id in used for stage in pipeline.before_sale):
            yield UNWEIGHED.format(pipeline.name)


def with_stages(
    pipelines: Iterable[Pipeline], pipeline_id: str | None, used: Container[str]
) -> list[tuple[Pipeline, Stage]]:
    """The live stages of the live pipelines, and deleted ones that are `used`, in order."""
    return [
        (pipeline, stage)
        for pipeline in chosen(pipelines, pipeline_id)
        for stage in pipeline.stages
        if (pipeline.is_live and stage.is_live) or stage.id in used
    ]
