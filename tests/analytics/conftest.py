"""The Maven files as a store, for tests that hold reports against what is known of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.interchange.importing import Options, import_files
from salestui.store.opening import open_store
from salestui.store.store import Store
from tests.conftest import MAVEN, NOON


@pytest.fixture(scope="session")
def maven_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the Maven files to copy: the import takes seconds."""
    if not MAVEN.is_dir():
        pytest.skip("the Maven files are not here (../shared/data/maven)")
    path = tmp_path_factory.mktemp("maven") / "maven.db"
    shutil.copy(sqlite_template, path)
    store = open_store(str(path), clock=lambda: NOON)
    import_files(store, sorted(MAVEN.glob("*.csv")), Options())
    store.close()
    return path


@pytest.fixture(scope="module")
def maven(maven_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("maven") / "sales.db"
    shutil.copy(maven_template, path)
    store = open_store(str(path), clock=lambda: NOON)
    yield store
    store.close()
