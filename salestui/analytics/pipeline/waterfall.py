"""The waterfall: from what was open before the period to what was open at its end, change by change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.events import (
    NEVER,
    NO_AMOUNT,
    OPEN,
    UNDATED,
    Events,
    Flags,
    Ints,
    Known,
    Names,
)
from salestui.analytics.groups import DEALS, PEOPLE, Group, Label, group_of
from salestui.analytics.kept import events_of
from salestui.analytics.pipeline.flows import DATED, OUTSIDE, STEPS, Flow, flows
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.slices import codes_by, parts, within
from salestui.store.reader import Reader
from salestui.text import Period, from_day, so_many, to_day

BY = (*PEOPLE, "pipeline", *DEALS)

METHOD = (
    "Open deals as known at the end of the day before the period, and at the end of its last day. What "
    "came counts with the amount it has, or had while last open; what went with that too; the amount "
    "agreed at winning is the win rate's. Created: not known before. Moved: to or from another owner or "
    "pipeline. The sums add up to the last minor unit. Deals of a changed amount stand in another row too."
)

METHOD_DUE = (
    " Only deals count whose expected close lay in {}. Slipped: it was moved from there to a later day, or "
    "taken away; pulled out: to an earlier one. Pulled in: it was moved there from a later day, or had "
    "none; slipped in: from an earlier one. What was won or lost counts if it was due there before, or "
    "when it ended."
)

_WORDS = {
    "created": "Created",
    "reopened": "Reopened",
    "moved_in": "Moved in",
    "pulled_in": "Pulled in",
    "slipped_in": "Slipped in",
    "up": "Amount up",
    "down": "Amount down",
    "won": "Won",
    "lost": "Lost",
    "postponed": "Postponed",
    "slipped": "Slipped",
    "pulled_out": "Pulled out",
    "moved_out": "Moved out",
    "deleted": "Deleted",
}


def waterfall(
    reader: Reader, scope: Scope, by: str | None = None, *, due: Period | None = None
) -> Report:
    """The waterfall report; `by` a rep, a product … gives one for each.

    With `due` that of the deals that are expected to close in some days, which slip and are pulled in.
    """
    group = None if by is None else group_of(by, BY, "The waterfall")
    events = events_of(reader)
    first, last = days_between(scope)
    before, after = events.known_on(first), events.known_on(last)
    places, labels = _places(reader, scope, group, before, after)
    places_before, places_after = places[: len(before)], places[len(before) :]
    opened = opened_between(events, first, last)
    found = flows(before, after, places_before, places_after, opened, _days(due))
    if due is not None:
        scope = replace(scope, words={**scope.words, "due": due.label})
    warnings = tuple(_warnings(scope, found, before, after))
    return _report(scope, group, labels, found, events.names, (first, last), warnings)


def _days(due: Period | None) -> tuple[int, int] | None:
    if due is None:
        return None
    first = UNDATED + 1 if due.first is None else to_day(due.first)
    return first, NEVER if due.last is None else to_day(due.last)


def days_between(scope: Scope) -> tuple[int, int]:
    """The day before the period's first, and its last; a period with no beginning starts from nothing."""
    first, last = scope.period.first, scope.period.last
    end = min(to_day(last), to_day(scope.as_of)) if last is not None else to_day(scope.as_of)
    return min(UNDATED - 1 if first is None else to_day(first) - 1, end), end


def opened_between(events: Events, first: int, last: int) -> Flags:
    """Which of all deals were open by a change that was not known on `first` and stands on `last`."""
    is_known = (events.recorded <= last) & (events.day <= last) & (events.voided > last)
    is_new = is_known & ((events.recorded > first) | (events.day > first))
    opened = np.zeros(len(events.names.deals), bool)
    opened[events.deal[is_new & (events.outcome == OPEN)]] = True
    return opened


def _places(
    reader: Reader, scope: Scope, group: Group | None, before: Known, after: Known
) -> tuple[Ints, list[Label]]:
    """The place of the group of each deal before and after, or `OUTSIDE`; and the groups."""
    places, labels = np.zeros(len(before) + len(after), np.int64), [("", "")]
    if group is not None:
        codes = np.concatenate([codes_by(before, group), codes_by(after, group)])
        places, labels = parts(reader, before.names, group, codes, scope.as_of)
    chosen = np.concatenate([within(before, scope), within(after, scope)])
    return np.where(chosen, places, OUTSIDE), labels


def _report(
    scope: Scope,
    group: Group | None,
    labels: Sequence[Label],
    found: Sequence[Flow],
    names: Names,
    days: tuple[int, int],
    warnings: tuple[str, ...],
) -> Report:
    seen = {names.currencies[code] for each in found for code in each.sums}
    used = amounts.currencies(seen, ())
    rows: list[tuple[Cell, ...]] = []
    subjects: list[Behind] = []
    told = {(each.part, each.step): each for each in found}
    due = scope.words.get("due")
    for part in _ordered(labels, found):
        for step in STEPS:
            if due is None and step in DATED:
                continue
            each = told.get((part, step)) or Flow(part, step)
            if group is not None and not len(each.deals) and step not in ("before", "after"):
                continue
            lead = [labels[part][1]] if group is not None else []
            sums = {names.currencies[code]: sum_ for code, sum_ in each.sums.items()}
            rows.append(
                (*lead, _word(step, days), len(each.deals), *amounts.amount_cells(sums, used))
            )
            subjects.append(
                Behind("listed", deal_ids=tuple(names.deals[code] for code in each.deals))
            )
    lead_columns = [Column(group.key, group.label, "text")] if group is not None else []
    return Report(
        name="waterfall",
        title="Waterfall" if due is None else f"Waterfall of what is due in {due}",
        **asked(scope),
        columns=(
            *lead_columns,
            Column("step", "Step", "text"),
            Column("count", "Deals", "count"),
            *amounts.amount_columns("sum", "Sum", used),
        ),
        rows=tuple(rows),
        totals={},
        n=len({code for each in found for code in each.deals}),
        method=METHOD + (METHOD_DUE.format(due) if due is not None else ""),
        warnings=warnings,
        subjects=tuple(subjects),
    )


def _word(step: str, days: tuple[int, int]) -> str:
    if step in _WORDS:
        return _WORDS[step]
    day = days[0] if step == "before" else days[1]
    return "Open before" if day < UNDATED else f"Open {from_day(day).isoformat()}"


def _ordered(labels: Sequence[Label], found: Sequence[Flow]) -> list[int]:
    """The groups that have deals, the largest first; without a group one of all."""
    sizes = [0] * len(labels)
    for each in found:
        sizes[each.part] += len(each.deals)
    listed = [part for part, size in enumerate(sizes) if size]
    return sorted(listed, key=lambda part: (not labels[part][0], -sizes[part], labels[part][1]))


def _warnings(scope: Scope, found: Sequence[Flow], before: Known, after: Known) -> Iterator[str]:
    told = {code for each in found for code in each.deals}
    unknown = {
        code
        for known in (before, after)
        for code in known.deal[known.opening == NO_AMOUNT].tolist()
        if code in told
    }
    if unknown:
        deals = so_many(len(unknown), "deal")
        yield f"{deals} without amount on one of the two days counted as nothing there."
    due = scope.words.get("due")
    if due is not None and not told:
        yield f"No deal was expected to close in {due}."
    last = scope.period.last
    if last is not None and last > scope.as_of:
        yield f"The period is not over: it is followed up to {scope.as_of.isoformat()}."
