"""`salestui import` and `export`: files into the store, all or nothing, and all of it out again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import import_report
from salestui.cli.opening import location, opened
from salestui.cli.options import AsJson
from salestui.cli.output import say, say_json
from salestui.errors import Refused

if TYPE_CHECKING:
    from salestui.interchange.importing import ImportReport, Options
    from salestui.store.store import Store

app = typer.Typer()

_REFUSED = 2
"""Exit code where anything was refused, also where the rest was kept."""
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

        say(suggest_map(suggest, encoding=encoding).rstrip("\n"))
        return
    if not files:
        raise Refused("Name the files to import, or one to draft a mapping for with --suggest-map.")
    if (folder := _archive(files)) is not None:
        if dry_run or partial or profile is not None:
            raise Refused("An archive comes as a whole: give its folder, without options.")
        _import_archive(ctx, folder, as_json=as_json)
        return
    options = _options(profile, dates, decimal, encoding, is_partial=partial, is_rehearsal=dry_run)
    report = _import_files(ctx, files, options, is_quiet=as_json)
    if as_json:
        say_json(import_report.as_json(report, is_rehearsal=dry_run))
    else:
        import_report.print_report(report, is_rehearsal=dry_run)
    if any(file.problems for file in report.files):
        raise typer.Exit(_REFUSED)


def _archive(files: list[Path]) -> Path | None:
    """The archive that the files are, if they are one; asked without the ORM for all others."""
    if not any(path.is_dir() or path.name == "manifest.json" for path in files):
        return None
    from salestui.interchange.archive import archive_folder

    return archive_folder(files)


def _import_archive(ctx: typer.Context, folder: Path, *, as_json: bool) -> None:
    from salestui.interchange.archive import import_archive

    with opened(ctx, is_created=True) as store:
        archive = import_archive(store, folder)
    if as_json:
        say_json({"is_written": True, "folder": str(folder), "rows": archive.counts})
    else:
        say(f"{sum(archive.counts.values()):,} rows imported from {folder}.")


def _import_files(
    ctx: typer.Context, files: list[Path], options: Options, *, is_quiet: bool
) -> ImportReport:
    from salestui.interchange.importing import import_files

    with (
        _store(ctx, is_rehearsal=options.is_rehearsal) as store,
        import_report.progress(files, is_quiet=is_quiet) as tell,
    ):
        return import_files(store, files, options, tell)


@app.command()
def export(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder to write into.")],
    as_json: AsJson = False,
) -> None:
    """Write every table as CSV, with keys and history, of one moment. 'salestui import' takes it back."""
    from salestui.interchange.archive import export_store

    with opened(ctx) as store:
        archive = export_store(store, folder)
    counts = archive.counts
    if as_json:
        say_json({"folder": str(archive.folder), "rows": counts})
    else:
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
