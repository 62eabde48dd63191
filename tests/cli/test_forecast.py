"""`salestui forecast` from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.store.opening import open_store
from tests.analytics.book import make_book
from tests.analytics.test_forecasting import lives
from tests.cli.conftest import Command
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def _deals(db: Path) -> Iterator[None]:
    store = open_store(str(db), clock=lambda: NOON)
    make_book(store).add(*lives(600, first=-150))
    store.close()
    yield


def test_as_table_json_and_csv(salestui: Command) -> None:
    asked = ("forecast", "--as-of", "2026-03-18")
    table = salestui(*asked)
    assert (table.code, table.err) == (0, "")
    assert "2026-Q2" in table.out
    made = salestui(*asked, "--period", "2026-04", "--json").json
    assert made["report"] == "forecast" and made["as_of"] == "2026-03-18"
    (row,) = made["rows"]
    assert float(row["low"]["amount"]) < float(row["forecast"]["amount"])
    assert row["won"] == {"amount": "0.00", "currency": "EUR"}
    assert salestui(*asked, "--csv").out.startswith("period,won,won_currency,open,")


def test_a_backtest_lists_every_forecast_made(salestui: Command) -> None:
    made = salestui("forecast", "--backtest", "--json").json
    assert made["report"] == "backtest" and made["rows"]
    row = made["rows"][0]
    assert set(row) >= {"horizon", "origin", "method", "forecast", "low", "high", "actual"}
    assert "Accuracy had" in salestui("forecast", "--backtest").out


def test_one_method(salestui: Command) -> None:
    asked = ("forecast", "--as-of", "2026-03-18", "--method", "past", "--period", "2026-04")
    made = salestui(*asked, "--json").json
    assert made["filters"] == {"method": "past"}
    assert made["rows"][0]["method"] == "past" and made["rows"][0]["weight"] == 1.0
    tested = salestui("forecast", "--backtest", "--method", "deals", "--json").json
    assert {row["method"] for row in tested["rows"]} == {"open and new deals"}
    assert all(row["low"] is not None for row in tested["rows"])
    refused = salestui("forecast", "--method", "magic")
    assert (refused.code, refused.out) == (2, "")
    assert "There is no method 'magic': there are both, past, deals." in refused.err


def test_what_cannot_be_forecast_is_refused(salestui: Command) -> None:
    refused = salestui("forecast", "--period", "2025")
    assert refused.code == 2 and "2025 is over" in refused.err
