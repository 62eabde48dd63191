"""The list of references: what each pipeline's stages usually do, as it was kept or set by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from salestui.screens.setup_entries import Column, Entry, SetupList
from salestui.store.reader import Reader
from salestui.text import format_money

if TYPE_CHECKING:
    from salestui.analytics.pipelines import Pipeline, Stage
    from salestui.analytics.stages.reference import Figures, Funnel


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A pipeline, and the number of the newest version of its reference: 0 where none was kept."""

    id: str
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage of the newest version: shares in hundredths of a percent, the value in minor units."""

    id: str
    name: str
    version: int
    pipeline_id: str
    currency: str
    forward_bp: int | None = None
    lost_bp: int | None = None
    win_bp: int | None = None
    median_days: int | None = None
    value_minor: int | None = None


def _references(reader: Reader) -> list[Entry]:
    from salestui.analytics.pipelines import read_pipelines
    from salestui.analytics.stages.reference import kept

    live = [each for each in read_pipelines(reader) if each.is_live and each.before_sale]
    newest = kept(reader, live, reader.today)
    return [
        entry
        for place, pipeline in enumerate(live, start=1)
        for entry in _pipeline(pipeline, newest.get(pipeline.id), place)
    ]


def _pipeline(pipeline: Pipeline, newest: Funnel | None, place: int) -> Iterator[Entry]:
    from salestui.analytics.stages.reference import by_hand

    number = newest.number if newest is not None else 0
    known: Mapping[str, Figures] = by_hand(pipeline) if newest is None else newest.figures
    whole = ReferenceLine(pipeline.id, pipeline.name, number or 0)
    kept_on = str(newest.frozen_on or "") if newest is not None else ""
    measured = newest.period.label if newest is not None else ""
    version = "none kept" if newest is None else newest.name
    yield Entry("reference", whole, place, (pipeline.name, version, *[""] * 5, kept_on, measured))
    for position, stage in enumerate(pipeline.before_sale, start=1):
        row = _stage(stage, known.get(stage.id), pipeline.currency, number or 0)
        source = "template" if newest is None else ""
        cells = (f"  {position} {row.name}", source, *_cells(row), "", "")
        yield Entry("reference stage", row, position, cells, pipeline.id)


def _stage(stage: Stage, figures: Figures | None, currency: str, number: int) -> StageLine:
    def points(share: float | None) -> int | None:
        return None if share is None else round(10_000 * share)

    row = StageLine(stage.id, stage.name, number, stage.pipeline_id, currency)
    if figures is None:
        return row
    return replace(
        row,
        forward_bp=points(figures.forward),
        lost_bp=points(figures.lost),
        win_bp=points(figures.win),
        median_days=figures.median_days if isinstance(figures.median_days, int) else None,
        value_minor=figures.values.get(currency),
    )


def _cells(row: StageLine) -> tuple[str, ...]:
    def share(points: int | None) -> str:
        return "–" if points is None else f"{points / 100:.1f} %"

    value = "–"
    if row.value_minor is not None:
        value = f"{format_money(row.value_minor, row.currency, short=True)} {row.currency}"
    return (
        share(row.forward_bp),
        share(row.lost_bp),
        share(row.win_bp),
        "–" if row.median_days is None else f"{row.median_days:,}",
        value,
    )


REFERENCES = SetupList(
    "Reference",
    "reference",
    (
        Column("Pipeline, stages"),
        Column("Version"),
        Column("Goes on", is_right=True),
        Column("Lost", is_right=True),
        Column("Won at last", is_right=True),
        Column("Median d", is_right=True, since=70),
        Column("Value", is_right=True, since=70),
        Column("Kept on", since=110),
        Column("Measured", since=110),
    ),
    _references,
    about="What stages usually do: e sets one by hand, F keeps what is measured.",
    nothing="No pipeline with stages yet: left, then n adds one.",
    is_derived=True,
)
