"""Files as other programs write them, taken over through a mapping."""

from __future__ import annotations

from datetime import date

import pytest

from salestui.analytics.pipeline.board import board
from salestui.analytics.pipeline.opened import pipeline
from salestui.analytics.scope import ask
from salestui.analytics.stages.deviations import deviations
from salestui.errors import Refused
from salestui.interchange.mapping import Formats
from salestui.text import from_day
from tests.interchange.conftest import Imports, counts

CLIENTS = """
entity = "client"
source = "old"
external_id = ["Nr"]
currency = "EUR"

[columns]
Pavadinimas = "name"
Miestas = "city"
Tel = {field = "phone", split = ","}
Apyvarta = "turnover"
"Įkurta" = "founded_year"
"""

DEALS = """
entity = "deal"
source = "old"
external_id = ["Deal ID"]

[pipeline]
name = "Projects"
stages = ["Enquiry", {name = "Offer", probability = 40}, "Talks",
          {name = "Delivery", kind = "after-sale"}]

[columns]
"Deal Name" = "title"
Company = "client"
City = "client.city"
Phone = "client.phone"
Owner = "owner"
Team = "owner.team"
Amount = "amount"
Currency = "currency"
Created = "created_on"
"Expected close" = "expected_close_on"
Closed = "closed_on"
"Lost reason" = "loss_reason"
"Lost to" = "competitor"
"Offer sent" = {field = "entered_on", stage = "Offer"}
"Talks since" = {field = "entered_on", stage = "Talks"}

[columns.Stage]
field = "stage"
values."Closed Won" = {outcome = "won"}
values."Closed Lost" = {outcome = "lost"}
"""

HEAD = (
    "Deal ID;Deal Name;Company;City;Phone;Owner;Team;Amount;Currency;Stage;Created;Expected close;"
    "Closed;Lost reason;Lost to;Offer sent;Talks since\n"
)


def test_semicolons_a_code_page_and_decimal_commas(imports: Imports) -> None:
    text = (
        "Nr;Pavadinimas;Miestas;Tel;Apyvarta;Įkurta\r\n"
        '1;UAB „Ąžuolas“;Šiauliai;"+370 600 11111, 8 41 22222";1 234 567,50;1999\r\n'
        "2;Žvėrynas ir Ko;Vilnius;;999,9;2004\r\n"
    )
    report = imports.run(CLIENTS, text.encode("cp1257"))
    assert counts(report) == (2, 0, 0, 0)
    assert imports.rows(
        "SELECT name, city, turnover_minor, turnover_currency, founded_year FROM client ORDER BY number"
    ) == [
        ("UAB „Ąžuolas“", "Šiauliai", 123_456_750, "EUR", 1999),
        ("Žvėrynas ir Ko", "Vilnius", 99_990, "EUR", 2004),
    ]
    phones = imports.rows("SELECT value FROM medium ORDER BY position")
    assert phones == [("+370 600 11111",), ("8 41 22222",)]


def test_utf_16_with_tabs(imports: Imports) -> None:
    text = (
        "Nr\tPavadinimas\tMiestas\tTel\tApyvarta\tĮkurta\r\n7\tТОВ Коваленко\tКиїв\t\t10,00\t\r\n"
    )
    report = imports.run(CLIENTS, b"\xff\xfe" + text.encode("utf-16-le"))
    assert counts(report) == (1, 0, 0, 0)
    assert imports.row("SELECT name, city, turnover_minor FROM client") == (
        "ТОВ Коваленко", "Київ", 1000,
    )  # fmt: skip


def test_ambiguous_dates_and_numbers_are_asked_about(imports: Imports) -> None:
    row = "1;Roof;Acme;;;Ona;;{amount};EUR;Offer;03/04/2026;;;;;;\n"
    with pytest.raises(
        Refused, match=r'rows\.csv: Column "Created" may have the day or the month first.*--dates'
    ):
        imports.run(DEALS, HEAD + row.format(amount="12,50"))
    with pytest.raises(Refused, match='"Amount" may have thousands or decimals.*--decimal'):
        imports.run(DEALS, HEAD + row.format(amount="1.234"), formats=Formats(dates="day-first"))
    assert imports.rows("SELECT id FROM deal") == []
    said = Formats(dates="month-first", decimal=",")
    report = imports.run(DEALS, HEAD + row.format(amount="1.234"), formats=said)
    assert counts(report) == (1, 0, 0, 0)
    created, amount = imports.row("SELECT created_on, amount_minor FROM deal")
    assert (from_day(created), amount) == (date(2026, 3, 4), 123_400)


def test_a_column_tells_how_it_writes_its_dates(imports: Imports) -> None:
    rows = (
        "1;Roof;Acme;;;Ona;;;EUR;Offer;03/04/2025;31/12/2026;;;;;\n"
        "2;Wall;Acme;;;Ona;;;EUR;Offer;28/02/2025;31/12/2026;;;;;\n"
    )
    assert counts(imports.run(DEALS, HEAD + rows)) == (2, 0, 0, 0)
    days = imports.rows("SELECT created_on, expected_close_on FROM deal ORDER BY number")
    assert [tuple(map(from_day, row)) for row in days] == [
        (date(2025, 4, 3), date(2026, 12, 31)),
        (date(2025, 2, 28), date(2026, 12, 31)),
    ]


def test_amounts_without_a_currency_are_not_guessed(imports: Imports) -> None:
    mapping = 'entity = "deal"\n[columns]\nName = "title"\nSum = "amount"\n'
    with pytest.raises(Refused, match='amounts without a currency: add currency = "EUR"'):
        imports.run(mapping, "Name,Sum\nRoof,10\n")
    report = imports.run('currency = "JPY"\n' + mapping, "Name,Sum\nRoof,10\n")
    assert counts(report) == (1, 0, 0, 0)
    assert imports.row("SELECT amount_minor, currency FROM deal") == (10, "JPY")


def test_each_row_in_its_own_currency(imports: Imports) -> None:
    rows = (
        "1;A;Acme;;;;;1,5;EUR;Offer;;;;;;;\n2;B;Acme;;;;;1500;JPY;Offer;;;;;;;\n"
        "3;C;Acme;;;;;2,345;KWD;Offer;;;;;;;\n4;D;Acme;;;;;7;XXX;Offer;;;;;;;\n"
        "5;E;Acme;;;;;1,5;JPY;Offer;;;;;;;\n6;F;Acme;;;;;8;;Offer;;;;;;;\n"
    )
    report = imports.run(DEALS, HEAD + rows, formats=Formats(decimal=","), is_partial=True)
    assert counts(report) == (3, 0, 0, 3)
    assert [(p.line, p.column, p.value) for p in report.files[0].problems] == [
        (5, "Currency", "XXX"),
        (6, "Amount", "1,5"),
        (7, "Amount", "8"),
    ]
    found = imports.rows("SELECT title, amount_minor, currency FROM deal ORDER BY number")
    assert found == [("A", 150, "EUR"), ("B", 1500, "JPY"), ("C", 2345, "KWD")]


def test_a_deal_with_several_dated_stages_tells_its_way(imports: Imports) -> None:
    rows = (
        "1;Roof;Acme;Kaunas;+370 5;Jonas;North;100;EUR;Closed Won;2025-01-01;;2025-03-01;;;"
        "2025-02-01;2025-02-11\n"
    )
    imports.run(DEALS, HEAD + rows)
    events = imports.rows(
        "SELECT s.name, e.occurred_on, e.outcome FROM deal_event e JOIN stage s ON s.id = e.stage_id"
        " ORDER BY e.seq"
    )
    assert [(name, from_day(day).isoformat(), outcome) for name, day, outcome in events] == [
        ("Enquiry", "2025-01-01", "open"),
        ("Offer", "2025-02-01", "open"),
        ("Talks", "2025-02-11", "open"),
        ("Talks", "2025-03-01", "won"),
    ]
    passages = imports.rows(
        "SELECT s.name, p.days, p.result FROM passage p JOIN stage s ON s.id = p.stage_id"
        " ORDER BY s.position"
    )
    assert passages == [
        ("Enquiry", 31, "advanced"), ("Offer", 10, "advanced"), ("Talks", 18, "advanced"),
    ]  # fmt: skip
    assert imports.row(
        "SELECT c.city, c.status, m.value, r.name, t.name FROM deal d"
        " JOIN client c ON c.id = d.client_id JOIN medium m ON m.client_id = c.id"
        " JOIN rep r ON r.id = d.owner_id JOIN team t ON t.id = r.team_id"
    ) == ("Kaunas", "customer", "+370 5", "Jonas", "North")


def test_a_closed_deal_whose_stage_nobody_knows(imports: Imports) -> None:
    rows = (
        "1;Won;Acme;;;;;;;Closed Won;;;2025-03-01;;;;\n"
        "2;Lost;Acme;;;;;;;Closed Lost;;;;price;Rival;;\n"
    )
    report = imports.run(DEALS, HEAD + rows)
    deals = imports.rows(
        "SELECT d.title, s.name, d.outcome, d.is_active, d.closed_on, l.name, c.name,"
        " d.forecast_category FROM deal d JOIN stage s ON s.id = d.stage_id"
        " LEFT JOIN loss_reason l ON l.id = d.loss_reason_id"
        " LEFT JOIN competitor c ON c.id = d.competitor_id ORDER BY d.number"
    )
    closed_on = (date(2025, 3, 1) - date(1970, 1, 1)).days
    assert [(*row[:3], bool(row[3]), *row[4:]) for row in deals] == [
        ("Won", "Talks", "won", False, closed_on, None, None, "closed"),
        ("Lost", "Enquiry", "lost", False, None, "Price", "Rival", "omitted"),
    ]
    assert imports.rows("SELECT count(*) FROM deal_event WHERE occurred_on IS NOT NULL") == [(1,)]
    notes = " ".join(report.files[0].notes)
    assert "won deal without a stage counts as won from the last one before the sale" in notes
    assert "lost deal without a stage counts as lost in the first" in notes


def test_after_the_sale(imports: Imports) -> None:
    mapping = DEALS + 'values.Delivery = {outcome = "won", stage = "Delivery"}\n'
    mapping += 'values."Open delivery" = {outcome = "open", stage = "Delivery"}\n'
    rows = (
        "1;A;Acme;;;;;;;Delivery;2025-01-01;;2025-03-01;;;2025-02-01;\n"
        "2;B;Acme;;;;;;;Open delivery;;;;;;;\n"
    )
    report = imports.run(mapping, HEAD + rows, is_partial=True)
    assert counts(report) == (1, 0, 0, 1)
    assert "comes after the sale" in report.files[0].problems[0].reason
    assert imports.rows(
        "SELECT s.name, e.outcome, e.is_active = d.is_active FROM deal_event e"
        " JOIN stage s ON s.id = e.stage_id JOIN deal d ON d.id = e.deal_id ORDER BY e.seq"
    ) == [
        ("Enquiry", "open", True),
        ("Offer", "open", True),
        ("Offer", "won", True),
        ("Delivery", "won", True),
    ]


def test_a_new_stage_comes_before_what_follows_the_sale(imports: Imports) -> None:
    report = imports.run(DEALS, HEAD + "1;A;Acme;;;;;;;Pilot;;;;;;;\n")
    names = imports.rows("SELECT name FROM stage ORDER BY position")
    assert names == [("Enquiry",), ("Offer",), ("Talks",), ("Pilot",), ("Delivery",)]
    assert any("stage 'Pilot' made from its name alone" in note for note in report.files[0].notes)


def test_what_cannot_have_happened_is_told_with_its_cell(imports: Imports) -> None:
    rows = (
        "1;A;Acme;;;;;;;Closed Won;2025-05-01;;2025-03-01;;;;\n"
        "2;B;Acme;;;;;;;Closed Won;;;2027-01-01;;;;\n"
        "3;C;Acme;;;;;-5;EUR;Offer;;;;;;;\n"
        "4;D;Acme;;;;;;;Offer;2027-01-01;;;;;;\n"
        "5;E;Acme;;;;;;;Offer;2025-02-30;;;;;;\n"
        ";F;Acme;;;;;;;Offer;;;;;;;\n"
        "7;;;;;;;;;Offer;;;;;;;\n"
    )
    report = imports.run(DEALS, HEAD + rows)
    assert not report.is_written and counts(report)[3] == 7
    assert [(p.line, p.column, p.value, p.reason) for p in report.files[0].problems] == [
        (2, "Closed", "2025-03-01", "closed before 2025-05-01"),
        (3, "Closed", "2027-01-01", "2027-01-01 is not here yet"),
        (4, "Amount", "-5", "an amount cannot be negative or beyond any money"),
        (5, "Created", "2027-01-01", "2027-01-01 is not here yet"),
        (6, "Created", "2025-02-30", "not a date of the calendar"),
        (7, "Deal ID", "", "the id is empty"),
        (8, "Deal Name", "", "title, client and product are all empty"),
    ]
    assert imports.rows("SELECT id FROM deal") == imports.rows("SELECT id FROM client") == []


ONE_CLOSE_DATE = """
entity = "deal"
source = "hub"
external_id = ["Record ID"]
currency = "USD"

[pipeline]
name = "Sales Pipeline"
stages = ["Presentation", "Contract"]

[columns]
"Record ID" = "title"
"Close Date" = "closed_on"

[columns."Deal Stage"]
field = "stage"
values."Closed Won" = { outcome = "won" }
"""


def test_one_close_date_is_the_expected_one_of_deals_still_open(imports: Imports) -> None:
    rows = "1,Closed Won,2026-01-20\n2,Contract,2026-05-02\n3,Presentation,\n"
    report = imports.run(ONE_CLOSE_DATE, "Record ID,Deal Stage,Close Date\n" + rows)
    assert counts(report) == (3, 0, 0, 0)
    days = "SELECT closed_on, expected_close_on FROM deal ORDER BY number"
    assert [tuple(day and from_day(day) for day in row) for row in imports.rows(days)] == [
        (date(2026, 1, 20), None),
        (None, date(2026, 5, 2)),
        (None, None),
    ]


def test_of_a_day_won_and_a_day_lost_the_later_counts(imports: Imports) -> None:
    """A deal lost, opened again and won keeps both; open again, it has been closed on none of them."""
    mapping = ONE_CLOSE_DATE.replace(
        '"Close Date" = "closed_on"', '"Won" = "closed_on"\n"Lost" = "closed_on"'
    )
    rows = "1,Closed Won,2026-03-01,2026-02-01\n2,Contract,,2026-02-01\n"
    report = imports.run(mapping, "Record ID,Deal Stage,Won,Lost\n" + rows)
    assert counts(report) == (2, 0, 0, 0)
    days = "SELECT closed_on, expected_close_on FROM deal ORDER BY number"
    assert [tuple(day and from_day(day) for day in row) for row in imports.rows(days)] == [
        (date(2026, 3, 1), None),
        (None, None),
    ]


def test_closed_deals_without_a_day_are_told(imports: Imports) -> None:
    """Their wins are in no period and no forecast: whoever forgot a column hears of it."""
    mapping = ONE_CLOSE_DATE.replace('"Close Date" = "closed_on"', "")
    report = imports.run(mapping, "Record ID,Deal Stage\n1,Closed Won\n2,Contract\n")
    assert "1 × won deal without a day it was closed: no period counts it" in report.files[0].notes


def test_stages_without_percentages_are_no_template(imports: Imports) -> None:
    """A file names stages and no percentages: 0 % everywhere is no reference, and weighs nothing."""
    rows = "".join(f"{i},Closed Won,2026-03-{i % 15 + 1:02}\n" for i in range(25))
    text = "Record ID,Deal Stage,Close Date\n" + rows + "99,Contract,2026-05-02\n"
    assert counts(imports.run(ONE_CLOSE_DATE, text)) == (26, 0, 0, 0)
    told = "Sales Pipeline: no stage has a percentage, so nothing is weighted"
    for report in (board, pipeline):
        warnings = imports.store.read(lambda r, report=report: report(r, ask(r))).warnings
        assert any(warning.startswith(told) for warning in warnings)
    compared = imports.store.read(lambda r: deviations(r, ask(r)))
    assert set(compared.cells("reference")) == {None}
