"""The demo team's store, apart from the real one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from salestui.cli import launch
from salestui.cli.opening import choice
from salestui.cli.output import say, warn

if TYPE_CHECKING:
    from salestui.analytics.report import Report
    from salestui.demo.opening import Demo
    from salestui.store.reader import Reader
    from salestui.store.store import Store

app = typer.Typer()


@app.command()
def demo(
    ctx: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DAY",
            help="The day the team lives on; today, unless said otherwise.",
        ),
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Start the team over.")] = False,
) -> None:
    """Open a believable team's store to try things in; elsewhere than on a terminal, print its reports.

    It is a file of its own, made up in a few seconds and thrown away when its day is past, unless
    you have changed something in it. Your own store is never touched.
    """
    opened = _open(ctx, as_of, is_reset=reset)
    if opened.note:
        warn(opened.note)
    if launch.is_terminal():
        code = launch.run(lambda: opened.store, "today")
        if code:
            raise typer.Exit(code)
        return
    try:
        say(f"The demo team as of {opened.as_of.isoformat()}")
        _tell(opened.store)
    finally:
        opened.store.close()


def _open(ctx: typer.Context, as_of: str | None, *, is_reset: bool) -> Demo:
    from salestui.demo.opening import open_demo
    from salestui.text import parse_day

    chosen = choice(ctx)
    today = datetime.now().astimezone().date()
    return open_demo(
        where=chosen.db,
        me=chosen.me,
        as_of=parse_day(as_of, today) if as_of else None,
        is_reset=is_reset,
        before_making=_say_wait,
    )


def _say_wait() -> None:
    if launch.is_terminal():
        warn("Making up the demo team: a few seconds …")


def _tell(store: Store) -> None:
    """The funnel, the conversion, the forecast and the board, as 'salestui report' shows them."""
    from salestui.analytics.outlook.trusted import forecast
    from salestui.analytics.pipeline.board import board
    from salestui.analytics.scope import ask
    from salestui.analytics.stages.conversion import conversion
    from salestui.analytics.stages.funnel import funnel
    from salestui.cli.reporting import show_report

    def everything(reader: Reader) -> tuple[Report, ...]:
        scope = ask(reader)
        return tuple(made(reader, scope) for made in (funnel, conversion, forecast, board))

    for report in store.read(everything):
        say()
        show_report(report)
