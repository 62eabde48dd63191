"""A store that cannot be used: one sentence, exit code 2, the data as they were."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from salestui.store import driver
from salestui.store.opening import open_store
from tests.conftest import Clock
from tests.faults.programs import run
from tests.team import make_team

resource = pytest.importorskip("resource", reason="there are no limits to set here")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the faults are made with POSIX means")

LOOK, WRITE = ("rep", "list"), ("rep", "add", "Zita")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A store with a small team in it."""
    path = tmp_path_factory.mktemp("filled") / "sales.db"
    shutil.copy(sqlite_template, path)
    store = open_store(str(path), me="Ona", clock=Clock())
    make_team(store)
    store.close()
    return path


@pytest.fixture
def db(filled: Path, tmp_path: Path) -> Path:
    """A copy of it, in a folder of its own."""
    folder = tmp_path / "store"
    folder.mkdir()
    return Path(shutil.copy(filled, folder / "sales.db"))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def refused(
    path: str | Path, *words: str, lines: tuple[tuple[str, ...], ...] = (LOOK, WRITE)
) -> None:
    """Both a command that looks and one that writes say one sentence and leave the file alone."""
    before = digest(Path(path))
    for line in lines:
        said = run(*line, db=path)
        assert said.returncode == 2, (said.returncode, said.stderr)
        assert said.stdout == ""
        assert said.stderr.count("\n") == 1, said.stderr
        for word in words:
            assert word in said.stderr, said.stderr
        assert digest(Path(path)) == before


def test_a_newer_store(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    refused(db, "made by a newer salestui", "9999", "Install the newer program")


def test_a_file_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE deal (id TEXT)")
    connection.close()
    refused(path, "a SQLite file of another program", "--db")
    said = run("db", "restore", str(path), "--yes", db=path)
    assert said.returncode == 2


def test_a_restore_does_not_overwrite_another_programs_file(db: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (id TEXT)")
    connection.close()
    before = digest(path)
    said = run("db", "restore", str(db), "--yes", db=path)
    assert said.returncode == 2 and "of another program" in said.stderr
    assert digest(path) == before


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    refused(path, "is empty", "--db", "db restore")


def test_garbage(tmp_path: Path) -> None:
    path = tmp_path / "garbage.db"
    path.write_bytes(bytes(range(256)) * 64)
    refused(path, "is not a salestui store")


def test_garbage_behind_a_right_header(db: Path) -> None:
    with db.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(20_000))
    refused(db, "salestui db check")


def test_a_truncated_file(db: Path) -> None:
    os.truncate(db, db.stat().st_size // 2 + 7)
    refused(db, "is damaged", "db check", "db restore")
    said = run("db", "check", db=db)
    assert said.returncode == 2 and "Traceback" not in said.stderr + said.stdout


def test_a_zeroed_page_is_found_by_the_check_and_mended_by_a_restore(
    db: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    assert run("db", "backup", str(backup), db=db).returncode == 0
    size = db.stat().st_size
    with db.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\0" * (size - 4096 * 6))
    assert run("db", "check", db=db).returncode == 2
    damaged = digest(db)
    said = run("db", "restore", str(backup), "--yes", db=db)
    assert said.returncode == 0, said.stderr
    assert run("db", "check", db=db).returncode == 0
    kept = [path for path in db.parent.iterdir() if "before-restore" in path.name]
    assert damaged in [digest(path) for path in kept]


def test_a_folder(tmp_path: Path) -> None:
    refused(tmp_path, "is a folder")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = run(*WRITE, db=tmp_path / "file" / "sales.db")
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)


def test_no_store_where_one_only_looks(tmp_path: Path) -> None:
    refused(tmp_path / "none.db", "There is no store", "salestui start", lines=(LOOK,))


def test_a_locked_store(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = driver.sqlite.connect(str(db), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    # The program waits ten seconds for another; the test need not.
    code = (
        "from salestui.store import driver, faults; driver.BUSY_SECONDS = 0.2\n"
        "import sys; from salestui.__main__ import main; sys.exit(main())"
    )
    from tests.faults.programs import environment

    said = subprocess.run(
        [sys.executable, "-c", code, *WRITE], env=environment(db), capture_output=True, text=True
    )
    connection.execute("ROLLBACK")
    connection.close()
    assert said.returncode == 2 and said.stderr.count("\n") == 1
    assert "Another program is writing" in said.stderr
    assert run(*WRITE, db=db).returncode == 0


def _limited(limit: int) -> Callable[[], None]:
    def limit_file_size() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as on a full disk: writing fails
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return limit_file_size


def test_no_room_for_a_write(db: Path) -> None:
    before = run("rep", "list", "--json", db=db).stdout
    wal = Path(f"{db}-wal")
    said = run(*WRITE, db=db, preexec_fn=_limited(8192))
    assert said.returncode == 2 and said.stderr.count("\n") == 1, said.stderr
    assert "Not saved" in said.stderr or "The disk failed" in said.stderr
    assert run("rep", "list", "--json", db=db).stdout == before
    assert run("db", "check", db=db).returncode == 0
    assert not wal.exists()


def test_no_room_for_a_backup_leaves_no_half_of_one(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup" / "sales.bak"
    target.parent.mkdir()
    said = run("db", "backup", str(target), db=db, preexec_fn=_limited(100_000))
    assert said.returncode == 2 and said.stderr.count("\n") == 1, said.stderr
    assert "No backup was made" in said.stderr
    assert list(target.parent.iterdir()) == []


def test_no_room_for_a_new_store_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    said = run(*WRITE, db=folder / "sales.db", preexec_fn=_limited(50_000))
    assert said.returncode == 2 and said.stderr.count("\n") == 1, said.stderr
    assert list(folder.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
    ) if shutil.which("mount") and os.geteuid() == 0 else None  # fmt: skip
    if made is None or made.returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk(filled: Path, small_disk: Path) -> None:
    db = Path(shutil.copy(filled, small_disk / "sales.db"))
    before = run("rep", "list", "--json", db=db).stdout
    with (
        (small_disk / "other people's").open("wb", buffering=0) as file,
        contextlib.suppress(OSError),
    ):
        while file.write(b"x" * 512):
            pass
    said = run(*WRITE, db=db)
    assert said.returncode == 2 and said.stderr.count("\n") == 1, said.stderr
    assert "full" in said.stderr and "Free some space" in said.stderr
    (small_disk / "other people's").unlink()
    assert run("rep", "list", "--json", db=db).stdout == before
    assert run("db", "check", db=db).returncode == 0
    assert run(*WRITE, db=db).returncode == 0


def test_a_read_only_folder(filled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    db = Path(shutil.copy(filled, folder / "sales.db"))
    if os.geteuid() == 0:  # permissions do not bind root: a read-only mount does
        bound = subprocess.run(["mount", "--bind", folder, folder], capture_output=True)
        again = ["mount", "-o", "remount,bind,ro", str(folder)]
        if bound.returncode or subprocess.run(again, capture_output=True).returncode:
            pytest.skip("as root, without the right to mount, no folder can be made read-only")
    else:
        db.chmod(0o400)
        folder.chmod(0o500)
    try:
        refused(db, "read-only", lines=(WRITE,))
        said = run(*LOOK, db=db)
        assert said.returncode in (0, 2) and said.stderr.count("\n") <= 1
        said = run(*WRITE, db=folder / "new.db")
        assert said.returncode == 2 and said.stderr.count("\n") == 1
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        else:
            folder.chmod(0o700)


def test_an_unreadable_file(db: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    db.chmod(0)
    refused(db, "cannot be opened", lines=(LOOK, WRITE))
    db.chmod(0o600)


def test_a_path_with_odd_letters(tmp_path: Path) -> None:
    path = tmp_path / "Łódź 100% #1 ?x=y & co.db"
    assert run(*WRITE, db=path).returncode == 0
    assert "Zita" in run(*LOOK, db=path).stdout
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("Ł")] == [path.name]


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_server_that_is_not_there() -> None:
    url = f"postgresql+psycopg://ona:hunter2@127.0.0.1:{_closed_port()}/crm"
    for line in (LOOK, WRITE, ("db", "check"), ("doctor",)):
        said = run(*line, db=url)
        assert said.returncode == (0 if line == ("doctor",) else 2), said.stderr
        assert said.stderr.count("\n") <= 1
        assert "hunter2" not in said.stderr + said.stdout
        assert "cannot be used" in said.stderr + said.stdout


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ona:hunter2%@127.0.0.1/crm",
        "postgresql://ona:hunter2@[127.0.0.1/crm",
        "postgresql://127.0.0.1:5432/crm?user=ona&pasword=hunter2",
        "postgresql://127.0.0.1:5432/crm?user=ona&pass=x@hunter2",
    ],
)
def test_an_address_that_says_nothing(url: str) -> None:
    pytest.importorskip("psycopg")
    said = run(*LOOK, db=url)
    assert said.returncode == 2 and said.stderr.count("\n") == 1, said.stderr
    assert "PostgreSQL understands" in said.stderr
    assert "hunter2" not in said.stderr + said.stdout


def test_a_wrong_password(postgres: str) -> None:
    psycopg = pytest.importorskip("psycopg")
    plain = postgres.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        hba = connection.execute("SHOW hba_file").fetchone()[0]
        connection.execute(f"CREATE ROLE guest_{os.getpid()} LOGIN PASSWORD 'right'")
        rules = Path(hba).read_text()
        guarded = f"local all guest_{os.getpid()} scram-sha-256\n"
        Path(hba).write_text(guarded + rules)
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("SELECT pg_sleep(0.3)")
    try:
        head, _, options = postgres.partition("?")
        base = head.rpartition("@")[2] if "@" in head else head.partition("://")[2]
        url = f"postgresql+psycopg://guest_{os.getpid()}:hunter2@{base}?{options}"
        said = run(*LOOK, db=url)
        assert said.returncode == 2 and said.stderr.count("\n") == 1, said.stderr
        assert "password authentication failed" in said.stderr
        assert "hunter2" not in said.stderr
    finally:
        Path(hba).write_text(rules)


def test_a_database_that_is_not_there(postgres: str) -> None:
    head, _, options = postgres.partition("?")
    url = f"{head.rpartition('/')[0]}/nothing_here?{options}"
    said = run(*LOOK, db=url)
    assert said.returncode == 2 and said.stderr.count("\n") == 1, said.stderr
    assert "nothing_here" in said.stderr


def test_output_that_nobody_reads_to_its_end(db: Path) -> None:
    from tests.faults.programs import environment

    command = f"{sys.executable} -m salestui audit --limit 100 | head -1; echo ${{PIPESTATUS[0]}}"
    said = subprocess.run(
        ["bash", "-c", command], env=environment(db), capture_output=True, text=True
    )
    assert said.stderr == ""
    assert said.stdout.splitlines()[-1] == "0"


def test_looking_into_an_empty_database_makes_no_tables_there(empty_database: str) -> None:
    import psycopg

    said = run(*LOOK, db=empty_database)
    assert said.returncode == 2 and "There is no store" in said.stderr
    with psycopg.connect(empty_database.replace("+psycopg", "")) as connection:
        counted = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert counted.fetchone() == (0,)
    assert run(*WRITE, db=empty_database).returncode == 0
    assert "Zita" in run(*LOOK, db=empty_database).stdout
