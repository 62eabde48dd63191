"""The reference funnel: what a period's stages are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import reporting as reports
from salestui.cli.changes import given, money_minor, needed
from salestui.cli.opening import opened
from salestui.cli.options import AsCsv, AsJson
from salestui.cli.output import say
from salestui.cli.process import PipelineName, StageName

if TYPE_CHECKING:
    from salestui.analytics.report import Report
    from salestui.analytics.stages.reference import Funnel
    from salestui.store.reader import Reader

app = typer.Typer()
reference = typer.Typer(
    help="Show what stages usually do, keep it as a version, set a template.", no_args_is_help=True
)
app.add_typer(reference, name="reference")


@reference.command("show")
def show_reference(
    ctx: typer.Context,
    period: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD",
            help="What that period is compared with: measured from the year before it; before the "
            "current month otherwise.",
        ),
    ] = None,
    pipeline: reports.PipelineOption = None,
    only: reports.Only = None,
    version: Annotated[int | None, typer.Option(help="One version by its number.")] = None,
    measured: Annotated[
        bool, typer.Option("--measured", help="What is measured now, whatever was kept.")
    ] = False,
    same_months: Annotated[
        bool,
        typer.Option(
            "--same-months",
            help="Measured from the same months of other quarters as this one, or as the period's.",
        ),
    ] = False,
    as_of: reports.AsOf = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show the reference of each pipeline: its newest version, or what its last year measures."""

    def read(reader: Reader) -> Report:
        from salestui.analytics.scope import ALWAYS, ask
        from salestui.analytics.stages.reference_report import reference as made
        from salestui.text import parse_period

        day = reports.day_of(as_of, reader.today)
        beside = ALWAYS if period is None else parse_period(period, day)
        scope = ask(reader, period=beside, pipeline=pipeline, as_of=day, only=only or ())
        return made(
            reader, scope, number=version, is_measured=measured, has_same_months=same_months
        )

    with opened(ctx) as store:
        reports.print_report(store.read(read), as_json=as_json, as_csv=as_csv)


@reference.command("freeze")
def freeze_reference(
    ctx: typer.Context,
    pipeline_name: PipelineName,
    as_of: reports.AsOf = None,
    notes: Annotated[str, typer.Option(help="Why it is kept.")] = "",
) -> None:
    """Keep what is measured as the next version: from now on periods are compared with it."""

    def read(reader: Reader) -> Funnel:
        from salestui.analytics.stages.freezing import measured_now

        return measured_now(reader, pipeline_name, reports.day_of(as_of, reader.today))

    with opened(ctx) as store:
        funnel = store.read(read)
        from salestui.analytics.stages.freezing import to_keep
        from salestui.usecases.reference import freeze_reference as write

        saved = store.write(
            write,
            pipeline_id=funnel.pipeline.id,
            stages=to_keep(funnel),
            first_on=funnel.period.first,
            last_on=funnel.period.last,
            notes=notes,
        )
    say(saved.summary)


@reference.command("set")
def set_reference(
    ctx: typer.Context,
    pipeline_name: PipelineName,
    stage_name: StageName,
    forward: Annotated[
        float | None, typer.Option(help="Percent of the decided deals that go on.")
    ] = None,
    lost: Annotated[float | None, typer.Option(help="Percent that is lost here.")] = None,
    win: Annotated[
        float | None, typer.Option(help="Percent of those that enter which is won at last.")
    ] = None,
    days: Annotated[int | None, typer.Option(help="Days after which half have left.")] = None,
    value: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="The mean amount of the winners.")
    ] = None,
) -> None:
    """Set one stage by hand: the next version has the others as they were in the newest one."""
    changes: dict[str, Any] = needed(
        given(
            forward_bp=_hundredths(forward),
            lost_bp=_hundredths(lost),
            win_bp=_hundredths(win),
            median_days=days,
            value_minor=value,
        )
    )
    with opened(ctx) as store:
        from salestui.queries import names

        pipeline = store.read(names.find, "pipeline", pipeline_name)
        stage = store.read(names.find_stage, pipeline.id, stage_name)
        if value is not None:
            currency = store.read(_currency, pipeline.id)
            changes |= {"value_minor": money_minor(value, currency), "currency": currency}
        from salestui.usecases.reference import set_reference as write

        saved = store.write(write, pipeline_id=pipeline.id, stage_id=stage.id, **changes)
    say(saved.summary)


def _hundredths(percent: float | None) -> int | None:
    return None if percent is None else round(100 * percent)


def _currency(reader: Reader, pipeline_id: str) -> str:
    return str(reader.value("SELECT currency FROM pipeline WHERE id = :id", id=pipeline_id))
