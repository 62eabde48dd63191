"""Options and arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from salestui.cli import completion

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")]
ClientName = Annotated[
    str,
    typer.Argument(
        metavar="CLIENT",
        help="A client: name, beginning of its words, number, phone or e-mail.",
        autocompletion=completion.clients,
    ),
]
OptionalClient = Annotated[
    str | None,
    typer.Argument(
        metavar="[CLIENT]",
        help="A client: name, beginning of its words, number, phone or e-mail.",
        autocompletion=completion.clients,
    ),
]
ClientOption = Annotated[
    str | None,
    typer.Option(
        "--client",
        metavar="CLIENT",
        help="The client: name, beginning of its words, number, phone or e-mail.",
        autocompletion=completion.clients,
    ),
]
OwnerOption = Annotated[
    str | None,
    typer.Option(
        "--owner",
        metavar="REP",
        help="The rep it belongs to; you, unless said otherwise.",
        autocompletion=completion.reps,
    ),
]
TerritoryOption = Annotated[
    str | None,
    typer.Option(
        "--territory",
        metavar="TERRITORY",
        help='The territory; "" for none.',
        autocompletion=completion.territories,
    ),
]
RepName = Annotated[
    str, typer.Argument(metavar="REP", help="The rep's name.", autocompletion=completion.reps)
]
NewName = Annotated[str, typer.Argument(metavar="NAME", help="The name.")]
Rename = Annotated[str | None, typer.Option("--name", help="A new name.")]
Currency = Annotated[
    str | None, typer.Option("--currency", metavar="CODE", help="A currency code such as EUR.")
]
ContactName = Annotated[
    str, typer.Argument(metavar="CONTACT", help="The contact's name, or its beginning.")
]
BranchName = Annotated[
    str, typer.Argument(metavar="BRANCH", help="The branch's name, or its beginning.")
]
ActivityKey = Annotated[
    str, typer.Argument(metavar="ACTIVITY", help="The activity's key, as 'salestui log' shows it.")
]
DealName = Annotated[
    str, typer.Argument(metavar="DEAL", help="A deal: number, title or beginning of its words.")
]
DealOption = Annotated[
    str | None,
    typer.Option("--deal", metavar="DEAL", help="A deal: number, title or beginning of its words."),
]
PipelineOption = Annotated[
    str | None,
    typer.Option(
        "--pipeline",
        metavar="PIPELINE",
        help="The pipeline, where it is not the first or the deal's.",
        autocompletion=completion.pipelines,
    ),
]
