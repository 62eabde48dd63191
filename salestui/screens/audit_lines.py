"""How changes are told: who, when and what, and below it each row with its values before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.cells import cell_len

from salestui.queries.trail import Entry, FieldChange, RowChange, Scalar
from salestui.screens.wording import heading, joined
from salestui.text import cell, wrapped
from salestui.widgets.line_list import Line, Piece, line

_TABLES = {
    "activity_contact": "contact met",
    "activity_document": "document",
    "activity_kind": "kind of activity",
    "client_assistant": "assistant",
    "competitor_product": "competitor's product",
    "deal_line": "product line",
    "medium": "way to reach",
}
"""What rows are called where their table's name says it badly."""

_CALLED = ("name", "title", "subject", "value")
"""Fields that a row is called by."""

_LABEL = 20
_MOST_LINES = 4
"""Lines that one value may take."""

_CUT = 400
"""Characters of a value that are looked at: no line shows more of it."""

_BRIEF = 60
"""Characters of a value of a new row, whose values stand side by side."""


def trail_lines(name: str, entries: Sequence[Entry], width: int) -> Iterator[Line]:
    """All entries. Each line is a row of its own: so one can go through what is higher than a screen."""
    yield heading(f"Changes of {cell(name[:_CUT], min(cell_len(name[:_CUT]), width - 20))}", width)
    for entry in entries:
        for number, each in enumerate(_entry(entry, width)):
            yield Line(each.pieces, f"{entry.id}:{number}")
        yield line()
    if not entries:
        yield line(("No change is on record here yet.", "hint"))


def _entry(entry: Entry, width: int) -> Iterator[Line]:
    when = f"{entry.at.astimezone():%Y-%m-%d %H:%M}  "
    actor = entry.actor[:_CUT] or "nobody known"
    who = cell(actor, min(cell_len(actor), 24))
    what = cell(entry.summary[:_CUT], max(0, width - cell_len(when) - cell_len(who) - 2))
    yield line((when, "muted"), (f"{who}  ", "accent"), (what, "title"))
    for row in entry.rows:
        yield from _row(row, width)
    left = entry.change_count - len(entry.rows)
    if left > 0:
        yield line((cell(f"  and {left:,} other rows with it", width), "hint"))


def _row(row: RowChange, width: int) -> Iterator[Line]:
    table = _TABLES.get(row.table, row.table.replace("_", " "))
    fate, fields = _fate(row)
    name = cell(joined(row.name[:_CUT], fate, by=" "), max(0, width - 3 - cell_len(table)))
    yield line(f"  {table} ", (name.rstrip(), "head"))
    if not row.is_new:
        for change in fields:
            yield from _change(change, width)
        return
    values = (
        f"{label(change.field)} {_brief(value_words(change.field, change.after))}"
        for change in fields
        if change.after and not (change.field in _CALLED and change.after == row.name)
    )
    for text in wrapped(" · ".join(values), max(10, width - 4)):
        yield line((f"    {cell(text, max(0, width - 4))}", "muted"))


def _fate(row: RowChange) -> tuple[str, Sequence[FieldChange]]:
    """Whether the row came, went or was brought back, and its other changes."""
    if row.is_new:
        return "(new)", row.fields
    others = tuple(change for change in row.fields if change.field != "deleted_at")
    gone = next((change for change in row.fields if change.field == "deleted_at"), None)
    if gone is None:
        return "", others
    return ("(brought back)" if gone.after is None else "(deleted)"), others


def _change(change: FieldChange, width: int) -> Iterator[Line]:
    before, after = (value_words(change.field, value) for value in (change.before, change.after))
    room = max(10, width - 5 - _LABEL)
    name = Piece(f"    {cell(label(change.field), _LABEL)} ", "muted")
    if "\n" not in before + after and cell_len(before) + cell_len(after) + 3 <= room:
        both = cell(before, cell_len(before)), cell(after, cell_len(after))
        yield Line((name, Piece(both[0]), Piece(" → ", "muted"), Piece(both[1], "title")))
        return
    blank = Piece(" " * (5 + _LABEL))
    for number, text in enumerate(_lines(before, room)):
        yield Line((blank if number else name, Piece(text)))
    for number, text in enumerate(_lines(after, room - 2)):
        yield Line((blank, Piece("  " if number else "→ ", "muted"), Piece(text, "title")))


def _lines(value: str, width: int) -> Iterator[str]:
    lines = wrapped(value, max(1, width - 2))
    for number, text in enumerate(lines[:_MOST_LINES], start=1):
        is_cut = number == _MOST_LINES < len(lines)
        yield cell(f"{text} …" if is_cut else text, max(1, width))


def label(field: str) -> str:
    """A column's name in words."""
    for suffix in ("_id", "_minor", "_bp", "_milli"):
        field = field.removesuffix(suffix)
    return field.removeprefix("is_").replace("_", " ")


def value_words(field: str, value: Scalar) -> str:
    """A value as one reads it; instants in the time of this machine."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.endswith("_at") and isinstance(value, str):
        try:
            return f"{datetime.fromisoformat(value).astimezone():%Y-%m-%d %H:%M}"
        except ValueError:
            return value[:_CUT]
    if field.endswith("_bp") and isinstance(value, int):
        return f"{value / 100:g} %"
    if field.endswith("_milli") and isinstance(value, int):
        return f"{value / 1000:g}"
    text = str(value)
    return text if len(text) <= _CUT else f"{text[:_CUT]}…"


def _brief(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _BRIEF else f"{text[: _BRIEF - 1]}…"
