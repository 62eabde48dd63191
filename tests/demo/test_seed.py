"""The demo team: how much of it there is, that it is always the same, and what is to be found in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from salestui.demo import company
from salestui.demo.seed import Seeded, seed_demo
from salestui.models.passage import Step, way
from salestui.store.checking import derived_problems
from salestui.store.store import Store
from salestui.text import to_day
from tests.conftest import NOON

AS_OF = NOON.date()
TODAY = to_day(AS_OF)


@pytest.fixture(scope="module")
def demo(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One seeded SQLite store that the tests of this module only read."""
    import shutil

    from salestui.store.opening import open_store

    path = tmp_path_factory.mktemp("demo") / "demo.db"
    shutil.copy(sqlite_template, path)
    store = open_store(str(path), clock=lambda: NOON)
    store.write(seed_demo, as_of=AS_OF)
    yield store
    store.close()


def rows(store: Store, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    return store.read(lambda reader: reader.rows(sql, **values))


def value(store: Store, sql: str, **values: Any) -> Any:
    return rows(store, sql, **values)[0][0]


def test_both_engines_hold_the_whole_team(where: str, open_at: Callable[..., Store]) -> None:
    store = open_at(where, me=None)
    seeded = store.write(seed_demo, as_of=AS_OF)
    assert isinstance(seeded, Seeded)
    counts = {
        table: value(store, f"SELECT count(*) FROM {table}")
        for table in ("client", "deal", "activity", "rep", "team", "pipeline", "audit_entry")
    }
    assert counts == {
        "client": 300,
        "deal": 1200,
        "activity": seeded.activities,
        "rep": 10,
        "team": 2,
        "pipeline": 2,
        "audit_entry": 1,
    }
    assert 5500 <= seeded.activities <= 6500
    assert store.actor == company.ME, "the rep with the user's login works in the demo"
    # Reports read the derived rows: they must have been made on this engine too.
    assert value(store, "SELECT count(*) FROM passage") > 3000
    assert value(store, "SELECT count(*) FROM search_word WHERE word = 'lodz'") > 0


CONTENT = {
    "clients": "SELECT number, name, city, legal_form, status, vat_number, created_at FROM client"
    " ORDER BY number",
    "contacts": "SELECT c.number, p.name, p.job_title, p.decision_role FROM contact p"
    " JOIN client c ON c.id = p.client_id ORDER BY p.id",
    "events": "SELECT d.number, e.seq, e.occurred_at, s.name, r.name, e.amount_minor, e.outcome"
    " FROM deal_event e JOIN deal d ON d.id = e.deal_id JOIN stage s ON s.id = e.stage_id"
    " JOIN rep r ON r.id = e.owner_id ORDER BY d.number, e.seq",
    "activities": "SELECT a.kind, a.subject, a.on_day, a.done_at, a.state, c.number FROM activity a"
    " JOIN client c ON c.id = a.client_id ORDER BY a.id",
}


@pytest.mark.parametrize("what", CONTENT)
def test_the_same_day_makes_up_the_same_team(demo: Store, sqlite_store: Store, what: str) -> None:
    sqlite_store.write(seed_demo, as_of=AS_OF)
    assert rows(sqlite_store, CONTENT[what]) == rows(demo, CONTENT[what])


def test_another_seed_makes_up_another_team(demo: Store, sqlite_store: Store) -> None:
    sqlite_store.write(seed_demo, as_of=AS_OF, seed=8)
    assert rows(sqlite_store, CONTENT["clients"]) != rows(demo, CONTENT["clients"])


def test_everything_is_dated_relative_to_the_day(sqlite_store: Store) -> None:
    day = date(2024, 7, 2)
    sqlite_store.write(seed_demo, as_of=day)
    first, last, tasks = rows(
        sqlite_store,
        "SELECT min(created_on), (SELECT max(occurred_on) FROM deal_event),"
        " (SELECT count(*) FROM activity WHERE state = 'planned' AND due_on = :day) FROM deal",
        day=to_day(day),
    )[0]
    assert first >= to_day(day - timedelta(days=550))
    assert to_day(day) - 4 <= last < to_day(day)
    assert tasks > 5


def test_clients_lie_in_the_territory_of_their_country_and_sellers_are_at_home(demo: Store) -> None:
    found = rows(demo, "SELECT DISTINCT t.name, c.country FROM client c"
                 " LEFT JOIN territory t ON t.id = c.territory_id")  # fmt: skip
    assert sorted(found) == sorted(
        (name, country.name)
        for name, countries in company.TERRITORIES.items()
        for country in countries
    )
    homes = dict(rows(demo, "SELECT r.name, t.name FROM rep r"
                      " JOIN territory t ON t.id = r.territory_id"))  # fmt: skip
    assert homes.keys() == {seller.name for seller in company.SELLERS}
    assert (homes[company.ME], homes[company.STAR]) == ("Baltics", "Poland")


def test_history_is_recorded_when_it_happened(demo: Store) -> None:
    assert value(demo, "SELECT count(*) FROM deal_event WHERE recorded_at <> occurred_at") == 0
    assert value(demo, "SELECT count(*) FROM deal_event WHERE occurred_on >= :day", day=TODAY) == 0
    backwards = """SELECT count(*) FROM deal_event a JOIN deal_event b
        ON b.deal_id = a.deal_id AND b.seq = a.seq + 1 WHERE b.occurred_at <= a.occurred_at"""
    assert value(demo, backwards) == 0
    assert value(demo, "SELECT count(*) FROM deal d WHERE created_on <> (SELECT min(occurred_on)"
                       " FROM deal_event e WHERE e.deal_id = d.id)") == 0  # fmt: skip


def test_the_present_is_what_the_last_event_says(demo: Store) -> None:
    facts = (
        "pipeline_id", "stage_id", "owner_id", "amount_minor", "currency", "expected_close_on",
        "forecast_category", "outcome", "is_active", "loss_reason_id", "competitor_id",
    )  # fmt: skip
    differs = " OR ".join(f"d.{name} IS NOT e.{name}" for name in facts)
    sql = f"""SELECT count(*) FROM deal d JOIN deal_event e ON e.deal_id = d.id
        AND e.seq = (SELECT max(seq) FROM deal_event l WHERE l.deal_id = d.id) WHERE {differs}"""
    assert value(demo, sql) == 0


def test_every_kind_of_turn_is_in_the_history(demo: Store) -> None:
    changed = """SELECT count(*) FROM deal_event a JOIN deal_event b
        ON b.deal_id = a.deal_id AND b.seq = a.seq + 1 WHERE a.{name} <> b.{name}"""
    at_least = {
        "stage_id": 2000, "amount_minor": 500, "expected_close_on": 300, "owner_id": 20,
        "outcome": 1000, "forecast_category": 300,
    }  # fmt: skip
    for name, least in at_least.items():
        assert value(demo, changed.replace("{name}", name)) >= least, name
    outcomes = dict(rows(demo, "SELECT outcome, count(*) FROM deal GROUP BY outcome"))
    assert min(outcomes.values()) >= 5 and set(outcomes) == {"open", "won", "lost", "postponed"}
    reopened = """SELECT count(*) FROM deal_event a JOIN deal_event b ON b.deal_id = a.deal_id
        AND b.seq = a.seq + 1 WHERE a.outcome IN ('lost', 'postponed') AND b.outcome = 'open'"""
    assert value(demo, reopened) >= 20


def test_deals_only_go_ways_that_the_use_cases_allow(demo: Store) -> None:
    """An after-sale stage needs a won deal, a closed deal is not moved, a lost one has its reason."""
    after = """SELECT count(*) FROM deal_event e JOIN stage s ON s.id = e.stage_id
        WHERE (s.kind = 'after-sale') <> (e.outcome = 'won' AND EXISTS (SELECT 1 FROM stage a
        WHERE a.pipeline_id = e.pipeline_id AND a.kind = 'after-sale'))"""
    assert value(demo, after) == 0
    moved = """SELECT count(*) FROM deal_event a JOIN deal_event b ON b.deal_id = a.deal_id
        AND b.seq = a.seq + 1 WHERE NOT a.is_active AND a.stage_id <> b.stage_id"""
    assert value(demo, moved) == 0
    assert value(demo, "SELECT count(*) FROM deal WHERE (outcome = 'lost')"
                       " <> (loss_reason_id IS NOT NULL)") == 0  # fmt: skip
    lines = """SELECT count(*) FROM deal d JOIN (SELECT deal_id, sum((unit_price_minor *
        quantity_milli * (10000 - discount_bp) + 5000000) / 10000000) AS total
        FROM deal_line GROUP BY deal_id) l ON l.deal_id = d.id WHERE l.total <> d.amount_minor"""
    assert value(demo, lines) == 0, "a deal with products is worth what its products are"


def test_passages_follow_from_the_events(demo: Store) -> None:
    """The rows that reports read are those that the one pure function derives."""
    positions = dict(rows(demo, "SELECT id, position FROM stage"))
    events: dict[str, list[Step]] = {}
    for deal_id, *step in rows(
        demo,
        "SELECT deal_id, stage_id, outcome, is_active, occurred_on FROM deal_event"
        " ORDER BY deal_id, seq",
    ):
        events.setdefault(deal_id, []).append(Step(*step))
    derived = {
        (deal_id, p.stage_id, p.entered_on, p.left_on, p.result)
        for deal_id, steps in events.items()
        for p in way(steps, positions).passages
    }
    kept = rows(demo, "SELECT deal_id, stage_id, entered_on, left_on, result FROM passage")
    assert set(kept) == derived and len(kept) == len(derived)


def test_the_store_passes_its_own_check(demo: Store) -> None:
    assert derived_problems(demo) == []


def _conversion(demo: Store, condition: str = "1 = 1") -> dict[str, float]:
    """Share of deals that went on, by stage of the projects, of those that have left it."""
    sql = f"""SELECT s.name, 1.0 * sum(CASE WHEN p.result = 'advanced' THEN 1 ELSE 0 END)
            / sum(CASE WHEN p.result <> 'open' THEN 1 ELSE 0 END)
        FROM passage p JOIN stage s ON s.id = p.stage_id JOIN pipeline l ON l.id = p.pipeline_id
        JOIN rep r ON r.id = p.owner_id
        WHERE l.name = :projects AND s.kind <> 'after-sale' AND {condition} GROUP BY s.name"""
    return dict(rows(demo, sql, projects=company.PROJECTS))


def test_one_stage_is_weak(demo: Store) -> None:
    shares = _conversion(demo)
    weak = shares.pop(company.WEAK_STAGE)
    assert weak < 0.6 and min(shares.values()) > weak + 0.1
    days = dict(rows(demo, "SELECT s.name, avg(p.days) FROM passage p JOIN stage s"
                           " ON s.id = p.stage_id WHERE s.kind <> 'after-sale' GROUP BY s.name"))  # fmt: skip
    assert max(days, key=days.__getitem__) == company.WEAK_STAGE


def test_one_rep_loses_at_the_proposal_and_only_there(demo: Store) -> None:
    proposal = {
        seller.name: _conversion(demo, f"r.name = '{seller.name}'")[company.PROPOSAL]
        for seller in company.SELLERS
    }
    loser = proposal.pop(company.LOSES_AT_PROPOSAL)
    assert loser < 0.45 and min(proposal.values()) > loser + 0.2
    his, others = (
        _conversion(demo, f"r.name {sign} '{company.LOSES_AT_PROPOSAL}'")["Needs"]
        for sign in ("=", "<>")
    )
    assert abs(his - others) < 0.15


def test_one_competitor_wins_on_one_product(demo: Store) -> None:
    lost = rows(
        demo,
        "SELECT p.name, c.name, count(*) FROM deal d JOIN product p ON p.id = d.product_id"
        " JOIN competitor c ON c.id = d.competitor_id WHERE d.outcome = 'lost'"
        " GROUP BY p.name, c.name",
    )
    software = {rival: count for product, rival, count in lost if product == company.SOFTWARE}
    elsewhere = (
        sum(c for product, rival, c in lost if rival == company.WINNER) - software[company.WINNER]
    )
    assert software[company.WINNER] >= 12
    assert software[company.WINNER] > 2 * sum(c for r, c in software.items() if r != company.WINNER)
    assert elsewhere < software[company.WINNER] / 2


def test_strength_shows(demo: Store) -> None:
    shares = dict(rows(demo, "SELECT r.name, 1.0 * sum(CASE WHEN d.outcome = 'won' THEN 1 ELSE 0 END)"
                             " / sum(CASE WHEN d.outcome IN ('won', 'lost') THEN 1 ELSE 0 END)"
                             " FROM deal d JOIN rep r ON r.id = d.owner_id GROUP BY r.name"))  # fmt: skip
    assert max(shares, key=shares.__getitem__) == company.STAR
    assert set(shares) == {seller.name for seller in company.SELLERS}
    started = value(demo, "SELECT min(d.created_on) FROM deal d JOIN rep r ON r.id = d.owner_id"
                          " WHERE r.name = :name AND NOT EXISTS (SELECT 1 FROM deal_event e"
                          " WHERE e.deal_id = d.id AND e.owner_id <> d.owner_id)",
                    name=company.NEWCOMER)  # fmt: skip
    assert started >= TODAY - 106


def test_deals_stand_still_and_my_day_is_full(demo: Store) -> None:
    stuck = value(
        demo,
        "SELECT count(*) FROM deal d JOIN stage s ON s.id = d.stage_id"
        " WHERE d.is_active AND :day - d.stage_since_on > s.idle_days",
        day=TODAY,
    )
    active = value(demo, "SELECT count(*) FROM deal WHERE is_active")
    assert 0.1 * active < stuck < 0.6 * active
    mine = {"me": demo.actor_id, "day": TODAY}
    task = "SELECT count(*) FROM activity WHERE state = 'planned' AND rep_id = :me AND due_on"
    assert value(demo, f"{task} < :day", **mine) >= 2
    assert value(demo, f"{task} = :day", **mine) >= 5
    deal = "SELECT count(*) FROM deal WHERE outcome = 'open' AND owner_id = :me AND"
    assert value(demo, f"{deal} next_task_id IS NULL", me=demo.actor_id) >= 2
    assert value(demo, f"{deal} expected_close_on < :day", **mine) >= 1


def test_cards_are_full_and_spelt_as_people_spell_them(demo: Store) -> None:
    cities = {row[0] for row in rows(demo, "SELECT DISTINCT city FROM client")}
    assert {"Łódź", "Šiauliai", "Київ", "Köln", "Rīga", "Võru"} <= cities
    empty = rows(demo, "SELECT name FROM client WHERE '' IN (street, city, region, postal_code,"
                       " country, line_of_business, sector, legal_form, ownership_form,"
                       " registration_number, vat_number, source) OR headcount IS NULL")  # fmt: skip
    assert empty == []
    orphans = """SELECT count(*) FROM contact p JOIN contact boss ON boss.id = p.reports_to_id
        WHERE boss.client_id <> p.client_id"""
    assert value(demo, orphans) == 0
    assert value(demo, "SELECT count(*) FROM contact WHERE reports_to_id IS NOT NULL") > 300
    roles = rows(demo, "SELECT DISTINCT decision_role FROM contact")
    assert len(roles) == 5
    alone = """SELECT count(*) FROM client c WHERE NOT EXISTS (SELECT 1 FROM medium m
        WHERE m.client_id = c.id AND m.kind = 'phone') OR NOT EXISTS (SELECT 1 FROM contact p
        WHERE p.client_id = c.id)"""
    assert value(demo, alone) == 0
    foreign = "SELECT count(*) FROM medium WHERE kind = 'e-mail' AND value NOT LIKE '%.example'"
    assert value(demo, foreign) == 0, "nobody gets mail from the demo"


def test_nothing_is_newer_than_the_day(demo: Store) -> None:
    limit = int(NOON.timestamp() * 1_000_000)
    for table in ("client", "deal", "activity", "contact", "medium"):
        assert value(demo, f"SELECT max(created_at) FROM {table}") <= limit, table


def test_competitors_are_beaten_too_and_one_hardly_where_software_is_sold(demo: Store) -> None:
    rates = {
        (name, ware): (won, met)
        for name, ware, won, met in rows(
            demo,
            "SELECT c.name, p.name, sum(d.outcome = 'won'), count(*) FROM competitor_sighting s"
            " JOIN competitor c ON c.id = s.competitor_id JOIN deal d ON d.id = s.deal_id"
            " LEFT JOIN product p ON p.id = d.product_id WHERE d.outcome IN ('won', 'lost') GROUP BY 1, 2",
        )
    }
    for name in company.COMPETITORS:
        won, met = (sum(each[i] for key, each in rates.items() if key[0] == name) for i in (0, 1))
        assert 0.1 < won / met < 0.6
    won, met = rates[company.WINNER, company.SOFTWARE]
    assert met >= 20 and won / met < 0.15
