"""The lead funnel: leads apart from deals in sale, what is to come from them, which sources qualify."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from salestui.analytics.measures import wilson
from salestui.analytics.outlook.leads import leads
from salestui.analytics.outlook.open_deals import open_deals
from salestui.analytics.report import Interval, Money, Report
from salestui.analytics.scope import ask
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.text import parse_period
from salestui.usecases import process
from tests.analytics.book import Book, Life, Move, make_book, on
from tests.analytics.test_forecasting import lives

END = date(2026, 3, 18)


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


def test_a_lead_has_the_same_chance_whoever_is_asked_about(sqlite_store: Store) -> None:
    """Chances are learned from all leads, so that those of a rep who closed few are as well known."""
    with_leads(sqlite_store, *lives(200), Life([Move(70)], 100_00, owner="Zofia"))
    whole, own = told(sqlite_store, "deal"), told(sqlite_store, "deal", owner="Zofia")
    chances = dict(zip(whole.cells("number"), whole.cells("chance"), strict=True))
    assert 0 < len(own.rows) < len(whole.rows)
    assert all(chances[row[0]] == row[9] is not None for row in own.rows), own.warnings


def test_what_is_still_to_come_stands_beside_what_open_leads_bring(store: Store) -> None:
    with_leads(store, *lives(400), *(Life([Move(day, "Demo")]) for day in range(60, 75)))
    report = told(store, "period")
    assert report.cells("period") == ("2026-03", "2026-04", "2026-Q1", "2026-Q2")
    assert report.period.label == "2026-01-01..2026-06-30"
    # 400 enquiries in 76 days, and none of the 15 that began with a demo: 13 days are left in March.
    march, april = cells(report, 0), cells(report, 1)
    assert march["to_come"] == pytest.approx(13 * 5.2, rel=0.3)
    assert april["to_come"] == pytest.approx(march["to_come"] * 43 / 13, rel=0.01)  # type: ignore
    assert march["open_wins"] > 0 and march["new_wins"] > 0  # type: ignore[operator]
    value = april["new_value"]
    assert isinstance(value, Money)
    assert value.minor / april["new_wins"] == pytest.approx(100_00, rel=0.1)  # type: ignore


def test_lead_by_lead_they_are_worth_what_their_stages_say(store: Store) -> None:
    with_leads(store, *lives(400), Life([Move(30, "Demo")], 900_00))
    stages, listed = told(store), told(store, "deal")
    assert listed.n == len(listed.rows) == stages.n > 10
    assert set(listed.cells("stage")) == {"Sales: Enquiry"}
    sums = sum(cell.minor for cell in listed.cells("statistics"))  # type: ignore[union-attr]
    assert abs(sums - stages.totals["statistics"].minor) <= len(listed.rows)  # type: ignore[union-attr]
    assert sum(listed.cells("chance")) == pytest.approx(stages.totals["wins"], abs=0.05)  # type: ignore[arg-type]


def test_few_closed_leads_claim_nothing(sqlite_store: Store) -> None:
    with_leads(sqlite_store, *lives(20), *(Life([Move(0, "Demo"), Move(9, "Demo", "won")]),) * 40)
    stages, ahead = told(sqlite_store), told(sqlite_store, "period")
    assert stages.rows and set(stages.cells("wins")) == set(stages.cells("statistics")) == {None}
    assert set(ahead.cells("new_wins")) == set(ahead.cells("open_value")) == {None}
    assert ahead.cells("to_come")[0] is not None
    for report in (stages, ahead):
        assert "Too few leads closed:" in report.warnings[0]
    listed = told(sqlite_store, "deal")
    assert set(listed.cells("chance")) == {None}
    assert listed.warnings[0].startswith("Too few leads")
    sources = told(sqlite_store, "source")
    assert set(sources.cells("qualify")) == set(sources.cells("likely")) == {None}
    assert "Too few leads decided:" in sources.warnings[0]


def test_a_currency_of_few_closed_leads_claims_nothing(sqlite_store: Store) -> None:
    with_leads(sqlite_store, *lives(60), *lives(12, "PLN", seed=2))
    stages, ahead = told(sqlite_store), told(sqlite_store, "period")
    for report, keys in (
        (ahead, ("open_wins", "open_value", "new_wins", "new_value")),
        (stages, ("wins", "statistics")),
    ):
        of = report.cells("currency")
        for key in keys:
            for currency, cell in zip(of, report.cells(key), strict=True):
                assert (cell is None) == (currency == "PLN"), (key, currency)
        assert report.warnings[0].startswith("PLN: Too few leads closed:")
        assert report.warnings[1].startswith("EUR")
        assert "no single figure is to be trusted" in report.warnings[1]
    assert None not in ahead.cells("to_come")


def test_many_wins_are_claimed_without_a_word(sqlite_store: Store) -> None:
    with_leads(sqlite_store, *lives(400))
    ahead = told(sqlite_store, "period", period=parse_period("2026-Q2", END))
    wins = cells(ahead, 0)
    assert wins["open_wins"] + wins["new_wins"] > 25  # type: ignore[operator]
    assert not ahead.warnings


def test_what_is_of_a_day_takes_no_period(sqlite_store: Store) -> None:
    with_leads(sqlite_store, *lives(200))
    over, coming = parse_period("2026-01", END), parse_period("2026-Q2", END)
    with pytest.raises(Refused, match="2026-01 is over"):
        told(sqlite_store, "period", period=over)
    assert told(sqlite_store, "period", period=coming).period.label == "2026-Q2"
    for by in ("stage", "source"):
        for period in (over, coming):
            with pytest.raises(Refused, match=f"on one day, not of {period.label}"):
                told(sqlite_store, by, period=period)
    assert told(sqlite_store, "stage").period.label == "all"
    shown = told(sqlite_store, "source")
    assert shown.rows and shown.period.last == shown.as_of
    # Since the first close that is known, for that is less than a year ago.
    assert shown.period.first == on(min(_first_closes(lives(200))))


def _first_closes(written: list[Life]) -> list[int]:
    return [m.day for life in written for m in life.moves[1:] if m.day is not None]


def test_leads_without_a_day_are_told_of(sqlite_store: Store) -> None:
    undated = [Life([Move(None)])] * 3
    lost = Life([Move(None), Move(60, "Enquiry", "lost")])
    with_leads(sqlite_store, *lives(200), *undated, lost)
    for by in ("stage", "period"):
        assert "3 open deals without a day created left out." in told(sqlite_store, by).warnings, by
    assert any(
        text.startswith("4 leads left out") for text in told(sqlite_store, "source").warnings
    )


def test_leads_to_come_are_unknown_where_none_was_ever_seen_to_come(sqlite_store: Store) -> None:
    demo = [Life([Move(day, "Demo"), Move(day + 9, "Demo", "won")]) for day in range(40)]
    with_leads(sqlite_store, *demo, Life([Move(None)]))
    assert set(told(sqlite_store, "period").cells("to_come")) == {None}


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
    # Not that of 20 of the 30 decided, which would lie beside another share.
    low, high = wilson(15, 30) or (0.0, 0.0)
    shown = told(store, "source").cells("interval")[0]
    assert isinstance(shown, Interval) and (shown.low, shown.high) == (low, high)


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


def test_the_share_of_all_is_that_of_the_row_of_all(sqlite_store: Store) -> None:
    # Those still leads are of one source, so the mean of the sources' shares is another.
    with_leads(sqlite_store, BEFORE, *came("Fair", 50, 50, still=60), *came("Call", 26, 48))
    report = told(sqlite_store, "source")
    assert "no more than chance" in report.warnings[0]
    assert set(report.cells("likely")) == {report.totals["qualify"]}


def test_a_rep_and_a_pipeline(store: Store) -> None:
    service = [replace(life, pipeline="Service") for life in lives(30, seed=2)]
    with_leads(store, *lives(200), *service)
    assert 0 < told(store, owner="Ona").n < told(store).n
    none = told(store, pipeline="Service")
    assert not none.rows and "No stage is one of leads" in none.method


def test_what_cannot_be_asked_is_refused(sqlite_store: Store) -> None:
    make_book(sqlite_store)
    with pytest.raises(
        Refused, match="cannot be given by 'rep', only by stage, deal, period, source"
    ):
        told(sqlite_store, "rep")
    assert told(sqlite_store).method.startswith("No stage is one of leads")
