"""Stores that a whole module of tests shares, and files to import into fresh ones."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from salestui.interchange.importing import ImportReport, Options, import_files
from salestui.store.checking import derived_problems
from salestui.store.opening import open_store
from salestui.store.store import Store
from tests.conftest import MAVEN, Clock, _database

MAVEN_FILES = tuple(
    MAVEN / f"{name}.csv" for name in ("accounts", "products", "sales_teams", "sales_pipeline")
)


@dataclass(frozen=True)
class Maven:
    """The Maven set, imported once, and what the import reported."""

    store: Store
    report: ImportReport

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return self.store.read(lambda r: r.rows(sql, **parameters))

    def row(self, sql: str, **parameters: Any) -> tuple[Any, ...]:
        return self.rows(sql, **parameters)[0]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def maven(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Maven]:
    """A store of each engine with the Maven set in it; tests that use it change nothing."""
    if not MAVEN.is_dir():
        pytest.skip("the Maven files are not here (../shared/data/maven)")
    if request.param == "sqlite":
        where = str(tmp_path_factory.mktemp("maven") / "sales.db")
        shutil.copy(sqlite_template, where)
        name = None
    else:
        import psycopg

        url = request.getfixturevalue("postgres")
        name = f"maven_{os.getpid()}"
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template_store STRATEGY file_copy")
        where = _database(url, name)
    store = open_store(where, me="Ona", clock=Clock())
    yield Maven(store, import_files(store, MAVEN_FILES, Options()))
    store.close()
    if name is not None:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@dataclass
class Imports:
    """Writes a file and its mapping, and imports them."""

    store: Store
    folder: Path

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(
        self, mapping: str, content: str | bytes, name: str = "rows.csv", **options: Any
    ) -> ImportReport:
        profile = self.file("map.toml", mapping)
        path = self.file(name, content)
        return import_files(self.store, [path], Options(profile=profile, **options))

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return self.store.read(lambda r: r.rows(sql, **parameters))

    def row(self, sql: str, **parameters: Any) -> tuple[Any, ...]:
        found = self.rows(sql, **parameters)
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def imports(store: Store, tmp_path: Path) -> Iterator[Imports]:
    """Imports into an empty store of each engine; what is derived must be right at the end."""
    yield Imports(store, tmp_path)
    assert derived_problems(store) == []


@pytest.fixture
def sqlite_imports(sqlite_store: Store, tmp_path: Path) -> Iterator[Imports]:
    """The same for what the engine has no part in."""
    yield Imports(sqlite_store, tmp_path)
    assert derived_problems(sqlite_store) == []


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """(created, updated, unchanged, skipped) of the only file; they make up all rows read."""
    (file,) = report.files
    assert file.read == file.created + file.updated + file.unchanged + file.skipped
    return file.created, file.updated, file.unchanged, file.skipped
