"""What is open, what sells, whom we meet, and in which order deals move: counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.analytics.drill import deals_behind
from salestui.analytics.history import read_events
from salestui.analytics.pipeline.opened import pipeline
from salestui.analytics.pipeline.waterfall import waterfall
from salestui.analytics.report import Interval, Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.competitors import competitors
from salestui.analytics.selling.margin import margin
from salestui.analytics.selling.products import products
from salestui.analytics.selling.winning import win_rate
from salestui.analytics.stages.moves import moves
from salestui.analytics.stages.steps import steps_of
from salestui.errors import Refused
from salestui.models.deals import DealLine
from salestui.queries.deal_steps import load_deal_steps
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.text import Period
from salestui.usecases.deals import create_deal
from salestui.usecases.outcomes import lose_deal, win_deal
from salestui.usecases.sightings import record_sighting
from tests.analytics.book import STAGES, Book, Life, Move, make_book, on
from tests.analytics.test_past import _lives
from tests.conftest import Clock
from tests.team import make_team

ENQUIRY, DEMO, OFFER = STAGES


def run(store: Store, report: Callable[..., Report], by: str | None = None, **scope: Any) -> Report:
    return store.read(lambda reader: report(reader, ask(reader, **scope), by))


def lines(report: Report, *keys: str) -> list[tuple[Any, ...]]:
    return list(zip(*(report.cells(key) for key in keys), strict=True))


@pytest.fixture
def book(store: Store) -> Book:
    made = make_book(store)
    made.add(
        Life([Move(0), Move(10, OFFER)], 100_00),  # skips Demo
        Life([Move(6), Move(20, DEMO), Move(26, ENQUIRY)], 201, owner="Jonas"),  # comes back
        Life([Move(16), Move(20, OFFER), Move(22, DEMO)], 50_00, "PLN"),  # goes to Demo late
        Life([Move(56, DEMO)], None),  # begins at Demo
        Life([Move(2), Move(5, DEMO), Move(9, OFFER), Move(12, OFFER, "won")], 70_00),
        Life([Move(2), Move(12, ENQUIRY, "won")], 30_00, owner="Zofia"),  # passes all, unseen
        Life([Move(1), Move(3, OFFER)], 5_00, pipeline="Service"),
    )
    return made


def test_what_is_open_by_stage_and_rep(book: Book) -> None:
    report = run(book.store, pipeline, pipeline="Sales")
    assert lines(report, "stage", "rep", "count", "median_age", "median_in_stage") == [
        (ENQUIRY, "Jonas", 1, 70, 50), (DEMO, "Ona", 2, 40, 37), (OFFER, "Ona", 1, 76, 66),
    ]  # fmt: skip
    assert report.cells("sum_eur") == (Money(201, "EUR"), Money(0, "EUR"), Money(100_00, "EUR"))
    assert report.cells("weighted_eur") == (Money(20, "EUR"), Money(0, "EUR"), Money(50_00, "EUR"))
    assert report.totals["weighted_pln"] == Money(15_00, "PLN")
    assert report.warnings == ("1 open deal has no amount.",)
    found = book.store.read(lambda r: deals_behind(r, ask(r), report.subjects[1]))
    assert [(deal.currency, deal.amount_minor) for deal in found.deals] == [
        ("EUR", None), ("PLN", 50_00),
    ]  # fmt: skip
    everywhere = run(book.store, pipeline)
    assert everywhere.cells("stage")[0] == "Sales: Enquiry"
    assert lines(run(book.store, pipeline, "rep"), "rep", "count") == [("Ona", 4), ("Jonas", 1)]
    then = run(book.store, pipeline, "stage", pipeline="Sales", as_of=on(18))
    assert lines(then, "stage", "count") == [(ENQUIRY, 2), (OFFER, 1)]
    with pytest.raises(Refused, match="on one day"):
        run(book.store, pipeline, period=Period(on(0), on(5), ".."))


@pytest.mark.demo
def test_the_pipeline_is_what_the_waterfall_ends_with(store: Store) -> None:
    for as_of in (store.today(), date(2026, 2, 1)):
        opened = run(store, pipeline, as_of=as_of)
        change = run(store, waterfall, as_of=as_of)
        assert change.rows[-1][1] == opened.totals["count"]
        assert change.rows[-1][2] == opened.totals["sum_eur"]


def test_which_stages_were_kept_skipped_late_or_again(book: Book) -> None:
    report = run(book.store, moves, pipeline="Sales")
    keys = ("stage", "passed", "in_order", "skipped", "late", "returned")
    assert lines(report, *keys) == [
        (ENQUIRY, 6, 5, 1, 0, 1),
        (DEMO, 6, 3, 2, 1, 0),
        (OFFER, 4, 3, 1, 0, 0),
    ]
    assert report.n == 6
    assert report.totals["share_skipped"] == pytest.approx(4 / 16)
    found = book.store.read(lambda r: deals_behind(r, ask(r), report.subjects[1]))
    assert sorted(deal.number for deal in found.deals) == [1, 3, 6]
    by_rep = run(book.store, moves, "rep", pipeline="Sales")
    assert lines(by_rep, "rep", "passed", "skipped", "late", "returned") == [
        ("Ona", 11, 2, 1, 0), ("Zofia", 3, 2, 0, 0), ("Jonas", 2, 0, 0, 1),
    ]  # fmt: skip
    everywhere = run(book.store, moves)
    assert lines(everywhere, "pipeline", "stage", "skipped")[3:] == [
        ("Service", ENQUIRY, 0), ("Service", DEMO, 1), ("Service", OFFER, 0),
    ]  # fmt: skip
    early = run(book.store, moves, period=Period(on(0), on(3), ".."), pipeline="Sales")
    assert early.n == 3
    assert run(book.store, moves, as_of=on(1), pipeline="Sales").n == 1


def test_a_stage_that_nobody_noted_is_not_said_to_be_skipped_by_all(sqlite_store: Store) -> None:
    """A file that names a deal's last stage alone says nothing of those before."""
    book = make_book(sqlite_store)
    book.add(*(Life([Move(day, "Demo"), Move(day + 5, "Offer")]) for day in range(30)))
    told = "Sales: none of 30 deals that passed Enquiry is known to have entered it."
    for by in (None, "rep", "deal"):
        assert run(sqlite_store, moves, by).warnings[0].startswith(told)
    book.add(Life([Move(0), Move(5, "Demo")]))
    assert run(sqlite_store, moves).warnings == (), "one deal was there: others were not"


def test_each_deal_with_the_stages_it_skipped_or_came_back_to(book: Book) -> None:
    report = run(book.store, moves, "deal", pipeline="Sales")
    keys = ("number", "strays", "done", "skipped", "late", "returned")
    assert lines(report, *keys) == [
        ("6", "skipped Demo, Offer", 1, 2, 0, 0),
        ("4", "skipped Enquiry", 1, 1, 0, 0),
        ("3", "late to Demo", 3, 0, 1, 0),
        ("2", "back to Enquiry", 2, 0, 0, 1),
        ("1", "skipped Demo", 2, 1, 0, 0),
        ("5", "in order", 3, 0, 0, 0),
    ]
    whole = run(book.store, moves, pipeline="Sales").totals
    for key in ("skipped", "late", "returned"):
        assert report.totals[key] == whole[key] == sum(report.cells(key))  # type: ignore
    assert report.cells("stages_done")[2] == "Enquiry, Demo, Offer"
    for row, subject in zip(lines(report, "number", "strays"), report.subjects, strict=True):
        (deal,) = book.store.read(lambda r, s=subject: deals_behind(r, ask(r), s)).deals  # type: ignore
        steps = book.store.read(load_deal_steps, deal_id=deal.deal_id)
        assert steps is not None and (str(deal.number), steps.strays or "in order") == row
    assert run(book.store, moves, "deal", as_of=on(18), pipeline="Sales").n == 5
    assert book.store.read(load_deal_steps, deal_id="gone") is None


@pytest.mark.demo
def test_a_deal_by_itself_says_what_the_report_says(sqlite_store: Store) -> None:
    """One goes by whole arrays, the other by a loop: neither knows of the other."""
    report = run(sqlite_store, moves, "deal")
    told = dict(zip(report.cells("number"), report.cells("strays"), strict=True))
    numbers = dict(sqlite_store.read(lambda r: r.rows("SELECT id, number FROM deal")))
    assert len(told) > 200 and len(set(told.values())) >= 3
    for deal_id, number in numbers.items():
        steps = sqlite_store.read(load_deal_steps, deal_id=deal_id)
        if str(number) in told:
            assert steps is not None and (steps.strays or "in order") == told[str(number)]


@given(st.integers(0, 10**6))
def test_each_passed_stage_is_one_of_three(seed: int) -> None:
    from salestui.analytics.events import Events

    events = _EVENTS[seed % len(_EVENTS)]
    assert isinstance(events, Events)
    day = events.today - seed % 80
    steps = steps_of(events.known_on(day), events.stays_on(day))
    one = steps.in_order.astype(int) + steps.late + steps.skipped
    assert one.max(initial=0) <= 1
    assert not (steps.again & ~(steps.in_order | steps.late)).any()


_EVENTS: list[Any] = []


@pytest.fixture(autouse=True)
def _wandering(request: pytest.FixtureRequest) -> None:
    if "one_of_three" in request.node.name and not _EVENTS:
        store = request.getfixturevalue("sqlite_store")
        make_book(store).add(*_lives(Random(7), 150))
        _EVENTS.append(store.read(read_events))


def _sell(unit: Unit, deal_ids: dict[int, str], rows: list[tuple[Any, ...]]) -> None:
    for deal, product_id, quantity, price, discount, currency in rows:
        unit.add(
            DealLine(
                deal_id=deal_ids[deal], product_id=product_id, quantity_milli=quantity,
                unit_price_minor=price, discount_bp=discount, currency=currency,
            )
        )  # fmt: skip


def test_products_by_result_and_price(store: Store) -> None:
    book = make_book(store)
    won, lost = (lambda day: [Move(0), Move(day, OFFER, "won")]), [Move(0), Move(9, OFFER, "lost")]
    book.add(
        Life(won(5), 999, owner="Jonas"),
        Life(won(6), 999),
        Life(lost, 999),
        Life(won(40), 70_00),
        Life([Move(3)], 999),
    )
    ids = store.read(lambda r: dict(r.rows("SELECT number, id FROM deal")))
    pump, valve = book["Pump"], book["Valve"]
    store.write(
        _sell, deal_ids=ids,
        rows=[
            (1, pump, 2000, 100_00, 1000, "EUR"), (1, valve, 1000, 40_00, 0, "EUR"),
            (2, pump, 1000, 80_00, 0, "EUR"), (3, pump, 5000, 100_00, 0, "EUR"),
            (2, valve, 1000, 10_00, 0, "PLN"), (5, valve, 1000, 10_00, 0, "EUR"),
        ],
    )  # fmt: skip
    store.write(_price, product_id=pump, price=100_00)
    report = run(store, products)
    assert lines(report, "product", "won", "lost", "win_rate", "units") == [
        ("Pump", 2, 1, pytest.approx(2 / 3), 3), ("Valve", 2, 0, 1, 2), ("no product", 1, 0, 1, 0),
    ]  # fmt: skip
    assert lines(report, "sum_eur", "sum_pln") == [
        (Money(260_00, "EUR"), Money(0, "PLN")),
        (Money(40_00, "EUR"), Money(10_00, "PLN")),
        (Money(70_00, "EUR"), Money(0, "PLN")),
    ]
    assert lines(report, "discount", "price_of_list") == [
        (pytest.approx(0.05), pytest.approx(0.85)), (0, None), (None, None),
    ]  # fmt: skip
    assert (report.totals["won"], report.totals["lost"], report.n) == (3, 1, 4)
    interval = report.cells("interval")[0]
    assert isinstance(interval, Interval) and interval.low < 2 / 3 < interval.high
    by_rep = run(store, products, "rep", period=Period(on(0), on(20), ".."))
    assert lines(by_rep, "rep", "product", "won", "lost") == [
        ("Ona", "Pump", 1, 1), ("Ona", "Valve", 1, 0), ("Jonas", "Pump", 1, 0),
        ("Jonas", "Valve", 1, 0),
    ]  # fmt: skip
    assert run(store, products, as_of=on(5)).n == 1
    found = store.read(lambda r: deals_behind(r, ask(r), report.subjects[0]))
    assert found.count == 3


def _price(unit: Unit, product_id: str, price: int) -> None:
    from salestui.models.process import Product

    unit.get(Product, product_id, "product").price_minor = price


@pytest.mark.demo
def test_products_agree_with_the_win_rate(store: Store) -> None:
    won = run(store, win_rate).totals
    sold = run(store, products)
    assert (sold.totals["won"], sold.totals["lost"]) == (won["won"], won["lost"])
    for by in ("rep", "month"):
        assert run(store, products, by).totals == sold.totals


def test_competitors_where_they_are_met(store: Store, clock: Clock) -> None:
    team = make_team(store)
    rival = team.lists.competitors[0].id
    service = next(p.id for p in team.lists.pipelines if p.name == "Service")

    def make(client: int) -> str:
        made = store.write(
            create_deal, title="A deal", pipeline_id=service, stage_id=None,
            client_id=team.clients[client], amount_minor=100_00, currency="EUR",
        )  # fmt: skip
        return str(made.id)

    won, lost, other, alone = make(0), make(1), make(1), make(0)
    store.write(record_sighting, deal_id=won, competitor_id=rival)
    store.write(record_sighting, client_id=team.clients[2], competitor_id=rival)
    clock.forward(days=3)
    store.write(win_deal, deal_id=won)
    reason = team.lists.loss_reasons[0].id
    store.write(lose_deal, deal_id=lost, loss_reason_id=reason, competitor_id=rival)
    clock.forward(days=1)
    store.write(record_sighting, deal_id=other, new_competitor="Newcomer")
    store.write(lose_deal, deal_id=alone, loss_reason_id=reason)
    report = run(store, competitors, pipeline="Service")
    keys = ("competitor", "met", "open", "won", "lost", "lost_to", "win_rate")
    assert lines(report, *keys) == [
        ("Rival", 2, 0, 1, 1, 1, 0.5), ("Newcomer", 1, 1, 0, 0, 0, None),
        ("none met", 1, 0, 0, 1, 0, 0),
    ]  # fmt: skip
    assert report.cells("sum") == (Money(100_00, "EUR"), Money(0, "EUR"), Money(0, "EUR"))
    assert (report.n, report.totals["met"], report.totals["win_rate"]) == (3, 3, 0.5)
    assert run(store, competitors).cells("clients")[0] == 3
    assert report.warnings == ()
    by_client = run(store, competitors, "client", pipeline="Service")
    assert {row[:4] for row in lines(by_client, "client", "competitor", "met", "won")} == {
        ("Acme", "Rival", 1, 1), ("Łódź Foods", "Rival", 1, 0), ("Łódź Foods", "Newcomer", 1, 0),
    }  # fmt: skip
    assert run(store, competitors, period=Period(store.today(), store.today(), "")).n == 0
    found = store.read(lambda r: deals_behind(r, ask(r), report.subjects[2]))
    assert [deal.deal_id for deal in found.deals] == [alone]


def test_a_competitor_noted_later_was_not_known_before(store: Store, clock: Clock) -> None:
    team = make_team(store)
    made = store.write(
        create_deal, title="A deal", pipeline_id=team.lists.pipelines[0].id, stage_id=None,
        client_id=team.clients[0], amount_minor=100_00, currency="EUR",
    )  # fmt: skip
    yesterday = store.today()
    before = run(store, competitors, as_of=yesterday)
    clock.forward(days=1)
    store.write(
        lose_deal,
        deal_id=str(made.id),
        loss_reason_id=team.lists.loss_reasons[0].id,
        competitor_id=team.lists.competitors[0].id,
        closed_on=yesterday,
    )
    assert "Rival" in run(store, competitors).cells("competitor")
    assert run(store, competitors, as_of=yesterday) == before


def test_the_margin_is_that_of_deals_whose_lines_all_have_a_cost(store: Store) -> None:
    """Half of the goods have a cost of their own, and one line has none."""
    team = make_team(store)
    pump = team.lists.products[0].id

    def sell(amount: int, *costs: int | None) -> None:
        made = store.write(
            create_deal, title="A deal", pipeline_id=team.lists.pipelines[0].id, stage_id=None,
            client_id=team.clients[0], amount_minor=amount, currency="EUR",
        )  # fmt: skip
        for place, cost in enumerate(costs):
            line = {
                "deal_id": str(made.id),
                "product_id": pump,
                "quantity_milli": 2000,
                "position": place,
            }
            line |= {"unit_price_minor": 10_00, "cost_minor": cost, "currency": "EUR"}
            store.write(lambda unit, line=line: unit.insert_many(DealLine, [line]))
        store.write(win_deal, deal_id=str(made.id))

    sell(100_00, 30_00)
    sell(50_00, 10_00, 5_00)
    sell(20_00)
    report = run(store, margin)
    keys = ("won", "turnover", "margin", "margin_share", "costed", "of_costed")
    assert tuple(report.totals[key] for key in keys) == (
        3, Money(170_00, "EUR"), Money(60_00, "EUR"), 0.4, 2, Money(150_00, "EUR"),
    )  # fmt: skip
    assert lines(report, "product", "won", "margin") == [
        ("Pump", 2, Money(60_00, "EUR")), ("no product", 1, None),
    ]  # fmt: skip
    assert "1 of 3 won deals has a line without a cost, or none" in report.warnings[0]
    for by in ("rep", "client", "month", "pipeline"):
        assert run(store, margin, by).totals == report.totals


@pytest.mark.demo
def test_turnover_is_what_the_win_rate_says_was_won(store: Store) -> None:
    won = run(store, win_rate).totals
    made = run(store, margin, "team").totals
    for currency in ("eur", "pln"):
        assert made[f"turnover_{currency}"] == won[f"won_sum_{currency}"]


def test_competitors_named_only_when_they_win_are_warned_of(store: Store) -> None:
    book = make_book(store)
    book.add(
        *(Life([Move(0), Move(9, OFFER, "lost", "Price", "Rival")], 10_00) for _ in range(3)),
        Life([Move(0), Move(9, OFFER, "won")], 10_00),
    )
    report = run(store, competitors)
    assert report.totals["win_rate"] == 0
    assert report.warnings[0].startswith(
        "3 of 3 closed deals name their competitor only at the end"
    )


def test_an_empty_store_gives_empty_reports(store: Store) -> None:
    for report in (pipeline, moves, products, competitors, waterfall):
        made = run(store, report)
        assert made.n == 0
        made.to_json()
        made.to_csv()
