"""How a deal ends, and how it begins again: won, lost, postponed, reopened."""

from __future__ import annotations

from datetime import date

from salestui.errors import Refused
from salestui.models.activities import Activity
from salestui.models.clients import Client, CompetitorSighting
from salestui.models.deals import Deal
from salestui.models.process import Competitor, LossReason, Stage
from salestui.models.vocabulary import (
    ActivityState,
    ClientStatus,
    ForecastCategory,
    Outcome,
    StageKind,
)
from salestui.store.unit import Unit
from salestui.text import clean
from salestui.usecases.deals import date_change, saved, set_amount, stages_of
from salestui.usecases.facts import Saved
from salestui.usecases.people import who_takes_over


def win_deal(
    unit: Unit,
    *,
    deal_id: str,
    expected_version: int | None = None,
    closed_on: date | None = None,
    amount_minor: int | None = None,
) -> Saved:
    """Win a deal, or finish the after-sale way of one that is won.

    With after-sale stages in its pipeline the won deal goes on to the first of them.
    """
    deal = unit.get_at(Deal, deal_id, expected_version, "deal")
    if deal.outcome == Outcome.WON:
        return _finish(unit, deal)
    _refuse_closed(deal)
    after = [s for s in stages_of(unit, deal.pipeline_id) if s.kind == StageKind.AFTER_SALE]
    date_change(unit, deal, closed_on)
    if amount_minor is not None:
        set_amount(deal, amount_minor)
    deal.outcome, deal.closed_on = Outcome.WON, closed_on or unit.today
    deal.forecast_category = ForecastCategory.CLOSED
    deal.postponed_until_on = None
    deal.is_active = bool(after)
    if after:
        deal.stage_id = after[0].id
    client = unit.session.get(Client, deal.client_id) if deal.client_id else None
    if client is not None and client.status != ClientStatus.CUSTOMER:
        client.status = ClientStatus.CUSTOMER
    unit.session.flush()
    return saved(deal, f"Won {deal.title}")


def _finish(unit: Unit, deal: Deal) -> Saved:
    if not deal.is_active:
        raise Refused(f"{deal.title} is won already.")
    deal.is_active = False
    unit.session.flush()
    return saved(deal, f"Finished {deal.title}")


def lose_deal(
    unit: Unit,
    *,
    deal_id: str,
    loss_reason_id: str,
    expected_version: int | None = None,
    competitor_id: str | None = None,
    notes: str = "",
    closed_on: date | None = None,
) -> Saved:
    """Lose a deal in the stage it is in; its open tasks are cancelled."""
    deal = unit.get_at(Deal, deal_id, expected_version, "deal")
    _refuse_closed(deal)
    reason = unit.get(LossReason, loss_reason_id, "loss reason")
    date_change(unit, deal, closed_on)
    deal.outcome, deal.is_active = Outcome.LOST, False
    deal.closed_on = closed_on or unit.today
    deal.forecast_category = ForecastCategory.OMITTED
    deal.postponed_until_on = None
    deal.loss_reason_id, deal.competitor_id = reason.id, competitor_id
    if notes:
        deal.notes = clean(f"{deal.notes}\n{notes}", lines=True)
    _cancel_tasks(unit, deal.id)
    if competitor_id is not None:
        _sight(unit, deal, unit.get(Competitor, competitor_id, "competitor").id)
    unit.session.flush()
    return saved(deal, f"Lost {deal.title}: {reason.name}")


def postpone_deal(
    unit: Unit,
    *,
    deal_id: str,
    until_on: date,
    expected_version: int | None = None,
    reason: str = "",
) -> Saved:
    """Let a deal rest until a day; a task on that day takes it up again."""
    deal = unit.get_at(Deal, deal_id, expected_version, "deal")
    _refuse_closed(deal)
    if until_on <= unit.today:
        raise Refused("Postpone a deal to a day after today.")
    deal.outcome, deal.is_active = Outcome.POSTPONED, False
    deal.postponed_until_on = until_on
    unit.session.flush()
    unit.add(
        Activity(
            kind="call",
            state=ActivityState.PLANNED,
            subject="Take up again" + (f": {clean(reason)}" if reason else ""),
            on_day=until_on,
            due_on=until_on,
            client_id=deal.client_id,
            deal_id=deal.id,
            stage_id=deal.stage_id,
            rep_id=who_takes_over(unit, deal.owner_id),
        )
    )
    return saved(deal, f"Postponed {deal.title} until {until_on.isoformat()}")


def reopen_deal(unit: Unit, *, deal_id: str, expected_version: int | None = None) -> Saved:
    """Make a won, lost or postponed deal open again, in the last stage before the sale it was in."""
    deal = unit.get_at(Deal, deal_id, expected_version, "deal")
    if deal.outcome == Outcome.OPEN:
        raise Refused(f"{deal.title} is open already.")
    stage = unit.get(Stage, deal.stage_id, "stage")
    if stage.kind == StageKind.AFTER_SALE:
        before = [s for s in stages_of(unit, deal.pipeline_id) if s.kind != StageKind.AFTER_SALE]
        if not before:
            raise Refused("This pipeline has no stage before the sale to reopen the deal in.")
        deal.stage_id = before[-1].id
    deal.outcome, deal.is_active = Outcome.OPEN, True
    deal.closed_on = deal.postponed_until_on = None
    deal.loss_reason_id = deal.competitor_id = None
    deal.forecast_category = ForecastCategory.PIPELINE
    unit.session.flush()
    return saved(deal, f"Reopened {deal.title}")


def _refuse_closed(deal: Deal) -> None:
    if deal.outcome in (Outcome.WON, Outcome.LOST):
        raise Refused(f"{deal.title} is {deal.outcome.value} already: reopen it first.")


def _cancel_tasks(unit: Unit, deal_id: str) -> None:
    for task in unit.live(Activity, deal_id=deal_id, state=ActivityState.PLANNED):
        task.state = ActivityState.CANCELLED


def _sight(unit: Unit, deal: Deal, competitor_id: str) -> None:
    unit.add(
        CompetitorSighting(
            client_id=deal.client_id,
            deal_id=deal.id,
            competitor_id=competitor_id,
            seen_on=deal.closed_on or unit.today,
        )
    )
