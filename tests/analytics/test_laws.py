"""What holds of every store: outcomes add up to entries, and the order of input does not matter."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salestui.analytics.passages import ADVANCED, LOST, OPEN, POSTPONED, RETURNED, tallies
from salestui.analytics.report import Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.winning import win_rate
from salestui.analytics.stages.conversion import conversion
from salestui.analytics.stages.funnel import funnel
from salestui.analytics.stages.losses import losses
from salestui.store.opening import open_store
from salestui.store.store import Store
from tests.analytics.book import STAGES, Life, Move, make_book
from tests.conftest import NOON

_STEP = st.tuples(
    st.integers(0, 9),
    st.sampled_from(STAGES),
    st.sampled_from(("open", "open", "open", "won", "lost", "postponed")),
)


@st.composite
def _lives(draw: st.DrawFn) -> Life:
    """A deal: its first day or none, then steps so many days after each other."""
    day = draw(st.none() | st.integers(0, 40))
    moves = [Move(day, draw(st.sampled_from(STAGES)))]
    for gap, stage, outcome in draw(st.lists(_STEP, max_size=5)):
        day = None if day is None else day + gap
        stage = stage if outcome == "open" else moves[-1].stage
        moves.append(Move(day, stage, outcome, "Price" if outcome == "lost" else None))
    return Life(
        moves,
        draw(st.none() | st.integers(0, 10**9)),
        draw(st.sampled_from(("EUR", "PLN"))),
        draw(st.sampled_from(("Ona", "Jonas", "Zofia", None))),
    )


LIVES = st.lists(_lives(), max_size=12)
FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Shelf:
    """Makes one new store after another."""

    def __init__(self, folder: Path, template: Path) -> None:
        self._folder, self._template, self._count = folder, template, 0

    def filled(self, lives: list[Life]) -> Store:
        self._count += 1
        path = self._folder / f"{self._count}.db"
        shutil.copy(self._template, path)
        store = open_store(str(path), me="Ona", clock=lambda: NOON)
        make_book(store).add(*lives)
        return store


@pytest.fixture
def shelf(tmp_path: Path, sqlite_template: Path) -> Shelf:
    return Shelf(tmp_path, sqlite_template)


def run(store: Store, report: Any, by: str | None = None) -> Report:
    made: Report = store.read(lambda reader: report(reader, ask(reader, pipeline="Sales"), by))
    return made


@FEW
@given(LIVES)
def test_the_outcomes_of_a_cohort_add_up_to_its_entries(shelf: Shelf, lives: list[Life]) -> None:
    store = shelf.filled(lives)
    for tally in store.read(lambda r: tallies(r, ask(r))).values():
        letters = (ADVANCED, LOST, POSTPONED, RETURNED, OPEN)
        assert sum(tally.results[letter] for letter in letters) == tally.entered
        timed = tally.leaving.total() + tally.staying.total()
        assert timed <= tally.entered
        assert tally.entering.total() <= timed
    report = run(store, conversion)
    outcomes = ("advanced", "lost", "postponed", "returned", "open")
    parts = zip(*(report.cells(key) for key in outcomes), strict=True)
    assert [sum(row) for row in parts] == list(report.cells("entered"))
    store.close()


@FEW
@given(LIVES)
def test_a_funnel_only_narrows_and_nobody_is_lost_on_the_way(
    shelf: Shelf, lives: list[Life]
) -> None:
    store = shelf.filled(lives)
    report = run(store, funnel)
    counts = list(report.cells("count"))
    assert counts[0] == len(lives)
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == sum(life.moves[-1].outcome == "won" for life in lives)
    by_rep = run(store, funnel, "rep")
    first = [row for row, stage in enumerate(by_rep.cells("stage")) if stage == STAGES[0]]
    assert sum(by_rep.cells("count")[row] for row in first) == len(lives)
    store.close()


@FEW
@given(LIVES, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(shelf: Shelf, lives: list[Life], random: Any) -> None:
    shuffled = list(lives)
    random.shuffle(shuffled)
    one, other = shelf.filled(lives), shelf.filled(shuffled)
    for report in (funnel, conversion, win_rate, losses):
        assert run(one, report).to_json() == run(other, report).to_json()
    assert run(one, win_rate, "rep").to_json() == run(other, win_rate, "rep").to_json()
    one.close()
    other.close()


@FEW
@given(LIVES)
def test_parts_add_up_to_the_whole(shelf: Shelf, lives: list[Life]) -> None:
    store = shelf.filled(lives)
    whole = run(store, win_rate)
    for by in ("rep", "month", "kind"):
        parts = run(store, win_rate, by)
        assert parts.totals == whole.totals
        assert sum(parts.cells("closed")) == whole.totals["closed"]
    lost = run(store, losses)
    assert lost.n == whole.totals["lost"]
    assert sum(lost.cells("count")) == lost.n
    assert sum(share or 0 for share in lost.cells("share")) == pytest.approx(1 if lost.n else 0)
    store.close()
