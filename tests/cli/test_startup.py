"""What each command loads: start-up is bought with modules, and modules can be counted without noise."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from salestui.store.opening import open_store
from tests.faults.programs import environment, run
from tests.team import make_team

REPORT = """
import sys
from salestui.__main__ import main
sys.argv = ["salestui", *sys.argv[1:]]
code = main()
sys.stderr.write("\\n" + " ".join(sorted(sys.modules)))
sys.exit(code)
"""
HEAVY = {"textual", "sqlmodel", "sqlalchemy", "alembic", "numpy", "psycopg", "rich.table"}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("start") / "sales.db"))
    store = open_store(str(path), me="Ona")
    make_team(store)
    store.close()
    return path


def loaded(db: Path, *arguments: str) -> set[str]:
    said = subprocess.run(
        [sys.executable, "-c", REPORT, *arguments],
        env=environment(db),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert said.returncode == 0, said.stderr
    return set(said.stderr.rpartition("\n")[2].split())


def test_the_version_is_told_before_anything_is_loaded(db: Path) -> None:
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; sys.stderr.write(' '.join(sys.modules))"],
        env=environment(db), capture_output=True, text=True,
    )  # fmt: skip
    more = loaded(db, "--version") - set(bare.stderr.split())
    assert more == {"salestui", "salestui.__main__"}


def test_help_loads_the_parser_and_no_command(db: Path) -> None:
    there = loaded(db, "--help")
    assert there.isdisjoint(HEAVY | {"pydantic", "rich", "salestui.store", "salestui.text.money"})
    commands = {name for name in there if name.startswith("salestui.cli.")}
    assert commands == {
        f"salestui.cli.{name}" for name in ("boundary", "launch", "parsing", "commands", "opening")
    }


LOOKS = (
    ("rep", "list"),
    ("stage", "list"),
    ("board",),
    ("clients", "acme"),
    ("client", "acme"),
    ("log",),
    ("today",),
    ("audit",),
    ("doctor",),
    ("db", "path"),
    ("pipeline", "templates"),
)


@pytest.mark.parametrize("line", LOOKS, ids=[" ".join(line) for line in LOOKS])
def test_looking_loads_neither_the_screens_nor_the_orm(db: Path, line: tuple[str, ...]) -> None:
    assert loaded(db, *line).isdisjoint(HEAVY)


@pytest.mark.parametrize(
    "line", [("report", "funnel"), ("report", "win-rate", "--json"), ("funnel",)]
)
def test_a_report_is_counted_without_the_orm(db: Path, line: tuple[str, ...]) -> None:
    assert loaded(db, *line).isdisjoint({"textual", "sqlmodel", "sqlalchemy", "alembic", "psycopg"})


_PLANS = "salestui.models.plans"
_OTHER_ENGINE = "sqlalchemy.dialects.postgresql"


def test_writing_loads_what_a_write_needs(db: Path) -> None:
    for line in (("team", "add", "South"), ("deal", "move", "1"), ("undo",)):
        there = loaded(db, "--me", "Ona", *line)
        assert there.isdisjoint({"textual", "alembic", "numpy", "psycopg", "rich.table"})
        assert there.isdisjoint({_PLANS, _OTHER_ENGINE})
        assert "sqlmodel" in there


def test_an_undo_knows_the_tables_that_it_has_not_loaded(db: Path) -> None:
    """A quota, taken back by a program that has only the undo; a rep whom somebody's quota needs."""
    loaded(db, "--me", "Ona", "quota", "set", "2026", "1000", "--everybody")
    assert _PLANS in loaded(db, "--me", "Ona", "undo")
    assert run("quota", "list", "--json", db=db).stdout.strip() == "[]"

    loaded(db, "--me", "Ona", "rep", "add", "Kim")
    loaded(db, "--me", "Jonas", "quota", "set", "2026", "1000", "--owner", "Kim")
    undone = run("--me", "Ona", "undo", db=db)
    assert undone.returncode == 2
    assert "still needed by 1 quota" in undone.stderr


SCREEN = """
import sys, types
from salestui.cli import launch

launch.is_terminal = lambda: True
app = types.ModuleType("salestui.app")
app.run_app = lambda open_store, start: sys.stderr.write(f"{start} {type(open_store()).__name__}\\n") and 0
sys.modules["salestui.app"] = app
from salestui.cli.boundary import run
assert run(sys.argv[1:]) == 0
sys.stderr.write(" ".join(sorted(sys.modules)))
"""


@pytest.mark.parametrize(
    ("line", "screen"),
    [
        ((), "today"),
        (("board",), "board"),
        (("--me", "Ona", "funnel"), "funnel"),
        (("log", "--me=Ona"), "log"),
    ],
)
def test_a_screen_opens_past_the_parser(db: Path, line: tuple[str, ...], screen: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", SCREEN, *line], env=environment(db), capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    opened, _, modules = said.stderr.partition("\n")
    assert opened == f"{screen} Store"
    assert set(modules.split()).isdisjoint(HEAVY | {"typer", "pydantic"})


NO_SCREEN = (("board", "--json"), ("board", "log"), ("--help",), ("rep",), ("--db",), ("-x",))


@pytest.mark.parametrize("line", NO_SCREEN, ids=[" ".join(line) for line in NO_SCREEN])
def test_anything_else_is_left_to_the_parser(
    line: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    from salestui.cli import launch

    monkeypatch.setattr(launch, "is_terminal", lambda: True)
    assert launch.wished(line) is None
