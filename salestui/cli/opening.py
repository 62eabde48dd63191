"""How a command gets the store: the one that `--db` and `--me` name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from salestui import config
from salestui.errors import Refused

if TYPE_CHECKING:
    import typer

    from salestui.queries.names import Found
    from salestui.store.location import Location
    from salestui.store.reader import Reader
    from salestui.store.store import Store


class Choice(NamedTuple):
    """What stands before the command: the store and the rep, where given."""

    db: str | None = None
    me: str | None = None


def choice(ctx: typer.Context) -> Choice:
    """What the user chose before the command."""
    return ctx.find_object(Choice) or Choice()


def location(ctx: typer.Context) -> Location:
    """Where the store is or would be; nothing is opened."""
    from salestui.store.location import locate

    return locate(config.store_location(choice(ctx).db))


@contextmanager
def opened(ctx: typer.Context, *, is_created: bool = False) -> Iterator[Store]:
    """The store, open while the block runs; commands that add something may create it."""
    store = open_chosen(choice(ctx), is_created=is_created)
    try:
        yield store
    finally:
        store.close()


def open_chosen(chosen: Choice, *, is_created: bool) -> Store:
    """The store chosen, in the name of the rep chosen, who must be one of those there are."""
    from salestui.store.opening import open_store

    me = config.rep(chosen.me)
    store = open_store(config.store_location(chosen.db), me=me, is_created=is_created)
    if me is not None and store.actor_id is None:
        try:
            found = store.read(_meant, typed=me)
        except Refused:
            store.close()
            raise
        if found is not None:
            store.actor_id, store.actor = found.id, found.name
    return store


def _meant(reader: Reader, *, typed: str) -> Found | None:
    """The rep that `--me` names as `--owner` would; in a store without reps anyone may begin."""
    from salestui.queries.names import find

    has_reps = reader.row("SELECT 1 FROM rep WHERE deleted_at IS NULL LIMIT 1") is not None
    return find(reader, "rep", typed) if has_reps else None
