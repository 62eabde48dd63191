"""The coaching page of one rep: strengths and gaps beside the best third, as far as chance allows.

The rep sees the same page about themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from salestui.analytics.people.habits import Habit, Habits, read_habits
from salestui.analytics.people.same_mix import Beside
from salestui.analytics.periods import year_before
from salestui.analytics.plan.standing import bounded
from salestui.analytics.rendering.wording import UNKNOWN, amount, percent
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.selling.best_third import best_third
from salestui.analytics.stages.deviation import (
    MOST_FALSE_OF_PEOPLE,
    benjamini_hochberg,
    is_wide,
)
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.text import minor_digits, so_many

METHOD = (
    "The rep's own figure, with its 95 % interval, beside all and the best third: the reps who won most, "
    "whose lead is partly luck, so theirs and the estimate are shrunken towards all. Same mix: what others "
    "do with the same products and pipelines (win rate: all, in the same pipelines); only what differs from "
    "that is tested, amounts and days by logarithms. A strength or a gap is named only where 1 of 20 such "
    "findings at most is chance (Benjamini-Hochberg over all reps, for the win rate by itself, else over "
    "all measures), from 20 cases on (win rate: 50 closed deals) and from 5 points or 10 % on. Cycle: from "
    "created to won."
)
_LEAST_RATIO = 0.10


@dataclass(frozen=True, slots=True)
class Line:
    """A measure of one rep, with its q over all reps and measures; `None` where it was not tested."""

    habit: Habit
    beside: Beside
    q: float | None

    @property
    def usual(self) -> float | None:
        """What it is held against: what others do with the same mix, where a mix matters."""
        return self.beside.everybody if self.beside.alike is None else self.beside.alike

    @property
    def is_flagged(self) -> bool:
        """Whether it differs from the others beyond chance and by enough."""
        if self.q is None or self.q >= MOST_FALSE_OF_PEOPLE:
            return False
        own = self.beside.own
        is_more = own is not None and self.usual is not None and own > self.usual
        return self._is_apart(self.usual) and is_more == self.beside.is_more

    @property
    def is_mix(self) -> bool:
        """Whether it is apart from all, most of which what the rep sells explains."""
        own, everybody, alike = self.beside.own, self.beside.everybody, self.beside.alike
        if own is None or everybody is None or alike is None or self.q is None or self.is_flagged:
            return False
        return self._is_apart(everybody) and abs(own - alike) < abs(own - everybody) / 2

    def _is_apart(self, usual: float | None) -> bool:
        own = self.beside.own
        if own is None or not usual:
            return False
        if self.habit.kind == "ratio":
            return is_wide(own - usual)
        return abs(own / usual - 1) >= _LEAST_RATIO

    @property
    def verdict(self) -> str:
        """In one word or two: strength, gap, more, less, as all, too few."""
        if self.q is None:
            return "too few"
        if not self.is_flagged:
            return "as all"
        if self.habit.better == "neither":
            return "more" if self.beside.is_more else "less"
        return "strength" if self.beside.is_more == (self.habit.better == "more") else "gap"


def lines(habits: Habits, rep: str) -> list[Line]:
    """The rep's measures; corrected over everybody's, so that a page of many pages cries no wolf.

    Whether the win rate differs is asked by itself, as the team's report asks it.
    """
    best = best_third(habits.won)
    ps = {
        (key, place): p
        for key in sorted({*habits.won, rep})
        for place, habit in enumerate(habits.habits)
        if habit.qs is None and (p := _chance(habit, key)) is not None
    }
    qs = dict(zip(ps, benjamini_hochberg(list(ps.values())), strict=True))
    return [
        Line(
            habit,
            habit.compare(rep, best),
            qs.get((rep, place)) if habit.qs is None else habit.qs.get(rep),
        )
        for place, habit in enumerate(habits.habits)
    ]


def _chance(habit: Habit, rep: str) -> float | None:
    return habit.compare(rep, ()).p if habit.chance is None else habit.chance(rep)


def coaching(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The page of the rep that the scope names, over the year before the as-of day unless a period is set."""
    if by is not None:
        raise Refused("The coaching page is of one rep: leave --by out.")
    if not scope.owner_ids or "owner" not in scope.words:
        raise Refused("The coaching page is of one rep: name one with --owner REP, or --mine.")
    rep = scope.owner_ids[0]
    if scope.is_always:
        scope = replace(scope, period=year_before(scope.as_of))
    scope = bounded(scope)
    habits = read_habits(reader, scope)
    made = lines(habits, rep)
    return Report(
        name="coaching",
        title="Coaching",
        **asked(scope),
        columns=_COLUMNS,
        rows=tuple(_cells(line, habits.currency) for line in made),
        totals={},
        n=habits.counted,
        method=METHOD,
        warnings=tuple(_warnings(made, habits, rep)),
    )


_COLUMNS = (
    Column("measure", "Measure", "text"),
    Column("unit", "", "text"),
    Column("own", "Own", "days"),
    Column("cases", "n", "count"),
    Column("low", "Low", "days", is_extra=True),
    Column("high", "High", "days", is_extra=True),
    Column("estimate", "Estimate", "days", is_extra=True),
    Column("everybody", "All", "days"),
    Column("same_mix", "Same mix", "days"),
    Column("best_third", "Best ⅓", "days"),
    Column("q", "q", "ratio", is_extra=True),
    Column("verdict", "", "text"),
)
_UNITS = {"ratio": "%", "days": "days", "count": "a week"}


def _cells(line: Line, currency: str) -> tuple[Cell, ...]:
    """Shares in percent and money in whole units, for one column holds them all."""
    beside, kind = line.beside, line.habit.kind
    scale = 100.0 if kind == "ratio" else 0.1 ** minor_digits(currency) if kind == "money" else 1.0
    digits = minor_digits(currency) if kind == "money" else 1

    def shown(value: float | None) -> float | None:
        return None if value is None else round(value * scale, digits)

    low, high = beside.interval or (None, None)
    return (
        line.habit.name, _UNITS.get(kind, currency), shown(beside.own), beside.n, shown(low),
        shown(high), shown(beside.shrunk), shown(beside.everybody), shown(beside.alike),
        shown(beside.best), line.q,
        line.verdict,
    )  # fmt: skip


def _warnings(made: Sequence[Line], habits: Habits, rep: str) -> Iterator[str]:
    flagged = [line for line in made if line.is_flagged]
    for line in flagged:
        said = _beside(line, habits.currency)
        if line.habit.better == "neither":
            yield f"{line.habit.name}: {line.verdict} than others, neither good nor bad by itself: {said}."
        else:
            word = " differs, and not for the better" if line.verdict == "gap" else " differs"
            yield f"{line.habit.name}{word}: {said}. Why, the figures do not say."
    for line in made:
        if line.is_mix:
            yield (
                f"{line.habit.name} is a matter of what is sold: {_beside(line, habits.currency)}. "
                "The rest may be chance."
            )
    if not flagged and any(line.q is not None for line in made):
        yield "Nothing here differs from the others beyond chance."
    if not any(line.q is not None for line in made):
        yield "Too few deals and activities to compare anything with the others."
    if count := habits.elsewhere.get(rep, 0):
        deals = so_many(count, "deal was", "deals were")
        yield f"{deals} won in other currencies than {habits.currency}: their amounts are not compared."
    if not best_third(habits.won):
        yield "With fewer than four reps who won anything a best third is one person: none is told."


def _beside(line: Line, currency: str) -> str:
    """ "1,331.26 USD, with the same mix 1,301.50, all 2,396.87"."""
    beside = line.beside
    parts = [_said(beside.own, line, currency)]
    if beside.alike is not None:
        parts.append(f"with the same mix {_said(beside.alike, line, currency)}")
    return ", ".join([*parts, f"all {_said(beside.everybody, line, currency)}"])


def _said(value: float | None, line: Line, currency: str) -> str:
    if value is None:
        return UNKNOWN
    if line.habit.kind == "ratio":
        return percent(value, short=True)
    if line.habit.kind == "money":
        return amount(Money(round(value), currency), "whole")
    return f"{value:,.1f}".removesuffix(".0")
