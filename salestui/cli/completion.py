"""Names that the shell completes. Read only, nothing is created, and a failure is an empty list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from salestui.store.reader import Reader

_MANY = 50


def clients(ctx: typer.Context, incomplete: str) -> list[str]:
    """Clients whose name begins like that, accents and case aside."""
    return _names(ctx, "client", incomplete)


def reps(ctx: typer.Context, incomplete: str) -> list[str]:
    """Reps whose name begins like that."""
    return _names(ctx, "rep", incomplete)


def pipelines(ctx: typer.Context, incomplete: str) -> list[str]:
    """Pipelines whose name begins like that."""
    return _names(ctx, "pipeline", incomplete)


def teams(ctx: typer.Context, incomplete: str) -> list[str]:
    """Teams whose name begins like that."""
    return _names(ctx, "team", incomplete)


def territories(ctx: typer.Context, incomplete: str) -> list[str]:
    """Territories whose name begins like that."""
    return _names(ctx, "territory", incomplete)


def products(ctx: typer.Context, incomplete: str) -> list[str]:
    """Products whose name begins like that."""
    return _names(ctx, "product", incomplete)


def competitors(ctx: typer.Context, incomplete: str) -> list[str]:
    """Competitors whose name begins like that."""
    return _names(ctx, "competitor", incomplete)


def reasons(ctx: typer.Context, incomplete: str) -> list[str]:
    """Loss reasons whose name begins like that."""
    return _names(ctx, "loss reason", incomplete)


def kinds(ctx: typer.Context, incomplete: str) -> list[str]:
    """Kinds of activity whose name begins like that."""
    return _names(ctx, "activity kind", incomplete)


def _names(ctx: typer.Context, what: str, incomplete: str) -> list[str]:
    try:
        return _read(ctx, lambda reader: _begin_with(reader, what, incomplete))
    except Exception:
        return []  # the person is typing: no message could be read there


def _begin_with(reader: Reader, what: str, incomplete: str) -> list[str]:
    from salestui.queries import names
    from salestui.text import inert

    found = names.beginning(reader, what, incomplete, limit=_MANY)
    return [_continued(incomplete, name) for name in found if inert(name) == name]


def _continued(typed: str, name: str) -> str:
    """The name as the shell takes it: it must go on from what was typed, "lo" to "lodź Foods".

    The commands find a name by its folded letters, so that one will do.
    """
    from salestui.text import fold

    same = fold(name[: len(typed)]) == fold(typed)
    return typed + name[len(typed) :] if same else name


def _read(ctx: typer.Context, query: Callable[[Reader], list[str]]) -> list[str]:
    from salestui import config
    from salestui.store.opening import peek

    return peek(config.store_location(ctx.find_root().params.get("db")), query)
