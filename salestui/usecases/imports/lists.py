"""The short lists that records name entries of: teams, territories, loss reasons, kinds of activity."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from salestui.models.base import Kept
from salestui.models.people import Team
from salestui.models.process import ActivityKind
from salestui.store.unit import Unit
from salestui.text.fold import name_key
from salestui.usecases.facts import made
from salestui.usecases.imports.records import Tally


class Lists:
    """Entries by name, made at the end of their list where they are missing."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._entries: dict[type[Kept], dict[str, Any]] = {}

    def entry(self, model: type[Kept], name: str, tally: Tally, **fields: Any) -> Any:
        """The row called `name`."""
        entries = self._read(model)
        key = name_key(name)
        if key not in entries:
            entries[key] = self._make(model, name, len(entries) + 1, fields)
            if model is not Team:
                tally.note(f"{str(model.__tablename__).replace('_', ' ')} '{name}' made")
        row = entries[key]
        if row.deleted_at is not None:
            row.deleted_at = None  # taken off the list once, but here it is used again
            self.unit.session.flush()
        return row

    def _make(self, model: type[Kept], name: str, position: int, fields: dict[str, Any]) -> Kept:
        if "position" in model.model_fields:
            fields = fields | {"position": position}
        row: Kept = made(model, {"name": name} | fields)
        return self.unit.add(row)

    def _read(self, model: type[Kept]) -> dict[str, Any]:
        if model not in self._entries:
            self.unit.take_turns(model)
            table = model.__table__  # type: ignore[attr-defined]
            query = select(model).order_by(table.c.id.desc())
            if model is not ActivityKind:  # whose names are unique, also those taken off the list
                query = query.where(table.c.deleted_at.is_(None))
            rows = self.unit.session.execute(query).scalars().all()
            self._entries[model] = {
                name_key(row.name): row
                for row in sorted(rows, key=lambda row: row.deleted_at is None)
            }
        return self._entries[model]
