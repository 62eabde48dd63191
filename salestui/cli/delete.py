"""Deleting what was entered by mistake, from the command line; 'salestui undo' brings it back."""

from __future__ import annotations

import typer

from salestui.cli.opening import opened
from salestui.cli.options import ActivityKey, BranchName, ClientName, ContactName, DealName
from salestui.cli.output import say

app = typer.Typer(
    help="Delete what was entered by mistake; 'salestui undo' brings it back.",
    no_args_is_help=True,
)


@app.command()
def client(ctx: typer.Context, client: ClientName) -> None:
    """Delete a client; one with deals or activities stays."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = names.whole(store.read(names.find_client, client), client)
        from salestui.usecases.clients import delete_client

        saved = store.write(delete_client, client_id=found.id, expected_version=found.version)
    say(saved.summary)


@app.command()
def branch(ctx: typer.Context, client: ClientName, branch: BranchName) -> None:
    """Delete a branch of a client."""
    from salestui.queries import names

    with opened(ctx) as store:
        at = store.read(names.find_client, client)
        found = names.whole(store.read(names.find_branch, at.id, branch), branch)
        from salestui.usecases.clients import delete_branch

        saved = store.write(delete_branch, branch_id=found.id, expected_version=found.version)
    say(saved.summary)


@app.command()
def contact(ctx: typer.Context, client: ClientName, contact: ContactName) -> None:
    """Delete a contact of a client; past activities keep who was met."""
    from salestui.queries import names

    with opened(ctx) as store:
        at = store.read(names.find_client, client)
        found = names.whole(store.read(names.find_contact, at.id, contact), contact)
        from salestui.usecases.clients import delete_contact

        saved = store.write(delete_contact, contact_id=found.id, expected_version=found.version)
    say(saved.summary)


@app.command()
def deal(ctx: typer.Context, deal: DealName) -> None:
    """Delete a deal; one with activities stays."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = names.whole(store.read(names.find_deal, deal), deal)
        from salestui.usecases.deals import delete_deal

        saved = store.write(delete_deal, deal_id=found.id, expected_version=found.version)
    say(saved.summary)


@app.command()
def activity(ctx: typer.Context, key: ActivityKey) -> None:
    """Delete an activity or a task."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find_activity, key)
        from salestui.usecases.activities import delete_activity

        saved = store.write(delete_activity, activity_id=found.id, expected_version=found.version)
    say(saved.summary)
