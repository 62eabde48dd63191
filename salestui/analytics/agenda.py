"""The agenda of a sales meeting: what changed, what deviates, what slipped, what is coming."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from salestui.analytics.periods import this
from salestui.analytics.rendering.page import Page, Section
from salestui.analytics.report import Report
from salestui.analytics.reports import report_named
from salestui.analytics.scope import ALWAYS, Scope, whose
from salestui.errors import Refused
from salestui.queries.meetings import LastMeeting, last_meeting
from salestui.store.reader import Reader
from salestui.text import Period, inert

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the agenda: a report `name` of `days` (since the last meeting, this quarter, always)."""

    title: str
    report: str
    days: str
    by: str | None = None


POINTS = (
    Point("What changed since then", "waterfall", "since"),
    Point("What was won and lost", "win-rate", "since", "rep"),
    Point("Why deals were lost", "losses", "since"),
    Point("Where the funnel differs", "deviations", "always"),
    Point("What has slipped", "slippage", "quarter", "deal"),
    Point("What stands still", "stalled", "always", "deal"),
    Point("What is coming", "forecast", "always"),
    Point("Plan against actual", "quota", "quarter"),
)
LAST_TIME = "What the last meeting decided"


def since_when(reader: Reader, as_of: date, since: date | None) -> tuple[date, LastMeeting | None]:
    """The day to compare with: the one asked for, or that of the last meeting, or a week before."""
    if since is not None and since >= as_of:
        raise Refused("A meeting looks back: --since is a day before --as-of.")
    last = last_meeting(reader, as_of)
    return since or (last.as_of_on if last is not None else as_of - WEEK), last


def build(reader: Reader, scope: Scope, since: date, point: Point) -> Section:
    """One point of the agenda. What cannot be reported is said instead."""
    report: Callable[..., Report] = report_named(point.report)
    try:
        made = report(reader, replace(scope, period=_period(scope.as_of, since, point)), point.by)
    except Refused as refusal:
        return Section(point.title, (str(refusal),))
    return Section(point.title, (), (made,))


def _period(as_of: date, since: date, point: Point) -> Period:
    if point.days == "since":
        first = since + timedelta(days=1)
        return Period(first, as_of, f"{first}..{as_of}")
    if point.days == "quarter":
        return this("quarter", as_of)
    return ALWAYS


def review(last: LastMeeting | None) -> Section:
    """The decisions of the meeting before."""
    if last is None:
        return Section(LAST_TIME, ("No meeting is kept before this day.",))
    told = []
    for each in last.decisions:
        who = f" · {inert(each.owner)}" if each.owner else ""
        until = f" · until {each.due_on.isoformat()}" if each.due_on else ""
        told.append(f"{inert(each.text)}{who}{until}")
    return Section(LAST_TIME, tuple(told) or (f"Nothing, on {last.held_on.isoformat()}.",))


def meeting(reader: Reader, scope: Scope, since: date | None = None) -> Page:
    """The whole meeting as a page, as of the scope's day."""
    day, last = since_when(reader, scope.as_of, since)
    sections = [review(last), *(build(reader, scope, day, point) for point in POINTS)]
    return minutes(scope, day, sections)


def minutes(scope: Scope, since: date, sections: Sequence[Section]) -> Page:
    """The sections as a page."""
    of = whose(replace(scope, period=Period(None, None, "")))
    return Page(
        f"Sales meeting of {scope.as_of.isoformat()}",
        f"{of} · compared with {since.isoformat()}",
        tuple(sections),
    )
