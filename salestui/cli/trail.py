"""What was changed by whom, and taking it back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import completion
from salestui.cli.opening import opened
from salestui.cli.options import ClientOption
from salestui.cli.output import say, say_json

if TYPE_CHECKING:
    from salestui.queries.trail import Entry, RowChange

app = typer.Typer()


@app.command()
def undo(ctx: typer.Context) -> None:
    """Take your last change back. Refused where someone has changed the same since."""
    with opened(ctx) as store:
        from salestui.usecases.undo import undo as take_back

        say(store.write(take_back).summary)


@app.command()
def redo(ctx: typer.Context) -> None:
    """Do again what you undid last."""
    with opened(ctx) as store:
        from salestui.usecases.undo import redo as do_again

        say(store.write(do_again).summary)


@app.command()
def audit(
    ctx: typer.Context,
    client: ClientOption = None,
    deal: Annotated[
        str | None, typer.Option(metavar="DEAL", help="The deal: number, or words of its title.")
    ] = None,
    rep: Annotated[
        str | None,
        typer.Option(metavar="REP", help="The rep who did it.", autocompletion=completion.reps),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many entries.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Show who changed what and when, before and after: the latest, of a client, deal or rep."""
    from salestui.queries import names, trail

    with opened(ctx) as store:
        about: tuple[str, str] | None = None
        if deal is not None:
            about = ("deal", store.read(names.find_deal, deal).id)
        elif client is not None:
            about = ("client", store.read(names.find_client, client).id)
        actor_id = store.read(names.find, "rep", rep).id if rep is not None else None
        found = store.read(trail.entries, about=about, actor_id=actor_id, limit=limit)
    if as_json:
        say_json([_plain(entry) for entry in found])
    elif not found:
        say("Nothing has been changed yet.")
    for entry in [] if as_json else found:
        _tell(entry)


def _plain(entry: Entry) -> dict[str, Any]:
    return asdict(entry) | {"at": entry.at.isoformat()}


def _tell(entry: Entry) -> None:
    say(f"{entry.at.astimezone():%Y-%m-%d %H:%M}  {entry.actor}  {entry.summary}")
    for row in entry.rows:
        _tell_row(row)
    if entry.change_count > len(entry.rows):
        say(f"    … {entry.change_count - len(entry.rows)} more rows")


def _tell_row(row: RowChange) -> None:
    what = row.table.replace("_", " ")
    named = f"    {what} {_short(row.name)}" if row.name else f"    {what}"
    say(named + (" (new)" if row.is_new else ""))
    for change in row.fields:
        field = change.field
        for suffix in ("_id", "_minor", "_bp"):
            field = field.removesuffix(suffix)
        before = "" if row.is_new else f"{_value(change.field, change.before)} → "
        say(f"        {field.replace('_', ' ')}: {before}{_value(change.field, change.after)}")


def _value(field: str, value: object) -> str:
    if field.endswith("_bp") and isinstance(value, int):
        return f"{value / 100:,.10g} %"
    return _short(value)


def _short(value: object) -> str:
    if value in (None, ""):
        return "nothing"
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"
