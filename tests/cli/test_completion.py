"""What the shell offers: commands, options, and names out of the store; never an error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.faults.programs import environment


def offered(db: Path, line: str, shell: str = "bash") -> list[str]:
    """The completions of the last word of `line`."""
    words = line.split(" ")
    asked = {
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    said = subprocess.run(
        [sys.executable, "-m", "salestui", *words[1:]],
        env=environment(db, _SALESTUI_COMPLETE=f"complete_{shell}", **asked),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert said.stderr == ""
    assert said.returncode == (0 if said.stdout.strip() or shell != "fish" else 1)
    return said.stdout.strip().splitlines()


def test_commands_and_options_are_offered(db: Path) -> None:
    assert offered(db, "salestui bo") == ["board", "bonus"]
    assert offered(db, "salestui stage e") == ["edit"]
    assert "--limit" in offered(db, "salestui audit --")


def test_names_are_offered_without_accents_and_case(team: Command, db: Path) -> None:
    assert offered(db, "salestui client Łó") == ["Łódź Foods"]
    assert offered(db, "salestui client lo") == ["lodź Foods"]
    assert "Łódź Foods" in team("client", "lodź Foods").out
    assert offered(db, "salestui add deal X --client LOD") == ["LODź Foods"]
    assert offered(db, "salestui rep edit Jo") == ["Jonas"]
    assert offered(db, "salestui audit --rep o") == ["ona"]
    team("territory", "add", "Žemaitija")
    assert offered(db, "salestui rep edit Jonas --territory ze") == ["zemaitija"]
    assert offered(db, "salestui pipeline edit S") == ["Sales"]
    assert offered(db, "salestui client nobody") == []


def test_the_store_named_on_the_line_is_asked(team: Command, db: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    team("rep", "add", "Zita", "--db", str(other))
    assert offered(db, f"salestui --db {other} rep edit Z") == ["Zita"]


@pytest.mark.parametrize("content", [None, b"", b"garbage" * 99])
def test_a_store_that_cannot_be_asked_offers_nothing_and_is_left_alone(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "bad.db"
    if content is not None:
        path.write_bytes(content)
    assert offered(path, "salestui client lo") == []
    assert (path.read_bytes() if path.exists() else None) == content
    assert [p.name for p in tmp_path.iterdir()] == ([path.name] if content is not None else [])


def test_a_name_that_could_drive_a_shell_is_only_text(team: Command, db: Path) -> None:
    team("add", "client", "Evil $(touch pwned) `x`")
    for shell in ("bash", "zsh", "fish"):
        line = "\n".join(offered(db, "salestui client Evil", shell))
        assert "Evil" in line
        if shell == "zsh":  # its answer is given to eval
            assert "\\$(touch" in line and "\\`x" in line
