"""Every command by name: where it is written and what `--help` says of it, without importing it."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from salestui.cli.opening import Choice

SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Screens (a table where standard output is no terminal)": {
        "today": ("today:today", "Open what is to be done today."),
        "board": ("boards:board", "Open the deal board."),
        "clients": ("screens:clients", "Open the clients."),
        "log": ("logs:log", "Open the activity log."),
        "funnel": ("screens:funnel", "Open the funnel."),
    },
    "Daily work": {
        "client": ("cards:client", "Print the card of a client."),
        "add": ("add", "Add a client, a branch, a contact, a deal, an activity or a task."),
        "edit": ("edit", "Change fields of a client, a branch, a contact, a deal or an activity."),
        "delete": ("delete", "Delete what was entered by mistake; 'salestui undo' brings it back."),
        "timer": (
            "timer:timer",
            "Show the timer that runs for you; start, stop and discard it.",
        ),
        "deal": (
            "deals:deal",
            "Show a deal; move, win, lose, postpone, reopen and assign it; set its products.",
        ),
        "task": ("activities:task", "Mark a task done, move it to another day, cancel it."),
        "report": (
            "report",
            "Print a report: a table with its chart, JSON or CSV.",
        ),
        "forecast": (
            "forecast:forecast",
            "Forecast a period, and say how such forecasts have done.",
        ),
        "meeting": ("meeting:meeting", "Print what the weekly meeting looks at."),
    },
    "The team and its process": {
        "start": ("people:start", "Set up an empty store: first pipeline, lists and rep."),
        "team": ("people:team", "List, add and edit teams."),
        "territory": ("lists:territory", "List, add and edit territories."),
        "rep": ("people:rep", "List, add and edit reps."),
        "quota": ("quotas:quota", "Set, list and delete quotas."),
        "bonus": (
            "bonuses:bonus",
            "Set bonus plans and their tiers, grant them to reps, list them.",
        ),
        "cost": ("costs:cost", "Set, list and delete what selling costs."),
        "commit": (
            "calls:commit",
            "Say what will be won: a rep's commit and best case, a manager's adjustment.",
        ),
        "pipeline": ("process:pipeline", "List, add and edit pipelines."),
        "stage": ("process:stage", "List, add and edit the stages of a pipeline."),
        "reference": (
            "reference:reference",
            "Show what stages usually do, keep it as a version, set a template.",
        ),
        "product": ("lists:product", "List, add and edit products."),
        "competitor": (
            "competitors:competitor",
            "List, add and edit competitors; note where they were met.",
        ),
        "reason": ("lists:reason", "List, add and edit loss reasons."),
        "kind": ("lists:kind", "List, add and edit kinds of activity."),
    },
    "Data and their safety": {
        "import": ("data:import", "Bring in CSV files, all or nothing."),
        "export": ("data:export", "Write every table as CSV, to keep or to take elsewhere."),
        "undo": ("trail:undo", "Take your last change back."),
        "redo": ("trail:redo", "Do again what was undone last."),
        "audit": ("trail:audit", "Show who changed what and when."),
        "db": ("db", "Find, check, back up, restore and migrate the store."),
        "demo": ("demo:demo", "Open a believable team's store to try things in."),
        "doctor": ("doctor:doctor", "Show versions, paths and the state of store and terminal."),
    },
}
"""Section of the help → command → (module of `salestui.cli`, optionally `:` one of its commands, help)."""

PLACES = {name: place for section in SECTIONS.values() for name, place in section.items()}

EPILOG = (
    "Exit codes: 0 done, 1 a fault of the program (see the log that 'salestui doctor' names), "
    "2 refused or bad usage."
)


class _Loaded(MutableMapping[str, Any]):
    """Command name → command, its module imported when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        module, _, own = PLACES[name][0].partition(":")
        command: Any = get_group(import_module(f"salestui.cli.{module}").app)
        if own:
            command = command.commands[own]
        command.name = name
        _make_plain(command)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)

    def __setitem__(self, name: str, command: Any) -> None:
        raise NotImplementedError("commands are listed in SECTIONS")

    def __delitem__(self, name: str) -> None:
        raise NotImplementedError("commands are listed in SECTIONS")


def _make_plain(command: Any) -> None:
    """Help as plain text: it needs no Rich, and names in it cannot be taken for markup."""
    command.rich_markup_mode = None
    for below in getattr(command, "commands", {}).values():
        _make_plain(below)


class Commands(TyperGroup):
    """The root: knows its commands' names and help by heart."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Loaded()

    def list_commands(self, ctx: Any) -> list[str]:
        return list(PLACES)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        width = max(map(len, PLACES))
        for title, section in SECTIONS.items():
            rows = [(name.ljust(width), text) for name, (_, text) in section.items()]
            with formatter.section(title):
                formatter.write_dl(rows)


app = typer.Typer(
    name="salestui",
    cls=Commands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    db: Annotated[
        str | None,
        typer.Option(
            metavar="PATH|URL",
            help="The store: a file, or a postgresql+psycopg:// URL. Default: SALESTUI_DB, "
            "or the file that 'salestui db path' prints.",
        ),
    ] = None,
    me: Annotated[
        str | None,
        typer.Option(
            metavar="REP",
            help="The rep you work as. Default: SALESTUI_REP, or the rep whose login is yours.",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version and leave.")
    ] = False,
) -> None:
    """The terminal program a sales team works in: deal board, client card, activity log, funnel.

    Without a command it opens what is to be done today. --db and --me may also stand after the command.
    """
    ctx.obj = Choice(db, me)
    if version:
        from salestui import __version__
        from salestui.cli.output import say

        say(f"salestui {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        from salestui.cli.today import today

        today(ctx)
