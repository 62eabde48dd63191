"""Open deals by template and by statistics, and what a change of ways would bring."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salestui.analytics.forecast.study import Study
from salestui.analytics.history import read_events
from salestui.analytics.outlook.accuracy import accuracy, replayed
from salestui.analytics.outlook.forecasting import studies_of
from salestui.analytics.outlook.open_deals import differing, open_deals, priced, stage_names
from salestui.analytics.report import Money
from salestui.analytics.scope import ask
from salestui.errors import Refused
from salestui.store.opening import open_store
from salestui.store.store import Store
from salestui.text import Period, to_day
from tests.analytics.book import Life, Move, make_book
from tests.analytics.test_forecasting import lives
from tests.conftest import MAVEN, NOON


def study(store: Store) -> tuple[Study, int]:
    day = to_day(store.today())
    return store.read(lambda r: studies_of(read_events(r), ask(r)))[0], day


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
        assert abs(sum(cell.minor for cell in cells) - whole.minor) <= 2  # type: ignore
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


def test_the_deals_they_differ_most_about_come_first(store: Store) -> None:
    make_book(store).add(*lives(100), Life([Move(60), Move(62, "Offer")], 90_000_00, client="Acme"))

    def read(reader: object) -> tuple[object, ...]:
        scope = ask(reader)  # type: ignore[arg-type]
        found = [
            priced(each, to_day(scope.as_of))
            for each in studies_of(read_events(reader), scope)  # type: ignore[arg-type]
        ]
        names = stage_names(reader)  # type: ignore[arg-type]
        told = differing(reader, scope, found, names)  # type: ignore[arg-type]
        return told.report.rows[0][1:4], told.deals[0] in found[0].deal, len(told.deals)

    assert store.read(read) == (("Acme", "Ona", "Sales: Offer"), True, 15)


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


@pytest.fixture(scope="module")
def maven(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    from salestui.interchange.importing import Options, import_files

    path = tmp_path_factory.mktemp("maven") / "sales.db"
    shutil.copy(sqlite_template, path)
    store = open_store(str(path), clock=lambda: NOON)
    import_files(store, sorted(MAVEN.glob("*.csv")), Options())
    yield store
    store.close()


@pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here")
def test_dead_deals_are_not_multiplied_by_a_win_rate(maven: Store) -> None:
    report = maven.read(lambda r: open_deals(r, ask(r, as_of=date(2017, 12, 31))))
    template, statistics = report.totals["template"], report.totals["statistics"]
    assert template == Money(1_946_114_50, "USD")
    assert isinstance(statistics, Money)
    assert statistics.minor == pytest.approx(161_188_00, rel=0.1)
    assert report.totals["wins"] == pytest.approx(70, abs=7)
    assert report.warnings[0] == "1,291 of 1,589 open deals are older than any deal ever won."
    assert "percentages promise 12 times" in report.warnings[1]
