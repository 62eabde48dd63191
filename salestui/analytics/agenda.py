"""The agenda of a sales meeting: what changed, what deviates, what slipped, what is coming."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    """One point of the agenda: a report `name` of `days`.

    Those since the last meeting, those of the plan (the meeting's period, or this quarter), those ahead
    (the meeting's period, or the usual ones), or always.
    """

    title: str
    report: str
    days: str
    by: str | None = None


POINTS = (
    Point("What changed since then", "waterfall", "since"),
    Point("What was won and lost", "win-rate", "since", "rep"),
    Point("Why deals were lost", "losses", "since"),
    Point("Where the funnel differs", "deviations", "always"),
    Point("What has slipped", "slippage", "since", "slipped"),
    Point("What stands still", "stalled", "always", "deal"),
    Point("What is coming, and how far to trust it", "forecast", "ahead"),
    Point("What we say will come", "calls", "plan"),
    Point("Plan against actual", "quota", "plan"),
)
LAST_TIME = "What the last meeting decided"


def since_when(reader: Reader, as_of: date, since: date | None) -> tuple[date, LastMeeting | None]:
    """The day to compare with: the one asked for, or that of the last meeting, or a week before."""
    if since is not None and since >= as_of:
        raise Refused("A meeting looks back: --since is a day before --as-of.")
    last = last_meeting(reader, as_of)
    return since or (last.as_of_on if last is not None else as_of - WEEK), last


def build(
    reader: Reader,
    scope: Scope,
    since: date,
    point: Point,
    should_stop: Callable[[], bool] | None = None,
) -> Section:
    """One point of the agenda. What cannot be reported is said instead."""
    made: list[Report] = []
    try:
        made.extend(_reports(reader, scope, since, point, should_stop))
    except Refused as refusal:
        return Section(point.title, (str(refusal),), tuple(made))
    return Section(point.title, (), tuple(made))


def _reports(
    reader: Reader,
    scope: Scope,
    since: date,
    point: Point,
    should_stop: Callable[[], bool] | None,
) -> Iterator[Report]:
    """The report of a point, and what belongs beside it."""
    of = replace(scope, period=_period(scope, since, point.days))
    if point.report == "forecast":
        from salestui.analytics.outlook.trusted import trusted

        yield from trusted(reader, of, should_stop)
    elif point.report == "calls":
        from salestui.analytics.history import read_events
        from salestui.analytics.outlook.calls import reports

        said = reports(reader, of, read_events(reader))
        yield said.calls
        if said.history.rows:
            yield said.history
    else:
        report: Callable[..., Report] = report_named(point.report)
        yield report(reader, of, point.by)
        if point.report == "waterfall":
            yield report(reader, of, due=_period(scope, since, "plan"))


def _period(scope: Scope, since: date, days: str) -> Period:
    if days == "since":
        first = since + timedelta(days=1)
        return Period(first, scope.as_of, f"{first}..{scope.as_of}")
    if days == "plan" and scope.is_always:
        return this("quarter", scope.as_of)
    return ALWAYS if days == "always" else scope.period


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
    """The whole meeting as a page, as of the scope's day; plan and forecast are of its period."""
    day, last = since_when(reader, scope.as_of, since)
    sections = [review(last), *(build(reader, scope, day, point) for point in POINTS)]
    return minutes(scope, day, sections)


def minutes(scope: Scope, since: date, sections: Sequence[Section]) -> Page:
    """The sections as a page."""
    of = whose(replace(scope, period=Period(None, None, "")) if scope.is_always else scope)
    return Page(
        f"Sales meeting of {scope.as_of.isoformat()}",
        f"{of} · compared with {since.isoformat()}",
        tuple(sections),
    )
