"""docs/definitions.md says of each report what the report says of itself."""

from __future__ import annotations

from salestui.analytics.reports import REPORTS
from scripts.write_definitions import TARGET, document


def test_the_page_of_definitions_is_current() -> None:
    kept = TARGET.read_text(encoding="utf-8")
    assert kept == document(), "run 'python scripts/write_definitions.py'"
    assert all(f"`salestui report {name}`" in kept for name in REPORTS if name != "backtest")
