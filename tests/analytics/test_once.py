"""What takes long is done once, however many reports of a command or a screen ask for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from salestui.analytics import agenda
from salestui.analytics.forecast import total
from salestui.analytics.kept import Kept
from salestui.analytics.outlook import forecast_overview, forecasting
from salestui.analytics.outlook.what_if_report import what_if_report
from salestui.analytics.reports import report_named
from salestui.analytics.scope import ask
from salestui.analytics.wish import Wish
from salestui.store.reader import Reader
from salestui.store.store import Store
from tests.analytics.book import make_book
from tests.analytics.test_forecasting import lives

EARLIER = date(2026, 3, 2)
HISTORY = "FROM deal_event WHERE kind = 'change'"
REBUILT = "WHERE d.id = c.deal_id AND e.deal_id = d.id"
NAMELESS = "deleted_at IS NULL AND client_id IS NULL GROUP BY outcome"


@pytest.fixture
def book(sqlite_store: Store) -> Store:
    make_book(sqlite_store).add(*lives(300))
    return sqlite_store


def statements(store: Store, query: Callable[[Reader], Any]) -> list[str]:
    """What the database is asked by the query."""
    found: list[str] = []

    def traced(reader: Reader) -> None:
        reader.connection.set_trace_callback(found.append)
        try:
            query(reader)
        finally:
            reader.connection.set_trace_callback(None)

    store.read(traced)
    return found


def times(asked: list[str], words: str) -> int:
    return sum(words in each for each in asked)


def test_a_meeting_reads_the_history_and_rebuilds_the_past_once(book: Store) -> None:
    assert times(statements(book, lambda r: agenda.meeting(r, ask(r))), HISTORY) == 1
    asked = statements(
        book, lambda r: agenda.meeting(r, ask(r, as_of=EARLIER, only=("territory=none",)))
    )
    assert (times(asked, HISTORY), times(asked, REBUILT)) == (1, 1)


def test_whether_clients_were_named_late_is_asked_once(book: Store) -> None:
    for made in (agenda.meeting, report_named("forecast"), report_named("accuracy")):
        asked = statements(book, lambda r, made=made: made(r, ask(r, only=("sector=none",))))  # type: ignore[misc]
        assert times(asked, NAMELESS) == 1


@pytest.mark.parametrize(
    ("name", "only"),
    [
        ("funnel", ("territory=none",)), ("win-rate", ("territory=none",)), ("forecast", ("territory=none",)),
        ("accuracy", ("territory=none",)), ("velocity", ()), ("team", ()), ("bonus", ()), ("cost", ()),
        ("capacity", ()), ("what-if", ()),
    ],
)  # fmt: skip
def test_a_report_of_an_earlier_day_rebuilds_it_once(
    book: Store, name: str, only: tuple[str, ...]
) -> None:
    report = report_named(name)
    asked = statements(book, lambda r: report(r, ask(r, as_of=EARLIER, only=only)))
    assert times(asked, REBUILT) == 1


def test_each_forecast_is_made_once(book: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four periods: for the report, for the screen with the accuracy beside it, one for a what-if."""
    made: list[int] = []

    def counted(*values: Any) -> total.Forecast:
        made.append(values[1])
        return total.forecast_in(*values)

    monkeypatch.setattr(forecasting, "forecast_in", counted)

    def count(query: Callable[[Reader], Any]) -> int:
        made.clear()
        book.read(query)
        return len(made)

    assert count(lambda r: report_named("forecast")(r, ask(r))) == 4
    assert count(lambda r: forecast_overview.look(r, Wish(), Kept())) == 4
    assert count(lambda r: what_if_report(r, ask(r))) == 1


def test_the_points_of_a_meeting_share_what_a_screen_keeps(book: Store) -> None:
    kept = Kept()

    def point(reader: Reader) -> None:
        with kept.lent():
            for each in agenda.POINTS:
                agenda.build(agenda.Asked(reader, ask(reader), date(2026, 3, 11)), each)

    assert times(statements(book, point), HISTORY) == 1
    assert times(statements(book, point), HISTORY) == 0
