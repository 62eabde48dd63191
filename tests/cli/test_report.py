"""`salestui report` from the command line."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.store.opening import open_store
from tests.analytics.book import Life, Move, make_book
from tests.cli.conftest import Command
from tests.conftest import NOON

REPORTS = ("funnel", "conversion", "win-rate", "losses", "activity", "board")


@pytest.fixture(autouse=True)
def _deals(db: Path) -> Iterator[None]:
    store = open_store(str(db), clock=lambda: NOON)
    book = make_book(store)
    book.add(
        Life([Move(0), Move(5, "Offer"), Move(9, "Offer", "won")], 1234_50),
        Life([Move(1), Move(8, "Demo", "lost", "Price")], 500_00, owner="Jonas", product="Pump"),
        Life([Move(40)], owner="Zofia"),
    )
    book.log({"day": 3, "minutes": 15})
    store.close()
    yield


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_as_table_json_and_csv(salestui: Command, name: str) -> None:
    table = salestui("report", name)
    assert (table.code, table.err) == (0, "")
    assert "n = " in table.out
    made = salestui("report", name, "--json").json
    assert made["report"] == name
    rows = list(csv.DictReader(io.StringIO(salestui("report", name, "--csv").out)))
    assert len(rows) == len(made["rows"]) > 0


def test_the_filters_reach_the_report(salestui: Command) -> None:
    made = salestui(
        "report", "win-rate", "--json", "--by", "month", "--owner", "ona", "--pipeline", "sales",
        "--from", "2026-01-05", "--to", "2026-01-31",
    ).json  # fmt: skip
    assert made["filters"] == {"owner": "Ona", "pipeline": "Sales"}
    assert made["period"] == {
        "label": "2026-01-05..2026-01-31", "from": "2026-01-05", "to": "2026-01-31",
    }  # fmt: skip
    assert [row["month"] for row in made["rows"]] == ["2026-01"]
    assert made["totals"]["won_sum"] == {"amount": "1234.50", "currency": "EUR"}
    assert made["totals"]["win_rate"] == 1


def test_only_what_is_asked_for(salestui: Command) -> None:
    only = ("--only", "product=pump", "--only", "product=none", "--only", "kind=new")
    made = salestui("report", "losses", *only, "--json").json
    assert made["filters"] == {"product": "Pump, no product", "kind": "new"} and made["n"] == 1
    one = ("--only", "product=Pump")
    assert salestui("report", "win-rate", *one).out.startswith("Win rate · product Pump · period")
    assert salestui("forecast", *one, "--json").json["n"] == 1
    assert salestui("reference", "show", *one, "--json").json["filters"] == {"product": "Pump"}
    page = salestui("meeting", *one).out
    assert "Everyone · product Pump · compared with" in page
    assert "Quotas are set for all that a rep sells, not by product." in page


@pytest.mark.parametrize(("name", "key"), [("funnel", "count"), ("conversion", "entered")])
def test_one_stage_of_a_report(salestui: Command, name: str, key: str) -> None:
    made = salestui("report", name, "--pipeline", "sales", "--stage", "offer", "--json").json
    assert made["filters"] == {"pipeline": "Sales", "stage": "Offer"}
    assert [(row["rep"], row[key]) for row in made["rows"]] == [("Ona", 1)]
    lost = salestui("report", "losses", "--pipeline", "sales", "--stage", "demo", "--by", "reason")
    assert "Price" in lost.out and lost.code == 0


def test_a_stage_of_two_pipelines_is_named_with_its_own(salestui: Command) -> None:
    by_name = salestui("report", "losses", "--stage", "sales: offer", "--json").json
    assert (
        by_name
        == salestui("report", "losses", "--pipeline", "Sales", "--stage", "Offer", "--json").json
    )
    assert by_name["filters"]["stage"] == "Offer"


def test_period_team_me_and_as_of(salestui: Command) -> None:
    assert salestui("report", "funnel", "--period", "2026-02", "--json").json["n"] == 1
    assert salestui("report", "funnel", "--team", "North", "--json").json["n"] == 2
    assert salestui("--me", "Zofia", "report", "funnel", "--mine", "--json").json["n"] == 1
    then = salestui("report", "win-rate", "--as-of", "2026-01-08", "--json").json
    assert then["as_of"] == "2026-01-08"
    assert then["totals"]["won"] == 0


def test_whoever_works_is_named_as_any_rep_is(salestui: Command) -> None:
    named = salestui("--me", "zof", "report", "funnel", "--mine", "--json")
    assert named.json == salestui("report", "funnel", "--owner", "Zofia", "--json").json
    refused = salestui("--me", "Petras", "report", "funnel")
    assert (refused.code, refused.out) == (2, "") and "'Jonas', 'Ona', 'Zofia'" in refused.err


def test_what_goes_by_product_says_which_one_a_deal_counts_for(salestui: Command) -> None:
    told = "A deal counts whole for the product of its largest line"
    for arguments in (
        ("margin",), ("win-rate", "--by", "product"), ("funnel", "--only", "product=Pump"),
    ):  # fmt: skip
        assert told in salestui("report", *arguments, "--json").json["method"], arguments
    for arguments in (("products",), ("win-rate",), ("margin", "--by", "rep")):
        assert told not in salestui("report", *arguments, "--json").json["method"], arguments


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_full_disk_behind_the_output_is_one_line(db: Path, salestui: Command) -> None:
    assert salestui("rep", "list").code == 0
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "salestui", "--db", db, "report", "funnel"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "Not all could be written: No space left on device.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("funnel", "--owner", "Petras"), "There is no rep 'Petras'."),
        (("funnel", "--owner", "Ona", "--team", "North"), "Choose one of"),
        (("funnel", "--period", "2026", "--from", "2026-01-01"), "Give either --period"),
        (("funnel", "--from", "2026-02-01", "--to", "2026-01-01"), "is before 2026-02-01"),
        (("funnel", "--period", "soon"), "is not a period"),
        (("funnel", "--json", "--csv"), "Choose one of --json and --csv."),
        (("funnel", "--as-of", "2999-01-01"), "is not"),
        (("board", "--period", "2026"), "on one day"),
        (("losses", "--by", "weather"), "only by stage, reason"),
        (("funnel", "--only", "weather=fair"), "KEY one of rep, team"),
        (("funnel", "--only", "product=Pumpe"), "There is no product 'Pumpe'. There are: 'Pump'"),
        (("quota", "--only", "clients=new"), "not by clients."),
        (
            ("funnel", "--stage", "Offer"),
            "'Offer' is a stage of Sales, Service: write 'Sales: Offer', or",
        ),
        (("losses", "--stage", "Lunch"), "There is no stage 'Lunch'."),
        (("weather",), "No such command"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(
    salestui: Command, arguments: tuple[str, ...], said: str
) -> None:
    refused = salestui("report", *arguments)
    assert refused.code == 2
    assert refused.out == ""
    assert said in refused.err
    assert refused.err.count("\n") == 1


def test_this_quarter_is_that_of_the_day_it_is_asked_as_of(salestui: Command) -> None:
    day = ("--as-of", "2025-11-20", "--json")
    made = salestui("report", "win-rate", "--period", "this-quarter", *day).json
    assert made["period"]["label"] == "2025-Q4"
    assert (
        salestui("report", "win-rate", "--to", "yesterday", *day).json["period"]["to"]
        == "2025-11-19"
    )
    due = salestui(
        "report", "waterfall", "--period", "this-month", "--due", "this-quarter", *day
    ).json
    assert "2025-Q4" in str(due["filters"]), due["filters"]
    plan = salestui("meeting", "--period", "this-quarter", "--since", "2025-11-13", *day).json
    assert "2025-Q4" in {
        each["period"]["label"] for part in plan["sections"] for each in part["reports"]
    }


def test_the_funnel_command_prints_the_same(salestui: Command) -> None:
    assert salestui("funnel").out == salestui("report", "funnel").out
    assert salestui("funnel", "--json").json == salestui("report", "funnel", "--json").json


def test_a_report_needs_neither_screens_nor_the_orm(db: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from salestui.cli.boundary import run; run(['report', 'funnel']);"
        "print(sorted(set(sys.modules) & {'textual', 'sqlalchemy', 'sqlmodel', 'numpy'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"SALESTUI_DB": str(db), "PATH": "", "HOME": str(db.parent)},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"
