"""A small team to test on, made through the use cases: two reps, three clients, five deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from salestui.queries.choices import Choices, load_choices
from salestui.store.store import Store
from salestui.usecases.activities import Document, NextStep, log_activity, plan_task
from salestui.usecases.clients import create_client, create_contact
from salestui.usecases.deals import create_deal
from salestui.usecases.people import create_rep
from salestui.usecases.process import add_entry, create_pipeline
from salestui.usecases.start import start_team

HOSTILE = (
    "Acme [/x]",
    "[@click=app.quit]Pay[/]",
    "a\\[b] [red]",
    "漢字 한국 ไทย 👩‍👩‍👧 🏳️‍🌈",
    "שלום עולם",
    "Zo" + "\u0301" * 4 + "e",
    "=1+1|'cmd'",
)
"""Printable names that have broken other programs."""


@dataclass(frozen=True)
class Team:
    """Keys of what was made."""

    store: Store
    lists: Choices
    clients: tuple[str, ...]
    contacts: tuple[str, ...]
    deals: tuple[str, ...]

    @property
    def today(self) -> date:
        return self.store.today()

    def stage(self, name: str) -> str:
        return next(s.id for s in self.lists.stages if s.name == name)

    def reason(self, name: str) -> str:
        return next(r.id for r in self.lists.loss_reasons if r.name == name)

    def rep(self, name: str) -> str:
        return next(r.id for r in self.lists.reps if r.name == name)


def make_team(store: Store) -> Team:
    """Ona works here. Acme has contacts and deals, Łódź Foods one deal of Jonas's, Коваленко none."""
    write = store.write
    write(start_team, rep_name="Ona")
    write(create_rep, name="Jonas")
    write(create_pipeline, name="Service", template="full", currency="PLN")
    write(add_entry, what="competitor", name="Rival")
    write(add_entry, what="product", name="Pump", price_minor=120_000, currency="EUR")
    lists = store.read(load_choices)
    jonas = next(rep.id for rep in lists.reps if rep.name == "Jonas")
    acme = write(create_client, name="Acme", city="Vilnius", media={"phone": ["+370 600 12345"]}).id
    lodz = write(create_client, name="Łódź Foods", owner_id=jonas, city="Łódź").id
    kova = write(create_client, name="ТОВ Коваленко", city="Київ").id
    boss = write(
        create_contact, client_id=acme, name="Rasa Petraitė", job_title="Director",
        decision_role="decision maker", media={"e-mail": ["rasa@acme.example"]},
    ).id  # fmt: skip
    clerk = write(
        create_contact, client_id=acme, name="Jonas Clerk", decision_role="gatekeeper",
        reports_to_id=boss,
    ).id  # fmt: skip
    stages = {stage.name: stage.id for stage in reversed(lists.stages)}
    today = store.today()
    deals = (
        _deal(store, "Pumps", acme, stages["Offer"], 1_000_000, today + timedelta(days=20)),
        _deal(store, "Valves", acme, stages["Enquiry"], 250_000, today - timedelta(days=3)),
        _deal(store, "Hoses", acme, stages["Offer"], None, None),
        _deal(store, "Silo", lodz, stages["Negotiation"], 500_000, None, owner_id=jonas),
        _deal(store, "Złoty deal", lodz, stages["Offer"], 70_000, None, currency="PLN"),
    )
    write(
        log_activity, kind="call", client_id=acme, deal_id=deals[0], contact_ids=[boss],
        subject="Prices", outcome="Wants a quote", duration_minutes=15,
        documents=[Document("Price list.pdf")],
        next_step=NextStep("Send the quote", today + timedelta(days=2)),
    )  # fmt: skip
    write(log_activity, kind="visit", direction="in", client_id=lodz, subject="Looked at the silo",
          rep_id=jonas, done_on=today - timedelta(days=40))  # fmt: skip
    write(plan_task, subject="Ring back", due_on=today, client_id=acme, deal_id=deals[1])
    return Team(store, lists, (acme, lodz, kova), (boss, clerk), deals)


def _deal(
    store: Store,
    title: str,
    client_id: str,
    stage_id: str,
    amount: int | None,
    close_on: date | None,
    **more: str,
) -> str:
    return store.write(
        create_deal, title=title, client_id=client_id, stage_id=stage_id, amount_minor=amount,
        expected_close_on=close_on, **more,
    ).id  # fmt: skip
