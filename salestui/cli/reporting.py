"""What all commands of reports share: their options, what these mean, and how a report is printed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.analytics.reports import report_named
from salestui.cli import completion
from salestui.cli.opening import opened
from salestui.cli.output import refuse_both, say_json

if TYPE_CHECKING:
    from datetime import date

    from salestui.analytics.report import Report
    from salestui.analytics.scope import Scope
    from salestui.store.reader import Reader
    from salestui.text import Period

_PIPED = 100
"""Cells of a line where no terminal says how many it has."""

From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day.")]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day.")]
PeriodOption = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="PERIOD",
        help="this-month, last-quarter, this-year, last-week, 2017, 2017-03, 2017-Q2, 2017-W09, all.",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="GROUP",
        help="rep, team, office, territory, product, client, week, month, quarter, year … "
        "(what a report cannot be given by, it says).",
    ),
]
Owner = Annotated[
    str | None,
    typer.Option("--owner", metavar="REP", help="One rep.", autocompletion=completion.reps),
]
TeamOption = Annotated[
    str | None,
    typer.Option("--team", metavar="TEAM", help="One team.", autocompletion=completion.teams),
]
Mine = Annotated[bool, typer.Option("--mine", help="Only yours.")]
PipelineOption = Annotated[
    str | None,
    typer.Option(
        "--pipeline",
        metavar="PIPELINE",
        help="One pipeline; all of them unless said otherwise.",
        autocompletion=completion.pipelines,
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="KEY=VALUE",
        help="Only deals of a product, client, territory, sector, size, kind … as product=Pump; 'none' "
        "for those without. Again: another value too, or another KEY besides.",
    ),
]
StageOption = Annotated[
    str | None,
    typer.Option(
        "--stage",
        metavar="STAGE",
        help="Funnel, conversion or losses of one stage; by rep unless --by says otherwise.",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DAY", help="As it was known at the end of that day."),
]


@dataclass(frozen=True, slots=True)
class Wish:
    """The options of a report, as typed."""

    first: str | None = None
    last: str | None = None
    period: str | None = None
    by: str | None = None
    owner: str | None = None
    team: str | None = None
    mine: bool = False
    pipeline: str | None = None
    as_of: str | None = None
    only: Sequence[str] | None = None
    stage: str | None = None


def read_report(ctx: typer.Context, name: str, wish: Wish, **more: Any) -> Report:
    with opened(ctx) as store:
        return store.read(made, name, wish, **more)


def made(reader: Reader, /, name: str, wish: Wish, **more: Any) -> Report:
    function = report_named(name, is_of_stage=wish.stage is not None)
    report: Report = function(reader, scope_of(reader, wish), wish.by, **more)
    return report


def scope_of(reader: Reader, wish: Wish) -> Scope:
    """What the options mean. Raises `Refused` with what does not fit."""
    from salestui.analytics.scope import ask

    day = day_of(wish.as_of, reader.today)
    return ask(
        reader,
        period=_period(wish, day),
        owner=wish.owner,
        team=wish.team,
        me=wish.mine,
        pipeline=wish.pipeline,
        stage=wish.stage,
        as_of=day,
        only=wish.only or (),
    )


def day_of(as_of: str | None, today: date) -> date:
    """The day that `--as-of` names, from which "this-month" or "yesterday" count; today without it."""
    from salestui.text import parse_day

    return today if as_of is None else parse_day(as_of, today)


def _period(wish: Wish, today: date) -> Period:
    from salestui.errors import Refused
    from salestui.text import Period, parse_day, parse_period

    if wish.period is not None:
        if wish.first is not None or wish.last is not None:
            raise Refused("Give either --period, or --from and --to.")
        return parse_period(wish.period, today)
    first = parse_day(wish.first, today) if wish.first is not None else None
    last = parse_day(wish.last, today) if wish.last is not None else None
    if first is None and last is None:
        return Period(None, None, "all")
    if first is not None and last is not None and last < first:
        raise Refused(f"{last.isoformat()} is before {first.isoformat()}: --to is the last day.")
    return Period(first, last, f"{first or ''}..{last or ''}")


def print_report(report: Report, *, as_json: bool, as_csv: bool) -> None:
    refuse_both(as_json=as_json, as_csv=as_csv)
    if as_json:
        say_json(report.to_json())
    elif as_csv:
        sys.stdout.write(report.to_csv())
    else:
        show_report(report)


def show_report(report: Report) -> None:
    """Print a report as people read it, as wide as the terminal is."""
    import shutil

    from rich.console import Console

    from salestui.analytics.rendering.tables import printed

    width = shutil.get_terminal_size((_PIPED, 24)).columns
    console = Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)
    console.print(printed(report, width))
