"""kill -9 at any moment: what was acknowledged is there, what was not is there whole or not at all."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from salestui.store import backup
from salestui.store.checking import derived_problems
from salestui.store.opening import open_store
from salestui.store.store import Store
from tests.conftest import Clock
from tests.faults.programs import start
from tests.team import make_team

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")

ROUNDS = 3
MOVES = """
import sys
from salestui.errors import Refused
from salestui.store.opening import open_store
from salestui.usecases.deals import move_deal

store = open_store(sys.argv[1], me=sys.argv[2])
deals = store.read(lambda r: [row[0] for row in r.rows("SELECT id FROM deal ORDER BY number")])
stages = store.read(lambda r: r.rows(
    "SELECT d.id, s.id FROM deal d JOIN stage s ON s.pipeline_id = d.pipeline_id"
    " WHERE s.deleted_at IS NULL AND s.kind <> 'after-sale' ORDER BY s.position"))
for turn in range(100):
    deal = deals[turn % len(deals)]
    ways = [stage for owner, stage in stages if owner == deal]
    try:
        store.write(move_deal, deal_id=deal, to_stage_id=ways[turn // len(deals) % len(ways)])
    except Refused:
        pass
"""


@pytest.fixture
def db(tmp_path: Path, sqlite_template: Path) -> Path:
    """A store with a small team in it."""
    path = Path(shutil.copy(sqlite_template, tmp_path / "sales.db"))
    store = open_store(str(path), me="Ona", clock=Clock())
    make_team(store)
    store.close()
    return path


def killed_after(program: subprocess.Popen[str], acks: int, pause: float) -> list[str]:
    """Kill the program a moment after its `acks`-th acknowledgement; returns all it has printed."""
    assert program.stderr is not None
    lines = []
    for line in program.stderr:
        lines.append(line)
        if len(lines) == acks:
            time.sleep(pause)
            program.send_signal(signal.SIGKILL)
    program.wait()
    assert all(line.startswith("ACK ") for line in lines), lines
    return [line.split()[1] for line in lines if line.endswith("\n")]


def verified(db: Path, acks: list[str]) -> int:
    """Every acknowledged write is in the store, the store is sound; returns how many writes it has."""
    store = open_store(str(db), me="Ona")
    try:
        there = set(store.read(_requests))
        assert set(acks) <= there
        assert backup.check(store.location) == []
        assert derived_problems(store) == []
        assert store.read(_halves) == 0
        return len(there)
    finally:
        store.close()


def _requests(reader) -> list[str]:
    return [row[0] for row in reader.rows("SELECT request_id FROM audit_entry")]


def _halves(reader) -> int:
    """Moves without their event or their audited change, and events without their entry."""
    return reader.value(
        "SELECT (SELECT count(*) FROM audit_entry e WHERE e.action = 'move_deal' AND NOT (EXISTS"
        " (SELECT 1 FROM deal_event v WHERE v.entry_id = e.id) AND EXISTS"
        " (SELECT 1 FROM audit_change c WHERE c.entry_id = e.id)))"
        " + (SELECT count(*) FROM deal_event v"
        "    WHERE v.entry_id NOT IN (SELECT id FROM audit_entry))"
    )


def test_moves_of_two_programs_killed_at_random_moments(db: Path) -> None:
    chance = random.Random(20260318)
    before = verified(db, [])
    acknowledged: list[str] = []
    for _ in range(ROUNDS):
        programs = [start(MOVES, str(db), name, db=db) for name in ("Ona", "Jonas")]
        for program in programs:
            acknowledged += killed_after(program, chance.randint(1, 40), chance.random() / 50)
            assert program.returncode in (-signal.SIGKILL, 0)
        assert verified(db, acknowledged) >= before + len(acknowledged)
    assert len(acknowledged) >= 2 * ROUNDS


def test_without_a_fault_all_is_acknowledged_and_nothing_more(db: Path) -> None:
    before = verified(db, [])
    program = start(MOVES, str(db), "Ona", db=db)
    out, err = program.communicate(timeout=60)
    acks = [line.split()[1] for line in err.splitlines()]
    assert program.returncode == 0 and len(acks) > 60
    assert len(set(acks)) == len(acks)
    assert verified(db, acks) == before + len(acks)


FIRST_START = """
import sys
from salestui.__main__ import main
sys.argv = ["salestui", "rep", "add", sys.argv[1]]
sys.exit(main())
"""


def test_six_programs_that_start_at_once_on_no_store(tmp_path: Path) -> None:
    db = tmp_path / "new" / "sales.db"
    names = [f"Rep {number}" for number in range(6)]
    programs = [start(FIRST_START, name, db=db) for name in names]
    for program in programs:
        _, err = program.communicate(timeout=60)
        assert program.returncode == 0, err
    assert os.listdir(db.parent) == ["sales.db"]
    store = open_store(str(db))
    found = store.read(lambda r: [row[0] for row in r.rows("SELECT name FROM rep ORDER BY name")])
    store.close()
    assert found == names
    assert backup.check(store.location) == []


def test_six_programs_that_start_at_once_on_an_empty_database(empty_database: str) -> None:
    names = [f"Rep {number}" for number in range(6)]
    programs = [start(FIRST_START, name, db=empty_database) for name in names]
    for program in programs:
        _, err = program.communicate(timeout=60)
        assert program.returncode == 0, err
    store = open_store(empty_database)
    found = store.read(lambda r: [row[0] for row in r.rows("SELECT name FROM rep ORDER BY name")])
    store.close()
    assert found == names


def test_killed_while_a_store_is_made_leaves_none_or_a_whole_one(tmp_path: Path) -> None:
    chance = random.Random(7)
    for round_ in range(3):
        db = tmp_path / f"new{round_}" / "sales.db"
        program = start(FIRST_START, "Ona", db=db)
        time.sleep(0.6 + chance.random() * 0.5)
        program.kill()
        program.communicate()
        if db.exists():
            store = open_store(str(db))
            assert backup.check(store.location) == []
            store.close()
        program = start(FIRST_START, "Zita", db=db)
        _, err = program.communicate(timeout=60)
        assert program.returncode == 0, err
        assert db.exists()


BACKUPS = """
import sys
from pathlib import Path
from salestui.store.backup import backup
from salestui.store.location import locate
for number in range(1000):
    backup(locate(sys.argv[1]), Path(sys.argv[2]))
    sys.stderr.write("ACK x\\n")
"""


def test_a_backup_while_others_write_and_killed_at_any_moment_is_whole(
    db: Path, tmp_path: Path
) -> None:
    chance = random.Random(11)
    target = tmp_path / "backup.db"
    for _ in range(2):
        writer = start(MOVES, str(db), "Jonas", db=db)
        copier = start(BACKUPS, str(db), str(target), db=db)
        killed_after(copier, chance.randint(2, 8), chance.random() / 50)
        killed_after(writer, 10_000, 0)
        copy: Store = open_store(str(target), me="Ona")
        assert backup.check(copy.location) == []
        assert derived_problems(copy) == []
        copy.close()


IMPORT = """
import sys
from pathlib import Path
from salestui.interchange.importing import Options, import_files
from salestui.store.opening import open_store

def tell(path, line):
    sys.stderr.write("ROW\\n")

store = open_store(sys.argv[1], me="Ona")
report = import_files(store, [Path(p) for p in sys.argv[2:]], Options(is_partial=True), tell)
assert report.is_written
"""
ROWS = 1500


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Files of the shape of the first shipped profile: accounts and deals."""
    accounts, deals = tmp_path / "accounts.csv", tmp_path / "pipeline.csv"
    names = [f"Client {number}" for number in range(40)]
    accounts.write_text(
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n"
        + "".join(f"{name},retail,1990,11.5,{100 + i},Poland,\n" for i, name in enumerate(names))
    )
    deals.write_text(
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        + "".join(
            f"D{i:05},Ona,Pump,{names[i % 40]},{'Won' if i % 3 else 'Lost'},"
            f"2017-01-{1 + i % 28:02},2017-03-{1 + i % 28:02},{1000 + i if i % 3 else 0}\n"
            for i in range(ROWS)
        )
    )
    return [str(accounts), str(deals)]


def test_an_import_killed_at_random_moments_is_there_whole_or_not_at_all(
    tmp_path: Path, sqlite_template: Path, files: list[str]
) -> None:
    chance = random.Random(3)
    for round_ in range(3):
        db = Path(shutil.copy(sqlite_template, tmp_path / f"import{round_}.db"))
        program = start(IMPORT, str(db), *files, db=db)
        assert program.stderr is not None
        lines = []
        for line in program.stderr:
            lines.append(line)
            if len(lines) == 1:
                time.sleep(chance.random() * (0.15 + 0.25 * round_))
                program.send_signal(signal.SIGKILL)
        program.wait()
        is_acknowledged = any(line.startswith("ACK ") for line in lines)
        there = _counted(db)
        assert there in (0, ROWS)
        assert there == ROWS or not is_acknowledged
        program = start(IMPORT, str(db), *files, db=db)
        _, err = program.communicate(timeout=60)
        assert program.returncode == 0, err
        assert _counted(db) == ROWS


def _counted(db: Path) -> int:
    store = open_store(str(db), me="Ona")
    assert backup.check(store.location) == []
    assert derived_problems(store) == []
    count: int = store.read(lambda r: r.value("SELECT count(*) FROM deal"))
    store.close()
    return count
