"""What the forecast would be if deals were won more often, were larger, closed sooner, or came in faster."""

from __future__ import annotations

from dataclasses import dataclass, replace

from salestui.analytics.forecast.ageing import Hazard
from salestui.analytics.forecast.study import Parts, Study, Window


@dataclass(frozen=True, slots=True)
class Change:
    """Factors on today's ways; 1 leaves things as they are.

    `conversion` multiplies the daily rate of winning, `size` the amounts, `cycle` the days that
    deals take (both ways to end become slower above 1), `headcount` the new deals that come in.
    """

    conversion: float = 1.0
    size: float = 1.0
    cycle: float = 1.0
    headcount: float = 1.0


def changed_parts(study: Study, window: Window, change: Change) -> Parts:
    """Bottom up with the change in force from the day after `window.day` on, in minor units.

    The sum over open deals and over arrivals of P(won in the window) x amount, as the forecast takes
    it, with the rates h_w x conversion / cycle and h_l / cycle.
    """
    view, season = study.view(window.day), study.gate(window.day).season
    share, born = study.chances(window, season, _changed(study.hazard(window.day, season), change))
    return Parts(
        float(share @ view.open_sum("revenue")) * change.size,
        born * view.arrival_sum("revenue") * change.size * change.headcount,
    )


def _changed(hazard: Hazard, change: Change) -> Hazard:
    return hazard.times(change.conversion / change.cycle, 1.0 / change.cycle)


def what_if(study: Study, window: Window, value: float, change: Change) -> float:
    """`value`, the forecast of the window, scaled as the change scales its bottom-up part.

    The part carried on from past wins knows of no change, so that it is scaled alike. `value` itself
    where there is nothing to scale by.
    """
    before = changed_parts(study, window, Change()).sum
    return value * changed_parts(study, window, change).sum / before if before > 0 else value


STEP = 0.05
"""What one press of a key changes."""


def stepped(change: Change, name: str, by: int) -> Change:
    """The change with one factor `by` steps of 5 % more, from 25 % to 300 %."""
    factor = round(getattr(change, name) + by * STEP, 2)
    return replace(change, **{name: min(max(factor, 0.25), 3.0)})
