"""The whole store goes out as CSV and comes back the same, on the same engine or the other."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from salestui.errors import Refused
from salestui.interchange.archive import archive_folder, export_store, import_archive
from salestui.interchange.importing import Options, import_files
from salestui.store.checking import derived_problems
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.usecases import activities, clients, deals, outcomes, process, refill, start, undo
from tests.conftest import MAVEN, NOON
from tests.interchange.conftest import MAVEN_FILES, Maven

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
    for number, name in enumerate(HOSTILE):
        place = store.write(
            process.add_entry, what="territory", name=f"{name} {number}", notes=f"lines\nof {name}"
        )
        client = store.write(
            clients.create_client,
            name=name,
            notes=f"two\nlines of {name}",
            parent_id=parent.id,
            territory_id=place.id,
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
    store.write(outcomes.win_deal, deal_id=deal.id)
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
    return open_at(_new(request.getfixturevalue("sqlite_template"), tmp_path))


def _new(template: Path, folder: Path) -> str:
    """The address of an empty SQLite store."""
    shutil.copy(template, folder / "other.db")
    return str(folder / "other.db")


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


def test_it_goes_through_both_engines_and_back(
    sqlite_store: Store,
    where: str,
    sqlite_template: Path,
    open_at: Callable[..., Store],
    tmp_path: Path,
) -> None:
    """SQLite → PostgreSQL (or SQLite) → SQLite, and what it holds can be worked on."""
    _work_in(sqlite_store)
    folders = [tmp_path / name for name in ("first", "second", "third")]
    export_store(sqlite_store, folders[0])
    middle, other = open_at(where), open_at(_new(sqlite_template, tmp_path))
    import_archive(middle, folders[0])
    export_store(middle, folders[1])
    import_archive(other, folders[1])
    export_store(other, folders[2])
    assert _texts(folders[0]) == _texts(folders[1]) == _texts(folders[2])
    assert derived_problems(middle) == derived_problems(other) == []
    numbers = other.read(lambda r: r.row("SELECT max(number) FROM client"))
    assert other.write(clients.create_client, name="Next").number == numbers[0] + 1
    assert other.actor_id == sqlite_store.actor_id
    assert other.write(undo.undo).summary == "Undone: Created client Next"
    assert other.write(undo.undo).summary == "Undone: Changed client Parent"


@pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here")
@pytest.mark.xdist_group("maven")
def test_the_maven_store_comes_back_and_is_imported_no_second_time(
    maven: Maven, sqlite_template: Path, open_at: Callable[..., Store], tmp_path: Path
) -> None:
    export_store(maven.store, tmp_path / "out")
    other = open_at(_new(sqlite_template, tmp_path))
    import_archive(other, tmp_path / "out")
    export_store(other, tmp_path / "again")
    assert _texts(tmp_path / "again") == _texts(tmp_path / "out")
    assert derived_problems(other) == []
    report = import_files(other, MAVEN_FILES, Options())
    assert [(file.created, file.updated) for file in report.files] == [(0, 0)] * 4


def test_a_store_with_work_in_it_is_not_filled(worked: Store, tmp_path: Path) -> None:
    export_store(worked, tmp_path / "out")
    with pytest.raises(Refused, match="empty store"):
        import_archive(worked, tmp_path / "out")


def test_a_store_that_was_only_set_up_is_not_filled_either(
    worked: Store, other: Store, tmp_path: Path
) -> None:
    export_store(worked, tmp_path / "out")
    other.write(start.start_team, rep_name="Someone")
    other.write(process.create_pipeline, name="Mine")
    with pytest.raises(Refused, match="worked in"):
        import_archive(other, tmp_path / "out")
    assert other.read(lambda r: r.rows("SELECT name FROM rep")) == [("Someone",)]
    names = other.read(lambda r: r.rows("SELECT name FROM pipeline ORDER BY position"))
    assert names == [("Sales",), ("Mine",)]


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


def test_the_folder_and_its_files_are_private(worked: Store, tmp_path: Path) -> None:
    archive = export_store(worked, tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}
    names = {f"{name}.csv" for name in archive.counts} | {"manifest.json"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    assert {"audit_change.csv", "external_id.csv", "setting.csv", "counter.csv"} <= names
    assert not {"passage.csv", "search_word.csv"} & names


def test_a_failure_leaves_nothing_behind(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("salestui.interchange.archive.exporting.os.fsync", full)
    with pytest.raises(Refused, match="No space left on device"):
        export_store(sqlite_store, tmp_path / "out")
    assert not [path.name for path in tmp_path.iterdir() if "out" in path.name]


BROKEN = [
    ("client", "created_at", "yesterday", "no instant"),
    ("client", "created_at", "2026-03-18T10:00:00", "an instant without a zone"),
    ("client", "created_at", "", "it is empty"),
    ("client", "status", "friend", "none of lead, prospect, customer, former"),
    ("client", "headcount", "99999999999", "too large a number"),
    ("client", "headcount", "١٢", "not a whole number"),
    ("deal", "is_active", "yes", "neither true nor false"),
    ("deal", "created_on", "18.03.2026", "not a date like 2026-03-18"),
]
UNRULY = [
    ("deal", "stage_id", "nowhere", "it refers to a row that is not there"),
    ("client", "parent_id", "nobody", "it refers to a row that is not there"),
    ("deal", "amount_minor", "-1", "a value is outside of what its column allows"),
]


@pytest.mark.parametrize(("table", "column", "value", "reason"), BROKEN)
def test_a_broken_cell_is_told_and_leaves_nothing(
    sqlite_store: Store,
    sqlite_template: Path,
    open_at: Callable[..., Store],
    tmp_path: Path,
    table: str,
    column: str,
    value: str,
    reason: str,
) -> None:
    target = open_at(_new(sqlite_template, tmp_path))
    _break(sqlite_store, target, tmp_path / "out", table, column, value, reason)


@pytest.mark.parametrize(("table", "column", "value", "reason"), UNRULY)
def test_a_row_that_breaks_a_rule_is_told_and_leaves_nothing(
    sqlite_store: Store,
    store: Store,
    tmp_path: Path,
    table: str,
    column: str,
    value: str,
    reason: str,
) -> None:
    _break(sqlite_store, store, tmp_path / "out", table, column, value, reason)


def _break(
    source: Store, target: Store, folder: Path, table: str, column: str, value: str, reason: str
) -> None:
    _work_in(source)
    export_store(source, folder)
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(Refused) as refusal:
        import_archive(target, folder)
    assert str(refusal.value).startswith(f"{path}, line 2")
    assert reason in str(refusal.value)
    assert target.read(lambda r: r.value("SELECT count(*) FROM client")) == 0
    shutil.rmtree(folder)  # a sound archive goes in all the same
    export_store(source, folder)
    import_archive(target, folder)


def test_what_was_written_into_a_file_is_made_inert(
    worked: Store, other: Store, tmp_path: Path
) -> None:
    export_store(worked, tmp_path / "out")
    path = tmp_path / "out" / "client.csv"
    text = path.read_text("utf-8").replace("Parent", "\x1b]52;c;x\x07Par\x00ent\u202e")
    path.write_text(text, "utf-8")
    import_archive(other, tmp_path / "out")
    names = [name for (name,) in other.read(lambda r: r.rows("SELECT name FROM client"))]
    assert "\ufffd]52;c;x\ufffdPar\ufffdent\ufffd" in names


def test_what_is_no_archive(worked: Store, other: Store, tmp_path: Path) -> None:
    out = export_store(worked, tmp_path / "out").folder
    assert archive_folder([out]) == out
    assert archive_folder(sorted(out.iterdir())) == out
    assert archive_folder([tmp_path / "x.csv", tmp_path / "missing"]) is None
    with pytest.raises(Refused, match="comes alone"):
        archive_folder([out, tmp_path / "x.csv"])
    with pytest.raises(Refused, match="has no manifest.json"):
        archive_folder([tmp_path])
    for text in ("", "[]", "{", '{"program": "other"}', '{"program": "salestui", "rows": []}'):
        (out / "manifest.json").write_text(text)
        with pytest.raises(Refused, match="cannot be read"):
            import_archive(other, out)


def test_what_a_colleague_writes_meanwhile_is_not_lost(
    sqlite_store: Store,
    where: str,
    open_at: Callable[..., Store],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _work_in(sqlite_store)
    export_store(sqlite_store, tmp_path / "out")
    store, colleague = open_at(where), open_at(where, me="Jonas")
    look = refill._refuse_used
    writer = Thread(target=colleague.write, args=(clients.create_client,), kwargs={"name": "Late"})

    def look_and_be_late(unit: Unit) -> None:
        look(unit)
        writer.start()
        writer.join(timeout=0.5)

    monkeypatch.setattr(refill, "_refuse_used", look_and_be_late)
    import_archive(store, tmp_path / "out")
    writer.join()
    names = store.read(lambda r: [row[0] for row in r.rows("SELECT name FROM client")])
    assert {"Late", "Parent"} <= set(names)
