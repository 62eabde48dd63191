"""The small team, on each engine."""

from __future__ import annotations

import pytest

from salestui.store.store import Store
from tests.team import Team, make_team


@pytest.fixture
def team(store: Store) -> Team:
    return make_team(store)
