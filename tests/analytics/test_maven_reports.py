"""The reports of change, time and standstill on a set of 8,800 deals whose figures are known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.waterfall import waterfall
from salestui.store.opening import open_store
from salestui.store.store import Store
from salestui.text import Period, parse_period
from tests.conftest import MAVEN, NOON

pytestmark = [
    pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here"),
    pytest.mark.xdist_group("maven_reports"),
]

END = date(2017, 12, 31)


@pytest.fixture(scope="module")
def maven(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    importing = pytest.importorskip("salestui.interchange.importing", reason="no importer yet")
    path = tmp_path_factory.mktemp("maven") / "sales.db"
    shutil.copy(sqlite_template, path)
    store = open_store(str(path), clock=lambda: NOON)
    importing.import_files(store, sorted(MAVEN.glob("*.csv")), importing.Options())
    yield store
    store.close()


def run(store: Store, report: Any, by: str | None = None, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: report(reader, ask(reader, **scope), by))
    return made


def period(words: str) -> Period:
    return parse_period(words, NOON.date())


@pytest.mark.parametrize(
    ("when", "before", "created", "won", "lost", "after"),
    [
        (
            "2017-07", (1686, 4_216_807), (1198, 2_859_600), (308, -704_286), (319, -872_929),
            (2257, 5_499_192),
        ),
        (
            "2017-Q4", (2409, 5_763_490), (1165, 2_805_485), (1196, -2_798_547), (789, -1_878_199),
            (1589, 3_892_229),
        ),
    ],
)  # fmt: skip
def test_the_waterfall(
    maven: Store,
    when: str,
    before: tuple[int, int],
    created: tuple[int, int],
    won: tuple[int, int],
    lost: tuple[int, int],
    after: tuple[int, int],
) -> None:
    report = run(maven, waterfall, period=period(when))
    nothing = (0, 0)
    expected = [
        before, created, nothing, nothing, nothing, nothing, won, lost, nothing, nothing, nothing,
        after,
    ]  # fmt: skip
    assert report.cells("count") == tuple(count for count, _ in expected)
    assert report.cells("sum") == tuple(Money(100 * sum_, "USD") for _, sum_ in expected)
