"""The unit of work that a use case writes through: its session, its actor, its clock, its books."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import event, select, text
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from salestui.errors import Conflict, Refused
from salestui.models import work
from salestui.models.base import Kept
from salestui.models.keys import new_key
from salestui.models.records import AuditEntry
from salestui.models.vocabulary import EntryKind
from salestui.store import audit, bulk, history, holding, projections, referring

if TYPE_CHECKING:
    from salestui.store.store import Store

__all__ = ["StaleDataError", "Unit", "open_unit"]

assert work  # a flush asks for the tables that its own refer to

K = TypeVar("K", bound=Kept)

_entries = AuditEntry.__table__  # type: ignore[attr-defined]

_MOST_AT_HAND = 100
"""Changed rows that are kept until the end of a write."""

_MANY = 1000
"""Rows of one kind from which a write counts as a large one."""


class Unit:
    """One write. Use cases change rows through it; it keeps history, audit and derived tables itself.

    `occurred_on` maps a deal's id to the day a change was so in the world, where that is not now;
    to `None` where nobody knows.
    """

    def __init__(self, session: Session, store: Store, request_id: str) -> None:
        self.session = session
        self.now: datetime = store.now()
        self.today: date = store.today()
        self.actor_id = store.actor_id
        self.actor = store.actor
        self.request_id = request_id
        self.entry_id = new_key()
        self.kind = EntryKind.DO
        self.target_id: str | None = None
        self.occurred_on: dict[str, date | None] = {}
        self.is_import = False
        self.is_written = False
        self._is_entered = False
        self._bulk_count = 0
        self.first_wins: dict[str, date | None] = {}
        """By client, as far as deals inserted in bulk asked; what else the write changed is not in it."""
        self._held: set[str] = set()
        # The session forgets rows that nobody holds, and what is derived would ask for them again.
        self._at_hand: deque[Any] = deque(maxlen=_MOST_AT_HAND)
        self.changes = audit.Changes()
        self.touched = projections.Touched()
        event.listen(session, "before_flush", self._on_flush)

    def _on_flush(self, session: Session, *_: Any) -> None:
        for row, before, after in audit.pending(session):
            self._at_hand.append(row)
            self.changes.note(type(row), row.id, before, after)
            self.touched.note(row, before, after)

    def add(self, row: K) -> K:
        """Insert a row now, so that others may refer to it."""
        row.created_at = self.now
        self.session.add(row)
        self.session.flush()
        self._held.add(row.id)
        return row

    def get(self, model: type[K], row_id: str | None, what: str) -> K:
        """The live row, which stays so while this write lasts, or `Refused` that calls it `what`."""
        how = None if row_id in self._held else self._key
        row = self.session.get(model, row_id, with_for_update=how) if row_id else None
        if row is None or row.deleted_at is not None:
            raise Refused(f"There is no such {what}.")
        self._held.add(row.id)
        return row

    @property
    def _key(self) -> holding.How | None:
        return holding.KEY if holding.is_shared(self.session) else None

    def get_at(self, model: type[K], row_id: str, version: int | None, what: str) -> K:
        """The live row in the version the person saw; `None` skips the check."""
        row = self.get(model, row_id, what)
        if version is not None and row.version != version:
            who = audit.last_change(self.session, row_id)
            raise Conflict(f"{who} changed this {what} meanwhile. Look again, then repeat.")
        return row

    def raise_version(self, row: Kept) -> None:
        """Something that hangs on `row` has changed: who read it before is to look again."""
        self.mark_changed(row)
        self.session.flush()

    def mark_changed(self, row: Kept) -> None:
        """The same, written with the next flush."""
        flag_modified(row, "created_at")  # written as it is, and the version with it
        # So that the trail knows who it was, and an undo that it raises the version too.
        self.changes.note(type(row), row.id, {}, {})

    def delete(self, row: Kept) -> None:
        """Take a row out of every list; its history stays and undo brings it back."""
        row.deleted_at = self.now
        self.session.flush()

    def hold_whole(self, rows: Sequence[Kept]) -> None:
        """Wait for who refers to rows of one table, or is about to change them; others wait for us."""
        if rows:
            table = type(rows[0]).__table__  # type: ignore[attr-defined]
            holding.hold(self.session, table, {row.id for row in rows}, holding.WHOLE)

    def take_turns(self, *models: type[Kept]) -> None:
        """Be the only one who changes these lists: to be asked for before they are read."""
        for model in models:
            holding.take_turns(self.session, str(model.__tablename__))

    def next_numbers(self, name: str, count: int = 1) -> range:
        """The next `count` short numbers of a table, without gaps between writers."""
        # One statement: two programs may ask for a table's very first number at once.
        bump = text(
            "INSERT INTO counter (name, next) VALUES (:name, 1 + :count) ON CONFLICT (name)"
            " DO UPDATE SET next = counter.next + :count RETURNING next"
        )
        last: int = self.session.execute(bump, {"name": name, "count": count}).scalar_one()
        return range(last - count, last)

    def insert_many(self, model: type[K], rows: Sequence[dict[str, Any]]) -> None:
        """Insert many rows given as complete dicts; audited and indexed like single ones."""
        if not rows:
            return
        self.session.flush()
        if len(rows) >= _MANY:
            bulk.make_room(self.session)
        complete = audit.complete(model, rows, self.now)
        bulk.insert_rows(self.session, model.__table__, complete)  # type: ignore[attr-defined]
        referring.refuse_gone(self.session, referring.references(model, complete), self._held)
        # Written at once: an import of 100,000 rows must not pile up in memory.
        if not self._is_entered:
            self._enter()
        audit.write_new(self.session, self.entry_id, model, complete)
        self._bulk_count += len(complete)
        self.touched.note_many(model, complete)

    def finish(self, action: str, summary: str) -> None:
        """Write history, derived rows and the audit entry of everything changed."""
        self.session.flush()
        changes = self.changes.rows()
        if not changes and not self._is_entered:
            return
        referring.refuse_gone(self.session, self._references(changes), self._held)
        count = len(changes) + self._bulk_count
        self._enter(action, summary or action.replace("_", " "), count)
        audit.write(self.session, self.entry_id, changes)
        if self.kind == EntryKind.DO:
            history.append(self)
        else:
            history.settle(self)
        projections.refresh(self)
        self.is_written = True

    def _references(self, changes: Sequence[audit.Change]) -> Iterator[referring.Reference]:
        """What the rows that are there after these changes refer to anew."""
        back: dict[type[SQLModel], list[str]] = {}
        for model, row_id, before, after in changes:
            if before is not None and "deleted_at" in after:
                back.setdefault(model, []).append(row_id)
            elif after.get("deleted_at") is None:
                yield from referring.references(model, [after])
        for model, ids in back.items():
            yield from referring.references_of(self.session, model, ids)

    def _enter(self, action: str = "", summary: str = "", change_count: int = 0) -> None:
        """Write the audit entry: before the first change that refers to it, and what it was at the end."""
        # Past the ORM, as the changes are: a flush of its own costs more than the statement.
        said = {"action": action, "summary": summary, "change_count": change_count}
        if self._is_entered:
            bulk.update_rows(self.session, _entries, [{"id": self.entry_id, **said}])
            return
        self._is_entered = True
        entry = {
            "id": self.entry_id,
            "request_id": self.request_id,
            "at": self.now,
            "actor_id": self.actor_id,
            "actor": self.actor,
            "kind": self.kind,
            "target_id": self.target_id,
        }
        bulk.insert_rows(self.session, _entries, [entry | said])

    def live(self, model: type[K], **equal: Any) -> list[K]:
        """The live rows whose columns equal the given values."""
        query = select(model).filter_by(deleted_at=None, **equal)
        return list(self.session.execute(query).scalars())

    def referable(self, model: type[K], **equal: Any) -> list[K]:
        """The same, and they stay live while this write lasts: it may refer to them."""
        table: Any = model
        query = select(model).filter_by(deleted_at=None, **equal).order_by(table.id)
        if self._key is not None:
            query = query.with_for_update(**self._key)
        rows = list(self.session.execute(query).scalars())
        self._held.update(row.id for row in rows)
        return rows


@contextmanager
def open_unit(store: Store, request_id: str) -> Iterator[Unit]:
    """A unit in a transaction that commits when the block ends well and leaves nothing otherwise."""
    with Session(store.engine(), autoflush=True, expire_on_commit=False) as session:
        session.begin()
        yield Unit(session, store, request_id)
        session.commit()
