"""What is left of a fault of the program itself: the log file has the traceback, the user one line."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import datetime
from pathlib import Path

from salestui import __version__, config

_LARGEST = 1_000_000
"""Bytes after which the log starts anew; the one before is kept beside it."""


def report(error: BaseException) -> str:
    """Write the traceback, without the values of variables, into the log; returns a calm sentence."""
    try:
        path = _append(_entry(error))
    except OSError:
        return (
            f"salestui met a fault of its own ({type(error).__name__}) and stopped. "
            "What was saved is safe. The log file could not be written."
        )
    return (
        f"salestui met a fault of its own ({type(error).__name__}) and stopped. "
        f"What was saved is safe. Details are in {path}."
    )


def _entry(error: BaseException) -> str:
    told = "".join(traceback.format_exception(error))
    now = datetime.now().astimezone()
    return f"=== {now:%Y-%m-%d %H:%M:%S %z} salestui {__version__} Python {sys.version}\n{told}\n"


def _append(entry: str) -> Path:
    path = config.log_file()
    config.make_private_folder(path.parent)
    if path.exists() and path.stat().st_size > _LARGEST:
        path.replace(path.with_name(f"{path.name}.old"))
    handle = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as file:
        if os.name != "nt":
            os.fchmod(file.fileno(), 0o600)
        file.write(entry)
    return path
