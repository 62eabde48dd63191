"""The whole store goes out as CSV and comes back the same, on the same engine or the other."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from salestui.errors import Refused
from salestui.interchange.archive import export_store, import_archive
from salestui.store.checking import derived_problems
from salestui.store.store import Store
from salestui.usecases import activities, clients, deals, process, start, undo
from tests.conftest import NOON

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "-5,00",
    "+370 600 00000",
    "'quoted",
    'a,b"c;d',
    "[/x]",
    "Łódź 株式会社",
    "@x",
)


def _work_in(store: Store) -> None:
    """Something of everything, hostile names included."""
    store.write(start.start_team, rep_name="Ona", template="full")
    parent = store.write(clients.create_client, name="Parent", media={"phone": ["+370 600 1"]})
    for name in HOSTILE:
        client = store.write(
            clients.create_client, name=name, notes=f"two\nlines of {name}", parent_id=parent.id
        )
    chief = store.write(
        clients.create_contact, client_id=client.id, name="Ann", decision_role="user"
    )
    store.write(clients.create_contact, client_id=client.id, name="Bo", reports_to_id=chief.id)
    crane = store.write(
        process.add_entry, what="product", name="Crane", price_minor=5_000, currency="EUR"
    )
    deal = store.write(deals.create_deal, client_id=client.id, lines=[deals.Line(crane.id)])
    store.write(
        activities.log_activity,
        kind="call",
        deal_id=deal.id,
        contact_ids=[chief.id],
        documents=[activities.Document("Offer.pdf")],
        next_step=activities.NextStep("=SUM(A1)", NOON.date() + timedelta(days=3)),
    )
    store.write(deals.win_deal, deal_id=deal.id)
    store.write(undo.undo)
    # The first client that comes refers to one that comes later.
    store.write(clients.edit_client, client_id=parent.id, parent_id=client.id, country="LT")


@pytest.fixture
def worked(store: Store) -> Store:
    _work_in(store)
    return store


def _texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def other(
    request: pytest.FixtureRequest, worked: Store, tmp_path: Path, open_at: Callable[..., Store]
):
    """An empty SQLite store, whatever engine the other one is on."""
    path = tmp_path / "other.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return open_at(str(path))


def test_what_is_exported_comes_back_the_same(worked: Store, other: Store, tmp_path: Path) -> None:
    export_store(worked, tmp_path / "out")
    import_archive(other, tmp_path / "out")
    export_store(other, tmp_path / "again")
    assert _texts(tmp_path / "again") == _texts(tmp_path / "out")
    assert derived_problems(other) == []


def test_it_comes_back_into_a_store_just_started(
    worked: Store, store: Store, other: Store, tmp_path: Path
) -> None:
    export_store(worked, tmp_path / "out")
    other.write(start.start_team, rep_name="Someone")
    import_archive(other, tmp_path / "out")
    names = other.read(lambda r: r.rows("SELECT name FROM rep"))
    assert names == [("Ona",)]


def test_it_goes_from_sqlite_into_each_engine(
    sqlite_store: Store, store: Store, tmp_path: Path
) -> None:
    _work_in(sqlite_store)
    export_store(sqlite_store, tmp_path / "out")
    import_archive(store, tmp_path / "out")
    export_store(store, tmp_path / "again")
    assert _texts(tmp_path / "again") == _texts(tmp_path / "out")
    assert derived_problems(store) == []


def test_a_store_with_work_in_it_is_not_filled(worked: Store, tmp_path: Path) -> None:
    export_store(worked, tmp_path / "out")
    with pytest.raises(Refused, match="empty store"):
        import_archive(worked, tmp_path / "out")


def test_formulas_are_guarded(worked: Store, tmp_path: Path) -> None:
    export_store(worked, tmp_path / "out")
    cells = (tmp_path / "out" / "client.csv").read_text("utf-8")
    assert ",=cmd" not in cells
    assert "'=cmd" in cells


def test_an_archive_that_is_not_whole_leaves_nothing(
    worked: Store, other: Store, tmp_path: Path
) -> None:
    export_store(worked, tmp_path / "out")
    deals_csv = tmp_path / "out" / "deal_event.csv"
    deals_csv.write_text(
        "".join(deals_csv.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8"
    )
    with pytest.raises(Refused, match="not whole"):
        import_archive(other, tmp_path / "out")
    assert other.read(lambda r: r.value("SELECT count(*) FROM client")) == 0


def test_an_archive_of_another_schema_is_refused(
    worked: Store, other: Store, tmp_path: Path
) -> None:
    export_store(worked, tmp_path / "out")
    manifest = tmp_path / "out" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema": "9999"}))
    with pytest.raises(Refused, match="schema 9999"):
        import_archive(other, tmp_path / "out")


def test_nothing_that_is_there_is_written_over(worked: Store, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="there already"):
        export_store(worked, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
