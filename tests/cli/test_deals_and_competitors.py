"""The products of a deal and the competitors met, by command."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Command
from tests.team import HOSTILE


def test_lines_are_set_added_up_and_told(team: Command) -> None:
    team("product", "add", "Hose", "--price", "9.99")
    said = team("deal", "lines", "1", "2 Pump @ 1100 -10%", "hose")
    assert said.code == 0, said.err
    assert said.out.startswith("Changed the products of Pumps\n")
    assert said.out.endswith("Amount: 1,989.99 EUR\n")
    rows = team("deal", "lines", "pumps", "--json").json
    assert rows == [
        {
            "product": "Pump",
            "quantity": 2,
            "price": {"amount": "1100.00", "currency": "EUR"},
            "discount_percent": 10,
            "sum": {"amount": "1980.00", "currency": "EUR"},
        },
        {
            "product": "Hose",
            "quantity": 1,
            "price": {"amount": "9.99", "currency": "EUR"},
            "discount_percent": 0,
            "sum": {"amount": "9.99", "currency": "EUR"},
        },
    ]
    assert team("undo").code == 0
    assert team("deal", "lines", "1").out == "No products in Pumps.\nAmount: 12,000.00 EUR\n"


def test_lines_are_taken_out_and_the_amount_stays(team: Command) -> None:
    team("deal", "lines", "1", "Pump")
    assert team("deal", "lines", "1", "--clear").code == 0
    assert team("deal", "lines", "1").out == "No products in Pumps.\nAmount: 1,200.00 EUR\n"


def test_a_product_no_longer_sold_stays_in_the_deal_that_has_it(team: Command) -> None:
    team("deal", "lines", "1", "Pump")
    team("product", "delete", "Pump")
    assert team("deal", "lines", "1", "3 Pump").code == 0
    assert team("deal", "lines", "1", "--json").json[0]["quantity"] == 3
    team("deal", "lines", "1", "--clear")
    assert team("deal", "lines", "1", "Pump").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("99", "Pump"),
        ("1", "Nothing"),
        ("1", "Pump @ many"),
        ("1", "Pump", "--clear"),
        ("1", "0 Pump"),
        (),
    ],
)
def test_what_makes_no_line_is_refused(team: Command, arguments: tuple[str, ...]) -> None:
    said = team("deal", "lines", *arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert team("deal", "lines", "1").out.endswith("Amount: 12,000.00 EUR\n")


@pytest.mark.parametrize("name", HOSTILE)
def test_competitors_met_are_told(team: Command, name: str) -> None:
    team("competitor", "add", name)
    assert team("competitor", "product", "--", name, "Pro").code == 0
    said = team("competitor", "met", name, "--deal", "1", "--product", "pro", "--notes", name)
    assert said.code == 0, said.err
    assert team("competitor", "met", name, "--client", "lodz").code == 0
    rows = team("competitor", "sightings", "--client", "lodz", "--json").json
    assert [(row["product"], row["deal"]) for row in rows] == [("", ""), ("Pro", "Pumps")]
    assert len(team("competitor", "sightings", name, "--deal", "pumps", "--json").json) == 1
    assert "Competitors met: " in team("client", "lodz").out


def test_met_nowhere_is_refused(team: Command) -> None:
    team("competitor", "add", "Rival")
    assert team("competitor", "met", "Rival").code == 2
    assert "None met" in team("competitor", "sightings").out


def test_a_competitors_product_is_renamed_set_against_ours_and_deleted(team: Command) -> None:
    team("competitor", "add", "Rival")
    team("competitor", "product", "Rival", "Pro", "--against", "Pump")
    assert team("competitor", "edit-product", "rival", "pro", "--name", "Max").code == 0
    assert team("competitor", "edit-product", "rival", "max", "--against", "").code == 0
    assert team("competitor", "edit-product", "rival", "max").code == 2
    assert team("competitor", "list", "--json").json[0]["products"] == "Max"
    assert team("competitor", "delete-product", "rival", "max").code == 0
    assert team("competitor", "delete-product", "rival", "max").code == 2
    assert team("competitor", "list", "--json").json[0]["products"] == ""
