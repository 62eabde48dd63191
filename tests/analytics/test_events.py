"""The history as arrays tells of any day what the store, rebuilt for that day, tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import timedelta
from random import Random
from typing import Any

import numpy as np
import pytest

from salestui.analytics.events import (
    LOST,
    NEVER,
    NO_AMOUNT,
    OUTCOMES,
    STAYING,
    TO_LOST,
    TO_WON,
    UNDATED,
    WON,
    Events,
    Known,
)
from salestui.analytics.history import read_events
from salestui.analytics.past import rebuilt
from salestui.queries.choices import load_choices
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import from_day, to_day
from salestui.usecases import deals, outcomes, undo
from tests.analytics.book import STAGES, START, Life, Move, make_book, on
from tests.analytics.test_past import _lives
from tests.conftest import Clock

ASKED = """
SELECT d.id, d.outcome, d.stage_id, d.owner_id, d.amount_minor, d.currency, d.closed_on,
       d.stage_since_on, d.created_on FROM deal d ORDER BY d.id
"""


def told(known: Known) -> list[tuple[Any, ...]]:
    """What is known, in the store's own words."""
    names, rows = known.names, []

    def day(number: int) -> int | None:
        return None if number in (NEVER, UNDATED) else int(number)

    for i in range(len(known)):
        owner, amount = int(known.owner[i]), int(known.amount[i])
        rows.append(
            (
                names.deals[known.deal[i]],
                OUTCOMES[known.outcome[i]].value,
                names.stages[known.stage[i]].id,
                names.owners[owner] if owner >= 0 else None,
                None if amount == NO_AMOUNT else amount,
                names.currencies[known.currency[i]],
                day(known.closed[i]),
                day(known.entered[i]),
                day(known.created[i]),
            )
        )
    return sorted(rows)


def _pipeline(reader: Reader) -> str:
    return str(reader.value("SELECT id FROM pipeline ORDER BY position LIMIT 1"))


@pytest.mark.demo
def test_any_day_is_as_the_store_rebuilt_for_it(store: Store, clock: Clock) -> None:
    someone = store.read(
        lambda r: r.rows("SELECT id FROM deal WHERE outcome = 'open' ORDER BY id LIMIT 9")
    )
    reason = store.read(load_choices).loss_reasons[0].id
    ids = [row[0] for row in someone]
    store.write(outcomes.win_deal, deal_id=ids[0])
    store.write(outcomes.lose_deal, deal_id=ids[1], loss_reason_id=reason)
    clock.forward(hours=30)
    store.write(outcomes.reopen_deal, deal_id=ids[1])
    store.write(outcomes.lose_deal, deal_id=ids[2], loss_reason_id=reason)
    clock.forward(hours=30)
    store.write(undo.undo)
    store.write(deals.edit_deal, deal_id=ids[3], amount_minor=777)
    made = store.write(
        deals.create_deal, title="By mistake", pipeline_id=store.read(_pipeline), stage_id=None
    )
    clock.forward(hours=30)
    store.write(deals.delete_deal, deal_id=made.id)

    def compare(reader: Reader) -> None:
        events = read_events(reader)
        assert events.today == to_day(reader.today)
        for back in (0, 1, 2, 3, 40, 200, 400):
            day = reader.today - timedelta(days=back)
            with rebuilt(reader, day) as then:
                assert told(events.known_on(to_day(day))) == sorted(then.rows(ASKED))

    store.read(compare)


def cut(events: Events, day: int) -> Events:
    """The history without anything that was recorded or happened after `day`."""
    keep = (events.recorded <= day) & (events.day <= day)
    deal_long = {"created", "deleted", "client", "product", "kind", "source"}
    parts = {
        each.name: getattr(events, each.name)[keep]
        for each in fields(events)
        if each.name not in deal_long | {"names", "today"}
    }
    parts["voided"] = np.where(parts["voided"] > day, NEVER, parts["voided"])
    whole = {name: getattr(events, name) for name in deal_long}
    return Events(names=events.names, today=day, **parts, **whole)


@pytest.mark.parametrize("seed", range(3))
def test_what_came_later_changes_nothing(sqlite_store: Store, seed: int) -> None:
    random = Random(seed)
    make_book(sqlite_store).add(*_lives(random, 200))
    events = sqlite_store.read(read_events)
    for day in (to_day(START) + random.randint(0, 70) for _ in range(5)):
        for looked in (Events.known_on, Events.stays_on):
            now, then = looked(events, day), looked(cut(events, day), day)
            for each in fields(now):
                assert np.array_equal(getattr(now, each.name), getattr(then, each.name)), each.name


def test_stays_follow_one_another(sqlite_store: Store) -> None:
    first, second, third = STAGES
    make_book(sqlite_store).add(
        Life([Move(0, first), Move(3, second), Move(7, third), Move(9, third, "won")]),
        Life([Move(0, first), Move(5, third), Move(6, second), Move(8, second, "lost"), Move(20, second)]),
        Life([Move(4, second, "won")]),
        Life([Move(None, first)]),
    )  # fmt: skip
    events = sqlite_store.read(read_events)
    stays = events.stays_on(events.today)
    base = to_day(START)
    known = events.known_on(events.today)
    assert Counter(known.outcome.tolist())[WON] == 2
    listed = sorted(
        (int(known.deal[row]), int(entered) - base if entered != UNDATED else None, int(stage),
         None if left == NEVER else int(left) - base, int(to))
        for row, stage, entered, left, to in zip(
            stays.row, stays.stage, stays.entered, stays.left, stays.to, strict=True)
    )  # fmt: skip
    numbered = {deal: i for i, deal in enumerate(dict.fromkeys(row[0] for row in listed))}
    assert [(numbered[row[0]], *row[1:]) for row in listed] == [
        (0, 0, 0, 3, 1),
        (0, 3, 1, 7, 2),
        (0, 7, 2, 9, TO_WON),
        (1, 0, 0, 5, 2),
        (1, 5, 2, 6, 1),
        (1, 6, 1, 8, TO_LOST),
        (1, 20, 1, None, STAYING),
        (2, 4, 1, 4, TO_WON),
        (3, None, 0, None, STAYING),
    ]


def test_the_amount_while_it_was_open_is_kept_beside_the_last(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(Life([Move(0), Move(9, STAGES[0], "won")], amount=100_00))
    deal_id = sqlite_store.read(lambda r: r.value("SELECT id FROM deal"))
    sqlite_store.write(deals.edit_deal, deal_id=deal_id, amount_minor=80_00)
    events = sqlite_store.read(read_events)
    known = events.known_on(events.today)
    assert (known.opening.tolist(), known.amount.tolist()) == ([100_00], [80_00])
    then = events.known_on(to_day(on(5)))  # type: ignore[arg-type]
    assert from_day(int(then.created[0])) == START and then.is_open.all()


def test_an_empty_store_has_an_empty_history(store: Store) -> None:
    events = store.read(read_events)
    assert len(events.known_on(events.today)) == 0
    assert len(events.stays_on(events.today).row) == 0
    assert OUTCOMES.index("lost") == LOST
