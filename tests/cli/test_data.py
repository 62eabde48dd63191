"""`salestui import` and `salestui export` as they are typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.conftest import MAVEN

MAPPING = """
entity = "client"
source = "old"
external_id = ["id"]
[columns]
name = "name"
city = {field = "city", repairs = {Vilnus = "Vilnius"}}
size = "headcount"
met = {field = "notes", optional = true}
"""
GOOD = "id,name,city,size\n1,Acme,Vilnus,10\n2,Łódź Foods,Łódź,20\n"
BAD = GOOD + "3,Beta,Vilnus,many\n4,\x1b]52;c;x\x1b\\,Riga,\x1b[31m5x\n"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Paths of the mapping, of a good file and of one with problems."""
    content = {"map.toml": MAPPING, "good.csv": GOOD, "bad.csv": BAD}
    for name, text in content.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {Path(name).stem: str(tmp_path / name) for name in content}


def test_a_report_of_what_was_done(salestui: Command, files: dict[str, str]) -> None:
    said = salestui("import", files["good"], "--map", files["map"])
    assert said.code == 0 and said.err == ""
    head, _, row, repair, verdict = said.out.splitlines()
    assert head.split() == ["file", "holds", "read", "created", "updated", "unchanged", "skipped"]
    assert row.split() == ["good.csv", "client", "2", "2", "0", "0", "0"]
    assert repair == "  good.csv: city 'Vilnus' read as 'Vilnius' (first in line 2)"
    assert verdict == "Imported. 'salestui undo' takes it back."
    again = salestui("import", files["good"], "--map", files["map"])
    assert again.code == 0
    assert again.out.splitlines()[-1] == "Nothing has changed since these files were imported last."
    assert salestui("undo").out.startswith("Undone: Imported good.csv: 2 created, 0 updated")


def test_problems_are_told_one_by_one(salestui: Command, files: dict[str, str]) -> None:
    said = salestui("import", files["bad"], "--map", files["map"])
    assert said.code == 2
    assert said.err.splitlines() == [
        f'{files["bad"]}, line 4, size "many": not a whole number',
        f'{files["bad"]}, line 5, size "\ufffd[31m5x": not a whole number',
    ]
    assert "Nothing was kept because of 2 problems" in said.out.splitlines()[-1]
    assert "\x1b" not in said.out + said.err
    assert salestui("clients", "--json").json == []


def test_the_good_rows_can_be_kept(salestui: Command, files: dict[str, str]) -> None:
    said = salestui("import", files["bad"], "--map", files["map"], "--partial")
    assert said.code == 2  # something was refused all the same
    assert said.out.splitlines()[-1] == (
        "Imported. All but what the 2 problems kept out. 'salestui undo' takes it back."
    )
    assert len(salestui("clients", "--json").json) == 2


def test_the_report_as_json(salestui: Command, files: dict[str, str]) -> None:
    report = salestui("import", files["bad"], "--map", files["map"], "--json").json
    (file,) = report.pop("files")
    assert report == {"is_written": False, "is_dry_run": False}
    counts = [file[name] for name in ("read", "created", "updated", "unchanged", "skipped")]
    assert counts == [4, 2, 0, 0, 2]
    assert file["problems"][0] == {
        "line": 4, "column": "size", "value": "many", "reason": "not a whole number",
    }  # fmt: skip
    assert file["repairs"] == [
        {"line": 2, "column": "city", "value": "Vilnus", "what": "read as 'Vilnius'", "count": 2}
    ]


def test_a_dry_run_leaves_not_even_a_store(
    salestui: Command, files: dict[str, str], tmp_path: Path
) -> None:
    nowhere = tmp_path / "none" / "new.db"
    said = salestui(
        "--db", str(nowhere), "import", files["good"], "--map", files["map"], "--dry-run"
    )
    assert said.code == 0
    assert said.out.splitlines()[-1] == "Nothing was kept: this was a dry run."
    assert not nowhere.parent.exists()
    said = salestui("import", files["bad"], "--map", files["map"], "--dry-run")
    assert said.code == 2 and "a dry run (2 problems)" in said.out
    assert salestui("clients", "--json").json == []


def test_a_mapping_is_drafted(salestui: Command, files: dict[str, str], tmp_path: Path) -> None:
    said = salestui("import", "--suggest-map", files["good"])
    assert said.code == 0 and 'entity = "client"' in said.out
    draft = tmp_path / "draft.toml"
    draft.write_text(said.out, encoding="utf-8")
    assert salestui("import", files["good"], "--map", str(draft)).code == 0
    assert len(salestui("clients", "--json").json) == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name the files to import"),
        (("{good}",), "headers that no profile knows (id, name, city, size)"),
        (("missing.csv",), "missing.csv: there is no such file."),
        (("{good}", "--map", "none.toml"), "none.toml: there is no such file."),
        (("{good}", "{good}", "--map", "{map}"), "is named twice"),
        (("{good}", "--map", "{map}", "--dates", "backwards"), "--dates takes one of"),
        (("{good}", "--map", "{map}", "--decimal", "."), "--decimal takes one of point, comma"),
        (("{good}", "--map", "{map}", "--encoding", "klingon"), "There is no encoding 'klingon'"),
        (("{map}", "--map", "{map}"), "has no column 'name'"),
        (("{folder}",), "is no salestui archive: it has no manifest.json"),
    ],
)
def test_what_is_refused_in_one_line(
    salestui: Command, files: dict[str, str], arguments: tuple[str, ...], sentence: str
) -> None:
    folder = str(Path(files["map"]).parent)
    said = salestui("import", *(word.format(**files, folder=folder) for word in arguments))
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err and len(said.err.splitlines()) == 1


def test_ambiguous_dates_are_asked_about(salestui: Command, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("title,created\nRoof,03/04/2025\n")
    mapping = 'entity = "deal"\n[columns]\ntitle = "title"\ncreated = "created_on"\n'
    (tmp_path / "map.toml").write_text(mapping)
    words = ("import", str(tmp_path / "deals.csv"), "--map", str(tmp_path / "map.toml"))
    said = salestui(*words)
    assert said.code == 2 and "--dates day-first or --dates month-first" in said.err
    assert salestui(*words, "--dates", "day-first").code == 0


def test_everything_out_and_in_again(
    salestui: Command, files: dict[str, str], tmp_path: Path
) -> None:
    salestui("import", files["good"], "--map", files["map"])
    out, again, new = (str(tmp_path / name) for name in ("out", "again", "new.db"))
    said = salestui("export", out)
    assert said.code == 0 and said.out.endswith(f"tables exported to {out}.\n")
    assert salestui("export", out).code == 2
    assert salestui("import", out, "--dry-run").code == 2
    assert "worked in" in salestui("import", out).err
    paths = sorted(str(path) for path in Path(out).iterdir())
    report = salestui("--db", new, "import", *paths, "--json").json
    assert report["rows"]["client"] == 2
    assert salestui("--db", new, "export", again, "--json").json["rows"] == report["rows"]
    for path in paths:
        assert Path(path).read_bytes() == (Path(again) / Path(path).name).read_bytes()
    shown = salestui("--db", new, "clients", "--json").json
    assert [client["name"] for client in shown] == ["Acme", "Łódź Foods"]


@pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here")
def test_the_maven_files_and_a_bar_on_a_terminal(tmp_path: Path) -> None:
    """In a process of its own, with a terminal as standard error."""
    names = ("accounts", "products", "sales_teams", "sales_pipeline")
    ours, theirs = os.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "salestui", "--db", str(tmp_path / "new.db"), "import"]
        + [str(MAVEN / f"{name}.csv") for name in names],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"},
        text=True,
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:
        pass  # Linux says so when the other side is closed
    out, _ = child.communicate()
    os.close(ours)
    assert child.returncode == 0
    assert b"sales_pipeline.csv, line" in shown and b"%" in shown
    assert re.search(r"sales_pipeline\.csv +deal +8800 +8800 +0 +0 +0$", out, re.MULTILINE)
    assert "1,480 × product 'GTXPro' read as 'GTX Pro' (first in line 3)" in out
