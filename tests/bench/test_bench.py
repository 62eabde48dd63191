"""The benchmarks measure what they say: stores of the promised shape, keys seen in a real terminal."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from bench import rows, stores
from bench.figures import Figure, high, show
from bench.multiplied import multiplied
from bench.processes import Runs, once_with_memory
from bench.stores import Size
from salestui.analytics.scope import ask
from salestui.analytics.stages.overview import overview
from salestui.store import checking

pyte = pytest.importorskip("pyte", reason="pyte is not installed")

SIZE = Size(60, 12)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small store, made as the large ones are."""
    return stores.ready(tmp_path_factory.mktemp("cache"), SIZE)


def test_every_deal_has_the_promised_history(made: Path) -> None:
    store = stores.opened(made)
    try:
        counts = store.read(
            lambda reader: reader.row(
                "SELECT (SELECT count(*) FROM deal), (SELECT count(*) FROM deal WHERE is_active),"
                " (SELECT count(*) FROM deal_event), (SELECT count(*) FROM activity),"
                " (SELECT count(*) FROM client), (SELECT min(change_count) FROM audit_entry)"
            )
        )
        assert counts is not None
        assert counts[:5] == (60, 12, 60 * rows.EVENTS, 60 * rows.ACTIVITIES, 200)
        assert counts[5] > 0, "written with its audit"
        assert checking.derived_problems(store) == []
    finally:
        store.close()


def test_a_store_is_kept_until_its_tables_change(made: Path) -> None:
    before = made.stat().st_mtime_ns
    assert stores.ready(made.parent, SIZE) == made
    assert made.stat().st_mtime_ns == before
    notes = made.with_suffix(".json")
    known = json.loads(notes.read_text())
    notes.write_text(json.dumps(known | {"indexes": "older"}))
    stores.ready(made.parent, SIZE)
    assert json.loads(notes.read_text()) == known, "indexes are laid anew, rows are kept"


def test_a_store_is_copied_many_times_with_keys_of_its_own(made: Path) -> None:
    copied = multiplied(made.parent, SIZE, 3 * SIZE.deals)
    one, three = stores.opened(made), stores.opened(copied)
    try:
        for table in ("deal", "deal_event", "passage"):
            count = f"SELECT count(*), count(DISTINCT id) FROM {table}"
            before, after = (store.read(lambda r, c=count: r.row(c)) for store in (one, three))
            assert before is not None and after == tuple(3 * each for each in before)
        before, after = (store.read(lambda r: overview(r, ask(r))) for store in (one, three))
        for report in ("funnel", "conversion", "losses"):
            n = [getattr(each, report).n for each in (before, after)]
            assert n[1] == 3 * n[0] > 0
        for cell in ("conversion", "median_days"):
            assert after.conversion.cells(cell) == before.conversion.cells(cell)
    finally:
        one.close()
        three.close()
    assert multiplied(made.parent, SIZE, 3 * SIZE.deals) == copied
    with pytest.raises(SystemExit, match="60 times"):
        multiplied(made.parent, SIZE, 100)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a pseudo terminal and /proc")
def test_a_key_is_seen_in_a_real_terminal() -> None:
    from bench.setting import PYTHON, ROOT
    from bench.terminal import Terminal

    env = dict(os.environ) | {"PYTHONPATH": str(ROOT), "COLUMNS": "80", "LINES": "24"}
    with Terminal([PYTHON, "-m", "bench.hello"], env, rows=10, columns=40) as terminal:
        started = terminal.start("Hello, world")
        assert started.cpu[0] > 0 and 0 < started.seconds[0] < 60
        pressed = terminal.press("a", expect="world 1")
        assert pressed.paint is not None and pressed.settled is not None
        assert 0 < pressed.paint <= pressed.settled
        assert 0 < pressed.written < 2000 and pressed.cpu > 0
        assert "Hello, world 1" in terminal.text()
        assert terminal.memory() > 5_000
        pid = terminal.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_figure_is_judged_by_its_ratio_where_it_has_a_floor() -> None:
    assert Figure("x", 20, "ms", 2, 10).is_met
    assert not Figure("x", 21, "ms", 2, 10).is_met
    assert not Figure("x", 21, "ms", 20).is_met
    assert Figure("x", 6_000, "rows/s", 5_000, is_at_least=True).is_met
    assert not Figure("x", 4_000, "rows/s", 5_000, is_at_least=True).is_met
    assert high(list(range(101))) == 95


def test_the_table_names_what_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    show([Figure("a [/x] b", 30, "ms", 2, 10, "hello"), Figure("c", 1, "MB", 2)])
    out = capsys.readouterr().out
    assert "a [/x] b" in out and "3.00 ×" in out and "OVER" in out and "ok" in out


def test_the_memory_of_a_program_is_its_own_not_that_of_the_bench() -> None:
    held = bytearray(b"x" * 300_000_000)
    run = Runs()
    said = once_with_memory([sys.executable, "-S", "-c", "print('done')"], os.environ, run)
    assert said == "done\n" and len(held) > run.memory * 1024 > 1_000_000
