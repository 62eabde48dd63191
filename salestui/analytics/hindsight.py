"""Whether a deal's client is named once it is decided: then whatever goes by the client looks ahead.

The client of a deal, and what hangs on it, is as of today, whichever day is asked about: no event tells
of it. Where clients were filled in as deals closed, having one tells how a deal ends.
"""

from __future__ import annotations

from datetime import date
from math import sqrt

from salestui.analytics.groups import OF_CLIENT
from salestui.analytics.past import known_on
from salestui.analytics.scope import Scope
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import so_many

_COUNTS = "SELECT outcome, count(*) FROM deal WHERE deleted_at IS NULL{lacking} GROUP BY outcome"
"""Asked twice, each time of an index: of all deals at once it would take longer than the funnel."""

_GAP = 0.1
"""What the shares without a client must differ by at least to be worth a sentence."""

_BEYOND = 3.29
"""Standard errors that a difference of shares exceeds by chance once in a thousand times."""


def hindsight(reader: Reader, scope: Scope, by: str | None = None) -> tuple[str, ...]:
    """The sentence to say of a report of the scope, given `by` a group, that looks ahead; else nothing.

    Counted are all deals of the store as they were known on the scope's day, once a read.
    """
    keys = dict.fromkeys(each.key for each in scope.only if each.key in OF_CLIENT)
    if by in OF_CLIENT:
        keys[by] = None
    if not keys:
        return ()
    asked = (hindsight, scope.as_of)
    if asked not in reader.found:
        reader.found[asked] = _told(reader, scope.as_of)
    told = reader.found[asked]
    return (f"{told}, so what goes by {' and '.join(keys)} looks ahead.",) if told else ()


def _told(reader: Reader, day: date) -> str:
    """That having a client tells how a deal ends, with the figures; "" where it does not."""
    with known_on(reader, day) as then:
        lacks = dict(then.rows(_COUNTS.replace("{lacking}", " AND client_id IS NULL")))
        if not lacks:
            return ""
        counts = dict(then.rows(_COUNTS.replace("{lacking}", "")))
    n, lack = counts.get(Outcome.OPEN, 0), lacks.get(Outcome.OPEN, 0)
    closed, closed_lack = (
        sum(each.get(outcome, 0) for outcome in (Outcome.WON, Outcome.LOST))
        for each in (counts, lacks)
    )
    if not is_apart(lack, n, closed_lack, closed):
        return ""
    named = "names" if lack == 1 else "name"
    return (
        f"{lack:,} of {so_many(n, 'open deal')} {named} no client, {closed_lack:,} of "
        f"{so_many(closed, 'closed one')}: whether a deal has one tells whether it is decided"
    )


def is_apart(one: int, of_one: int, other: int, of_other: int) -> bool:
    """Whether two shares differ by `_GAP` and beyond chance: z = (p - q) / sqrt(r(1 - r)(1/n + 1/m)).

    r is the share of both together. Source: the two-proportion test.
    """
    if not of_one or not of_other:
        return False
    gap = abs(one / of_one - other / of_other)
    share = (one + other) / (of_one + of_other)
    error = sqrt(share * (1 - share) * (1 / of_one + 1 / of_other))
    return gap >= _GAP and gap > _BEYOND * error
