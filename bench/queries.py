"""What the reads behind a screen cost, inside one process: the funnel's SQL and the client search."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from bench import server, stores
from bench.figures import Figure, high, median, milliseconds
from bench.multiplied import multiplied
from bench.setting import Setting
from salestui.analytics.groups import GROUPS, SLICES, STEPS
from salestui.analytics.only import known_labels
from salestui.analytics.scope import Scope, ask
from salestui.analytics.stages.overview import overview
from salestui.queries.client_list import search_clients
from salestui.store.opening import open_store
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period

_FLOOR = "SELECT sum(amount_minor) FROM deal"
_FLOOR_NAME = "select sum(amount_minor) from deal"
_SCAN = "SELECT id FROM client WHERE name LIKE '%nowhere%'"
_TYPED = (
    "nemuno logistika",
    "коваленко",
    "kovalenko",
    "lodz",
    "muller",
    "hurtownia wisla",
    "zielinski",
    "stocklight",
    "+370 6",
    "info@baltijos",
    "1234",
    "a",
)
"""What people type, key by key: names in any script, towns, phones, mails, numbers, nonsense."""

Timed = tuple[list[float], list[float]]


def funnel(setting: Setting) -> list[Figure]:
    """Everything the Funnel screen reads, over 100,000 deals or as many as wished, for every filter."""
    deals = setting.deals or stores.LARGE.deals
    is_large = deals == stores.LARGE.deals
    store = stores.opened(
        stores.ready(setting.cache, stores.LARGE)
        if is_large
        else multiplied(setting.cache, stores.LARGE, deals)
    )
    try:
        slowest, (wall, cpu), floor = _slowest(store, setting.rounds)
        statements = store.read(_count)
        narrow = list(_narrowed(store, setting.rounds))
    finally:
        store.close()
    more = (f"slowest of {len(_periods(store)) * 4} filters: {slowest}", f"{statements} statements")
    spent = median(milliseconds(cpu))
    return [
        Figure(f"funnel's SQL, {deals:,} deals, CPU", spent, "ms", deals / 1000, more=more),
        Figure("… against its floor", spent, "ms", 8, median(milliseconds(floor[1])), _FLOOR_NAME),
        *narrow,
        *(_postgres(setting, wall) if is_large else ()),
    ]


def _narrowed(store: Store, rounds: int) -> Iterator[Figure]:
    """The same of one product, of new clients, and of whatever else deals can be narrowed to."""
    only = ["product=Product 3", "clients=new", "clients=existing"]
    only += [f"{key}=none" for key in SLICES if key not in STEPS]
    only += store.read(_known_slices)
    for name, wishes in (
        ("of one product", only[:1]),
        ("of new clients", only[1:2]),
        ("of the dearest slice", only),
    ):
        scopes = [(wish, store.read(ask, only=(wish,))) for wish in wishes]
        slowest, (_, cpu), floor = _slowest(store, rounds, scopes)
        against = median(milliseconds(floor[1]))
        spent = median(milliseconds(cpu))
        more = (f"of {len(wishes)}: {slowest}",) if len(wishes) > 1 else ()
        yield Figure(f"funnel's SQL {name}, CPU", spent, "ms", 8, against, _FLOOR_NAME, more)


def _known_slices(reader: Reader) -> list[str]:
    """The first two labels of each group, where the store has any: the cards of clients say little."""
    return [
        f"{key}={label}"
        for key in SLICES
        if key not in ("product", "client", "clients")
        for _, label in known_labels(reader, GROUPS[key])[:2]
    ]


def _postgres(setting: Setting, sqlite_wall: Sequence[float]) -> Iterator[Figure]:
    """The same on PostgreSQL: elapsed time, as its work is another process's."""
    with server.running(setting.cache) as address:
        if address is None:
            return
        where = server.filled(address, stores.ready(setting.cache, stores.LARGE))
        store = open_store(where)
        try:
            slowest, (wall, _), floor = _slowest(store, setting.rounds)
        finally:
            store.close()
    yield Figure(
        "funnel's SQL on PostgreSQL, elapsed",
        median(milliseconds(wall)),
        "ms",
        2,
        median(milliseconds(sqlite_wall)),
        "SQLite, elapsed",
        (
            f"slowest filter: {slowest}",
            f"its own sum(amount) {median(milliseconds(floor[0])):.0f} ms",
        ),
    )


def _count(reader: Reader) -> int:
    overview(reader, Scope(reader.today))
    return reader.statements


def _periods(store: Store) -> dict[str, Period]:
    today = store.today()
    return {
        "all time": Period(None, None, "all"),
        "12 months": Period(today - timedelta(days=365), today, "12 months"),
        "quarter": Period(today - timedelta(days=91), today, "quarter"),
    }


def _slowest(
    store: Store, rounds: int, scopes: Sequence[tuple[str, Scope]] | None = None
) -> tuple[str, Timed, Timed]:
    """The filter that takes longest, its (wall, CPU) seconds, and those of the floor in between."""

    def sum_of_all(reader: Reader) -> Any:
        return reader.value(_FLOOR)

    floor: Timed = ([], [])
    found: dict[str, Timed] = {}
    scopes = list(_scopes(store)) if scopes is None else scopes
    for _ in range(max(3, rounds // 2)):
        for name, scope in scopes:
            _time(store, sum_of_all, floor)
            _time(
                store, lambda reader, s=scope: overview(reader, s), found.setdefault(name, ([], []))
            )
    slowest = max(found, key=lambda name: median(found[name][0]))
    return slowest, found[slowest], floor


def _scopes(store: Store) -> Iterator[tuple[str, Scope]]:
    """Everybody, a team, a rep and me, over each period; and one pipeline."""
    whose: dict[str, dict[str, Any]] = {
        "everybody": {},
        "a team": {"team": "Team 1"},
        "a rep": {"owner": "Rep 07"},
        "one pipeline": {"pipeline": "Sales"},
    }
    for when, period in _periods(store).items():
        for who, wishes in whose.items():
            scope = store.read(lambda reader, w=wishes, p=period: ask(reader, period=p, **w))
            yield f"{who}, {when}", scope


def _time(store: Store, query: Callable[[Reader], Any], into: Timed) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    store.read(query)
    into[0].append(time.perf_counter() - wall)
    into[1].append(time.process_time() - cpu)


def search(setting: Setting) -> list[Figure]:
    """The client list as one types: CPU for each key, over 40,000 clients."""
    store = stores.opened(stores.ready(setting.cache, stores.LARGE))
    cost: dict[str, list[float]] = {}
    scan: Timed = ([], [])
    try:
        count = store.read(lambda reader: reader.value("SELECT count(*) FROM client"))
        for _ in range(2 * setting.rounds):
            _time(store, lambda reader: reader.rows(_SCAN), scan)
            for typed in _TYPED:
                for end in range(1, len(typed) + 1):
                    timed: Timed = ([], [])
                    _time(
                        store, lambda reader, t=typed[:end]: search_clients(reader, typed=t), timed
                    )
                    cost.setdefault(typed[:end], []).extend(timed[1])
    finally:
        store.close()
    keys = {typed: median(milliseconds(seconds)) for typed, seconds in cost.items()}
    worst = max(keys, key=keys.__getitem__)
    middle = median(list(keys.values()))
    more = (
        f"median {middle:.2f} ms",
        f"p95 {high(list(keys.values())):.2f} ms",
        f"dearest: {worst!r}",
    )
    return [
        Figure(f"client search, {count:,} clients, dearest key", keys[worst], "ms", 5, more=more)
    ]
