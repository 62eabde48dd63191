"""What is kept between reads is thrown away by any write, whoever wrote."""

from __future__ import annotations

from collections.abc import Callable

from salestui.analytics.events import NEVER
from salestui.analytics.kept import Kept, give_back, made_once
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.usecases import deals, outcomes, undo
from tests.conftest import Clock
from tests.team import make_team


def test_it_is_read_once_until_somebody_writes(
    store: Store, where: str, open_at: Callable[..., Store], clock: Clock
) -> None:
    team = make_team(store)
    other = open_at(where, me="Jonas")
    kept = Kept()
    first = store.read(kept.events)
    assert store.read(kept.events) is first
    other.write(outcomes.win_deal, deal_id=team.deals[0])
    second = store.read(kept.events)
    assert second is not first and len(second.deal) == len(first.deal) + 1
    store.write(deals.edit_deal, deal_id=team.deals[1], title="Another title")
    assert store.read(kept.events) is not second
    other.write(undo.undo)
    assert (store.read(kept.events).voided != NEVER).sum() == 1
    before = store.read(kept.events)
    clock.forward(days=1)
    assert store.read(kept.events) is not before


def test_what_was_made_of_it_goes_with_it(sqlite_store: Store) -> None:
    team = make_team(sqlite_store)
    kept, calls = Kept(), []

    def count(key: str) -> int:
        def make(events: object) -> int:
            calls.append(key)
            return len(calls)

        return sqlite_store.read(lambda reader: kept.made(reader, key, make))

    assert (count("a"), count("b"), count("a")) == (1, 2, 1)
    sqlite_store.write(outcomes.win_deal, deal_id=team.deals[0])
    assert count("a") == 3


def test_who_is_lent_it_reads_nothing_again(sqlite_store: Store) -> None:
    make_team(sqlite_store)
    kept = Kept()

    def ask(reader: Reader) -> None:
        with kept.lent():
            assert made_once(reader, "a", lambda events: events) is kept.events(reader)
            assert made_once(reader, "b", lambda _: 1) == made_once(reader, "b", lambda _: 2) == 1
        assert made_once(reader, "a", lambda events: events) is not kept.events(reader)
        assert made_once(reader, "b", lambda _: 3) == 3

    sqlite_store.read(ask)


def test_memory_can_be_given_back_wherever_the_program_runs() -> None:
    """Where the system's library knows of no such thing nothing happens; what is in use stays."""
    held = list(range(10_000))
    for _ in range(2):
        give_back()
    assert sum(held) == 49_995_000
