"""What happens to a deal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from salestui.errors import Conflict, Refused
from salestui.usecases import deals, outcomes, process, undo
from tests.conftest import NOON, Clock
from tests.usecases.conftest import Team

TODAY = NOON.date()


def _reason(team: Team) -> str:
    return team.store.read(lambda r: r.value("SELECT id FROM loss_reason WHERE name = 'Price'"))


def test_moving_dates_the_stage_and_keeps_the_way(team: Team, clock: Clock) -> None:
    clock.forward(days=3)
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[2])
    assert team.deal("stage_id", "furthest", "version") == (team.stages[2], 3, 2)
    assert team.passages() == [("Enquiry", "advanced"), ("Negotiation", "open")]
    days = team.store.read(lambda r: r.value("SELECT days FROM passage WHERE result = 'advanced'"))
    assert days == 3


def test_a_move_takes_no_more_statements_than_it_ever_did(team: Team) -> None:
    """It is the key pressed most: what keeps other writers out is asked for with what it reads."""
    seen: list[str] = []
    engine = team.store.engine()

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[1])
    event.remove(engine, "before_cursor_execute", note)
    assert len(seen) <= 13


def test_a_move_from_a_stale_view_is_a_conflict(team: Team) -> None:
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[1])
    with pytest.raises(Conflict, match="Ona at 2026-03-18"):
        team.store.write(
            deals.move_deal,
            deal_id=team.deal_id,
            to_stage_id=team.stages[2],
            expected_version=1,
        )


def test_winning_makes_a_customer(team: Team) -> None:
    team.store.write(outcomes.win_deal, deal_id=team.deal_id, amount_minor=90_000)
    assert team.deal("outcome", "is_active", "amount_minor") == ("won", False, 90_000)
    assert team.store.read(lambda r: r.value("SELECT status FROM client")) == "customer"
    assert team.passages() == [("Enquiry", "advanced")]


def test_losing_names_the_reason_and_the_stage_it_was_lost_in(team: Team) -> None:
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[1])
    team.store.write(outcomes.lose_deal, deal_id=team.deal_id, loss_reason_id=_reason(team))
    assert team.deal("outcome", "stage_id") == ("lost", team.stages[1])
    assert team.passages() == [("Enquiry", "advanced"), ("Offer", "lost")]


def test_a_closed_deal_moves_only_when_reopened(team: Team) -> None:
    team.store.write(outcomes.win_deal, deal_id=team.deal_id)
    with pytest.raises(Refused, match="reopen it"):
        team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[1])
    team.store.write(outcomes.reopen_deal, deal_id=team.deal_id)
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[1])
    assert team.deal("outcome") == ("open",)


def test_postponing_plans_taking_it_up_again(team: Team) -> None:
    until = TODAY + timedelta(days=30)
    team.store.write(outcomes.postpone_deal, deal_id=team.deal_id, until_on=until, reason="budget")
    task = team.store.read(lambda r: r.row("SELECT subject, due_on FROM activity"))
    assert task == ("Take up again: budget", (until - date(1970, 1, 1)).days)


def test_a_deal_can_be_won_on_the_day_it_really_was(team: Team, clock: Clock) -> None:
    clock.forward(days=5)
    team.store.write(outcomes.win_deal, deal_id=team.deal_id, closed_on=TODAY + timedelta(days=2))
    event = team.store.read(
        lambda r: r.row("SELECT occurred_on, occurred_at FROM deal_event WHERE seq = 2")
    )
    assert event == ((TODAY + timedelta(days=2) - date(1970, 1, 1)).days, None)


def test_a_deal_cannot_be_closed_before_it_began(team: Team) -> None:
    with pytest.raises(Refused, match="before"):
        team.store.write(
            outcomes.win_deal, deal_id=team.deal_id, closed_on=TODAY - timedelta(days=1)
        )


def test_a_won_deal_goes_on_through_the_stages_after_the_sale(team: Team) -> None:
    pipeline = team.store.write(process.create_pipeline, name="Full", template="full")
    deal = team.store.write(deals.create_deal, title="Line", pipeline_id=pipeline.id)
    team.store.write(outcomes.win_deal, deal_id=deal.id)
    state = team.store.read(
        lambda r: r.row(
            "SELECT s.name, d.is_active FROM deal d JOIN stage s ON s.id = d.stage_id"
            " WHERE d.id = :id",
            id=deal.id,
        )
    )
    assert state == ("Delivery", True)
    team.store.write(outcomes.win_deal, deal_id=deal.id)
    results = team.store.read(
        lambda r: r.rows("SELECT result FROM passage WHERE deal_id = :id", id=deal.id)
    )
    assert results == [("advanced",), ("advanced",)]


def test_lines_make_the_amount(team: Team) -> None:
    crane = team.store.write(
        process.add_entry, what="product", name="Crane", price_minor=50_000, currency="EUR"
    )
    line = deals.Line(crane.id, quantity_milli=3_000, discount_bp=1_000)
    team.store.write(deals.set_lines, deal_id=team.deal_id, lines=[line])
    assert team.deal("amount_minor", "product_id") == (135_000, crane.id)


def test_a_stage_after_the_sale_is_not_for_open_deals(team: Team) -> None:
    pipeline = team.store.write(process.create_pipeline, name="Full", template="full")
    last = team.store.read(
        lambda r: r.value(
            "SELECT id FROM stage WHERE pipeline_id = :p AND name = 'Service'", p=pipeline.id
        )
    )
    with pytest.raises(Refused, match="win the deal"):
        team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=last)


def test_a_currency_of_other_minor_units_comes_with_its_amount(team: Team) -> None:
    with pytest.raises(Refused, match="Give the amount in JPY too"):
        team.store.write(deals.edit_deal, deal_id=team.deal_id, currency="JPY")
    team.store.write(deals.edit_deal, deal_id=team.deal_id, currency="JPY", amount_minor=170_000)
    assert team.deal("amount_minor", "currency") == (170_000, "JPY")


def test_a_price_is_not_recounted_by_its_currency(team: Team) -> None:
    crane = team.store.write(
        process.add_entry, what="product", name="Crane", price_minor=50_000, currency="EUR"
    )
    with pytest.raises(Refused, match="Give the price in JPY too"):
        team.store.write(process.edit_entry, what="product", entry_id=crane.id, currency="JPY")


def _writes(team: Team) -> int:
    return team.store.read(lambda r: r.value("SELECT count(*) FROM audit_entry"))


def _clients(team: Team) -> list[str]:
    live = "SELECT name FROM client WHERE deleted_at IS NULL ORDER BY id"
    return [row[0] for row in team.store.read(lambda r: r.rows(live))]


def test_fields_products_and_a_new_client_are_one_write_and_one_undo(team: Team) -> None:
    crane = team.store.write(
        process.add_entry, what="product", name="Crane", price_minor=50_000, currency="EUR"
    )
    before = _writes(team)
    saved = team.store.write(
        deals.edit_deal,
        deal_id=team.deal_id,
        title="Two cranes",
        new_client="Zeta",
        lines=[deals.Line(crane.id, 2_000)],
    )
    assert _writes(team) == before + 1
    assert team.deal("title", "amount_minor", "product_id", "version") == (
        "Two cranes", 100_000, crane.id, saved.version,
    )  # fmt: skip
    assert _clients(team) == ["Łódź Steel", "Zeta"]
    team.store.write(undo.undo)
    assert team.deal("title", "product_id", "client_id") == ("Cranes", None, team.client_id)
    assert _clients(team) == ["Łódź Steel"]


@pytest.mark.parametrize("is_new", [True, False])
def test_products_refused_leave_nothing_saved(team: Team, is_new: bool) -> None:
    crane = team.store.write(
        process.add_entry, what="product", name="Crane", price_minor=1, currency="PLN"
    )
    before, deal = _writes(team), team.deal("title", "client_id", "version")
    fields = {"title": "Lost", "new_client": "Zeta", "lines": [deals.Line(crane.id)]}
    with pytest.raises(Refused, match="priced in PLN"):
        if is_new:
            team.store.write(deals.create_deal, **fields)
        else:
            team.store.write(deals.edit_deal, deal_id=team.deal_id, **fields)
    assert (_writes(team), team.deal("title", "client_id", "version")) == (before, deal)
    assert _clients(team) == ["Łódź Steel"]


def test_products_alone_leave_the_editor_of_an_old_form_a_conflict(team: Team) -> None:
    crane = team.store.write(
        process.add_entry, what="product", name="Crane", price_minor=100_000, currency="EUR"
    )
    seen = team.deal("version")[0]
    team.store.write(deals.edit_deal, deal_id=team.deal_id, lines=[deals.Line(crane.id)])
    with pytest.raises(Conflict):
        team.store.write(deals.edit_deal, deal_id=team.deal_id, expected_version=seen, lines=[])
