"""`salestui import` and `export`: files into the store, all or nothing, and all of it out again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli.opening import location, opened
from salestui.cli.options import AsJson
from salestui.cli.output import say, say_json, show, warn

if TYPE_CHECKING:
    from salestui.interchange.importing import FileReport, ImportReport, Options
    from salestui.store.store import Store

app = typer.Typer()

_PROBLEMS_SHOWN = 50
_DATES = ("iso", "day-first", "month-first")
_DECIMALS = {"point": ".", "comma": ","}


@app.command(name="import")
def import_(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE…",
            help="The CSV files, those of one system together; or an exported folder.",
        ),
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option("--map", metavar="PROFILE", help="A mapping file for files of your own."),
    ] = None,
    suggest: Annotated[
        Path | None,
        typer.Option(
            "--suggest-map", metavar="FILE", help="Print the draft of a mapping for a CSV file."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and keep nothing.")
    ] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Keep the good rows although others have problems.")
    ] = False,
    dates: Annotated[
        str | None,
        typer.Option(metavar="ORDER", help="How dates are written: iso, day-first, month-first."),
    ] = None,
    decimal: Annotated[
        str | None,
        typer.Option(metavar="SIGN", help="What starts the decimals: point or comma."),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The files' encoding, such as cp1257, if found wrongly."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring in CSV files, all or nothing, however often: a row that has not changed changes nothing.

    Files are known by their headers. For any other file, draft a mapping with --suggest-map, edit
    it, and give it with --map. A folder that 'salestui export' wrote goes into an empty store.
    """
    if suggest is not None:
        from salestui.interchange.profiles import suggest_map

        say(suggest_map(suggest).rstrip("\n"))
        return
    from salestui.errors import Refused
    from salestui.interchange.importing import import_files

    if files and files[0].is_dir():
        _import_archive(ctx, files, dry_run or partial or profile is not None)
        return
    if not files:
        raise Refused("Name the files to import, or one to draft a mapping for with --suggest-map.")
    options = _options(profile, dates, decimal, encoding, is_partial=partial, is_rehearsal=dry_run)
    with _store(ctx, is_rehearsal=dry_run) as store, _progress(is_quiet=as_json) as tell:
        report = import_files(store, files, options, tell)
    if as_json:
        say_json(_as_json(report, is_rehearsal=dry_run))
    else:
        _say(report, is_rehearsal=dry_run)
    has_problems = any(file.problems for file in report.files)
    if has_problems and not partial:
        raise typer.Exit(2)


def _import_archive(ctx: typer.Context, folders: list[Path], has_options: bool) -> None:
    from salestui.errors import Refused
    from salestui.interchange.archive import import_archive

    if has_options or len(folders) > 1:
        raise Refused("An archive comes as a whole: give one folder, without options.")
    with opened(ctx, is_created=True) as store:
        archive = import_archive(store, folders[0])
    say(f"{sum(archive.counts.values()):,} rows imported from {folders[0]}.")


@app.command()
def export(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder to write into.")],
) -> None:
    """Write every table as CSV, with keys and history, of one moment. 'salestui import' takes it back."""
    from salestui.interchange.archive import export_store

    with opened(ctx) as store:
        archive = export_store(store, folder)
    counts = archive.counts
    say(f"{sum(counts.values()):,} rows of {len(counts)} tables exported to {archive.folder}.")


@contextmanager
def _store(ctx: typer.Context, *, is_rehearsal: bool) -> Iterator[Store]:
    """The store, made if there is none; a rehearsal leaves not even that behind."""
    path = location(ctx).path
    if not is_rehearsal or path is None or path.exists():
        with opened(ctx, is_created=True) as store:
            yield store
        return
    from tempfile import TemporaryDirectory

    from salestui.store.opening import open_store

    with TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "rehearsal.db"))
        try:
            yield store
        finally:
            store.close()


def _options(
    profile: Path | None,
    dates: str | None,
    decimal: str | None,
    encoding: str | None,
    *,
    is_partial: bool,
    is_rehearsal: bool,
) -> Options:
    from salestui.errors import Refused
    from salestui.interchange.importing import Options
    from salestui.interchange.mapping import Formats

    if dates is not None and dates not in _DATES:
        raise Refused(f"--dates takes one of {', '.join(_DATES)}.")
    if decimal is not None and decimal not in _DECIMALS:
        raise Refused(f"--decimal takes one of {', '.join(_DECIMALS)}.")
    sign: Any = None if decimal is None else _DECIMALS[decimal]
    order: Any = dates
    return Options(
        profile=profile,
        formats=Formats(order, sign),
        encoding=encoding,
        is_partial=is_partial,
        is_rehearsal=is_rehearsal,
    )


@contextmanager
def _progress(*, is_quiet: bool) -> Iterator[Callable[[str, int], None] | None]:
    """A bar on a terminal; files tell no number of rows beforehand, so it counts lines."""
    if is_quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.text import Text

    from salestui.text import inert

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def tell(name: str, line: int) -> None:
            words = Text(inert(f"{Path(name).name}: line {line:,}")).plain
            bar.update(task, description=words)

        yield tell


def _say(report: ImportReport, *, is_rehearsal: bool) -> None:
    rows = [
        {
            "file": Path(file.path).name,
            "holds": file.entity,
            "read": file.read,
            "created": file.created,
            "updated": file.updated,
            "unchanged": file.unchanged,
            "skipped": file.skipped,
        }
        for file in report.files
    ]
    show(rows, as_json=False, empty="")
    for file in report.files:
        _say_remarks(file)
    problems = [problem for file in report.files for problem in file.problems]
    for problem in problems[:_PROBLEMS_SHOWN]:
        warn(f"{problem}")
    if len(problems) > _PROBLEMS_SHOWN:
        warn(f"… and {len(problems) - _PROBLEMS_SHOWN:,} problems more; --json has them all.")
    say(_verdict(report, len(problems), is_rehearsal=is_rehearsal))


def _say_remarks(file: FileReport) -> None:
    name = Path(file.path).name
    for repair in file.repairs:
        times = f"{repair.count:,} × " if repair.count > 1 else ""
        say(f"  {name}: {times}{repair.column} '{repair.value}' {repair.what}")
    for note in file.notes:
        say(f"  {name}: {note}")


def _verdict(report: ImportReport, problems: int, *, is_rehearsal: bool) -> str:
    if is_rehearsal:
        return "Nothing was kept: this was a dry run."
    if not report.is_written:
        return (
            f"Nothing was kept because of {problems:,} problem(s): mend the file, or keep the good "
            "rows with --partial."
        )
    changed = sum(file.created + file.updated for file in report.files)
    if not changed:
        return "Nothing has changed since these files were imported last."
    return "Imported. 'salestui undo' takes it back."


def _as_json(report: ImportReport, *, is_rehearsal: bool) -> dict[str, Any]:
    return {
        "is_written": report.is_written,
        "is_dry_run": is_rehearsal,
        "files": [
            {
                "file": file.path,
                "profile": file.profile,
                "holds": file.entity,
                **{
                    name: getattr(file, name)
                    for name in ("read", "created", "updated", "unchanged", "skipped")
                },
                "problems": [
                    {name: getattr(problem, name) for name in ("line", "column", "value", "reason")}
                    for problem in file.problems
                ],
                "repairs": [
                    {
                        name: getattr(repair, name)
                        for name in ("line", "column", "value", "what", "count")
                    }
                    for repair in file.repairs
                ],
                "notes": list(file.notes),
            }
            for file in report.files
        ],
    }
