"""`salestui quota`, `bonus`, `cost` and `commit` from the command line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from salestui.store.opening import open_store
from tests.analytics.book import Life, Move, make_book
from tests.cli.conftest import Command
from tests.conftest import NOON


def test_quotas(team: Command) -> None:
    assert team("quota", "set", "2026-Q3", "50 000", "--owner", "ona").out == (
        "Set the quota of Ona for 2026-Q3\n"
    )
    assert team("quota", "set", "2026", "40", "--everybody", "--measure", "count").code == 0
    refused = team(
        "quota", "set", "2026", "4", "--everybody", "--measure", "count", "--currency", "EUR"
    )
    assert (refused.code, "leave --currency out" in refused.err) == (2, True)
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
    assert team("--me", "Ona", "commit", "add", "2099-Q3", "50000", "--best", "80000").out == (
        "Noted the commit of Ona for 2099-Q3\n"
    )
    adjusted = team("--me", "Jonas", "commit", "adjust", "2099-Q3", "40000", "--owner", "Ona",
                    "--note", "Acme slips")  # fmt: skip
    assert adjusted.out == "Adjusted the commit of Ona for 2099-Q3\n"
    rows = team("commit", "list", "--json").json
    assert [(r["side"], r["by"], r["note"], r["counts"]) for r in rows] == [
        ("manager", "Jonas", "Acme slips", True), ("rep", "Ona", "", True),
    ]  # fmt: skip
    assert rows[1]["best_case"] == {"amount": "80000.00", "currency": "EUR"}
    assert "Acme slips" in team("commit", "list").out
    late = team("--me", "Ona", "commit", "add", "2020-Q4", "50000")
    assert (late.code, late.err) == (
        2,
        "That period was over on 2020-12-31: a commit looks ahead.\n",
    )


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
        (("report", "capacity", "--target", "0"), "a target above 0"),
        (("report", "capacity", "--target=-5"), "a target above 0"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(
    team: Command, line: tuple[str, ...], said: str
) -> None:
    refused = team(*line)
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err and refused.err.count("\n") == 1


REPORTS = (
    ("quota",), ("quota", "--by", "team"), ("quota", "--by", "everybody"), ("bonus",), ("capacity",),
    ("capacity", "--target", "5000", "--period", "2026-Q3"), ("cost",), ("cost", "--by", "kind"),
    ("cost", "--by", "rep"), ("team",), ("coaching", "--owner", "Ona"),
)  # fmt: skip


@pytest.fixture
def planned(salestui: Command, db: Path) -> Command:
    """A year of wins, quotas, a bonus and a cost; asked as of the day of the tests' own clock."""
    store = open_store(str(db), clock=lambda: NOON)
    book = make_book(store)
    for month in range(14):
        day = 30 * month - 380
        book.add(
            Life([Move(day), Move(day + 9, "Offer", "won")], 900_00),
            Life([Move(day), Move(day + 8, "Demo", "lost", "Price")], 500_00, owner="Jonas"),
        )
    book.add(Life([Move(40)], 300_00))
    book.log({"day": 5, "minutes": 30})
    store.close()
    for line in (
        ("quota", "set", "2026", "9000", "--owner", "Ona"),
        ("quota", "set", "2026", "20000", "--everybody"),
        ("bonus", "plan", "Field", "--span", "year"),
        ("bonus", "tier", "Field", "50", "--rate", "2"),
        ("bonus", "grant", "Field", "Ona", "--from", "2026-01-01"),
        ("cost", "set", "salary", "2026", "36500", "--owner", "Ona"),
    ):
        assert salestui(*line).code == 0, line
    return salestui


@pytest.mark.parametrize("line", REPORTS, ids=[" ".join(line) for line in REPORTS])
def test_every_report_of_plans_as_table_json_and_csv(
    planned: Command, line: tuple[str, ...]
) -> None:
    asked = ("report", *line, "--as-of", "2026-03-18")
    table = planned(*asked)
    assert (table.code, table.err) == (0, "")
    assert "n = " in table.out
    made = planned(*asked, "--json").json
    assert made["report"] == line[0] and made["method"]
    rows = list(csv.DictReader(io.StringIO(planned(*asked, "--csv").out)))
    assert len(rows) == len(made["rows"]) > 0


def test_a_part_of_a_longer_quota_is_said_to_be_one(planned: Command) -> None:
    made = planned("report", "quota", "--as-of", "2026-03-18", "--json").json
    row = next(row for row in made["rows"] if row["rep"] == "Ona")
    # 64 of the year's 261 working days.
    assert row["basis"] == "in part" and float(row["quota"]["amount"]) == 2206.90
    assert any("do not cover exactly these days" in text for text in made["warnings"])


def test_the_target_of_the_moment(planned: Command) -> None:
    asked = ("report", "capacity", "--target", "5 400", "--as-of", "2026-03-18", "--json")
    made = planned(*asked).json
    assert made["rows"][2]["target"] == {"amount": "5400.00", "currency": "EUR"}
    assert made["rows"][2]["naive"] >= 2
    assert planned("report", "capacity", "--target", "x").code == 2


def test_capacity_takes_the_options_of_every_report_and_says_which_it_cannot_obey(
    planned: Command,
) -> None:
    refused = planned("report", "capacity", "--by", "rep")
    assert refused.code == 2 and "Capacity is of all reps together" in refused.err
    only = planned("report", "capacity", "--only", "kind=new")
    assert only.code == 2 and "Capacity is of all that reps sell, not by kind." in only.err
    quarter = ("--from", "2026-04-01", "--to", "2026-06-30", "--as-of", "2026-03-18")
    assert "2026-04-01..2026-06-30" in planned("report", "capacity", *quarter).out


def test_coaching_is_of_one_rep_and_the_same_for_the_rep(planned: Command) -> None:
    refused = planned("report", "coaching")
    assert refused.code == 2 and "--owner REP, or --mine" in refused.err
    mine = planned("--me", "Ona", "report", "coaching", "--mine", "--as-of", "2026-03-18")
    theirs = planned("report", "coaching", "--owner", "Ona", "--as-of", "2026-03-18")
    assert mine.code == 0 and mine.out == theirs.out


def test_what_if_takes_factors_as_people_write_them(planned: Command) -> None:
    asked = ("report", "what-if", "--period", "2026-Q2", "--as-of", "2026-03-18")
    made = planned(
        *asked, "--size", "+10%", "--cycle", "80 %", "--conversion", "-5%", "--json"
    ).json
    assert [(row["change"], row["then"]) for row in made["rows"][1:-1]] == [
        ("conversion of all deals", "95 %"), ("deal size", "110 %"), ("days a deal takes", "80 %"),
    ]  # fmt: skip
    assert made["rows"][-1]["change"] == "all of these"
    assert "deals each seller brings in" in planned(*asked, "--csv").out
    for typed in (("--size", "much"), ("--size", "10%"), ("--sellers", "3"), ("--sellers", "+99"),
                  ("--cycle", "9" * 400 + "%")):  # fmt: skip
        refused = planned(*asked, *typed)
        assert (refused.code, refused.out) == (2, "") and refused.err.count("\n") == 1
