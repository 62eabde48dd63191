"""The setting of a run: compiled bytecode, folders of its own, the commands that are measured."""

from __future__ import annotations

import compileall
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a run keeps its stores, and the environment of every program it starts."""

    cache: Path
    scratch: Path
    env: dict[str, str]
    rounds: int
    deals: int | None = None
    """The deals of the funnel's store, where it is to be another than the large one."""

    @property
    def program(self) -> list[str]:
        """The `salestui` command of this Python, as a user calls it."""
        script = Path(PYTHON).with_name("salestui")
        return [str(script)] if script.exists() else [PYTHON, "-m", "salestui"]


@contextmanager
def prepared(cache: Path, rounds: int, deals: int | None = None) -> Iterator[Setting]:
    """Compile what will be imported, then work in throw-away folders: no user's store is seen."""
    compile_all()
    with tempfile.TemporaryDirectory(prefix="salestui-bench-") as folder:
        scratch = Path(folder)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SALESTUI_", "XDG_", "TEXTUAL", "PYTHON"))
            and name not in ("NO_COLOR", "TMUX")
        }
        home = {"HOME": folder, "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
        yield Setting(cache, scratch, kept | home, rounds, deals)


def compile_all() -> None:
    """Bytecode for this program and all it imports: without, an import takes two to three times as long."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    import rich
    import textual

    import salestui

    libraries = {Path(module.__path__[0]).parent for module in (rich, textual)}
    for folder in (Path(salestui.__path__[0]), ROOT / "bench", *libraries):
        if os.access(folder, os.W_OK):
            compileall.compile_dir(folder, quiet=2, workers=2)
