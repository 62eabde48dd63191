"""Logging what was done, planning what comes next, and getting tasks done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import completion
from salestui.cli.changes import given, one_day
from salestui.cli.fields import papers
from salestui.cli.opening import opened
from salestui.cli.options import DealOption, OptionalClient
from salestui.cli.output import say
from salestui.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from salestui.store.store import Store
    from salestui.usecases.activities import NextStep
    from salestui.usecases.facts import Saved

app = typer.Typer()
task = typer.Typer(
    help="Mark a task done, move it to another day, cancel it. 'salestui add task' plans one.",
    no_args_is_help=True,
)
app.add_typer(task, name="task")

Kind = Annotated[
    str | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="The kind of activity; the first one by default.",
        autocompletion=completion.kinds,
    ),
]
Met = Annotated[
    list[str] | None,
    typer.Option("--met", metavar="CONTACT", help="Who was there; may be given again."),
]
Direction = Annotated[str | None, typer.Option(help="out, in or none.")]
About = Annotated[str | None, typer.Option(help="What it is about.")]
Agreed = Annotated[str | None, typer.Option(help="What was agreed.")]
Notes = Annotated[str | None, typer.Option(help="Notes.")]
Minutes = Annotated[str | None, typer.Option(metavar="MINUTES", help="How long it took: 15, 1h30.")]
Documents = Annotated[
    list[str] | None,
    typer.Option(
        "--document",
        metavar="NAME",
        help="A document that went out; 'in:NAME' for one that came. May be given again.",
    ),
]
Next = Annotated[str | None, typer.Option("--next", metavar="WHAT", help="Plan the next step.")]
NextOn = Annotated[
    str | None, typer.Option("--due", metavar="DAY", help="When it is due: fri, +2w, 2026-10-01 …")
]
NextKind = Annotated[
    str | None,
    typer.Option(
        "--next-kind",
        metavar="KIND",
        help="Its kind; the first one by default.",
        autocompletion=completion.kinds,
    ),
]
TaskKey = Annotated[
    str, typer.Argument(metavar="TASK", help="The task's key, as 'salestui today' shows it.")
]


def log(
    ctx: typer.Context,
    client: OptionalClient = None,
    deal: DealOption = None,
    kind: Kind = None,
    direction: Direction = None,
    met: Met = None,
    about: About = None,
    agreed: Agreed = None,
    notes: Notes = None,
    minutes: Minutes = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="The day it was done; today.")
    ] = None,
    document: Documents = None,
    next_step: Next = None,
    due: NextOn = None,
    next_kind: NextKind = None,
) -> None:
    """Log an activity that was done, and plan the next step with it."""
    with opened(ctx) as store:
        where = _where(store, client, deal, met)
        step = _step(store, next_step, due, next_kind)
        from salestui.usecases.activities import log_activity

        saved = store.write(
            log_activity,
            kind=_kind(store, kind),
            duration_minutes=_duration(minutes),
            done_on=one_day(on, store.today()),
            documents=papers(document or ()),
            next_step=step,
            **where,
            **given(direction=direction, subject=about, outcome=agreed, notes=notes),
        )
    say(saved.summary)


def plan(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What is to be done.")],
    due: Annotated[
        str, typer.Option(metavar="DAY", help="When it is due: today, fri, +2w, 2026-10-01 …")
    ],
    client: Annotated[
        str | None,
        typer.Option(
            metavar="CLIENT", help="The client it is about.", autocompletion=completion.clients
        ),
    ] = None,
    deal: DealOption = None,
    kind: Kind = None,
    met: Met = None,
    notes: Notes = None,
    rep: Annotated[
        str | None,
        typer.Option(
            metavar="REP", help="Who is to do it; you by default.", autocompletion=completion.reps
        ),
    ] = None,
    team: Annotated[
        bool, typer.Option("--team", help="Everybody's, until someone does it.")
    ] = False,
) -> None:
    """Plan a task: an activity to be done on a day."""
    from salestui.queries import names
    from salestui.text import parse_day

    with opened(ctx) as store:
        whose = {"rep_id": store.read(names.find, "rep", rep).id} if rep else {}
        where = _where(store, client, deal, met)
        from salestui.usecases.activities import plan_task

        saved = store.write(
            plan_task,
            subject=what,
            due_on=parse_day(due, store.today()),
            kind=_kind(store, kind),
            is_team_task=team,
            **where,
            **whose,
            **given(notes=notes),
        )
    say(f"{saved.summary} (key {saved.id[-names.SHORT_KEY :]})")


@task.command()
def done(
    ctx: typer.Context,
    key: TaskKey,
    agreed: Agreed = None,
    minutes: Minutes = None,
    next_step: Next = None,
    due: NextOn = None,
    next_kind: NextKind = None,
) -> None:
    """Mark a task done today, and plan the next step."""
    with opened(ctx) as store:
        step = _step(store, next_step, due, next_kind)
        from salestui.usecases.activities import complete_task

        lasted = _duration(minutes)
        fields = given(outcome=agreed, duration_minutes=lasted, next_step=step)
        _change(store, key, complete_task, **fields)


@task.command()
def postpone(
    ctx: typer.Context,
    key: TaskKey,
    day: Annotated[str, typer.Argument(metavar="DAY", help="tomorrow, fri, +1w, 2026-10-01 …")],
) -> None:
    """Move a task to another day."""
    from salestui.text import parse_day

    with opened(ctx) as store:
        from salestui.usecases.activities import postpone_task

        _change(store, key, postpone_task, to_on=parse_day(day, store.today()))


@task.command()
def cancel(ctx: typer.Context, key: TaskKey) -> None:
    """Take a task off the list without doing it."""
    with opened(ctx) as store:
        from salestui.usecases.activities import cancel_task

        _change(store, key, cancel_task)


def _change(store: Store, key: str, use_case: Callable[..., Saved], **wanted: Any) -> None:
    from salestui.queries.names import find_task

    found = store.read(find_task, key)
    saved = store.write(use_case, activity_id=found.id, expected_version=found.version, **wanted)
    say(saved.summary)


def _where(
    store: Store, client: str | None, deal: str | None, met: list[str] | None
) -> dict[str, Any]:
    """The client, deal and contacts named; contacts are looked for at the client, or the deal's."""
    from salestui.queries import names
    from salestui.queries.deal_card import load_deal

    client_id = store.read(names.find_client, client).id if client else None
    deal_id = store.read(names.find_deal, deal).id if deal else None
    if deal_id is not None and client_id is None:
        known = store.read(load_deal, deal_id=deal_id)
        client_id = known.client_id if known else None
    if met and client_id is None:
        raise Refused("Name the client whose contacts were met.")
    people = [store.read(names.find_contact, client_id or "", each).id for each in met or ()]
    return {"client_id": client_id, "deal_id": deal_id, "contact_ids": people}


def _kind(store: Store, typed: str | None) -> str:
    """The name of the kind typed, else of the first there is."""
    from salestui.queries import names
    from salestui.queries.setup import activity_kinds

    if typed:
        return store.read(names.find, "activity kind", typed).name
    listed = store.read(activity_kinds)
    return listed[0].name if listed else ""


def _step(store: Store, what: str | None, due: str | None, kind: str | None) -> NextStep | None:
    from salestui.text import parse_day

    if what is None and due is None and kind is None:
        return None
    if due is None:
        raise Refused("Say with --due when the next step is due.")
    day = parse_day(due, store.today())
    named = _kind(store, kind)
    from salestui.usecases.activities import NextStep

    return NextStep(what or "", day, named)


def _duration(typed: str | None) -> int | None:
    from salestui.text import parse_duration

    return parse_duration(typed) if typed else None
