"""The command line, run in this process on a store of its own."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from salestui.cli.boundary import run


@dataclass(frozen=True)
class Said:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Said]


@pytest.fixture
def db(tmp_path: Path, sqlite_template: Path) -> Path:
    """An empty store."""
    path = tmp_path / "sales.db"
    shutil.copy(sqlite_template, path)
    return path


@pytest.fixture
def salestui(
    db: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Command]:
    """`salestui("rep", "list")` on an empty store; output is no terminal."""
    monkeypatch.setenv("SALESTUI_DB", str(db))
    monkeypatch.setenv("LOGNAME", "tester")
    mask = os.umask(0o077)

    def command(*arguments: str) -> Said:
        capsys.readouterr()
        code = run(arguments)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    yield command
    os.umask(mask)


@pytest.fixture
def team(salestui: Command) -> Command:
    """The same where Ona has set up a pipeline, Łódź Foods is a client and Pumps a deal of it."""
    for line in (
        ("start", "--rep", "Ona"),
        ("rep", "add", "Jonas", "--role", "manager"),
        ("product", "add", "Pump", "--price", "1200"),
        ("add", "client", "Łódź Foods", "--city", "Łódź", "--phone", "+48 600 100 200"),
        ("add", "contact", "lodz", "Rasa", "--job", "Director", "--role", "decision maker"),
        ("add", "deal", "Pumps", "--client", "lodz", "--amount", "12 000", "--close", "+2w"),
    ):
        assert salestui(*line).code == 0, line
    return salestui
