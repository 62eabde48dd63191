"""Minutes written to files: new ones only, readable by their owner alone, all of them or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from salestui.errors import Refused


def write_new(files: Mapping[Path, str]) -> None:
    """Write each text to its new file as UTF-8. Raises `Refused` with nothing left behind."""
    made: list[Path] = []
    try:
        for path, text in files.items():
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            made.append(path)
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        raise Refused(_why(path, error)) from None


def _why(path: Path, error: OSError) -> str:
    if isinstance(error, FileExistsError):
        return f"Already there, so that nothing was written: {path}. Name another file."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"There is no folder {path.parent} to write {path.name} into."
    return f"{path} cannot be written: {error.strerror or error}."
