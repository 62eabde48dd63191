"""The timer of a rep: the settings that keep it, and the minutes it tells. Pure.

One setting says since when it runs, in microseconds since 1970, another on which client or deal, by its
key. A timer is no history: like every setting it is in no audit trail, and an undo leaves it alone.
"""

from __future__ import annotations

from datetime import datetime

LONGEST_MINUTES = 12 * 60
"""A timer that has run longer was forgotten: what it tells is no working time."""


def since_setting(rep_id: str) -> str:
    """The name of the setting that says since when."""
    return f"timer.{rep_id}"


def subject_setting(rep_id: str) -> str:
    """The name of the setting that says on what."""
    return f"{since_setting(rep_id)}.on"


def minutes_between(since: datetime, now: datetime) -> int:
    """Whole minutes, rounded up; at least 1, also after the clock was put back."""
    seconds = (now - since).total_seconds()
    return max(1, -int(-seconds // 60))
