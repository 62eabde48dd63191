"""The Maven set: everything that is known of it must come out of the store."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date

import pytest

from salestui.interchange.importing import Options, import_files
from salestui.store.checking import derived_problems
from salestui.text import from_day
from tests.conftest import MAVEN
from tests.interchange.conftest import MAVEN_FILES, Maven

pytestmark = [
    pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here"),
    pytest.mark.xdist_group("maven"),
]


def test_every_row_is_taken(maven: Maven) -> None:
    assert maven.report.is_written
    found = {file.entity: (file.read, file.created, file.problems) for file in maven.report.files}
    assert found == {
        "client": (85, 85, ()),
        "product": (7, 7, ()),
        "rep": (35, 35, ()),
        "deal": (8800, 8800, ()),
    }


def test_deals_by_outcome_stage_and_sum(maven: Maven) -> None:
    rows = maven.rows(
        "SELECT d.outcome, s.name, count(*), sum(d.amount_minor) FROM deal d"
        " JOIN stage s ON s.id = d.stage_id GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert [row[:3] for row in rows] == [
        ("lost", "Engaging", 2473),
        ("open", "Engaging", 1589),
        ("open", "Prospecting", 500),
        ("won", "Engaging", 4238),
    ]
    assert rows[-1][3] == 1_000_553_400
    assert maven.row("SELECT count(*) FROM deal WHERE currency <> 'USD'") == (0,)


def test_the_win_rate(maven: Maven) -> None:
    won, closed = maven.row(
        "SELECT sum(CASE WHEN outcome = 'won' THEN 1 ELSE 0 END), count(*) FROM deal"
        " WHERE outcome IN ('won', 'lost')"
    )
    assert round(won / closed, 4) == 0.6315


def test_won_by_month(maven: Maven) -> None:
    by_month: dict[date, int] = defaultdict(int)
    won = maven.rows("SELECT closed_on, amount_minor FROM deal WHERE outcome = 'won'")
    for closed_on, amount in won:
        by_month[from_day(closed_on).replace(day=1)] += amount
    assert [by_month[month] // 100 for month in sorted(by_month)] == [
        1134672, 721932, 1025713, 1338466, 696932, 1050059, 1235264, 731980, 938943, 1131573,
    ]  # fmt: skip
    assert (min(by_month), max(by_month)) == (date(2017, 3, 1), date(2017, 12, 1))


def test_people_offices_and_products(maven: Maven) -> None:
    roles = dict(maven.rows("SELECT role, count(*) FROM rep GROUP BY role"))
    assert roles == {"rep": 35, "manager": 6}
    teams = maven.rows(
        "SELECT t.office, count(DISTINCT t.id), count(*) FROM team t JOIN rep r ON r.team_id = t.id"
        " GROUP BY t.office ORDER BY t.office"
    )
    assert [(office, count) for office, count, _ in teams] == [
        ("Central", 2),
        ("East", 2),
        ("West", 2),
    ]
    assert sum(people for *_, people in teams) == 41
    products = dict(maven.rows("SELECT name, price_minor FROM product"))
    assert len(products) == 7 and products["GTX Pro"] == 482_100 and "GTXPro" not in products


def test_every_rep_sells_in_the_team_of_the_own_manager(maven: Maven) -> None:
    with MAVEN_FILES[2].open(encoding="utf-8") as file:
        said = {
            row["sales_agent"]: (row["manager"], row["regional_office"])
            for row in csv.DictReader(file)
        }
    found = maven.rows(
        "SELECT r.name, m.name, t.office FROM rep r JOIN team t ON t.id = r.team_id"
        " JOIN rep m ON m.team_id = t.id AND m.role = 'manager' WHERE r.role = 'rep'"
    )
    assert {rep: (manager, office) for rep, manager, office in found} == said


def test_a_mistaken_product_name_is_mended_and_told(maven: Maven) -> None:
    deals = next(file for file in maven.report.files if file.entity == "deal")
    (repair,) = deals.repairs
    assert (repair.column, repair.value, repair.count) == ("product", "GTXPro", 1480)
    assert "GTX Pro" in repair.what and repair.line == 3


def test_what_is_not_known_is_left_unknown(maven: Maven) -> None:
    assert maven.row("SELECT count(*) FROM deal WHERE client_id IS NULL") == (1425,)
    assert maven.row("SELECT count(*) FROM deal WHERE created_on IS NULL") == (500,)
    assert maven.row("SELECT count(*) FROM client WHERE sector = 'technolgy'") == (12,)
    assert maven.row("SELECT count(*) FROM client WHERE sector = 'technology'") == (0,)


def test_parents_and_figures_of_clients(maven: Maven) -> None:
    parents = dict(
        maven.rows("SELECT c.name, p.name FROM client c JOIN client p ON p.id = c.parent_id")
    )
    with MAVEN_FILES[0].open(encoding="utf-8") as file:
        accounts = list(csv.DictReader(file))
    assert parents == {
        row["account"]: row["subsidiary_of"] for row in accounts if row["subsidiary_of"]
    }
    assert len(parents) == 15
    acme = maven.row(
        "SELECT turnover_minor, turnover_currency, headcount, founded_year, country, market"
        " FROM client WHERE name = 'Acme Corporation'"
    )
    assert acme == (1_100_040_000_00, "USD", 2822, 1996, "United States", "B2B")


def test_the_history_has_the_days_that_the_file_has_and_no_others(maven: Maven) -> None:
    with MAVEN_FILES[3].open(encoding="utf-8") as file:
        said = {
            row["opportunity_id"]: Counter(
                date.fromisoformat(day) for day in (row["engage_date"], row["close_date"]) if day
            )
            for row in csv.DictReader(file)
        }
    found: dict[str, Counter[date]] = {key: Counter() for key in said}
    events = maven.rows(
        "SELECT x.key, e.occurred_on, e.recorded_at, e.is_imported, e.occurred_at FROM deal_event e"
        " JOIN external_id x ON x.row_id = e.deal_id AND x.table_name = 'deal'"
    )
    now = int(maven.store.now().timestamp() * 1_000_000)
    for key, day, recorded_at, is_imported, occurred_at in events:
        assert is_imported and occurred_at is None and recorded_at <= now
        if day is not None:
            found[key][from_day(day)] += 1
            assert from_day(recorded_at // 86_400_000_000) == from_day(day)
    assert found == said
    assert sum(1 for days in found.values() if not days) == 500


def test_what_is_derived_is_right_and_a_second_run_changes_nothing(maven: Maven) -> None:
    assert derived_problems(maven.store) == []
    before = maven.row("SELECT count(*), max(id) FROM audit_entry")
    report = import_files(maven.store, MAVEN_FILES, Options())
    assert [(file.created, file.updated) for file in report.files] == [(0, 0)] * 4
    assert [file.unchanged for file in report.files] == [85, 7, 35, 8800]
    assert maven.row("SELECT count(*), max(id) FROM audit_entry") == before
