"""Reports on the screen: charts and tables as lines with one cursor over the rows of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding
from textual.message import Message

from salestui.analytics.rendering.charted import chart_of
from salestui.analytics.rendering.charts import FunnelChart
from salestui.analytics.rendering.tables import Layout, in_words, rows_in_words, sheets
from salestui.analytics.rendering.waterfall_chart import WaterfallChart
from salestui.analytics.rendering.wording import heading, notes, words
from salestui.analytics.report import Column, Report
from salestui.text import cell, so_many, wrapped
from salestui.widgets.line_list import Line, LineList, line

_STYLES = {"bar": "accent", "muted": "muted", "head": "muted", "title": "title"}
_GAP = "  "
_INDENT = "    "
"""Before words for which their column had no room."""


@dataclass(frozen=True, slots=True)
class Part:
    """A report as it is to be shown. `measure` draws it as a funnel of that column; "" as a table."""

    report: Report
    measure: str = ""
    right: str = ""
    """What stands at the end of the head line."""
    is_openable: bool = False
    """Whether its rows can be opened although the report itself does not say what they count."""
    is_drawn: bool = False
    """Whether its chart, if it has one, stands above its table."""
    lead: tuple[str, ...] = ()
    """What is said above the table."""


class ReportView(LineList):
    """Shows reports one below the other; tells which row of which report is opened."""

    HELP: ClassVar = (
        "Enter shows what stands behind the row under the cursor. > shows the columns for which there is "
        "no room, and round again."
    )

    BINDINGS: ClassVar = [
        Binding("greater_than_sign", "turn(1)", "Columns", id="report.more_columns", show=False,
                key_display=">", tooltip="Show the columns for which there was no room, and round again"),
        Binding("less_than_sign", "turn(-1)", "Columns back", id="report.columns_back", show=False,
                key_display="<", tooltip="Show the columns before"),
    ]  # fmt: skip

    @dataclass
    class RowOpened(Message):
        """The user wishes to see what stands behind a row of a report."""

        report: Report
        row: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts: Sequence[Part] = ()
        self._hints: Sequence[str] = ()
        self._sheet = 0
        self._width = 0

    def show_parts(
        self, parts: Sequence[Part], hints: Sequence[str] = (), *, is_new: bool = False
    ) -> None:
        """Show reports, and below them what there is to say."""
        self._parts, self._hints = tuple(parts), tuple(hints)
        if is_new:
            self._sheet = 0
        self.show(self._built, is_new=is_new)

    def _built(self, width: int) -> list[Line]:
        self._width = width
        return list(report_lines(self._parts, self._hints, width, sheet=self._sheet))

    def action_turn(self, by: int) -> None:
        """Show other columns of the tables that are too wide."""
        counts = [len(sheets_of(part, self._width)) for part in self._parts]
        self._sheet = (self._sheet + by) % max([1, *counts])
        self.show(self._built)

    @property
    def row(self) -> tuple[Report, int] | None:
        """The report and the row under the cursor."""
        return None if self.key is None else self._row_of(self.key)

    def _row_of(self, key: str) -> tuple[Report, int]:
        place, _, row = key.partition(":")
        return self._parts[int(place)].report, int(row)

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Say which row it is."""
        event.stop()
        self.post_message(self.RowOpened(*self._row_of(event.key)))


def sheets_of(part: Part, width: int) -> list[Layout]:
    """The layouts that show all columns of a table one after the other; none where none is shown."""
    if part.measure or not part.report.n:
        return []
    return _laid_out(part.report, width)[0]


def report_lines(
    parts: Sequence[Part], hints: Sequence[str], width: int, *, sheet: int = 0
) -> Iterator[Line]:
    """The lines of reports; keys are the place of the report and of its row.

    `sheet` says which columns of those that do not fit side by side; a table with fewer begins anew.
    """
    for place, part in enumerate(parts):
        if place:
            yield line()
        yield head_line(part.report.title, width, right=part.right)
        for text in part.lead:
            yield from (line((each, "text")) for each in wrap(text, max(width, 20)))
        if not part.report.n:
            yield line((cell("Nothing in this period.", width), "hint"))
            yield from _notes(part.report, width)
        elif part.measure:
            yield from _chart_lines(part, place, width)
        else:
            if part.is_drawn:
                yield from _drawn_lines(part.report, width)
            yield from _table_lines(part, place, width, sheet)
    for text in hints:
        yield line()
        yield from (line((each, "hint")) for each in wrap(text, max(width, 20)))


def head_line(text: str, width: int, *, right: str = "") -> Line:
    """A line that parts one report from the next."""
    right = cell(right, min(cell_len(right), max(0, width - cell_len(text) - 6)))
    room = max(0, width - cell_len(text) - cell_len(right) - (4 if right else 3))
    tail = f" {right}" if right else ""
    return line(("─ ", "rule"), (text, "head"), (f" {'─' * room}", "rule"), (tail, "muted"))


def _chart_lines(part: Part, place: int, width: int) -> Iterator[Line]:
    is_openable = bool(part.report.subjects)
    for drawn in FunnelChart(part.report, width, measure=part.measure).bars():
        pieces = ((text, _STYLES.get(style, "text")) for text, style in drawn.spans)
        is_row = drawn.row is not None and is_openable
        yield line(*pieces, key=f"{place}:{drawn.row}" if is_row else None)
    yield from _notes(part.report, width)


def _drawn_lines(report: Report, width: int) -> Iterator[Line]:
    chart = chart_of(report, width)
    if isinstance(chart, WaterfallChart):
        for drawn in chart.lines():
            yield line(*((text, _STYLES.get(style, "text")) for text, style in drawn))
        yield line()


def _table_lines(part: Part, place: int, width: int, sheet: int) -> Iterator[Line]:
    report = part.report
    layouts, below = _laid_out(report, width)
    layout = layouts[sheet % len(layouts)]
    heads = [heading(column, report.cells(column.key)) for column in layout.columns]
    yield line((_row(layout, heads), "muted"))
    is_openable = part.is_openable or bool(report.subjects)
    rows = zip(*(report.cells(column.key) for column in layout.columns), strict=True)
    for row, texts in enumerate(rows_in_words(layout, rows)):
        key = f"{place}:{row}" if is_openable else None
        whole = below[row] if below else ""
        shown = [
            "" if whole and column.is_whole else text
            for column, text in zip(layout.columns, texts, strict=True)
        ]
        yield line((_row(layout, shown), "text"), key=key)
        for text in wrapped(whole, width - len(_INDENT)) if whole else ():
            yield line(_INDENT, (text, "muted"), key=key)
    if len(report.rows) > 1 and report.totals:
        totals = [report.totals.get(column.key, "") for column in layout.columns]
        totals[0] = totals[0] or "All"
        yield line((_row(layout, in_words(layout, totals)), "title"))
    hidden = len({column for each in layouts for column in each.columns}) - len(layout.columns)
    if hidden:
        said = f"{so_many(hidden, 'column more', 'columns more')}: press >"
        if len(layouts) > 2:
            said += f" ({sheet % len(layouts) + 1} of {len(layouts)})"
        yield line((cell(said, width), "hint"))
    yield from _notes(report, width)


def _laid_out(report: Report, width: int) -> tuple[list[Layout], Sequence[str]]:
    """The layouts, and row by row the words that are to be whole and stand below, "" where there are none.

    Where most would not fit into their column, names have its room.
    """
    room = width + len(_GAP)  # no gap is drawn after the last column
    layouts = sheets(report, room)
    whole = next((column for column in report.columns if column.is_whole), None)
    if whole is None:
        return layouts, ()
    size = dict(zip(layouts[0].columns, layouts[0].widths, strict=True)).get(whole, 0)
    texts = [words(each, whole) if each else "" for each in report.cells(whole.key)]
    fits = [cell_len(text) <= size for text in texts if text]
    if sum(fits) * 2 < len(fits):
        layouts = sheets(_without(report, whole), room)
        return layouts, texts
    return layouts, [text if cell_len(text) > size else "" for text in texts]


def _without(report: Report, column: Column) -> Report:
    place = report.columns.index(column)
    return replace(
        report,
        columns=(*report.columns[:place], *report.columns[place + 1 :]),
        rows=tuple((*row[:place], *row[place + 1 :]) for row in report.rows),
    )


def _row(layout: Layout, texts: Sequence[str]) -> str:
    sizes = zip(layout.columns, texts, layout.widths, strict=True)
    return _GAP.join(_put(column, text, size) for column, text, size in sizes)


def _put(column: Column, text: str, size: int) -> str:
    """Names may be of any script, which a terminal may turn round: they are never pushed right."""
    shown = cell(text, size)
    return shown if column.kind == "text" else shown.rstrip().rjust(size)


def _notes(report: Report, width: int) -> Iterator[Line]:
    """Only the warnings: the methods stand at the end, once for all."""
    for text in notes(report)[1:]:
        yield from (line((each, "warn")) for each in wrap(text, max(width, 20)))
