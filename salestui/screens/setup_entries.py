"""What the lists that a team sets up have in common: entries, columns, how a list is laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from salestui.screens.columns import GAP, laid_out
from salestui.store.reader import Reader
from salestui.text import fold
from salestui.widgets.line_list import Line, line


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list. `what` is its kind in words, `place` its place among its like, from 1.

    A stage belongs to a pipeline, a competitor's product to a competitor: `parent_id`.
    """

    what: str
    row: Any
    place: int
    cells: tuple[str, ...]
    parent_id: str | None = None

    @property
    def id(self) -> str:
        """The key of the row in the store."""
        key: str = self.row.id
        return key

    @property
    def name(self) -> str:
        """What it is called."""
        name: str = self.row.name
        return name

    @property
    def title(self) -> str:
        """What kind of entry it is, and its first words in the list."""
        return f"{self.what} {self.cells[0].strip()}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, as wide as its texts where there is room; lists narrower than `since` leave it out."""

    heading: str
    is_right: bool = False
    since: int = 0


@dataclass(frozen=True, slots=True)
class SetupList:
    """One of the lists. `one` is what an entry is called, `parts` what hangs on one, if anything.

    `nothing` is said where it is empty, `is_derived` of a list whose entries come and go with others.
    """

    title: str
    one: str
    columns: tuple[Column, ...]
    read: Callable[[Reader], Sequence[Entry]]
    parts: tuple[str, ...] = ()
    is_ordered: bool = False
    about: str = ""
    nothing: str = ""
    is_derived: bool = False

    def lines(self, entries: Sequence[Entry], width: int) -> list[Line]:
        """The list as lines: a heading, then the entries."""
        shown = [n for n, column in enumerate(self.columns) if width >= column.since]
        heads = [column.heading for column in self.columns]
        texts = [[row[n] for n in shown] for row in (heads, *(entry.cells for entry in entries))]
        head, *rows = laid_out(texts, [self.columns[n].is_right for n in shown], width)
        lines = [line((GAP.join(head), "muted"))]
        for entry, row in zip(entries, rows, strict=True):
            style = "title" if self.parts and entry.parent_id is None else "text"
            lines.append(line((GAP.join(row), style), key=entry.id))
        return lines


def matching(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """The entries in which every word typed is found, with what they belong to."""
    words = fold(typed).split()
    found = [e for e in entries if all(word in fold(" ".join(e.cells)) for word in words)]
    parents = {entry.parent_id for entry in found}
    keys = {entry.id for entry in found}
    return [entry for entry in entries if entry.id in keys or entry.id in parents]
