"""The command line, parsed by Typer; its complaints come out as one line like all others."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.main import get_command

from salestui.cli.commands import app
from salestui.errors import Refused

_GLOBAL = ("--db", "--me")
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Parse the arguments, run the command, return its exit code; bad usage is `Refused`."""
    hoisted: list[str] | None = hoist(arguments)
    if os.name == "nt":  # no shell there expands *.csv; Click does, if it reads sys.argv itself
        sys.argv[1:], hoisted = hoist(arguments), None
    command: Any = get_command(app)
    try:
        code = command.main(args=hoisted, prog_name="salestui", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.TyperException as error:
        return _complain(error)
    except SystemExit as leaving:
        if isinstance(leaving.__context__, BrokenPipeError):
            raise BrokenPipeError from None
        raise
    if code == INTERRUPTED:  # Typer's answer to Ctrl+C
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def _complain(error: Any) -> int:
    ctx = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error.format_message()}\n")
        return 2
    hint = f" See '{ctx.command_path} --help'." if ctx is not None else ""
    name = str(getattr(error, "option_name", ""))
    if name.startswith("-") and name[1:2].isdigit():
        raise Refused(
            f"{name} was read as an option: an amount is not below 0. What may begin with a '-' stands "
            f"at the end, after ' -- '.{hint}"
        ) from None
    raise Refused(f"{error.format_message().rstrip('.?')}.{hint}") from None


def hoist(arguments: Sequence[str]) -> list[str]:
    """The arguments with `--db X` and `--me X` before the command, wherever they were typed."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            return [*front, *rest, word, *words]
        if word in _GLOBAL:
            front += [word, *(value for value in [next(words, None)] if value is not None)]
        elif word.startswith(tuple(f"{name}=" for name in _GLOBAL)):
            front.append(word)
        else:
            rest.append(word)
    return front + rest
