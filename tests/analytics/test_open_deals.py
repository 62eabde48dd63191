"""Open deals by template and by statistics, and what a change of ways would bring."""

from __future__ import annotations

import re
from datetime import date
from random import Random
from typing import Any

import pytest

from salestui.analytics.drill import deals_behind
from salestui.analytics.kept import Kept
from salestui.analytics.outlook.accuracy import accuracy, replayed
from salestui.analytics.outlook.deal_chances import is_off
from salestui.analytics.outlook.forecast_overview import deals_of, look
from salestui.analytics.outlook.open_deals import open_deals
from salestui.analytics.report import Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.wish import Wish
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.text import Period
from salestui.usecases import process
from tests.analytics.book import Life, Move, make_book, on
from tests.analytics.test_forecasting import lives
from tests.conftest import MAVEN


def test_both_ways_add_up_over_the_stages(store: Store) -> None:
    make_book(store).add(
        *lives(200), Life([Move(10), Move(20, "Demo")], 900_00), Life([Move(None)])
    )
    report = store.read(lambda r: open_deals(r, ask(r)))
    assert report.cells("stage") == ("Sales: Enquiry", "Sales: Demo")
    for key in ("sum", "template", "statistics", "difference"):
        cells = report.cells(key)
        whole = report.totals[key]
        assert isinstance(whole, Money)
        assert sum(cell.minor for cell in cells) == whole.minor  # type: ignore
    demo = dict(zip((c.key for c in report.columns), report.rows[1], strict=True))
    assert (demo["count"], demo["sum"], demo["template"]) == (
        1, Money(900_00, "EUR"), Money(270_00, "EUR"),
    )  # fmt: skip
    assert report.warnings == (
        "1 of 61 open deals is older than any deal ever won.",
        "1 open deal without a day created left out.",
    )


@pytest.mark.parametrize("report", [open_deals, accuracy, replayed])
def test_a_period_that_would_be_ignored_is_refused(sqlite_store: Store, report: Any) -> None:
    make_book(sqlite_store).add(*lives(50))
    spring = Period(date(2026, 4, 1), date(2026, 6, 30), "2026-Q2")
    with pytest.raises(Refused, match="not of 2026-Q2"):
        sqlite_store.read(lambda r: report(r, ask(r, period=spring)))


def test_before_any_close_statistics_say_nothing(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(Life([Move(60)], 500_00))
    report = sqlite_store.read(lambda r: open_deals(r, ask(r)))
    assert report.cells("template") == (Money(50_00, "EUR"),)
    assert report.cells("statistics") == report.cells("difference") == (None,)
    assert report.warnings == (
        "No deal has been closed yet: nothing tells what open ones will bring.",
    )
    assert "apart better" not in report.method, "nothing past could be tried"


def test_of_a_few_closed_deals_no_chance_is_made(sqlite_store: Store) -> None:
    """One sale on its first day would give deals that have stood for years more than half a chance."""
    book = make_book(sqlite_store)
    asleep = [Life([Move(-3000)], 1000_00) for _ in range(5)]
    book.add(Life([Move(0), Move(0, outcome="won")]), *asleep)
    for group in ("stage", "deal"):
        report = by(sqlite_store, group)
        assert set(report.cells("statistics")) == {None}
        assert report.warnings[0] == (
            "Too few deals closed: 1 of the 30 that it takes to say what open ones will bring."
        )
    book.add(*(Life([Move(i), Move(i + 9, outcome="won")]) for i in range(40)))
    report = by(sqlite_store)
    assert None not in report.cells("statistics")
    assert report.warnings[0].startswith("Too few deals: wins expected: about ")


def test_an_amount_that_nobody_has_named_is_not_shown_as_the_deals_own(store: Store) -> None:
    book = make_book(store)
    book.add(*lives(100))
    before, some = by(store), len(by(store, "deal").rows)
    book.add(Life([Move(62)], None, client="Acme"))
    whole, told = by(store), by(store, "deal")
    amounts = dict(zip(told.cells("client"), told.cells("amount"), strict=True))
    assert amounts["Acme"] is None and None not in [
        amounts[key] for key in amounts if key != "Acme"
    ]
    assert whole.totals["sum"] == before.totals["sum"] != whole.totals["template"]
    assert whole.totals["template"].minor > before.totals["template"].minor  # type: ignore[union-attr]
    for report in (whole, told):
        said = f"1 of {some + 1} open deals is without an amount: template and statistics take the mean"
        assert any(text.startswith(said) for text in report.warnings)


def sellers() -> list[Life]:
    """Three deals in four of Ona's are won, one in seven of Zofia's, after two to six weeks."""
    found, random = [], Random(5)
    for number in range(1600):
        owner = ("Ona", "Zofia")[number % 2]
        day, stays = random.randint(-600, 75), random.randint(14, 42)
        outcome = "won" if random.random() < (0.75 if owner == "Ona" else 0.14) else "lost"
        moves = [Move(day)] + ([Move(day + stays, outcome=outcome)] if day + stays <= 76 else [])
        found.append(Life(moves, random.randint(50, 150) * 100, owner=owner))
    return found


def by(store: Store, group: str | None = None, **scope: Any) -> Report:
    return store.read(lambda r: open_deals(r, ask(r, **scope), group))


def test_open_deals_one_by_one_those_first_that_they_differ_most_about(store: Store) -> None:
    make_book(store).add(*lives(100), Life([Move(60), Move(62, "Offer")], 90_000_00, client="Acme"))
    whole, report = by(store), by(store, "deal")
    assert len(report.rows) == report.n == whole.n
    gaps = [abs(cell.minor) for cell in report.cells("difference")]  # type: ignore
    assert gaps == sorted(gaps, reverse=True)
    for key in ("template", "statistics"):
        cells, total = report.cells(key), whole.totals[key]
        assert isinstance(total, Money)
        assert sum(cell.minor for cell in cells) == total.minor  # type: ignore
    pairs = zip(report.cells("soon"), report.cells("chance"), strict=True)
    assert all(0 <= soon <= chance for soon, chance in pairs)  # type: ignore
    assert sum(report.cells("chance")) == pytest.approx(whole.totals["wins"], abs=0.06)  # type: ignore
    first = dict(zip((c.key for c in report.columns), report.rows[0], strict=True))
    assert (first["client"], first["owner"], first["stage"]) == ("Acme", "Ona", "Sales: Offer")
    assert (first["age"], first["in_stage"], first["factors"]) == (16, 14, "none kept")
    assert "none could be tried" in report.method
    assert report.warnings == ("Too little history to check such chances on past days.",)
    (opened,) = store.read(lambda r: deals_behind(r, ask(r), report.subjects[0])).deals
    assert str(opened.number) == first["number"]
    stage = store.read(lambda r: deals_behind(r, ask(r), whole.subjects[1]))
    assert [deal.deal_id for deal in stage.deals] == [opened.deal_id]

    acme = by(store, "deal", only=["client=Acme"])
    assert acme.n == 1 and acme.cells("title") == (first["title"],)
    assert len(by(store, "deal", as_of=on(61)).rows) > 1
    assert by(store, "deal", as_of=on(61)).rows[0][2:5] == ("Ona", "Sales: Enquiry", 1)
    with pytest.raises(Refused, match="only by stage, deal, chance"):
        by(store, "rep")


def test_deals_of_several_currencies_say_which(store: Store) -> None:
    zlotys = [Life(each.moves, each.amount, currency="PLN") for each in lives(100)]
    make_book(store).add(*lives(100), *zlotys)
    report = by(store, "deal")
    amounts = zip(report.cells("currency"), report.cells("statistics"), strict=True)
    assert all(cell.currency == currency for currency, cell in amounts)  # type: ignore
    assert report.rows[0][0] == "EUR" and report.rows[-1][0] == "PLN"
    kept = Kept()
    view = store.read(look, Wish(), kept)
    listed = store.read(deals_of, Wish(), kept, view.open.subjects[0])
    for one in (view.differing, listed):
        assert one.rows and one.columns[0].key == "number", "all of them are of one currency"


def test_what_tells_a_deal_apart_is_said_with_its_size(store: Store) -> None:
    make_book(store).add(*sellers())
    report = by(store, "deal")
    keys = ("owner", "factors", "chance", "chance_without", "odds")
    rows = list(zip(*(report.cells(key) for key in keys), strict=True))
    for owner, factors, chance, without, odds in rows:
        assert str(factors).startswith(f"owner {owner} ×")
        assert chance / (1 - chance) == pytest.approx(odds * without / (1 - without))  # type: ignore
        assert (odds > 1) == (owner == "Ona")  # type: ignore
    assert {owner for owner, *_ in rows} == {"Ona", "Zofia"}
    assert "of the same age, and owner" in report.method and "Factors: the wins" in report.method
    (told,) = [text for text in report.warnings if "Brier" in text]
    brier, plain, base = (
        float(found) for found in re.findall(r"(0\.\d+)(?:,| without| by saying)", told)[:3]
    )
    assert brier < plain and brier < base, told


def test_a_deal_has_the_same_chance_wherever_it_is_listed(store: Store) -> None:
    make_book(store).add(*sellers())

    def chances(report: Report) -> dict[Any, Any]:
        return dict(zip(report.cells("number"), report.cells("chance"), strict=True))

    found: dict[Any, Any] = {}
    scored = 0
    for owner in ("Ona", "Zofia"):
        mine = by(store, "deal", only=[f"rep={owner}"])
        assert set(mine.cells("owner")) == {owner} and "the same chance wherever" in mine.method
        found |= chances(mine)
        past = by(store, "chance", only=[f"rep={owner}"])
        assert past.totals["came"] == pytest.approx(0.75 if owner == "Ona" else 0.14, abs=0.05)
        scored += past.n
    assert found == chances(by(store, "deal"))
    assert scored == by(store, "chance").n


def test_past_chances_are_held_against_what_came(store: Store) -> None:
    make_book(store).add(*sellers())
    report = by(store, "chance")
    assert report.cells("tenth") == tuple(map(str, range(1, 11)))
    assert sum(report.cells("deals")) == report.n == report.totals["deals"]  # type: ignore
    weighed = zip(report.cells("deals"), report.cells("came"), strict=True)
    came = sum(n * share for n, share in weighed)  # type: ignore
    assert came / report.n == pytest.approx(report.totals["came"])
    assert report.cells("came")[-1] > report.cells("came")[0]  # type: ignore
    assert report.warnings[0] in by(store, "deal").warnings


def test_without_a_past_no_chance_is_said_to_be_good(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(Life([Move(60)], 500_00), Life([Move(61)], 900_00))
    report = by(sqlite_store, "deal")
    assert report.cells("amount") == (Money(900_00, "EUR"), Money(500_00, "EUR"))
    assert set(report.cells("chance") + report.cells("factors")) == {None}
    assert report.warnings == (
        "No deal has been closed yet: nothing tells what open ones will bring.",
        "Too little history to check such chances on past days.",
    )
    past = by(sqlite_store, "chance")
    assert (past.n, past.rows, past.warnings) == (0, (), report.warnings[1:])


def test_the_screen_lists_the_first_of_them_and_those_of_a_stage(store: Store) -> None:
    book = make_book(store)
    store.write(process.edit_stage, stage_id=book["Enquiry"], kind="lead")
    offers = [Life([Move(60), Move(62, "Offer")], 1000_00 * n) for n in range(1, 20)]
    book.add(*lives(100), *offers)
    kept = Kept()
    view = store.read(look, Wish(), kept)
    report = by(store, "deal")
    assert view.differing.rows == report.rows[:15]
    assert view.differing.n == report.n == 19
    listed = store.read(deals_of, Wish(), kept, view.open.subjects[0])
    assert listed.rows == report.rows
    assert view.leads is not None
    few = store.read(deals_of, Wish(), kept, view.leads.stages.subjects[0])
    assert few.n == view.leads.stages.n > 0
    assert set(few.cells("stage")) == {"Sales: Enquiry"}


def test_past_forecasts_are_listed_one_by_one(store: Store) -> None:
    make_book(store).add(*lives(900, first=-150))
    report = store.read(lambda r: replayed(r, ask(r)))
    assert set(report.cells("counts")) == {"yes", "no"}
    assert {"forecast", "last 28 days"} <= set(report.cells("method"))
    summary = store.read(lambda r: accuracy(r, ask(r)))
    assert {"forecast", "last 28 days"} <= set(summary.cells("method"))
    assert summary.n > 0 and any(
        "Too little" in text or "Too few" in text for text in summary.warnings
    )


@pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here")
def test_dead_deals_are_not_multiplied_by_a_win_rate(maven: Store) -> None:
    report = maven.read(lambda r: open_deals(r, ask(r, as_of=date(2017, 12, 31))))
    template, statistics = report.totals["template"], report.totals["statistics"]
    assert template == Money(1_946_114_50, "USD")
    assert isinstance(statistics, Money)
    assert statistics.minor == pytest.approx(161_188_00, rel=0.1)
    assert report.totals["wins"] == pytest.approx(70, abs=7)
    assert report.warnings[0] == "1,291 of 1,589 open deals are older than any deal ever won."
    assert "percentages promise 11 times" in report.warnings[1]


def test_chances_that_were_far_off_are_told() -> None:
    assert is_off(0.006, 0.13, 262), "hardly likely, and one in eight was won"
    assert is_off(0.65, 0.50, 2_000)
    assert not is_off(0.50, 0.52, 100_000), "two points are worth no word"
    assert not is_off(0.10, 0.30, 5), "one or two of five come by chance"
    assert not is_off(0.0, 0.0, 0)
