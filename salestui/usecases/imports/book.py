"""What an import knows of the store: rows by the source's id, by name and by e-mail; and what waits.

New rows wait until their chunk is whole and are inserted together, those first that others refer to.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, select

from salestui.errors import Refused
from salestui.models.activities import Activity
from salestui.models.base import Kept
from salestui.models.clients import Branch, Client, Contact, Medium
from salestui.models.deals import Deal
from salestui.models.keys import new_key, new_keys
from salestui.models.people import Rep
from salestui.models.process import Competitor, Product
from salestui.models.records import ExternalId
from salestui.models.vocabulary import MediumKind
from salestui.store import bulk
from salestui.store.unit import Unit
from salestui.text.fold import name_key
from salestui.usecases.imports.inserting import insert_rows
from salestui.usecases.imports.lists import Lists
from salestui.usecases.imports.pipelines import Pipelines
from salestui.usecases.imports.records import Made, Ref

MODELS: Mapping[str, type[Kept]] = MappingProxyType(
    {
        "rep": Rep,
        "product": Product,
        "competitor": Competitor,
        "client": Client,
        "branch": Branch,
        "contact": Contact,
        "deal": Deal,
        "activity": Activity,
    }
)
"""What is imported, in the order it is inserted: what is referred to comes first."""

_OF_CLIENT = frozenset({"branch", "contact", "deal"})
_LISTED = frozenset({"rep", "product", "competitor"})
_BY_NAME = frozenset({"rep", "product", "competitor", "client", "branch", "contact"})

_foreign = ExternalId.__table__  # type: ignore[attr-defined]
_medium = Medium.__table__  # type: ignore[attr-defined]

Known = dict[str, tuple[str, str]]
"""(row id, digest) by the source's key."""


_key = lru_cache(maxsize=50_000)(name_key)


class Book:
    """Look-ups of one import. Each is read when first needed and kept up to date by the import itself.

    `source` is the one whose ids are meant; the import sets it before each file.
    """

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.source = ""
        self.pipelines = Pipelines(unit)
        self.lists = Lists(unit)
        self.managers: dict[str, str] = {}
        self._known: dict[tuple[str, str], Known] = {}
        self._gone: dict[tuple[str, str], set[str]] = {}
        self._linked: dict[tuple[str, str], set[str]] = {}
        self._names: dict[str, dict[tuple[str, str], list[str]]] = {}
        self._clients: dict[str, dict[str, str | None]] = {}
        self._emails: dict[str, dict[str, list[str]]] = {}
        self._prices: dict[str, tuple[int | None, int | None, str]] = {}
        self._waiting: dict[str, list[Made]] = {entity: [] for entity in MODELS}
        self._waiting_ids: set[str] = set()
        self._new_links: list[dict[str, str]] = []
        self._changed_links: list[dict[str, str]] = []

    # The source's ids

    def known(self, entity: str) -> Known:
        """The live rows that this source has brought."""
        place = (self.source, entity)
        if place not in self._known:
            self._read_known(place)
        return self._known[place]

    def _read_known(self, place: tuple[str, str]) -> None:
        self.flush()
        source, entity = place
        table = MODELS[entity].__table__  # type: ignore[attr-defined]
        query = (
            select(_foreign.c.key, _foreign.c.row_id, _foreign.c.digest, table.c.deleted_at)
            .join(table, table.c.id == _foreign.c.row_id)
            .where(_foreign.c.source == source, _foreign.c.table_name == entity)
        )
        known: Known = {}
        gone: set[str] = set()
        for key, row_id, digest, deleted_at in self.unit.session.execute(query):
            if deleted_at is None:
                known[key] = (row_id, digest)
            else:
                gone.add(key)
        self._known[place], self._gone[place] = known, gone
        if entity in _BY_NAME:
            self._linked[place] = {row_id for row_id, _ in known.values()}

    def link(self, entity: str, key: str, row_id: str, digest: str) -> None:
        """Remember which row the source's key is, and what its record said."""
        known, place = self.known(entity), (self.source, entity)
        is_new = key not in known and key not in self._gone[place]
        row = {"key": key, "row_id": row_id, "digest": digest}
        row |= {"source": self.source, "table_name": entity}
        (self._new_links if is_new else self._changed_links).append(row)
        known[key] = (row_id, digest)
        if entity in _BY_NAME:
            self._linked[place].add(row_id)

    # Rows by what people call them

    def find(self, entity: str, ref: Ref, client_id: str | None = None) -> str | None:
        """The row that a cell means, if there is one; `Refused` if it may be several.

        Branches, contacts and deals are looked for at the client, if one is given.
        """
        if ref.by == "id":
            return ref.text
        if ref.by == "external_id":
            return self.known(entity).get(ref.text, (None, ""))[0]
        if ref.by == "email":
            found = self._by_email(entity).get(ref.text.casefold(), [])
        else:
            found = self._by_name(entity).get((client_id or "", _key(ref.text)), [])
        if len(found) > 1:
            what = "have the e-mail" if ref.by == "email" else "are called"
            raise Refused(f"{len(found)} {entity}s {what} '{ref.text}'; refer to them by id")
        return found[0] if found else None

    def same(self, entity: str, made: Made, *, has_own_key: bool) -> str | None:
        """A row made by hand, or named by another file, that must be the one a new record means."""
        if entity not in _BY_NAME:
            return None
        client_id = made.columns["client_id"] if entity in _OF_CLIENT else ""
        found = self._by_name(entity).get((client_id, _key(made.columns["name"])), [])
        if has_own_key:  # another record of the source has the same name, but means another row
            self.known(entity)
            taken = self._linked[self.source, entity]
            found = [row_id for row_id in found if row_id not in taken]
            taken.update(found[:1])
        return found[0] if found else None

    def client_of(self, entity: str, row_id: str) -> str | None:
        """The client that a branch, contact or deal belongs to."""
        self._by_name(entity)
        return self._clients[entity].get(row_id)

    def _by_name(self, entity: str) -> dict[tuple[str, str], list[str]]:
        if entity not in self._names:
            self.flush()
            if entity in _LISTED:
                self.unit.take_turns(MODELS[entity])
            self._names[entity], self._clients[entity] = {}, {}
            table = MODELS[entity].__table__  # type: ignore[attr-defined]
            name = table.c["title" if entity == "deal" else "name"]
            client = table.c.client_id if entity in _OF_CLIENT else table.c.id
            query = select(name, client, table.c.id).where(table.c.deleted_at.is_(None))
            for called, client_id, row_id in self.unit.session.execute(query.order_by(table.c.id)):
                self._call(entity, called, client_id if entity in _OF_CLIENT else None, row_id)
        return self._names[entity]

    def _call(self, entity: str, name: str, client_id: str | None, row_id: str) -> None:
        names = self._names[entity]
        names.setdefault(("", _key(name)), []).append(row_id)
        if entity in _OF_CLIENT:
            self._clients[entity][row_id] = client_id
            if client_id:
                names.setdefault((client_id, _key(name)), []).append(row_id)

    def _by_email(self, entity: str) -> dict[str, list[str]]:
        if entity not in self._emails:
            self.flush()
            found: dict[str, list[str]] = {}
            for email, row_id in self.unit.session.execute(_emails_of(entity)):
                if email:
                    found.setdefault(email.casefold(), []).append(row_id)
            self._emails[entity] = found
        return self._emails[entity]

    def price(self, product_id: str) -> tuple[int | None, int | None, str]:
        """List price and cost in minor units, and their currency."""
        if product_id not in self._prices:
            self.hold(product_id)
            product = self.unit.get(Product, product_id, "product")
            self._prices[product_id] = product.price_minor, product.cost_minor, product.currency
        return self._prices[product_id]

    # New rows

    def add(self, entity: str, made: Made) -> str:
        """Let a new row wait; later records find it. Returns its id."""
        columns = made.columns
        row_id: str = new_key()
        columns["id"] = row_id
        self._waiting[entity].append(made)
        self._waiting_ids.add(row_id)
        if entity == "product":
            said = made.defaults | columns
            self._prices[row_id] = (
                said.get("price_minor"),
                said.get("cost_minor"),
                said["currency"],
            )
        if entity in self._names:
            name = columns.get("title") or made.defaults.get("title") or columns.get("name", "")
            self._call(entity, name, columns.get("client_id"), row_id)
        if entity in self._emails:
            given = [columns.get("email", "")] if entity == "rep" else made.media.get("e-mail", [])
            for email in filter(None, given):
                self._emails[entity].setdefault(email.casefold(), []).append(row_id)
        return row_id

    def hold(self, row_id: str) -> None:
        """Make sure that a row is in the store, to be read or changed there."""
        if row_id in self._waiting_ids:
            self.flush()

    def flush(self) -> None:
        """Insert what waits, and the source's ids of it."""
        self._waiting_ids.clear()
        for entity, rows in self._waiting.items():
            if rows:
                self._waiting[entity] = []
                insert_rows(self.unit, MODELS[entity], rows)
        self._write_links()

    def _write_links(self) -> None:
        new, self._new_links = self._new_links, []
        changed, self._changed_links = self._changed_links, []
        keys = new_keys(len(new))
        rows = [{"id": key, **row} for key, row in zip(keys, new, strict=True)]
        bulk.insert_rows(self.unit.session, _foreign, rows)
        if not changed:
            return
        found = [_foreign.c[name] == bindparam(f"b_{name}") for name in _PLACE]
        update = _foreign.update().where(*found)
        self.unit.session.connection().execute(
            update.values(row_id=bindparam("b_row_id"), digest=bindparam("b_digest")),
            [{f"b_{name}": value for name, value in row.items()} for row in changed],
        )


_PLACE = ("source", "table_name", "key")


def _emails_of(entity: str) -> Any:
    """(e-mail, row id) of all that have one."""
    if entity == "rep":
        table = Rep.__table__  # type: ignore[attr-defined]
        return select(table.c.email, table.c.id).where(table.c.deleted_at.is_(None))
    owner = _medium.c.client_id if entity == "client" else _medium.c.contact_id
    table = MODELS[entity].__table__  # type: ignore[attr-defined]
    query = (
        select(_medium.c.value, owner)
        .join(table, table.c.id == owner)
        .where(
            _medium.c.kind == MediumKind.EMAIL,
            _medium.c.deleted_at.is_(None),
            table.c.deleted_at.is_(None),
        )
    )
    if entity == "client":
        query = query.where(_medium.c.contact_id.is_(None), _medium.c.branch_id.is_(None))
    return query
