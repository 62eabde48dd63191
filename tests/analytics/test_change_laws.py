"""What holds of the newer reports too: later changes nothing, nor does the order of the input."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.analytics.pipeline.coverage import coverage
from salestui.analytics.pipeline.opened import pipeline
from salestui.analytics.pipeline.slippage import slippage
from salestui.analytics.pipeline.stalled import stalled
from salestui.analytics.pipeline.waterfall import waterfall
from salestui.analytics.report import Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.competitors import competitors
from salestui.analytics.selling.products import products
from salestui.analytics.selling.velocity import velocity
from salestui.analytics.stages.durations import durations
from salestui.analytics.stages.moves import moves
from salestui.store.store import Store
from salestui.text import Period
from tests.analytics.book import make_book, on
from tests.analytics.test_laws import FEW, LIVES, Shelf
from tests.analytics.test_past import _lives, _until

Made = Callable[..., Report]

DATED: tuple[Made, ...] = (
    waterfall, durations, velocity, coverage, slippage, products, competitors, moves,
)  # fmt: skip
STANDING: tuple[Made, ...] = (stalled, pipeline)


@pytest.fixture
def shelf(tmp_path: Path, sqlite_template: Path) -> Shelf:
    return Shelf(tmp_path, sqlite_template)


@pytest.mark.parametrize("seed", range(3))
def test_what_came_later_changes_nothing(
    store: Store, seed: int, tmp_path: Path, sqlite_template: Path, open_at: Any
) -> None:
    random = Random(seed)
    lives, day = _lives(random, 120), random.randint(30, 60)
    make_book(store).add(*lives)
    other = tmp_path / "then.db"
    shutil.copy(sqlite_template, other)
    then = open_at(str(other))
    make_book(then).add(*_until(lives, day))
    period = Period(on(15), on(44), "a month")
    for report in (*DATED, *STANDING):
        for by in (None, "rep"):
            more = {} if report in STANDING else {"period": period}
            scope = store.read(lambda r, m=more: ask(r, as_of=on(day), **m))
            asked = store.read(lambda r, f=report, b=by, s=scope: f(r, s, b))
            told = then.read(
                lambda r, f=report, b=by, m=more: f(r, replace(ask(r, **m), as_of=on(day)), b)
            )
            assert asked.to_json() == told.to_json(), (report, by)


@FEW
@given(LIVES, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(shelf: Shelf, lives: Any, random: Any) -> None:
    shuffled = list(lives)
    random.shuffle(shuffled)
    one, other = shelf.filled(lives), shelf.filled(shuffled)
    period = Period(on(10), on(39), "a month")
    for report in DATED:
        told = [
            store.read(lambda r, f=report: f(r, ask(r, period=period))).to_json()
            for store in (one, other)
        ]
        assert told[0] == told[1], report
    for report in STANDING:
        told = [store.read(lambda r, f=report: f(r, ask(r))).to_json() for store in (one, other)]
        assert told[0] == told[1], report
    one.close()
    other.close()


@FEW
@given(LIVES)
def test_parts_add_up_to_the_whole(shelf: Shelf, lives: Any) -> None:
    store = shelf.filled(lives)
    for report, key in (
        (stalled, "open"), (pipeline, "count"), (velocity, "created"), (moves, "passed"),
    ):  # fmt: skip
        whole = store.read(lambda r, f=report: f(r, ask(r), "stage" if f is moves else None))
        for by in ("rep", "team", "kind", "pipeline"):
            parts = store.read(lambda r, f=report, b=by: f(r, ask(r), b))
            assert sum(parts.cells(key)) == parts.totals[key] == whole.totals[key], (report, by)
    store.close()
