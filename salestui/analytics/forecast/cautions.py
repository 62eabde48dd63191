"""What has to be said beside a forecast, in plain sentences, without being asked."""

from __future__ import annotations

from salestui.analytics.forecast.settings import Settings
from salestui.analytics.forecast.view import View
from salestui.text import minor_digits, of_so_many, so_many

_GAP = 5.0
"""How many times the stages' percentages may promise what ages do before it is worth a sentence."""

_YEAR = 366
_TIMES = 99
"""How many times one estimate is the other beyond which nobody counts."""


def is_old_enough(view: View, settings: Settings) -> bool:
    """Whether the history bears any claim about accuracy."""
    return view.months >= settings.claim_months and view.wins + view.losses >= settings.claim_closes


def is_known(view: View, settings: Settings) -> bool:
    """Whether there is history enough to carry on at all."""
    return too_little(view.wins, _winning_days(view), settings) is None


def too_little(wins: int, days: int, settings: Settings) -> str | None:
    """That so many wins in so many days, from the first win on, do not bear a forecast; `None` if they do."""
    if wins >= settings.least_wins and days >= settings.least_days:
        return None
    if not wins:
        return "No win with a day is known yet: there is nothing to forecast from."
    return (
        f"Too little history to forecast from: {so_many(wins, 'win')} in {so_many(days, 'day')} from the "
        f"first win on. It takes {settings.least_wins} wins and {settings.least_days} days."
    )


def _winning_days(view: View) -> int:
    """From the first win on: that of these deals, whatever others were closed before."""
    begun = view.won["count"].begun
    return 0 if begun is None else view.day - begun + 1


def is_priced(view: View) -> bool:
    """Whether any win has an amount, so that money can be forecast."""
    return view.won["revenue"].between(view.tracked, view.day) > 0


def _days(view: View) -> int:
    """Since the first close, that day included."""
    return view.day - view.tracked + 1


def is_too_far(view: View, last: int) -> bool:
    """Whether the last day is over a year ahead, and further than the past goes back."""
    return last - view.day > max(_YEAR, _days(view))


def halves(top_down: float, bottom_up: float, currency: str) -> str:
    """Both estimates, in minor units, how far they are apart, and what to ask: neither can be right."""
    least, most = sorted((top_down, bottom_up))
    times = f"{most / least:.1f}" if least > 0 and most / least < _TIMES else f"over {_TIMES}"
    past, deals = (
        f"{round(minor / 10 ** minor_digits(currency)):,} {currency}"
        for minor in (top_down, bottom_up)
    )
    return (
        f"Doubtful: past wins carried on say {past}, open and new deals {deals}: they disagree {times} "
        "times. Has the share won changed, is the pipeline incomplete or cut off, or are deals stale?"
    )


TOO_FAR = (
    "The period ends further ahead than the history goes back: this carries the last months on, and "
    "the range does not hold what may change until then."
)


def cautions(
    view: View,
    settings: Settings,
    wins: float,
    apart: str,
    standing: tuple[float, float],
    *,
    is_narrowed: bool = False,
) -> tuple[str, ...]:
    """Why to distrust a forecast of so many `wins`, whose halves are `apart` as `halves` words it.

    `standing` is the value of what is open by template and by statistics, in minor units; `is_narrowed`:
    only some deals were looked at, and what is said is said of them.
    """
    few = too_little(view.wins, _winning_days(view), settings)
    if few is not None:
        return (few,)
    told = []
    if not is_priced(view):
        told.append("No won deal has an amount: wins can be forecast, but no money.")
    elif view.unpaid:
        told.append(
            f"{of_so_many(view.unpaid, view.wins, 'won deal')} without an amount: in money they count "
            "as nothing, and so do such deals to come."
        )
    if not is_old_enough(view, settings):
        told.append(
            f"Too little history: {so_many(view.months, 'full month')} from the first win on, with "
            f"{so_many(view.wins + view.losses, 'closed deal')}. "
            f"No accuracy is claimed before {settings.claim_months} months with "
            f"{settings.claim_closes}, and the range is wider."
        )
    if wins < settings.claim_wins:
        told.append(
            f"Too few deals: wins expected: about {wins:.0f}. "
            f"Below {settings.claim_wins:.0f} look at the range, not at the figure."
        )
    if not view.losses:
        told.append("No losses are recorded: open deals look more alive than they may be.")
    if view.zombies:
        ever = "any won among these" if is_narrowed else "any deal ever won"
        told.append(
            f"{of_so_many(view.zombies, int(view.open_count.sum()), 'open deal')} older than {ever}."
        )
    if apart:
        told.append(apart)
    template, statistics = standing
    if template > _GAP * statistics:
        told.append(
            f"The stages' percentages promise {template / statistics:,.0f} times what deals of this age "
            "have brought."
            if _TIMES * statistics > template
            else "The stages' percentages promise money where deals of this age have brought next to none."
        )
    return tuple(told)
