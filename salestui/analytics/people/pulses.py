"""What each rep does and has in hand, as known on a day: wins, cycles, activities, load, upkeep."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from salestui.analytics.facts import closed, cycles
from salestui.analytics.groups import GROUPS
from salestui.analytics.only import only_of
from salestui.analytics.past import end_of, known_on
from salestui.analytics.past_activities import activities_on
from salestui.analytics.periods import year_before
from salestui.analytics.pipeline.standstill import standing
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.scope import ALWAYS, Scope, conditions
from salestui.analytics.selling.activity import done_in
from salestui.analytics.stages.win_rates import Rate, owner_of, win_rates
from salestui.store.reader import Reader
from salestui.text import from_micros, to_day

_DONE = """
SELECT rep_id, kind, count(*) FROM {activity} WHERE state = 'done' AND rep_id IS NOT NULL {conditions}
GROUP BY rep_id, kind
"""
_CLIENTS = """
SELECT owner_id, count(DISTINCT client_id), count(*) FROM deal
WHERE outcome = 'open' AND deleted_at IS NULL AND owner_id IS NOT NULL {conditions}
GROUP BY owner_id
"""
_CHANGED = """
SELECT actor_id, max(recorded_at) FROM deal_event
WHERE actor_id IS NOT NULL AND recorded_at <= :until GROUP BY actor_id
"""
_LOGGED = """
SELECT rep_id, max(created_at) FROM {activity}
WHERE rep_id IS NOT NULL AND created_at <= :until AND state = 'done' {conditions}
GROUP BY rep_id
"""


@dataclass(slots=True)
class Pulse:
    """What one rep does and has in hand; `kept` days since anything was recorded."""

    rate: Rate | None = None
    cycle: Counter[int] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    clients: int = 0
    open: int = 0
    stalled: int = 0
    kept: int | None = None


def read_pulses(reader: Reader, scope: Scope) -> dict[str, Pulse]:
    """The pulse of every rep, as known on the scope's day; what nobody owns is closed by ""."""
    found: dict[str, Pulse] = {}

    def of(rep_id: object) -> Pulse:
        return found.setdefault(str(rep_id), Pulse())

    only = scope.only
    if scope.pipeline_id is not None:
        only = (*only, only_of(reader, GROUPS["pipeline"], {scope.pipeline_id}))
    yearly = Scope(scope.as_of, year_before(scope.as_of), only=only)
    narrow, values = conditions(replace(yearly, period=ALWAYS), "created_on")
    with known_on(reader, scope.as_of) as then:
        results = closed(then, yearly, ("owner_id",))
        lengths = cycles(then, yearly, "owner_id")
        loads = then.rows(_CLIENTS.replace("{conditions}", narrow), **values)
    rates = win_rates(results, read_pipelines(reader), owner_of)
    for rep_id, rate in rates.items():
        of(rep_id).rate = rate
    for owner, days, count in lengths:
        if owner is not None:
            of(owner).cycle[max(days, 0)] += count
    for owner, clients, deals in loads:
        pulse = of(owner)
        pulse.clients, pulse.open = clients, deals
    for deal in standing(reader, replace(yearly, period=ALWAYS), "owner_id"):
        if deal.is_stalled and deal.owner_id is not None:
            of(deal.owner_id).stalled += 1
    for rep, kind, count in done_in(reader, replace(scope, owner_ids=None)).rows(reader, _DONE):
        of(rep).done[kind] += count
    until = end_of(reader, scope.as_of)
    offset = reader.now.tzinfo
    changed = reader.rows(_CHANGED, until=until)
    logged = activities_on(reader, scope.as_of).rows(reader, _LOGGED, until=until)
    for rep, micros in (*changed, *logged):
        pulse = of(rep)
        days = max(to_day(scope.as_of) - to_day(from_micros(micros).astimezone(offset).date()), 0)
        pulse.kept = days if pulse.kept is None else min(pulse.kept, days)
    return found
