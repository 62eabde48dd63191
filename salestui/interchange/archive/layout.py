"""What an archive looks like: its tables, its manifest, and each value as the text of a cell."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table
from sqlmodel import SQLModel

from salestui.errors import Refused
from salestui.models import tables
from salestui.models.base import UTC, Choice, Day
from salestui.text import csv_cell, csv_uncell, from_day, from_micros, inert

assert tables  # the metadata are complete only once every table is imported

MANIFEST = "manifest.json"
DERIVED = ("passage", "search_word")
_PROGRAM = "salestui"
_TRUTH = {"true": True, "false": False}
_LARGEST = {Integer: 2**31 - 1, BigInteger: 2**63 - 1}

Say = Callable[[Any], str]
Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder written or read, and the rows of each table."""

    folder: Path
    counts: dict[str, int]
    summary: str = "Imported an archive"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the folder says of itself: the schema it was written from, and the rows of each table."""

    schema: str
    version: str
    rows: dict[str, int]

    def text(self) -> str:
        """The manifest as JSON."""
        said = {"program": _PROGRAM, "version": self.version, "schema": self.schema}
        return json.dumps({**said, "rows": self.rows}, indent=2) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an archive. Raises `Refused`."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if found["program"] != _PROGRAM:
            raise ValueError
        rows = {str(name): int(count) for name, count in found["rows"].items()}
        return Manifest(str(found["schema"]), str(found["version"]), rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused(f"{folder} is no salestui archive: its {MANIFEST} cannot be read.") from None


def archive_folder(paths: Sequence[Path]) -> Path | None:
    """The archive that these paths are: its folder, or its files with the manifest; else `None`."""
    for path in paths:
        folder = path if path.is_dir() else path.parent if path.name == MANIFEST else None
        if folder is None or not (path.is_dir() or path.is_file()):
            continue
        if any(other not in (path, folder) and other.parent != folder for other in paths):
            raise Refused(f"{folder} comes alone: import other files by themselves.")
        if not (folder / MANIFEST).is_file():
            raise Refused(
                f"{folder} is no salestui archive: it has no {MANIFEST}. To import CSV files, "
                "name them."
            )
        return folder
    return None


def kept_tables() -> list[Table]:
    """What an archive keeps, each table after those it refers to."""
    return [each for each in SQLModel.metadata.sorted_tables if each.name not in DERIVED]


def sayer(column: Column[Any]) -> Say:
    """How a value as the database gives it is written. An empty cell is no value, or no text."""
    if isinstance(column.type, Day):
        return lambda value: "" if value is None else from_day(value).isoformat()
    if isinstance(column.type, UTC):
        return lambda value: "" if value is None else from_micros(value).isoformat()
    if isinstance(column.type, Boolean):
        return lambda value: "true" if value else "false"
    if isinstance(column.type, Integer):
        return lambda value: "" if value is None else str(value)
    return lambda value: "" if value is None else csv_cell(value)


def reader(column: Column[Any]) -> Read:
    """The inverse of `sayer`. What no export writes is a `ValueError` that says why."""
    read = _reader(column)
    if read is not _text:
        if column.nullable:
            return lambda cell: read(cell) if cell else None
        return lambda cell: read(cell) if cell else _refuse("it is empty")
    if column.nullable:
        return lambda cell: _text(cell) if cell else None
    return _text


def _reader(column: Column[Any]) -> Read:
    kind = column.type
    if isinstance(kind, Day):
        return lambda cell: _converted(date.fromisoformat, cell, "not a date like 2026-03-18")
    if isinstance(kind, UTC):
        return _instant
    if isinstance(kind, Boolean):
        return lambda cell: _converted(_TRUTH.__getitem__, cell, "neither true nor false")
    if isinstance(kind, Integer):
        largest = _LARGEST[BigInteger if isinstance(kind, BigInteger) else Integer]
        return lambda cell: _whole(cell, largest)
    if isinstance(kind, Choice):
        words = {word.value: word.value for word in kind.words}
        known = f"none of {', '.join(words)}"
        return lambda cell: _converted(words.__getitem__, cell, known)
    return _text


def _text(cell: str) -> str:
    # What was exported is clean and comes back as it was; what was written into a file is made inert.
    return inert(csv_uncell(cell))


def _instant(cell: str) -> datetime:
    moment: datetime = _converted(datetime.fromisoformat, cell, "no instant")
    return moment if moment.tzinfo is not None else _refuse("an instant without a zone")


def _whole(cell: str, largest: int) -> int:
    if len(cell) > 20 or not (cell.isascii() and cell.removeprefix("-").isdigit()):
        _refuse("not a whole number")
    return int(cell) if abs(int(cell)) <= largest else _refuse("too large a number")


def _converted(convert: Callable[[str], Any], cell: str, reason: str) -> Any:
    try:
        return convert(cell)
    except (ValueError, KeyError):
        return _refuse(reason)


def _refuse(reason: str) -> Any:
    raise ValueError(reason)
