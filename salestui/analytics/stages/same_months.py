"""The months that are like those of a period: the same months of each quarter, or of each year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from salestui.analytics.periods import stepped, this
from salestui.store.reader import Reader
from salestui.text import Period, from_day, to_day

_QUARTER = 3

_WINS = """
SELECT closed_on, sum(CASE WHEN outcome = 'won' THEN 1 ELSE 0 END) FROM deal
WHERE outcome IN ('won', 'lost') AND deleted_at IS NULL AND closed_on IS NOT NULL
      AND closed_on <= :day
GROUP BY closed_on
"""


@dataclass(frozen=True, slots=True)
class SameMonths:
    """`phases` of a calendar of `season` months, 3 or 12, counted from January as 0.

    `before`: the first day of the quarter or year in question, which is not one of the other ones.
    """

    season: int
    phases: frozenset[int]
    before: date

    @property
    def name(self) -> str:
        """ "month 3 of other quarters", "March and April of other years"."""
        return f"{self._months} of other {'quarters' if self.season == _QUARTER else 'years'}"

    @property
    def _months(self) -> str:
        if self.season == _QUARTER:
            names = [str(phase + 1) for phase in sorted(self.phases)]
            return f"month{'s' if len(names) > 1 else ''} {' and '.join(names)}"
        return ", ".join(date(2000, phase + 1, 1).strftime("%B") for phase in sorted(self.phases))

    @property
    def pooled(self) -> str | None:
        """A warning where months that differ are taken together, which makes what is usual wide."""
        if len(self.phases) == 1:
            return None
        return (
            f"The period lies in {self._months} of a {'quarter' if self.season == _QUARTER else 'year'}, "
            "which differ but are pooled: part of what is usual is that difference. A period within "
            "one month compares like with like."
        )

    def has(self, day: int) -> bool:
        """Whether a day, since 1970, lies in such a month."""
        return day < to_day(self.before) and (from_day(day).month - 1) % self.season in self.phases

    def between(self, first: date, last: date) -> tuple[Period, ...]:
        """The months of the kind from one day to another; those at the ends may be cut."""
        return tuple(
            Period(max(begin, first), min(end, last), "")
            for begin, end in _months(first, last)
            if self.has(to_day(begin))
        )


def same_months(then: Reader, period: Period, day: date) -> SameMonths | str:
    """The months like those of a period with both ends, or in a sentence why none are told apart.

    They are where the months differ in wins by more than chance explains (`forecast.phases.gate`).
    """
    import numpy as np

    from salestui.analytics.forecast.phases import FLAT, gate

    assert period.first is not None and period.last is not None
    wins = dict(then.rows(_WINS, day=to_day(day)))
    first = min(wins, default=to_day(day))
    daily = np.zeros(to_day(day) - first + 1)
    for each, count in wins.items():
        daily[each - first] = count
    found = gate(daily, first)
    if found.season == FLAT:
        why = "in too few months" if found.months < 5 or daily.sum() < 60 else f"p = {found.p:.2f}"
        return f"The months of a quarter do not differ in wins beyond chance ({why})"
    months = [begin for begin, _ in _months(period.first, period.last)]
    phases = frozenset((begin.month - 1) % found.season for begin in months)
    kind = "quarter" if found.season == _QUARTER else "year"
    if len(phases) == found.season:
        return f"{period.label} holds every month of a {kind}"
    return SameMonths(found.season, phases, this(kind, period.first).first or period.first)


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    month = this("month", first)
    while month.first is not None and month.last is not None and month.first <= last:
        yield month.first, month.last
        following = stepped(month, 1)
        if following == month:
            return
        month = following
