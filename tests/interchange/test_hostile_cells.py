"""Cells that have broken other programs: taken as inert text, or refused in one sentence."""

from __future__ import annotations

import csv
import io
from random import Random
from typing import Any

import pytest
from sqlmodel import SQLModel

from salestui.errors import Refused
from salestui.interchange.fields import ENTITIES, Kind
from salestui.models import tables
from salestui.text import clean
from tests.interchange.conftest import Imports, counts

assert tables

HOSTILE = {
    "markup": "[/x] [@click=app.quit]Pay[/] [b",
    "escape": "a\x1b[31mred\x1b]52;c;cHduZWQ=\x1b\\b\x9b2J",
    "nul": "be\x00fore",
    "bidi": "abc\u202etxt.exe\u2066",
    "wide": "漢字 한국 ไทย 👩‍👩‍👧 🏳️‍🌈",
    "right to left": "שלום עולם مرحبا",
    "marks": "Z" + "\u0301" * 300 + "e",
    "formula": '=HYPERLINK("http://x.example","y")|\'cmd\'!A1',
    "quotes": 'Robert\'); DROP TABLE client;-- "x" :id %s %(id)s ?',
}
LONG = "".join(Random(5).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=10_000))
TEXTS = (Kind.TEXT, Kind.NOTES, Kind.REFERENCE)
_KEPT = [table for table in SQLModel.metadata.sorted_tables if table.name not in ("search_word",)]


def mapping_of(entity: str) -> tuple[str, list[str]]:
    """A mapping with a column for every text of an entity, and these fields."""
    paths = [name for name, field in ENTITIES[entity].fields.items() if field.kind in TEXTS]
    paths = [path for path in paths if path not in ("deal", "reports_to", "assists", "first_name")]
    lines = [f'c{number} = "{path}"' for number, path in enumerate(paths)]
    extra = 'done = "done_on"\n' if entity == "activity" else ""
    return f'entity = "{entity}"\n[columns]\n' + "\n".join(lines) + "\n" + extra, paths


def csv_of(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def stored_texts(imports: Imports) -> set[str]:
    """Every text in every table."""
    texts = set()
    for table in _KEPT:
        for row in imports.rows(f"SELECT * FROM {table.name}"):
            texts.update(value for value in row if isinstance(value, str))
    return texts


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_a_hostile_text_in_every_field(imports: Imports, entity: str) -> None:
    mapping, paths = mapping_of(entity)
    head = [f"c{number}" for number in range(len(paths))]
    rows = [[value] * len(paths) for value in HOSTILE.values()]
    if entity == "activity":
        head, rows = [*head, "done"], [[*row, "2025-01-01"] for row in rows]
    report = imports.run(mapping, csv_of([head, *rows]))
    assert report.files[0].problems == ()
    assert counts(report) == (len(HOSTILE), 0, 0, 0)
    texts = stored_texts(imports)
    for value in HOSTILE.values():
        kept = clean(value)
        assert kept and all(char.isprintable() for char in kept if char not in "\u200d\ufe0f")
        assert kept in texts or (entity == "activity" and kept.casefold() in texts)
    assert not any(sign in text for text in texts for sign in "\x1b\x00\u202e\x9b")
    assert counts(imports.run(mapping, csv_of([head, *rows]))) == (0, 0, len(HOSTILE), 0)


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_ten_thousand_characters_in_every_field(imports: Imports, entity: str) -> None:
    mapping, paths = mapping_of(entity)
    short = {"deal": ("source",), "activity": ("kind",)}.get(entity, ())
    head = [f"c{number}" for number in range(len(paths))]
    cells = ["call" if path == "kind" else "" if path in short else LONG for path in paths]
    if entity == "activity":
        head, cells = [*head, "done"], [*cells, "2025-01-01"]
    report = imports.run(mapping, csv_of([head, cells]))
    assert report.files[0].problems == () and counts(report) == (1, 0, 0, 0)
    for path in short:
        cells[paths.index(path)] = LONG
        report = imports.run(mapping, csv_of([head, cells]))
        (problem,) = report.files[0].problems
        assert problem.column == f"c{paths.index(path)}"
        assert problem.reason == "10,000 characters; 200 is the limit"
        assert len(str(problem)) < 400


def test_a_long_id_and_an_endless_cell(imports: Imports) -> None:
    mapping = 'entity = "client"\nsource = "x"\nexternal_id = ["id"]\n[columns]\nname = "name"\n'
    report = imports.run(mapping, f"id,name\n{LONG},Acme\n\x1b[0m,Beta\n")
    assert [(p.line, p.column, p.reason) for p in report.files[0].problems] == [
        (2, "id", "an id of more than 200 characters"),
        (3, "id", "the id is empty"),
    ]
    with pytest.raises(Refused, match=r"line 2, column 2: a cell of 40,000 characters"):
        imports.run(mapping, f"id,name\n1,{'x' * 40_000}\n")
    report = imports.run(mapping, f"id,name\n1,{'x' * 32_500}\n2,Beta\n", is_partial=True)
    assert "32,000 is the limit" in report.files[0].problems[0].reason
    assert imports.rows("SELECT name FROM client") == [("Beta",)]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("99999999999999999999", "headcount"),
        ("2147483648", "founded_year"),
        ("-3", "headcount"),
        ("1e9", "turnover"),
        ("NaN", "turnover"),
        ("99999999999999999999", "turnover"),
        ("-1", "turnover"),
        ("١٢", "headcount"),
        ("9999-99-99", "name_day"),
        ("0001-01-01", "name_day"),
    ],
)
def test_numbers_and_days_beyond_all_bounds(sqlite_imports: Imports, text: str, field: str) -> None:
    imports = sqlite_imports
    mapping = 'entity = "client"\ncurrency = "EUR"\n[columns]\nname = "name"\n'
    mapping += f'x = "{field}"\n'
    if field == "name_day":
        mapping = 'entity = "contact"\n[columns]\nname = "name"\nco = "client"\nx = "born_on"\n'
    content = f"name,co,x\nRasa,Acme,{text}\n"
    report = imports.run(mapping, content)
    (problem,) = report.files[0].problems
    assert (problem.line, problem.column, problem.value) == (2, "x", text)
    assert imports.rows("SELECT name FROM client") == []


@pytest.mark.parametrize("name", ["👩‍👩‍👧", "***", "→"])
def test_names_of_signs_alone_are_not_mixed_up(imports: Imports, name: str) -> None:
    mapping = (
        'entity = "deal"\n[columns]\ntitle = "title"\nclient = "client"\nowner = "owner"\n'
        'stage = "stage"\nproduct = "product"\n'
    )
    rows = [["title", "client", "owner", "stage", "product"], ["a", name, name, name, name]]
    rows += [["b", "!!!", "!!!", "!!!", "!!!"], ["c", name, name, name, name]]
    assert counts(imports.run(mapping, csv_of(rows))) == (3, 0, 0, 0)
    found: list[Any] = imports.rows(
        "SELECT c.name, r.name, s.name, p.name FROM deal d JOIN client c ON c.id = d.client_id"
        " JOIN rep r ON r.id = d.owner_id JOIN stage s ON s.id = d.stage_id"
        " JOIN product p ON p.id = d.product_id ORDER BY d.number"
    )
    assert found == [(name,) * 4, ("!!!",) * 4, (name,) * 4]
