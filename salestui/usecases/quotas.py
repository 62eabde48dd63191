"""Quotas: what a rep, a team or everybody is to win in a period."""

from __future__ import annotations

from datetime import date
from typing import Any

from salestui.errors import Refused
from salestui.models.plans import Quota
from salestui.models.vocabulary import Measure
from salestui.store.unit import Unit
from salestui.usecases.facts import Saved, choice, currency, made, put
from salestui.usecases.subjects import refuse_backwards, subject_name


def set_quota(
    unit: Unit,
    *,
    first_on: date,
    last_on: date,
    currency_code: str,
    rep_id: str | None = None,
    team_id: str | None = None,
    measure: str = Measure.REVENUE.value,
    amount_minor: int | None = None,
    deals: int | None = None,
) -> Saved:
    """The target of one rep, one team, or everybody (neither given) for a period.

    `amount_minor` for revenue and margin, `deals` for a count. One subject has one quota of a
    measure for the same days: an earlier one is changed, and the audit keeps what it was.
    """
    name = subject_name(unit, rep_id, team_id)
    measured = choice(Measure, measure, "measure")
    refuse_backwards(first_on, last_on, "A quota's period")
    _refuse_unfit(measured, amount_minor, deals)
    unit.take_turns(Quota)
    target: dict[str, Any] = {
        "amount_minor": amount_minor,
        "deals": deals,
        "currency": currency(currency_code),
    }
    same = {
        "rep_id": rep_id,
        "team_id": team_id,
        "first_on": first_on,
        "last_on": last_on,
        "measure": measured,
    }
    known = unit.live(Quota, **same)
    if measured != Measure.COUNT and any(each.currency != target["currency"] for each in known):
        raise Refused(
            f"{name} has a quota in {known[0].currency} for these days: one subject has one of a measure. "
            "Delete that first."
        )
    for extra in known[1:]:
        unit.delete(extra)
    if known:
        quota = known[0]
        put(quota, target)
        unit.session.flush()
    else:
        quota = unit.add(made(Quota, {**same, **target}))
    return Saved(quota.id, f"Set the quota of {name}", quota.version)


def edit_quota(
    unit: Unit, /, *, quota_id: str, expected_version: int | None = None, **changes: Any
) -> Saved:
    """Change anything about a quota: whose, its days, measure, target, currency.

    Refused where the subject has another quota of the measure for the same days by then.
    """
    unit.take_turns(Quota)
    quota = unit.get_at(Quota, quota_id, expected_version, "quota")
    with unit.session.no_autoflush:
        put(quota, changes)
        name = subject_name(unit, quota.rep_id, quota.team_id)
        refuse_backwards(quota.first_on, quota.last_on, "A quota's period")
        _refuse_unfit(quota.measure, quota.amount_minor, quota.deals)
        same = {key: getattr(quota, key) for key in _SAME}
        if any(other.id != quota.id for other in unit.live(Quota, **same)):
            raise Refused(f"There is another quota of {name} for these days: edit or delete that.")
    unit.session.flush()
    return Saved(quota.id, f"Changed the quota of {name}", quota.version)


_SAME = ("rep_id", "team_id", "first_on", "last_on", "measure")


def delete_quota(unit: Unit, *, quota_id: str, expected_version: int | None = None) -> Saved:
    """Take a quota back; undo and the audit keep it."""
    quota = unit.get_at(Quota, quota_id, expected_version, "quota")
    name = subject_name(unit, quota.rep_id, quota.team_id)
    unit.delete(quota)
    return Saved(quota.id, f"Deleted the quota of {name}", quota.version)


def _refuse_unfit(measure: Any, amount_minor: int | None, deals: int | None) -> None:
    is_count = measure == Measure.COUNT
    target = deals if is_count else amount_minor
    if target is None or (amount_minor if is_count else deals) is not None:
        what = "a number of deals" if is_count else "an amount"
        raise Refused(f"A quota of {measure.value} is {what}: give that and nothing else.")
    if target < 0:
        raise Refused("A quota is not below 0.")
