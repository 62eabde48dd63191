"""The guide tells the truth: its example is imported, and no key or field is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from salestui.interchange.fields import ENTITIES
from salestui.interchange.profiles.loading import _COLUMN_KEYS, _KEYS, _STAGE_KEYS
from salestui.text import from_day
from tests.interchange.conftest import Imports, counts

GUIDE = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert len(found) == 1
    return found[0]


def test_the_example_is_taken_over_as_it_says(imports: Imports) -> None:
    report = imports.run(block("toml"), block("csv"), "deals.csv")
    assert report.is_written and counts(report) == (4, 0, 0, 0)
    (repair,) = report.files[0].repairs
    assert (repair.column, repair.value, repair.line) == ("Status", "enqury", 5)
    deals = imports.rows(
        "SELECT d.title, c.name, c.city, r.name, d.amount_minor, d.currency, s.name, d.outcome,"
        " k.name, l.name, x.name, d.source FROM deal d JOIN client c ON c.id = d.client_id"
        " JOIN rep r ON r.id = d.owner_id JOIN stage s ON s.id = d.stage_id"
        " LEFT JOIN contact k ON k.id = d.contact_id LEFT JOIN loss_reason l ON l.id = d.loss_reason_id"
        " LEFT JOIN competitor x ON x.id = d.competitor_id ORDER BY d.number"
    )
    lodz, ice = ("Łódź Foods", "Łódź"), ("Baltic Ice", "Klaipėda")
    old = "old list"
    assert deals == [
        ("New roof", *lodz, "Ona", 1_250_000, "EUR", "Offer", "won", "Anna Nowak", None, None, old),
        ("Silo repair", *lodz, "Jonas", 4_800_000, "PLN", "Offer", "lost", "Anna Nowak",
         "too dear", "Rival", old),
        ("Cold store", *ice, "Ona", None, "EUR", "Offer", "open", None, None, None, old),
        ("Conveyor", *ice, "Jonas", 730_000, "EUR", "Enquiry", "open", None, None, None, old),
    ]  # fmt: skip
    assert imports.rows("SELECT value FROM medium") == [("anna@lodzfoods.example",)]
    stages = imports.rows("SELECT name, kind, probability FROM stage ORDER BY position")
    assert stages == [("Enquiry", "sale", 0), ("Offer", "sale", 40), ("Warranty", "after-sale", 0)]


def test_the_history_has_the_days_of_the_file(imports: Imports) -> None:
    imports.run(block("toml"), block("csv"), "deals.csv")
    days = imports.rows("SELECT occurred_on FROM deal_event")
    in_file = re.findall(r"\b(\d\d)\.(\d\d)\.(\d{4})\b", block("csv"))
    assert sorted(from_day(day).isoformat() for (day,) in days) == sorted(
        f"{year}-{month}-{day}" for day, month, year in in_file
    )


@pytest.mark.parametrize("key", [*_KEYS, *_COLUMN_KEYS, *_STAGE_KEYS])
def test_every_key_is_explained(key: str) -> None:
    keys = GUIDE.partition("## The keys of a mapping")[2].partition("## The fields")[0]
    assert f"`{key}`" in keys or f"`[{key}]`" in keys


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_every_field_is_listed_as_what_it_is(entity: str) -> None:
    (line,) = re.findall(rf"^\| `{entity}` \| (.*) \|$", GUIDE, re.MULTILINE)
    listed = {
        name: (bool(italic), bool(plus))
        for italic, name, plus in re.findall(r"(\*?)`(\w+)`\*?(\+?)", line)
    }
    assert listed == {
        name: (bool(field.to), field.many) for name, field in ENTITIES[entity].fields.items()
    }
