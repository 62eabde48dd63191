"""The user's own keys, and commands run on what happened."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from salestui import settings
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.usecases import deals, outcomes, start
from tests.screens.driving import driven


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "salestui.toml"
    monkeypatch.setenv("SALESTUI_CONFIG", str(path))
    return path


def test_without_a_file_nothing_is_set(file: Path) -> None:
    assert settings.load() == settings.Settings({}, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[keys", "cannot be read"),
        ("keys = 3", "hold lines such as"),
        ("[hooks]\ndeal-one = 'x'", "no event 'deal-one'"),
        ('[hooks]\ndeal-won = "notify \'Won"', "not a command"),
    ],
)
def test_a_mistake_is_told_with_its_place(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    with pytest.raises(Refused, match=said):
        settings.load()


def test_a_hook_learns_what_was_saved(sqlite_store: Store, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "heard"
    script = tmp_path / "hook.py"
    script.write_text(
        "import os, pathlib, sys\n"
        f"pathlib.Path({str(out) + '.part'!r}).write_text("
        "'|'.join([os.environ['SALESTUI_EVENT'], os.environ['SALESTUI_SUMMARY']]))\n"
        f"os.rename({str(out) + '.part'!r}, {str(out)!r})\n"
    )
    file.write_text(f"[hooks]\ndeal-won = '''\"{sys.executable}\" \"{script}\"'''\n")
    sqlite_store.write(start.start_team, rep_name="Ona")
    deal = sqlite_store.write(deals.create_deal, title="$(touch x); Cranes")
    sqlite_store.write(outcomes.win_deal, deal_id=deal.id)
    until = time.monotonic() + 20
    while not out.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert out.read_text() == "deal-won|Won $(touch x); Cranes"


def test_a_hook_that_cannot_run_does_not_hurt_the_write(sqlite_store: Store, file: Path) -> None:
    file.write_text("[hooks]\ndeal-created = 'no-such-program-here'\n")
    sqlite_store.write(start.start_team, rep_name="Ona")
    sqlite_store.write(deals.create_deal, title="Cranes")
    assert sqlite_store.read(lambda r: r.value("SELECT count(*) FROM deal")) == 1


async def test_a_key_of_ones_own_moves_a_deal(sqlite_store: Store, file: Path) -> None:
    file.write_text('[keys]\n"deal.move_next" = "M"\n')
    sqlite_store.write(start.start_team, rep_name="Ona")
    sqlite_store.write(deals.create_deal, title="Cranes")
    async with driven(sqlite_store, "board") as run:
        await run.press("M")
    stage = sqlite_store.read(
        lambda r: r.value("SELECT s.name FROM deal d JOIN stage s ON s.id = d.stage_id")
    )
    assert stage == "Offer"
