"""Deals with a dated history, written straight into a store: what the reports are tested on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from salestui.models.activities import Activity, ActivityContact
from salestui.models.clients import Client, Contact
from salestui.models.deals import Deal
from salestui.models.keys import new_key
from salestui.models.people import Rep, Team, Territory
from salestui.models.process import ActivityKind, Competitor, LossReason, Pipeline, Product, Stage
from salestui.models.vocabulary import StageKind
from salestui.store import history
from salestui.store.store import Store
from salestui.store.unit import Unit

STAGES = ("Enquiry", "Demo", "Offer")
START = date(2026, 1, 1)


def on(day: int | None) -> date | None:
    """So many days after 1 January 2026."""
    return None if day is None else START + timedelta(days=day)


@dataclass(frozen=True)
class Move:
    """From this day on the deal is in `stage` and has this outcome; `None`: nobody knows the day.

    `recorded` is the day we learned it, where that was later.
    """

    day: int | None
    stage: str = STAGES[0]
    outcome: str = "open"
    reason: str | None = None
    competitor: str | None = None
    recorded: int | None = None


@dataclass(frozen=True)
class Life:
    """A deal from its first day to its last known change."""

    moves: Sequence[Move]
    amount: int | None = 100_00
    currency: str = "EUR"
    owner: str | None = "Ona"
    product: str | None = None
    client: str | None = None
    pipeline: str = "Sales"
    kind: str = "new"
    source: str = ""
    is_dated: bool = True
    """Whether the day of its first change is written of the deal as that of its creation."""


@dataclass
class Book:
    """Keys of what was written, by name."""

    store: Store
    keys: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.keys[name]

    def add(self, *lives: Life) -> None:
        """Write deals with their history, as an import does."""
        self.store.write(_write_lives, self, lives)

    def log(self, *done: dict[str, Any]) -> None:
        """Write activities."""
        self.store.write(_write_activities, self, done)


def make_book(store: Store, *, after_sale: bool = False) -> Book:
    """Two teams, two pipelines, no deals yet."""
    book = Book(store)
    store.write(_write_frame, book, after_sale)
    return book


def _write_frame(unit: Unit, book: Book, after_sale: bool) -> None:
    keys = book.keys
    for name, office in (("North", "Vilnius"), ("South", "Łódź")):
        keys[name] = unit.add(Team(name=name, office=office)).id
    for name in ("Baltic", "Poland"):
        keys[name] = unit.add(Territory(name=name)).id
    for name, team in (("Ona", "North"), ("Jonas", "North"), ("Zofia", "South")):
        home = keys["Poland"] if name == "Ona" else None
        keys[name] = unit.add(Rep(name=name, team_id=keys[team], territory_id=home)).id
    for place, name in enumerate(("Sales", "Service")):
        keys[name] = unit.add(Pipeline(name=name, position=place, currency="EUR")).id
        for position, stage in enumerate((*STAGES, *(("Delivery",) if after_sale else ()))):
            kind = StageKind.AFTER_SALE if stage == "Delivery" else StageKind.SALE
            row = Stage(
                pipeline_id=keys[name], position=position, name=stage, kind=kind,
                probability=20 * position + 10, idle_days=14,
            )  # fmt: skip
            keys[stage if name == "Sales" else f"{name}/{stage}"] = unit.add(row).id
    for model, names in (
        (Product, ("Pump", "Valve")),
        (LossReason, ("Price", "Timing")),
        (Competitor, ("Rival",)),
        (ActivityKind, ("call", "visit")),
    ):
        for name in names:
            keys[name] = unit.add(model(name=name)).id
    clients: dict[str, dict[str, Any]] = {
        "Acme": {"sector": "trade", "headcount": 12, "territory_id": keys["Baltic"]},
        "Łódź Foods": {},
    }
    for number, (name, known) in enumerate(clients.items(), 1):
        client = Client(number=number, name=name, sort_key=name.lower(), **known)
        keys[name] = unit.add(client).id
        contact = Contact(client_id=keys[name], name=f"Boss of {name}", sort_key="boss")
        keys[f"Boss of {name}"] = unit.add(contact).id


def _write_lives(unit: Unit, book: Book, lives: Sequence[Life]) -> None:
    unit.is_import = True
    keys = book.keys | {None: None}  # type: ignore[dict-item]
    numbers = unit.next_numbers("deal", len(lives))
    deals, events = [], []
    for number, life in zip(numbers, lives, strict=True):
        deal_id, last = new_key(), life.moves[-1]
        prefix = "" if life.pipeline == "Sales" else f"{life.pipeline}/"
        # A won deal of these tests goes on only if a stage after the sale is named.
        is_active = last.outcome == "open" or last.stage == "Delivery"
        common = {
            "pipeline_id": keys[life.pipeline], "owner_id": keys[life.owner],
            "amount_minor": life.amount, "currency": life.currency,
        }  # fmt: skip
        closed = last.outcome in ("won", "lost")
        deals.append(
            common | {
                "id": deal_id, "number": number, "title": f"Deal {number}",
                "stage_id": keys[prefix + last.stage], "outcome": last.outcome,
                "is_active": is_active, "created_on": on(life.moves[0].day if life.is_dated else None),
                "closed_on": on(_closing(life.moves).day) if closed else None,
                "loss_reason_id": keys[last.reason], "competitor_id": keys[last.competitor],
                "client_id": keys[life.client], "product_id": keys[life.product],
                "kind": life.kind, "source": life.source,
            }
        )  # fmt: skip
        for seq, move in enumerate(life.moves, 1):
            row = common | {
                "deal_id": deal_id, "seq": seq, "occurred_on": on(move.day),
                "stage_id": keys[prefix + move.stage], "outcome": move.outcome,
                "is_active": move.outcome == "open" or move.stage == "Delivery",
                "loss_reason_id": keys[move.reason], "competitor_id": keys[move.competitor],
                "expected_close_on": None, "forecast_category": "pipeline",
            }  # fmt: skip
            if move.recorded is not None:
                row["recorded_at"] = _noon(move.recorded)
            events.append(row)
    unit.insert_many(Deal, deals)
    history.insert_events(unit, events)


def _closing(moves: Sequence[Move]) -> Move:
    """The change that won or lost the deal for good."""
    found = moves[-1]
    for move in reversed(moves):
        if move.outcome != moves[-1].outcome:
            break
        found = move
    return found


def _noon(day: int) -> datetime:
    return datetime.combine(START + timedelta(days=day), time(12), UTC)


def _write_activities(unit: Unit, book: Book, done: Sequence[dict[str, Any]]) -> None:
    unit.is_import = True
    for each in done:
        role = each.get("role")
        row = unit.add(
            Activity(
                kind=each.get("kind", "call"), direction=each.get("direction", "out"),
                state=each.get("state", "done"), on_day=on(each["day"]), is_imported=True,
                duration_minutes=each.get("minutes"), rep_id=book.keys[each.get("rep", "Ona")],
                client_id=book["Acme"],
            )
        )  # fmt: skip
        if role:
            unit.add(
                ActivityContact(
                    activity_id=row.id, contact_id=book["Boss of Acme"], decision_role=role
                )
            )
