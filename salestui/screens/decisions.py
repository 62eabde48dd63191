"""What a meeting decides while it is held: noted, changed, deleted, and the way back from each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked
from salestui.screens.wording import joined

if TYPE_CHECKING:
    from salestui.usecases.meetings import Decided

TITLE = "What we decide"


class Decisions:
    """The decisions of a meeting that is not kept yet, which the store's undo knows nothing of."""

    def __init__(self) -> None:
        self.all: tuple[Decided, ...] = ()
        self._done: list[tuple[tuple[Decided, ...], str]] = []
        self._undone: list[tuple[tuple[Decided, ...], str]] = []

    def put(self, place: int | None, *put: Decided, what: str) -> None:
        """Put one in place of that which stands there, or nothing; without a place it is added."""
        self._done.append((self.all, what))
        self._undone.clear()
        place = len(self.all) if place is None else place
        self.all = (*self.all[:place], *put, *self.all[place + 1 :])

    def undo(self) -> str | None:
        """Take the last change back: what it was, `None` if there is none."""
        return self._step(self._done, self._undone)

    def redo(self) -> str | None:
        """Do again what was undone last: what it was, `None` if there is nothing."""
        return self._step(self._undone, self._done)

    def _step(
        self,
        of: list[tuple[tuple[Decided, ...], str]],
        to: list[tuple[tuple[Decided, ...], str]],
    ) -> str | None:
        if not of:
            return None
        found, what = of.pop()
        to.append((self.all, what))
        self.all = found
        return what


def told(decided: Sequence[Decided], name_of: dict[str, str]) -> tuple[str, ...]:
    """Each in a line: what, who, until when."""
    return tuple(
        joined(
            each.text,
            name_of.get(each.owner_id or ""),
            f"until {each.due_on.isoformat()}" if each.due_on else None,
        )
        for each in decided
    )


def listed(scope: Scope, decided: Sequence[Decided], name_of: dict[str, str]) -> Report:
    """Row by row, for a cursor to stand on; who and until when only where anybody said so."""
    columns = [Column("place", "No.", "count"), Column("text", "Decision", "text", is_whole=True)]
    if any(each.owner_id for each in decided):
        columns.append(Column("owner", "Who", "text"))
    if any(each.due_on for each in decided):
        columns.append(Column("due_on", "Until", "day"))
    rows: list[tuple[Cell, ...]] = []
    for place, each in enumerate(decided, 1):
        owner = name_of.get(each.owner_id or "")
        cells: dict[str, Cell] = {
            "place": place, "text": each.text, "owner": owner, "due_on": each.due_on,
        }  # fmt: skip
        rows.append(tuple(cells[column.key] for column in columns))
    return Report(
        name="decisions",
        title=TITLE,
        **asked(scope),
        columns=tuple(columns),
        rows=tuple(rows),
        totals={},
        n=len(rows),
        method="",
    )
