"""`salestui meeting` from the command line."""

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
    make_book(store).add(*lives(200))
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
    assert names[:3] == ["waterfall", "win-rate", "losses"]
    assert made["sections"][1]["reports"][0]["period"]["from"] == "2026-03-02"


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
