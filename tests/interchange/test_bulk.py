"""A large file costs few statements: counted, where a time would depend on the machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from salestui.store import projections
from salestui.usecases import undo
from tests.interchange.conftest import Imports, counts

ROWS = 2_000
MAPPING = """
entity = "deal"
source = "old"
external_id = ["id"]
currency = "EUR"
[pipeline]
name = "Projects"
stages = ["Enquiry", "Offer"]
[columns]
title = "title"
client = "client"
town = "client.city"
person = "contact"
owner = "owner"
product = "product"
sum = "amount"
offer = {field = "entered_on", stage = "Offer"}
closed = "closed_on"
how = "outcome"
"""


def rows(amount: int) -> str:
    """Deals of 700 clients, each with a contact, of 40 reps, about 30 products."""
    lines = ["id,title,client,town,person,owner,product,sum,offer,closed,how"]
    for n in range(ROWS):
        how, closed = [("open", ""), ("won", "2025-06-01"), ("lost", "2025-07-01")][n % 3]
        lines.append(
            f"{n},Deal {n},Client {n % 700},Town {n % 90},Person {n % 700},Rep {n % 40},"
            f"Product {n % 30},{amount + n},2025-01-{1 + n % 28:02},{closed},{how}"
        )
    return "\n".join(lines) + "\n"


@pytest.fixture
def statements(imports: Imports) -> Iterator[list[str]]:
    """Every statement that the writer sends; many rows at once are one."""
    seen: list[str] = []
    engine = imports.store.engine()

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_new_changed_and_undone_rows_in_few_statements(
    imports: Imports, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[int] = []
    refresh = projections.refresh_passages
    monkeypatch.setattr(
        projections,
        "refresh_passages",
        lambda s, ids, p: (again.append(len(ids)), refresh(s, ids, p)),
    )
    assert counts(imports.run(MAPPING, rows(1))) == (ROWS, 0, 0, 0)
    assert again == []  # what is derived of new deals is made once
    assert len(statements) < 200
    statements.clear()
    assert counts(imports.run(MAPPING, rows(1))) == (0, 0, ROWS, 0)
    assert len(statements) < 30
    statements.clear()
    assert counts(imports.run(MAPPING, rows(2))) == (0, ROWS, 0, 0)
    assert sum(again) == ROWS
    # The ORM changes row by row, to see whether somebody else has: the deal and its line.
    assert len(statements) < 2 * ROWS + 350
    statements.clear()
    imports.store.write(undo.undo)
    assert len(statements) < 2 * ROWS + 350
    assert imports.row("SELECT min(amount_minor) FROM deal") == (100,)
