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
    """`phases` of a calendar of `season` months, 3 or 12, counted from January as 0."""

    season: int
    phases: frozenset[int]

    @property
    def name(self) -> str:
        """ "month 3 of other quarters", "March and April of other years"."""
        if self.season == _QUARTER:
            names = [str(phase + 1) for phase in sorted(self.phases)]
            return f"month{'s' if len(names) > 1 else ''} {' and '.join(names)} of other quarters"
        names = [date(2000, phase + 1, 1).strftime("%B") for phase in sorted(self.phases)]
        return f"{', '.join(names)} of other years"

    def has(self, day: int) -> bool:
        """Whether a day, since 1970, lies in such a month."""
        return (from_day(day).month - 1) % self.season in self.phases

    def between(self, first: date, last: date) -> tuple[Period, ...]:
        """The months of the kind from one day to another; those at the ends may be cut."""
        return tuple(
            Period(max(begin, first), min(end, last), "")
            for begin, end in _months(first, last)
            if (begin.month - 1) % self.season in self.phases
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
    if len(phases) == found.season:
        kind = "quarter" if found.season == _QUARTER else "year"
        return f"{period.label} holds every month of a {kind}"
    return SameMonths(found.season, phases)


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    month = this("month", first)
    while month.first is not None and month.last is not None and month.first <= last:
        yield month.first, month.last
        following = stepped(month, 1)
        if following == month:
            return
        month = following
