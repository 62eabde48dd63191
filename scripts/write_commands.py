"""Writes docs/commands.md from the commands themselves. Run it after changing one; a test compares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from salestui.cli.commands import SECTIONS, app

TARGET = Path(__file__).parent.parent / "docs" / "commands.md"

HEAD = """\
# The commands

`salestui` without a command opens what is to be done today. `--help` after any command says what
this page says.

- `--db PATH|URL` and `--me REP` choose the store and who works; they may stand before or after the
  command. Without them `SALESTUI_DB` and `SALESTUI_REP` count, then the platform's data folder and
  the rep whose login is yours.
- Exit codes: **0** done, **1** a fault of the program (its report is in the log that
  `salestui doctor` names), **2** refused or bad usage: one sentence on standard error says what
  and what to do. Ctrl+C is 130.
- `--json` prints JSON: money as `{"amount": "12000.00", "currency": "EUR"}`, days as
  `2026-03-18`, nothing as `null`.
- Days are typed as `2026-10-01`, `1.10.2026`, `today`, `tomorrow`, `fri`, `+3d`, `+2w`, `+1m`.
- `salestui --install-completion` teaches the shell the commands, options, and the names of
  clients, reps, pipelines, teams and products.
- Errors and names from elsewhere are printed inert: nothing in a name can drive the terminal.

_Written by `scripts/write_commands.py`._
"""


def document() -> str:
    """The page."""
    root: Any = get_command(app)
    parts = [HEAD, "## Before any command\n", *_parameters(root)]
    for title, names in SECTIONS.items():
        parts.append(f"## {title}\n")
        for name in names:
            parts.extend(_command(f"salestui {name}", root.commands[name]))
    return "\n".join(parts)


def _command(path: str, command: Any) -> Iterator[str]:
    below = getattr(command, "commands", None)
    if below is not None:
        if command.invoke_without_command:
            yield from _alone(path, command)
        for name, each in below.items():
            yield from _command(f"{path} {name}", each)
    else:
        yield from _alone(path, command)


def _alone(path: str, command: Any) -> Iterator[str]:
    arguments = [_metavar(p) for p in command.params if p.param_type_name == "argument"]
    yield f"### `{' '.join([path, *arguments])}`\n"
    yield f"{command.help}\n"
    yield from _parameters(command)


def _parameters(command: Any) -> Iterator[str]:
    rows = [_row(parameter) for parameter in command.params]
    if rows:
        yield "| | |\n|---|---|\n" + "\n".join(rows) + "\n"


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        shown = _metavar(parameter)
    else:
        shown = ", ".join((*parameter.opts, *parameter.secondary_opts))
        if not parameter.is_flag:
            shown += f" {_metavar(parameter)}"
    default = parameter.default
    told = "" if parameter.required or default in (None, False, ()) else f" Default: {default}."
    shown = shown.replace("|", "\\|")
    return f"| `{shown}` | {parameter.help}{told} |"


def _metavar(parameter: Any) -> str:
    name: str = parameter.metavar or parameter.name.upper().replace("_", "-")
    return name


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
