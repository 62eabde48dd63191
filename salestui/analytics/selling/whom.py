"""Whether what was done was done with new or with existing clients."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from salestui.analytics.past import known_on
from salestui.analytics.past_activities import Log
from salestui.models.vocabulary import Buyer
from salestui.store.reader import Reader

_DONE = """
SELECT rep_id, deal_id, CASE WHEN deal_id IS NULL THEN activity.client_id END AS whom,
       CASE WHEN deal_id IS NULL THEN on_day END AS since, direction,
       count(*), CAST(coalesce(sum(duration_minutes), 0) AS BIGINT)
FROM {activity} WHERE state = 'done' {conditions}
GROUP BY rep_id, deal_id, whom, since, direction
"""
_BUYERS = "SELECT id, buyer FROM deal WHERE deleted_at IS NULL"
_BOUGHT = """
SELECT client_id, min(closed_on) FROM deal
WHERE outcome = 'won' AND client_id IS NOT NULL AND deleted_at IS NULL GROUP BY client_id
"""


class Done(NamedTuple):
    """Activities of a rep in one direction; `buyer` is a word of `Buyer`, `None` where nobody knows."""

    rep_id: str | None
    buyer: str | None
    direction: str
    number: int
    minutes: int


def done_with(reader: Reader, as_of: date, log: Log) -> Iterator[Done]:
    """What was done of the log, by whether the client had bought, as known on the day.

    Of a deal it is what the deal is of; of none, what the client was on the day of the activity.
    """
    with known_on(reader, as_of) as then:
        buyers = dict(then.rows(_BUYERS))
        bought = dict(then.rows(_BOUGHT))
    for rep_id, deal_id, client_id, day, direction, count, minutes in log.rows(reader, _DONE):
        if deal_id is not None:
            buyer = buyers.get(deal_id)
        elif client_id is None or day is None:
            buyer = None
        else:
            first = bought.get(client_id)
            buyer = Buyer.EXISTING if first is not None and first < day else Buyer.NEW
        yield Done(rep_id, buyer, direction, count, minutes)
