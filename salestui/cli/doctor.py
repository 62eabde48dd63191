"""What somebody who helps needs to know: versions, paths, the store, the terminal."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui import __version__, config, settings
from salestui.cli.opening import choice, location
from salestui.cli.output import say, say_json
from salestui.errors import Refused

if TYPE_CHECKING:
    from salestui.store.location import Location
    from salestui.store.reader import Reader

app = typer.Typer()

_PACKAGES = ("textual", "rich", "sqlmodel", "sqlalchemy", "alembic", "typer", "numpy", "psycopg")
_PRIVATE = 0o077


@app.command()
def doctor(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Show versions, paths and the state of store and terminal. Nothing is created or changed."""
    found = {
        "versions": _versions(),
        "paths": {
            "store": location(ctx).shown,
            "demo store": config.demo_location(),
            "log": str(config.log_file()),
            "settings": _settings(),
        },
        "store": _store(location(ctx)),
        "you": {"login": config.login(), "--me": config.rep(choice(ctx).me)},
        "terminal": _terminal(),
    }
    if as_json:
        say_json(found)
        return
    for title, facts in found.items():
        say(title)
        for name, value in facts.items():
            say(f"    {name}: {_words(value)}")


def _settings() -> str:
    """Where the settings lie, and what is wrong with them."""
    try:
        settings.load()
    except Refused as refusal:
        return str(refusal)
    path = settings.settings_file()
    return str(path) if path.is_file() else f"{path} (none yet)"


def _versions() -> dict[str, Any]:
    from salestui.store import driver

    found: dict[str, Any] = {
        "salestui": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "sqlite": f"{driver.sqlite.sqlite_version} ({driver.sqlite.__name__.partition('.')[0]})",
        "sqlite journal": f"{driver.JOURNAL} ({_why()})",
    }
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def _why() -> str:
    from salestui.store import driver

    if driver.IS_WAL_SOUND:
        return "this SQLite is free of the WAL-reset fault"
    return "this SQLite has the WAL-reset fault, so no write-ahead log is used"


def _store(place: Location) -> dict[str, Any]:
    if place.path is not None and not place.path.exists():
        return {"state": "there is none yet", "folder": _mode(place.path.parent)}
    facts: dict[str, Any] = {}
    if place.path is not None:
        facts["file"] = _mode(place.path)
        facts["folder"] = _mode(place.path.parent)
        facts["bytes"] = place.path.stat().st_size
    from salestui.store.opening import REVISION, peek

    try:
        facts |= peek(place.url if place.path is None else str(place.path), _counts)
        facts["state"] = f"usable, schema {REVISION}"
    except Refused as refusal:
        facts["state"] = str(refusal)
    return facts


def _counts(reader: Reader) -> dict[str, Any]:
    sqlite = reader.dialect == "sqlite"
    journal = reader.value("PRAGMA journal_mode") if sqlite else None
    server = None if sqlite else reader.value("SHOW server_version")
    return {
        **({"journal": journal} if sqlite else {"server": f"PostgreSQL {server}"}),
        "clients": reader.value("SELECT count(*) FROM client WHERE deleted_at IS NULL"),
        "deals": reader.value("SELECT count(*) FROM deal WHERE deleted_at IS NULL"),
        "activities": reader.value("SELECT count(*) FROM activity WHERE deleted_at IS NULL"),
    }


def _mode(path: Path) -> str:
    try:
        bits = path.stat().st_mode & 0o777
    except OSError:
        return "there is none"
    if os.name == "nt":
        return "as Windows protects it"
    warning = ", others on this machine can read it" if bits & _PRIVATE else ""
    return f"{bits:04o}{warning}"


def _terminal() -> dict[str, Any]:
    size = shutil.get_terminal_size()
    return {
        "standard output": "a terminal" if sys.stdout.isatty() else "no terminal",
        "size": f"{size.columns}×{size.lines}",
        "TERM": os.environ.get("TERM"),
        "COLORTERM": os.environ.get("COLORTERM"),
        "NO_COLOR": os.environ.get("NO_COLOR"),
        "encoding": sys.stdout.encoding,
    }


def _words(value: object) -> str:
    return "not there" if value is None else str(value)
