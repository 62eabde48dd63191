"""From files to the store: profiles found, formats settled, everything taken over or nothing."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from salestui.errors import Refused
from salestui.interchange.mapping import Formats, prepare
from salestui.interchange.problems import Problem, Repair
from salestui.interchange.profiles import (
    load_profile,
    missing_headers,
    recognise,
    shipped_profiles,
    unknown_headers,
)
from salestui.interchange.profiles.schema import PipelinePlan
from salestui.interchange.readers import read_table
from salestui.interchange.rows import Reading, header_of
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.text import so_many
from salestui.usecases.imports import (
    Batch,
    Imported,
    PipelineToMake,
    Record,
    StageToMake,
    Tally,
    import_batches,
)

Progress = Callable[[str, int], None]

_NAMED = 8
_WITHOUT_NAMES = ("deal", "activity")
"""Entities whose rows are not found again by a name."""


@dataclass(frozen=True, slots=True)
class Options:
    """`profile`: a mapping file instead of the shipped ones; `is_partial`: keep the good rows."""

    profile: Path | None = None
    formats: Formats = field(default_factory=Formats)
    encoding: str | None = None
    is_partial: bool = False
    is_rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file's rows: `read` = created + updated + unchanged + skipped.

    A row is skipped for its problems; a reference that could not be set is a problem of a row
    that was taken all the same.
    """

    path: str
    profile: str
    entity: str
    read: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    problems: tuple[Problem, ...]
    repairs: tuple[Repair, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`is_written`: whether the store has it now."""

    files: tuple[FileReport, ...]
    is_written: bool


class _NotKept(Exception):
    """Ends the transaction of a rehearsal, or of an import with problems, without a trace."""

    def __init__(self, imported: Imported) -> None:
        self.imported = imported


@dataclass(slots=True)
class _File:
    reading: Reading
    problems: list[Problem] = field(default_factory=list)
    repairs: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    """(count, first line) by column, value and what was done."""

    @property
    def path(self) -> str:
        return self.reading.table.path

    def tell(self, line: int, header: str, text: str, reason: str) -> None:
        self.problems.append(Problem(self.path, line, header, text, reason))

    def tell_record(self, record: Record, path: str, reason: str) -> None:
        """Note a problem that only the store could tell, with the cell that is to blame."""
        header = header_of(self.reading.profile, path)
        headers = self.reading.table.headers
        text = record.cells[headers.index(header)] if header in headers else ""
        self.tell(record.line, header, text.strip(), reason)

    def mend(self, line: int, header: str, text: str, what: str) -> None:
        count, first = self.repairs.get((header, text, what), (0, line))
        self.repairs[header, text, what] = (count + 1, first)


def import_files(
    store: Store, paths: Sequence[Path], options: Options, progress: Progress | None = None
) -> ImportReport:
    """Import files in one transaction. With any problem nothing is kept unless `is_partial`.

    Raises `Refused` for a file that cannot be read at all, or that no profile fits. `progress` is
    told each file and the line reached.
    """
    files = [_open(path, options) for path in paths]
    _refuse_twice(files)
    try:
        with _rare_collections():
            imported = store.write(import_rows, files=files, options=options, progress=progress)
        is_written = True
    except _NotKept as kept_not:
        imported, is_written = kept_not.imported, False
    return ImportReport(_reports(files, imported), is_written)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Leave looking for garbage to the import, chunk by chunk: what it holds makes each search longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _open(path: Path, options: Options) -> _File:
    if options.profile is not None:
        profile = load_profile(options.profile)
        table = read_table(
            path, encoding=options.encoding or profile.encoding, delimiter=profile.delimiter
        )
        missing = missing_headers(profile, table.headers)
        if missing:
            raise Refused(f"{table.path} has no column '{missing[0]}', which the mapping names.")
    else:
        table = read_table(path, encoding=options.encoding)
        found = recognise(table.headers, shipped_profiles())
        if found is None:
            raise Refused(
                f"{table.path} has headers that no profile knows ({', '.join(table.headers[:6])}"
                f"{', …' if len(table.headers) > 6 else ''}): draft a mapping with "
                f"'salestui import --suggest-map {path}', then give it with --map."
            )
        profile = found
    return _File(prepare(table, profile, options.formats))


def _refuse_twice(files: Sequence[_File]) -> None:
    paths = [file.path for file in files]
    for path in paths:
        if paths.count(path) > 1:
            raise Refused(f"{path} is named twice.")


def import_rows(
    unit: Unit, /, files: Sequence[_File], options: Options, progress: Progress | None
) -> Imported:
    """The use case: all files, or nothing where a rehearsal or a problem says so."""
    for file in files:
        file.problems.clear()
        file.repairs.clear()
    imported = import_batches(unit, batches=[*map(_batch, files)], progress=progress)
    has_problems = any(file.problems for file in files)
    if options.is_rehearsal or (has_problems and not options.is_partial):
        raise _NotKept(imported)
    return imported


def _batch(file: _File) -> Batch:
    reading, profile = file.reading, file.reading.profile
    return Batch(
        name=file.path,
        entity=profile.entity,
        source=profile.source or profile.name,
        records=reading.records(problem=file.tell, repair=file.mend),
        problem=file.tell_record,
        fills=reading.fills,
        currency=reading.currency,
        pipeline=_pipeline(profile.pipeline),
        amount_from_list_price=profile.amount_from_list_price,
    )


def _pipeline(plan: PipelinePlan | None) -> PipelineToMake | None:
    if plan is None:
        return None
    stages = tuple(
        StageToMake(stage.name, stage.kind, stage.probability, stage.idle_days)
        for stage in plan.stages
    )
    return PipelineToMake(plan.name, plan.currency, stages)


def _reports(files: Sequence[_File], imported: Imported) -> tuple[FileReport, ...]:
    tallies = {tally.name: tally for tally in imported.tallies}
    return tuple(_report(file, tallies[file.path]) for file in files)


def _report(file: _File, tally: Tally) -> FileReport:
    profile = file.reading.profile
    return FileReport(
        path=file.path,
        profile=profile.title or profile.name,
        entity=profile.entity,
        read=file.reading.read - file.reading.folded,
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        skipped=file.reading.skipped + tally.skipped,
        problems=tuple(sorted(file.problems, key=lambda problem: problem.line)),
        repairs=tuple(Repair(*what, count, first) for what, (count, first) in file.repairs.items()),
        notes=(*_remarks(file), *(f"{n:,} × {words}" for words, n in tally.notes.items())),
    )


def _remarks(file: _File) -> Iterator[str]:
    """What the person who wrote the mapping should know of the file as a whole."""
    if file.reading.profile.has_changes:
        good = file.reading.read - file.reading.skipped
        deals = so_many(good - file.reading.folded, "deal")
        yield f"{so_many(good, 'row')} tell of {deals}: each is a change of stage"
    left = unknown_headers(file.reading.profile, file.reading.table.headers)
    if left:
        more = ", …" if len(left) > _NAMED else ""
        yield f"not taken over: {', '.join(left[:_NAMED])}{more}"
    if not file.reading.keys and file.reading.profile.entity in _WITHOUT_NAMES:
        yield "no column tells the rows apart: one that changes in the source comes in as a new one"
