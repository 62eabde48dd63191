"""`salestui reference` and `salestui report deviations` from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.store.opening import open_store
from tests.analytics.book import Life, Move, make_book
from tests.cli.conftest import Command
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def _deals(db: Path) -> Iterator[None]:
    store = open_store(str(db), clock=lambda: NOON)
    book = make_book(store)
    book.add(
        *(
            Life([Move(day - 4), Move(day, "Demo"), Move(day + 3, "Demo", "won" if i else "lost")])
            if i < 2
            else Life([Move(day - 4), Move(day, "Enquiry", "lost", "Price")])
            for day in range(-300, 30)
            for i in range(4)
        )
    )
    store.close()
    yield


def test_show_freeze_set_and_undo(salestui: Command) -> None:
    shown = salestui(
        "reference", "show", "--pipeline", "sales", "--as-of", "2026-02-15", "--json"
    ).json
    assert [row["stage"] for row in shown["rows"]] == ["Enquiry", "Demo", "Offer"]
    assert shown["rows"][0]["forward"] == pytest.approx(0.5, abs=0.01)
    assert shown["rows"][0]["source"] == "12 months"

    said = salestui("reference", "freeze", "sales", "--as-of", "2026-02-15", "--notes", "Year plan")
    assert said.out == "Kept reference 1 of Sales\n"
    assert "version 1" in salestui("reference", "show", "--pipeline", "sales").out

    kept = salestui("reference", "show", "--pipeline", "sales", "--json").json["rows"]
    assert [row["decided"] for row in kept] == [row["decided"] for row in shown["rows"]]
    assert {row["entered"] for row in kept} == {None}, "of how many it was measured is what counts"

    said = salestui(
        "reference", "set", "sales", "offer", "--forward", "62.5", "--lost", "30", "--win", "60",
        "--days", "14", "--value", "12 000",
    )  # fmt: skip
    assert said.out == "Kept template 2 of Sales\n"
    row = salestui("reference", "show", "--pipeline", "sales", "--json").json["rows"][2]
    assert (row["forward"], row["lost"], row["win"], row["median_days"]) == (0.625, 0.3, 0.6, 14)
    assert row["value"] == {"amount": "12000.00", "currency": "EUR"}
    again = salestui("reference", "show", "--pipeline", "sales", "--version", "1", "--csv").out
    assert "version 1" in again and "12000" not in again
    measured = salestui("reference", "show", "--pipeline", "sales", "--measured").out
    assert "Reference funnel, measured" in measured
    assert salestui("undo").out == "Undone: Kept template 2 of Sales\n"
    assert "version 1" in salestui("reference", "show", "--pipeline", "sales").out


def test_deviations_as_table_json_and_csv(salestui: Command) -> None:
    options = ("--as-of", "2026-02-01", "--period", "2026-01", "--pipeline", "sales")
    table = salestui("report", "deviations", *options)
    assert (table.code, table.err) == (0, "")
    assert "Deviations from the measured reference" in table.out
    assert "No stage differs from the reference beyond chance" in table.out
    made = salestui("report", "deviations", *options, "--json", "--against", "template").json
    assert made["report"] == "deviations"
    assert made["rows"][0]["verdict"] == "higher"
    assert made["rows"][0]["missing"] < 0
    assert len(salestui("report", "deviations", *options, "--csv").out.splitlines()) == 4
    by = salestui("report", "deviations", "--by", "rep", "--json").json
    assert by["rows"][0]["rep"] == "Ona"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("reference", "set", "sales", "offer"), "Nothing to change"),
        (("reference", "set", "sales", "offer", "--forward", "140"), "between 0 and 100"),
        (("reference", "set", "sales", "closing", "--forward", "40"), "no stage 'closing'"),
        (("reference", "freeze", "nothing"), "There is no pipeline 'nothing'"),
        (("reference", "freeze", "service"), "set a template with"),
        (("reference", "show", "--version", "7"), "no version 7"),
        (("reference", "show", "--period", "someday"), "someday"),
        (("report", "deviations", "--against", "hopes"), "Compare with one of"),
        (("report", "deviations", "--period", "2999"), "has not begun"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(
    salestui: Command, arguments: tuple[str, ...], said: str
) -> None:
    refused = salestui(*arguments)
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert refused.err.count("\n") == 1
