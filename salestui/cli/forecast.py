"""`salestui forecast`: what will be won, and how well such forecasts have done."""

from __future__ import annotations

from typing import Annotated

import typer

from salestui.cli import reporting as reports
from salestui.cli.options import AsCsv, AsJson

app = typer.Typer()


@app.command()
def forecast(
    ctx: typer.Context,
    period: reports.PeriodOption = None,
    first: reports.From = None,
    last: reports.To = None,
    by: reports.By = None,
    owner: reports.Owner = None,
    team: reports.TeamOption = None,
    mine: reports.Mine = False,
    pipeline: reports.PipelineOption = None,
    only: reports.Only = None,
    as_of: reports.AsOf = None,
    backtest: Annotated[
        bool,
        typer.Option(
            "--backtest",
            help="How the methods have done on past days; --json and --csv list every forecast made.",
        ),
    ] = False,
    method: Annotated[
        str | None,
        typer.Option(
            "--method",
            metavar="METHOD",
            help="past: what was won before, carried on; deals: what open and new deals will bring; "
            "both, weighed by the errors that each has had, unless said otherwise.",
        ),
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Forecast a period, or this and the next month and quarter: won, open, not yet created, with a range."""
    name = "forecast"
    if backtest:
        name = "backtest" if as_json or as_csv else "accuracy"
    wish = reports.Wish(first, last, period, by, owner, team, mine, pipeline, as_of, only)
    chosen = {} if method is None else {"method": method}
    made = reports.read_report(ctx, name, wish, **chosen)
    reports.print_report(made, as_json=as_json, as_csv=as_csv)
