"""What commands print: lines, tables and JSON. Nothing that could drive a terminal gets through."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import chain
from typing import Any

from salestui.errors import Refused
from salestui.text import cell, csv_cell, decimal_text, format_money, inert, so_many

_GAP = "  "
_NARROWEST = 8
"""Cells below which a column is not squeezed."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of its currency."""

    minor: int
    currency: str


def money(minor: int | None, currency: str) -> Money | None:
    """The amount, if there is one."""
    return None if minor is None else Money(minor, currency)


def say(text: str = "") -> None:
    """One line (or several) on standard output."""
    sys.stdout.write(f"{inert(text)}\n")


def warn(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"{inert(text)}\n")


def show(
    rows: Sequence[Mapping[str, Any]],
    *,
    as_json: bool,
    as_csv: bool = False,
    empty: str,
    columns: Sequence[str] = (),
    money: Sequence[str] = (),
) -> None:
    """Rows of equal keys as a table, as a JSON array or as CSV; `empty` is said where there are none.

    Values: text, numbers, truth, days, instants, `Money`, `None`, lists of text. CSV has the same
    columns always: `columns`, of which `money` holds amounts.
    """
    refuse_both(as_json=as_json, as_csv=as_csv)
    if as_json:
        say_json(rows)
    elif as_csv:
        say_csv(rows, columns, money)
    elif rows:
        for line in table([name.replace("_", " ") for name in rows[0]], [r.values() for r in rows]):
            say(line)
    else:
        say(empty)


def refuse_both(*, as_json: bool, as_csv: bool) -> None:
    """Refuse two forms at once."""
    if as_json and as_csv:
        raise Refused("Choose one of --json and --csv.")


def say_csv(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], money: Sequence[str]
) -> None:
    """The columns as CSV; each of `money` as two cells, the amount and its currency."""
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    heads = ([name, f"{name}_currency"] if name in money else [name] for name in columns)
    writer.writerow(chain.from_iterable(heads))
    for row in rows:
        cells = (_csv_cells(row.get(name), is_money=name in money) for name in columns)
        writer.writerow(chain.from_iterable(cells))


def _csv_cells(value: Any, *, is_money: bool) -> list[str]:
    if isinstance(value, Money):
        return [decimal_text(value.minor, value.currency), value.currency]
    text = value.isoformat() if isinstance(value, date | datetime) else _words(value)
    cells = [csv_cell(inert(text)) if isinstance(value, str | list | tuple) else text]
    return [*cells, ""] if is_money else cells


def say_json(value: Any) -> None:
    """`value` as indented JSON. Readable in any script; what could drive a terminal is escaped."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=2, default=_for_json)
    if not text.replace("\n", "").isprintable():
        text = "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)
    sys.stdout.write(f"{text}\n")


def _for_json(value: Any) -> Any:
    if isinstance(value, Money):
        return {"amount": decimal_text(value.minor, value.currency), "currency": value.currency}
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def table(headings: Sequence[str], rows: Iterable[Iterable[Any]]) -> list[str]:
    """The lines of an aligned table.

    On a terminal texts give way to fit, never days, numbers or amounts; then the last columns do,
    and a line says so.
    """
    values = [list(row) for row in rows]
    texts = [[_words(value) for value in row] for row in values]
    is_number = [_are(values, i, (int, float, Money)) for i in range(len(headings))]
    widths = [
        max([_cells(heading), *(_cells(row[i]) for row in texts)])
        for i, heading in enumerate(headings)
    ]
    is_text = [not _are(values, i, (int, float, Money, date)) for i in range(len(headings))]
    widths = _fitted(widths, is_text)
    lines = [_line(headings, widths, is_number), _GAP.join("─" * width for width in widths)]
    lines += [_line(row, widths, is_number) for row in texts]
    if hidden := len(headings) - len(widths):
        more = so_many(hidden, "column more", "columns more")
        lines.append(f"{more} on a wider terminal, in --csv or --json.")
    return lines


def _are(rows: Sequence[Sequence[Any]], place: int, kinds: tuple[type, ...]) -> bool:
    """Whether a column holds such values, and no other."""
    held = [row[place] for row in rows if row[place] is not None]
    return bool(held) and all(isinstance(each, kinds) for each in held)


def _line(texts: Sequence[str], widths: Sequence[int], is_number: Sequence[bool]) -> str:
    parts = []
    for text, width, to_the_right in zip(texts, widths, is_number, strict=False):
        shown = cell(text, width)
        parts.append(shown.rstrip().rjust(width) if to_the_right and text.isascii() else shown)
    return _GAP.join(parts).rstrip()


def _fitted(widths: list[int], is_text: Sequence[bool]) -> list[int]:
    """As wide as there is room for; shorter where the last columns have none."""
    if not sys.stdout.isatty():
        return widths
    columns = shutil.get_terminal_size().columns
    least = [
        min(width, _NARROWEST) if text else width
        for width, text in zip(widths, is_text, strict=True)
    ]
    kept = len(widths)
    while kept > 1 and sum(least[:kept]) + len(_GAP) * (kept - 1) > columns:
        kept -= 1
    room, widths = columns - len(_GAP) * (kept - 1), widths[:kept]
    while sum(widths) > room:
        wide = [i for i in range(kept) if widths[i] > least[i]]
        if not wide:
            break
        widths[max(wide, key=lambda i: widths[i])] -= 1
    return widths


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return format_money(value.minor, value.currency)
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(_words(part) for part in value)
    return " ".join(str(value.value if isinstance(value, Enum) else value).split())


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(inert(text))
