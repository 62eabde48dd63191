"""The computing part loads neither screens nor Rich nor the ORM: a report costs little to start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import salestui.analytics

DRAWING = {
    "agenda",
    "rendering.charted",
    "rendering.charts",
    "rendering.page",
    "rendering.tables",
    "rendering.waterfall_chart",
}
QUICK = {
    "stages.funnel",
    "stages.conversion",
    "selling.winning",
    "stages.losses",
    "selling.activity",
    "pipeline.board",
    "past",
    "stages.overview",
    "drill",
    "wish",
}
"""What the first screens show and scripts ask for often: without arrays."""


def loaded(names: set[str], heavy: set[str]) -> str:
    code = (
        "import sys, importlib\n"
        f"for name in {sorted(names)!r}: importlib.import_module(f'salestui.analytics.{{name}}')\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_computing_loads_neither_screens_nor_the_orm() -> None:
    folder = Path(salestui.analytics.__file__).parent
    paths = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.py"))
    names = {".".join(path.parts) for path in paths if path.name != "__init__"} - DRAWING
    assert names > QUICK
    assert (
        loaded(names, {"rich", "textual", "sqlalchemy", "sqlmodel", "pydantic", "alembic"}) == "[]"
    )


def test_the_quick_reports_load_no_arrays_either() -> None:
    assert loaded(QUICK, {"numpy", "rich", "textual", "sqlalchemy", "pydantic"}) == "[]"
