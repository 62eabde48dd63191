"""Finding clients as one types, and everything from the palette."""

from __future__ import annotations

from typing import Any

import pytest

from salestui.queries.client_list import search_clients
from salestui.queries.search import find
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.usecases.clients import create_client, delete_client, edit_client
from salestui.usecases.process import add_entry
from tests.team import HOSTILE, Team


def _names(store: Store, typed: str = "", **more: str) -> list[str]:
    return [row.name for row in store.read(search_clients, typed=typed, **more).rows]  # type: ignore[arg-type]


def test_nothing_typed_lists_all_by_name(team: Team) -> None:
    assert _names(team.store) == ["Acme", "Łódź Foods", "ТОВ Коваленко"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lodz", "Łódź Foods"),
        ("ŁÓDŹ foo", "Łódź Foods"),
        ("kovalenko", "ТОВ Коваленко"),
        ("ковал", "ТОВ Коваленко"),
        ("600 12345", "Acme"),
        ("+370600", "Acme"),
        ("rasa@acme", "Acme"),
        ("petraite", "Acme"),
        ("acme petra", "Acme"),
        ("petra acm", "Acme"),
        ("vilnius", "Acme"),
        ("2", "Łódź Foods"),
    ],
)
def test_any_script_name_phone_mail_or_contact_finds_the_client(
    team: Team, typed: str, found: str
) -> None:
    assert _names(team.store, typed) == [found]


@pytest.mark.parametrize("typed", ["zzz", "acme zzz", "?", "%", "_", "' OR 1=1 --"])
def test_what_is_not_there_is_not_found(team: Team, typed: str) -> None:
    assert _names(team.store, typed) == []


def test_the_list_is_narrowed_to_a_territory_also_while_searching(team: Team) -> None:
    baltic = team.store.write(add_entry, what="territory", name="Baltic").id
    team.store.write(edit_client, client_id=team.clients[0], territory_id=baltic)
    assert _names(team.store, territory_id=baltic) == ["Acme"]
    assert _names(team.store, "lodz", territory_id=baltic) == []
    assert _names(team.store, "lodz", territory_id="") == ["Łódź Foods"]
    assert "Acme" not in _names(team.store, territory_id="")


def test_a_contact_found_by_is_named(team: Team) -> None:
    (row,) = team.store.read(search_clients, typed="petraite").rows
    assert (row.via, row.open_deals) == ("Rasa Petraitė", 3)
    assert row.last_on == team.today
    assert row.next_due_on == team.today


def test_the_whole_word_comes_before_its_beginnings(team: Team) -> None:
    for name in ("Acmeon", "Acmeland", "Zeta Acme"):
        team.store.write(create_client, name=name)
    assert _names(team.store, "acme") == ["Acme", "Zeta Acme", "Acmeland", "Acmeon"]


def test_pages_follow_each_other(team: Team) -> None:
    first = team.store.read(search_clients, limit=2)
    assert first.has_more
    rest = team.store.read(search_clients, limit=2, skipped=2)
    assert [row.name for row in rest.rows] == ["ТОВ Коваленко"]
    assert not rest.has_more


def test_an_owner_or_a_status_narrows_the_list(team: Team) -> None:
    assert _names(team.store, owner_id=team.rep("Jonas")) == ["Łódź Foods"]
    assert _names(team.store, "acme", status="customer") == []


def test_a_deleted_client_is_found_no_more(team: Team) -> None:
    team.store.write(delete_client, client_id=team.clients[2])
    assert _names(team.store) == ["Acme", "Łódź Foods"]
    assert _names(team.store, "kovalenko") == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_listed_as_they_are(team: Team, name: str) -> None:
    client_id = team.store.write(create_client, name=name).id
    rows = {row.client_id: row.name for row in team.store.read(search_clients).rows}
    assert rows[client_id] == team.store.read(
        lambda r: r.value("SELECT name FROM client WHERE id = :id", id=client_id)
    )


def test_the_palette_finds_clients_contacts_and_deals(team: Team) -> None:
    assert {(f.kind, f.name) for f in team.store.read(find, typed="jonas")} == {
        ("contact", "Jonas Clerk")
    }
    assert [(f.kind, f.name, f.detail) for f in team.store.read(find, typed="zloty")] == [
        ("deal", "Złoty deal", "Łódź Foods")
    ]
    assert [f.kind for f in team.store.read(find, typed="acme")] == ["client", "contact"]
    assert team.store.read(find, typed="acme", kinds=("deal",)) == ()


def test_one_letter_is_not_searched_for(team: Team) -> None:
    assert team.store.read(find, typed="a") == ()


def test_no_more_than_asked_are_found(team: Team) -> None:
    for number in range(30):
        team.store.write(create_client, name=f"Tower {number}")
    assert len(team.store.read(find, typed="tower")) == 20


def test_each_client_listed_costs_a_few_lookups_of_its_own(team: Team) -> None:
    """Without statistics SQLite once counted the open deals of the whole store for every row."""
    if team.store.dialect != "sqlite":
        pytest.skip("the plan of SQLite")

    def plans(reader: Reader) -> list[str]:
        asked: list[tuple[str, dict[str, Any]]] = []
        run = Reader._run

        def listen(self: Reader, sql: str, values: dict[str, Any]) -> Any:
            asked.append((sql, values))
            return run(self, sql, values)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Reader, "_run", listen)
            for typed in ("", "acme", "acme petra"):
                search_clients(reader, typed=typed)
        lines = [reader.rows(f"EXPLAIN QUERY PLAN {sql}", **values) for sql, values in asked]
        return [row[3] for each in lines for row in each]

    own = [line for line in team.store.read(plans) if line.startswith(("SEARCH d ", "SEARCH a "))]
    assert len(own) == 9
    assert all("(client_id=?" in line for line in own), own
