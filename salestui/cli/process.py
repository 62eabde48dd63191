"""Pipelines and their stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from salestui.cli import completion
from salestui.cli.changes import given, needed
from salestui.cli.opening import opened
from salestui.cli.options import AsJson, Currency, NewName, Rename
from salestui.cli.output import say, show

if TYPE_CHECKING:
    from salestui.queries.names import Found
    from salestui.store.store import Store

app = typer.Typer()
pipeline = typer.Typer(help="List, add and edit pipelines.", no_args_is_help=True)
stage = typer.Typer(help="List, add and edit the stages of a pipeline.", no_args_is_help=True)
app.add_typer(pipeline, name="pipeline")
app.add_typer(stage, name="stage")

PipelineName = Annotated[
    str,
    typer.Argument(
        metavar="PIPELINE", help="The pipeline's name.", autocompletion=completion.pipelines
    ),
]
StageName = Annotated[str, typer.Argument(metavar="STAGE", help="The stage's name.")]
Kind = Annotated[str | None, typer.Option(help="lead, sale or after-sale.")]
Probability = Annotated[
    int | None, typer.Option(help="Percent of the deals here that are won in the end.")
]
IdleDays = Annotated[
    int | None, typer.Option(help="Days after which a deal here counts as stalled; 0 for no limit.")
]
Position = Annotated[int | None, typer.Option(help="Its place among the stages, from 1.")]


@pipeline.command("list")
def list_pipelines(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the pipelines."""
    from salestui.queries import setup

    with opened(ctx) as store:
        rows = [
            {"name": p.name, "currency": p.currency, "stages": p.stages, "active_deals": p.deals}
            for p in store.read(setup.pipelines)
        ]
    show(rows, as_json=as_json, empty="No pipelines yet. Add one: salestui pipeline add NAME")


@pipeline.command("templates")
def list_templates(as_json: AsJson = False) -> None:
    """List the ready sales cycles that a pipeline can start from."""
    from salestui.usecases.templates import TEMPLATES

    rows = [
        {"template": name, "stages": [stage.name for stage in stages]}
        for name, stages in TEMPLATES.items()
    ]
    show(rows, as_json=as_json, empty="There are no templates.")


@pipeline.command("add")
def add_pipeline(
    ctx: typer.Context,
    name: NewName,
    template: Annotated[
        str, typer.Option(help="Its first stages; 'pipeline templates' lists them.")
    ] = "short",
    currency: Annotated[str, typer.Option(help="The currency of its new deals.")] = "EUR",
) -> None:
    """Add a pipeline with the stages of a template."""
    with opened(ctx, is_created=True) as store:
        from salestui.usecases.process import create_pipeline

        saved = store.write(create_pipeline, name=name, template=template, currency=currency)
    say(saved.summary)


@pipeline.command("edit")
def edit_pipeline(
    ctx: typer.Context, pipeline_name: PipelineName, name: Rename = None, currency: Currency = None
) -> None:
    """Rename a pipeline or change the currency of its new deals."""
    changes = needed(given(name=name, currency=currency))
    with opened(ctx) as store:
        found = _pipeline(store, pipeline_name)
        from salestui.usecases import process

        saved = store.write(
            process.edit_pipeline, pipeline_id=found.id, expected_version=found.version, **changes
        )
    say(saved.summary)


@pipeline.command("delete")
def delete_pipeline(ctx: typer.Context, pipeline_name: PipelineName) -> None:
    """Delete a pipeline that has no deals."""
    with opened(ctx) as store:
        found = _pipeline(store, pipeline_name)
        from salestui.usecases import process

        say(store.write(process.delete_pipeline, pipeline_id=found.id).summary)


@stage.command("list")
def list_stages(
    ctx: typer.Context,
    pipeline_name: Annotated[
        str | None,
        typer.Argument(
            metavar="[PIPELINE]",
            help="One pipeline; all, unless said otherwise.",
            autocompletion=completion.pipelines,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the stages with probability, idle limit and active deals."""
    from salestui.queries import setup

    with opened(ctx) as store:
        chosen = _pipeline(store, pipeline_name).id if pipeline_name else None
        rows = [
            {
                "pipeline": s.pipeline,
                "position": s.position,
                "name": s.name,
                "kind": s.kind,
                "probability": s.probability,
                "idle_days": s.idle_days,
                "active_deals": s.deals,
            }
            for s in store.read(setup.stages, pipeline_id=chosen)
        ]
    show(rows, as_json=as_json, empty="No stages yet. Add a pipeline: salestui pipeline add NAME")


@stage.command("add")
def add_stage(
    ctx: typer.Context,
    pipeline_name: PipelineName,
    name: NewName,
    kind: Kind = None,
    probability: Probability = None,
    idle_days: IdleDays = None,
    position: Position = None,
) -> None:
    """Add a stage to a pipeline, at the end unless a position is given."""
    fields = given(kind=kind, probability=probability, idle_days=idle_days or None)
    with opened(ctx) as store:
        found = _pipeline(store, pipeline_name)
        from salestui.usecases import process

        saved = store.write(
            process.add_stage, pipeline_id=found.id, name=name, position=position, **fields
        )
    say(saved.summary)


@stage.command("edit")
def edit_stage(
    ctx: typer.Context,
    pipeline_name: PipelineName,
    stage_name: StageName,
    name: Rename = None,
    kind: Kind = None,
    probability: Probability = None,
    idle_days: IdleDays = None,
    position: Position = None,
) -> None:
    """Change a stage: name, kind, probability, idle limit, place."""
    changes = needed(
        given(name=name, kind=kind, probability=probability, idle_days=idle_days, position=position)
    )
    if changes.get("idle_days") == 0:
        changes["idle_days"] = None
    with opened(ctx) as store:
        found = _stage(store, pipeline_name, stage_name)
        from salestui.usecases import process

        saved = store.write(
            process.edit_stage, stage_id=found.id, expected_version=found.version, **changes
        )
    say(saved.summary)


@stage.command("delete")
def delete_stage(ctx: typer.Context, pipeline_name: PipelineName, stage_name: StageName) -> None:
    """Delete a stage that no deal is in or was closed in."""
    with opened(ctx) as store:
        found = _stage(store, pipeline_name, stage_name)
        from salestui.usecases import process

        say(store.write(process.delete_stage, stage_id=found.id).summary)


def _pipeline(store: Store, typed: str) -> Found:
    from salestui.queries import names

    return store.read(names.find, "pipeline", typed)


def _stage(store: Store, pipeline_typed: str, typed: str) -> Found:
    from salestui.queries import names

    return store.read(names.find_stage, _pipeline(store, pipeline_typed).id, typed)
