"""The past is the same whichever way its rows come: from the file at once, or row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from salestui.analytics import past_rows
from salestui.analytics.past import rebuilt
from salestui.demo.seed import seed_demo
from salestui.store import driver
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.usecases import deals, outcomes, undo
from tests.analytics.book import make_book, on
from tests.analytics.test_past import _lives
from tests.conftest import Clock
from tests.team import make_team

Rows = tuple[list[Any], list[Any]]


def told(reader: Reader, day: Any) -> Rows:
    """All rows of a rebuilt day, in an order of their own."""
    with rebuilt(reader, day) as then:
        deal, passage = then.rows("SELECT * FROM deal"), then.rows("SELECT * FROM passage")
    return sorted(map(repr, deal)), sorted(map(repr, passage))


def _one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_rows, "_copied_whole", lambda memory, reader: False)


def _all_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is taken from today: every deal's way is found from its events."""
    everybody = "SELECT id AS deal_id FROM deal WHERE :day > 0 AND :until > 0"
    events = past_rows._EVENTS.replace(past_rows._CHANGED, everybody)
    assert events != past_rows._EVENTS
    monkeypatch.setattr(past_rows, "_CHANGED", everybody)
    monkeypatch.setattr(past_rows, "_EVENTS", events)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_copied_is_what_the_events_say(
    store: Store, clock: Clock, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    if seed:
        store.write(seed_demo, as_of=store.today())
    else:
        make_book(store).add(*_lives(random, 150))
    opened = store.read(
        lambda r: r.rows("SELECT id FROM deal WHERE outcome = 'open' ORDER BY id LIMIT 4")
    )
    store.write(outcomes.win_deal, deal_id=opened[0][0])
    clock.forward(days=1)
    store.write(outcomes.win_deal, deal_id=opened[1][0])
    store.write(undo.undo)
    store.write(deals.edit_deal, deal_id=opened[2][0], amount_minor=777)
    pipeline_id = store.read(lambda r: r.value("SELECT min(pipeline_id) FROM deal"))
    made = store.write(
        deals.create_deal, title="By mistake", pipeline_id=pipeline_id, stage_id=None
    )
    clock.forward(days=1)
    store.write(outcomes.reopen_deal, deal_id=opened[0][0])
    store.write(deals.delete_deal, deal_id=made.id)

    def everything() -> list[Rows]:
        today = store.today()
        days = [today - timedelta(days=back) for back in (0, 1, 2, 3, 30, 60, 300)]
        return [store.read(told, day) for day in days]

    copied = everything()
    assert copied[0][0] and copied[1] != copied[2]
    with monkeypatch.context() as patched:
        _one_by_one(patched)
        assert everything() == copied
    _all_changed(monkeypatch)
    assert everything() == copied


def test_a_write_beside_the_read_is_not_seen(
    sqlite_store: Store, open_at: Callable[..., Store], clock: Clock
) -> None:
    team = make_team(sqlite_store)
    clock.forward(days=2)
    yesterday = sqlite_store.today() - timedelta(days=1)
    other = open_at(str(sqlite_store.location.path), me="Jonas")

    def look(reader: Reader) -> None:
        before = told(reader, yesterday)
        if driver.IS_WAL_SOUND:
            other.write(deals.edit_deal, deal_id=team.deals[0], title="Another title")
        assert told(reader, yesterday) == before

    sqlite_store.read(look)


def test_a_file_that_is_locked_is_read_through_the_connection_that_has_it(
    sqlite_store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_team(sqlite_store)
    clock.forward(days=2)
    yesterday = sqlite_store.today() - timedelta(days=1)
    copied = sqlite_store.read(told, yesterday)
    monkeypatch.setattr(past_rows, "_STATE", "SELECT no_such_function() FROM {}audit_entry")
    assert sqlite_store.read(told, yesterday) == copied


def test_the_first_day_of_the_book_is_empty(store: Store) -> None:
    make_book(store).add(*_lives(Random(7), 20))
    assert store.read(told, on(-9)) == ([], [])
