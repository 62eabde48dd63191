"""Two writers on PostgreSQL, the second of whom begins while the first has not committed yet."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from enum import Enum
from functools import partial
from threading import Event
from typing import Any

import psycopg
from sqlalchemy import event

from salestui.errors import Refused
from salestui.store.store import Store
from salestui.store.unit import Unit

Act = Callable[[Unit], Any]

_DEADLINE = 30
_WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Pause(Enum):
    """Where the first writer lets the second one begin."""

    CHANGED = "its rows are changed"
    WRITTEN = "all is written but not committed"


def side_by_side(
    first: tuple[Store, Act], second: Callable[[], Any], pause: Pause
) -> tuple[str, str]:
    """What came of both: "saved", or why it was refused.

    The first goes on as soon as the second waits for it, or has ended.
    """
    is_there, may_go_on = Event(), Event()

    def stop(*_: object) -> None:
        is_there.set()
        assert may_go_on.wait(_DEADLINE)

    store, act = first

    def paused(unit: Unit) -> Any:
        if pause is Pause.WRITTEN:
            event.listen(unit.session, "before_commit", stop)
        result = act(unit)
        if pause is Pause.CHANGED:
            stop()
        return result

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(_outcome, partial(store.write, paused))
        try:
            assert is_there.wait(_DEADLINE), one.result()
            two = pool.submit(_outcome, second)
            _wait_until_it_waits(store, two)
        finally:
            may_go_on.set()
        return one.result(_DEADLINE), two.result(_DEADLINE)


def _outcome(write: Callable[[], Any]) -> str:
    try:
        write()
    except Refused as error:
        return str(error)
    return "saved"


def _wait_until_it_waits(store: Store, other: Future[str]) -> None:
    with psycopg.connect(store.location.conninfo, autocommit=True) as watching:
        for _ in range(_DEADLINE * 100):
            row = watching.execute(_WAITING).fetchone()
            if (row and row[0]) or wait_for([other], timeout=0.01).done:
                return
    raise AssertionError("it neither waits nor ends")
