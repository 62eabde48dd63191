"""`salestui meeting` from the command line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salestui.store.opening import open_store
from salestui.usecases.calls import record_call
from tests.analytics.book import make_book
from tests.analytics.test_forecasting import lives
from tests.cli.conftest import Command
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def _deals(db: Path) -> Iterator[None]:
    store = open_store(str(db), clock=lambda: NOON)
    make_book(store).add(*lives(200, first=-150))
    store.close()
    yield


def test_the_agenda_is_printed(salestui: Command) -> None:
    made = salestui("meeting", "--as-of", "2026-03-18")
    assert (made.code, made.err) == (0, "")
    for title in ("What changed since then", "What is coming", "Plan against actual"):
        assert title in made.out
    assert "compared with 2026-03-11" in made.out


def test_as_json_every_report_is_whole(salestui: Command) -> None:
    made = salestui("meeting", "--as-of", "2026-03-18", "--since", "2026-03-01", "--json").json
    names = [report["report"] for section in made["sections"] for report in section["reports"]]
    assert names[:4] == ["waterfall", "waterfall", "win-rate", "losses"]
    assert names[-5:] == ["stalled", "forecast", "accuracy", "calls", "quota"]
    assert made["sections"][1]["reports"][0]["period"]["from"] == "2026-03-02"


def test_the_forecast_stands_beside_what_it_has_had(
    salestui: Command, db: Path, tmp_path: Path
) -> None:
    """In text, Markdown and HTML alike: the accuracy with how often it was measured, and the calls."""
    _say(db, side="rep", commit_minor=500_00, best_minor=900_00)
    _say(db, side="manager", commit_minor=400_00, notes="One of them slips")
    made = salestui("meeting", "--as-of", "2026-03-18", "--json").json
    coming, said = made["sections"][7], made["sections"][8]
    assert coming["title"] == "What is coming, and how far to trust it"
    measured = coming["reports"][1]["rows"]
    assert measured and {row["method"] for row in measured} == {"forecast"}
    assert all(row["origins"] for row in measured)
    assert [report["report"] for report in said["reports"]] == ["calls", "calls"]
    ona = next(row for row in said["reports"][0]["rows"] if row["rep"] == "Ona")
    assert ona["commit"] == {"amount": "500.00", "currency": "EUR"}
    assert (ona["best"]["amount"], ona["adjusted"]["amount"]) == ("900.00", "400.00")
    page, text = tmp_path / "m.html", tmp_path / "m.md"
    salestui("meeting", "--as-of", "2026-03-18", "--html", str(page), "--markdown", str(text))
    printed = salestui("meeting", "--as-of", "2026-03-18").out
    for made in (printed, page.read_text(encoding="utf-8"), text.read_text(encoding="utf-8")):
        for words in ("Accuracy had", "Calls", "Who said what", "One of them", "due in 2026"):
            assert words in made, words


def _say(db: Path, **said: Any) -> None:
    store = open_store(str(db), clock=lambda: NOON)
    ona = store.read(lambda r: r.value("SELECT id FROM rep WHERE name = 'Ona'"))
    days = {"first_on": date(2026, 1, 1), "last_on": date(2026, 3, 31)}
    store.write(record_call, rep_id=ona, currency_code="EUR", **days, **said)
    store.close()


def test_plan_and_forecast_are_of_the_period_that_is_asked_for(salestui: Command) -> None:
    asked = ("meeting", "--as-of", "2026-03-18", "--period")
    made = salestui(*asked, "2026-Q2", "--json").json
    periods = {
        report["report"]: report["period"]["label"]
        for section in made["sections"]
        for report in section["reports"]
    }
    for name in ("forecast", "calls", "quota"):
        assert periods[name] == "2026-Q2", name
    assert periods["stalled"] == "all" and periods["win-rate"] == "2026-03-12..2026-03-18"
    assert "2026-Q2" in made["subtitle"]
    over = salestui(*asked, "2026-02")
    assert over.code == 0 and "2026-02 is over" in over.out
    assert salestui(*asked, "someday").code == 2


def test_as_csv_every_cell_is_a_line(salestui: Command) -> None:
    made = salestui("meeting", "--as-of", "2026-03-18", "--csv")
    lines = list(csv.DictReader(io.StringIO(made.out)))
    assert made.code == 0 and list(lines[0]) == [
        "point", "about", "report", "title", "row", "column", "value",
    ]  # fmt: skip
    assert lines[0]["column"] == "said" and "No meeting is kept" in lines[0]["value"]
    quota = [line for line in lines if line["report"] == "quota" and line["column"] == "won"]
    assert quota and all(float(line["value"]) >= 0 for line in quota)
    assert salestui("meeting", "--csv", "--json").code == 2


def test_files_are_new_private_and_never_overwritten(salestui: Command, tmp_path: Path) -> None:
    page, text = tmp_path / "m.html", tmp_path / "m.md"
    asked = ("meeting", "--as-of", "2026-03-18", "--html", str(page), "--markdown", str(text))
    assert salestui(*asked).code == 0
    assert page.stat().st_mode & 0o777 == 0o600
    assert text.read_text(encoding="utf-8").startswith("# Sales meeting of 2026")
    before = page.read_bytes()
    text.unlink()
    refused = salestui(*asked)
    assert refused.code == 2 and "Already there" in refused.err
    assert page.read_bytes() == before and not text.exists()


def test_it_looks_back(salestui: Command) -> None:
    refused = salestui("meeting", "--as-of", "2026-03-01", "--since", "2026-03-02")
    assert refused.code == 2 and "looks back" in refused.err
