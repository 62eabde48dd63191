"""The lead funnel: leads apart from deals in sale, what is to come from them, which sources qualify."""

from __future__ import annotations

from dataclasses import replace

import pytest

from salestui.analytics.outlook.leads import leads
from salestui.analytics.outlook.open_deals import open_deals
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.usecases import process
from tests.analytics.book import Book, Life, Move, make_book
from tests.analytics.test_forecasting import lives


def with_leads(store: Store, *written: Life) -> Book:
    """A store whose enquiries are leads."""
    book = make_book(store)
    store.write(process.edit_stage, stage_id=book["Enquiry"], kind="lead")
    book.add(*written)
    return book


def told(store: Store, by: str | None = None, **scope: object) -> Report:
    return store.read(lambda reader: leads(reader, ask(reader, **scope), by))  # type: ignore[arg-type]


def cells(report: Report, row: int) -> dict[str, object]:
    return dict(zip((c.key for c in report.columns), report.rows[row], strict=True))


def test_leads_and_the_sales_funnel_are_all_that_is_open(store: Store) -> None:
    demo = [Life([Move(day), Move(day + 3, "Demo")], 900_00) for day in range(50, 70)]
    book = make_book(store)
    book.add(*lives(200), *demo)

    def read() -> Report:
        return store.read(lambda r: open_deals(r, ask(r)))

    before = read()
    store.write(process.edit_stage, stage_id=book["Enquiry"], kind="lead")
    sales, found = read(), told(store)
    assert found.cells("stage") == ("Sales: Enquiry",) and sales.cells("stage") == ("Sales: Demo",)
    assert "are in the lead funnel" in sales.method
    for key in ("count", "sum", "template", "statistics", "difference", "wins"):
        assert (cells(found, 0)[key], cells(sales, 0)[key]) == before.cells(key), key
    assert found.n + sales.n == before.n


def test_what_is_still_to_come_stands_beside_what_open_leads_bring(store: Store) -> None:
    with_leads(store, *lives(400), *(Life([Move(day, "Demo")]) for day in range(60, 75)))
    report = told(store, "period")
    assert report.cells("period") == ("2026-03", "2026-04", "2026-Q1", "2026-Q2")
    # 400 enquiries in 76 days, and none of the 15 that began with a demo: 13 days are left in March.
    march, april = cells(report, 0), cells(report, 1)
    assert march["to_come"] == pytest.approx(13 * 5.2, rel=0.3)
    assert april["to_come"] == pytest.approx(march["to_come"] * 43 / 13, rel=0.01)  # type: ignore
    assert march["open_wins"] > 0 and march["new_wins"] > 0  # type: ignore[operator]
    value = april["new_value"]
    assert isinstance(value, Money)
    assert value.minor / april["new_wins"] == pytest.approx(100_00, rel=0.1)  # type: ignore


def test_few_closed_leads_claim_nothing(sqlite_store: Store) -> None:
    with_leads(sqlite_store, *lives(20), *(Life([Move(0, "Demo"), Move(9, "Demo", "won")]),) * 40)
    stages, ahead = told(sqlite_store), told(sqlite_store, "period")
    assert stages.rows and set(stages.cells("wins")) == set(stages.cells("statistics")) == {None}
    assert set(ahead.cells("new_wins")) == set(ahead.cells("open_value")) == {None}
    assert ahead.cells("to_come")[0] is not None
    for report in (stages, ahead):
        assert "Too few leads closed:" in report.warnings[0]
    sources = told(sqlite_store, "source")
    assert set(sources.cells("qualify")) == set(sources.cells("likely")) == {None}
    assert "Too few leads decided:" in sources.warnings[0]


def came(source: str, qualified: int, gone: int, still: int = 0) -> list[Life]:
    """Leads of 60 days before: qualified after 5 days, gone after 10; others younger than 10 days."""
    return [
        *[Life([Move(17), Move(22, "Demo")], source=source)] * qualified,
        *[Life([Move(17), Move(27, "Enquiry", "lost")], source=source)] * gone,
        *[Life([Move(69)], source=source)] * still,
    ]


# The first close that is known: leads from before it would be only those that outlived it.
BEFORE = Life([Move(0, "Demo"), Move(10, "Demo", "lost")])


def test_leads_still_open_count_for_their_age(store: Store) -> None:
    with_leads(store, BEFORE, *came("Fair", 20, 10, still=10))
    (fair,) = told(store, "source").to_json()["rows"]
    assert (fair["leads"], fair["open"], fair["sales"], fair["gone"]) == (40, 10, 20, 10)
    # 20 of 40 after five days; of the ten left after seven all were gone after ten.
    assert fair["qualify"] == 0.5


def test_a_source_of_few_leads_is_drawn_to_all(store: Store) -> None:
    many = [*came("Fair", 120, 80), *came("Call", 80, 120), *came("Tender", 2, 0), *came("", 1, 1)]
    with_leads(store, BEFORE, *many)
    report = told(store, "source")
    assert report.cells("source") == ("Call", "Fair", "Tender", "not said")
    qualify, likely = report.cells("qualify"), report.cells("likely")
    assert qualify == pytest.approx((0.4, 0.6, 1.0, 0.5))
    assert likely[:2] == pytest.approx((0.4, 0.6), abs=0.03)
    assert 0.5 < likely[2] < 0.75  # type: ignore[operator]
    assert report.totals["leads"] == report.n == 404
    assert not any("chance" in text for text in report.warnings)


def test_sources_that_differ_by_chance_get_the_share_of_all(sqlite_store: Store) -> None:
    with_leads(sqlite_store, BEFORE, *came("Fair", 50, 50), *came("Call", 26, 24))
    report = told(sqlite_store, "source")
    assert report.cells("likely") == pytest.approx((76 / 150,) * 2)
    assert "no more than chance" in report.warnings[0]


def test_a_rep_and_a_pipeline(store: Store) -> None:
    service = [replace(life, pipeline="Service") for life in lives(30, seed=2)]
    with_leads(store, *lives(200), *service)
    assert 0 < told(store, owner="Ona").n < told(store).n
    none = told(store, pipeline="Service")
    assert not none.rows and "No stage is one of leads" in none.method


def test_what_cannot_be_asked_is_refused(sqlite_store: Store) -> None:
    make_book(sqlite_store)
    with pytest.raises(
        Refused, match="cannot be given by 'rep'. They can by stage, period, source"
    ):
        told(sqlite_store, "rep")
    assert told(sqlite_store).method.startswith("No stage is one of leads")
