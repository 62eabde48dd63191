"""Bonus plans, their tiers, and who is paid by which."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from salestui.errors import Refused
from salestui.models.people import Rep
from salestui.models.plans import BonusGrant, BonusPlan, BonusTier
from salestui.models.vocabulary import Measure
from salestui.store.unit import Unit
from salestui.text import clean, fold
from salestui.usecases.facts import Saved, choice, made, put
from salestui.usecases.references import refuse_if_used
from salestui.usecases.subjects import refuse_backwards

_MOST_BP = 1_000_000
"""From which attainment a tier begins at most: ten thousand percent."""

_MOST_RATE_BP = 10_000
"""What a tier pays of what is won at most: all of it."""


def create_plan(unit: Unit, /, *, name: str, **fields: Any) -> Saved:
    """A bonus plan without tiers: measure, span (month, quarter, year), currency."""
    unit.take_turns(BonusPlan)
    _refuse_twin(unit, name)
    plan = unit.add(made(BonusPlan, {"name": name, **fields}))
    return Saved(plan.id, f"Created bonus plan {plan.name}", plan.version)


def edit_plan(
    unit: Unit, /, *, plan_id: str, expected_version: int | None = None, **changes: Any
) -> Saved:
    """Change a plan's name, measure, span or currency."""
    unit.take_turns(BonusPlan)
    plan = unit.get_at(BonusPlan, plan_id, expected_version, "bonus plan")
    if "measure" in changes and choice(Measure, changes["measure"], "measure") == Measure.COUNT:
        for tier in unit.live(BonusTier, plan_id=plan.id):
            _refuse_rate(Measure.COUNT, tier.rate_bp)
    if "name" in changes:
        _refuse_twin(unit, changes["name"], apart_from=plan.id)
    is_recounted = "currency" in changes and unit.live(BonusTier, plan_id=plan.id)
    if is_recounted and str(changes["currency"]).strip().upper() != plan.currency:
        raise Refused("A plan with tiers keeps its currency: their amounts are in it.")
    put(plan, changes)
    unit.session.flush()
    return Saved(plan.id, f"Changed bonus plan {plan.name}", plan.version)


def delete_plan(unit: Unit, *, plan_id: str) -> Saved:
    """Take away a plan that nobody is paid by, and its tiers."""
    plan = unit.get(BonusPlan, plan_id, "bonus plan")
    refuse_if_used(unit, plan, "bonus plan", apart_from=("bonus_tier",))
    for tier in unit.live(BonusTier, plan_id=plan.id):
        unit.delete(tier)
    unit.delete(plan)
    return Saved(plan.id, f"Deleted bonus plan {plan.name}", plan.version)


def set_tier(unit: Unit, /, *, plan_id: str, from_bp: int, **pays: int) -> Saved:
    """What a plan pays from an attainment on: `fixed_minor`, `rate_bp`, `per_deal_minor`.

    An earlier tier from the same attainment on is changed; what is not given pays nothing.
    """
    plan = unit.get(BonusPlan, plan_id, "bonus plan")
    terms = {"fixed_minor": 0, "rate_bp": 0, "per_deal_minor": 0, **pays}
    _refuse_terms(from_bp, **terms)
    _refuse_rate(plan.measure, terms["rate_bp"])
    unit.take_turns(BonusTier)
    known = unit.live(BonusTier, plan_id=plan.id, from_bp=from_bp)
    if known:
        tier = known[0]
        put(tier, terms)
    else:
        tier = unit.add(made(BonusTier, {"plan_id": plan.id, "from_bp": from_bp, **terms}))
    unit.raise_version(plan)
    return Saved(tier.id, f"Set what {plan.name} pays from {from_bp / 100:,.10g} %", tier.version)


def edit_tier(
    unit: Unit, /, *, tier_id: str, expected_version: int | None = None, **changes: int
) -> Saved:
    """Change from which attainment a tier pays, and what."""
    unit.take_turns(BonusTier)
    tier = unit.get_at(BonusTier, tier_id, expected_version, "bonus tier")
    plan = unit.get(BonusPlan, tier.plan_id, "bonus plan")
    with unit.session.no_autoflush:
        put(tier, changes)
        _refuse_terms(tier.from_bp, tier.fixed_minor, tier.rate_bp, tier.per_deal_minor)
        _refuse_rate(plan.measure, tier.rate_bp)
        same = unit.live(BonusTier, plan_id=plan.id, from_bp=tier.from_bp)
    if any(other.id != tier.id for other in same):
        raise Refused(f"{plan.name} has another tier from {tier.from_bp / 100:,.10g} % on.")
    unit.raise_version(plan)
    return Saved(
        tier.id, f"Set what {plan.name} pays from {tier.from_bp / 100:,.10g} %", tier.version
    )


def delete_tier(unit: Unit, *, plan_id: str, from_bp: int) -> Saved:
    """Take a tier out of a plan."""
    plan = unit.get(BonusPlan, plan_id, "bonus plan")
    known = unit.live(BonusTier, plan_id=plan.id, from_bp=from_bp)
    if not known:
        raise Refused(f"{plan.name} has no tier from {from_bp / 100:,.10g} % on.")
    for tier in known:
        unit.delete(tier)
    unit.raise_version(plan)
    return Saved(known[0].id, f"Deleted the tier of {plan.name} from {from_bp / 100:,.10g} %")


def grant(
    unit: Unit, *, plan_id: str, rep_id: str, first_on: date, last_on: date | None = None
) -> Saved:
    """Pay a rep by a plan from a day on. The plan that paid before ends on the day before."""
    plan = unit.get(BonusPlan, plan_id, "bonus plan")
    rep = unit.get(Rep, rep_id, "rep")
    refuse_backwards(first_on, last_on, "A bonus")
    unit.take_turns(BonusGrant)
    for old in unit.live(BonusGrant, rep_id=rep.id):
        _give_way(unit, old, first_on, last_on, rep.name)
    row = BonusGrant(plan_id=plan.id, rep_id=rep.id, first_on=first_on, last_on=last_on)
    unit.add(row)
    return Saved(row.id, f"Granted {plan.name} to {rep.name}", row.version)


def edit_grant(
    unit: Unit, /, *, grant_id: str, expected_version: int | None = None, **changes: Any
) -> Saved:
    """Change whom a plan is granted to, or its days; other plans of those days give way."""
    unit.take_turns(BonusGrant)
    row = unit.get_at(BonusGrant, grant_id, expected_version, "bonus grant")
    plan = unit.get(BonusPlan, row.plan_id, "bonus plan")
    with unit.session.no_autoflush:
        put(row, changes)
        rep = unit.get(Rep, row.rep_id, "rep")
        refuse_backwards(row.first_on, row.last_on, "A bonus")
    unit.session.flush()
    for old in unit.live(BonusGrant, rep_id=rep.id):
        if old.id != row.id:
            _give_way(unit, old, row.first_on, row.last_on, rep.name)
    return Saved(row.id, f"Changed the grant of {plan.name} to {rep.name}", row.version)


def delete_grant(unit: Unit, *, grant_id: str) -> Saved:
    """Take a grant back as if it had never been; what has been paid by it ends on a day instead."""
    row = unit.get(BonusGrant, grant_id, "bonus grant")
    plan, rep = unit.get(BonusPlan, row.plan_id, "bonus plan"), unit.get(Rep, row.rep_id, "rep")
    unit.delete(row)
    until = "on" if row.last_on is None else f"to {row.last_on.isoformat()}"
    # Grants of a rep do not overlap: on these days no other one pays.
    said = (
        f"Took {plan.name} back from {rep.name}, who is paid by no plan from "
        f"{row.first_on.isoformat()} {until}"
    )
    for each in unit.live(BonusGrant, rep_id=rep.id):
        if each.last_on is not None and (row.first_on - each.last_on).days == 1:
            said += f": the plan that ended on {each.last_on.isoformat()} does not come back"
    return Saved(row.id, said, row.version)


def end_grant(unit: Unit, *, rep_id: str, last_on: date) -> Saved:
    """Let the plan that a rep is paid by end on a day."""
    rep = unit.get(Rep, rep_id, "rep")
    unit.take_turns(BonusGrant)
    standing = [
        row for row in unit.live(BonusGrant, rep_id=rep.id)
        if row.first_on <= last_on and (row.last_on is None or row.last_on > last_on)
    ]  # fmt: skip
    if not standing:
        raise Refused(f"{rep.name} is paid by no bonus plan after {last_on.isoformat()}.")
    for row in standing:
        row.last_on = last_on
    unit.session.flush()
    return Saved(standing[0].id, f"Ended the bonus of {rep.name}", standing[0].version)


def _give_way(unit: Unit, old: BonusGrant, first_on: date, last_on: date | None, name: str) -> None:
    """What stood before ends the day before; what is whole inside the new days goes."""
    is_apart = (old.last_on is not None and old.last_on < first_on) or (
        last_on is not None and last_on < old.first_on
    )
    if is_apart:
        return
    if old.first_on < first_on:
        old.last_on = first_on - timedelta(days=1)
        unit.session.flush()
    elif last_on is None or (old.last_on is not None and old.last_on <= last_on):
        unit.delete(old)
    else:
        raise Refused(
            f"{name} has another bonus plan from {old.first_on.isoformat()} on: "
            "end the new one before that day, or leave its end out."
        )


def _refuse_terms(from_bp: int, fixed_minor: int, rate_bp: int, per_deal_minor: int) -> None:
    terms = fixed_minor, rate_bp, per_deal_minor
    if from_bp < 0 or min(terms) < 0:
        raise Refused("A bonus tier has nothing below 0.")
    if from_bp > _MOST_BP:
        raise Refused(f"A bonus tier begins at {_MOST_BP // 100:,} % of the quota at most.")
    if rate_bp > _MOST_RATE_BP:
        raise Refused(f"A bonus tier pays {_MOST_RATE_BP // 100} % of what is won at most.")
    if not any(terms):
        raise Refused("A bonus tier pays something: a fixed sum, a rate, or so much for a deal.")


def _refuse_rate(measure: str, rate_bp: int) -> None:
    if measure == Measure.COUNT and rate_bp:
        raise Refused(
            "A plan by count pays a fixed sum or so much a deal: a percentage of deals is no money."
        )


def _refuse_twin(unit: Unit, name: str, *, apart_from: str = "") -> None:
    others = (plan for plan in unit.live(BonusPlan) if plan.id != apart_from)
    if fold(name) and any(fold(plan.name) == fold(name) for plan in others):
        raise Refused(f"There is a bonus plan '{clean(name)}' already.")
