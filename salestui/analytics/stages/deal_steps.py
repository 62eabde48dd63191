"""How one deal went through its stages, told beside the deal."""

from __future__ import annotations

from salestui.analytics.history import read_events
from salestui.analytics.stages.steps import DealSteps, deal_steps, steps_of
from salestui.store.reader import Reader

_NAMES = "SELECT id, name FROM stage"


def read_deal_steps(reader: Reader, *, deal_id: str) -> DealSteps | None:
    """Which stages it went through until today, and which not in order; `None` without such a deal."""
    events = read_events(reader, deal_id)
    known = events.known_on(events.today)
    if not len(known):
        return None
    called = dict(reader.rows(_NAMES))
    names = [called[stage.id] for stage in known.names.stages]
    return deal_steps(steps_of(known, events.stays_on(events.today)), 0, names)
