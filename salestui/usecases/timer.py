"""Starting the timer, stopping it into the activity log, throwing it away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text

from salestui.errors import Refused
from salestui.models.clients import Client
from salestui.models.deals import Deal
from salestui.models.timing import since_setting, subject_setting
from salestui.store.unit import Unit
from salestui.text.days import to_micros
from salestui.usecases.activities import log_activity
from salestui.usecases.facts import Saved

# Two programs of one rep may start at once: the database says who was first.
_START = text("INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
_ON = text(
    "INSERT INTO setting (name, value) VALUES (:name, :value)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_STOP = text("DELETE FROM setting WHERE name = :name AND value = :value")
_FORGET = text("DELETE FROM setting WHERE name = :name")


def start_timer(unit: Unit, *, client_id: str | None = None, deal_id: str | None = None) -> Saved:
    """Start the timer of who works here on a deal, or on a client."""
    rep_id = _rep(unit)
    if deal_id is not None:
        deal = unit.get(Deal, deal_id, "deal")
        subject_id, name = deal.id, deal.title
    else:
        client = unit.get(Client, client_id, "client")
        subject_id, name = client.id, client.name
    since = str(to_micros(unit.now))
    done: Any = unit.session.execute(_START, {"name": since_setting(rep_id), "value": since})
    if done.rowcount == 0:
        raise Refused("A timer runs already: stop or discard it first.")
    unit.session.execute(_ON, {"name": subject_setting(rep_id), "value": subject_id})
    return Saved(subject_id, f"Timer started: {name}")


def stop_timer(unit: Unit, /, *, since: datetime, **activity: Any) -> Saved:
    """Stop the timer that runs since then, and log an activity (`log_activity` has the fields)."""
    rep_id = _rep(unit)
    asked = {"name": since_setting(rep_id), "value": str(to_micros(since))}
    done: Any = unit.session.execute(_STOP, asked)
    if done.rowcount == 0:
        raise Refused("This timer was stopped or discarded elsewhere meanwhile.")
    unit.session.execute(_FORGET, {"name": subject_setting(rep_id)})
    return log_activity(unit, **activity)


def discard_timer(unit: Unit) -> Saved:
    """Throw the timer away; nothing is logged."""
    rep_id = _rep(unit)
    done: Any = unit.session.execute(_FORGET, {"name": since_setting(rep_id)})
    if done.rowcount == 0:
        raise Refused("No timer runs.")
    unit.session.execute(_FORGET, {"name": subject_setting(rep_id)})
    return Saved(rep_id, "Timer discarded, nothing logged")


def _rep(unit: Unit) -> str:
    if unit.actor_id is None:
        raise Refused("It is not known which rep you are: name yourself with --me REP.")
    return unit.actor_id
