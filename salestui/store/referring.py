"""That nothing refers to what has been taken away, also by two writers at the same time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, SQLModel

from salestui.errors import Refused
from salestui.store.history import chunks

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "activity": ("client_id", "deal_id"),
    "branch": ("client_id",),
    "client": ("parent_id", "territory_id"),
    "contact": ("client_id", "branch_id", "reports_to_id", "assists_id"),
    "deal": ("client_id", "contact_id", "pipeline_id", "stage_id"),
    "rep": ("team_id", "territory_id"),
    "stage": ("pipeline_id",),
}
"""References to rows that are only taken away when nothing refers to them like this any more."""

Reference = tuple[str, str, str]
"""(table that refers, table referred to, row id referred to)."""


def references(model: type[SQLModel], rows: Collection[Mapping[str, Any]]) -> Iterable[Reference]:
    """What rows with these fields need to be there, told once."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    for name, above in _links(table):
        for row_id in {row.get(name) for row in rows}:
            if row_id is not None:
                yield table.name, above, row_id


def references_of(
    session: Session, model: type[SQLModel], ids: Iterable[str]
) -> Iterable[Reference]:
    """What those of the rows that are live need."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    links = _links(table)
    if not links:
        return
    names = [name for name, _ in links]
    for some in chunks(ids):
        live = select(*(table.c[name] for name in names)).where(
            table.c.id.in_(some), table.c.deleted_at.is_(None)
        )
        rows = [dict(zip(names, row, strict=True)) for row in session.execute(live)]
        yield from references(model, rows)


@lru_cache(maxsize=64)
def _links(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, key.column.table.name)
        for name in _NEEDED.get(table.name, ())
        for key in table.c[name].foreign_keys
    )


def refuse_gone(session: Session, found: Iterable[Reference], held: Collection[str]) -> None:
    """Refuse references to rows that are gone, once the rows that refer to them are in the database.

    From then on PostgreSQL keeps who would take such a row away waiting. `held` are ids of rows that
    were there when this write looked, and have been held since.
    """
    asked: dict[str, dict[str, str]] = {}
    for table, above, row_id in found:
        if row_id not in held:
            asked.setdefault(above, {})[row_id] = table
    for above, ids in asked.items():
        columns = SQLModel.metadata.tables[above].c
        for some in chunks(ids):
            gone = select(columns.id).where(columns.id.in_(some), columns.deleted_at.is_not(None))
            found_id = session.execute(gone.limit(1)).scalar()
            if found_id is not None:
                raise Refused(
                    f"The {above} that this {ids[found_id]} belongs to has been deleted. "
                    "Nothing was saved; look again."
                )
