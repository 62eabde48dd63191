"""`salestui meeting`: the weekly meeting's agenda with its reports, on the terminal or as files."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from salestui.cli import reporting as reports
from salestui.cli.opening import opened
from salestui.cli.options import AsCsv, AsJson
from salestui.cli.output import refuse_both, say, say_json

if TYPE_CHECKING:
    from salestui.analytics.rendering.page import Page
    from salestui.store.reader import Reader

app = typer.Typer()

_PIPED = 100


@app.command()
def meeting(
    ctx: typer.Context,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help="Compare with that day; with the last meeting or a week ago otherwise.",
        ),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD",
            help="The period of plan, calls, forecast and what is due; this quarter otherwise.",
        ),
    ] = None,
    owner: reports.Owner = None,
    team: reports.TeamOption = None,
    mine: reports.Mine = False,
    pipeline: reports.PipelineOption = None,
    only: reports.Only = None,
    as_of: reports.AsOf = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write one HTML page that needs nothing else."),
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the minutes as Markdown.")
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Print what the weekly meeting looks at: changes, deviations, slipped deals, forecast, commits."""
    from salestui.interchange.minutes import write_new

    refuse_both(as_json=as_json, as_csv=as_csv)
    wish = reports.Wish(
        period=period, owner=owner, team=team, mine=mine, pipeline=pipeline, as_of=as_of, only=only
    )
    with opened(ctx) as store:
        page = store.read(_page, wish, since)
    files = {}
    if html is not None:
        files[html] = page.to_html()
    if markdown is not None:
        files[markdown] = page.to_markdown()
    write_new(files)
    if as_json:
        say_json(page.to_json())
    elif as_csv:
        sys.stdout.write(page.to_csv())
    elif files:
        say("Written: " + ", ".join(map(str, files)))
    elif not sys.stdout.isatty():
        sys.stdout.write(page.to_text(_PIPED))
    else:
        from rich.console import Console

        width = shutil.get_terminal_size((_PIPED, 24)).columns
        Console(width=width, highlight=False, markup=False, emoji=False).print(page.printed(width))


def _page(reader: Reader, wish: reports.Wish, since: str | None) -> Page:
    from salestui.analytics import agenda
    from salestui.text import parse_day

    scope = reports.scope_of(reader, wish)
    day = parse_day(since, scope.as_of) if since is not None else None
    return agenda.meeting(reader, scope, day)
