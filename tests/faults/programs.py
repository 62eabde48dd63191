"""The real program in processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PYTHON = sys.executable


def environment(db: str | Path, **more: str) -> dict[str, str]:
    """What a program is started with: the test's own folders, the store, quick imports."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"SALESTUI_DB": str(db), "PYTHONUTF8": "1"} | more


def run(*arguments: str, db: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """`salestui …`, finished."""
    return subprocess.run(
        [PYTHON, "-m", "salestui", *arguments],
        env=environment(db),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        **more,
    )


def start(code: str, *arguments: str, db: str | Path) -> subprocess.Popen[str]:
    """A Python program that writes to the store and acknowledges each commit on standard error."""
    return subprocess.Popen(
        [PYTHON, "-c", code, *arguments],
        env=environment(db, SALESTUI_ACK="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
