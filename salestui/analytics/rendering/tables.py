"""A report as a Rich table with its method and its warnings below."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, takewhile

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from salestui.analytics.rendering.charted import chart_of
from salestui.analytics.rendering.wording import Detail, head_line, heading, notes, words
from salestui.analytics.report import Cell, Column, Report
from salestui.text import so_many

MOST_ROWS = 100
"""Rows shown: Rich takes a tenth of a millisecond for each cell, and nobody reads on."""

_GAP = 2
_EXACT: tuple[Detail, ...] = ("full", "whole")
_SHORTER: tuple[Detail, ...] = ("whole", "short")
_SHORTEST = 12
"""Cells that a name keeps."""


def printed(report: Report, width: int, *, is_whole: bool = False) -> RenderableType:
    """Everything that the command prints of a report: head line, chart if it has one, table, notes.

    What `is_whole` has all columns, in tables one below the other, and cuts nothing: names that are
    wider than that make it wider.
    """
    parts: list[RenderableType] = [Text(head_line(report), style="bold")]
    chart = chart_of(report, width)
    if report.rows and chart is not None:
        parts += [Text(), chart]
    layouts = _whole(report, width) if is_whole else [fitted(report, width)]
    if not report.rows:
        parts += [Text(), Text("Nothing to count.")]
    for layout in layouts if report.rows else ():
        parts += [Text(), table(report, layout)]
    if len(report.rows) > MOST_ROWS:
        parts.append(Text(f"… {len(report.rows) - MOST_ROWS:,} more rows: --csv gives them all."))
    hidden = len(report.columns) - len({each for layout in layouts for each in layout.columns})
    if report.rows and hidden:
        columns = so_many(hidden, "column more", "columns more")
        parts.append(Text(f"{columns} on a wider terminal, in --csv and in --json.", style="dim"))
    parts += [Text(line, style="dim") for line in notes(report)]
    return Group(*parts)


@dataclass(frozen=True, slots=True)
class Layout:
    """What of a report fits: its columns, their widths in cells, and how exactly amounts are given."""

    columns: tuple[Column, ...]
    widths: tuple[int, ...]
    detail: Detail


def fitted(report: Report, width: int) -> Layout:
    """Where it is narrow, decimals of amounts give way, then columns that are more than necessary.

    Then names are cut, then amounts shortened, then what had better be whole is cut as names are, and
    at last columns go from the right; a figure is never cut.
    """
    columns = list(report.columns)
    while True:
        for detail in _EXACT:
            needed = [_needed(report, column, detail) for column in columns]
            if sum(needed) + _GAP * len(columns) <= width:
                return Layout(tuple(columns), tuple(needed), detail)
        extra = next((column for column in reversed(columns) if column.is_extra), None)
        if extra is None:
            return _squeezed(report, columns, width)
        columns.remove(extra)


def sheets(report: Report, width: int) -> list[Layout]:
    """The layout that fits, then what it leaves out, sheet by sheet, beside the names of the rows."""
    first = fitted(report, width)
    detail: Detail = "short" if first.detail == "short" else "whole"
    lead = _lead(report)
    names = [_least(column, _needed(report, column, detail)) for column in lead]
    return [first, *_packed(report, width, first.columns, names, detail)]


def _whole(report: Report, width: int) -> list[Layout]:
    """All columns at their full width, in one layout or more."""
    names = [_needed(report, column, "full") for column in _lead(report)]
    return list(_packed(report, width, (), names, "full")) or [fitted(report, width)]


def _lead(report: Report) -> list[Column]:
    """The columns that every sheet begins with."""
    names = takewhile(lambda column: column.kind in ("text", "day"), report.columns[:2])
    return list(names) or [report.columns[0]]


def _packed(
    report: Report, width: int, shown: Collection[Column], names: Sequence[int], detail: Detail
) -> Iterator[Layout]:
    """Layouts of the columns not `shown` yet, as many in each as fit beside those that lead."""
    lead = _lead(report)
    rest = [column for column in report.columns if column not in shown and column not in lead]
    while rest:
        needed = [_needed(report, column, detail) for column in rest]
        room = width - sum(names) - _GAP * len(names)
        fit = [total <= room for total in accumulate(wide + _GAP for wide in needed)]
        count = max(fit.count(True), 1)
        spare = max(room - sum(needed[:count]) - _GAP * count, 0)
        widths = (
            min(names[0] + spare, _needed(report, lead[0], detail)),
            *names[1:],
            *needed[:count],
        )
        yield Layout((*lead, *rest[:count]), widths, detail)
        rest = rest[count:]


def _squeezed(report: Report, columns: list[Column], width: int) -> Layout:
    """The layout where even the necessary columns do not fit at their full width."""
    room = width - _GAP * len(columns)
    for detail in _SHORTER:
        needed = [_needed(report, column, detail) for column in columns]
        least = [
            wide if column.is_whole else _least(column, wide)
            for column, wide in zip(columns, needed, strict=True)
        ]
        if sum(least) <= room:
            return Layout(tuple(columns), _cut(needed, least, room), detail)
    for detail in _SHORTER:
        needed = [_needed(report, column, detail) for column in columns]
        least = [_least(column, wide) for column, wide in zip(columns, needed, strict=True)]
        if sum(least) <= room or (detail == "short" and len(columns) < 3):
            return Layout(tuple(columns), _cut(needed, least, room), detail)
    return _squeezed(report, columns[:-1], width)


def _cut(needed: list[int], least: list[int], room: int) -> tuple[int, ...]:
    """The widest names lose first."""
    widths = list(needed)
    while sum(widths) > room:
        spare = [wide - low for wide, low in zip(widths, least, strict=True)]
        if max(spare) <= 0:
            break
        widths[max(range(len(widths)), key=lambda i: (spare[i] > 0, widths[i]))] -= 1
    return tuple(widths)


def _least(column: Column, needed: int) -> int:
    return min(needed, _SHORTEST) if column.kind == "text" else needed


def _needed(report: Report, column: Column, detail: Detail) -> int:
    cells = _with_total(report, column)
    shown = [*cells[:MOST_ROWS], cells[-1]]
    texts = [heading(column, cells), *(words(cell, column, detail) for cell in shown)]
    return max(Text(text).cell_len for text in texts)


def _with_total(report: Report, column: Column) -> list[Cell]:
    return [*report.cells(column.key), report.totals.get(column.key, "")]


def table(report: Report, layout: Layout) -> Table:
    """The rows and the totals. A name that stands above as well is not repeated."""
    made = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, _GAP - 1, 0, 0), show_edge=False)
    for column, width in zip(layout.columns, layout.widths, strict=True):
        made.add_column(
            Text(heading(column, _with_total(report, column))),
            justify="left" if column.kind == "text" else "right",
            width=width,
            no_wrap=True,
            overflow="ellipsis",
        )
    rows = list(zip(*(report.cells(column.key) for column in layout.columns), strict=True))
    for row in rows_in_words(layout, rows[:MOST_ROWS]):
        made.add_row(*map(Text, row))
    if report.totals and len(report.rows) > 1:
        made.add_section()
        cells = [report.totals.get(column.key, "") for column in layout.columns]
        if layout.columns[0].kind == "text" and not cells[0]:
            cells[0] = "All"
        made.add_row(*map(Text, in_words(layout, cells)), style="bold")
    return made


def in_words(layout: Layout, cells: Sequence[Cell]) -> list[str]:
    """The cells of one row as they are shown."""
    pairs = zip(layout.columns, cells, strict=True)
    return [words(cell, column, layout.detail) for column, cell in pairs]


def rows_in_words(layout: Layout, rows: Iterable[Sequence[Cell]]) -> Iterator[list[str]]:
    """The rows as they are shown: a leading name that stands above as well is not repeated.

    Leading names only: a figure that happens to equal the one above is still said.
    """
    leads = 0
    for column, following in pairwise(layout.columns):
        if column.kind != "text" or following.kind != "text":
            break
        leads += 1
    above: list[str] = []
    for row in rows:
        texts = in_words(layout, row)
        same = 0
        while same < leads and above and texts[same] == above[same]:
            same += 1
        yield ["" if place < same else text for place, text in enumerate(texts)]
        above = texts
