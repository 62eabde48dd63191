"""Coverage: whether enough was open before a period for what is to be won in it, by one's own past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from salestui.analytics import amounts
from salestui.analytics.events import Events, Known
from salestui.analytics.groups import DEALS, PEOPLE, group_of
from salestui.analytics.kept import events_of
from salestui.analytics.measures import ratio
from salestui.analytics.passages import tracked_from
from salestui.analytics.past_people import people_on
from salestui.analytics.periods import stepped
from salestui.analytics.pipeline.slippage import quartered
from salestui.analytics.pipeline.yields import OUTSIDE, Yield, yields
from salestui.analytics.plan.targets import added, targets
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.slices import codes_by, parts, within
from salestui.errors import Refused
from salestui.models.vocabulary import Measure
from salestui.queries.plans import quotas
from salestui.store.reader import Reader
from salestui.text import Period, to_day

BY = (*PEOPLE, "pipeline", *DEALS)

BACK = 8
"""Earlier periods of the same length that are looked at."""

METHOD = (
    "Open: what was open on the day before the period. Yield: the share of it that was won in the "
    "period. From open: the share of all won that came from it, the rest came from deals created in "
    "the period. Needed: what must be open for one unit won, from open / yield; a rule like 3x knows "
    "neither. Coverage: open / target."
)

_NOTHING = "Nothing was open, won or planned in the period."

_Parts = Mapping[str, Yield]
"""By currency."""


def coverage(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The coverage report: this period beside those before it; or `by` a rep, a product …"""
    scope = quartered(scope)
    first, last = scope.period.first, scope.period.last
    if first is None or last is None:
        raise Refused("Coverage is of a period with a first and a last day, as --period 2026-Q3.")
    events = events_of(reader)
    if by is not None:
        return _by_group(reader, scope, events, by)
    begun = tracked_from(reader, replace(scope, period=Period(None, None, "all"))) or 0
    past = [stepped(scope.period, -back) for back in range(BACK, 0, -1)]
    past = [p for p in past if p.first is not None and to_day(p.first) >= begun]
    found = [(p, _yields(events, scope, p)) for p in past]
    found = [(p, each) for p, each in found if any(y.opening for y in each.values())]
    earlier: dict[str, Yield] = {}
    for _, each in found:
        for currency, own in each.items():
            earlier[currency] = earlier.get(currency, Yield()) + own
    now = _yields(events, scope, scope.period)
    target = _targets(reader, scope)
    used = amounts.currencies({*earlier, *now, *target}, ())
    rows = [(p.label, *_cells(each, {}, used)) for p, each in found]
    if used:
        rows.append((scope.period.label, *_cells(now, target, used, scope)))
    columns = _columns(used)
    totals = dict(zip((c.key for c in columns), _cells(earlier, {}, used), strict=True))
    told = ("yield", "from_open", "needed")
    return Report(
        name="coverage",
        title="Coverage",
        **asked(scope),
        columns=(Column("period", "Period", "text"), *columns),
        rows=tuple(rows),
        totals={"period": "Earlier", **{k: v for k, v in totals.items() if k.startswith(told)}},
        n=len(found),
        method=METHOD + " Earlier: the periods above but the last, together.",
        warnings=(
            tuple(_warnings(scope, len(found), earlier, now, target)) if used else (_NOTHING,)
        ),
    )


def _yields(events: Events, scope: Scope, period: Period) -> dict[str, Yield]:
    before, after = _ends(events, scope, period)
    part_before = np.where(within(before, scope), 0, OUTSIDE)
    part_after = np.where(within(after, scope), 0, OUTSIDE)
    found = yields(before, after, part_before, part_after)
    return {events.names.currencies[code]: each for (_, code), each in found.items()}


def _ends(events: Events, scope: Scope, period: Period) -> tuple[Known, Known]:
    assert period.first is not None and period.last is not None
    as_of = to_day(scope.as_of)
    first, last = to_day(period.first) - 1, to_day(period.last)
    return events.known_on(min(first, as_of)), events.known_on(min(last, as_of))


def _targets(reader: Reader, scope: Scope) -> dict[str, float]:
    """By currency the revenue to be won: the quota of whom the scope is about, or the sum of reps'."""
    period = scope.period
    assert period.first is not None and period.last is not None
    if scope.pipeline_id is not None or scope.only:
        return {}
    then = people_on(reader, scope.as_of)
    listed = [quota for quota in quotas(then, period) if quota.measure == Measure.REVENUE]
    team = scope.words["team"] if scope.is_of_teams else None
    own = [
        quota
        for quota in listed
        if quota.rep_id is None
        and (quota.whose == team if team else quota.team_id is None and scope.owner_ids is None)
    ]
    reps = {q.rep_id for q in listed if q.rep_id is not None}
    reps = {rep for rep in reps if scope.owner_ids is None or rep in scope.owner_ids}
    members = added(
        each
        for rep in sorted(reps)
        for each in targets((q for q in listed if q.rep_id == rep), period.first, period.last)
    )
    found = {each.currency: each.value for each in members}
    return found | {each.currency: each.value for each in targets(own, period.first, period.last)}


def _by_group(reader: Reader, scope: Scope, events: Events, by: str) -> Report:
    group = group_of(by, BY, "Coverage")
    before, after = _ends(events, scope, scope.period)
    codes = np.concatenate([codes_by(before, group), codes_by(after, group)])
    places, labels = parts(reader, events.names, group, codes, scope.as_of)
    inside = np.concatenate([within(before, scope), within(after, scope)])
    places = np.where(inside, places, OUTSIDE)
    found = yields(before, after, places[: len(before)], places[len(before) :])
    names = events.names.currencies
    used = amounts.currencies({names[code] for _, code in found}, ())
    rows: dict[int, dict[str, Yield]] = {}
    total: dict[str, Yield] = {}
    for (place, code), each in found.items():
        rows.setdefault(place, {})[names[code]] = each
        total[names[code]] = total.get(names[code], Yield()) + each
    ordered = sorted(
        rows,
        key=lambda i: (not labels[i][0], -sum(y.opening for y in rows[i].values()), labels[i][1]),
    )
    columns = [c for c in _columns(used) if not c.key.startswith(("target", "coverage"))]
    keys = [c.key for c in _columns(used)]
    kept = {c.key for c in columns}

    def shown(each: _Parts) -> list[Cell]:
        cells = zip(keys, _cells(each, {}, used, scope), strict=True)
        return [cell for key, cell in cells if key in kept]

    return Report(
        name="coverage",
        title="Coverage",
        **asked(scope),
        columns=(Column(group.key, group.label, "text"), *columns),
        rows=tuple((labels[i][1], *shown(rows[i])) for i in ordered),
        totals=dict(zip((c.key for c in columns), shown(total), strict=True)),
        n=len(ordered),
        method=METHOD,
        warnings=tuple(_unfinished(scope)),
    )


def _columns(used: Sequence[str]) -> list[Column]:
    is_many = len(used) > 1

    def plain(key: str, label: str) -> Iterator[Column]:
        for column in amounts.share_columns(key, label, used, is_extra=False):
            yield replace(column, kind="times")

    return [
        *amounts.amount_columns("open", "Open", used, is_extra=is_many),
        *amounts.amount_columns("won", "Won", used, is_extra=is_many),
        *amounts.share_columns("yield", "Yield", used, is_extra=False),
        *amounts.share_columns("from_open", "From open", used, is_extra=False),
        *plain("needed", "Needed"),
        *amounts.amount_columns("target", "Target", used, is_extra=is_many),
        *plain("coverage", "Coverage"),
    ]


def _cells(
    found: _Parts,
    target: Mapping[str, float],
    used: Sequence[str],
    scope: Scope | None = None,
) -> Iterator[Cell]:
    """Without a `scope` of a period that is over; else what is known of the scope's by its day.

    Before the period begins nothing is known of what it yields, and before it is over not what it needed.
    """
    first, last = (None, None) if scope is None else (scope.period.first, scope.period.last)
    is_begun = scope is None or first is None or first <= scope.as_of
    is_over = scope is None or last is None or last <= scope.as_of
    own = [found.get(currency, Yield()) for currency in used]
    yield from (Money(each.opening, c) for each, c in zip(own, used, strict=True))
    yield from (Money(each.revenue, c) for each, c in zip(own, used, strict=True))
    yield from (each.share if is_begun else None for each in own)
    yield from (each.from_opening if is_begun else None for each in own)
    yield from (_rounded(each.needed) if is_over else None for each in own)
    yield from (Money(round(target[c]), c) if c in target else None for c in used)
    for each, currency in zip(own, used, strict=True):
        yield _rounded(ratio(each.opening, target.get(currency, 0)))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _unfinished(scope: Scope) -> Iterator[str]:
    last = scope.period.last
    first = scope.period.first
    if first is not None and first > scope.as_of:
        yield f"The period has not begun by {scope.as_of.isoformat()}: open is what was open that day."
    elif last is not None and last > scope.as_of:
        yield f"The period is not over: what was won is counted up to {scope.as_of.isoformat()}."


def _warnings(
    scope: Scope, periods: int, earlier: _Parts, now: _Parts, target: Mapping[str, float]
) -> Iterator[str]:
    yield from _unfinished(scope)
    if scope.only:
        yield "Quotas are set for all that is sold, so none is the target here."
    if periods < 3:
        known = "No earlier period is" if not periods else f"Only {periods} earlier periods are"
        yield f"{known.replace('1 earlier periods are', '1 earlier period is')} known: hardly a rule."
    for currency, wanted in target.items():
        needed = earlier.get(currency, Yield()).needed
        opening = now.get(currency, Yield()).opening
        if needed and wanted and opening / wanted < needed:
            yield (
                f"{currency}: {opening / wanted:.2f} times the target was open; earlier periods needed "
                f"{needed:.2f} times what they won."
            )
