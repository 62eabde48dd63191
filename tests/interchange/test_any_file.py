"""Made-up files and mappings, seeded: whatever they say, each row is counted and the store is sound."""

from __future__ import annotations

import csv
import io
from random import Random

import pytest

from salestui.errors import Refused
from salestui.interchange.fields import ENTITIES, Field, Kind, field_paths, find_field
from salestui.interchange.mapping import Formats
from salestui.store.checking import derived_problems
from salestui.usecases.undo import undo
from tests.interchange.conftest import Imports

CELLS: dict[Kind, list[str]] = {
    Kind.TEXT: [
        "",
        "Acme",
        "acme ",
        "Łódź",
        "[/x]",
        "=1+1",
        "\x00",
        "\x1b[31m",
        "x" * 300,
        "***",
        "a;b",
    ],
    Kind.NOTES: ["", "note", "two\nlines", "x" * 500],
    Kind.REFERENCE: ["", "Acme", "Beta", "1", "2", "ona@x.example", "***", "Rasa", "\x1b[0m"],
    Kind.CHOICE: ["", "won", "lost", "open", "postponed", "out", "done", "planned", "B2B", "zzz"],
    Kind.DAY: ["", "2025-01-01", "2025-03-02", "2024-12-31", "2027-01-01", "2025-02-30", "x"],
    Kind.MOMENT: ["", "2025-01-01", "2025-01-01 10:00", "2030-01-01", "2025-01-01T25:00"],
    Kind.MONEY: ["", "1", "0", "-1", "1000000000000000", "10000000000000000", "12.5", "0.001"],
    Kind.CURRENCY: ["", "EUR", "JPY", "eur", "XXX", "KWD"],
    Kind.WHOLE: ["", "1", "0", "-1", "2147483648", "1.5", "2822"],
    Kind.QUANTITY: ["", "1", "0", "-1", "1000000000000", "0.0001", "2.5"],
    Kind.PERCENT: ["", "1", "0", "-1", "100", "100.01", "12.5%"],
    Kind.MINUTES: ["", "15m", "1h", "x", "99999"],
}


def mapping(rng: Random, entity: str) -> tuple[str, list[Field]]:
    """A mapping of some fields of an entity, those it needs among them."""
    every = field_paths(entity)
    paths = [rng.choice(names) for names in ENTITIES[entity].needed]
    paths += rng.sample(every, min(len(every), rng.randint(1, 9)))
    paths = list(dict.fromkeys([*(path.partition(".")[0] for path in paths), *paths]))
    lines = [f'entity = "{entity}"', 'source = "src"', 'currency = "EUR"']
    lines += ['external_id = ["id"]'] if rng.random() < 0.7 else []
    lines += ['[pipeline]\nname = "P"\nstages = ["A", "B", {name = "C", kind = "after-sale"}]']
    lines += ["[columns]"]
    fields = []
    for number, path in enumerate(paths):
        field = find_field(entity, path)
        assert field is not None
        fields.append(field)
        said = [f'field = "{path}"']
        if path == "entered_on":
            said.append(f'stage = "{rng.choice("ABC")}"')
        elif field.many and rng.random() < 0.4:
            said.append('split = ";"')
        if field.kind is Kind.REFERENCE:
            said.append(f'by = "{rng.choice(["name", "email", "external_id"])}"')
        lines.append(f"c{number} = {{{', '.join(said)}}}")
    return "\n".join(lines) + "\n", fields


def content(rng: Random, fields: list[Field]) -> str:
    """Up to eight rows of cells that the fields may or may not take."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", *(f"c{number}" for number in range(len(fields)))])
    for _ in range(rng.randint(1, 8)):
        rows.writerow(
            [rng.choice(["", *"123451234"]), *(rng.choice(CELLS[f.kind]) for f in fields)]
        )
    return out.getvalue()


@pytest.mark.parametrize("seed", range(24))
def test_any_file_is_counted_and_leaves_a_sound_store(sqlite_imports: Imports, seed: int) -> None:
    rng, imports = Random(seed), sqlite_imports
    for _ in range(4):
        entity = rng.choice(list(ENTITIES))
        profile, fields = mapping(rng, entity)
        for _ in range(2):
            try:
                report = imports.run(
                    profile,
                    content(rng, fields),
                    formats=Formats("iso", "."),
                    is_partial=rng.random() < 0.8,
                )
            except Refused as refusal:
                assert len(str(refusal).splitlines()) == 1
                continue
            (file,) = report.files
            assert file.read == file.created + file.updated + file.unchanged + file.skipped
            assert (file.skipped == 0) or file.problems
            if report.is_written and rng.random() < 0.2:
                try:
                    imports.store.write(undo)
                except Refused:  # nothing was written, or others have built on it
                    pass
    assert derived_problems(imports.store) == []
