"""`salestui demo`: its own store, its reports where nobody sits in front of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from salestui import config
from salestui.cli import launch
from salestui.store.opening import open_store
from tests.cli.conftest import Command


def test_it_prints_the_reports_and_leaves_the_own_store_alone(salestui: Command, db: Path) -> None:
    before = db.read_bytes()
    said = salestui("demo", "--as-of", "2026-03-18")
    assert said.code == 0 and said.err == ""
    assert said.out.startswith("The demo team as of 2026-03-18\n")
    for words in (
        "Funnel",
        "Stage conversion",
        "Forecast",
        "Board",
        "Demonstration",
        "Stalled",
        "1,200",
    ):
        assert words in said.out
    assert Path(config.demo_location()).exists()
    assert db.read_bytes() == before, "SALESTUI_DB names the real store, not the demo"
    assert salestui("demo", "--as-of", "2026-03-18").out == said.out


def test_what_it_will_not_do_is_one_sentence_and_exit_2(salestui: Command, db: Path) -> None:
    before = db.read_bytes()
    for arguments, words in (
        (("--db", str(db), "demo"), "not a demo store"),
        (("--db", str(db), "demo", "--reset"), "not a demo store"),
        (("demo", "--as-of", "2026-02-30"), "not in the calendar"),
        (("--me", "Nobody", "demo"), "no rep 'Nobody'"),
    ):
        said = salestui(*arguments)
        assert said.code == 2 and words in said.err and said.err.count("\n") == 1
        assert said.out == ""
    assert db.read_bytes() == before


def test_on_a_terminal_it_opens_the_day_of_a_rep(
    salestui: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def run(opened: object, screen: str) -> int:
        store = opened()  # type: ignore[operator]
        seen.extend((screen, store.actor, store.actor_id is not None))
        store.close()
        return 0

    monkeypatch.setattr(launch, "is_terminal", lambda: True)
    monkeypatch.setattr(launch, "run", run)
    said = salestui("demo")
    assert said.code == 0 and seen == ["today", "Ieva Jankauskaitė", True]
    assert said.out == "" and "Making up" in said.err
    assert salestui("demo").err == "", "there is nothing to wait for the second time"


def test_the_demo_store_is_one_for_all_commands(salestui: Command) -> None:
    salestui("demo", "--as-of", "2026-03-18")
    listed = salestui("--db", config.demo_location(), "rep", "list")
    assert "Łukasz Zieliński" in listed.out


def test_reading_a_demo_that_is_there_loads_no_orm(tmp_path: Path) -> None:
    """The second start paints as fast as any other."""
    path = tmp_path / "demo.db"
    code = (
        "import sys; from salestui.demo.opening import open_demo;"
        f"open_demo(where={str(path)!r}).store.close();"
        "print('sqlmodel' in sys.modules)"
    )
    loaded = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert loaded == ["True", "False"]
    open_store(str(path), is_created=False).close()
