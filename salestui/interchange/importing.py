"""From files to the store: profiles found, formats settled, everything taken over or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from salestui.errors import Refused
from salestui.interchange.mapping import Formats, read_records
from salestui.interchange.problems import Problem
from salestui.interchange.profiles import load_profile, recognise, shipped_profiles
from salestui.interchange.profiles.schema import PipelinePlan, Profile
from salestui.interchange.readers import Table, read_table
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.usecases.imports import (
    Batch,
    Imported,
    PipelineToMake,
    StageToMake,
    import_batches,
)

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """`profile`: a mapping file instead of the shipped ones; `is_partial`: keep the good rows."""

    profile: Path | None = None
    formats: Formats = Formats()
    encoding: str | None = None
    is_partial: bool = False
    is_rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file's rows. `skipped` counts the rows with problems."""

    path: str
    profile: str
    entity: str
    read: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    problems: tuple[Problem, ...]
    repairs: tuple[Problem, ...]
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
    table: Table
    profile: Profile
    problems: list[Problem]
    repairs: list[Problem]


def import_files(
    store: Store, paths: Sequence[Path], options: Options, progress: Progress | None = None
) -> ImportReport:
    """Import files in one transaction. With any problem nothing is kept unless `is_partial`.

    Raises `Refused` for a file that cannot be read at all, or that no profile fits.
    """
    files = [_open(path, options) for path in paths]
    try:
        imported = store.write(import_rows, files=files, options=options, progress=progress)
        is_written = True
    except _NotKept as kept_not:
        imported, is_written = kept_not.imported, False
    return ImportReport(_reports(files, imported), is_written)


def _open(path: Path, options: Options) -> _File:
    if options.profile is not None:
        profile = load_profile(options.profile)
        table = read_table(
            path, encoding=options.encoding or profile.encoding, delimiter=profile.delimiter
        )
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
    return _File(table, profile, [], [])


def import_rows(
    unit: Unit, /, files: Sequence[_File], options: Options, progress: Progress | None
) -> Imported:
    """The use case: all files, or nothing where a rehearsal or a problem says so."""
    batches = [_batch(file, options) for file in files]
    imported = import_batches(unit, batches=batches, progress=progress)
    has_problems = any(file.problems for file in files)
    if options.is_rehearsal or (has_problems and not options.is_partial):
        raise _NotKept(imported)
    return imported


def _batch(file: _File, options: Options) -> Batch:
    profile = file.profile
    formats = Formats(
        options.formats.dates or profile.dates, options.formats.decimal or profile.decimal
    )
    records = read_records(
        file.table,
        profile,
        formats,
        problem=file.problems.append,
        repair=file.repairs.append,
    )
    return Batch(
        name=file.table.path,
        entity=profile.entity,
        source=profile.source or profile.name,
        records=records,
        problem=partial(_note_problem, file),
        currency=profile.currency,
        pipeline=_pipeline(profile.pipeline),
        amount_from_list_price=profile.amount_from_list_price,
    )


def _note_problem(file: _File, line: int, column: str, value: str, reason: str) -> None:
    file.problems.append(Problem(file.table.path, line, column, value, reason))


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
    reports = []
    for file in files:
        tally = tallies[file.table.path]
        skipped = len({problem.line for problem in file.problems})
        reports.append(
            FileReport(
                path=file.table.path,
                profile=file.profile.title or file.profile.name,
                entity=file.profile.entity,
                read=tally.created + tally.updated + tally.unchanged + skipped,
                created=tally.created,
                updated=tally.updated,
                unchanged=tally.unchanged,
                skipped=skipped,
                problems=tuple(file.problems),
                repairs=tuple(file.repairs),
                notes=tuple(f"{count:,} × {words}" for words, count in tally.notes.items()),
            )
        )
    return tuple(reports)
