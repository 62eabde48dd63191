"""What selling costs: salaries, hourly rates, leads, tools."""

from __future__ import annotations

from datetime import date
from typing import Any

from salestui.errors import Refused
from salestui.models.plans import Cost
from salestui.models.vocabulary import CostKind
from salestui.store.unit import Unit
from salestui.usecases.facts import Saved, choice, currency, made, put
from salestui.usecases.subjects import refuse_backwards, subject_name


def set_cost(
    unit: Unit,
    *,
    kind: str,
    first_on: date,
    last_on: date,
    amount_minor: int,
    currency_code: str,
    rep_id: str | None = None,
    team_id: str | None = None,
    notes: str | None = None,
) -> Saved:
    """What one rep, one team or everybody (neither given) costs in a period.

    An `hourly` rate is per hour of logged activity, all others are the sum of the whole period.
    One subject has one cost of a kind and currency for the same days: an earlier one is changed.
    """
    name = subject_name(unit, rep_id, team_id)
    what = choice(CostKind, kind, "kind of cost")
    refuse_backwards(first_on, last_on, "A cost's period")
    if amount_minor < 0:
        raise Refused("A cost is not below 0.")
    unit.take_turns(Cost)
    same: dict[str, Any] = {
        "kind": what,
        "rep_id": rep_id,
        "team_id": team_id,
        "first_on": first_on,
        "last_on": last_on,
        "currency": currency(currency_code),
    }
    changes: dict[str, Any] = {"amount_minor": amount_minor}
    if notes is not None:
        changes["notes"] = notes
    known = unit.live(Cost, **same)
    if known:
        cost = known[0]
        put(cost, changes)
        unit.session.flush()
    else:
        cost = unit.add(made(Cost, {**same, **changes}))
    return Saved(cost.id, f"Set the {what.value} cost of {name}", cost.version)


def edit_cost(
    unit: Unit, /, *, cost_id: str, expected_version: int | None = None, **changes: Any
) -> Saved:
    """Change anything about a cost: kind, whose, its days, amount, currency, notes.

    Refused where the subject has another cost of the kind and currency for the same days by then.
    """
    unit.take_turns(Cost)
    cost = unit.get_at(Cost, cost_id, expected_version, "cost")
    with unit.session.no_autoflush:
        put(cost, changes)
        name = subject_name(unit, cost.rep_id, cost.team_id)
        refuse_backwards(cost.first_on, cost.last_on, "A cost's period")
        if cost.amount_minor < 0:
            raise Refused("A cost is not below 0.")
        same = {key: getattr(cost, key) for key in _SAME}
        if any(other.id != cost.id for other in unit.live(Cost, **same)):
            raise Refused(
                f"There is another {cost.kind.value} cost of {name} for these days: "
                "edit or delete that."
            )
    unit.session.flush()
    return Saved(cost.id, f"Changed the {cost.kind.value} cost of {name}", cost.version)


_SAME = ("kind", "rep_id", "team_id", "first_on", "last_on", "currency")


def delete_cost(unit: Unit, *, cost_id: str, expected_version: int | None = None) -> Saved:
    """Take a cost back; undo and the audit keep it."""
    cost = unit.get_at(Cost, cost_id, expected_version, "cost")
    name = subject_name(unit, cost.rep_id, cost.team_id)
    unit.delete(cost)
    return Saved(cost.id, f"Deleted the {cost.kind.value} cost of {name}", cost.version)
