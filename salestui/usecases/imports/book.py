"""What an import knows of the store: ids of the source's rows, rows by name, made where missing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from salestui.errors import Refused
from salestui.models.base import Kept
from salestui.models.clients import Client, Contact
from salestui.models.keys import new_key
from salestui.models.people import Rep, Team
from salestui.models.process import ActivityKind, LossReason, Pipeline, Product, Stage
from salestui.models.records import ExternalId
from salestui.models.vocabulary import RepRole, StageKind
from salestui.store import bulk
from salestui.store.unit import Unit
from salestui.text import fold
from salestui.usecases.facts import made
from salestui.usecases.imports.records import PipelineToMake, Ref, Tally

_foreign = ExternalId.__table__  # type: ignore[attr-defined]

_fold = lru_cache(maxsize=50_000)(fold)


class Book:
    """Look-ups of one source's import. Each is read once and kept up to date by the import itself."""

    def __init__(self, unit: Unit, source: str) -> None:
        self.unit = unit
        self.source = source
        self._ids: dict[str, dict[str, tuple[str, str]]] = {}
        self._names: dict[type[Kept], dict[str, str]] = {}
        self._emails: dict[str, str] | None = None
        self._contacts: dict[tuple[str, str], str] | None = None
        self._stages: dict[tuple[str, str], str] | None = None
        self._deleted: dict[str, str] = {}
        self._prices: dict[str, tuple[int | None, str]] = {}
        self._pipelines: dict[str | None, str] = {}

    def known(self, model: type[Kept]) -> dict[str, tuple[str, str]]:
        """(row id, digest) of the live rows that this source has brought, by its key."""
        table = model.__table__  # type: ignore[attr-defined]
        if table.name not in self._ids:
            query = (
                select(_foreign.c.key, _foreign.c.row_id, _foreign.c.digest, table.c.deleted_at)
                .join(table, table.c.id == _foreign.c.row_id)
                .where(_foreign.c.source == self.source, _foreign.c.table_name == table.name)
            )
            found: dict[str, tuple[str, str]] = {}
            for key, row_id, digest, deleted_at in self.unit.session.execute(query):
                if deleted_at is None:
                    found[key] = (row_id, digest)
                else:
                    self._deleted[f"{table.name} {key}"] = row_id
            self._ids[table.name] = found
        return self._ids[table.name]

    def link(self, model: type[Kept], rows: Mapping[str, tuple[str, str]]) -> None:
        """Remember which rows the source's keys are: (row id, digest) by key."""
        table = model.__tablename__
        fresh: list[dict[str, str]] = []
        changed: list[dict[str, str]] = []
        known = self.known(model)
        for key, (row_id, digest) in rows.items():
            target = changed if key in known or f"{table} {key}" in self._deleted else fresh
            target.append({"key": key, "row_id": row_id, "digest": digest})
        bulk.insert_rows(
            self.unit.session,
            _foreign,
            [row | {"id": new_key(), "source": self.source, "table_name": table} for row in fresh],
        )
        for row in changed:
            self.unit.session.execute(
                _foreign.update()
                .where(
                    _foreign.c.source == self.source,
                    _foreign.c.table_name == table,
                    _foreign.c.key == row["key"],
                )
                .values(row_id=row["row_id"], digest=row["digest"])
            )
        known.update(rows)

    def named(self, model: type[Kept]) -> dict[str, str]:
        """Row ids by folded name."""
        if model not in self._names:
            table = model.__table__  # type: ignore[attr-defined]
            name = table.c["title" if "title" in table.c else "name"]
            query = select(name, table.c.id).where(table.c.deleted_at.is_(None))
            self._names[model] = {
                fold(found): row_id
                for found, row_id in self.unit.session.execute(query.order_by(table.c.id.desc()))
            }
        return self._names[model]

    def find(self, model: type[Kept], ref: Ref) -> str | None:
        """The row that a cell means, if there is one."""
        if ref.by == "external_id":
            return self.known(model).get(ref.text, (None, ""))[0]
        if ref.by == "email":
            return self._by_email().get(ref.text.casefold())
        return self.named(model).get(_fold(ref.text))

    def needed(self, model: type[Kept], ref: Ref, what: str) -> str:
        """The row that a cell means, or `Refused`."""
        row_id = self.find(model, ref)
        if row_id is None:
            raise Refused(f"there is no {what} '{ref.text}'")
        return row_id

    def made(self, model: type[Kept], ref: Ref, tally: Tally, what: str, **fields: Any) -> str:
        """The row that a cell means, made from its name where there is none."""
        row_id = self.find(model, ref)
        if row_id is not None:
            return row_id
        if ref.by == "external_id":
            raise Refused(f"there is no {what} with the id '{ref.text}'")
        row = made(model, {"name": ref.text, **fields})
        if model is Client:
            row.number = self.unit.next_numbers("client")[0]
        if model in (LossReason, ActivityKind, Pipeline):
            row.position = len(self.named(model)) + 1
        if model is Rep and ref.by == "email":
            row.email = ref.text
            self._by_email()[ref.text.casefold()] = row.id
        self.unit.add(row)
        self.named(model)[fold(ref.text)] = row.id
        tally.note(f"{what} made from its name alone")
        return str(row.id)

    def add_name(self, model: type[Kept], name: str, row_id: str) -> None:
        """Let later rows find a row by its name."""
        if model in self._names:
            self._names[model].setdefault(fold(name), row_id)

    def contact(self, client_id: str, name: str) -> str | None:
        """A contact of a client by name."""
        return self._all_contacts().get((client_id, fold(name)))

    def add_contact(self, client_id: str, name: str, row_id: str) -> None:
        self._all_contacts().setdefault((client_id, fold(name)), row_id)

    def team_of(self, manager: str, office: str, tally: Tally) -> str:
        """The team that a manager leads, both made where they are missing."""
        team_id = self.named(Team).get(fold(manager))
        if team_id is None:
            team = self.unit.add(Team(name=manager, office=office))
            self.named(Team)[fold(manager)] = team_id = team.id
        if self.find(Rep, Ref(manager)) is None:
            rep = self.unit.add(Rep(name=manager, role=RepRole.MANAGER, team_id=team_id))
            self.add_name(Rep, manager, rep.id)
            tally.note("manager made from the name alone")
        return team_id

    def pipeline(self, plan: PipelineToMake | None, name: str | None, tally: Tally) -> str:
        """The pipeline by name, else the planned one, else the first there is."""
        if name in self._pipelines:
            return self._pipelines[name]
        asked = name
        if name is None and plan is None:
            live = sorted(self.unit.live(Pipeline), key=lambda p: p.position)
            name = live[0].name if live else "Sales"
        wanted = name or plan.name  # type: ignore[union-attr]
        currency = (plan.currency if plan else None) or "EUR"
        pipeline_id = self.made(Pipeline, Ref(wanted), tally, "pipeline", currency=currency)
        if plan is not None and fold(plan.name) == fold(wanted):
            for stage in plan.stages:
                self.stage(
                    pipeline_id,
                    stage.name,
                    tally,
                    kind=StageKind(stage.kind),
                    probability=stage.probability,
                    idle_days=stage.idle_days,
                )
        self._pipelines[asked] = pipeline_id
        return pipeline_id

    def price(self, product_id: str) -> tuple[int | None, str]:
        """List price in minor units, and its currency."""
        if product_id not in self._prices:
            product = self.unit.get(Product, product_id, "product")
            self._prices[product_id] = product.price_minor, product.currency
        return self._prices[product_id]

    def stage(self, pipeline_id: str, name: str, tally: Tally, **fields: Any) -> str:
        """A stage of a pipeline by name, made at its end where there is none."""
        stages = self._all_stages()
        found = stages.get((pipeline_id, fold(name)))
        if found is not None:
            return found
        position = 1 + sum(1 for key in stages if key[0] == pipeline_id)
        stage = made(
            Stage, {"name": name, "pipeline_id": pipeline_id, "position": position} | fields
        )
        self.unit.add(stage)
        stages[pipeline_id, fold(name)] = stage.id
        if not fields:
            tally.note("stage made from its name alone")
        return str(stage.id)

    def first_stage(self, pipeline_id: str, tally: Tally) -> str:
        """The first stage of a pipeline."""
        own = [row_id for key, row_id in self._all_stages().items() if key[0] == pipeline_id]
        return own[0] if own else self.stage(pipeline_id, "Open", tally)

    def _all_stages(self) -> dict[tuple[str, str], str]:
        if self._stages is None:
            live = sorted(self.unit.live(Stage), key=lambda s: (s.position, s.id))
            self._stages = {(s.pipeline_id, fold(s.name)): s.id for s in live}
        return self._stages

    def _all_contacts(self) -> dict[tuple[str, str], str]:
        if self._contacts is None:
            table = Contact.__table__  # type: ignore[attr-defined]
            query = select(table.c.client_id, table.c.name, table.c.id)
            rows = self.unit.session.execute(query.where(table.c.deleted_at.is_(None)))
            self._contacts = {(client_id, fold(name)): row_id for client_id, name, row_id in rows}
        return self._contacts

    def _by_email(self) -> dict[str, str]:
        if self._emails is None:
            self._emails = {r.email.casefold(): r.id for r in self.unit.live(Rep) if r.email}
        return self._emails
