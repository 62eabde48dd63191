"""The ledger knows of any day what the history itself knows."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest

from salestui.analytics.events import Events, Known
from salestui.analytics.forecast.ledger import make_ledger
from salestui.analytics.forecast.study import Study
from salestui.analytics.history import read_events
from salestui.store.store import Store
from salestui.text import to_day
from salestui.usecases import deals, undo
from tests.analytics.book import STAGES, START, Life, Move, make_book
from tests.analytics.forecast.past import START as FIRST
from tests.analytics.forecast.past import a_team, make_events
from tests.analytics.test_past import _lives
from tests.conftest import Clock


def same(one: Known, other: Known) -> bool:
    return all(
        np.array_equal(getattr(one, each.name), getattr(other, each.name)) for each in fields(one)
    )


@pytest.mark.parametrize("seed", range(3))
def test_of_a_store_with_backdated_entries_and_undo(
    sqlite_store: Store, clock: Clock, seed: int
) -> None:
    random = Random(seed)
    book = make_book(sqlite_store)
    book.add(*_lives(random, 120))
    book.add(Life([Move(0), Move(9, STAGES[0], "won", recorded=30), Move(12)], amount=100_00))
    keys = [row[0] for row in sqlite_store.read(lambda r: r.rows("SELECT id FROM deal LIMIT 9"))]
    for key in keys:
        clock.forward(hours=20)
        sqlite_store.write(deals.edit_deal, deal_id=key, amount_minor=random.randint(1, 99) * 100)
        if random.random() < 0.5:
            sqlite_store.write(undo.undo)
    sqlite_store.write(deals.delete_deal, deal_id=keys[0])
    events = sqlite_store.read(read_events)
    ledger = make_ledger(events)
    assert 0 < len(ledger.others.deal) < len(events.deal)
    for back in (0, 1, 2, 3, 20, 60, 200, 900):
        day = to_day(START + timedelta(days=80)) - back if back > 20 else events.today - back
        assert same(ledger.known_on(day), events.known_on(day))


def test_of_made_up_deals() -> None:
    events = make_events(a_team(3, 300))
    shuffled = np.random.default_rng(0).random(len(events.voided)) < 0.05
    odd = replace(events, voided=np.where(shuffled, events.recorded + 20, events.voided))
    for each in (events, odd):
        ledger = make_ledger(each)
        for day in range(FIRST - 70, FIRST + 420, 35):
            assert same(ledger.known_on(day), each.known_on(day))


def test_of_nothing(sqlite_store: Store) -> None:
    events: Events = sqlite_store.read(read_events)
    assert len(make_ledger(events).known_on(events.today)) == 0


@pytest.mark.parametrize("seed", range(3))
def test_sums_of_what_is_settled_are_those_of_all(seed: int) -> None:
    """A study that keeps monthly sums sees what one sees that counts every deal each day."""
    events = make_events(a_team(seed, 600))
    voided = np.random.default_rng(seed).random(len(events.voided)) < 0.05
    events = replace(events, voided=np.where(voided, events.recorded + 20, events.voided))
    fast = Study(events, "EUR")
    slow = Study(events, "EUR", chosen=lambda known: np.ones(len(known), bool))
    for day in (FIRST + 399, FIRST + 10, FIRST + 250, FIRST + 251, FIRST + 100, FIRST - 61):
        one, two = fast.view(day), slow.view(day)
        for each in fields(one):
            seen, counted = getattr(one, each.name), getattr(two, each.name)
            if each.name == "standing":
                for part in fields(seen):
                    parts = getattr(seen, part.name), getattr(counted, part.name)
                    assert parts[0].tolist() == pytest.approx(parts[1].tolist(), rel=1e-12)
            elif each.name == "won":
                assert all(
                    np.array_equal(seen[key].daily, counted[key].daily) for key in counted
                ), day
            elif isinstance(seen, np.ndarray):
                assert seen.tolist() == pytest.approx(counted.tolist(), rel=1e-12)
            else:
                assert seen == pytest.approx(counted, rel=1e-12), (day, each.name)
        for name in ("exposed", "lately"):
            seen, counted = getattr(fast.risk(day), name), getattr(slow.risk(day), name)
            for each in fields(seen):
                one, two = getattr(seen, each.name), getattr(counted, each.name)
                assert not one[:, two.shape[1] :].any()
                assert np.array_equal(one[:, : two.shape[1]], two)


def test_little_is_kept_of_each_event_and_each_day() -> None:
    """A hundred thousand deals have 600,000 events, and a back-test looks at a thousand days."""
    events = make_events(a_team(3, 300))
    ledger, there = make_ledger(events), Study(events, "EUR").view(FIRST + 300).standing
    kept = sum(_bytes(ledger, each.name) for each in fields(ledger))
    assert kept <= 21 * len(events.deal) + 24 * len(events.created)
    told = ("stage", "days", "count", "amount")
    assert sum(_bytes(there, name) for name in told) <= 18 * len(there.stage)


def _bytes(of: object, name: str) -> int:
    values = getattr(of, name)
    return values.nbytes if isinstance(values, np.ndarray) else 0
