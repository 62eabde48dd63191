"""Reports of an earlier day say where stages were otherwise then."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salestui.analytics.outlook.open_deals import open_deals
from salestui.analytics.people.team import team
from salestui.analytics.pipeline.board import board
from salestui.analytics.pipeline.opened import pipeline
from salestui.analytics.pipeline.stalled import stalled
from salestui.analytics.scope import ask
from salestui.store.store import Store
from salestui.usecases import process
from tests.analytics.book import Life, Move, make_book
from tests.conftest import Clock

DAY = date(2026, 3, 18)
TOLD = "1 stage has got another percentage, idle limit or kind since that day: reckoned is with today's."


@pytest.mark.parametrize("report", [board, pipeline, open_deals, stalled, team])
def test_what_goes_by_the_terms_of_stages_says_that_they_have_changed(
    store: Store, clock: Clock, report: Any
) -> None:
    book = make_book(store)
    book.add(Life([Move(60)], 500_00))
    clock.forward(days=3)

    def told() -> tuple[str, ...]:
        return store.read(lambda r: report(r, ask(r, as_of=DAY))).warnings  # type: ignore[no-any-return]

    assert TOLD not in told()
    store.write(process.edit_stage, stage_id=book["Demo"], name="Show")
    assert TOLD not in told(), "a name is only what it is called"
    store.write(process.edit_stage, stage_id=book["Demo"], probability=77)
    assert TOLD in told()
    assert TOLD not in store.read(lambda r: report(r, ask(r))).warnings
    store.write(process.edit_stage, stage_id=book["Offer"], probability=61)
    assert TOLD not in told() and any(text.startswith("2 stages have got") for text in told())
