"""What people say will be won: a rep's commit and best case, a manager's adjustment."""

from __future__ import annotations

from datetime import date

from salestui.errors import Refused
from salestui.models.people import Rep
from salestui.models.plans import ForecastCall
from salestui.models.vocabulary import MANAGING, ONLY_MANAGERS, CallSide
from salestui.store.unit import Unit
from salestui.usecases.facts import Saved, choice, currency, made
from salestui.usecases.subjects import refuse_backwards, subject_name


def record_call(
    unit: Unit,
    *,
    side: str,
    first_on: date,
    last_on: date,
    currency_code: str,
    rep_id: str | None = None,
    team_id: str | None = None,
    commit_minor: int | None = None,
    best_minor: int | None = None,
    notes: str = "",
) -> Saved:
    """Add a call. Earlier ones stay as they were said; of each side the newest counts.

    A rep speaks for their own deals; a manager (or administrator) for anybody's, and says why.
    """
    which = choice(CallSide, side, "side")
    name = subject_name(unit, rep_id, team_id)
    refuse_backwards(first_on, last_on, "A period")
    if last_on < unit.today:
        raise Refused(f"That period was over on {last_on.isoformat()}: a commit looks ahead.")
    if commit_minor is None and best_minor is None:
        raise Refused("Say an amount: the commit, the best case, or both.")
    if min(commit_minor or 0, best_minor or 0) < 0:
        raise Refused("A commit and a best case are not below 0.")
    if commit_minor is not None and best_minor is not None and best_minor < commit_minor:
        raise Refused("The best case is not below the commit.")
    if which == CallSide.REP:
        _refuse_another(unit, rep_id)
    else:
        _refuse_adjusting(unit, notes)
    call = unit.add(
        made(
            ForecastCall,
            {
                "side": which,
                "rep_id": rep_id,
                "team_id": team_id,
                "author_id": unit.actor_id,
                "first_on": first_on,
                "last_on": last_on,
                "commit_minor": commit_minor,
                "best_minor": best_minor,
                "currency": currency(currency_code),
                "notes": notes,
            },
        )
    )
    verb = "Noted the commit of" if which == CallSide.REP else "Adjusted the commit of"
    return Saved(call.id, f"{verb} {name}", call.version)


def _refuse_another(unit: Unit, rep_id: str | None) -> None:
    if rep_id is None:
        raise Refused("A rep's commit is about one rep's deals: name the rep.")
    if unit.actor_id is not None and unit.actor_id != rep_id:
        raise Refused("A commit is the rep's own word. A manager's word over it is an adjustment.")


def _refuse_adjusting(unit: Unit, notes: str) -> None:
    if not notes.strip():
        raise Refused("An adjustment says why: give it a note.")
    actor = unit.session.get(Rep, unit.actor_id) if unit.actor_id else None
    if actor is not None and actor.role not in MANAGING:
        raise Refused(ONLY_MANAGERS)
