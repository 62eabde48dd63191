"""Derived tables and columns, brought up to date inside the write that changed their sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, SQLModel

from salestui.models.activities import Activity
from salestui.models.clients import Client, Contact, Medium
from salestui.models.deals import Deal, DealEvent, DealLine, PassageRow
from salestui.models.keys import new_key
from salestui.models.process import Stage
from salestui.models.records import SearchWord
from salestui.store import bulk, derived, holding
from salestui.store.by_ids import ByIds
from salestui.store.history import FACTS, chunks

if TYPE_CHECKING:
    from salestui.store.unit import Unit

_event = DealEvent.__table__  # type: ignore[attr-defined]
_passage = PassageRow.__table__  # type: ignore[attr-defined]
_stage = Stage.__table__  # type: ignore[attr-defined]
_word = SearchWord.__table__  # type: ignore[attr-defined]
_tables = {
    "client": Client.__table__,  # type: ignore[attr-defined]
    "contact": Contact.__table__,  # type: ignore[attr-defined]
    "deal": Deal.__table__,  # type: ignore[attr-defined]
}

# Made once, as `history.py` says why.
_OLD_PASSAGES = ByIds(lambda among: delete(_passage).where(among(_passage.c.deal_id)))

_BUYER = (
    update(_passage)
    .where(_passage.c.deal_id == bindparam("of_deal"))
    .values(buyer=bindparam("new_buyer"))
)
_HISTORY = frozenset(FACTS)
_BUYING = frozenset({"client_id", "outcome", "closed_on", "created_on", "deleted_at"})
"""What tells of a client's deals whether it had bought before them."""
_NAMED: dict[type[SQLModel], tuple[str, frozenset[str]]] = {
    Client: (
        "client",
        frozenset({"name", "city", "registration_number", "vat_number", "deleted_at"}),
    ),
    Contact: ("contact", frozenset({"name", "deleted_at"})),
    Deal: ("deal", frozenset({"title", "deleted_at"})),
}
"""What is found by words, and the columns that these come from."""


class Touched:
    """Whose derived rows a write made stale. `history`: deals that need an event of their own."""

    def __init__(self) -> None:
        self.history: set[str] = set()
        self.deals: set[str] = set()
        self.tasks: set[str] = set()
        self.lines: set[str] = set()
        self.stages: set[str] = set()
        self.buying: set[str] = set()
        self.clients: set[str] = set()
        self.words: set[tuple[str, str]] = set()
        self._new_stages: set[str] = set()
        self._has_deals = False

    def note(self, row: Any, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        """Note one row that the session flushes."""
        if isinstance(row, Deal):
            self._has_deals = True
            if before is None or not _HISTORY.isdisjoint(after):
                self.history.add(row.id)
            if before is None or "deleted_at" in after:
                self.deals.add(row.id)
            if before is None or not _BUYING.isdisjoint(after):
                self.buying.add(row.id)
                self.clients.update(filter(None, (row.client_id, (before or {}).get("client_id"))))
        if isinstance(row, Stage):
            self._note_stage(row.id, before, after)
        old = before or {}
        self._note(type(row), lambda name: (old.get(name), getattr(row, name)))
        self._note_words(type(row), row.id, None if before is None else after)

    def _note_stage(
        self, stage_id: str, before: dict[str, Any] | None, after: dict[str, Any]
    ) -> None:
        """A stage in another place. One just made gets its place before any deal can be in it."""
        if before is None:
            self._new_stages.add(stage_id)
        elif "position" in after and (self._has_deals or stage_id not in self._new_stages):
            self.stages.add(stage_id)

    def note_many(self, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
        """Note rows inserted in bulk; their events come in bulk too."""
        if model is Deal:
            self._has_deals = True
            self.deals.update(row["id"] for row in rows)
            self.clients.update(filter(None, {row["client_id"] for row in rows}))
        self._note(model, lambda name: (row[name] for row in rows))
        if model in _NAMED:
            subject, _ = _NAMED[model]
            self.words.update((subject, row["id"]) for row in rows)

    def _note(self, model: type[SQLModel], values: Callable[[str], Iterable[Any]]) -> None:
        if model is Activity:
            self.tasks.update(filter(None, values("deal_id")))
        elif model is DealLine:
            self.lines.update(filter(None, values("deal_id")))
        elif model is Medium:
            self.words.update(("client", key) for key in values("client_id") if key)
            self.words.update(("contact", key) for key in values("contact_id") if key)

    def _note_words(
        self, model: type[SQLModel], row_id: str, changed: Iterable[str] | None
    ) -> None:
        """A new row, or one whose name in some form has changed: a move leaves the words alone."""
        if model not in _NAMED:
            return
        subject, sources = _NAMED[model]
        if changed is None or not sources.isdisjoint(changed):
            self.words.add((subject, row_id))


def refresh(unit: Unit) -> None:
    """Bring everything derived from what this write touched up to date."""
    touched, session = unit.touched, unit.session
    # Whoever brings a deal into one of them has its key: their way is to be seen, or to wait.
    holding.hold(session, _stage, touched.stages, holding.WHOLE)
    touched.deals |= _deals_through(session, touched.stages)
    _hold(session, "client", touched.clients)
    _hold(session, "deal", touched.deals | touched.tasks | touched.lines)
    refresh_buyers(session, touched.buying, touched.clients)
    places = derived.positions(session) if touched.deals else {}
    for ids in chunks(touched.deals):
        refresh_passages(session, ids, places)
    for ids in chunks(touched.tasks):
        bulk.update_rows(session, _tables["deal"], derived.tasks(session, ids))
    for ids in chunks(touched.lines):
        bulk.update_rows(session, _tables["deal"], derived.products(session, ids))
    for subject in _tables:
        named = {row_id for kind, row_id in touched.words if kind == subject}
        _hold(session, subject, named)
        for ids in chunks(named):
            refresh_words(session, subject, ids)


def _deals_through(session: Session, stage_ids: Iterable[str]) -> set[str]:
    """The deals that were ever in one of the stages: the order of these makes their passages."""
    found: set[str] = set()
    for ids in chunks(stage_ids):
        deals = select(_event.c.deal_id).where(_event.c.stage_id.in_(ids)).distinct()
        found.update(session.execute(deals).scalars())
    return found


def refresh_buyers(session: Session, ids: Iterable[str], client_ids: Iterable[str]) -> None:
    """Of these deals, and of all deals of the clients, whether the client had bought before.

    `client_ids` are the clients of `ids` among others.
    """
    _write_buyers(session, derived.wrong_buyers(session, ids, client_ids))


def _write_buyers(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    bulk.update_rows(session, _tables["deal"], rows)
    for row in rows:
        # What passages repeat is taken from deals that this write has at hand.
        deal = session.identity_map.get(identity_key(Deal, row["id"]))
        if deal is not None:
            set_committed_value(deal, "buyer", row["buyer"])
    if rows:
        told = [{"of_deal": row["id"], "new_buyer": row["buyer"]} for row in rows]
        session.connection().execute(_BUYER, told)


def _hold(session: Session, subject: str, ids: Iterable[str]) -> None:
    """Wait for writers of the same rows, so that what they commit is read."""
    # Not whole: whoever has added a row that refers to this one holds its key.
    holding.hold(session, _tables[subject], ids, holding.COLUMNS)


def refresh_passages(session: Session, ids: Sequence[str], places: Mapping[str, int]) -> None:
    """Passages of the deals, and the deal columns that follow from them."""
    _OLD_PASSAGES.run(session, ids)
    rows, columns = derived.passages(session, ids, places)
    bulk.insert_rows(session, _passage, [{"id": new_key(), **row} for row in rows])
    bulk.update_rows(session, _tables["deal"], columns)


def refresh_words(session: Session, subject: str, ids: Sequence[str]) -> None:
    """The words by which clients, contacts or deals are found."""
    session.execute(delete(_word).where(_word.c.subject == subject, _word.c.subject_id.in_(ids)))
    rows = [
        {"word": word, "subject": subject, "subject_id": row_id}
        for row_id, found in derived.words(session, subject, ids).items()
        for word in found
    ]
    bulk.insert_rows(session, _word, rows)


def rebuild(session: Session) -> int:
    """Make everything derived anew; returns from how many deals, clients and contacts."""
    count = 0
    deals, clients = (
        session.execute(select(_tables[n].c.id)).scalars() for n in ("deal", "client")
    )
    bulk.update_rows(session, _tables["deal"], derived.wrong_buyers(session, deals, clients))
    rebuild_passages(session)
    session.execute(delete(_word))
    for subject, table in _tables.items():
        every = session.execute(select(table.c.id)).scalars().all()
        count += len(every)
        for ids in chunks(every):
            refresh_words(session, subject, ids)
            if subject == "deal":
                bulk.update_rows(session, table, derived.tasks(session, ids))
                bulk.update_rows(session, table, derived.products(session, ids))
    return count


def rebuild_passages(session: Session) -> None:
    """Make the passages of all deals anew, and what follows from them."""
    bulk.make_room(session)
    places = derived.positions(session)
    session.execute(delete(_passage))
    for ids in chunks(session.execute(select(_tables["deal"].c.id)).scalars()):
        refresh_passages(session, ids, places)
