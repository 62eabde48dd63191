"""The store itself: where it is, whether it is sound, copies of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from salestui import config
from salestui.cli.opening import location, opened
from salestui.cli.output import say, say_json
from salestui.errors import Refused
from salestui.text import so_many

app = typer.Typer(help="Find, check, back up, restore and migrate the store.", no_args_is_help=True)

_FOUND = 2
"""Exit code of a check that found something: the store should not be used as it is."""


@app.command()
def path(ctx: typer.Context) -> None:
    """Print where the store is. A password in a URL is left out."""
    say(location(ctx).shown)


@app.command()
def check(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Check the store: file, references, and what is derived against the history. Changes nothing."""
    place = location(ctx)
    problems: list[str] = []
    if place.path is not None:
        from salestui.store import backup

        problems = backup.check(place)
    if not problems:
        with opened(ctx) as store:
            from salestui.store.checking import derived_problems

            problems = derived_problems(store)
    if as_json:
        say_json({"store": place.shown, "problems": problems})
    else:
        for problem in problems:
            say(problem)
        say(_verdict(place.shown, len(problems)))
    raise typer.Exit(_FOUND if problems else 0)


def _verdict(shown: str, count: int) -> str:
    if not count:
        return f"{shown} is sound."
    return (
        f"{so_many(count, 'problem')} found in {shown}. What is derived is mended by 'salestui db rebuild'; "
        "for a damaged file restore a backup: 'salestui db restore FILE'."
    )


@app.command()
def rebuild(ctx: typer.Context) -> None:
    """Make everything that is derived (passages, next steps, search words) anew from the history."""
    with opened(ctx) as store:
        from salestui.store.checking import rebuild_derived

        counted = store.write(rebuild_derived)
    say(f"Made anew what is derived from {counted} deals, clients and contacts.")


@app.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write.")],
) -> None:
    """Write a checked copy of the store, also while others write to it."""
    from salestui.store.backup import backup as copy

    target = copy(location(ctx), file.expanduser().absolute())
    say(f"Backed up to {target} ({_size(target)}).")


@app.command()
def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to go back to.")],
    yes: Annotated[
        bool, typer.Option("--yes", help="Replace the store that is there; a copy of it is kept.")
    ] = False,
) -> None:
    """Bring the store back to a backup. The old one is kept beside it."""
    from salestui.store.backup import restore as bring_back

    place = location(ctx)
    if place.path is not None:
        if place.path.exists() and not yes:
            raise Refused(
                f"There is a store at {place.path}. With --yes it is replaced, and a copy of it kept."
            )
        if not place.path.parent.exists():
            config.make_private_folder(place.path.parent)
    kept = bring_back(place, file.expanduser().absolute())
    say(f"Restored {place.shown} from {file}.")
    if kept is not None:
        say(f"The store as it was before is kept in {kept}.")


@app.command()
def migrate(ctx: typer.Context) -> None:
    """Bring the store to this program's schema. Every start does so too, with a backup first."""
    from salestui.store.opening import REVISION

    with opened(ctx) as store:
        say(f"{store.location.shown} has schema {REVISION}, which this program works with.")


def _size(file: Path) -> str:
    count = file.stat().st_size
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{count / 1000:.0f} kB"
