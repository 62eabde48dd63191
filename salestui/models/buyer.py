"""Whether the client of a deal had bought before. Pure: the write path and the check use it."""

from __future__ import annotations

from datetime import date

from salestui.models.vocabulary import Buyer


def buyer(client_id: str | None, created_on: date | None, first_won_on: date | None) -> str | None:
    """The word for a deal; `None` where nobody knows.

    `first_won_on` is the earliest day on which a deal was won with the client, if any was: only a
    win of an earlier day than the deal's own makes the client an existing one.
    """
    if client_id is None or created_on is None:
        return None
    had_bought = first_won_on is not None and first_won_on < created_on
    return (Buyer.EXISTING if had_bought else Buyer.NEW).value
