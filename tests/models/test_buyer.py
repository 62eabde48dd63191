"""Whether the client of a deal had bought before the deal was created."""

from __future__ import annotations

from datetime import date

import pytest

from salestui.models.buyer import buyer

DAY, BEFORE, AFTER = date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 3)


@pytest.mark.parametrize(
    ("client_id", "created_on", "first_won_on", "word"),
    [
        ("c", DAY, None, "new"),
        ("c", DAY, AFTER, "new"),
        ("c", DAY, DAY, "new"),  # its own win, on the day it was created
        ("c", DAY, BEFORE, "existing"),
        ("c", None, BEFORE, None),
        (None, DAY, None, None),
    ],
)
def test_only_a_win_before_the_day_of_the_deal_makes_an_existing_client(
    client_id: str | None, created_on: date | None, first_won_on: date | None, word: str | None
) -> None:
    assert buyer(client_id, created_on, first_won_on) == word
