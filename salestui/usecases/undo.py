"""Undo and redo of every change, across the whole program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, desc, or_, select

from salestui.errors import Conflict, Refused
from salestui.models import tables
from salestui.models.base import Kept
from salestui.models.records import AuditChange, AuditEntry
from salestui.models.vocabulary import EntryKind
from salestui.store import audit, history
from salestui.store.unit import Unit
from salestui.usecases.references import refuse_if_used

_DEPTH = 200
_MODELS: dict[str, type[Kept]] = {
    model.__tablename__: model
    for model in (getattr(tables, name) for name in tables.__all__)
    if issubclass(model, Kept)
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back or done again: its sentence, when it was first done, how many rows."""

    summary: str
    done_at: datetime
    change_count: int


def undo(unit: Unit) -> Undone:
    """Take back the actor's latest change that stands. Refused where someone has changed it since."""
    done, _ = _stacks(unit)
    if not done:
        raise Refused("There is nothing to undo.")
    entry = done[-1]
    unit.kind, unit.target_id = EntryKind.UNDO, entry.id
    changes = _changes(unit, entry)
    mine = {change.row_id for change in changes}
    for change in reversed(changes):
        _take_back(unit, change, mine)
    unit.session.flush()
    history.void(unit, entry.id)
    return Undone(f"Undone: {entry.summary}", entry.at, len(changes))


def redo(unit: Unit) -> Undone:
    """Do again what the actor undid last."""
    _, undone = _stacks(unit)
    if not undone:
        raise Refused("There is nothing to redo.")
    entry = undone[-1]
    unit.kind, unit.target_id = EntryKind.REDO, entry.id
    changes = _changes(unit, entry)
    for change in changes:
        _do_again(unit, change)
    unit.session.flush()
    history.replay(unit, entry.id)
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


def _changes(unit: Unit, entry: AuditEntry) -> Sequence[AuditChange]:
    changes: Any = AuditChange
    query = select(AuditChange).where(changes.entry_id == entry.id).order_by(changes.id)
    return list(unit.session.execute(query).scalars())


def _row(unit: Unit, change: AuditChange) -> Kept:
    row = unit.session.get(_MODELS[change.table_name], change.row_id)
    if row is None:
        raise Refused("What this changed is no longer in the store.")
    return row


def _take_back(unit: Unit, change: AuditChange, mine: set[str]) -> None:
    row = _row(unit, change)
    after = audit.from_json(_MODELS[change.table_name], change.after)
    if change.before is None:
        _refuse_changed(unit, row, dict.fromkeys(audit.columns(type(row))) | after)
        refuse_if_used(unit, row, change.table_name.replace("_", " "), except_rows=mine)
        row.deleted_at = unit.now
        return
    _refuse_changed(unit, row, after)
    for name, value in audit.from_json(type(row), change.before).items():
        setattr(row, name, value)


def _do_again(unit: Unit, change: AuditChange) -> None:
    row = _row(unit, change)
    if change.before is None:
        row.deleted_at = None
        return
    _refuse_changed(unit, row, audit.from_json(type(row), change.before))
    for name, value in audit.from_json(type(row), change.after).items():
        setattr(row, name, value)


def _refuse_changed(unit: Unit, row: Kept, expected: dict[str, Any]) -> None:
    if any((getattr(row, name) or None) != (value or None) for name, value in expected.items()):
        who = audit.last_change(unit.session, row.id)
        raise Conflict(f"{who} has changed this since, so it cannot be undone or redone.")
