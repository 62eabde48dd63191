"""The agenda of a sales meeting: what changed, what deviates, what slipped, what is coming."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from salestui.analytics.hindsight import hindsight
from salestui.analytics.kept import events_of, read_once
from salestui.analytics.periods import this
from salestui.analytics.rendering.page import Page, Section
from salestui.analytics.report import Report
from salestui.analytics.reports import report_named
from salestui.analytics.scope import ALWAYS, Scope, whose
from salestui.errors import Refused
from salestui.queries.meetings import LastMeeting, last_meeting
from salestui.store.reader import Reader
from salestui.text import Period, inert

if TYPE_CHECKING:
    from salestui.analytics.outlook.calls import CallReports

WEEK = timedelta(days=7)
Days = Literal["since", "plan", "ahead", "always"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a meeting asks of its points: the scope's deals since the day after `since`."""

    reader: Reader
    scope: Scope
    since: date
    should_stop: Callable[[], bool] | None = None

    def of(self, days: Days) -> Scope:
        """The scope of these days.

        They are those since the last meeting, those of the plan (the meeting's period, or this quarter),
        those ahead (the meeting's period, or the usual ones), or always.
        """
        scope, first = self.scope, self.since + timedelta(days=1)
        if days == "since":
            return replace(scope, period=Period(first, scope.as_of, f"{first}..{scope.as_of}"))
        if days == "plan" and scope.is_always:
            return replace(scope, period=this("quarter", scope.as_of))
        return replace(scope, period=ALWAYS) if days == "always" else scope


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the agenda: `make` gives its reports; `is_slow` where that takes seconds."""

    title: str
    make: Callable[[Asked], Iterable[Report]]
    is_slow: bool = False


def _of(name: str, days: Days, by: str | None = None) -> Callable[[Asked], Iterable[Report]]:
    """The report of that name."""
    return lambda asked: [report_named(name)(asked.reader, asked.of(days), by)]


def _changes(asked: Asked) -> Iterator[Report]:
    """In all that is open, and in what is due."""
    waterfall, of = report_named("waterfall"), asked.of("since")
    yield waterfall(asked.reader, of)
    yield waterfall(asked.reader, of, due=asked.of("plan").period)


def _coming(asked: Asked) -> Iterable[Report]:
    from salestui.analytics.outlook.trusted import trusted

    return trusted(asked.reader, asked.of("ahead"), asked.should_stop)


def calls_of(asked: Asked) -> CallReports:
    """What is said of the plan's period, and of whom each row is."""
    from salestui.analytics.outlook.calls import reports

    return reports(asked.reader, asked.of("plan"), events_of(asked.reader))


def _calls(asked: Asked) -> Iterator[Report]:
    """By rep, and call by call where there are any."""
    said = calls_of(asked)
    yield said.calls
    if said.history.rows:
        yield said.history


CALLS = Point("What we say will come", _calls)
POINTS = (
    Point("What changed since then", _changes),
    Point("What was won and lost", _of("win-rate", "since", "rep")),
    Point("Why deals were lost", _of("losses", "since")),
    Point("Where the funnel differs", _of("deviations", "always")),
    Point("What has slipped", _of("slippage", "since", "slipped")),
    Point("What stands still", _of("stalled", "always", "deal")),
    Point("What is coming, and how far to trust it", _coming, is_slow=True),
    CALLS,
    Point("Plan against actual", _of("quota", "plan")),
)
LAST_TIME = "What the last meeting decided"


def since_when(reader: Reader, as_of: date, since: date | None) -> tuple[date, LastMeeting | None]:
    """The day to compare with: the one asked for, or that of the last meeting, or a week before."""
    if since is not None and since >= as_of:
        raise Refused("A meeting looks back: --since is a day before --as-of.")
    last = last_meeting(reader, as_of)
    return since or (last.as_of_on if last is not None else as_of - WEEK), last


def build(asked: Asked, point: Point) -> Section:
    """One point of the agenda. What cannot be reported is said instead.

    That a report looks ahead it does not say: `minutes` does, once for all.
    """
    said = hindsight(asked.reader, asked.scope)
    made: list[Report] = []
    lines: tuple[str, ...] = ()
    try:
        for report in point.make(asked):
            left = tuple(text for text in report.warnings if text not in said)
            made.append(replace(report, warnings=left))
    except Refused as refusal:
        lines = (str(refusal),)
    return Section(point.title, lines, tuple(made))


def build_all(reader: Reader, scope: Scope, since: date) -> list[Section]:
    """All points, from one reading of the history."""
    with read_once():
        return [build(Asked(reader, scope, since), point) for point in POINTS]


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
    return minutes(reader, scope, day, [review(last), *build_all(reader, scope, day)])


def minutes(reader: Reader, scope: Scope, since: date, sections: Sequence[Section]) -> Page:
    """The sections as a page. That what deals were chosen by looks ahead it says once, for all of them."""
    of = whose(replace(scope, period=Period(None, None, "")) if scope.is_always else scope)
    return Page(
        f"Sales meeting of {scope.as_of.isoformat()}",
        f"{of} · compared with {since.isoformat()}",
        tuple(sections),
        hindsight(reader, scope),
    )
