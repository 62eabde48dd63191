"""Several reports with words between them, as one page: for a terminal, as Markdown, as HTML."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.text import Text

from salestui.analytics.rendering.charted import chart_of
from salestui.analytics.rendering.tables import printed
from salestui.analytics.rendering.wording import head_line, heading, notes, words
from salestui.analytics.report import Cell, Column, Report
from salestui.text import csv_cell, inert

_CHART_WIDTH = 72
_MOST = 60
"""Rows of a table; minutes are read, not searched."""


_WIDEST = 10_000
"""Cells of a line of a file, that no table is cut."""


@dataclass(frozen=True, slots=True)
class Section:
    """One point: what was said about it, and the reports that were looked at."""

    title: str
    lines: tuple[str, ...] = ()
    reports: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A title, what it is of, and its sections; `warnings` are of all of them."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    warnings: tuple[str, ...] = ()

    def printed(self, width: int, *, is_whole: bool = False) -> RenderableType:
        """The page for a terminal of that width; what `is_whole` has every column of every table."""
        parts: list[RenderableType] = [Text(inert(self.title), style="bold"), Text(self.subtitle)]
        parts += [Text(f"! {inert(text)}") for text in self.warnings]
        for number, section in enumerate(self.sections, 1):
            parts += [Text(), Text(f"{number}. {inert(section.title)}", style="bold underline")]
            parts += [Text(inert(line)) for line in section.lines]
            for report in section.reports:
                parts += [Text(), printed(report, width, is_whole=is_whole)]
        return Group(*parts)

    def to_markdown(self) -> str:
        """The page as Markdown with tables; no sign of a name is taken for a mark."""
        lines = [f"# {_escaped(self.title)}", "", _escaped(self.subtitle)]
        lines += [line for text in self.warnings for line in ("", f"> {_escaped(text)}")]
        for number, section in enumerate(self.sections, 1):
            lines += ["", f"## {number}. {_escaped(section.title)}"]
            if section.lines:
                lines += ["", *(f"- {_escaped(line)}" for line in section.lines)]
            for report in section.reports:
                lines += ["", *_markdown(report)]
        return "\n".join(lines) + "\n"

    def to_json(self) -> dict[str, Any]:
        """The page as JSON values, each report as its own command prints it."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "warnings": list(self.warnings),
            "sections": [
                {
                    "title": section.title,
                    "lines": list(section.lines),
                    "reports": [report.to_json() for report in section.reports],
                }
                for section in self.sections
            ],
        }

    def to_csv(self) -> str:
        """The page as CSV, a line for each cell, as its reports have different columns.

        What is said in words is a line of its own, without a report. No cell that a spreadsheet would run.
        """
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("point", "about", "report", "title", "row", "column", "value"))
        for text in self.warnings:
            writer.writerow(("", "", "", "", "", "said", csv_cell(inert(text))))
        for number, section in enumerate(self.sections, 1):
            lead = number, csv_cell(inert(section.title))
            for text in section.lines:
                writer.writerow((*lead, "", "", "", "said", csv_cell(inert(text))))
            for report in section.reports:
                of = (*lead, report.name, csv_cell(inert(report.title)))
                writer.writerows((*of, *record) for record in report.to_records())
        return file.getvalue()

    def to_text(self, width: int) -> str:
        """The page as plain text: lines of that width, tables with all their columns, wider if need be."""
        console = Console(width=_WIDEST, color_system=None, legacy_windows=False)
        with console.capture() as drawn:
            for part in _flat(self.printed(width, is_whole=True)):
                console.print(part.wrap(console, width) if isinstance(part, Text) else part)
        return "\n".join(line.rstrip() for line in drawn.get().splitlines()) + "\n"

    def to_html(self) -> str:
        """The page as one HTML file that needs nothing else: no script, no font, no address."""
        body = [f"<h1>{_shown(self.title)}</h1>", f"<p>{_shown(self.subtitle)}</p>"]
        body += [f"<p class=note>{_shown(text)}</p>" for text in self.warnings]
        for number, section in enumerate(self.sections, 1):
            body.append(f"<h2>{number}. {_shown(section.title)}</h2>")
            if section.lines:
                body.append("<ul>")
                body += [f"<li>{_shown(line)}</li>" for line in section.lines]
                body.append("</ul>")
            for report in section.reports:
                body += _html(report)
        return _FRAME.replace("{title}", _shown(self.title)).replace("{body}", "\n".join(body))


_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(inert(text).split()))


def _shown(text: str) -> str:
    return html.escape(" ".join(inert(text).split()))


def _notes(report: Report) -> Iterator[str]:
    left = len(report.rows) - _MOST
    if left > 0:
        yield f"{left:,} more rows: 'salestui report' shows them."
    yield from notes(report)


def _heads(report: Report) -> list[str]:
    return [heading(column, _with_total(report, column)) for column in report.columns]


def _with_total(report: Report, column: Column) -> list[Cell]:
    return [*report.cells(column.key), report.totals.get(column.key, "")]


def _rows(report: Report) -> Iterator[tuple[bool, list[str]]]:
    """(whether it is the total, its cells in words)."""
    for row in report.rows[:_MOST]:
        yield False, _words(report.columns, row)
    if report.totals and len(report.rows) > 1:
        totals = [report.totals.get(column.key, "") for column in report.columns]
        if report.columns[0].kind == "text" and not totals[0]:
            totals[0] = "All"
        yield True, _words(report.columns, totals)


def _words(columns: Sequence[Column], cells: Iterable[Cell]) -> list[str]:
    pairs = zip(columns, cells, strict=True)
    return [words(cell, column, "whole") for column, cell in pairs]


def _flat(part: RenderableType) -> Iterator[RenderableType]:
    if isinstance(part, Group):
        for each in part.renderables:
            yield from _flat(each)
    else:
        yield part


def _markdown(report: Report) -> Iterator[str]:
    yield f"**{_escaped(head_line(report))}**"
    yield ""
    if report.rows:
        yield f"| {' | '.join(map(_escaped, _heads(report)))} |"
        marks = ("---" if column.kind == "text" else "---:" for column in report.columns)
        yield f"| {' | '.join(marks)} |"
        for is_total, cells in _rows(report):
            shown = [_escaped(cell) for cell in cells]
            if is_total:
                shown = [f"**{cell}**" if cell else "" for cell in shown]
            yield f"| {' | '.join(shown)} |"
    else:
        yield "Nothing to count."
    for note in _notes(report):
        yield ""
        yield f"> {_escaped(note)}"


def _html(report: Report) -> Iterator[str]:
    yield f"<h3>{_shown(head_line(report))}</h3>"
    chart = chart_of(report, _CHART_WIDTH) if report.rows else None
    if chart is not None:
        console = Console(
            width=_CHART_WIDTH, color_system=None, force_terminal=False, legacy_windows=False
        )
        with console.capture() as drawn:
            console.print(chart)
        yield f'<pre role="img" aria-label="{_shown(report.title)}">{html.escape(inert(drawn.get()))}</pre>'
    if report.rows:
        yield "<table><thead><tr>"
        yield "".join(
            f"<th{_side(c)}>{_shown(t)}</th>"
            for c, t in zip(report.columns, _heads(report), strict=True)
        )
        yield "</tr></thead><tbody>"
        for is_total, cells in _rows(report):
            tag = "th" if is_total else "td"
            pairs = zip(report.columns, cells, strict=True)
            yield f"<tr>{''.join(f'<{tag}{_side(c)}>{_shown(t)}</{tag}>' for c, t in pairs)}</tr>"
        yield "</tbody></table>"
    else:
        yield "<p>Nothing to count.</p>"
    yield from (f"<p class=note>{_shown(note)}</p>" for note in _notes(report))


def _side(column: Column) -> str:
    return "" if column.kind == "text" else " class=n"


_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid; }
h3 { font-size: 1rem; }
pre { font: 13px/1 ui-monospace, Menlo, Consolas, monospace; overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .6rem; text-align: left; border-bottom: 1px solid #8884; }
.n { text-align: right; }
.note { font-size: .85rem; opacity: .8; }
@media print { body { max-width: none; margin: 0; } h3, tr { break-inside: avoid; } }
</style>
</head>
<body>
{body}
</body>
</html>
"""
