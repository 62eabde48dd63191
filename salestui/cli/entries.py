"""Adding, changing and deleting an entry of a list by its name."""

from __future__ import annotations

from typing import Any

import typer

from salestui.cli.changes import needed
from salestui.cli.opening import opened
from salestui.cli.output import say


def add_entry(ctx: typer.Context, what: str, name: str, **fields: Any) -> None:
    """Add an entry to the list `what`."""
    with opened(ctx, is_created=True) as store:
        from salestui.usecases import process

        say(store.write(process.add_entry, what=what, name=name, **fields).summary)


def edit_entry(ctx: typer.Context, what: str, typed: str, **changes: Any) -> None:
    """Change the entry that `typed` names."""
    from salestui.queries import names

    needed(changes)
    with opened(ctx) as store:
        found = store.read(names.find, what, typed)
        from salestui.usecases import process

        saved = store.write(
            process.edit_entry,
            what=what,
            entry_id=found.id,
            expected_version=found.version,
            **changes,
        )
    say(saved.summary)


def delete_entry(ctx: typer.Context, what: str, typed: str) -> None:
    """Take the entry that `typed` names off its list."""
    from salestui.queries import names

    with opened(ctx) as store:
        found = store.read(names.find, what, typed)
        from salestui.usecases import process

        say(store.write(process.delete_entry, what=what, entry_id=found.id).summary)
