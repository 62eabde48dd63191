"""A deal that was deleted, and came back, was gone on the days between and on no others."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from salestui.analytics.forecast.ledger import make_ledger
from salestui.analytics.history import read_events
from salestui.analytics.past import known_on, rebuilt
from salestui.analytics.past_deletions import deletions
from salestui.analytics.pipeline.waterfall import waterfall
from salestui.analytics.scope import ask
from salestui.analytics.stages.funnel import funnel
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period, to_day
from salestui.usecases.deals import create_deal, delete_deal, edit_deal, move_deal
from salestui.usecases.outcomes import win_deal
from salestui.usecases.undo import redo, undo
from tests.analytics.book import Book, Life, Move, make_book
from tests.analytics.test_events import ASKED, told
from tests.analytics.test_past import everything
from tests.conftest import Clock

STAGES = ("Enquiry", "Demo", "Offer")


@pytest.fixture
def book(store: Store) -> Book:
    """Four open deals, of which nothing has been written yet but what was imported."""
    book = make_book(store)
    book.add(*(Life([Move(day), Move(day + 9, "Demo")], 100_00 + day) for day in (1, 5, 20, 40)))
    return book


def known(store: Store, day: date) -> Any:
    """The deals of a day in every way in which they are read, which must tell the same."""

    def read(reader: Reader) -> Any:
        events = read_events(reader)
        of_events = told(events.known_on(to_day(day)))
        with rebuilt(reader, day) as then:
            assert of_events == sorted(then.rows(ASKED)), day
        if day == reader.today:
            sql = ASKED.replace("ORDER", "WHERE deleted_at IS NULL ORDER")
            assert of_events == sorted(reader.rows(sql))
        assert told(make_ledger(events).known_on(to_day(day))) == of_events
        with known_on(reader, day) as then:
            return of_events, everything(then, ask(reader, as_of=day))

    return store.read(read)


def counts(store: Store, *days: date) -> list[int]:
    return [store.read(lambda r, d=day: funnel(r, ask(r, as_of=d)).n) for day in days]


def test_a_deletion_that_is_taken_back_later_was_one_till_then(book: Book, clock: Clock) -> None:
    store, days = book.store, [clock.now.date()]

    def night() -> None:
        clock.forward(days=2)
        days.append(store.today())

    deal = store.read(lambda r: r.value("SELECT id FROM deal ORDER BY number LIMIT 1"))
    night()
    store.write(delete_deal, deal_id=deal)
    assert not store.read(deletions), "its row says all there is to say"
    night()
    store.write(undo)
    night()
    store.write(redo)
    night()
    store.write(undo)
    night()
    store.write(delete_deal, deal_id=deal)
    assert counts(store, *days) == [4, 3, 4, 3, 4, 3]
    assert len(store.read(deletions)[deal]) == 3
    period = Period(days[1], days[2], "while it was gone")
    moved = store.read(lambda r: waterfall(r, ask(r, period=period)))
    assert moved.n and not moved.warnings


def test_what_is_done_again_later_was_not_done_then(book: Book, clock: Clock) -> None:
    """A deletion that is done again has the day of the first time on its row."""
    store = book.store
    deal = store.read(lambda r: r.value("SELECT id FROM deal ORDER BY number LIMIT 1"))
    store.write(delete_deal, deal_id=deal)
    store.write(undo)
    day = store.today()
    clock.forward(days=3)
    store.write(redo)
    assert counts(store, day, store.today()) == [4, 3]
    clock.forward(days=3)
    store.write(undo)
    assert counts(store, day, store.today()) == [4, 4]


@pytest.mark.parametrize("seed", range(6))
def test_nothing_done_later_changes_what_was_known(book: Book, clock: Clock, seed: int) -> None:
    """The law: deals are made, moved, deleted, and it is undone and done again; no past day changes."""
    store, random = book.store, Random(seed)
    seen: dict[date, Any] = {}
    for _ in range(9):
        for _ in range(5):
            try:
                _something(random, book)
            except Refused:  # nothing to undo, a deal that is won already …
                continue
        day = store.today()
        seen[day] = known(store, day)
        clock.forward(days=random.randint(1, 5))
        for day, before in seen.items():
            assert known(store, day) == before, day
    assert store.read(deletions)


def _something(random: Random, book: Book) -> None:
    store = book.store
    if random.random() < 0.5:
        store.write(random.choice((undo, undo, redo)))
        return
    listed = store.read(
        lambda r: r.rows("SELECT id FROM deal WHERE deleted_at IS NULL ORDER BY id")
    )
    change = random.choice((create_deal, delete_deal, delete_deal, edit_deal, move_deal, win_deal))
    deal = random.choice(listed)[0] if len(listed) > 2 else ""
    if not deal or change is create_deal:
        store.write(create_deal, title="New", stage_id=book["Enquiry"], owner_id=book["Ona"])
    elif change is edit_deal:
        store.write(edit_deal, deal_id=deal, amount_minor=random.randint(1, 9_999))
    elif change is move_deal:
        store.write(move_deal, deal_id=deal, to_stage_id=book[random.choice(STAGES)])
    else:
        store.write(change, deal_id=deal)
