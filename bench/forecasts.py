"""The forecast at 100,000 deals: its back-tests cold and kept, the funnel's comparison, past days, memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bench import stores
from bench.figures import Figure, median
from bench.processes import Runs, once_with_memory
from bench.setting import Setting
from bench.terminal import Terminal
from salestui.analytics.kept import Kept
from salestui.analytics.outlook import accuracy, forecast_overview, forecasting
from salestui.analytics.past import rebuilt
from salestui.analytics.scope import Scope, ask
from salestui.analytics.stages import deviations, overview
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period

_FAR = (1, 30, 365)
"""Days back from today."""
_ROWS = 150
"""Of a screen that shows all reports at once."""
_PATIENCE = 300.0
"""Seconds until the app must have measured its accuracy."""


def measure(setting: Setting) -> list[Figure]:
    """The memory of whole processes, then CPU seconds inside this one.

    In this order, as the peak of a process that is started counts what its parent holds at that time.
    """
    figures = [*_memory(setting)]
    store = stores.opened(stores.ready(setting.cache, stores.LARGE))
    try:
        for part in (_backtests, _comparison, _past):
            figures += part(store, setting)
    finally:
        store.close()
    return figures


def _backtests(store: Store, setting: Setting) -> Iterator[Figure]:
    """The history read, everybody's forecasts, and one back-test of 26 origins; then all the rest.

    The rest is what the Forecast screen works out besides: three more horizons, and every open deal
    priced, each way to price proved on 26 past days.
    """
    rounds = max(2, setting.rounds // 4)
    read: list[float] = []
    cold: list[float] = []
    whole: list[float] = []
    again: list[float] = []
    for _ in range(rounds):
        kept = Kept()
        read.append(_cpu(store, kept.events))
        cold.append(read[-1] + _cpu(store, _one, kept))
        whole.append(cold[-1] + _screen(store, kept))
        again.append(_cpu(store, _one, kept) + _screen(store, kept))
    least = f"least of {rounds}"
    more = (f"of that the history {min(read):.1f} s", least)
    yield Figure("forecast, back-test of 26 origins, CPU", min(cold), "s", 10, more=more)
    yield Figure("… and the rest of the screen", min(whole), "s", 20, more=(least,))
    yield Figure("… all of it from what is kept", min(again), "s", 1, more=(least,))


def _one(reader: Reader, kept: Kept) -> None:
    scope = ask(reader)
    with kept.lent():
        studies = forecasting.studies_in(reader, scope)
    periods = forecasting.periods_of(scope)
    asked = [(study, period) for study in studies for period in periods]
    forecasting.build(scope, forecasting.forecasts_of(scope, asked))
    accuracy.build(scope, [accuracy.tested(study, scope, "month") for study in studies])


def _screen(store: Store, kept: Kept) -> float:
    wish = overview.Wish()
    looked = _cpu(store, forecast_overview.look, wish, kept)
    return looked + _cpu(store, forecast_overview.measure, wish, kept)


def _comparison(store: Store, setting: Setting) -> Iterator[Figure]:
    """The stages beside the reference, which the funnel screen adds after its first tables."""
    today = store.today()
    found: dict[str, float] = {}
    for days in (28, 91, 365):
        period = Period(today - timedelta(days=days - 1), today, f"{days} days")
        scope = replace(store.read(ask), period=period)
        for against in ("reference", "last-year"):
            spent = [
                _cpu(store, _compare, scope, against) for _ in range(max(3, setting.rounds // 3))
            ]
            found[f"{period.label} against {against}"] = median(spent) * 1000
    slowest = max(found, key=found.__getitem__)
    more = (f"slowest of {len(found)}: {slowest}", f"quickest {min(found.values()):.0f} ms")
    yield Figure("funnel's comparison, 100,000 deals, CPU", found[slowest], "ms", 1000, more=more)


def _compare(reader: Reader, scope: Scope, against: str) -> Any:
    return deviations.deviations(reader, scope, against=against)


def _past(store: Store, setting: Setting) -> Iterator[Figure]:
    """Deals and passages as they were known: what every report as of an earlier day begins with."""
    found = {
        back: min(_cpu(store, _rebuild, back) for _ in range(max(2, setting.rounds // 3)))
        for back in _FAR
    }
    more = tuple(f"{back} days back {seconds:.2f} s" for back, seconds in found.items())
    yield Figure("a past day of 100,000 deals, CPU", max(found.values()), "s", 2, more=more)


def _rebuild(reader: Reader, back: int) -> None:
    with rebuilt(reader, reader.today - timedelta(days=back)):
        pass


def _cpu(store: Store, query: Callable[..., Any], *values: Any) -> float:
    began = time.process_time()
    store.read(query, *values)
    return time.process_time() - began


def _memory(setting: Setting) -> Iterator[Figure]:
    """Pages of the store that SQLite maps count, though the system may take them back at any time."""
    path = str(stores.ready(setting.cache, stores.LARGE))
    run = Runs()
    once_with_memory([*setting.program, "--db", path, "forecast", "--backtest"], setting.env, run)
    yield Figure(
        "forecast --backtest, 100,000 deals, peak",
        run.memory / 1024,
        "MB",
        400,
        more=(f"cpu {run.cpu[0]:.1f} s, the whole process",),
    )
    with Terminal([*setting.program, "--db", path, "today"], setting.env, rows=_ROWS) as terminal:
        terminal.start(r"\S.*\S")
        terminal.press("6")
        terminal.start("Accuracy had", limit=_PATIENCE, quiet=3)
        whole, mapped = terminal.memory() / 1024, terminal.memory("Pss_File") / 1024
    yield Figure(
        "app, Forecast screen measured, PSS",
        whole,
        "MB",
        400,
        more=(f"{mapped:.0f} MB of files", f"{whole - mapped:.0f} MB its own"),
    )
