"""Capacity: what the reps there are will bring in a period, and how many its plan needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil
from statistics import NormalDist

from salestui.analytics.forecast.cautions import too_little
from salestui.analytics.forecast.settings import Settings
from salestui.analytics.past_people import entered_later, people_on
from salestui.analytics.people.ramping import curve
from salestui.analytics.people.rep_periods import Crew, History, read_crew, read_history
from salestui.analytics.people.tenure import read_tenures
from salestui.analytics.periods import stepped, this
from salestui.analytics.plan.headcount import (
    LEARNING,
    Spread,
    deviation,
    naive,
    needed,
    part,
    spread,
    staying,
)
from salestui.analytics.plan.standing import bounded, days_of, people
from salestui.analytics.plan.targets import Target, added, targets
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked, refuse_only
from salestui.errors import Refused
from salestui.models.vocabulary import Measure
from salestui.queries.plans import quotas
from salestui.store.reader import Reader
from salestui.text import to_day

METHOD = (
    "From what ramped reps won in whole past periods of the same length: n reps bring n x mean, with "
    "variance n (between^2 + within^2) + (5 % n mean)^2. Needed: the least n that reach the target 4 "
    "times in 5, but no fewer than can work the leads where these limit wins, not people; naive: the least "
    "n that reach it every other time. P: that the reps there are reach it; what they bring is taken "
    "as normal. Reps count by month of tenure and by how many of them stay. To hire: on the period's first "
    "day, still learning."
)
SCENARIOS = (0.8, 0.9, 1.0, 1.1, 1.2)
"""Parts of the target that rows are given for."""
_Z80 = 1.2815515655446004


def capacity(
    reader: Reader, scope: Scope, by: str | None = None, *, target: Target | None = None
) -> Report:
    """The report for the scope's period, the next quarter if none is set.

    The target is `target`, else the quota of everybody, else the sum of teams' or reps' quotas.
    """
    if target is not None and target.value <= 0:
        raise Refused("Name a target above 0.")
    if by is not None:
        raise Refused("Capacity is of all reps together: narrow it by --owner or --team instead.")
    refuse_only(scope, "Capacity is of all that reps sell")
    if scope.is_always:
        scope = replace(scope, period=stepped(this("quarter", scope.as_of), 1))
    scope = bounded(scope)
    first, last = days_of(scope)
    crew = read_crew(reader, scope)
    wished = [target] if target is not None else _planned(reader, scope)
    currencies = list(dict.fromkeys(t.currency for t in wished)) or list(crew.currencies)[:1]
    months = max(round((last - first).days / 30.4), 1)
    ramp = measured_ramp(reader, scope)
    rows: list[tuple[Cell, ...]] = []
    warnings: list[str] = []
    for currency in currencies:
        wins, begun = crew.currencies.get(currency, (0, 0))
        few = too_little(wins, to_day(scope.as_of) - begun + 1, Settings())
        if few is not None:
            warnings.append(f"{currency}: {few}")
            continue
        history = read_history(reader, scope, crew, currency)
        made = spread(history.table)
        if made is None or made.mean <= 0:
            warnings.append(f"Too few whole past periods in {currency} to know what a rep brings.")
            continue
        sums = [t.value for t in wished if t.currency == currency]
        parts = sums and [sums[0] * share for share in SCENARIOS]
        rows += _rows(parts or [None], made, crew, history, currency, months, ramp)
        warnings += _told(history, made, currency)
    if not wished:
        warnings.insert(
            0, "No quota is set for this period, so nothing says how many reps it needs."
        )
    return Report(
        name="capacity",
        title="Capacity",
        **asked(scope),
        columns=_COLUMNS,
        rows=tuple(rows),
        totals={},
        n=crew.seen,
        method=METHOD,
        warnings=(
            *warnings,
            *_crew_warnings(crew, ramp is not None),
            *entered_later(reader, scope.as_of, "quota", period=scope.period),
        ),
    )


_COLUMNS = (
    Column("of_plan", "Of plan", "ratio"),
    Column("target", "Target", "money"),
    Column("reps", "Reps", "count"),
    Column("full", "As ramped", "days"),
    Column("expected", "They bring", "money"),
    Column("low", "Low", "money", is_extra=True),
    Column("high", "High", "money", is_extra=True),
    Column("p_attain", "P", "ratio"),
    Column("naive", "Naive", "count", is_extra=True),
    Column("needed", "Needed", "count"),
    Column("to_hire", "To hire", "count"),
)


def _planned(reader: Reader, scope: Scope) -> list[Target]:
    """Targets in money: of everybody, else of the teams, else of the reps."""
    first, last = days_of(scope)
    then = people_on(reader, scope.as_of)
    known = [q for q in quotas(then, scope.period) if q.measure == Measure.REVENUE]
    members = {p.id for p in people(then) if scope.owner_ids is None or p.id in scope.owner_ids}
    if scope.owner_ids is None:
        for own in (
            [q for q in known if q.rep_id is None and q.team_id is None],
            [q for q in known if q.team_id is not None],
        ):
            if own:
                keys = {q.team_id for q in own}
                return added(
                    t
                    for k in keys
                    for t in targets([q for q in own if q.team_id == k], first, last)
                )
    own = [q for q in known if q.rep_id in members]
    return added(
        t for k in members for t in targets([q for q in own if q.rep_id == k], first, last)
    )


def measured_ramp(reader: Reader, scope: Scope) -> list[float] | None:
    """The measured curve of the first months, where at least three reps were seen in all of them."""
    months = curve(read_tenures(reader, scope).careers)
    early = [month for month in months if month.number <= 6]
    if len(early) < 6 or min(month.reps for month in early) < 3:
        return None
    return [min(month.level, 1.0) for month in early]


def _rows(
    goals: Sequence[float | None],
    made: Spread,
    crew: Crew,
    history: History,
    currency: str,
    months: int,
    ramp: Sequence[float] | None,
) -> Iterator[tuple[Cell, ...]]:
    learning = ramp or LEARNING
    full = sum(part(months, tenure, learning) for tenure in crew.tenures) * crew.staying
    bring = full * made.mean
    outlook = NormalDist(bring, deviation(full, made))
    hire = part(months, 0, learning) * staying(crew.leavers, crew.rep_days, 30.4 * months / 2)
    for goal, share in zip(goals, SCENARIOS if len(goals) > 1 else (None,), strict=True):
        least = None if goal is None else needed(goal, made)
        if least is not None and history.reps_for_leads is not None and history.flat:
            least = max(least, history.reps_for_leads)
        missing = None if least is None else max(least - full, 0.0)
        yield (
            share,
            None if goal is None else Money(round(goal), currency),
            len(crew.tenures),
            round(full, 1),
            Money(round(bring), currency),
            Money(round(max(outlook.mean - _Z80 * outlook.stdev, 0)), currency),
            Money(round(outlook.mean + _Z80 * outlook.stdev), currency),
            None if goal is None else _chance(outlook, goal),
            None if goal is None else naive(goal, made),
            least,
            None if missing is None or hire <= 0 else ceil(round(missing / hire, 6)),
        )


def _chance(outlook: NormalDist, goal: float) -> float:
    """P(what they bring >= goal)."""
    return 1 - outlook.cdf(goal) if outlook.stdev else float(outlook.mean >= goal)


def _told(history: History, made: Spread, currency: str) -> Iterator[str]:
    def shown(minor: float) -> str:
        from salestui.text import format_money

        return format_money(round(minor), currency)

    yield (
        f"A ramped rep brings {shown(made.mean)} a period (from period to period ±{shown(made.within)}, "
        f"from rep to rep ±{shown(made.between)}), by {history.cells} rep-periods."
    )
    if history.flat:
        yield (
            f"More deals a rep have not lowered the share won: the {history.leads:,.0f} deals that come in a "
            f"period limit wins, not people. {history.reps_for_leads} reps can work them, the least that is "
            "called needed; more bring more only if more deals come."
        )


def _crew_warnings(crew: Crew, is_measured: bool) -> Iterator[str]:
    if not is_measured:
        yield "The ramp could not be measured: a hire counts 25, 50, 75 % in the first three months."
    if crew.undated:
        yield f"Reps without a first day at work count as ramped: {crew.undated}."
