"""Teams, reps, and the first step in an empty store."""

from __future__ import annotations

from typing import Annotated

import typer

from salestui.cli import completion
from salestui.cli.changes import given, needed, one_day
from salestui.cli.opening import opened
from salestui.cli.options import AsJson, NewName, Rename, RepName, TerritoryOption
from salestui.cli.output import say, show

app = typer.Typer()
team = typer.Typer(help="List, add and edit teams.", no_args_is_help=True)
rep = typer.Typer(help="List, add and edit reps.", no_args_is_help=True)
app.add_typer(team, name="team")
app.add_typer(rep, name="rep")

TeamName = Annotated[
    str, typer.Argument(metavar="TEAM", help="The team's name.", autocompletion=completion.teams)
]
Office = Annotated[str | None, typer.Option(help="Where the team sits.")]
TeamOption = Annotated[
    str | None,
    typer.Option(
        "--team",
        metavar="TEAM",
        help='The team; "" for none.',
        autocompletion=completion.teams,
    ),
]
Role = Annotated[str | None, typer.Option(help="rep, manager, assistant or administrator.")]
Email = Annotated[str | None, typer.Option(help="The e-mail address.")]
Login = Annotated[
    str | None, typer.Option(help="The system user by which the program knows this rep.")
]
Started = Annotated[str | None, typer.Option("--started", help="First day at work.")]
Left = Annotated[str | None, typer.Option("--left", help='Last day at work; "" for none.')]


@app.command()
def start(
    ctx: typer.Context,
    rep_name: Annotated[str, typer.Option("--rep", help="Your name: the first rep.")],
    template: Annotated[
        str, typer.Option(help="The first pipeline's template; 'pipeline templates' lists them.")
    ] = "short",
    currency: Annotated[str, typer.Option(help="The currency of new deals.")] = "EUR",
) -> None:
    """Set up an empty store: first pipeline, lists and rep."""
    with opened(ctx, is_created=True) as store:
        from salestui.usecases.start import start_team

        saved = store.write(start_team, rep_name=rep_name, template=template, currency=currency)
    say(f"{saved.summary}. Open the program with 'salestui'.")


@team.command("list")
def list_teams(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the teams with their managers."""
    from salestui.queries import setup

    with opened(ctx) as store:
        rows = [
            {"name": t.name, "office": t.office, "managers": t.managers, "reps": t.reps}
            for t in store.read(setup.teams)
        ]
    show(rows, as_json=as_json, empty="No teams yet. Add one: salestui team add NAME")


@team.command("add")
def add_team(ctx: typer.Context, name: NewName, office: Office = None) -> None:
    """Add a team."""
    with opened(ctx, is_created=True) as store:
        from salestui.usecases.people import create_team

        say(store.write(create_team, name=name, **given(office=office)).summary)


@team.command("edit")
def edit_team(
    ctx: typer.Context, team_name: TeamName, name: Rename = None, office: Office = None
) -> None:
    """Rename a team or say where it sits."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find, "team", team_name)
        from salestui.usecases import people

        changes = needed(given(name=name, office=office))
        say(
            store.write(
                people.edit_team, team_id=found.id, expected_version=found.version, **changes
            ).summary
        )


@team.command("delete")
def delete_team(ctx: typer.Context, team_name: TeamName) -> None:
    """Delete a team that nobody belongs to."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find, "team", team_name)
        from salestui.usecases import people

        say(store.write(people.delete_team, team_id=found.id).summary)


@rep.command("list")
def list_reps(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the reps with team, role and what is theirs."""
    from salestui.queries import setup

    with opened(ctx) as store:
        rows = [
            {
                "name": r.name,
                "role": r.role,
                "team": r.team,
                "territory": r.territory,
                "login": r.login,
                "e-mail": r.email,
                "started": r.started_on,
                "left": r.left_on,
                "active_deals": r.deals,
                "clients": r.clients,
            }
            for r in store.read(setup.reps)
        ]
    show(rows, as_json=as_json, empty="No reps yet. Add one: salestui rep add NAME")


@rep.command("add")
def add_rep(
    ctx: typer.Context,
    name: NewName,
    team_name: TeamOption = None,
    territory: TerritoryOption = None,
    role: Role = None,
    email: Email = None,
    login: Login = None,
    started: Started = None,
) -> None:
    """Add a rep."""
    from salestui.queries import names

    with opened(ctx, is_created=True) as store:
        in_team = store.read(names.find, "team", team_name).id if team_name else None
        at_home = store.read(names.find, "territory", territory).id if territory else None
        from salestui.usecases.people import create_rep

        fields = given(
            team_id=in_team,
            territory_id=at_home,
            role=role,
            email=email,
            login=login,
            started_on=one_day(started, store.today()),
        )
        say(store.write(create_rep, name=name, **fields).summary)


@rep.command("edit")
def edit_rep(
    ctx: typer.Context,
    rep_name: RepName,
    name: Rename = None,
    team_name: TeamOption = None,
    territory: TerritoryOption = None,
    role: Role = None,
    email: Email = None,
    login: Login = None,
    started: Started = None,
    left: Left = None,
) -> None:
    """Change a rep: name, team, territory, role, e-mail, login, first and last day."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find, "rep", rep_name)
        changes = given(
            name=name,
            role=role,
            email=email,
            login=login,
            started_on=one_day(started, store.today()),
            left_on=one_day(left, store.today()),
        )
        if left == "":
            changes["left_on"] = None
        for column, what, typed in (
            ("team_id", "team", team_name),
            ("territory_id", "territory", territory),
        ):
            if typed is not None:
                changes[column] = store.read(names.find, what, typed).id if typed else None
        needed(changes)
        from salestui.usecases import people

        say(
            store.write(
                people.edit_rep, rep_id=found.id, expected_version=found.version, **changes
            ).summary
        )
