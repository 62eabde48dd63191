"""What rows refer to: by name, e-mail and id, at the right client, and never in a circle."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from salestui.interchange.importing import ImportReport, Options, import_files
from salestui.text import from_day
from salestui.usecases import process, undo
from tests.interchange.conftest import Imports, counts

CLIENTS = """
entity = "client"
source = "old"
external_id = ["id"]
[columns]
name = "name"
email = "email"
parent = {field = "parent", by = "external_id"}
owner = {field = "owner", by = "email"}
"""
CONTACTS = """
entity = "contact"
source = "old"
external_id = ["id"]
[columns]
first = "first_name"
last = "last_name"
client = {field = "client", by = "external_id"}
company = "client.name"
town = "client.city"
boss = {field = "reports_to", by = "external_id"}
branch = "branch"
role = "decision_role"
email = {field = "email", split = ";"}
"""
CONTACT_HEAD = "id,first,last,client,company,town,boss,branch,role,email\n"
DEALS = """
entity = "deal"
source = "old"
external_id = ["id"]
[pipeline]
name = "Projects"
stages = ["Enquiry", "Offer"]
[columns]
title = "title"
client = "client"
contact = "contact"
mail = "contact.email"
offer = {field = "entered_on", stage = "Offer"}
created = "created_on"
"""
PLACES = """
entity = "client"
source = "old"
external_id = ["id"]
[columns]
name = "name"
where = "territory"
"""
HOMES = PLACES.replace('"client"', '"rep"')
ACTIVITIES = """
entity = "activity"
source = "old"
external_id = ["id"]
time_zone = "Europe/Vilnius"
[columns]
kind = "kind"
when = "done_on"
due = "due_on"
client = "client"
people = {field = "contact", split = ";", by = "email"}
deal = {field = "deal", by = "external_id"}
rep = {field = "rep", by = "email"}
minutes = "duration"
subject = "subject"
"""
ACTIVITY_HEAD = "id,kind,when,due,client,people,deal,rep,minutes,subject\n"


def told(report: ImportReport) -> list[tuple[int, str, str, str]]:
    return [(p.line, p.column, p.value, p.reason) for file in report.files for p in file.problems]


def import_both(imports: Imports, *pairs: tuple[str, str, str]) -> list[ImportReport]:
    return [imports.run(mapping, content, name) for name, mapping, content in pairs]


def test_parents_and_owners_by_id_and_e_mail(imports: Imports) -> None:
    content = (
        "id,name,email,parent,owner\n1,Part,,2,ona@x.example\n2,Whole,info@whole.example,,\n"
        "3,Other,,9,ona@x.example\n4,Self,,4,\n5,Round,,6,\n6,About,,5,\n"
    )
    report = imports.run(CLIENTS, content)
    assert not report.is_written and counts(report) == (6, 0, 0, 0)
    assert told(report) == [
        (4, "parent", "9", "there is no client with the id '9'"),
        (5, "parent", "4", "it refers to itself"),
        (7, "parent", "5", "it comes back to itself in a circle"),
    ]
    imports.run(CLIENTS, content, is_partial=True)
    found = imports.rows(
        "SELECT c.name, p.name, r.name, r.email FROM client c LEFT JOIN client p ON p.id = c.parent_id"
        " LEFT JOIN rep r ON r.id = c.owner_id ORDER BY c.number"
    )
    mail = "ona@x.example"
    assert found == [
        ("Part", "Whole", mail, mail),
        ("Whole", None, None, None),
        ("Other", None, mail, mail),
        ("Self", None, None, None),
        ("Round", "About", None, None),
        ("About", None, None, None),
    ]


def test_contacts_their_chiefs_branches_and_new_clients(imports: Imports) -> None:
    imports.run(CLIENTS, "id,name,email,parent,owner\nC1,Acme,,,\nC2,Beta,,,\n")
    rows = (
        "1,Rasa,Petraitė,C1,,,2,Plant,decision maker,rasa@acme.example;rp@acme.example\n"
        "2,Ona,Onaitė,C1,,,,Plant,,\n"
        "3,Jan,Kowalski,C9,Gamma,Łódź,,,user,\n"
    )
    report = imports.run(CONTACTS, CONTACT_HEAD + rows)
    assert told(report) == [] and counts(report) == (3, 0, 0, 0)
    found = imports.rows(
        "SELECT k.name, c.name, c.city, b.name, k.decision_role, h.name FROM contact k"
        " JOIN client c ON c.id = k.client_id LEFT JOIN branch b ON b.id = k.branch_id"
        " LEFT JOIN contact h ON h.id = k.reports_to_id ORDER BY k.sort_key"
    )
    assert found == [
        ("Jan Kowalski", "Gamma", "Łódź", None, "user", None),
        ("Ona Onaitė", "Acme", "", "Plant", "other", None),
        ("Rasa Petraitė", "Acme", "", "Plant", "decision maker", "Ona Onaitė"),
    ]
    assert imports.rows("SELECT count(*) FROM branch") == [(1,)]
    mails = imports.rows(
        "SELECT value FROM medium WHERE contact_id IS NOT NULL AND branch_id IS NULL ORDER BY position"
    )
    assert mails == [("rasa@acme.example",), ("rp@acme.example",)]
    # the client that the contacts named is known by its id from now on
    assert counts(imports.run(CLIENTS, "id,name,email,parent,owner\nC9,Gamma Ltd,,,\n")) == (
        0, 1, 0, 0,
    )  # fmt: skip


def test_whom_a_contact_cannot_report_to(imports: Imports) -> None:
    imports.run(CLIENTS, "id,name,email,parent,owner\nC1,Acme,,,\nC2,Beta,,,\n")
    rows = (
        "1,A,A,C1,,,2,,,\n2,B,B,C1,,,1,,,\n3,C,C,C2,,,1,,,\n4,D,D,C2,,,77,,,\n5,E,E,,,,,,,\n"
        "6,,,C1,,,,,,\n7,G,G,C7,,,,,,\n"
    )
    report = imports.run(CONTACTS, CONTACT_HEAD + rows)
    assert told(report) == [
        (3, "boss", "1", "it comes back to itself in a circle"),
        (4, "boss", "1", "'1' is a contact of another client"),
        (5, "boss", "77", "there is no contact with the id '77'"),
        (6, "client", "", "the client is empty"),
        (7, "first", "", "the name is empty"),
        (8, "client", "C7", "there is no client with the id 'C7'"),
    ]
    assert counts(report) == (4, 0, 0, 3)


def test_deals_bring_their_contacts(imports: Imports) -> None:
    rows = (
        "1,Roof,Acme,Rasa,rasa@acme.example,,\n2,Wall,Acme,Rasa,,,\n3,Gate,Beta,Rasa,,,\n"
        "4,Door,,Rasa,,,\n5,Yard,,Jonas,,,\n"
    )
    report = imports.run(
        DEALS, "id,title,client,contact,mail,offer,created\n" + rows, is_partial=True
    )
    assert told(report) == [
        (5, "contact", "Rasa", "2 contacts are called 'Rasa'; refer to them by id"),
        (6, "contact", "Jonas", "no client is given, and 'Jonas' is nobody's contact yet"),
    ]
    found = imports.rows(
        "SELECT d.title, c.name, k.name FROM deal d JOIN contact k ON k.id = d.contact_id"
        " JOIN client c ON c.id = k.client_id WHERE d.client_id = k.client_id ORDER BY d.number"
    )
    assert found == [("Roof", "Acme", "Rasa"), ("Wall", "Acme", "Rasa"), ("Gate", "Beta", "Rasa")]
    assert imports.row("SELECT value FROM medium WHERE contact_id IS NOT NULL") == (
        "rasa@acme.example",
    )


def test_activities_with_contacts_roles_deals_and_stages(imports: Imports) -> None:
    imports.run(CLIENTS, "id,name,email,parent,owner\nC1,Acme,,,\nC2,Beta,,,\n")
    imports.run(
        CONTACTS,
        CONTACT_HEAD
        + "1,Rasa,P,C1,,,,,decision maker,rasa@acme.example\n2,Jan,K,C1,,,,,user,jan@acme.example\n"
        "3,Zoe,Z,C2,,,,,,zoe@beta.example\n",
    )
    imports.run(
        DEALS,
        "id,title,client,contact,mail,offer,created\nD1,Roof,Acme,,,2025-02-01,2025-01-01\n",
    )
    rows = (
        "1,CALL,2025-01-15T23:30:00Z,,,rasa@acme.example;jan@acme.example,D1,ona@x.example,1h30,Prices\n"
        "2,Site visit,2025-02-01,,Acme,,D1,,,\n"
        "3,call,,2027-01-01,Acme,,,,,Ring back\n"
        "4,call,2027-01-01,,Acme,,,,,Ring back\n"
        "5,call,2024-12-01,,Acme,,D1,,,\n"
        "6,call,,,Acme,,,,,\n"
        "7,call,2025-01-01,,Beta,,D1,,,\n"
        "8,call,2025-01-01,,Beta,rasa@acme.example,,,,\n"
        "9,call,2025-01-01,,,,D7,,,\n"
        "10,call,2025-01-01,,,nobody@acme.example,,,,\n"
        "11,call,2025-01-01,,,zoe@beta.example,,,soon,\n"
    )
    report = imports.run(ACTIVITIES, ACTIVITY_HEAD + rows, is_partial=True)
    assert told(report) == [
        (7, "when", "", "neither the day done nor the day due is given"),
        (8, "deal", "D1", "'D1' is a deal of another client"),
        (9, "people", "rasa@acme.example", "'rasa@acme.example' is a contact of another client"),
        (10, "deal", "D7", "there is no deal with the id 'D7'"),
        (11, "people", "nobody@acme.example",
         "no client is given, and 'nobody@acme.example' is nobody's contact yet"),
        (12, "minutes", "soon", '"soon" is not a duration; write 15m, 1h30 or 90.'),
    ]  # fmt: skip
    found = imports.rows(
        "SELECT a.kind, a.state, a.on_day, c.name, s.name, a.duration_minutes, r.email, a.is_imported"
        " FROM activity a LEFT JOIN client c ON c.id = a.client_id LEFT JOIN stage s ON s.id = a.stage_id"
        " LEFT JOIN rep r ON r.id = a.rep_id ORDER BY a.id"
    )
    assert [(*row[:2], from_day(row[2]), *row[3:7], bool(row[7])) for row in found] == [
        ("call", "done", date(2025, 1, 16), "Acme", "Enquiry", 90, "ona@x.example", True),
        ("site visit", "done", date(2025, 2, 1), "Acme", "Offer", None, None, True),
        ("call", "planned", date(2027, 1, 1), "Acme", None, None, None, True),
        ("call", "planned", date(2027, 1, 1), "Acme", None, None, None, True),
        ("call", "done", date(2024, 12, 1), "Acme", None, None, None, True),
    ]
    met = imports.rows(
        "SELECT k.name, m.decision_role FROM activity_contact m JOIN contact k ON k.id = m.contact_id"
        " ORDER BY k.name"
    )
    assert met == [("Jan K", "user"), ("Rasa P", "decision maker")]


def test_files_of_one_system_are_taken_in_the_right_order(imports: Imports, tmp_path: Path) -> None:
    """Shipped profiles recognise their files, in whatever order these are named."""
    files = {
        "sales_pipeline.csv": "opportunity_id,sales_agent,product,account,deal_stage,engage_date,"
        "close_date,close_value\n1,Ona,Pump,Acme,Won,2017-01-01,2017-02-01,90\n",
        "sales_teams.csv": "sales_agent,manager,regional_office\nOna,Ona,East\nJonas,Ona,East\n",
        "products.csv": "product,series,sales_price\nPump,P,100\n",
        "accounts.csv": "account,sector,year_established,revenue,employees,office_location,"
        "subsidiary_of\nPart,retail,1999,1.5,10,Poland,Acme\nAcme,retail,1999,1.5,10,Poland,\n",
    }
    paths = [imports.file(name, content) for name, content in files.items()]
    report = import_files(imports.store, paths, Options())
    assert report.is_written
    assert [file.entity for file in report.files] == ["deal", "rep", "product", "client"]
    assert imports.rows("SELECT name, role FROM rep ORDER BY name") == [
        ("Jonas", "rep"), ("Ona", "manager"),
    ]  # fmt: skip
    assert imports.rows("SELECT name FROM team") == [("Ona",)]
    assert imports.row(
        "SELECT p.name FROM client c JOIN client p ON p.id = c.parent_id"
    ) == ("Acme",)  # fmt: skip


def test_territories_are_made_of_their_names_and_filled_once(imports: Imports) -> None:
    imports.store.write(process.add_entry, what="territory", name="Baltic")
    report = imports.run(PLACES, "id,name,where\n1,Acme,baltic\n2,Łódź,Poland\n3,Kyiv,\n")
    assert "1 × territory 'Poland' made" in report.files[0].notes
    imports.run(HOMES, "id,name,where\n1,Jonas,Poland\n")
    imports.run(PLACES, "id,name,where\n1,Acme,Poland\n2,Łódź,\n3,Kyiv,\n")
    clients = "SELECT c.name, t.name FROM client c LEFT JOIN territory t ON t.id = c.territory_id"
    assert imports.rows(f"{clients} ORDER BY c.number") == [
        ("Acme", "Poland"), ("Łódź", "Poland"), ("Kyiv", None),
    ]  # fmt: skip
    reps = "SELECT r.name, t.name FROM rep r JOIN territory t ON t.id = r.territory_id"
    assert imports.rows(reps) == [("Jonas", "Poland")]
    imports.store.write(undo.undo)
    assert imports.rows(f"{clients} WHERE c.number = 1") == [("Acme", "Baltic")]
