"""A figure: what was measured, against which floor of the same run, and the bar it is to keep."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. `limit` caps `ratio` to the floor where there is one, else `value`.

    `value` and `floor` are in `unit`; `more` are further numbers, "p95 12.3 ms" for instance.
    """

    what: str
    value: float
    unit: str
    limit: float
    floor: float | None = None
    floor_name: str = ""
    more: Sequence[str] = field(default=())
    is_at_least: bool = False

    @property
    def ratio(self) -> float | None:
        return None if not self.floor else self.value / self.floor

    @property
    def is_met(self) -> bool:
        """Whether the figure keeps its bar."""
        counted = self.value if self.ratio is None else self.ratio
        return counted >= self.limit if self.is_at_least else counted <= self.limit

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio, "is_met": self.is_met}


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def high(values: Sequence[float]) -> float:
    """The 95th percentile (of few values: the largest but one in twenty)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]


def milliseconds(seconds: Sequence[float | None]) -> list[float]:
    """Of those that are known."""
    return [value * 1000 for value in seconds if value is not None]


def show(figures: Sequence[Figure]) -> None:
    """The table on standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title="salestui, measured", title_justify="left", pad_edge=False)
    for name in ("what", "measured", "floor", "ratio", "bar", "", "more"):
        is_number = name in ("measured", "floor", "ratio", "bar")
        table.add_column(name, justify="right" if is_number else "left", no_wrap=name != "more")
    for figure in figures:
        sign = "≥" if figure.is_at_least else "≤"
        is_ratio = figure.ratio is not None
        table.add_row(
            Text(figure.what),
            f"{_number(figure.value)} {figure.unit}",
            f"{_number(figure.floor)} {figure.unit}" if figure.floor else "",
            f"{figure.ratio:.2f} ×" if figure.ratio is not None else "",
            f"{sign} {figure.limit:g} ×" if is_ratio else f"{sign} {figure.limit:,g} {figure.unit}",
            Text("ok", "green") if figure.is_met else Text("OVER", "bold red"),
            Text("; ".join([*([f"floor: {figure.floor_name}"] if is_ratio else []), *figure.more])),
        )
    console = Console()
    console.width = max(console.width, 150)
    console.print(table)


def _number(value: float) -> str:
    return (
        f"{value:,.0f}"
        if abs(value) >= 100
        else f"{value:.1f}"
        if abs(value) >= 10
        else f"{value:.2f}"
    )
