"""The small team on a SQLite store: screens know no engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from salestui.store.opening import open_store
from salestui.store.store import Store
from tests.conftest import Clock
from tests.team import Team, make_team


@pytest.fixture(scope="session")
def team_template(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> tuple[Path, Team]:
    """The file of a team to copy, and what is in it: made once, for most tests want one."""
    path = tmp_path_factory.mktemp("team") / "team.db"
    shutil.copy(sqlite_template, path)
    store = open_store(str(path), me="Ona", clock=Clock())
    team = make_team(store)
    store.close()
    return path, team


@pytest.fixture
def team(team_template: tuple[Path, Team], tmp_path: Path, open_at: Callable[..., Store]) -> Team:
    path, team = team_template
    return replace(team, store=open_at(str(shutil.copy(path, tmp_path / "alone.db"))))
