"""What every command does, prints and refuses."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from salestui import __version__
from salestui.text import clean
from tests.cli.conftest import Command
from tests.team import HOSTILE

Line = tuple[str, ...]

LISTS: tuple[tuple[str, Line, str], ...] = (
    ("team", ("team", "add", "North", "--office", "Vilnius"), "North"),
    ("territory", ("territory", "add", "Baltic", "--notes", "Three states"), "Baltic"),
    ("rep", ("rep", "add", "Rūta", "--email", "ruta@example.org"), "Rūta"),
    ("pipeline", ("pipeline", "add", "Service", "--template", "full"), "Service"),
    ("product", ("product", "add", "Valve", "--price", "10,50", "--currency", "PLN"), "Valve"),
    ("competitor", ("competitor", "add", "Rival", "--website", "rival.example"), "Rival"),
    ("reason", ("reason", "add", "Bad timing"), "Bad timing"),
    ("kind", ("kind", "add", "fair"), "fair"),
)


@pytest.mark.parametrize(("group", "line", "name"), LISTS, ids=[row[0] for row in LISTS])
def test_what_is_added_is_listed(team: Command, group: str, line: Line, name: str) -> None:
    assert team(*line).code == 0
    listed = team(group, "list")
    assert listed.code == 0 and name in listed.out
    assert name in [row["name"] for row in team(group, "list", "--json").json]


EDITS: tuple[tuple[Line, Line, str, str, object], ...] = (
    (("team", "add", "North"), ("team", "edit", "north", "--office", "Kaunas"), "team", "office", "Kaunas"),
    (("territory", "add", "B"), ("territory", "edit", "b", "--name", "C"), "territory", "name", "C"),
    (("rep", "add", "Rūta"), ("rep", "edit", "ruta", "--role", "assistant"), "rep", "role", "assistant"),
    (("pipeline", "add", "B"), ("pipeline", "edit", "B", "--currency", "pln"), "pipeline", "currency", "PLN"),
    (("product", "add", "V", "--price", "1"), ("product", "edit", "V", "--price", "2,50"),
     "product", "price", {"amount": "2.50", "currency": "EUR"}),
    (("competitor", "add", "R"), ("competitor", "edit", "R", "--website", "r.example"),
     "competitor", "web_site", "r.example"),
    (("reason", "add", "X"), ("reason", "edit", "X", "--name", "Y"), "reason", "name", "Y"),
)  # fmt: skip


@pytest.mark.parametrize(("add", "edit", "group", "key", "value"), EDITS, ids=[e[2] for e in EDITS])
def test_what_is_edited_is_changed(
    team: Command, add: Line, edit: Line, group: str, key: str, value: object
) -> None:
    team(*add)
    said = team(*edit)
    assert said.code == 0, said.err
    assert value in [row[key] for row in team(group, "list", "--json").json]


def test_a_client_lies_in_a_territory_and_a_rep_is_at_home_there(team: Command) -> None:
    def home() -> object:
        return next(
            r["territory"] for r in team("rep", "list", "--json").json if r["name"] == "Ona"
        )

    team("territory", "add", "Baltic")
    team("add", "client", "Acme", "--territory", "balt")
    team("rep", "edit", "Ona", "--territory", "Baltic")
    assert "Territory: Baltic" in team("client", "Acme").out
    assert home() == "Baltic"
    (row,) = team("territory", "list", "--json").json
    assert (row["clients"], row["reps"]) == (1, 1)
    said = team("territory", "delete", "Baltic")
    assert said.code == 2 and said.err.startswith("This territory is still needed by 1 ")
    team("rep", "edit", "Ona", "--territory", "")
    assert home() is None
    assert "There are: 'Baltic'." in team("rep", "add", "Zita", "--territory", "East").err


def test_a_stage_is_added_moved_and_deleted(team: Command) -> None:
    def names() -> list[str]:
        return [row["name"] for row in team("stage", "list", "sales", "--json").json]

    before = names()
    assert (
        team("stage", "add", "Sales", "Visit", "--position", "2", "--probability", "20").code == 0
    )
    assert names() == [before[0], "Visit", *before[1:]]
    assert team("stage", "edit", "Sales", "visit", "--position", "1", "--idle-days", "0").code == 0
    assert names()[0] == "Visit"
    assert team("stage", "delete", "Sales", "Visit").code == 0
    assert names() == before


def test_a_quota_is_set(team: Command) -> None:
    said = team("quota", "set", "2026-Q3", "50 000", "--owner", "Ona")
    assert (said.code, said.out) == (0, "Set the quota of Ona for 2026-Q3\n")


def test_the_card_tells_people_and_deals(team: Command) -> None:
    card = team("client", "600100200").out
    for told in ("Łódź Foods", "+48 600 100 200", "Rasa", "Director", "Pumps", "12,000.00 EUR"):
        assert told in card
    whole = team("client", "lodz", "--json").json
    assert whole["deals"][0]["amount"] == {"amount": "12000.00", "currency": "EUR"}
    assert "private_notes" not in whole["people"][0]


@pytest.mark.parametrize("screen", ["today", "board", "clients", "log"])
def test_a_screen_prints_a_table_where_there_is_no_terminal(team: Command, screen: str) -> None:
    assert team(screen).code == 0
    assert team(screen, "--json").code == 0


def test_the_board_counts_and_weighs(team: Command) -> None:
    row = team("board", "--json").json[0]
    assert row["deals"] == 1 and row["probability"] == 10
    assert row["amount"] == {"amount": "12000.00", "currency": "EUR"}
    assert row["weighted"] == {"amount": "1200.00", "currency": "EUR"}


def test_clients_are_found_by_their_words(team: Command) -> None:
    team("add", "client", "Acme")
    assert [row["name"] for row in team("clients", "lodz", "--json").json] == ["Łódź Foods"]


def test_without_a_command_it_is_today(team: Command) -> None:
    assert team().out == team("today").out != ""


def test_undo_and_redo_say_what_they_did(team: Command) -> None:
    assert team("undo").out == "Undone: Created deal 1 Pumps in Enquiry\n"
    assert team("board", "--json").json[0]["deals"] == 0
    assert team("redo").out == "Done again: Created deal 1 Pumps in Enquiry\n"
    assert team("board", "--json").json[0]["deals"] == 1


def test_nothing_to_undo_is_refused(salestui: Command) -> None:
    said = salestui("undo")
    assert (said.code, said.err) == (2, "There is nothing to undo.\n")


def test_the_audit_says_who_when_what_before_and_after(team: Command) -> None:
    team("--me", "Jonas", "stage", "edit", "Sales", "Offer", "--probability", "35")
    entry = team("audit", "--limit", "1", "--json").json[0]
    assert (entry["actor"], entry["action"]) == ("Jonas", "edit_stage")
    assert entry["rows"][0]["fields"] == [{"field": "probability", "before": 30, "after": 35}]
    assert "probability: 30 → 35" in team("audit", "--limit", "1").out


def test_the_audit_tells_of_tiers_in_percent(team: Command) -> None:
    team("bonus", "plan", "Field")
    team("bonus", "tier", "Field", "112.5", "--rate", "2.5")
    told = team("audit", "--limit", "1").out
    assert "bonus tier Field from 112.5 % (new)" in told
    assert "from: 112.5 %" in told and "rate: 2.5 %" in told


def test_the_audit_of_a_client_has_what_belongs_to_it_with_names_for_keys(team: Command) -> None:
    told = team("audit", "--client", "lodz").out
    assert "Created deal 1 Pumps" in told and "Added contact Rasa" in told
    assert "stage: Enquiry" in told and "amount: 12000.00" in told
    assert "Added product" not in told
    of_deal = team("audit", "--deal", "1", "--json").json
    assert [entry["action"] for entry in of_deal] == ["create_deal"]
    assert team("audit", "--rep", "Jonas", "--json").json == []


def test_the_audit_is_the_same_on_postgresql(
    where: str, salestui: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESTUI_DB", where)
    salestui("start", "--rep", "Ona")
    salestui("add", "client", "Łódź")
    assert salestui("add", "deal", "Pumps", "--client", "lodz").code == 0
    actions = [entry["action"] for entry in salestui("audit", "--client", "1", "--json").json]
    assert actions == ["create_deal", "create_client"]
    assert salestui("rep", "list", "--json").json[0]["active_deals"] == 1
    assert len(salestui("stage", "list", "--json").json) == 4
    assert salestui("competitor", "list").code == 0
    assert salestui("db", "check").code == 0
    assert salestui("doctor").code == 0


REFUSED: tuple[tuple[Line, str], ...] = (
    (("client", "nobody"), "There is no client 'nobody'."),
    (("client", "--", "...."), "Name the client."),
    (("rep", "edit", "Nemo", "--name", "X"), "There is no rep 'Nemo'. There are: 'Jonas', 'Ona'."),
    (("rep", "edit", "Ona"), "Nothing to change: name at least one option. --help lists them."),
    (("rep", "add", "ona"), "There is a rep 'ona' already."),
    (("rep", "add", "X", "--role", "boss"),
     "'boss' is no role: use rep, manager, assistant, administrator."),
    (("--me", "Nemo", "undo"), "There is no rep 'Nemo'. There are: 'Jonas', 'Ona'."),
    (("add", "deal", "X", "--amount", "many"), '"many" is not a number; write it like 1234.50, 12k or 1.5m.'),
    (("add", "deal", "X", "--close", "03/04/2026"), None),
    (("product", "add", "X", "--price", "1", "--currency", "XXQ"),
     "'XXQ' is no currency I know: use a code such as EUR or USD."),
    (("quota", "set", "2026-Q4", "-5", "--everybody"),
     "-5 was read as an option: an amount is not below 0. What may begin with a '-' stands at the end, "
     "after ' -- '. See 'salestui quota set --help'."),
    (("clinet",), "No such command 'clinet'. Did you mean 'client', 'clients'. See 'salestui --help'."),
    (("rep", "list", "--jsno"), None),
    (("audit", "--limit", "x"), None),
    (("audit", "--limit", "0"), None),
    (("add", "client"), None),
    (("board", "--pipeline", "Nope"), "There is no pipeline 'Nope'. There are: 'Sales'."),
    (("pipeline", "add", "Y", "--template", "long"), None),
    (("--db", "mysql://x/y", "rep", "list"),
     "'mysql://' is no store I know: give a path or a postgresql+psycopg:// URL."),
    (("--db",), None),
)  # fmt: skip


@pytest.mark.parametrize(("line", "sentence"), REFUSED, ids=[" ".join(row[0]) for row in REFUSED])
def test_a_refusal_is_one_line_and_exit_code_2(
    team: Command, line: Line, sentence: str | None
) -> None:
    said = team(*line)
    assert said.code == 2
    assert said.out == ""
    assert said.err.count("\n") == 1 and said.err.strip()
    if sentence is not None:
        assert said.err == f"{sentence}\n"


@pytest.mark.parametrize("group", ["db", "add", "rep", "stage"])
def test_a_group_without_a_command_says_what_there_is(salestui: Command, group: str) -> None:
    said = salestui(group)
    assert said.code == 2 and "Commands:" in said.err


def test_store_and_rep_may_be_named_after_the_command(team: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    assert team("rep", "add", "Zita", "--db", str(other)).code == 0
    assert [r["name"] for r in team("rep", "list", f"--db={other}", "--json").json] == ["Zita"]
    assert team("team", "add", "South", "--me", "Jonas").code == 0
    assert team("audit", "--limit", "1", "--json").json[0]["actor"] == "Jonas"


RAW_NAMES = (
    "\x1b[31mRed\x1b[0m Bricks",
    "\x1b]0;title\x07Osc",
    "Tab\tand\nline",
    "\u202eBidi",
    "Zero\u200bwidth",
    "e\u0301 decomposed",
    "[/x] " + "y" * 3_000,
)


@pytest.mark.parametrize("raw", RAW_NAMES, ids=[ascii(name)[:20] for name in RAW_NAMES])
def test_what_was_typed_finds_what_it_was_stored_as(team: Command, raw: str) -> None:
    for line in (
        ("rep", "add", raw),
        ("rep", "edit", raw, "--role", "assistant"),
        ("add", "client", raw),
        ("client", raw),
        ("add", "contact", raw, raw),
        ("add", "contact", raw, "Assistant", "--reports-to", raw),
        ("add", "deal", raw, "--client", raw, "--owner", raw),
        ("audit", "--deal", raw, "--rep", "Ona"),
        ("competitor", "add", raw),
        ("competitor", "met", raw, "--client", raw),
        ("team", "add", f"South of {raw[:40]}", "--me", raw),
    ):
        said = team(*line)
        assert said.code == 0, (line[:2], said.err)
    assert team("audit", "--limit", "1", "--json").json[0]["actor"] == clean(raw)


def test_what_follows_two_dashes_is_left_alone(salestui: Command) -> None:
    assert salestui("rep", "add", "--", "--me").code == 0
    assert [row["name"] for row in salestui("rep", "list", "--json").json] == ["--me"]


def test_a_command_that_only_looks_creates_nothing(salestui: Command, tmp_path: Path) -> None:
    missing = tmp_path / "none" / "sales.db"
    for line in (("rep", "list"), ("today",), ("doctor",), ("db", "path"), ("db", "check"), ()):
        said = salestui("--db", str(missing), *line)
        assert said.code in (0, 2) and not missing.parent.exists(), line


def test_version_and_its_path_through_typer_agree(
    salestui: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from salestui.__main__ import main

    monkeypatch.setattr(sys, "argv", ["salestui", "--version"])
    assert main() == 0
    assert capsys.readouterr().out == f"salestui {__version__}\n"
    assert salestui("--db", "x", "--version").out == f"salestui {__version__}\n"


CONTROL = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"]
ATTACKS = (
    *HOSTILE,
    "\x1b]52;c;aGk=\x07clip",
    "\x1b[2Jcleared",
    "\x9b31mred",
    "\u202egnp.exe",
    "a\x00b",
    "漢字かな交じり",
    "x" * 10_000,
)


@pytest.mark.parametrize("name", ATTACKS, ids=[ascii(name)[:20] for name in ATTACKS])
def test_hostile_text_is_shown_inert(team: Command, name: str) -> None:
    bare = name.replace("\x00", "")  # no shell can pass a NUL
    for line in (
        ("add", "client", bare),
        ("add", "contact", "1", bare, "--job", bare),
        ("add", "deal", bare, "--client", "1", "--notes", bare),
        ("competitor", "add", bare),
        ("client", "1"),
        ("clients",),
        ("board",),
        ("today",),
        ("audit",),
        ("client", bare),
        ("rep", "edit", bare, "--name", "x"),
        (bare,),
    ):
        said = team(*line)
        assert said.code in (0, 2), said.err
        assert "fault of its own" not in said.err
        for sign in (*CONTROL, "\u202e"):
            assert sign not in said.out + said.err, (line, ascii(sign))


def test_printable_hostile_names_come_back_as_they_are(team: Command) -> None:
    for name in HOSTILE:
        assert team("add", "client", name).code == 0
    assert {clean(name) for name in HOSTILE} <= {
        row["name"] for row in team("clients", "--json").json
    }


def test_a_fault_is_one_calm_line_and_its_traceback_in_a_private_log(
    salestui: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salestui import config
    from salestui.queries import setup

    def broken(reader: object) -> None:
        secret = "hunter2" + "-swordfish"
        raise ZeroDivisionError(len(secret))

    monkeypatch.setattr(setup, "reps", broken)
    said = salestui("rep", "list")
    assert said.code == 1 and said.out == ""
    assert said.err.count("\n") == 1 and "fault of its own" in said.err
    assert "Traceback" not in said.err
    log = config.log_file()
    text = log.read_text()
    assert "Traceback" in text and "in broken" in text
    assert "swordfish" not in text.replace('"-swordfish"', "")
    assert log.stat().st_mode & 0o777 == 0o600
    assert log.parent.stat().st_mode & 0o777 == 0o700


def test_without_a_place_for_the_log_a_fault_is_still_calm(
    salestui: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from salestui import config
    from salestui.queries import setup

    (tmp_path / "file").write_text("")
    monkeypatch.setattr(config, "log_file", lambda: tmp_path / "file" / "log")
    monkeypatch.setattr(setup, "reps", lambda reader: 1 / 0)
    said = salestui("rep", "list")
    assert said.code == 1 and "could not be written" in said.err


def test_ctrl_c_is_130(salestui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from salestui.queries import setup

    def interrupted(reader: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(setup, "reps", interrupted)
    said = salestui("rep", "list")
    assert (said.code, said.err) == (130, "Stopped.\n")


def test_the_store_and_its_folder_are_private(salestui: Command, tmp_path: Path) -> None:
    fresh = tmp_path / "new" / "deep" / "sales.db"
    assert salestui("--db", str(fresh), "rep", "add", "Ona").code == 0
    assert fresh.stat().st_mode & 0o777 == 0o600
    assert fresh.parent.stat().st_mode & 0o777 == 0o700
    assert os.listdir(fresh.parent) == ["sales.db"]


def test_doctor_tells_versions_paths_store_and_modes(team: Command, db: Path) -> None:
    found = team("doctor", "--json").json
    assert found["versions"]["salestui"] == __version__
    assert found["paths"]["store"] == str(db)
    assert found["store"]["clients"] == 1
    assert found["store"]["journal"] in ("wal", "truncate")
    assert found["store"]["file"] == "0600" or found["store"]["file"].startswith("06")
    db.chmod(0o644)
    assert "others on this machine can read it" in team("doctor").out


def test_a_deleted_kind_can_be_added_again(team: Command) -> None:
    for verb in ("add", "delete", "add"):
        assert team("kind", verb, "fair").code == 0
    assert "fair" in team("kind", "list").out


def test_a_position_says_where_in_the_list(team: Command) -> None:
    assert team("reason", "edit", "Other", "--position", "-1").code == 0
    assert team("reason", "list", "--json").json[0]["name"] == "Other"
