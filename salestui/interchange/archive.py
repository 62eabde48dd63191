"""The whole store as CSV files, and back: another copy imports it without losing anything.

A folder holds one file for each table and `manifest.json`. What is derived (passages, search
words) is left out and made anew. Keys, history and audit come back as they were.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Table, func, select, update
from sqlalchemy.types import BigInteger
from sqlmodel import SQLModel

from salestui import __version__
from salestui.errors import Refused
from salestui.models import tables
from salestui.models.base import UTC, Day
from salestui.store import bulk, projections
from salestui.store.opening import REVISION
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.text import csv_cell, csv_uncell, from_day, from_micros

assert tables  # the metadata are complete only once every table is imported

MANIFEST = "manifest.json"
_DERIVED = ("passage", "search_word")
_WORK = ("client", "deal", "deal_event", "activity")
"""A store with rows in one of these is somebody's work, not a store just started."""

_CHUNK = 2000
_LARGEST_CELL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder written or read, and the rows of each table."""

    folder: Path
    counts: dict[str, int]
    summary: str = "Imported an archive"


def _tables() -> list[Table]:
    """What is kept, each table after those it refers to."""
    return [each for each in SQLModel.metadata.sorted_tables if each.name not in _DERIVED]


def export_store(store: Store, folder: Path) -> Archive:
    """Write every table into a new folder, of one moment; either the whole folder is there or none."""
    folder = folder.expanduser().absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is there already: name a new folder to export to.")
    if not folder.parent.is_dir():
        raise Refused(f"There is no folder {folder.parent} to export to.")
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700)
        counts = store.read(_write_all, folder=part)
        manifest = {"program": "salestui", "version": __version__, "schema": REVISION}
        text = json.dumps(manifest | {"rows": counts}, indent=2)
        _write(part / MANIFEST, lambda file: file.write(f"{text}\n"))
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        raise Refused(f"Nothing was exported to {folder}: {error.strerror}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Archive(folder, counts)


def _write_all(reader: Reader, *, folder: Path) -> dict[str, int]:
    return {table.name: _write_table(reader, table, folder) for table in _tables()}


def _write_table(reader: Reader, table: Table, folder: Path) -> int:
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key.columns]
    say = [_sayer(column) for column in table.columns]
    # Names of tables and columns are the program's own.
    sql = f'SELECT {", ".join(names)} FROM "{table.name}"'  # noqa: S608
    first, after = f" ORDER BY {', '.join(keys)} LIMIT :most", " WHERE {0} > :last{1}"
    count = 0

    def write(file: Any) -> None:
        nonlocal count
        out = csv.writer(file, lineterminator="\n")
        out.writerow(names)
        rows = reader.rows(sql + first, most=_CHUNK)
        while rows:
            count += len(rows)
            out.writerows(
                [each(value) for each, value in zip(say, row, strict=True)] for row in rows
            )
            last = rows[-1][names.index(keys[0])]
            rows = reader.rows(sql + after.format(keys[0], first), last=last, most=_CHUNK)

    assert len(keys) == 1, table.name
    _write(folder / f"{table.name}.csv", write)
    return count


def _write(path: Path, fill: Callable[[Any], Any]) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        fill(file)
        file.flush()
        os.fsync(handle)


def _sayer(column: Column[Any]) -> Callable[[Any], str]:
    """How a value as the database gives it is written. An empty cell is no value, or no text."""
    if isinstance(column.type, Day):
        return lambda value: "" if value is None else from_day(value).isoformat()
    if isinstance(column.type, UTC):
        return lambda value: "" if value is None else from_micros(value).isoformat()
    if isinstance(column.type, Boolean):
        return lambda value: "true" if value else "false"
    if isinstance(column.type, Integer | BigInteger):
        return lambda value: "" if value is None else str(value)
    return lambda value: "" if value is None else csv_cell(value)


def is_archive(folder: Path) -> bool:
    """Whether a folder is one that `export_store` has written."""
    return folder.is_dir() and (folder / MANIFEST).is_file()


def import_archive(store: Store, folder: Path) -> Archive:
    """Fill a store that nobody has worked in with an archive. Raises `Refused` with nothing written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        schema, rows = str(manifest["schema"]), dict(manifest["rows"])
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused(f"{folder} is no salestui archive: its {MANIFEST} cannot be read.") from None
    if schema != REVISION:
        raise Refused(
            f"{folder} has schema {schema}, this program {REVISION}: export it again with the "
            "version of salestui that imports it."
        )
    return store.write(fill_from_archive, folder=folder, expected=rows)


def fill_from_archive(unit: Unit, *, folder: Path, expected: dict[str, int]) -> Archive:
    """The use case: everything comes as it was, the audit trail included; it gets no entry of its own."""
    _refuse_used(unit)
    for table in reversed(SQLModel.metadata.sorted_tables):
        unit.session.execute(table.delete())
    counts = {}
    for table in _tables():
        counts[table.name] = _fill(unit, table, folder / f"{table.name}.csv")
        if counts[table.name] != expected.get(table.name):
            raise Refused(
                f"{folder / table.name}.csv has {counts[table.name]:,} rows, "
                f"{MANIFEST} says {expected.get(table.name)}: the archive is not whole."
            )
    projections.rebuild(unit.session)
    unit.is_written = True
    return Archive(folder, counts)


def _refuse_used(unit: Unit) -> None:
    for table in _tables():
        if (
            table.name in _WORK
            and unit.session.execute(select(func.count()).select_from(table)).scalar()
        ):
            raise Refused(
                "An archive goes into an empty store, and this one has been worked in: "
                "name a new file with --db."
            )


def _fill(unit: Unit, table: Table, path: Path) -> int:
    names = [column.name for column in table.columns]
    # Rows may refer to later ones of their own table: those references are set afterwards.
    own = [k.parent.name for k in table.foreign_keys if k.column.table is table]
    referring: list[dict[str, Any]] = []
    count = 0
    rows = _read(path, table, names)
    while chunk := list(islice(rows, _CHUNK)):
        for row in chunk if own else ():
            if any(row[name] is not None for name in own):
                referring.append({"id": row["id"], **{name: row[name] for name in own}})
                row |= dict.fromkeys(own)
        bulk.insert_rows(unit.session, table, chunk)
        count += len(chunk)
    for row in referring:
        values = {name: row[name] for name in own}
        unit.session.execute(update(table).where(table.c.id == row["id"]).values(values))
    return count


def _read(path: Path, table: Table, names: list[str]) -> Iterator[dict[str, Any]]:
    readers = [_reader(column) for column in table.columns]
    limit = csv.field_size_limit(_LARGEST_CELL)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file, strict=True)
            if next(lines, []) != names:
                raise Refused(f"{path} does not have the columns of '{table.name}'.")
            for cells in lines:
                try:
                    values = [read(cell) for read, cell in zip(readers, cells, strict=True)]
                except (ValueError, KeyError):
                    raise Refused(
                        f"{path}, line {lines.line_num}: this is not as it was exported."
                    ) from None
                yield dict(zip(names, values, strict=True))
    except (OSError, UnicodeError, csv.Error) as error:
        raise Refused(f"{path} cannot be read: {error}.") from None
    finally:
        csv.field_size_limit(limit)


def _reader(column: Column[Any]) -> Callable[[str], Any]:
    """The inverse of `_sayer`: an empty cell of a column that must have a text is an empty text."""
    readers: list[tuple[Any, Callable[[str], Any]]] = [
        (Day, date.fromisoformat),
        (UTC, datetime.fromisoformat),
        (Boolean, {"true": True, "false": False}.__getitem__),
        (Integer | BigInteger, int),
    ]
    for kind, read in readers:
        if isinstance(column.type, kind):
            return lambda cell, read=read: None if cell == "" else read(cell)  # type: ignore[misc]
    if column.nullable:
        return lambda cell: csv_uncell(cell) if cell else None
    return csv_uncell
