"""An archive as a store: read strictly, for it may have been edited or cut short since."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from salestui.errors import Refused
from salestui.interchange.archive.layout import (
    MANIFEST,
    Archive,
    Manifest,
    kept_tables,
    read_manifest,
    reader,
)
from salestui.interchange.problems import Problem
from salestui.store.opening import REVISION
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.usecases.refill import Row, TableRows, refill

_LARGEST_CELL = 16 * 1024 * 1024
"""Characters of a cell. The audit trail keeps all fields of a row in one, so they are long."""


def import_archive(store: Store, folder: Path) -> Archive:
    """Fill a store that nobody has worked in with an archive. Raises `Refused` with nothing written."""
    manifest = read_manifest(folder)
    if manifest.schema != REVISION:
        raise Refused(
            f"{folder} has schema {manifest.schema}, this program {REVISION}: import it with the "
            f"salestui that wrote it ({manifest.version}), then open that store with this one."
        )
    archive = store.write(fill_from_archive, folder=folder, manifest=manifest)
    store.identify()
    return archive


def fill_from_archive(unit: Unit, *, folder: Path, manifest: Manifest) -> Archive:
    """The use case: everything comes as it was, the audit trail included; it gets no entry of its own."""
    with _long_cells():
        counts = refill(
            unit,
            [
                TableRows(
                    table, str(_path(folder, table)), partial(_rows, _path(folder, table), table)
                )
                for table in kept_tables()
            ],
        )
    for name, count in counts.items():
        if count != manifest.rows.get(name):
            raise Refused(
                f"{folder / name}.csv has {count:,} rows, {MANIFEST} says "
                f"{manifest.rows.get(name, 0):,}: the archive is not whole."
            )
    return Archive(folder, counts)


def _path(folder: Path, table: Table) -> Path:
    return folder / f"{table.name}.csv"


@contextmanager
def _long_cells() -> Iterator[None]:
    limit = csv.field_size_limit(_LARGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _rows(path: Path, table: Table) -> Iterator[Row]:
    """Each row of a file with the line it begins on, its values typed. Raises `Refused`."""
    names = [column.name for column in table.columns]
    readers = [reader(column) for column in table.columns]
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            if next(lines, []) != names:
                raise Refused(f"{path} does not have the columns of '{table.name}'.")
            line = lines.line_num + 1
            for cells in lines:
                if len(cells) != len(names):
                    reason = f"the row has {len(cells)} cells, the header {len(names)}"
                    raise Refused(str(Problem(str(path), line, "", "", reason)))
                yield Row(line, _values(path, line, names, readers, cells))
                line = lines.line_num + 1
    except csv.Error as error:
        raise Refused(f"{path}, line {line}: it cannot be read as CSV ({error}).") from None
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise Refused(f"{path} cannot be read: {reason}.") from None


def _values(
    path: Path, line: int, names: list[str], readers: list[Any], cells: list[str]
) -> dict[str, Any]:
    values = {}
    for name, read, cell in zip(names, readers, cells, strict=True):
        try:
            values[name] = read(cell)
        except ValueError as error:
            raise Refused(str(Problem(str(path), line, name, cell, str(error)))) from None
    return values
