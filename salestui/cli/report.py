"""`salestui report …`: the team's figures as a table with a chart, as JSON or as CSV."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

import typer

from salestui.analytics.reports import REPORTS
from salestui.cli.opening import opened
from salestui.cli.options import AsCsv, AsJson, Currency
from salestui.cli.reporting import (
    AsOf,
    By,
    From,
    Mine,
    Only,
    Owner,
    PeriodOption,
    PipelineOption,
    StageOption,
    TeamOption,
    To,
    Wish,
    day_of,
    made,
    print_report,
    read_report,
)
from salestui.errors import Refused

app = typer.Typer(
    help="Print a report: a table with its chart, JSON or CSV.",
    no_args_is_help=True,
)

_FACTOR = re.compile(r"([+\-−]?)\s*(\d{1,9}(?:[.,]\d{1,9})?)\s*%?")
_SELLERS = re.compile(r"([+\-−]?)(\d{1,6})")


def _command(name: str) -> Callable[..., None]:
    """The command of one report; all have the same options."""

    def run(
        ctx: typer.Context,
        first: From = None,
        last: To = None,
        period: PeriodOption = None,
        stage: StageOption = None,
        by: By = None,
        owner: Owner = None,
        team: TeamOption = None,
        mine: Mine = False,
        pipeline: PipelineOption = None,
        only: Only = None,
        as_of: AsOf = None,
        as_json: AsJson = False,
        as_csv: AsCsv = False,
    ) -> None:
        wish = Wish(first, last, period, by, owner, team, mine, pipeline, as_of, only, stage)
        print_report(read_report(ctx, name, wish), as_json=as_json, as_csv=as_csv)

    return run


_OWN = ("capacity", "deviations", "waterfall", "what-if")
"""Reports with options of their own."""

for _name, (_, _help) in REPORTS.items():
    if _name not in _OWN:
        app.command(_name, help=_help)(_command(_name))


@app.command("capacity", help=REPORTS["capacity"][1])
def capacity(
    ctx: typer.Context,
    first: From = None,
    last: To = None,
    period: PeriodOption = None,
    by: By = None,
    owner: Owner = None,
    team: TeamOption = None,
    mine: Mine = False,
    pipeline: PipelineOption = None,
    only: Only = None,
    as_of: AsOf = None,
    goal: Annotated[
        str | None,
        typer.Option("--target", metavar="AMOUNT", help="What is to be won; the quota otherwise."),
    ] = None,
    currency: Currency = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    from salestui.analytics.plan.targets import Target
    from salestui.cli.changes import money_minor
    from salestui.cli.subjects import currency_of

    wish = Wish(first, last, period, by, owner, team, mine, pipeline, as_of, only)
    with opened(ctx) as store:
        more: dict[str, Any] = {}
        if goal is not None:
            code = currency_of(store, currency).strip().upper()
            more["target"] = Target("revenue", code, money_minor(goal, code))
        report = store.read(made, "capacity", wish, **more)
    print_report(report, as_json=as_json, as_csv=as_csv)


@app.command("deviations", help=REPORTS["deviations"][1])
def deviations(
    ctx: typer.Context,
    first: From = None,
    last: To = None,
    period: PeriodOption = None,
    against: Annotated[
        str,
        typer.Option(
            help="reference, same-months (of the last whole month where no period is given), template, "
            "last-period or last-year."
        ),
    ] = "reference",
    by: By = None,
    owner: Owner = None,
    team: TeamOption = None,
    mine: Mine = False,
    pipeline: PipelineOption = None,
    only: Only = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    wish = Wish(first, last, period, by, owner, team, mine, pipeline, as_of, only)
    report = read_report(ctx, "deviations", wish, against=against)
    print_report(report, as_json=as_json, as_csv=as_csv)


@app.command("waterfall", help=REPORTS["waterfall"][1])
def waterfall(
    ctx: typer.Context,
    first: From = None,
    last: To = None,
    period: PeriodOption = None,
    due: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD",
            help="Only what is expected to close in that period: what slipped out of it, what was "
            "pulled in.",
        ),
    ] = None,
    by: By = None,
    owner: Owner = None,
    team: TeamOption = None,
    mine: Mine = False,
    pipeline: PipelineOption = None,
    only: Only = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    from salestui.text import parse_period

    wish = Wish(first, last, period, by, owner, team, mine, pipeline, as_of, only)
    with opened(ctx) as store:
        day = day_of(as_of, store.today())
        more = {} if due is None else {"due": parse_period(due, day)}
        report = store.read(made, "waterfall", wish, **more)
    print_report(report, as_json=as_json, as_csv=as_csv)


@app.command("what-if", help=REPORTS["what-if"][1])
def what_if(
    ctx: typer.Context,
    conversion: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[STAGE=]FACTOR",
            help="Of all deals, or the share that goes on from a stage: Proposal=+10%. Again: another.",
        ),
    ] = None,
    size: Annotated[
        str | None, typer.Option(metavar="FACTOR", help="What deals are worth: +10% or 110%.")
    ] = None,
    cycle: Annotated[
        str | None, typer.Option(metavar="FACTOR", help="The days a deal takes: -20% or 80%.")
    ] = None,
    arrivals: Annotated[
        str | None, typer.Option(metavar="FACTOR", help="The deals each seller brings in.")
    ] = None,
    sellers: Annotated[
        str | None, typer.Option(metavar="COUNT", help="So many more or fewer: +2, -1.")
    ] = None,
    first: From = None,
    last: To = None,
    period: PeriodOption = None,
    by: By = None,
    owner: Owner = None,
    team: TeamOption = None,
    mine: Mine = False,
    pipeline: PipelineOption = None,
    only: Only = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    from salestui.analytics.outlook.what_if_report import Wanted

    of_all: float | None = None
    stages: list[tuple[str, float]] = []
    for typed in conversion or ():
        stage, equals, factor = typed.rpartition("=")
        if equals:
            stages.append((stage.strip(), _factor(factor, "--conversion")))
        else:
            of_all = _factor(typed, "--conversion")
    factors = {
        name: None if typed is None else _factor(typed, f"--{name}")
        for name, typed in (("size", size), ("cycle", cycle), ("arrivals", arrivals))
    }
    more = None if sellers is None else _sellers(sellers)
    wanted = Wanted(of_all, tuple(stages), **factors, sellers=more)
    chosen: dict[str, Any] = {} if wanted == Wanted() else {"wanted": wanted}
    wish = Wish(first, last, period, by, owner, team, mine, pipeline, as_of, only)
    report = read_report(ctx, "what-if", wish, **chosen)
    print_report(report, as_json=as_json, as_csv=as_csv)


def _factor(typed: str, option: str) -> float:
    """1.1 for "+10%" and for "110%"."""
    found = _FACTOR.fullmatch(typed.strip())
    if found is None:
        raise Refused(f"{option} takes a percentage, +10%, -10% or 110%, not '{typed[:30]}'.")
    share = float(found[2].replace(",", ".")) / 100
    return share if not found[1] else 1 + share if found[1] == "+" else 1 - share


def _sellers(typed: str) -> int:
    found = _SELLERS.fullmatch(typed.strip())
    if found is None or not found[1]:
        raise Refused(f"--sellers takes how many more or fewer, +2 or -1, not '{typed[:30]}'.")
    return int(found[2]) if found[1] == "+" else -int(found[2])
