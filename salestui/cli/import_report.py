"""How an import is shown: a bar while it runs, then what became of each file's rows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salestui.cli.output import say, show, warn
from salestui.text import inert, so_many

if TYPE_CHECKING:
    from salestui.interchange.importing import FileReport, ImportReport

_SHOWN = 50
"""Problems told on a terminal."""
_COUNTS = ("read", "created", "updated", "unchanged", "skipped")
_PART = 1 << 20


@contextmanager
def progress(
    files: Sequence[Path], *, is_quiet: bool
) -> Iterator[Callable[[str, int], None] | None]:
    """A bar on standard error, if that is a terminal; what is inside is told file and line."""
    if is_quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    total = sum(map(_lines, files))
    reached: dict[str, int] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=total)

        def tell(name: str, line: int) -> None:
            reached[name] = line
            words = inert(f"{Path(name).name}, line {line:,}")
            bar.update(task, description=words, completed=min(sum(reached.values()), total))

        yield tell


def _lines(path: Path) -> int:
    """About how many lines a file has; what is wrong with it the import will say."""
    try:
        with path.open("rb") as file:
            return sum(part.count(b"\n") for part in iter(lambda: file.read(_PART), b""))
    except OSError:
        return 0


def print_report(report: ImportReport, *, is_rehearsal: bool) -> None:
    """A table of the files, what was mended and noted, each problem, and what came of it."""
    rows = [
        {"file": Path(file.path).name, "holds": file.entity, **_counts(file)}
        for file in report.files
    ]
    show(rows, as_json=False, empty="")
    for file in report.files:
        _print_remarks(file)
    problems = [problem for file in report.files for problem in file.problems]
    shown = problems[:_SHOWN] if sys.stderr.isatty() else problems
    for problem in shown:
        warn(str(problem))
    if len(problems) > len(shown):
        warn(f"… and {len(problems) - len(shown):,} more; --json has them all.")
    say(_verdict(report, len(problems), is_rehearsal=is_rehearsal))


def _counts(file: FileReport) -> dict[str, int]:
    return {name: getattr(file, name) for name in _COUNTS}


def _print_remarks(file: FileReport) -> None:
    name = Path(file.path).name
    for repair in file.repairs:
        times = f"{repair.count:,} × " if repair.count > 1 else ""
        say(
            f"  {name}: {times}{repair.column} '{repair.value}' {repair.what}"
            f" (first in line {repair.line:,})"
        )
    for note in file.notes:
        say(f"  {name}: {note}")


def _verdict(report: ImportReport, problems: int, *, is_rehearsal: bool) -> str:
    told = so_many(problems, "problem")
    if is_rehearsal:
        return f"Nothing was kept: this was a dry run{f' ({told})' if problems else ''}."
    if not report.is_written:
        return (
            f"Nothing was kept because of {told}: mend the file, or keep the good rows with "
            "--partial."
        )
    if not any(file.created or file.updated for file in report.files):
        return "Nothing has changed since these files were imported last."
    rest = f" All but what the {told} kept out." if problems else ""
    return f"Imported.{rest} 'salestui undo' takes it back."


def as_json(report: ImportReport, *, is_rehearsal: bool) -> dict[str, Any]:
    """The whole report."""
    return {
        "is_written": report.is_written,
        "is_dry_run": is_rehearsal,
        "files": [
            {
                "file": file.path,
                "profile": file.profile,
                "holds": file.entity,
                **_counts(file),
                "problems": [
                    _fields(p, "line", "column", "value", "reason") for p in file.problems
                ],
                "repairs": [
                    _fields(r, "line", "column", "value", "what", "count") for r in file.repairs
                ],
                "notes": list(file.notes),
            }
            for file in report.files
        ],
    }


def _fields(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
