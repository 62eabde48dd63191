"""A small team to act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from salestui.store.store import Store
from salestui.usecases import clients, deals, people, start


@dataclass(frozen=True)
class Team:
    """A store with the rep Ona, a client and a deal of 1,000 EUR in the first of four stages."""

    store: Store
    client_id: str
    deal_id: str
    stages: list[str]

    def deal(self, *columns: str) -> tuple[Any, ...]:
        row = self.store.read(
            lambda r: r.row(
                f"SELECT {', '.join(columns)} FROM deal WHERE id = :id", id=self.deal_id
            )
        )
        assert row is not None
        return row

    def passages(self) -> list[tuple[Any, ...]]:
        return self.store.read(
            lambda r: r.rows(
                "SELECT s.name, p.result FROM passage p JOIN stage s ON s.id = p.stage_id"
                " WHERE p.deal_id = :id ORDER BY s.position",
                id=self.deal_id,
            )
        )


@pytest.fixture
def team(store: Store) -> Team:
    store.write(start.start_team, rep_name="Ona")
    client = store.write(clients.create_client, name="Łódź Steel")
    deal = store.write(deals.create_deal, title="Cranes", client_id=client.id, amount_minor=100_000)
    stages = store.read(
        lambda r: [row[0] for row in r.rows("SELECT id FROM stage ORDER BY position")]
    )
    return Team(store, client.id, deal.id, stages)


@pytest.fixture
def colleague(team: Team) -> Store:
    """Jonas, in the same store."""
    team.store.write(people.create_rep, name="Jonas")
    from salestui.store.opening import open_store

    other = open_store(
        team.store.location.url
        if team.store.location.path is None
        else str(team.store.location.path),
        me="Jonas",
        clock=team.store._clock,
    )
    yield other
    other.close()
