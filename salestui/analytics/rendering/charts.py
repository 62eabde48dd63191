"""Charts as Rich renderables: one drawing for the command and for the screen, legible without colour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from rich.cells import cell_len as _cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from salestui.analytics.rendering.wording import UNKNOWN, amount, percent
from salestui.analytics.report import Cell, Money, Report
from salestui.text import cell as fitted
from salestui.text import inert
from salestui.text.days import MONTHS

_ALONG = " ▏▎▍▌▋▊▉█"
_UP = " ▁▂▃▄▅▆▇█"
_LABEL = 18
"""Cells a name may take."""

_SHORTEST_BAR, _SHORTEST_LABEL = 5, 5

_RICH = {"bar": "cyan", "lost": "dim", "muted": "dim", "head": "dim", "title": "bold"}


class Span(NamedTuple):
    """Some text and what it is: bar, muted, head, title or plain text."""

    text: str
    style: str = "text"


Drawn = tuple[Span, ...]
"""One line of a chart."""


def bar(eighths: int) -> str:
    """A bar of so many eighths of a cell; what is more than nothing shows at least as `▏`."""
    full, rest = divmod(max(eighths, 0), 8)
    return "█" * full + _ALONG[rest].strip()


@dataclass(frozen=True, slots=True)
class FunnelBar:
    """One step drawn: `row` is its place in the report, `None` for a heading above a funnel."""

    row: int | None
    spans: Drawn


class FunnelChart:
    """Centred bars, exact to an eighth of a cell, with count or sum, step share and overall share.

    `measure` is `count` or the key of a sum. Draws nothing of a report without rows.
    """

    def __init__(
        self, report: Report, width: int, height: int | None = None, *, measure: str = "count"
    ) -> None:
        self._report, self._width, self._height = report, width, height
        self._measure = measure

    def bars(self) -> list[FunnelBar]:
        """The lines from the top down."""
        report = self._report
        if not report.rows:
            return []
        stages = [inert(str(name)) for name in report.cells("stage")]
        values = report.cells(self._measure)
        steps, overall = (report.cells(key) for key in _share_keys(self._measure))
        figures = [_figure(value) for value in values]
        unit = _unit(values)
        figure = max(len(text) for text in (*figures, unit))
        rest = self._width - figure - sum(map(len, _SHARES)) - 6
        label = min(max(map(_cells, stages)), _LABEL, max(rest - _SHORTEST_BAR, _SHORTEST_LABEL))
        room = max(rest - label, _SHORTEST_BAR)
        head = " " * (label + room + 2) + f"{unit:>{figure}}  {_SHARES[0]}  {_SHARES[1]}"
        drawn = [FunnelBar(None, (Span(head, "head"),))]
        first = 0
        for row, heading in enumerate(_headings(report)):
            if heading is not None:
                first = row
                if heading:
                    drawn.append(FunnelBar(None, (Span(heading, "title"),)))
            shape = _centred(_share(values[row], values[first]), room)
            step = "" if row == first else _percent(steps[row])
            shares = f"{step:>{len(_SHARES[0])}}  {_percent(overall[row]):>{len(_SHARES[1])}}"
            numbers = f"{figures[row]:>{figure}}  {shares}"
            spans = (
                Span(f"{fitted(stages[row], label)} "),
                Span(shape, "bar"),
                Span(f" {numbers}"),
            )
            drawn.append(FunnelBar(row, spans))
        return drawn[: self._height]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw for the command."""
        yield from (as_text(each.spans) for each in self.bars())

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """It takes the width that it was given."""
        return Measurement(self._width, self._width)


_SHARES = ("of prev.", "of first")


def _unit(values: Sequence[Cell]) -> str:
    """What the figures count: deals, or the currency of the sums."""
    first = next(iter(values), None)
    return first.currency if isinstance(first, Money) else "deals"


def _percent(share: Cell) -> str:
    return percent(share, short=True) if isinstance(share, float | int) else UNKNOWN


def _share_keys(measure: str) -> tuple[str, str]:
    """The columns of step share and overall share: `sum_eur` has `sum_of_first_eur`."""
    if measure == "count":
        return "of_previous", "of_first"
    currency = measure.removeprefix("sum")
    return f"sum_of_previous{currency}", f"sum_of_first{currency}"


def _headings(report: Report) -> Iterator[str | None]:
    """For each row the name of the funnel that begins there; "" where there is only one, else `None`."""
    place = next(i for i, column in enumerate(report.columns) if column.key == "stage")
    before: tuple[Cell, ...] | None = None
    for row in report.rows:
        lead = row[:place]
        yield " · ".join(inert(str(part)) for part in lead) if lead != before else None
        before = lead


def _share(value: Cell, whole: Cell) -> float | None:
    value, whole = _number(value), _number(whole)
    return value / whole if whole else None


def _number(cell: Cell) -> float:
    if isinstance(cell, Money):
        return cell.minor
    return cell if isinstance(cell, int | float) else 0


def _figure(cell: Cell) -> str:
    if isinstance(cell, Money):
        return amount(cell, "short")
    return f"{cell:,}" if isinstance(cell, int) else UNKNOWN


def _centred(share: float | None, room: int) -> str:
    eighths = round((share or 0) * room * 8)
    if share and eighths < 8:
        eighths = 1
    drawn = bar(eighths)
    left = (room - len(drawn)) // 2
    return " " * left + drawn + " " * (room - left - len(drawn))


class ColumnChart:
    """Upright bars side by side, exact to an eighth of a cell: what was won month by month.

    `measure` is the key of a count or of a sum. Where not all fit, the last ones are drawn.
    """

    def __init__(self, report: Report, width: int, height: int = 8, *, measure: str) -> None:
        self._report, self._width, self._height = report, width, height
        self._measure = measure

    def lines(self) -> list[Drawn]:
        """The lines from the top down: values, bars, names."""
        cells = dict(
            zip(
                (inert(str(name)) for name in self._report.cells(self._report.columns[0].key)),
                self._report.cells(self._measure),
                strict=True,
            )
        )
        names = without_gaps(list(cells))
        if not names:
            return []
        figures = {name: _figure(cell) if (cell := cells.get(name)) else "" for name in names}
        wide = max(map(_cells, [*map(_short_name, names), *figures.values()])) + 1
        names = names[-max(self._width // wide, 1) :]
        most = max(_number(cells.get(name)) for name in names) or 1
        rows = max(self._height - 3, 1)
        heights = [_height(_number(cells.get(name)), most, rows) for name in names]
        lines: list[Drawn] = [(Span("".join(f"{figures[name]:>{wide}}" for name in names)),)]
        for row in reversed(range(rows)):
            blocks = (_UP[min(max(height - row * 8, 0), 8)] for height in heights)
            lines.append((Span("".join(f" {block * (wide - 1)}" for block in blocks), "bar"),))
        shown = "".join(f" {fitted(_short_name(name), wide - 1)}" for name in names)
        return [*lines, (Span(shown, "muted"),), (Span(_years(names, wide), "muted"),)]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw for the command."""
        yield from map(as_text, self.lines())

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """It takes the width that it was given."""
        return Measurement(self._width, self._width)


_MONTH, _QUARTER = re.compile(r"(\d{4})-(\d\d)"), re.compile(r"(\d{4})-Q(\d)")
_WEEK, _YEAR = re.compile(r"(\d{4})-W(\d\d)"), re.compile(r"(\d{4})()")


def without_gaps(names: Sequence[str]) -> list[str]:
    """The names of a stretch of time with those of the months (or quarters …) in which nothing was."""
    known = [name for name in names if any(p.fullmatch(name) for p in _PATTERNS)]
    others = [name for name in names if name not in known]
    if not known:
        return others
    filled, last = [min(known)], max(known)
    while filled[-1] < last:
        filled.append(_next(filled[-1]))
    return filled + others


def _next(name: str) -> str:
    if month := _MONTH.fullmatch(name):
        year, number = divmod(int(month[1]) * 12 + int(month[2]), 12)
        return f"{year}-{number + 1:02}"
    if quarter := _QUARTER.fullmatch(name):
        year, number = divmod(int(quarter[1]) * 4 + int(quarter[2]), 4)
        return f"{year}-Q{number + 1}"
    if week := _WEEK.fullmatch(name):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1) + timedelta(days=7)
        return "{}-W{:02}".format(*monday.isocalendar()[:2])
    return str(int(name) + 1)


_PATTERNS = (_MONTH, _QUARTER, _WEEK, _YEAR)


def _short_name(name: str) -> str:
    """ "Mar" of "2017-03", "W09" of "2017-W09"; the year stands below."""
    if month := _MONTH.fullmatch(name):
        return MONTHS[int(month[2]) - 1]
    return name[5:] if _QUARTER.fullmatch(name) or _WEEK.fullmatch(name) else name


def _years(names: Sequence[str], wide: int) -> str:
    """Each year below the first name that belongs to it."""
    cells, before = [], ""
    for name in names:
        year = name[:4] if _short_name(name) != name else ""
        cells.append(f" {year if year != before else '':<{wide - 1}}")
        before = year
    return "".join(cells)


def _height(value: float, most: float, rows: int) -> int:
    eighths = round(max(value, 0) / most * rows * 8)
    return 1 if value > 0 and not eighths else eighths


def as_text(spans: Sequence[Span]) -> Text:
    """One line for Rich."""
    return Text.assemble(*((text, _RICH.get(style, "")) for text, style in spans), no_wrap=True)
