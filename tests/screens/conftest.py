"""The small team on a SQLite store: screens know no engine."""

from __future__ import annotations

import pytest

from salestui.store.store import Store
from tests.team import Team, make_team


@pytest.fixture
def team(sqlite_store: Store) -> Team:
    return make_team(sqlite_store)
