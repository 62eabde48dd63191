"""The timer of who works here: starting, stopping, showing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from salestui.cli.changes import given
from salestui.cli.opening import opened
from salestui.cli.options import AsJson, DealOption, OptionalClient
from salestui.cli.output import say, show

if TYPE_CHECKING:
    from salestui.queries.timer import Timer
    from salestui.store.store import Store

app = typer.Typer()
timer = typer.Typer(
    help="Show the timer that runs for you; start, stop and discard it.",
    invoke_without_command=True,
)
app.add_typer(timer, name="timer")


@timer.callback()
def shown(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show the timer that runs for you; start, stop and discard it."""
    if ctx.invoked_subcommand is not None:
        return
    from salestui.queries.timer import load_timer

    with opened(ctx) as store:
        found, now = store.read(load_timer), store.now()
    rows = [
        {
            "client": each.client,
            "deal": each.deal,
            "since": each.since,
            "lasted": each.lasted(now),
            "minutes": each.minutes(now),
        }
        for each in [found]
        if each is not None
    ]
    show(rows, as_json=as_json, empty="No timer runs: salestui timer start CLIENT")


@timer.command("start")
def start(ctx: typer.Context, client: OptionalClient = None, deal: DealOption = None) -> None:
    """Start a timer on a client or a deal; it runs on when the terminal is closed."""
    from salestui.errors import Refused
    from salestui.queries import names
    from salestui.queries.timer import load_timer

    if (client is None) == (deal is None):
        raise Refused("Say what it is for: a CLIENT, or --deal DEAL.")
    with opened(ctx) as store:
        running = store.read(load_timer)
        if running is not None:
            raise Refused(
                f"A timer runs already: {running.words(store.now())}. Stop it first with "
                "'salestui timer stop', or 'salestui timer discard'."
            )
        client_id = store.read(names.find_client, client).id if client is not None else None
        deal_id = store.read(names.find_deal, deal).id if deal is not None else None
        from salestui.usecases.timer import start_timer

        say(store.write(start_timer, client_id=client_id, deal_id=deal_id).summary)


@timer.command("stop")
def stop(
    ctx: typer.Context,
    kind: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="The kind of activity; the first one by default."),
    ] = None,
    direction: Annotated[str | None, typer.Option(help="out, in or none.")] = None,
    about: Annotated[str | None, typer.Option(help="What it was about.")] = None,
    agreed: Annotated[str | None, typer.Option(help="What was agreed.")] = None,
    notes: Annotated[str | None, typer.Option(help="Notes.")] = None,
    minutes: Annotated[
        str | None,
        typer.Option(metavar="MINUTES", help="How long it took, if not as timed: 15, 1h30."),
    ] = None,
) -> None:
    """Stop the timer and log the activity with its minutes."""
    from salestui.queries import names
    from salestui.queries.choices import load_choices

    with opened(ctx) as store:
        running = _running(store)
        kinds = store.read(load_choices).kinds
        named = kinds[0].name if kind is None and kinds else ""
        if kind is not None:
            named = store.read(names.find, "activity kind", kind).name
        lasted = _minutes(running, store, minutes)
        begun = running.since.date()
        from salestui.usecases.timer import stop_timer

        saved = store.write(
            stop_timer,
            since=running.since,
            kind=named,
            client_id=running.client_id,
            deal_id=running.deal_id,
            duration_minutes=lasted,
            done_on=min(begun, store.today()),
            **given(direction=direction, subject=about, outcome=agreed, notes=notes),
        )
    say(f"{saved.summary} ({lasted} min)")


@timer.command("discard")
def discard(ctx: typer.Context) -> None:
    """Throw the timer away; nothing is logged."""
    with opened(ctx) as store:
        from salestui.usecases.timer import discard_timer

        say(store.write(discard_timer).summary)


def _running(store: Store) -> Timer:
    """The timer that runs for who works here, on what is still there."""
    from salestui.errors import Refused
    from salestui.queries.timer import load_timer

    if store.actor_id is None:
        raise Refused("It is not known which rep you are: name yourself with --me REP.")
    running = store.read(load_timer)
    if running is None:
        raise Refused("No timer runs: start one with 'salestui timer start CLIENT'.")
    if running.client_id is None and running.deal_id is None:
        raise Refused(
            f"What the timer runs on was deleted ({running.about}): take that back with "
            "'salestui undo', or 'salestui timer discard'."
        )
    return running


def _minutes(running: Timer, store: Store, typed: str | None) -> int:
    """The minutes typed, else those timed. Raises `Refused` where the timer was forgotten."""
    from salestui.errors import Refused
    from salestui.text.days import parse_duration

    if typed is not None:
        return parse_duration(typed)
    minutes = running.minutes(store.now())
    if minutes is None:
        raise Refused(
            f"The timer has run {running.lasted(store.now())}: say with --minutes how long it "
            "really took, or 'salestui timer discard'."
        )
    return minutes
