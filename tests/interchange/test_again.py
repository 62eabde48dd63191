"""The same file once more: changed rows, rows edited here, undo, duplicates, rehearsals."""

from __future__ import annotations

from datetime import date
from typing import Any

from salestui.store.checking import derived_problems
from salestui.text import from_day
from salestui.usecases import clients, deals, outcomes, people, undo
from tests.interchange.conftest import Imports, counts

DEALS = """
entity = "deal"
source = "old"
external_id = ["id"]
currency = "EUR"

[pipeline]
name = "Projects"
stages = ["Enquiry", "Offer", "Talks"]

[columns]
title = "title"
client = "client"
owner = "owner"
amount = "amount"
product = "product"
closed = "closed_on"
offer = {field = "entered_on", stage = "Offer"}
talks = {field = "entered_on", stage = "Talks"}
note = {field = "notes", optional = true}

[columns.stage]
field = "stage"
values.won = {outcome = "won"}
values.lost = {outcome = "lost"}
"""
HEAD = "id,title,client,owner,amount,product,stage,closed,offer,talks\n"

CLIENTS = """
entity = "client"
source = "old"
external_id = ["id"]
[columns]
name = "name"
city = "city"
phone = {field = "phone", split = ";"}
helper = {field = "assistant", split = ";"}
"""


def way(imports: Imports) -> list[tuple[str, str | None, str]]:
    """(stage, day, outcome) of the only deal's events that stand."""
    rows = imports.rows(
        "SELECT s.name, e.occurred_on, e.outcome FROM deal_event e JOIN stage s ON s.id = e.stage_id"
        " WHERE e.kind = 'change' AND e.id NOT IN"
        " (SELECT voids_id FROM deal_event WHERE voids_id IS NOT NULL) ORDER BY e.seq"
    )
    return [(name, day and from_day(day).isoformat(), outcome) for name, day, outcome in rows]


def test_a_second_run_changes_nothing(imports: Imports) -> None:
    rows = HEAD + "1,Roof,Acme,Ona,10,Pump,Offer,,2025-02-01,\n2,Wall,,,,,Talks,,,\n"
    assert counts(imports.run(DEALS, rows)) == (2, 0, 0, 0)
    before = imports.rows("SELECT count(*) FROM audit_entry")
    assert counts(imports.run(DEALS, rows)) == (0, 0, 2, 0)
    assert imports.rows("SELECT count(*) FROM audit_entry") == before


def test_a_changed_row_moves_its_deal_on_the_days_it_tells(imports: Imports) -> None:
    imports.run(DEALS, HEAD + "1,Roof,Acme,Ona,10,Pump,Enquiry,,,\n")
    changed = HEAD + "1,Roof,Acme,Jonas,12,Pump,won,2025-03-01,2025-02-01,2025-02-11\n"
    report = imports.run(DEALS, changed)
    assert counts(report) == (0, 1, 0, 0)
    assert way(imports) == [
        ("Enquiry", None, "open"),
        ("Offer", "2025-02-01", "open"),
        ("Talks", "2025-02-11", "open"),
        ("Talks", "2025-03-01", "won"),
    ]
    assert imports.row(
        "SELECT d.outcome, d.amount_minor, l.unit_price_minor, r.name, c.status FROM deal d"
        " JOIN deal_line l ON l.deal_id = d.id JOIN rep r ON r.id = d.owner_id"
        " JOIN client c ON c.id = d.client_id"
    ) == ("won", 1200, 1200, "Jonas", "customer")
    assert counts(imports.run(DEALS, changed)) == (0, 0, 1, 0)


def test_a_change_without_a_day_gets_none(imports: Imports) -> None:
    imports.run(DEALS, HEAD + "1,Roof,,,,,Offer,,2025-02-01,\n")
    imports.run(DEALS, HEAD + "1,Roof,,,,,Talks,,2025-02-01,\n")
    assert way(imports) == [("Offer", "2025-02-01", "open"), ("Talks", None, "open")]
    imports.run(DEALS, HEAD + "1,Roof,,,,,lost,,2025-02-01,\n")
    assert way(imports)[-1] == ("Offer", None, "lost")


def test_a_day_that_comes_too_late_is_left_out_and_told(imports: Imports) -> None:
    imports.run(DEALS, HEAD + "1,Roof,,,,,Talks,,,2025-03-01\n")
    report = imports.run(DEALS, HEAD + "1,Roof,,,,,Talks,,2025-02-01,2025-03-01\n")
    assert way(imports) == [("Talks", "2025-03-01", "open")]
    assert any("lies before what the history knows" in note for note in report.files[0].notes)


def test_a_reopened_deal(imports: Imports) -> None:
    imports.run(DEALS, HEAD + "1,Roof,Acme,,10,,won,2025-03-01,2025-02-01,\n")
    imports.run(DEALS, HEAD + "1,Roof,Acme,,10,,Talks,,2025-02-01,2025-04-01\n")
    assert imports.row("SELECT outcome, closed_on, forecast_category FROM deal") == (
        "open", None, "pipeline",
    )  # fmt: skip
    assert way(imports)[-1] == ("Talks", None, "open")


def test_what_the_source_is_silent_about_is_left_as_it_is_here(imports: Imports) -> None:
    mapping = """
    entity = "deal"
    source = "old"
    external_id = ["id"]
    currency = "EUR"
    [columns]
    title = "title"
    amount = "amount"
    """
    imports.run(mapping, "id,title,amount\n1,Roof,10\n")
    (deal_id, version) = imports.row("SELECT id, version FROM deal")
    client = imports.store.write(clients.create_client, name="Acme")
    imports.store.write(deals.edit_deal, deal_id=deal_id, client_id=client.id)
    imports.store.write(outcomes.win_deal, deal_id=deal_id, closed_on=date(2026, 3, 18))
    assert counts(imports.run(mapping, "id,title,amount\n1,Roof,11\n")) == (0, 1, 0, 0)
    assert imports.row("SELECT outcome, amount_minor, client_id FROM deal") == (
        "won", 1100, client.id,
    )  # fmt: skip


def test_rows_edited_here_are_left_alone_until_the_source_changes(imports: Imports) -> None:
    imports.run(CLIENTS, "id,name,city,phone,helper,rating\n1,Acme,Kaunas,+370 1,,5\n")
    (client_id,) = imports.row("SELECT id FROM client")
    imports.store.write(clients.edit_client, client_id=client_id, city="Vilnius", notes="Mine")
    same = "id,name,city,phone,helper,rating\n1,Acme,Kaunas,+370 1,,4\n"
    assert counts(imports.run(CLIENTS, same)) == (0, 0, 1, 0)  # a column that is not mapped
    assert imports.row("SELECT city FROM client") == ("Vilnius",)
    moved = "id,name,city,phone,helper,rating\n1,Acme,Alytus,+370 1;+370 2,Jonas,4\n"
    assert counts(imports.run(CLIENTS, moved)) == (0, 1, 0, 0)
    assert imports.row("SELECT city, notes FROM client") == ("Alytus", "Mine")
    assert imports.rows("SELECT value FROM medium WHERE deleted_at IS NULL ORDER BY position") == [
        ("+370 1",), ("+370 2",),
    ]  # fmt: skip
    assert imports.rows("SELECT r.name FROM client_assistant a JOIN rep r ON r.id = a.rep_id") == [
        ("Jonas",)
    ]


def test_a_column_mapped_later_is_taken_over(imports: Imports) -> None:
    content = "id,name,city,phone,helper,sector\n1,Acme,Kaunas,,,Retail\n"
    imports.run(CLIENTS, content)
    assert counts(imports.run(CLIENTS + 'sector = "sector"\n', content)) == (0, 1, 0, 0)
    assert imports.row("SELECT sector FROM client") == ("Retail",)


def test_an_import_can_be_undone_and_done_again(imports: Imports) -> None:
    rows = HEAD + "1,Roof,Acme,Ona,10,Pump,won,2025-03-01,2025-02-01,\n2,Wall,,,,,Talks,,,\n"
    imports.run(DEALS, rows)
    imports.store.write(undo.undo)
    assert imports.rows("SELECT id FROM deal WHERE deleted_at IS NULL") == []
    assert imports.rows("SELECT id FROM client WHERE deleted_at IS NULL") == []
    assert imports.rows("SELECT id FROM passage") == imports.rows("SELECT word FROM search_word")
    assert counts(imports.run(DEALS, rows)) == (2, 0, 0, 0)
    assert imports.rows("SELECT count(*) FROM deal WHERE deleted_at IS NULL") == [(2,)]
    imports.store.write(undo.undo)
    imports.store.write(undo.redo)
    assert counts(imports.run(DEALS, rows)) == (0, 0, 2, 0)
    assert imports.rows("SELECT count(*) FROM deal WHERE deleted_at IS NULL") == [(2,)]
    assert derived_problems(imports.store) == []


def test_after_the_undo_of_an_update_the_source_is_asked_again(imports: Imports) -> None:
    first = HEAD + "1,Roof,Acme,,10,,Offer,,2025-02-01,\n"
    second = HEAD + "1,Roof,Acme,,12,,won,2025-03-01,2025-02-01,\n"
    imports.run(DEALS, first)
    imports.run(DEALS, second)
    imports.store.write(undo.undo)
    assert imports.row("SELECT outcome, amount_minor FROM deal") == ("open", 1000)
    assert way(imports) == [("Offer", "2025-02-01", "open")]
    assert counts(imports.run(DEALS, second)) == (0, 1, 0, 0)
    assert imports.row("SELECT outcome, amount_minor FROM deal") == ("won", 1200)
    assert way(imports)[-1] == ("Offer", "2025-03-01", "won")


def test_two_rows_of_one_id(imports: Imports) -> None:
    rows = (
        "1,Roof,,,,,Talks,,,\n2,Wall,,,,,Talks,,,\n1,Roof,,,,,Talks,,,\n2,Wall,,,,,Offer,,,\n"
        "3,Gate,,,,,Offer,,,\n"
    )
    report = imports.run(DEALS, HEAD + rows)
    assert not report.is_written and counts(report) == (3, 0, 1, 1)
    (problem,) = report.files[0].problems
    assert (problem.line, problem.column, problem.value) == (5, "id", "2")
    assert "line 3 has the same id, but says otherwise" in problem.reason
    assert counts(imports.run(DEALS, HEAD + rows, is_partial=True)) == (3, 0, 1, 1)
    stages = imports.rows("SELECT d.title, s.name FROM deal d JOIN stage s ON s.id = d.stage_id")
    assert sorted(stages) == [("Gate", "Offer"), ("Roof", "Talks"), ("Wall", "Talks")]


def test_rows_without_an_id_are_told_by_all_they_hold(imports: Imports) -> None:
    mapping = 'entity = "deal"\n[columns]\ntitle = "title"\nclient = "client"\n'
    content = "title,client\nRoof,Acme\nRoof,Acme\nWall,\n"
    assert counts(imports.run(mapping, content)) == (3, 0, 0, 0)
    assert counts(imports.run(mapping, content)) == (0, 0, 3, 0)
    assert counts(imports.run(mapping, content + "Wall,Acme\n")) == (1, 0, 3, 0)


def test_two_rows_of_the_source_may_have_one_name(imports: Imports) -> None:
    content = "id,name,city,phone,helper\n1,Acme,Kaunas,,\n2,Acme,Riga,,\n3,acmé,Bonn,,\n"
    assert counts(imports.run(CLIENTS, content)) == (3, 0, 0, 0)
    report = imports.run(DEALS, HEAD + "1,Roof,Acme,,,,Talks,,,\n")
    assert counts(report) == (0, 0, 0, 1)
    (problem,) = report.files[0].problems
    assert (problem.column, problem.value) == ("client", "Acme")
    assert problem.reason == "3 clients are called 'Acme'; refer to them by id"
    by_id = DEALS.replace('client = "client"', 'client = {field = "client", by = "external_id"}')
    assert counts(imports.run(by_id, HEAD + "1,Roof,2,,,,Talks,,,\n")) == (1, 0, 0, 0)
    assert imports.row(
        "SELECT c.city FROM deal d JOIN client c ON c.id = d.client_id"
    ) == ("Riga",)  # fmt: skip


def test_what_was_entered_by_hand_is_taken_as_the_source_means_it(imports: Imports) -> None:
    own = imports.store.write(clients.create_client, name="ACME")
    content = "id,name,city,phone,helper\n1,Acme,Kaunas,,\n2,Acme,Riga,,\n"
    assert counts(imports.run(CLIENTS, content)) == (1, 1, 0, 0)
    assert imports.row("SELECT city FROM client WHERE id = :id", id=own.id) == ("Kaunas",)
    assert imports.rows("SELECT city FROM client ORDER BY number") == [("Kaunas",), ("Riga",)]


def test_partly(imports: Imports) -> None:
    rows = HEAD + "1,Roof,,,abc,,Talks,,,\n2,Wall,,,5,,Talks,,,\n3,Gate,,,5,,Talks\n"
    report = imports.run(DEALS, rows)
    assert not report.is_written and counts(report) == (1, 0, 0, 2)
    assert imports.rows("SELECT id FROM audit_entry") == []
    report = imports.run(DEALS, rows, is_partial=True)
    assert report.is_written and counts(report) == (1, 0, 0, 2)
    assert [(p.line, p.column, p.value) for p in report.files[0].problems] == [
        (2, "amount", "abc"),
        (4, "", ""),
    ]
    assert "7 cells, the header 10" in report.files[0].problems[1].reason


def test_a_rehearsal_leaves_no_trace(imports: Imports) -> None:
    def everything() -> list[Any]:
        tables = ("deal", "client", "rep", "stage", "audit_entry", "external_id", "counter")
        return [imports.rows(f"SELECT count(*) FROM {table}") for table in tables]

    before = everything()
    rows = HEAD + "1,Roof,Acme,Ona,10,Pump,won,2025-03-01,2025-02-01,\n"
    report = imports.run(DEALS, rows, is_rehearsal=True)
    assert not report.is_written and counts(report) == (1, 0, 0, 0)
    assert everything() == before == [[(0,)]] * 7
    assert counts(imports.run(DEALS, rows)) == (1, 0, 0, 0)
    assert imports.row("SELECT number FROM deal") == (1,)


def test_a_phone_that_a_file_changes_is_a_change_of_the_client_and_so_is_its_undo(
    imports: Imports,
) -> None:
    """Whoever has the client's form open meanwhile is to be told."""
    seen = []
    for phone in ("+370 1", "+370 2"):
        imports.run(CLIENTS, f"id,name,city,phone,helper\n1,Acme,Kaunas,{phone},\n")
        seen.append(imports.row("SELECT version FROM client")[0])
    imports.store.write(undo.undo)
    seen.append(imports.row("SELECT version FROM client")[0])
    assert seen == [1, 2, 3]


def test_the_deals_of_who_left_are_taken_as_they_are(imports: Imports) -> None:
    row = "1,Pumps,Acme,Jonas,5,Pump,Offer,,2017-03-01,\n"
    imports.run(DEALS, HEAD + row)
    jonas = imports.rows("SELECT id FROM rep WHERE name = 'Jonas'")[0][0]
    imports.store.write(people.edit_rep, rep_id=jonas, left_on=date(2018, 1, 1))
    imports.run(DEALS, HEAD + row + "2,Hoses,Acme,Jonas,7,Pump,Offer,,2017-04-01,\n")
    assert imports.rows("SELECT count(*) FROM deal WHERE owner_id = :id", id=jonas) == [(2,)]
