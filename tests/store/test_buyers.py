"""Every write keeps of each deal and of its passages whether the client had bought before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from salestui.interchange.importing import Options, import_files
from salestui.store.checking import derived_problems
from salestui.store.store import Store
from salestui.usecases import deals, outcomes, undo
from tests.conftest import Clock
from tests.team import Team, make_team


@pytest.fixture
def team(where: str, open_at: Callable[..., Store]) -> Team:
    return make_team(open_at(where))


def existing(store: Store) -> list[str]:
    """The titles of the deals whose client is told to have bought; the passages must say the same."""
    assert derived_problems(store) == []
    asked = "SELECT title FROM deal WHERE buyer = 'existing' AND deleted_at IS NULL ORDER BY title"
    return [row[0] for row in store.read(lambda reader: reader.rows(asked))]


def win_and_wait(team: Team, clock: Clock) -> None:
    """Hoses is won with Acme, and a day later there is another deal."""
    team.store.write(outcomes.win_deal, deal_id=team.deals[2])
    clock.forward(days=1)
    team.store.write(deals.create_deal, title="Tanks", client_id=team.clients[0])


def test_a_win_makes_existing_clients_of_those_who_come_again_on_a_later_day(
    team: Team, clock: Clock
) -> None:
    win_and_wait(team, clock)
    assert existing(team.store) == ["Tanks"]
    team.store.write(outcomes.reopen_deal, deal_id=team.deals[2])
    assert existing(team.store) == []


def test_an_undo_takes_it_back_and_a_redo_brings_it_again(team: Team, clock: Clock) -> None:
    store, write = team.store, team.store.write
    write(deals.create_deal, title="Tanks", client_id=team.clients[0])
    clock.forward(days=1)
    write(outcomes.win_deal, deal_id=team.deals[1])
    clock.forward(days=1)
    for _ in range(2):
        write(deals.create_deal, title="Bolts", client_id=team.clients[0])
        assert existing(store) == ["Bolts"]
        write(undo.undo)
        assert existing(store) == []
    write(undo.redo)
    assert existing(store) == ["Bolts"]


def test_an_undone_win_counts_no_more_for_the_deals_of_others(
    team: Team, where: str, open_at: Callable[..., Store], clock: Clock
) -> None:
    store, write = team.store, team.store.write
    write(outcomes.win_deal, deal_id=team.deals[2])
    clock.forward(days=1)
    jonas = open_at(where, me="Jonas")
    jonas.write(deals.create_deal, title="Tanks", client_id=team.clients[0])
    assert existing(store) == ["Tanks"]
    write(undo.undo)
    assert existing(store) == []
    write(undo.redo)
    assert existing(store) == ["Tanks"]


def test_a_deal_that_changes_its_client_takes_its_win_along(team: Team, clock: Clock) -> None:
    store, write = team.store, team.store.write
    win_and_wait(team, clock)
    write(deals.create_deal, title="Vats", client_id=team.clients[1])
    write(deals.edit_deal, deal_id=team.deals[2], client_id=team.clients[1])
    assert existing(store) == ["Vats"]
    write(deals.edit_deal, deal_id=team.deals[2], client_id=None)
    assert existing(store) == []
    unknown = "SELECT title FROM deal WHERE buyer IS NULL"
    assert store.read(lambda reader: reader.rows(unknown)) == [("Hoses",)]


def test_a_deleted_win_counts_no_more(team: Team, clock: Clock) -> None:
    win_and_wait(team, clock)
    team.store.write(deals.delete_deal, deal_id=team.deals[2])
    assert existing(team.store) == []
    team.store.write(undo.undo)
    assert existing(team.store) == ["Tanks"]


_MAPPING = """
entity = "deal"
source = "old"
external_id = ["title"]
[columns]
title = "title"
client = "client"
created = "created_on"
closed = "closed_on"
[columns.stage]
field = "stage"
values.won = {outcome = "won"}
"""
_WIN = ("Win,Zeta,won,2024-01-01,2024-04-30", "Old,Acme,won,2020-01-01,2020-02-01")
_OPEN = ("Late,Zeta,Offer,2024-05-01,", "Early,Zeta,Offer,2024-04-30,")


@pytest.mark.parametrize("files", [[_WIN, _OPEN], [_OPEN, _WIN], [(*_OPEN, *_WIN)]])
def test_a_file_tells_of_the_deals_that_it_brings_and_of_those_that_are_there(
    team: Team, tmp_path: Path, files: Sequence[Sequence[str]]
) -> None:
    mapping, file = tmp_path / "map.toml", tmp_path / "deals.csv"
    mapping.write_text(_MAPPING, encoding="utf-8")
    for lines in files:
        file.write_text("\n".join(["title,client,stage,created,closed", *lines]), encoding="utf-8")
        import_files(team.store, (file,), Options(profile=mapping))
    assert existing(team.store) == ["Hoses", "Late", "Pumps", "Valves"]
