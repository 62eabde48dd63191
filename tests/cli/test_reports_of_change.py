"""The newer reports from the command line: table, JSON and CSV, at every width."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from salestui.demo.seed import seed_demo
from salestui.store.opening import open_store
from tests.cli.conftest import Command

REPORTS = (
    "waterfall", "durations", "stalled", "velocity", "slippage", "coverage", "pipeline", "products",
    "competitors", "moves",
)  # fmt: skip
LISTS = ("stalled", "slippage", "moves", "open")


@pytest.fixture
def _team(db: Path) -> Iterator[None]:
    store = open_store(str(db))
    store.write(seed_demo, as_of=store.today())
    store.close()
    yield


@pytest.mark.usefixtures("_team")
def test_every_report_as_table_json_and_csv(
    salestui: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [(name, ()) for name in REPORTS] + [(name, ("--by", "deal")) for name in LISTS]
    asked += [(name, ("--by", "rep")) for name in REPORTS]
    for name, more in asked:
        for width in (60, 80, 200):
            monkeypatch.setenv("COLUMNS", str(width))
            table = salestui("report", name, *more)
            assert (table.code, table.err) == (0, ""), name
            assert "n = " in table.out
            assert max(map(cell_len, table.out.splitlines())) <= width, (name, width)
        made = salestui("report", name, *more, "--json").json
        assert made["report"] == name
        assert made["method"] and made["n"] >= 0
        rows = list(csv.DictReader(io.StringIO(salestui("report", name, *more, "--csv").out)))
        assert len(rows) == len(made["rows"]) > 0, name


@pytest.mark.parametrize("name", REPORTS)
def test_a_group_that_makes_no_sense_is_refused(salestui: Command, name: str) -> None:
    refused = salestui("report", name, "--by", "weather")
    assert refused.code == 2
    assert ", only by" in refused.err
