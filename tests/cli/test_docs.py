"""The help is there, the page says what the help says, and the README's commands exist."""

from __future__ import annotations

import pkgutil
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command, get_group

from salestui.cli.commands import PLACES, SECTIONS, app

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _walk(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _walk(f"{path} {name}", below)


COMMANDS = dict(_walk("salestui", get_command(app)))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_option_and_argument_is_explained_and_on_the_page(path: str) -> None:
    command = COMMANDS[path]
    assert command.help
    if not hasattr(command, "commands"):
        assert f"### `{path}" in PAGE
    for parameter in command.params:
        assert parameter.help, parameter.name
        for option in parameter.opts if parameter.param_type_name == "option" else ():
            assert option in PAGE


def test_the_page_is_what_the_script_writes() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from scripts.write_commands import document; print(document(), end='')"],
        cwd=ROOT, capture_output=True, text=True, env={"PATH": "", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert said.stdout == PAGE, "run: python scripts/write_commands.py"


@pytest.mark.parametrize("name", PLACES)
def test_the_overview_says_the_first_words_of_the_commands_own_help(name: str) -> None:
    shown = next(section[name][1] for section in SECTIONS.values() if name in section)
    own = COMMANDS[f"salestui {name}"].help
    assert shown.endswith(".")
    assert own.split()[:2] == shown.rstrip(".").split()[:2] or own.startswith(shown.rstrip("."))


def test_no_command_is_written_but_not_listed() -> None:
    places = {place for place, _ in PLACES.values()}
    for module in pkgutil.iter_modules([str(ROOT / "salestui" / "cli")]):
        own = getattr(import_module(f"salestui.cli.{module.name}"), "app", None)
        if own is None or own is app or module.name in places:
            continue
        for name in get_group(own).commands:
            assert f"{module.name}:{name}" in places, f"list '{name}' in salestui/cli/commands.py"


def _shell_lines() -> list[str]:
    blocks = re.findall(r"```(?:sh|bat)\n(.*?)```", README, flags=re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if re.match(r"salestui\b", line)]


@pytest.mark.parametrize("line", _shell_lines())
def test_what_the_readme_shows_exists(line: str) -> None:
    words = shlex.split(line, comments=True)
    for name in [word for word in words[1:] if word != "|"][:1] + [
        words[i + 1] for i, word in enumerate(words[:-1]) if word == "|"
    ]:
        assert name in PLACES
    command = COMMANDS[f"salestui {words[1]}"] if len(words) > 1 else COMMANDS["salestui"]
    options = {
        option
        for _, below in _walk("", command)
        for parameter in below.params
        for option in parameter.opts
    }
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options


def test_ci_runs_the_readmes_test_command_and_has_none_of_its_own() -> None:
    found = re.search(r"<!-- command: test -->\n```sh\n(.+)\n```", README)
    assert found is not None and found[1].endswith(".venv/bin/pytest")
    assert "<!-- command: demo -->" in README
    script = (ROOT / ".ci" / "run").read_text()
    assert "pytest" not in script and '"$test_command"' in script


def test_what_is_pinned_names_no_index() -> None:
    pins = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.match(r"[a-z0-9-]+==[^ ]+( ;.*)?$", line) for line in pins), pins
    assert "uv.lock" in (ROOT / ".gitignore").read_text().splitlines()
