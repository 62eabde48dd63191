"""The cells of a report in words, alike in tables, charts and on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from salestui.analytics.report import Beyond, Cell, Column, Interval, Money, Report
from salestui.text import format_money, inert, minor_digits

UNKNOWN = "–"
"""Nothing is known, or there is nothing to divide by."""


Detail = Literal["full", "whole", "short"]
"""How exactly amounts are given: 10,005,534.00, 10,005,534 or 10.0M."""


def words(cell: Cell, column: Column, detail: Detail = "full") -> str:
    """A cell as people read it; amounts without their currency, which `heading` names."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, Money):
        return amount(cell, detail)
    if isinstance(cell, Interval):
        return f"{100 * cell.low:.0f}–{100 * cell.high:.0f} %"
    if isinstance(cell, Beyond):
        return f"> {cell.days}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return " ".join(inert(cell).split())
    if column.kind == "ratio":
        return percent(cell, short=detail == "short")
    if column.kind == "times":
        return f"{cell:,.2f} x"
    if column.kind == "rate":
        return _rate(cell)
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:,.1f}".removesuffix(".0")


def _rate(each: float) -> str:
    """So many a day: two digits of what is rare, which one decimal would make none."""
    if each >= 10 or not each:
        return f"{each:,.1f}".removesuffix(".0")
    return f"{float(f'{each:.2g}'):f}".rstrip("0") if each < 1 else f"{each:.2f}"


def percent(share: float, *, short: bool = False) -> str:
    """ "63.2 %", or "63 %" if `short`; never 0 % of something or 100 % of not all."""
    text = f"{100 * share:.{0 if short else 1}f}"
    if share > 0 and float(text) == 0:
        return "<1 %" if short else "<0.1 %"
    if share < 1 and float(text) >= 100:
        return ">99 %" if short else ">99.9 %"
    return f"{text} %"


def amount(money: Money, detail: Detail = "full") -> str:
    """An amount without its currency."""
    if detail == "short":
        return format_money(money.minor, money.currency, short=True)
    if detail == "whole":
        unit = 10 ** minor_digits(money.currency)
        return f"{(money.minor * 2 + unit) // (unit * 2):,}"
    return format_money(money.minor, money.currency).removesuffix(f" {money.currency}")


def heading(column: Column, cells: Iterable[Cell]) -> str:
    """What stands above a column; amounts say their currency here, once."""
    used = {cell.currency for cell in cells if isinstance(cell, Money)}
    currency = next(iter(used), "") if len(used) == 1 else ""
    if column.kind != "money" or not currency or column.label.endswith(currency):
        return column.label
    return f"{column.label} {currency}"


def head_line(report: Report) -> str:
    """What the report is of: "Funnel · Team North · 2017-Q2 · as of 2017-07-01"."""
    parts = [report.title]
    parts += [f"{name} {inert(value)}" for name, value in report.filters.items()]
    parts += [f"period {report.period.label}", f"as of {report.as_of.isoformat()}"]
    return " · ".join(parts)


def notes(report: Report) -> list[str]:
    """What stands below: how many are behind it, how it is computed, what to beware of."""
    return [f"n = {report.n:,}. {report.method}", *(f"! {inert(each)}" for each in report.warnings)]
