"""What the screens list, printed: narrowed as there, as a table, JSON and CSV."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from tests.cli.conftest import Command


@pytest.fixture
def work(team: Command) -> Command:
    """Two deals in two stages, three activities."""
    for line in (
        ("add", "deal", "Hose", "--stage", "Offer", "--amount", "300", "--close", "2027-02-01"),
        ("deal", "assign", "2", "Jonas"),
        ("add", "activity", "lodz", "--deal", "1", "--met", "rasa", "--minutes", "15"),
        (
            "add",
            "activity",
            "--deal",
            "2",
            "--kind",
            "visit",
            "--direction",
            "in",
            "--minutes",
            "50",
        ),
        ("add", "task", "Ring", "--due", "+3d", "--deal", "1"),
    ):
        assert team(*line).code == 0, line
    return team


def _csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _titles(work: Command, *options: str) -> list[str]:
    return [row["deal"] for row in work("board", "--deals", "--json", *options).json]


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        ((), ["Pumps", "Hose"]),
        (("--mine",), ["Pumps"]),
        (("--owner", "jonas"), ["Hose"]),
        (("--closing", "2027-02"), ["Hose"]),
        (("--amount-from", "301"), ["Pumps"]),
        (("--amount-to", "301", "--currency", "eur"), ["Hose"]),
        (("--amount-to", "301", "--currency", "USD"), []),
        (("--kind", "new"), ["Pumps", "Hose"]),
        (("--territory", ""), ["Pumps", "Hose"]),
        (("--product", "pump"), []),
        (("--stalled",), ["Hose"]),
        (("lod",), ["Pumps"]),
    ],
)
def test_the_deals_of_the_board_narrowed(
    work: Command, options: tuple[str, ...], titles: list[str]
) -> None:
    assert _titles(work, *options) == titles


def test_the_board_says_what_it_leaves_out(work: Command) -> None:
    said = work("board", "--mine")
    assert said.out.endswith("1 deal of Sales left out.\n")
    assert sum(row["deals"] for row in work("board", "--mine", "--json").json) == 1


def test_no_deal_of_a_stage_is_counted_on_two_lines(work: Command) -> None:
    for line in (("Silo", "--amount", "70", "--currency", "PLN"), ("Belt", "--currency", "USD")):
        assert work("add", "deal", *line).code == 0
    rows = [row for row in _csv(work("board", "--csv").out) if row["stage"] == "Enquiry"]
    assert [(row["amount_currency"], row["deals"]) for row in rows] == [
        ("EUR", "1"),
        ("PLN", "1"),
        ("", "1"),
    ]
    assert sum(row["deals"] for row in work("board", "--json").json) == 4


def test_a_card_has_what_the_screen_shows(work: Command) -> None:
    (row,) = work("board", "--deals", "--mine", "--json").json
    assert (row["stage"], row["number"], row["client"]) == ("Enquiry", 1, "Łódź Foods")
    assert (row["owner"], row["next_step"], row["stands_still"]) == ("Ona", "Ring", [])


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ((), 2),
        (("--state", "all"), 3),
        (("--state", "planned"), 1),
        (("--kind", "vis"), 1),
        (("--direction", "in"), 1),
        (("--role", "decision maker"), 1),
        (("--role", "user"), 0),
        (("--client", "lodz"), 1),
        (("--deal", "2"), 1),
        (("--rep", "jonas"), 0),
        (("--period", "this-month"), 2),
        (("--period", "2020"), 0),
        (("--period", "this-week"), 2),
        (("--period", "last-week"), 0),
        (("lodz",), 1),
    ],
)
def test_the_log_narrowed(work: Command, options: tuple[str, ...], count: int) -> None:
    assert len(work("log", *options, "--json").json) == count


def test_the_log_ends_with_its_totals(work: Command) -> None:
    said = work("log", "--limit", "1").out
    assert "2 done · 1 client · 1 h 05 · 1 call, 1 visit\n" in said
    assert said.endswith("… and more: --limit shows more than the latest 1.\n")


def test_clients_narrowed(work: Command) -> None:
    work("add", "client", "Acme", "--status", "lead", "--owner", "jonas")
    assert [row["name"] for row in work("clients", "--status", "lead", "--json").json] == ["Acme"]
    assert [row["name"] for row in work("clients", "--owner", "Ona", "--json").json] == [
        "Łódź Foods"
    ]
    assert work("clients", "--owner", "", "--json").json == []
    assert len(work("clients", "--territory", "", "--json").json) == 2


def test_the_day_of_another_and_of_everybody(work: Command) -> None:
    assert work("today", "--rep", "jonas", "--json").json["rep"] == "Jonas"
    day = work("today", "--everybody", "--json").json
    assert [deal["deal"] for deal in day["deals_without_next_step"]] == ["Hose"]
    assert [task["subject"] for task in day["coming"]] == ["Ring"]


def test_csv_has_a_line_for_each_row(work: Command) -> None:
    first, second = _csv(work("board", "--deals", "--csv").out)
    assert (first["amount"], first["amount_currency"]) == ("12000.00", "EUR")
    assert second["stands_still"] == "no next step"
    assert [row["minutes"] for row in _csv(work("log", "--csv").out)] == ["50", "15"]
    assert _csv(work("clients", "--csv").out)[0]["name"] == "Łódź Foods"
    lists = [row["list"] for row in _csv(work("today", "--everybody", "--csv").out)]
    assert lists == ["coming", "deals without next step"]
    assert _csv(work("funnel", "--csv").out)


@pytest.mark.parametrize(
    "line", [("board", "--deals"), ("board",), ("log",), ("clients",), ("today",)]
)
def test_csv_has_the_same_columns_with_and_without_rows(
    work: Command, line: tuple[str, ...]
) -> None:
    full = work(*line, "--csv").out.splitlines()[0]
    for number in ("1", "2"):
        work("edit", "deal", number, "--amount", "")
    assert work(*line, "--csv").out.splitlines()[0] == full
    if line[0] != "today":
        nothing = work(*line, "zzz", "--csv").out.splitlines()
        assert nothing[0] == full


def test_a_narrow_terminal_cuts_texts_but_no_day_number_or_amount(
    work: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    shown = work("board", "--deals").out
    assert "12,000.00 EUR" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "columns more on a wider terminal, in --csv or --json." in shown
    today = date.today().isoformat()
    assert today in work("log", "--limit", "5").out


def test_a_spreadsheet_runs_no_cell(work: Command) -> None:
    work("edit", "deal", "1", "--title", "=1+1")
    assert _csv(work("board", "--deals", "--csv").out)[0]["deal"] == "'=1+1"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("board", "--mine", "--my-team"), "--mine, --my-team and --owner"),
        (("board", "--currency", "JPY"), "--amount-from"),
        (("board", "--owner", ""), "no rep ''"),
        (("log", "--client", ""), "Name the client"),
        (("log", "--rep", ""), "no rep ''"),
        (("board", "--closing", "2026"), "a month such as 2026-10"),
        (("board", "--closing", "2026-W47"), "a month such as 2026-10"),
        (("board", "--amount-from", "9", "--amount-to", "3"), "begins above its end"),
        (("board", "--product", "Nothing"), "no product 'Nothing'"),
        (("board", "--kind", "odd"), "'odd' is no kind"),
        (("log", "--role", "king"), "'king' is no role"),
        (("log", "--direction", "up"), "'up' is no direction"),
        (("log", "--state", "lost"), "'lost' is no state"),
        (("log", "--period", "soon"), "soon"),
        (("clients", "--status", "rich"), "'rich' is no status"),
        (("today", "--json", "--csv"), "--json and --csv"),
        (("log", "--json", "--csv"), "--json and --csv"),
        (("today", "--rep", "Ona", "--everybody"), "--rep and --everybody"),
    ],
)
def test_bad_options_are_one_sentence(work: Command, line: tuple[str, ...], said: str) -> None:
    refused = work(*line)
    assert refused.code == 2
    assert said in refused.err
    assert (refused.out, len(refused.err.splitlines())) == ("", 1)
