"""What hangs on a row: nothing that others still need is taken away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from salestui.errors import Refused
from salestui.models.base import Kept
from salestui.store.unit import Unit
from salestui.text import so_many

_MORE = {"activity": "activities", "branch": "branches", "client branch": "branches"}


def referring(unit: Unit, rows: Sequence[Kept]) -> Counter[tuple[str, str]]:
    """(table, row id) of the live rows that refer to any of `rows`, which are of one table."""
    from salestui.models import tables

    assert tables  # any of them may refer to the rows
    found: Counter[tuple[str, str]] = Counter()
    target = type(rows[0]).__table__  # type: ignore[attr-defined]
    for table in SQLModel.metadata.sorted_tables:
        if "deleted_at" not in table.columns:
            continue
        for key in table.foreign_keys:
            if key.column.table is target:
                values: list[Any] = [getattr(row, key.column.name) for row in rows]
                ids = select(table.c.id).where(key.parent.in_(values), table.c.deleted_at.is_(None))
                found.update((table.name, row_id) for row_id in unit.session.execute(ids).scalars())
    return found


def refuse_if_used(unit: Unit, row: Kept, what: str, *, apart_from: Collection[str] = ()) -> None:
    """Refuse while live rows of other tables than `apart_from` refer to `row`."""
    refuse_if_any_used(unit, [row], what, apart_from=apart_from)


def refuse_if_any_used(
    unit: Unit,
    rows: Sequence[Kept],
    what: str,
    *,
    apart_from: Collection[str] = (),
    except_rows: Collection[str] = (),
) -> None:
    """The same for many rows of one table at once."""
    unit.hold_whole(rows)
    own = {row.id for row in rows}
    counts = Counter(
        table
        for table, row_id in referring(unit, rows)
        if table not in apart_from and row_id not in except_rows and row_id not in own
    )
    if counts:
        hanging = ", ".join(
            so_many(n, name.replace("_", " "), _MORE.get(name, ""))
            for name, n in counts.most_common(3)
        )
        raise Refused(f"This {what} is still needed by {hanging}.")
