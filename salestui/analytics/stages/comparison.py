"""The stages of a period beside what they are compared with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import inf

from salestui.analytics.periods import stepped
from salestui.analytics.pipelines import Pipeline, Stage
from salestui.analytics.stages.decisions import Decision, Shares, by_stage
from salestui.analytics.stages.deviation import Reference, Verdict, compared, measured, swing
from salestui.analytics.stages.reference import ENOUGH, SAME, Figures, Funnel
from salestui.analytics.stages.same_months import SameMonths
from salestui.text import Period, from_day, to_day

A_YEAR = timedelta(days=366)
"""Days before the period that hold its earlier ones: a whole year even if that has a 29 February."""

_MOST_PERIODS = 520

Past = Mapping[str, Sequence[tuple[int, int]]]
"""Stage -> (passed, decided) of each earlier period."""


@dataclass(frozen=True, slots=True)
class Case:
    """One stage now; `verdict` is `None` where nothing was decided or nothing is known to compare with.

    `win_after` is the chance of being won once a deal has gone on, `values` the mean amount of the
    winners by currency.
    """

    pipeline: Pipeline
    stage: Stage
    following: str
    now: Shares
    source: str
    reference: Reference | None = None
    verdict: Verdict | None = None
    win_after: float | None = None
    values: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_flagged(self) -> bool:
        """Whether it differs beyond chance."""
        return self.verdict is not None and self.verdict.is_flagged

    @property
    def missing(self) -> float:
        """How many deals more would have gone on at the reference rate: (p_ref - p) n."""
        return -self.verdict.gap * self.verdict.deals if self.verdict is not None else 0.0

    @property
    def cost(self) -> Mapping[str, int]:
        """What these would have brought, by currency: (p_ref - p) n P(win | next stage) x mean amount.

        Each currency counts its own deals.
        """
        if self.win_after is None or not self.now.deals:
            return {}
        return {
            currency: round(
                self.missing * count / self.now.deals * self.win_after * self.values[currency]
            )
            for currency, count in sorted(self.now.by_currency.items())
            if currency in self.values
        }


def judged(
    pipelines: Sequence[Pipeline],
    found: Sequence[Decision],
    funnels: Mapping[str, Funnel],
    period: Period,
    against: str,
    same: SameMonths | None = None,
) -> list[Case]:
    """Every stage before the sale, tested together. `found`: all that was decided by its end."""
    now, earlier = by_stage(found, period), past(found, period)
    alike = {} if same is None else past([each for each in found if same.has(each.day)], period)
    beside = by_stage(found, _beside(period, against)) if against.startswith("last-") else {}
    cases = []
    for case in _cases(pipelines, funnels, now):
        key = case.stage.id
        if against.startswith("last-"):
            reference = _of_one_period(beside.get(key, Shares()), earlier.get(key, ()))
            case = replace(case, source=_beside(period, against).label)
        else:
            funnel, before = funnels[case.pipeline.id], alike if case.source == SAME else earlier
            reference = _reference(funnel, funnel.figures.get(key), before.get(key, ()), period)
        cases.append(replace(case, reference=reference))
    told = [
        (each.pipeline.id, (each.now.passed, each.now.deals, each.reference))
        for each in cases
        if each.reference is not None and each.now.deals
    ]
    verdicts = iter(compared([case for _, case in told], [pipeline for pipeline, _ in told]))
    return [
        replace(each, verdict=next(verdicts)) if each.reference and each.now.deals else each
        for each in cases
    ]


def _cases(
    pipelines: Sequence[Pipeline], funnels: Mapping[str, Funnel], now: Mapping[str, Shares]
) -> Iterator[Case]:
    for pipeline in pipelines:
        stages, figures = pipeline.before_sale, funnels[pipeline.id].figures
        for place, stage in enumerate(stages):
            own = figures.get(stage.id, Figures(stage.id, ""))
            is_last = place == len(stages) - 1
            after = None if is_last else figures.get(stages[place + 1].id)
            yield Case(
                pipeline,
                stage,
                "Won" if is_last else stages[place + 1].name,
                now.get(stage.id, Shares()),
                own.source,
                win_after=1.0 if is_last else after.win if after is not None else None,
                values=own.values,
            )


def _reference(
    funnel: Funnel, own: Figures | None, earlier: Sequence[tuple[int, int]], period: Period
) -> Reference | None:
    """From a funnel: measured from earlier periods, kept as a version, or set by hand."""
    if own is None or own.forward is None:
        return None
    if own.decided is not None and funnel.number is None:
        return measured(earlier)
    if own.decided and not funnel.is_template:
        length = _days(period)
        periods = max(_days(funnel.period) / length, 1.0)
        return Reference(own.forward, own.decided, periods, swing(earlier))
    return Reference(own.forward, inf, inf, swing(earlier))


def _of_one_period(shares: Shares, earlier: Sequence[tuple[int, int]]) -> Reference | None:
    """One earlier period alone; how much such periods swing is known from all of them."""
    if not shares.deals:
        return None
    return Reference(shares.passed / shares.deals, shares.deals, 1, swing(earlier))


def _days(period: Period) -> int:
    first, last = bounds(period)
    return (last - first).days + 1


def bounds(period: Period) -> tuple[date, date]:
    """The first and the last day of a period that has both."""
    if period.first is None or period.last is None:
        raise ValueError(f"{period.label} has no first or no last day")
    return period.first, period.last


def _beside(period: Period, against: str) -> Period:
    """The period before, or the same a year earlier; of 29 February the day before."""
    if against == "last-period":
        return stepped(period, -1)
    first, last = (_year_back(day) for day in bounds(period))
    return Period(first, last, f"{first}..{last}")


def _year_back(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def past(found: Sequence[Decision], period: Period) -> Past:
    """The earlier periods of the same length: of a year, or of all time where a year decides too few."""
    first, _ = bounds(period)
    starts = _starts(period, min((each.day for each in found), default=to_day(first)))
    year = bisect_right(starts, to_day(first - A_YEAR) - 1)
    counted: dict[str, list[list[int]]] = {}
    for each in found:
        place = bisect_right(starts, each.day) - 1
        if place < 0 or each.day >= to_day(first):
            continue
        rows = counted.setdefault(each.stage_id, [[0, 0] for _ in starts])
        rows[place][0] += each.count * each.has_passed
        rows[place][1] += each.count
    chosen: dict[str, list[tuple[int, int]]] = {}
    for key, rows in counted.items():
        near = rows[year:]
        taken = near if sum(deals for _, deals in near) >= ENOUGH else rows
        chosen[key] = [(passed, deals) for passed, deals in taken]
    return chosen


def measured_from(period: Period) -> Period | None:
    """The days of the year's earlier periods of that length; `None` where none fits into a year."""
    first, _ = bounds(period)
    begin = to_day(first - A_YEAR)
    near = [day for day in _starts(period, begin) if day >= begin]
    if not near:
        return None
    return Period(from_day(near[0]), first - timedelta(days=1), str(len(near)))


def _starts(period: Period, earliest: int) -> list[int]:
    """The first days of the earlier periods, oldest first, as far back as anything is known."""
    starts: list[int] = []
    each = stepped(period, -1)
    while len(starts) < _MOST_PERIODS:
        day = to_day(bounds(each)[0])
        if starts and day >= starts[-1]:
            break
        starts.append(day)
        if day <= earliest:
            break
        each = stepped(each, -1)
    return starts[::-1]
