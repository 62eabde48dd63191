"""The client card and the deal card."""

from __future__ import annotations

from datetime import timedelta

from salestui.queries.beginnings import is_empty_store
from salestui.queries.choices import load_client_choices
from salestui.queries.client_card import ClientCard, load_client_card
from salestui.queries.deal_card import load_deal_card
from salestui.queries.sightings import load_sightings
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.usecases.clients import create_branch, edit_client, set_assistants
from salestui.usecases.deals import Line, move_deal, set_lines
from salestui.usecases.outcomes import lose_deal, postpone_deal
from salestui.usecases.process import add_entry
from salestui.usecases.sightings import record_sighting
from salestui.usecases.undo import undo
from tests.conftest import Clock
from tests.team import Team


def _card(team: Team, place: int = 0) -> ClientCard:
    card = team.store.read(load_client_card, client_id=team.clients[place])
    assert card is not None
    return card


def test_the_card_takes_four_statements(team: Team) -> None:
    counts: list[int] = []

    def counted(reader: Reader) -> None:
        load_client_card(reader, client_id=team.clients[0])
        counts.append(reader.statements)

    team.store.read(counted)
    assert counts == [4]


def test_the_card_of_nobody_is_none(team: Team) -> None:
    assert team.store.read(load_client_card, client_id="nobody") is None


def test_the_card_shows_the_company(team: Team) -> None:
    team.store.write(
        edit_client, client_id=team.clients[0], headcount=120, turnover_minor=5_000_000,
        legal_form="UAB", market="B2G", vat_number="LT100", media={"web": ["acme.example"]},
    )  # fmt: skip
    team.store.write(create_branch, client_id=team.clients[0], name="Kaunas", city="Kaunas",
                     media={"phone": ["+370 37 1"]})  # fmt: skip
    team.store.write(set_assistants, client_id=team.clients[0], rep_ids=[team.rep("Jonas")])
    card = _card(team)
    client = card.client
    assert (client.name, client.owner, client.headcount, client.market) == (
        "Acme",
        "Ona",
        120,
        "B2G",
    )
    assert (client.turnover_minor, client.turnover_currency) == (5_000_000, "EUR")
    assert {(m.kind, m.value) for m in card.media} == {
        ("phone", "+370 600 12345"), ("web", "acme.example"),
    }  # fmt: skip
    assert [(b.name, b.media[0].value) for b in card.branches] == [("Kaunas", "+370 37 1")]
    assert [name for _id, name in card.assistants] == ["Jonas"]


def test_the_card_shows_people_and_whom_they_report_to(team: Team) -> None:
    boss, clerk = _card(team).people
    assert (boss.name, boss.decision_role, boss.media[0].value) == (
        "Rasa Petraitė", "decision maker", "rasa@acme.example",
    )  # fmt: skip
    assert clerk.reports_to_id == boss.contact_id


def test_open_deals_come_before_closed_ones(team: Team) -> None:
    team.store.write(lose_deal, deal_id=team.deals[0], loss_reason_id=team.reason("Price"))
    deals = _card(team).deals
    assert [(d.title, d.outcome, d.loss_reason) for d in deals] == [
        ("Hoses", "open", None), ("Valves", "open", None), ("Pumps", "lost", "Price"),
    ]  # fmt: skip
    assert next(d for d in deals if d.title == "Valves").next_step == "Ring back"


def test_the_time_line_says_who_how_and_what_was_agreed(team: Team) -> None:
    dealings = _card(team).dealings
    assert [(d.state, d.subject) for d in dealings] == [
        ("planned", "Send the quote"), ("planned", "Ring back"), ("done", "Prices"),
    ]  # fmt: skip
    talk = dealings[-1]
    assert (talk.kind, talk.direction, talk.stage, talk.outcome, talk.minutes, talk.rep) == (
        "call", "out", "Offer", "Wants a quote", 15, "Ona",
    )  # fmt: skip
    assert [(m.name, m.decision_role) for m in talk.met] == [("Rasa Petraitė", "decision maker")]
    assert [(p.name, p.direction) for p in talk.papers] == [("Price list.pdf", "out")]


def test_another_clients_dealings_stay_away(team: Team) -> None:
    assert [d.subject for d in _card(team, 1).dealings] == ["Looked at the silo"]
    assert _card(team, 2).dealings == ()


def test_what_a_client_offers_to_choose(team: Team) -> None:
    choices = team.store.read(load_client_choices, client_id=team.clients[0])
    assert choices is not None
    assert [(d.name, d.group) for d in choices.deals][:2] == [
        ("Pumps", "Offer"),
        ("Valves", "Enquiry"),
    ]
    assert [c.name for c in choices.contacts] == ["Rasa Petraitė", "Jonas Clerk"]
    assert team.store.read(load_client_choices, client_id="nobody") is None


def test_a_deal_shows_its_dated_history_without_what_was_undone(team: Team, clock: Clock) -> None:
    clock.forward(days=2)
    team.store.write(move_deal, deal_id=team.deals[0], to_stage_id=team.stage("Order"))
    clock.forward(days=1)
    team.store.write(move_deal, deal_id=team.deals[0], to_stage_id=team.stage("Enquiry"))
    team.store.write(undo)
    card = team.store.read(load_deal_card, deal_id=team.deals[0])
    assert card is not None
    day = team.today
    assert [(e.stage, e.occurred_on, e.actor) for e in card.events] == [
        ("Offer", day - timedelta(days=3), "Ona"), ("Order", day - timedelta(days=1), "Ona"),
    ]  # fmt: skip
    assert card.deal.stage == "Order"
    assert {d.subject for d in card.dealings} == {"Send the quote", "Prices"}


def test_a_deal_shows_its_products_and_a_postponed_one_its_day(team: Team) -> None:
    pump = team.lists.products[0].id
    team.store.write(set_lines, deal_id=team.deals[2], lines=[Line(pump, 2_000, None, 1_000)])
    team.store.write(postpone_deal, deal_id=team.deals[2], until_on=team.today + timedelta(days=9))
    card = team.store.read(load_deal_card, deal_id=team.deals[2])
    assert card is not None
    assert [(line.product, line.quantity_milli, line.discount_bp) for line in card.lines] == [
        ("Pump", 2_000, 1_000)
    ]
    assert card.deal.amount_minor == 216_000
    assert card.deal.postponed_until_on == team.today + timedelta(days=9)
    assert card.stalled == ()


def test_a_store_is_empty_until_it_has_a_pipeline(store: Store) -> None:
    assert store.read(is_empty_store)


def test_competitors_met_are_told_on_the_card_and_the_deal(team: Team, clock: Clock) -> None:
    rival = team.lists.competitors[0].id
    theirs = team.store.write(
        add_entry, what="competitor product", name="Pro [/x]", competitor_id=rival
    ).id
    acme, pumps = team.clients[0], team.deals[0]
    team.store.write(record_sighting, competitor_id=rival, client_id=acme, notes="at the fair")
    clock.forward(days=1)
    team.store.write(
        record_sighting, competitor_id=rival, deal_id=pumps, competitor_product_id=theirs
    )
    card = _card(team)
    assert card.competitors == ("Rival",)
    told = [(s.competitor, s.product, s.notes, s.client, s.deal) for s in card.sightings]
    assert told == [
        ("Rival", "Pro [/x]", "", "Acme", "Pumps"), ("Rival", "", "at the fair", "Acme", ""),
    ]  # fmt: skip
    deal = team.store.read(load_deal_card, deal_id=pumps)
    assert deal is not None and deal.sightings == card.sightings[:1]
    assert _card(team, 1).sightings == ()
    assert team.store.read(load_sightings, competitor_id=rival, most=1) == card.sightings[:1]
    team.store.write(undo)
    assert [s.notes for s in _card(team).sightings] == ["at the fair"]
