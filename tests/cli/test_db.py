"""Copies of the store and the way back to them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from salestui.store import driver
from salestui.store.reader import Reader
from salestui.store.store import Store
from tests.cli.conftest import Command


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _names(command: Command) -> list[str]:
    return [row["name"] for row in command("rep", "list", "--json").json]


def test_the_path_is_told_without_the_password(salestui: Command, db: Path) -> None:
    assert salestui("db", "path").out == f"{db}\n"
    url = "postgresql+psycopg://ona:hunter2@crm.example:5433/crm?sslmode=verify-full"
    assert (
        salestui("--db", url, "db", "path").out == "postgresql+psycopg://ona@crm.example:5433/crm\n"
    )


def test_a_store_goes_back_to_its_backup_and_the_old_one_is_kept(
    team: Command, tmp_path: Path, db: Path
) -> None:
    target = tmp_path / "sales.bak"
    assert team("db", "backup", str(target)).code == 0
    assert target.stat().st_mode & 0o777 == 0o600
    team("rep", "add", "Zita")
    refused = team("db", "restore", str(target))
    assert refused.code == 2 and "--yes" in refused.err and "Zita" in _names(team)
    said = team("db", "restore", str(target), "--yes")
    assert said.code == 0 and "Zita" not in _names(team)
    kept = Path(said.out.splitlines()[1].removesuffix(".").rpartition(" ")[2])
    assert kept.parent == db.parent and kept.stat().st_mode & 0o777 == 0o600
    assert team("db", "restore", str(kept), "--yes").code == 0
    assert "Zita" in _names(team)
    assert team("db", "check").code == 0


def test_a_backup_is_restored_where_there_is_no_store_yet(team: Command, tmp_path: Path) -> None:
    target = tmp_path / "sales.bak"
    team("db", "backup", str(target))
    fresh = tmp_path / "moved" / "house" / "sales.db"
    said = team("--db", str(fresh), "db", "restore", str(target))
    assert said.code == 0, said.err
    assert fresh.stat().st_mode & 0o777 == 0o600
    assert [r["name"] for r in team("rep", "list", "--json", "--db", str(fresh)).json] == _names(
        team
    )


def test_whoever_has_the_store_open_sees_the_restored_one(
    team: Command, tmp_path: Path, db: Path, open_at: Callable[..., Store]
) -> None:
    target = tmp_path / "sales.bak"
    team("db", "backup", str(target))
    team("rep", "add", "Zita")
    open_store = open_at(str(db))

    def count(reader: Reader) -> int:
        number: int = reader.value("SELECT count(*) FROM rep")
        return number

    assert open_store.read(count) == 3
    assert team("db", "restore", str(target), "--yes").code == 0
    assert open_store.read(count) == 2


def test_a_backup_replaces_an_older_one_whole(team: Command, tmp_path: Path) -> None:
    target = tmp_path / "sales.bak"
    target.write_bytes(b"older")
    assert team("db", "backup", str(target)).code == 0
    assert target.read_bytes().startswith(b"SQLite format 3")
    assert sorted(p.name for p in tmp_path.iterdir() if "part" in p.name) == []


def test_a_backup_is_refused_where_it_makes_no_sense(
    team: Command, tmp_path: Path, db: Path
) -> None:
    before = _digest(db)
    for target, told in (
        (tmp_path, "is a folder"),
        (tmp_path / "none" / "x.bak", "There is no folder"),
        (db, "cannot be the store itself"),
    ):
        said = team("db", "backup", str(target))
        assert said.code == 2 and told in said.err
    said = team("--db", str(tmp_path / "none.db"), "db", "backup", str(tmp_path / "x.bak"))
    assert said.code == 2 and "There is no store" in said.err
    assert not (tmp_path / "none.db").exists()
    assert _digest(db) == before


def test_what_is_no_good_backup_is_not_restored(team: Command, tmp_path: Path, db: Path) -> None:
    good = tmp_path / "good.bak"
    team("db", "backup", str(good))
    before = _digest(db)
    garbage, torn, newer, foreign = (tmp_path / n for n in ("garbage", "torn", "newer", "foreign"))
    garbage.write_bytes(b"not a database" * 500)
    torn.write_bytes(good.read_bytes()[:-50_000])
    newer.write_bytes(good.read_bytes())
    connection = driver.connect(newer, is_reader=False)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    foreign.touch()
    connection = driver.connect(foreign, is_reader=False)
    connection.execute("CREATE TABLE x (y)")
    connection.close()
    for source, told in (
        (garbage, "is not a salestui store"),
        (torn, "damaged"),
        (newer, "made by a newer salestui"),
        (foreign, "is not a salestui backup"),
        (tmp_path / "none", "There is no backup file"),
        (db, "is the store itself"),
    ):
        said = team("db", "restore", str(source), "--yes")
        assert said.code == 2 and told in said.err and said.err.count("\n") == 1, said.err
        assert _digest(db) == before
    assert not [p for p in db.parent.iterdir() if "before-restore" in p.name]


def test_a_check_finds_what_is_wrong_and_rebuilding_mends_it(team: Command, db: Path) -> None:
    assert team("db", "check", "--json").json == {"store": str(db), "problems": []}
    connection = driver.connect(db, is_reader=False)
    connection.execute("UPDATE deal SET furthest = 7")
    connection.close()
    said = team("db", "check")
    assert said.code == 2 and "furthest is 7, but should be 1" in said.out
    assert team("db", "rebuild").code == 0
    assert team("db", "check").code == 0


def test_a_row_that_points_to_nothing_is_found(team: Command, db: Path) -> None:
    connection = driver.connect(db, is_reader=False)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("DELETE FROM stage")
    connection.close()
    said = team("db", "check")
    assert said.code == 2 and "points to a missing stage" in said.out


def test_migrating_an_up_to_date_store_changes_nothing(team: Command, db: Path) -> None:
    before = _digest(db)
    assert team("db", "migrate").code == 0
    assert _digest(db) == before


@pytest.mark.parametrize("line", [("backup", "x.bak"), ("restore", "x.bak", "--yes")])
def test_a_server_is_backed_up_by_its_own_tools(
    postgres: str, salestui: Command, line: tuple[str, ...]
) -> None:
    said = salestui("--db", postgres, "db", *line)
    assert said.code == 2 and "pg_dump" in said.err
