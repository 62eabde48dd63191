"""`salestui quota`, `bonus`, `cost` and `commit` from the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Command


def test_quotas(team: Command) -> None:
    assert team("quota", "set", "2026-Q3", "50 000", "--owner", "ona").out == (
        "Set the quota of Ona for 2026-Q3\n"
    )
    assert team("quota", "set", "2026", "40", "--everybody", "--measure", "count").code == 0
    listed = team("quota", "list", "--json").json
    assert [(q["of"], q["from"], q["measure"], q["deals"]) for q in listed] == [
        ("Ona", "2026-07-01", "revenue", None),
        ("everybody", "2026-01-01", "count", 40),
    ]
    assert listed[0]["amount"] == {"amount": "50000.00", "currency": "EUR"}
    assert len(team("quota", "list", "--period", "2026-Q1", "--json").json) == 1
    assert team("quota", "delete", "2026-Q3", "--owner", "Ona").code == 0
    assert "no such quota" in team("quota", "delete", "2026-Q3", "--owner", "Ona").err
    assert team("undo").code == 0
    assert len(team("quota", "list", "--json").json) == 2


def test_bonuses(team: Command) -> None:
    assert team("bonus", "plan", "Field").out == "Created bonus plan Field\n"
    assert team("bonus", "tier", "field", "80", "--rate", "2.5%").code == 0
    assert team("bonus", "tier", "field", "100", "--fixed", "1000", "--per-deal", "20").code == 0
    assert team("bonus", "grant", "field", "Ona", "--from", "2026-01-01").out == (
        "Granted Field to Ona\n"
    )
    rows = team("bonus", "list", "--json").json
    assert [(r["from_percent"], r["rate_percent"], r["reps"]) for r in rows] == [
        (80, 2.5, 1), (100, 0, 1),
    ]  # fmt: skip
    assert rows[1]["fixed"] == {"amount": "1000.00", "currency": "EUR"}
    assert team("bonus", "grants", "--json").json[0]["to"] is None
    assert team("bonus", "end", "Ona", "--to", "2026-12-31").code == 0
    assert team("bonus", "edit", "field", "--span", "month").code == 0
    assert team("bonus", "tier", "field", "80", "--delete").code == 0
    assert team("bonus", "delete", "field").code == 2
    assert "decimals" in team("bonus", "tier", "field", "80.1234").err


def test_costs(team: Command) -> None:
    assert team("cost", "set", "salary", "2026-Q3", "9000", "--owner", "Ona").code == 0
    assert (
        team("cost", "set", "leads", "2026-Q3", "900", "--everybody", "--notes", "Fair").code == 0
    )
    listed = team("cost", "list", "--json").json
    assert [(c["kind"], c["of"], c["notes"]) for c in listed] == [
        ("leads", "everybody", "Fair"), ("salary", "Ona", ""),
    ]  # fmt: skip
    assert team("cost", "delete", "leads", "2026-Q3", "--everybody").code == 0
    assert "no such leads cost" in team("cost", "delete", "leads", "2026-Q3", "--everybody").err


def test_commits(team: Command) -> None:
    assert team("--me", "Ona", "commit", "add", "2026-Q3", "50000", "--best", "80000").out == (
        "Noted the commit of Ona for 2026-Q3\n"
    )
    adjusted = team("--me", "Jonas", "commit", "adjust", "2026-Q3", "40000", "--owner", "Ona",
                    "--note", "Acme slips")  # fmt: skip
    assert adjusted.out == "Adjusted the commit of Ona for 2026-Q3\n"
    rows = team("commit", "list", "--json").json
    assert [(r["side"], r["by"], r["note"], r["counts"]) for r in rows] == [
        ("manager", "Jonas", "Acme slips", True), ("rep", "Ona", "", True),
    ]  # fmt: skip
    assert rows[1]["best_case"] == {"amount": "80000.00", "currency": "EUR"}
    assert "Acme slips" in team("commit", "list").out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("quota", "set", "2026-Q3", "5"), "Say whose"),
        (("quota", "set", "2026-Q3", "5", "--everybody", "--owner", "Ona"), "Say whose"),
        (("quota", "set", "all", "5", "--everybody"), "beginning and an end"),
        (("quota", "set", "2026", "4.5", "--everybody", "--measure", "count"), "whole number"),
        (("cost", "set", "salary", "2026", "x", "--everybody"), "x"),
        (("bonus", "tier", "None", "80"), "There is no bonus plan"),
        (("bonus", "edit", "None"), "Nothing to change"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(
    team: Command, line: tuple[str, ...], said: str
) -> None:
    refused = team(*line)
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err and refused.err.count("\n") == 1
