"""Undo and redo of every change, across the whole program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, desc, or_, select
from sqlmodel import SQLModel

from salestui.errors import Conflict, Refused
from salestui.models.base import Kept
from salestui.models.records import AuditChange, AuditEntry, ExternalId
from salestui.models.vocabulary import EntryKind
from salestui.store import audit, history
from salestui.store.unit import Unit
from salestui.usecases.references import refuse_if_any_used

_DEPTH = 200
_PART = 1000
_IMPORT = "import_rows"  # the use case of interchange/importing.py


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back or done again: its sentence, when it was first done, how many rows."""

    summary: str
    done_at: datetime
    change_count: int


class Change(NamedTuple):
    """One row that an entry changed, as the audit trail keeps it."""

    table: str
    row_id: str
    before: str | None
    after: str


@cache
def _model(table: str) -> type[Kept]:
    if table not in SQLModel.metadata.tables:
        from salestui.models import tables

        assert tables  # changed by a part of the program that this session had no need of
    return next(model for model in Kept.__subclasses__() if model.__tablename__ == table)


def undo(unit: Unit) -> Undone:
    """Take back the actor's latest change that stands. Refused where someone has changed it since."""
    done, _ = _stacks(unit)
    if not done:
        raise Refused("There is nothing to undo.")
    entry = done[-1]
    unit.kind, unit.target_id = EntryKind.UNDO, entry.id
    changes = _changes(unit, entry)
    mine = {change.row_id for change in changes}
    for some, rows in _with_rows(unit, changes[::-1]):
        _refuse_needed(unit, some, rows, mine)
        for change in some:
            _take_back(unit, change, rows[change.row_id])
        unit.session.flush()
    history.void(unit, entry.id)
    _forget_digests(unit, entry, mine)
    return Undone(f"Undone: {entry.summary}", entry.at, len(changes))


def redo(unit: Unit) -> Undone:
    """Do again what the actor undid last."""
    _, undone = _stacks(unit)
    if not undone:
        raise Refused("There is nothing to redo.")
    entry = undone[-1]
    unit.kind, unit.target_id = EntryKind.REDO, entry.id
    changes = _changes(unit, entry)
    for some, rows in _with_rows(unit, changes):
        for change in some:
            _do_again(unit, change, rows[change.row_id])
        unit.session.flush()
    history.replay(unit, entry.id)
    _forget_digests(unit, entry, {change.row_id for change in changes})
    return Undone(f"Done again: {entry.summary}", entry.at, len(changes))


def _stacks(unit: Unit) -> tuple[list[AuditEntry], list[AuditEntry]]:
    """The entries that stand and those that are undone, latest last, replayed from the trail."""
    entries: Any = AuditEntry
    nameless = and_(entries.actor_id.is_(None), entries.actor == unit.actor)
    mine = or_(entries.actor_id == unit.actor_id, nameless)
    query = select(AuditEntry).where(mine).order_by(desc(entries.id)).limit(_DEPTH)
    done: list[AuditEntry] = []
    undone: list[AuditEntry] = []
    for entry in reversed(list(unit.session.execute(query).scalars())):
        if entry.kind == EntryKind.DO:
            done.append(entry)
            undone.clear()
        elif entry.kind == EntryKind.UNDO and done and done[-1].id == entry.target_id:
            undone.append(done.pop())
        elif entry.kind == EntryKind.REDO and undone and undone[-1].id == entry.target_id:
            done.append(undone.pop())
    return done, undone


def _changes(unit: Unit, entry: AuditEntry) -> Sequence[Change]:
    changes: Any = AuditChange
    columns = (changes.table_name, changes.row_id, changes.before, changes.after)
    query = select(*columns).where(changes.entry_id == entry.id).order_by(changes.id)
    return [Change(*row) for row in unit.session.execute(query)]


def _with_rows(
    unit: Unit, changes: Sequence[Change]
) -> Iterator[tuple[Sequence[Change], dict[str, Any]]]:
    """The changes in parts, each with its rows by id, asked for in one go."""
    for start in range(0, len(changes), _PART):
        some = changes[start : start + _PART]
        rows: dict[str, Any] = {}
        for name in {change.table: None for change in some}:
            model: Any = _model(name)
            ids = [change.row_id for change in some if change.table == name]
            found = unit.session.execute(select(model).where(model.id.in_(ids))).scalars()
            rows |= {row.id: row for row in found}
        if any(change.row_id not in rows for change in some):
            raise Refused("What this changed is no longer in the store.")
        yield some, rows


def _refuse_needed(
    unit: Unit, changes: Sequence[Change], rows: dict[str, Any], mine: set[str]
) -> None:
    """What others have built on rows that this made keeps them from being taken away."""
    made = [change for change in changes if change.before is None]
    for name in {change.table: None for change in made}:
        own = [rows[change.row_id] for change in made if change.table == name]
        refuse_if_any_used(unit, own, name.replace("_", " "), except_rows=mine)


def _take_back(unit: Unit, change: Change, row: Kept) -> None:
    after = audit.from_json(_model(change.table), change.after)
    if change.before is None:
        _refuse_changed(unit, row, dict.fromkeys(audit.columns(_model(change.table))) | after)
        row.deleted_at = unit.now
        return
    _refuse_changed(unit, row, after)
    _set(unit, row, change.before)


def _do_again(unit: Unit, change: Change, row: Any) -> None:
    if change.before is None:
        row.deleted_at = None
        return
    _refuse_changed(unit, row, audit.from_json(type(row), change.before))
    _set(unit, row, change.after)


def _set(unit: Unit, row: Kept, told: str) -> None:
    """Set what the trail tells; where it tells nothing, only what hangs on the row was changed."""
    fields = audit.from_json(type(row), told)
    for name, value in fields.items():
        setattr(row, name, value)
    if not fields:
        unit.mark_changed(row)


def _forget_digests(unit: Unit, entry: AuditEntry, row_ids: Iterable[str]) -> None:
    """After the undo of an import its rows say no more what their source said last: ask it again."""
    if entry.action != _IMPORT:
        return
    table = ExternalId.__table__  # type: ignore[attr-defined]
    for ids in history.chunks(row_ids):
        unit.session.execute(table.update().where(table.c.row_id.in_(ids)).values(digest=""))


def _refuse_changed(unit: Unit, row: Kept, expected: dict[str, Any]) -> None:
    if any(_said(getattr(row, name)) != _said(value) for name, value in expected.items()):
        who = audit.last_change(unit.session, row.id)
        raise Conflict(f"{who} has changed this since, so it cannot be undone or redone.")


def _said(value: Any) -> Any:
    """An empty text is nothing, as in the trail of a new row; an amount of 0 is not."""
    return None if value == "" else value
