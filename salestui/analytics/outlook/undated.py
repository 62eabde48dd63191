"""Deals that no forecast can see, for want of a day: said, lest a forecast look whole without them."""

from __future__ import annotations

import numpy as np

from salestui.analytics.events import LOST, OPEN, UNDATED, WON, Events
from salestui.analytics.scope import Scope
from salestui.analytics.slices import within
from salestui.text import to_day


def left_out(events: Events, scope: Scope) -> tuple[str, ...]:
    """A sentence each on open deals without the day created, and on ended ones without that of their end."""
    known = events.known_on(to_day(scope.as_of))
    lacks = np.where(known.is_open, known.created, known.closed) == UNDATED
    outcome = known.outcome[lacks & within(known, scope)]
    told = []
    if ended := " and ".join(
        f"{count:,} {word}"
        for code, word in ((WON, "won"), (LOST, "lost"))
        if (count := int((outcome == code).sum()))
    ):
        told.append(f"Without a day closed, so left out: {ended}.")
    if count := int((outcome == OPEN).sum()):
        told.append(f"Without a day created, so left out: {count:,} open.")
    return tuple(told)
