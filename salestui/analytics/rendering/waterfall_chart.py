"""The waterfall drawn: a bar for what was open on each day, and between them each change where it lies."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement

from salestui.analytics.rendering.charts import Drawn, Span, as_text, bar
from salestui.analytics.rendering.wording import amount
from salestui.analytics.report import Money, Report
from salestui.text import cell as fitted
from salestui.text import inert

_SHORTEST_BAR, _SHORTEST_LABEL = 5, 8


class WaterfallChart:
    """One waterfall for each currency; steps in which nothing happened are left out.

    The length of a bar is exact to an eighth of a cell, its place to a cell. What went is drawn dim
    and told by the sign of its figure.
    """

    def __init__(self, report: Report, width: int) -> None:
        self._report, self._width = report, width

    def lines(self) -> list[Drawn]:
        """The lines from the top down."""
        report = self._report
        sums = [column.key for column in report.columns if column.kind == "money"]
        names = [inert(str(name)) for name in report.cells("step")]
        drawn: list[Drawn] = []
        for key in sums:
            cells = [each for each in report.cells(key) if isinstance(each, Money)]
            if any(each.minor for each in cells):
                drawn += self._lines(names, cells)
        return drawn

    def _lines(self, names: list[str], cells: list[Money]) -> Iterator[Drawn]:
        shown = [
            (name, each, low, is_end)
            for name, each, low, is_end in _placed(names, cells)
            if is_end or each.minor
        ]
        most = max(low + abs(each.minor) for _, each, low, _ in shown)
        figures = [_figure(each, is_end=is_end) for _, each, _, is_end in shown]
        wide = max(map(len, [*figures, cells[0].currency]))
        longest = max(cell_len(name) for name, *_ in shown)
        label = min(longest, max(self._width - wide - _SHORTEST_BAR - 2, _SHORTEST_LABEL))
        room = max(self._width - wide - label - 2, _SHORTEST_BAR)
        yield (Span(" " * (label + room + 2) + f"{cells[0].currency:>{wide}}", "head"),)
        for (name, each, low, _), figure in zip(shown, figures, strict=True):
            space, shape = _floating(low / most, abs(each.minor) / most, room)
            rest = " " * (room - len(space) - len(shape))
            style = "lost" if each.minor < 0 else "bar"
            yield (
                Span(f"{fitted(name, label)} {space}"),
                Span(shape, style),
                Span(f"{rest} {figure:>{wide}}"),
            )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw for the command."""
        yield from map(as_text, self.lines())

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """It takes the width that it was given."""
        return Measurement(self._width, self._width)


def _placed(names: list[str], cells: list[Money]) -> Iterator[tuple[str, Money, int, bool]]:
    """Each step with the lower end of its bar, and whether it is the first or the last."""
    level, last = 0, len(cells) - 1
    for place, (name, each) in enumerate(zip(names, cells, strict=True)):
        is_end = place in (0, last)
        before = 0 if is_end else level
        level = before + each.minor
        yield name, each, min(before, level), is_end


def _floating(low: float, length: float, room: int) -> tuple[str, str]:
    """The blanks before a bar, and the bar, in a line of `room` cells."""
    eighths = round(length * room * 8)
    drawn = bar(1 if length and not eighths else eighths)
    return " " * min(round(low * room), room - len(drawn)), drawn


def _figure(money: Money, *, is_end: bool) -> str:
    text = amount(money, "short")
    return text if is_end or money.minor <= 0 else f"+{text}"
