"""Velocity: where dates are odd no figure is made up, and the flow of all is not taken for a sum."""

from __future__ import annotations

import pytest

from salestui.analytics.scope import ask
from salestui.analytics.selling.velocity import velocity
from salestui.store.store import Store
from tests.analytics.book import Life, Move, make_book


@pytest.mark.parametrize("won_on", [10, 3], ids=["on the day created", "before it"])
def test_a_cycle_of_no_days_or_fewer_gives_no_classic_velocity(
    sqlite_store: Store, won_on: int
) -> None:
    won = [Life([Move(10), Move(won_on, "Offer", "won")]) for _ in range(3)]
    make_book(sqlite_store).add(*won, Life([Move(20)]))
    report = sqlite_store.read(lambda r: velocity(r, ask(r)))
    assert report.cells("classic") == report.cells("classic_live") == (None,)
    assert not any("classic form is off" in text for text in report.warnings)


def test_of_deals_none_of_which_has_ended_no_share_is_won_yet(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*(Life([Move(i)]) for i in range(40)))
    report = sqlite_store.read(lambda r: velocity(r, ask(r)))
    assert report.cells("share_won") == (None,)
    assert report.warnings[0] == (
        "Not one of the deals created is closed yet: what share is won, nobody knows."
    )


def test_the_flow_of_all_is_said_to_be_no_sum(sqlite_store: Store) -> None:
    """Half of the small deals are won and a quarter of the great ones, most of which are open still."""
    lives = []
    for pipeline, share, amount in (("Sales", 2, 10_00), ("Service", 4, 900_00)):
        for number in range(40):
            end = ("Offer", "won") if number % share == 0 else ("Demo", "lost", "Price")
            lives.append(Life([Move(number), Move(number + 5, *end)], amount, pipeline=pipeline))
    lives += [Life([Move(74)], 900_00, pipeline="Service") for _ in range(80)]
    make_book(sqlite_store).add(*lives)
    report = sqlite_store.read(lambda r: velocity(r, ask(r)))
    told = next(text for text in report.warnings if text.startswith("All takes"))
    rows = sum(cell.minor for cell in report.cells("flow"))  # type: ignore[union-attr]
    assert f"add up to {rows / 100:,.2f} EUR" in told
    alone = sqlite_store.read(lambda r: velocity(r, ask(r, pipeline="Sales")))
    assert not any(text.startswith("All takes") for text in alone.warnings)
