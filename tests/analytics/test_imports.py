"""The computing part loads neither screens nor Rich nor the ORM: a report costs little to start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import salestui.analytics

DRAWING = {"charts", "tables"}


def test_computing_loads_nothing_heavy() -> None:
    folder = Path(salestui.analytics.__file__).parent
    names = sorted(path.stem for path in folder.glob("*.py") if path.stem not in DRAWING)
    assert {"funnel", "conversion", "winning", "losses", "activity", "board", "past"} < set(names)
    code = (
        "import sys, importlib\n"
        f"for name in {names!r}: importlib.import_module(f'salestui.analytics.{{name}}')\n"
        "heavy = {'rich', 'textual', 'sqlalchemy', 'sqlmodel', 'pydantic', 'numpy', 'alembic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
