"""What a report is: named columns, rows, totals, how it was computed. One shape for every surface."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from salestui.analytics.measures import wilson
from salestui.text import Period, csv_cell, decimal_text, inert

if TYPE_CHECKING:
    from salestui.analytics.drill import Behind

Kind = Literal["text", "count", "money", "ratio", "days", "day", "interval", "times", "rate"]


class Money(NamedTuple):
    """An amount in minor units of its currency."""

    minor: int
    currency: str


class Interval(NamedTuple):
    """Where a share lies with 95 % confidence."""

    low: float
    high: float


def share_interval(successes: int, trials: int) -> Interval | None:
    """Where the share of a count lies, by `wilson`; `None` without trials."""
    bounds = wilson(successes, trials)
    return None if bounds is None else Interval(*bounds)


class Beyond(NamedTuple):
    """A time that was not reached within so many days: null in JSON, which a warning explains."""

    days: int


Cell = str | int | float | date | Money | Interval | Beyond | None
"""`None`: nothing is known, or there is nothing to divide by."""


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names the cell in JSON and CSV, `label` heads it; `is_extra` gives way on a narrow screen.

    `is_whole`: people's own words, or reasons, of which a part says nothing: names give way to it.
    """

    key: str
    label: str
    kind: Kind
    is_extra: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `rows` hold a cell for each column; `totals` only the cells that may be totalled.

    `filters` says in words whose and which deals count. `n` is how many deals or activities stand
    behind it. `subjects` says, row by row, which deals the row counts; empty if rows cannot be opened.
    """

    name: str
    title: str
    as_of: date
    period: Period
    filters: Mapping[str, str]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: Mapping[str, Cell]
    n: int
    method: str
    warnings: tuple[str, ...] = ()
    subjects: tuple[Behind, ...] = ()

    def warned(self, texts: Iterable[str]) -> Report:
        """The same report, which says these first."""
        return replace(self, warnings=(*texts, *self.warnings))

    def column(self, key: str) -> Column:
        """The column of that key."""
        return next(column for column in self.columns if column.key == key)

    def cells(self, key: str) -> tuple[Cell, ...]:
        """One column, from the top down."""
        place = next(i for i, column in enumerate(self.columns) if column.key == key)
        return tuple(row[place] for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values: money as amount and currency, ratios as numbers or null."""
        keys = [column.key for column in self.columns]
        return {
            "report": self.name,
            "as_of": self.as_of.isoformat(),
            "period": {
                "label": self.period.label,
                "from": _plain(self.period.first),
                "to": _plain(self.period.last),
            },
            "filters": dict(self.filters),
            "rows": [dict(zip(keys, map(_plain, row), strict=True)) for row in self.rows],
            "totals": {key: _plain(cell) for key, cell in self.totals.items()},
            "n": self.n,
            "method": self.method,
            "warnings": list(self.warnings),
        }

    def to_records(self) -> Iterator[tuple[int, str, str]]:
        """Every cell of the CSV by itself: the number of its row from 1 on, its head, its text."""
        heads = _heads(self.columns)
        for number, row in enumerate(self.rows, 1):
            for head, text in zip(heads, _csv_cells(self.columns, row), strict=True):
                yield number, head, text

    def to_csv(self) -> str:
        """The rows as CSV with a head line; no cell that a spreadsheet would run."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_heads(self.columns))
        for row in self.rows:
            writer.writerow(_csv_cells(self.columns, row))
        return file.getvalue()


def _plain(cell: Cell) -> Any:
    if isinstance(cell, Money):
        return {"amount": decimal_text(cell.minor, cell.currency), "currency": cell.currency}
    if isinstance(cell, Interval):
        return [round(cell.low, 6), round(cell.high, 6)]
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return round(cell, 6)
    return None if isinstance(cell, Beyond) else cell


def _heads(columns: Iterable[Column]) -> list[str]:
    """Money and intervals take two cells, so that a spreadsheet can reckon with each."""
    heads: list[str] = []
    for column in columns:
        if column.kind == "money":
            heads += [column.key, f"{column.key}_currency"]
        elif column.kind == "interval":
            heads += [f"{column.key}_low", f"{column.key}_high"]
        else:
            heads.append(column.key)
    return heads


def _csv_cells(columns: Iterable[Column], row: Iterable[Cell]) -> list[str]:
    cells: list[str] = []
    for column, cell in zip(columns, row, strict=True):
        if isinstance(cell, Money):
            cells += [decimal_text(cell.minor, cell.currency), cell.currency]
        elif isinstance(cell, Interval):
            cells += [f"{cell.low:.6f}", f"{cell.high:.6f}"]
        elif column.kind in ("money", "interval"):
            cells += ["", ""]
        elif isinstance(cell, Beyond):
            cells.append(f">{cell.days}")
        elif isinstance(cell, str):
            cells.append(csv_cell(inert(cell)))
        else:
            cells.append("" if cell is None else str(_plain(cell)))
    return cells
