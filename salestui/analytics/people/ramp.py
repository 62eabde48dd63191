"""Ramp: what reps win by month of tenure, pooled over all who started, and when they are up to speed."""

from __future__ import annotations

from collections.abc import Iterator

from salestui.analytics.groups import refuse_by
from salestui.analytics.measures import ratio
from salestui.analytics.people.ramping import LAST, Career, Month, curve, ramp_month, ramp_range
from salestui.analytics.people.tenure import STAND_IN_DAYS, Result, Tenures, read_tenures
from salestui.analytics.plan.standing import people
from salestui.analytics.report import Cell, Column, Report, share_interval
from salestui.analytics.scope import Scope, asked, refuse_only, refuse_period
from salestui.store.reader import Reader

METHOD = (
    "Wins by whole month of tenure over all reps at work in it, those who left included until they "
    "left. Ramp: shrunken to the mean, never falling, 100 % = the mean of months 7 to 12 (or of the last "
    "three there are). Up to speed: the first month with 80 %; the range by drawing reps anew 400 times. Win "
    "rate: won / (won + lost) of the deals closed in that month of their rep's tenure, with the 95 % Wilson "
    "interval. Attained: what was won / quota, of rep-months with a quota of revenue; of a longer quota its "
    "part by working days."
)
_OWN_WINS = 20
_FEWEST = 3
"""Reps in their first half year below which a curve is one person's story."""


def ramp(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The curve by month of tenure; by rep each one's wins beside what the curve expects."""
    refuse_by(by or "month", ("month", "rep"), "The ramp")
    refuse_period(scope, "The ramp is of all that is known")
    refuse_only(scope, "The ramp is of all that reps win")
    found = read_tenures(reader, scope)
    months = curve(found.careers)
    names = {person.id: person.name for person in people(reader)}
    is_by_rep = by == "rep"
    has_ramp = _beginners(found.careers) >= _FEWEST and any(month.wins for month in months)
    return Report(
        name="ramp",
        title="Ramp",
        **asked(scope),
        columns=_REPS if is_by_rep else _MONTHS,
        rows=tuple(
            _reps(found, months, names)
            if is_by_rep
            else (
                _month(month, found.results.get(month.number, Result()), has_ramp=has_ramp)
                for month in months
            )
        ),
        totals={},
        n=sum(sum(career.wins) for career in found.careers),
        method=METHOD,
        warnings=tuple(_warnings(found, months)),
    )


_MONTHS = (
    Column("month", "Month", "text"),
    Column("reps", "Rep-months", "count"),
    Column("wins", "Wins", "count"),
    Column("per_rep", "Per rep", "days"),
    Column("ramp", "Ramp", "ratio"),
    Column("closed", "Closed", "count", is_extra=True),
    Column("win_rate", "Win rate", "ratio"),
    Column("interval", "95 %", "interval", is_extra=True),
    Column("attained", "Attained", "ratio"),
)
_REPS = (
    Column("rep", "Rep", "text"),
    Column("months", "Months", "count"),
    Column("wins", "Wins", "count"),
    Column("expected", "Expected", "days"),
    Column("of_expected", "Of expected", "ratio"),
)


def _month(month: Month, result: Result, *, has_ramp: bool) -> tuple[Cell, ...]:
    name = f"{month.number}+" if month.number == LAST else str(month.number)
    closed = result.won + result.lost
    attained = None
    if len(result.quota) == 1:
        ((currency, quota),) = result.quota.items()
        attained = ratio(result.amount[currency], quota)
    level = month.level if has_ramp else None
    return (
        name, month.reps, month.wins, ratio(month.wins, month.reps), level,
        closed, ratio(result.won, closed), share_interval(result.won, closed), attained,
    )  # fmt: skip


def _reps(found: Tenures, months: list[Month], names: dict[str, str]) -> Iterator[tuple[Cell, ...]]:
    """Each rep's wins beside those of a rep of the same tenure; a share only from 20 wins on."""
    rate = {month.number: ratio(month.wins, month.reps) or 0.0 for month in months}
    for career in sorted(found.careers, key=lambda each: names.get(each.rep_id, "")):
        expected = sum(rate[number] for number in career.months)
        wins = sum(career.wins)
        share = ratio(wins, expected) if wins >= _OWN_WINS else None
        name = names.get(career.rep_id, "")
        yield name, len(career.months), wins, round(expected, 1), share


def _beginners(careers: tuple[Career, ...]) -> int:
    return sum(any(month <= 6 for month in career.months) for career in careers)


def _warnings(found: Tenures, months: list[Month]) -> Iterator[str]:
    if not found.dated:
        yield "No rep has a first day at work, so a ramp is not known: salestui rep edit REP --started DAY."
    if found.guessed:
        yield (
            f"Reps whose first deal stands for their first day: {found.guessed}. It came {STAND_IN_DAYS} "
            "days or more after the records began, and starts the clock late."
        )
    if found.unknown and found.dated:
        yield f"Reps without a first day at work, left out: {found.unknown}."
    if not found.careers:
        return
    if any(len(result.quota) > 1 for result in found.results.values()):
        yield "Where quotas are in several currencies no attainment is told: none is converted."
    if not any(result.quota for result in found.results.values()):
        yield "No rep has had a quota of revenue in these months, so none was attained."
    beginners = _beginners(found.careers)
    speed, span = ramp_month(found.careers), ramp_range(found.careers)
    if beginners < _FEWEST:
        yield (
            f"Fewer than {_FEWEST} reps were seen in their first half year: no ramp can be told from that."
        )
    elif speed is not None and span is not None and months[0].number == 1:
        yield f"Up to speed in month {speed}; 8 times in 10 between month {span[0]} and month {span[1]}."
