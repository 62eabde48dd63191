"""The store as an archive: all of it, of one moment, and nothing where it cannot be whole."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy import Table

from salestui import __version__
from salestui.errors import Refused
from salestui.interchange.archive.layout import MANIFEST, Archive, Manifest, kept_tables, sayer
from salestui.store.backup import sync_folder
from salestui.store.opening import REVISION
from salestui.store.reader import Reader
from salestui.store.store import Store

_CHUNK = 2000


def export_store(store: Store, folder: Path) -> Archive:
    """Write every table into a new folder, of one moment; either the whole folder is there or none.

    It survives a power cut once this returns. Raises `Refused`.
    """
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
        with _new_file(part / MANIFEST) as file:
            file.write(Manifest(REVISION, __version__, counts).text())
        sync_folder(part)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused(f"Nothing was exported to {folder}: {reason}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Archive(folder, counts)


def _write_all(reader: Reader, *, folder: Path) -> dict[str, int]:
    return {table.name: _write_table(reader, table, folder) for table in kept_tables()}


def _write_table(reader: Reader, table: Table, folder: Path) -> int:
    names = [column.name for column in table.columns]
    say = [sayer(column) for column in table.columns]
    count = 0
    with _new_file(folder / f"{table.name}.csv") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(names)
        for rows in _chunks(reader, table, names):
            count += len(rows)
            out.writerows(
                [each(value) for each, value in zip(say, row, strict=True)] for row in rows
            )
    return count


def _chunks(reader: Reader, table: Table, names: list[str]) -> Iterator[list[tuple[object, ...]]]:
    """The rows in the order of their key, which both engines compare byte by byte."""
    (key,) = [column.name for column in table.primary_key.columns]
    listed = ", ".join(f'"{name}"' for name in names)
    # Names of tables and columns are the program's own.
    sql = f'SELECT {listed} FROM "{table.name}" WHERE "{key}" > :last ORDER BY "{key}" LIMIT :most'  # noqa: S608
    last = ""
    while rows := reader.rows(sql, last=last, most=_CHUNK):
        yield rows
        last = str(rows[-1][names.index(key)])


@contextmanager
def _new_file(path: Path) -> Iterator[TextIO]:
    """A private file that is on the disk when the block has ended."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        yield file
        file.flush()
        os.fsync(handle)
