"""Calls: what reps and managers say will be won in a period, beside what was won and what deals say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from salestui.analytics.events import Events
from salestui.analytics.groups import refuse_by
from salestui.analytics.kept import events_of
from salestui.analytics.outlook import call_history
from salestui.analytics.outlook.call_categories import by_category
from salestui.analytics.outlook.call_facts import (
    CallFacts,
    Sums,
    newest,
    of_side,
    read_call_facts,
    standing_in,
    team_sum,
)
from salestui.analytics.outlook.call_history import LEAST, Trust
from salestui.analytics.outlook.call_subjects import Subject, deals, lead, subjects, totalled
from salestui.analytics.plan.standing import bounded, days_of
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked, refuse_only
from salestui.models.vocabulary import CallSide, ForecastCategory
from salestui.queries.plans import CallLine
from salestui.store.reader import Reader

BY = ("rep", "category", "call", "period")
METHOD = (
    "What was said of exactly these days by the end of the as-of day; of each side the newest counts. "
    "Won: in the period until that day. Counts: the manager's adjustment, else the commit. Deals say: "
    "won + open deals due in the period whose category is commit. Had: the mean accuracy of the rep's "
    f"commits that stood as long before the end of past periods, {LEAST} at least. n: calls and deals."
)


@dataclass(frozen=True, slots=True)
class CallReports:
    """All that is said of one scope's calls.

    `about` is whom and which currency the rows of `calls` are of, `said` the calls behind those of
    `history`.
    """

    scope: Scope
    calls: Report
    about: tuple[Subject, ...]
    categories: Report
    history: Report
    past: Report
    said: tuple[CallLine, ...]


def calls(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report by rep, by category of the open deals, call by call, or by past period."""
    chosen = by or "rep"
    refuse_by(chosen, BY, "Calls")
    made = reports(reader, scope, events_of(reader))
    return {
        "rep": made.calls,
        "category": made.categories,
        "call": made.history,
        "period": made.past,
    }[chosen]


def reports(reader: Reader, scope: Scope, events: Events) -> CallReports:
    """All of them, of this quarter unless a period is set; two statements besides the events."""
    refuse_only(scope, "Commits are of all that a rep sells")
    scope = bounded(scope)
    return build(scope, read_call_facts(reader, scope, events))


def build(scope: Scope, facts: CallFacts) -> CallReports:
    """All of them from facts already read."""
    first, last = days_of(scope)
    touching = tuple(c for c in facts.calls if c.last_on >= first and c.first_on <= last)
    past, trust = call_history.past(scope, facts)
    sums = standing_in(facts.known, first, last, scope.as_of)
    rows = subjects(scope, facts, sums, [c for c in touching if _is_of(c, first, last)])
    return CallReports(
        scope=scope,
        calls=_by_rep(scope, facts, sums, rows, trust),
        about=tuple(rows),
        categories=by_category(scope, facts, sums, rows),
        history=call_history.history(scope, facts, touching),
        past=past,
        said=touching,
    )


def _is_of(call: CallLine, first: date, last: date) -> bool:
    return (call.first_on, call.last_on) == (first, last)


def _by_rep(
    scope: Scope, facts: CallFacts, sums: Sums, rows: Sequence[Subject], trust: Trust
) -> Report:
    head, several = lead(rows)
    made: list[tuple[Cell, ...]] = []
    for row in rows:
        won = Money(team_sum(sums.won, row.owner_ids, row.currency), row.currency)
        sure = team_sum(sums.due[ForecastCategory.COMMIT], row.owner_ids, row.currency)
        own, best = (row.word(CallSide.REP, what) for what in ("commit_minor", "best_minor"))
        adjusted = row.word(CallSide.MANAGER, "commit_minor")
        had, periods = trust.get((row.id, row.currency), (None, 0)) if row.is_rep else (None, None)
        last = row.said[0] if row.said else None
        made.append(
            (
                *((row.name, row.currency) if several else (row.name,)),
                won, own, adjusted, best, had,
                Money(won.minor + sure, row.currency), adjusted or own,
                row.word(CallSide.MANAGER, "best_minor"), periods,
                None if last is None else facts.said_on(last),
            )
        )  # fmt: skip
    report = Report(
        name="calls",
        title="Calls",
        **asked(scope),
        columns=(*head, *_COLUMNS),
        rows=tuple(made),
        totals={},
        n=deals(sums) + sum(len(row.said) for row in rows),
        method=METHOD,
        warnings=tuple(_warnings(scope, facts, sums, rows)),
    )
    keys = ("won", "commit", "best", "backed", "counts")
    return totalled(report, [row.is_rep for row in rows], () if several else keys)


_COLUMNS = (
    Column("won", "Won", "money"),
    Column("commit", "Commit", "money"),
    Column("adjusted", "Adjusted", "money"),
    Column("best", "Best", "money"),
    Column("had", "Had", "ratio"),
    Column("backed", "Deals say", "money", is_extra=True),
    Column("counts", "Counts", "money", is_extra=True),
    Column("adjusted_best", "Adj. best", "money", is_extra=True),
    Column("periods", "Periods", "count", is_extra=True),
    Column("said_on", "Said", "day", is_extra=True),
)


def _warnings(scope: Scope, facts: CallFacts, sums: Sums, rows: Sequence[Subject]) -> Iterator[str]:
    first, last = days_of(scope)
    if not any(row.said for row in rows):
        yield (
            "Nobody has said anything of this period: c on the forecast screen, or "
            "salestui commit add PERIOD AMOUNT."
        )
    else:
        silent = sorted({r.name for r in rows if r.id and r.is_rep and not _has_said(r, rows)})
        if silent:
            yield f"No commit of {_some(silent)}."
    for row in rows:
        own = newest(of_side(row.said, CallSide.REP), "commit_minor")
        over = newest(of_side(row.said, CallSide.MANAGER), "commit_minor")
        if own is not None and over is not None and own.said_at > over.said_at:
            yield f"{row.name}'s commit is newer than the adjustment over it."
        if own is not None and sums.won.get((row.id, row.currency), 0) > (own.commit_minor or 0):
            yield f"{row.name} has won more than the commit: it is overtaken."
    others = [c for c in facts.calls if c.last_on >= first and c.first_on <= last]
    apart = sum(not _is_of(call, first, last) for call in others)
    if apart:
        yield f"{apart:,} calls of other days that touch these are only in the history."


def _has_said(row: Subject, rows: Sequence[Subject]) -> bool:
    return any(other.said for other in rows if other.id == row.id and other.is_rep)


def _some(names: Sequence[str]) -> str:
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")
